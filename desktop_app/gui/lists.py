"""Lists of records that are parts of another one, each with its form below: add, delete, move, nest.

Everything is read off the schema: which field points at the owner, whether the records are numbered by hand, whether one
may stand below another. No record is named here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from db.ledger.change import Outcome
from db.schema.kinds import Whole
from db.schema.record import Record, Schema
from desktop_app.gui import lookup
from desktop_app.gui.entry import Entry
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, icon_button, label, row
from desktop_app.rectification import forms

NUMBER = "number"
"""The field by which records are put in order by hand (``forms.move``)."""
TALLEST = 9
"""Lines a list shows before it scrolls."""


def above(schema: Schema) -> str:
    """The field by which a record stands below another of its own sort; "" when there is none."""
    own = [one.name for one in schema.references() if getattr(one.kind, "to", "") == schema.name]
    return own[0] if own and schema.owner() is not None else ""


def ordered(schema: Schema) -> bool:
    """Whether the records are numbered by hand."""
    return schema.owner() is not None and schema.order[:1] == (NUMBER,)


def unshown(schema: Schema) -> set[str]:
    """The fields that the list takes care of, so that the form below need not show them."""
    owner = schema.owner()
    return {owner.name if owner else "", above(schema), NUMBER if ordered(schema) else ""} - {""}


class PartsTree(QTreeWidget):
    """The records of one owner in lines, nested ones below each other."""

    def __init__(self, session: Session, schema: Schema) -> None:
        super().__init__()
        self.session = session
        self.schema = schema
        self.shown = [one for one in schema.fields if one.kind.listed and one.name not in unshown(schema)][:5]
        titles = [one.kind.label for one in self.shown] or [schema.title]
        self.setHeaderLabels(["序", *titles] if ordered(schema) else titles)
        self.setRootIsDecorated(False)
        self.setIndentation(16)
        self.setAllColumnsShowFocus(True)
        self.setUniformRowHeights(True)
        self.setAccessibleName(f"{schema.title}列表")
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setTabKeyNavigation(False)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(48)

    def fill(self, records: list[Record]) -> None:
        """Shows these records."""
        field = above(self.schema)
        known = {record.id for record in records}
        below: dict[str, list[Record]] = {}
        for record in records:
            parent = getattr(record, field) if field else None
            below.setdefault(parent if parent in known else "", []).append(record)
        self.clear()
        self._add(self.invisibleRootItem(), below, "", "")
        self.expandAll()
        self._widths()
        lines = max(1, min(len(records), TALLEST))
        self.setFixedHeight(self.header().sizeHint().height() + lines * 36 + 6)

    def _add(self, parent: QTreeWidgetItem, below: dict[str, list[Record]], key: str, number: str) -> None:
        for at, record in enumerate(below.get(key, ()), start=1):
            place = f"{number}.{at}" if number else str(at)
            cells = [lookup.cell(self.session.ledger, f.kind, getattr(record, f.name)) for f in self.shown]
            words = cells if any(cells) else [self.schema.describe(record), *cells[1:]]
            item = QTreeWidgetItem(parent, [place, *words] if ordered(self.schema) else words)
            item.setData(0, Qt.ItemDataRole.UserRole, record.id)
            for at_column, cell in enumerate(item.text(c) for c in range(item.columnCount())):
                item.setToolTip(at_column, cell if len(cell) > 12 else "")
            self._add(item, below, record.id, place)

    def _widths(self) -> None:
        header = self.header()
        first = 1 if ordered(self.schema) else 0
        for at in range(self.columnCount()):
            header.setSectionResizeMode(
                at, QHeaderView.ResizeMode.Stretch if at == first else QHeaderView.ResizeMode.Interactive
            )
            if at != first:
                self.resizeColumnToContents(at)
                self.setColumnWidth(at, max(56, min(self.columnWidth(at) + 8, 180)))

    def items(self) -> dict[str, QTreeWidgetItem]:
        """Record id → its line, from top to bottom."""
        found: dict[str, QTreeWidgetItem] = {}

        def walk(item: QTreeWidgetItem) -> None:
            for at in range(item.childCount()):
                child = item.child(at)
                found[child.data(0, Qt.ItemDataRole.UserRole)] = child
                walk(child)

        walk(self.invisibleRootItem())
        return found

    def current(self) -> str:
        """The id of the chosen record; "" when none is."""
        item = self.currentItem()
        return str(item.data(0, Qt.ItemDataRole.UserRole)) if item is not None else ""

    def choose(self, identifier: str) -> None:
        """Chooses a record's line, or none."""
        item = self.items().get(identifier)
        if item is None:
            self.clearSelection()
            self.setCurrentItem(None)  # type: ignore[call-overload]
            return
        self.setCurrentItem(
            item, 0, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        )


class PartsPane(QWidget):
    """The parts of one sort of one owner: a list, what can be done with it, and the form of the chosen one."""

    counted = Signal(int)
    state = Signal(bool)

    def __init__(self, session: Session, schema: Schema, *, depth: int = 0) -> None:
        super().__init__()
        self.session = session
        self.schema = schema
        self.owner = ""
        self.records: list[Record] = []
        self.tree = PartsTree(session, schema)
        self.entry = Entry(session, schema, hidden=unshown(schema))
        self.empty = label(f"还没有{schema.title}。", "hint")
        self.heading = label("", "group")
        self.below = [PartsPane(session, one, depth=depth + 1) for one in lookup.parts_of(session.ledger, schema.name)]
        self._tools = self._make_tools()
        self._lay_out(depth)
        self.tree.currentItemChanged.connect(lambda *_items: self._picked())
        self.entry.state.connect(self._show_state)
        self.entry.saved.connect(lambda _id: self._show_state())
        self._show_entry(False)

    def _make_tools(self) -> dict[str, QWidget]:
        tools: dict[str, QWidget] = {"add": button(f"添加{self.schema.title}", self.add, "", "Ctrl+Shift+N")}
        if above(self.schema):
            tools["nest"] = icon_button("nest", "降为上一条的下级（Alt+→）", lambda: self.nest(True))
            tools["unnest"] = icon_button("unnest", "升为上一级（Alt+←）", lambda: self.nest(False))
        if ordered(self.schema):
            tools["up"] = icon_button("up", "上移（Ctrl+↑）", lambda: self.move_by(-1))
            tools["down"] = icon_button("down", "下移（Ctrl+↓）", lambda: self.move_by(1))
        tools["remove"] = icon_button("remove", "删除（可以撤销）", self.remove)
        tools["save"] = button("保存", self.entry.save, "", "Ctrl+S")
        return tools

    def _lay_out(self, depth: int) -> None:
        layout = column(self, (0, 0, 0, 0), 12)
        top = [tool for name, tool in self._tools.items() if name != "save"]
        layout.addLayout(row(top[0], 1, *top[1:]))
        layout.addWidget(self.empty)
        layout.addWidget(self.tree)
        self.titled = QWidget()
        self.titled.setLayout(row(self.heading, 1, self._tools["save"]))
        layout.addWidget(self.titled)
        layout.addWidget(self.entry)
        for pane in self.below:
            layout.addWidget(label(pane.schema.title, "group"))
            layout.addWidget(pane)
        layout.addStretch(1)
        if depth == 0:
            self._tools["save"].hide()

    # -- showing -----------------------------------------------------------------------------------------------------

    def open(self, owner: str, identifier: str = "") -> None:
        """Shows the parts of an owner, and the form of one of them."""
        if owner != self.owner:
            self.leave()
            self.owner = owner
            self.read(identifier)
            if not self.tree.current():
                self._show_entry(False)
            self._restore_new()
        elif identifier:
            self.tree.choose(identifier)

    def read(self, identifier: str = "") -> None:
        """Reads the list again; the chosen record stays chosen."""
        field = self.schema.owner()
        assert field is not None
        wanted = identifier or self.tree.current() or self.entry.form.identifier
        self.records = self.session.ledger.every(self.schema.name, **{field.name: self.owner}) if self.owner else []
        self.tree.blockSignals(True)
        self.tree.fill(self.records)
        self.tree.choose(wanted)
        self.tree.blockSignals(False)
        self.tree.setVisible(bool(self.records))
        self.empty.setVisible(not self.records)
        self._enable()
        self.counted.emit(len(self.records))
        self._picked()

    def _picked(self) -> None:
        identifier = self.tree.current()
        self._enable()
        if not identifier:
            if self.entry.form.record is not None:
                self._show_entry(False)
            return
        if identifier != self.entry.form.identifier or self.entry.isHidden():
            self._show_entry(self.entry.show_record(identifier, fixed=self._fixed(identifier)) is not None)
        for pane in self.below:
            pane.open(identifier)

    def _fixed(self, identifier: str) -> dict[str, Any]:
        record = next((r for r in self.records if r.id == identifier), None)
        return {name: getattr(record, name) for name in unshown(self.schema)} if record else {}

    def _restore_new(self) -> None:
        """A new part whose form was left half typed is shown again."""
        owner = self.schema.owner()
        for (name, identifier), draft in list(self.session.drafts.items()):
            if name == self.schema.name and draft.new and owner and draft.fixed.get(owner.name) == self.owner:
                self.entry.form.show_record(None, identifier, fixed=draft.fixed)
                self._show_entry(True)
                return

    def _show_entry(self, shown: bool) -> None:
        self.entry.setVisible(shown)
        self.titled.setVisible(shown)
        if not shown and self.entry.form.record is not None:
            self.entry.form.show_record(None, "")
        for pane in self.below:
            there = shown and self.entry.form.record is not None
            pane.setEnabled(there)
            pane.setVisible(there)
        self._show_state()

    def _show_state(self, _unsaved: bool = False) -> None:
        new = self.entry.form.record is None
        words = f"新的{self.schema.title}" if new else self.schema.title
        self.heading.setText(f"{words}（未保存）" if self.unsaved() else words)
        self.state.emit(self.unsaved())

    def _enable(self) -> None:
        identifier = self.tree.current()
        item = self.tree.currentItem()
        siblings = self._siblings(identifier)
        at = next((i for i, r in enumerate(siblings) if r.id == identifier), -1)
        possible = {
            "remove": at >= 0,
            "up": at > 0,
            "down": 0 <= at < len(siblings) - 1,
            "nest": at > 0,
            "unnest": item is not None and item.parent() is not None,
        }
        for name, can in possible.items():
            if name in self._tools:
                self._tools[name].setEnabled(can)

    def unsaved(self) -> bool:
        """Whether the form holds something that is not saved."""
        return self.entry.unsaved() or any(pane.unsaved() for pane in self.below)

    def leave(self) -> None:
        """Another owner or page will be shown."""
        self.entry.leave()
        for pane in self.below:
            pane.leave()

    def save(self) -> bool:
        """Saves what is typed here."""
        mine = self.entry.save() if self.entry.unsaved() else True
        return all([mine, *(pane.save() for pane in self.below)])

    # -- doing -------------------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Begins a new part, below the same parent as the chosen one."""
        field, parent = self.schema.owner(), above(self.schema)
        if field is None or not self.owner:
            return
        fixed: dict[str, Any] = {field.name: self.owner}
        chosen = next((r for r in self.records if r.id == self.tree.current()), None)
        if parent:
            fixed[parent] = getattr(chosen, parent) if chosen is not None else None
        start: dict[str, Any] = {}
        counter = self.schema.order[0] if self.schema.order else ""
        if ordered(self.schema):
            siblings = [r for r in self.records if not parent or getattr(r, parent) == fixed[parent]]
            fixed[NUMBER] = max((getattr(r, NUMBER) or 0 for r in siblings), default=0) + 1
        elif counter in self.schema.kinds() and isinstance(self.schema.field(counter).kind, Whole):
            start[counter] = max((getattr(r, counter) or 0 for r in self.records), default=0) + 1
        self.tree.blockSignals(True)
        self.tree.choose("")
        self.tree.blockSignals(False)
        self._enable()
        self.entry.begin(fixed=fixed, start=start)
        self._show_entry(True)

    def remove(self) -> None:
        """Deletes the chosen part with its own parts; it can be taken back."""
        record = next((r for r in self.records if r.id == self.tree.current()), None)
        if record is not None:
            self._do(lambda: forms.remove(self.session.ledger, self.schema.name, record, self.session.actor()))

    def move_by(self, step: int) -> None:
        """Moves the chosen part up or down among its siblings."""
        siblings = self._siblings(self.tree.current())
        at = next((i for i, r in enumerate(siblings) if r.id == self.tree.current()), -1)
        if at < 0 or not 0 <= at + step < len(siblings):
            return
        siblings[at], siblings[at + step] = siblings[at + step], siblings[at]
        self._do(lambda: forms.move(self.session.ledger, self.schema.name, siblings, self.session.actor()))

    def nest(self, deeper: bool) -> None:
        """Puts the chosen part below the one before it, or up beside its parent."""
        field = above(self.schema)
        record = next((r for r in self.records if r.id == self.tree.current()), None)
        if record is None:
            return
        siblings = self._siblings(record.id)
        at = siblings.index(record)
        parent = next((r for r in self.records if r.id == getattr(record, field)), None)
        if deeper and at > 0:
            wanted = siblings[at - 1].id
        elif not deeper and parent is not None:
            wanted = getattr(parent, field)
        else:
            return
        last = max((getattr(r, NUMBER) or 0 for r in self.records if getattr(r, field) == wanted), default=0)
        values = {field: wanted, NUMBER: last + 1}
        ledger, name, actor = self.session.ledger, self.schema.name, self.session.actor()
        self._do(lambda: forms.save(ledger, name, record, values, actor))

    def _siblings(self, identifier: str) -> list[Record]:
        field = above(self.schema)
        record = next((r for r in self.records if r.id == identifier), None)
        if record is None:
            return []
        return [r for r in self.records if not field or getattr(r, field) == getattr(record, field)]

    def _do(self, deed: Callable[[], Outcome]) -> None:
        if self.entry.unsaved():
            self.entry.save()
        self.session.do(deed)

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something: what concerns this list is read again."""
        if any(name == self.schema.name for name, _id in outcome.touched):
            self.entry.hear(outcome)
            mine = {identifier for name, identifier in outcome.touched if name == self.schema.name}
            self.read(self.entry.form.identifier if self.entry.form.identifier in mine else "")
        for pane in self.below:
            pane.hear(outcome)
