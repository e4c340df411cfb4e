"""The preview beside a form: the problem as it would be printed, or the whole notice at its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QStackedWidget

from db.errors import Refusal
from db.ledger.change import Outcome
from db.schema.record import Record
from desktop_app.gui.preview_paper import Paper, caret_box, passage_paper, problem_paper
from desktop_app.gui.preview_refresh import Refreshing
from desktop_app.gui.preview_tools import PaperTools
from desktop_app.gui.preview_view import PaperView
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import column, label, row
from desktop_app.rectification.imagined import Imagined

EMPTY = "写下标题和措施，这里就显示印出来的样子。"


def _nothing() -> dict[tuple[str, str], Record]:
    return {}


@dataclass(frozen=True)
class Writing:
    """What is being written beside the preview: the records as they are typed, by schema name and id; where the cursor stands
    (the origin of the words, the text of the field, the place in it), None where it stands in nothing that is printed."""

    typed: Callable[[], Mapping[tuple[str, str], Record]] = _nothing
    caret: Callable[[], tuple[str, str, int] | None] = lambda: None


class PreviewPane(QFrame):
    """A narrow preview of one problem. ``wanted`` names the record whose words were clicked."""

    wanted = Signal(str, str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.session = session
        self.problem = ""
        self.view = PaperView()
        self.tools = PaperTools(self.view, brief=True)
        self.extent = QComboBox()
        self.extent.setAccessibleName("预览多少")
        self.extent.addItem("这个问题", False)
        self.extent.addItem("整份通报", True)
        self.empty = label(EMPTY, "hint", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        for part in (self.empty, self.view):
            self.stack.addWidget(part)
        self.extent.setFixedWidth(108)
        self.title = label("预览", "small")
        top = row(self.title, 1, self.extent, self.tools)
        top.setContentsMargins(16, 6, 8, 6)
        layout = column(self, (1, 1, 1, 1), 0)
        layout.addLayout(top)
        layout.addWidget(self.stack, 1)
        self.setMinimumWidth(370)
        self.fresh: Refreshing[Paper | None] = Refreshing(session, self, self._make, self._show, self._cannot)
        self._arrived = False
        self.writing: Writing = Writing()
        self._remembered: dict[tuple[Any, ...], Any] = {}
        """What was read of the ledger since it last changed: the next key need not read it again."""
        self.extent.activated.connect(lambda _at: self._again())
        self.view.clicked.connect(self._clicked)

    def show_problem(self, identifier: str) -> None:
        """Shows another problem ("": none)."""
        if identifier != self.problem:
            self.problem = identifier
            self._again()

    def typed(self) -> None:
        """Somebody is writing: the passage is set again with what is typed."""
        self.fresh.typed()

    def _again(self) -> None:
        self._arrived = False
        self._remembered = {}
        self.fresh.stale = True
        if self.isVisible():
            self.fresh.now()

    def whole(self) -> bool:
        """Whether the whole notice is shown."""
        return bool(self.extent.currentData())

    def _make(self) -> Callable[[], Paper | None]:
        ledger, problem, today, whole = self.session.ledger, self.problem, self.session.today(), self.whole()
        if not problem:
            return lambda: None
        if whole:
            return lambda: problem_paper(ledger, problem, today)
        typed = self.writing.typed()
        facts = Imagined(ledger, typed, self._remembered) if typed else ledger
        return lambda: passage_paper(facts, problem, today)

    def _show(self, paper: Paper | None) -> None:
        self.view.show_paper(paper)
        self.empty.setText(EMPTY)
        self.stack.setCurrentWidget(self.view if paper is not None else self.empty)
        if paper is None:
            return
        if not paper.cropped and not self._arrived:
            self.view.reveal(f"problem:{self.problem}")
        elif paper.cropped:
            self.view.marked = ""
            if not self._arrived:
                self.view.verticalScrollBar().setValue(0)
        self._arrived = True
        where = self.writing.caret()
        self.view.follow(caret_box(paper, *where) if where is not None else None)

    def _cannot(self, refusal: Refusal) -> None:
        self.view.show_paper(None)
        self.empty.setText(str(refusal))
        self.stack.setCurrentWidget(self.empty)

    def _clicked(self, origin: str) -> None:
        name, _, identifier = origin.partition(":")
        if identifier:
            self.wanted.emit(name, identifier)

    def hear(self, _outcome: Outcome) -> None:
        """Somebody did something."""
        self._remembered = {}
        self.fresh.soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fresh.look()
