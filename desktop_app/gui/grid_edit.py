"""The editor in a cell: a line that offers words, or a field for paragraphs; it says which key ended the typing."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QStyleOptionViewItem,
    QWidget,
    QWidgetAction,
)

from db.errors import Refusal
from db.schema.kinds import Day, Kind
from db.schema.links import Refs
from desktop_app.gui import grid_cells
from desktop_app.gui.calendar import calendar
from desktop_app.gui.editor_words import WordCompleter
from desktop_app.gui.grid_model import GridModel
from desktop_app.gui.grid_paint import ROW, CellPainter
from desktop_app.gui.theme import digits

Index = QModelIndex | QPersistentModelIndex
ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
LINES = 6
"""Lines of the field for paragraphs."""


class CellLine(QLineEdit):
    """One line in a cell. Keys that end the typing are told and go no further."""

    ended = Signal(int, object)
    """Key and modifiers that end the typing; Escape gives the typed text up."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "cell")
        self.setFont(digits())
        self.setFrame(False)
        self.words: WordCompleter | None = None
        self.steps = True
        """Up and Down end the typing, as they do when it was begun by typing over a cell."""

    def event(self, event: QEvent) -> bool:
        """Tab reaches no ``keyPressEvent``: keys are looked at here, also those that the list of words passes on."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._ends(event):
            event.accept()
            return True
        return super().event(event)

    def _ends(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        listed = self.words is not None and self.words.popup().isVisible()
        if self.words is not None and key == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.words.offer_all()
            return True
        if key == Qt.Key.Key_Escape and listed:
            return False
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and (listed or not self.steps):
            return False
        if key not in (*ENDS, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down):
            return False
        if listed and self.words is not None:
            chosen = self.words.chosen()
            if chosen and key in ENDS:
                self.setText(self.words.pathFromIndex(self.words.popup().currentIndex()))
            self.words.popup().hide()
        self.ended.emit(event.key(), event.modifiers())
        return True


class CellText(QPlainTextEdit):
    """Paragraphs in a cell: Alt+Enter begins a new one."""

    ended = Signal(int, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "cell")
        self.setFont(digits())

    def event(self, event: QEvent) -> bool:
        """As ``CellLine.event``."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in (*ENDS, Qt.Key.Key_Escape):
                if key in ENDS[:2] and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                    self.insertPlainText("\n")
                else:
                    self.ended.emit(event.key(), event.modifiers())
                event.accept()
                return True
        return super().event(event)


class CellEditing(CellPainter):
    """Makes the editors of the cells, and takes over what is typed in them."""

    ended = Signal(int, object)
    """The typing in a cell ended with this key and these modifiers."""

    def __init__(self, model: GridModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.open: list[QObject] = []
        """Editors that are open, the latest last."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        made = self._editor(parent, index)
        made.setAccessibleName(self._model.label(index.column()))
        self.open.append(made)
        return made

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        self.open = [one for one in self.open if one is not editor]
        super().destroyEditor(editor, index)

    def _editor(self, parent: QWidget, index: Index) -> QWidget:
        kind = self._model.kind(index.column())
        assert kind is not None
        if grid_cells.several_lines(kind):
            text = CellText(parent)
            text.setPlainText(self._model.words(index.row(), index.column()))
            text.selectAll()
            text.ended.connect(lambda key, modifiers: self._end(text, key, modifiers))
            return text
        made = CellLine(parent)
        made.setPlaceholderText(kind.help)
        if grid_cells.numeric(kind):
            made.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._offer(made, kind, index)
        if isinstance(kind, Day):
            made.installEventFilter(_CalendarKey(made))
        made.ended.connect(lambda key, modifiers: self._end(made, key, modifiers))
        return made

    def _offer(self, line: CellLine, kind: Kind[object], index: Index) -> None:
        typing, field = self._model.typing, self._model.fields[index.column()]
        if grid_cells.offered(kind, {}) is None:
            return
        row = index.row()
        found: list[list[str]] = []

        def words() -> list[str]:
            if not found:
                found.append(grid_cells.offered(kind, typing.candidates(row, field)) or [])
            return found[0]

        line.words = WordCompleter(line, words, several=isinstance(kind, Refs))
        line.setCompleter(line.words)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        words = self._model.words(index.row(), index.column())
        if isinstance(editor, CellLine):
            editor.setText(words)

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        words = editor.text() if isinstance(editor, CellLine) else ""
        if isinstance(editor, CellText):
            words = editor.toPlainText()
        self._model.write(index.row(), {index.column(): words})

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        box = option.rect  # type: ignore[attr-defined]
        if isinstance(editor, CellText):
            parent = editor.parentWidget() or editor
            height = min(ROW * LINES, parent.height())
            width = min(max(box.width(), 360), parent.width())
            left = max(0, min(box.left(), parent.width() - width))
            editor.setGeometry(left, max(0, min(box.top(), parent.height() - height)), width, height)
            return
        editor.setGeometry(box)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Keys are the editor's own affair; that the focus has left it is the delegate's."""
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) or editor not in self.open:
            return False  # also when the table has let go of the editor, and only its focus goes
        return super().eventFilter(editor, event)

    def finish(self) -> None:
        """Takes over what is typed in an open cell, and closes it."""
        for editor in [one for one in self.open if isinstance(one, QWidget)]:
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def _end(self, editor: QWidget, key: int, modifiers: object) -> None:
        if key == Qt.Key.Key_Escape:
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)
        else:
            self.commitData.emit(editor)
            self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        self.ended.emit(key, modifiers)


class _CalendarKey(QObject):
    """F4 in the line of a day opens a calendar below it."""

    def __init__(self, line: CellLine) -> None:
        super().__init__(line)
        self._line = line

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_F4:
            self._open()
            return True
        return False

    def _open(self) -> None:
        menu = QMenu(self._line)
        try:
            day = Day("").parse(self._line.text())
        except Refusal:
            day = None

        def picked(chosen: date) -> None:
            self._line.setText(chosen.isoformat())
            menu.close()
            self._line.setFocus()

        action = QWidgetAction(menu)
        shown = calendar(picked, day)
        action.setDefaultWidget(shown)
        menu.addAction(action)
        menu.popup(self._line.mapToGlobal(self._line.rect().bottomLeft()))
        shown.setFocus()
