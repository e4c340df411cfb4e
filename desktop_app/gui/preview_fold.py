"""A form with the preview beside it, or below it where there is no room; opened and closed by one line. The pages are made only
while it is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QToolButton, QWidget

from db.ledger.change import Outcome
from db.schema.record import Record
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import column

if TYPE_CHECKING:
    from desktop_app.gui.preview_pane import PreviewPane

Typed = Callable[[], Mapping[tuple[str, str], Record]]
Caret = Callable[[], tuple[str, str, int] | None]

TALL = 700
"""A form at least so high (pixels) has the preview open at first; below, the form needs the room."""
LEAST = 540
"""A form lower than this loses the preview that opened by itself or has no room any more, until there is room again."""
FORM, PAPER = 176, 100
"""The least heights of the form and of the preview, in pixels: the form's head and a field, some lines of the paper."""
BESIDE = 790
"""A place at least so wide has the preview beside the form."""
WIDE = 1000
"""A place at least so wide has it open at first."""
SOON = 300
"""Milliseconds after the first frame until it opens by itself."""


class PreviewFold(QWidget):
    """A form above, the preview of what it shows below. ``wanted`` names the record whose words were clicked."""

    wanted = Signal(str, str)

    def __init__(self, session: Session, form: QWidget) -> None:
        super().__init__()
        self.session = session
        self.problem = ""
        self._writing: tuple[Typed, Caret] | None = None
        self.preview: PreviewPane | None = None
        self._asked = False
        self._tight = False
        self.fold = QToolButton()
        self.fold.setProperty("role", "fold")
        self.fold.setStyleSheet("QToolButton { font-size: 12px; font-weight: 400; }")
        self.fold.setText("预览（与印出的一样）")
        self.fold.setAccessibleName("预览：展开或收起")
        self.fold.setToolTip("看这个问题印出来的样子")
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setArrowType(Qt.ArrowType.RightArrow)
        self.fold.clicked.connect(self._pressed)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        form.setMinimumHeight(FORM)
        self.splitter.addWidget(form)
        layout = column(self, (0, 0, 0, 0), 4)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.fold)

    def is_open(self) -> bool:
        """Whether the preview is shown."""
        return self.preview is not None and not self.preview.isHidden()

    def _pressed(self) -> None:
        self._asked = True
        self._tight = False
        self.open(not self.is_open())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the room goes the preview goes; it comes back with the room unless somebody closed it."""
        super().resizeEvent(event)
        self._turn()
        if self._beside():
            return
        shorter = event.size().height() < LEAST
        if shorter and self.is_open() and event.oldSize().height() >= LEAST:
            self._tight = True
            self.open(False)
        elif not shorter and self._tight:
            self._tight = False
            self.open(True)

    def _beside(self) -> bool:
        return self.splitter.orientation() == Qt.Orientation.Horizontal

    def _turn(self) -> None:
        """Beside the form where it is wide enough."""
        wanted = Qt.Orientation.Horizontal if self.width() >= BESIDE else Qt.Orientation.Vertical
        if self.splitter.orientation() != wanted:
            self.splitter.setOrientation(wanted)
            self._share()

    def _share(self) -> None:
        room = max(self.width() if self._beside() else self.splitter.height(), 2)
        paper = min(room * 9 // 20, 560) if self._beside() else room * 2 // 5
        self.splitter.setSizes([room - paper, paper])

    def write_with(self, typed: Typed, caret: Caret) -> None:
        """From now on the passage follows what is being written: what is typed, and where the cursor stands."""
        self._writing = typed, caret

    def typed(self) -> None:
        """Somebody is writing in the form."""
        if self.preview is not None and self.is_open():
            self.preview.typed()

    def open(self, shown: bool) -> None:
        """Shows the preview, or puts it away."""
        if shown and self.preview is None:
            from desktop_app.gui.preview_pane import (  # its libraries are loaded when it is first opened
                PreviewPane,
                Writing,
            )

            self.preview = PreviewPane(self.session)
            self.preview.setMinimumHeight(PAPER)
            self.preview.title.hide()  # the line that folds it says it
            self.preview.wanted.connect(self.wanted)
            if self._writing is not None:
                self.preview.writing = Writing(*self._writing)
            self.splitter.addWidget(self.preview)
            self._share()
        if self.preview is not None:
            self.preview.setVisible(shown)
            self.preview.show_problem(self.problem if shown else self.preview.problem)
        self.fold.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)

    def show_problem(self, identifier: str) -> None:
        """Another problem is shown above ("": none)."""
        self.problem = identifier
        if self.preview is not None and self.is_open():
            self.preview.show_problem(identifier)

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something."""
        if self.preview is not None:
            self.preview.hear(outcome)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._asked:
            QTimer.singleShot(SOON, self, self._open_if_tall)

    def _open_if_tall(self) -> None:
        roomy = self.width() >= WIDE if self._beside() else self.height() >= TALL
        if self._asked or not roomy or not self.isVisible():
            return
        self._asked = True
        made_by = "desktop_app.gui.preview_pane"
        self.session.run(lambda _work: import_module(made_by), lambda _module: self.open(True))
