"""One record whole: its form, its parts in tabs, its history. Made from the schema, for any sort of record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QStackedWidget, QWidget

from db.ledger import sameness
from db.ledger.change import Outcome
from db.schema.record import Schema
from desktop_app.gui import lookup
from desktop_app.gui.allowed import gate
from desktop_app.gui.blank_pane import BlankPane
from desktop_app.gui.entry import Entry
from desktop_app.gui.finding_line import FindingLine
from desktop_app.gui.lists import PartsPane
from desktop_app.gui.session import Session
from desktop_app.gui.twins_note import TwinNote
from desktop_app.gui.widgets import Bar, TabStrip, button, column, icon_button, label, row, scrolled, set_role
from desktop_app.rectification import rights, unfinished

if TYPE_CHECKING:
    from desktop_app.gui.history_fields import RecordHistory


class ElidedLabel(QLabel):
    """A title on one line, cut with … where there is no room; whole in its tip."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._whole = ""
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.installEventFilter(self)

    def say(self, words: str) -> None:
        """Shows these words."""
        self._whole = words
        self.setToolTip(words)
        self.setAccessibleName(words)
        self._cut()

    def _cut(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width() - 4, 40)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._cut()
        return super().eventFilter(watched, event)


class PaneTab(QWidget):
    """A tab of a record that is neither its form nor a list of its parts."""

    counted = Signal(int)

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title

    def open(self, identifier: str) -> None:
        """Shows what belongs to a record."""
        raise NotImplementedError


class RecordPane(QFrame):
    """A card with one record: title, what stands against it, tabs. ``tabs`` are schema name and title of the parts shown
    first, in order; parts not named follow under their schema's own title. ``more`` are tabs of another sort, seen behind
    the first part."""

    shown = Signal()
    """Another record is shown."""
    saved = Signal(str)
    removed = Signal()
    state = Signal(bool)

    def __init__(
        self,
        session: Session,
        schema: Schema,
        *,
        tabs: Sequence[tuple[str, str]] = (),
        hidden: Collection[str] = (),
        folded: Collection[str] = (),
        first: str = "基本",
        more: Sequence[PaneTab] = (),
    ) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.session = session
        self.schema = schema
        self.entry = Entry(session, schema, hidden=hidden, folded=folded)
        named = dict(tabs)
        parts = {one.name: one for one in lookup.parts_of(session.ledger, schema.name)}
        ordered = [name for name in named if name in parts] + [name for name in parts if name not in named]
        self.parts = [parts[name] for name in ordered]
        self.panes: dict[int, PartsPane] = {}
        self.history: RecordHistory | None = None
        self.more = list(more)
        titles = [first, *(named.get(p.name, p.title) for p in self.parts), *(one.title for one in self.more), "历史"]
        behind = range(len(self.parts) + 1, len(titles) - 1)
        order = [*range(len(titles))[:2], *behind, *(n for n in range(2, len(titles)) if n not in behind)]
        self.strip = TabStrip(titles, order if self.more and self.parts else ())
        self.title = ElidedLabel("page")
        self.about = ElidedLabel("small")
        self.finding = FindingLine()
        self.twins = TwinNote(session, schema.name)
        self.note = label("", "small")
        self.bar = Bar()
        self.save_button = button("保存", self.save, "accent", "Ctrl+S")
        self.delete_button = icon_button("remove", f"删除这条{schema.title}（可以撤销）", self.remove)
        self.stack = QStackedWidget()
        self._places: list[QWidget] = []
        self._lay_out()
        gate(session, rights.act_of(schema.name), self.entry, self.save_button, self.delete_button)
        self.strip.chosen.connect(self._turn)
        self.entry.saved.connect(self._saved)
        self.entry.state.connect(lambda _unsaved: self._show_state())
        self.entry.refused.connect(self.bar.say)
        self.bar.help_wanted.connect(session.help_wanted)
        for keys, by in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            key = QShortcut(QKeySequence(keys), self, partial(self.step_tab, by))
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.clear()

    def _lay_out(self) -> None:
        head = QWidget()
        top = column(head, (24, 16, 24, 0), 8)
        self.save_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        head_row = row(self.title, self.note, self.delete_button, self.save_button, spacing=12)
        head_row.setStretch(0, 1)
        top.addLayout(head_row)
        top.addWidget(self.about)
        top.addWidget(self.twins)
        top.addWidget(self.finding)
        top.addWidget(self.bar)
        top.addWidget(self.strip)
        line = QFrame()
        line.setProperty("role", "line")
        for number in range(len(self.strip.titles)):
            place = QWidget()
            place.setProperty("role", "surface")
            column(place, (24, 16, 24, 24), 12)
            self._places.append(place)
            self.stack.addWidget(place if number == len(self.strip.titles) - 1 else scrolled(place))
        self._fill(0, self.entry)
        for number, tab in enumerate(self.more, start=len(self.parts) + 1):
            self._fill(number, tab)
            tab.counted.connect(lambda of, number=number: self.strip.count(number, of))
        self.blank = BlankPane()
        layout = column(self, (1, 1, 1, 1), 0)
        for part in (head, line, self.stack, self.blank):
            layout.addWidget(part, 1 if part in (self.stack, self.blank) else 0)
        self._shown_parts = (head, line, self.stack)

    def _fill(self, number: int, widget: QWidget) -> None:
        layout = self._places[number].layout()
        assert layout is not None
        layout.addWidget(widget)

    # -- showing -----------------------------------------------------------------------------------------------------

    @property
    def identifier(self) -> str:
        """The id of the shown record; "" when none is shown."""
        return self.entry.form.identifier

    def clear(self, words: str = "") -> None:
        """Shows no record, but a sentence."""
        self.leave()
        self.entry.form.show_record(None, "")
        self.blank.say(words)
        for part in self._shown_parts:
            part.hide()
        self.blank.show()

    def show_record(self, identifier: str) -> bool:
        """Shows a record; False when it is not in the ledger."""
        if identifier == self.identifier:
            return True
        self.leave()
        draft = self.session.drafts.get((self.schema.name, identifier))
        if draft is not None and draft.new:
            self.entry.leave()
            self.entry.form.show_record(None, identifier, fixed=draft.fixed)
        elif self.entry.show_record(identifier) is None:
            return False
        self._arrived()
        return True

    def begin(self, start: Mapping[str, Any]) -> str:
        """Shows an empty form for a new record; returns the id it will have."""
        self.leave()
        self.strip.choose(0)
        identifier = self.entry.begin(start=start)
        self._arrived()
        return identifier

    def _arrived(self) -> None:
        for part in self._shown_parts:
            part.show()
        self.blank.hide()
        self.bar.hide()
        self._show_title()
        self._count()
        self._turn(self.strip.current)
        self.shown.emit()

    def _show_title(self) -> None:
        record = self.entry.form.record
        self.title.say(
            lookup.heading(self.session.ledger, record) if record is not None else f"新的{self.schema.title}"
        )
        self.twins.show_of(record.id if record is not None else "")
        self.delete_button.setEnabled(record is not None)
        for tab in self.strip.tabs[1:]:
            tab.setEnabled(record is not None)
            tab.setToolTip("" if record is not None else "先保存，再添加")
        self._show_state()

    def _show_state(self) -> None:
        unsaved = self.unsaved()
        self.note.setText("未保存" if unsaved else "")
        set_role(self.note, "unsaved" if unsaved else "small")
        self.state.emit(unsaved)

    def _count(self) -> None:
        """How many parts of each sort there are, asked for off the thread."""
        identifier, facts = self.identifier, self.session.ledger
        there = self.entry.form.record is not None
        names = {
            number: (one.name, owner.name) for number, one in enumerate(self.parts, start=1) if (owner := one.owner())
        }

        def done(found: dict[int, int]) -> None:
            if identifier == self.identifier:
                for number, of in found.items():
                    self.strip.count(number, of)

        if there:
            self.session.run(lambda _work: unfinished.counted(facts, names, identifier), done)
        else:
            done(dict.fromkeys(names, 0))
        for tab in self.more:
            tab.open(identifier if there else "")

    def step_tab(self, by: int) -> None:
        """Turns to the next tab, or the one before; the keys go where one works in it."""
        if self.entry.form.record is None:
            return
        order = self.strip.order
        at = min(max(order.index(self.strip.current) + by, 0), len(order) - 1)
        self.strip.choose(order[at])
        parts = self.panes.get(self.strip.current)
        if self.strip.current == 0:
            self.entry.enter()
        elif parts is not None:
            (parts.tree if parts.records else parts.tools.tools["add"]).setFocus()
        else:
            self.strip.tabs[self.strip.current].setFocus()

    def mark(self, found: Mapping[str, str]) -> None:
        """Marks the tabs in which something is still to be done: a sentence by schema name (its own: the form)."""
        for number, name in enumerate([self.schema.name, *(one.name for one in self.parts)]):
            self.strip.mark(number, found.get(name, ""))

    def _turn(self, number: int) -> None:
        """Shows a tab; what is in it is made when it is first shown."""
        self.stack.setCurrentIndex(number)
        if not self.identifier or self.entry.form.record is None:
            return
        if number == len(self.strip.titles) - 1:
            if self.history is None:
                from desktop_app.gui.history_fields import RecordHistory

                self.history = RecordHistory(self.session)
                self._fill(number, self.history)
            self.history.show_record(self.schema.name, self.identifier)
        elif number > len(self.parts):
            self.more[number - len(self.parts) - 1].open(self.identifier)
        elif number > 0:
            self.pane(number).open(self.identifier)

    def pane(self, number: int) -> PartsPane:
        """The list of parts in a tab."""
        if number not in self.panes:
            made = PartsPane(self.session, self.parts[number - 1])
            made.counted.connect(lambda of, number=number: self.strip.count(number, of))
            made.state.connect(lambda _unsaved: self._show_state())
            made.entry.refused.connect(self.bar.say)
            self._fill(number, made)
            self.panes[number] = made
        return self.panes[number]

    def show_part(self, name: str, identifier: str = "") -> None:
        """Turns to the tab of the parts of that schema, and to one of them."""
        number = next((n for n, schema in enumerate(self.parts, start=1) if schema.name == name), 0)
        self.strip.choose(number)
        if number and identifier:
            self.pane(number).open(self.identifier, identifier)

    def show_field(self, name: str, identifier: str, field: str) -> None:
        """Turns to a field of the record itself or of one of its parts."""
        form = self.entry.form
        if name == self.schema.name:
            self.strip.choose(0)
        else:
            self.show_part(name, identifier)
            if self.strip.current:
                form = self.pane(self.strip.current).entry.form
        if field in form.boxes:
            # a tab that is made just now has no places yet to scroll to
            QTimer.singleShot(0, form, lambda: form.reveal(form.boxes[field]))

    # -- doing -------------------------------------------------------------------------------------------------------

    def unsaved(self) -> bool:
        """Whether anything in any tab is typed and not saved."""
        return self.entry.unsaved() or any(pane.unsaved() for pane in self.panes.values())

    def save(self) -> bool:
        """Saves what is typed in every tab, the shown one first."""
        if not self.identifier:
            return True
        mine = self.entry.save() if self.entry.unsaved() or self.entry.form.record is None else True
        if not mine and self.strip.current:
            self.strip.choose(0)
        shown = self.panes.get(self.strip.current)
        return all([mine, *(pane.save() for pane in self.panes.values() if pane is shown or pane.unsaved())])

    def leave(self) -> None:
        """Another record or page will be shown."""
        self.entry.leave()
        for pane in self.panes.values():
            pane.leave()

    def add_part(self) -> None:
        """Begins a new part in the shown tab."""
        if 0 < self.strip.current <= len(self.parts) and self.entry.form.record is not None:
            self.pane(self.strip.current).add()

    def remove(self) -> None:
        """Deletes the record with its parts; it can be taken back."""
        from desktop_app.rectification import forms

        record, session = self.entry.form.record, self.session
        if record is not None:
            session.keep_draft(self.schema.name, record.id, None)
            session.do(
                lambda: forms.remove(session.ledger, self.schema.name, record, session.actor()),
                act=rights.act_of(self.schema.name),
            )

    def _saved(self, identifier: str) -> None:
        if identifier == self.identifier:
            self._show_title()
            self._turn(self.strip.current)
        self.bar.hide()
        self.saved.emit(identifier)

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something: what concerns this record is read again."""
        if not self.identifier or self.entry.form.record is None:
            return
        if (self.schema.name, self.identifier) in outcome.touched:
            if self.session.ledger.find(self.schema.name, self.identifier) is None:
                self.session.keep_draft(self.schema.name, self.identifier, None)
                self.entry.form.show_record(None, "")
                self.clear(f"这条{self.schema.title}已删除，可以撤销。")
                self.removed.emit()
                return
            self.entry.hear(outcome)
            self._show_title()
        elif any(name == sameness.NAME for name, _id in outcome.touched):
            self.twins.show_of(self.identifier)
        for pane in self.panes.values():
            pane.hear(outcome)
        if any(name in {p.name for p in self.parts} for name, _id in outcome.touched):
            self._count()
        if self.history is not None and self.strip.current == len(self.strip.titles) - 1:
            self.history.hear(outcome)
