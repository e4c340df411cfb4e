"""What became of the fields of one record, change by change; and one former value put back as a deed of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Outcome
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.kinds import Stored
from db.schema.record import Record, Schema
from desktop_app.rectification import forms

MOST = 500
"""Deeds of a record that are gone through."""


@dataclass(frozen=True)
class FieldChange:
    """One field as one deed set it. ``before`` and ``after`` are working values (None: empty); ``current``: the field holds
    ``after`` now. ``field`` "" stands for the record as a whole (made, deleted, brought back), told in ``label``."""

    time: str
    actor: str
    sentence: str
    deed: str
    field: str
    label: str
    before: Any = None
    after: Any = None
    current: bool = False


def changes(facts: Facts, name: str, identifier: str) -> list[FieldChange]:
    """What deeds did to the fields of a record, the latest first. ``before`` is what the field held in this file's order of
    deeds; a value that its kind cannot read any more counts as none."""
    schema = facts.schema(name)
    kinds = schema.kinds()
    record = facts.find(name, identifier, deleted=True)
    found: list[FieldChange] = []
    held: dict[str, Any] = {}
    for entry in reversed(history.entries(facts, record=name, id=identifier, limit=MOST)):
        said = (entry.time, entry.actor, entry.sentence, entry.deed)
        touched = [one.fields for one in entry.touched if (one.record, one.id) == (name, identifier)]
        for fields in touched:
            if "deleted" in fields:
                found.append(FieldChange(*said, "", "删除" if fields["deleted"] else "恢复"))
            for field, value in _loaded(schema, fields).items():
                if value != held.get(field):
                    mine = record is not None and getattr(record, field) == value
                    found.append(FieldChange(*said, field, kinds[field].label, held.get(field), value, mine))
                    held[field] = value
    return found[::-1]


def _loaded(schema: Schema, fields: Mapping[str, Stored]) -> dict[str, Any]:
    kinds = schema.kinds()
    return {n: None if one is None else kinds[n].load(one) for n, one in fields.items() if n in kinds}


def put_back(ledger: Ledger, name: str, identifier: str, field: str, value: Any, actor: str) -> Outcome:
    """Gives one field of a record a value it had before, under the office's rules. ``Refusal`` when the record is deleted."""
    record: Record | None = ledger.find(name, identifier)
    schema = ledger.schema(name)
    if record is None:
        raise Refusal(f"这条{schema.title}已经删除，不能放回一项。", "请先在“历史”里恢复它。", "history")
    return forms.save(ledger, name, record, {field: value}, actor)
