"""A finding: what does not add up, where, under which rule, on which basis, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypedDict

from db.schema.kinds import Publicity
from db.schema.record import Record, schema_name
from db.schema.records import Waiver

Severity = Literal["error", "warning", "note"]
SEVERITIES: dict[Severity, str] = {"error": "错误", "warning": "注意", "note": "提示"}
"""From the worst to the least, and what a clerk reads."""
_ORDER = {severity: at for at, severity in enumerate(SEVERITIES)}
_STRICTNESS: dict[str, int] = {"public": 0, "internal": 1, "secret": 2}


@dataclass(frozen=True)
class Finding:
    """What, where, and what to do. ``record`` and ``id`` name the row it can be opened at, ``field`` the field.

    ``rule`` is ``category.key`` of a category's rule, "" for the program's own checks (``code`` tells these apart).
    ``matter`` says which of several things found at the row this is and never changes by itself; ``substance`` are the
    figures concerned, in one short text: a waiver counts as long as they stay. ``rows`` are the ids of other rows
    concerned, of the same schema as ``record`` unless the sentence says otherwise.
    """

    code: str
    severity: Severity
    sentence: str
    advice: str
    record: str = ""
    id: str = ""
    field: str = ""
    rule: str = ""
    title: str = ""
    """The rule's title, "" for the program's own checks."""
    basis: str = ""
    matter: str = ""
    substance: str = ""
    rows: tuple[str, ...] = ()
    pending: bool = False
    """Time brought it or will (overdue, due soon): nothing is wrong with what was typed, and a form does not ask about it."""
    day: date | None = None
    """The last day for what is to be done, where there is one; past when it is overdue."""
    publicity: Publicity = "public"
    hard: bool = False
    """A form that says so is refused."""
    waived: Waiver | None = None

    @property
    def about(self) -> str:
        """The rule in words: its title and its basis; "" for the program's own checks."""
        if not self.title:
            return ""
        return f"规则“{self.title}”" + (f"，依据：{self.basis}" if self.basis else "")


class Place(TypedDict):
    """Where a finding is opened."""

    record: str
    id: str
    field: str


def at(record: Record, name: str = "") -> Place:
    """Where a finding about a field of a record is opened."""
    return {"record": schema_name(record), "id": record.id, "field": name}


def worst_first(found: list[Finding]) -> list[Finding]:
    """Findings by severity, otherwise as they come."""
    return sorted(found, key=lambda one: _ORDER[one.severity])


def stricter(one: Publicity, *others: Publicity) -> Publicity:
    """The strictest of several levels."""
    return max((one, *others), key=_STRICTNESS.__getitem__)


def may_show(one: Finding, publicity: Publicity) -> bool:
    """Whether readers of this level may see what was found."""
    return _STRICTNESS[one.publicity] <= _STRICTNESS[publicity]


def told(one: Finding, publicity: Publicity) -> str:
    """The sentence as readers of this level may see it: of what is kept from them it says that there is something, not what."""
    if may_show(one, publicity):
        return one.sentence
    return f"有一处不符合规则“{one.title}”，内容不公开。" if one.publicity == "internal" else "有一处内容不公开的问题。"
