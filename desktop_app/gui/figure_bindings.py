"""All numbers of a problem that may come from registers, in one list: looked through, ticked, bound in one deed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from db.ledger.change import Outcome
from db.schema.composite import Quantity
from db.schema.records import Figure, Problem
from desktop_app.gui.editor import Subject
from desktop_app.gui.figure_place import place_of
from desktop_app.gui.lists import PartsPane
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row
from desktop_app.intake import bindings
from desktop_app.intake.bindings import Proposal
from desktop_app.rectification.figures import Names, bound_to

Pairs = list[tuple[Figure, list[Proposal]]]
LINE, TALLEST = 28, 12
"""Pixels of a line, lines shown before the list scrolls."""


class BindingList(QWidget):
    """What is offered for the unbound figures of the shown problem."""

    def __init__(self, session: Session, parts: PartsPane) -> None:
        super().__init__()
        self.session = session
        self.parts = parts
        self.pairs: Pairs = []
        self._turn = 0
        self.said = label("", "small", wrap=True)
        self.fold = button("逐个核对并绑定", self.turn, "link")
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(["数据", "正文里的数", "可能来自指标", "台账现在"])
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAccessibleName("可以绑定指标的数据")
        header = self.tree.header()
        header.setStretchLastSection(False)
        for at, width in ((1, 110), (3, 120)):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(at, width)
        for at in (0, 2):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        self.bind = button("绑定勾选的", self.bind_ticked, "", "这些数改由指标汇总，正文里的数换成名称；可以撤销")
        layout = column(self, spacing=8)
        top = row(self.said, self.fold)
        top.setStretch(0, 1)
        layout.addLayout(top)
        layout.addWidget(self.tree)
        layout.addLayout(row(1, self.bind))
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(100)
        self._waiting.timeout.connect(self.look)
        home = parts.layout()
        assert isinstance(home, QVBoxLayout)
        home.insertWidget(1, self)
        self._unfold(False)
        self.hide()
        self.tree.itemChanged.connect(lambda _item, _column: self._count())
        parts.counted.connect(lambda _of: self._waiting.start())
        parts.installEventFilter(self)
        session.announced.connect(self._heard)
        session.looked.connect(self._waiting.start)
        self._waiting.start()

    def _heard(self, _outcome: Outcome) -> None:
        if self.parts.isVisible():
            self._waiting.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What happened while the tab was not shown is read when it is."""
        if event.type() == QEvent.Type.Show:
            self._waiting.start()
        return super().eventFilter(watched, event)

    def turn(self) -> None:
        """Shows the list, or puts it away."""
        self._unfold(self.tree.isHidden())

    def _unfold(self, shown: bool) -> None:
        self.tree.setVisible(shown)
        self.bind.setVisible(shown)
        self.fold.setText("收起" if shown else "逐个核对并绑定")

    # -- reading -----------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Reads what may be bound, off the thread."""
        self._turn += 1
        turn, owner, facts, today = self._turn, self.parts.owner, self.session.ledger, self.session.today()

        def job(_work: object) -> Pairs:
            problem = facts.get(Problem, owner)
            place = place_of(facts, Subject("measure", "", {"problem": owner}), today)
            if problem is None or place is None:
                return []
            names = Names(facts, place.day)
            known = [one for one in names.figures(problem) if bound_to(one) is None]
            told = [(one, bindings.proposals(facts, one, problem, place.day, names)) for one in known]
            return [(one, offered) for one, offered in told if offered]

        self.session.run(job, lambda pairs: self._arrived(turn, pairs))

    def _arrived(self, turn: int, pairs: Pairs) -> None:
        if turn != self._turn:
            return
        kept = {figure.id for figure, _offered in self.ticked()} if self.pairs else None
        self.pairs = pairs
        self.tree.blockSignals(True)
        self.tree.clear()
        for figure, offered in pairs:
            best = offered[0]
            value = Quantity("").show(figure.value) if figure.value is not None else ""
            source = f"{best.title}（{best.period}）" if best.period else best.title
            now = best.now.words if best.now.rows else "还没有记录"
            item = QTreeWidgetItem([figure.name or "", value, source, now])
            ticked = bindings.sure(offered) if kept is None else figure.id in kept
            item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            item.setSizeHint(0, QSize(0, LINE))
            item.setToolTip(0, figure.context or "")
            item.setToolTip(2, "；".join(one.title for one in offered))
            self.tree.addTopLevelItem(item)
        self.tree.blockSignals(False)
        lines = min(len(pairs), TALLEST)
        self.tree.setFixedHeight(self.tree.header().sizeHint().height() + lines * (LINE + 2) + 4)
        self.said.setText(f"有 {len(pairs)} 个手填的数可能来自分类台账。")
        self.setVisible(bool(pairs))
        self._count()

    def _count(self) -> None:
        count = len(self.ticked())
        self.bind.setText(f"绑定勾选的 {count} 个" if count else "绑定勾选的")
        self.bind.setEnabled(bool(count))

    def ticked(self) -> Sequence[tuple[Figure, Proposal]]:
        """The figures that are ticked, each with its best proposal."""
        found = []
        for at, (figure, offered) in enumerate(self.pairs):
            item = self.tree.topLevelItem(at)
            if item is not None and item.checkState(0) == Qt.CheckState.Checked:
                found.append((figure, offered[0]))
        return found

    def bind_ticked(self) -> None:
        """Binds what is ticked, in one deed."""
        session, pairs = self.session, list(self.ticked())
        if pairs:
            session.do(lambda: bindings.bind_all(session.ledger, pairs, session.actor()))
