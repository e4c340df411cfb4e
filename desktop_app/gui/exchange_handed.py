"""A package that was written: number, checksum, what is in it; and the custody sheet of the medium it goes on."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from db import clock
from desktop_app.gui import preview_output
from desktop_app.gui.exchange_drop import size
from desktop_app.gui.exchange_jobs import Sent, called
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

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.sent: Sent | None = None
        self.bar = Bar()
        self.title = label("", "group", wrap=True)
        self.about = label("", wrap=True)
        self.digest = label("", wrap=True)
        for one in (self.about, self.digest):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.medium, self.secrecy, self.keeper = QLineEdit(), QLineEdit("内部"), QLineEdit(session.actor())
        self.print_button = button("打印流转单…", self.print, "accent")
        self.save_button = SaveMenu(self.save_as)
        self.folder_button = button("打开所在文件夹", self._folder)
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
        for title, box in (("介质编号", self.medium), ("密级", self.secrecy), ("责任人", self.keeper)):
            box.setAccessibleName(title)
            line.addLayout(field(title, box))
        inner.addLayout(line)
        inner.addLayout(row(self.print_button, self.save_button, 1))
        layout = column(self, (0, 0, 0, 0), 12)
        layout.addWidget(self.bar)
        layout.addWidget(card)
        layout.addLayout(row(self.folder_button, button("再交一份", self.again.emit), 1))
        layout.addStretch(1)

    def show_sent(self, sent: Sent) -> None:
        """Shows a package."""
        self.sent = sent
        self.bar.hide()
        made = sent.packed
        self.title.setText(f"已交出：{made.path.name}（{made.number} 号包）")
        to = called(sent.to) if sent.to is not None else "全部单位"
        parts = [
            f"{made.changes} 条记录",
            f"{made.papers} 份材料",
            size(made.size),
            "已加密" if sent.sealed else "没有加密",
        ]
        lines = [f"交给：{to}", f"内容：{'，'.join(parts)}", f"位置：{made.path}"]
        if made.withheld:
            lines.append(f"按规定没有给的：{made.withheld} 条，以后可以补给。")
        if made.lacking:
            lines.append(f"有 {len(made.lacking)} 份材料本机也没有原件，没有放进去。")
        self.about.setText("\n".join(lines))
        groups = [sent.digest[at : at + 8] for at in range(0, len(sent.digest), 8)]
        self.digest.setText(f"校验和：{' '.join(groups)}")

    def made(self) -> Made:
        """The custody sheet."""
        sent, ledger = self.sent, self.session.ledger
        assert sent is not None
        unit = ledgers.own_unit(ledger, ledger)
        options = {
            "medium": self.medium.text().strip(),
            "secrecy": self.secrecy.text().strip(),
            "keeper": self.keeper.text().strip(),
            "content": f"{sent.packed.path.name}（{sent.packed.number} 号包，{sent.packed.changes} 条记录）",
            "digest": sent.digest,
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
        if self.sent is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.sent.packed.path.parent)))
