"""The page 通报与文书: which paper, and the page of it. The notice has a page of its own, all others share one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from db.ledger.change import Outcome
from desktop_app.gui.issued_page import IssuedPage
from desktop_app.gui.paper_page import PaperPage
from desktop_app.gui.preview import NoticePage
from desktop_app.gui.preview_view import PaperView
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import column
from desktop_app.notices import papers
from desktop_app.notices.issuing import Issued

NOTICE, ISSUED = "notice", ""
"""The kind that has a page of its own, and what stands for the papers that were issued."""


class PapersPage(QWidget):
    """The kinds in a list at the head of the page; below it what belongs to the chosen one."""

    wanted = Signal(str, str)
    """Schema name and id of a record the clerk wants to change."""
    help_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.notice = NoticePage(session)
        self.paper = PaperPage(session)
        self.issued = IssuedPage(session)
        self.kinds = QComboBox()
        self.kinds.setAccessibleName("哪种文书")
        self.kinds.setToolTip("要印哪种文书")
        self.kinds.setProperty("role", "title")
        self.kinds.setMinimumWidth(200)
        for at, kind in enumerate(papers.KINDS.values()):
            self.kinds.addItem(kind.title, kind.name)
            self.kinds.setItemData(at, kind.purpose, Qt.ItemDataRole.ToolTipRole)
        self.kinds.insertSeparator(self.kinds.count())
        self.kinds.addItem("已印发的文书", ISSUED)
        self.stack = QStackedWidget()
        for part in (self.notice, self.paper, self.issued):
            self.stack.addWidget(part)
            part.wanted.connect(self.wanted)
            part.help_wanted.connect(self.help_wanted)
        column(self, (0, 0, 0, 0), 0).addWidget(self.stack)
        self.kinds.activated.connect(lambda _at: self._turn())
        self.notice.issued.connect(self._issued)
        self.paper.issued.connect(self._issued)
        self._turn()

    def choose(self, name: str) -> None:
        """Shows the kind of that name."""
        self.kinds.setCurrentIndex(max(0, self.kinds.findData(name)))
        self._turn()

    def _turn(self) -> None:
        name = self.kinds.currentData()
        pages: dict[str, NoticePage | PaperPage | IssuedPage] = {NOTICE: self.notice, ISSUED: self.issued}
        shown = pages.get(name, self.paper)
        shown.header.insertWidget(0, self.kinds)
        self.stack.setCurrentWidget(shown)
        if shown is self.paper:
            self.paper.show_kind(papers.KINDS[name])
        elif shown is self.issued:
            self.issued.read()

    @property
    def shown(self) -> NoticePage | PaperPage | IssuedPage:
        """The page below the list."""
        pages: tuple[NoticePage | PaperPage | IssuedPage, ...] = (self.notice, self.paper, self.issued)
        return pages[self.stack.currentIndex()]

    def _issued(self, done: Sequence[Issued]) -> None:
        """Papers were issued: the first is shown as it left the house."""
        self.show_issued(done[0].paper.id)

    @property
    def view(self) -> PaperView:
        """The pages that are shown."""
        return self.shown.view

    # -- what the frame calls --------------------------------------------------------------------------------------------

    def show_record(self, identifier: str) -> None:
        """Shows a notice and its texts."""
        self.choose(NOTICE)
        self.notice.show_record(identifier)

    def show_issued(self, identifier: str) -> None:
        """Shows a paper as it left the house."""
        self.choose(ISSUED)
        self.issued.read(identifier)

    @property
    def pane(self) -> object:
        """The texts of the notice, where a field is shown."""
        return self.notice.pane

    def print(self) -> None:
        """Ctrl+P."""
        self.shown.print()

    def save(self) -> bool:
        """Ctrl+S."""
        return self.notice.save() if self.shown is self.notice else True

    def add_part(self) -> None:
        """Ctrl+Shift+N."""
        if self.shown is self.notice:
            self.notice.add_part()

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something."""
        self.notice.hear(outcome)
        self.paper.hear(outcome)
        self.issued.hear(outcome)

    def look(self) -> None:
        """Another unit, day or look was chosen in the frame."""
        self.notice.look()
        self.paper.look()
        self.issued.look()

    def arrive(self) -> None:
        """The page is shown."""
        self.notice.arrive()

    def leave(self) -> None:
        """Another page will be shown."""
        self.notice.leave()
