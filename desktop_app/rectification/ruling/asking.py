"""One question about one category: the ledger, the day, whose rows; and what the rules stand on that answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from db.ledger.facts import Facts
from db.schema.definition import CategoryDefinition, Rule
from db.schema.definition.conditions import ALWAYS
from desktop_app.rectification import rows
from desktop_app.rectification.reckoning.records import Followed, record_reader
from desktop_app.rectification.reckoning.terms import Reader
from desktop_app.rectification.ruling.breach import Judge
from desktop_app.rectification.ruling.ground import Ground, Reckoning
from desktop_app.rectification.ruling.saying import Saying
from desktop_app.rectification.ruling.tests import OF_ROW


@dataclass(frozen=True)
class Asking:
    """One question about one category: the ledger, the day, whose rows (``unit`` by id, with those below it; None: all)."""

    facts: Facts
    definition: CategoryDefinition
    today: date
    unit: str | None = None
    later: bool = True
    """Rows are named when all that is to be said is known."""

    @cached_property
    def units(self) -> tuple[str, ...] | None:
        """The unit and those below it."""
        return None if self.unit is None else tuple(rows.with_below(self.facts, self.unit))

    @cached_property
    def saying(self) -> Saying:
        """How it is said."""
        return Saying(self.facts, self.definition, self.later)

    @cached_property
    def followed(self) -> Followed:
        """The records that references lead to."""
        return Followed(self.facts)

    @cached_property
    def reckoning(self) -> Reckoning:
        """The category's indicators."""
        return Reckoning(self.facts, self.definition, self.today, self.unit)

    def ground(self, rule: Rule, reader: Reader | None = None) -> Ground:
        """What a rule stands on; without a ``reader`` its rows are records."""
        register = rule.register or next(iter(self.definition.registers))
        read = reader or record_reader(self.facts, self.definition, register, self.today, self.followed)
        return Ground(self.facts, self.definition, rule, read, self.saying, self.followed, self.reckoning, self.units)

    def known(self, rule: Rule) -> bool:
        """Whether the ledger has the register a rule is about."""
        return not rule.register or self.definition.registers[rule.register].name in self.facts.tables.records


def judge_of(ground: Ground) -> Judge:
    """The judge of a rule that looks at one row; rows its ``when`` leaves out pass."""
    judge = OF_ROW[type(ground.rule.test)](ground, ground.rule.test)
    if ground.rule.when == ALWAYS:
        return judge
    meant = ground.holds(ground.rule.when)
    return lambda row: judge(row) if meant(row) else None
