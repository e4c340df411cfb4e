"""Charts, drawn once for paper and screen: title, legend, and the chart of its kind in a box.

ReportLab's own charts were tried and left: labels of Chinese run into each other, legends and hatches have to be drawn by hand
anyway, and the window may not know ReportLab. ``drawn`` gives plain strokes, shapes and words, ``placed`` puts them on a
page, ``svg`` says them as a picture of the screen.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

from desktop_app.notices import fonts, marks, page, setting, tree
from desktop_app.notices.charting import bars, lines, pie
from desktop_app.notices.charting.canvas import SMALL, TITLE, Canvas, Label, Measure, cut, look
from desktop_app.notices.charting.scale import there
from desktop_app.notices.page import Line, Shape, Stroke
from desktop_app.notices.stock import Words, prepare

_SWATCH, _GAP = 9.0, 14.0
_ROW = SMALL * 1.6
_LEAST = 80.0
"""Height a chart keeps, however long its legend is."""
_NARROWEST, _LOWEST = 180.0, 84.0
"""Points across and below the title: nothing can be read in a smaller box."""


def width_of(text: str, size: float) -> float:
    """How wide words of 宋体 are on paper, no mark squeezed."""
    cells = fonts.cells("song")
    return sum(cells[sign].width for sign in marks.CLUSTER.findall(text)) * page.cell(size) / 1000


def drawn(chart: tree.Chart, width: float, height: float, measure: Measure = width_of) -> Canvas:
    """A chart in a box of ``width`` × ``height`` points, lower left corner at (0, 0). ``measure`` is that of the face the
    words will be shown in."""
    canvas = Canvas(width, height, measure)
    top = height
    if chart.title:
        canvas.say(width / 2, top - TITLE * 0.6, cut(chart.title, width, TITLE, measure), TITLE, bold=True)
        top -= TITLE * 1.5
    missing = not chart.categories or not any(there(series.values) for series in chart.series)
    if missing or width < _NARROWEST or top < _LOWEST:
        canvas.say(width / 2, top / 2, "没有数据" if missing else "图太小，画不下")
        return canvas
    if len(chart.series) > 1 and chart.kind != "pie":
        top = _legend(canvas, chart, top)
    _kind(canvas, chart, top)
    return canvas


def _kind(canvas: Canvas, chart: tree.Chart, top: float) -> None:
    match chart.kind:
        case "columns":
            if not bars.columns(canvas, chart, top):
                bars.bars(canvas, chart, top)
        case "bars":
            bars.bars(canvas, chart, top)
        case "line":
            lines.lines(canvas, chart, top)
        case "pie":
            if min(bars.numbers(chart)) < 0:  # a share cannot be negative
                bars.bars(canvas, chart, top)
            else:
                pie.pies(canvas, chart, top)
        case _:
            raise TypeError(f"{chart.kind} is no kind of chart")


def _legend(canvas: Canvas, chart: tree.Chart, top: float) -> float:
    """The names of the series with their looks, centred in rows; what is left below."""
    rows: list[list[tuple[int, str, float]]] = [[]]
    used = 0.0
    for at, series in enumerate(chart.series):
        name = cut(series.name, canvas.width - 2 * _SWATCH - 6, SMALL, canvas.measure)
        wide = _SWATCH * (2 if chart.kind == "line" else 1) + 4 + canvas.measure(name, SMALL)
        if rows[-1] and used + _GAP + wide > canvas.width:
            rows.append([])
            used = 0.0
        used += wide + (_GAP if rows[-1] else 0)
        rows[-1].append((at, name, wide))
    most = max(1, int((top - _LEAST) // _ROW))
    for row in rows[:most]:
        x = (canvas.width - sum(wide for _, _, wide in row) - _GAP * (len(row) - 1)) / 2
        for at, name, wide in row:
            _swatch(canvas, chart.kind, x, top - _ROW / 2, at)
            canvas.say(x + wide - canvas.measure(name, SMALL), top - _ROW / 2, name, SMALL, "left")
            x += wide + _GAP
        top -= _ROW
    return top - 2


def _swatch(canvas: Canvas, kind: str, x: float, y: float, at: int) -> None:
    if kind == "line":
        weight, colour = lines.STROKES[at % len(lines.STROKES)]
        canvas.rule(x, y, x + 2 * _SWATCH, y, weight, colour)
        canvas.mark(x + _SWATCH, y, at)
    else:
        canvas.bar(x, y - 3.5, _SWATCH, 7, look(at))


# -- on a page --------------------------------------------------------------------------------------------------------


def placed(chart: tree.Chart, left: float, top: float, width: float, height: float, block: int) -> page.Ink:
    """A chart on a page, its upper left corner at (``left``, ``top``); everything belongs to ``block``."""
    canvas = drawn(chart, width, height)
    low = top - height
    return page.Ink(
        lines=tuple(_line(label, left, low, block) for label in canvas.labels),
        strokes=tuple(_stroke(one, left, low, block) for one in canvas.strokes),
        shapes=tuple(_shape(one, left, low, block) for one in canvas.shapes),
    )


def _line(label: Label, left: float, low: float, block: int) -> Line:
    stock = prepare([Words(label.text, "hei" if label.bold else "song")])
    whole = setting.whole(stock)
    wide = whole.right * page.cell(label.size) / 1000
    x = left + label.x - {"left": 0.0, "centre": wide / 2, "right": wide}[label.anchor]
    y = low + label.y
    return Line("caption", -1, y, x, x + wide, setting.pieces(stock, whole, x, label.size), "last", block)


def _stroke(one: Stroke, left: float, low: float, block: int) -> Stroke:
    return replace(one, x0=left + one.x0, y0=low + one.y0, x1=left + one.x1, y1=low + one.y1, block=block)


def _shape(one: Shape, left: float, low: float, block: int) -> Shape:
    return replace(one, points=tuple((left + x, low + y) for x, y in one.points), block=block)


# -- on the screen ----------------------------------------------------------------------------------------------------


def svg(chart: tree.Chart, width: float = 440.0, height: float = 260.0) -> str:
    """A chart as an SVG picture of ``width`` × ``height`` units."""
    canvas = drawn(chart, width, height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">',
        f"<title>{escape(chart.title)}</title>",
    ]
    for shape in canvas.shapes:
        points = " ".join(f"{x:.2f},{height - y:.2f}" for x, y in shape.points)
        edge = f' stroke="{shape.stroke}" stroke-width="{shape.weight:g}"' if shape.stroke else ""
        parts.append(f'<polygon points="{points}" fill="{shape.fill or "none"}"{edge}/>')
    for one in canvas.strokes:
        ends = f'x1="{one.x0:.2f}" y1="{height - one.y0:.2f}" x2="{one.x1:.2f}" y2="{height - one.y1:.2f}"'
        parts.append(f'<line {ends} stroke="{one.colour}" stroke-width="{one.weight:g}"/>')
    for label in canvas.labels:
        anchor = {"left": "start", "centre": "middle", "right": "end"}[label.anchor]
        bold = ' font-weight="bold"' if label.bold else ""
        at = f'x="{label.x:.2f}" y="{height - label.y:.2f}"'
        parts.append(f'<text {at} font-size="{label.size:g}" text-anchor="{anchor}"{bold}>{escape(label.text)}</text>')
    return "\n".join((*parts, "</svg>", ""))
