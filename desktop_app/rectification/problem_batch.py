"""Many problems changed at once: what it would do to each is seen first, then it is one deed that one undo takes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.ledger.lines import lines_of
from db.schema.kinds import Kind
from db.schema.links import Ref, Texts
from db.schema.record import Record, Schema
from desktop_app.rectification import batch, forms, rules

How = Literal["set", "fill", "add", "remove"]
"""set: every chosen problem gets the value (None: the field is emptied); fill: only where the field is empty; add and remove:
one of a list of words is put in or taken out."""
FIELDS = (
    "progress",
    "lead_official",
    "lead_department",
    "responsible",
    "handler",
    "due",
    "category",
    "mode",
    "tags",
    "publicity",
)
"""What may be changed of many problems at once. The sign-off goes its own way, one problem after the other."""
MOST = 5_000
"""Problems changed in one deed: more than anybody looks through, few enough for every one to be judged."""


@dataclass(frozen=True)
class Asked:
    """What is to be done to every chosen problem."""

    field: str
    value: Any
    how: How = "set"


@dataclass(frozen=True)
class Line:
    """A chosen problem: its name, what its field shows now and would show; why it stays as it is ("": it does not)."""

    id: str
    name: str
    before: str
    after: str
    refused: str = ""


@dataclass(frozen=True)
class Plan:
    """What a change would do. ``same``: how many have the value already."""

    asked: Asked
    changed: tuple[Line, ...] = ()
    refused: tuple[Line, ...] = ()
    same: int = 0


def plan(facts: Facts, ids: Sequence[str], asked: Asked) -> Plan:
    """What a change would do to these problems, each judged by the office's rules; ``Refusal`` when there are too many."""
    if len(ids) > MOST:
        raise Refusal(f"一次最多修改 {MOST} 个问题，现在选了 {len(ids)} 个。", "请先筛选，分几次修改。", "problems")
    schema, found = _judged(facts, ids, asked)
    kind = schema.field(asked.field).kind
    pointed: dict[str, str] = {}
    if isinstance(kind, Ref):
        wanted = {getattr(old, asked.field) for old, _values, _why in found} | {asked.value}
        pointed = lines_of(facts, kind.to, [one for one in wanted if one])
    changed: list[Line] = []
    refused: list[Line] = []
    for old, values, why in found:
        if values:
            before, after = (_shown(kind, one, pointed) for one in (getattr(old, asked.field), values[asked.field]))
            (refused if why else changed).append(Line(old.id, forms.named(facts, old), before, after, why))
    same = sum(1 for _old, values, _why in found if not values)
    return Plan(asked, tuple(changed), tuple(refused), same)


def _judged(facts: Facts, ids: Sequence[str], asked: Asked) -> tuple[Schema, list[tuple[Record, dict[str, Any], str]]]:
    """(the problem, what changes of it, why it may not)."""
    schema = facts.schema("problem")
    before = batch.present(facts, schema, ids)
    found = []
    for identifier in dict.fromkeys(ids):
        if identifier in before:
            old = before[identifier]
            values = _values(schema, old, asked)
            found.append((old, values, _against(facts, schema, old, values) if values else ""))
    return schema, found


def _values(schema: Schema, old: Record, asked: Asked) -> dict[str, Any]:
    had = getattr(old, asked.field)
    value = asked.value
    if asked.how == "fill" and had is not None:
        return {}
    if asked.how in ("add", "remove"):
        words = tuple(value or ())
        kept = tuple(one for one in had or () if one not in words)
        value = (kept if asked.how == "remove" else (*(had or ()), *(w for w in words if w not in (had or ())))) or None
    return {} if value == had else {asked.field: value}


def _against(facts: Facts, schema: Schema, old: Record, values: Mapping[str, Any]) -> str:
    """What the office's rules say against it; "" mostly."""
    after = schema.make(id=old.id, **{**{one.name: getattr(old, one.name) for one in schema.fields}, **values})
    try:
        forms.check_required(schema, old, {one.name: getattr(after, one.name) for one in schema.fields})
        rules.enforce(facts, schema.name, old, after)
    except Refusal as told:
        return str(told)
    return ""


def _shown(kind: Kind[Any], value: Any, pointed: Mapping[str, str]) -> str:
    if value is None:
        return ""
    return pointed.get(value, "") if isinstance(kind, Ref) else kind.show(value)


def change(ledger: Ledger, seen: Plan, actor: str) -> Outcome:
    """Does what was seen, in one deed; ``Refusal`` when the ledger is another one since, so that what was seen is not what
    would be done."""
    ids = [one.id for one in seen.changed]
    now = plan(ledger, ids, seen.asked)
    if now.changed != seen.changed:
        raise Refusal("这些问题刚刚又有人改过。", "请再看一遍修改前后，再做一次。", "problems")
    if not ids:
        return Outcome()
    schema, found = _judged(ledger, ids, seen.asked)
    edits = tuple(Edit(schema.name, old.id, values) for old, values, _why in found)
    return ledger.act(Deed(f"批量修改 {len(edits)} 个问题：{told(schema, seen.asked, seen.changed)}", actor, edits))


def told(schema: Schema, asked: Asked, changed: Sequence[Line] = ()) -> str:
    """What is asked for, in words."""
    kind = schema.field(asked.field).kind
    if isinstance(kind, Texts) and asked.how in ("add", "remove"):
        verb = "添加" if asked.how == "add" else "去掉"
        return f"{verb}{kind.label}“{kind.show(tuple(asked.value or ()))}”"
    if asked.value is None:
        return f"清空“{kind.label}”"
    shown = next((one.after for one in changed), "") if isinstance(kind, Ref) else kind.show(asked.value)
    only = "空着的填为" if asked.how == "fill" else "改为"
    return f"“{kind.label}”{only}“{forms.clipped(shown)}”"
