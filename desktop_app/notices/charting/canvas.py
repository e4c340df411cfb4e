"""What a chart is drawn on: words, strokes and shapes in a box, and the looks that tell its series apart.

A chart has to be read from a black-and-white copy, so the looks differ in lightness first and in hatching second; colour is
only a help. Nothing here knows a face: ``measure`` says how wide words are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import cos, pi, sin
from typing import Literal

from desktop_app.notices import page
from desktop_app.notices.page import Shape, Stroke

Measure = Callable[[str, float], float]
"""(words, size in points) → width in points."""
Anchor = Literal["left", "centre", "right"]
Point = tuple[float, float]
ELLIPSIS = "…"
SMALL, LEAST, TITLE = 9.0, 6.5, 12.0
"""Sizes: of names and figures, of what has to be small, of the title."""
RISE = 0.36
"""How far the middle of figures and characters stands above their baseline, as a share of the size."""
GRID, AXIS, EDGE = "#C9CED6", "#3C4654", "#22344F"
_PITCH = 3.2
"""Points between two lines of a hatching."""


@dataclass(frozen=True, slots=True)
class Label:
    """Words in one line: ``x`` is their left end, middle or right end, ``y`` their baseline."""

    x: float
    y: float
    text: str
    size: float = SMALL
    anchor: Anchor = "centre"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its edges."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def meets(self, other: Box) -> bool:
        """Whether the two share ground."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.top <= other.bottom or other.top <= self.bottom)


@dataclass(frozen=True, slots=True)
class Look:
    """How a series is told apart: its ground, the angles of its hatching in degrees, the colour of hatching and edge."""

    fill: page.Colour
    hatches: tuple[int, ...] = ()
    line: page.Colour = EDGE


LOOKS = (
    Look("#2F5187"),
    Look("#C7D6EC"),
    Look("#FFFFFF", (45,)),
    Look("#7D9CC8"),
    Look("#E9EEF6", (135,)),
    Look("#FFFFFF", (0,)),
    Look("#4A5568"),
    Look("#FFFFFF", (45, 135)),
    Look("#B7BDC7"),
    Look("#E9EEF6", (90,)),
)
"""In the order series and slices get them: neighbours differ by more than a quarter of the way from black to white."""


def look(at: int, of: int = 0) -> Look:
    """The look of the series of this place; in a ring of ``of`` slices the last one differs from the first."""
    turn = at % len(LOOKS)
    return LOOKS[1 + turn] if of > 1 and at == of - 1 and turn == 0 else LOOKS[turn]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands, for a pointer: its ground, the places of its series and its category, and which of the shapes are
    drawn for it (first, behind the last)."""

    ground: Box
    series: int
    category: int
    shapes: tuple[int, int]


@dataclass
class Canvas:
    """A box of ``width`` × ``height`` points, its lower left corner at (0, 0). Shapes lie under strokes, words on top."""

    width: float
    height: float
    measure: Measure
    labels: list[Label] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)

    def say(
        self, x: float, y: float, text: str, size: float = SMALL, anchor: Anchor = "centre", *, bold: bool = False
    ) -> None:
        """Words whose middle height is ``y``; what would leave the box is moved in, what is too wide for it is cut."""
        told = cut(text, self.width, size, self.measure)
        wide = self.measure(told, size)
        left = {"left": x, "centre": x - wide / 2, "right": x - wide}[anchor]
        moved = min(max(left, 0.0), self.width - wide) - left
        low = min(max(y - RISE * size, 0.12 * size), self.height - page.ASCENT * size)
        if told:
            self.labels.append(Label(x + moved, low, told, size, anchor, bold))

    def offer(
        self, x: float, y: float, text: str, size: float = SMALL, anchor: Anchor = "centre", shun: Iterable[Box] = ()
    ) -> bool:
        """Says words where they meet neither words said before nor what is to be shunned; whether it did."""
        wide = self.measure(text, size)
        left = {"left": x, "centre": x - wide / 2, "right": x - wide}[anchor]
        left = min(max(left, 0.0), max(self.width - wide, 0.0))
        room = Box(left, y - 0.43 * size, left + wide, y + 0.43 * size)
        free = not any(room.meets(self.ground(one)) for one in self.labels) and not any(map(room.meets, shun))
        if free:
            self.say(x, y, text, size, anchor)
        return free

    def ground(self, label: Label) -> Box:
        """What the ink of words takes: figures and characters do not fill their square."""
        wide = self.measure(label.text, label.size)
        left = label.x - {"left": 0.0, "centre": wide / 2, "right": wide}[label.anchor]
        return Box(left, label.y - 0.04 * label.size, left + wide, label.y + 0.76 * label.size)

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight: float = 0.4, colour: page.Colour = GRID) -> None:
        """A straight line under everything that is drawn later."""
        self.shapes.append(Shape(((x0, y0), (x1, y1)), stroke=colour, weight=weight))

    def stroke(self, x0: float, y0: float, x1: float, y1: float, weight: float, colour: page.Colour = AXIS) -> None:
        """A straight line above all shapes."""
        self.strokes.append(Stroke(x0, y0, x1, y1, weight, colour))

    def area(self, points: Sequence[Point], how: Look, weight: float = 0.5) -> None:
        """A closed polygon in the look of a series, hatched where that says so."""
        self.shapes.append(Shape(tuple(points), how.fill, how.line, weight))
        for angle in how.hatches:
            for (x0, y0), (x1, y1) in hatching(points, angle):
                self.shapes.append(Shape(((x0, y0), (x1, y1)), stroke=how.line, weight=0.5))

    def bar(self, left: float, bottom: float, width: float, height: float, how: Look) -> None:
        """A rectangle in the look of a series."""
        right, top = left + width, bottom + height
        self.area(((left, bottom), (right, bottom), (right, top), (left, top)), how)

    def mark(self, x: float, y: float, at: int, size: float = 5.0) -> None:
        """The mark of a point of the series of this place: round, square, diamond or triangle, full or hollow."""
        sides, turned = ((14, 0.0), (4, 0.25), (4, 0.0), (3, 0.25))[at % 4]
        reach = size / 2 * (1.0, 1.25, 1.25, 1.25)[at % 4]
        angles = ((k / sides + turned / (1 if sides == 3 else 2)) * 2 * pi for k in range(sides))
        points = tuple((x + reach * cos(a), y + reach * sin(a)) for a in angles)
        fill = EDGE if at % 8 < 4 else "#FFFFFF"
        self.shapes.append(Shape(points, fill, EDGE, 0.8))


def hatching(points: Sequence[Point], angle: int) -> Iterator[tuple[Point, Point]]:
    """Parallel lines at this angle inside a polygon, those of one angle on one raster over the whole paper."""
    across = (-sin(angle * pi / 180), cos(angle * pi / 180))
    along = (across[1], -across[0])
    heights = [x * across[0] + y * across[1] for x, y in points]
    first, last = int(min(heights) // _PITCH) + 1, int(max(heights) // _PITCH)
    for step in range(first, last + 1):
        level = step * _PITCH
        crossed = sorted(_crossings(points, heights, level, along))
        for begin, end in zip(crossed[::2], crossed[1::2], strict=False):
            if end - begin > 0.3:
                yield _back(begin, level, along, across), _back(end, level, along, across)


def _crossings(points: Sequence[Point], heights: Sequence[float], level: float, along: Point) -> Iterator[float]:
    for k, here in enumerate(heights):
        before = heights[k - 1]
        if (before < level) != (here < level):
            share = (level - before) / (here - before)
            (x0, y0), (x1, y1) = points[k - 1], points[k]
            yield (x0 + share * (x1 - x0)) * along[0] + (y0 + share * (y1 - y0)) * along[1]


def _back(forward: float, level: float, along: Point, across: Point) -> Point:
    return forward * along[0] + level * across[0], forward * along[1] + level * across[1]


def cut(text: str, width: float, size: float, measure: Measure) -> str:
    """Words cut to a width, with … in place of what is gone; "" when not even that has room."""
    if measure(text, size) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle] + ELLIPSIS, size) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low] + ELLIPSIS if low else ""
