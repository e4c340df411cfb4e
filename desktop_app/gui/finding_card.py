"""One finding whole: what, which rule, on which basis, what to do; the way to its row, and its waiver with a reason."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from db.errors import Refusal
from db.schema.kinds import Day
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row, set_role, told
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.ruling import waiving


class FindingCard(QFrame):
    """The chosen finding with what can be done about it; waiving opens a line below, not a window."""

    opened = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.session = session
        self.finding: Finding | None = None
        self.sentence = label("", "group", wrap=True)
        self.advice = label("", wrap=True)
        self.about = label("", "small", wrap=True)
        self.waiver = label("", "small", wrap=True)
        for one in (self.sentence, self.advice, self.about, self.waiver):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open_button = button("打开", self.opened.emit, "", "到这一行去改")
        self.waive_button = button("豁免…", self._begin, "", "写明理由，以后不再提醒；数据一变会重新提醒")
        self.back_button = button("取消豁免", self._unwaive)
        self.reason = QLineEdit()
        self.reason.setMaxLength(waiving.LONGEST)
        self.reason.setPlaceholderText("为什么可以不改（以后查得到）")
        self.reason.setAccessibleName("豁免理由")
        self.until = QLineEdit()
        self.until.setPlaceholderText("有效期至，可空")
        self.until.setAccessibleName("有效期至")
        self.until.setMaximumWidth(170)
        self.keep_button = button("确定豁免", self._waive)
        self.away_button = button("不豁免", self._end, "link")
        self.wrong = label("", "wrong", wrap=True)
        self.line = QWidget()
        self._lay_out()
        self.reason.returnPressed.connect(self._waive)
        self.until.returnPressed.connect(self._waive)
        self.reason.textChanged.connect(lambda _words: self.wrong.hide())
        self.until.textChanged.connect(lambda _words: self.wrong.hide())
        self.show_finding(None)

    def _lay_out(self) -> None:
        inside = row(self.reason, self.until, self.keep_button, self.away_button)
        inside.setStretch(0, 1)
        self.line.setLayout(inside)
        layout = column(self, (16, 12, 16, 12), 6)
        for part in (self.sentence, self.advice, self.about, self.waiver):
            layout.addWidget(part)
        layout.addLayout(row(self.open_button, self.waive_button, self.back_button, 1))
        layout.addWidget(self.line)
        layout.addWidget(self.wrong)

    def show_finding(self, one: Finding | None) -> None:
        """Shows a finding; None shows nothing."""
        if one != self.finding:
            self._end()
        self.finding = one
        self.setVisible(one is not None)
        if one is None:
            return
        self.sentence.setText(one.sentence)
        self.advice.setText(one.advice)
        self.about.setText(one.about or "程序自己的检查")
        kept = one.waived
        until = f"，到 {kept.until} 为止" if kept is not None and kept.until else ""
        self.waiver.setText(f"已豁免：{kept.reason or ''}{until}" if kept is not None else "")
        self.waiver.setVisible(kept is not None)
        self.open_button.setVisible(bool(one.record))
        self.open_button.setText("打开" if one.id else "去补登")
        self.waive_button.setVisible(kept is None and waiving.may_waive(one))
        self.back_button.setVisible(kept is not None)

    def _begin(self) -> None:
        self.line.show()
        self.reason.setFocus()

    def _end(self) -> None:
        self.reason.clear()
        self.until.clear()
        self.line.hide()
        self.wrong.hide()

    def _waive(self) -> None:
        one, session, reason = self.finding, self.session, self.reason.text()
        if one is None:
            return
        try:
            until = Day("有效期至").parse(self.until.text()) if self.until.text().strip() else None
            waiving.edit_of(session.ledger, one, reason, until)  # what is wrong is said here, beside the line
        except Refusal as refusal:
            self.wrong.setText(told(refusal))
            set_role(self.wrong, "wrong")
            self.wrong.show()
            return
        session.do(lambda: waiving.waive(session.ledger, one, reason, session.actor(), until))
        self._end()

    def _unwaive(self) -> None:
        one, session = self.finding, self.session
        if one is not None and one.waived is not None:
            session.do(lambda: waiving.unwaive(session.ledger, one, session.actor()))
