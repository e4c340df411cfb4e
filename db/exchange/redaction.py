"""Leaving out columns and persons: which values of a record must not leave, and whether the record can go without them.

A column is left out where its mark, its name or the recipient's profile says so. What was written with a veil over it goes without
the value and is proven all the same (``db.store.veils``); a record that has such a value without a veil, written before the column
was marked, stays here whole. Values that were left out are looked for everywhere else too, in sentences, in prose, in what was
issued: where one is found, that value is left out as well, and where it cannot be, the record. Only words that are public
anyway are no secret: the names of units and categories, the words of choices.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from sqlalchemy import select

from db.exchange.policy import Policy
from db.ledger import vocabulary
from db.ledger.change import Change
from db.ledger.facts import Facts
from db.schema.definition.fields import LEVELS
from db.schema.kinds import Choice, Stored
from db.store import veils

_SHORTEST = 2
"""Characters of a value that is looked for elsewhere."""
_IN_DEFINITIONS = 4
_PERSON, _NAMED = "person", ("unit", "category")
_BLOCK = 500


class Redaction:
    """What a policy leaves out of single records of a ledger."""

    def __init__(self, facts: Facts, policy: Policy) -> None:
        self.facts = facts
        self.policy = policy
        self._hidden: dict[str, frozenset[str]] = {}

    @cached_property
    def narrow(self) -> bool:
        """Whether single values or persons are left out at all."""
        if self.policy.everything:
            return False
        return bool(self.policy.redacts or any(self.hides(record) for record in self.facts.tables.records))

    def hides(self, record: str) -> frozenset[str]:
        """The fields of a schema that must not leave."""
        if record not in self._hidden:
            self._hidden[record] = self._hides(record)
        return self._hidden[record]

    def _hides(self, record: str) -> frozenset[str]:
        one = self.facts.tables.records.get(record)
        if one is None or record in vocabulary.RECORDS:
            return frozenset()
        policy, most = self.policy, LEVELS.index(self.policy.level)
        return frozenset(
            name
            for name, kind in one.kinds.items()
            if LEVELS.index(kind.publicity) > most
            or (policy.personal and kind.personal)
            or policy.fields & {f"{record}.{name}", f"*.{name}"}
        )

    def closed(self, record: str, identifiers: Collection[str]) -> set[str]:
        """Of these records those that cannot go even in part: something in one of their changes can be left out no more."""
        if not self.narrow or not (self._terms or self.hides(record)):
            return set()
        log, found = self.facts.tables.log, set[str]()
        wanted = sorted(identifiers)
        with self.facts.reading() as connection:
            for at in range(0, len(wanted), _BLOCK):
                query = select(log.c.id, log.c.fields, log.c.sentence, log.c.actor)
                query = query.where(log.c.record == record, log.c.id.in_(wanted[at : at + _BLOCK]))
                for identifier, told, sentence, actor in connection.execute(query):
                    if identifier not in found and self._shut(record, told, sentence, actor):
                        found.add(identifier)
        return found

    def _shut(self, record: str, told: str, sentence: str, actor: str) -> bool:
        fields, veiled = veils.read(told)
        out = self._out(record, fields, sentence)
        bare = {name for name in out if (veils.SENTENCE if name == "." else veils.MARK + name) not in veiled}
        return bool(bare) or self._found(actor, record)

    def without(self, change: Change) -> Change:
        """A change of a record that goes, without what must not leave."""
        if not self.narrow:
            return change
        out = self._out(change.record, change.fields, change.sentence)
        return change.without(out) if out else change

    def _out(self, record: str, fields: Mapping[str, Stored], sentence: str) -> set[str]:
        """The values of a change that must not leave; "." for its sentence."""
        out = {name for name in fields if name in self.hides(record)}
        if out and sentence:
            out.add(".")  # it may quote what is left out
        if self._terms:
            out |= {name for name, value in fields.items() if name not in out and self._tells(value, record)}
            if sentence and self._tells(sentence, record):
                out.add(".")
        return out

    # -- where else a value stands -----------------------------------------------------------------------------

    def _tells(self, value: Stored, record: str) -> bool:
        return any(self._found(words, record) for words in texts(value))

    def _found(self, words: str, record: str) -> bool:
        """Whether a text holds one of the values left out."""
        if len(words) < _SHORTEST:
            return False
        least = _IN_DEFINITIONS if record in vocabulary.RECORDS else _SHORTEST
        for pair in {words[at : at + _SHORTEST] for at in range(len(words) - 1)} & self._terms.keys():
            if any(len(term) >= least and term in words for term in self._terms[pair]):
                return True
        return False

    @cached_property
    def _terms(self) -> dict[str, list[str]]:
        """The values left out, by their first two characters."""
        if not self.policy.redacts:
            return {}
        found: dict[str, list[str]] = {}
        for term in {*self._left_out()} - self._public():
            found.setdefault(term[:_SHORTEST], []).append(term)
        return found

    def _left_out(self) -> Iterator[str]:
        """The texts of all values that are left out, as the whole log has them."""
        policy, records = self.policy, self.facts.tables.records
        for record, one in records.items():
            names = {name for name in self.hides(record) if not isinstance(one.kinds[name], Choice)}
            yield from self._values(record, names, None)
        if _PERSON in records:
            marked = {name for name, kind in records[_PERSON].kinds.items() if kind.personal}
            if _PERSON in policy.without:
                yield from self._values(_PERSON, marked, None)
            elif policy.persons:
                yield from self._values(_PERSON, marked, policy.persons)

    def _values(self, record: str, names: Collection[str], only: Collection[str] | None) -> Iterator[str]:
        if not names:
            return
        log = self.facts.tables.log
        query = select(log.c.id, log.c.fields).where(log.c.record == record)
        if only is not None:
            query = query.where(log.c.id.in_(sorted(only)))
        with self.facts.reading() as connection:
            for row in connection.execution_options(yield_per=2_000).execute(query):
                fields = veils.read(row.fields)[0]
                for name in names & fields.keys():
                    yield from (words for words in texts(fields[name]) if len(words) >= _SHORTEST)

    def _public(self) -> set[str]:
        """Words that everybody knows: they are no secret though a value left out is one of them."""
        found: set[str] = set()
        for one in self.facts.tables.records.values():
            for kind in one.kinds.values():
                if isinstance(kind, Choice):
                    found.update((*kind.of, *kind.of.values()))
        for record in _NAMED:
            if record in self.facts.tables.records:
                titles = {"name", "short_name", "title"} & self.facts.tables.records[record].kinds.keys()
                found.update(self._values(record, titles - self.hides(record), None))
        return found


def texts(value: Stored) -> Iterable[str]:
    """Every text in a stored value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
