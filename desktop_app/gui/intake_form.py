"""The chosen part of a draft, to be corrected before it is entered: its fields, or what stands against it and what to do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from db.errors import Refusal
from db.schema import composite
from db.schema.composite import Due, Quantity
from db.schema.kinds import Kind, Text
from db.schema.links import Texts
from db.schema.prose import Prose
from db.schema.record import Field
from desktop_app.gui import lookup
from desktop_app.gui.editor import Candidate, Surroundings
from desktop_app.gui.form import FieldBox
from desktop_app.gui.intake_copies import suggests
from desktop_app.gui.intake_edit import Path, value_at
from desktop_app.gui.intake_parts import CATEGORY, Blank, Part, short
from desktop_app.gui.intake_reading import Reading
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row
from desktop_app.intake import draft as drafts
from desktop_app.intake.draft import Draft

_PLAIN = (Prose, Text, Quantity)
"""Kinds whose typed text is what the draft holds; the ledger checks it when it is entered."""


_SLOTS = {
    "phone": "电话",
    "address": "地址",
    "email": "邮箱",
    "postcode": "邮编",
    "hours": "受理时间",
    "person": "联系人",
    "fax": "传真",
}
LONGEST = 26
"""Characters of a suggestion on its button."""
CONTACT: Path = ("contact", "text")
"""The wording of the contact: the places of its values are named in English in the draft, in Chinese on the screen."""


def in_chinese(wording: str) -> str:
    """``{phone}`` → ``{电话}``."""
    return re.sub(r"\{(" + "|".join(_SLOTS) + r")(\d*)\}", lambda m: f"{{{_SLOTS[m[1]]}{m[2]}}}", wording)


def in_draft(wording: str) -> str:
    """``{电话}`` → ``{phone}``."""
    names = {word: name for name, word in _SLOTS.items()}
    return re.sub(r"\{(" + "|".join(names) + r")(\d*)\}", lambda m: f"{{{names[m[1]]}{m[2]}}}", wording)


def shown(kind: Kind[Any], value: Any, issued: date | None) -> Any:
    """A value of a draft as a value of the kind that shows it."""
    if isinstance(kind, Due) and isinstance(value, drafts.Deadline):
        return composite.Deadline(value.text, value.day, value.strength, issued.year if issued else None)
    if isinstance(kind, Texts):
        return tuple(value) or None
    return value.strip("\n") or None if isinstance(value, str) else value


def kept(kind: Kind[Any], value: Any, before: Any) -> Any:
    """A value of the kind as the draft holds it. A text that began in a new paragraph still does."""
    if isinstance(kind, Due):
        if value is None:
            return None
        old = before or drafts.Deadline("", None)
        return replace(old, text=value.wording, day=value.day, strength=value.strength)
    if isinstance(kind, Texts):
        return value or ()
    if isinstance(kind, _PLAIN) or isinstance(before, str):
        text = value or ""
        return f"\n{text}" if text and isinstance(before, str) and before.startswith("\n") else text
    return value


class PartForm(QWidget):
    """The fields of one part at a time."""

    edited = Signal(object, object)
    """Path, new value: the clerk typed."""
    dropped = Signal(object)
    """Path: the clerk does without it."""
    accepted = Signal(object)
    """Finding: its suggestion is to be applied."""
    all_accepted = Signal()
    """Every suggestion is to be applied."""
    settled = Signal(object)
    """Finding: looked at, stays as it is."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setProperty("role", "surface")
        self.boxes: dict[Path, FieldBox] = {}
        self.buttons: dict[str, QWidget] = {}
        self._reading: Reading | None = None
        self._holder: QWidget | None = None
        self._heading: QLabel | None = None
        self._layout = column(self, (16, 12, 16, 16), 0)
        self._around = Surroundings(session, self._candidates, self._line, self._year)

    def _candidates(self, name: str) -> list[Candidate]:
        return [Candidate(r.id, self.session.ledger.schema(name).describe(r)) for r in self.session.ledger.every(name)]

    def _line(self, name: str, identifier: str) -> str:
        return lookup.line(self.session.ledger, name, identifier)

    def _year(self) -> int:
        issued = self._reading.draft.date if self._reading else None
        return issued.year if issued else self.session.today().year

    def show_part(self, reading: Reading, part: Part | None) -> None:
        """Shows the fields of a part; None: nothing."""
        self._reading = reading
        self.boxes, self.buttons = {}, {}
        if self._holder is not None:
            self._layout.removeWidget(self._holder)
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = QWidget()
        self._layout.insertWidget(0, self._holder)
        inner = column(self._holder, (0, 0, 0, 0), 12)
        if part is not None:
            self._fill(inner, reading, part)
        inner.addStretch(1)

    def _fill(self, inner: Any, reading: Reading, part: Part) -> None:
        kind = part.path[0] if part.path else ""
        self._heading = label(part.title, "group", wrap=True)
        inner.addWidget(self._heading)
        if kind == "findings":
            self._fill_finding(inner, reading.draft, part)
        elif kind == "unread":
            self._fill_unread(inner, reading.draft, part)
        elif kind == "changes":
            inner.addWidget(label(_change_advice(part), "hint", wrap=True))
        elif not part.blanks:
            inner.addWidget(label("点开左边的箭头，选一项来核对或改写。", "hint", wrap=True))
        else:
            inner.addLayout(self._grid(reading, part))
        if part.droppable:
            drop = button(
                "不导入这一条", lambda: self.dropped.emit(part.path), "link", "只是不单独记一条，正文里的字不变"
            )
            self.buttons["drop"] = drop
            inner.addLayout(row(drop, 1))

    def _grid(self, reading: Reading, part: Part) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        at = 0
        empty: list[FieldBox] = []
        for blank in part.blanks:
            if blank.path[-1] == CATEGORY and reading.update:
                continue  # what a clerk decided about a problem is not changed by its paper
            box = self._box(reading, blank)
            if isinstance(blank.kind, Prose) and not box.editor.typed() and blank.path[-1] not in ("body", "content"):
                empty.append(box)
            if box.editor.wide or blank.path[-1] in ("title", "lead", "issuer", "signature", "email", "address"):
                at += at % 2
                grid.addWidget(box, at // 2, 0, 1, 2)
                at += 2
            else:
                grid.addWidget(box, at // 2, at % 2)
                at += 1
        if empty:
            self._fold(grid, at // 2 + 1, empty)
        return grid

    def _fold(self, grid: QGridLayout, row_number: int, empty: list[FieldBox]) -> None:
        """Long fields without a word are shown when they are asked for."""

        def open_all() -> None:
            for box in empty:
                box.show()
            more.hide()

        for box in empty:
            box.hide()
        names = "、".join(box.field.kind.label for box in empty)
        more = button(f"填写{names}", open_all, "link", "原文里没有的栏")
        self.buttons["more"] = more
        grid.addLayout(row(more, 1), row_number, 0, 1, 2)

    def _box(self, reading: Reading, blank: Blank) -> FieldBox:
        kind = blank.kind
        box = FieldBox(Field(str(blank.path[-1]), kind), self._around)
        if blank.path[-1] == CATEGORY:
            box.editor.set_value(reading.categories[int(blank.path[1])])
        else:
            value = value_at(reading.draft, blank.path)
            value = in_chinese(value) if blank.path == CONTACT else value
            if isinstance(kind, Quantity):
                box.editor.set_typed(value)
            else:
                box.editor.set_value(shown(kind, value, reading.draft.date))
        box.editor.left.connect(lambda: box.advise() if box.wrong.isHidden() else None)
        box.editor.changed.connect(lambda: self._typed(blank, box))
        self.boxes[blank.path] = box
        return box

    def _typed(self, blank: Blank, box: FieldBox) -> None:
        if self._reading is None or self.boxes.get(blank.path) is not box:
            return
        try:
            value: Any = box.editor.value()
        except Refusal as refusal:
            box.say(str(refusal))
            return
        box.say("")
        if isinstance(blank.kind, _PLAIN):
            value = box.editor.typed().strip()
            value = in_draft(value) if blank.path == CONTACT else value
        if blank.path[-1] == CATEGORY:
            self.edited.emit(blank.path, value)
        else:
            self.edited.emit(blank.path, kept(blank.kind, value, value_at(self._reading.draft, blank.path)))

    def follow(self, reading: Reading) -> None:
        """The draft was edited (here): the next edit begins from it."""
        self._reading = reading

    def head(self, part: Part) -> None:
        """The shown part is called otherwise now: its title was typed."""
        if self._heading is not None and part.path and part.path[0] not in ("findings", "unread"):
            self._heading.setText(part.title)

    # -- findings and unread texts -------------------------------------------------------------------------------------

    def _fill_finding(self, inner: Any, draft: Draft, part: Part) -> None:
        if len(part.path) == 1:
            inner.addWidget(label("逐条看一看：能改的按建议改，没有问题的点“不用改”。", "hint", wrap=True))
            if any(map(suggests, draft.findings)):
                accept_all = button("全部按建议改", self.all_accepted.emit)
                self.buttons["accept_all"] = accept_all
                inner.addLayout(row(accept_all, 1))
            return
        finding = draft.findings[int(part.path[1])]
        inner.itemAt(0).widget().setText("待核对")
        inner.addWidget(label(finding.sentence, wrap=True))
        if suggests(finding):
            accept = button(f"改为“{short(finding.suggestion, LONGEST)}”", lambda: self.accepted.emit(finding))
            accept.setToolTip(finding.suggestion)
            self.buttons["accept"] = accept
            inner.addLayout(row(accept, 1))
        leave = button("不用改", lambda: self.settled.emit(finding), "", "看过了，照原样导入")
        self.buttons["leave"] = leave
        inner.addLayout(row(leave, 1))

    def _fill_unread(self, inner: Any, draft: Draft, part: Part) -> None:
        if len(part.path) == 1:
            told = (
                f"有 {len(draft.unread)} 处文字没有放进任何一栏，在左边用灰底标出。导入后也记在这份通报的“待核对文字”里。"
                if draft.unread
                else "没有：文中每一个字都放进了某一栏。"
            )
            inner.addWidget(label(told, "hint", wrap=True))
            return
        unread = draft.unread[int(part.path[1])]
        inner.itemAt(0).widget().setText("未读入的文字")
        inner.addWidget(label(unread.text[:2000], wrap=True))
        inner.addWidget(label(f"原因：{unread.reason}", "small", wrap=True))
        inner.addWidget(label("如果它是正文，请在左边选中复制，再粘贴到相应的栏里。", "hint", wrap=True))


def _change_advice(part: Part) -> str:
    return "用这份原文更新台账时会改动的地方。点“跳过”就什么都不改。" if len(part.path) == 1 else part.detail
