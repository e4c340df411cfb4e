"""One pair side by side: what each record holds, what differs marked, and the buttons that say what the two are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from desktop_app.gui.exchange_diff import marked
from desktop_app.gui.twins_pairs import Pair
from desktop_app.gui.widgets import button, column, label, row, scrolled, set_role
from desktop_app.rectification.twins.review import Difference

EMPTY = "（未填）"
_FEW = 12
"""Fields that agree, shown below those that differ."""


class PairCard(QFrame):
    """The chosen pair."""

    judged = Signal(object, str)
    """Pair, and what is said of it: one, other, different, back."""
    wanted = Signal(str, str)
    """Schema name and id of a record that is to be shown whole."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.pair: Pair | None = None
        self._fields: tuple[Sequence[Difference], Sequence[Difference]] = ((), ())
        self.reason = label("", "group", wrap=True)
        self.left = button("是同一个，以左边为准", lambda: self._say("one"), "accent")
        self.right = button("是同一个，以右边为准", lambda: self._say("other"))
        self.apart = button("不是同一个", lambda: self._say("different"), "", "以后不再列出，也告诉别的单位")
        self.back = button("取消认定", lambda: self._say("back"), "", "数字回到认定以前")
        self.table = QWidget()
        self.table.setProperty("role", "surface")
        self.grid = QGridLayout(self.table)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(6)
        self.grid.setColumnStretch(1, 1)
        self.grid.setColumnStretch(2, 1)
        layout = column(self, (16, 12, 16, 12), 8)
        layout.addWidget(self.reason)
        layout.addWidget(scrolled(self.table), 1)
        layout.addLayout(row(self.left, self.right, self.apart, self.back, 1))
        self.show_pair(None)

    def show_pair(
        self, pair: Pair | None, differing: Sequence[Difference] = (), same: Sequence[Difference] = ()
    ) -> None:
        """Shows a pair with the fields in which it differs and those in which it agrees."""
        self.pair, self._fields = pair, (differing, same)
        for part in (self.left, self.right, self.apart, self.back, self.table):
            part.setVisible(pair is not None)
        self.reason.setVisible(pair is not None)
        if pair is None:
            return
        open_, linked = pair.state == "open", pair.state == "same"
        said = "已认定是同一个，统计时只算一次。" if linked else "已认定不是同一个。"
        self.reason.setText(f"{pair.title}：{pair.reason or said}")
        self.left.setText("是同一个，以左边为准" if open_ else "改为以左边为准")
        self.right.setText("是同一个，以右边为准" if open_ else "改为以右边为准")
        self.left.setVisible(open_ or linked)
        self.right.setVisible(open_ or linked)
        self.left.setEnabled(pair.main != pair.one)
        self.right.setEnabled(pair.main != pair.other)
        set_role(self.left, "accent" if open_ else "")
        self.apart.setVisible(open_)
        self.back.setVisible(not open_)
        self._draw()

    def _draw(self) -> None:
        while (item := self.grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        pair, (differing, same) = self.pair, self._fields
        if pair is None:
            return
        for at, (identifier, line) in enumerate(((pair.one, pair.lines[0]), (pair.other, pair.lines[1])), start=1):
            words = f"{'左' if at == 1 else '右'}：{line}" + ("（为准）" if identifier == pair.main else "")
            head = label(words, "group", wrap=True)
            link = button("看这条记录", lambda one=identifier: self._open(one), "link")
            both = QWidget()
            inside = row(head, link)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setStretch(0, 1)
            both.setLayout(inside)
            self.grid.addWidget(both, 0, at)
        number = 1
        for one in differing:
            self._line(number, one, differs=True)
            number += 1
        for one in same[:_FEW]:
            self._line(number, one, differs=False)
            number += 1
        if not differing:
            self.grid.addWidget(label("填的内容都一样。", "small"), number, 0, 1, 3)
        elif len(same) > _FEW:
            self.grid.addWidget(label(f"另有 {len(same) - _FEW} 项相同。", "small"), number, 0, 1, 3)
        self.grid.setRowStretch(number + 1, 1)

    def _line(self, number: int, one: Difference, *, differs: bool) -> None:
        name = label(one.label, "" if differs else "small")
        name.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.grid.addWidget(name, number, 0)
        for at, (words, other) in enumerate(((one.one, one.other), (one.other, one.one)), start=1):
            cell = QLabel()
            cell.setTextFormat(Qt.TextFormat.RichText)
            cell.setWordWrap(True)
            cell.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            cell.setAccessibleName(f"{one.label}：{words or EMPTY}")
            cell.setText(marked(words, other) if words else EMPTY)
            if not words or not differs:
                cell.setProperty("role", "small")
            self.grid.addWidget(cell, number, at)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and getattr(self, "pair", None) is not None:
            self._draw()

    def _say(self, what: str) -> None:
        if self.pair is not None:
            self.judged.emit(self.pair, what)

    def _open(self, identifier: str) -> None:
        if self.pair is not None:
            self.wanted.emit(self.pair.record, identifier)
