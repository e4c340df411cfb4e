"""What every editor of a field is: a widget that holds typed text of its kind and gives the value, or says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from db.schema.kinds import Kind
from desktop_app.gui.session import Session


@dataclass(frozen=True)
class Candidate:
    """A record that a reference may point at: its id and its line."""

    id: str
    line: str


class Subject(NamedTuple):
    """The record a form is about: its schema, its id, and the values its references hold now."""

    schema: str
    id: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Surroundings:
    """What an editor may ask of the form around it: the session, the records a reference may point at (by schema
    name), the line of one record, the year by which 年底 is reckoned, and what the form is about (None: it is about no record)."""

    session: Session
    candidates: Callable[[str], Sequence[Candidate]]
    line: Callable[[str, str], str]
    year: Callable[[], int]
    subject: Callable[[], Subject] | None = None


class Editor(QWidget):
    """The editor of one field. Its typed state is text; an untouched editor gives back the very value it was given,
    also one that this program would not let anybody type (a foreign file's)."""

    changed = Signal()
    left = Signal()
    wide: ClassVar[bool] = False
    """Takes the whole width of a form, not half of it."""

    def __init__(self, kind: Kind[Any], around: Surroundings) -> None:
        super().__init__()
        self.kind = kind
        self.around = around
        self._value: Any = None
        self._given = ""

    # -- to be said by each editor -----------------------------------------------------------------------------------

    def typed(self) -> str:
        """The state as text, kept as a draft."""
        raise NotImplementedError

    def set_typed(self, text: str) -> None:
        """Puts a state back."""
        raise NotImplementedError

    def read(self) -> Any:
        """The typed state as a value; ``Unreadable`` says what is wrong."""
        return self.kind.parse(self.typed())

    def put(self, value: Any) -> None:
        """Shows a value."""
        self.set_typed("" if value is None else self.kind.show(value))

    def advice(self) -> str:
        """A sentence about a typed state that can be saved as it is, but had better be looked at; "" mostly."""
        return ""

    # -- the same for all --------------------------------------------------------------------------------------------

    def set_value(self, value: Any) -> None:
        """Shows a value as what is kept: from now on the editor counts as untouched."""
        self.put(value)
        self._value = value
        self._given = self.typed()

    def value(self) -> Any:
        """The value; ``Unreadable`` (a sentence) when the typed text is none of this kind."""
        return self._value if self.typed() == self._given else self.read()

    def rebase(self, value: Any) -> None:
        """What is kept changed under the editor: an untouched editor shows it, a touched one keeps its text."""
        if self.typed() == self._given:
            self.set_value(value)
            return
        typed = self.typed()
        self.set_value(value)
        self.set_typed(typed)

    def touched(self) -> bool:
        """Whether the typed text is another one than was given."""
        return self.typed() != self._given

    def mark(self, wrong: bool) -> None:
        """Shows that the text is wrong, or no longer."""
        for widget in (self, *self.findChildren(QWidget)):
            if widget.property("wrong") != wrong:
                widget.setProperty("wrong", wrong)
                widget.style().polish(widget)

    def watch(self, widget: QWidget) -> None:
        """Counts the widget as a part of the editor: leaving it for something outside is leaving the editor."""
        widget.installEventFilter(self)
        if self.focusProxy() is None:
            self.setFocusProxy(widget)
        if not widget.accessibleName():
            widget.setAccessibleName(self.kind.label)
        if self.kind.help:
            widget.setToolTip(self.kind.help)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tells when the focus leaves the editor."""
        if event.type() == QEvent.Type.FocusOut:
            focus = QApplication.focusWidget()
            popup = QApplication.activePopupWidget()
            if popup is None and (focus is None or not self.isAncestorOf(focus)):
                self.left.emit()
        return super().eventFilter(watched, event)
