"""What of the ledger is handed over: of which units, up to which publicity; and in numbers what goes and what stays here."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem, QWidget

from db.errors import Refusal
from db.exchange.estimate import Estimate, estimate
from db.exchange.peers import Peer
from db.exchange.policy import ORDINARY, Policy
from db.schema.kinds import Publicity
from desktop_app.gui import exchange_jobs
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import column, field, label, row
from desktop_app.rectification import ledgers, recipients
from desktop_app.rectification.recipients import Recipient

LEVELS: dict[Publicity, str] = {
    "internal": "通常：标为“不公开”的和涉密登记表不交",
    "public": "只交可以公开的",
    "secret": "连同涉密登记和“不公开”的一起交",
}
SECRET = "含涉密内容：请用涉密介质存放、按保密规定交接，并选一种加密。"
LATER = "以前按范围没有给过的，要选“全部内容”才会补给对方。"
ALL, CHOSEN = "", "…"
ANYBODY = "一般单位（不略去栏目）"
QUIET = 300
"""Milliseconds after the last choice until it is counted."""
_LINES, _LINE = 4, 30
"""Units that are seen at once, and pixels of each."""


class ScopeForm(QWidget):
    """Units and publicity, and the count below them."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.estimate: Estimate | None = None
        self.units = QComboBox()
        self.some = QListWidget()
        self.level = QComboBox()
        self.recipient = QComboBox()
        self.about = label("", "small", wrap=True)
        self.count = label("", "small", wrap=True)
        self.warning = label("", "unsaved", wrap=True)
        self._titles: dict[str, str] = {}
        self._known: dict[str, Recipient] = {}
        self._to: Peer | None = None
        self._everything = True
        self._work: Work | None = None
        self._timer = QTimer(self, singleShot=True, interval=QUIET)
        self._timer.timeout.connect(self._reckon)
        for value, words in LEVELS.items():
            self.level.addItem(words, value)
        for box, name in (
            (self.units, "哪些单位的"),
            (self.some, "选几个单位"),
            (self.level, "公开级别"),
            (self.recipient, "收件单位种类"),
        ):
            box.setAccessibleName(name)
        self.some.setFixedHeight(_LINES * _LINE + 4)
        layout = column(self, (0, 0, 0, 0), 8)
        layout.addLayout(field("收件单位种类", self.recipient, self.about))
        both = row(spacing=12)
        both.addLayout(field("哪些单位的", self.units), 1)
        both.addLayout(field("公开级别", self.level), 1)
        layout.addLayout(both)
        for part in (self.some, self.warning, self.count):
            layout.addWidget(part)
        self.units.currentIndexChanged.connect(lambda _at: self._chosen())
        self.recipient.currentIndexChanged.connect(lambda _at: self._profiled())
        self.level.currentIndexChanged.connect(lambda _at: self._chosen())
        self.some.itemChanged.connect(lambda _item: self._chosen())
        self._chosen()

    # -- what is offered -------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """The units again; what was ticked stays ticked."""
        ledger = self.session.ledger
        names, own = exchange_jobs.units(ledger), ledgers.own_unit(ledger, ledger)
        ticked, before = self.ticked(), self.units.currentData()
        with QSignalBlocker(self.units), QSignalBlocker(self.some):
            self.units.clear()
            self.units.addItem("全部单位", ALL)
            if own is not None and len(names) > 1:
                self.units.addItem(f"只交“{names.get(own.id, '')}”的", own.id)
                self.units.addItem("选几个单位…", CHOSEN)
            self.units.setCurrentIndex(max(0, self.units.findData(before)))
            self.some.clear()
            for identifier, name in names.items():
                item = QListWidgetItem(name, self.some)
                item.setSizeHint(QSize(0, _LINE))
                item.setData(Qt.ItemDataRole.UserRole, identifier)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if identifier in ticked else Qt.CheckState.Unchecked)
        known, chosen = recipients.recipients(ledger), self.recipient.currentData()
        with QSignalBlocker(self.recipient):
            self.recipient.clear()
            self.recipient.addItem(ANYBODY, "")
            for name in known:
                self.recipient.addItem(name, name)
            self.recipient.setCurrentIndex(max(0, self.recipient.findData(chosen)))
        self._known = known
        self._titles = {name: one.schema.title for name, one in ledger.tables.records.items()}
        self._chosen()

    def ticked(self) -> set[str]:
        """The units that are ticked, by id."""
        items = [self.some.item(at) for at in range(self.some.count())]
        return {str(one.data(Qt.ItemDataRole.UserRole)) for one in items if one.checkState() == Qt.CheckState.Checked}

    def policy(self) -> Policy:
        """What may leave; ``Refusal`` where no unit is ticked."""
        wanted = self.units.currentData()
        units = None if wanted == ALL else frozenset({str(wanted)})
        if wanted == CHOSEN:
            units = frozenset(self.ticked())
            if not units:
                raise Refusal("请至少选一个单位。")
        profile = self._known.get(self.recipient.currentData())
        base = profile.policy if profile is not None else ORDINARY
        return replace(base, units=units, level=self.level.currentData())

    def reckon_for(self, to: Peer | None, *, everything: bool) -> None:
        """Counts for another recipient, or for all instead of what he lacks."""
        if to is not None and (self._to is None or self._to.id != to.id):
            named = recipients.for_peer(self.session.ledger, to).name
            self.recipient.setCurrentIndex(max(0, self.recipient.findData(named)))
        self._to, self._everything = to, everything
        self._chosen()

    def _profiled(self) -> None:
        """Another sort of recipient: what it may get at most is chosen with it."""
        profile = self._known.get(self.recipient.currentData())
        level = (profile.policy if profile is not None else ORDINARY).level
        with QSignalBlocker(self.level):
            self.level.setCurrentIndex(self.level.findData(level))
        self._chosen()

    # -- in numbers ------------------------------------------------------------------------------------------------------

    def _chosen(self) -> None:
        profile = self._known.get(self.recipient.currentData())
        self.about.setText(f"{profile.about}。" if profile is not None and profile.about else "")
        self.about.setVisible(bool(self.about.text()))
        self.some.setVisible(self.units.currentData() == CHOSEN)
        words = [SECRET] if self.level.currentData() == "secret" else []
        narrow = self.level.currentData() == "secret" or self.units.currentData() == CHOSEN
        words += [LATER] if narrow and self._to is not None and not self._everything else []
        self.warning.setText("".join(words))
        self.warning.setVisible(bool(words))
        self.estimate = None
        self._timer.start()
        self.changed.emit()

    def _reckon(self) -> None:
        if self._work is not None:
            self._work.cancel()
        try:
            policy = self.policy()
        except Refusal as refusal:
            self.count.setText(refusal.sentence)
            return
        ledger = self.session.ledger
        seen = None if self._everything or self._to is None else self._to.holds
        self.count.setText("正在计算会交出多少……")

        def job(work: Work) -> Estimate:
            return estimate(ledger, seen, policy, cancelled=work.cancelled)

        def done(found: Estimate) -> None:
            if self._work is made:
                self.estimate, self._work = found, None
                self.count.setText(self.told(found))

        def failed(refusal: Refusal) -> None:
            if self._work is made:
                self._work = None
                self.count.setText(refusal.sentence)

        made = self._work = self.session.run(job, done, failed)

    def told(self, found: Estimate) -> str:
        """The count in a sentence or two."""
        hidden = f"（其中 {found.hidden} 条略去了部分栏目）" if found.hidden else ""
        parts = [f"将交出 {found.going} 条记录{hidden}" if found.going else "按这样选，没有可以交出的内容"]
        if found.withheld:
            ranked = sorted(found.staying.items(), key=lambda pair: -pair[1])
            named = "、".join(f"{self._titles.get(record, '登记表')} {count} 条" for record, count in ranked[:4])
            more = "等" if len(ranked) > 4 else ""
            parts.append(f"留在本单位不交 {found.withheld} 条（{named}{more}）")
        if found.foreign:
            parts.append(f"另有 {found.foreign} 条别的单位没有给本单位，只带编号")
        return "；".join(parts) + "。"
