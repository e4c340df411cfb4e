"""What the checks look at, read from the ledger in whole tables: each problem with what belongs to it.

Only the columns the checks ask for are read, and of the prose only the words: in a large ledger nearly all the time went
into making records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

import orjson
from sqlalchemy import ColumnElement, func, or_, select

from db.ledger import sameness
from db.ledger.facts import Facts
from db.schema.prose import Prose
from db.schema.record import Record, schema_of
from db.schema.records import (
    CitedRule,
    Closing,
    Evidence,
    Figure,
    FigureRelation,
    Measure,
    Notice,
    OngoingItem,
    Problem,
    Unit,
)
from db.store.statements import Prepared
from desktop_app.rectification.figures import Names
from desktop_app.rectification.rules import FINISHED

R = TypeVar("R", bound=Record)


class Said(NamedTuple):
    """Words of a record that may refer to figures by name."""

    record: str
    id: str
    field: str
    text: str


@dataclass(frozen=True)
class Naming:
    """The meanings of names, one set of them a day, shared by all cases that were read together."""

    facts: Facts
    figures: Mapping[str, Sequence[Figure]]
    by_day: dict[date, Names] = field(default_factory=dict)

    def on(self, day: date) -> Names:
        """The meanings on a day."""
        if day not in self.by_day:
            self.by_day[day] = Names(self.facts, day, self.figures)
        return self.by_day[day]


@dataclass(frozen=True)
class Case:
    """One problem with everything that belongs to it. Its records hold the fields the checks ask for, no others."""

    problem: Problem
    unit: Unit | None
    issued: date | None
    measures: int = 0
    open_measures: int = 0
    nested: list[Measure] = field(default_factory=list)
    """The measures that have one above them, or are not for everybody."""
    ongoing: list[OngoingItem] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    relations: list[FigureRelation] = field(default_factory=list)
    rules: list[CitedRule] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    prose: list[Said] = field(default_factory=list)
    naming: Naming | None = None

    def names(self, today: date) -> Names | None:
        """What names mean in its words on the day of its notice, or today; None for a case that no ledger was read for."""
        return self.naming.on(self.issued or today) if self.naming is not None else None

    @property
    def name(self) -> str:
        """The problem in a few words."""
        unit = f"{self.unit.short_name or self.unit.name}" if self.unit else ""
        title = f"“{self.problem.title}”" if self.problem.title else "（标题缺失）"
        return f"{unit}问题 {self.problem.number or '?'}{title}"


_PROBLEM = ("inspection", "unit", "aspect", "group", "number", "title", "category", "due", "progress", "closing")
_READ: dict[type[Record], tuple[str, ...]] = {
    Problem: (*_PROBLEM, "publicity", "unpublished_reason", "truncated"),
    OngoingItem: ("problem", "due", "progress"),
    Figure: (
        *("problem", "measure", "name", "value", "source", "numerator", "denominator"),
        *("comparison", "base_value", "change", "period", "context", "indicator", "filter", "unit"),
    ),
    FigureRelation: ("problem", "left", "operator", "right", "tolerance"),
    CitedRule: ("problem", "title", "in_force", "expires"),
    Evidence: ("problem", "paper"),
    Closing: ("problem", "round", "applied", "conclusion", "concluded"),
}
_PARTS: dict[str, type[Record]] = {
    "ongoing": OngoingItem,
    "figures": Figure,
    "relations": FigureRelation,
    "rules": CitedRule,
    "evidence": Evidence,
    "closings": Closing,
}
"""Field of a case → what it holds."""
_PROSE: dict[type[Record], tuple[str, ...]] = {
    cls: tuple(f.name for f in schema_of(cls).fields if isinstance(f.kind, Prose) or f.name == "lead")
    for cls in (Problem, Measure, OngoingItem)
}


def cases(facts: Facts, unit: str | None = None, only: str = "") -> list[Case]:
    """All live problems (of one unit by id, or one problem), in the order of their schema."""
    problem = facts.tables.records["problem"].table
    wanted: list[ColumnElement[bool]] = [problem.c.deleted == 0]
    wanted += (
        [problem.c.id == only] if only else [sameness.pointing(facts, "unit", problem.c.unit, unit)] if unit else []
    )
    problems = thin(facts, Problem, _READ[Problem], wanted)
    mine = select(problem.c.id).where(*wanted) if only or unit else None
    parts: dict[str, dict[str, Any]] = {name: _by_problem(facts, cls, mine) for name, cls in _PARTS.items()}
    counts = _measures(facts, mine)
    nested: dict[str, list[Any]] = defaultdict(list)
    measure = facts.tables.records["measure"].table.c
    telling = or_(measure.parent.is_not(None), measure.publicity != "public")
    for one in thin(facts, Measure, ("problem", "parent", "lead", "publicity"), _live(facts, Measure, mine, telling)):
        nested[one.problem or ""].append(one)
    said = _said(facts, mine)
    naming = Naming(facts, {one.id: parts["figures"].get(one.id, []) for one in problems})
    units = {u.id: u for u in facts.all(Unit)}
    units |= {one: units[main] for one, main in sameness.stand_ins(facts, "unit").items()}
    issued = {n.unit: n.issued for n in facts.all(Notice) if n.issued}
    return [
        Case(
            one,
            units.get(one.unit or ""),
            issued.get(one.unit),
            *counts.get(one.id, (0, 0)),
            nested=nested.get(one.id, []),
            prose=said.get(one.id, []),
            naming=naming,
            **{name: found.get(one.id, []) for name, found in parts.items()},
        )
        for one in problems
    ]


def thin(
    facts: Facts, cls: type[R], names: Sequence[str], where: Sequence[ColumnElement[bool]], *, sort: bool = True
) -> list[R]:
    """Records of a class that hold these fields only, in the order of their schema."""
    one = facts.tables.records[schema_of(cls).name]
    known = [n for n in names if n in one.table.c]
    query = select(one.table.c.id, *(one.table.c[n] for n in known)).where(*where)
    if sort:
        query = query.order_by(*(one.table.c[f].nulls_last() for f in one.schema.order), one.table.c.id)
    kinds = [(n, one.schema.field(n).kind) for n in known]
    found = []
    with facts.reading() as connection:
        for identifier, *row in Prepared(query).stream(connection):
            values = {}
            for (name, kind), value in zip(kinds, row, strict=True):
                if value is not None:
                    stored = orjson.loads(value) if kind.structured else bool(value) if kind.flag else value
                    values[name] = kind.load(stored)
            found.append(cls(id=identifier, **values))
    return found


def _live(facts: Facts, cls: type[Record], mine: Any, *also: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    table = facts.tables.records[schema_of(cls).name].table
    return [table.c.deleted == 0, *([table.c.problem.in_(mine)] if mine is not None else []), *also]


def _by_problem(facts: Facts, cls: type[Record], mine: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for one in thin(facts, cls, _READ[cls], _live(facts, cls, mine)):
        found[getattr(one, "problem", None) or ""].append(one)
    return found


def _measures(facts: Facts, mine: Any) -> dict[str, tuple[int, int]]:
    """Problem id → how many measures, how many of them are known to be unfinished."""
    c = facts.tables.records["measure"].table.c
    unfinished = func.count(c.progress).filter(c.progress.not_in(FINISHED))
    query = select(c.problem, func.count(), unfinished).where(*_live(facts, Measure, mine)).group_by(c.problem)
    with facts.reading() as connection:
        return {row[0] or "": (row[1], row[2]) for row in connection.execute(query)}


def _said(facts: Facts, mine: Any) -> dict[str, list[Said]]:
    """Problem id → its prose."""
    found: dict[str, list[Said]] = defaultdict(list)
    with facts.reading() as connection:
        for cls, names in _PROSE.items():
            schema = schema_of(cls)
            table = facts.tables.records[schema.name].table
            owner = table.c.id if cls is Problem else table.c.problem
            wanted = [table.c.deleted == 0, *([owner.in_(mine)] if mine is not None else [])]
            query = select(owner, table.c.id, *(table.c[n] for n in names)).where(*wanted)
            for problem, identifier, *texts in Prepared(query).stream(connection):
                told = found[problem or ""]
                told += [Said(schema.name, identifier, n, t) for n, t in zip(names, texts, strict=True) if t]
    return found
