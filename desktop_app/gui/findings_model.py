"""Findings as the rows of a table, narrowed by category, by words and by whether they were waived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop_app.gui.table import Column
from desktop_app.rectification.finding import SEVERITIES, Finding, Severity

OWN = "（问题、措施和通报）"
"""What the program checks itself, in the choice of categories."""
_SIGNS = {"error": "●", "warning": "▲", "note": "○"}
_COLOURS = {"error": "overdue", "warning": "soon", "note": "secondary"}
COLUMNS = (
    Column[Finding](
        "程度",
        lambda one: f"{_SIGNS[one.severity]} {SEVERITIES[one.severity]}",
        by=lambda one: list(SEVERITIES).index(one.severity),
        tint=lambda one: _COLOURS[one.severity],
        least=84,
    ),
    Column[Finding]("查出什么", lambda one: one.sentence, wide=True, least=280),
    Column[Finding]("规则", lambda one: one.title or "程序自己的检查", least=200, most=280),
)


@dataclass(frozen=True)
class Narrowing:
    """Which findings are shown: of a category (its key; "" the program's own checks, None all), that hold the words, waived ones
    or those that count, of one gravity (None: of any)."""

    category: str | None = None
    words: str = ""
    waived: bool = False
    severity: Severity | None = None

    def of(self, found: Sequence[Finding]) -> list[Finding]:
        """Those of them that are shown."""
        return [one for one in found if self._shows(one)]

    def widened(self) -> Narrowing:
        """The same with every category and without words."""
        return replace(self, category=None, words="", severity=None)

    def _shows(self, one: Finding) -> bool:
        if (one.waived is not None) != self.waived:
            return False
        if self.severity is not None and one.severity != self.severity:
            return False
        if self.category is not None and one.rule.partition(".")[0] != self.category:
            return False
        told = f"{one.sentence}{one.title}{one.basis}{one.waived.reason if one.waived else ''}"
        return all(word in told for word in self.words.split())


def counts(found: Sequence[Finding]) -> dict[Severity, int]:
    """How many that count there are of each sort."""
    open_ones = [one.severity for one in found if one.waived is None]
    return {severity: open_ones.count(severity) for severity in SEVERITIES}


def told(one: Finding) -> str:
    """A finding with what is to be done, for its tip."""
    return one.sentence + one.advice


def same(one: Finding) -> tuple[str, ...]:
    """What makes two readings the same finding."""
    return (one.rule, one.code, one.record, one.id, one.field, one.matter)
