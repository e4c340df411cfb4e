"""What is wrong with a piece of a definition, and at which key."""

from __future__ import annotations

from collections.abc import Iterable

Path = tuple[str | int, ...]
"""The way to a value: keys of tables and places in lists, as in ("register", "refuel", "field", "litres")."""


class Wrong(Exception):
    """A piece of a definition that cannot be used: where it stands, what is wrong (Chinese), what to do (Chinese)."""

    def __init__(self, path: Path, what: str, advice: str = "") -> None:
        super().__init__(what)
        self.path = path
        self.what = what
        self.advice = advice

    def within(self, above: Path) -> Wrong:
        """The same, found from further above."""
        return Wrong((*above, *self.path), self.what, self.advice)


def dotted(path: Path) -> str:
    """The way to a value as a clerk may read it: register.refuel.field.litres."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def listed(words: Iterable[str]) -> str:
    """Names one behind the other, cut where there are too many."""
    names = list(words)
    return "、".join(names[:24]) + ("……" if len(names) > 24 else "")
