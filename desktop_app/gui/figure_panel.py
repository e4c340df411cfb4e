"""Beside the form of a figure: what the registers say now, the rows behind it, or the indicator it may be bound to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from db.ledger.change import Deed, Outcome, edit
from db.schema.composite import Quantity
from db.schema.record import schema_of
from db.schema.records import Figure, Problem
from desktop_app.gui.editor import Subject
from desktop_app.gui.figure_bindings import BindingList
from desktop_app.gui.figure_place import place_of
from desktop_app.gui.figure_rows import show_rows
from desktop_app.gui.lists import PartsPane
from desktop_app.gui.record_pane import RecordPane
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row
from desktop_app.intake import bindings
from desktop_app.intake.bindings import Proposal
from desktop_app.rectification.figures import Names, Shown, bound_to, told_with_period

_FIGURE = schema_of(Figure).name


@dataclass(frozen=True)
class _Found:
    """What was read about a figure: itself, its live value, what it may be bound to, the day."""

    figure: Figure
    shown: Shown
    offered: tuple[Proposal, ...]
    day: date


def attach(pane: RecordPane) -> None:
    """Puts the panel above the form of a figure wherever a record has figures among its parts."""
    number = next((n for n, one in enumerate(pane.parts, start=1) if one.name == _FIGURE), 0)

    def turned(current: int) -> None:
        if current == number and number in pane.panes and not hasattr(pane, "figure_panel"):
            pane.figure_panel = FigurePanel(pane.session, pane.panes[number])  # type: ignore[attr-defined]
            pane.figure_bindings = BindingList(pane.session, pane.panes[number])  # type: ignore[attr-defined]

    if number:
        pane.strip.chosen.connect(turned)


class FigurePanel(QFrame):
    """The panel of the figure whose form is shown."""

    def __init__(self, session: Session, parts: PartsPane) -> None:
        super().__init__()
        self.session = session
        self.parts = parts
        self.found: _Found | None = None
        self._turn = 0
        self.now = label("", wrap=True)
        self.now.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.rows = button("查看明细", self.show_rows, "link", "到分类台账看这个数是由哪些记录汇总出来的")
        self.loose = button("改回手填", self.loosen, "link", "不再由台账汇总，数值用填写的")
        self.offers = QWidget()
        column(self.offers, spacing=4)
        layout = column(self, (0, 0, 0, 0), 4)
        layout.addLayout(row(self.now, self.rows, self.loose))
        layout.addWidget(self.offers)
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(50)
        self._waiting.timeout.connect(self.look)
        home = parts.layout()
        assert isinstance(home, QVBoxLayout)
        home.insertWidget(home.indexOf(parts.titled), self)
        self.hide()
        parts.entry.form.changed.connect(self._waiting.start)
        parts.installEventFilter(self)
        session.announced.connect(self._heard)
        session.looked.connect(self._waiting.start)
        self._waiting.start()

    def _heard(self, _outcome: Outcome) -> None:
        if self.parts.isVisible():
            self._waiting.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What happened while the tab was not shown is read when it is."""
        if event.type() == QEvent.Type.Show:
            self._waiting.start()
        return super().eventFilter(watched, event)

    # -- reading -----------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Reads what there is to say about the shown figure, off the thread."""
        record = self.parts.entry.form.record
        self._turn += 1
        turn = self._turn
        if not isinstance(record, Figure):
            self.hide()
            return
        facts, today = self.session.ledger, self.session.today()

        def job(_work: object) -> _Found | None:
            figure, problem = facts.get(Figure, record.id), facts.get(Problem, record.problem)
            if figure is None or problem is None:
                return None
            place = place_of(facts, Subject("measure", "", {"problem": problem.id}), today)
            day = place.day if place is not None else today
            names = Names(facts, day)
            offered = bindings.proposals(facts, figure, problem, day, names)
            return _Found(figure, names.figure(figure, problem), tuple(offered), day)

        self.session.run(job, lambda found: self._arrived(turn, found))

    def _arrived(self, turn: int, found: _Found | None) -> None:
        if turn != self._turn:
            return
        self.found = found
        if found is None:
            self.hide()
            return
        bound = bound_to(found.figure) is not None
        self.now.setVisible(bound)
        self.rows.setVisible(bound)
        self.loose.setVisible(bound)
        if bound:
            self.now.setText(_bound_line(found))
        layout = self.offers.layout()
        assert layout is not None
        while layout.count():
            gone = layout.takeAt(0)
            widget = gone.widget() if gone is not None else None
            if widget is not None:
                widget.deleteLater()
        for one in found.offered:
            layout.addWidget(self._offer(found.figure, one))
        self.offers.setVisible(bool(found.offered))
        self.setVisible(bound or bool(found.offered))

    def _offer(self, figure: Figure, one: Proposal) -> QWidget:
        line = QWidget()
        words = label(_offer_line(figure, one), "small", wrap=True)
        bind = button("绑定", lambda: self.bind(one), "", f"数值改由指标“{one.title}”汇总，正文里的数换成它的名称")
        layout = row(words, bind)
        layout.setStretch(0, 1)
        line.setLayout(layout)
        return line

    # -- doing -------------------------------------------------------------------------------------------------------

    def bind(self, proposal: Proposal) -> None:
        """Binds the shown figure."""
        if self.found is not None:
            session, figure = self.session, self.found.figure
            session.do(lambda: bindings.bind(session.ledger, figure, proposal, session.actor()))

    def loosen(self) -> None:
        """The value is again the one that was entered; a name in the text stands for that one now."""
        if self.found is not None:
            session, figure = self.session, self.found.figure
            deed = Deed(
                f"数据“{figure.name}”改回手填", session.actor(), (edit(figure, source="entered", indicator=None),)
            )
            session.do(lambda: session.ledger.act(deed))

    def show_rows(self) -> None:
        """Shows the rows behind the value."""
        if self.found is not None:
            show_rows(self.session, self.found.shown, self.found.day)


def _bound_line(found: _Found) -> str:
    printed = found.figure.value
    told = f"由指标“{found.shown.title or found.figure.indicator}”汇总，现在是 {told_with_period(found.shown)}"
    if printed is not None and found.shown.amount is not None and printed != found.shown.amount:
        return f"{told}；填写的数是 {Quantity('').show(printed)}，印出来以台账为准。"
    return f"{told}。"


def _offer_line(figure: Figure, one: Proposal) -> str:
    told = f"可能来自指标“{one.title}”{f'（{one.period}）' if one.period else ''}，"
    if not one.now.words or not one.now.rows:
        return f"{told}台账里还没有相应的记录。"
    if one.same:
        return f"{told}台账现在是 {one.now.words}，与这个数一致。"
    said = Quantity("").show(figure.value) if figure.value is not None else ""
    return f"{told}台账现在是 {one.now.words}，这里是 {said}，绑定前请核对。"
