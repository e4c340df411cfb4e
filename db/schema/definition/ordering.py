"""The order in which pieces that rest on each other are read, and how much they come to once they are written out."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def ordered(needs: Mapping[K, Iterable[K]]) -> tuple[list[K], list[K]]:
    """Key → the keys it needs: the keys, each behind those it needs; and those of a circle, or that need one of a circle."""
    waiting = {key: {one for one in those if one in needs} for key, those in needs.items()}
    users: dict[K, list[K]] = defaultdict(list)
    for key, those in waiting.items():
        for one in those:
            users[one].append(key)
    ready = deque(key for key, those in waiting.items() if not those)
    found: list[K] = []
    while ready:
        key = ready.popleft()
        found.append(key)
        for user in users[key]:
            waiting[user].discard(key)
            if not waiting[user]:
                ready.append(user)
    done = set(found)
    return found, [key for key in needs if key not in done]
