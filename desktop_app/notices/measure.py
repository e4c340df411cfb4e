"""Measures a finished PDF against GB/T 9704-2012 and the rules of Chinese line ends, as somebody with a ruler would.

Only the file is read (``measure_read``), never the laid-out pages it was drawn from: a slip anywhere in typesetting, drawing
or embedding shows. A rule that has nothing to apply to is told as 不适用, not as kept. Files of other programs are measured
by the same rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from desktop_app.notices import measure_ends, measure_front, measure_place, measure_print, plain, tree
from desktop_app.notices.finding import Finding
from desktop_app.notices.measure_read import read
from desktop_app.notices.measure_rows import BEGINNING, Layout, layout

RULES: tuple[Callable[[Layout], Finding], ...] = (
    measure_place.paper,
    measure_place.left,
    measure_place.right,
    measure_place.top,
    measure_place.bottom,
    measure_place.lines,
    measure_place.grid,
    measure_place.characters,
    measure_place.edges,
    measure_place.inside,
    measure_ends.first,
    measure_ends.last,
    measure_ends.split,
    measure_ends.units,
    measure_front.mark,
    measure_front.rule,
    measure_front.imprint,
    measure_front.numbers,
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found, one finding a rule, in the order they are told."""

    findings: tuple[Finding, ...]
    pages: int
    faces: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether no rule is broken."""
        return not self.failed

    @property
    def failed(self) -> tuple[Finding, ...]:
        """The rules that are broken."""
        return tuple(one for one in self.findings if one.verdict == "fails")

    @property
    def summary(self) -> str:
        """One sentence for the clerk."""
        kept = sum(1 for one in self.findings if one.verdict == "keeps")
        idle = sum(1 for one in self.findings if one.verdict == "idle")
        said = (
            f"共{self.pages}页，测量{len(self.findings)}项：合格{kept}项，不合格{len(self.failed)}项，不适用{idle}项。"
        )
        if self.failed:
            said += f"不合格的是：{'、'.join(one.name for one in self.failed)}。"
        return said


def sheet(data: bytes, document: tree.Document | None = None) -> Measured:
    """Measures a PDF; ``document`` is the tree whose words it should hold. Raises ``Refusal`` if the file is no PDF."""
    reading = read(data, document is not None)
    laid = layout(reading)
    if document is not None:
        laid.begun = frozenset(line[:BEGINNING].strip() for line in plain.text(document).splitlines())
    findings = [rule(laid) for rule in RULES]
    findings += [rule(reading) for rule in (measure_print.fonts, measure_print.mapped, measure_print.drawn)]
    findings.append(measure_print.words(laid, document))
    return Measured(tuple(findings), len(reading.leaves), tuple(face.name for face in reading.faces))


VERDICTS: dict[Literal["keeps", "fails", "idle"], str] = {"keeps": "合格", "fails": "不合格", "idle": "不适用"}


def rows(measured: Measured) -> list[tuple[str, str, str, str, str]]:
    """The sheet as rows for a table on the screen: what, bound, measured, verdict, where."""
    return [(one.name, one.bound, one.value, VERDICTS[one.verdict], "；".join(one.places)) for one in measured.findings]


def told(measured: Measured) -> list[str]:
    """The sheet as lines of text, the summary first."""
    lines = [measured.summary]
    for one in measured.findings:
        bound = f"（要求{one.bound}）" if one.bound else ""
        lines.append(f"{VERDICTS[one.verdict]}\u3000{one.name}{bound}：{one.value}")
        lines += [f"\u3000\u3000{place}" for place in one.places]
    return lines
