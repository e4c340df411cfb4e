"""A change: what one deed did to one record, as it stands in the log and travels between files."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from db import clock as clocks
from db.errors import Refusal
from db.schema.composite import Sheet
from db.schema.kinds import Stored
from db.schema.record import Record, schema_name, schema_of
from db.store import veils


def new_id() -> str:
    """A new record id: 32 hex digits that grow with time (the layout of UUID version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    return f"{milliseconds & (1 << 48) - 1:012x}7{secrets.token_hex(2)[:3]}{secrets.choice('89ab')}{secrets.token_hex(8)[:15]}"


@dataclass(frozen=True)
class Edit:
    """New values for fields of one record, in working form. ``seen`` are the heads the author looked at (None: the
    present ones); the field ``deleted`` takes True and False."""

    record: str
    id: str
    values: Mapping[str, Any]
    seen: tuple[str, ...] | None = None


def create(cls: type[Record], identifier: str = "", **values: Any) -> Edit:
    """The edit that makes a new record."""
    return Edit(schema_of(cls).name, identifier or new_id(), values)


def edit(record: Record, *, seen: tuple[str, ...] | None = None, **values: Any) -> Edit:
    """The edit that gives fields of a record new values."""
    return Edit(schema_name(record), record.id, values, seen)


def delete(record: Record) -> Edit:
    """The edit that deletes a record; it can be taken back."""
    return Edit(schema_name(record), record.id, {"deleted": True})


@dataclass(frozen=True)
class Deed:
    """Something a clerk did, in one sentence, with all its edits: it happens wholly or not at all.

    ``papers`` are the bytes of papers its edits name, kept in the same transaction. ``position`` is that of the ledger its
    author looked at: where something was written since, the deed is refused (None: it may stand on anything).
    """

    sentence: str
    actor: str
    edits: tuple[Edit, ...]
    papers: tuple[tuple[Sheet, bytes], ...] = ()
    position: int | None = None


@dataclass(frozen=True)
class Change:
    """One row of the log. ``hash`` covers every other field and, by ``previous``, the whole history of the replica.

    ``clock`` is logical (greater than that of every change seen before); ``time`` is the wall clock, for show.
    ``fields`` are stored forms; ``parents`` the hashes of the changes of the same record that this one replaces.
    """

    replica: str
    sequence: int
    clock: int
    time: str
    deed: str
    undoes: str
    actor: str
    sentence: str
    record: str
    id: str
    fields: Mapping[str, Stored]
    parents: tuple[str, ...]
    previous: str
    hash: str = field(default="")
    veils: Mapping[str, str] = field(default_factory=dict)
    """Of values that can be left out: ``db.store.veils``."""

    def sealed(self) -> Change:
        """The same change with its hash."""
        return Change(**{**self.__dict__, "hash": self.digest()})

    def digest(self) -> str:
        """SHA-256 (64 hex digits) of the canonical JSON of everything but the hash."""
        fields, sentence = self.fields, self.sentence
        if self.veils:
            fields, sentence = veils.covered(fields, sentence, self.veils)
        content = [
            self.replica,
            self.sequence,
            self.clock,
            self.time,
            self.deed,
            self.undoes,
            self.actor,
            sentence,
            self.record,
            self.id,
            fields,
            self.parents,
            self.previous,
        ]
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()

    @property
    def told(self) -> Mapping[str, Stored]:
        """The fields with their veils, as the log and a package keep them."""
        return {**self.fields, **self.veils} if self.veils else self.fields

    def without(self, names: Collection[str]) -> Change:
        """The same change with the same hash, and without the values of these fields ("." for the sentence); all of them must
        be veiled."""
        fields, sentence, told = dict(self.fields), self.sentence, dict(self.veils)
        for name in names:
            if name == ".":
                told[veils.SENTENCE] = veils.commitment(told[veils.SENTENCE], sentence)
                sentence = ""
            else:
                told[veils.MARK + name] = veils.commitment(told[veils.MARK + name], fields.pop(name))
        return replace(self, fields=fields, sentence=sentence, veils=told)


@dataclass(frozen=True)
class Withheld:
    """A change that was left out: its place and its hash, so that the chain of its replica stays whole; nothing else of it."""

    replica: str
    sequence: int
    hash: str


BEYOND = 1 << 53
"""No sequence number and no clock reaches this: JSON keeps whole numbers exactly up to here, in every program."""
_NAMES = re.compile(r"(?:[A-Za-z0-9_.:-]{1,80}\n){3}[A-Za-z0-9_.:-]{1,80}")
_HASHES = re.compile(r"[0-9a-f]{64}(?: [0-9a-f]{64})*")


def plausible(change: Change) -> str:
    """What is wrong with a foreign change in itself, in a few Chinese words; "" when nothing is."""
    wrong = _words_wrong(change)
    if wrong:
        return wrong
    for number in (change.sequence, change.clock):
        if type(number) is not int or not 0 < number < BEYOND:
            return "序号不对"
    parents = change.parents
    try:
        if parents and (not _HASHES.fullmatch(" ".join(parents)) or tuple(sorted({*parents})) != parents):
            return "前后关系不对"
        if not isinstance(change.fields, Mapping):
            return "内容不对"
        if veils.MARK in "".join(change.fields) and any(name.startswith(veils.MARK) for name in change.fields):
            return "内容不对"
    except TypeError:
        return "内容不对"
    if change.veils and veils.wrong(change.fields, change.sentence, change.veils):
        return "略去的内容标得不对"
    try:
        return "" if change.hash == change.digest() else "内容与校验和不符"
    except (TypeError, ValueError):
        return "内容不对"


def _words_wrong(change: Change) -> str:
    """What is wrong with its texts. Spelt out rather than elegant: a file may bring a hundred thousand changes."""
    c = change
    if not (type(c.replica) is type(c.record) is type(c.id) is type(c.deed) is str):
        return "编号写法不对"
    if not _NAMES.fullmatch(f"{c.replica}\n{c.record}\n{c.id}\n{c.deed}"):
        return "编号写法不对"
    if not c.deed.startswith(f"{c.replica}:"):
        return "操作编号不是它自己的"
    if not (type(c.actor) is type(c.sentence) is type(c.undoes) is type(c.time) is str):
        return "说明不是文字"
    if len(c.actor) > 200 or len(c.sentence) > 2000:
        return "说明太长"
    return "" if clocks.readable(c.time) else "时间写法不对"


@dataclass(frozen=True)
class Outcome:
    """What a deed, an undo or a merge did: records touched as (schema name, id), conflicts now open among them as
    (schema name, id, field), number of changes taken, and the deed's id ("" for a merge). ``reshaped`` are the schema
    names of registers that a definition made, changed or took away: pages over them begin anew."""

    touched: tuple[tuple[str, str], ...] = ()
    conflicts: tuple[tuple[str, str, str], ...] = ()
    taken: int = 0
    deed: str = ""
    sentence: str = ""
    reshaped: tuple[str, ...] = ()


class Built(Refusal):
    """Undo is refused because somebody has built on the deed."""
