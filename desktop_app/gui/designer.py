"""The designer of categories (设置 → 类别设计): registers, fields, indicators, rules and sentences made by choosing, with what they
will look like beside them. A change is tried first, kept as a deed that can be taken back, and nothing entered is ever lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QInputDialog, QSplitter, QVBoxLayout, QWidget

from db.errors import Refusal
from db.ledger.change import Outcome
from db.schema.definition import CategoryDefinition, Change
from db.schema.records import Category
from desktop_app.gui.allowed import gate
from desktop_app.gui.designer_lines import Around
from desktop_app.gui.designer_piece import FORMS, Piece, PieceForm
from desktop_app.gui.designer_preview import Preview
from desktop_app.gui.designer_tree import Node, PieceTree, pieces
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import Bar, button, column, icon_button, label, row, scrolled
from desktop_app.rectification import designing, trying

_TOLD = 6
"""How many pieces a bar names."""


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
        self.retired: dict[Node, str] = {}
        self._said: dict[str, Any] | None = None
        self._warned: tuple[str, Node] = ("", ("", "", ""))
        self.pick = QComboBox()
        self.pick.setAccessibleName("问题类别")
        self.pick.setMinimumWidth(220)
        self.tree = PieceTree()
        self.drafts: dict[tuple[str, Node], dict[str, Any]] = {}
        """What is typed and not saved, by category and piece; it outlives the form."""
        self.preview = Preview(session)
        self.bar = Bar()
        self.place = QVBoxLayout()
        self.heading = label("", "group")
        self.save_button = button("保存", self.save, "accent", "Ctrl+S")
        self.retire_button = button("停用", self.retire, "", "停用后不再填写和检查，已填的内容保留；可以撤销")
        self.restore_button = button("恢复", self.restore, "", "恢复停用的这一项，和停用前一样")
        self.copy_button = button("复制", self.copy, "", "照这一项做一个新的")
        self.drop_button = button("放弃修改", self.drop, "link", "回到保存过的样子")
        gate(session, "define", self.save_button, self.retire_button, self.restore_button, self.copy_button)
        self.up_button = icon_button("up", "上移这个字段", lambda: self.move_field(-1))
        self.down_button = icon_button("down", "下移这个字段", lambda: self.move_field(1))
        self.start = label("先填登记表的名称并保存，再给它添加字段；有了登记表，才能做指标和规则。", "hint", wrap=True)
        self._lay_out()
        self._wait = QTimer(self, singleShot=True, interval=250)
        self._wait.timeout.connect(self._try)
        self.pick.currentIndexChanged.connect(lambda _at: self.choose(str(self.pick.currentData() or "")))
        self.tree.picked.connect(self.show_piece)
        self.read()

    def _lay_out(self) -> None:
        middle = QWidget()
        inner = column(middle, (12, 0, 12, 0), 12)
        quiet = (self.up_button, self.down_button, self.copy_button, self.retire_button, self.restore_button)
        inner.addLayout(row(self.heading, 1, self.drop_button, *quiet, self.save_button))
        inner.addWidget(self.start)
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
            button("新建类别", lambda: _ask_name(self)),
            button("导入定义文件", lambda: _ask_file(self), "", "从别的单位拿来的类别定义（.toml）"),
            button("导出定义文件", lambda: _ask_place(self), "", "把这个类别连同本单位的改动存成文件，给别的单位用"),
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
        same = key == self.key
        self.pick.blockSignals(True)
        self.pick.setCurrentIndex(self.pick.findData(key))
        self.pick.blockSignals(False)
        self.key = key
        before, self.category = self.category, designing.trial(self.session.ledger, key)[0] if key else None
        self.retired = designing.retired_pieces(self.session.ledger, key) if key else {}
        if same and self.form is not None and before == self.category and (key, self.node) in self.drafts:
            return  # somebody is typing, and nothing of it changed
        unsaved = {node for category, node in self.drafts if category == key}
        shown = self.tree.fill(self.category, self.retired, unsaved, self.node)
        if shown is not None and self.category is not None:
            self.show_piece(shown)

    def show_piece(self, node: Node) -> None:
        """Shows the form of a piece, or an empty one for a new piece."""
        category = self.category
        assert category is not None
        self.node = node
        self.tree.choose(node)
        part, register, key = node
        known = pieces(category)
        title, kept = known.get(node, (self.retired.get(node, ""), {}))
        draft = self.drafts.get((self.key, node))
        body = kept if draft is None else draft
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
        while self.place.count():
            self.place.takeAt(0)
        self.form = FORMS[part](Piece(part, register, key, body), Around(category))
        self.place.addWidget(self.form)
        self._said = self.form.said() if draft is None else None
        self.form.changed.connect(self._typed)
        self.heading.setText(f"{designing.PARTS[part]}“{title}”" if key else f"新的{designing.PARTS[part]}")
        self.heading.setToolTip(self.heading.text())
        self._offer(known)
        self.bar.hide()
        self.preview.show_category(category, node)
        self.preview.say_now("")
        if key:
            self._ask_now(category, part, key)

    def _offer(self, known: Mapping[Node, Any]) -> None:
        """Shows the buttons that fit the piece."""
        part, there = self.node[0], self.node in known
        gone = self.node in self.retired or (there and known[self.node][0].endswith("（停用）"))
        assert self.form is not None
        self.form.setEnabled(self.node not in self.retired)
        self.retire_button.setVisible(there and not gone)
        self.restore_button.setVisible(gone)
        self.copy_button.setVisible(there)
        self.save_button.setVisible(self.node not in self.retired)
        for one in (self.up_button, self.down_button):
            one.setVisible(part == "field" and there)
        self.drop_button.setVisible((self.key, self.node) in self.drafts)
        self.start.setVisible(not any(one[0] == "register" for one in known))

    def _typed(self) -> None:
        """Keeps what is typed, and tries it a moment later."""
        form, at = self.form, (self.key, self.node)
        if form is None:
            return
        said = form.said()
        if said == self._said:
            self.drafts.pop(at, None)
        else:
            self.drafts[at] = said
        self.tree.mark(self.node, at in self.drafts)
        self.drop_button.setVisible(at in self.drafts)
        self._wait.start()

    def _ask_now(self, category: CategoryDefinition, part: str, key: str) -> None:
        """Asks off the thread what a piece says of the rows there are."""
        session, node = self.session, self.node

        def told(sentence: str) -> None:
            if node == self.node:
                self.preview.say_now(sentence)

        if part in ("indicator", "rule"):
            session.run(
                lambda _work: trying.now(session.ledger, category, part, key, session.today(), session.unit),
                told,
                lambda _refusal: told(""),
            )

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
            self.bar.say(Refusal(designing.bare(after, wrong[0])))
        else:
            self.bar.hide()
            self.preview.show_category(after, (change.part, change.register, change.name))
            self._ask_now(after, change.part, change.name)

    def save(self) -> bool:
        """Keeps the piece."""
        change, key = self.change(), self.key
        if change is None:
            self.bar.say(Refusal("还没有填写名称。", "请先填写名称，再保存。"))
            return False
        old, new = self.node, (change.part, change.register, change.name)

        def kept(_outcome: Outcome) -> None:
            self.drafts.pop((key, old), None)
            if self.node == old:
                self.node = new

        self._put([change], kept)
        return bool(key)

    def retire(self) -> None:
        """Retires the piece: what was entered stays. What would stop with it is told first; a second press does it."""
        change = Change(*self.node, None, True)
        stops = designing.stops(self.session.ledger, self.key, change)
        if stops and self._warned != (self.key, self.node):
            self._warned = (self.key, self.node)
            many = "等" if len(stops) > _TOLD else ""
            told = f"停用以后，{'、'.join(stops[:_TOLD])}{many}也会停用（共 {len(stops)} 项）。"
            self.bar.say(Refusal(told, "确实要停用，请再按一次“停用”；以后可以恢复。"))
            return
        self.drafts.pop((self.key, self.node), None)
        self._put([change])

    def restore(self) -> None:
        """Brings a retired piece back."""
        self._put([designing.restored(self.session.ledger, self.key, *self.node)])

    def move_field(self, by: int) -> None:
        """Moves the field up or down."""
        _part, register, name = self.node
        change = designing.moved(self.session.ledger, self.key, register, name, by)
        if change is not None:
            self._put([change])

    def copy(self) -> None:
        """Begins a new piece that says the same."""
        form, category = self.form, self.category
        if form is None or category is None:
            return
        part, register, key = self.node
        said = form.copied()
        if part == "register":
            said["field"] = dict(category.body["register"][key]["field"])
        node = (part, register, "")
        self.drafts[self.key, node] = said
        self.tree.fill(category, self.retired, {n for k, n in self.drafts if k == self.key}, node)
        self.show_piece(node)

    def drop(self) -> None:
        """Forgets what was typed and not saved."""
        self.drafts.pop((self.key, self.node), None)
        self.tree.mark(self.node, False)
        self.show_piece(self.node)

    def new(self) -> None:
        """Ctrl+N: a new piece of the same sort."""
        part, register, _key = self.node
        if part and self.category is not None:
            self.tree.fill(self.category, self.retired, self.tree.unsaved, (part, register, ""))
            self.show_piece((part, register, ""))
            if self.form is not None:
                self.form.begin()

    def _put(self, changes: list[Change], done: Callable[[Outcome], None] | None = None) -> None:
        session, key = self.session, self.key
        self._warned = ("", ("", "", ""))
        session.do(
            lambda: designing.put(session.ledger, key, changes, session.actor()), done, self.bar.say, act="define"
        )

    # -- whole categories --------------------------------------------------------------------------------------------

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

        session.do(deed, done, self.bar.say, act="define")

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


def _ask_name(pane: DesignerPane) -> None:
    """Asks for a name and makes an empty category."""
    title, given = QInputDialog.getText(pane, "新建类别", "类别名称（如 涉案财物管理）：")
    if given:
        pane.make(title)


def _ask_file(pane: DesignerPane) -> None:
    """Asks for a definition file and takes it into the ledger."""
    name, _filter = QFileDialog.getOpenFileName(pane, "导入定义文件", "", "类别定义 (*.toml)")
    if name:
        pane.take(Path(name))


def _ask_place(pane: DesignerPane) -> None:
    """Asks where to, and writes the category with the office's changes as a definition file."""
    name, _filter = QFileDialog.getSaveFileName(pane, "导出定义文件", f"{pane.key}.toml", "类别定义 (*.toml)")
    if name:
        pane.write(Path(name))
