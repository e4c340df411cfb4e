"""The list of the palette: rows under headings, the words one typed marked in them, the key of a command at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeySequence, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.gui import theme
from desktop_app.gui.table_look import BAR, ROW

Index = QModelIndex | QPersistentModelIndex
Spans = tuple[tuple[int, int], ...]
HEADING, ITEM, MORE = "heading", "item", "more"
_HEAD, _TALL = 28, 48
_PAD = 16
_ICON = 18


@dataclass(frozen=True)
class Line:
    """A row: a heading (``words``, and at its right what it counts), something to choose, or the way to all of a group.
    ``target`` is what is chosen; ``marks`` are the places of the words one typed."""

    sort: str
    words: str
    target: Any = None
    marks: Spans = ()
    icon: str = ""
    side: str = ""
    below: str = ""
    below_marks: Spans = ()
    keys: str = ""

    def told(self) -> str:
        """The row for screen readers."""
        keys = f"快捷键 {key_words(self.keys)}" if self.keys else ""
        return "，".join(part for part in (self.words, self.side, self.below, keys) if part)


def key_words(keys: str) -> str:
    """A key as it is shown: Alt+↓."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText).replace("Down", "↓").replace("Up", "↑")


class LineModel(QAbstractListModel):
    """The rows as they are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.words
        return line.told() if role == Qt.ItemDataRole.AccessibleTextRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.lines[index.row()].sort == HEADING:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class LinePainter(QStyledItemDelegate):
    """Paints a row."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = self._line(index)
        high = _HEAD if line.sort == HEADING else _TALL if line.below else ROW
        return QSize(0, high)

    def _line(self, index: Index) -> Line:
        model = index.model()
        assert isinstance(model, LineModel)
        return model.lines[index.row()]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, box = self._line(index), QRect(option.rect)  # type: ignore[attr-defined]
        painter.save()
        if line.sort == HEADING:
            self._heading(painter, box, line, option.font)  # type: ignore[attr-defined]
        else:
            self._item(painter, box, line, option)
        painter.restore()

    def _heading(self, painter: QPainter, box: QRect, line: Line, font: QFont) -> None:
        painter.setFont(_small(font))
        painter.setPen(theme.colour("secondary"))
        inner = box.adjusted(_PAD, 6, -_PAD, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line.words)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, line.side)

    def _item(self, painter: QPainter, box: QRect, line: Line, option: QStyleOptionViewItem) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)  # type: ignore[attr-defined]
        if chosen or over:
            painter.fillRect(box, theme.colour("soft" if chosen else "hover"))
        if chosen:
            painter.fillRect(QRect(box.left(), box.top(), BAR, box.height()), theme.colour("accent"))
        font = QFont(option.font)  # type: ignore[attr-defined]
        inner = box.adjusted(_PAD, 0, -_PAD, 0)
        if line.icon:
            place = QRect(
                inner.left(),
                inner.top() + (min(ROW, inner.height()) - _ICON) // 2 + (2 if line.below else 0),
                _ICON,
                _ICON,
            )
            theme.icon(line.icon).paint(painter, place)
        inner.setLeft(inner.left() + _ICON + 10)
        side = key_words(line.keys) if line.keys else line.side
        wide = QFontMetrics(_small(font)).horizontalAdvance(side)
        top = QRect(
            inner.left(),
            inner.top() + (4 if line.below else 0),
            inner.width() - wide - 12,
            22 if line.below else inner.height(),
        )
        if side:
            painter.setFont(_small(font))
            painter.setPen(theme.colour("secondary"))
            right = QRect(top.right(), top.top(), wide + 13, top.height())
            painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, side)
        painter.setPen(theme.colour("accent" if line.sort == MORE else "text"))
        marked(painter, top, line.words, line.marks, font)
        if line.below:
            painter.setPen(theme.colour("secondary"))
            below = QRect(inner.left(), inner.top() + 25, inner.width(), 18)
            marked(painter, below, line.below, line.below_marks, _small(font))


def _small(font: QFont) -> QFont:
    made = QFont(font)
    made.setPixelSize(12)
    made.setBold(False)
    return made


def marked(painter: QPainter, box: QRect, words: str, marks: Spans, font: QFont) -> None:
    """Words in one line with some of them marked (bold, underlined, in the accent's colour), cut at the end where they are too long."""
    plain, bold = QFont(font), QFont(font)
    bold.setBold(True)
    bold.setUnderline(True)
    pen = painter.pen().color()
    left, at = box.left(), 0
    for start, end in (*marks, (len(words), len(words))):
        for piece, used, colour in ((words[at:start], plain, pen), (words[start:end], bold, theme.colour("accent"))):
            room = box.right() - left
            if not piece or room <= 0:
                continue
            sizes = QFontMetrics(used)
            wide = sizes.horizontalAdvance(piece)
            told = piece if wide <= room else sizes.elidedText(piece, Qt.TextElideMode.ElideRight, room)
            painter.setFont(used)
            painter.setPen(colour)
            painter.drawText(QRect(left, box.top(), room + 1, box.height()), Qt.AlignmentFlag.AlignVCenter, told)
            left += wide
        at = end


class LineList(QListView):
    """The list; the keys come from the field above it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines = LineModel()
        self.setModel(self.lines)
        self.setItemDelegate(LinePainter(self))
        self.setAccessibleName("找到的")
        self.setProperty("role", "palette")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Other rows; what was chosen stays so where it is still there, else the first is."""
        chosen = self.chosen()
        self.lines.show_lines(lines)
        places = [at for at, one in enumerate(lines) if one.sort != HEADING]
        same = [at for at in places if chosen is not None and lines[at].target == chosen.target]
        if self._moved and same:
            self.choose(same[0])
        elif places:
            self._moved = False
            self.choose(places[0])

    _moved = False

    def chosen(self) -> Line | None:
        """The chosen row."""
        at = self.currentIndex().row()
        return self.lines.lines[at] if 0 <= at < len(self.lines.lines) else None

    def choose(self, row: int) -> None:
        """Chooses a row and shows it, with the heading above the first of a group."""
        self.setCurrentIndex(self.lines.index(row))
        if row <= 1:
            self.scrollToTop()
            return
        if self.lines.lines[row - 1].sort == HEADING:
            self.scrollTo(self.lines.index(row - 1))
        self.scrollTo(self.lines.index(row))

    def step(self, by: int) -> None:
        """To the next or the former row; from the last to the first."""
        self._go([at for at, one in enumerate(self.lines.lines) if one.sort != HEADING], by)

    def leap(self, by: int) -> None:
        """To the first row of the next or the former group."""
        lines = self.lines.lines
        self._go(
            [at for at, one in enumerate(lines) if at and one.sort != HEADING and lines[at - 1].sort == HEADING], by
        )

    def _go(self, places: list[int], by: int) -> None:
        if not places:
            return
        here = self.currentIndex().row()
        before = [number for number, at in enumerate(places) if at <= here]
        number = before[-1] if before else -1
        if by < 0 and number >= 0 and places[number] < here:
            by += 1
        self._moved = True
        self.choose(places[(number + by) % len(places)])
