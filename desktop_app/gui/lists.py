"""Lists of records that are parts of another one, each with its form below: add, delete, move, nest.

Everything is read off the schema: which field points at the owner, whether the records are numbered by hand, whether one
may stand below another. No record is named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from db.ledger.change import Outcome
from db.ledger.lines import describe
from db.schema.record import Record, Schema
from desktop_app.gui import arranging, lookup, thumbnails
from desktop_app.gui.allowed import gate
from desktop_app.gui.entry import Entry
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, icon_button, label, row
from desktop_app.rectification import forms

FOLDED = ("印文",)
"""Sections that are folded until wanted: how a part is printed."""
LINE = 32
"""Pixels of a line."""
TALLEST = 9
"""Lines a list shows before it scrolls."""


class PartsTree(QTreeWidget):
    """The records of one owner in lines, nested ones below each other; those that have an order are dragged into another."""

    dropped = Signal(str, str, str)
    """A line was dragged: its id, that of the line it was let go at ("": behind all), above, below or on it."""

    def __init__(self, session: Session, schema: Schema) -> None:
        super().__init__()
        self.session = session
        self.schema = schema
        self.shown = [one for one in schema.fields if one.kind.listed and one.name not in arranging.unshown(schema)][:5]
        titles = [one.kind.label for one in self.shown] or [schema.title]
        self.setHeaderLabels(["序", *titles] if arranging.ordered(schema) else titles)
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
        paper = thumbnails.paper_field(schema)
        self.pictures = thumbnails.Thumbnails(session, paper, int(arranging.ordered(schema))) if paper else None
        self.line = thumbnails.LINE if paper else LINE
        if paper:
            self.setIconSize(thumbnails.SIZE)
        if arranging.ordered(schema):
            self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
            self.setDropIndicatorShown(True)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tells what was dragged where; the lines are moved when the ledger says so."""
        places = QAbstractItemView.DropIndicatorPosition
        words = {places.AboveItem: "above", places.BelowItem: "below", places.OnItem: "on"}
        moved, target = self.currentItem(), self.itemAt(event.position().toPoint())
        where = words.get(self.dropIndicatorPosition(), "below")
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if moved is not None:
            role = Qt.ItemDataRole.UserRole
            self.dropped.emit(moved.data(0, role), target.data(0, role) if target is not None else "", where)

    def fill(self, records: list[Record]) -> None:
        """Shows these records."""
        field = arranging.above(self.schema)
        known = {record.id for record in records}
        below: dict[str, list[Record]] = {}
        for record in records:
            parent = getattr(record, field) if field else None
            below.setdefault(parent if parent in known else "", []).append(record)
        self.clear()
        self._add(self.invisibleRootItem(), below, "", "")
        self.expandAll()
        if self.pictures is not None:
            self.pictures.put_on(self.items(), records)
        self._widths()
        lines = max(1, min(len(records), TALLEST))
        self.setFixedHeight(self.header().sizeHint().height() + lines * self.line + 4)

    def _add(self, parent: QTreeWidgetItem, below: dict[str, list[Record]], key: str, number: str) -> None:
        for at, record in enumerate(below.get(key, ()), start=1):
            place = f"{number}.{at}" if number else str(at)
            cells = [lookup.cell(self.session.ledger, f.kind, getattr(record, f.name)) for f in self.shown]
            words = cells if any(cells) else [describe(self.session.ledger, record), *cells[1:]]
            item = QTreeWidgetItem(parent, [place, *words] if arranging.ordered(self.schema) else words)
            item.setData(0, Qt.ItemDataRole.UserRole, record.id)
            item.setSizeHint(0, QSize(0, self.line))
            for at_column, cell in enumerate(item.text(c) for c in range(item.columnCount())):
                item.setToolTip(at_column, cell if len(cell) > 12 else "")
            self._add(item, below, record.id, place)

    def _widths(self) -> None:
        """The first words get the room there is; the number what it needs, the rest what its cells need."""
        header, numbered = self.header(), arranging.ordered(self.schema)
        first = 1 if numbered else 0
        for at in range(self.columnCount()):
            stretch = QHeaderView.ResizeMode.Stretch if at == first else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(at, stretch)
            if at != first:
                self.resizeColumnToContents(at)
                self.setColumnWidth(at, max(84, min(self.columnWidth(at) + 24, 190)))
        if numbered:
            places = [item.text(0) for item in self.items().values()]
            needed = max((9 * len(place) + self.indentation() * place.count(".") for place in places), default=0)
            self.setColumnWidth(0, max(56, needed + 32))

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


class PartsTools(QWidget):
    """What can be done with the chosen part, as buttons above the list and keys in it."""

    wanted = Signal(str)
    """add, remove, up, down, nest or unnest."""

    def __init__(self, schema: Schema, tree: PartsTree) -> None:
        super().__init__()
        told: list[tuple[str, str, str]] = []
        if arranging.above(schema):
            told += [("nest", "降为上一条的下级", "Alt+Right"), ("unnest", "升为上一级", "Alt+Left")]
        if arranging.ordered(schema):
            told += [("up", "上移", "Ctrl+Up"), ("down", "下移", "Ctrl+Down")]
        told += [("remove", "删除（可以撤销）", "Del")]
        self.tools: dict[str, QWidget] = {
            "add": button(f"添加{schema.title}", lambda: self.wanted.emit("add"), "", "Ctrl+Shift+N")
        }
        for name, words, key in told:
            shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
            self.tools[name] = icon_button(name, f"{words} {shown}", partial(self.wanted.emit, name))
            pressed = QShortcut(QKeySequence(key), tree, context=Qt.ShortcutContext.WidgetShortcut)
            pressed.activated.connect(partial(self.wanted.emit, name))
        first, *rest = self.tools.values()
        self.setLayout(row(first, 1, *rest))

    def enable(self, possible: Mapping[str, bool]) -> None:
        """Which of them can be done now."""
        for name, can in possible.items():
            if name in self.tools:
                self.tools[name].setEnabled(can)


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
        self.tools = PartsTools(schema, self.tree)
        self.entry = Entry(session, schema, hidden=arranging.unshown(schema), folded=FOLDED)
        gate(session, "write", self.entry, *self.tools.tools.values())
        self.empty = label(f"还没有{schema.title}。", "hint")
        self.heading = label("", "group")
        self.below = [PartsPane(session, one, depth=depth + 1) for one in lookup.parts_of(session.ledger, schema.name)]
        self._lay_out(depth)
        self.tools.wanted.connect(self.act)
        self.tree.dropped.connect(self._dropped)
        self.tree.currentItemChanged.connect(lambda *_items: self._picked())
        self.entry.state.connect(self._show_state)
        self.entry.saved.connect(lambda _id: self._show_state())
        self._show_entry(False)

    def _lay_out(self, depth: int) -> None:
        layout = column(self, (0, 0, 0, 0), 12)
        for part in (self.tools, self.empty, self.tree):
            layout.addWidget(part)
        save = button("保存", self.save, "", "Ctrl+S")
        save.setHidden(depth == 0)
        self.titled = QWidget()
        self.titled.setLayout(row(self.heading, 1, save))
        layout.addWidget(self.titled)
        layout.addWidget(self.entry)
        self._headings: list[QWidget] = []
        for pane in self.below:
            heading = label(pane.schema.title, "group")
            self._headings.append(heading)
            layout.addWidget(heading)
            layout.addWidget(pane)
        layout.addStretch(1)

    # -- showing -----------------------------------------------------------------------------------------------------

    def open(self, owner: str, identifier: str = "") -> None:
        """Shows the parts of an owner, and the form of one of them (the first, when none is named)."""
        if owner != self.owner:
            self.leave()
            self.owner = owner
            self.entry.form.show_record(None, "")
            self.read(identifier)
            self._restore_new()
            if not self.entry.form.identifier and self.records:
                self.tree.choose(next(iter(self.tree.items())))
            self._show_entry(bool(self.entry.form.identifier))
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
        self.counted.emit(len(self.records))
        self._picked()

    def _picked(self) -> None:
        identifier = self.tree.current()
        self._enable(identifier)
        if not identifier:
            if self.entry.form.record is not None:
                self.entry.form.show_record(None, "")
                self._show_entry(False)
            return
        if identifier != self.entry.form.identifier or self.entry.isHidden():
            record = next((one for one in self.records if one.id == identifier), None)
            fixed = {name: getattr(record, name) for name in arranging.unshown(self.schema)} if record else {}
            self._show_entry(self.entry.show_record(identifier, fixed=fixed) is not None)
        for pane in self.below:
            pane.open(identifier)

    def _restore_new(self) -> None:
        """A new part whose form was left half typed is shown again."""
        owner = self.schema.owner()
        for (name, identifier), draft in list(self.session.drafts.items()):
            if name == self.schema.name and draft.new and owner and draft.fixed.get(owner.name) == self.owner:
                self.tree.choose("")
                self.entry.form.show_record(None, identifier, fixed=draft.fixed)
                return

    def _show_entry(self, shown: bool) -> None:
        self.entry.setVisible(shown)
        self.titled.setVisible(shown)
        there = shown and self.entry.form.record is not None
        for part in (*self._headings, *self.below):
            part.setVisible(there)
        self._show_state()

    def _show_state(self, _unsaved: bool = False) -> None:
        new = self.entry.form.record is None
        words = f"新的{self.schema.title}" if new else self.schema.title
        self.heading.setText(f"{words}（未保存）" if self.entry.unsaved() else words)
        self.state.emit(self.unsaved())

    def _enable(self, identifier: str) -> None:
        item = self.tree.currentItem()
        beside = [one.id for one in arranging.siblings(self.schema, self.records, identifier)]
        at = beside.index(identifier) if identifier in beside else -1
        inner = item is not None and item.parent() is not None
        self.tools.enable(
            {"remove": at >= 0, "up": at > 0, "down": 0 <= at < len(beside) - 1, "nest": at > 0, "unnest": inner}
        )

    # -- saving ------------------------------------------------------------------------------------------------------

    def unsaved(self) -> bool:
        """Whether a form here holds something that is not saved."""
        return self.entry.unsaved() or any(pane.unsaved() for pane in self.below)

    def leave(self) -> None:
        """Another owner or page will be shown."""
        self.entry.leave()
        for pane in self.below:
            pane.leave()

    def save(self) -> bool:
        """Saves what is typed here; says what is missing in a new one."""
        form = self.entry.form
        begun = bool(form.identifier) and form.record is None
        mine = self.entry.save() if begun or self.entry.unsaved() else True
        return all([mine, *(pane.save() for pane in self.below if pane.unsaved())])

    # -- doing -------------------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Begins a new part."""
        if self.owner:
            fixed, start = arranging.new(self.schema, self.records, self.owner, self.tree.current())
            self.tree.blockSignals(True)
            self.tree.choose("")
            self.tree.blockSignals(False)
            self._enable("")
            self.entry.setVisible(True)
            self.entry.begin(fixed=fixed, start=start)
            self._show_entry(True)

    def _dropped(self, identifier: str, target: str, where: str) -> None:
        """A part was dragged: one deed puts it there."""
        session, schema = self.session, self.schema
        beside, values = arranging.dropped(schema, self.records, identifier, target, where)
        if beside:
            if self.entry.unsaved():
                self.entry.save(reveal=False)
            moved = {identifier: values} if values else None
            session.do(lambda: forms.move(session.ledger, schema.name, beside, session.actor(), moved))

    def act(self, wanted: str) -> None:
        """Does what a button or key asked for with the chosen part; it can be taken back."""
        if wanted == "add":
            self.add()
            return
        session, schema, identifier = self.session, self.schema, self.tree.current()
        record = next((one for one in self.records if one.id == identifier), None)
        if record is None:
            return
        if wanted == "remove":
            session.keep_draft(schema.name, identifier, None)
            session.do(lambda: forms.remove(session.ledger, schema.name, record, session.actor()))
            return
        if self.entry.unsaved():
            self.entry.save(reveal=False)
        if wanted in ("nest", "unnest"):
            values = arranging.nested(schema, self.records, identifier, deeper=wanted == "nest")
            if values:
                session.do(lambda: forms.save(session.ledger, schema.name, record, values, session.actor()))
            return
        beside = arranging.siblings(schema, self.records, identifier)
        at = beside.index(record)
        to = at + (-1 if wanted == "up" else 1)
        if 0 <= to < len(beside):
            beside[at], beside[to] = beside[to], beside[at]
            session.do(lambda: forms.move(session.ledger, schema.name, beside, session.actor()))

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something: what concerns this list is read again."""
        if any(name == self.schema.name for name, _id in outcome.touched):
            self.entry.hear(outcome)
            mine = {identifier for name, identifier in outcome.touched if name == self.schema.name}
            self.read(self.entry.form.identifier if self.entry.form.identifier in mine else "")
        for pane in self.below:
            pane.hear(outcome)
