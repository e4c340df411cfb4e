"""The list of jobs behind the line at the bottom: what runs, with 取消; what is over, and how it ended."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from desktop_app.gui.jobs import HOW, Job, Jobs, spoken
from desktop_app.gui.widgets import button, column, label, row, scrolled

WIDE, HIGH = 420, 360
EVERY = 500
"""Milliseconds after which what is shown is read again while a job runs."""


class JobsList(QFrame):
    """A frame that opens above its button and closes with Escape or a click elsewhere."""

    def __init__(self, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.jobs = jobs
        self.setProperty("role", "card")
        self.setAccessibleName("任务")
        self.forget = button("清空", jobs.clear, "link", "不再列出已结束的任务")
        self.empty = label(
            "还没有任务。导入、导出、打包、重建这些费时的事会列在这里，做的时候可以接着录入。", "hint", wrap=True
        )
        self._lines = QWidget()
        self._lines.setProperty("role", "surface")
        self._rows: QVBoxLayout = column(self._lines, (0, 0, 0, 0), 12)
        layout = column(self, (16, 12, 16, 12), 8)
        layout.addLayout(row(label("任务", "group"), 1, self.forget))
        layout.addWidget(self.empty)
        layout.addWidget(scrolled(self._lines), 1)
        self.resize(WIDE, HIGH)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.read)
        jobs.changed.connect(self._later)

    def open_above(self, button_of: QWidget) -> None:
        """Opens with its lower right corner at the upper right one of the button."""
        corner = button_of.mapToGlobal(QPoint(button_of.width(), 0))
        self.read()
        self.move(corner.x() - self.width(), corner.y() - self.height() - 4)
        self.show()
        self.forget.setFocus()

    def read(self) -> None:
        """Shows the jobs as they stand."""
        while (item := self._rows.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for job in (*self.jobs.running, *self.jobs.over):
            self._rows.addWidget(self._line(job))
        self._rows.addStretch(1)
        self.empty.setVisible(not self.jobs.running and not self.jobs.over)
        self.forget.setEnabled(bool(self.jobs.over))

    def _later(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _line(self, job: Job) -> QWidget:
        made = QWidget()
        inner = column(made, (0, 0, 0, 0), 4)
        if not job.how:
            stop = button("取消", lambda: self.jobs.cancel(job), "link", f"停止“{job.label}”")
            stop.setAccessibleName(f"取消{job.label}")
            stop.setEnabled(not job.stopping)
            told = "正在停止…" if job.stopping else job.left(monotonic()) or "正在进行"
            bar = QProgressBar()
            bar.setAccessibleName(f"{job.label}的进度")
            bar.setRange(0, job.total)
            bar.setValue(job.done)
            inner.addLayout(row(label(job.label), 1, label(told, "small"), stop))
            inner.addWidget(bar)
            return made
        tint = {"done": "saved", "failed": "wrong"}.get(job.how, "small")
        inner.addLayout(row(label(job.label), 1, label(HOW[job.how], tint)))
        when = f"{job.at:%H:%M} 开始，用了 {spoken(job.took)}"
        inner.addWidget(label(f"{job.words}　{when}" if job.words else when, "small", wrap=True))
        return made

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)
