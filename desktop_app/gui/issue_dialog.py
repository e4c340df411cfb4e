"""Issuing a paper: number, day, what the checks say; then it leaves the house and stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QWidget

from db.errors import Refusal
from db.ledger.change import Outcome
from db.schema.kinds import Day
from db.schema.record import Field
from desktop_app.gui.editor import Surroundings
from desktop_app.gui.form import FieldBox
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row, set_role, told
from desktop_app.notices.issuing import Issued, Prepared, issue_all

SOON = 300
"""Milliseconds of quiet after a key until the paper is prepared again."""
MOST = 4
"""Errors that are told one by one."""


@dataclass(frozen=True)
class Asked:
    """What the clerk wants: a number ("" the next one), why it is not the next, the day."""

    number: str
    reason: str
    day: date | None


class IssueDialog(QDialog):
    """Prepares the paper again whenever an answer changes, and issues what was prepared last. ``title`` says what it is."""

    issued = Signal(object)
    """The papers that were issued (list of ``Issued``)."""

    def __init__(
        self,
        session: Session,
        title: str,
        day: date | None,
        prepare: Callable[[Asked], Sequence[Prepared]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self._prepare = prepare
        self.prepared: Sequence[Prepared] = ()
        self._turn = 0
        self.setWindowTitle("印发")
        self.setMinimumWidth(520)
        around = Surroundings(session, lambda _schema: (), lambda _schema, _id: "", lambda: session.today().year)
        self.day = FieldBox(Field("day", Day("成文日期", help="印在文末，也决定发文字号的年份")), around)
        self.day.editor.set_value(day)
        self.number = _line("不填就用下一个号", "发文字号，只写顺序号也可以")
        self.reason = _line("跳号时写明原因", "为什么不用下一个号")
        self.name = label(title, "group", wrap=True)
        self.state = label("", "hint", wrap=True)
        self.doubts = label("", "wrong", wrap=True)
        self.doubts.hide()
        self.confirm = QCheckBox("已经核对，确认照此印发")
        self.confirm.hide()
        self.issue_button = button("印发", self._issue, "accent")
        self.issue_button.setEnabled(False)
        self.cancel_button = button("取消", self.reject)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON)
        self._soon.timeout.connect(self._ask)
        self._lay_out()
        self.day.editor.changed.connect(self._soon.start)
        for line in (self.number, self.reason):
            line.textChanged.connect(lambda _text: self._soon.start())
        self.confirm.toggled.connect(lambda _on: self._allow())
        self._ask()

    def _lay_out(self) -> None:
        layout = column(self, (24, 20, 24, 20), 12)
        layout.addWidget(self.name)
        fields = row(_field("发文字号", self.number), self.day, spacing=16)
        layout.addLayout(fields)
        layout.addWidget(_field("编号说明", self.reason))
        layout.addWidget(self.state)
        layout.addWidget(self.doubts)
        layout.addWidget(self.confirm)
        layout.addWidget(label("印发以后不能再改，也不能撤销；要更正，另发一份新的。", "hint", wrap=True))
        layout.addStretch(1)
        layout.addLayout(row(1, self.cancel_button, self.issue_button))

    # -- preparing -------------------------------------------------------------------------------------------------------

    def asked(self) -> Asked:
        """The answers; ``Refusal`` for a day that is none."""
        day = self.day.read()
        return Asked(self.number.text().strip(), self.reason.text().strip(), day if isinstance(day, date) else None)

    def _ask(self) -> None:
        self.prepared = ()
        self._allow()
        try:
            asked = self.asked()
        except Refusal as refusal:
            self._cannot(refusal)
            return
        self._turn += 1
        turn = self._turn
        self._say("正在核对……")

        def done(prepared: Sequence[Prepared]) -> None:
            if turn == self._turn:
                self._ready(prepared)

        def failed(refusal: Refusal) -> None:
            if turn == self._turn:
                self._cannot(refusal)

        self.session.run(lambda _work: self._prepare(asked), done, failed)

    def _ready(self, prepared: Sequence[Prepared]) -> None:
        self.prepared = prepared
        numbers = [one.number.text for one in prepared if one.number]
        many = f"，共 {len(prepared)} 份" if len(prepared) > 1 else ""
        number = f"{numbers[0]}至{numbers[-1]}" if len(numbers) > 1 else numbers[0] if numbers else "不编号"
        self._say(f"核对完毕，编为{number}{many}。" if numbers else f"核对完毕，这种文书不编号{many}。")
        if not self.number.text():
            self.number.setPlaceholderText(f"下一个号：{numbers[0]}" if numbers else "这种文书不编号")
        found = list(dict.fromkeys(doubt for one in prepared for doubt in one.doubts))
        told_ = [f"· {one.sentence}" for one in found[:MOST]]
        more = f"\n还有 {len(found) - MOST} 处，见“核对”。" if len(found) > MOST else ""
        self.doubts.setText(f"查出 {len(found)} 处错误：\n" + "\n".join(told_) + more if found else "")
        self.doubts.setVisible(bool(found))
        self.confirm.setVisible(bool(found))
        self.confirm.setChecked(False)
        self.issue_button.setText(f"印发 {number}" if numbers else "印发")
        self._allow()
        self.adjustSize()

    def _cannot(self, refusal: Refusal) -> None:
        self._say(told(refusal), wrong=True)
        self.doubts.hide()
        self.confirm.hide()

    def _say(self, words: str, *, wrong: bool = False) -> None:
        set_role(self.state, "wrong" if wrong else "hint")
        self.state.setText(words)

    def _allow(self) -> None:
        doubted = any(one.doubts for one in self.prepared)
        ready = bool(self.prepared) and (not doubted or self.confirm.isChecked())
        self.issue_button.setEnabled(ready)

    # -- issuing ---------------------------------------------------------------------------------------------------------

    def _issue(self) -> None:
        prepared, confirmed = self.prepared, self.confirm.isChecked()
        if not prepared:
            return
        self.issue_button.setEnabled(False)
        done: list[Issued] = []
        ledger, actor = self.session.ledger, self.session.actor()

        def deed() -> Outcome:
            done.extend(issue_all(ledger, prepared, actor, confirmed=confirmed))
            return done[0].outcome

        def finished(_outcome: Outcome) -> None:
            self.accept()
            self.session.say(done[0].outcome.sentence)  # it left the house: nothing takes it back
            self.issued.emit(done)

        self.session.do(deed, finished, self._refused, quiet=True, act="issue")

    def _refused(self, refusal: Refusal) -> None:
        self._cannot(refusal)
        self._soon.start()


def _line(placeholder: str, tip: str) -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText(placeholder)
    made.setToolTip(tip)
    made.setMinimumHeight(32)
    return made


def _field(words: str, line: QLineEdit) -> QWidget:
    """A line with its label above."""
    made = QWidget()
    layout = column(made, (0, 0, 0, 0), 4)
    named = label(words, "label")
    named.setBuddy(line)
    line.setAccessibleName(words)
    layout.addWidget(named)
    layout.addWidget(line)
    layout.addStretch(1)
    return made
