"""A finding: what does not add up, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from db.schema.record import Record, schema_name

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """What, where, and what to do. ``record`` and ``id`` name the row it can be opened at, ``field`` the field."""

    code: str
    severity: Severity
    sentence: str
    advice: str
    record: str = ""
    id: str = ""
    field: str = ""


def at(record: Record, name: str = "") -> dict[str, str]:
    """Where a finding about a field of a record is opened."""
    return {"record": schema_name(record), "id": record.id, "field": name}
