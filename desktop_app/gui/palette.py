"""The palette (Ctrl+K): one field over the page in which any record, page, command and page of the manual is found as one types.

What is few is shown at once, records a moment later, when the ledger was looked through off the thread. Keys go to the field
alone, and none of them is taken while an input method composes; Esc and a click beside it close the palette, and the place where
one was has the keys again before anything is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QInputMethodEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect, QLineEdit, QWidget

from desktop_app.gui import palette_sources, theme
from desktop_app.gui.palette_list import HEADING, ITEM, MORE, Line, LineList
from desktop_app.gui.palette_search import Answer, Group, LedgerSearch
from desktop_app.gui.palette_sources import Offer
from desktop_app.gui.widgets import column, label
from desktop_app.rectification import searching
from desktop_app.rectification.searching import Shown

if TYPE_CHECKING:
    from desktop_app.gui.desk import Desk

_WIDE, _TOP, _SIDE = 720, 64, 40
_HIGH = 560
_EMPTY_RECENT = 8
_NUMBERED = 4
"""Characters a line may have before what a record is called: 12. 查办案件尚有不足."""
_HINT = "↑↓ 选择　回车 打开　Tab 下一组　Esc 关闭"
_ICONS = {searching.RECORDS: "problems", searching.REGISTERS: "registers", searching.PAPERS: "notice"}


class Entry(QLineEdit):
    """The field; it tells keys that move in the list, but none while an input method composes."""

    pressed = Signal(int, bool)
    """A key of the list, and whether Shift is held."""
    KEYS = frozenset(
        {
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_PageUp,
            Qt.Key.Key_PageDown,
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Tab,
            Qt.Key.Key_Backtab,
            Qt.Key.Key_Escape,
        }
    )

    def __init__(self) -> None:
        super().__init__()
        self.composing = False

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def event(self, event: QEvent) -> bool:
        # Tab is looked at here: further on it would move the focus.
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in self.KEYS:
                if not self.composing:
                    self.pressed.emit(event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
                event.accept()
                return True
        return super().event(event)


class Palette(QWidget):
    """Lies over the desk while it is open."""

    record_wanted = Signal(str, str)
    """A record was chosen: show it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.desk = desk
        self.search = LedgerSearch(desk.session, self)
        self.card = QFrame(self)
        self.card.setProperty("role", "palette")
        self.entry = Entry()
        self.entry.setProperty("role", "palette")
        self.entry.setPlaceholderText("查找记录、登记、文书、页面、命令、帮助（汉字、拼音首字母、数字）")
        self.entry.setAccessibleName("查找记录、页面、命令和帮助")
        self._lens = QAction(self.entry)
        self.entry.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        self.list = LineList(self.card)
        self.none = label("", "hint", wrap=True)
        self.none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.none.setContentsMargins(24, 28, 24, 28)
        self.hint = label(_HINT, "small")
        self.hint.setContentsMargins(16, 6, 16, 8)
        inner = column(self.card, (1, 1, 1, 1), 0)
        for part in (self.entry, self.list, self.none, self.hint):
            inner.addWidget(part)
        for part in (self.entry, self.hint):
            part.ensurePolished()
            part.setFixedHeight(part.sizeHint().height())
        shadow = QGraphicsDropShadowEffect(self.card)
        shadow.setBlurRadius(32)
        shadow.setOffset(0, 8)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.card.setGraphicsEffect(shadow)
        self._offered: dict[str, list[Offer]] = {}
        self._answer: Answer | None = None
        self._recent: tuple[Shown, ...] = ()
        self._shelf: int | None = None
        self._before: QWidget | None = None
        self.entry.textChanged.connect(self._typed)
        self.entry.pressed.connect(self._key)
        self.list.clicked.connect(lambda _index: self.take())
        self.list.selectionModel().currentChanged.connect(lambda *_: self._say())
        self.search.learned.connect(self._learned)
        desk.installEventFilter(self)
        self.hide()

    # -- opening and closing -----------------------------------------------------------------------------------------

    def open(self, typed: str = "") -> None:
        """Opens the palette over the page; when it is open, begins anew."""
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self._lens.setIcon(theme.icon("search"))
        self._offered = palette_sources.offers(self.desk)
        self._shelf = None
        self._answer = None
        self.setGeometry(self.desk.rect())
        self.show()
        self.raise_()
        self.entry.setText(typed)
        self.entry.selectAll()
        self.entry.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._typed()

    def away(self) -> None:
        """Closes it; who had the keys has them again."""
        self.search.forget()
        self.hide()
        before, self._before = self._before, None
        if before is not None:
            try:
                before.setFocus(Qt.FocusReason.OtherFocusReason)
            except RuntimeError:  # it is gone meanwhile
                self.desk.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Goes along with the size of the desk."""
        if watched is self.desk and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self.desk.rect())
            self._fit()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.away()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 60))

    # -- what is typed -----------------------------------------------------------------------------------------------

    def _typed(self) -> None:
        typed = self.entry.text()
        if not self.isVisible():
            return
        if typed.strip():
            self.search.ask(typed, self._shelf, self._found)
        else:
            self._shelf = None
            self._answer = None
            self.search.recent(self._lately)
        if self._answer is None or self._shelf is None:
            self._show()

    def _found(self, answer: Answer) -> None:
        self._answer = answer
        self._show()

    def _lately(self, found: Sequence[Shown]) -> None:
        self._recent = tuple(found)
        self._show()

    def _learned(self) -> None:
        if self.isVisible() and self.entry.text().strip():
            self.search.ask(self.entry.text(), self._shelf, self._found)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        typed = self.entry.text()
        lines: list[Line] = []
        if not typed.strip():
            lines += self._latest()
        elif self._answer is not None:
            for group in self._answer.groups:
                lines += self._group(group)
        if self._shelf is None:
            few = palette_sources.fitting(self._offered, typed)
            lines = [*few, *lines] if self._short(typed, few, lines) else [*lines, *few]
        self.list.show_lines(lines)
        self.list.setVisible(bool(lines))
        waiting = typed.strip() and (self._answer is None or self._answer.typed != typed)
        self.none.setText(
            "正在查找…" if waiting else f"没有找到“{typed.strip()[:40]}”。\n可以少写几个字，或写拼音的首字母。"
        )
        self.none.setVisible(not lines)
        whole = self._answer is None or self._answer.whole or not typed.strip()
        self.hint.setText(_HINT if whole else f"正在建立索引，结果还不全　{_HINT}")
        self._fit()
        self._say()

    def _short(self, typed: str, few: list[Line], lines: list[Line]) -> bool:
        """Whether commands come first: where somebody begins to type the words of one, and no record is called so."""
        if not few or not typed.strip():
            return False
        first = next(one for one in few if one.sort == ITEM)
        begins = bool(first.marks) and first.marks[0][0] == 0
        called = self._answer is not None and any(
            one.marks and one.marks[0][0] <= _NUMBERED for group in self._answer.groups for one in group.found
        )
        return begins and not called

    def _latest(self) -> list[Line]:
        if not self._recent:
            return []
        lines = [Line(HEADING, "最近的记录")]
        return lines + [self._record(one, searching.shelf_of(one.record)) for one in self._recent[:_EMPTY_RECENT]]

    def _group(self, group: Group) -> list[Line]:
        if not group.found:
            return []
        name = searching.SHELF_NAMES[group.shelf]
        count = f"{group.count}{'+' if group.more else ''} 条"
        side = "，".join(f"{title} {number}" for title, number in group.kinds[:5]) or count
        lines = [Line(HEADING, f"{name}（{count}）" if group.kinds else name, side=side)]
        lines += [self._record(one, group.shelf) for one in group.found]
        if self._shelf is None and (group.more or group.count > len(group.found)):
            lines.append(Line(MORE, f"查看全部 {count}", group.shelf, icon="more"))
        return lines

    def _record(self, one: Shown, shelf: int) -> Line:
        below = f"{one.field}：{one.piece}" if one.piece else ""
        gap = len(one.field) + 1
        marks = tuple((start + gap, end + gap) for start, end in one.piece_marks)
        return Line(ITEM, one.line, (one.record, one.id), one.marks, _ICONS[shelf], one.kind, below, marks)

    def _fit(self) -> None:
        """The card is as high as its rows, as far as there is room."""
        wide = min(_WIDE, self.width() - 2 * _SIDE)
        room = min(_HIGH, self.height() - _TOP - _SIDE)
        high = self.entry.height() + self.hint.height() + 4
        if self.list.isVisibleTo(self):
            rows = sum(self.list.sizeHintForRow(at) for at in range(self.list.lines.rowCount()))
            high += min(rows + 6, room - high)
        else:
            high += self.none.heightForWidth(wide)
        self.card.setGeometry((self.width() - wide) // 2, _TOP, wide, high)

    def _say(self) -> None:
        """What is chosen, for screen readers: the field keeps the keys."""
        chosen = self.list.chosen()
        self.entry.setAccessibleDescription(chosen.told() if chosen is not None else self.none.text())

    # -- keys --------------------------------------------------------------------------------------------------------

    def _key(self, key: int, shift: bool) -> None:
        moves: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Up: lambda: self.list.step(-1),
            Qt.Key.Key_Down: lambda: self.list.step(1),
            Qt.Key.Key_PageUp: lambda: self.list.leap(-1),
            Qt.Key.Key_PageDown: lambda: self.list.leap(1),
            Qt.Key.Key_Tab: lambda: self.list.leap(-1 if shift else 1),
            Qt.Key.Key_Backtab: lambda: self.list.leap(-1),
            Qt.Key.Key_Return: self.take,
            Qt.Key.Key_Enter: self.take,
            Qt.Key.Key_Escape: self._back,
        }
        moves[key]()

    def _back(self) -> None:
        """Esc: from one group to all of them, else away."""
        if self._shelf is None:
            self.away()
        else:
            self._whole(None)

    def _whole(self, shelf: int | None) -> None:
        self._shelf = shelf
        self.search.ask(self.entry.text(), shelf, self._found)

    def take(self) -> None:
        """Enter or a click: does what is chosen."""
        chosen = self.list.chosen()
        if chosen is None or chosen.sort == HEADING:
            return
        if chosen.sort == MORE:
            self._whole(chosen.target)
            return
        self.away()
        target: Any = chosen.target
        if isinstance(target, tuple):
            self.record_wanted.emit(*target)
        else:
            QTimer.singleShot(0, self, target)
