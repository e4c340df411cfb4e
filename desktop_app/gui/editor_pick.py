"""Editors in which one picks: choices, yes or no, references to other records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QMenu, QToolButton

from db.schema.kinds import Choice, Kind
from db.schema.links import Ref, Refs
from desktop_app.gui.editor import Candidate, Editor, Surroundings
from desktop_app.gui.editor_text import row


class PickBox(QComboBox):
    """A combo box in which one types a part of a word to find it. The wheel scrolls the form, not the choice."""

    def __init__(self) -> None:
        super().__init__()
        self.entry = QLineEdit()
        self.setLineEdit(self.entry)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(16)
        self.setMinimumContentsLength(4)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.popup().setProperty("role", "popup")
        self.setCompleter(completer)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.entry.selectAll()

    def write(self, text: str) -> None:
        """Shows a text, choosing the entry that reads so."""
        self.setCurrentIndex(self.findText(text) if text else self.findText(""))
        self.setEditText(text)
        self.entry.setCursorPosition(0)


class ChoiceEditor(Editor):
    """One of a few words, or nothing; the beginning of a word is enough."""

    def __init__(self, kind: Kind[Any], around: Surroundings) -> None:
        super().__init__(kind, around)
        self.box = PickBox()
        words = list(kind.of.values()) if isinstance(kind, Choice) else ["是", "否"]
        self.box.addItems(["", *words])
        self.box.entry.setPlaceholderText(kind.help or "未选")
        row(self).addWidget(self.box)
        self.watch(self.box)
        self.watch(self.box.entry)
        self.box.editTextChanged.connect(self.changed)

    def typed(self) -> str:
        return self.box.currentText()

    def set_typed(self, text: str) -> None:
        self.box.write(text)


class RefEditor(Editor):
    """A reference: one types a part of the other record's line, or picks it. What may be picked is asked anew each
    time the field is entered."""

    def __init__(self, kind: Ref, around: Surroundings) -> None:
        super().__init__(kind, around)
        self._to = kind.to
        self._lines: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self.box = PickBox()
        self.box.entry.setPlaceholderText(kind.help or "未选")
        row(self).addWidget(self.box)
        self.watch(self.box)
        self.watch(self.box.entry)
        self.box.editTextChanged.connect(self.changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        entered = event.type() in (QEvent.Type.FocusIn, QEvent.Type.MouseButtonPress)
        if entered and watched in (self.box, self.box.entry):
            self.offer(self.around.candidates(self._to))
        return super().eventFilter(watched, event)

    def offer(self, candidates: Sequence[Candidate]) -> None:
        """Makes these records the ones to pick from; what is typed stays."""
        lines: dict[str, str] = {}
        for one in candidates:
            line, count = one.line, 1
            while line in lines:
                count += 1
                line = f"{one.line}（{count}）"
            lines[line] = one.id
        if lines == self._lines:
            return
        typed = self.box.currentText()
        cursor = self.box.entry.cursorPosition()
        self._lines = lines
        self.box.blockSignals(True)
        self.box.clear()
        self.box.addItems(["", *lines])
        self.box.write(typed)
        self.box.entry.setCursorPosition(cursor)
        self.box.blockSignals(False)

    def put(self, value: Any) -> None:
        line = "" if value is None else self.around.line(self._to, value)
        if value is not None:
            self._known = {line: value}
        self.box.write(line)

    def read(self) -> Any:
        typed = self.box.currentText().strip()
        if not typed:
            return None
        if typed in self._known:
            return self._known[typed]
        self.offer(self.around.candidates(self._to))
        exact = self._lines.get(typed)
        found = [exact] if exact else [i for line, i in self._lines.items() if typed in line]
        if len(found) != 1:
            several = "不止一条" if found else "没有"
            raise self.kind.wrong(f"里{several}“{typed}”，请从列表里选取。")
        return found[0]

    def typed(self) -> str:
        return self.box.currentText()

    def set_typed(self, text: str) -> None:
        self.box.write(text)


class RefsEditor(Editor):
    """Several references, ticked in a menu; kept in the order they were ticked."""

    wide: ClassVar[bool] = True

    def __init__(self, kind: Refs, around: Surroundings) -> None:
        super().__init__(kind, around)
        self._to = kind.to
        self._chosen: tuple[str, ...] = ()
        self.button = QToolButton()
        self.button.setProperty("role", "quiet")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.button)
        self.menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self.menu)
        layout = row(self)
        layout.addWidget(self.button)
        layout.addStretch(1)
        self.watch(self.button)
        self.set_typed("")

    def _fill(self) -> None:
        self.menu.clear()
        candidates = self.around.candidates(self._to)
        for one in candidates:
            action = self.menu.addAction(one.line)
            action.setCheckable(True)
            action.setChecked(one.id in self._chosen)
            action.setData(one.id)
            action.triggered.connect(lambda _on, action=action: self._tick(action))
        if not candidates:
            self.menu.addAction("还没有可选的记录").setEnabled(False)

    def _tick(self, action: QAction) -> None:
        identifier = str(action.data())
        kept = tuple(i for i in self._chosen if i != identifier)
        self.set_typed(" ".join((*kept, identifier) if action.isChecked() else kept))
        self.changed.emit()

    def typed(self) -> str:
        return " ".join(self._chosen)

    def set_typed(self, text: str) -> None:
        self._chosen = tuple(text.replace("、", " ").split())
        lines = [self.around.line(self._to, i) for i in self._chosen]
        self.button.setText("、".join(lines) if lines else "选取…")
        self.button.setAccessibleName(f"{self.kind.label}：{'、'.join(lines) or '未选'}")
