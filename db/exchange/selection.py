"""What of a ledger goes with a package: records whole or not at all, columns and persons singly where they may be left out.

Nothing may build on what is not there: so of a record either every change goes or none. Which it is, the record's present row says,
and those of the records it is a part of: a problem made secret takes its measures with it, and one that was opened to the public
brings its history along. What does not go travels change by change as a placeholder with its hash.

A column that must not leave is left out by itself where it was written with a veil (``redaction``); where it was not, and where it
is one no record can be without, the record stays here whole. The sentence of a deed goes with every change of it that goes: where
nothing is left out by column or person, a deed that touched an open and a secret record at once tells the other side its sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select

from db.exchange import belonging
from db.exchange.policy import EVERYTHING, ORDINARY, Policy
from db.exchange.redaction import Redaction
from db.ledger import sameness, vocabulary
from db.ledger.change import Change, Withheld
from db.ledger.facts import Facts
from db.schema.definition.fields import LEVELS
from db.schema.links import Ref

_AT_ONCE = 2_000
_DEPTH = 8
_BLOCK = 500
_SHUT = len(LEVELS)
"""Level of a record that can go to nobody this package is for."""
_PUBLICITY, _PROBLEM = "publicity", "problem"

__all__ = ["EVERYTHING", "ORDINARY", "Policy", "Selection"]

Key = tuple[str, str]
"""Schema name and id of a record."""


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
        self.redaction = Redaction(facts, policy)
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
                if isinstance(one, Withheld):
                    yield one
                elif self._goes((one.record, one.id)):
                    yield self.redaction.without(one)
                else:
                    yield Withheld(one.replica, one.sequence, one.hash)
            if len(self._rows) > 50 * _AT_ONCE:
                self._rows.clear()

    def _goes(self, key: Key) -> bool:
        record = key[0]
        if record in vocabulary.RECORDS or record == belonging.UNIT:
            row = self._rows.get(key)  # what the other side needs to read the rest
            return record not in self.policy.without and (row is None or row.level < _SHUT)
        unit, level, waiting, seen = "", 0, [key], set[Key]()
        while waiting:
            at = waiting.pop()
            if at in seen or len(seen) > _DEPTH * 4:
                continue
            seen.add(at)
            row = self._rows.get(at)
            if row is None or at[0] in self.policy.without or (at[0] == "person" and at[1] in self.policy.persons):
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
        levels = [LEVELS.index(kind.publicity) for kind in kinds.values() if kind.required] or [0]
        own = max(*levels, self._levels.get(record, 0))
        shut = self.redaction.closed(record, identifiers)
        owner = one.schema.owner()
        refs = {
            name: kind.to for name, kind in kinds.items() if isinstance(kind, Ref) and (name == _PROBLEM or kind.owner)
        }
        if owner is not None and isinstance(owner.kind, Ref):
            refs[owner.name] = owner.kind.to
        pointer, to = belonging.pointer(one.schema)
        judged = {"record", "first", "second"} if record == sameness.NAME else set[str]()
        columns = {
            *judged,
            *refs,
            *([pointer] if to == belonging.UNIT else []),
            *([_PUBLICITY] if _PUBLICITY in kinds else []),
        }
        query = select(one.table.c.id, *(one.table.c[name] for name in sorted(columns)))
        with self.facts.reading() as connection:
            for at in range(0, len(identifiers), _BLOCK):
                for row in connection.execute(
                    query.where(one.table.c.id.in_(identifiers[at : at + _BLOCK]))
                ).mappings():
                    level = _SHUT if row["id"] in shut else own
                    yield (record, str(row["id"])), _row(row, level, refs, pointer if to == belonging.UNIT else "")


def _row(row: Mapping[Any, Any], own: int, refs: Mapping[str, str], pointer: str) -> _Row:
    told = row.get(_PUBLICITY)
    level = max(own, LEVELS.index(told) if told in LEVELS else 0)
    above = tuple((to, str(row[name])) for name, to in refs.items() if row[name] and name != pointer)
    if "second" in row:  # what is said of two records goes where both go
        above += tuple((str(row["record"]), str(row[name])) for name in ("first", "second"))
    return _Row(level, str(row[pointer] or "") if pointer else "", above)
