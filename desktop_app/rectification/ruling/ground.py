"""The ground a rule stands on while it is judged: the ledger, the definition, how its rows are read, how they are said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import false, func

from db.ledger.facts import Facts
from db.schema.composite import Span
from db.schema.definition import CategoryDefinition, Register, Rule
from db.schema.definition.conditions import ALWAYS, Condition
from db.schema.definition.terms import FieldAt, Term
from desktop_app.rectification import rows
from desktop_app.rectification.reckoning.conditions import Holds, holds
from desktop_app.rectification.reckoning.indicators import Reckoned, reckon
from desktop_app.rectification.reckoning.lines import Lines
from desktop_app.rectification.reckoning.records import Followed
from desktop_app.rectification.reckoning.terms import Getter, Reader, term_of
from desktop_app.rectification.ruling.saying import Path, Saying


def in_units(lines: Lines, units: Sequence[str] | None) -> Lines:
    """Only the rows of these units; None: all."""
    if units is not None:
        schema = lines.facts.schema(lines.reader.definition.registers[lines.reader.register].name)
        within = rows.of_units(lines.facts, schema, lines.joined.table, units)
        if within is not None:
            lines.narrow_to(func.coalesce(within, false()))
    return lines


@dataclass
class Reckoning:
    """The indicators of a category on one day (of a unit by id), what was reckoned once kept."""

    facts: Facts
    definition: CategoryDefinition
    today: date
    unit: str | None = None
    _known: dict[tuple[Any, ...], Reckoned] = field(default_factory=dict)

    def reckoned(self, key: str, period: Span | str | None = None, by: tuple[str, ...] = ()) -> Reckoned:
        """An indicator; ``Refusal`` as ``reckon``."""
        at = (key, period, by)
        if at not in self._known:
            self._known[at] = reckon(
                self.facts,
                self.definition.key,
                key,
                as_of=self.today,
                period=period,
                unit=self.unit,
                by=by,
                definition=self.definition,
            )
        return self._known[at]


@dataclass(frozen=True)
class Ground:
    """``reader`` reads the rows that are judged, records or lines of a query, as of its day; ``reckoning`` the category's
    indicators on that day, of the same units."""

    facts: Facts
    definition: CategoryDefinition
    rule: Rule
    reader: Reader
    saying: Saying
    followed: Followed
    reckoning: Reckoning
    units: tuple[str, ...] | None = None
    """Only rows of these units are looked at; None: all."""

    def lines(self, register: str = "", condition: Condition | None = None, *, all_units: bool = False) -> Lines:
        """The rows of a register (its key; the rule's own without one) that meet a condition (the rule's ``when``)."""
        key = register or self.key
        narrowed = condition if condition is not None else self.rule.when if key == self.key else ALWAYS
        found = Lines(self.facts, self.definition, key, self.today, narrowed)
        return found if all_units else in_units(found, self.units)

    @property
    def key(self) -> str:
        """The key of the rule's register."""
        return self.rule.register

    @property
    def register(self) -> Register:
        """The rule's register."""
        return self.definition.registers[self.rule.register]

    @property
    def today(self) -> date:
        """The day the question is asked for."""
        return self.reader.today

    def value(self, path: Path) -> Getter:
        """The working value of a field."""
        return self.reader.value(path)

    def measured(self, path: Path) -> Getter:
        """What is compared of it: the number of a quantity, the day of a deadline."""
        return self.reader.measured(path)

    def term(self, term: Term) -> Getter:
        """The value of a term."""
        return term_of(term, self.reader)

    def holds(self, condition: Condition) -> Holds:
        """Whether a condition holds."""
        return holds(condition, self.reader)

    def label(self, path: Path) -> str:
        """A field of the rule's register by its label."""
        return self.saying.label(self.key, path)

    def say(self, path: Path, value: Any) -> str:
        """A value of a field of the rule's register."""
        return self.saying.value(self.key, path, value)

    def name(self, term: Term) -> str:
        """A term in words."""
        return self.saying.term(self.key, term)

    def say_term(self, term: Term, value: Any) -> str:
        """The value of a term."""
        return self.saying.of_term(self.key, term, value)

    def against(self, path: Path, term: Term, bound: Any) -> str:
        """What a field is held against: a bound without a unit of its own bears the field's."""
        return self.saying.value(self.key, path, bound) if not isinstance(term, FieldAt) else self.say_term(term, bound)
