"""Editors in which one picks: choices, yes or no, references to other records."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QFocusEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QToolButton

from db.errors import Refusal
from db.schema.kinds import Choice, Kind, Unreadable
from db.schema.links import Ref, Refs
from desktop_app.gui.editor import Candidate, Editor, Surroundings
from desktop_app.gui.editor_text import row
from desktop_app.gui.editor_words import WordCompleter, best, fragments
from desktop_app.gui.lookup import Crowd


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
        self.search: Callable[[str], list[str]] | None = None
        """Where there are too many words to hold: those that fit what is typed."""
        self.setCompleter(WordCompleter(self.entry, self.words))

    def words(self) -> list[str]:
        """The words there are to choose from."""
        if self.search is not None and self.entry.text().strip():
            return self.search(self.entry.text())
        return [word for word in (self.itemText(at) for at in range(self.count())) if word]

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
        self.box.entry.editingFinished.connect(self.tidy)

    def typed(self) -> str:
        return self.box.currentText()

    def set_typed(self, text: str) -> None:
        self.box.write(text)

    def read(self) -> Any:
        typed = self.box.currentText()
        try:
            return self.kind.parse(typed)
        except Unreadable:
            meant = best(typed, self.box.words())
            if len(meant) != 1:
                raise
            return self.kind.parse(meant[0])

    def tidy(self) -> None:
        """Writes out the word that is meant."""
        with suppress(Refusal):
            value = self.read() if self.touched() else None
            if value is not None and self.kind.show(value) != self.box.currentText():
                self.box.write(self.kind.show(value))


class Offered:
    """What a reference may point at, by line. Of many records those that were found so far; a line once shown keeps its
    record."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}
        """Line → id; equal lines are numbered."""
        self.crowd: Crowd | None = None
        self._given: dict[str, str] = {}

    def take(self, candidates: Sequence[Candidate]) -> list[str]:
        """From now on these; the lines to pick from while nothing is typed."""
        crowd = candidates if isinstance(candidates, Crowd) else None
        if crowd is None or self.crowd is None:
            self.ids, self._given = {}, {}
        self.crowd = crowd
        return self._learn(crowd.latest() if crowd is not None else candidates)

    def fitting(self, typed: str) -> list[str]:
        """The lines among which the one meant by a typed text must be."""
        if self.crowd is None:
            return list(self.ids)
        found = self._learn(self.crowd.search(typed))
        return (
            [typed, *found] if typed in self.ids and typed not in found else found
        )  # a numbered line is known here only

    def _learn(self, candidates: Sequence[Candidate]) -> list[str]:
        return [self._line(one) for one in candidates]

    def _line(self, one: Candidate) -> str:
        if one.id not in self._given:
            line, count = one.line, 1
            while line in self.ids:
                count += 1
                line = f"{one.line}（{count}）"
            self.ids[line], self._given[one.id] = one.id, line
        return self._given[one.id]


class RefEditor(Editor):
    """A reference: one types a part of the other record's line, or picks it. What may be picked is asked anew each
    time the field is entered; of many records only those that fit what is typed."""

    def __init__(self, kind: Ref, around: Surroundings) -> None:
        super().__init__(kind, around)
        self._to = kind.to
        self._offer = Offered()
        self._known: dict[str, str] = {}
        self.box = PickBox()
        self.box.entry.setPlaceholderText(kind.help or "未选")
        row(self).addWidget(self.box)
        self.watch(self.box)
        self.watch(self.box.entry)
        self.box.editTextChanged.connect(self.changed)
        self.box.entry.editingFinished.connect(self.tidy)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        entered = event.type() in (QEvent.Type.FocusIn, QEvent.Type.MouseButtonPress)
        if entered and watched in (self.box, self.box.entry):
            self.offer(self.around.candidates(self._to))
        return super().eventFilter(watched, event)

    def offer(self, candidates: Sequence[Candidate]) -> None:
        """Makes these records the ones to pick from; what is typed stays."""
        lines = ["", *self._offer.take(candidates)]
        self.box.search = None if self._offer.crowd is None else self._offer.fitting
        if lines == [self.box.itemText(at) for at in range(self.box.count())]:
            return
        typed = self.box.currentText()
        cursor = self.box.entry.cursorPosition()
        self.box.blockSignals(True)
        self.box.clear()
        self.box.addItems(lines)
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
        meant = best(typed, self._offer.fitting(typed))
        if len(meant) != 1:
            several = "不止一条" if meant else "没有"
            raise self.kind.wrong(f"里{several}“{typed}”，请从列表里选取。")
        return self._offer.ids[meant[0]]

    def tidy(self) -> None:
        """Writes out the line of the record that is meant."""
        typed = self.box.currentText().strip()
        if self.touched() and typed and typed not in self._known and typed not in self._offer.ids:
            meant = best(typed, self._offer.fitting(typed))
            if len(meant) == 1:
                self.box.write(meant[0])

    def typed(self) -> str:
        return self.box.currentText()

    def set_typed(self, text: str) -> None:
        if re.fullmatch(r"[0-9a-f]{32}", text):  # two records that read alike are kept apart by their ids
            self.put(text)
        else:
            self.box.write(text)


class RefsEditor(Editor):
    """Several references: typed one after the other with 、 between them, or ticked in a menu; kept in that order.

    The typed state is a JSON list of ids where all of it is known, else the words as they are typed."""

    wide: ClassVar[bool] = True

    def __init__(self, kind: Refs, around: Surroundings) -> None:
        super().__init__(kind, around)
        self._to = kind.to
        self._chosen: tuple[str, ...] | None = ()
        """The ids; None while the words stand for none."""
        self.line = QLineEdit()
        self.line.setPlaceholderText(kind.help or "可选多项，用顿号隔开")
        self._offer = Offered()
        self.line.setCompleter(WordCompleter(self.line, self._lines, several=True))
        self.button = QToolButton()
        self.button.setProperty("role", "quiet")
        self.button.setText("选取 ▾")
        self.button.setAccessibleName(f"{kind.label}：选取")
        self.button.setToolTip("从列表里选（F4）")
        self.button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.button)
        self.menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self.menu)
        QShortcut(QKeySequence("F4"), self.line, self.button.showMenu, context=Qt.ShortcutContext.WidgetShortcut)
        layout = row(self)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)
        self.watch(self.line)
        self.watch(self.button)
        self.line.textEdited.connect(self._edited)
        self.line.textChanged.connect(self.changed)
        self.line.editingFinished.connect(self.tidy)

    def _lines(self) -> list[str]:
        lines, typed = self._offer.take(self.around.candidates(self._to)), (fragments(self.line.text()) or [""])[-1]
        return lines if self._offer.crowd is None or not typed else self._offer.fitting(typed)

    def _edited(self) -> None:
        self._chosen = None

    def tidy(self) -> None:
        """Writes out the lines of the records that are meant."""
        with suppress(Refusal):
            self._show(self.read() or ())

    def _show(self, chosen: tuple[str, ...]) -> None:
        self._chosen = chosen
        self.line.setText("、".join(self.around.line(self._to, i) for i in chosen))
        self.line.setCursorPosition(0)
        self.line.setToolTip(self.line.text() or self.kind.help)

    def _fill(self) -> None:
        self.menu.clear()
        candidates = self.around.candidates(self._to)
        if isinstance(candidates, Crowd):
            chosen = [Candidate(one, self.around.line(self._to, one)) for one in self._chosen or ()]
            candidates = [*chosen, *(one for one in candidates.latest() if one.id not in (self._chosen or ()))]
        for one in candidates:
            action = self.menu.addAction(one.line)
            action.setCheckable(True)
            action.setChecked(one.id in (self._chosen or ()))
            action.setData(one.id)
            action.triggered.connect(lambda _on, action=action: self._tick(action))
        if not candidates:
            self.menu.addAction("还没有可选的记录").setEnabled(False)

    def _tick(self, action: QAction) -> None:
        identifier = str(action.data())
        kept = tuple(i for i in self._chosen or () if i != identifier)
        self._show((*kept, identifier) if action.isChecked() else kept)

    def read(self) -> Any:
        if self._chosen is not None:
            return self._chosen or None
        self._offer.take(self.around.candidates(self._to))
        whole = self.line.text().strip()
        found: dict[str, None] = {}
        for typed in [whole] if whole in self._offer.fitting(whole) else fragments(whole):
            meant = best(typed, self._offer.fitting(typed))
            if len(meant) != 1:
                raise self.kind.wrong(f"里{'不止一条' if meant else '没有'}“{typed}”，请从列表里选取。")
            found[self._offer.ids[meant[0]]] = None
        return tuple(found) or None

    def put(self, value: Any) -> None:
        self._show(tuple(value or ()))

    def typed(self) -> str:
        if self._chosen is not None:
            return refs_typed(self._chosen)
        return self.line.text()

    def set_typed(self, text: str) -> None:
        chosen = typed_refs(text)
        if chosen is not None:
            self._show(chosen)
            return
        self._chosen = None
        self.line.setText(text)
        self.line.setCursorPosition(0)


def refs_typed(chosen: tuple[str, ...]) -> str:
    """Ids → the typed state of a field of several references."""
    return json.dumps(list(chosen)) if chosen else ""


def typed_refs(text: str) -> tuple[str, ...] | None:
    """The typed state of a field of several references → ids; None when it is words."""
    if not text.strip():
        return ()
    if re.fullmatch(r"[0-9a-f]{32}( [0-9a-f]{32})*", text):  # so drafts were kept at first
        return tuple(text.split())
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return tuple(told) if isinstance(told, list) and all(isinstance(one, str) for one in told) else None
