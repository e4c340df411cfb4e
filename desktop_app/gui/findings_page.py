"""The page 检查: everything that does not add up, with its rule, its basis and what to do; opened at its row, or waived."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from db.ledger.change import Outcome
from desktop_app.gui import findings_model, problem_checks, theme
from desktop_app.gui.finding_card import FindingCard
from desktop_app.gui.findings_model import COLUMNS, OWN, Narrowing
from desktop_app.gui.narrowed import NarrowedChip
from desktop_app.gui.session import Session
from desktop_app.gui.table import Table, TablePane
from desktop_app.gui.widgets import column, label, row
from desktop_app.rectification.finding import SEVERITIES, Finding, Severity


class FindingsPage(QWidget):
    """The list of findings and the chosen one."""

    field_wanted = Signal(str, str, str)
    """Schema name and id of a record that is to be shown, and the field the cursor is to be put into ("": none)."""
    register_wanted = Signal(str, str)
    """Schema name of a register where something is missing, and the unit whose rows are to be shown."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.checks = problem_checks.shared(session)
        self.narrowing = Narrowing()
        self.totals = label("", "small")
        self.search = QLineEdit()
        self.search.setPlaceholderText("筛选：名称、规则、依据")
        self.search.setAccessibleName("筛选")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.category = QComboBox()
        self.category.setAccessibleName("类别")
        self.category.addItem("全部类别", None)
        self.waived = QCheckBox("已豁免的")
        self.narrowed = NarrowedChip()
        self.severity: Severity | None = None
        """The gravity another page asked to see; None all."""
        self.table: Table[Finding] = Table(COLUMNS, "查出的问题", tip=findings_model.told, same=findings_model.same)
        self.table.remember(session, "findings")
        self.pane = TablePane(self.table, "正在检查……")
        self.card = FindingCard(session)
        self._stale = True
        self._lay_out()
        self.checks.changed.connect(self._arrived)
        self.search.textChanged.connect(lambda _words: self._narrow())
        self.category.currentIndexChanged.connect(lambda _at: self._narrow())
        self.narrowed.cleared.connect(lambda: self.show_severity(None))
        self.waived.toggled.connect(lambda _on: self._narrow())
        self.table.picked.connect(self._picked)
        self.table.opened.connect(lambda _one: self.open())
        self.card.opened.connect(self.open)

    def _lay_out(self) -> None:
        self.search.setMinimumWidth(220)
        self.category.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.category.setMinimumWidth(180)
        layout = column(self, (24, 20, 24, 20), 12)
        layout.addLayout(row(label("检查", "page"), self.totals, 1, self.waived, spacing=12))
        tools = row(self.search, self.category, self.narrowed, 1, spacing=12)
        layout.addLayout(tools)
        layout.addWidget(self.pane, 1)
        layout.addWidget(self.card)

    # -- reading -----------------------------------------------------------------------------------------------------

    def _arrived(self) -> None:
        self._offer()
        counts = findings_model.counts(self.checks.found)
        told = [f"{SEVERITIES[severity]} {count}" for severity, count in counts.items() if count]
        waived = sum(one.waived is not None for one in self.checks.found)
        told += [f"已豁免 {waived}"] if waived else []
        self.totals.setText("，".join(told))
        self._narrow()

    def _offer(self) -> None:
        """The categories something was found in."""
        keys = dict.fromkeys(one.rule.partition(".")[0] for one in self.checks.found)
        titles = {key: one.title for key, one in self.session.ledger.definitions.items()}
        with QSignalBlocker(self.category):
            self.category.clear()
            self.category.addItem("全部类别", None)
            for key in sorted(keys, key=lambda one: [*titles, one].index(one) if one else -1):
                self.category.addItem(titles.get(key, key) if key else OWN, key)
            at = self.category.findData(self.narrowing.category)
            self.category.setCurrentIndex(max(at, 0))

    def _narrow(self) -> None:
        self.narrowing = Narrowing(
            self.category.currentData(), self.search.text(), self.waived.isChecked(), self.severity
        )
        narrowed = self.search.text() or self.category.currentIndex() > 0 or self.severity is not None
        blank = "没有豁免的。" if self.waived.isChecked() else "没有符合的。" if narrowed else "没有发现问题。"
        self.pane.show_rows(self.narrowing.of(self.checks.found), blank)

    def show_severity(self, severity: Severity | None) -> None:
        """Shows the findings of one gravity, whatever was filtered before; None shows what the filters let through."""
        self.severity = severity
        if severity is None:
            self.narrowed.clear()
        else:
            self.narrowed.say(SEVERITIES[severity])
            self.search.clear()
            self.waived.setChecked(False)
            self.category.setCurrentIndex(0)
        self._narrow()

    def chosen(self) -> Finding | None:
        """The chosen finding."""
        return self.table.chosen()

    def _picked(self) -> None:
        self.card.show_finding(self.chosen())

    # -- doing -------------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Shows the row the chosen finding is about, or the register where something is missing."""
        one = self.chosen()
        if one is None or not one.record:
            return
        if one.id:
            self.field_wanted.emit(one.record, one.id, one.field)
        else:
            self.register_wanted.emit(one.record, self.session.unit or "")

    def look_up(self) -> None:
        """Ctrl+F."""
        self.search.setFocus()
        self.search.selectAll()

    def step(self, by: int) -> None:
        """Alt+↓ and Alt+↑."""
        self.table.step(by)

    def arrive(self) -> None:
        """The page is shown."""
        if self._stale:
            self._stale = False
            self.checks.ask_soon()
        self.table.setFocus()

    def look(self) -> None:
        """Another unit or as-of day."""
        self._again()

    def hear(self, _outcome: Outcome) -> None:
        """Somebody did something."""
        self._again()

    def _again(self) -> None:
        """Checks again, when it is looked at."""
        self._stale = True
        if self.isVisible():
            self._stale = False
            self.checks.ask_soon()
