"""By which year a deadline without a year is reckoned: that of the notice in which it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.ledger.facts import Facts
from db.schema.links import Ref
from db.schema.record import Schema
from db.schema.records import Notice


def year_of_issue(facts: Facts, schema: Schema, values: Mapping[str, Any]) -> int | None:
    """The year of the notice a record is told in (its unit's, of its round where that has one): by it a deadline
    without a year is reckoned. None when no such notice has a date."""
    told = dict(values)
    while "unit" not in told:
        field = schema.owner()
        if field is None or not isinstance(field.kind, Ref) or not told.get(field.name):
            return None
        found = facts.find(field.kind.to, told[field.name])
        if found is None:
            return None
        schema, told = facts.schema(field.kind.to), dict(vars(found))
    dated = [one for one in facts.all(Notice, unit=told["unit"]) if one.issued] if told["unit"] else []
    same = [one for one in dated if one.inspection == told.get("inspection")]
    return max((one.issued.year for one in same or dated if one.issued), default=None)
