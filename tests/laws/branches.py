"""Branches with ledger files of their own, stories of what their clerks do, and ways to look at a whole ledger."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from db.errors import Refusal
from db.ledger import conflicts, history
from db.ledger.change import Deed, Edit, Outcome, delete, edit
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.record import Record, schema_of
from db.schema.records import (
    SCHEMAS,
    Amendment,
    Category,
    Definition,
    Measure,
    OngoingItem,
    Unit,
    amendment_id,
    definition_id,
)
from db.store.replica import Installation

VOCABULARY = {
    schema_of(cls).name: schema_of(cls) for cls in (Unit, Category, Definition, Amendment, Measure, OngoingItem)
}
IDS = ("m1", "m2", "m3")
FIELDS = ("lead", "body", "number")
MEMORY = Path("/dev/shm")


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder, in memory where there is such a disk."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None, ignore_cleanup_errors=True) as made:
        yield Path(made)


def clock(hours: int) -> Callable[[], datetime]:
    """A clock that is wrong by some hours and gains a second at every look."""
    moment = datetime(2021, 7, 5, tzinfo=UTC) + timedelta(hours=hours)

    def look() -> datetime:
        nonlocal moment
        moment += timedelta(seconds=1)
        return moment

    return look


@cache
def empty(*, core: bool = False) -> bytes:
    """An empty ledger file, of a few records or of the whole ``core``; making one takes longer than a story in it."""
    with folder() as place:
        known = SCHEMAS if core else VOCABULARY
        Ledger.create(place / "empty.zgl", Installation(place / "home"), vocabulary=known).close()
        return (place / "empty.zgl").read_bytes()


@dataclass
class Branches:
    """Several offices; each has an installation and a file of its own, and they meet as they please."""

    place: Path
    core: bool = False
    ledgers: list[Ledger] = field(default_factory=list)

    def new(self) -> Ledger:
        """One office more, with an empty ledger and a clock of its own."""
        number = len(self.ledgers)
        home = Installation(self.place / f"home{number}")
        path = self.place / f"{number}.zgl"
        path.write_bytes(empty(core=self.core))
        known = SCHEMAS if self.core else VOCABULARY
        ledger = Ledger.open(path, home, vocabulary=known, clock=clock(number * 7 - 10))
        self.ledgers.append(ledger)
        return ledger

    def close(self) -> None:
        """Lets go of all files."""
        for ledger in self.ledgers:
            ledger.close()


@contextmanager
def offices(number: int, *, core: bool = False) -> Iterator[Branches]:
    """That many offices with empty ledgers, of a few records or of the whole ``core``."""
    with folder() as place:
        made = Branches(place, core)
        for _ in range(number):
            made.new()
        try:
            yield made
        finally:
            made.close()


def meet(one: Ledger, other: Ledger) -> Outcome:
    """The first takes over what it lacks of the second."""
    return one.merge(history.changes(other, history.seen(one)))


def all_meet(ledgers: list[Ledger]) -> None:
    """Everybody takes over everything."""
    for one in ledgers[1:]:
        meet(ledgers[0], one)
    for one in ledgers[1:]:
        meet(one, ledgers[0])


# -- looking at a whole ledger -----------------------------------------------------------------------------------------


def rows(facts: Facts) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every record table and of the conflicts."""
    shown = [one.table for one in facts.tables.records.values()] + [facts.tables.conflict]
    with facts.reading() as connection:
        return {t.name: sorted((tuple(r) for r in connection.execute(select(t))), key=repr) for t in shown}


def log(facts: Facts) -> set[Any]:
    """The changes as a set."""
    return {repr(change) for change in history.changes(facts)}


def whole(facts: Facts) -> tuple[Any, ...]:
    """All that replicas which have exchanged must agree on."""
    return rows(facts), log(facts), [(c.record, c.id, c.field, c.shown, c.rivals) for c in conflicts.conflicts(facts)]


def shown(facts: Facts, identifier: str) -> Record | None:
    """A measure as a clerk sees it; None when there is none."""
    return facts.find("measure", identifier)


# -- stories -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One thing a clerk does: ``what``, in which branch, to which of the records; the rest as it needs."""

    what: str
    branch: int
    record: int = 0
    other: int = 0
    value: int = 0

    def identifier(self) -> str:
        return IDS[self.record % len(IDS)]


_WHAT = ["edit", "edit", "edit", "stale", "two", "delete", "restore", "undo", "redo", "decide", "meet", "meet", "meet"]
_DEFINING = ["define", "define", "undefine", "amend", "amend", "row", "row", "row", "row"]
STEPS = st.builds(Step, st.sampled_from([*_WHAT, "define", "amend", "row"]), *(st.integers(0, 5) for _ in range(4)))
_MORE = st.builds(
    Step, st.sampled_from([*_DEFINING, "undo", "redo", "decide", "meet", "meet"]), *[st.integers(0, 5)] * 4
)
_BEGUN = [Step("define", 0), Step("meet", 1), Step("row", 0), Step("row", 1, 1)]
DEFINING = st.lists(_MORE, max_size=24).map(lambda more: _BEGUN + more) | st.lists(_MORE, min_size=3, max_size=24)
"""Stories of offices that change a category while they fill its registers."""
STORIES = st.lists(STEPS, min_size=3, max_size=24)
SHORT = st.lists(STEPS, max_size=8)


def values(step: Step) -> dict[str, Any]:
    """One field, or several, set or emptied."""
    words: dict[str, Any] = {"lead": f"小标题{step.value}", "body": f"正文{step.value}", "number": step.value + 1}
    name = FIELDS[step.other % len(FIELDS)]
    return {name: None if step.value == 5 else words[name]}


def deed(ledger: Ledger, step: Step) -> Deed | None:
    """The deed of a step; None when it makes no sense now."""
    identifier, there = step.identifier(), ledger.find("measure", step.identifier(), deleted=True)
    if step.what == "delete":
        return Deed("删除", "某人", (delete(there),)) if there else None
    if step.what == "restore":
        return Deed("恢复", "某人", (Edit("measure", identifier, {"deleted": False}),)) if there else None
    if step.what in ("define", "undefine", "amend", "row"):
        edits = (
            _filled(ledger, step)
            if step.what == "row"
            else (_amended(step),)
            if step.what == "amend"
            else _defined(ledger, step)
        )
        return Deed(step.what, "某人", edits) if edits else None
    if step.what == "decide":
        found = conflicts.conflicts(ledger)
        if not found:
            return None
        one = found[step.value % len(found)]
        return conflicts.decision(ledger, one, one.rivals[step.other % len(one.rivals)].value, "某人")
    made = [Edit("measure", identifier, values(step), _stale(ledger, step) if step.what == "stale" else None)]
    if step.what == "two":
        made.append(Edit("ongoing_item", "o1", {"content": f"事项{step.value}"}))
    return Deed("修改", "某人", tuple(made))


REFUEL = "cars.refuel"


def body(version: int) -> dict[str, Any]:
    """A category ``cars`` in one of six versions: fields come, go and change their kind, a second register comes and goes."""
    fields: dict[str, Any] = {"plate": {"text": "车牌号"}, "litres": {"number": "加油量"}}
    if version in (2, 4):
        fields["day"] = {"day": "日期"}
    if version == 3:
        fields = {"price": {"money": "金额"}, "litres": {"text": "加油量"}}
    if version == 5:
        del fields["plate"]
    registers: dict[str, Any] = {"refuel": {"title": "加油登记", "field": fields}}
    if version % 2:
        registers["trip"] = {"title": "出车", "field": {"refuel": {"ref": "加油", "to": "refuel", "owner": True}}}
    return {"register": registers}


def _defined(ledger: Ledger, step: Step) -> tuple[Edit, ...]:
    """Another version of the category, in words of its own for every value."""
    whole, version = body(step.value), step.other + 1
    identifier = definition_id("cars", whole)
    there = ledger.find("definition", identifier, deleted=True)
    if step.what == "undefine":
        return (delete(there),) if there else ()
    made = [Edit("definition", identifier, {"category": "category-cars", "version": version, "body": whole})]
    if there is not None:
        made = [Edit("definition", identifier, {"deleted": False, "version": version})]
    if ledger.find("category", "category-cars", deleted=True) is None:
        made.append(Edit("category", "category-cars", {"number": 1, "title": "私车公养"}))
    return tuple(made)


def _amended(step: Step) -> Edit:
    """A field of an office's own, in one of several kinds, or put out of use."""
    name = ("price", "note")[step.record % 2]
    kinds = ({"money": "金额"}, {"text": "说明"}, {"whole": "数"})
    values: dict[str, Any] = {"category": "category-cars", "part": "field", "register": "refuel", "name": name}
    values |= {"retired": True} if step.value == 5 else {"body": kinds[step.other % 3], "retired": None}
    return Edit("amendment", amendment_id("cars", "field", "refuel", name), values)


def _filled(ledger: Ledger, step: Step) -> tuple[Edit, ...]:
    """A field of a row set or emptied, as the register now is here."""
    one = ledger.tables.records.get(REFUEL)
    if one is None:
        return ()
    name, kind = list(one.kinds.items())[(step.other + step.record) % (len(one.kinds) - 2)]
    typed = {"day": f"2021-07-0{step.value + 1}", "publicity": "公开"}.get(name, str(step.value))
    return (Edit(REFUEL, step.identifier(), {name: None if step.value == 5 else kind.parse(typed)}),)


def _stale(ledger: Ledger, step: Step) -> tuple[str, ...]:
    """The heads of the record as an earlier change left it: the form was open while somebody else saved."""
    found = [c for c in history.changes(ledger) if (c.record, c.id) == ("measure", step.identifier())]
    return (found[step.value % len(found)].hash,) if found else ()


def do(ledgers: list[Ledger], step: Step) -> Outcome | None:
    """Does a step; None when it was refused or makes no sense."""
    here = ledgers[step.branch % len(ledgers)]
    with suppress(Refusal):
        if step.what == "meet":
            return meet(here, ledgers[step.other % len(ledgers)])
        if step.what == "undo":
            return here.undo("某人")
        if step.what == "redo":
            return here.redo("某人")
        wanted = deed(here, step)
        return here.act(wanted) if wanted else None
    return None


def edited(ledger: Ledger, identifier: str, **fields: Any) -> Outcome:
    """The measure gets these values."""
    record = ledger.find("measure", identifier, deleted=True) or Measure(id=identifier)
    return ledger.act(Deed("修改", "某人", (edit(record, **fields),)))
