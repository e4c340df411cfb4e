"""The tab 义务日历: a line for each duty of each who owes it, the months of a year beside it; a cell leads to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QComboBox, QHeaderView, QTableView, QWidget

from db.ledger.facts import Facts
from desktop_app.gui import theme
from desktop_app.gui.chips import FilterChip
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import button, column, label, row
from desktop_app.rectification import duty_calendar
from desktop_app.rectification.duty_calendar import MONTHS, STATES, DutyCell, DutyLine
from desktop_app.rectification.reminders import Reminder

Index = QModelIndex | QPersistentModelIndex
BACK = 9
"""Years before this one that can be chosen."""
LED = 2
"""Columns before the months."""
MOST_FOLLOWED = 4
"""Rows that call for something else, named below the calendar."""
TITLE, MONTH = 240, 54
"""Pixels of the name of a duty at least, and of a month."""
_TINTS = {"done": "done", "ahead": "secondary", "missing": "overdue", "none": "secondary"}


class CalendarModel(QAbstractTableModel):
    """The lines that are shown; a cell of several months stands in the first of them, the others are covered by it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[DutyLine] = []

    def show(self, lines: Sequence[DutyLine]) -> None:
        """Shows these."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def cell(self, index: Index) -> DutyCell | None:
        """The cell of a period; None beside the months."""
        month = index.column() - LED
        return (
            next((c for c in self.lines[index.row()].cells if c.first <= month <= c.last), None) if month >= 0 else None
        )

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else LED + MONTHS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return ("义务", "对象")[section] if section < LED else f"{section - LED + 1}月"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section < LED else Qt.AlignmentFlag.AlignHCenter
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, cell = self.lines[index.row()], self.cell(index)
        if cell is None:
            return self._led(index, line, role)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.words
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.colour(_TINTS[cell.state])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter)
        if role == Qt.ItemDataRole.FontRole and cell.state == "missing":
            font = QFont(theme.face())
            font.setPixelSize(14)
            font.setWeight(QFont.Weight.DemiBold)
            return font
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return told(line, cell)
        return None

    def _led(self, index: Index, line: DutyLine, role: int) -> Any:
        """The words before the months; a duty is named once, above the first who owes it."""
        same = index.row() > 0 and self.lines[index.row() - 1].rule == line.rule
        words = (f"{line.title}（{line.every}）", line.subject or "本单位")[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if same and index.column() == 0 else words
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return words
        return None


def told(line: DutyLine, cell: DutyCell) -> str:
    """A cell in words."""
    months = f"{cell.first + 1}月" if cell.first == cell.last else f"{cell.first + 1}至{cell.last + 1}月"
    whose = f"{line.subject}，" if line.subject else ""
    state = STATES[cell.state][1]
    if cell.owed > 1:
        state = f"应有 {cell.owed} 次，已做 {cell.kept} 次" + (f"，缺 {cell.missed} 次" if cell.missed else "")
    elif cell.day is not None:
        state += f"，{cell.day}" if cell.state == "done" else f"，期限 {cell.day}"
    return f"{line.title}：{whose}{months}{state}"


class DutyCalendar(QWidget):
    """Choosers, the calendar, what each sign means, and what calls for something else."""

    door_wanted = Signal(object)
    """Door: the rows of a cell."""
    opened = Signal(object)
    """Reminder: one of those below the calendar."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.all: list[DutyLine] = []
        self.followed: list[Reminder] = []
        self.wanted: tuple[str, str] = ("", "")
        """Rule and subject of the line that is to be chosen once it is read."""
        self._turn = 0
        self.year = QComboBox()
        self.year.setAccessibleName("年份")
        self.category = FilterChip("全部类别")
        self.lacking = QCheckBox("只看有缺的")
        self.model = CalendarModel()
        self.table = QTableView()
        self.nothing = label("正在查……", "hint", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.legend = label("  ".join(f"{sign} {words}" for sign, words in STATES.values()), "small")
        self.below = QWidget()
        column(self.below, (0, 0, 0, 0), 0)
        self._lay_out()
        self._years()
        self.year.currentIndexChanged.connect(lambda _at: self.read())
        self.category.chosen.connect(self.refresh)
        self.lacking.toggled.connect(lambda _on: self.refresh())
        self.table.clicked.connect(self._open)
        self.table.activated.connect(self._open)

    def _lay_out(self) -> None:
        self.table.setModel(self.model)
        self.table.setAccessibleName("义务日历")
        self.table.setShowGrid(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(34)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(50)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for at, width in enumerate((TITLE, 130, *(MONTH for _ in range(MONTHS)))):
            self.table.setColumnWidth(at, width)
        layout = column(self, (0, 0, 0, 0), 12)
        layout.addLayout(row(self.year, self.category, self.lacking, 1, self.legend, spacing=12))
        layout.addWidget(self.table, 1)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(self.below)
        self.table.hide()

    def _years(self) -> None:
        now = self.session.today().year
        with QSignalBlocker(self.year):
            chosen = self.year.currentData() or now
            self.year.clear()
            for year in sorted({*range(now - BACK, now + 2), chosen}, reverse=True):
                self.year.addItem(f"{year}年", year)
            self.year.setCurrentIndex(self.year.findData(chosen))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name of a duty gets the room that is left."""
        super().resizeEvent(event)
        others = sum(self.table.columnWidth(at) for at in range(1, LED + MONTHS))
        bar = self.table.verticalScrollBar().sizeHint().width()
        self.table.setColumnWidth(0, max(TITLE, event.size().width() - others - bar - 4))

    # -- reading -----------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Reads the chosen year, off the thread."""
        self._turn += 1
        turn, facts, year = self._turn, self.session.ledger, int(self.year.currentData())
        today, unit = self.session.today(), self.session.unit

        def job(_work: Work) -> list[DutyLine]:
            return _lines(facts, year, today, unit)

        def done(found: list[DutyLine]) -> None:
            if turn == self._turn:
                self.all = found
                self._offer()
                self.refresh()

        self.session.run(job, done)

    def _offer(self) -> None:
        definitions = self.session.ledger.definitions
        keys = dict.fromkeys(one.category for one in self.all)
        self.category.offer([(key, definitions[key].title or key) for key in keys if key in definitions])

    def refresh(self) -> None:
        """Shows the lines that the choosers let."""
        key, lacking = self.category.value, self.lacking.isChecked()
        shown = [one for one in self.all if key in ("", one.category) and (not lacking or one.missed)]
        self.model.show(shown)
        self.table.clearSpans()
        for at, line in enumerate(shown):
            for cell in line.cells:
                if cell.last > cell.first:
                    self.table.setSpan(at, LED + cell.first, 1, cell.last - cell.first + 1)
        self.table.setVisible(bool(shown))
        self.nothing.setVisible(not shown)
        self.nothing.setText(
            "这一年没有缺的。"
            if self.all and lacking
            else "这一年没有定期的义务。用到哪个类别的登记表，它的义务就列在这里。"
        )
        self._choose()
        self._follow()

    def choose(self, rule: str, subject: str) -> None:
        """Goes to the line of a duty, whatever the choosers say."""
        self.wanted = (rule, subject)
        self.lacking.setChecked(False)
        if self.category.value:
            self.category.choose("")
        self._choose()

    def _choose(self) -> None:
        rule, subject = self.wanted
        for at, line in enumerate(self.model.lines):
            if rule == line.rule and subject in ("", str(line.value), line.subject):
                missing = next((c.first for c in line.cells if c.state == "missing"), 0)
                self.table.setCurrentIndex(self.model.index(at, LED + missing))
                self.table.scrollTo(self.model.index(at, 0))
                self.wanted = ("", "")
                return

    # -- what calls for something else -------------------------------------------------------------------------------

    def follow(self, found: Sequence[Reminder]) -> None:
        """Takes the reminders: of the registers with duties, rows that call for a row of another one are named below."""
        self.followed = [one for one in found if one.finding.code == "matched"]
        self._follow()

    def _follow(self) -> None:
        registers = {one.register for one in self.model.lines}
        some = [one for one in self.followed if one.finding.record in registers]
        made = QWidget()
        layout = column(made, (0, 0, 0, 0), 2)
        if some:
            layout.addWidget(label(f"由此要办的 {len(some)} 项", "group"))
        for one in some[:MOST_FOLLOWED]:
            line = button(f"！ {one.finding.sentence}", partial(self.opened.emit, one), "link", one.finding.advice)
            layout.addLayout(row(line, 1))
        if len(some) > MOST_FOLLOWED:
            layout.addWidget(label(f"还有 {len(some) - MOST_FOLLOWED} 项，见“预警”。", "small"))
        old = self.below
        layout_of = self.layout()
        assert layout_of is not None
        layout_of.replaceWidget(old, made)
        old.deleteLater()
        self.below = made
        made.setVisible(bool(some))

    def _open(self, index: QModelIndex) -> None:
        line, cell = self.model.lines[index.row()], self.model.cell(index)
        if cell is not None and cell.state == "none":
            return
        facts, today = self.session.ledger, self.session.today()
        self.door_wanted.emit(duty_calendar.door(facts, line, cell, today))


def _lines(facts: Facts, year: int, today: date, unit: str | None) -> list[DutyLine]:
    return duty_calendar.lines(facts, year, today, unit)
