"""Pairs of words handed to a query as one parameter, however many there are: what stands for what."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from sqlalchemy import CTE, Text, func, literal, select


def pairs(mapping: Mapping[str, str], name: str) -> CTE:
    """A source with the columns ``key`` and ``value``, made once in a query and looked up by its key.

    SQLite reads them from JSON; another server would take an array of each.
    """
    words = literal(orjson.dumps(dict(sorted(mapping.items()))).decode(), Text)
    each = func.json_each(words).table_valued("key", "value")
    return select(each.c.key.label("key"), each.c.value.label("value")).cte(name).prefix_with("MATERIALIZED")
