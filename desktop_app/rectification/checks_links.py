"""What branches did to each other: disputed fields, work under something deleted, superiors in a circle, values twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import func, select

from db.ledger import sameness
from db.ledger.conflicts import Conflict, conflicts
from db.ledger.facts import Facts
from db.ledger.lines import describe
from db.schema.links import Ref, Refs
from db.schema.record import Field, Schema
from db.schema.records import Unit
from desktop_app.rectification.cases import Case
from desktop_app.rectification.finding import Finding, at

_PLACING = ("unit", "parent")
"""References that are no ownership and yet decide where a record is listed and printed: without them it is not seen."""


def disputed(facts: Facts) -> Iterator[Finding]:
    """Fields that two branches filled differently; they are decided side by side in the exchange."""
    for one in conflicts(facts):
        schema = facts.schema(one.record)
        if one.field == "deleted":
            record = facts.find(one.record, one.id, deleted=True)
            named = describe(facts, record) if record is not None else ""
            sentence = f"{schema.title}“{named[:40]}”：一个单位删除了它，另一个单位还在修改。"
            advice = (
                "现在当作已删除。请到“交换”的“冲突”里选“删除”还是“保留”。"
                if one.shown
                else "现在保留着。请到“交换”的“冲突”里选“删除”还是“保留”。"
            )
        else:
            sentence = f"两个单位对同一条{schema.title}的“{schema.field(one.field).kind.label}”填得不一样{_rivals(schema, one)}。"
            advice = "请到“交换”的“冲突”里对照两边的内容，选定用哪一个。"
        yield Finding("conflict", "error", sentence, advice, one.record, one.id, one.field)


def _rivals(schema: Schema, conflict: Conflict) -> str:
    kind = schema.field(conflict.field).kind
    if isinstance(kind, Ref | Refs):
        return ""
    told = []
    for rival in conflict.rivals:
        shown = "（空）" if rival.value is None else kind.show(kind.load(rival.value))
        told.append(f"{rival.actor or '？'}填“{shown[:30]}{'…' if len(shown) > 30 else ''}”")
    return f"：{'，'.join(told[:4])}"


def orphans(facts: Facts, unit: str | None) -> Iterator[Finding]:
    """Live records that are a part of, or point at, what is deleted or never came. One finding for each thing missing and
    field that points at it, opened at the first of the records; the note a deleted figure leaves is ``relations``' own."""
    filled = facts.filled()
    for name, one in facts.tables.records.items():
        for field in one.schema.references() if name in filled else ():
            to = getattr(field.kind, "to", "")
            if to not in facts.tables.records or to == "figure":
                continue
            lost: dict[str, list[str]] = defaultdict(list)
            for identifier, target in _lost(facts, name, field, to):
                lost[target].append(identifier)
            for target, ids in lost.items():
                mine = [i for i in ids if unit is None or unit_of(facts, name, i) in (unit, None)]
                if mine:
                    yield _orphan(facts, one.schema, field, (to, target), mine)


def _lost(facts: Facts, name: str, field: Field, to: str) -> Iterator[tuple[str, str]]:
    """(id, what it points at) of the live records whose target is not there."""
    one, target = facts.tables.records[name].table.c, facts.tables.records[to].table.c
    column = one[field.name]
    there = select(target.id).where(target.deleted == 0)
    query = select(one.id, column).where(one.deleted == 0, column.is_not(None)).order_by(one.id)
    with facts.reading() as connection:
        if not isinstance(field.kind, Refs):
            for row in connection.execute(query.where(column.not_in(there))).all():
                yield row[0], row[1]
            return
        known = set(connection.execute(there).scalars())
        for identifier, stored in connection.execute(query).all():
            for pointed in orjson.loads(stored):
                if pointed not in known:
                    yield identifier, pointed


def unit_of(facts: Facts, name: str, identifier: str) -> str | None:
    """The unit a record belongs to, found by what it is a part of, deleted or not; None when that cannot be told."""
    for _ in range(8):
        if name == "unit":
            return identifier
        record = facts.find(name, identifier, deleted=True)
        if record is None:
            return None
        if getattr(record, "unit", None):
            return str(record.unit)  # type: ignore[attr-defined]
        owner = facts.schema(name).owner()
        if owner is None or not getattr(record, owner.name):
            return None
        name, identifier = getattr(owner.kind, "to", ""), getattr(record, owner.name)
    return None


def _orphan(facts: Facts, schema: Schema, field: Field, target: tuple[str, str], ids: Sequence[str]) -> Finding:
    above = facts.schema(target[0])
    gone = facts.find(*target, deleted=True)
    owned = schema.owner() == field
    first = facts.find(schema.name, ids[0])
    named = f"“{describe(facts, first)[:40]}”" if first is not None else ""
    which = f"{schema.title}{named}" if len(ids) == 1 else f"{schema.title}{named}等 {len(ids)} 条"
    state = f"{above.title}“{describe(facts, gone)[:40]}”已被删除" if gone is not None else f"{above.title}不在台账里"
    hidden = owned or field.name in _PLACING
    if hidden:
        sentence = f"{which}所属的{state}，因此不列出也不印出。"
    else:
        sentence = f"{which}的“{field.kind.label}”指向的{state}。"
    if gone is None:
        advice = "请与对方再合并一次台账，或重新填写。"
    elif hidden:
        advice = f"要保留，请在“历史”里撤销删除那个{above.title}的一步；不要，就删除。"
    else:
        advice = f"请改选，或在“历史”里撤销删除那个{above.title}的一步。"
    return Finding("orphan", "error" if hidden else "note", sentence, advice, schema.name, ids[0], field.name)


def circles(parents: Mapping[str, str | None]) -> list[list[str]]:
    """The circles among id → id of the one above, each once, beginning with its least id."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        at_: str | None = start
        while at_ is not None and at_ not in done and at_ not in path:
            path[at_] = None
            at_ = parents.get(at_)
        if at_ is not None and at_ in path:
            ring = list(path)[list(path).index(at_) :]
            least = ring.index(min(ring))
            found.append(ring[least:] + ring[:least])
        done |= path.keys()
    return found


def measures_in_a_circle(case: Case, _today: date) -> Iterator[Finding]:
    """Measures of which each is below the other: none of them is printed."""
    by_id = {one.id: one for one in case.nested}
    for ring in circles({one.id: one.parent for one in case.nested}):
        names = "、".join(f"“{(by_id[i].lead or '未命名')[:20]}”" for i in ring[:4])
        yield Finding(
            "parent_circle",
            "error",
            f"{case.name}的措施{names}互为上级，印不出来。",
            "请打开其中一条，把“上级措施”清空或另选。",
            **at(by_id[ring[0]], "parent"),
        )


def units_in_a_circle(facts: Facts, unit: str | None) -> Iterator[Finding]:
    """Units of which each is below the other."""
    units = {u.id: u for u in facts.all(Unit)}
    for ring in circles({u.id: u.parent for u in units.values()}):
        if unit is None or unit in ring:
            names = "、".join(f"“{units[i].name or ''}”" for i in ring[:4])
            sentence = f"单位{names}互为上级。"
            advice = "请打开其中一个，把“上级单位”清空或另选。"
            yield Finding("parent_circle", "error", sentence, advice, **at(units[ring[0]], "parent"))


TWICE = "是同一个的，请在“疑似重复”里认定；不是的，请核对，每个只能填一次。"
"""What to do where one value stands in two records."""


def twice(facts: Facts) -> Iterator[Finding]:
    """Values that two branches each gave to a record of their own in a field declared unique."""
    for name, one in facts.tables.records.items():
        for field in one.schema.fields:
            if not getattr(field.kind, "unique", False):
                continue
            column: Any = one.table.c[field.name]
            query = select(func.min(one.table.c.id), column, func.count()).where(one.table.c.deleted == 0)
            query = query.where(sameness.once(facts, name, one.table))
            with facts.reading() as connection:
                rows = connection.execute(
                    query.where(column.is_not(None)).group_by(column).having(func.count() > 1)
                ).all()
            for identifier, value, count in rows:
                sentence = f"有 {count} 条{one.schema.title}的“{field.kind.label}”都是“{value}”。"
                yield Finding("twice", "warning", sentence, TWICE, name, identifier, field.name)
