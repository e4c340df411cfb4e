"""The tab 冲突: what two offices set differently, side by side; decided one by one, or many at once by a rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QWidget,
)

from db.errors import Refusal
from db.schema.kinds import Stored
from desktop_app.gui.exchange_disputes import RULES, Dispute, Rule, decide, decide_many, disputes, silent
from desktop_app.gui.exchange_sides import DisputeCard
from desktop_app.gui.lookup import clipped
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import Bar, column, label, row, scrolled

Index = QModelIndex | QPersistentModelIndex
COLUMNS = (("单位", 120), ("记录", 300), ("项目", 130), ("本单位的值", 180), ("对方的值", 180), ("等了", 76))
EMPTY = "没有冲突。两边改了同一处的，会列在这里等您裁定，不裁定也不影响别的工作。"


class DisputesModel(QAbstractTableModel):
    """Conflicts."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Dispute] = []

    def show(self, rows: Sequence[Dispute]) -> None:
        """Shows these."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section][0]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.rows[index.row()]
        own = [side for side in one.sides if side.own] or list(one.sides[:1])
        others = [side for side in one.sides if side not in own]
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                one.unit or "各单位共用",
                f"{one.register}：{clipped(one.title)}",
                one.field,
                clipped(" / ".join(side.words for side in own)),
                clipped(" / ".join(side.words for side in others)),
                one.age,
            )[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(f"{side.office}（{side.who}）：{clipped(side.words, 200)}" for side in one.sides)
        return None


class ConflictsPanel(QWidget):
    """The table, and the chosen conflict."""

    counted = Signal(int)
    """How many conflicts there are."""
    wanted = Signal(str, str)
    """Schema name and id of the record somebody wants to see whole."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.all: list[Dispute] = []
        self.bar = Bar()
        self.model = DisputesModel()
        self.table = QTableView()
        self.card = DisputeCard(session)
        self.search = QLineEdit()
        self.rule = QPushButton("按规则裁定 ▾")
        self.total = label("", "small")
        self.body = QStackedWidget()
        self._lay_out()
        self.table.selectionModel().selectionChanged.connect(lambda *_s: self._picked())
        self.search.textChanged.connect(lambda _words: self.refresh())
        self.card.decided.connect(self.decide)
        self.card.wanted.connect(self.wanted)
        self.bar.help_wanted.connect(session.help_wanted)

    def _lay_out(self) -> None:
        self.table.setModel(self.model)
        self.table.setAccessibleName("冲突")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(36)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        for at, (_title, wide) in enumerate(COLUMNS):
            self.table.setColumnWidth(at, wide)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.search.setPlaceholderText("筛选：记录、项目、内容（Ctrl+F）")
        self.search.setAccessibleName("筛选文字")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(300)
        menu = QMenu(self.rule)
        for rule, words in RULES.items():
            menu.addAction(words).triggered.connect(lambda _on=False, rule=rule: self.by_rule(rule))
        self.rule.setMenu(menu)
        self.rule.setToolTip("选中的几处一起裁定；只选了一处，就是列出的全部")
        self.rule.setAccessibleName("按规则裁定")
        blank = QFrame()
        blank.setProperty("role", "card")
        hint = label(EMPTY, "hint", wrap=True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column(blank, (48, 24, 48, 24), 12).addWidget(hint)
        filled = QWidget()
        layout = column(filled, (0, 0, 0, 0), 12)
        layout.addLayout(row(self.search, self.total, 1, self.rule, spacing=12))
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(12)
        for part in (self.table, scrolled(self.card)):
            part.setMinimumHeight(76)
            splitter.addWidget(part)
        splitter.setSizes([200, 320])
        splitter.setStretchFactor(0, 1)
        layout.addWidget(splitter, 1)
        self.body.addWidget(blank)
        self.body.addWidget(filled)
        whole = column(self, (0, 0, 0, 0), 12)
        whole.addWidget(self.bar)
        whole.addWidget(self.body, 1)

    # -- what is shown ---------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """The conflicts again."""
        ledger = self.session.ledger
        self.session.run(lambda _work: disputes(ledger), self.show_disputes, self.bar.say)

    def show_disputes(self, found: Sequence[Dispute]) -> None:
        """Shows conflicts."""
        self.all = list(found)
        self.body.setCurrentIndex(1 if found else 0)
        self.counted.emit(len(found))
        self.refresh()

    def refresh(self) -> None:
        """Filters again; the chosen one stays chosen, else the one that took its place."""
        before = self.chosen()
        at = self.model.rows.index(before) if before in self.model.rows else 0
        wanted = self.search.text().split()
        shown = [one for one in self.all if all(word in _said(one) for word in wanted)]
        self.model.show(shown)
        self.total.setText(f"{len(shown)} 处" + (f"，共 {len(self.all)} 处" if len(shown) < len(self.all) else ""))
        same = [i for i, one in enumerate(shown) if before is not None and one.key == before.key]
        if shown:
            self.table.selectRow(same[0] if same else min(at, len(shown) - 1))
        self._picked()

    def selected(self) -> list[Dispute]:
        """The chosen conflicts."""
        picked = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.rows[at] for at in picked if at < len(self.model.rows)]

    def chosen(self) -> Dispute | None:
        """The chosen conflict, the first of several."""
        found = self.selected()
        return found[0] if found else None

    def _picked(self) -> None:
        found = self.selected()
        self.card.show_dispute(found[0] if len(found) == 1 else None, len(found))

    def step(self, by: int) -> None:
        """Alt+↓ and Alt+↑."""
        found = self.selected()
        at = (self.model.rows.index(found[0]) if found else -1) + by
        if 0 <= at < len(self.model.rows):
            self.table.selectRow(at)

    # -- deciding ----------------------------------------------------------------------------------------------------------

    def decide(self, one: Dispute, value: Stored) -> None:
        """Decides one."""
        ledger, actor = self.session.ledger, self.session.actor()
        self.session.do(lambda: decide(ledger, one, value, actor), lambda _outcome: self.bar.hide(), self.bar.say)

    def by_rule(self, rule: Rule) -> None:
        """Decides the chosen ones (one: all that are shown) by a rule; says how many it could not decide."""
        found = self.selected()
        wanted = found if len(found) > 1 else list(self.model.rows)
        ledger, actor = self.session.ledger, self.session.actor()

        def done(_outcome: object) -> None:
            left = silent(ledger, wanted, rule)
            if left:
                words = f"有 {left} 处不能按“{RULES[rule]}”裁定，留着没有动。"
                self.bar.say(Refusal(words, "请逐处裁定。", "exchange"))
            else:
                self.bar.hide()

        self.session.do(lambda: decide_many(ledger, wanted, rule, actor), done, self.bar.say)


def _said(one: Dispute) -> str:
    sides = "".join(f"{side.office}{side.words}{side.who}" for side in one.sides)
    return f"{one.unit}{one.register}{one.title}{one.field}{sides}"
