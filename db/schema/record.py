"""Records: frozen dataclasses whose annotations are kinds, and the schema read off them.

A schema is all that tables, forms, lists, help and exchange know of a record. Core records are declared in
``db/schema/records``; registers of categories make the same ``Schema`` from data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, TypeVar, get_type_hints

from db.errors import Refusal
from db.schema.kinds import Kind, Stored
from db.schema.links import Ref, Refs


@dataclass(frozen=True, kw_only=True)
class Record:
    """One fact of the ledger. Every field beside the id may be absent (``None``): a form may be half filled."""

    id: str = ""


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, kw_only=True, init=False)
class Row(Record):
    """One row of a register made from data. ``values`` has every field of the register (absent: ``None``); each is an
    attribute too, and ``replace`` takes it by name, so that whoever handles records need not ask which sort this is."""

    register: str
    values: Mapping[str, Any]

    def __init__(self, *, id: str = "", register: str, values: Mapping[str, Any], **fields: Any) -> None:  # noqa: A002
        if not fields.keys() <= values.keys():
            raise TypeError(f"{register} has no field {', '.join(fields.keys() - values.keys())}")
        self.__dict__.update(id=id, register=register, values={**values, **fields})

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__.get("values")  # not there yet while it is being copied or unpickled
        if values is None or name not in values:
            raise AttributeError(f"{self.__dict__.get('register', 'row')} has no field {name}")
        return values[name]

    def __hash__(self) -> int:
        return hash((self.register, self.id))

    def __repr__(self) -> str:
        filled = ", ".join(f"{name}={value!r}" for name, value in self.values.items() if value is not None)
        return f"Row({self.register}:{self.id} {filled[:80]})"


MARK = re.compile(r"\{(\w+)\}")
"""A field in a line."""
ENDS = " .、·"
"""What a line does not begin or end with, when a field beside it is absent."""
RESERVED = frozenset({"id", "deleted", "heads", "register", "values"})
"""Names no field of a register may have: they are columns or attributes of every row."""


@dataclass(frozen=True)
class Field:
    """A field of a schema: its name in code and its kind."""

    name: str
    kind: Kind[Any]


@dataclass(frozen=True)
class Schema:
    """What is known of a sort of record: name in code, Chinese title, fields in order, how one is shown in a line."""

    name: str
    title: str
    fields: tuple[Field, ...]
    shown: str
    make: Callable[..., Record]
    help: str = ""
    order: tuple[str, ...] = ()
    lasting: str = ""
    """The field that makes a record last once it is filled: no undo takes back the deed that made it."""
    freezes: tuple[str, ...] = ()
    """References whose targets, and the parts of these, no undo changes while the record lives."""

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {one.name: one for one in self.fields}

    @cached_property
    def _kinds(self) -> dict[str, Kind[Any]]:
        return {one.name: one.kind for one in self.fields}

    def field(self, name: str) -> Field:
        """The field of that name; ``KeyError`` when there is none."""
        return self._fields[name]

    def kinds(self) -> dict[str, Kind[Any]]:
        """Field name → kind, in order."""
        return dict(self._kinds)

    def owner(self) -> Field | None:
        """The reference to the record this one is a part of, if it is a part (the first one declared so)."""
        return next((f for f in self.fields if isinstance(f.kind, Ref) and f.kind.owner), None)

    def references(self) -> list[Field]:
        """The fields that point at other records."""
        return [f for f in self.fields if isinstance(f.kind, Ref | Refs)]

    def load(self, identifier: str, stored: Mapping[str, Stored]) -> Record:
        """Stored forms → a record; unknown fields are left out, absent ones are ``None``."""
        kinds = self._kinds
        values = {
            name: kinds[name].load(value) for name, value in stored.items() if value is not None and name in kinds
        }
        return self.make(id=identifier, **values)

    def read(self, identifier: str, stored: Mapping[str, Stored]) -> Record:
        """As ``load``, of stored forms that may be damaged: what its kind cannot read is absent."""
        values: dict[str, Any] = {}
        for name, value in stored.items():
            kind = self._kinds.get(name)
            if kind is not None and value is not None:
                with suppress(Refusal):
                    values[name] = kind.load(value)
        return self.make(id=identifier, **values)

    def store(self, values: Mapping[str, Any]) -> dict[str, Stored]:
        """Working values → stored forms, each checked; ``Refusal`` names the record and the field."""
        kinds = self._kinds
        stored: dict[str, Stored] = {}
        for name, value in values.items():
            if name not in kinds:
                raise Refusal(f"“{self.title}”没有“{name}”这一项。", topic="forms")
            if value is None:
                stored[name] = None
                continue
            kinds[name].check(value)
            stored[name] = kinds[name].store(value)
        return stored

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """The fields that stand in a record's line, in its order."""
        return tuple(name for name in dict.fromkeys(MARK.findall(self.shown)) if name in self._kinds)

    @property
    def unnamed(self) -> str:
        """The line of a record that has nothing to be called by."""
        return f"未命名的{self.title}"

    def describe(self, record: Record) -> str:
        """The record in a line by itself, references as bare ids; lists and sentences say what they point at, too
        (``db.ledger.lines``)."""
        values = ((name, getattr(record, name)) for name in self.marks)
        return self.line({name: self._kinds[name].show(value) for name, value in values if value is not None})

    def line(self, words: Mapping[str, str]) -> str:
        """The line of a record from the words its marked fields show, absent ones left out; a record that has none of them
        has no name."""
        if self.marks and not any(words.get(name) for name in self.marks):
            return self.unnamed
        told = MARK.sub(lambda mark: words.get(mark[1], "") if mark[1] in self._kinds else mark[0], self.shown)
        return " ".join(told.split()).strip(ENDS) or self.unnamed


def trouble(kind: Kind[Any], stored: Stored) -> str:
    """Why JSON is no value of a kind, in a few words; "" when it is one, or absent."""
    if stored is None:
        return ""
    try:
        kind.load(stored)
    except Refusal as wrong:
        return wrong.sentence.rstrip("。")
    return ""


_DECLARED: dict[type[Record], Schema] = {}


def record(
    name: str,
    title: str,
    *,
    shown: str = "{id}",
    text: str = "",
    order: Iterable[str] = (),
    lasting: str = "",
    freezes: Iterable[str] = (),
) -> Callable[[type[R]], type[R]]:
    """Declares a frozen dataclass as a record: ``shown`` is a line with {field} marks, ``order`` the fields a list is sorted by;
    ``lasting`` and ``freezes`` as in ``Schema``."""

    def declare(cls: type[R]) -> type[R]:
        hints = get_type_hints(cls, include_extras=True)
        found = []
        for one in fields(cls):
            if one.name == "id":
                continue
            kind = next((m for m in getattr(hints[one.name], "__metadata__", ()) if isinstance(m, Kind)), None)
            if kind is None:
                raise TypeError(f"{cls.__name__}.{one.name} has no kind")
            found.append(Field(one.name, kind))
        told = text or cls.__doc__ or ""
        _DECLARED[cls] = Schema(name, title, tuple(found), shown, cls, told, tuple(order), lasting, tuple(freezes))
        return cls

    return declare


def schema_of(cls: type[Record]) -> Schema:
    """The schema of a declared record class; rows of registers have no class of their own: ``schema_name``."""
    return _DECLARED[cls]


def schema_name(one: Record) -> str:
    """The name of a record's schema, whether it is of the core or a row of a register."""
    return one.register if isinstance(one, Row) else _DECLARED[type(one)].name


@dataclass(frozen=True)
class _Rows:
    """Makes the rows of one register."""

    register: str
    names: tuple[str, ...]

    def __call__(self, *, id: str = "", **values: Any) -> Row:  # noqa: A002 - the field of every record
        return Row(id=id, register=self.register, values=dict.fromkeys(self.names), **values)


def row_schema(
    name: str,
    title: str,
    own: Iterable[Field],
    shown: str,
    *,
    help: str = "",  # noqa: A002 - named as the schema names it
    order: Iterable[str] = (),
) -> Schema:
    """The schema of a register, ``name`` being ``category.register``; it makes ``Row``s. ``ValueError`` for a reserved or
    repeated field name."""
    found = tuple(own)
    names = tuple(one.name for one in found)
    if len({*names}) != len(names) or RESERVED & {*names}:
        raise ValueError(f"{name}: a field name is reserved or repeated")
    return Schema(name, title, found, shown, _Rows(name, names), help, tuple(order))


def changed(before: Record | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Of the values of a form only those that differ from what was shown."""
    if before is None:
        return {name: value for name, value in values.items() if value is not None}
    return {name: value for name, value in values.items() if getattr(before, name) != value}
