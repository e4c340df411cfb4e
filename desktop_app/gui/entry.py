"""A form with its saving: it sends what differs, shows what the office's rules say, and leaves a record without asking."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.errors import Refusal
from db.ledger.change import Outcome, new_id
from db.schema.record import Record, Schema
from desktop_app.gui.doubts import Doubts
from desktop_app.gui.form import Form
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import told
from desktop_app.rectification import forms, rights
from desktop_app.rectification.rules import FieldRefusal
from desktop_app.rectification.ruling import waiving


class Entry(QWidget):
    """The form of one sort of record, and its saving."""

    saved = Signal(str)
    """The id of a record that was saved."""
    state = Signal(bool)
    """Whether something is typed that is not saved."""
    refused = Signal(object)
    """Refusal that concerns no field of the form."""

    def __init__(
        self, session: Session, schema: Schema, *, hidden: Collection[str] = (), folded: Collection[str] = ()
    ) -> None:
        super().__init__()
        self.session = session
        self.schema = schema
        self.form = Form(session, schema, hidden=hidden, folded=folded)
        self.doubts = Doubts()
        self._seen: tuple[str, ...] | None = None
        self._then: Callable[[str], None] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.doubts)
        layout.addWidget(self.form)
        self.doubts.mend.connect(self._mend)
        self.doubts.keep.connect(self._keep)
        self.form.changed.connect(lambda: self.state.emit(self.unsaved()))

    def show_record(self, identifier: str, *, fixed: Mapping[str, Any] | None = None) -> Record | None:
        """Shows a record of the ledger; returns it, or None when it is not there (any more)."""
        self.leave()
        record = self.session.ledger.find(self.schema.name, identifier)
        if record is not None:
            self._seen = self.session.ledger.heads(record)
            self.form.show_record(record, identifier, fixed=fixed)
        return record

    def begin(self, *, fixed: Mapping[str, Any] | None = None, start: Mapping[str, Any] | None = None) -> str:
        """Shows an empty form for a new record; returns the id it will have."""
        self.leave()
        identifier = new_id()
        self._seen = None
        self.form.show_record(None, identifier, fixed=fixed, start=start)
        self.enter()
        return identifier

    def enter(self) -> None:
        """Puts the cursor into the first field that must be filled and is empty, else into the first that must be."""
        boxes = list(self.form.boxes.values())
        needed = [box for box in boxes if box.field.kind.required]
        empty = [box for box in needed if not box.editor.typed().strip()]
        for box in (empty or needed or boxes)[:1]:
            box.editor.setFocus()

    def unsaved(self) -> bool:
        """Whether something is typed that is not saved."""
        return bool(self.form.identifier) and self.form.touched()

    def leave(self) -> None:
        """Another record will be shown: what can be saved is saved, the rest stays a draft."""
        self.doubts.put_away()
        if self.form.identifier and self.form.touched():
            QGuiApplication.inputMethod().commit()
            self.form.keep_draft()
            if self.form.record is not None or self._complete():
                self.save(reveal=False)

    def _complete(self) -> bool:
        return all(b.editor.typed().strip() for b in self.form.boxes.values() if b.field.kind.required)

    def save(
        self,
        then: Callable[[str], None] | None = None,
        *,
        reveal: bool = True,
        reasons: Mapping[str, str] | None = None,
    ) -> bool:
        """Saves what differs; False when a field is wrong (said beside it). What rules doubt is shown above the fields and asked
        a reason for (``reasons`` by ``waiving.key``)."""
        QGuiApplication.inputMethod().commit()
        form = self.form
        values = form.values(reveal=reveal)
        if values is None:
            return False
        if form.record is not None and not form.touched():
            return True
        session, record, seen, identifier = self.session, form.record, self._seen, form.identifier
        self._then = then

        def deed() -> Outcome:
            return forms.save(
                session.ledger,
                self.schema.name,
                record,
                values,
                session.actor(),
                seen=seen,
                identifier=identifier,
                reasons=reasons,
                ask=True,
            )

        def done(_outcome: Outcome) -> None:
            self._saved(identifier, then)

        def failed(refusal: Refusal) -> None:
            self._failed(identifier, refusal)

        session.do(deed, done, failed, act=rights.act_of(self.schema.name))
        return True

    def _mend(self) -> None:
        """Somebody will put right what is doubted: the cursor goes there."""
        for one in self.doubts.found:
            box = self.form.boxes.get(one.field)
            if box is not None:
                self.form.reveal(box)
                return

    def _keep(self, reason: str) -> None:
        """Somebody gives a reason for all that is doubted."""
        self.save(self._then, reasons={waiving.key(one): reason for one in self.doubts.found})

    def _saved(self, identifier: str, then: Callable[[str], None] | None) -> None:
        if identifier == self.form.identifier:
            self.doubts.put_away()
        self._read_again(identifier)
        self.saved.emit(identifier)
        if then is not None:
            then(identifier)

    def _read_again(self, identifier: str) -> None:
        """Takes over the record as it is kept now; what was typed meanwhile stays."""
        if identifier != self.form.identifier:
            self.session.keep_draft(self.schema.name, identifier, None)
            return
        record = self.session.ledger.find(self.schema.name, identifier)
        if record is not None:
            self._seen = self.session.ledger.heads(record)
            self.form.rebase(record)

    def _failed(self, identifier: str, refusal: Refusal) -> None:
        field = refusal.field if isinstance(refusal, FieldRefusal) else ""
        if identifier != self.form.identifier:
            self.session.refused.emit(refusal)
        elif isinstance(refusal, forms.Doubted):
            self.doubts.ask(refusal.found)
        elif not (field and self.form.blame(field, told(refusal))):
            self.refused.emit(refusal)

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something: the shown record is read again when it was touched."""
        if (self.schema.name, self.form.identifier) in outcome.touched and self.form.record is not None:
            self._read_again(self.form.identifier)
