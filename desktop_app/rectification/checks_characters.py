"""Where the ledger has characters out of the common: rare ideographs, signs of other scripts, what a paper may not be able to print.

Which of them some face draws is the papers' to say (``notices.missing``); here they are only found.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import func, select

from db.ledger.facts import Facts
from db.schema.kinds import Kind, Text
from db.schema.links import Texts
from db.schema.prose import Prose
from desktop_app.rectification.checks_links import unit_of

COMMON = "\t\n\r -~\u00a0°±·×÷—‘’“”…‰℃①-⒛㈠-㈩、-〗\u3000㎡㐀-䶵一-龥！-～"
"""Inside of a regular expression's brackets: signs and the ideographs every face of the program or its fallback draws."""
UNCOMMON = re.compile(f"[^{COMMON}]")


class Words(NamedTuple):
    """Words of a record with something uncommon in them; of several texts those that have it, one behind the other."""

    record: str
    id: str
    field: str
    text: str


def written(kind: Kind[Any]) -> bool:
    """Whether values of a kind are words somebody typed."""
    return isinstance(kind, Text | Prose | Texts)


def uncommon(facts: Facts, unit: str | None = None) -> Iterator[Words]:
    """Fields of live records (of one unit, and of none) with an uncommon character.

    A table is looked at as one long text first: nearly always nothing is in it, and no row has to be read.
    """
    filled = facts.filled()
    for name, one in facts.tables.records.items():
        fields = [field.name for field in one.schema.fields if written(field.kind)] if name in filled else []
        if not fields:
            continue
        columns = one.table.c
        live = columns.deleted == 0
        whole = functools.reduce(operator.add, (func.coalesce(columns[field], "") for field in fields))
        with facts.reading() as connection:
            if not UNCOMMON.search(
                connection.execute(select(func.aggregate_strings(whole, "")).where(live)).scalar() or ""
            ):
                continue
            rows = connection.execute(select(columns.id, *(columns[f] for f in fields)).where(live)).all()
        for identifier, *texts in sorted(rows, key=lambda row: row[0]):
            found = [(field, text) for field, text in zip(fields, texts, strict=True) if text and UNCOMMON.search(text)]
            if found and (unit is None or unit_of(facts, name, identifier) in (unit, None)):
                yield from (Words(name, identifier, field, text) for field, text in found)
