"""What a command of the window is; all of them stand in one table (``connections.commands``), which gives the window its keys
and is what Ctrl+K looks through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One thing the window can be told to do: Chinese words, an English name by which it is found too, what it calls; its key
    where it has one (as Qt writes keys), and its icon of ``resources/icons``."""

    words: str
    english: str
    act: Callable[[], object]
    keys: str = ""
    icon: str = ""
    page: str = ""
    """The title of the page it leads to; "" for a deed."""


Key = tuple[str, str, Callable[[], object]]
"""A key, what it does in words, and what it calls."""


def keys(table: tuple[Command, ...]) -> tuple[Key, ...]:
    """Those of the commands that have a key."""
    return tuple((one.keys, one.words, one.act) for one in table if one.keys)
