"""One conflict side by side: the competing values with what differs marked; the clerk takes one of them, or writes another."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QWidget

from db.errors import Refusal
from desktop_app.gui.exchange_diff import marked
from desktop_app.gui.exchange_disputes import Dispute, Side, editable, plain, typed
from desktop_app.gui.exchange_told import NONE
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row, scrolled, told

BOTH = "两边改的不是同一处，程序已把两边的改动合在一起，请看一遍，合适就用。"
ALONE = "先放上了第一个值，请改成合适的。"
_LEAST = 240
"""Pixels of a value's column."""


class SideCard(QFrame):
    """One value: whose it is, the words, and the button that takes it."""

    taken = Signal(object)

    def __init__(self, side: Side, other: str) -> None:
        super().__init__()
        self.side = side
        self._other = other
        self.setProperty("role", "card")
        self.setMinimumWidth(_LEAST)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAccessibleName(side.words)
        self.take = button(
            "用本单位的" if side.own else "用这个值",
            lambda: self.taken.emit(self.side),
            "",
            "裁定为这个值；另一个留在历史里",
        )
        layout = column(self, (12, 10, 12, 10), 6)
        layout.addWidget(label(side.office, "group", wrap=True))
        layout.addWidget(
            label(f"{side.who}：{side.rival.sentence}" if side.rival.sentence else side.who, "small", wrap=True)
        )
        area = scrolled(self.words)
        area.setMinimumHeight(44)
        layout.addWidget(area, 1)
        layout.addLayout(row(self.take, 1))
        self.draw()

    def draw(self) -> None:
        """The words, marked in the colours of the theme."""
        self.words.setText(marked(self.side.words, self._other))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "words"):
            self.draw()


class DisputeCard(QFrame):
    """The chosen conflict."""

    decided = Signal(object, object)
    """Dispute, and the stored value it is decided for."""
    wanted = Signal(str, str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.dispute: Dispute | None = None
        self.cards: list[SideCard] = []
        self.title = label("", "group", wrap=True)
        self.open_button = button("看这条记录", self._open, "link")
        self.edit_button = button("改写后用…", self._begin, "", "两个值都不合适，就写一个新的")
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("改写成")
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(74)
        self.about = label("", "small", wrap=True)
        self.wrong = label("", "wrong", wrap=True)
        self.keep_button = button("用改写的", self._keep, "accent")
        self.away_button = button("不改写", self._end, "link")
        self.writing = QWidget()
        self.sides = QWidget()
        self._row = QHBoxLayout(self.sides)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        inside = column(self.writing, (0, 0, 0, 0), 6)
        inside.addWidget(self.about)
        inside.addWidget(self.text)
        inside.addWidget(self.wrong)
        inside.addLayout(row(self.keep_button, self.away_button, 1))
        layout = column(self, (0, 0, 0, 0), 8)
        layout.addLayout(row(self.title, self.open_button, self.edit_button))
        head = layout.itemAt(0).layout()
        assert isinstance(head, QHBoxLayout)
        head.setStretch(0, 1)
        layout.addWidget(self.sides, 1)
        layout.addWidget(self.writing)
        self._end()

    def show_dispute(self, one: Dispute | None, count: int = 1) -> None:
        """Shows a conflict; of several chosen ones says what can be done."""
        if one is not None and self.dispute is not None and one == self.dispute and self.cards:
            return
        self.dispute = one
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.cards = []
        self._end()
        for part in (self.open_button, self.edit_button):
            part.setVisible(one is not None)
        if one is None:
            self.title.setText(f"选中了 {count} 处，可以用“按规则裁定”一起裁定。" if count > 1 else "")
            return
        self.title.setText(f"{one.register}“{one.title}”的{one.field}")
        self.edit_button.setVisible(editable(self.session.ledger, one))
        self._row.addWidget(self._before(one), 1)
        for side in one.sides:
            card = SideCard(side, one.before)
            card.taken.connect(self._taken)
            self._row.addWidget(card, 1)
            self.cards.append(card)

    def _before(self, one: Dispute) -> QFrame:
        """The last value that all had seen."""
        self.before = QFrame()
        self.before.setProperty("role", "card")
        self.before.setMinimumWidth(_LEAST)
        words = label(one.before, "hint" if one.before == NONE else "", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        area = scrolled(words)
        area.setMinimumHeight(44)
        layout = column(self.before, (12, 10, 12, 10), 6)
        layout.addWidget(label("原来的", "group"))
        layout.addWidget(label("两边改以前都是这个", "small", wrap=True))
        layout.addWidget(area, 1)
        return self.before

    def _taken(self, side: Side) -> None:
        if self.dispute is not None:
            self.decided.emit(self.dispute, side.rival.value)

    def _open(self) -> None:
        if self.dispute is not None:
            self.wanted.emit(self.dispute.conflict.record, self.dispute.conflict.id)

    def _begin(self) -> None:
        if self.dispute is not None:
            both = self.dispute.proposal
            self.text.setPlainText(plain(self.dispute.sides[0]) if both is None else both)
            self.about.setText(BOTH if both is not None else ALONE)
            self.writing.show()
            self.text.setFocus()
            self.text.selectAll()

    def _end(self) -> None:
        self.wrong.hide()
        self.writing.hide()

    def _keep(self) -> None:
        one = self.dispute
        if one is None:
            return
        try:
            value = typed(self.session.ledger, one, self.text.toPlainText())
        except Refusal as refusal:
            self.wrong.setText(told(refusal))
            self.wrong.show()
            return
        self._end()
        self.decided.emit(one, value)
