"""The conflicts as the page shows them: in words, with whose value each is and how old; and the deeds that decide them. No widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from db import clock
from db.errors import Refusal
from db.exchange import peers
from db.ledger import conflicts
from db.ledger.change import Deed, Outcome
from db.ledger.conflicts import Conflict, Rival
from db.ledger.ledger import Ledger
from db.ledger.lines import lines_of
from db.schema.kinds import Kind, Stored
from db.schema.links import Ref, Refs
from db.store.projection import DELETED
from desktop_app.gui.exchange_jobs import called, moment
from desktop_app.gui.exchange_told import NONE, Words, wanted
from desktop_app.rectification import rules

OWN = "本单位"
Rule = Literal["newer", "mine", "theirs"]
RULES: dict[Rule, str] = {"newer": "都用较新的", "mine": "都用本单位的", "theirs": "都用对方的"}


@dataclass(frozen=True)
class Side:
    """One of the competing values: whose, in words, who set it and when."""

    rival: Rival
    office: str
    words: str
    who: str

    @property
    def own(self) -> bool:
        """Whether it was set in this office."""
        return self.office == OWN


@dataclass(frozen=True)
class Dispute:
    """A conflict in words. ``sides`` has our own first, then the newest."""

    conflict: Conflict
    title: str
    register: str
    field: str
    sides: tuple[Side, ...]
    days: int

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
    values = [(one.record, one.field, rival.value) for one in found for rival in one.rivals]
    words = Words(ledger, {}, wanted(ledger, values))
    titles: dict[tuple[str, str], str] = {}
    for record in {one.record for one in found}:
        lines = lines_of(ledger, record, {one.id for one in found if one.record == record})
        titles.update(((record, identifier), line) for identifier, line in lines.items())
    now = ledger.clock()
    told = [_dispute(one, titles.get((one.record, one.id), ""), words, offices, now) for one in found]
    return sorted(told, key=lambda one: -one.days)


def _dispute(one: Conflict, title: str, words: Words, offices: dict[str, str], now: datetime) -> Dispute:
    sides = [
        Side(
            rival,
            offices.get(rival.replica, OWN),
            words.value(one.record, one.field, rival.value),
            f"{rival.actor} {moment(rival.time)}".strip(),
        )
        for rival in one.rivals
    ]
    sides.sort(key=lambda side: side.rival.time, reverse=True)
    sides.sort(key=lambda side: not side.own)
    newest = max((clock.moment(side.rival.time) for side in sides if clock.readable(side.rival.time)), default=now)
    register = words.schema(one.record)
    return Dispute(
        one,
        title or f"未命名的{register}",
        register,
        words.label(one.record, one.field),
        tuple(sides),
        (now - newest).days,
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


def decide(ledger: Ledger, chosen: Sequence[tuple[Dispute, Stored]], actor: str) -> Outcome:
    """Decides conflicts in one deed."""
    deeds = [conflicts.decision(ledger, one.conflict, value, actor) for one, value in chosen]
    if not deeds:
        raise Refusal("没有选中要裁定的冲突。", "请先在表里选中。", "exchange")
    sentence = deeds[0].sentence if len(deeds) == 1 else f"裁定 {len(deeds)} 处冲突"
    return ledger.act(Deed(sentence, actor, tuple(edit for deed in deeds for edit in deed.edits)))


def by_rule(found: Sequence[Dispute], rule: Rule) -> list[tuple[Dispute, Stored]]:
    """What a rule says of conflicts; those it says nothing of are left out."""
    pick: Callable[[Dispute], Side | None] = {"newer": newest, "mine": _mine, "theirs": _theirs}[rule]
    return [(one, side.rival.value) for one in found if (side := pick(one)) is not None]


def newest(one: Dispute) -> Side | None:
    """The value that was set last, by the clock on the wall of whoever set it."""
    return max(one.sides, key=lambda side: side.rival.time, default=None)


def _mine(one: Dispute) -> Side | None:
    return next((side for side in one.sides if side.own), None)


def _theirs(one: Dispute) -> Side | None:
    others = [side for side in one.sides if not side.own]
    return others[0] if len(others) == 1 else None


def plain(one: Side) -> str:
    """The words of a value, "" for none: what an editor begins with."""
    return "" if one.words == NONE else one.words
