"""Where the cells of a line stand, kept as what differs from where they stand in the paragraph by itself.

Most lines differ in one thing: every gap that may grow is wider by the same. Nobody asks for the places of most cells, and what
is drawn of a line follows from what is drawn of its paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import sub
from typing import overload


class Places(Sequence[float]):
    """The left edges of the squares of cells ``start`` to ``end``, in thousandths of a cell.

    ``natural`` are the places of all cells of the paragraph, ``loose[k]`` is 1 where the gap before cell k may grow. The first
    cell stands at ``first``; every gap that may grow does so by ``level``, and of ``changes`` (k, by) the cell after k stands
    further right by so much more.
    """

    __slots__ = ("changes", "end", "first", "level", "loose", "natural", "start")

    def __init__(
        self,
        natural: Sequence[int],
        loose: Sequence[int],
        span: tuple[int, int],
        first: float = 0.0,
        level: float = 0.0,
        changes: Sequence[tuple[int, float]] = (),
    ) -> None:
        self.natural = natural
        self.loose = loose
        self.start, self.end = span
        self.first = first
        self.level = level
        self.changes = changes

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[float]:
        return iter(self._made())

    @overload
    def __getitem__(self, at: int) -> float: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[float]: ...
    def __getitem__(self, at: int | slice) -> float | Sequence[float]:
        if isinstance(at, int):
            return self._made()[at]
        first, last, step = at.indices(len(self))
        if step != 1 or first >= last:
            return self._made()[at]
        begun = self._made()[first] if first else self.first
        start, end = self.start + first, self.start + last
        changes = [one for one in self.changes if start <= one[0] < end - 1]
        return Places(self.natural, self.loose, (start, end), begun, self.level, changes)

    def __eq__(self, other: object) -> bool:
        return self._made() == list(other) if isinstance(other, Places | list) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self._made()))

    def __repr__(self) -> str:
        return repr(self._made())

    def _made(self) -> list[float]:
        start, end = self.start, self.end
        steps: list[float] = list(map(sub, self.natural[start + 1 : end], self.natural[start : end - 1]))
        if self.level:
            steps = [
                x + self.level if open_ else x for x, open_ in zip(steps, self.loose[start + 1 : end], strict=True)
            ]
        for k, by in self.changes:
            steps[k - start] += by
        return list(accumulate(steps, initial=self.first))
