"""The tab 冲突: what two offices set differently, side by side; decided one by one, or many at once by a rule."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QSplitter, QStackedWidget, QWidget

from db.errors import Refusal
from db.schema.kinds import Stored
from desktop_app.gui.exchange_disputes import RULES, Dispute, Rule, Side, decide, decide_many, disputes, silent
from desktop_app.gui.exchange_sides import DisputeCard
from desktop_app.gui.lookup import clipped
from desktop_app.gui.session import Session
from desktop_app.gui.table import Blank, Column, Table, TablePane
from desktop_app.gui.widgets import Bar, column, label, row, scrolled

EMPTY = "没有冲突。两边改了同一处的，会列在这里等您裁定，不裁定也不影响别的工作。"


def _own(one: Dispute) -> list[Side]:
    return [side for side in one.sides if side.own] or list(one.sides[:1])


def _others(one: Dispute) -> list[Side]:
    own = _own(one)
    return [side for side in one.sides if side not in own]


def _values(sides: Sequence[Side]) -> str:
    return " / ".join(side.words for side in sides)


def _everybody(one: Dispute) -> str:
    return "\n".join(f"{side.office}（{side.who}）：{clipped(side.words, 200)}" for side in one.sides)


COLUMNS = (
    Column[Dispute]("单位", lambda one: one.unit or "各单位共用", least=120, most=200),
    Column[Dispute]("记录", lambda one: f"{one.register}：{clipped(one.title)}", wide=True, least=220),
    Column[Dispute]("项目", lambda one: one.field, least=110, most=160),
    Column[Dispute]("本单位的值", lambda one: clipped(_values(_own(one))), least=140, most=220),
    Column[Dispute]("对方的值", lambda one: clipped(_values(_others(one))), least=140, most=220),
    Column[Dispute]("等了", lambda one: one.age, lambda one: one.days, number=True, least=76),
)


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
        self.table: Table[Dispute] = Table(COLUMNS, "冲突", many=True, tip=_everybody, same=lambda one: one.key)
        self.table.remember(session, "conflicts")
        self.pane = TablePane(self.table, "没有符合筛选的。")
        self.card = DisputeCard(session)
        self._awaited: tuple[str, str, str] | None = None
        """Record, id and field of the conflict to be chosen as soon as it is there."""
        self.search = QLineEdit()
        self.rule = QPushButton("按规则裁定 ▾")
        self.total = label("", "small")
        self.body = QStackedWidget()
        self._lay_out()
        self.table.picked.connect(self._picked)
        self.search.textChanged.connect(lambda _words: self.refresh())
        self.card.decided.connect(self.decide)
        self.card.wanted.connect(self.wanted)
        self.bar.help_wanted.connect(session.help_wanted)

    def _lay_out(self) -> None:
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
        filled = QWidget()
        layout = column(filled, (0, 0, 0, 0), 12)
        layout.addLayout(row(self.search, self.total, 1, self.rule, spacing=12))
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(12)
        for part, least in ((self.pane, 96), (scrolled(self.card), 76)):
            part.setMinimumHeight(least)
            splitter.addWidget(part)
        splitter.setSizes([200, 320])
        splitter.setStretchFactor(0, 1)
        layout.addWidget(splitter, 1)
        self.body.addWidget(Blank(EMPTY))
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
        if self._awaited is not None:
            self.choose(*self._awaited)
            self._awaited = None

    def choose(self, record: str, identifier: str, field: str) -> None:
        """Chooses a conflict, at the latest when they are read next."""
        self._awaited = (record, identifier, field)
        self.search.clear()
        if self.table.choose(lambda one: one.key == self._awaited):
            self._awaited = None

    def refresh(self) -> None:
        """Filters again; the chosen one stays chosen, else the one that took its place."""
        wanted = self.search.text().split()
        shown = [one for one in self.all if all(word in _said(one) for word in wanted)]
        self.pane.show_rows(shown)
        self.total.setText(f"{len(shown)} 处" + (f"，共 {len(self.all)} 处" if len(shown) < len(self.all) else ""))

    def selected(self) -> list[Dispute]:
        """The chosen conflicts."""
        return self.table.selected()

    def chosen(self) -> Dispute | None:
        """The chosen conflict, the first of several."""
        return self.table.chosen()

    def _picked(self) -> None:
        found = self.selected()
        self.card.show_dispute(found[0] if len(found) == 1 else None, len(found))

    def step(self, by: int) -> None:
        """Alt+↓ and Alt+↑."""
        self.table.step(by)

    # -- deciding ----------------------------------------------------------------------------------------------------------

    def decide(self, one: Dispute, value: Stored) -> None:
        """Decides one."""
        ledger, actor = self.session.ledger, self.session.actor()
        self.session.do(
            lambda: decide(ledger, one, value, actor), lambda _outcome: self.bar.hide(), self.bar.say, act="decide"
        )

    def by_rule(self, rule: Rule) -> None:
        """Decides the chosen ones (one: all that are shown) by a rule; says how many it could not decide."""
        found = self.selected()
        wanted = found if len(found) > 1 else list(self.table.rows)
        ledger, actor = self.session.ledger, self.session.actor()

        def done(_outcome: object) -> None:
            left = silent(ledger, wanted, rule)
            if left:
                words = f"有 {left} 处不能按“{RULES[rule]}”裁定，留着没有动。"
                self.bar.say(Refusal(words, "请逐处裁定。", "exchange"))
            else:
                self.bar.hide()

        self.session.do(lambda: decide_many(ledger, wanted, rule, actor), done, self.bar.say, act="decide")


def _said(one: Dispute) -> str:
    sides = "".join(f"{side.office}{side.words}{side.who}" for side in one.sides)
    return f"{one.unit}{one.register}{one.title}{one.field}{sides}"
