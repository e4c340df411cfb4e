"""What a merge would leave standing against the rules: checked before it is done, on the ledger as it would be; only what is new."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.errors import Refusal
from db.exchange.aftermath import Aftermath, aftermath
from db.exchange.contents import Cancelled, Contents, Progress, never, silent
from db.ledger.facts import Facts
from db.ledger.lines import lines_of
from db.schema.records import Unit
from desktop_app.rectification import checks
from desktop_app.rectification.checks_links import unit_of
from desktop_app.rectification.finding import Finding, worst_first
from desktop_app.rectification.ruling import judging, waiving

TOLD = 1_000
"""Contradictions that are told with unit and title: the worst; of the rest only what was found."""
_DISPUTED = "conflict"


@dataclass(frozen=True)
class Contradiction:
    """A finding there would be after the merge and is not now; the unit ("" for none), register and title of what it is about."""

    finding: Finding
    unit: str = ""
    register: str = ""
    title: str = ""


def contradictions(
    facts: Facts,
    files: Sequence[Contents],
    today: date,
    *,
    walking: AbstractContextManager[Any] | None = None,
    progress: Progress = silent,
    cancelled: Cancelled = never,
) -> list[Contradiction]:
    """What merging these files would leave against rules that nothing stands against now, the worst first. Left out is what only
    time brings, what was waived, and conflicts between offices, which are told by themselves. ``walking`` is held while the files
    are read; ``Refusal`` when it is cancelled. Those after the first ``TOLD`` are without names."""
    with aftermath(
        facts, files, walking=walking, progress=lambda done: progress(done * 0.5), cancelled=cancelled
    ) as then:
        if not then.touched:
            return []
        before = {_key(one) for one in _found(then, today, lambda done: progress(0.5 + done * 0.2), cancelled)}
        then.turn()
        found = _found(then, today, lambda done: progress(0.7 + done * 0.3), cancelled)
        return _named(then, worst_first([one for one in found if _key(one) not in before]))


def _key(one: Finding) -> tuple[str, ...]:
    return (one.rule, one.code, one.record, one.id, one.field, one.matter)


def _found(facts: Aftermath, today: date, progress: Progress, cancelled: Cancelled) -> list[Finding]:
    """The findings of what may be touched: of the categories something comes for, of all where records of the core come."""
    found: list[Finding] = []
    core = any("." not in name for name in facts.touched)
    wanted = sorted(_categories(facts, facts.touched)) if not core else sorted(facts.definitions)
    for at, key in enumerate(wanted):
        if cancelled():
            raise Refusal("已取消预先检查。", "", "exchange")
        found += judging.findings(facts, today, None, [key])
        progress(at / (len(wanted) + 1))
    if core:
        found += checks.own(facts, today, None)
    marked = waiving.marked(facts, found, today)
    return [one for one in marked if one.waived is None and not one.pending and one.code != _DISPUTED]


def _categories(facts: Facts, touched: Collection[str]) -> Iterator[str]:
    for key, definition in facts.definitions.items():
        if any(register.name in touched for register in definition.registers.values()):
            yield key


def _named(facts: Facts, found: Sequence[Finding]) -> list[Contradiction]:
    """The findings with the names of what they are about, as they will be."""
    ids: dict[str, set[str]] = {}
    for one in found[:TOLD]:
        ids.setdefault(one.record, set()).add(one.id)
    titles = {
        (record, identifier): line
        for record, some in ids.items()
        for identifier, line in lines_of(facts, record, some - {""}).items()
    }
    units = {one.id: one.short_name or one.name or "" for one in facts.all(Unit)}
    told = []
    for one in found[:TOLD]:
        known = facts.tables.records.get(one.record)
        unit = units.get(unit_of(facts, one.record, one.id) or "", "") if known is not None and one.id else ""
        register = known.schema.title if known is not None else ""
        told.append(Contradiction(one, unit, register, titles.get((one.record, one.id), "")))
    return [*told, *map(Contradiction, found[TOLD:])]
