"""Many problems changed at once: what is to change, what it would do to each, one button; one undo takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from db.errors import Refusal
from db.schema.links import Texts
from db.schema.records import SCHEMAS
from desktop_app.gui import lookup, theme
from desktop_app.gui.editor import Candidate, Editor, Surroundings
from desktop_app.gui.editors import editor
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import Bar, button, column, field, label, row, scrolled, told
from desktop_app.rectification import problem_batch
from desktop_app.rectification.problem_batch import Asked, Plan

SOON = 200
"""Milliseconds without a key until it is reckoned what would change."""
LISTED = 500
"""Lines of what would change that are listed; the rest is counted."""
EMPTY = "empty"
"""Empties the field: said for itself, so that nobody empties it by leaving the new content blank."""
HOWS = (("改为", "set"), ("只填空着的", "fill"), ("清空", EMPTY))
HOWS_OF_LISTS = (("添加", "add"), ("去掉", "remove"), ("改为", "set"), ("清空", EMPTY))


class BatchPane(QFrame):
    """The panel; ``left`` when it has done its work or is put away."""

    left = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.session = session
        self.ids: list[str] = []
        self.plan: Plan | None = None
        self._turn = 0
        self.title = label("", "page")
        self.fields = QComboBox()
        self.fields.setAccessibleName("改哪一项")
        kinds = SCHEMAS["problem"].kinds()
        for name in problem_batch.FIELDS:
            self.fields.addItem(kinds[name].label, name)
        self.how = QComboBox()
        self.how.setAccessibleName("怎样改")
        self.place = QWidget()
        self._place = column(self.place)
        self.editor: Editor | None = None
        self.wrong = label("", "wrong", wrap=True)
        self.summary = label("", "hint", wrap=True)
        self.bar = Bar()
        self.table = QTreeWidget()
        self.button = button("修改", self.change, "accent", "Ctrl+回车：做一次修改，可以撤销")
        self.away = button("不改了", self.left.emit, "", "Esc")
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(SOON)
        self._waiting.timeout.connect(self._reckon)
        self._lay_out()
        self.fields.currentIndexChanged.connect(lambda _at: self._other_field())
        self.how.currentIndexChanged.connect(lambda _at: self._asked_anew())
        self.bar.help_wanted.connect(session.help_wanted)
        for key, act in (("Esc", self.left.emit), ("Ctrl+Return", self.change), ("Ctrl+Enter", self.change)):
            QShortcut(QKeySequence(key), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._other_field()

    def _lay_out(self) -> None:
        table = self.table
        table.setHeaderLabels(["问题", "现在", "改为"])
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAccessibleName("修改前后")
        table.setTabKeyNavigation(False)
        table.setMinimumHeight(120)
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for at in (1, 2):
            table.header().setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
            table.setColumnWidth(at, 150)
        inner = QWidget()
        inner.setProperty("role", "surface")
        layout = column(inner, (24, 16, 24, 16), 12)
        layout.addWidget(self.title)
        layout.addWidget(self.bar)
        layout.addLayout(field("改哪一项", self.fields))
        layout.addLayout(field("怎样改", self.how))
        layout.addLayout(field("内容", self.place))
        layout.addWidget(self.wrong)
        layout.addWidget(label("修改前后", "group"))
        layout.addWidget(self.summary)
        layout.addWidget(table, 1)
        whole = column(self, (1, 1, 1, 1), 0)
        whole.addWidget(scrolled(inner), 1)
        foot = QWidget()
        foot.setLayout(row(1, self.away, self.button, spacing=12))
        foot.layout().setContentsMargins(24, 8, 24, 16)  # type: ignore[union-attr]
        whole.addWidget(foot)

    # -- what is asked for -------------------------------------------------------------------------------------------

    def open(self, ids: Sequence[str]) -> None:
        """Begins with these problems."""
        self.ids = list(ids)
        self.title.setText(f"批量修改 {len(self.ids)} 个问题")
        self.bar.hide()
        self._reckon()

    def choose(self, name: str, how: str = "set") -> None:
        """Chooses the field that is to change, and how."""
        self.fields.setCurrentIndex(self.fields.findData(name))
        self.how.setCurrentIndex(max(0, self.how.findData(how)))

    def _other_field(self) -> None:
        name = str(self.fields.currentData())
        kind = SCHEMAS["problem"].field(name).kind
        self.how.blockSignals(True)
        self.how.clear()
        for words, how in HOWS_OF_LISTS if isinstance(kind, Texts) else HOWS:
            self.how.addItem(words, how)
        self.how.blockSignals(False)
        if self.editor is not None:
            self._place.removeWidget(self.editor)
            self.editor.deleteLater()
        ledger = self.session.ledger
        around = Surroundings(self.session, self._candidates, lambda to, one: lookup.line(ledger, to, one), self._year)
        self.editor = editor(kind, around)
        self.editor.set_value(None)
        self.editor.changed.connect(self._asked_anew)
        self._place.addWidget(self.editor)
        self._asked_anew()

    def _asked_anew(self) -> None:
        """Something else is asked for: what was reckoned for the former is not done any more."""
        self.place.setEnabled(self.how.currentData() != EMPTY)
        self.button.setEnabled(False)
        self.plan = None
        self._waiting.start()

    def _year(self) -> int:
        return self.session.today().year

    def _candidates(self, name: str) -> Sequence[Candidate]:
        return lookup.candidates(self.session.ledger, SCHEMAS["problem"], {}, "", name)

    def _asked(self) -> Asked | None:
        """What is asked for; None, and said, where the words are none of their kind."""
        assert self.editor is not None
        self.wrong.hide()
        name, how = str(self.fields.currentData()), self.how.currentData()
        try:
            value: Any = self.editor.value()
        except Refusal as refusal:
            self.wrong.setText(told(refusal))
            self.wrong.show()
            return None
        if how == EMPTY:
            return Asked(name, None)
        return None if value is None else Asked(name, value, how)

    # -- what it would do --------------------------------------------------------------------------------------------

    def _reckon(self) -> None:
        self._turn += 1
        self._waiting.stop()
        turn, ledger, ids, asked = self._turn, self.session.ledger, list(self.ids), self._asked()
        self.button.setEnabled(False)
        if asked is None:
            self._show(None)
            return

        def done(found: Plan) -> None:
            if turn == self._turn:
                self._show(found)

        def failed(refusal: Refusal) -> None:
            if turn == self._turn:
                self._show(None)
                self.bar.say(refusal)

        self.session.run(lambda _work: problem_batch.plan(ledger, ids, asked), done, failed)

    def _show(self, plan: Plan | None) -> None:
        self.plan = plan
        self.table.clear()
        if plan is None:
            self.summary.setText("写好内容，这里列出每个问题修改前后的样子。")
            return
        for one in plan.refused[:LISTED]:
            item = QTreeWidgetItem(self.table, [one.name, one.before, f"不改：{one.refused}"])
            item.setForeground(2, theme.colour("overdue"))
            item.setToolTip(2, one.refused)
        for one in plan.changed[:LISTED]:
            item = QTreeWidgetItem(self.table, [one.name, one.before or "（空）", one.after or "（空）"])
            for at in range(3):
                item.setToolTip(at, item.text(at))
        parts = [f"要改 {len(plan.changed)} 个"]
        parts += [f"{len(plan.refused)} 个按规则不能改"] if plan.refused else []
        parts += [f"{plan.same} 个本来就是这样，不动"] if plan.same else []
        more = len(plan.changed) + len(plan.refused) - 2 * LISTED
        self.summary.setText("，".join(parts) + ("（下面列出一部分）" if more > 0 else "") + "。")
        self.button.setText(f"修改 {len(plan.changed)} 个问题" if plan.changed else "修改")
        self.button.setEnabled(bool(plan.changed) and self.session.ledger.writable)

    def change(self) -> None:
        """Does it, in one deed."""
        plan, session = self.plan, self.session
        if plan is None or not self.button.isEnabled():
            return
        self.button.setEnabled(False)

        def failed(refusal: Refusal) -> None:
            self.bar.say(refusal)
            self._reckon()

        session.do(
            lambda: problem_batch.change(session.ledger, plan, session.actor()), lambda _done: self.left.emit(), failed
        )

    def enter(self) -> None:
        """Puts the cursor where it begins."""
        self.fields.setFocus()
