"""The likely twins of a ledger: pairs of records that may be one thing, the surest first, each with its reason and its differences.

What somebody has said to be the same or not the same is not asked again, nor what follows from it. That two branches entered the
two records makes it likelier; a number that differs by a slip is told of in no other case.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from db.errors import Refusal
from db.ledger import sameness
from db.ledger.facts import Facts
from db.ledger.lines import lines_of
from db.schema import links
from db.schema.kinds import Kind
from db.schema.record import Schema
from db.store.tables import RecordTable
from desktop_app.rectification.reckoning.joined import stream
from desktop_app.rectification.ruling.pinned import unswept
from desktop_app.rectification.twins.finding import SURENESS, Entry, Level, Meeting, meetings
from desktop_app.rectification.twins.keys import Key, keys_of, registers, telling

MOST = 500
"""Pairs of a register that are told at once, the surest; the others come when these are judged."""
_TOGETHER = 500
_APART = 8
"""How much likelier it is where two branches entered them."""


@dataclass(frozen=True)
class Difference:
    """A field in which two records differ: name, label, what each holds ("" for nothing)."""

    field: str
    label: str
    one: str
    other: str


@dataclass(frozen=True)
class Likely:
    """Two records that may be one: schema name and title, both ids (the one entered first comes first) and lines, why in a sentence,
    where they differ, whether two branches entered them; the greater ``sureness`` the likelier."""

    record: str
    title: str
    one: str
    other: str
    lines: tuple[str, str]
    reason: str
    level: Level
    differing: tuple[Difference, ...]
    branches: bool
    sureness: int

    @property
    def ids(self) -> tuple[str, str]:
        """Both ids."""
        return self.one, self.other


@dataclass(frozen=True)
class Review:
    """The likely twins that are told, and how many there are beside them."""

    pairs: tuple[Likely, ...]
    more: int = 0


def _never() -> bool:
    return False


def review(
    facts: Facts, only: Collection[str] = (), *, most: int = MOST, cancelled: Callable[[], bool] = _never
) -> Review:
    """The likely twins of all registers (``only`` some, by schema name). ``Refusal`` when cancelled meanwhile."""
    found: list[Likely] = []
    more = 0
    for record in registers(facts):
        if only and record not in only:
            continue
        if cancelled():
            raise Refusal("已取消。")
        pairs, rest = of_register(facts, record, most=most)
        found += pairs
        more += rest
    found.sort(key=lambda one: (-one.sureness, one.title, one.lines, one.ids))
    return Review(tuple(found), more)


def of_register(facts: Facts, record: str, *, most: int = MOST) -> tuple[list[Likely], int]:
    """The likely twins of one schema, the surest first, and how many more there are."""
    with unswept():
        return _of_register(facts, record, most)


def _of_register(facts: Facts, record: str, most: int) -> tuple[list[Likely], int]:
    judged = _Judged(facts, record)
    best: dict[tuple[str, str], Meeting] = {}
    for key in keys_of(facts, record):
        for met in meetings(list(_entries(facts, record, key)), key, judged.group):
            ids = (met.one, met.other) if met.one < met.other else (met.other, met.one)
            if judged.settled(*ids):
                continue
            there = best.get(ids)
            if there is None or SURENESS[met.level] > SURENESS[there.level]:
                best[ids] = met if ids[0] == met.one else met._replace(words=(met.words[1], met.words[0]))
    makers = _makers(facts, record, {one for ids in best for one in ids})
    ranked = []
    for ids, met in best.items():
        branches = bool(makers.get(ids[0])) and makers.get(ids[0]) != makers.get(ids[1])
        if branches or not met.needs_replicas:
            ranked.append((SURENESS[met.level] + _APART * branches, ids, met, branches))
    ranked.sort(key=lambda one: (-one[0], one[1]))
    return _told(facts, record, ranked[:most]), max(0, len(ranked) - most)


class _Judged:
    """What was already said of records of a schema: which are one, and which groups are not the same."""

    def __init__(self, facts: Facts, record: str) -> None:
        joined = sameness.joined(sameness.links(facts, record))
        self._group = {one: members[0] for members in joined for one in members}
        self._apart = {
            frozenset((self.group(link.first), self.group(link.second))) for link in sameness.told_apart(facts, record)
        }

    def group(self, identifier: str) -> str:
        """What records that are one have in common."""
        return self._group.get(identifier, identifier)

    def settled(self, one: str, other: str) -> bool:
        """Whether it is known of two records whether they are one."""
        groups = {self.group(one), self.group(other)}
        return len(groups) < 2 or groups in self._apart


def _entries(facts: Facts, record: str, key: Key) -> Iterator[Entry]:
    """The live records of a schema by the words of a key; references by what they point at, the same for those that are the same."""
    one = facts.tables.records[record]
    schema = one.schema
    more = telling(schema, key) if key.sort != "whole" else ()
    names = [*key.fields, *key.either, *more]
    readers = [_words(facts, schema.field(name).kind) for name in names]
    query = select(one.table.c.id, *(one.table.c[name] for name in names)).where(one.table.c.deleted == 0)
    first, ours = len(key.fields), len(key.fields) + len(key.either)
    with facts.reading() as connection:
        for identifier, *cells in stream(connection, query):
            told = ["" if cell is None else read(cell) for read, cell in zip(readers, cells, strict=True)]
            if key.either:
                held: tuple[tuple[str, ...], ...] = (tuple(dict.fromkeys(word for word in told[:ours] if word)),)
            else:
                held = tuple((word,) if word else () for word in told[:first])
            rest = {name: word for name, word in zip(more, told[ours:], strict=True) if word}
            yield Entry(identifier, held, rest)


def _words(facts: Facts, kind: Kind[Any]) -> Callable[[Any], str]:
    """What makes of a cell the words it is compared by."""
    if isinstance(kind, links.Ref):
        others = sameness.stand_ins(facts, kind.to)
        return lambda cell: str(others.get(cell, cell))
    return str


def _makers(facts: Facts, record: str, ids: Collection[str]) -> dict[str, str]:
    """Id → the replica that entered the record."""
    log = facts.tables.log.c
    wanted = sorted(ids)
    found: dict[str, str] = {}
    with facts.reading() as connection:
        for at in range(0, len(wanted), _TOGETHER):
            query = select(log.id, log.replica).where(
                log.record == record, log.id.in_(wanted[at : at + _TOGETHER]), log.parents == ""
            )
            found.update((row[0], row[1]) for row in connection.execute(query.order_by(log.clock.desc())))
    return found


# -- telling ----------------------------------------------------------------------------------------------------------


def _told(facts: Facts, record: str, ranked: Sequence[tuple[int, tuple[str, str], Meeting, bool]]) -> list[Likely]:
    one = facts.tables.records[record]
    rows = _rows(facts, one, {identifier for _, ids, _, _ in ranked for identifier in ids})
    lines = lines_of(facts, record, rows)
    pointed = _pointed(facts, one.schema, rows.values())
    found = []
    for sureness_, ids, met, branches in ranked:
        differing = tuple(_differences(one.schema, rows[ids[0]], rows[ids[1]], pointed))
        said = (lines.get(ids[0], ids[0]), lines.get(ids[1], ids[1]))
        sentence = reason(one.schema, met, branches=branches)
        found.append(Likely(record, one.schema.title, *ids, said, sentence, met.level, differing, branches, sureness_))
    return found


def differences(
    facts: Facts, record: str, one: str, other: str
) -> tuple[tuple[Difference, ...], tuple[Difference, ...]]:
    """The fields in which two records differ, and those filled in which they agree."""
    table = facts.tables.records[record]
    rows = _rows(facts, table, {one, other})
    pointed = _pointed(facts, table.schema, rows.values())
    first, second = rows.get(one, {}), rows.get(other, {})
    differing = tuple(_differences(table.schema, first, second, pointed))
    names = {each.field for each in differing}
    same = tuple(
        Difference(field.name, field.kind.label, words, words)
        for field in table.schema.fields
        if field.name not in names and (words := _shown(field.kind, first.get(field.name), pointed))
    )
    return differing, same


def _rows(facts: Facts, one: RecordTable, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Id → stored fields."""
    wanted = sorted(ids)
    found: dict[str, dict[str, Any]] = {}
    with facts.reading() as connection:
        for at in range(0, len(wanted), _TOGETHER):
            query = select(one.table).where(one.table.c.id.in_(wanted[at : at + _TOGETHER]))
            for row in connection.execute(query).mappings():
                found[row["id"]] = one.stored(dict(row))
    return found


def _pointed(facts: Facts, schema: Schema, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Id → line of what these rows point at."""
    held = list(rows)
    found: dict[str, str] = {}
    for field in schema.references():
        if isinstance(field.kind, links.Ref):
            found |= lines_of(facts, field.kind.to, {row[field.name] for row in held if row.get(field.name)})
    return found


def _differences(
    schema: Schema, one: Mapping[str, Any], other: Mapping[str, Any], pointed: Mapping[str, str]
) -> Iterator[Difference]:
    for field in schema.fields:
        if one.get(field.name) != other.get(field.name):
            words = [_shown(field.kind, row.get(field.name), pointed) for row in (one, other)]
            yield Difference(field.name, field.kind.label, *words)


def _shown(kind: Kind[Any], stored: Any, pointed: Mapping[str, str]) -> str:
    if stored is None:
        return ""
    if isinstance(kind, links.Ref):
        return pointed.get(stored, stored)
    return kind.show(kind.load(stored))


def reason(schema: Schema, met: Meeting, *, branches: bool) -> str:
    """Why two records may be one, in a sentence."""
    key = met.key
    label = "、".join(f"“{schema.field(name).kind.label}”" for name in key.fields)
    one, other = met.words
    if met.level == "slip" and key.sort == "code":
        what = f"{label}只{met.slip}（{one}、{other}），其他填了的项目都一样"
    else:
        what = {
            "equal": f"{label}都是“{one}”",
            "written": f"{label}只是写法不同（{one}、{other}）",
            "habit": f"{label}只差惯用的字样或简称（{one}、{other}）",
            "together": f"{label}都一样",
            "look": f"{label}只差容易看错的字母和数字（{one}、{other}）",
            "sound": f"{label}读音相同（{one}、{other}）",
            "slip": f"{label}{met.slip}（{one}、{other}）",
        }[met.level]
    if key.sort == "person":
        what += "，其他项目也有相同的"
    return f"{what}，由两处分别登记。" if branches else f"{what}。"
