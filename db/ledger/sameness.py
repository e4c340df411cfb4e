"""Records that are one thing: groups of those linked as the same, and the one of each that counts.

Links are facts of their own (``Sameness``), so they merge like any other: a group is what links join together, whatever the
order they came in. One record of a group counts and stands for the others, the same on every replica: the live one that most
links name as the main one, of several the one entered first (ids grow with time). What points at another of them points at it.
All of them stay readable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, or_, select, true

from db.ledger.facts import Facts
from db.schema.records.sameness import DIFFERENT, SAME
from db.store.pairs import pairs

NAME = "sameness"
_TOGETHER = 1_000


class Link(NamedTuple):
    """What is said of two records of one schema; ``main`` is the id of the one that is to count, "" for none named."""

    id: str
    first: str
    second: str
    verdict: str
    main: str = ""


class Group(NamedTuple):
    """Records that are one: all ids in order, and the one that counts."""

    members: tuple[str, ...]
    main: str


def links(facts: Facts, record: str, verdict: str = SAME) -> list[Link]:
    """The live links of a schema with that verdict; those that say nothing of two records are passed over."""
    if NAME not in facts.tables.records:
        return []
    table = facts.tables.records[NAME].table.c
    query = select(table.id, table.first, table.second, table.verdict, table.main).order_by(table.id)
    query = query.where(table.deleted == 0, table.record == record, table.verdict == verdict)
    with facts.reading() as connection:
        found = connection.execute(query).all()
    return [
        Link(row[0], row[1], row[2], row[3], row[4] or "") for row in found if row[1] and row[2] and row[1] != row[2]
    ]


def told_apart(facts: Facts, record: str) -> list[Link]:
    """The pairs that somebody said are not the same."""
    return links(facts, record, DIFFERENT)


def groups(facts: Facts, record: str) -> list[Group]:
    """The groups of a schema that have a live record, in the order of their first ids."""
    return list(facts.remembered(f"groups of {record}", lambda: _groups(facts, record)))


def _groups(facts: Facts, record: str) -> list[Group]:
    found = links(facts, record)
    if not found or record not in facts.tables.records:
        return []
    named = joined(found)
    live = _live(facts, record, {one for members in named for one in members})
    votes: dict[str, Counter[str]] = {}
    root = {one: members[0] for members in named for one in members}
    for link in found:
        if link.main:
            votes.setdefault(root[link.first], Counter())[link.main] += 1
    made = []
    for members in named:
        told = votes.get(members[0], Counter())
        there = sorted((one for one in members if one in live), key=lambda one: (-told[one], one))
        made += [Group(members, there[0])] if there else []
    return made


def joined(found: Iterable[Link]) -> list[tuple[str, ...]]:
    """What links join together: the ids of each group in order."""
    above: dict[str, str] = {}

    def top(one: str) -> str:
        while (over := above.setdefault(one, one)) != one:
            above[one] = one = above[over]
        return one

    for link in found:
        one, other = sorted((top(link.first), top(link.second)))
        above[other] = one
    held: dict[str, list[str]] = {}
    for one in sorted(above):
        held.setdefault(top(one), []).append(one)
    return [tuple(members) for members in held.values()]


def _live(facts: Facts, record: str, ids: Collection[str]) -> set[str]:
    table = facts.tables.records[record].table.c
    wanted = sorted(ids)
    found: set[str] = set()
    with facts.reading() as connection:
        for at in range(0, len(wanted), _TOGETHER):
            query = select(table.id).where(table.id.in_(wanted[at : at + _TOGETHER]), table.deleted == 0)
            found.update(connection.execute(query).scalars())
    return found


def stand_ins(facts: Facts, record: str) -> Mapping[str, str]:
    """Id → the id of the record that counts for it, of all that another counts for."""
    return facts.remembered(f"stand-ins of {record}", lambda: dict(_stand_ins(groups(facts, record))))


def _stand_ins(found: Iterable[Group]) -> Iterator[tuple[str, str]]:
    for group in found:
        yield from ((one, group.main) for one in group.members if one != group.main)


def known(facts: Facts) -> tuple[tuple[str, str, str], ...]:
    """Schema, id and the id of the record that counts for it, of all there are: what a remembered answer rests on."""
    return facts.remembered("stand-ins", lambda: tuple(_known(facts)))


def _known(facts: Facts) -> Iterator[tuple[str, str, str]]:
    if NAME not in facts.tables.records:
        return
    table = facts.tables.records[NAME].table.c
    query = select(table.record).where(table.deleted == 0, table.verdict == SAME).distinct().order_by(table.record)
    with facts.reading() as connection:
        names = list(connection.execute(query).scalars())
    for name in names:
        yield from ((name, one, main) for one, main in stand_ins(facts, name).items())


def group_of(facts: Facts, record: str, identifier: str) -> Group:
    """The group of a record; one that is linked with nothing is a group by itself."""
    found = next((one for one in groups(facts, record) if identifier in one.members), None)
    return found or Group((identifier,), identifier)


def meant(facts: Facts, record: str, identifiers: Sequence[str]) -> list[str]:
    """These ids and those of all records that are the same as one of them, each once."""
    found = dict.fromkeys(identifiers)
    for group in groups(facts, record):
        if any(one in found for one in group.members):
            found.update(dict.fromkeys(group.members))
    return list(found)


def pointing(facts: Facts, record: str, column: ColumnElement[Any], identifier: str) -> ColumnElement[bool]:
    """The condition that a column points at this record, or at one that is the same."""
    return or_(*(column == one for one in meant(facts, record, [identifier])))


def once(facts: Facts, record: str, table: FromClause) -> ColumnElement[bool]:
    """The condition that leaves out rows another one counts for."""
    others = stand_ins(facts, record)
    return table.c.id.not_in(select(pairs(others, "twins").c.key)) if others else true()


def of_list(facts: Facts, record: str, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What reads a list of references, made to name each of what they point at once: the record that counts."""
    others = stand_ins(facts, record)
    return (lambda cell: counted(others, read(cell))) if others else read


def counted(others: Mapping[str, str], value: Any) -> Any:
    """A reference, or a list of them, with the records that count in place of those they count for."""
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(others.get(one, one) for one in value))
    return others.get(value, value) if isinstance(value, str) else value
