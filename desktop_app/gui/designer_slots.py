"""Editors of the designer: one for each sort of slot a definition may hold, so that a piece is made by choosing from lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.schema.definition.conditions import ConditionSlot
from db.schema.definition.slots import (
    Count,
    FieldPath,
    Flag,
    IndicatorKey,
    ListOf,
    OneOf,
    Part,
    RegisterKey,
    Slot,
    SubjectField,
    SubjectValues,
    TableKey,
    slots,
)
from db.schema.definition.terms import TermSlot
from desktop_app.gui.designer_lines import (
    Around,
    Choices,
    ChoiceSlot,
    FlagSlot,
    LineSlot,
    ListSlot,
    PairsSlot,
    SlotEditor,
)
from desktop_app.gui.designer_terms import ConditionEditor, TermEditor
from desktop_app.gui.widgets import label


class ModelEditor(SlotEditor):
    """A model: an editor for each of its slots, labels above."""

    def __init__(
        self, model: type[Any], around: Around, register: Callable[[], str], hidden: Iterable[str] = ()
    ) -> None:
        super().__init__()
        self.editors: dict[str, SlotEditor] = {}
        self._kept: dict[str, Any] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for key, (slot, needed) in slots(model).items():
            if key in hidden:
                continue
            editor = self._subject(slot, around, register) or slot_editor(
                slot, around, partial(self._where, slot, register), needed=needed
            )
            self.editors[key] = editor
            holder = QWidget()
            inner = QVBoxLayout(holder)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(4)
            if not isinstance(editor, FlagSlot):
                inner.addWidget(label(f"{slot.label} *" if needed else slot.label, "label"))
            inner.addWidget(editor)
            layout.addWidget(holder)
            editor.changed.connect(self._changed)

    def _subject(self, slot: Slot, around: Around, register: Callable[[], str]) -> SlotEditor | None:
        """The editor of a slot about the records that ``by`` points at."""

        def choices() -> Choices:
            by = self.editors["by"].raw() if "by" in self.editors else ""
            named = self.editors["of"].raw() if "of" in self.editors and not register() else ""
            return around.subject(register() or around.category.scope.indicators.get(str(named), ""), str(by or ""))

        if isinstance(slot, SubjectField):
            return ChoiceSlot(slot.label, choices)
        return PairsSlot(slot.label, choices) if isinstance(slot, SubjectValues) else None

    def _where(self, slot: Slot, register: Callable[[], str]) -> str:
        there = getattr(slot, "register", "") or getattr(getattr(slot, "slot", None), "register", "")
        named = self.editors.get(there) if there else None
        return str((named.raw() if named else None) or register())

    def _changed(self) -> None:
        sender = self.sender()
        if any(sender is editor for key, editor in self.editors.items() if key in ("register", "by", "of")):
            self.refresh()
        self.changed.emit()

    def raw(self) -> Any:
        found = {key: value for key, editor in self.editors.items() if (value := editor.raw()) is not None}
        return {**self._kept, **found} or None

    def put(self, raw: Any) -> None:
        self._kept = {key: value for key, value in (raw or {}).items() if key not in self.editors}
        for key, editor in self.editors.items():  # the register first: fields are of it
            editor.put((raw or {}).get(key))
            if key in ("register", "by", "of"):
                self.refresh()

    def refresh(self) -> None:
        for key, editor in self.editors.items():
            if key != "register":
                editor.refresh()


def slot_editor(slot: Slot, around: Around, register: Callable[[], str], *, needed: bool = False) -> SlotEditor:
    """The editor of a slot."""
    if isinstance(slot, Flag):
        return FlagSlot(slot.label)
    if isinstance(slot, OneOf):
        words = dict(zip(slot.of, slot.words or slot.of, strict=False))
        return ChoiceSlot(slot.label, lambda: list(words.items()), needed=needed)
    if isinstance(slot, RegisterKey):
        return ChoiceSlot(slot.label, around.registers, needed=needed)
    if isinstance(slot, IndicatorKey):
        return ChoiceSlot(slot.label, around.indicators, needed=needed)
    if isinstance(slot, TableKey):
        return ChoiceSlot(slot.label, around.tables, needed=needed)
    if isinstance(slot, FieldPath):
        return ChoiceSlot(slot.label, lambda: around.fields(register()), needed=needed)
    if isinstance(slot, ConditionSlot):
        return ConditionEditor(slot.label, around, register)
    if isinstance(slot, TermSlot):
        return TermEditor(slot.label, around, register)
    if isinstance(slot, ListOf):
        one = slot.slot
        return ListSlot(slot.label, lambda: slot_editor(one, around, register), alone=slot.alone)
    if isinstance(slot, Part):
        return ModelEditor(slot.model, around, register)
    return LineSlot(slot.label, slot.help, numeric=isinstance(slot, Count))
