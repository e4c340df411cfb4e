"""What covers whole rows of the grid and is never broken: pictures, charts, the line along which a slip is torn off."""

from __future__ import annotations

from collections.abc import Callable

from db.values import value
from desktop_app.notices import page, setting, tree
from desktop_app.notices.flows import Taken, covered
from desktop_app.notices.marks import clean
from desktop_app.notices.page import MM, ROW, SIZE_3, Frame, Image, Ink, Line, Stroke
from desktop_app.notices.stock import Words, prepare

CAPTION = page.SIZES["x4"]
CAPTION_GAP = 6.0
CUT = page.SIZES["x4"]


@value
class Whole:
    """A solid that stands on one page or the next: its height in points in a frame, and how it is drawn below a given y."""

    height: Callable[[Frame], float]
    drawn: Callable[[Frame, float], Ink]

    def least(self, frame: Frame) -> tuple[float, bool]:
        """All of it."""
        return self.height(frame), True

    def whole(self, frame: Frame) -> float:
        """Its height."""
        return self.height(frame)

    def take(self, frame: Frame, row: int, after: int) -> Taken:
        """All of it, or nothing where it does not fit."""
        height = self.height(frame)
        rows = covered(height, frame, row)
        if rows > frame.rows - row:
            return Taken(Ink(), 0, done=False)
        return Taken(self.drawn(frame, frame.row_top(row) - slack(height, rows, frame, row)), rows)


def slack(height: float, rows: int, frame: Frame, row: int) -> float:
    """How far below the upper edge of its rows something stands, so that the blanks above and below it are alike."""
    if row == 0:
        return 0.0
    shift = max(0.0, (rows * ROW - height - (ROW - SIZE_3)) / 2)
    return min(shift, max(0.0, frame.row_top(row) - frame.bottom - height))


def solid(block: tree.Block, number: int) -> Whole | None:
    """A block that is never broken, or None if it is none."""
    match block:
        case tree.Cut():
            return Whole(lambda _: SIZE_3, lambda frame, top: _cut(block, number, frame, top))
        case tree.Picture():
            return Whole(
                lambda frame: _picture_size(block, frame)[1] + (CAPTION_GAP + CAPTION if block.caption else 0.0),
                lambda frame, top: _picture(block, number, frame, top),
            )
        case tree.Chart():
            return Whole(
                lambda frame: min(frame.height, (max(1, block.rows) - 1) * ROW + SIZE_3),
                lambda frame, top: _chart(block, number, frame, top),
            )
        case _:
            return None


def caption(words: str, role: str, size: float, frame: Frame, top: float, block: int) -> Line:
    """One line in the middle of the frame, its characters' upper edge at ``top``; smaller if it is too long."""
    said = [Words(clean(words), role)]
    natural = setting.width(prepare(said))
    size = min(size, frame.width * 1000 / max(1, natural))
    left = frame.left + (frame.width - natural * page.cell(size) / 1000) / 2
    draft = setting.single(said, "caption", size, left, block=block)
    return Line("caption", -1, top - page.ASCENT * size, draft.left, draft.right, draft.pieces, "last", block)


def _cut(block: tree.Cut, number: int, frame: Frame, top: float) -> Ink:
    """The dashed line across the type area, its words in the middle of it."""
    y = top - SIZE_3 / 2

    def dashes(left: float, right: float) -> Stroke:
        return Stroke(left, y, right, y, 0.5, page.BLACK, True, number)

    if not block.words:
        return Ink(strokes=(dashes(frame.left, frame.right),))
    line = caption(block.words, "body", CUT, frame, y + CUT / 2, number)
    return Ink((line,), (dashes(frame.left, line.left - CUT / 2), dashes(line.right + CUT / 2, frame.right)))


def _picture_size(block: tree.Picture, frame: Frame) -> tuple[float, float]:
    """Width and height in points: as asked, or as large as the type area allows."""
    room = frame.height - (CAPTION_GAP + CAPTION if block.caption else 0.0)
    width, height = max(1.0, block.width * MM), max(1.0, block.height * MM)
    share = min(1.0, frame.width / width, room / height)
    return width * share, height * share


def _picture(block: tree.Picture, number: int, frame: Frame, top: float) -> Ink:
    width, height = _picture_size(block, frame)
    left = frame.left + (frame.width - width) / 2
    image = Image(block.digest, left, top - height, width, height, block.description, block=number)
    if not block.caption:
        return Ink(images=(image,))
    return Ink((caption(block.caption, "body", CAPTION, frame, top - height - CAPTION_GAP, number),), images=(image,))


def _chart(block: tree.Chart, number: int, frame: Frame, top: float) -> Ink:
    from desktop_app.notices import charts  # seldom needed

    height = min(frame.height, (max(1, block.rows) - 1) * ROW + SIZE_3)
    return charts.placed(block, frame.left, top, frame.width, height, number)
