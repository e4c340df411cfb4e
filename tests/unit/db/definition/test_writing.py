"""A definition written as a file is read back as the same definition; a ledger keeps the order of its pieces."""

from __future__ import annotations

import json
from typing import Any

import pytest
from definition_words import GOOD
from hypothesis import given
from hypothesis import strategies as st

from db.schema.definition import Change, amended, loaded
from db.schema.definition.packing import packed, unpacked
from db.schema.definition.toml import plain, read_words
from db.schema.definition.writing import written
from desktop_app.rectification import categories

SHIPPED = categories.definitions()


@pytest.mark.parametrize("one", SHIPPED, ids=lambda d: d.key)
def test_a_shipped_definition_comes_back_from_its_own_words(one: Any) -> None:
    again = read_words(one.key, written(one.body), "again.toml")
    assert again == one
    assert list(again.registers) == list(one.registers)


@pytest.mark.parametrize("one", SHIPPED, ids=lambda d: d.key)
def test_a_ledger_keeps_a_definition_with_its_order(one: Any) -> None:
    kept = json.loads(json.dumps(packed(one.body), sort_keys=True))
    again, told = loaded(one.key, kept)
    assert (again, told) == (one, ())
    assert list(again.indicators) == list(one.indicators)
    for key, register in one.registers.items():
        assert [f.name for f in again.registers[key].fields] == [f.name for f in register.fields]


_KEYS = st.sampled_from(("a", "b", "field", "of", "register", "rule", "zu"))
_RAW = st.recursive(
    st.text(max_size=8) | st.integers(-9, 9) | st.booleans(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(_KEYS, below, min_size=1, max_size=3),
    max_leaves=12,
)


def _pairs(raw: Any) -> bool:
    """Whether an ordered key holds a list of pairs, which no definition does."""
    if isinstance(raw, dict):
        return any(
            (k in ("field", "of", "register", "rule") and isinstance(v, list)) or _pairs(v) for k, v in raw.items()
        )
    return isinstance(raw, list) and any(_pairs(one) for one in raw)


@given(st.dictionaries(_KEYS, _RAW, max_size=3).filter(lambda raw: not _pairs(raw)))
def test_packing_is_undone(raw: dict[str, Any]) -> None:
    kept = json.loads(json.dumps(packed(raw), sort_keys=True))
    assert unpacked(kept) == raw


@given(st.text(max_size=30))
def test_any_words_survive_the_file(words: str) -> None:
    try:
        words.encode()
    except UnicodeEncodeError:
        return
    import tomllib

    assert tomllib.loads(written({"title": words, "rule": {"a": {"advice": words}}})) == {
        "title": words,
        "rule": {"a": {"advice": words}},
    }


BASE = plain(__import__("tomllib").loads(GOOD))


def test_amendments_put_in_replace_and_retire() -> None:
    changes = [
        Change("field", "vehicle", "colour", {"text": "颜色"}),
        Change("field", "vehicle", "norm", None, retired=True),
        Change("register", "", "driver", {"title": "驾驶员", "field": {"name": {"text": "姓名"}}}),
        Change("rule", "", "price", None, retired=True),
        Change("indicator", "", "count", {"title": "车辆数", "count": "vehicle"}),
        Change("passage", "", "甲", {"title": "甲", "text": "共有{count}。"}),
    ]
    found, told = loaded("cars", BASE, changes)
    assert told == (
        "类别“公务车辆”的定义里，规则“油耗不高于核定”不能用：用到已停用的“车辆”的字段“核定油耗”，所以不再使用。",
    )
    fields = {one.name: one.kind for one in found.registers["vehicle"].fields}
    assert fields["colour"].label == "颜色"
    assert fields["norm"].retired
    assert fields["norm"].label == "核定油耗", "a retired field keeps what was entered"
    assert "driver" in found.registers
    assert "price" not in found.rules
    assert "count" in found.indicators
    assert [p.text for p in found.passages][-1] == "共有{count}。"
    assert amended(BASE, changes)["register"]["vehicle"]["title"] == "车辆"


def _places(raw: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(raw, dict):
        return found + [p for k, v in raw.items() for p in _places(v, (*path, k))]
    if isinstance(raw, list):
        return found + [p for i, v in enumerate(raw) for p in _places(v, (*path, i))]
    return found


@given(st.sampled_from(_places(BASE)), st.sampled_from([None, 0, -1, "", "无此物", [], {}, {"x": 1}, [[]], True]))
def test_whatever_a_definition_holds_the_rest_of_it_is_read(place: tuple[Any, ...], junk: Any) -> None:
    raw = json.loads(json.dumps(BASE))
    at = raw
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = junk
    found, told = loaded("cars", raw)
    assert all(one.startswith("类别“") for one in told)
    for schema in found.schemas():
        assert len({f.name for f in schema.fields}) == len(schema.fields)
    if place[0] == "rule":
        assert set(found.registers) == {"vehicle", "refuel"}
        assert set(found.indicators) == {"litres", "km", "consumption"}
