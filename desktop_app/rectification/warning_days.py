"""From how many days before a deadline it is called near: the office's own days, by round of inspection (process.md 2.2).

Green is where reminding begins, yellow where it presses; a round may have days of its own, and everything that tells of a
deadline (list of problems, overview, reminders, letters) asks here, so that no two of them differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from db.ledger.facts import Facts

SOON = 20
"""Days before a deadline from which it is called near, where the round says nothing else."""
YELLOW = 10
"""Days before a deadline from which the reminder is yellow, where the round says nothing else."""

Colour = Literal["green", "yellow", "red"]
COLOURS: dict[Colour, str] = {"green": "绿色", "yellow": "黄色", "red": "红色"}
"""From the mildest to the most pressing, and what a clerk reads."""


@dataclass(frozen=True)
class Days:
    """From how many days before a deadline reminders are green and yellow."""

    green: int = SOON
    yellow: int = YELLOW

    def colour(self, left: int) -> Colour | None:
        """The colour for so many days left (negative: past); None when it is too early for any."""
        if left < 0:
            return "red"
        if left <= self.yellow:
            return "yellow"
        return "green" if left <= self.green else None

    def near(self, left: int) -> bool:
        """Whether a deadline so many days ahead is near."""
        return 0 <= left <= max(self.green, self.yellow)


USUAL = Days()
"""What counts where no round says anything."""


def _days(green: int | None, yellow: int | None) -> Days:
    green = SOON if green is None else green
    return Days(green, min(YELLOW, green) if yellow is None else yellow)


@dataclass(frozen=True)
class RoundDays:
    """The days of every round, by its id. ``common`` are those of what belongs to no round (rows of registers, duties): where
    all rounds agree an office means theirs, else the usual ones."""

    rounds: Mapping[str, Days]

    @property
    def common(self) -> Days:
        """The days all rounds agree on, else the usual ones."""
        agreed = set(self.rounds.values())
        return agreed.pop() if len(agreed) == 1 else USUAL

    def of(self, inspection: str | None) -> Days:
        """The days of a round; the usual ones for a problem of none."""
        return self.rounds.get(inspection or "", USUAL)


def round_days(facts: Facts) -> RoundDays:
    """The days of the rounds of a ledger."""
    table = facts.tables.records["inspection"].table.c
    with facts.reading() as connection:
        found = connection.execute(
            select(table.id, table.green_days, table.yellow_days).where(table.deleted == 0)
        ).all()
    return RoundDays({row.id: _days(row.green_days, row.yellow_days) for row in found})
