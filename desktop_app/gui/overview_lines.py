"""The lines of the page 总览 as plain values: what each says, its sign, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from desktop_app.gui.overview_parts import Entry
from desktop_app.rectification import peers_due, situation
from desktop_app.rectification.contacts import Contact, OpenConflicts
from desktop_app.rectification.finding import SEVERITIES, Finding
from desktop_app.rectification.overview import BANDS, Narrowing
from desktop_app.rectification.reminders import GROUPS, Group, Reminder
from desktop_app.rectification.situation import Situation

if TYPE_CHECKING:
    from desktop_app.rectification.twins.review import Review

SIGNS = {"late": "▲", "yellow": "◐", "green": "◔", "month": "●", "later": "○", "none": "–"}
_BAND_TINTS = {"late": "overdue", "yellow": "soon", "green": "soon"}
_SEVERITY_SIGNS = {"error": ("●", "overdue"), "warning": ("▲", "soon"), "note": ("○", "secondary")}
_GROUP_SIGNS: dict[Group, tuple[str, str]] = {
    "overdue": ("▲", "overdue"),
    "soon": ("◐", "soon"),
    "missing": ("！", "soon"),
}
FEW = 3
"""Findings and reminders that are told one by one."""


def bands(found: Situation, names: Mapping[str, str], act: Callable[[Narrowing], object]) -> list[Entry]:
    """How many deadlines are how far; nothing is said of what there is none of, but of what is overdue."""
    return [
        Entry(
            names[band],
            partial(act, situation.of_band(band)),
            f"{found.by_band[band]} 个",
            SIGNS[band],
            _BAND_TINTS.get(band, "secondary") if found.by_band[band] else "secondary",
            f"{names[band]}的问题 {found.by_band[band]} 个",
        )
        for band in BANDS
        if found.by_band[band] or band == "late"
    ]


def conflicts(found: OpenConflicts, act: Callable[[str, str, str], object]) -> list[Entry]:
    """The oldest conflicts, and how many more there are."""
    told = [
        Entry(
            one.words,
            partial(act, one.record, one.id, one.field),
            f"{one.owner} · {'今天' if not one.days else f'{one.days} 天'}",
            "⇄",
            "soon",
        )
        for one in found.oldest
    ]
    rest = found.all - len(told)
    return [*told, Entry(f"还有 {rest} 处", partial(act, "", "", ""))] if rest else told


def peers(found: Sequence[Contact], act: Callable[[str], object]) -> list[Entry]:
    """The offices one exchanges with."""
    return [
        Entry(
            one.name,
            partial(act, one.id),
            one.words,
            "▲" if one.overdue else "⇄",
            "overdue" if one.overdue else "secondary",
            f"{one.name}：{one.words}" + (f"；对方还缺 {one.owed} 条" if one.owed else ""),
        )
        for one in found
    ]


def findings(
    found: Sequence[Finding], act: Callable[[str], object], show: Callable[[str, str, str], object]
) -> list[Entry]:
    """How many of each gravity, and the worst of them."""
    open_ones = [one for one in found if one.waived is None]
    told: list[Entry] = []
    for severity, words in SEVERITIES.items():
        count = sum(one.severity == severity for one in open_ones)
        if count:
            sign, tint = _SEVERITY_SIGNS[severity]
            told.append(Entry(words, partial(act, severity), f"{count} 处", sign, tint))
    worst = [one for one in open_ones if one.id and one.severity != "note"][:FEW]
    return [
        *told,
        *(
            Entry(one.sentence, partial(show, one.record, one.id, one.field), tip=one.sentence + one.advice)
            for one in worst
        ),
    ]


def duties(
    found: Sequence[Reminder], act: Callable[[Group], object], show: Callable[[Reminder], object]
) -> list[Entry]:
    """How much is overdue, near its end or missing, and the most pressing of the registers: what problems are due is told
    beside."""
    told: list[Entry] = []
    for group, (sign, tint) in _GROUP_SIGNS.items():
        count = sum(one.group == group for one in found)
        if count:
            told.append(Entry(GROUPS[group], partial(act, group), f"{count} 项", sign, tint))
    own = [one for one in found if one.category not in ("", peers_due.CODE) and one.group in _GROUP_SIGNS]
    return [*told, *(Entry(one.finding.sentence, partial(show, one), one.state_words) for one in own[:FEW])]


def twins(found: Review, act: Callable[[str, str], object]) -> list[Entry]:
    """The surest of the pairs that may be one, and how many more there are."""
    told = [
        Entry(
            f"{one.lines[0]} / {one.lines[1]}",
            partial(act, one.record, one.one),
            one.title,
            "≈",
            "soon",
            f"{one.lines[0]}\n{one.lines[1]}\n{one.reason}",
        )
        for one in found.pairs[:FEW]
    ]
    rest = len(found.pairs) + found.more - len(told)
    return [*told, Entry(f"还有 {rest} 对", partial(act, "", ""))] if rest else told
