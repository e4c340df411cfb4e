"""Small widgets that several pages share: labels by role, buttons, a bar for what stands against the work, a strip of tabs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from db.errors import Fault, Refusal
from desktop_app.gui import theme


def told(refusal: Refusal) -> str:
    """A refusal as one text: what is wrong, then what to do."""
    gap = "" if not refusal.advice or refusal.sentence.endswith(("。", "？", "！", "；", "：")) else "。"
    return f"{refusal.sentence}{gap}{refusal.advice}"


def label(words: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A label in a role of the style sheet. Its words are plain text, whatever they hold."""
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Gives a widget another role, shown at once."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def button(words: str, act: Callable[[], object], role: str = "", tip: str = "") -> QPushButton:
    """A push button; role ``accent`` for the one that matters on its page, ``link`` for a quiet one."""
    made = QPushButton(words)
    made.setProperty("role", role)
    made.setAccessibleName(words)
    if tip:
        made.setToolTip(tip)
    made.clicked.connect(lambda _checked=False: act())
    return made


def icon_button(icon: str, words: str, act: Callable[[], object]) -> QToolButton:
    """A button that shows only an icon; its words are the tip and the name for screen readers."""
    made = QToolButton()
    made.setProperty("role", "icon")
    made.setProperty("icon_name", icon)
    made.setIcon(theme.icon(icon))
    made.setIconSize(theme.ICON)
    made.setToolTip(words)
    made.setAccessibleName(words)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.clicked.connect(lambda _checked=False: act())
    return made


def row(*parts: QWidget | int, spacing: int = 8) -> QHBoxLayout:
    """Widgets side by side; a number is a stretch."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    for part in parts:
        if isinstance(part, int):
            made.addStretch(part)
        else:
            made.addWidget(part)
    return made


def column(owner: QWidget, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 12) -> QVBoxLayout:
    """The layout of a widget, from top to bottom."""
    made = QVBoxLayout(owner)
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    return made


def field(title: str, *parts: QWidget) -> QVBoxLayout:
    """What is filled in, under its name."""
    made = QVBoxLayout()
    made.setSpacing(4)
    for part in (label(title, "label"), *parts):
        made.addWidget(part)
    return made


def scrolled(inner: QWidget) -> QScrollArea:
    """A widget that scrolls up and down and never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(inner)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


class Bar(QFrame):
    """What stands against the work, under the title of a page: sentence and advice, put away with ×."""

    help_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._topic = ""
        self.words = label("", wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._report = ""
        self.more = button("怎么办？", lambda: self.help_wanted.emit(self._topic), "link")
        self.copy = button(
            "复制报告", lambda: QGuiApplication.clipboard().setText(self._report), "link", "交给维护人员用"
        )
        self.away = icon_button("close", "关闭提示", self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.copy)
        layout.addWidget(self.more)
        layout.addWidget(self.away)
        self.hide()

    def say(self, refusal: Refusal) -> None:
        """Shows a refusal; a fault of the computer in red."""
        set_role(self, "fault" if isinstance(refusal, Fault) else "bar")
        self.words.style().unpolish(self.words)
        self.words.style().polish(self.words)
        self._topic = refusal.topic
        self._report = str(getattr(refusal, "report", ""))
        self.copy.setVisible(bool(self._report))
        self.more.setVisible(bool(refusal.topic))
        self.words.setText(told(refusal))
        self.setAccessibleName(self.words.text())
        self.show()


class TabStrip(QWidget):
    """Tabs in one row; those that find no room are in a menu at its end. ``order`` are their numbers as they stand from
    left to right, where that is another order."""

    chosen = Signal(int)

    def __init__(self, titles: list[str], order: Sequence[int] = ()) -> None:
        super().__init__()
        self.titles = list(titles)
        self.order = list(order) or list(range(len(titles)))
        self.tabs: list[QToolButton] = []
        self._counts: dict[int, int] = {}
        self._marks: dict[int, str] = {}
        self.current = 0
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        for number, title in enumerate(titles):
            tab = QToolButton()
            tab.setProperty("role", "tab")
            tab.setText(title)
            tab.setCheckable(True)
            tab.setAutoExclusive(True)
            tab.setAccessibleName(title)
            tab.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            tab.clicked.connect(lambda _on, number=number: self.choose(number))
            self.tabs.append(tab)
        for number in self.order:
            layout.addWidget(self.tabs[number])
        self.more = QToolButton()
        self.more.setProperty("role", "tab")
        self.more.setText("更多 ▾")
        self.more.setAccessibleName("更多栏目")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.more)
        self.menu.aboutToShow.connect(self._fill)
        self.more.setMenu(self.menu)
        layout.addWidget(self.more)
        layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.tabs[0].setChecked(True)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, super().minimumSizeHint().height())

    def count(self, number: int, of: int) -> None:
        """Shows beside a title how many there are."""
        self._counts[number] = of
        self._write(number)

    def mark(self, number: int, sentence: str) -> None:
        """Marks a tab in which something is still to be done, and says what; "" takes the mark away."""
        self._marks[number] = sentence
        self._write(number)

    def _write(self, number: int) -> None:
        of, sentence, title = self._counts.get(number, 0), self._marks.get(number, ""), self.titles[number]
        words = (f"{title} {of}" if of else title) + (" •" if sentence else "")
        tab = self.tabs[number]
        if tab.isEnabled():
            tab.setToolTip(sentence)
        tab.setAccessibleName("，".join(part for part in (f"{title} {of}" if of else title, sentence) if part))
        if tab.text() != words:
            tab.setText(words)
            self._arrange()

    def choose(self, number: int) -> None:
        """Makes a tab the current one."""
        self.current = number
        self.tabs[number].setChecked(True)
        for at, tab in enumerate(self.tabs):  # the Tab key comes to the chosen one, arrow keys go on to the others
            tab.setFocusPolicy(Qt.FocusPolicy.StrongFocus if at == number else Qt.FocusPolicy.ClickFocus)
        self._arrange()
        self.chosen.emit(number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        widths = [tab.sizeHint().width() + 2 for tab in self.tabs]
        room = self.width()
        if sum(widths) > room:
            room -= self.more.sizeHint().width() + 2 + widths[self.current]
            shown = set()
            for number, needed in ((one, widths[one]) for one in self.order):
                if number == self.current:
                    continue
                if needed > room:
                    break
                room -= needed
                shown.add(number)
            shown.add(self.current)
        else:
            shown = set(range(len(self.tabs)))
        for number, tab in enumerate(self.tabs):
            tab.setVisible(number in shown)
        self.more.setVisible(len(shown) < len(self.tabs))

    def _fill(self) -> None:
        self.menu.clear()
        for number, tab in ((one, self.tabs[one]) for one in self.order):
            if tab.isHidden():
                action: QAction = self.menu.addAction(tab.text())
                action.triggered.connect(lambda _on=False, number=number: self.choose(number))
