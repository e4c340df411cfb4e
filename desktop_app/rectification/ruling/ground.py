"""The ground a rule stands on while it is judged: the ledger, the definition, how its rows are read, how they are said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from db.ledger.facts import Facts
from db.schema.definition import CategoryDefinition, Register, Rule
from db.schema.definition.conditions import Condition
from db.schema.definition.terms import FieldAt, Term
from desktop_app.rectification.reckoning.conditions import Holds, holds
from desktop_app.rectification.reckoning.terms import Getter, Reader, term_of
from desktop_app.rectification.ruling.saying import Path, Saying


@dataclass(frozen=True)
class Ground:
    """``reader`` reads the rows that are judged, records or lines of a query, as of its day. ``key`` is the key of the
    rule's register, "" where it looks at indicators alone."""

    facts: Facts
    definition: CategoryDefinition
    rule: Rule
    reader: Reader
    saying: Saying

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
