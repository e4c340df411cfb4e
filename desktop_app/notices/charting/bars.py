"""Columns and bars: the same chart upright and lying, from the zero line up and down, values beside their ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop_app.notices import tree
from desktop_app.notices.charting import names
from desktop_app.notices.charting.canvas import AXIS, LEAST, SMALL, Box, Canvas, Spot, look
from desktop_app.notices.charting.names import PITCH, Named
from desktop_app.notices.charting.scale import Scale, scale, there

_WIDEST = 34.0
"""Points: a column is no wider, however few there are."""
_FILLED = 0.68
"""Share of its slot that a group of columns fills."""
_SIZES = (SMALL, 8.0, 7.5, 7.0, LEAST)
_TINY = 5.2
"""What the names of many bars may shrink to; beyond that every few are left out."""
_MARGIN = 4.0


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart with what its drawing shares."""

    chart: tree.Chart
    scale: Scale
    box: Box

    @property
    def count(self) -> int:
        """How many categories there are."""
        return len(self.chart.categories)

    def values(self) -> Iterator[tuple[int, int, float]]:
        """(series, category, value) of every value that is there."""
        for number, series in enumerate(self.chart.series):
            for at, value in enumerate(series.values):
                if value is not None and there([value]):
                    yield number, at, value


def numbers(chart: tree.Chart) -> list[float]:
    """Every value that is there."""
    return [value for series in chart.series for value in there(series.values)]


def widest(canvas: Canvas, told: Scale) -> float:
    """The room that the figures of the ticks take."""
    return max(canvas.measure(told.tick(tick), SMALL) for tick in told.ticks)


def levels(canvas: Canvas, plot: Plot) -> None:
    """Lines across at every tick, its figure to the left, the line of zero strong."""
    box, told = plot.box, plot.scale
    for tick in told.ticks:
        y = box.bottom + told.share(tick) * box.height
        if tick:
            canvas.rule(box.left, y, box.right, y)
        canvas.offer(box.left - _MARGIN, y, told.tick(tick), SMALL, "right")
    zero = box.bottom + told.share(0.0) * box.height
    if told.ticks[0] <= 0 <= told.ticks[-1]:
        canvas.stroke(box.left, zero, box.right, zero, 0.9)
    canvas.stroke(box.left, box.bottom, box.left, box.top, 0.6)
    if told.unit:
        canvas.say(0, canvas_top(box), f"单位：{told.unit}", SMALL, "left")


def canvas_top(box: Box) -> float:
    """Where the unit stands: above the plot and the values on its highest columns."""
    return box.top + SMALL * 2.1


def under(canvas: Canvas, box: Box, named: Named) -> None:
    """The names of the categories below the plot."""
    slot = box.width / max(len(named.lines), 1)
    for at, lines in enumerate(named.lines):
        for row, line in enumerate(lines):
            y = box.bottom - 5 - (row + 0.5) * named.size * PITCH
            canvas.offer(box.left + (at + 0.5) * slot, y, line, named.size)


def framed(canvas: Canvas, top: float, named: Named, told: Scale) -> Box:
    """The plot of a chart whose values go up: what its figures and names leave of the canvas below ``top``."""
    left = widest(canvas, told) + _MARGIN + 2
    head = SMALL * (2.8 if told.unit else 1.3)
    return Box(left, named.height + 8, canvas.width, top - head)


def columns(canvas: Canvas, chart: tree.Chart, top: float) -> bool:
    """Columns in the canvas below ``top``; False when the names of the categories have no room under them."""
    told = scale(numbers(chart), chart.unit, max(2, int(top // 38)))
    slot = (canvas.width - widest(canvas, told) - _MARGIN - 2) / max(len(chart.categories), 1)
    named = names.below(chart.categories, slot, canvas.measure)
    if named is None or named.height > 0.4 * top:
        return False
    plot = Plot(chart, told, framed(canvas, top, named, told))
    levels(canvas, plot)
    box = plot.box
    slot = box.width / plot.count
    thick = min(slot * _FILLED / len(chart.series), _WIDEST)
    zero = box.bottom + told.share(max(told.ticks[0], 0.0)) * box.height
    size = _value_size(canvas, plot, slot if len(chart.series) == 1 else thick)
    for number, at, value in plot.values():
        middle = box.left + (at + 0.5) * slot + (number - (len(chart.series) - 1) / 2) * thick
        end = box.bottom + told.share(value) * box.height
        first = len(canvas.shapes)
        if value:
            canvas.bar(middle - thick / 2, min(zero, end), thick, abs(end - zero), look(number))
        reach = (slot if len(chart.series) == 1 else thick) / 2
        ground = Box(middle - reach, 0, middle + reach, canvas_top(box))
        canvas.spots.append(Spot(ground, number, at, (first, len(canvas.shapes))))
        if size:
            canvas.offer(middle, end + (0.75 if value >= 0 else -0.75) * size, told.told(value), size)
    under(canvas, box, named)
    return True


def _value_size(canvas: Canvas, plot: Plot, room: float) -> float:
    """The largest size at which no two values beside each other touch; 0 where there is none."""
    told = [plot.scale.told(value) for _, _, value in plot.values()]
    return next((s for s in _SIZES if all(canvas.measure(words, s) <= room - 1 for words in told)), 0.0)


# -- lying ------------------------------------------------------------------------------------------------------------


def bars(canvas: Canvas, chart: tree.Chart, top: float) -> None:
    """Bars in the canvas below ``top``, the first category uppermost."""
    told = scale(numbers(chart), chart.unit, max(2, int(canvas.width // 70)))
    bottom = SMALL * 1.6
    head = SMALL * (1.6 if told.unit else 0.4)
    pitch = (top - head - bottom) / max(len(chart.categories), 1)
    size = min(SMALL, max(_TINY, pitch * 0.85))
    step = max(1, int(-(-size // pitch))) if pitch < size else 1
    most = 0.42 * canvas.width
    room = min(max((canvas.measure(name, size) for name in chart.categories), default=0.0), most)
    words = [told.told(value) for value in numbers(chart)]
    beyond = max((canvas.measure(one, SMALL) for one in words), default=0.0) + 5
    negative = beyond if told.ticks[0] < 0 else 0.0
    box = Box(room + _MARGIN + 4 + negative, bottom, canvas.width - max(beyond, 8.0), top - head)
    plot = Plot(chart, told, box)
    _upright_levels(canvas, plot)
    for at, name in enumerate(chart.categories[::step]):
        y = box.top - (at * step + 0.5) * pitch
        lines = names.beside(name, room + 0.01, pitch, size, canvas.measure)
        for row, line in enumerate(lines):
            shift = ((len(lines) - 1) / 2 - row) * size * PITCH
            canvas.say(room, y + shift, line, size, "right")
    _lying(canvas, plot, pitch)


def _upright_levels(canvas: Canvas, plot: Plot) -> None:
    box, told = plot.box, plot.scale
    kept = _untouching(canvas, plot)
    for tick in told.ticks:
        x = box.left + told.share(tick) * box.width
        if tick:
            canvas.rule(x, box.bottom, x, box.top)
        if tick in kept:
            canvas.offer(x, box.bottom - SMALL * 0.8, told.tick(tick), SMALL)
    zero = box.left + told.share(max(told.ticks[0], 0.0)) * box.width
    canvas.stroke(zero, box.bottom, zero, box.top, 0.9, AXIS)
    canvas.stroke(box.left, box.bottom, box.right, box.bottom, 0.6, AXIS)
    if told.unit:
        canvas.say(canvas.width, box.top + SMALL * 0.9, f"单位：{told.unit}", SMALL, "right")


def _untouching(canvas: Canvas, plot: Plot) -> Sequence[float]:
    """The ticks whose figures have room beside each other."""
    told = plot.scale
    apart = plot.box.width / max(len(told.ticks) - 1, 1)
    step = max(1, int(-(-(widest(canvas, told) + 6) // apart)))
    return told.ticks[::step]


def _lying(canvas: Canvas, plot: Plot, pitch: float) -> None:
    box, told, chart = plot.box, plot.scale, plot.chart
    thick = min(pitch * _FILLED / len(chart.series), 22.0)
    zero = box.left + told.share(max(told.ticks[0], 0.0)) * box.width
    size = min(SMALL, thick * 1.25) if len(chart.series) > 1 else min(SMALL, max(pitch * 0.85, _TINY))
    for number, at, value in plot.values():
        y = box.top - (at + 0.5) * pitch + ((len(chart.series) - 1) / 2 - number) * thick
        end = box.left + told.share(value) * box.width
        first = len(canvas.shapes)
        if value:
            canvas.bar(min(zero, end), y - thick / 2, abs(end - zero), thick, look(number))
        reach = (pitch if len(chart.series) == 1 else thick) / 2
        ground = Box(0, y - reach, canvas.width, y + reach)
        canvas.spots.append(Spot(ground, number, at, (first, len(canvas.shapes))))
        if size >= _TINY:
            canvas.offer(end + (3 if value >= 0 else -3), y, told.told(value), size, "left" if value >= 0 else "right")
