"""The calendar of duties: what is owed in a span of days, by whom, until when, and whether it was done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from db.ledger.facts import Facts
from db.schema.composite import Span
from db.schema.definition.set_tests import Obligation
from desktop_app.rectification.ruling.duties import Owed, owed
from desktop_app.rectification.ruling.judging import Asking, categories_at_work
from desktop_app.rectification.ruling.pinned import pinned


def obligations(
    facts: Facts, span: Span, today: date, unit: str | None = None, categories: Collection[str] | None = None
) -> list[Owed]:
    """Every period of every duty that touches the span (its end may lie ahead), by the last day for it; of a unit (by id) with
    those below it, or of all."""
    found: list[Owed] = []
    with pinned(facts) as moment:
        for definition in categories_at_work(moment, categories):
            asking = Asking(moment, definition, today, unit, later=False)
            for rule in definition.rules.values():
                if isinstance(rule.test, Obligation) and asking.known(rule):
                    within = Span(span.start, span.end or today)
                    found += owed(asking.ground(rule), rule.test, within)
    return sorted(found, key=lambda one: (one.due, one.rule, one.subject))


def missing(found: Collection[Owed], today: date) -> list[Owed]:
    """Those whose last day is past and that were not done."""
    return [one for one in found if one.done is None and one.due < today]
