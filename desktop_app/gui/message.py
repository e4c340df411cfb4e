"""The line at the bottom: what was done, with 撤销 beside it; the jobs under way, with their progress; the way to all of them."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy

from desktop_app.gui.jobs import HOW, Job, Jobs
from desktop_app.gui.widgets import button, icon_button, label

PATIENCE = 300
"""Milliseconds a job may last before it is shown."""


class MessageLine(QFrame):
    """One sentence, 撤销, the progress of the first job that takes time, and the list of all jobs."""

    undo_wanted = Signal()
    show_wanted = Signal()
    """Somebody wants to see what the sentence is about."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.jobs = jobs
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
        self.all = icon_button("jobs", "任务：正在进行的和已结束的（Ctrl+Shift+J）", self.open_jobs)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 2, 24, 2)
        layout.setSpacing(12)
        layout.addWidget(self.words, 1)
        for part in (self.show_button, self.undo, self.job, self.progress, self.cancel, self.all):
            layout.addWidget(part)
        self.setFixedHeight(36)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(self._show)
        self._shown: Job | None = None
        jobs.changed.connect(self._went_on)
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

    def open_jobs(self) -> None:
        """Opens the list of jobs."""
        from desktop_app.gui.jobs_list import JobsList

        found = self.findChild(JobsList) or JobsList(self.jobs, self)
        found.open_above(self.all)

    def _went_on(self) -> None:
        """Jobs that are over go at once; one that began is shown when it takes time."""
        if self._shown is not None:
            self._show()
        elif self.jobs.running and not self._timer.isActive():
            self._timer.start()

    def _show(self) -> None:
        running = self.jobs.running
        job = self._shown = running[0] if running else None
        more = f"，另有 {len(running) - 1} 项" if len(running) > 1 else ""
        told = "正在停止…" if job is not None and job.stopping else job.left(monotonic()) if job is not None else ""
        self.job.setText(f"{job.label}{more} …{f'　{told}' if told else ''}" if job else "")
        self.progress.setRange(0, job.total if job else 0)
        self.progress.setValue(job.done if job else 0)
        for part in (self.job, self.progress, self.cancel):
            part.setVisible(job is not None)
        self.cancel.setEnabled(job is not None and not job.stopping)
        last = self.jobs.over[0] if self.jobs.over else None
        self.all.setAccessibleDescription(f"上一项：{last.label}，{HOW[last.how]}" if last else "")

    def _cancel(self) -> None:
        if self.jobs.running:
            self.jobs.cancel(self.jobs.running[0])
