"""What became of the records of a ledger, in words; and putting back one value or one record as it was.

A moment is a position of the log, as in ``db.ledger.past``. Nothing is taken out of the history: what is put back is a deed
of its own, and can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from db.errors import Refusal
from db.ledger import history, past
from db.ledger.change import Deed, Edit
from db.ledger.facts import Facts
from db.ledger.history import Entry
from db.ledger.lines import lines_of
from db.ledger.past import Became, What
from db.schema.kinds import Stored
from db.schema.links import Ref, Refs
from db.schema.record import Record, Schema
from db.store.projection import DELETED
from desktop_app.rectification import forms, rules
from desktop_app.rectification.imagined import Imagined

TOPIC = "history"
EMPTY = "（空）"
NOT_HERE = "（本台账里没有）"
DEEDS: dict[What, str] = {"new": "新增", "changed": "修改", "deleted": "删除", "restored": "恢复"}


@dataclass(frozen=True)
class Cell:
    """One field of a record before and after, as a clerk reads it; ``""`` where it was empty."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """What became of one record: ``line`` is how it is called now, ``owner`` the schema name and id of what it is a part of
    (both "" where it is no part), ``cells`` the fields that differ, in the order of the form."""

    record: str
    id: str
    what: What
    title: str
    line: str
    owner: tuple[str, str]
    cells: tuple[Cell, ...]


def end_of(day: date) -> datetime:
    """The last moment of a day at the desk: what is said "as of 3 November" is what was known when that day ended."""
    return datetime.combine(day + timedelta(days=1), time()).astimezone() - timedelta(milliseconds=1)


def between(facts: Facts, first: int, last: int, cancelled: Callable[[], bool] = lambda: False) -> list[Difference]:
    """What became of every record after position ``first`` and up to ``last``, ordered by schema."""
    found = []
    for one in past.between(facts, first, last):
        if cancelled():
            return []
        found.append(one)
    return told(facts, found)


def of_deed(facts: Facts, entry: Entry) -> list[Difference]:
    """What one deed made of the records it touched."""
    first = history.begun_at(facts, entry.deed) - 1
    found: list[Became] = []
    for record in dict.fromkeys(touch.record for touch in entry.touched):
        ids = [touch.id for touch in entry.touched if touch.record == record]
        found += past.between(facts, first, entry.position, record, ids)
    return told(facts, found)


def told(facts: Facts, found: Sequence[Became]) -> list[Difference]:
    """Differences in words; all records they speak of are looked up in one go for each schema."""
    names: dict[str, set[str]] = {}
    for one in found:
        names.setdefault(one.record, set()).add(one.id)
        schema = facts.schema(one.record)
        for values in (one.before, one.after):
            for name, stored in values.items():
                kind = schema.field(name).kind
                if isinstance(kind, Ref | Refs) and stored is not None:
                    names.setdefault(kind.to, set()).update(_pointed(kind, stored))
    lines = {record: lines_of(facts, record, ids) for record, ids in names.items()}
    return [_told(facts, one, lines) for one in found]


def _pointed(kind: Ref | Refs, stored: Stored) -> list[str]:
    value: Any = kind.load(stored)
    return [value] if isinstance(kind, Ref) else list(value)


def _told(facts: Facts, one: Became, lines: dict[str, dict[str, str]]) -> Difference:
    schema = facts.schema(one.record)

    def words(name: str, stored: Stored) -> str:
        kind = schema.field(name).kind
        if stored is None:
            return ""
        if isinstance(kind, Ref | Refs):
            known = lines.get(kind.to, {})
            return "、".join(known.get(pointed, NOT_HERE) for pointed in _pointed(kind, stored))
        return kind.show(kind.load(stored))

    cells = []
    for field in schema.fields:
        if field.name in one.before or field.name in one.after:
            before, after = words(field.name, one.before.get(field.name)), words(field.name, one.after.get(field.name))
            if before or after:
                cells.append(Cell(field.name, field.kind.label, before, after))
    line = lines.get(one.record, {}).get(one.id, "")
    return Difference(one.record, one.id, one.what, schema.title, line, _owner(facts, schema, one), tuple(cells))


def _owner(facts: Facts, schema: Schema, one: Became) -> tuple[str, str]:
    field = schema.owner()
    if field is None or not isinstance(field.kind, Ref):
        return "", ""
    stored = one.after.get(field.name) or one.before.get(field.name)
    if stored is None:
        record = facts.find(one.record, one.id, deleted=True)
        stored = getattr(record, field.name) if record is not None else None
    return (field.kind.to, str(stored)) if stored else ("", "")


# -- putting back -------------------------------------------------------------------------------------------------------


def value_back(facts: Facts, record: str, identifier: str, field: str, position: int, actor: str) -> Deed:
    """The deed that gives one field the value it had at a position. ``Refusal`` where nothing would change."""
    schema, now = facts.schema(record), facts.find(record, identifier)
    if now is None:
        raise Refusal(f"这条{schema.title}已经删除，不能只放回一项。", "请把整条记录放回到那时的样子。", TOPIC)
    fields = past.fields_at(facts, record, identifier, position)
    if not fields or fields.get(DELETED):
        raise Refusal(f"那时还没有这条{schema.title}。", "请选它已经有的时候。", TOPIC)
    kind = schema.field(field).kind
    value = _working(facts, record, field, fields.get(field))
    if value == getattr(now, field):
        raise Refusal(f"“{kind.label}”现在就是那时的内容，不用放回。", "", TOPIC)
    after = schema.make(id=identifier, **{**_values(schema, now), field: value})
    forms.check_required(schema, now, _values(schema, after))
    rules.enforce(facts, record, now, after)
    line = lines_of(facts, record, [identifier]).get(identifier, "")
    sentence = f"把{schema.title}“{line}”的“{kind.label}”放回原来的内容"
    return Deed(sentence, actor, (Edit(record, identifier, {field: value}, facts.heads(now)),))


def record_back(facts: Facts, record: str, identifier: str, position: int, actor: str) -> Deed:
    """The deed that makes a record, and its parts, as they stood at a position: fields, order, and whether they are there.
    ``Refusal`` where it was not there yet, or where nothing would change."""
    schema = facts.schema(record)
    edits = _record_back(facts, record, identifier, position)
    if edits is None:
        raise Refusal(f"那时还没有这条{schema.title}。", "请选它已经有的时候；不要它了，请直接删除。", TOPIC)
    for part in _parts(facts, record):
        owner = part.owner()
        assert owner is not None
        for one in past.parts_ever(facts, part.name, owner.name, identifier):
            found = _record_back(facts, part.name, one, position)
            edits += [Edit(part.name, one, {DELETED: True})] if found is None and facts.find(part.name, one) else []
            edits += found or []
    if not edits:
        raise Refusal(f"这条{schema.title}现在就是那时的样子，不用放回。", "", TOPIC)
    _judge(facts, edits)
    line = lines_of(facts, record, [identifier]).get(identifier, "").removesuffix("（已删除）")
    return Deed(f"把{schema.title}“{line}”放回原来的样子", actor, tuple(edits))


def _record_back(facts: Facts, record: str, identifier: str, position: int) -> list[Edit] | None:
    """The edits for one record without its parts; None where it was not there at that position."""
    then = past.fields_at(facts, record, identifier, position)
    if not then:
        return None
    gone, now = bool(then.get(DELETED)), facts.find(record, identifier)
    if gone:
        return [Edit(record, identifier, {DELETED: True})] if now is not None else []
    there = facts.find(record, identifier, deleted=True)
    values: dict[str, Any] = {} if now is not None else {DELETED: False}
    for field in facts.schema(record).fields:
        value = _working(facts, record, field.name, then.get(field.name))
        if value != getattr(there, field.name, None):
            values[field.name] = value
    return [Edit(record, identifier, values)] if values else []


def _judge(facts: Facts, edits: Sequence[Edit]) -> None:
    """Holds what is put back to the office's rules, all of it together: what left the house stays as it left."""
    after: dict[tuple[str, str], Record] = {}
    for one in edits:
        there = facts.find(one.record, one.id, deleted=True)
        if one.values.get(DELETED) is True or there is None:
            continue
        schema = facts.schema(one.record)
        kept = {name: value for name, value in one.values.items() if name != DELETED}
        after[one.record, one.id] = schema.make(id=one.id, **{**_values(schema, there), **kept})
    then = Imagined(facts, after)
    for one in edits:
        before, made = facts.find(one.record, one.id), after.get((one.record, one.id))
        if made is not None:
            rules.enforce(then, one.record, before, made)
        elif before is not None:
            rules.may_remove(facts, one.record, before)


def _values(schema: Schema, record: Record) -> dict[str, Any]:
    return {one.name: getattr(record, one.name) for one in schema.fields}


def _working(facts: Facts, record: str, field: str, stored: Stored) -> Any:
    """The working value of what was kept; None for nothing, and for what its kind can no longer read."""
    one = facts.tables.records[record]
    readable = one.readable(field, stored)
    return None if readable is None else one.schema.field(field).kind.load(readable)


def _parts(facts: Facts, record: str) -> Iterable[Schema]:
    """The schemas whose records are parts of records of this one."""
    for one in facts.tables.records.values():
        owner = one.schema.owner()
        if owner is not None and isinstance(owner.kind, Ref) and owner.kind.to == record:
            yield one.schema
