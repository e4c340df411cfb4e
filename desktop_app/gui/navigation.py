"""The navigation at the left: the pages in groups, with the number of what needs attention beside each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from desktop_app.gui import theme
from desktop_app.gui.morning import Badge
from desktop_app.gui.pages import Page
from desktop_app.gui.widgets import button, column, label

NARROW = 1120
"""Pixels of the window below which only the icons are shown."""
WIDE, SLIM = 188, 62
PART = {"duties": "待办", "notices": "文书", "exchange": "往来"}
"""The page above which a group begins → its heading; the first group needs none."""
AT_END = ("settings",)
"""Pages that stand at the lower end."""
COUNTED = {
    "problems": "个超期问题",
    "duties": "项超期",
    "findings": "处错误",
    "exchange": "处冲突",
}
"""The pages with a number, and what is counted."""


class Navigation(QFrame):
    """A button for each page; narrow, it shows the icons alone, with their names as tips."""

    chosen = Signal(str)
    closing_wanted = Signal()

    def __init__(self, known: Sequence[Page], unit: str, where: str, owner: QWidget) -> None:
        """``unit`` and ``where`` name the ledger; ``owner`` is the widget whose width decides."""
        super().__init__()
        self.setProperty("role", "side")
        self.buttons: dict[str, QToolButton] = {}
        self.badges: dict[str, Badge] = {}
        self._wordy: list[QWidget] = []
        self._layout = column(self, (12, 18, 12, 12), 4)
        for part in (label("整改通", "brand"), label(unit, "small")):
            part.setContentsMargins(12, 0, 0, 0)
            part.setToolTip(where)
            self._layout.addWidget(part)
            self._wordy.append(part)
        self._layout.addSpacing(12)
        ends = False
        for number, page in enumerate(known, start=1):
            if page.name in PART and number > 1:
                self._begin(PART[page.name])
            if page.name in AT_END and not ends:
                ends = True
                self._layout.addStretch(1)
            self._layout.addWidget(self._button(page, number))
        away = button("换一个台账", self.closing_wanted.emit, "link", "关闭这个台账")
        self._wordy.append(away)
        self._layout.addWidget(away)
        owner.installEventFilter(self)

    def count(self, name: str, number: int) -> None:
        """Shows how much of a page needs attention."""
        if name in self.badges:
            self.badges[name].count(number)

    def show_chosen(self, name: str) -> None:
        """Marks the page that is shown; the Tab key comes to its button, arrow keys go on to the others."""
        self.buttons[name].setChecked(True)
        for key, made in self.buttons.items():
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus if key == name else Qt.FocusPolicy.ClickFocus)

    def _choose(self, name: str, _on: bool) -> None:
        self.chosen.emit(name)

    def _begin(self, words: str) -> None:
        self._layout.addSpacing(6)
        heading = label(words, "small")
        heading.setContentsMargins(12, 0, 0, 0)
        self._wordy.append(heading)
        self._layout.addWidget(heading)

    def _button(self, page: Page, number: int) -> QToolButton:
        made = QToolButton()
        made.setProperty("role", "nav")
        made.setProperty("icon_name", page.icon)
        made.setIcon(theme.icon(page.icon))
        made.setIconSize(QSize(20, 20))
        made.setText(f"  {page.title}")
        made.setAccessibleName(page.title)
        made.setToolTip(f"{page.title}（Ctrl+{number % 10}）" if number <= 10 else page.title)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setCheckable(True)
        made.setAutoExclusive(True)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.clicked.connect(partial(self._choose, page.name))
        self.buttons[page.name] = made
        if page.name in COUNTED:
            self.badges[page.name] = Badge(made, COUNTED[page.name])
        return made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent):
            self._fit(event.size().width() >= NARROW, event.size().height())
        return super().eventFilter(watched, event)

    def _fit(self, wordy: bool, height: int) -> None:
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if wordy else Qt.ToolButtonStyle.ToolButtonIconOnly
        for made in self.buttons.values():
            made.setToolButtonStyle(style)
            made.setFixedWidth(WIDE - 24 if wordy else SLIM - 16)
        for part in self._wordy:
            part.setVisible(wordy)
        self.setFixedWidth(WIDE if wordy else SLIM)
        self._layout.setContentsMargins(12 if wordy else 8, 18, 12 if wordy else 8, 12)
        self._layout.setSpacing(4 if height > 700 else 1)
