"""Editors of the designer for what is reckoned and what is asked: terms and conditions. What was written by hand and is more than
an editor can show is kept as it is, and said so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QVBoxLayout

from db.schema.definition.conditions import TESTS
from db.schema.definition.terms import OPERATIONS
from desktop_app.gui.designer_lines import Around, ChoiceSlot, LineSlot, ListSlot, SlotEditor
from desktop_app.gui.widgets import label, row


class TermEditor(SlotEditor):
    """A field, a number or today; or one operation on two of these."""

    def __init__(self, name: str, around: Around, register: Callable[[], str], depth: int = 0) -> None:
        super().__init__()
        self._around, self._register, self._depth, self._name = around, register, depth, name
        self.how = QComboBox()
        self.how.setAccessibleName(f"{name}：怎样得到")
        kinds = [("", ""), ("field", "字段"), ("number", "数或日期"), ("money", "金额"), ("today", "今天")]
        for key, words in [*kinds, *([(op, told[2]) for op, told in OPERATIONS.items()] if depth < 3 else [])]:
            self.how.addItem(words, key)
        self.field = ChoiceSlot(name, lambda: around.fields(register()))
        self.line = LineSlot(name)
        self.parts: list[TermEditor] = []
        self.below = QVBoxLayout()
        self.below.setContentsMargins(16, 0, 0, 0)
        self.below.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        top = row(self.how, self.field, self.line, spacing=6)
        top.setStretch(1, 1)
        top.setStretch(2, 1)
        layout.addLayout(top)
        layout.addLayout(self.below)
        self.how.currentIndexChanged.connect(lambda _at: self._turned())
        self.field.changed.connect(self.changed)
        self.line.changed.connect(self.changed)
        self._turned()

    def _turned(self) -> None:
        how = self.how.currentData()
        self.field.setVisible(how == "field")
        self.line.setVisible(how in ("number", "money"))
        wanted = OPERATIONS[how][0] if how in OPERATIONS else 0
        while len(self.parts) > wanted:
            gone = self.parts.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.parts) < wanted:
            part = TermEditor(self._name, self._around, self._register, self._depth + 1)
            part.changed.connect(self.changed)
            self.parts.append(part)
            self.below.addWidget(part)
        self.changed.emit()

    def raw(self) -> Any:
        how = self.how.currentData()
        if how == "field":
            return self.field.raw()
        if how in ("number", "money"):
            return {"money": self.line.raw()} if how == "money" and self.line.raw() else self.line.raw()
        if how == "today":
            return "today"
        parts = [part.raw() for part in self.parts]
        return {how: parts} if how in OPERATIONS and None not in parts else None

    def put(self, raw: Any) -> None:
        how, rest = _how(raw, {key for key, _words in self._around.fields(self._register())})
        self.how.setCurrentIndex(max(0, self.how.findData(how)))
        if how == "field":
            self.field.put(raw)
        elif how in ("number", "money"):
            self.line.put(rest)
        for _more in range(len(rest) - len(self.parts) if isinstance(rest, list) else 0):
            part = TermEditor(self._name, self._around, self._register, self._depth + 1)
            part.changed.connect(self.changed)
            self.parts.append(part)
            self.below.addWidget(part)
        for part, one in zip(self.parts, rest if isinstance(rest, list) else (), strict=False):
            part.put(one)

    def refresh(self) -> None:
        self.field.refresh()
        for part in self.parts:
            part.refresh()


def _how(raw: Any, fields: set[str]) -> tuple[str, Any]:
    if raw is None:
        return "", None
    if isinstance(raw, Mapping) and len(raw) == 1:
        op, rest = next(iter(raw.items()))
        return op, rest
    if raw == "today":
        return "today", None
    return ("field", raw) if raw in fields else ("number", raw)


class ConditionEditor(SlotEditor):
    """A condition: fields with what is asked of them, all of which must hold. Groups (any, none) written by hand are kept."""

    def __init__(self, name: str, around: Around, register: Callable[[], str]) -> None:
        super().__init__()
        self._kept: dict[str, Any] = {}
        self.list = ListSlot(name, lambda: ConditionLine(name, around, register))
        self.note = label("", "hint", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.list)
        layout.addWidget(self.note)
        self.note.hide()
        self.list.changed.connect(self.changed)

    def raw(self) -> Any:
        found: dict[str, Any] = dict(self._kept)
        for name, test in self.list.raw() or ():
            there = found.get(name)
            found[name] = {**there, **test} if isinstance(there, dict) and isinstance(test, dict) else test
        return found or None

    def put(self, raw: Any) -> None:
        lines: list[tuple[str, Any]] = []
        self._kept = {}
        for name, test in (raw or {}).items():
            plain = isinstance(test, Mapping) and all(
                t in TESTS and not isinstance(v, Mapping) for t, v in test.items()
            )
            if name in ("any", "none") or (isinstance(test, Mapping) and not plain):
                self._kept[name] = test
            elif isinstance(test, Mapping):
                lines += [(name, {t: v}) for t, v in test.items()]
            else:
                lines.append((name, test))
        self.list.put(lines)
        self.note.setText("还有几个在定义文件里写的组合条件，原样保留。")
        self.note.setVisible(bool(self._kept))

    def refresh(self) -> None:
        self.list.refresh()


class ConditionLine(SlotEditor):
    """One field with one test."""

    def __init__(self, name: str, around: Around, register: Callable[[], str]) -> None:
        super().__init__()
        self.field = ChoiceSlot(f"{name}：字段", lambda: around.fields(register()))
        self.test = ChoiceSlot(f"{name}：要求", lambda: list(TESTS.items()))
        self.test.put("is")
        self.value = LineSlot(f"{name}：值", "几个值之间写顿号")
        layout = row(self.field, self.test, self.value, spacing=6)
        for at, wide in ((0, 3), (1, 2), (2, 3)):
            layout.setStretch(at, wide)
        self.setLayout(layout)
        for part in (self.field, self.test, self.value):
            part.changed.connect(self.changed)
        self.test.changed.connect(lambda: self.value.setVisible(self.test.raw() not in ("empty", "filled")))

    def raw(self) -> Any:
        name, test, value = self.field.raw(), self.test.raw(), self.value.raw()
        if not name or not test:
            return None
        if test in ("empty", "filled"):
            return name, {test: True}
        if value is None:
            return None
        several = [one for one in str(value).split("、") if one] if test in ("is", "in", "not") else [value]
        if test in ("is", "in"):
            return name, several if len(several) > 1 else several[0]
        return name, {test: several if len(several) > 1 else several[0]}

    def put(self, raw: Any) -> None:
        name, test = raw
        op, value = (
            next(iter(test.items())) if isinstance(test, Mapping) else ("in" if isinstance(test, list) else "is", test)
        )
        self.field.put(name)
        self.test.put("is" if op == "in" and not isinstance(value, list) else op)
        words = "、".join(str(v) for v in value) if isinstance(value, list) else value
        self.value.put({True: "是", False: "否"}.get(words, words) if isinstance(words, bool) else words)
        self.value.setVisible(op not in ("empty", "filled"))

    def refresh(self) -> None:
        self.field.refresh()
