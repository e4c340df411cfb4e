"""A table on its way over the pages: its head on each, rows broken where they must be, nothing lost and nothing torn.

A page ends between two rows, never after a group row and never before a total, not inside a cell over several rows that is
lower than a quarter page, and not before a last row alone. A row is broken inside only when it is
taller than a page, or when more than a third of a page would stay empty. A cell over several rows that is cut by a page
goes on on the next one: with the rest of its words if they did not find room, else with all of them once more.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.notices import linebreak, page, setting, table_cells, table_grid, tree
from desktop_app.notices.flows import Taken, covered
from desktop_app.notices.marks import clean
from desktop_app.notices.page import Frame, Ink
from desktop_app.notices.setting import Draft
from desktop_app.notices.solids import caption, slack
from desktop_app.notices.stock import Words, prepare
from desktop_app.notices.table_cells import Measures
from desktop_app.notices.table_ink import Drawing, Part
from desktop_app.notices.table_rows import Rows, SetRow

GAP = 5.0
THIRD, QUARTER, EIGHTH = 1 / 3, 1 / 4, 1 / 8
LEAST_LINES = 2
"""A row that is broken leaves so many lines on either page."""


class Table:
    """A table as a solid of the pager; one is made for each document that is laid out."""

    def __init__(self, table: tree.Table, number: int) -> None:
        self.table = table
        self.number = number
        self.width = 0.0
        self.at = 0
        self.gone = 0.0
        """Height of row ``at`` that stands on earlier pages."""

    def least(self, frame: Frame) -> tuple[float, bool]:
        """Title, head and first rows (a group with the row after it); all of a table that is lower than a quarter page."""
        self._set(frame)
        over = self.front + self.head
        parts: list[Part] = []
        height = enough = 0.0
        for k in range(self.rows.ends):
            row = self.rows.row(k)
            tall = grown(row, k, row.height, parts, self.measures)
            parts.append(Part(row, k, tall))
            height += tall
            if not enough and self._held(parts, 1):
                whole = row.kept and tall <= frame.height - self.head
                enough = over + height - (0.0 if whole else max(0.0, tall - frame.height * THIRD))
            if enough and over + height > frame.height * QUARTER:
                return min(enough, frame.height), False
        return over + height + self.behind, True

    def whole(self, frame: Frame) -> float:
        """Height of all of it; of cells that reach over rows only what their rows have without them."""
        self._set(frame)
        rows = sum(self.rows.row(k).height for k in range(self.rows.ends))
        return self.front + self.head + rows + self.behind

    def take(self, frame: Frame, row: int, after: int) -> Taken:
        """As many rows as there is room for, or none if the first of them would have to stand alone."""
        self._set(frame)
        begins = self.at == 0 and not self.gone
        over = (self.front if begins else 0.0) + (self.head if begins or self.at < self.rows.ends else 0.0)
        top = frame.row_top(row)
        parts, done = self._parts(top - frame.bottom - over, frame, row, after)
        if not parts and not done:
            return Taken(Ink(), 0, done=False)
        high = over + sum(part.height for part in parts) + (self.behind if done else 0.0)
        rows = min(covered(high, frame, row), frame.rows - row) if done else frame.rows - row
        if begins and done:
            top -= slack(high, rows, frame, row)
        return Taken(self._drawn(parts, frame, top, begins=begins, done=done), rows, done)

    def _set(self, frame: Frame) -> None:
        """Sets the head for this frame; the rows follow as they are asked for."""
        if self.width == frame.width:
            return
        self.width = frame.width
        self.edges, self.size = table_grid.edges(self.table, frame)
        columns, size = self.table.columns, self.size
        self.measures = table_cells.measures(size)
        width = len(columns)
        top = table_grid.head(self.table)
        heads = Rows(table_grid.grid(top, width, "head row"), columns, self.edges, size, self.number, heads=len(top))
        self.head_parts: list[Part] = []
        for k in range(heads.ends):
            row = heads.row(k)
            self.head_parts.append(Part(row, k, grown(row, k, row.height, self.head_parts, self.measures)))
        self.head = sum(part.height for part in self.head_parts)
        self.rows = Rows(table_grid.grid(self.table.rows, width), columns, self.edges, size, self.number)
        if self.head > frame.height * THIRD:  # no page could hold it and much else: it is put once
            every = table_grid.grid((*top, *self.table.rows), width)
            self.rows = Rows(every, columns, self.edges, size, self.number, heads=len(top))
            self.head_parts, self.head = [], 0.0
        title = max(size, page.SIZES["x4"])
        self.front = (title + GAP if self.table.title else 0.0) + (size + GAP if self.table.unit else 0.0)
        self.notes = [line for note in self.table.notes for line in self._note(note, frame)]
        self.behind = GAP + len(self.notes) * self.measures.pitch if self.notes else 0.0

    def _note(self, words: str, frame: Frame) -> list[Draft]:
        stock = prepare([Words(clean(words))])
        lines = linebreak.lines(stock, setting.thousandths(frame.width, self.size))
        return setting.drafts(stock, lines, "caption", self.size, self.number, edge=frame.left)

    def _parts(self, room: float, frame: Frame, row: int, after: int) -> tuple[list[Part], bool]:
        """The rows that go on this page, and whether the table ends with them. Moves ``at`` behind them."""
        parts: list[Part] = []
        used = 0.0
        k = self.at
        while k < self.rows.ends:
            height = self._height(k, parts)
            if used + height > room + 0.01:
                break
            parts.append(Part(self.rows.row(k), k, height))
            used += height
            k += 1
        if k == self.rows.ends:
            ends = used + self.behind + after * page.ROW <= room + 0.01
            if ends or (row == 0 and not parts):
                return self._ended(parts), True
            kept = self._held(parts[:-1], row)  # the last row goes with what must follow it
            if kept or row:
                return self._ended(kept), False
            return [self._broken(k - 1, parts[0].height - LEAST_LINES * self.measures.pitch)], False
        if self._breaks(k, room - used, frame, force=not parts and row == 0):
            parts.append(self._broken(k, room - used))
            return parts, False
        return self._ended(self._held(self._together(parts, frame), row)), False

    def _together(self, parts: list[Part], frame: Frame) -> list[Part]:
        """The parts without the last rows that a low cell ties to what comes next, or whose next one would stand alone."""
        kept = list(parts)
        if not kept:  # the first row does not fit here
            return parts
        if len(kept) > 2 and kept[-1].number == self.rows.ends - 2 and kept[-1].height < frame.height * EIGHTH:
            kept.pop()
        while len(kept) > 1 and self._tied(kept[-1].number + 1, frame.height * QUARTER):
            kept.pop()
        return parts if self._tied(kept[-1].number + 1, frame.height * QUARTER) else kept

    def _tied(self, k: int, low: float) -> bool:
        """Whether a cell lower than that, of this page alone so far, reaches from the rows above into row ``k``."""
        return any(
            box.first >= self.at and not self._higher(range(box.first, box.place.below), low)
            for box in self.rows.row(k).hanging
        )

    def _higher(self, rows: range, low: float) -> bool:
        for k in rows:
            low -= self.rows.row(k).height
            if low < 0:
                return True
        return False

    def _height(self, k: int, parts: list[Part]) -> float:
        """What row ``k`` needs on this page after the parts above it."""
        row = self.rows.row(k)
        height = row.height
        if k == self.at and self.gone:
            lines = max((box.left for box in row.boxes if box.place.below == k + 1), default=0)
            height = max(self.measures.height(lines), row.least - self.gone)
        return grown(row, k, height, parts, self.measures)

    def _breaks(self, k: int, rest: float, frame: Frame, *, force: bool) -> bool:
        """Whether row ``k``, for which there is not enough room, is broken inside."""
        if force:
            return True
        height = self._height(k, [])
        if self.rows.row(k).kind == "group" or self.measures.fitting(rest) < LEAST_LINES:
            return False
        tall = height > frame.height - self.head
        return tall or (not self.rows.row(k).kept and rest > frame.height * THIRD - 0.01)

    def _broken(self, k: int, rest: float) -> Part:
        """As much of row ``k`` as there is room for, and not all but one line."""
        row = self.rows.row(k)
        lines = max(1, self.measures.fitting(rest))
        longest = max((box.left for box in (*row.boxes, *row.hanging)), default=0)
        if longest == lines + 1 > LEAST_LINES:
            lines -= 1
        height = self.measures.height(lines)
        self.gone += height
        self.at = k
        return Part(row, k, height, broken=True)

    def _held(self, parts: list[Part], row: int) -> list[Part]:
        """The parts without those that must not be last on a page: groups, and what a total belongs to."""
        kept = list(parts)
        following = kept[-1].number + 1 if kept else self.rows.ends
        if len(kept) > 1 and following < self.rows.ends and self.rows.row(following).kind == "total":
            kept.pop()
        while kept and kept[-1].row.kind == "group":
            kept.pop()
        return kept or (parts if row == 0 else [])

    def _ended(self, parts: list[Part]) -> list[Part]:
        if parts:
            self.at, self.gone = parts[-1].number + 1, 0.0
        return parts

    def _drawn(self, parts: list[Part], frame: Frame, top: float, *, begins: bool, done: bool) -> Ink:
        drawing = Drawing(self.edges, self.measures, self.number)
        if begins:
            top = self._front(drawing, frame, top)
        bottom = top
        if parts or begins:
            bottom = drawing.parts([*self.head_parts], top, repeats=True)
            if self.head_parts and parts:
                drawing.across(bottom)
            bottom = drawing.parts(parts, bottom)
            drawing.close(top, bottom)
        if done:
            y = bottom - GAP
            for draft in self.notes:
                drawing.lines.append(draft.under(y, self.size))
                y -= self.measures.pitch
        self.rows.drop(self.at)
        return drawing.ink()

    def _front(self, drawing: Drawing, frame: Frame, top: float) -> float:
        """The title and the unit above the table."""
        if self.table.title:
            size = max(self.size, page.SIZES["x4"])
            drawing.lines.append(caption(self.table.title, "hei", size, frame, top, self.number))
            top -= size + GAP
        if self.table.unit:
            said = [Words(f"单位：{clean(self.table.unit)}")]
            wide = setting.width(prepare(said)) * page.cell(self.size) / 1000
            drawing.lines.append(
                setting.single(said, "caption", self.size, frame.right - wide, block=self.number).under(top, self.size)
            )
            top -= self.size + GAP
        return top


def grown(row: SetRow, number: int, height: float, above: Sequence[Part], measures: Measures) -> float:
    """The height of a row that also holds what is left of the boxes that end in it, the parts ``above`` being theirs too."""
    for box in row.hanging:
        if box.place.below == number + 1 and box.left:
            so_far = sum(part.height for part in above if part.number >= box.first)
            height = max(height, measures.height(box.left) - so_far)
    return height
