"""What is being written in the forms of a record: the records as they are typed, and where the cursor stands. It is what a preview
beside them is set from."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from db.schema.record import Record
from desktop_app.gui.form import Form
from desktop_app.gui.lists import PartsPane
from desktop_app.gui.record_pane import RecordPane


def _forms(pane: RecordPane) -> Iterator[Form]:
    yield pane.entry.form
    waiting: list[PartsPane] = list(pane.panes.values())
    while waiting:
        parts = waiting.pop()
        yield parts.entry.form
        waiting += parts.below


def typed(pane: RecordPane) -> dict[tuple[str, str], Record]:
    """The records of a pane as they are typed, by schema name and id."""
    found = ((form.schema.name, form.imagined()) for form in _forms(pane))
    return {(name, record.id): record for name, record in found if record is not None}


def caret(pane: RecordPane) -> tuple[str, str, int] | None:
    """(origin of the words, the text of the field, the place of the cursor in it); None where none of the forms has the focus."""
    focus = QApplication.focusWidget()
    if focus is None or not pane.isAncestorOf(focus):
        return None
    for form in _forms(pane):
        if form.identifier and form.isAncestorOf(focus):
            origin = f"{form.schema.name}:{form.identifier}"
            if isinstance(focus, QPlainTextEdit):
                return origin, focus.toPlainText(), focus.textCursor().position()
            if isinstance(focus, QLineEdit):
                return origin, focus.text(), focus.cursorPosition()
    return None
