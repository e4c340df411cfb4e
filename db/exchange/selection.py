"""What may leave with a package: by unit, by publicity, by sort of record. A record goes whole or not at all.

A change is proven by one hash over all of it, so a part of a change can be proven to nobody: what is withheld is withheld change by
change, as a placeholder. And nothing may build on what is not there: so of a record either every change goes or none. Which it
is, the record's present row says, and those of the records it is a part of: a problem made secret takes its measures with it, and
one that was opened to the public brings its history along.

What this cannot do: leave one column out of a record. A record that has a column more restricted than what may leave stays here
whole. The sentence of a deed goes with every change of it that goes, so a deed that touched an open and a secret record at once
tells the other side its sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select

from db.exchange import belonging
from db.ledger import vocabulary
from db.ledger.change import Change, Withheld
from db.ledger.facts import Facts
from db.schema.definition.fields import LEVELS
from db.schema.kinds import Publicity
from db.schema.links import Ref

_AT_ONCE = 2_000
_DEPTH = 8
_BLOCK = 500
_PUBLICITY, _PROBLEM = "publicity", "problem"

Key = tuple[str, str]
"""Schema name and id of a record."""


@dataclass(frozen=True)
class Policy:
    """What may leave: records of these units (ids; None: of all, those of no unit always), up to this level of publicity, and
    none of the schemas in ``without``."""

    units: frozenset[str] | None = None
    level: Publicity = "internal"
    without: frozenset[str] = frozenset()

    @property
    def everything(self) -> bool:
        """Whether nothing is withheld at all."""
        return self.units is None and self.level == LEVELS[-1] and not self.without

    @property
    def words(self) -> str:
        """What a package of this policy was limited to, in words; "" for nothing."""
        told = [] if self.units is None else [f"仅 {len(self.units)} 个单位"]
        told += {"public": ["只含可公开的内容"], "internal": ["不含“不公开”的内容"]}.get(self.level, [])
        return "；".join([*told, *(["按收件单位略去部分内容"] if self.without else [])])


ORDINARY, EVERYTHING = Policy(), Policy(level="secret")


@dataclass(frozen=True)
class _Row:
    """What a record's row says of itself: its own level, the unit it names, and the records it is a part of or belongs to."""

    level: int
    unit: str = ""
    above: tuple[Key, ...] = ()


class Selection:
    """Decides for one package which records go; rows are read a few thousand at a time and remembered."""

    def __init__(self, facts: Facts, policy: Policy) -> None:
        self.facts = facts
        self.policy = policy
        self._rows: dict[Key, _Row] = {}
        registers = [one for definition in facts.definitions.values() for one in definition.registers.values()]
        self._levels = {one.name: LEVELS.index(one.publicity) for one in registers}

    def lines(self, lines: Iterable[Change | Withheld]) -> Iterator[Change | Withheld]:
        """The same lines, with placeholders for what may not leave."""
        if self.policy.everything:
            yield from lines
            return
        rest = iter(lines)
        while bite := list(islice(rest, _AT_ONCE)):
            self._read({(one.record, one.id) for one in bite if isinstance(one, Change)})
            for one in bite:
                goes = isinstance(one, Withheld) or self._goes((one.record, one.id))
                yield one if goes else Withheld(one.replica, one.sequence, one.hash)
            if len(self._rows) > 50 * _AT_ONCE:
                self._rows.clear()

    def _goes(self, key: Key) -> bool:
        record = key[0]
        if record in vocabulary.RECORDS or record == belonging.UNIT:
            return record not in self.policy.without  # what the other side needs to read the rest
        unit, level, waiting, seen = "", 0, [key], set[Key]()
        while waiting:
            at = waiting.pop()
            if at in seen or len(seen) > _DEPTH * 4:
                continue
            seen.add(at)
            row = self._rows.get(at)
            if row is None or at[0] in self.policy.without:
                return False  # whose it is and who may see it cannot be told: it stays here
            unit, level = unit or row.unit, max(level, row.level)
            waiting += row.above
        units = self.policy.units
        return level <= LEVELS.index(self.policy.level) and (units is None or not unit or unit in units)

    def _read(self, wanted: set[Key]) -> None:
        for _ in range(_DEPTH):
            lacking: dict[str, list[str]] = {}
            for record, identifier in sorted(wanted - self._rows.keys()):
                if record in self.facts.tables.records:
                    lacking.setdefault(record, []).append(identifier)
            wanted = set[Key]()
            for record, identifiers in lacking.items():
                for key, row in self._rows_of(record, identifiers):
                    self._rows[key] = row
                    wanted |= {*row.above}
            if not wanted:
                return

    def _rows_of(self, record: str, identifiers: list[str]) -> Iterator[tuple[Key, _Row]]:
        one = self.facts.tables.records[record]
        kinds = one.kinds
        own = max((LEVELS.index(kind.publicity) for kind in kinds.values()), default=0)
        own = max(own, self._levels.get(record, 0))
        owner = one.schema.owner()
        refs = {
            name: kind.to for name, kind in kinds.items() if isinstance(kind, Ref) and (name == _PROBLEM or kind.owner)
        }
        if owner is not None and isinstance(owner.kind, Ref):
            refs[owner.name] = owner.kind.to
        pointer, to = belonging.pointer(one.schema)
        columns = {*refs, *([pointer] if to == belonging.UNIT else []), *([_PUBLICITY] if _PUBLICITY in kinds else [])}
        query = select(one.table.c.id, *(one.table.c[name] for name in sorted(columns)))
        with self.facts.reading() as connection:
            for at in range(0, len(identifiers), _BLOCK):
                for row in connection.execute(
                    query.where(one.table.c.id.in_(identifiers[at : at + _BLOCK]))
                ).mappings():
                    yield (record, str(row["id"])), _row(row, own, refs, pointer if to == belonging.UNIT else "")


def _row(row: Mapping[Any, Any], own: int, refs: Mapping[str, str], pointer: str) -> _Row:
    told = row.get(_PUBLICITY)
    level = max(own, LEVELS.index(told) if told in LEVELS else 0)
    above = tuple((to, str(row[name])) for name, to in refs.items() if row[name] and name != pointer)
    return _Row(level, str(row[pointer] or "") if pointer else "", above)
