"""Where the pages of a paper stand below each other in a view, in pixels."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from desktop_app.gui.preview_paper import Box, Paper, origin_at, shown_box

MARGIN = 20
"""Pixels around the sheets."""
GAP = 16
"""Pixels between two sheets."""


@dataclass(frozen=True)
class Layout:
    """Pages of these sizes (points), ``scale`` pixels a point, centred in ``room`` pixels."""

    boxes: tuple[Box, ...] = ()
    scale: float = 1.0
    room: float = 0.0

    @property
    def width(self) -> float:
        """Pixels from the left margin to the right one."""
        return widest(self.boxes) * self.scale + 2 * MARGIN if self.boxes else 0.0

    @property
    def height(self) -> float:
        """Pixels from the upper margin to the lower one."""
        high = sum((box.bottom - box.top) * self.scale + GAP for box in self.boxes)
        return high + 2 * MARGIN - GAP if self.boxes else 0.0

    def rects(self) -> list[QRectF]:
        """The pages."""
        top, found = float(MARGIN), []
        room = max(self.room, self.width)
        for box in self.boxes:
            wide, high = (box.right - box.left) * self.scale, (box.bottom - box.top) * self.scale
            found.append(QRectF((room - wide) / 2, top, wide, high))
            top += high + GAP
        return found

    def page_at(self, height: float) -> int:
        """The page at a height, from 0."""
        return max((n for n, rect in enumerate(self.rects()) if rect.top() <= height), default=0)

    def placed(self, number: int, box: Box) -> QRectF:
        """A box of a page (points) in pixels."""
        shown, rect = self.boxes[number], self.rects()[number]
        left = rect.left() + (box.left - shown.left) * self.scale
        top = rect.top() + (box.top - shown.top) * self.scale
        return QRectF(left, top, (box.right - box.left) * self.scale, (box.bottom - box.top) * self.scale)

    def origin(self, paper: Paper, place: QPointF) -> str:
        """The record whose words stand at a place; "" when there are none."""
        for number, rect in enumerate(self.rects()):
            if rect.contains(place):
                shown, inner = self.boxes[number], place - rect.topLeft()
                return origin_at(paper, number, inner.x() / self.scale + shown.left, inner.y() / self.scale + shown.top)
        return ""


def boxes(paper: Paper | None) -> tuple[Box, ...]:
    """The shown parts of all pages."""
    return tuple(shown_box(paper, n) for n in range(len(paper.pages.pages))) if paper is not None else ()


def widest(found: tuple[Box, ...]) -> float:
    """Points of the widest page."""
    return max((box.right - box.left for box in found), default=1.0)
