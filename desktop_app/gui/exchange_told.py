"""What a merge would do, in words: a tree of plain nodes, per unit, register, record and field; filtered, and as a paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from db.exchange.preview import Clash, Count, Line, Preview, What
from db.ledger.facts import Facts
from db.ledger.lines import lines_of
from db.schema.kinds import Kind, Stored
from db.schema.links import Ref, Refs
from db.schema.record import trouble
from db.store.projection import DELETED
from desktop_app.gui.exchange_drop import size
from desktop_app.gui.exchange_jobs import moment, units

WHAT: Mapping[What, str] = {
    "new": "新增",
    "changed": "改动",
    "deleted": "删除",
    "restored": "恢复",
    "unseen": "没有变化",
}
SIGNS = {"breach": "", "new": "＋", "changed": "△", "deleted": "－", "restored": "↺", "unseen": "＝", "clash": "！"}
TINTS = {
    "new": "done",
    "changed": "accent",
    "deleted": "overdue",
    "restored": "accent",
    "unseen": "secondary",
    "clash": "overdue",
    "breach": "soon",
}
NONE = "（空）"
EVERYBODY = "各单位共用"
_SHOWN = 400
"""Characters of a value a line shows; the tip shows more."""


@dataclass(frozen=True)
class Node:
    """A line of the tree: what, its sort ("" for a heading), the value before and after, who wrote it and when."""

    words: str
    sort: str = ""
    before: str = ""
    after: str = ""
    who: str = ""
    inside: tuple[Node, ...] = ()

    def says(self, wanted: str) -> bool:
        """Whether the words stand in it."""
        return wanted in f"{self.words}{self.before}{self.after}{self.who}"


class Words:
    """Values of records in words; ``titles`` are those of records that only come: (schema, id) → title."""

    def __init__(self, facts: Facts, titles: Mapping[tuple[str, str], str], asked: Mapping[str, set[str]]) -> None:
        self._facts = facts
        self._titles = dict(titles)
        for record, ids in asked.items():
            lines = lines_of(facts, record, {one for one in ids if (record, one) not in self._titles})
            self._titles.update(((record, one), line) for one, line in lines.items())

    def schema(self, record: str) -> str:
        """What records of a schema are called."""
        one = self._facts.tables.records.get(record)
        return one.schema.title if one is not None else "新的登记表"

    def label(self, record: str, field: str) -> str:
        """What a field is called."""
        kind = self._kind(record, field)
        return "这一条" if field == DELETED else kind.label if kind is not None else field

    def _kind(self, record: str, field: str) -> Kind[Any] | None:
        one = self._facts.tables.records.get(record)
        return one.schema.kinds().get(field) if one is not None else None

    def value(self, record: str, field: str, stored: Stored) -> str:
        """A stored value as a clerk reads it."""
        if field == DELETED:
            return "删除" if stored else "保留"
        if stored is None or stored == "" or stored == []:
            return NONE
        kind = self._kind(record, field)
        if kind is None:
            return stored if isinstance(stored, str) else "（本机还不认得的内容）"
        if trouble(kind, stored):
            return "（读不懂的内容）"
        loaded = kind.load(stored)
        if isinstance(kind, Ref):
            return self._titles.get((kind.to, str(loaded)), "（还没有收到的记录）")
        if isinstance(kind, Refs):
            return "、".join(self._titles.get((kind.to, one), "（还没有收到的记录）") for one in loaded)
        return kind.show(loaded)


def wanted(facts: Facts, values: Iterable[tuple[str, str, Stored]]) -> dict[str, set[str]]:
    """Schema → ids that (schema, field, value) triples point at."""
    asked: dict[str, set[str]] = {}
    for record, field, stored in values:
        one = facts.tables.records.get(record)
        kind = one.schema.kinds().get(field) if one is not None else None
        if isinstance(kind, Ref) and isinstance(stored, str):
            asked.setdefault(kind.to, set()).add(stored)
        elif isinstance(kind, Refs) and isinstance(stored, list):
            asked.setdefault(kind.to, set()).update(one for one in stored if isinstance(one, str))
    return asked


def told(facts: Facts, found: Preview) -> tuple[Node, ...]:
    """The preview as a tree."""
    titles = {(one.record, one.id): one.title for one in found.lines}
    values = [
        (line.record, one.field, v) for line in found.lines for one in line.changes for v in (one.before, one.after)
    ]
    values += [
        (line.record, clash.field, one.value) for line in found.lines for clash in line.clashes for one in clash.rivals
    ]
    words = Words(facts, titles, wanted(facts, values))
    names = units(facts) | {one.id: one.title for one in found.lines if one.record == "unit"}
    lines: dict[tuple[str, str], list[Line]] = {}
    for line in found.lines:
        lines.setdefault((line.unit, line.record), []).append(line)
    counts: dict[str, list[Count]] = {}
    for count in found.counts:
        counts.setdefault(count.unit, []).append(count)
    nodes = [
        Node(
            names.get(unit, "还没有收到的单位") if unit else EVERYBODY,
            after=summary(some),
            inside=tuple(_register(words, one, lines.get((one.unit, one.record), ())) for one in some),
        )
        for unit, some in sorted(counts.items(), key=lambda pair: -sum(one.came for one in pair[1]))
    ]
    return (*nodes, *_definitions(found), *_papers(found))


def summary(counts: Sequence[Count]) -> str:
    """新增 12 条，改动 3 条（5 处），冲突 1 处."""
    sums = {name: sum(getattr(one, name) for one in counts) for name in ("new", "changed", "deleted", "restored")}
    titles: Mapping[str, str] = {str(key): word for key, word in WHAT.items()}
    parts = [f"{titles[name]} {number} 条" for name, number in sums.items() if number]
    clashes, decided = sum(one.conflicts for one in counts), sum(one.decided for one in counts)
    parts += [f"冲突 {clashes} 处"] if clashes else []
    parts += [f"裁定 {decided} 处"] if decided else []
    return "，".join(parts) or "没有变化"


def _register(words: Words, count: Count, lines: Sequence[Line]) -> Node:
    inside = [_record(words, line) for line in lines]
    rest = count.new + count.changed + count.deleted + count.restored + count.unseen - len(lines)
    if rest > 0:
        inside.append(Node(f"另有 {rest} 条没有逐条列出，并入时一样处理"))
    return Node(words.schema(count.record), after=summary([count]), inside=tuple(inside))


def _record(words: Words, line: Line) -> Node:
    sort = "clash" if line.clashes else line.what
    fields = [
        Node(
            words.label(line.record, one.field),
            "value",
            words.value(line.record, one.field, one.before) if line.what != "new" else "",
            words.value(line.record, one.field, one.after),
            who(one.actor, one.time),
        )
        for one in line.changes
        if line.what != "new" or one.after not in (None, "", [])
    ]
    fields += [_clash(words, line, one) for one in line.clashes]
    fields += [Node(words.label(line.record, one), "decided", after="冲突已由对方裁定") for one in line.decided]
    return Node(line.title, sort, after=WHAT[line.what] if not line.clashes else "两边改得不一样", inside=tuple(fields))


def _clash(words: Words, line: Line, clash: Clash) -> Node:
    inside = tuple(
        Node(who(one.actor, one.time) or "有人", "value", after=words.value(line.record, clash.field, one.value))
        for one in clash.rivals
    )
    told = " / ".join(one.after for one in inside)
    return Node(words.label(line.record, clash.field), "clash", after=f"要裁定：{told}", inside=inside)


def who(actor: str, time: str) -> str:
    """Who, and when."""
    return " ".join(part for part in (actor, moment(time)) if part)


_COMES = {"new": "新的登记表", "gone": "这个登记表将不再使用", "changed": "登记表的定义有改动"}


def _definitions(found: Preview) -> tuple[Node, ...]:
    inside = tuple(Node(one.title, "changed", after=_COMES.get(one.what, "定义有改动")) for one in found.definitions)
    return (Node("登记表的定义", after=f"{len(inside)} 个", inside=inside),) if inside else ()


def _papers(found: Preview) -> tuple[Node, ...]:
    names: dict[str, str] = {}
    for line in found.lines:
        for change in line.changes:
            if isinstance(change.after, dict) and isinstance(change.after.get("hash"), str):
                names[str(change.after["hash"])] = str(change.after.get("name") or "")
    inside = tuple(
        Node(names.get(digest) or f"材料 {digest[:8]}", "new", after=size(number)) for digest, number in found.papers
    )
    total = size(sum(number for _, number in found.papers))
    return (Node("随来的材料", after=f"{len(inside)} 份，{total}", inside=inside),) if inside else ()


# -- filtering ---------------------------------------------------------------------------------------------------------


def narrowed(nodes: Sequence[Node], text: str, sort: str) -> tuple[Node, ...]:
    """The nodes that say a text or stand above or below one that does; of one sort only, where one is named. Records in
    which nothing changes are shown only when they are asked for."""
    found = []
    for node in nodes:
        kept = _kept(node, text.split(), sort)
        if kept is not None:
            found.append(kept)
    return tuple(found)


def _kept(node: Node, wanted: Sequence[str], sort: str) -> Node | None:
    record = bool(node.sort)
    if record and (node.sort == "unseen") != (sort == "unseen"):
        return None
    if record and sort and node.sort != sort:
        return None
    left = [one for one in wanted if not node.says(one)]
    if not left and record:
        return node
    inside = [_kept(one, left, "" if record else sort) for one in node.inside]
    shown = tuple(one for one in inside if one is not None)
    if record:
        return replace(node, inside=shown) if shown else None
    if shown or (not node.inside and not left and not sort):
        return replace(node, inside=shown)
    return None
