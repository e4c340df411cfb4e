"""Rows of a register read in one stream, each a line with only the columns that are asked of it.

Ask for getters first (``value``, ``measured``, ``term``), then read: a line is a tuple, its first item the row's id, and the
getters read the rest. What a condition leaves to Python is decided line by line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, select

from db.ledger import sameness
from db.ledger.facts import Facts
from db.schema.composite import Due
from db.schema.definition import CategoryDefinition
from db.schema.definition.conditions import ALWAYS, Condition
from db.schema.definition.terms import Term
from db.schema.links import Refs
from desktop_app.rectification.reckoning.bounds import Bounds, Said, bounds, comparable, every
from desktop_app.rectification.reckoning.conditions import holds
from desktop_app.rectification.reckoning.joined import Joined, reading, stream
from desktop_app.rectification.reckoning.paths import Leaf, Path
from desktop_app.rectification.reckoning.terms import Getter, Reader, term_of

Line = tuple[Any, ...]


class Lines:
    """The live rows of a register that meet a condition, those that are the same (``db.ledger.sameness``) once: the one that
    counts, with its own values. ``register`` is its key in the definition."""

    def __init__(
        self,
        facts: Facts,
        definition: CategoryDefinition,
        register: str,
        today: date,
        condition: Condition = ALWAYS,
    ) -> None:
        self.facts = facts
        name = definition.registers[register].name
        self.joined = Joined(facts, name)
        self.reader = Reader(definition, register, today, self._stored)
        self._columns: dict[tuple[Leaf, str], int] = {}
        self._cells: list[ColumnElement[Any]] = [self.joined.table.c.id]
        self.bounds = Bounds(*[self.joined.table.c.deleted == 0] * 2)
        self._tests: list[Getter] = []
        if sameness.stand_ins(facts, name):
            self.narrow_to(sameness.once(facts, name, self.joined.table))
        self.narrow(condition)

    def narrow(self, condition: Condition) -> None:
        """Only rows that meet this condition too."""
        found = bounds(condition, self.reader, self.joined)
        self.bounds = every([self.bounds, found])
        if not found.exact:
            self._tests.append(holds(condition, self.reader))

    def narrow_to(self, said: Said) -> None:
        """Only rows of which this SQL is true; it must never be NULL."""
        self.bounds = every([self.bounds, Bounds(said, said)])

    @property
    def exact(self) -> bool:
        """Whether the query alone says which rows they are."""
        return not self._tests

    def value(self, path: Path) -> Getter:
        """The working value of a field, stored or computed."""
        return self.reader.value(path)

    def measured(self, path: Path) -> Getter:
        """What terms make of it: the number of a quantity, the day of a deadline."""
        return self.reader.measured(path)

    def term(self, term: Term) -> Getter:
        """What a term comes to."""
        return term_of(term, self.reader)

    def test(self, condition: Condition) -> Getter:
        """Whether a line meets another condition."""
        return holds(condition, self.reader)

    def cell(self, leaf: Leaf, facet: str = "") -> int | None:
        """The place in a line of a stored field as it is kept; None where this ledger has no such column."""
        if (leaf, facet) not in self._columns:
            column = self.joined.column(leaf, facet)
            if column is None:
                return None
            self._columns[leaf, facet] = len(self._cells)
            self._cells.append(column)
        return self._columns[leaf, facet]

    def _stored(self, leaf: Leaf, *, reckoned: bool) -> Getter:
        day = reckoned and isinstance(leaf.kind, Due)
        at = None if leaf.kind is None else self.cell(leaf, "day" if day else "")
        if at is None or leaf.kind is None:
            return lambda _line: None
        read = date.fromisoformat if day else reading(leaf.kind, reckoned=reckoned)
        if isinstance(leaf.kind, Refs):
            read = sameness.of_list(self.facts, leaf.kind.to, read)
        if read is None:
            return itemgetter(at)

        def get(line: Line) -> Any:
            cell = line[at]
            return None if cell is None else read(cell)

        return get

    def read(self, order: Sequence[Path] = ()) -> Iterator[Line]:
        """The lines, in the order of these fields (absent last) and of ids; without any in no order that may be counted on."""
        columns = [found[1] for path in order if (found := comparable(self.reader.leaf(path), self.joined)) is not None]
        query = select(*self._cells).select_from(self.joined.source())
        if self.bounds.upper is not None:
            query = query.where(self.bounds.upper)
        for column in columns:
            query = query.order_by(column.nulls_last())
        if columns:
            query = query.order_by(self.joined.table.c.id)
        tests = self._tests
        with self.facts.reading() as connection:
            lines = stream(connection, query)
            if not tests:
                yield from lines
            elif len(tests) == 1:
                yield from filter(tests[0], lines)
            else:
                yield from (line for line in lines if all(test(line) for test in tests))


def rows(
    facts: Facts,
    definition: CategoryDefinition,
    register: str,
    condition: Condition,
    paths: Sequence[Path],
    today: date,
) -> Iterator[Line]:
    """Id and the working values of these fields (stored or computed) of every row that meets a condition."""
    lines = Lines(facts, definition, register, today, condition)
    getters = [lines.value(path) for path in paths]
    for line in lines.read():
        yield (line[0], *(get(line) for get in getters))
