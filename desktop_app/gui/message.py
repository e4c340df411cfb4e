"""The line at the bottom: what was done, with 撤销 beside it; and the jobs under way, with their progress."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy

from desktop_app.gui.session import Work
from desktop_app.gui.widgets import button, label

PATIENCE = 300
"""Milliseconds a job may last before it is shown."""


class MessageLine(QFrame):
    """One sentence, 撤销, and the progress of the first job that takes time."""

    undo_wanted = Signal()
    show_wanted = Signal()
    """Somebody wants to see what the sentence is about."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bottom")
        self.words = label("", "")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.undo = button("撤销", self.undo_wanted.emit, "link", "Ctrl+Alt+Z")
        self.show_button = button("去看看", self.show_wanted.emit, "link", "打开这一处")
        self.job = label("", "small")
        self.progress = QProgressBar()
        self.progress.setFixedWidth(140)
        self.progress.setAccessibleName("进度")
        self.cancel = button("取消", self._cancel, "link")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 4, 24, 4)
        layout.setSpacing(12)
        layout.addWidget(self.words, 1)
        for part in (self.show_button, self.undo, self.job, self.progress, self.cancel):
            layout.addWidget(part)
        self.setFixedHeight(36)
        self._works: list[Work] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(self._show)
        self.undo.hide()
        self.show_button.hide()
        self._show()

    def say(self, sentence: str, undoable: bool) -> None:
        """Shows a sentence."""
        self.words.setText(sentence)
        self.words.setToolTip(sentence)
        self.words.setAccessibleName(sentence)
        self.undo.setVisible(undoable)
        self.show_button.hide()

    def offer(self) -> None:
        """What the sentence is about can be shown: until the next sentence there is a button for it."""
        self.show_button.show()

    def begun(self, work: Work) -> None:
        """A job began; one with a label is shown when it takes time."""
        if work.label:
            self._works.append(work)
            self._timer.start()

    def moved(self, work: Work, done: int, total: int) -> None:
        """A job went on."""
        if self._works and work is self._works[0]:
            self.progress.setRange(0, total)
            self.progress.setValue(done)

    def over(self, work: Work) -> None:
        """A job ended."""
        if work in self._works:
            self._works.remove(work)
            self._show()

    def _show(self) -> None:
        work = self._works[0] if self._works else None
        self.job.setText(f"{work.label} …" if work else "")
        self.progress.setRange(0, 0)
        for part in (self.job, self.progress, self.cancel):
            part.setVisible(work is not None)

    def _cancel(self) -> None:
        if self._works:
            self._works[0].cancel()
