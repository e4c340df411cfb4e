"""Lines over time: a mark at every value, gaps where there is none, values beside the marks where they have room."""

from __future__ import annotations

import itertools

from desktop_app.notices import page, tree
from desktop_app.notices.charting import names
from desktop_app.notices.charting.bars import Plot, framed, levels, numbers, under, widest
from desktop_app.notices.charting.canvas import EDGE, SMALL, Box, Canvas, Point
from desktop_app.notices.charting.scale import scale

STROKES: tuple[tuple[float, page.Colour], ...] = ((1.6, "#2F5187"), (1.1, "#6B7585"), (1.6, "#8FA9D0"), (0.8, EDGE))
_LABELLED = 3
"""Series whose values are written beside the marks; of more the scale alone tells."""
_SHARE = 0.45
"""A lowest value above this share of the highest lets the scale begin above zero."""


def lines(canvas: Canvas, chart: tree.Chart, top: float) -> None:
    """Lines in the canvas below ``top``."""
    found = numbers(chart)
    zero = not found or min(found) < _SHARE * max(found)
    told = scale(found, chart.unit, max(2, int(top // 38)), zero=zero)
    slot = (canvas.width - widest(canvas, told) - 6) / max(len(chart.categories), 1)
    named = names.below(chart.categories, slot, canvas.measure)
    if named is None or named.height > 0.4 * top:
        named = names.every_few(chart.categories, slot, canvas.measure)
    plot = Plot(chart, told, framed(canvas, top, named, told))
    levels(canvas, plot)
    if not zero:
        canvas.stroke(plot.box.left, plot.box.bottom, plot.box.right, plot.box.bottom, 0.6)
    places = _places(plot)
    for number, points in enumerate(places):
        weight, colour = STROKES[number % len(STROKES)]
        for here, after in itertools.pairwise(points):
            if here is not None and after is not None:
                canvas.rule(*here, *after, weight, colour)
    size = min(5.0, max(2.5, 0.3 * plot.box.width / max(plot.count, 1)))
    for number, points in enumerate(places):
        for point in points:
            if point is not None:
                canvas.mark(*point, number, size)
    _values(canvas, plot, places)
    under(canvas, plot.box, named)


def _places(plot: Plot) -> list[list[Point | None]]:
    slot = plot.box.width / max(plot.count, 1)
    found: list[list[Point | None]] = [[None] * plot.count for _ in plot.chart.series]
    for number, at, value in plot.values():
        y = plot.box.bottom + plot.scale.share(value) * plot.box.height
        found[number][at] = (plot.box.left + (at + 0.5) * slot, y)
    return found


def _values(canvas: Canvas, plot: Plot, places: list[list[Point | None]]) -> None:
    """Values above their marks, else below; left out where something else stands there."""
    if len(places) > _LABELLED:
        return
    marks = [Box(x - 3, y - 3, x + 3, y + 3) for points in places for x, y in filter(None, points)]
    segments = [pair for points in places for pair in itertools.pairwise(points)]
    for number, at, value in plot.values():
        point = places[number][at]
        if point is None:
            continue
        words, size = plot.scale.told(value), SMALL - 1
        for shift in (8.5, -8.5):
            y = point[1] + shift
            wide = canvas.measure(words, size) / 2
            room = Box(point[0] - wide, y - 0.4 * size, point[0] + wide, y + 0.4 * size)
            clear = room.bottom > plot.box.bottom + 1 and not any(_crossed(room, *pair) for pair in segments)
            if clear and canvas.offer(point[0], y, words, size, shun=marks):
                break


def _crossed(room: Box, here: Point | None, after: Point | None) -> bool:
    """Whether a line runs through a room."""
    if here is None or after is None or after[0] <= room.left or here[0] >= room.right:
        return False
    slope = (after[1] - here[1]) / (after[0] - here[0])
    ends = [here[1] + (x - here[0]) * slope for x in (max(room.left, here[0]), min(room.right, after[0]))]
    return min(ends) < room.top - 1 and max(ends) > room.bottom + 1
