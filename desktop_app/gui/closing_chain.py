"""The sign-off of a problem as steps below each other: who said what when, whose turn it is, what is lacking; the next step is taken
here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from db.errors import Refusal
from db.ledger.change import Outcome
from db.schema.records import SCHEMAS, words
from desktop_app.gui import theme
from desktop_app.gui.editor import Surroundings
from desktop_app.gui.form import FieldBox
from desktop_app.gui.record_pane import RecordPane
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import Bar, button, column, label, row
from desktop_app.rectification import closing
from desktop_app.rectification.closing import Chain, Lack, Step
from desktop_app.rectification.rules import FieldRefusal

_CLOSING = "closing"
SIGNS = {"done": "同意", "returned": "退回", "next": "等待意见", "waiting": ""}
"""State of a step → what is written beside it, since colours are not told apart by everybody."""
TINTS = {"done": "done", "returned": "overdue", "next": "accent", "waiting": "secondary"}


class StepSign(QWidget):
    """The sign of a step and the line that leads to the next one."""

    def __init__(self, state: str, *, last: bool) -> None:
        super().__init__()
        self.state = state
        self.last = last
        self.setFixedWidth(28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint, at = theme.colour(TINTS[self.state]), QPointF(10, 12)
        if not self.last:
            painter.setPen(QPen(theme.colour("line"), 2))
            painter.drawLine(QPointF(10, 24), QPointF(10, self.height()))
        solid = self.state in ("done", "returned")
        painter.setPen(QPen(tint, 2))
        painter.setBrush(tint if solid else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, 8, 8)
        painter.setPen(QPen(theme.colour("surface"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        if self.state == "done":
            painter.drawPolyline([QPointF(6.5, 12), QPointF(9, 14.5), QPointF(13.5, 9.5)])
        elif self.state == "returned":
            painter.drawLine(QPointF(7, 9), QPointF(13, 15))
            painter.drawLine(QPointF(13, 9), QPointF(7, 15))
        elif self.state == "next":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawEllipse(QRectF(6, 8, 8, 8))
        painter.end()


class StepForm(QWidget):
    """The fields of the step that is to be taken: what is said, by whom, on which day."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        around = Surroundings(session, lambda _name: [], lambda _name, _one: "", lambda: session.today().year)
        schema = SCHEMAS["opinion"]
        self.boxes = {name: FieldBox(schema.field(name), around) for name in ("text", "person", "day")}
        layout = column(self, (0, 0, 0, 0), 8)
        layout.addWidget(self.boxes["text"])
        layout.addLayout(row(self.boxes["person"], self.boxes["day"], spacing=16))

    def begin(self, label_: str, person: str, day: date) -> None:
        """An empty opinion of that person on that day."""
        self.boxes["text"].label.setText(label_)
        for name, value in (("text", None), ("person", person or None), ("day", day)):
            self.boxes[name].editor.set_value(value)
            self.boxes[name].say("")

    def values(self) -> dict[str, Any] | None:
        """What is typed; None, said at the field, where it cannot be read."""
        found: dict[str, Any] = {}
        for name, box in self.boxes.items():
            try:
                found[name] = box.editor.value()
            except Refusal as refusal:
                box.say(str(refusal))
                box.editor.setFocus()
                return None
        return found

    def blame(self, refusal: FieldRefusal) -> bool:
        """Says what stands against it at its field."""
        box = self.boxes.get(refusal.field)
        if box is not None:
            box.say(f"{refusal.sentence}{refusal.advice}")
            box.editor.setFocus()
        return box is not None


class ClosingChain(QFrame):
    """The steps of one problem. ``wanted`` names the schema, id and field of what is lacking, when it is clicked."""

    wanted = Signal(str, str, str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.problem = ""
        self.chain = Chain()
        self._turn = 0
        self.title = label("", "group")
        self.said = label("", "hint", wrap=True)
        self.bar = Bar()
        self.form = StepForm(session)
        self.agree = button("同意", lambda: self._opine("agree"), "accent")
        self.send_back = button("退回", lambda: self._opine("return"), "", "写明理由，退给经办人；这一轮到此为止")
        self.ask = button("申请销号", self._apply, "accent")
        self.again = button("重启", self._reopen, "", "写明理由，另起一轮")
        self.buttons = QWidget()
        self.buttons.setLayout(row(self.ask, self.agree, self.send_back, self.again, 1))
        self.action = QWidget()
        action = column(self.action, (28, 0, 0, 8), 8)
        action.addWidget(self.form)
        action.addWidget(self.buttons)
        self.steps = QWidget()
        self._steps: QVBoxLayout = column(self.steps, spacing=0)
        layout = column(self, (0, 0, 0, 8), 8)
        for part in (self.title, self.said, self.bar, self.steps):
            layout.addWidget(part)

    # -- showing -----------------------------------------------------------------------------------------------------

    def open(self, problem: str) -> None:
        """Shows where a problem stands."""
        if problem != self.problem:
            self.bar.hide()
        self._turn += 1
        turn, facts, other = self._turn, self.session.ledger, problem != self.problem
        self.problem = problem

        def done(found: Chain) -> None:
            if turn == self._turn:
                self._show(found, other or found.turn != self.chain.turn or found.closing != self.chain.closing)

        self.session.run(lambda _work: closing.chain(facts, problem), done)

    def _show(self, found: Chain, begin: bool) -> None:
        self.chain = found
        rounds = f"第 {found.round} 轮" if found.round else ""
        where = {"apply": "还没有申请", "reopen": "已销号"}.get(found.turn, "")
        where = where or (f"等{words.STAGES[found.turn]}意见" if found.turn else "")
        self.title.setText("　".join(part for part in ("销号", rounds, where) if part))
        self.said.setText(f"上一轮：{found.said}" if found.said else "")
        self.said.setVisible(bool(found.said))
        self.action.setParent(None)
        while (item := self._steps.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().deleteLater()
        for lack in found.lacking:
            self._steps.addWidget(self._lack(lack))
        placed = False
        for at, step in enumerate(found.steps):
            self._steps.addWidget(self._step(step, last=at == len(found.steps) - 1))
            mine = step.stage == found.turn or (found.turn == "apply" and at == 0)
            if mine and not placed:
                self._steps.addWidget(self.action)
                placed = True
        if not placed and found.turn:
            self._steps.addWidget(self.action)
        self.action.setVisible(bool(found.turn))
        self._offer(begin)

    def _lack(self, lack: Lack) -> QWidget:
        made = button(f"还缺：{lack.sentence}", lambda: self.wanted.emit(lack.record, lack.id, lack.field), "link")
        made.setToolTip("点一下去补")
        return made

    def _step(self, step: Step, *, last: bool) -> QWidget:
        made = QWidget()
        side = row(StepSign(step.state, last=last), spacing=0)
        holder = QWidget()
        words_ = column(holder, (0, 2, 0, 10), 2)
        told = [step.title, SIGNS[step.state]]
        head = row(label(step.title), label(SIGNS[step.state], "small"), 1, spacing=8)
        if step.person or step.day:
            who = "　".join(part for part in (step.person, step.day.isoformat() if step.day else "") if part)
            head.addWidget(label(who, "small"))
            told.append(who)
        words_.addLayout(head)
        if step.text:
            words_.addWidget(label(step.text, "hint", wrap=True))
        side.addWidget(holder, 1)
        made.setLayout(side)
        made.setAccessibleName("，".join(part for part in (*told, step.text) if part))
        return made

    def _offer(self, begin: bool) -> None:
        turn, session = self.chain.turn, self.session
        stage = turn in closing.CHAIN
        for one, shown in (
            (self.ask, turn == "apply"),
            (self.agree, stage),
            (self.send_back, stage),
            (self.again, turn == "reopen"),
        ):
            one.setVisible(shown)
        against = closing.may(session.ledger, session.actor(), self.problem, turn) if turn else ""
        for one in (self.ask, self.agree, self.send_back, self.again):
            one.setEnabled(not against)
            one.setToolTip(against)
        self.agree.setText("同意并销号" if turn == closing.CHAIN[-1] else "同意")
        if begin:
            titles = {"apply": "完成情况", "reopen": "重启理由"}
            mine = turn in ("apply", "handler")
            self.form.begin(titles.get(turn, "意见"), session.actor() if mine else "", session.today())
        for name in ("person", "day"):
            self.form.boxes[name].setVisible(turn != "reopen")

    # -- doing -------------------------------------------------------------------------------------------------------

    def _do(self, deed: Callable[[dict[str, Any]], Outcome]) -> None:
        values = self.form.values()
        if values is None:
            return
        self.bar.hide()

        def failed(refusal: Refusal) -> None:
            if not (isinstance(refusal, FieldRefusal) and self.form.blame(refusal)):
                self.bar.say(refusal)

        self.session.do(lambda: deed(values), None, failed, act=None)

    def _day(self, values: dict[str, Any]) -> date:
        day = values["day"]
        return day if isinstance(day, date) else self.session.today()

    def _apply(self) -> None:
        ledger, problem, actor = self.session.ledger, self.problem, self.session.actor()
        self._do(lambda v: closing.apply(ledger, problem, v["text"] or "", v["person"] or "", self._day(v), actor))

    def _opine(self, verdict: str) -> None:
        ledger, problem, actor = self.session.ledger, self.problem, self.session.actor()
        self._do(
            lambda v: closing.opine(ledger, problem, verdict, v["text"] or "", v["person"] or "", self._day(v), actor)
        )

    def _reopen(self) -> None:
        ledger, problem, actor = self.session.ledger, self.problem, self.session.actor()
        self._do(lambda v: closing.reopen(ledger, problem, v["text"] or "", actor))

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something: read again where it concerns the sign-off."""
        kinds = {"problem", "measure", "evidence", _CLOSING, "opinion"}
        if self.problem and any(name in kinds for name, _id in outcome.touched):
            self.open(self.problem)


def attach(pane: RecordPane) -> None:
    """Puts the steps above the rounds wherever a record has a sign-off among its parts."""
    number = next((n for n, one in enumerate(pane.parts, start=1) if one.name == _CLOSING), 0)
    if not number:
        return
    made: list[ClosingChain] = []

    def turned(current: int) -> None:
        if current != number or number not in pane.panes:
            return
        if not made:
            made.append(ClosingChain(pane.session))
            parts = pane.panes[number]
            layout = parts.layout()
            layout.insertWidget(0, made[0])  # type: ignore[union-attr]
            layout.insertWidget(1, label("各轮记录", "group"))  # type: ignore[union-attr]
            made[0].wanted.connect(pane.show_field)
            pane.session.announced.connect(made[0].hear)
        made[0].open(pane.identifier if pane.entry.form.record is not None else "")

    pane.strip.chosen.connect(turned)
    pane.shown.connect(lambda: turned(pane.strip.current))
