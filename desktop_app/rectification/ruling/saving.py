"""Rules at the moment a row is saved: what a hard rule refuses, and what a clerk is asked to give a reason for.

What was wrong with the row before, and is so still, is neither refused nor asked again: it may have come with a merge, and
must not keep somebody from putting the rest right.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from db.ledger.facts import Facts
from db.schema.definition import CategoryDefinition
from db.schema.record import Record, Schema
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.ruling import judging, waiving

_Hard = tuple[Facts, CategoryDefinition, str, date, Callable[[Record], list[Finding]] | None]


class _Kept(threading.local):
    """The hard rules of the register saved last, compiled: an import asks for them a hundred thousand times."""

    last: _Hard | None = None


_kept = _Kept()


def of_register(facts: Facts, schema_name: str) -> tuple[CategoryDefinition, str] | None:
    """The definition and the register (its key) of a schema; None for a record of the core."""
    category, _, register = schema_name.partition(".")
    definition = facts.definitions.get(category) if register else None
    return (definition, register) if definition is not None and register in definition.registers else None


def refused(facts: Facts, schema_name: str, before: Record | None, after: Record, today: date) -> list[Finding]:
    """What hard rules have against a row as it would be, that was not wrong already."""
    found = of_register(facts, schema_name)
    judge = None if found is None else _hard(facts, *found, today)
    wrong = [] if judge is None else judge(after)
    if not wrong or judge is None:
        return []
    known = {waiving.key(one) for one in judge(before)} if before is not None else set()
    return [one for one in wrong if waiving.key(one) not in known]


def _hard(
    facts: Facts, definition: CategoryDefinition, register: str, today: date
) -> Callable[[Record], list[Finding]] | None:
    last = _kept.last
    if last is None or last[0] is not facts or last[1] is not definition or last[2:4] != (register, today):
        rules = [one for one in definition.rules.values() if one.hard and one.register == register]
        judge = judging.row_judge(judging.Asking(facts, definition, today), rules) if rules else None
        last = _kept.last = (facts, definition, register, today, judge)
    return last[4]


def doubts(
    facts: Facts, schema: Schema, record: Record | None, values: Mapping[str, Any], today: date
) -> list[Finding]:
    """What rules doubt about a form as it would be saved (``record`` is what was shown, None: a new one), so that a reason
    is asked: not what time brings, not notes, not what was so before or was let pass."""
    found = of_register(facts, schema.name)
    if found is None:
        return []
    shown = {} if record is None else {one.name: getattr(record, one.name) for one in schema.fields}
    after = schema.make(id=record.id if record is not None else "", **{**shown, **values})
    wrong = [one for one in judging.of_row(facts, *found, after, today) if _asked(one)]
    if not wrong:
        return []
    known = {waiving.key(one) for one in judging.of_row(facts, *found, record, today)} if record is not None else set()
    new = [one for one in wrong if waiving.key(one) not in known]
    return [one for one in waiving.marked(facts, new, today) if one.waived is None]


def _asked(one: Finding) -> bool:
    return one.severity != "note" and not one.pending and not one.hard
