"""What stands above the list of problems: words to look for, filters, grouping, order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QWidget

from db.schema.records import words
from desktop_app.gui import theme
from desktop_app.gui.chips import Flow, ManyChip
from desktop_app.gui.widgets import column, row
from desktop_app.rectification.overview import Narrowing
from desktop_app.rectification.problem_list import Look, Value

TITLES = {
    "states": "状态",
    "categories": "类别",
    "due": "时限",
    "aspects": "方面",
    "units": "单位",
    "responsible": "责任人",
    "tags": "标签",
}
"""Field of a look → what its filter is called; the first ones are always seen."""
ALWAYS = 3
SINGLE = ("due", "responsible")
TYPING = 150
"""Milliseconds without a key until it is looked for."""


class ProblemFilters(QWidget):
    """The filters; ``changed`` when another look is asked for."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, tuple[Value, ...]] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText("筛选文字（Ctrl+F）")
        self.search.setToolTip("标题、序号、类别、单位、责任人、标签里的字；几个词用空格隔开，都要有")
        self.search.setAccessibleName("筛选文字")
        self.search.setClearButtonEnabled(True)
        self._lens = self.search.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.chips = {name: ManyChip(title, single=name in SINGLE) for name, title in TITLES.items()}
        self.chips["due"].offer([(key, told, 0) for key, told in words.DUE_WITHIN.items()])
        self.grouping = ManyChip("分组", single=True)
        self.grouping.offer([(key, told, 0) for key, told in words.GROUPINGS.items()])
        self.sorting = ManyChip("排序", single=True)
        self.sorting.offer([(key, told, 0) for key, told in words.SORTINGS.items() if key != "printed"])
        self.descending = False
        self.more = _chip("更多 ▾", "按方面、单位、责任人、标签筛选")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        for name in list(TITLES)[ALWAYS:]:
            menu.addAction(TITLES[name]).triggered.connect(lambda _on=False, name=name: self._open(name))
        self.more.setMenu(menu)
        self.within: Narrowing | None = None
        """What another page asked to see."""
        self.narrowed = _chip("", "只看这些，点一下恢复")
        self.narrowed.clicked.connect(lambda: self.narrow(None))
        self.clear = _chip("× 清除", "清除所有筛选")
        self.clear.clicked.connect(self.reset)
        self.top = row(self.search)
        flow = QWidget()
        layout = Flow(flow)
        for one in (self.narrowed, *self.chips.values(), self.more, self.grouping, self.sorting, self.clear):
            layout.addWidget(one)
        outer = column(self, spacing=8)
        outer.addLayout(self.top)
        outer.addWidget(flow)
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(TYPING)
        self._waiting.timeout.connect(self._changed)
        self.search.textChanged.connect(lambda _text: self._waiting.start())
        self.search.returnPressed.connect(self._at_once)
        for chip in (*self.chips.values(), self.grouping, self.sorting):
            chip.chosen.connect(self._changed)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_lens"):
            self._lens.setIcon(theme.icon("search"))

    # -- what is asked for -------------------------------------------------------------------------------------------

    def look(self) -> Look:
        """What is asked for now."""
        asked: dict[str, Any] = {name: chip.values for name, chip in self.chips.items() if name not in SINGLE}
        asked |= {name: self.chips[name].value for name in SINGLE}
        order = self.sorting.value or "printed"
        return Look(
            **asked,
            words=self.search.text(),
            grouping=self.grouping.value,
            sorting=order,
            descending=self.descending,
            within=self.within,
        )

    def put(self, look: Look) -> None:
        """Asks for that."""
        self.put_quietly(look)
        self.changed.emit()

    def put_quietly(self, look: Look) -> None:
        """As ``put``, without telling anybody."""
        for name, chip in self.chips.items():
            value = getattr(look, name)
            chip.put((value,) if isinstance(value, str) and value else tuple(value or ()))
        self.grouping.put((look.grouping,) if look.grouping else ())
        self.sorting.put(() if look.sorting == "printed" else (look.sorting,))
        self.descending = look.descending
        self.within = look.within
        self.search.blockSignals(True)
        self.search.setText(look.words)
        self.search.blockSignals(False)
        self._show()

    def reset(self) -> None:
        """Leaves nothing out; grouping and order stay."""
        now = self.look()
        self.put(Look(grouping=now.grouping, sorting=now.sorting, descending=now.descending))

    def narrow(self, narrowing: Narrowing | None) -> None:
        """Shows the problems another page means, whatever was filtered before; None leaves nothing out."""
        now = self.look()
        self.put(Look(grouping=now.grouping, sorting=now.sorting, descending=now.descending, within=narrowing))

    def sort(self, by: str) -> None:
        """The head of a column was clicked: by it, the other way round where it is by it already."""
        now = self.look()
        self.put(replace(now, sorting=by, descending=now.sorting == by and not now.descending))

    def offer(self, known: Mapping[str, Sequence[Value]]) -> None:
        """What may be filtered by."""
        self._told = {name: tuple(some) for name, some in known.items()}
        for name, some in known.items():
            self.chips[name].offer([(one.value, one.words, one.problems) for one in some if one.value])

    def _at_once(self) -> None:
        self._waiting.stop()
        self._changed()

    def _changed(self) -> None:
        if self.sender() is self.sorting:
            self.descending = False
        self._show()
        self.changed.emit()

    def _open(self, name: str) -> None:
        self.chips[name].show()
        self.chips[name].setFocus()
        QTimer.singleShot(0, self.chips[name], self.chips[name].showMenu)

    def _show(self) -> None:
        for name in list(TITLES)[ALWAYS:]:
            self.chips[name].setVisible(bool(self.chips[name].values) or self.chips[name].hasFocus())
        self.narrowed.setVisible(self.within is not None)
        self.narrowed.setText(f"{self.within.words} ×" if self.within is not None else "")
        self.clear.setVisible(self.look().filtered())


def _chip(words: str, tip: str) -> QToolButton:
    made = QToolButton()
    made.setProperty("role", "chip")
    made.setText(words)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    return made
