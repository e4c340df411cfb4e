"""What a text field that is printed in a notice has below it: ＋数据, and what the marks in it stand for now."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy, QWidget
from shiboken6 import isValid

from db.errors import Refusal
from db.ledger.change import Outcome
from desktop_app.gui import figure_place, theme
from desktop_app.gui.editor import Subject
from desktop_app.gui.figure_marks import FigureMarks, names_in
from desktop_app.gui.figure_place import Offer, Place
from desktop_app.gui.figure_popup import FigurePopup
from desktop_app.gui.figure_rows import show_rows
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, row, told
from desktop_app.rectification.figures import Names, Shown, told_with_period

KEY = "Ctrl+Shift+D"
SETTLE = 250
"""Milliseconds after the last keystroke until marks are looked up."""
_Known = dict[str, Shown | None]


class FigureTools(QWidget):
    """The tools of one text field."""

    def __init__(self, session: Session, field: QPlainTextEdit, subject: Callable[[], Subject]) -> None:
        super().__init__()
        self.session = session
        self.field = field
        self.subject = subject
        self.marks = FigureMarks(field)
        self.popup: FigurePopup | None = None
        self.place: Place | None = None
        shown = QKeySequence(KEY).toString(QKeySequence.SequenceFormat.NativeText)
        self.insert = button("＋数据", self.open, "link", f"插入数据、指标或常用语句（{shown}，或输入左花括号）")
        self.live = QLabel()
        self.live.setProperty("role", "small")
        self.live.setWordWrap(True)
        self.live.setTextFormat(Qt.TextFormat.RichText)
        self.live.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.live.setAccessibleName("正文里数据现在的值")
        layout = row(self.live, self.insert, spacing=8)
        layout.setAlignment(self.insert, Qt.AlignmentFlag.AlignTop)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self._turn = 0
        self._brace = False
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(SETTLE)
        self._waiting.timeout.connect(self.look)
        field.installEventFilter(self)
        field.textChanged.connect(self._changed)
        self.live.linkActivated.connect(self._rows)
        self.marks.wanted.connect(self._rows)
        session.announced.connect(self._heard)
        session.looked.connect(self._waiting.start)

    # -- what the marks stand for ------------------------------------------------------------------------------------

    def _changed(self) -> None:
        if "{" in self.field.toPlainText():
            self._waiting.start()
        elif self.live.text():
            self._arrived(self._next(), None, {})

    def _heard(self, _outcome: Outcome) -> None:
        if "{" in self.field.toPlainText():
            self._waiting.start()

    def _next(self) -> int:
        self._turn += 1
        return self._turn

    def look(self) -> None:
        """Looks up what the marks stand for, off the thread."""
        names = list(dict.fromkeys(name for _first, _last, name in names_in(self.field.toPlainText())))
        turn, subject, facts, today = self._next(), self.subject(), self.session.ledger, self.session.today()
        if not names:
            self._arrived(turn, None, {})
            return

        def job(_work: object) -> tuple[Place | None, _Known]:
            place = figure_place.place_of(facts, subject, today)
            if place is None:
                return None, {}
            known = Names(facts, place.day)
            return place, {name: place.meaning(known, name) for name in names}

        self.session.run(job, lambda found: self._arrived(turn, *found))

    def _arrived(self, turn: int, place: Place | None, known: _Known) -> None:
        if turn != self._turn or not isValid(self.marks):  # the form was closed while it was looked up
            return
        self.place = place
        self.marks.show_known(known)
        self.live.setText("　".join(self._line(name, shown) for name, shown in known.items()))

    def _line(self, name: str, shown: Shown | None) -> str:
        accent, wrong = theme.colour("accent").name(), theme.colour("overdue").name()
        if shown is None:
            return f'<span style="color:{wrong}">没有“{escape(name)}”这个数据</span>'
        if not shown.words:
            return f'<span style="color:{wrong}">{escape(name)}：{escape(shown.why)}</span>'
        told_ = f"{escape(name)} ＝ {escape(told_with_period(shown))}"
        link = f' <a style="color:{accent}" href="{escape(name)}">明细</a>' if shown.bound else ""
        return told_ + link

    def _rows(self, name: str) -> None:
        if self.place is not None:
            show_rows(self.session, self.marks.known.get(name), self.place.day)

    # -- putting something in ----------------------------------------------------------------------------------------

    def open(self, *, brace: bool = False) -> None:
        """Offers what can be put in at the cursor."""
        facts, subject, today = self.session.ledger, self.subject(), self.session.today()
        self._brace = brace
        popup = FigurePopup(self)
        self.popup = popup
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.chosen.connect(self._take)
        popup.dismissed.connect(self._dismissed)
        popup.offer((), reckoned=False)
        popup.open_at(self.field.viewport().mapToGlobal(self.field.cursorRect().bottomLeft()))

        def job(_work: object) -> tuple[Place | None, list[Offer]]:
            place = figure_place.place_of(facts, subject, today)
            return place, figure_place.offers(facts, place) if place is not None else []

        def arrived(found: tuple[Place | None, list[Offer]]) -> None:
            if self.popup is popup:
                self.place = found[0]
                popup.offer(found[1])

        self.session.run(job, arrived)

    def _take(self, offer: Offer, period: str) -> None:
        place, popup = self.place, self.popup
        if place is None or popup is None:
            return
        try:
            words, figure = figure_place.insertion(self.session.ledger, place, offer, period)
        except Refusal as refusal:
            popup.refuse(told(refusal))
            return
        if figure is None:
            self._put(words)
            return
        session = self.session
        session.do(
            lambda: figure_place.keep(session.ledger, figure, session.actor()),
            lambda _outcome: self._put(words),
            lambda refusal: popup.refuse(told(refusal)),
            quiet=True,
        )

    def _put(self, words: str) -> None:
        popup, self.popup = self.popup, None
        if popup is not None:
            popup.done()
        self.field.setFocus()
        self.field.insertPlainText(words)

    def _dismissed(self) -> None:
        self.popup = None
        self.field.setFocus()
        if self._brace:  # somebody who types a brace and goes on typing writes the name by hand
            self.field.insertPlainText("{")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that open the list."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            pressed = QKeySequence(event.keyCombination()).toString() == KEY
            if pressed or (event.text() == "{" and not self._doubled()):
                self.open(brace=not pressed)
                return True
        return super().eventFilter(watched, event)

    def _doubled(self) -> bool:
        """Whether the cursor stands behind a brace: a second one means a brace that is printed."""
        cursor = self.field.textCursor()
        return self.field.toPlainText()[cursor.position() - 1 : cursor.position()] == "{"
