"""What became of records: a line for every field that changed, one line for a record that came or went; before beside after,
the chosen line whole below, and the ways to put something back."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTextBrowser, QWidget

from desktop_app.gui.exchange_diff import marked
from desktop_app.gui.session import Session
from desktop_app.gui.table import Column, Table, TablePane
from desktop_app.gui.widgets import button, column, row
from desktop_app.rectification import looking_back
from desktop_app.rectification.looking_back import DEEDS, EMPTY, Cell, Difference

_NONE = Cell("", "", "", "")
_HIGHEST = 112
"""Pixels of the chosen text; longer ones are scrolled."""
_LONG = 24
"""Characters above which a text is shown whole below the table."""


@dataclass(frozen=True)
class Line:
    """One line of the table: a record, and the field of it that changed; ``_NONE`` for a record that came or went."""

    one: Difference
    cell: Cell

    def before(self) -> str:
        """What stood there."""
        if self.cell.field:
            return self.cell.before or EMPTY
        return _summed(self.one.cells, after=False)

    def after(self) -> str:
        """What stands there since."""
        if self.cell.field:
            return self.cell.after or EMPTY
        return _summed(self.one.cells, after=True)

    def whole(self) -> str:
        """Both as HTML, what differs marked; "" where the table shows all there is."""
        if self.cell.field:
            if max(len(self.cell.before), len(self.cell.after)) <= _LONG:
                return ""
            before, after = marked(self.cell.before, self.cell.after), marked(self.cell.after, self.cell.before)
            return f"<b>原来</b>　{before or EMPTY}<br><b>改成</b>　{after or EMPTY}"
        told = [(cell.label, cell.after or cell.before) for cell in self.one.cells]
        return "<br>".join(f"<b>{escape(name)}</b>　{marked(words, words)}" for name, words in told)


def _summed(cells: tuple[Cell, ...], *, after: bool) -> str:
    words = ((cell.label, cell.after if after else cell.before) for cell in cells)
    return "；".join(f"{name}：{told}" for name, told in words if told)


def lines(found: list[Difference]) -> list[Line]:
    """The fields of the records that changed, and one line for every other record."""
    return [
        Line(one, cell) for one in found for cell in (one.cells if one.what == "changed" and one.cells else (_NONE,))
    ]


COLUMNS = (
    Column[Line]("记录", lambda line: f"{line.one.title}　{line.one.line}", least=180, most=340),
    Column[Line]("怎么了", lambda line: DEEDS[line.one.what], least=72, most=72),
    Column[Line]("栏目", lambda line: line.cell.label, least=96, most=180),
    Column[Line]("原来", Line.before, least=120, most=320),
    Column[Line]("改成", Line.after, wide=True, least=160),
)


class HistoryCells(QWidget):
    """The table, the chosen text whole with its differences marked, and 放回这一项 / 放回整条 / 看这条记录."""

    wanted = Signal(str, str)
    """Show that record on its own page."""

    def __init__(self, session: Session, name: str, sentence: str) -> None:
        super().__init__()
        self.session = session
        self._position = 0
        self.table: Table[Line] = Table(COLUMNS, name, same=lambda one: (one.one.record, one.one.id, one.cell.field))
        self.table.remember(session, "differences")
        self.pane = TablePane(self.table, sentence)
        self.whole = QTextBrowser()
        self.whole.setAccessibleName("选中的内容")
        self.whole.setProperty("role", "quiet")
        self.whole.setMaximumHeight(_HIGHEST)
        self.value = button("放回这一项", self.value_back, "", "把这一项改回“原来”的内容；可以再撤销")
        self.record = button(
            "放回整条记录", self.record_back, "", "把这条记录连同它的措施、佐证等放回到改动之前的样子；可以再撤销"
        )
        self.show_it = button("看这条记录", self._show, "link")
        layout = column(self, (0, 0, 0, 0), 8)
        layout.addWidget(self.pane, 1)
        layout.addWidget(self.whole)
        self.deeds = row(self.value, self.record, 1, self.show_it, spacing=8)
        layout.addLayout(self.deeds)
        self.table.picked.connect(self._picked)
        self.table.opened.connect(lambda _line: self._show())
        self._picked()

    def show_differences(self, found: list[Difference], position: int, sentence: str = "") -> None:
        """Shows what became of records since the log held ``position`` changes."""
        self._position = position
        self.pane.show_rows(lines(found), sentence)

    def _picked(self) -> None:
        line = self.table.chosen()
        writable = self.session.ledger.writable
        self.value.setEnabled(line is not None and bool(line.cell.field) and line.one.what == "changed" and writable)
        self.record.setEnabled(line is not None and line.one.what != "new" and writable)
        self.show_it.setEnabled(line is not None)
        for one in (self.value, self.record):
            one.setVisible(writable)
        words = line.whole() if line is not None else ""
        self.whole.setHtml(words)
        self.whole.setVisible(bool(words))

    def value_back(self) -> None:
        """Gives the chosen field its former value."""
        line, session = self.table.chosen(), self.session
        if line is None:
            return
        ledger, position = session.ledger, self._position
        where = (line.one.record, line.one.id, line.cell.field)
        session.do(lambda: ledger.act(looking_back.value_back(ledger, *where, position, session.actor())))

    def record_back(self) -> None:
        """Makes the chosen record as it was."""
        line, session = self.table.chosen(), self.session
        if line is None:
            return
        ledger, position = session.ledger, self._position
        where = (line.one.record, line.one.id)
        session.do(lambda: ledger.act(looking_back.record_back(ledger, *where, position, session.actor())))

    def _show(self) -> None:
        line = self.table.chosen()
        if line is not None:
            self.wanted.emit(line.one.record, line.one.id)
