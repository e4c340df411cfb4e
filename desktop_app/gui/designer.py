"""The designer of categories (设置 → 类别设计): registers, fields, indicators, rules and sentences made by choosing, with what they
will look like beside them. A change is tried first, kept as a deed that can be taken back, and nothing entered is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QInputDialog,
    QSplitter,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from db.errors import Refusal
from db.ledger.change import Outcome
from db.schema.definition import CategoryDefinition, Change
from db.schema.definition.scope import OWN
from db.schema.record import Field
from db.schema.records import Category
from desktop_app.gui.designer_lines import Around
from desktop_app.gui.designer_piece import FORMS, Piece, PieceForm
from desktop_app.gui.editor import Surroundings
from desktop_app.gui.form import FieldBox
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import Bar, button, column, label, row, scrolled
from desktop_app.rectification import category_help, designing

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
        self.form_title = label("表单的样子", "group")
        layout = column(self, (0, 0, 0, 0), 8)
        layout.addWidget(self.form_title)
        layout.addWidget(self.area, 3)
        layout.addWidget(self.told)
        layout.addWidget(self.words, 2)

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


class DesignerPane(QWidget):
    """A category at a time: its pieces at the left, the form of one in the middle, the preview at the right."""

    help_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.key = ""
        self.category: CategoryDefinition | None = None
        self.form: PieceForm | None = None
        self.node: Node = ("", "", "")
        self.pick = QComboBox()
        self.pick.setAccessibleName("问题类别")
        self.pick.setMinimumWidth(220)
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("类别的组成")
        self.preview = Preview(session)
        self.bar = Bar()
        self.place = QVBoxLayout()
        self.heading = label("", "group")
        self.save_button = button("保存", self.save, "accent", "Ctrl+S")
        self.retire_button = button("停用", self.retire, "", "停用后不再填写和检查，已填的内容保留；可以撤销")
        self._lay_out()
        self._wait = QTimer(self, singleShot=True, interval=250)
        self._wait.timeout.connect(self._try)
        self.pick.currentIndexChanged.connect(lambda _at: self.choose(str(self.pick.currentData() or "")))
        self.tree.currentItemChanged.connect(lambda item, _old: self._picked(item))
        self.read()

    def _lay_out(self) -> None:
        middle = QWidget()
        inner = column(middle, (12, 0, 12, 0), 12)
        inner.addLayout(row(self.heading, 1, self.retire_button, self.save_button))
        inner.addWidget(self.bar)
        holder = QWidget()
        holder.setLayout(self.place)
        self.place.setContentsMargins(0, 0, 8, 0)
        inner.addWidget(scrolled(holder), 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        for part, wide in ((self.tree, 230), (middle, 460), (self.preview, 320)):
            split.addWidget(part)
            part.setMinimumWidth(wide // 2 + 60)
        split.setSizes([230, 460, 320])
        layout = column(self, (0, 8, 0, 0), 12)
        tools = (
            button("新建类别", self.new_category),
            button("导入定义文件", self.import_file, "", "从别的单位拿来的类别定义（.toml）"),
            button("导出定义文件", self.export_file, "", "把这个类别连同本单位的改动存成文件，给别的单位用"),
        )
        layout.addLayout(row(self.pick, 1, *tools))
        layout.addWidget(split, 1)

    # -- showing -----------------------------------------------------------------------------------------------------

    def read(self, wanted: str = "") -> None:
        """Reads the list of categories again."""
        ledger = self.session.ledger
        current = wanted or self.key
        found = [(one.id.removeprefix("category-"), one.title or "") for one in ledger.all(Category)]
        self.pick.blockSignals(True)
        self.pick.clear()
        for key, title in found:
            self.pick.addItem(title, key)
        at = max(0, self.pick.findData(current))
        self.pick.setCurrentIndex(at)
        self.pick.blockSignals(False)
        self.choose(str(self.pick.currentData() or ""))

    def choose(self, key: str) -> None:
        """Shows a category."""
        self.key = key
        self.category = designing.trial(self.session.ledger, key)[0] if key else None
        self._fill()

    def _fill(self) -> None:
        category, node = self.category, self.node
        self.tree.blockSignals(True)
        self.tree.clear()
        if category is not None:
            known = pieces(category)
            for part in PARTS:
                self._branch(part, known)
        self.tree.blockSignals(False)
        items = {item.data(0, _NODE): item for item in self._items()}
        shown = items.get(node) or next(iter(items.values()), None)
        if shown is not None:
            self.tree.setCurrentItem(shown)
            self._picked(shown)

    def _branch(self, part: str, known: dict[Node, tuple[str, Mapping[str, Any]]]) -> None:
        top = QTreeWidgetItem(self.tree, [designing.PARTS[part]])
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
        self._item(top, f"＋ 添加{designing.PARTS[part]}", (part, "", ""))
        top.setExpanded(True)

    def _item(self, parent: QTreeWidgetItem, words: str, node: Node) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent, [words])
        item.setData(0, _NODE, node)
        item.setToolTip(0, words if len(words) > 14 else "")
        return item

    def _items(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []

        def walk(item: QTreeWidgetItem) -> None:
            if item.data(0, _NODE):
                found.append(item)
            for at in range(item.childCount()):
                walk(item.child(at))

        walk(self.tree.invisibleRootItem())
        return found

    def _picked(self, item: QTreeWidgetItem | None) -> None:
        node = item.data(0, _NODE) if item is not None else None
        if node and self.category is not None:
            self.show_piece((node[0], node[1], node[2]))

    def show_piece(self, node: Node) -> None:
        """Shows the form of a piece, or an empty one for a new piece."""
        category = self.category
        assert category is not None
        self.node = node
        part, register, key = node
        body = pieces(category).get(node, ("", {}))[1]
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
        while self.place.count():
            self.place.takeAt(0)
        self.form = FORMS[part](Piece(part, register, key, body), Around(category))
        self.form.changed.connect(self._wait.start)
        self.place.addWidget(self.form)
        self.heading.setText(
            f"{designing.PARTS[part]}“{pieces(category)[node][0]}”" if key else f"新的{designing.PARTS[part]}"
        )
        self.retire_button.setVisible(bool(key))
        self.bar.hide()
        self.preview.show_category(category, node)

    # -- keeping -----------------------------------------------------------------------------------------------------

    def change(self) -> Change | None:
        """What the form says as a change of the category; None when it has no name yet."""
        form, category = self.form, self.category
        if form is None or category is None or not form.title():
            return None
        part, register, key = self.node
        if not key:
            taken = {node[2] for node in pieces(category) if node[:2] == (part, register)}
            key = form.title() if part == "passage" else designing.key_for(form.title(), taken)
        same = [n for n in pieces(category) if n[:2] == (part, register)]
        position = same.index((part, register, key)) + 1 if (part, register, key) in same else len(same) + 1
        return Change(part, register, key, form.body(), False, position)

    def _try(self) -> None:
        """Shows what the typed piece would make, or what is wrong with it."""
        change = self.change()
        if change is None or self.category is None:
            return
        before = designing.trial(self.session.ledger, self.key)[1]
        after, told = designing.trial(self.session.ledger, self.key, [change])
        wrong = [one for one in told if one not in before]
        if wrong:
            self.bar.say(Refusal(wrong[0]))
        else:
            self.bar.hide()
            self.preview.show_category(after, (change.part, change.register, change.name))

    def save(self) -> bool:
        """Keeps the piece."""
        change, key = self.change(), self.key
        if change is None:
            self.bar.say(Refusal("还没有填写名称。", "请先填写名称，再保存。"))
            return False
        self.node = (change.part, change.register, change.name)
        self._put([change])
        return bool(key)

    def retire(self) -> None:
        """Retires the piece: what was entered stays."""
        self._put([Change(*self.node, None, True)])

    def _put(self, changes: list[Change]) -> None:
        session, key = self.session, self.key
        session.do(lambda: designing.put(session.ledger, key, changes, session.actor()), failed=self.bar.say)

    # -- whole categories --------------------------------------------------------------------------------------------

    def new_category(self) -> None:
        """Asks for a name and makes an empty category."""
        title, given = QInputDialog.getText(self, "新建类别", "类别名称（如 涉案财物管理）：")
        if given:
            self.make(title)

    def make(self, title: str) -> None:
        """Makes an empty category of that name."""
        session = self.session
        session.run(
            lambda _work: designing.new_category(session.ledger, title, session.actor()),
            self._made,
            self.bar.say,
        )

    def _made(self, key: str) -> None:
        self.node = ("register", "", "")
        self.session.announce(Outcome((("category", f"category-{key}"),)))
        self.read(key)

    def import_file(self) -> None:
        """Asks for a definition file and takes it into the ledger."""
        name, _filter = QFileDialog.getOpenFileName(self, "导入定义文件", "", "类别定义 (*.toml)")
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """Takes a definition file into the ledger."""
        session = self.session

        def deed() -> Outcome:
            try:
                words = path.read_text(encoding="utf-8-sig")
            except UnicodeDecodeError:
                raise Refusal(f"{path.name} 不是 UTF-8 文字。", "请用 UTF-8 编码另存。", "categories") from None
            return designing.take_file(session.ledger, path.stem, words, path.name, session.actor())

        def done(outcome: Outcome) -> None:
            if not outcome.taken:
                session.say("这个类别的定义已经在台账里，没有改动。")
            self.read(path.stem)

        session.do(deed, done, self.bar.say)

    def export_file(self) -> None:
        """Writes the category with the office's changes as a definition file."""
        name, _filter = QFileDialog.getSaveFileName(self, "导出定义文件", f"{self.key}.toml", "类别定义 (*.toml)")
        if name:
            self.write(Path(name))

    def write(self, path: Path) -> None:
        """Writes the category to a file."""
        session, key = self.session, self.key

        def job(_work: object) -> str:
            path.write_text(designing.export(session.ledger, key), encoding="utf-8")
            return path.name

        session.run(job, lambda name: session.say(f"已存为 {name}。"), self.bar.say)

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something: other definitions are shown at once."""
        if any(name in ("category", "definition", "amendment") for name, _id in outcome.touched):
            self.read(self.key)
