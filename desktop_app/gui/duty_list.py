"""The tab 预警: what is to be done, in groups from the most pressing on, with filters and counts above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QWidget,
)

from desktop_app.gui import theme
from desktop_app.gui.chips import FilterChip
from desktop_app.gui.widgets import column, label, row
from desktop_app.rectification.reminders import GROUPS, Group, Reminder

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
SIGNS: dict[Group, str] = {"overdue": "▲", "soon": "◐", "ahead": "○", "missing": "！", "target": "◇"}
"""The sign of a group, beside its colour."""
TINTS: dict[Group, str] = {
    "overdue": "overdue",
    "soon": "soon",
    "ahead": "secondary",
    "missing": "overdue",
    "target": "accent",
}
HEADING, LINE = 38, 60
"""Pixels of a heading, and of what stands below it."""


class DutiesModel(QAbstractListModel):
    """Reminders in their order, a heading before each group."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Reminder | Group] = []
        self.counts: Counter[Group] = Counter()

    def show(self, found: Sequence[Reminder]) -> None:
        """Shows these."""
        self.beginResetModel()
        self.rows = []
        self.counts = Counter(one.group for one in found)
        for one in found:
            before = self.rows[-1] if self.rows else None
            if not isinstance(before, Reminder) or before.group != one.group:
                self.rows.append(one.group)
            self.rows.append(one)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self.rows[index.row()], Reminder):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def heading(self, group: Group) -> str:
        """The words above a group."""
        return f"{GROUPS[group]} {self.counts[group]}"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.rows[index.row()]
        if role == ROW:
            return one
        if not isinstance(one, Reminder):
            return (
                self.heading(one) if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None
            )
        finding = one.finding
        if role == Qt.ItemDataRole.DisplayRole:
            return finding.sentence
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{GROUPS[one.group]}，{one.state_words}：{finding.sentence}{finding.advice}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (finding.sentence, finding.advice, finding.about) if part)
        return None


class DutyDelegate(QStyledItemDelegate):
    """Draws a reminder in two lines: what and how long; what to do, under which rule, of which category."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, LINE if isinstance(index.data(ROW), Reminder) else HEADING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one = index.data(ROW)
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        painter.save()
        if isinstance(one, Reminder):
            self._reminder(painter, box, option.state, one)  # type: ignore[attr-defined]
        else:
            words = f"{SIGNS[one]} {index.data(Qt.ItemDataRole.DisplayRole)}"
            _write(painter, box.adjusted(14, 12, -14, -2), words, _font(14, heavy=True), TINTS[one])
        painter.restore()

    def _reminder(self, painter: QPainter, box: QRectF, state: QStyle.StateFlag, one: Reminder) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(box, theme.colour("soft" if chosen else "hover" if hovered else "surface"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line"))
        if chosen:
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height() - 1), theme.colour("accent"))
        inner = box.adjusted(38, 9, -16, -9)
        first = QRectF(inner.left(), inner.top(), inner.width(), 21)
        second = QRectF(inner.left(), inner.bottom() - 18, inner.width(), 18)
        small = _font(12)
        _write(
            painter,
            QRectF(box.left() + 14, first.top(), 20, first.height()),
            SIGNS[one.group],
            _font(13),
            TINTS[one.group],
        )
        words = one.state_words
        _write(painter, first, words, small, TINTS[one.group], right=True)
        left = first.adjusted(0, 0, -QFontMetrics(small).horizontalAdvance(words) - 16, 0)
        _write(painter, left, one.finding.sentence, _font(14), "text")
        _write(painter, second, one.title, small, "secondary", right=True)
        left = second.adjusted(0, 0, -QFontMetrics(small).horizontalAdvance(one.title) - 16, 0)
        _write(painter, left, " · ".join(p for p in (one.finding.advice, one.finding.title) if p), small, "secondary")


def _font(pixels: int, *, heavy: bool = False) -> QFont:
    made = QFont(theme.face())
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight.DemiBold if heavy else QFont.Weight.Normal)
    return made


def _write(painter: QPainter, box: QRectF, words: str, font: QFont, tint: str, *, right: bool = False) -> None:
    painter.setFont(font)
    painter.setPen(theme.colour(tint))
    cut = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), cut)


class DutyList(QWidget):
    """Filters and the list; tells which reminder is to be opened."""

    opened = Signal(object)
    """Reminder."""

    def __init__(self) -> None:
        super().__init__()
        self.all: Sequence[Reminder] | None = None
        self.model = DutiesModel()
        self.view = QListView()
        self.view.setModel(self.model)
        self._delegate = DutyDelegate()
        self.view.setItemDelegate(self._delegate)
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setAccessibleName("预警列表")
        self.groups: dict[Group, QToolButton] = {group: self._group_button(group) for group in GROUPS}
        self.category = FilterChip("全部类别")
        self.search = QLineEdit()
        self.search.setPlaceholderText("筛选：名称、规则（Ctrl+F）")
        self.search.setAccessibleName("筛选文字")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(280)
        self._lens = self.search.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.nothing = label("正在查……", "hint", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = column(self, (0, 0, 0, 0), 12)
        layout.addLayout(row(*self.groups.values(), 1, self.category, self.search))
        layout.addWidget(self.view, 1)
        layout.addWidget(self.nothing, 1)
        self.view.hide()
        self.view.activated.connect(self._open)
        self.view.clicked.connect(self._open)
        for signal in (self.category.chosen, self.search.textChanged):
            signal.connect(self.refresh)

    def _group_button(self, group: Group) -> QToolButton:
        made = QToolButton()
        made.setProperty("role", "quiet")
        made.setCheckable(True)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.toggled.connect(lambda _on: self.refresh())
        made.setToolTip(f"只看：{GROUPS[group]}")
        made.hide()
        return made

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._lens.setIcon(theme.icon("search"))

    def show_reminders(self, found: Sequence[Reminder]) -> None:
        """Shows these, as far as the filters let them."""
        self.all = found
        self.category.offer(
            [(key, title) for key, title in dict.fromkeys((one.category or "-", one.title) for one in found)]
        )
        counts = Counter(one.group for one in found)
        for group, made in self.groups.items():
            made.setText(f"{SIGNS[group]} {GROUPS[group]} {counts[group]}")
            made.setAccessibleName(f"{GROUPS[group]}，{counts[group]} 项")
            made.setVisible(bool(counts[group]))
            if not counts[group] and made.isChecked():
                made.setChecked(False)
        self.refresh()

    def narrow(self, group: Group) -> None:
        """Shows one group, whatever was filtered before."""
        self.search.clear()
        self.category.choose("")
        for name, made in self.groups.items():
            made.setChecked(name == group)

    def refresh(self) -> None:
        """Filters again; the chosen one stays chosen where it is still shown."""
        if self.all is None:
            return
        before = self.chosen()
        shown = [one for one in self.all if self._passes(one)]
        self.model.show(shown)
        self.view.setVisible(bool(shown))
        self.nothing.setVisible(not shown)
        self.nothing.setText("没有符合筛选的。" if self.all else "没有超期的，也没有快到期、缺漏的。")
        self._choose(before)

    def _passes(self, one: Reminder) -> bool:
        wanted = {group for group, made in self.groups.items() if made.isChecked()}
        if wanted and one.group not in wanted:
            return False
        if self.category.value and (one.category or "-") != self.category.value:
            return False
        finding = one.finding
        text = f"{finding.sentence}{finding.advice}{finding.title}{finding.basis}{one.title}{one.state_words}"
        return all(word in text for word in self.search.text().split())

    def chosen(self) -> Reminder | None:
        """The chosen reminder."""
        index = self.view.currentIndex()
        one = index.data(ROW) if index.isValid() else None
        return one if isinstance(one, Reminder) else None

    def _choose(self, before: Reminder | None) -> None:
        rows = self.model.rows
        if before is None:
            return
        same = [at for at, one in enumerate(rows) if isinstance(one, Reminder) and _key(one) == _key(before)]
        if same:
            self.view.setCurrentIndex(self.model.index(same[0]))

    def step(self, by: int) -> None:
        """Chooses the next one, or the one before."""
        at = self.view.currentIndex().row() + by if self.view.currentIndex().isValid() else 0
        while 0 <= at < len(self.model.rows) and not isinstance(self.model.rows[at], Reminder):
            at += 1 if by >= 0 else -1
        if 0 <= at < len(self.model.rows):
            self.view.setCurrentIndex(self.model.index(at))

    def _open(self, index: QModelIndex) -> None:
        one = index.data(ROW)
        if isinstance(one, Reminder):
            self.opened.emit(one)


def _key(one: Reminder) -> tuple[str, ...]:
    finding = one.finding
    return (finding.rule, finding.code, finding.record, finding.id, finding.field, finding.matter)
