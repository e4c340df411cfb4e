"""The simplest editors of the designer: a line, a tick, a choice, a list; and what there is to choose from.

An editor holds a raw value as a definition file would: ``raw()`` gives it (None: nothing said), ``put()`` shows one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from db.schema.definition import CategoryDefinition
from db.schema.definition.scope import OWN
from db.schema.links import Ref
from desktop_app.gui.widgets import button, icon_button, row

Choices = list[tuple[str, str]]
"""(raw value, words) of a list to choose from."""


class Around:
    """What an editor may choose from: the category as it now is, and the register the piece is about."""

    def __init__(self, category: CategoryDefinition) -> None:
        self.category = category
        self.register = ""

    def registers(self) -> Choices:
        """The category's registers."""
        return [(key, one.title) for key, one in self.category.registers.items()]

    def indicators(self) -> Choices:
        """The category's indicators."""
        return [(key, one.title) for key, one in self.category.indicators.items()]

    def tables(self) -> Choices:
        """The category's threshold tables."""
        return [(key, key) for key in self.category.tables]

    def fields(self, register: str = "") -> Choices:
        """The fields of a register, and those of what it refers to, one step away."""
        found: Choices = []
        scope = self.category.scope.at(register or self.register)
        for name, kind in scope.fields.get(scope.here, {}).items():
            found.append((name, kind.label))
            pointed = scope.target(kind) if isinstance(kind, Ref) and name not in OWN else None
            for inner, other in pointed[1].items() if pointed else ():
                if inner not in OWN and not isinstance(other, Ref):
                    found.append((f"{name}.{inner}", f"{kind.label}的{other.label}"))
        there = self.category.registers.get(scope.here)
        return found + [(one.name, one.label) for one in there.computed] if there else found

    def subject(self, register: str, by: str) -> Choices:
        """The fields of the records that a reference of a register points at."""
        scope = self.category.scope.at(register)
        kind = scope.kind(tuple(by.split("."))) if by else None
        pointed = scope.target(kind) if kind is not None else None
        return [(name, one.label) for name, one in pointed[1].items() if name not in OWN] if pointed else []


class SlotEditor(QWidget):
    """What every editor here is."""

    changed = Signal()

    def raw(self) -> Any:
        """The raw value; None when nothing is said."""
        raise NotImplementedError

    def put(self, raw: Any) -> None:
        """Shows a raw value."""
        raise NotImplementedError

    def refresh(self) -> None:
        """What there is to choose from is another one."""

    def _whole(self, part: QWidget) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(part)
        self.setFocusProxy(part)


class LineSlot(SlotEditor):
    """A line of text, a number, a day."""

    def __init__(self, name: str, tip: str = "", numeric: bool = False) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(tip[:40])
        self.line.textChanged.connect(lambda _words: self.changed.emit())
        self._numeric = numeric
        self._whole(self.line)

    def raw(self) -> Any:
        words = self.line.text().strip()
        return int(words) if self._numeric and words.lstrip("-").isdigit() else words or None

    def put(self, raw: Any) -> None:
        self.line.setText("" if raw is None else str(raw))


class FlagSlot(SlotEditor):
    """Yes or no."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.box = QCheckBox(name)
        self.box.toggled.connect(lambda _on: self.changed.emit())
        self._whole(self.box)

    def raw(self) -> Any:
        return True if self.box.isChecked() else None

    def put(self, raw: Any) -> None:
        self.box.setChecked(bool(raw))


class ChoiceSlot(SlotEditor):
    """One of a list; what it does not hold is shown as it is written."""

    def __init__(self, name: str, choices: Callable[[], Choices], *, needed: bool = False, empty: str = "") -> None:
        super().__init__()
        self._choices = choices
        self._empty = "（请选）" if needed else empty
        self.combo = QComboBox()
        self.combo.setAccessibleName(name)
        self.combo.setMaxVisibleItems(20)
        self.combo.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self._whole(self.combo)
        self.refresh()

    def refresh(self) -> None:
        kept = self.raw()
        self.combo.blockSignals(True)
        self.combo.clear()
        self.combo.addItem(self._empty, None)
        for value, words in self._choices():
            self.combo.addItem(words, value)
        self.put(kept)
        self.combo.blockSignals(False)

    def raw(self) -> Any:
        return self.combo.currentData()

    def put(self, raw: Any) -> None:
        at = next((n for n in range(self.combo.count()) if self.combo.itemData(n) == raw), -1)
        if at < 0:
            self.combo.addItem(str(raw), raw)
            at = self.combo.count() - 1
        self.combo.setCurrentIndex(at)


class ListSlot(SlotEditor):
    """Several values, one below the other."""

    def __init__(self, name: str, one: Callable[[], SlotEditor], *, alone: bool = False) -> None:
        super().__init__()
        self._one = one
        self._alone = alone
        self.lines: list[tuple[QWidget, SlotEditor]] = []
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(6)
        self.more = button("＋ 加一项", self.add, "link", f"{name}：加一项")
        self.box.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def add(self, raw: Any = None) -> SlotEditor:
        """Adds a line."""
        editor = self._one()
        if raw is not None:
            editor.put(raw)
        editor.changed.connect(self.changed)
        holder = QWidget()
        holder.setLayout(row(editor, icon_button("remove", "去掉这一项", lambda: self._remove(holder)), spacing=4))
        self.box.insertWidget(self.box.count() - 1, holder)
        self.lines.append((holder, editor))
        if raw is None:
            editor.setFocus()
        return editor

    def _remove(self, holder: QWidget) -> None:
        self.lines = [one for one in self.lines if one[0] is not holder]
        holder.hide()
        holder.deleteLater()
        self.changed.emit()

    def raw(self) -> Any:
        found = [value for _holder, editor in self.lines if (value := editor.raw()) is not None]
        return (found[0] if self._alone and len(found) == 1 else found) if found else None

    def put(self, raw: Any) -> None:
        for holder, _editor in self.lines:
            holder.hide()
            holder.deleteLater()
        self.lines = []
        for one in raw if isinstance(raw, list) else [] if raw is None else [raw]:
            self.add(one)

    def refresh(self) -> None:
        for _holder, editor in self.lines:
            editor.refresh()


class PairSlot(SlotEditor):
    """A field with its value."""

    def __init__(self, name: str, choices: Callable[[], Choices]) -> None:
        super().__init__()
        self.field = ChoiceSlot(f"{name}：字段", choices)
        self.value = LineSlot(f"{name}：值")
        self.setLayout(row(self.field, self.value, spacing=6))
        self.field.changed.connect(self.changed)
        self.value.changed.connect(self.changed)

    def raw(self) -> Any:
        name, value = self.field.raw(), self.value.raw()
        return (name, value) if name and value else None

    def put(self, raw: Any) -> None:
        self.field.put(raw[0])
        self.value.put(raw[1])

    def refresh(self) -> None:
        self.field.refresh()


class PairsSlot(SlotEditor):
    """Several fields with their values."""

    def __init__(self, name: str, choices: Callable[[], Choices]) -> None:
        super().__init__()
        self.list = ListSlot(name, lambda: PairSlot(name, choices))
        self.list.changed.connect(self.changed)
        self._whole(self.list)

    def raw(self) -> Any:
        return dict(self.list.raw() or ()) or None

    def put(self, raw: Any) -> None:
        self.list.put(list((raw or {}).items()))

    def refresh(self) -> None:
        self.list.refresh()
