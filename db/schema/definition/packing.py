"""A definition's body as a ledger keeps it. The log writes tables with their keys sorted, so a table whose order a clerk sees
(registers, fields, indicators, choices …) is kept as a list of pairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ORDERED = frozenset(("register", "field", "indicator", "rule", "table", "of"))
"""Keys whose table keeps its order."""


def packed(raw: Any) -> Any:
    """A body as read → as kept."""
    if isinstance(raw, Mapping):
        return {key: _pairs(value) if key in ORDERED else packed(value) for key, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [packed(one) for one in raw]
    return raw


def _pairs(raw: Any) -> Any:
    return [[key, packed(value)] for key, value in raw.items()] if isinstance(raw, Mapping) else packed(raw)


def unpacked(kept: Any) -> Any:
    """A body as kept → as read; one that is already so stays so."""
    if isinstance(kept, Mapping):
        return {key: _table(value) if key in ORDERED else unpacked(value) for key, value in kept.items()}
    if isinstance(kept, list):
        return [unpacked(one) for one in kept]
    return kept


def _table(kept: Any) -> Any:
    pairs = isinstance(kept, list) and all(
        isinstance(one, list) and len(one) == 2 and isinstance(one[0], str) for one in kept
    )
    return {one[0]: unpacked(one[1]) for one in kept} if pairs and kept else unpacked(kept)
