"""Two moments of the ledger beside each other: every record that is different, with every field."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from db.ledger import history
from db.schema.days import written
from desktop_app.gui import one_paper
from desktop_app.gui.day_field import DayField
from desktop_app.gui.history_cells import HistoryCells
from desktop_app.gui.save_menu import SaveMenu
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import button, column, label, row
from desktop_app.notices import changes_paper
from desktop_app.notices.tree import Document
from desktop_app.rectification import ledgers, looking_back
from desktop_app.rectification.looking_back import DEEDS, Difference

USUAL = timedelta(days=7)
"""How far back the first moment stands when the page is opened."""


class HistoryCompare(QWidget):
    """Two days; below them what became of the records in between."""

    wanted = Signal(str, str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._work: Work | None = None
        self._found: list[Difference] = []
        self._position = 0
        self.first = DayField("前一个时候", "哪一天")
        self.last = DayField("后一个时候", "现在")
        self.record = QComboBox()
        self.record.setAccessibleName("哪一类记录")
        self.record.setMinimumWidth(180)
        self.record.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.total = label("", "small")
        self.save_button = SaveMenu(self.save_as)
        self.print_button = button("打印…", self.print, "", "把列出的差别印成一张表（Ctrl+P）")
        self.cells = HistoryCells(session, "两个时候的差别", "请填前一个时候。")
        self.cells.wanted.connect(self.wanted)
        layout = column(self, (0, 0, 0, 0), 12)
        ends = label("（都按当天结束时）", "small")
        self.record.setMaximumWidth(220)
        layout.addLayout(row(label("从"), self.first, label("到"), self.last, ends, 1, spacing=8))
        layout.addLayout(row(self.record, self.total, 1, self.save_button, self.print_button, spacing=8))
        layout.addWidget(self.cells, 1)
        self.first.write(session.today() - USUAL)
        self.first.changed.connect(self.read)
        self.last.changed.connect(self.read)
        self.record.currentIndexChanged.connect(lambda _at: self._narrow())

    def read(self) -> None:
        """Compares again, off the thread."""
        first, last, facts = self.first.day(), self.last.day(), self.session.ledger
        if self._work is not None:
            self._work.cancel()
        if first is None:
            self._work = None
            self._show([], 0, "请填前一个时候。")
            return
        if last is not None and last < first:
            self._work = None
            self._show([], 0, "后一个时候要晚于前一个，请改日期。")
            return

        def compared(work: Work) -> tuple[list[Difference], int]:
            since = history.position_at(facts, looking_back.end_of(first))
            until = history.position_at(facts, looking_back.end_of(last)) if last is not None else facts.position()
            return looking_back.between(facts, since, until, work.cancelled), since

        def done(found: tuple[list[Difference], int]) -> None:
            if self._work is work:
                self._show(*found, "这两个时候的台账没有差别。")

        self._offer(False)
        self.total.setText("")
        self.cells.pane.say("正在对比……")
        work = self._work = self.session.run(compared, done)

    def _show(self, found: list[Difference], position: int, sentence: str) -> None:
        self._found, self._position = found, position
        chosen = self.record.currentData()
        counts: dict[tuple[str, str], int] = {}
        for one in found:
            counts[one.record, one.title] = counts.get((one.record, one.title), 0) + 1
        with QSignalBlocker(self.record):
            self.record.clear()
            self.record.addItem("全部记录", None)
            for (record, title), count in counts.items():
                self.record.addItem(f"{title} {count}", record)
            self.record.setCurrentIndex(max(0, self.record.findData(chosen)))
        self._narrow(sentence)

    def _narrow(self, sentence: str = "这两个时候的台账没有差别。") -> None:
        record = self.record.currentData()
        shown = [one for one in self._found if record in (None, one.record)]
        kinds = {words: sum(DEEDS[one.what] == words for one in shown) for words in DEEDS.values()}
        self.total.setText("，".join(f"{words} {count} 条" for words, count in kinds.items() if count))
        self.cells.show_differences(shown, self._position, sentence)
        self._offer(bool(shown))

    def _offer(self, there: bool) -> None:
        for one in (self.save_button, self.print_button):
            one.setEnabled(there)

    # -- on paper ------------------------------------------------------------------------------------------------------

    def document(self) -> Document:
        """What is shown, as a paper."""
        record, last, ledger = self.record.currentData(), self.last.day(), self.session.ledger
        shown = [one for one in self._found if record in (None, one.record)]
        first = self.first.day() or self.session.today()
        until = written(last) if last is not None else "现在"
        unit = ledgers.own_unit(ledger, ledger)
        between = f"{written(first)}结束时的台账与{until}{'结束时' if last is not None else ''}的相比"
        return changes_paper.compared(shown, between, (unit.name or "") if unit is not None else "")

    def print(self) -> None:
        """Ctrl+P."""
        one_paper.print_document(self, self.session, self.document(), self.session.refused.emit)

    def save_as(self, ending: str) -> None:
        """Asks for a file and writes what is shown there."""
        one_paper.save_document(self, self.session, self.document(), ending, self.session.refused.emit)
