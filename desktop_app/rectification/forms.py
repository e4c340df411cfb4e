"""Saving and deleting what a form holds: only what differs, under the office's rules, told in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, Edit, Outcome, new_id
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.ledger.lines import describe
from db.schema.record import Record, Schema, changed
from desktop_app.rectification import rules
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.rules import FieldRefusal
from desktop_app.rectification.ruling import saving, waiving

_LONGEST = 40


def clipped(words: str, longest: int = _LONGEST) -> str:
    """Words cut for a sentence or a list."""
    return words if len(words) <= longest else words[: longest - 1] + "…"


def named(facts: Facts, record: Record) -> str:
    """The record in a short line."""
    return clipped(describe(facts, record))


def save(
    ledger: Ledger,
    schema_name: str,
    record: Record | None,
    values: Mapping[str, Any],
    actor: str,
    *,
    seen: tuple[str, ...] | None = None,
    identifier: str = "",
    reasons: Mapping[str, str] | None = None,
    ask: bool = False,
) -> Outcome:
    """Saves a form: ``record`` is what was shown (None: a new one), ``values`` what the fields hold now.

    Only fields that differ are written. ``seen`` are the heads the form was filled from. ``FieldRefusal`` names the
    field the office's rules stand against. A new record gets ``identifier`` or an id of its own (in ``Outcome.touched``).
    ``reasons`` say why a doubt (``doubts``, by ``waiving.key``) may stand; they are kept as waivers in the same deed. With
    ``ask`` a doubt without a reason is refused (``Doubted``), so that somebody puts it right or gives one.
    """
    schema = ledger.schema(schema_name)
    edits = changed(record, values)
    if record is not None and not edits:
        return Outcome()
    check_required(schema, record, {**_values(schema, record), **values})
    after = schema.make(id=record.id if record else "", **{**_values(schema, record), **values})
    rules.enforce(ledger, schema_name, record, after)
    key = record.id if record is not None else identifier or new_id()
    kept = [Edit(schema_name, key, edits, seen)]
    told = reasons or {}
    found = doubts(ledger, schema, record, values) if told or ask else []
    if ask and not all(told.get(waiving.key(one), "").strip() for one in found):
        raise Doubted(found)
    kept += [
        waiving.edit_of(ledger, one, told[waiving.key(one)], row=key) for one in found if told.get(waiving.key(one))
    ]
    return ledger.act(Deed(_sentence(ledger, schema, record, after, edits), actor, tuple(kept)))


class Doubted(Refusal):
    """A form that a rule of its category doubts: it is put right, or saved with a reason. ``found`` says what."""

    def __init__(self, found: Sequence[Finding]) -> None:
        first = found[0]
        more = f"等 {len(found)} 处" if len(found) > 1 else ""
        super().__init__(f"还没有保存，有疑问{more}：{first.sentence}", "请改正，或写明理由再保存。", "rules")
        self.found = tuple(found)


def doubts(
    facts: Facts, schema: Schema, record: Record | None, values: Mapping[str, Any], today: date | None = None
) -> list[Finding]:
    """What the rules of a category doubt about a form as it would be saved: a clerk puts it right or says why it may stand."""
    return saving.doubts(facts, schema, record, values, today or rules.today(facts))


def _values(schema: Schema, record: Record | None) -> dict[str, Any]:
    return {} if record is None else {one.name: getattr(record, one.name) for one in schema.fields}


def check_required(schema: Schema, before: Record | None, values: Mapping[str, Any]) -> None:
    """Refuses a new record without a required field, and the emptying of one; an old gap may stay while other
    fields are being put right."""
    for one in schema.fields:
        if one.kind.required and not one.kind.retired and values.get(one.name) is None:
            if before is not None and getattr(before, one.name) is None:
                continue
            raise FieldRefusal(one.name, f"“{one.kind.label}”还没有填。", one.kind.help or "请填写后再保存。")


def _sentence(facts: Facts, schema: Schema, before: Record | None, after: Record, edits: Mapping[str, Any]) -> str:
    if before is None:
        return f"新增{schema.title}“{clipped(describe(facts, after))}”"
    labels = [one.kind.label for one in schema.fields if one.name in edits]
    told = "、".join(labels[:4]) + (f"等 {len(labels)} 项" if len(labels) > 4 else "")
    return f"修改{schema.title}“{clipped(describe(facts, before))}”：{told}"


def parts_of(facts: Facts, schema_name: str, identifier: str) -> list[tuple[str, Record]]:
    """Everything that is a part of a record, at any depth, as (schema name, record)."""
    found: list[tuple[str, Record]] = []
    for name, one in facts.tables.records.items():
        owner = one.schema.owner()
        if owner is None or getattr(owner.kind, "to", "") != schema_name:
            continue
        for part in facts.every(name, **{owner.name: identifier}):
            found.append((name, part))
            found += parts_of(facts, name, part.id)
    return found


def remove(ledger: Ledger, schema_name: str, record: Record, actor: str) -> Outcome:
    """Deletes a record with everything that is a part of it, and the measures nested below a measure, in one deed."""
    schema = ledger.schema(schema_name)
    gone = [(schema_name, record.id)]
    gone += [(name, part.id) for name, part in parts_of(ledger, schema_name, record.id)]
    gone += [(schema_name, child.id) for child in _nested(ledger, schema, record)]
    rules.may_remove(ledger, schema_name, record)
    edits = tuple(Edit(name, identifier, {"deleted": True}) for name, identifier in dict.fromkeys(gone))
    return ledger.act(Deed(f"删除{schema.title}“{named(ledger, record)}”", actor, edits))


def _nested(facts: Facts, schema: Schema, record: Record) -> list[Record]:
    """Records of the same schema below this one by a field ``parent`` that points at its own schema, each once."""
    parent = next((f for f in schema.fields if f.name == "parent" and getattr(f.kind, "to", "") == schema.name), None)
    if parent is None or schema.owner() is None:
        return []
    found: dict[str, Record] = {}
    waiting = [record.id]
    while waiting:
        for child in facts.every(schema.name, parent=waiting.pop()):
            if child.id != record.id and child.id not in found:  # two branches may have made a circle
                found[child.id] = child
                waiting.append(child.id)
    return list(found.values())


def restore(ledger: Ledger, schema_name: str, identifier: str, actor: str) -> Outcome:
    """Brings a deleted record back, with everything the same deed deleted together with it.

    ``Refusal`` when there is no such record, or when what it is a part of is deleted itself.
    """
    record = ledger.find(schema_name, identifier, deleted=True)
    if record is None:
        raise Refusal("找不到这条记录。")
    if ledger.find(schema_name, identifier) is not None:
        return Outcome()
    schema = ledger.schema(schema_name)
    together = _deleted_together(ledger, schema_name, identifier)
    owner = schema.owner()
    above = (getattr(owner.kind, "to", ""), getattr(record, owner.name)) if owner else ("", None)
    if above[1] and above not in together and ledger.find(*above) is None:
        title = ledger.schema(above[0]).title
        raise Refusal(f"它所属的{title}已经删除，不能单独恢复。", f"请先恢复那个{title}。", "history")
    rules.may_touch(ledger, schema_name, record)
    edits = tuple(Edit(name, one, {"deleted": False}) for name, one in together)
    return ledger.act(Deed(f"恢复{schema.title}“{named(ledger, record)}”", actor, edits))


def _deleted_together(ledger: Ledger, schema_name: str, identifier: str) -> list[tuple[str, str]]:
    """The record and what its deletion took along and is deleted still, as (schema name, id)."""
    found = [(schema_name, identifier)]
    for entry in history.entries(ledger, record=schema_name, id=identifier):
        gone = [(t.record, t.id) for t in entry.touched if t.fields.get("deleted") is True]
        if (schema_name, identifier) in gone:
            known = [one for one in gone if one[0] in ledger.tables.records]
            return found + [one for one in known if one not in found and ledger.find(*one) is None]
    return found


def move(
    ledger: Ledger,
    schema_name: str,
    siblings: list[Record],
    actor: str,
    moved: Mapping[str, Mapping[str, Any]] | None = None,
) -> Outcome:
    """Puts records in the order given and numbers those that bear a number 1, 2, 3 …; only what changes is written. ``moved``
    are further values of some of them by id (what they stand below from now on), under the office's rules."""
    schema = ledger.schema(schema_name)
    ordered = any(one.name == "position" for one in schema.fields)
    edits = []
    number = 0
    for record in siblings:
        rules.may_touch(ledger, schema_name, record)
    for position, record in enumerate(siblings, start=1):
        values: dict[str, Any] = {"position": position} if ordered else {}
        if not ordered or getattr(record, "number", None) is not None:
            number += 1
            values["number"] = number
        if moved and record.id in moved:
            values |= moved[record.id]
            rules.enforce(
                ledger, schema_name, record, schema.make(id=record.id, **{**_values(schema, record), **values})
            )
        differing = changed(record, values)
        if differing:
            edits.append(Edit(schema_name, record.id, differing))
    return ledger.act(Deed(f"调整{schema.title}次序", actor, tuple(edits))) if edits else Outcome()
