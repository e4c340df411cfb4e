"""Which records a ledger knows: those of the core, and the registers that the definitions in its own log make.

Definitions are facts like any other, so what a file knows changes while it is open, by a deed here, a merge or another
window. They are read from the log, not from the tables: which tables are right hangs on them.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, bindparam, or_, select

from db.schema.record import RESERVED, Record, Schema
from db.schema.records import Amendment, Category, Definition, category_key
from db.store.projection import DELETED, project, version
from db.store.rebuild import LAST
from db.store.statements import Prepared
from db.store.tables import Tables, dumps

if TYPE_CHECKING:
    from db.schema.definition import CategoryDefinition

RECORDS = frozenset({"amendment", "category", "definition"})
"""The records whose changes change the vocabulary."""

_MOST_COLUMNS = 1_000
_NAME = re.compile(r"[a-z][a-z0-9_]*")
R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Vocabulary:
    """``schemas`` are those of the core and of every register; ``definitions`` the categories by key; ``troubles`` what of
    them could not be read, in sentences; ``token`` names the facts all this was read from ("" for none)."""

    core: Mapping[str, Schema]
    schemas: Mapping[str, Schema]
    definitions: Mapping[str, CategoryDefinition] = field(default_factory=dict)
    troubles: tuple[str, ...] = ()
    token: str = ""


@dataclass(frozen=True)
class _Piece:
    """One category as it was read."""

    definition: CategoryDefinition | None
    schemas: tuple[Schema, ...]
    troubles: tuple[str, ...]


def plain(core: Mapping[str, Schema]) -> Vocabulary:
    """The vocabulary of a ledger without definitions."""
    return Vocabulary(core, core)


_known: deque[Vocabulary] = deque(maxlen=8)
_pieces: deque[tuple[str, _Piece]] = deque(maxlen=64)
"""What was read before: opening the same definitions again costs one look at the hashes of their changes."""


def read(connection: Connection, tables: Tables, core: Mapping[str, Schema], until: int = LAST) -> Vocabulary:
    """The vocabulary a log makes, up to a position. Whatever a definition holds, this never fails on it."""
    if not core.keys() >= RECORDS:
        return plain(core)
    asked = _asked(tables)
    digests = sorted(row[0] for row in asked[0].rows(connection, until_=until))
    if not digests:
        return plain(core)
    token = hashlib.sha256(" ".join(digests).encode()).hexdigest()
    for one in list(_known):
        if one.token == token and one.core is core:
            return one
    made = _made(core, _records(core, asked[1].rows(connection, until_=until)), token)
    _known.append(made)
    return made


_statements: list[tuple[Prepared, Prepared]] = []


def _asked(tables: Tables) -> tuple[Prepared, Prepared]:
    """until_ → the hashes of the changes that make a vocabulary; the changes themselves, by record and id."""
    if not _statements:
        log = tables.log
        wanted = or_(*(log.c.record == name for name in sorted(RECORDS))), log.c.position <= bindparam("until_")
        whole = select(log.c.record, log.c.id, log.c.clock, log.c.replica, log.c.hash, log.c.parents, log.c.fields)
        ordered = whole.where(*wanted).order_by(log.c.record, log.c.id)
        _statements.append((Prepared(select(log.c.hash).where(*wanted)), Prepared(ordered)))
    return _statements[0]


def _records(core: Mapping[str, Schema], rows: Iterable[tuple[Any, ...]]) -> list[tuple[Record, bool]]:
    """Changes → each record as it is shown, and whether it was deleted; values nobody can read are absent."""
    found = []
    for (name, identifier), group in groupby(rows, key=itemgetter(0, 1)):
        changes = [version(*r[2:]) for r in group]
        fields = project(changes).fields
        found.append((core[name].read(identifier, fields), fields.get(DELETED) is True))
    return found


def _made(core: Mapping[str, Schema], records: Sequence[tuple[Record, bool]], token: str) -> Vocabulary:
    categories = {record.id: (record, gone) for record, gone in records if isinstance(record, Category)}
    bodies = _by_category(Definition, records)
    amended = _by_category(Amendment, records)
    schemas, definitions, troubles = dict(core), {}, []
    for identifier in sorted({*bodies, *amended}, key=lambda one: (_number(categories, one), one)):
        category, gone = categories.get(identifier, (Category(id=identifier), False))
        key, title = category_key(identifier), category.title or category_key(identifier)
        if gone:
            continue
        if key in definitions:
            troubles.append(f"类别“{title}”与另一个类别代号相同（{key}），它的定义没有采用。")
            continue
        piece, unread = _category(key, title, bodies.get(identifier, []), amended.get(identifier, []))
        troubles += [*unread, *piece.troubles]
        if piece.definition is None:
            continue
        definitions[key] = piece.definition
        for schema in piece.schemas:
            wrong = _unsound(schema, key) or ("有两个" if schema.name in schemas else "")
            if wrong:
                troubles.append(f"类别“{title}”的登记表“{schema.title}”用不了：{wrong}。")
            else:
                schemas[schema.name] = schema
    return Vocabulary(core, schemas, definitions, tuple(troubles), token)


def _number(categories: Mapping[str, tuple[Category, bool]], identifier: str) -> int:
    found = categories.get(identifier)
    return (found[0].number if found else None) or 1 << 60


def _by_category(cls: type[R], records: Sequence[tuple[Record, bool]]) -> dict[str, list[R]]:
    found: dict[str, list[R]] = {}
    for record, gone in records:
        category = getattr(record, "category", None)
        if isinstance(record, cls) and not gone and category:
            found.setdefault(category, []).append(record)
    return found


def _category(
    key: str, title: str, versions: Sequence[Definition], amendments: Sequence[Amendment]
) -> tuple[_Piece, list[str]]:
    """A category as its greatest readable version and its amendments say it, and what could not be read at all."""
    from db.schema.definition.bounds import LATEST  # a version nothing can follow would stay in force for ever

    whole = [one for one in versions if one.body is not None and one.version is not None and one.version <= LATEST]
    unread = [f"类别“{title}”的一份定义已损坏，没有采用（{one.id}）。" for one in versions if one not in whole]
    last = max(whole, key=lambda one: (one.version or 0, one.id), default=None)
    body = dict(last.body) if last is not None and isinstance(last.body, dict) else {}
    body["title"] = title
    spelt = [[a.part, a.register, a.name, a.position, a.body, a.retired] for a in amendments]
    name = hashlib.sha256(dumps([key, body, spelt]).encode()).hexdigest()
    for known, piece in list(_pieces):
        if known == name:
            return piece, unread
    piece = _read_piece(key, title, body, amendments)
    _pieces.append((name, piece))
    return piece, unread


def _read_piece(key: str, title: str, body: dict[str, Any], amendments: Sequence[Amendment]) -> _Piece:
    from db.schema import definition  # reading definitions takes parts that a ledger without any need not load

    changes = [
        definition.Change(
            one.part,
            one.register or "",
            one.name,
            one.body if isinstance(one.body, dict) else None,
            bool(one.retired),
            one.position or 0,
        )
        for one in amendments
        if one.part and one.name
    ]
    try:
        found, troubles = definition.loaded(key, body, changes)
        return _Piece(found, found.schemas(), troubles)
    except Exception:  # whatever another program or a damaged stick made of it must not keep the ledger shut
        return _Piece(None, (), (f"类别“{title}”的定义读不懂，没有采用，已填的内容仍然保留。",))


def _unsound(schema: Schema, key: str) -> str:
    """Why a register can have no table, in a few words; "" when it can."""
    category, _, register = schema.name.partition(".")
    if category != key or not _NAME.fullmatch(register):
        return "代号写法不对"
    columns = [one.name for one in schema.fields]
    if not all(_NAME.fullmatch(name) for name in columns) or RESERVED & {*columns}:
        return "有一个字段的代号写法不对"
    columns += [f"{one.name}__{facet}" for one in schema.fields for facet in one.kind.facets]
    if len({*columns}) != len(columns):
        return "有两个字段的代号相同"
    return "字段太多" if len(columns) > _MOST_COLUMNS else ""
