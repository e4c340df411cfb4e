"""A pie: slices clockwise from the top, each with its name, value and share beside it; tiny ones are told apart too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from desktop_app.notices import tree
from desktop_app.notices.charting.canvas import LEAST, SMALL, Box, Canvas, Look, Point, cut, look
from desktop_app.notices.charting.scale import Scale, scale, shares, there

_STEP = 0.06
"""Radians between two points of an arc."""
_FINE = 0.08
"""Radians: the edges of narrower slices are drawn finer, else nothing else were seen of them."""
_ELBOW = 7.0
_PITCH = 1.3


@dataclass(frozen=True, slots=True)
class _Slice:
    """A slice: its name, what is said behind it, where its middle is (radians, clockwise from the top)."""

    name: str
    told: str
    middle: float
    value: float


def pies(canvas: Canvas, chart: tree.Chart, top: float) -> None:
    """A pie for each series beside each other, in the canvas below ``top``."""
    count = len(chart.series)
    for at, series in enumerate(chart.series):
        left, right = canvas.width * at / count, canvas.width * (at + 1) / count
        box = Box(left + 4, 4, right - 4, top - (SMALL * 1.6 if count > 1 else 2))
        if count > 1:
            canvas.say((left + right) / 2, top - SMALL * 0.8, cut(series.name, right - left, SMALL, canvas.measure))
        _pie(canvas, chart, series, box)


def _pie(canvas: Canvas, chart: tree.Chart, series: tree.Series, box: Box) -> None:
    kept = [(name, v) for name, v in zip(chart.categories, series.values, strict=True) if v is not None and there([v])]
    missing = [name for name in chart.categories if name not in {one for one, _ in kept}]
    if missing:
        canvas.say(
            box.left,
            box.bottom + SMALL / 2,
            cut(f"没有数据：{'、'.join(missing)}", box.width, 8.0, canvas.measure),
            8.0,
            "left",
        )
        box = Box(box.left, box.bottom + SMALL * 1.6, box.right, box.top)
    values = [value for _, value in kept]
    if not any(values):
        canvas.say((box.left + box.right) / 2, (box.bottom + box.top) / 2, "各项均为 0" if values else "没有数据")
        return
    told = scale(values, chart.unit, 4)
    centre = ((box.left + box.right) / 2, (box.bottom + box.top) / 2)
    slices = _slices(kept, told, values)
    longest = max(canvas.measure(one.name + one.told, SMALL) for one in slices)
    radius = min(box.height / 2 - 4, max(box.width / 2 - longest - 3.5 * _ELBOW, box.width * 0.13), box.width * 0.25)
    for at, (one, value) in enumerate(zip(slices, values, strict=True)):
        half = pi * value / sum(values)
        if value:
            _wedge(canvas, centre, radius, (one.middle - half, one.middle + half), look(at, len(slices)))
    for side in (1, -1):
        _beside(canvas, box, centre, radius, [one for one in slices if (one.middle <= pi) == (side > 0)], side)


def _slices(kept: Sequence[tuple[str, float]], told: Scale, values: Sequence[float]) -> list[_Slice]:
    """The slices; one that is more than half of the pie lies on the right, so that the others have the left to themselves."""
    found = []
    total, largest = sum(values), max(range(len(values)), key=values.__getitem__)
    begin = 0.0
    if values[largest] > total / 2:
        begin = pi / 2 - 2 * pi * (sum(values[:largest]) + values[largest] / 2) / total
    for (name, value), share in zip(kept, shares(values), strict=True):
        middle = (begin + pi * value / total) % (2 * pi)
        begin += 2 * pi * value / total
        found.append(_Slice(name, f" {told.told(value)}{told.unit}（{share:.1f}%）", middle, value))
    return found


def _at(centre: Point, radius: float, angle: float) -> Point:
    return centre[0] + radius * sin(angle), centre[1] + radius * cos(angle)


def _wedge(canvas: Canvas, centre: Point, radius: float, ends: tuple[float, float], how: Look) -> None:
    begin, end = ends
    steps = max(1, int((end - begin) / _STEP))
    arc = [_at(centre, radius, begin + (end - begin) * k / steps) for k in range(steps + 1)]
    whole = end - begin >= 2 * pi - 1e-9
    canvas.area(arc[:-1] if whole else (centre, *arc), how, 0.5 if end - begin > _FINE else 0.15)


def _beside(canvas: Canvas, box: Box, centre: Point, radius: float, slices: list[_Slice], side: int) -> None:
    """The words of one side, top to bottom, pushed apart, each with a line to its slice."""
    if not slices:
        return
    slices.sort(key=lambda one: -cos(one.middle))
    size = next((s for s in (SMALL, 8.0, 7.0, LEAST) if len(slices) * s * _PITCH <= box.height), LEAST)
    most = int(box.height // (size * _PITCH))
    rest = sorted(slices, key=lambda one: -one.value)[most - 1 :] if len(slices) > most else []
    slices = [one for one in slices if one not in rest]
    wanted = [_at(centre, radius + _ELBOW, one.middle)[1] for one in slices]
    if rest:
        wanted.append(box.bottom)
    places = _apart(wanted, size * _PITCH, box)
    edge = centre[0] + side * (radius + 2 * _ELBOW)
    room = (box.right - edge if side > 0 else edge - box.left) - _ELBOW
    for one, y in zip(slices, places, strict=False):
        from_, elbow = _at(centre, radius, one.middle), _at(centre, radius + _ELBOW / 2, one.middle)
        canvas.stroke(*from_, *elbow, 0.4)
        canvas.stroke(*elbow, edge, y, 0.4)
        canvas.stroke(edge, y, edge + side * _ELBOW / 2, y, 0.4)
        words = cut(one.name, room - canvas.measure(one.told, size), size, canvas.measure) + one.told
        canvas.say(edge + side * _ELBOW * 0.75, y, words, size, "left" if side > 0 else "right")
    if rest:
        words = f"其余 {len(rest)} 项都更小"
        canvas.say(edge + side * _ELBOW * 0.75, places[-1], words, size, "left" if side > 0 else "right")


def _apart(wanted: Sequence[float], pitch: float, box: Box) -> list[float]:
    """Heights from top to bottom, at least ``pitch`` apart and inside the box, near where they are wanted."""
    found: list[float] = []
    ceiling = box.top - pitch / 2
    for y in wanted:
        ceiling = min(y, ceiling)
        found.append(ceiling)
        ceiling -= pitch
    floor = box.bottom + pitch / 2
    for at in range(len(found) - 1, -1, -1):
        found[at] = max(found[at], floor)
        floor = found[at] + pitch
    return found
