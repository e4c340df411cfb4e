"""Filters as small buttons with a menu: one value of many, or several; and the layout that puts them into as many rows as
they need."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLayout, QLayoutItem, QMenu, QToolButton, QWidget


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


class StayingMenu(QMenu):
    """A menu in which several things are ticked one after the other: a click or the space bar ticks and leaves it open."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._ticked(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space or not self._ticked(self.activeAction()):
            super().keyPressEvent(event)

    def _ticked(self, action: QAction | None) -> bool:
        if action is None or not action.isCheckable() or not action.isEnabled():
            return False
        action.trigger()
        return True


class ManyChip(QToolButton):
    """A filter of several values at once; with ``single`` of one. On it stands what is chosen, or how many."""

    chosen = Signal()

    def __init__(self, title: str, *, single: bool = False) -> None:
        super().__init__()
        self.title = title
        self.single = single
        self._options: list[tuple[str, str, int]] = []
        self._values: tuple[str, ...] = ()
        self.setProperty("role", "chip")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._menu: QMenu = QMenu(self) if single else StayingMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self._show()

    @property
    def values(self) -> tuple[str, ...]:
        """What is chosen; nothing means everything."""
        return self._values

    @property
    def value(self) -> str:
        """The first of what is chosen; "" for everything."""
        return self._values[0] if self._values else ""

    def offer(self, options: Sequence[tuple[str, str, int]]) -> None:
        """What may be chosen, as (value, words, how many there are; 0: not said). What is chosen stays, also where nothing
        has it any more."""
        self._options = list(options)
        self._show()

    def choose(self, *values: str) -> None:
        """Chooses these values and no others ("" or none: everything)."""
        self.put(tuple(value for value in values if value))
        self.chosen.emit()

    def put(self, values: tuple[str, ...]) -> None:
        """As ``choose``, without telling anybody."""
        self._values = values
        self._show()

    def _toggle(self, value: str) -> None:
        if self.single:
            self.choose(*([] if value == self.value else [value]))
            return
        kept = tuple(one for one in self._values if one != value)
        self.choose(*(kept if len(kept) < len(self._values) else (*kept, value)))

    def _fill(self) -> None:
        self._menu.clear()
        self._menu.addAction(f"{self.title}：全部").triggered.connect(lambda _on=False: self.choose())
        self._menu.addSeparator()
        for value, words, count in self._options:
            action = self._menu.addAction(f"{words}　{count}" if count else words)
            action.setCheckable(True)
            action.setChecked(value in self._values)
            action.triggered.connect(lambda _on=False, value=value: self._toggle(value))
        if not self._options:
            self._menu.addAction("还没有可选的").setEnabled(False)

    def _show(self) -> None:
        words = {value: told for value, told, _count in self._options}
        chosen = [words.get(one, one) for one in self._values]
        told = chosen[0] if len(chosen) == 1 else f"{self.title} {len(chosen)} 项" if chosen else self.title
        self.setText(f"{told[:14]} ▾")
        self.setToolTip(f"{self.title}：{'、'.join(chosen) or '全部'}")
        self.setAccessibleName(f"筛选{self.title}：{'、'.join(chosen) or '全部'}")
        self.setProperty("on", bool(chosen))
        self.style().unpolish(self)
        self.style().polish(self)


class Flow(QLayout):
    """Widgets side by side, in as many rows as they need."""

    def __init__(self, owner: QWidget, spacing: int = 6) -> None:
        super().__init__(owner)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, move: bool) -> int:
        x, y, high = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():  # its widget is hidden
                continue
            hint = item.sizeHint()
            wide = min(hint.width(), rect.width())
            if x > rect.x() and x + wide > rect.right() + 1:
                x, y, high = rect.x(), y + high + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), QSize(wide, hint.height())))
            x += wide + self.spacing()
            high = max(high, hint.height())
        return y + high - rect.y()
