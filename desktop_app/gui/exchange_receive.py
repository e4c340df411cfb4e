"""The tab 收: files are chosen or dropped, checked, previewed together, merged; then the receipt. Nothing is written before 合并."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QStackedWidget, QWidget

from db.errors import Refusal
from db.ledger.ledger import Ledger
from desktop_app.gui import exchange_jobs, exchange_volumes, preview_output
from desktop_app.gui.allowed import gate
from desktop_app.gui.exchange_against import Foresight
from desktop_app.gui.exchange_files import FilesTable
from desktop_app.gui.exchange_jobs import Looked, Merged
from desktop_app.gui.exchange_receipt import ReceiptPanel
from desktop_app.gui.exchange_told import Node, told
from desktop_app.gui.exchange_tree import PreviewTree
from desktop_app.gui.preview_paper import Paper, set_paper
from desktop_app.gui.save_menu import SaveMenu
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import Bar, button, column, label, row, set_role
from desktop_app.notices import exchange_paper
from desktop_app.notices.papers import Made
from desktop_app.notices.tree import Document

EMPTY, CHECKED, PREVIEW, RECEIPT = range(4)
FILTER = "交换文件、回执和台账 (*.zgx *.zgr *.zgl)"


class ReceivePanel(QWidget):
    """Four steps, one after the other, with the way back."""

    merged = Signal()
    """Something was merged: what is known of other offices, and the conflicts, are other ones now."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.files: list[Looked] = []
        self.bar = Bar()
        self.stack = QStackedWidget()
        self.table = FilesTable()
        self.tree = PreviewTree()
        self.receipt = ReceiptPanel(session)
        self.waits = label("", "small")
        self.preview_button = button("预览", self.preview, "accent", "看并入以后会有什么变化；现在还什么都不改")
        self.merge_button = button("合并", self.merge, "accent", "先自动备份，再一次并入")
        gate(session, "exchange", self.merge_button)
        self.print_button = button("打印…", self.print)
        self.save_button = SaveMenu(self.save_as)
        self.total = label("", "hint")
        self.rules = label("", "hint")
        self.foresight = Foresight(session, self)
        self.choose_button = button("选文件…", self.choose, "accent")
        self._lay_out()
        self.table.compared.connect(self._compared)
        self.table.unlocked.connect(self._unlocked)
        self.table.dropped.connect(self._drop)
        self.receipt.done.connect(self.clear)
        self.receipt.taken_back.connect(self.merged)
        self.bar.help_wanted.connect(session.help_wanted)
        self.foresight.told.connect(self._foreseen)
        session.closing.connect(lambda: exchange_jobs.close(self.files) if self.foresight.at_rest() else None)

    def _lay_out(self) -> None:
        for part in (self._empty(), self._checked(), self._preview(), self.receipt):
            self.stack.addWidget(part)
        layout = column(self, (0, 0, 0, 0), 12)
        layout.addWidget(self.bar)
        layout.addWidget(self.stack, 1)

    def _empty(self) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        inner = column(card, (48, 24, 48, 24), 12)
        words = label("把对方的文件或整个文件夹拖到这里", "group")
        hint = label(
            "可以是交换文件（.zgx）、对方发回的回执（.zgr），或者整份拷来的台账（.zgl）。几个单位的文件可以一起放进来。"
            "先核对，再预览，点“合并”以前台账不会有任何改动。",
            "hint",
            wrap=True,
        )
        inner.addStretch(1)
        for one in (words, hint):
            one.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inner.addWidget(one)
        folder = button("选文件夹…", self.choose_folder)
        inner.addLayout(row(1, self.choose_button, folder, 1))
        inner.addStretch(2)
        return card

    def _checked(self) -> QWidget:
        made = QWidget()
        layout = column(made, (0, 0, 0, 0), 12)
        layout.addLayout(
            row(
                label("第一步：核对文件", "group"),
                self.waits,
                1,
                button("再加文件…", self.choose),
                button("再加文件夹…", self.choose_folder),
                button("清空", self.clear, "link"),
                self.preview_button,
                spacing=12,
            )
        )
        layout.addWidget(self.table, 1)
        return made

    def _preview(self) -> QWidget:
        made = QWidget()
        layout = column(made, (0, 0, 0, 0), 12)
        layout.addLayout(
            row(
                label("第二步：看变化", "group"),
                self.total,
                1,
                button("返回", lambda: self._turn(CHECKED), "link"),
                self.print_button,
                self.save_button,
                self.merge_button,
                spacing=12,
            )
        )
        self.tree.tools.insertWidget(2, self.rules)
        layout.addWidget(self.tree, 1)
        return made

    # -- files -----------------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Asks for files."""
        names, _filter = QFileDialog.getOpenFileNames(self, "收哪些文件", exchange_volumes.start(), FILTER)
        if names:
            self.take([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Asks for a folder; every file in it that may be taken is."""
        name = QFileDialog.getExistingDirectory(self, "收哪个文件夹里的文件", exchange_volumes.start())
        if name:
            self.take([Path(name)])

    def take(self, paths: Sequence[Path]) -> None:
        """Looks at files, beside those that are there already."""
        if self.stack.currentIndex() == RECEIPT:
            self.clear()
        ledger, before = self.session.ledger, list(self.files)

        def job(work: Work) -> list[Looked]:
            known = {one.path for one in before}
            wanted = [path for path in exchange_jobs.gathered(paths) if path not in known]
            return exchange_jobs.settled(ledger, [*before, *exchange_jobs.look(ledger, wanted, work)])

        self._work(job)

    def _work(self, job: Callable[[Work], list[Looked]]) -> None:
        """Runs what makes other files of these; nothing else is done with them meanwhile."""
        self.setEnabled(False)

        def done(found: list[Looked]) -> None:
            self.setEnabled(True)
            self.bar.hide()
            self.files = found
            self._turn(CHECKED)
            self._show()
            if not found:
                self.session.say("这里没有可以收的文件（.zgx、.zgr 或 .zgl）。")

        def failed(refusal: Refusal) -> None:
            self.setEnabled(True)
            self.bar.say(refusal)

        self.session.run(job, done, failed, label="正在核对文件")

    def _show(self) -> None:
        self.table.show_files(self.files)
        waiting = [one for one in self.files if one.state in ("key", "changed", "locked")]
        refused = [one for one in self.files if one.state == "refused"]
        parts = [f"{len(self.files)} 个文件"]
        parts += [f"{len(waiting)} 个等您核对"] if waiting else []
        parts += [f"{len(refused)} 个不能并入"] if refused else []
        self.waits.setText("，".join(parts))
        ready = [one for one in self.files if one.taken]
        only = not ready and any(one.receipt is not None for one in self.files)
        self.preview_button.setText("记下回执" if only else "预览")
        self.preview_button.setEnabled(only or bool(ready))
        if not self.files:
            self._turn(EMPTY)

    def _compared(self, one: Looked) -> None:
        self._change(one, lambda ledger, work: _known(ledger, one, work))

    def _unlocked(self, one: Looked, words: str) -> None:
        self._change(one, lambda ledger, work: exchange_jobs.opened(ledger, one, work, passphrase=words))

    def _change(self, one: Looked, make: Callable[[Ledger, Work], Looked]) -> None:
        ledger, before = self.session.ledger, list(self.files)

        def job(work: Work) -> list[Looked]:
            made = make(ledger, work)
            return exchange_jobs.settled(ledger, [made if each is one else each for each in before])

        self._work(job)

    def _drop(self, one: Looked) -> None:
        self._let_go([one])
        self.files = [each for each in self.files if each is not one]
        self._show()

    def clear(self) -> None:
        """Lets go of all files."""
        self._let_go(self.files)
        self.files = []
        self.bar.hide()
        self._turn(EMPTY)

    # -- preview and merge -----------------------------------------------------------------------------------------------

    def preview(self) -> None:
        """Shows what would change; where there are only receipts, notes them."""
        files = [one for one in self.files if one.taken]
        if not files:
            self.merge()
            return
        ledger = self.session.ledger

        def job(work: Work) -> tuple[tuple[Node, ...], str]:
            found = exchange_jobs.previewed(ledger, files, work)
            refused = sum(bool(one.refusal) for one in found.files)
            words = f"{found.taken} 条新记录" + (f"，{found.conflicts} 处冲突" if found.conflicts else "")
            wrong = tuple(
                Node(one.name, "clash", after=f"不能并入：{one.refusal}") for one in found.files if one.refusal
            )
            first = (Node("不能并入的文件", after=f"{refused} 个", inside=wrong),) if wrong else ()
            return (*first, *told(ledger, found)), words

        def done(result: tuple[tuple[Node, ...], str]) -> None:
            self.bar.hide()
            self.total.setText(result[1])
            self.tree.show_nodes(result[0])
            self.merge_button.setText(f"合并 {len(files)} 个文件")
            left = len(self.files) - len(files) - sum(one.receipt is not None for one in self.files)
            self.merge_button.setToolTip(f"另有 {left} 个文件这次不并入" if left else "先自动备份，再一次并入")
            self._turn(PREVIEW)
            self.rules.setText("正在查规则……")
            self.foresight.ask(files)

        self.session.run(job, done, self.bar.say, label="正在预览")

    def _foreseen(self, nodes: Sequence[Node], words: str) -> None:
        """What would stand against the rules is put above what changes."""
        self.rules.setText(f"{words}。")
        set_role(self.rules, "unsaved" if nodes else "hint")
        self.tree.lead(nodes)

    def _let_go(self, files: Sequence[Looked]) -> None:
        with self.foresight.letting_go():
            exchange_jobs.close(files)

    def merge(self) -> None:
        """Merges."""
        reading = self.foresight.letting_go()
        ledger, actor, files = self.session.ledger, self.session.actor(), list(self.files)
        self.setEnabled(False)

        def done(found: Merged) -> None:
            self.setEnabled(True)
            self.bar.hide()
            if (found.receipt is not None and found.receipt.outcome.touched) or (found.receipt and found.receipt.taken):
                self.session.announce(found.receipt.outcome)
            self.receipt.show_merged(found)
            self._let_go(self.files)
            self.files = []
            self._turn(RECEIPT)
            self.merged.emit()

        def failed(refusal: Refusal) -> None:
            self.setEnabled(True)
            self.bar.say(refusal)

        def job(work: Work) -> Merged:
            with reading:
                return exchange_jobs.merged(ledger, files, actor, work)

        self.session.run(job, done, failed, label="正在合并")

    # -- the preview on paper --------------------------------------------------------------------------------------------

    def document(self) -> Document:
        """What is shown of the preview, as a paper."""
        files = [f"{one.path.name}：{exchange_jobs.sentence(one)}" for one in self.files if one.taken]
        name = exchange_jobs.office(self.session.ledger, self.session.ledger).name
        return exchange_paper.previewed(files, rows(self.tree.shown()), name)

    def print(self) -> None:
        """Ctrl+P: prints the preview, or the receipt."""
        if self.stack.currentIndex() == RECEIPT:
            self.receipt.print()
        elif self.stack.currentIndex() == PREVIEW:
            document = self.document()

            def done(paper: Paper) -> None:
                wish = preview_output.ask_printer(self, paper, serials=False)
                if wish is not None:
                    preview_output.print_on(self.session, lambda _work: paper, wish, self.bar.say)

            self.session.run(lambda _work: set_paper(Made((document,))), done, self.bar.say, label="正在排版")

    def save_as(self, ending: str) -> None:
        """Asks for a file and writes the preview there."""
        document = self.document()
        path = preview_output.ask_path(self, document.title, ending)
        if path is not None:
            preview_output.save(self.session, lambda _work: set_paper(Made((document,))), path, self.bar.say)

    def _turn(self, step: int) -> None:
        self.stack.setCurrentIndex(step)

    def look_up(self) -> None:
        """Ctrl+F."""
        if self.stack.currentIndex() == PREVIEW:
            self.tree.search.setFocus()
            self.tree.search.selectAll()


def _known(ledger: Ledger, one: Looked, work: Work) -> Looked:
    """A file whose fingerprint was compared."""
    return exchange_jobs.opened(ledger, one, work) if one.contents is None else exchange_jobs.trusted(ledger, one)


def rows(nodes: Sequence[Node], above: str = "") -> list[exchange_paper.Row]:
    """The nodes as lines of a paper."""
    found: list[exchange_paper.Row] = []
    for node in nodes:
        heading = not node.sort
        words = f"{above}{node.words}"
        found.append(exchange_paper.Row(words, node.before, node.after, node.who, heading=heading))
        found += rows(node.inside, "" if heading else f"{above}\u3000")
    return found
