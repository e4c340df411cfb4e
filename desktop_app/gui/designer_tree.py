"""The pieces of a category as a tree: registers with their fields, indicators, rules, tables and sentences, and where new ones are added."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from db.schema.definition import CategoryDefinition
from desktop_app.rectification import designing

PARTS = ("register", "indicator", "rule", "table", "passage")
Node = tuple[str, str, str]
"""part, register, key of a piece; the key is "" where new pieces are added."""
_NODE = Qt.ItemDataRole.UserRole


def pieces(category: CategoryDefinition) -> dict[Node, tuple[str, Mapping[str, Any]]]:
    """Every piece of a category: its words in the tree, and its body."""
    found: dict[Node, tuple[str, Mapping[str, Any]]] = {}
    body = category.body
    for key, register in category.registers.items():
        raw = dict(body["register"][key])
        fields = raw.pop("field", {})
        found["register", "", key] = (f"{register.title}{'（停用）' if register.retired else ''}", raw)
        known = {one.name: one.kind.label + ("（停用）" if one.kind.retired else "") for one in register.fields}
        known |= {one.name: f"{one.label}（算出）" for one in register.computed}
        for name, one in fields.items():
            if name in known:
                found["field", key, name] = (known[name], one)
    for part, there in (("indicator", category.indicators), ("rule", category.rules)):
        for key, piece in there.items():
            found[part, "", key] = (piece.title, body[part][key])
    for key in category.tables:
        found["table", "", key] = (key, {"rows": list(body["table"][key])})
    for number, one in enumerate(body.get("passage") or ()):
        if isinstance(one, Mapping):
            found["passage", "", str(one.get("title") or number)] = (str(one.get("title") or one.get("text", "")), one)
    return found


class PieceTree(QTreeWidget):
    """The tree; a piece with words that are not saved bears ●, one that is retired says so."""

    picked = Signal(object)
    """Node: somebody chose a piece."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setAccessibleName("类别的组成")
        self.unsaved: Collection[Node] = ()
        self.currentItemChanged.connect(lambda item, _old: self._picked(item))

    def _picked(self, item: QTreeWidgetItem | None) -> None:
        node = item.data(0, _NODE) if item is not None else None
        if node:
            self.picked.emit((node[0], node[1], node[2]))

    def fill(
        self, category: CategoryDefinition | None, retired: Mapping[Node, str], unsaved: Collection[Node], node: Node
    ) -> Node | None:
        """Shows the pieces of a category, and chooses one; returns which."""
        self.unsaved = unsaved
        self.blockSignals(True)
        self.clear()
        if category is not None:
            known = pieces(category)
            for part in PARTS:
                self._branch(part, known, retired)
        items = {self._node(item): item for item in self._items()}
        chosen = node if node in items else next(iter(items), None)
        if chosen is not None:
            self.setCurrentItem(items[chosen])
        self.blockSignals(False)
        return chosen

    def choose(self, node: Node) -> None:
        """Chooses a piece without saying so."""
        found = next((item for item in self._items() if self._node(item) == node), None)
        if found is not None and found is not self.currentItem():
            self.blockSignals(True)
            self.setCurrentItem(found)
            self.blockSignals(False)

    def mark(self, node: Node, unsaved: bool) -> None:
        """Marks a piece whose words are not saved, or takes the mark away."""
        for item in self._items():
            if self._node(item) == node:
                item.setText(
                    0, item.text(0).removeprefix("● ") if not unsaved else f"● {item.text(0).removeprefix('● ')}"
                )

    def _branch(self, part: str, known: dict[Node, tuple[str, Mapping[str, Any]]], retired: Mapping[Node, str]) -> None:
        top = QTreeWidgetItem(self, [designing.PARTS[part]])
        top.setFlags(top.flags() & ~Qt.ItemFlag.ItemIsSelectable)
        for (kind, _register, key), (words, _body) in known.items():
            if kind != part:
                continue
            item = self._item(top, words, (kind, "", key))
            if part == "register":
                for (inner, owner, name), (said, _raw) in known.items():
                    if inner == "field" and owner == key:
                        self._item(item, said, ("field", key, name))
                self._item(item, "＋ 添加字段", ("field", key, ""))
        for node, words in retired.items():
            if node[0] == part:
                self._item(top, f"{words}（停用）", node)
        self._item(top, f"＋ 添加{designing.PARTS[part]}", (part, "", ""))
        top.setExpanded(True)

    def _item(self, parent: QTreeWidgetItem, words: str, node: Node) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent, [f"● {words}" if node in self.unsaved else words])
        item.setData(0, _NODE, node)
        item.setToolTip(0, words if len(words) > 14 else "")
        return item

    def _node(self, item: QTreeWidgetItem) -> Node:
        part, register, key = item.data(0, _NODE)
        return part, register, key

    def _items(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []
        waiting = [self.invisibleRootItem()]
        while waiting:
            item = waiting.pop(0)
            if item.data(0, _NODE):
                found.append(item)
            waiting = [item.child(at) for at in range(item.childCount())] + waiting
        return found
