"""The form of one piece of a category in the designer: a register, a field, an indicator, a rule, a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from db.schema.definition.fields import KIND_TITLES, OPTION_TITLES, options
from db.schema.definition.indicators import MEASURED, Indicator, Passage, Step
from db.schema.definition.rules import LONE, TESTS, Rule
from db.schema.definition.scope import OWN
from db.schema.definition.slots import slots
from db.schema.definition.terms import OPERATIONS
from db.schema.records import SCHEMAS
from desktop_app.gui.designer_lines import Around, ChoiceSlot, FlagSlot, LineSlot, ListSlot, SlotEditor
from desktop_app.gui.designer_marks import MarkedSlot
from desktop_app.gui.designer_slots import ModelEditor, slot_editor
from desktop_app.gui.designer_terms import TermEditor
from desktop_app.gui.widgets import label

REFERRED = ("unit", "person", "problem", "measure", "regulation", "meeting", "evidence")
"""Records of the core a field may refer to."""
PUBLICITY = [("internal", "内部"), ("secret", "不公开")]
_TICKS = ("required", "listed", "unique", "owner", "retired")
_NOT_OFFERED = ("retired", "source", "pattern", "pattern_help", "longest")


@dataclass(frozen=True)
class Piece:
    """What is being made or changed. ``name`` is its key ("" for a new one), ``body`` as a definition file says it."""

    part: str
    register: str = ""
    name: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)


def titled(words: str, editor: QWidget) -> QWidget:
    """An editor below its label."""
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    if words and not isinstance(editor, FlagSlot):
        layout.addWidget(label(words, "label"))
    layout.addWidget(editor)
    return holder


class PieceForm(QWidget):
    """A form; ``body()`` gives what it says, keys it does not show are kept as they were."""

    changed = Signal()

    def __init__(self, piece: Piece, around: Around) -> None:
        super().__init__()
        self.piece = piece
        self.around = around
        self.editors: dict[str, SlotEditor] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)

    def add(self, key: str, words: str, editor: SlotEditor) -> SlotEditor:
        """Puts an editor under a key; it shows what the piece says there."""
        self.editors[key] = editor
        self.column.addWidget(titled(words, editor))
        editor.put(self.piece.body.get(key))
        editor.changed.connect(self.changed)
        return editor

    def body(self) -> dict[str, Any]:
        """The body of the piece as the form now says it."""
        kept = {key: value for key, value in self.piece.body.items() if key not in self.editors}
        said = {key: editor.raw() for key, editor in self.editors.items()}
        return {**kept, **{key: value for key, value in said.items() if value is not None}}

    def title(self) -> str:
        """What the clerk calls it."""
        return str(self.body().get("title") or "")

    def said(self) -> dict[str, Any]:
        """All that is typed, as a piece's body that shows the same again."""
        return self.body()

    def copied(self) -> dict[str, Any]:
        """What a copy of the piece begins with."""
        return {**self.said(), "title": f"{self.title()}（副本）"}

    def begin(self) -> None:
        """Puts the cursor into the first editor."""
        first = next((one for one in self.findChildren(QLineEdit) if one.isVisibleTo(self)), None)
        if first is not None:
            first.setFocus()


class RegisterForm(PieceForm):
    """A register: its name, its help, how a row is shown."""

    def __init__(self, piece: Piece, around: Around) -> None:
        super().__init__(piece, around)
        around.register = piece.name
        self.add("title", "名称 *", LineSlot("名称", "如 加油登记"))
        self.add("help", "说明", LineSlot("说明", "填写时看得到，也印在帮助里"))
        self.add("publicity", "公开级别", ChoiceSlot("公开级别", lambda: PUBLICITY, empty="公开"))
        days = [(n, k.label) for n, k in around.category.scope.fields.get(piece.name, {}).items() if n not in OWN]
        if piece.name:
            own = around.category.scope.fields.get(piece.name, {})
            named = [(name, kind.label) for name, kind in own.items() if name not in OWN]
            self.add("shown", "在列表里怎样称呼一行", MarkedSlot("称呼", lambda: named, "插入字段"))
            self.add("closing", "清单销号：填了哪个日期算销号", ChoiceSlot("销号日期", lambda: days))
        self.column.addStretch(1)

    def body(self) -> dict[str, Any]:
        found = super().body()
        if not self.piece.name:  # a register has at least one field
            found.setdefault("field", {"name": {"text": "名称", "required": True, "listed": True}})
        return found


class FieldForm(PieceForm):
    """A field: its name, its kind, the options of that kind."""

    def __init__(self, piece: Piece, around: Around) -> None:
        super().__init__(piece, around)
        around.register = piece.register
        word = next((w for w in ("computed", *KIND_TITLES) if w in piece.body), "text")
        self.label = LineSlot("名称", "如 加油量")
        self.label.put(piece.body.get(word))
        self.kind = ChoiceSlot("类型", lambda: list(KIND_TITLES.items()), needed=True)
        self.kind.put(word)
        self.column.addWidget(titled("名称 *", self.label))
        self.column.addWidget(titled("类型 *", self.kind))
        self.place = QStackedWidget()
        self.column.addWidget(self.place)
        self.column.addStretch(1)
        self.label.changed.connect(self.changed)
        self.kind.changed.connect(self._turned)
        self._turned()

    def title(self) -> str:
        return str(self.label.raw() or "")

    def copied(self) -> dict[str, Any]:
        return {**self.body(), self.kind.raw() or "text": f"{self.title()}（副本）"}

    def _turned(self) -> None:
        self.editors = {}
        page = QWidget()
        self.column, kept = QVBoxLayout(page), self.column
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        word = self.kind.raw()
        if word == "computed":
            self._computed()
        elif word:
            self._options(word)
        self.column.addStretch(1)
        self.column = kept
        while self.place.count():
            gone = self.place.widget(0)
            self.place.removeWidget(gone)
            gone.deleteLater()
        self.place.addWidget(page)
        self.changed.emit()

    def _computed(self) -> None:
        term = TermEditor("怎样算", self.around, lambda: self.piece.register)
        term.put(next(({k: v} for k, v in self.piece.body.items() if k in OPERATIONS), None))
        term.changed.connect(self.changed)
        self.term = term
        self.column.addWidget(titled("怎样算 *", term))
        self.add("unit", "单位", LineSlot("单位"))
        self.add("help", "说明", LineSlot("说明"))
        self.add("places", "小数位数", LineSlot("小数位数", numeric=True))
        self.add("listed", "", FlagSlot(OPTION_TITLES["listed"]))

    def _options(self, word: str) -> None:
        if word == "choice":
            choices = self.add("of", "选项 *", ListSlot("选项", lambda: LineSlot("选项")))
            there = self.piece.body.get("of")
            choices.put(list(there.values()) if isinstance(there, Mapping) else there)
        core = [(name, SCHEMAS[name].title) for name in REFERRED]
        for key in options(word):
            words = OPTION_TITLES.get(key)
            if words is None or key in (*_NOT_OFFERED, "of"):
                continue
            if key == "to":
                self.add(key, f"{words} *", ChoiceSlot(words, lambda: [*self.around.registers(), *core], needed=True))
            elif key == "publicity":
                self.add(key, words, ChoiceSlot(words, lambda: PUBLICITY, empty="与登记表相同"))
            elif key in _TICKS:
                self.add(key, "", FlagSlot(words))
            else:
                self.add(key, words, LineSlot(words))

    def body(self) -> dict[str, Any]:
        word = self.kind.raw() or "text"
        shown = {*KIND_TITLES, *OPERATIONS, *OPTION_TITLES} - set(_NOT_OFFERED)
        kept = {k: v for k, v in self.piece.body.items() if k not in shown}
        said = {key: value for key, editor in self.editors.items() if (value := editor.raw()) is not None}
        if word == "choice" and isinstance(self.piece.body.get("of"), dict):
            said["of"] = _renamed(self.piece.body["of"], said.get("of") or [])
        reckoned = self.term.raw() if word == "computed" else None
        return {word: self.title(), **(reckoned if isinstance(reckoned, dict) else {}), **kept, **said}


def _renamed(before: Mapping[str, str], words: list[str]) -> dict[str, str]:
    """Choices kept under keys of their own: those there keep their key, new ones are their own."""
    keys = {word: key for key, word in before.items()}
    return {keys.get(word, word): word for word in words}


class ChosenForm(PieceForm):
    """A piece that has exactly one of several parts (the measure of an indicator, the test of a rule), and keys of its own beside it."""

    def __init__(
        self, piece: Piece, around: Around, model: type[Any], parts: Mapping[str, str], words: str,
        inner: Callable[[str, Callable[[], str]], SlotEditor], hidden: tuple[str, ...],
    ) -> None:  # fmt: skip
        super().__init__(piece, around)
        self.parts = parts
        self._inner = inner
        self.add("title", "名称 *", LineSlot("名称"))
        self.chosen = ChoiceSlot(words, lambda: list(parts.items()), needed=True)
        self.chosen.put(next((key for key in parts if key in piece.body), None))
        self.column.addWidget(titled(f"{words} *", self.chosen))
        self.place = QVBoxLayout()
        self.measured: SlotEditor | None = None
        self.head()
        self.column.addLayout(self.place)
        for key, (slot, _needed) in slots(model).items():
            if key not in (*parts, "title", *hidden):
                self.add(key, slot.label, slot_editor(slot, around, self.register))
        self.column.addStretch(1)
        self.chosen.changed.connect(self._turned)
        self._turned()

    def head(self) -> None:
        """What stands before the keys of the model."""

    def register(self) -> str:
        """The register the piece is about."""
        raw = self.measured.raw() if self.measured else None
        return str(raw.get("register", "") if isinstance(raw, dict) else raw or "")

    def _turned(self) -> None:
        part = self.chosen.raw()
        if self.measured is not None:
            self.measured.hide()
            self.measured.deleteLater()
            self.measured = None
        if part:
            made = self._inner(part, self.register)
            made.put(self.piece.body.get(part))
            made.changed.connect(self._refreshed)
            self.place.addWidget(made)
            self.measured = made
        self._refreshed()

    def _refreshed(self) -> None:
        for key, editor in self.editors.items():
            if key != "register":
                editor.refresh()
        self.changed.emit()

    def body(self) -> dict[str, Any]:
        found = {k: v for k, v in super().body().items() if k not in self.parts}
        part = self.chosen.raw()
        raw = self.measured.raw() if self.measured is not None else None
        return {**found, **({part: raw} if part and raw is not None else {})}


class IndicatorForm(ChosenForm):
    """An indicator."""

    def __init__(self, piece: Piece, around: Around) -> None:
        def inner(part: str, register: Callable[[], str]) -> SlotEditor:
            return slot_editor(slots(Indicator)[part][0], around, register)

        hidden = ("source", "publicity", "nature", "coarse", "by")
        super().__init__(piece, around, Indicator, MEASURED, "怎样算", inner, hidden)


class RuleForm(ChosenForm):
    """A rule."""

    def __init__(self, piece: Piece, around: Around) -> None:
        titles = {key: model.title for key, model in TESTS.items()}

        def inner(part: str, register: Callable[[], str]) -> SlotEditor:
            if part in LONE:
                slot = slots(TESTS[part])[LONE[part]][0]
                return slot_editor(slot, around, self.register)
            return ModelEditor(TESTS[part], around, self.register)

        super().__init__(
            piece, around, Rule, titles, "检查什么", inner, ("source", "register", "publicity", "severity")
        )

    def head(self) -> None:
        made = self.add("register", "看哪个登记表", ChoiceSlot("登记表", self.around.registers))
        made.changed.connect(self._all)

    def register(self) -> str:
        editor = self.editors.get("register")
        return str((editor.raw() if editor else None) or "")

    def _all(self) -> None:
        if self.measured is not None:
            self.measured.refresh()
        self._refreshed()


class PassageForm(PieceForm):
    """A sentence clerks may insert."""

    def __init__(self, piece: Piece, around: Around) -> None:
        super().__init__(piece, around)
        for key, (slot, _needed) in slots(Passage).items():
            if key == "text":
                tip = "如 本期平均油耗为……；数由程序按指标填上"
                self.add(key, f"{slot.label} *", MarkedSlot(slot.label, around.indicators, "插入指标", tip))
            elif key != "source":
                self.add(key, slot.label, slot_editor(slot, around, str))
        if not around.indicators():
            self.column.addWidget(label("这个类别还没有指标；先添加指标，才能把数写进语句。", "hint", wrap=True))
        self.column.addStretch(1)


class TableForm(PieceForm):
    """A threshold table: its lines, each with its bounds and what is right between them."""

    def __init__(self, piece: Piece, around: Around) -> None:
        super().__init__(piece, around)
        self.name = LineSlot("名称", "如 招标方式")
        self.name.put(piece.name or piece.body.get("title"))
        self.name.setEnabled(not piece.name)
        self.name.changed.connect(self.changed)
        self.column.addWidget(titled("名称 *", self.name))
        self.add("rows", "各档 *", ListSlot("各档", lambda: ModelEditor(Step, around, str, ("source",))))
        self.column.addStretch(1)

    def title(self) -> str:
        return str(self.name.raw() or "")

    def body(self) -> dict[str, Any]:
        return {key: value for key, value in super().body().items() if key != "title"}

    def said(self) -> dict[str, Any]:
        return {**self.body(), "title": self.title()}


FORMS: dict[str, Callable[[Piece, Around], PieceForm]] = {
    "register": RegisterForm,
    "field": FieldForm,
    "indicator": IndicatorForm,
    "rule": RuleForm,
    "table": TableForm,
    "passage": PassageForm,
}
"""Part of a definition → its form."""
