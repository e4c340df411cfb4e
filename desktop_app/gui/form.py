"""A form: the fields of one record, made from its schema, with what is wrong said beside each field.

The form knows no record by name. It keeps what is half typed as a draft of the session, so that no keystroke is lost
when another record is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from db.errors import Refusal
from db.schema.kinds import Text
from db.schema.links import Ref
from db.schema.record import Field, Record, Schema
from desktop_app.gui import issue_year, lookup
from desktop_app.gui.editor import Candidate, Editor, Subject, Surroundings
from desktop_app.gui.editor_paper import PaperEditor
from desktop_app.gui.editors import editor
from desktop_app.gui.session import Draft, Session
from desktop_app.gui.widgets import set_role, told
from desktop_app.rectification.checks_characters import written

LONG = 500
"""A line of text that may be longer than this has the whole width."""


NARROW = 460
"""Pixels below which a form has one column."""


class FieldBox(QWidget):
    """A field: its label above, its editor, and the sentence on what is wrong below."""

    def __init__(self, field: Field, around: Surroundings) -> None:
        super().__init__()
        self.field = field
        self.editor: Editor = editor(field.kind, around)
        self.label = QLabel(f"{field.kind.label} *" if field.kind.required else field.kind.label)
        self.label.setProperty("role", "label")
        self.label.setToolTip("必填" if field.kind.required else field.kind.help)
        self.label.setBuddy(self.editor)
        self.wrong = QLabel()
        self.wrong.setProperty("role", "wrong")
        self.wrong.setWordWrap(True)
        self.wrong.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (self.label, self.editor, self.wrong):
            layout.addWidget(part)
        layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def say(self, sentence: str) -> None:
        """Shows what is wrong with the field; "" when nothing is."""
        set_role(self.wrong, "wrong")
        self._show(sentence)
        self.editor.mark(bool(sentence))

    def advise(self) -> None:
        """Shows what the editor has to say about a value that can be saved as it is, and what no paper can print of it."""
        set_role(self.wrong, "unsaved")
        self._show("\n".join(filter(None, (self.editor.advice(), self.unprintable()))))

    def unprintable(self) -> str:
        """A sentence about characters that no face can print; "" mostly."""
        from desktop_app.notices import missing

        return missing.hint(self.editor.typed()) if written(self.field.kind) else ""

    def _show(self, sentence: str) -> None:
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))
        self.editor.setAccessibleDescription(sentence)

    def read(self) -> Any:
        """The value; a refusal is shown and raised."""
        try:
            value = self.editor.value()
        except Refusal as refusal:
            self.say(told(refusal))
            raise
        if value is None and self.field.kind.required and self.editor.touched():
            self.say(f"“{self.field.kind.label}”要填。")
        else:
            self.say("")
            self.advise()
        return value


def wide(field: Field, schema: Schema) -> bool:
    """Whether a field takes the whole width: long words, and what the record is called by when it is the first text."""
    long_text = isinstance(field.kind, Text) and field.kind.longest > LONG
    return long_text or (
        isinstance(field.kind, Text) and field.kind.required and "{" + field.name + "}" in schema.shown
    )


class Form(QWidget):
    """The fields of one record at a time."""

    changed = Signal()
    """Something was typed, or another record is shown."""

    def __init__(
        self, session: Session, schema: Schema, *, hidden: Collection[str] = (), folded: Collection[str] = ()
    ) -> None:
        super().__init__()
        self.session = session
        self.schema = schema
        self.record: Record | None = None
        self.identifier = ""
        self.fixed: dict[str, Any] = {}
        self.boxes: dict[str, FieldBox] = {}
        self._loading = False
        self._columns = 0
        self._grids: list[tuple[QGridLayout, list[FieldBox]]] = []
        around = Surroundings(session, self._candidates, self._line, self._year, self._subject)
        self._build([one for one in schema.fields if one.name not in hidden and not one.kind.retired], around, folded)

    # -- making ------------------------------------------------------------------------------------------------------

    def _build(self, fields: list[Field], around: Surroundings, folded: Collection[str]) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(24)
        for section in dict.fromkeys(one.kind.section for one in fields):
            grid = QGridLayout()
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(12)
            body = QWidget()
            body.setLayout(grid)
            boxes = [self._box(one, around) for one in fields if one.kind.section == section]
            self._grids.append((grid, boxes))
            layout.addWidget(_section(section, body, section not in folded) if section else body)
        layout.addStretch(1)
        self._arrange(2)

    def _box(self, field: Field, around: Surroundings) -> FieldBox:
        box = FieldBox(field, around)
        self.boxes[field.name] = box
        box.editor.changed.connect(lambda: self._typed(box))
        box.editor.left.connect(lambda: self._checked(box))
        if isinstance(box.editor, PaperEditor):
            box.editor.refused.connect(box.say)
            box.editor.taken.connect(self._name_after)
        return box

    def _arrange(self, columns: int) -> None:
        """Puts the fields into one or two columns, in order; long ones take the whole width."""
        self._columns = columns
        for grid, boxes in self._grids:
            at = 0
            for box in boxes:
                grid.removeWidget(box)
                if columns == 1 or box.editor.wide or wide(box.field, self.schema):
                    at += at % columns
                    grid.addWidget(box, at // columns, 0, 1, columns)
                    at += columns
                else:
                    grid.addWidget(box, at // columns, at % columns)
                    at += 1
            grid.setColumnStretch(0, 1)
            grid.setColumnStretch(1, columns - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if event.size().width() >= NARROW else 1
        if columns != self._columns:
            self._arrange(columns)

    def _candidates(self, name: str) -> Sequence[Candidate]:
        values = dict(self.fixed)
        owner = lookup.owner(self.session.ledger, name)
        for box in self.boxes.values():
            if owner and isinstance(box.field.kind, Ref) and box.field.kind.to == owner:
                with suppress(Refusal):
                    values[box.field.name] = box.editor.value()
        return lookup.candidates(self.session.ledger, self.schema, values, self.identifier, name)

    def _line(self, name: str, identifier: str) -> str:
        return lookup.line(self.session.ledger, name, identifier)

    def _year(self) -> int:
        """The year by which a deadline without one is reckoned: of the notice that tells it, else the present one."""
        values = self._subject().values
        return issue_year.year_of_issue(self.session.ledger, self.schema, values) or self.session.today().year

    def _subject(self) -> Subject:
        values = {**(vars(self.record) if self.record is not None else {}), **self.fixed}
        for name, box in self.boxes.items():
            if isinstance(box.field.kind, Ref):
                with suppress(Refusal):
                    values[name] = box.editor.value()
        return Subject(self.schema.name, self.identifier, values)

    # -- showing -----------------------------------------------------------------------------------------------------

    def show_record(
        self,
        record: Record | None,
        identifier: str,
        *,
        fixed: Mapping[str, Any] | None = None,
        start: Mapping[str, Any] | None = None,
    ) -> None:
        """Shows a record, or an empty form for a new one under ``identifier``. ``fixed`` are values the form does not
        show (its owner), ``start`` values a new record begins with. A draft kept earlier is put back."""
        self._loading = True
        self.record, self.identifier, self.fixed = record, identifier, dict(fixed or {})
        begin = {**self._defaults(), **(start or {})}
        for name, box in self.boxes.items():
            box.editor.set_value(begin.get(name) if record is None else getattr(record, name))
            box.say("")
        draft = self.session.drafts.get((self.schema.name, identifier))
        for name, typed in draft.typed.items() if draft else ():
            if name in self.boxes:
                self.boxes[name].editor.set_typed(typed)
                self._checked(self.boxes[name])
        self._loading = False
        self.changed.emit()

    def _defaults(self) -> dict[str, Any]:
        """What a new record begins with, as its kinds say it (今天, 在用)."""
        found = {name: box.field.kind for name, box in self.boxes.items() if box.field.kind.default}
        return {name: kind.parse(kind.default) for name, kind in found.items()}

    def rebase(self, record: Record) -> None:
        """The record was saved or changed elsewhere: untouched fields show it, touched ones keep their text."""
        self._loading = True
        self.record = record
        for name, box in self.boxes.items():
            box.editor.rebase(getattr(record, name))
            self._checked(box)
        self._loading = False
        self.keep_draft()
        self.changed.emit()

    # -- reading -----------------------------------------------------------------------------------------------------

    def touched(self) -> bool:
        """Whether anything is typed that is not saved."""
        return any(box.editor.touched() for box in self.boxes.values())

    def values(self, *, reveal: bool = True) -> dict[str, Any] | None:
        """What the fields hold; None when a field is wrong, which is then said beside it and (``reveal``) gets the focus."""
        found = dict(self.fixed)
        first: FieldBox | None = None
        for name, box in self.boxes.items():
            try:
                found[name] = box.read()
            except Refusal:
                first = first or box
                continue
            lacking = box.field.kind.required and found[name] is None
            if lacking and (self.record is None or getattr(self.record, name) is not None):
                box.say(f"“{box.field.kind.label}”还没有填。{box.field.kind.help and f'（{box.field.kind.help}）'}")
                first = first or box
        if first is not None and reveal:
            self.reveal(first)
        return None if first is not None else found

    def imagined(self) -> Record | None:
        """The record as it would be with what is typed; a field that cannot be read keeps what it held. None where nothing is
        typed."""
        if not self.identifier or not self.touched():
            return None
        values = {} if self.record is None else {one.name: getattr(self.record, one.name) for one in self.schema.fields}
        values |= self.fixed
        for name, box in self.boxes.items():
            if box.editor.touched() or self.record is None:
                with suppress(Refusal):
                    values[name] = box.editor.value()
        return self.schema.make(id=self.identifier, **values)

    def blame(self, field: str, sentence: str) -> bool:
        """Says at a field what the office's rules have against it; False when the form does not show that field."""
        box = self.boxes.get(field)
        if box is None:
            return False
        box.say(sentence)
        self.reveal(box)
        return True

    def reveal(self, box: FieldBox) -> None:
        """Brings a field into view and puts the cursor there."""
        parent = box.parentWidget()
        while parent is not None and parent is not self:
            if parent.isHidden():
                parent.show()
            parent = parent.parentWidget()
        box.editor.setFocus()
        area: QWidget | None = self
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if isinstance(area, QScrollArea):
            place = box.mapTo(area.widget(), QPoint(0, 0))
            area.ensureVisible(place.x(), place.y() + box.height() // 2, 0, box.height() // 2 + 24)

    def _name_after(self, stem: str) -> None:
        """A file was chosen: what is still unnamed is called like it."""
        box = self.boxes.get("title")
        if box is None or not isinstance(box.field.kind, Text) or not box.field.kind.required:
            return
        if not box.editor.typed().strip():
            box.editor.set_typed(" ".join(stem.split())[: box.field.kind.longest])

    # -- drafts ------------------------------------------------------------------------------------------------------

    def keep_draft(self) -> None:
        """Keeps what is typed and not saved as a draft, or forgets the draft when nothing is."""
        typed = {name: box.editor.typed() for name, box in self.boxes.items() if box.editor.touched()}
        draft = Draft(typed, dict(self.fixed), self.record is None) if typed and self.identifier else None
        self.session.keep_draft(self.schema.name, self.identifier, draft)

    def _typed(self, box: FieldBox) -> None:
        if self._loading:
            return
        if box.wrong.isVisibleTo(self) or box.unprintable():
            self._checked(box)
        self.keep_draft()
        self.changed.emit()

    def _checked(self, box: FieldBox) -> None:
        with suppress(Refusal):
            box.read()


def _section(title: str, body: QWidget, is_open: bool) -> QWidget:
    """A heading that folds the fields below it."""
    fold = QToolButton()
    fold.setProperty("role", "fold")
    fold.setText(title)
    fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    fold.setAccessibleName(f"{title}：展开或收起")
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(fold)
    layout.addWidget(body)

    def set_open(show: bool) -> None:
        body.setVisible(show)
        fold.setArrowType(Qt.ArrowType.DownArrow if show else Qt.ArrowType.RightArrow)

    fold.clicked.connect(lambda: set_open(not body.isVisibleTo(holder)))
    set_open(is_open)
    return holder
