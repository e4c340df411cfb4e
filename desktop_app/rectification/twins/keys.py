"""What a record is known by: the fields whose agreement says that two records are one thing.

A register tells it by its definition: a field that must not be repeated, fields a rule holds to be unique together, and what is
called a name or a number in its line (a model is neither). Units and people are of the core and named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema import kinds, links
from db.schema.definition.set_tests import Unique
from db.schema.record import Schema
from db.schema.records import Person, Unit

Sort = Literal["code", "name", "person", "whole"]
"""A number or mark; what a thing is called; a person's name, which others bear too; several fields together."""
CORE = {"unit": Unit, "person": Person}
_CODE = re.compile(r"(?<![型称符])号$|号码|编号|代码|号牌|车牌|证件|卡号|账号|code|number", re.I)
_NAMED = re.compile(r"名|标题|题目|项目$|^(name|title)$")
_PERSON = re.compile(r"姓名|人名|^人员$")


@dataclass(frozen=True)
class Key:
    """The fields that together name a record; ``either`` are fields that may hold the same name in place of the only one."""

    fields: tuple[str, ...]
    sort: Sort
    either: tuple[str, ...] = ()


def reviewed(facts: Facts, record: str) -> bool:
    """Whether records of this schema may be said to be the same: units, people, rows of registers."""
    category, _, register = record.partition(".")
    return record in CORE or bool(register and category in facts.definitions)


def registers(facts: Facts) -> list[str]:
    """The schemas that are looked through: those with a key, and at least one record."""
    filled = facts.filled()
    return [name for name in facts.tables.records if name in filled and reviewed(facts, name) and keys_of(facts, name)]


def keys_of(facts: Facts, record: str) -> tuple[Key, ...]:
    """What records of a schema are known by, the surest first."""
    schema = facts.schema(record)
    if record == "unit":
        return (Key(("name",), "name", ("short_name",)),)
    if record == "person":
        return Key(("code",), "code"), Key(("name",), "person")
    found = {key.fields: key for key in _declared(facts, schema)}
    for name in schema.marks:
        kind = schema.field(name).kind
        if (
            isinstance(kind, kinds.Text)
            and not kind.retired
            and (_NAMED.search(kind.label) or _CODE.search(kind.label))
        ):
            found.setdefault((name,), Key((name,), sort_of(schema, name)))
    return tuple(found.values())


def _declared(facts: Facts, schema: Schema) -> Iterator[Key]:
    for field in schema.fields:
        if field.kind.unique and not field.kind.retired and isinstance(field.kind, kinds.Text):
            yield Key((field.name,), sort_of(schema, field.name))
    category, _, register = schema.name.partition(".")
    definition = facts.definitions.get(category)
    for rule in definition.rules.values() if definition is not None else ():
        test = rule.test
        if not isinstance(test, Unique) or rule.register != register or any(len(path) != 1 for path in test.fields):
            continue
        names = tuple(path[0] for path in test.fields)
        if any(name not in schema.kinds() for name in names):
            continue
        only = schema.field(names[0]).kind
        if len(names) > 1:
            yield Key(names, "whole")
        elif isinstance(only, kinds.Text):
            yield Key(names, sort_of(schema, names[0]))


def sort_of(schema: Schema, name: str) -> Sort:
    """What sort of name a field of text is, by what it is called."""
    label = schema.field(name).kind.label
    if _PERSON.search(label):
        return "person"
    return "code" if _CODE.search(label) or _CODE.search(name) else "name"


def telling(schema: Schema, key: Key) -> tuple[str, ...]:
    """The other fields that say something of which thing it is: words, references, days and numbers that stand in lists. What is
    chosen from a list (在用) is the same for half of all records and says nothing."""
    wanted = (kinds.Text, links.Ref, kinds.Day, kinds.Whole, kinds.Money, kinds.Number)
    named = {*key.fields, *key.either}
    return tuple(
        one.name
        for one in schema.fields
        if one.name not in named and (one.kind.listed or schema.name in CORE) and isinstance(one.kind, wanted)
    )


def place_of(facts: Facts, ids: Sequence[str]) -> str:
    """The schema of records with these ids; ``Refusal`` where they are of none, or of two."""
    found: dict[str, str] = {}
    with facts.reading() as connection:
        for name in (one for one in facts.tables.records if reviewed(facts, one)):
            table = facts.tables.records[name].table.c
            found |= dict.fromkeys(connection.execute(select(table.id).where(table.id.in_(ids))).scalars(), name)
    for one in ids:
        if one not in found:
            raise Refusal(
                f"没有编号为“{one[:64]}”的单位、人员或登记表的行。", "编号见“review”命令列出的第一栏。", "duplicates"
            )
    names = {found[one] for one in ids}
    if len(names) > 1:
        raise Refusal("这两条不是同一个表里的。", "请写同一个表里的两条。", "duplicates")
    return names.pop()
