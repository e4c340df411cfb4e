"""The manual beside the window: the table of contents and a search through every page at the left, one page at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QKeyEvent,
    QKeySequence,
    QPixmap,
    QResizeEvent,
    QShortcut,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QSplitter,
    QTextBrowser,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop_app import paths
from desktop_app.gui import help_pages, theme
from desktop_app.gui.help_pages import FIRST, Hit, Topic
from desktop_app.gui.widgets import button, column, label, row

NAME = Qt.ItemDataRole.UserRole
SIZE = (980, 720)
LINE, PART, HEAD = 130, 6, 14
"""Height of a line in percent; pixels under a paragraph, and above a heading."""
AROUND = 48
"""Pixels of the page beside a picture."""


class _Page(QTextBrowser):
    """A page whose pictures are as wide as it is, and no wider than they are."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        name = QUrl(name)
        if not name.fileName().endswith(".png"):
            return super().loadResource(kind, name)
        picture = QPixmap(str(paths.resources() / "help" / name.path()))
        scale, room = self.devicePixelRatioF(), self.viewport().width() - AROUND
        wide = min(room * scale, picture.width())
        if not picture.isNull() and wide > 0:
            picture = picture.scaledToWidth(round(wide), Qt.TransformationMode.SmoothTransformation)
            picture.setDevicePixelRatio(scale)
        return picture


class HelpWindow(QWidget):
    """A window of its own with one page of the manual at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.Window)
        self.setWindowTitle("整改通 · 帮助")
        self.setProperty("role", "ground")
        room = self.screen().availableGeometry()
        self.resize(min(SIZE[0], room.width()), min(SIZE[1], room.height() - 40))
        self.topic = FIRST
        self.made: Mapping[str, str] = {}
        """Pages made from the open ledger's own categories, by topic."""
        self._been: list[str] = []
        self.page = _Page()
        self.page.setAccessibleName("帮助")
        self.page.setOpenExternalLinks(False)
        self.page.setOpenLinks(False)
        self.page.anchorClicked.connect(self._follow)
        self.search = QLineEdit()
        self.search.setPlaceholderText("在全部说明里找（Ctrl+F）")
        self.search.setAccessibleName("在全部说明里找")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _typed: self._look())
        self.search.returnPressed.connect(self._open_first)
        self.search.installEventFilter(self)
        self.found = label("", "small", wrap=True)
        self.contents = QTreeWidget()
        self.contents.setAccessibleName("目录")
        self.contents.setHeaderHidden(True)
        self.contents.setColumnCount(2)
        self.contents.setIndentation(14)
        self.contents.setProperty("role", "outline")
        self.contents.header().setStretchLastSection(False)
        self.contents.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.contents.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.contents.currentItemChanged.connect(lambda item, _before: self._picked(item))
        self.back = button("后退", self.go_back, "", "Alt+←")
        self._wider = QTimer(self)
        self._wider.setSingleShot(True)
        self._wider.setInterval(150)
        self._wider.timeout.connect(self._render)
        self._lay_out()
        QShortcut(QKeySequence("Escape"), self, self._away)
        QShortcut(QKeySequence("Ctrl+F"), self, self._to_search)
        QShortcut(QKeySequence("Alt+Left"), self, self.go_back)

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        side = column(left, (0, 0, 8, 0), 8)
        for part in (self.search, self.found, self.contents):
            side.addWidget(part, 1 if part is self.contents else 0)
        self.found.hide()
        inner = column(right, (0, 0, 0, 0), 8)
        inner.addLayout(row(button("目录", lambda: self.open(FIRST)), self.back, 1))
        inner.addWidget(self.page, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([270, 710])
        left.setMinimumWidth(200)
        right.setMinimumWidth(360)
        column(self, (12, 12, 12, 12), 8).addWidget(self.splitter)

    # -- pages -------------------------------------------------------------------------------------------------------

    def topics(self) -> tuple[Topic, ...]:
        """Every page there is."""
        return help_pages.manual(self.made)

    def open(self, topic: str) -> None:
        """Shows the page of a topic, or the first page when there is none of that name."""
        if not self.isVisible():
            self.search.clear()
        self._show(topic)
        self._look()
        self.show()
        self.raise_()
        self.activateWindow()

    def _show(self, topic: str) -> None:
        self.topic = topic if any(one.name == topic for one in self.topics()) else FIRST
        if not self._been or self._been[-1] != self.topic:
            self._been.append(self.topic)
        self.back.setEnabled(len(self._been) > 1)
        self._render()

    def _render(self) -> None:
        """Writes the page; the words that are looked for are marked, and the first of them is in sight."""
        topics = self.topics()
        words = next(one.words for one in topics if one.name == self.topic)
        own = [one for one in topics if one.chapter == help_pages.OWN]
        if self.topic == "categories" and own:
            words += f"\n## {help_pages.OWN}\n\n" + "\n".join(f"- [{one.title}]({one.name}.md)" for one in own)
        self.page.setMarkdown(words)
        _space(self.page.document())
        self._mark()

    def _mark(self) -> None:
        selections: list[QTextEdit.ExtraSelection] = []
        spans = help_pages.marks(self.page.toPlainText(), self.search.text())
        for start, end in spans:
            one = QTextEdit.ExtraSelection()
            one.cursor = QTextCursor(self.page.document())  # type: ignore[attr-defined]
            one.cursor.setPosition(start)  # type: ignore[attr-defined]
            one.cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)  # type: ignore[attr-defined]
            one.format.setBackground(theme.colour("warn_ground"))  # type: ignore[attr-defined]
            one.format.setForeground(theme.colour("text"))  # type: ignore[attr-defined]
            one.format.setFontUnderline(True)  # type: ignore[attr-defined]
            selections.append(one)
        self.page.setExtraSelections(selections)
        if spans:
            cursor = QTextCursor(self.page.document())
            cursor.setPosition(spans[0][0])
            self.page.setTextCursor(cursor)
            self.page.ensureCursorVisible()

    def go_back(self) -> None:
        """Shows the page before."""
        if len(self._been) > 1:
            self._been.pop()
            self._show(self._been[-1])
            self._choose()

    def _follow(self, link: QUrl) -> None:
        self._show(link.fileName().removesuffix(".md") or FIRST)
        self._choose()

    # -- contents and search -----------------------------------------------------------------------------------------

    def _look(self) -> None:
        """The table of contents; while something is looked for, the pages that have it, the best first."""
        typed, topics = self.search.text(), self.topics()
        hits = help_pages.find(topics, typed)
        self.contents.blockSignals(True)
        self.contents.clear()
        if typed.strip():
            self._list(hits)
        else:
            self._list_all(topics)
        self.contents.blockSignals(False)
        self.found.setVisible(bool(typed.strip()))
        self.found.setText(f"有 {len(hits)} 页" if hits else "没有哪一页说到它。换一个短一些的词试试。")
        self._choose()
        self._mark()

    def _list(self, hits: Sequence[Hit]) -> None:
        for hit in hits:
            item = QTreeWidgetItem(self.contents, [hit.topic.title, f"{hit.places} 处" if hit.places else ""])
            item.setData(0, NAME, hit.topic.name)
            item.setForeground(1, theme.colour("secondary"))
            item.setToolTip(0, hit.topic.title)

    def _list_all(self, topics: Sequence[Topic]) -> None:
        chapters: dict[str, QTreeWidgetItem] = {}
        for one in topics:
            if one.chapter and one.chapter not in chapters:
                head = chapters[one.chapter] = QTreeWidgetItem(self.contents, [one.chapter])
                head.setFlags(Qt.ItemFlag.ItemIsEnabled)
                head.setForeground(0, theme.colour("secondary"))
            item = QTreeWidgetItem(chapters.get(one.chapter) or self.contents.invisibleRootItem(), [one.title])
            item.setData(0, NAME, one.name)
            item.setToolTip(0, one.title)
        self.contents.expandAll()

    def _choose(self) -> None:
        """Marks the shown page in the table of contents."""
        self.contents.blockSignals(True)
        self.contents.setCurrentIndex(QModelIndex())
        for item in self.contents.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive):
            if item.data(0, NAME) == self.topic:
                self.contents.setCurrentItem(item)
        self.contents.blockSignals(False)

    def _picked(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and item.data(0, NAME):
            self._show(str(item.data(0, NAME)))

    def _open_first(self) -> None:
        """Enter in the search: the best page."""
        first = self.contents.topLevelItem(0)
        if self.search.text().strip() and first is not None:
            self.contents.setCurrentItem(first)

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _away(self) -> None:
        """Escape: ends the search first."""
        if self.search.text():
            self.search.clear()
        else:
            self.close()

    # -- Qt ----------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow keys lead from the search into the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
            self.contents.setFocus()
            if self.contents.currentItem() is None:
                self._open_first()
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible() and "](pictures/" in next((o.words for o in self.topics() if o.name == self.topic), ""):
            self._wider.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._been.clear()
        super().closeEvent(event)


def _space(document: QTextDocument) -> None:
    """Room between the lines and the paragraphs of a page; Markdown comes without any."""
    block, cursor = document.begin(), QTextCursor(document)
    while block.isValid():
        shape, heading = block.blockFormat(), block.blockFormat().headingLevel()
        cursor.setPosition(block.position())
        shape.setLineHeight(LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        shape.setTopMargin(HEAD if heading > 1 else 0)
        shape.setBottomMargin(0 if cursor.currentTable() is not None else PART)
        cursor.setBlockFormat(shape)
        block = block.next()
