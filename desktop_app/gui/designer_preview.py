"""What a piece of a category will look like: the form of its register, its words in the manual, what it says of the rows there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from db.schema.definition import CategoryDefinition
from db.schema.definition.scope import OWN
from db.schema.record import Field
from desktop_app.gui.designer_tree import Node
from desktop_app.gui.editor import Surroundings
from desktop_app.gui.form import FieldBox
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import column, label, scrolled
from desktop_app.rectification import category_help


class Preview(QWidget):
    """What a piece will look like: the form of its register, and its words in the manual."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._around = Surroundings(session, lambda _name: (), lambda _name, _id: "", lambda: session.today().year)
        self.place = QVBoxLayout()
        self.place.setContentsMargins(0, 0, 8, 0)
        holder = QWidget()
        holder.setLayout(self.place)
        self.area = scrolled(holder)
        self.words = QTextBrowser()
        self.words.setAccessibleName("帮助里的说明")
        self.words.setOpenLinks(False)
        self.told = label("帮助里的说明", "group")
        self.now = label("", "hint", wrap=True)
        self.now.hide()
        self.form_title = label("表单的样子", "group")
        layout = column(self, (0, 0, 0, 0), 8)
        layout.addWidget(self.now)
        layout.addWidget(self.form_title)
        layout.addWidget(self.area, 3)
        layout.addWidget(self.told)
        layout.addWidget(self.words, 2)

    def say_now(self, sentence: str) -> None:
        """Shows what the piece says of the rows there are; "" for nothing."""
        self.now.setText(sentence)
        self.now.setVisible(bool(sentence))

    def show_category(self, category: CategoryDefinition, node: Node) -> None:
        """Shows the form of the piece's register, and the part of the category's page in the manual that tells of the piece."""
        part, owner, key = node
        register = category.registers.get(owner if part == "field" else key if part == "register" else "")
        self.area.setVisible(register is not None)
        self.form_title.setVisible(register is not None)
        while self.place.count():
            gone = self.place.takeAt(0).widget()
            if gone is not None:
                gone.deleteLater()
        for spec in register.fields if register is not None else ():
            if spec.name not in OWN and not spec.kind.retired:
                self.place.addWidget(FieldBox(Field(spec.name, spec.kind), self._around))
        self.place.addStretch(1)
        self.words.setMarkdown(category_help.page(category))
        title = _heading(category, node)
        if title and self.words.find(title):
            cursor = self.words.textCursor()
            cursor.clearSelection()
            self.words.setTextCursor(cursor)


def _heading(category: CategoryDefinition, node: Node) -> str:
    part, register, key = node
    if part == "field":
        return category.registers[register].title if register in category.registers else ""
    there: Mapping[str, Any] = {
        "register": category.registers, "indicator": category.indicators, "rule": category.rules,
    }.get(part, {})  # fmt: skip
    return str(there[key].title) if key in there else ""
