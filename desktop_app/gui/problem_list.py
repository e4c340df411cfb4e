"""The list of problems: its lines as they are drawn, and the filters above it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QWidget,
)

from desktop_app.gui import theme
from desktop_app.gui.widgets import column, label, row
from desktop_app.rectification.overview import STATES, ProblemRow

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
UNSAVED = Qt.ItemDataRole.UserRole + 1
WARNED = Qt.ItemDataRole.UserRole + 2

TINTS = {
    "closed": "done",
    "done": "done",
    "kept_up": "done",
    "overdue": "overdue",
    "soon": "soon",
    "open": "accent",
    "no_date": "secondary",
}
"""State → colour token; the sign in front differs too, for eyes that do not tell colours."""


class ProblemsModel(QAbstractListModel):
    """The problems that are shown, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[ProblemRow] = ()
        self.unsaved: frozenset[str] = frozenset()
        self.warned: Mapping[str, int] = {}
        self._at: dict[str, int] = {}

    def show(self, rows: Sequence[ProblemRow]) -> None:
        """Shows these problems."""
        self.beginResetModel()
        self.rows = rows
        self._at = {one.id: number for number, one in enumerate(rows)}
        self.endResetModel()

    def mark(self, unsaved: frozenset[str], warned: Mapping[str, int]) -> None:
        """Marks the problems with unsaved typing, and those with findings (how many)."""
        if (unsaved, warned) != (self.unsaved, self.warned):
            self.unsaved, self.warned = unsaved, warned
            if self.rows:
                self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def place(self, identifier: str) -> QModelIndex:
        """Where a problem stands; an invalid index when it is not shown."""
        return self.index(self._at[identifier]) if identifier in self._at else QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.rows[index.row()]
        if role == ROW:
            return one
        if role == UNSAVED:
            return one.id in self.unsaved
        if role == WARNED:
            return self.warned.get(one.id, 0)
        if role == Qt.ItemDataRole.DisplayRole:
            return named(one)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            unsaved = "，未保存" if one.id in self.unsaved else ""
            return f"{named(one)}，{one.state_words}，措施完成 {one.measures_done}/{one.measures}{unsaved}"
        if role == Qt.ItemDataRole.ToolTipRole:
            parts = [named(one), one.unit, one.category, one.due_wording, one.state_words]
            return "\n".join(part for part in parts if part)
        return None


def named(one: ProblemRow) -> str:
    """Number and title of a problem."""
    return f"{one.number}. {one.title}" if one.number is not None else one.title


class ProblemDelegate(QStyledItemDelegate):
    """Draws a problem in two lines: sign, title and state; deadline, category and how much is done."""

    height = 64

    def __init__(self, show_unit: Callable[[], bool]) -> None:
        super().__init__()
        self._show_unit = show_unit

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one: ProblemRow = index.data(ROW)
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(box, theme.colour("soft" if chosen else "hover" if hovered else "surface"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line"))
        if chosen:
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height() - 1), theme.colour("accent"))
        tint = theme.colour(TINTS[one.state])
        _sign(painter, QPointF(box.left() + 22, box.top() + 22), one.state, tint)
        inner = box.adjusted(40, 10, -14, -10)
        right = self._state(painter, inner, one, tint, bool(index.data(UNSAVED)))
        font = QFont(option.font)  # type: ignore[attr-defined]
        font.setWeight(QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        _write(painter, inner.adjusted(0, 0, -right - 12, 0), named(one), font, theme.colour("text"), top=True)
        self._second(painter, inner, one, int(index.data(WARNED)))
        painter.restore()

    def _state(self, painter: QPainter, inner: QRectF, one: ProblemRow, tint: QColor, unsaved: bool) -> float:
        """Writes the state at the right; returns how wide it is."""
        small = _small()
        words = "未保存" if unsaved else one.state_words
        colour = theme.colour("soon") if unsaved else tint
        _write(painter, inner.adjusted(0, 1, 0, 0), words, small, colour, top=True, right=True)
        return QFontMetrics(small).horizontalAdvance(words)

    def _second(self, painter: QPainter, inner: QRectF, one: ProblemRow, warned: int) -> None:
        small = _small()
        due = one.due_wording or (f"{one.due.year}年{one.due.month}月{one.due.day}日" if one.due else "")
        unit = one.unit if self._show_unit() else ""
        words = " · ".join(part for part in (unit, due, one.category) if part) or "还没有时限"
        bar = 96.0
        left = 0.0
        if warned:
            check = f"核对 {warned} 处"
            _write(painter, inner, check, small, theme.colour("soon"), top=False)
            left = QFontMetrics(small).horizontalAdvance(check) + 10
        _write(painter, inner.adjusted(left, 0, -bar - 16, 0), words, small, theme.colour("secondary"), top=False)
        if not one.measures:
            return
        track = QRectF(inner.right() - bar, inner.bottom() - 9, bar, 5)
        share = 1.0 if one.state in ("done", "closed", "kept_up") else one.measures_done / one.measures
        for width, colour in ((bar, theme.colour("track")), (bar * share, theme.colour(TINTS[one.state]))):
            path = QPainterPath()
            path.addRoundedRect(QRectF(track.left(), track.top(), width, track.height()), 2.5, 2.5)
            painter.fillPath(path, colour)


def _small() -> QFont:
    font = QFont(theme.face())
    font.setPixelSize(12)
    return font


def _write(
    painter: QPainter, box: QRectF, words: str, font: QFont, colour: QColor, *, top: bool, right: bool = False
) -> None:
    painter.setFont(font)
    painter.setPen(colour)
    cut = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
    vertical = Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag.AlignBottom
    horizontal = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, int(vertical | horizontal | Qt.TextFlag.TextSingleLine), cut)


def _sign(painter: QPainter, at: QPointF, state: str, tint: QColor) -> None:
    """The sign of a state: triangle overdue, ring no date, tick finished, half-filled soon, dot under way."""
    x, y = at.x(), at.y()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    if state == "overdue":
        painter.drawPolygon(QPolygonF([QPointF(x, y - 6), QPointF(x + 6, y + 5), QPointF(x - 6, y + 5)]))
        return
    if state in ("done", "closed", "kept_up"):
        painter.drawEllipse(at, 6.5, 6.5)
        painter.setPen(QPen(theme.colour("surface"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([QPointF(x - 3, y), QPointF(x - 0.8, y + 2.4), QPointF(x + 3.2, y - 2.4)]))
        return
    if state == "open":
        painter.drawEllipse(at, 5, 5)
        return
    painter.setPen(QPen(tint, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 5, 5)
    if state == "soon":
        painter.setBrush(tint)
        painter.drawPie(QRectF(x - 5, y - 5, 10, 10), 90 * 16, -180 * 16)


class FilterChip(QToolButton):
    """A filter of one sort: its menu says what may be chosen; what is chosen stands on it."""

    chosen = Signal()

    def __init__(self, everything: str) -> None:
        super().__init__()
        self._everything = everything
        self._options: list[tuple[str, str]] = []
        self.value = ""
        self.setProperty("role", "chip")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self._show()

    def offer(self, options: Sequence[tuple[str, str]]) -> None:
        """What may be chosen, as (value, words)."""
        self._options = list(options)
        if self.value and self.value not in {value for value, _words in options}:
            self.value = ""
        self._show()

    def choose(self, value: str) -> None:
        """Chooses a value ("" for everything)."""
        self.value = value
        self._show()
        self.chosen.emit()

    def _fill(self) -> None:
        self._menu.clear()
        for value, words in [("", self._everything), *self._options]:
            action = self._menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(value == self.value)
            action.triggered.connect(lambda _on=False, value=value: self.choose(value))

    def _show(self) -> None:
        words = dict(self._options).get(self.value, self._everything)
        self.setText(f"{words} ▾")
        self.setAccessibleName(f"筛选：{words}")


class ProblemList(QWidget):
    """Filters and the list; tells which problem is chosen."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.all: list[ProblemRow] = []
        self.model = ProblemsModel()
        self.view = QListView()
        self.view.setModel(self.model)
        self._delegate = ProblemDelegate(lambda: len({one.unit for one in self.all if one.unit}) > 1)
        self.view.setItemDelegate(self._delegate)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName("问题列表")
        self.category = FilterChip("全部类别")
        self.state = FilterChip("全部状态")
        self.state.offer(list(STATES.items()))
        self.search = QLineEdit()
        self.search.setPlaceholderText("筛选：标题、类别、单位（Ctrl+F）")
        self.search.setAccessibleName("筛选文字")
        self.search.setClearButtonEnabled(True)
        self._lens = self.search.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.nothing = label("", "hint", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = column(self, spacing=8)
        layout.addWidget(self.search)
        layout.addLayout(row(self.category, self.state, 1))
        layout.addWidget(self.view, 1)
        layout.addWidget(self.nothing, 1)
        self.view.selectionModel().currentChanged.connect(self._moved)
        for signal in (self.category.chosen, self.state.chosen, self.search.textChanged):
            signal.connect(self.refresh)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._lens.setIcon(theme.icon("search"))

    def show_rows(self, rows: list[ProblemRow]) -> None:
        """Shows these problems, as far as the filters let them."""
        self.all = rows
        self.category.offer([(one, one) for one in dict.fromkeys(r.category for r in rows if r.category)])
        self.refresh()

    def refresh(self) -> None:
        """Filters again; the chosen problem stays chosen where it is still shown."""
        current = self.current()
        words = self.search.text().split()
        rows = [one for one in self.all if self._passes(one, words)]
        model = self.view.selectionModel()
        model.blockSignals(True)
        self.model.show(rows)
        model.blockSignals(False)
        if current:
            self.choose(current, quiet=True)
        self.view.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.nothing.setText("没有符合筛选的问题。" if self.all else "还没有问题。\n按 Ctrl+N 新建，或导入旧通报。")

    def _passes(self, one: ProblemRow, words: list[str]) -> bool:
        if self.category.value and one.category != self.category.value:
            return False
        if self.state.value and one.state != self.state.value:
            return False
        text = f"{named(one)} {one.category} {one.unit} {one.due_wording} {one.state_words}"
        return all(word in text for word in words)

    def current(self) -> str:
        """The id of the chosen problem; "" when none is."""
        index = self.view.currentIndex()
        return str(index.data(ROW).id) if index.isValid() else ""

    def choose(self, identifier: str, *, quiet: bool = False) -> None:
        """Chooses a problem; ``quiet`` tells nobody."""
        model = self.view.selectionModel()
        was = model.blockSignals(quiet)
        self.view.setCurrentIndex(self.model.place(identifier))
        model.blockSignals(was)
        self.view.viewport().update()

    def step(self, by: int) -> None:
        """Chooses the next problem, or the one before."""
        at = self.view.currentIndex().row() + by if self.view.currentIndex().isValid() else 0
        if 0 <= at < len(self.model.rows):
            self.view.setCurrentIndex(self.model.index(at))

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(now.data(ROW).id)
