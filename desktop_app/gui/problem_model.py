"""The problems of a list as a Qt model: ids in order, headings that fold, lines read in pages off the thread."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from desktop_app.rectification.overview import ProblemRow
from desktop_app.rectification.problem_list import Group, Shown

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
UNSAVED = Qt.ItemDataRole.UserRole + 1
WARNED = Qt.ItemDataRole.UserRole + 2
OPEN = Qt.ItemDataRole.UserRole + 3
"""Whether a heading is unfolded."""

PAGE = 100
KEPT = 20_000
"""Lines remembered."""
COLUMNS = ("问题", "类别", "反馈方面", "单位", "责任人", "时限", "状态", "措施", "标签")
SORTS = ("printed", "category", "aspect", "unit", "person", "due", "state", "measures", "")
"""By what a click on the head of a column sorts; "": it does not."""


def named(one: ProblemRow) -> str:
    """Number and title of a problem."""
    return f"{one.number}. {one.title}" if one.number is not None else one.title


def due_words(one: ProblemRow) -> str:
    """The deadline of a problem as it is written, else its day."""
    return one.due_wording or (f"{one.due.year}年{one.due.month}月{one.due.day}日" if one.due else "")


class ProblemsModel(QAbstractTableModel):
    """What is shown of the problems. Those begun and not in the ledger yet stand at the head."""

    missing = Signal()
    """Lines are looked at that are not here: ``wanted`` says which."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()
        self.begun: list[ProblemRow] = []
        self.unsaved: frozenset[str] = frozenset()
        self.warned: Mapping[str, int] = {}
        self.folded: set[str] = set()
        self._lines: dict[str, ProblemRow] = {}
        self._tops: list[int] = []
        """Row of every heading."""
        self._count = 0
        self._blocks: dict[int, None] = {}

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show(self, shown: Shown, lines: Mapping[str, ProblemRow], begun: Sequence[ProblemRow] = ()) -> bool:
        """Shows these problems, with the lines that are here already; False when only lines changed."""
        begun = [one for one in begun if one.id not in shown.places]
        same = (shown.ids, shown.groups, [one.id for one in begun]) == (
            self.shown.ids,
            self.shown.groups,
            [one.id for one in self.begun],
        )
        if same:
            self.shown, self._lines, self.begun = shown, dict(lines), begun
            self._tell()
            return False
        self.beginResetModel()
        self.shown, self._lines, self.begun = shown, dict(lines), begun
        self._blocks = {}
        self._lay()
        self.endResetModel()
        return True

    def _lay(self) -> None:
        self._tops, row = [], 0
        for one in self.shown.groups:
            self._tops.append(row)
            row += 1 + (0 if one.key in self.folded else one.count)
        self._count = row if self.shown.groups else len(self.shown.ids)

    def fold(self, keys: Iterable[str]) -> None:
        """Folds these headings and unfolds all others."""
        self.beginResetModel()
        self.folded = set(keys)
        self._lay()
        self.endResetModel()

    def learn(self, lines: Mapping[str, ProblemRow]) -> None:
        """Lines that were missing have arrived."""
        if len(self._lines) > KEPT:
            self._lines = {}
        self._lines.update(lines)
        self._blocks = {}
        self._tell()

    def _tell(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(COLUMNS) - 1))

    def mark(self, unsaved: frozenset[str], warned: Mapping[str, int]) -> None:
        """Marks the problems with unsaved typing, and those with findings (how many)."""
        if (unsaved, warned) != (self.unsaved, self.warned):
            self.unsaved, self.warned = unsaved, warned
            self._tell()

    def wanted(self) -> list[str]:
        """The ids of the lines that were looked at and are not here."""
        ids = self.shown.ids
        return [
            one for block in self._blocks for one in ids[block * PAGE : (block + 1) * PAGE] if one not in self._lines
        ]

    # -- which row is which ------------------------------------------------------------------------------------------

    def group(self, row: int) -> Group | None:
        """The heading that stands in a row."""
        at = row - len(self.begun)
        if at < 0 or not self._tops:
            return None
        number = bisect_right(self._tops, at) - 1
        return self.shown.groups[number] if self._tops[number] == at else None

    def row_of(self, key: str) -> int:
        """The row of a heading; -1 where there is none."""
        found = (at for at, one in zip(self.headings(), self.shown.groups, strict=True) if one.key == key)
        return next(found, -1)

    def _place_of(self, row: int) -> int:
        """Row → place among the ids; -1 for a heading or a problem that was begun."""
        at = row - len(self.begun)
        if at < 0 or not self._tops:
            return at
        number = bisect_right(self._tops, at) - 1
        inside = at - self._tops[number]
        return self.shown.groups[number].first + inside - 1 if inside else -1

    def identifier(self, row: int) -> str:
        """The id of the problem in a row; "" for a heading."""
        if 0 <= row < len(self.begun):
            return self.begun[row].id
        at = self._place_of(row)
        return self.shown.ids[at] if 0 <= at < len(self.shown.ids) else ""

    def line(self, row: int) -> ProblemRow | None:
        """The line of a row; None for a heading, and for one that is not read yet (which begins its reading)."""
        if 0 <= row < len(self.begun):
            return self.begun[row]
        at = self._place_of(row)
        if not 0 <= at < len(self.shown.ids):
            return None
        found = self._lines.get(self.shown.ids[at])
        if found is None and at // PAGE not in self._blocks:
            self._blocks = {**dict.fromkeys(list(self._blocks)[-3:]), at // PAGE: None}
            self.missing.emit()
        return found

    def known(self, identifier: str) -> ProblemRow | None:
        """The line of a problem, if it is here."""
        return self._lines.get(identifier) or next((one for one in self.begun if one.id == identifier), None)

    def place(self, identifier: str) -> QModelIndex:
        """Where a problem stands; an invalid index when it is not shown, or folded away."""
        for row, one in enumerate(self.begun):
            if one.id == identifier:
                return self.index(row, 0)
        at = self.shown.places.get(identifier)
        if at is None:
            return QModelIndex()
        if not self.shown.groups:
            return self.index(at + len(self.begun), 0)
        number = bisect_right([one.first for one in self.shown.groups], at) - 1
        group = self.shown.groups[number]
        if group.key in self.folded:
            return QModelIndex()
        return self.index(len(self.begun) + self._tops[number] + 1 + at - group.first, 0)

    @property
    def rows(self) -> list[ProblemRow]:
        """The lines that are shown and here, from top to bottom."""
        found = (self._lines.get(one) for one in self.shown.ids)
        return [*self.begun, *(one for one in found if one is not None)]

    def headings(self) -> list[int]:
        """The rows in which headings stand."""
        return [top + len(self.begun) for top in self._tops]

    # -- Qt ----------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count + len(self.begun)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        group = self.group(index.row())
        if group is not None:
            return self._heading(group, index, role)
        one = self.line(index.row())
        if one is None:
            return None
        if role == ROW:
            return one
        if role == UNSAVED:
            return one.id in self.unsaved
        if role == WARNED:
            return self.warned.get(one.id, 0)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell(one, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            unsaved = "，未保存" if one.id in self.unsaved else ""
            return f"{named(one)}，{one.state_words}，措施完成 {one.measures_done}/{one.measures}{unsaved}"
        if role == Qt.ItemDataRole.ToolTipRole:
            tags = "标签：" + "、".join(one.tags) if one.tags else ""
            parts = [named(one), one.unit, one.category, one.person, due_words(one), one.state_words, tags]
            return "\n".join(part for part in parts if part)
        return None

    def _heading(self, group: Group, index: Index, role: int) -> Any:
        if role == ROW:
            return group
        if role == OPEN:
            return group.key not in self.folded
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) and index.column() == 0:
            return f"{group.title}　{group.count}"
        return None


def cell(one: ProblemRow, column: int) -> str:
    """What a column of the table shows of a problem."""
    steps = f"{one.measures_done}/{one.measures}" if one.measures else ""
    return (
        named(one),
        one.category,
        one.aspect,
        one.unit,
        one.person,
        due_words(one),
        one.state_words,
        steps,
        "、".join(one.tags),
    )[column]
