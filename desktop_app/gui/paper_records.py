"""Which records a paper is about: a list with ticks and a line to search, of records of the ledger, registers or indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem

from db.ledger.facts import Facts
from db.schema import pinyin
from db.schema.records import Unit
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row

MOST = 5_000
"""Lines of the list; whoever has more records chooses by the unit."""
NAME = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Choice:
    """A line: the name that goes into ``Wanted.of``, and its words."""

    name: str
    words: str


def choices(facts: Facts, of: str, unit: str) -> list[Choice]:
    """What can be chosen: registers or indicators of the categories, or records of a schema (of one unit, when they have one)."""
    if of in ("register", "indicator"):
        found = []
        for key, one in facts.definitions.items():
            named = one.registers.items() if of == "register" else one.indicators.items()
            found += [Choice(f"{key}.{name}", f"{one.title}：{piece.title}") for name, piece in named]
        return found
    schema = facts.schema(of)
    own = {"unit": unit} if unit and any(field.name == "unit" for field in schema.fields) else {}
    return [Choice(one.id, schema.describe(one)) for one in facts.every(of, **own)[:MOST]]


class RecordsPicker(QFrame):
    """The list. Nothing ticked means everything, where the paper may be about everything."""

    changed = Signal()

    def __init__(self, session: Session, of: str, *, required: bool) -> None:
        super().__init__()
        self.session = session
        self.of = of
        self.required = required
        self.head = label("", "label")
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("查找要印的内容")
        self.list = QListWidget()
        self.list.setAccessibleName("要印的内容")
        self.list.setMinimumHeight(160)
        self.all_button = button("全选", lambda: self._tick(True), "link")
        self.none_button = button("全不选", lambda: self._tick(False), "link")
        layout = column(self, (0, 0, 0, 0), 4)
        layout.addLayout(row(self.head, 1, self.all_button, self.none_button))
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        self.search.textChanged.connect(self._filter)
        self.list.itemChanged.connect(lambda _item: self._changed())

    def show_unit(self, unit: str) -> None:
        """The records of this unit ("": of all); ticks stay on those that are still there."""
        ticked = set(self.chosen())
        self.list.blockSignals(True)
        self.list.clear()
        for one in choices(self.session.ledger, self.of, unit):
            item = QListWidgetItem(one.words)
            item.setData(NAME, one.name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if one.name in ticked else Qt.CheckState.Unchecked)
            item.setToolTip(one.words)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._filter()
        self._tell()

    def chosen(self) -> tuple[str, ...]:
        """The names of what is ticked, in the order of the list."""
        items = (self.list.item(at) for at in range(self.list.count()))
        return tuple(item.data(NAME) for item in items if item.checkState() == Qt.CheckState.Checked)

    def choose(self, names: Sequence[str]) -> None:
        """Ticks these and no others."""
        self.list.blockSignals(True)
        for at in range(self.list.count()):
            item = self.list.item(at)
            item.setCheckState(Qt.CheckState.Checked if item.data(NAME) in names else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        self._changed()

    def _tick(self, on: bool) -> None:
        """Ticks, or unticks, what the search shows."""
        self.list.blockSignals(True)
        for at in range(self.list.count()):
            item = self.list.item(at)
            if not item.isHidden():
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        self._changed()

    def _filter(self) -> None:
        sought = self.search.text().strip()
        lines = [(self.list.item(at).text(), at) for at in range(self.list.count())]
        shown = {at for _words, at in pinyin.found(sought, lines)} if sought else {at for _words, at in lines}
        for _words, at in lines:
            self.list.item(at).setHidden(at not in shown)

    def _changed(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        count = len(self.chosen())
        what = {"register": "登记表", "indicator": "指标"}.get(self.of, "记录")
        if self.of not in ("register", "indicator"):
            what = self.session.ledger.schema(self.of).title
        none = "请勾选" if self.required else "不勾就是全部"
        self.head.setText(f"{what}（{f'已选 {count} 项' if count else none}）")


def unit_name(facts: Facts, unit: str) -> str:
    """A unit as it is called in a title; "" for none."""
    found = facts.get(Unit, unit)
    return (found.short_name or found.name or "") if found is not None else ""
