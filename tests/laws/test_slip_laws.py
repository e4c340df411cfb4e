"""Slips of any problem, in whatever words: all of it is printed or refused, numbers run on, and reading does not grow with the batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.ledger.change import Deed, Edit, create
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.records import Measure, OngoingItem, Problem, Unit
from db.store.replica import Installation
from desktop_app.notices import papers, plain, sheet, stored, tree
from desktop_app.notices.wanted import Wanted

DAY = date(2021, 11, 8)
SLIPS = ("reminder", "chasing", "assignment", "closing")
_WORDS = st.text("整改措施落实到位，。；：、“”（）《》——……1286处50%年月日aé 0/-", min_size=1, max_size=160)


def line(most: int) -> st.SearchStrategy[str]:
    return _WORDS.map(lambda text: " ".join(text.split())[:most].strip()).filter(bool)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    folder = tmp_path_factory.mktemp("slips")
    made = Ledger.create(folder / "台账.zgl", Installation(folder / "home"))
    made.act(Deed("开始", "王", (create(Unit, "u", name="某市公安局东湖分局", short_name="东湖分局"),)))
    yield made
    made.close()


def due(left: int) -> Deadline:
    return Deadline(f"还有{left}天前", DAY + timedelta(days=left))


def composed(facts: Ledger, name: str, *of: str, **options: Any) -> tuple[tree.Document, ...]:
    kind = papers.kind_named(name)
    wanted = Wanted(DAY, readers="secret", of=of, options={**kind.begun(), **options})
    return papers.made(facts, kind, wanted).documents


@given(
    title=line(120), people=st.lists(line(40), min_size=4, max_size=4), matters=st.lists(line(160), min_size=1, max_size=5),
    left=st.integers(-400, 20), leads=st.lists(line(80), max_size=4),
)  # fmt: skip
def test_whatever_a_problem_says_its_slips_are_laid_out(
    ledger: Ledger, title: str, people: list[str], matters: list[str], left: int, leads: list[str]
) -> None:
    own = dict(zip(("lead_official", "lead_department", "responsible", "handler"), people, strict=True))
    parts: list[Edit] = [create(Problem, "p", unit="u", number=1, title=title, due=due(left), symptoms=title, **own)]
    old = [one.id for one in (*ledger.all(OngoingItem), *ledger.all(Measure))]
    parts += [Edit(key.partition("-")[0], key, {"deleted": True}) for key in old]
    parts += [
        create(OngoingItem, f"ongoing_item-{k}", problem="p", content=words, due=due(left), deleted=False)
        for k, words in enumerate(matters)
    ]
    parts += [
        create(Measure, f"measure-{k}", problem="p", number=k + 1, lead=lead, deleted=False)
        for k, lead in enumerate(leads)
    ]
    ledger.act(Deed("填写", "王", tuple(parts)))
    for name in SLIPS:
        (slip,) = composed(ledger, name, "p")
        assert stored.from_json(stored.to_json(slip)) == slip
        pages = sheet.typeset(slip).pages
        printed = "".join(line.text for one in pages for line in one.lines)
        told = plain.text(slip)
        lacking = {sign for sign in told if not sign.isspace()} - set(printed)
        assert lacking <= set("- ")
        torn = [one.number for one in pages if any("裁下" in line.text for line in one.lines)]
        signed = [one.number for one in pages if any("联系电话" in line.text for line in one.lines)]
        assert torn == signed


@given(first=st.integers(1, 9_000), count=st.integers(1, 12))
def test_numbers_run_on_through_a_batch(many: Ledger, first: int, count: int) -> None:
    slips = composed(many, "chasing", *(f"p{k}" for k in range(count)), number=first)
    text = "".join(map(plain.text, slips))
    assert [f"督办〔2021〕{number}号" in text for number in range(first - 1, first + count + 1)] == [
        False, *[True] * count, False,
    ]  # fmt: skip


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    folder = tmp_path_factory.mktemp("many")
    made = Ledger.create(folder / "台账.zgl", Installation(folder / "home"))
    edits = [create(Unit, f"u{k}", name=f"第{k}分局") for k in range(3)]
    edits += [
        create(Problem, f"p{k}", unit=f"u{k % 3}", number=k + 1, title=f"第{k}项", due=due(-k - 1)) for k in range(60)
    ]
    made.act(Deed("开始", "王", tuple(edits)))
    yield made
    made.close()


@pytest.mark.parametrize("name", SLIPS)
def test_the_ledger_is_read_as_often_for_one_slip_as_for_sixty(
    many: Ledger, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = 0
    reading = Ledger.reading

    @contextmanager
    def counted(self: Facts) -> Iterator[Any]:
        nonlocal read
        read += 1
        with reading(self) as connection:  # type: ignore[arg-type]
            yield connection

    monkeypatch.setattr(Ledger, "reading", counted)
    composed(many, name, "p0")
    once, read = read, 0
    assert len(composed(many, name, *(f"p{k}" for k in range(60)))) == 60
    assert read == once > 0
