"""The conflicts as the page shows them: in words, with whose value each is and how old; and the deeds that decide them. No widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from db import clock
from db.errors import Refusal
from db.exchange import peers
from db.ledger import conflicts
from db.ledger.change import Outcome
from db.ledger.conflicts import Conflict, Rival
from db.ledger.ledger import Ledger
from db.ledger.lines import lines_of
from db.schema.kinds import Kind, Stored
from db.schema.links import Ref, Refs
from db.store.projection import DELETED
from desktop_app.gui.exchange_jobs import called, moment, units
from desktop_app.gui.exchange_told import NONE, Words, wanted
from desktop_app.rectification import conflicts as office
from desktop_app.rectification import rules

OWN = "本单位"
Rule = Literal["newer", "owner", "mine", "theirs"]
RULES: dict[Rule, str] = {
    "newer": "都用较新的",
    "owner": "都用记录所属单位的",
    "mine": "都用本单位的",
    "theirs": "都用对方的",
}


@dataclass(frozen=True)
class Side:
    """One of the competing values: whose, in words, who set it and when; whether it was set in this file."""

    rival: Rival
    office: str
    words: str
    who: str
    own: bool


@dataclass(frozen=True)
class Dispute:
    """A conflict in words. ``sides`` has our own first, then the newest; ``before`` is the last value that all had seen."""

    conflict: Conflict
    title: str
    register: str
    field: str
    sides: tuple[Side, ...]
    days: int
    before: str
    unit: str
    """The unit the record belongs to."""
    proposal: str | None
    """A text with the changes of both, where they changed different places."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Which conflict it is."""
        return self.conflict.record, self.conflict.id, self.conflict.field

    @property
    def age(self) -> str:
        """How long it has been waiting."""
        return "今天" if self.days <= 0 else f"{self.days} 天"


def disputes(ledger: Ledger) -> list[Dispute]:
    """All open conflicts, the oldest first."""
    found = conflicts.conflicts(ledger)
    offices = {replica: called(party) for replica, party in peers.writers(ledger).items()}
    values = [(one.record, one.field, value) for one in found for value in _values(one)]
    words = Words(ledger, {}, wanted(ledger, values))
    titles: dict[tuple[str, str], str] = {}
    for record in {one.record for one in found}:
        lines = lines_of(ledger, record, {one.id for one in found if one.record == record})
        titles.update(((record, identifier), line) for identifier, line in lines.items())
    now, owned, names = ledger.clock(), office.owners(ledger, found), units(ledger)
    told = [
        _dispute(one, titles.get((one.record, one.id), ""), words, offices, now, names.get(owned[office.code(one)], ""))
        for one in found
    ]
    return sorted(told, key=lambda one: -one.days)


def _values(one: Conflict) -> list[Stored]:
    return [one.before, *(rival.value for rival in one.rivals)]


def _dispute(one: Conflict, title: str, words: Words, offices: dict[str, str], now: datetime, unit: str) -> Dispute:
    sides = [
        Side(
            rival,
            OWN if rival.hash in one.own else offices.get(rival.replica, "别的单位"),
            words.value(one.record, one.field, rival.value),
            f"{rival.actor} {moment(rival.time)}".strip(),
            rival.hash in one.own,
        )
        for rival in reversed(one.rivals)
    ]
    sides.sort(key=lambda side: not side.own)
    days = (now - clock.moment(one.since)).days if clock.readable(one.since) else 0
    register, before = words.schema(one.record), words.value(one.record, one.field, one.before)
    field = words.label(one.record, one.field)
    return Dispute(
        one, title or f"未命名的{register}", register, field, tuple(sides), days, before, unit, office.proposal(one)
    )


def kind_of(ledger: Ledger, one: Dispute) -> Kind[Any] | None:
    """The kind of the field in dispute; None for whether the record is deleted."""
    if one.conflict.field == DELETED:
        return None
    return ledger.schema(one.conflict.record).field(one.conflict.field).kind


def editable(ledger: Ledger, one: Dispute) -> bool:
    """Whether another value can be typed: not whether a record is deleted, and not what other records it points at."""
    kind = kind_of(ledger, one)
    return kind is not None and not isinstance(kind, Ref | Refs) and not kind.structured


def typed(ledger: Ledger, one: Dispute, text: str) -> Stored:
    """What was typed as a stored value; ``Refusal`` where it is none, or the office's rules stand against it."""
    kind = kind_of(ledger, one)
    assert kind is not None
    value = kind.parse(text)
    record = ledger.find(one.conflict.record, one.conflict.id)
    if record is not None:
        schema = ledger.schema(one.conflict.record)
        values = {name: getattr(record, name) for name in schema.kinds()}
        after = schema.make(id=one.conflict.id, **{**values, one.conflict.field: value})
        rules.enforce(ledger, one.conflict.record, record, after)
    return None if value is None else kind.store(value)


def decide(ledger: Ledger, one: Dispute, value: Stored, actor: str) -> Outcome:
    """Decides one conflict."""
    return ledger.act(conflicts.decision(ledger, one.conflict, value, actor))


def decide_many(ledger: Ledger, found: Sequence[Dispute], rule: Rule, actor: str) -> Outcome:
    """Decides by a rule those it says something of, in one deed."""
    deed = conflicts.decide_many(ledger, [one.conflict for one in found], _rule(ledger, found, rule), actor)
    if deed is None:
        raise Refusal(f"这几处都不能按“{RULES[rule]}”裁定。", "请逐处裁定。", "exchange")
    return ledger.act(deed)


def silent(ledger: Ledger, found: Sequence[Dispute], rule: Rule) -> int:
    """How many of these a rule says nothing of."""
    asked = _rule(ledger, found, rule)
    return sum(asked(one.conflict) is None for one in found)


def _rule(ledger: Ledger, found: Sequence[Dispute], rule: Rule) -> conflicts.Rule:
    if rule == "owner":
        return office.owner_rule(ledger, office.sides(ledger), [one.conflict for one in found])
    return {"newer": conflicts.newer, "mine": _mine, "theirs": _theirs}[rule]


def _mine(one: Conflict) -> Rival | None:
    own = [rival for rival in one.rivals if rival.hash in one.own]
    return own[-1] if own else None


def _theirs(one: Conflict) -> Rival | None:
    others = [rival for rival in one.rivals if rival.hash not in one.own]
    return others[0] if len(others) == 1 else None


def plain(one: Side) -> str:
    """The words of a value, "" for none: what an editor begins with."""
    return "" if one.words == NONE else one.words
