"""What an office asks of a conflict: how it is called, whose the record is, who says what, what a text of both could be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from db.errors import Refusal
from db.exchange import belonging, peers
from db.ledger import conflicts as disputes
from db.ledger.conflicts import Conflict, Rival, Rule
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.ledger.lines import describe
from db.schema.kinds import Stored
from db.schema.links import Ref
from db.schema.records import Unit
from desktop_app.rectification import ledgers

TOPIC = "exchange"
DELETED = "deleted"
KEEP, DELETE = "保留", "删除"
EMPTY = "（空）"
_CODE = 8
_PIECE = re.compile(r"[^，。；！？、：\n]*[，。；！？、：\n]|[^，。；！？、：\n]+")
Side = Literal["mine", "theirs"]


def code(conflict: Conflict) -> str:
    """A short name for a conflict, the same in every file: eight hex digits."""
    told = "\n".join((conflict.record, conflict.id, conflict.field))
    return hashlib.sha256(told.encode()).hexdigest()[:_CODE]


def find(found: Sequence[Conflict], named: str) -> Conflict:
    """The open conflict of that code, or of the beginning of it that fits one only."""
    wanted = named.strip().lower()
    part = [one for one in found if wanted and code(one).startswith(wanted)]
    if len(part) == 1:
        return part[0]
    if part:
        raise Refusal(f"“{named}”可以是几处冲突。", "请把编号写全，编号见“conflicts”命令。", TOPIC)
    raise Refusal(f"没有编号为“{named}”的待裁定冲突。", "可能已经裁定了；编号见“conflicts”命令。", TOPIC)


@dataclass(frozen=True)
class Sides:
    """The offices behind replicas: ``own`` is this one; ``writers`` replica → unit id and name of those known by their files."""

    own: tuple[str, str]
    writers: dict[str, tuple[str, str]]

    def of(self, conflict: Conflict, rival: Rival) -> tuple[str, str]:
        """(unit id, name) of the office a competing value was written in; ("", "") where nobody knows."""
        return self.own if rival.hash in conflict.own else self.writers.get(rival.replica, ("", ""))


def sides(ledger: Ledger) -> Sides:
    """The offices behind the replicas of a ledger."""
    unit = ledgers.own_unit(ledger, ledger)
    own = (unit.id, unit.name or "") if unit is not None else ("", "")
    return Sides(own, {replica: (one.unit, one.name) for replica, one in peers.writers(ledger).items()})


def owners(facts: Facts, found: Sequence[Conflict]) -> dict[str, str]:
    """Code → the id of the unit a conflict's record belongs to; "" for what all units share."""
    asked: dict[str, list[str]] = {}
    for one in found:
        asked.setdefault(one.record, []).append(one.id)
    with facts.reading() as connection:
        units = {record: belonging.units(connection, facts.tables, record, ids) for record, ids in asked.items()}
    return {code(one): units[one.record][one.id] for one in found}


def owner_rule(facts: Facts, known: Sides, found: Sequence[Conflict]) -> Rule:
    """The rule that takes what the record's own unit wrote, where it alone wrote one of the values."""
    owned = owners(facts, found)

    def rule(conflict: Conflict) -> Rival | None:
        unit = owned.get(code(conflict), "")
        theirs = [rival for rival in conflict.rivals if unit and known.of(conflict, rival)[0] == unit]
        return theirs[0] if len({repr(one.value) for one in theirs}) == 1 else None

    return rule


def of_side(conflict: Conflict, side: Side) -> Rival:
    """The value written in this file, or the one that came; ``Refusal`` where there is not exactly one."""
    wanted = [one for one in conflict.rivals if (one.hash in conflict.own) == (side == "mine")]
    if len({repr(one.value) for one in wanted}) == 1:
        return wanted[-1]
    whose = "本台账" if side == "mine" else "对方"
    if not wanted:
        raise Refusal(f"这处冲突里没有{whose}填的值。", "请用 --take 写第几个值，或用 --value 写要用的内容。", TOPIC)
    raise Refusal(
        f"这处冲突里{whose}有 {len(wanted)} 个不同的值。", "请用 --take 写第几个值，或用 --value 写要用的内容。", TOPIC
    )


def typed(facts: Facts, conflict: Conflict, text: str) -> Stored:
    """Typed text → the stored value that decides; ``Refusal`` says what is wrong with it."""
    if conflict.field == DELETED:
        if text.strip() not in (KEEP, DELETE):
            raise Refusal(f"这处冲突是删除还是保留，不能填“{text[:20]}”。", f"请写“{KEEP}”或“{DELETE}”。", TOPIC)
        return text.strip() == DELETE
    kind = facts.schema(conflict.record).field(conflict.field).kind
    value = kind.parse(text)
    return None if value is None else kind.store(value)


def shown(facts: Facts, conflict: Conflict, stored: Stored) -> str:
    """A competing value as a clerk reads it."""
    if conflict.field == DELETED:
        return DELETE if stored else KEEP
    if stored is None:
        return EMPTY
    kind = facts.schema(conflict.record).field(conflict.field).kind
    value = kind.load(stored)
    if isinstance(kind, Ref) and kind.to in facts.tables.records:
        record = facts.find(kind.to, value, deleted=True)
        return describe(facts, record) if record is not None else str(value)
    return kind.show(value)


def named(facts: Facts, conflict: Conflict) -> str:
    """What a conflict is about, in a line: the register, the record, the field."""
    schema = facts.schema(conflict.record)
    record = facts.find(conflict.record, conflict.id, deleted=True)
    what = describe(facts, record) if record is not None else conflict.id
    if conflict.field == DELETED:
        return f"{schema.title}“{what}”：删除还是保留"
    return f"{schema.title}“{what}”的“{schema.field(conflict.field).kind.label}”"


def unit_name(facts: Facts, identifier: str) -> str:
    """What a unit is called; "" for none."""
    found = facts.get(Unit, identifier)
    return (found.short_name or found.name or "") if found is not None else ""


# -- a text of both ---------------------------------------------------------------------------------------------------


def proposal(conflict: Conflict) -> str | None:
    """A text that has the changes of both sides, where two changed different places of one text; None where they changed the
    same place, or where there is no text before."""
    texts = [one.value for one in conflict.rivals]
    before = conflict.before
    if len(texts) != 2 or not isinstance(before, str) or not all(isinstance(one, str) for one in texts):
        return None
    return merged(before, texts[0], texts[1])


def merged(before: str, one: str, other: str) -> str | None:
    """The text with the changes of both; None where these overlap or touch. Clauses are compared, not characters: half a
    clause of each would be words nobody wrote."""
    base = _PIECE.findall(before)
    first, second = _changes(base, one), _changes(base, other)
    for start, end, words in first:
        for begin, stop, others in second:
            same = (start, end, words) == (begin, stop, others)
            if not same and start <= stop and begin <= end:
                return None
    changed = sorted({*first, *second}, reverse=True)
    for start, end, words in changed:
        base[start:end] = [words]
    return "".join(base)


def _changes(base: Sequence[str], text: str) -> list[tuple[int, int, str]]:
    """(first, behind the last, new words) of the places where a text differs from clauses."""
    pieces = _PIECE.findall(text)
    matcher = SequenceMatcher(None, base, pieces, autojunk=False)
    return [(a, b, "".join(pieces[c:d])) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


RULES: dict[str, str] = {"newer": "后写的（按台账的先后，不看时钟）", "owner": "本条所属单位写的"}
"""The rules many conflicts are decided by, and what they are called."""


def rule_named(ledger: Ledger, found: Sequence[Conflict], name: str) -> Rule:
    """The rule of that name; ``Refusal`` for none."""
    if name == "newer":
        return disputes.newer
    if name == "owner":
        return owner_rule(ledger, sides(ledger), found)
    raise Refusal(f"没有“{name}”这条规则。", f"可以写：{'、'.join(f'{k}（{v}）' for k, v in RULES.items())}。", TOPIC)
