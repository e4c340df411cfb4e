"""The manual beside the window: the pages of ``resources/help``."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QTextBrowser, QWidget

from desktop_app import paths
from desktop_app.gui.widgets import button, column, row

FIRST = "index"


class HelpWindow(QWidget):
    """A window of its own with one page of the manual at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.Window)
        self.setWindowTitle("整改通 · 帮助")
        self.setProperty("role", "ground")
        self.resize(620, 720)
        self.page = QTextBrowser()
        self.page.setAccessibleName("帮助")
        self.page.setOpenExternalLinks(False)
        self.page.setOpenLinks(False)
        self.page.anchorClicked.connect(self._follow)
        self._been: list[str] = []
        self.made: Mapping[str, str] = {}
        """Pages made from the open ledger's own categories, by topic; they are listed behind the page on categories."""
        self.back = button("后退", self.go_back)
        layout = column(self, (12, 12, 12, 12), 8)
        layout.addLayout(row(button("目录", lambda: self.open(FIRST)), self.back, 1))
        layout.addWidget(self.page, 1)
        QShortcut(QKeySequence("Escape"), self, self.close)

    def open(self, topic: str) -> None:
        """Shows the page of a topic, or the first page when there is none of that name."""
        folder = paths.resources() / "help"
        file = folder / f"{topic}.md"
        if topic not in self.made and not file.is_file():
            topic, file = FIRST, folder / f"{FIRST}.md"
        words = self.made.get(topic) or (
            file.read_text("utf-8") if file.is_file() else "# 帮助\n\n这一版还没有这一页。"
        )
        if topic == "categories" and self.made:
            words += "\n## 各类别的登记表、指标和检查\n\n"
            words += "\n".join(f"- [{_title(page)}]({name}.md)" for name, page in self.made.items())
        self.page.setSearchPaths([str(folder)])
        self.page.setMarkdown(words)
        if not self._been or self._been[-1] != topic:
            self._been.append(topic)
        self.back.setEnabled(len(self._been) > 1)
        self.show()
        self.raise_()
        self.activateWindow()

    def go_back(self) -> None:
        """Shows the page before."""
        if len(self._been) > 1:
            self._been.pop()
            self.open(self._been[-1])

    def _follow(self, link: QUrl) -> None:
        self.open(link.fileName().removesuffix(".md") or FIRST)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._been.clear()
        super().closeEvent(event)


def _title(page: str) -> str:
    return page.split("\n", 1)[0].lstrip("# ")
