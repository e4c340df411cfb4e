"""A package that was written: number, checksum, what is in it; and the custody sheet of the medium it goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from db import clock
from db.exchange import journal
from db.exchange.contents import Party
from db.exchange.journal import Handed
from desktop_app.gui import preview_output
from desktop_app.gui.exchange_drop import size
from desktop_app.gui.exchange_jobs import called, moment
from desktop_app.gui.exchange_packing import Sent
from desktop_app.gui.preview_paper import Paper, set_paper
from desktop_app.gui.save_menu import SaveMenu
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import Bar, button, column, field, label, row
from desktop_app.notices import papers
from desktop_app.notices.papers import Made
from desktop_app.notices.wanted import Wanted
from desktop_app.rectification import ledgers


class HandedPanel(QWidget):
    """What was handed over."""

    again = Signal()
    """Another one is to be packed."""
    noted = Signal()
    """The entry of the medium was filled in."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.entry: Handed | None = None
        self.path: Path | None = None
        """Where the file was written; None where it was long ago."""
        self.bar = Bar()
        self.title = label("", "group", wrap=True)
        self.about = label("", wrap=True)
        self.digest = label("", wrap=True)
        for one in (self.about, self.digest):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.medium, self.secrecy, self.keeper = QLineEdit(), QLineEdit(), QLineEdit()
        self.print_button = button("打印流转单…", self.print, "accent")
        self.save_button = SaveMenu(self.save_as)
        self.folder_button = button("打开所在文件夹", self._folder)
        self.again_button = button("再交一份", self.again.emit)
        self._lay_out()
        self.bar.help_wanted.connect(session.help_wanted)

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(760)
        inner = column(card, (24, 20, 24, 20), 12)
        for part in (self.title, self.about, self.digest):
            inner.addWidget(part)
        inner.addSpacing(8)
        inner.addWidget(label("介质流转单", "group"))
        inner.addWidget(label("跟着 U 盘走，交接一次签一行。", "hint", wrap=True))
        line = row(spacing=12)
        for title, box in (("介质编号", self.medium), ("密级", self.secrecy), ("交接人", self.keeper)):
            box.setAccessibleName(title)
            box.editingFinished.connect(self._note)
            line.addLayout(field(title, box))
        inner.addLayout(line)
        inner.addLayout(row(self.print_button, self.save_button, 1, self.folder_button, self.again_button))
        layout = column(self, (0, 0, 0, 0), 12)
        layout.addWidget(self.bar)
        layout.addWidget(card)
        layout.addStretch(1)

    def show_sent(self, sent: Sent) -> None:
        """Shows a package that was just written."""
        self.show_entry(sent.entry, sent.packed.path, len(sent.packed.lacking))

    def show_entry(self, one: Handed, path: Path | None = None, lacking: int = 0) -> None:
        """Shows what was handed over; ``path`` is where the file lies, ``lacking`` how many papers it names without holding them."""
        self.entry, self.path = one, path
        self.bar.hide()
        self.title.setText(f"已交出：{one.name}（{one.number} 号包）")
        parts = [
            f"{one.changes} 条记录",
            f"{one.papers} 份材料",
            size(one.size),
            "已加密" if one.sealed else "没有加密",
        ]
        whom = called(one.to) if one.to != Party() else "全部单位"
        lines = [f"交给：{whom}", f"内容：{'，'.join(parts)}"]
        lines += [f"范围：{one.scope}"] if one.scope else []
        lines += [f"位置：{path}"] if path is not None else [f"时间：{moment(one.made)}，{one.actor}"]
        if one.hidden:
            lines.append(f"略去了部分栏目的：{one.hidden} 条。")
        if one.withheld:
            lines.append(f"按范围没有给的：{one.withheld} 条，以后可以补给。")
        if lacking:
            lines.append(f"有 {lacking} 份材料本机也没有原件，没有放进去。")
        self.about.setText("\n".join(lines))
        groups = [one.digest[at : at + 8] for at in range(0, len(one.digest), 8)]
        self.digest.setText(f"校验和：{' '.join(groups)}")
        self.folder_button.setVisible(path is not None)
        self.medium.setText(one.medium)
        self.secrecy.setText(one.secrecy or "内部")
        self.keeper.setText(one.keeper or self.session.actor())

    def _note(self) -> None:
        """Keeps the entry of the medium."""
        one, ledger = self.entry, self.session.ledger
        if one is None:
            return
        told = replace(
            one,
            medium=self.medium.text().strip(),
            secrecy=self.secrecy.text().strip(),
            keeper=self.keeper.text().strip(),
        )
        if told != one:
            self.entry = told
            self.session.run(
                lambda _work: journal.note(ledger, told),
                lambda _none: self.noted.emit(),
                self.bar.say,
                label="正在记下介质",
            )

    def made(self) -> Made:
        """The custody sheet."""
        self._note()
        one, ledger = self.entry, self.session.ledger
        assert one is not None
        unit = ledgers.own_unit(ledger, ledger)
        options = {
            "medium": self.medium.text().strip(),
            "secrecy": self.secrecy.text().strip(),
            "keeper": self.keeper.text().strip(),
            "content": f"{one.name}（{one.number} 号包，{one.changes} 条记录）",
            "digest": one.digest,
        }
        wanted = Wanted(
            unit=unit.id if unit is not None else "",
            day=clock.today(ledger.clock),
            options={name: value for name, value in options.items() if value},
        )
        return papers.made(ledger, papers.KINDS["custody"], wanted)

    def print(self) -> None:
        """Prints the custody sheet."""
        made = self.made()

        def done(paper: Paper) -> None:
            wish = preview_output.ask_printer(self, paper, serials=False)
            if wish is not None:
                preview_output.print_on(self.session, lambda _work: paper, wish, self.bar.say)

        self.session.run(lambda _work: set_paper(made), done, self.bar.say, label="正在排版")

    def save_as(self, ending: str) -> None:
        """Asks for a file and writes the custody sheet there."""
        made = self.made()
        path = preview_output.ask_path(self, f"介质流转单{self.medium.text().strip()}", ending)
        if path is not None:

            def make(_work: Work) -> Paper:
                return set_paper(made)

            preview_output.save(self.session, make, path, self.bar.say)

    def _folder(self) -> None:
        if self.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path.parent)))
