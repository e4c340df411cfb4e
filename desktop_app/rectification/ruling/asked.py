"""The tests of one row asked of a whole register, in one query: the database tells which rows can break which rule, and the
rule's judge decides those.

The words of such a query take longer to make than most registers take to read. They depend on nothing but the definition,
the day and the units, so they are kept from one check to the next.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, or_, select, true

from db.ledger import sameness
from db.schema.definition import Rule
from desktop_app.rectification.reckoning.lines import Line, Lines
from desktop_app.rectification.ruling.asking import Asking, judge_of
from desktop_app.rectification.ruling.breach import Breach, Judge
from desktop_app.rectification.ruling.ground import Ground, in_units
from desktop_app.rectification.ruling.suspects import suspects

_KEPT = 400
"""Queries that are kept: those of every register of two ledgers, or of a ledger on two days."""
_AT_ONCE = 10_000


class _Asked(Lines):
    """Lines that also tell, for each rule, whether the row can break it."""

    def flag(self, said: ColumnElement[bool] | None) -> int:
        """Where in a line it stands; 0 (the id, always true) where any row can."""
        if said is None:
            return 0
        self._cells.append(case((said, 1), else_=0))
        return len(self._cells) - 1

    def query(self) -> Select[Any]:
        """What is asked; all is decided by the database but what the judges decide."""
        found = select(*self._cells).select_from(self.joined.source())
        return found if self.bounds.upper is None else found.where(self.bounds.upper)


@dataclass(frozen=True)
class _Plan:
    """The lines of a register with all columns its rules need, where the flag of each rule stands, and the query in the words
    of a database. ``of`` keeps alive what the plan is known by."""

    lines: _Asked
    places: tuple[int, ...]
    words: str
    values: tuple[Any, ...]
    of: tuple[Any, ...]


_plans: OrderedDict[tuple[Any, ...], _Plan] = OrderedDict()


def of_register(asking: Asking, register: str, rules: Sequence[Rule]) -> Iterator[tuple[Ground, Breach, str]]:
    """Every breach of these rules at the rows of a register (its key): the rule's ground, what it says, the row's id."""
    with asking.facts.reading() as connection:
        plan = _plan(asking, register, rules, connection)
        asked: list[tuple[int, Ground, Judge]] = []
        for place, rule in zip(plan.places, rules, strict=True):
            ground = asking.ground(rule, plan.lines.reader)
            asked.append((place, ground, judge_of(ground)))
        for line in _read(connection, plan):
            for place, ground, judge in asked:
                if line[place]:
                    breach = judge(line)
                    if breach is not None:
                        yield ground, breach, line[0]


def _read(connection: Connection, plan: _Plan) -> Iterator[Line]:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(plan.words, plan.values)
        while batch := cursor.fetchmany(_AT_ONCE):
            yield from batch
    finally:
        cursor.close()


def _plan(asking: Asking, register: str, rules: Sequence[Rule], connection: Connection) -> _Plan:
    table = asking.facts.tables.records[asking.definition.registers[register].name]
    of = (asking.definition, asking.facts.tables, table)
    known_by = (
        *(id(one) for one in of),
        connection.dialect.name,
        register,
        tuple(rule.key for rule in rules),
        asking.today,
        asking.units,
        sameness.known(asking.facts),
    )
    found = _plans.get(known_by)
    if found is None:
        found = _plans[known_by] = _made(asking, register, rules, connection, of)
        while len(_plans) > _KEPT:
            _plans.popitem(last=False)
    return found


def _made(asking: Asking, register: str, rules: Sequence[Rule], connection: Connection, of: tuple[Any, ...]) -> _Plan:
    lines = _Asked(asking.facts, asking.definition, register, asking.today)
    in_units(lines, asking.units)
    places: list[int] = []
    wanted: list[ColumnElement[bool]] = []
    for rule in rules:
        ground = asking.ground(rule, lines.reader)
        said = suspects(ground, lines.joined)
        wanted.append(true() if said is None else said)
        places.append(lines.flag(said))
        judge_of(ground)  # asks for the columns it reads
    lines.narrow_to(or_(*wanted))
    made = lines.query().compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    values = []
    for name in getattr(made, "positiontup", None) or ():
        bound = made.binds.get(name)
        process = (
            bound.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
            if bound is not None
            else None
        )
        values.append(process(made.params[name]) if process else made.params[name])
    return _Plan(lines, tuple(places), str(made), tuple(values), of)
