"""The receipt of a merge on the screen: what was taken, per unit and register; printed, saved, sent back as a file, taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QMenu, QPushButton, QWidget

from db.errors import Refusal
from db.exchange import receipt as receipts
from db.exchange import returning
from db.exchange.receipt import Receipt
from db.ledger.change import Outcome
from desktop_app.gui import exchange_jobs, exchange_volumes, preview_output
from desktop_app.gui.exchange_jobs import Merged, called
from desktop_app.gui.preview_paper import Paper, set_paper
from desktop_app.gui.session import Session, Work
from desktop_app.gui.table import Column, Table
from desktop_app.gui.widgets import Bar, button, column, label, row, scrolled, told
from desktop_app.notices import exchange_paper, pdf
from desktop_app.notices.papers import Made
from desktop_app.notices.tree import Document

_LEAST = 150
"""Pixels of the table: on a small screen what stands above it scrolls away."""


@dataclass(frozen=True)
class Line:
    """What came of one register of one unit, in numbers."""

    unit: str
    register: str
    taken: int
    passed: int
    conflicts: int


COLUMNS = (
    Column[Line]("单位", lambda one: one.unit, least=200, most=320),
    Column[Line]("登记表", lambda one: one.register, wide=True, least=160),
    Column[Line]("并入", lambda one: one.taken, lambda one: one.taken, number=True, least=90),
    Column[Line]("以前已有", lambda one: one.passed, lambda one: one.passed, number=True, least=100),
    Column[Line](
        "冲突", lambda one: one.conflicts, lambda one: one.conflicts, lambda one: "overdue" * bool(one.conflicts),
        number=True, least=90,
    ),
)  # fmt: skip


class ReceiptPanel(QWidget):
    """What was done, and the papers of it."""

    done = Signal()
    """The clerk has seen enough."""
    taken_back = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.found: Merged | None = None
        self.bar = Bar()
        self.words = label("", "group", wrap=True)
        self.about = label("", wrap=True)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hindered = label("", "small", wrap=True)
        self.table: Table[Line] = Table(COLUMNS, "并入的内容")
        self.print_button = button("打印回执…", self.print)
        self.save_button = QPushButton("存为 ▾")
        self.save_button.setAccessibleName("存为文件")
        menu = QMenu(self.save_button)
        self.pdf_action = menu.addAction("PDF…", self.save_pdf)
        self.json_action = menu.addAction("数据文件（JSON，给别的程序读）…", self.save_json)
        self.save_button.setMenu(menu)
        self.file_button = button("存回执文件…", self.save_file, "", "存到 U 盘带回给对方，对方收下就知道哪些已经送到")
        self.back_button = button("撤回这次合并", self.take_back, "", "并入的内容退回原样；有人在上面改过就不能撤回")
        self.away_button = button("完成", self.done.emit, "accent")
        self._lay_out()
        self.bar.help_wanted.connect(session.help_wanted)

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        inner = column(card, (16, 12, 16, 12), 8)
        inner.addWidget(self.words)
        inner.addWidget(self.about)
        inner.addWidget(self.hindered)
        layout = column(self, (0, 0, 0, 0), 12)
        layout.addLayout(
            row(
                label("回执", "group"),
                1,
                self.back_button,
                self.print_button,
                self.save_button,
                self.file_button,
                self.away_button,
            )
        )
        layout.addWidget(self.bar)
        self.table.setMinimumHeight(_LEAST)
        body = QWidget()
        below = column(body, (0, 0, 0, 0), 12)
        below.addWidget(card)
        below.addWidget(self.table, 1)
        layout.addWidget(scrolled(body), 1)

    def show_merged(self, found: Merged) -> None:
        """Shows what was done."""
        self.found = found
        self.bar.hide()
        made = found.receipt
        lines = [one.sentence for one in found.told]
        self.words.setText(made.sentence if made is not None else "已记下回执。")
        if made is not None:
            lines += [f"{one.name}：{_fate(one)}" for one in made.files]
            lines.append(exchange_paper.compared(made.files))
            lines += [f"并入前的备份：{found.backup}"] if found.backup is not None else []
            lines += ["有冲突的内容先用着一边的值，不影响工作；请有空时到“冲突”裁定。"] if made.conflicts else []
        self.about.setText("\n".join(lines))
        for one in (self.print_button, self.save_button, self.file_button):
            one.setVisible(made is not None)
        self.back_button.hide()
        self.hindered.hide()
        self._fill(made)
        self.look()

    def look(self) -> None:
        """Whether the merge can be taken back now, and why not."""
        made = self.found.receipt if self.found is not None else None
        ledger = self.session.ledger
        if made is None or not made.last:
            return

        def done(reason: Refusal | None) -> None:
            if self.found is not None and self.found.receipt is made:
                self.back_button.setVisible(reason is None)
                self.hindered.setVisible(reason is not None)
                self.hindered.setText(f"撤回：{told(reason)}" if reason is not None else "")

        self.session.run(lambda _work: returning.hindrance(ledger, made), done, self.bar.say)

    def take_back(self) -> None:
        """Takes the merge back, in one deed."""
        made = self.found.receipt if self.found is not None else None
        ledger, actor = self.session.ledger, self.session.actor()
        if made is None:
            return
        self.back_button.setEnabled(False)

        def done(outcome: Outcome) -> None:
            self.back_button.setEnabled(True)
            self.back_button.hide()
            self.words.setText(f"{outcome.sentence}。")
            self.taken_back.emit()

        def failed(refusal: Refusal) -> None:
            self.back_button.setEnabled(True)
            self.bar.say(refusal)

        self.session.do(lambda: returning.take_back(ledger, made, actor), done, failed, act="exchange")

    def _fill(self, made: Receipt | None) -> None:
        facts = self.session.ledger
        names = exchange_jobs.units(facts)
        counts = [one for one in made.counts if one.taken or one.conflicts] if made is not None else []
        self.table.setVisible(bool(counts))
        self.table.show_rows(
            [
                Line(
                    names.get(one.unit, "") if one.unit else "各单位共用",
                    self._title(one.record),
                    one.taken,
                    one.passed,
                    one.conflicts,
                )
                for one in counts
            ],
            first=False,
        )

    def _title(self, record: str) -> str:
        one = self.session.ledger.tables.records.get(record)
        return one.schema.title if one is not None else "还不认得的登记表"

    # -- papers ----------------------------------------------------------------------------------------------------------

    def document(self) -> Document | None:
        """The receipt as a paper."""
        if self.found is None or self.found.receipt is None:
            return None
        names = exchange_jobs.units(self.session.ledger)
        return exchange_paper.receipt(self.found.receipt, names, self._title, self.found.digests)

    def print(self) -> None:
        """Prints the receipt."""
        document = self.document()
        if document is None:
            return

        def done(paper: Paper) -> None:
            wish = preview_output.ask_printer(self, paper, serials=False)
            if wish is not None:
                preview_output.print_on(self.session, lambda _work: paper, wish, self.bar.say)

        self.session.run(lambda _work: set_paper(Made((document,))), done, self.bar.say, label="正在排版")

    def save_pdf(self) -> None:
        """Asks for a file and writes the paper there."""
        document = self.document()
        path = preview_output.ask_path(self, document.title, ".pdf") if document is not None else None
        if document is not None and path is not None:
            preview_output.save(self.session, lambda _work: set_paper(Made((document,))), path, self.bar.say)

    def save_json(self) -> None:
        """Asks for a file and writes the plain values there."""
        made = self.found.receipt if self.found is not None else None
        path = self._ask("存为数据文件", "回执", ".json", "数据文件 (*.json)")
        if made is not None and path is not None:

            def job(_work: Work) -> Path:
                pdf.write_bytes(receipts.data(made), path)
                return path

            self._save(job)

    def save_file(self) -> None:
        """Asks for a file and writes the receipt for the way back."""
        made, ledger = self.found.receipt if self.found is not None else None, self.session.ledger
        path = self._ask("存回执文件", "回执", receipts.SUFFIX, "回执文件 (*.zgr)")
        if made is not None and path is not None:
            self._save(lambda _work: exchange_jobs.write_receipt(ledger, made, path))

    def _ask(self, title: str, name: str, ending: str, files: str) -> Path | None:
        made = self.found.receipt if self.found is not None else None
        if made is None:
            return None
        senders = "、".join(dict.fromkeys(called(one.sender) for one in made.files if one.sender.name)) or "对方"
        day = exchange_jobs.moment(made.made)[:10]
        start = Path(exchange_volumes.start()) / exchange_jobs.named(f"{name}（给{senders}）{day}", ending)
        told, _filter = QFileDialog.getSaveFileName(self, title, str(start), files)
        if not told:
            return None
        path = Path(told)
        return path if path.suffix.lower() == ending else path.with_name(path.name + ending)

    def _save(self, job: Callable[[Work], Path]) -> None:
        self.session.run(
            job,
            lambda path: self.session.say(f"已存为 {path}"),
            self.bar.say,
            label="正在写文件",
        )


def _fate(one: receipts.FileFate) -> str:
    """What became of a file, in words."""
    if one.sentence:
        return f"没有并入。{one.sentence}{one.advice}"
    parts = [f"并入 {one.taken} 条"]
    parts += [f"{one.passed} 条以前已有"] if one.passed else []
    parts += [f"收到 {one.papers} 份材料"] if one.papers else []
    return "，".join(parts)
