"""The two-dimensional code in the foot of the last page, on the binding side, with its words beside it."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.notices import page, setting, tree
from desktop_app.notices.marks import clean
from desktop_app.notices.page import MM, UPRIGHT, Ink, Line, Page, Shape
from desktop_app.notices.stock import Words, prepare

SIDE = 19 * MM
LOW = 9 * MM
"""The lower edge of the code above the paper's: most printers leave 5 mm white."""
QUIET = 4
"""Blank modules around a code (ISO/IEC 18004): the words keep off it."""
SIZE = page.SIZES["x5"]
"""The words beside the code, 小五, smaller if they are long."""


def modules(data: str) -> list[list[bool]]:
    """The black modules of a QR code by row, as small as holds ``data``."""
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel  # slow to load, seldom needed

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(data)
    code.make()
    return [[bool(black) for black in row] for row in code.modules]


def ink(part: tree.Code, left: bool) -> Ink:
    """The code in the foot of an upright page, flush with the type area on its left or right, words on its inner side."""
    rows = modules(part.data)
    unit = SIDE / len(rows)
    edge = UPRIGHT.left if left else UPRIGHT.right - SIDE
    shapes = [
        page.box(edge + start * unit, LOW + (len(rows) - 1 - k) * unit, (end - start) * unit, unit, page.BLACK)
        for k, row in enumerate(rows)
        for start, end in _runs(row)
    ]
    return Ink(tuple(_words(part, edge, unit, left)), shapes=tuple(shapes))


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """From where to where a row is black."""
    edges = [k for k in range(len(row) + 1) if (k > 0 and row[k - 1]) != (k < len(row) and row[k])]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _words(part: tree.Code, edge: float, unit: float, left: bool) -> list[Line]:
    texts = [clean(text) for text in part.words if text]
    size = min(SIZE, SIDE / max(1.0, 1.4 * len(texts)))
    top = LOW + SIDE / 2 + len(texts) * 0.7 * size - 0.2 * size
    found = []
    for k, text in enumerate(texts):
        said = [Words(text, "song")]
        wide = setting.width(prepare(said)) * size / 1000
        start = edge + SIDE + QUIET * unit if left else edge - QUIET * unit - wide
        draft = setting.single(said, "code", size, start)
        found.append(replace(draft.under(top - k * 1.4 * size, size), row=page.ROWS))
    return found


def coded(one: Page, part: tree.Code) -> Page:
    """The page with its code on the side where its number is not."""
    number = next((line for line in (*one.lines, *one.upright) if line.kind == "number"), None)
    left = number is None or number.left > page.PAPER_WIDTH / 2
    made = ink(part, left)
    if one.turned:
        return replace(one, upright=(*one.upright, *made.lines), shapes=(*one.shapes, *map(_turned, made.shapes)))
    number_last = [*made.lines, *(line for line in one.lines if line.kind == "number")]
    rest = [line for line in one.lines if line.kind != "number"]
    return replace(one, lines=(*rest, *number_last), shapes=(*one.shapes, *made.shapes))


def _turned(shape: Shape) -> Shape:
    """A shape of the upright paper in the frame of the landscape sheet."""
    return replace(shape, points=tuple((y, page.PAPER_WIDTH - x) for x, y in shape.points))
