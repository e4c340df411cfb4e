"""Columns and persons left out by recipient: nowhere in the package, proven all the same, and whole again when the rest follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from branches import offices
from hypothesis import given, settings
from hypothesis import strategies as st

from db.errors import Refusal
from db.exchange import check, pack
from db.exchange.contents import Media
from db.exchange.merge import merge
from db.exchange.policy import EVERYTHING, Policy
from db.exchange.preview import preview
from db.ledger import conflicts, history
from db.ledger.authoring import PRIVATE
from db.ledger.change import Built, Deed, Edit
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.schema.records import Measure, Person, Problem
from db.store.replica import Installation

PERSONAL = Policy(level="secret", personal=True)


def _act(ledger: Ledger, record: str, identifier: str, *, sentence: str = "填写", **values: object) -> None:
    ledger.act(Deed(sentence, "某人", (Edit(record, identifier, values),)))


def _new(place: Path, name: str) -> Ledger:
    return Ledger.create(place / f"{name}.zgl", Installation(place / name))


@pytest.fixture
def branch(tmp_path: Path) -> Ledger:
    ledger = _new(tmp_path, "甲")
    _act(ledger, "unit", "u1", name="甲分局")
    _act(
        ledger,
        "problem",
        "p1",
        title="车辆管理不严",
        responsible="欧阳远山",
        handler="司马小川",
        sentence="交欧阳远山办",
    )
    _act(ledger, "measure", "m1", problem="p1", lead="逐车核对", body="由专人负责")
    _act(ledger, "problem", "p1", title="车辆管理不严格")
    return ledger


def _bytes(path: Path) -> bytes:
    from damaged import taken_apart

    return b"\n".join(name.encode() + data for name, data in taken_apart(path.read_bytes()))


def _taken(source: Ledger, target: Ledger, place: Path, policy: Policy) -> pack.Packed:
    packed = pack.pack(source, place / "包.zgx", policy=policy)
    with check.open_package(packed.path) as contents:
        told = [one.taken for one in preview(target, [contents]).files]
        receipt = merge(target, [contents], actor="某人")
        assert [one.sentence for one in receipt.files] == [""]
        assert told == [one.taken for one in receipt.files]
        assert [one.agrees for one in receipt.files] == ["yes"]
    return packed


def _rows(ledger: Ledger) -> list[object]:
    return [one for cls in (Problem, Measure, Person) for one in ledger.all(cls)]


def test_columns_of_persons_stay_here_and_may_follow(branch: Ledger, tmp_path: Path) -> None:
    city = _new(tmp_path, "市局")
    packed = _taken(branch, city, tmp_path, PERSONAL)
    assert (packed.changes, packed.withheld, packed.hidden) == (4, 0, 1)
    for name in ("欧阳远山", "司马小川"):
        assert name.encode() not in _bytes(packed.path)
    problem = city.all(Problem)[0]
    assert (problem.title, problem.responsible, problem.handler) == ("车辆管理不严格", None, None)
    assert health(city).ailments == ()
    assert history.head(city) == history.head(branch)
    _taken(branch, city, tmp_path, EVERYTHING)
    assert _rows(city) == _rows(branch)
    assert {*map(repr, history.changes(city))} == {*map(repr, history.changes(branch))}
    assert health(city).ailments == ()
    before = city.path.read_bytes()
    with check.open_package(tmp_path / "包.zgx") as contents:
        assert merge(city, [contents]).taken == 0
    assert city.path.read_bytes() == before


def test_what_was_left_out_is_passed_on_left_out(branch: Ledger, tmp_path: Path) -> None:
    city, province = _new(tmp_path, "市局"), _new(tmp_path, "省厅")
    _taken(branch, city, tmp_path, PERSONAL)
    packed = _taken(city, province, tmp_path, EVERYTHING)
    assert packed.hidden == 1
    assert "欧阳远山".encode() not in _bytes(packed.path)
    _taken(branch, province, tmp_path, EVERYTHING)
    _taken(province, city, tmp_path, EVERYTHING)
    assert _rows(city) == _rows(branch)


def test_a_name_left_out_stands_nowhere_else(branch: Ledger, tmp_path: Path) -> None:
    """A measure that names the person in words nobody veiled stays here whole, and what is a part of nothing goes on."""
    _act(branch, "measure", "m2", problem="p1", lead="约谈", body="约谈欧阳远山一次")
    _act(branch, "measure", "m3", problem="p1", lead="公示", sentence="欧阳远山要求公示")
    packed = pack.pack(branch, tmp_path / "包.zgx", policy=PERSONAL)
    assert "欧阳远山".encode() not in _bytes(packed.path)
    with check.open_package(packed.path) as contents:
        assert {one.id for one in contents.changes()} == {"u1", "p1", "m1"}


def test_single_persons_are_left_out(branch: Ledger, tmp_path: Path) -> None:
    _act(branch, "person", "x", unit="u1", name="欧阳远山", code="A01")
    _act(branch, "person", "y", unit="u1", name="上官明月", code="A02")
    packed = pack.pack(branch, tmp_path / "包.zgx", policy=Policy(level="secret", persons=frozenset({"x"})))
    assert "欧阳远山".encode() not in _bytes(packed.path)
    assert "上官明月".encode() in _bytes(packed.path)
    with check.open_package(packed.path) as contents:
        assert {one.id for one in contents.changes()} == {"u1", "p1", "m1", "y"}


def test_columns_an_office_names_are_veiled_from_then_on(branch: Ledger, tmp_path: Path) -> None:
    policy = Policy(level="secret", fields=frozenset({"problem.cause"}))
    _act(branch, "problem", "p1", cause="以前写下的原因")
    branch.note(PRIVATE, '{"problem": ["cause"]}')
    _act(branch, "problem", "p2", title="另一个问题", cause="现在写下的原因", sentence="写下现在写下的原因")
    packed = pack.pack(branch, tmp_path / "包.zgx", policy=policy)
    told = _bytes(packed.path)
    assert "写下的原因".encode() not in told
    with check.open_package(packed.path) as contents:
        assert {one.id for one in contents.changes()} == {"u1", "p2"}


def test_what_is_not_here_is_no_side_of_a_conflict_and_cannot_be_undone_to(branch: Ledger, tmp_path: Path) -> None:
    city = _new(tmp_path, "市局")
    _taken(branch, city, tmp_path, PERSONAL)
    _act(city, "problem", "p1", responsible="诸葛清泉")
    with pytest.raises(Built, match="按范围没有给"):
        city.undo("某人")
    _act(branch, "problem", "p1", responsible="欧阳近水")
    _taken(branch, city, tmp_path, PERSONAL)
    assert conflicts.conflicts(city) == []
    _taken(branch, city, tmp_path, EVERYTHING)
    assert [one.field for one in conflicts.conflicts(city)] == ["responsible"]


def test_a_forged_value_does_not_take_the_place(branch: Ledger, tmp_path: Path) -> None:
    from dataclasses import replace

    city = _new(tmp_path, "市局")
    _taken(branch, city, tmp_path, PERSONAL)
    forged = [
        replace(one, fields={**one.fields, "responsible": "别人"}) if one.veils else one
        for one in history.changes(branch)
    ]
    with pytest.raises(Refusal, match="校验和"):
        city.merge(forged)


def test_a_package_tells_its_medium_and_the_replicas_of_its_sender(branch: Ledger, tmp_path: Path) -> None:
    media = Media("U-007", "秘密", "欧阳")
    with check.open_package(pack.pack(branch, tmp_path / "包.zgx", media=media).path) as contents:
        assert contents.media == media
        assert [*contents.own] == [span.replica for span in contents.spans]


NAMES = st.sampled_from(["欧阳远山", "司马小川", "诸葛清泉", "上官明月"])
DEEDS = st.lists(
    st.tuples(st.sampled_from(["p1", "p2", "p3"]), st.sampled_from(["title", "responsible", "status"]), NAMES),
    max_size=9,
)


@settings(max_examples=20 if settings().max_examples < 1_000 else 2_000)
@given(deeds=DEEDS, tells=st.lists(NAMES, max_size=3), personal=st.booleans())
def test_nothing_left_out_is_anywhere_and_the_rest_follows(
    deeds: list[tuple[str, str, str]], tells: list[str], personal: bool
) -> None:
    with offices(2, core=True) as made:
        branch, city = made.ledgers
        for identifier in ("p1", "p2", "p3"):
            _act(branch, "problem", identifier, title=f"问题{identifier}")
        for identifier, field, name in deeds:
            value = name if field == "responsible" else f"{name}所办" if name in tells else "办了"
            _act(branch, "problem", identifier, sentence=f"改为{value}", **{field: value})
        policy = PERSONAL if personal else Policy(level="secret", fields=frozenset({"problem.responsible"}))
        secret = {name for _, field, name in deeds if field == "responsible"}
        if not _all_shut(branch, policy, made.place):
            packed = _taken(branch, city, made.place, policy)
            assert not [name for name in secret if name.encode() in _bytes(packed.path)]
        _taken(branch, city, made.place, EVERYTHING)
        assert _rows(city) == _rows(branch)
        assert {*map(repr, history.changes(city))} == {*map(repr, history.changes(branch))}


def _all_shut(ledger: Ledger, policy: Policy, place: Path) -> bool:
    try:
        pack.pack(ledger, place / "试.zgx", policy=policy)
    except Refusal:
        return True
    return False
