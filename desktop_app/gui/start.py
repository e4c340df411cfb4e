"""The first page: recent ledgers, a new one, one from a file, the sample.

A new ledger is asked for its unit and, who knows it already, the round of inspection; Enter leads from field to field and from
the last one into the ledger. A recent ledger that is not where it was stands there in grey, with a sentence and a way to take it off
the list; whether a file is there is asked when the page is made, so that a stick that was pulled out is seen at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from db.errors import Refusal
from desktop_app.gui import theme
from desktop_app.gui.day_field import DayField
from desktop_app.gui.widgets import Bar, button, column, label, row, scrolled

ENDING = ".zgl"
GONE = "找不到这个文件"
FILES = "整改通台账 (*.zgl);;所有文件 (*)"


def documents() -> Path:
    """Where a clerk's documents are."""
    told = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return told if told.is_dir() else Path.home()


@dataclass(frozen=True)
class Beginning:
    """The round of inspection a ledger is begun with."""

    title: str
    feedback: date | None


class NewLedger(QFrame):
    """What a new ledger needs: the unit, the file, who is at work; the round of inspection where it is known."""

    made = Signal(object, str, str, object)
    """Path, name of the unit, actor, the round (``Beginning`` or None)."""

    def __init__(self, actor: str) -> None:
        super().__init__()
        self.unit = _line("全称，如 某市公安局某分局")
        self.round = _line("可以以后再填，如 2021年市委第三轮巡察")
        self.day = DayField("反馈日期", "如 2021-12-3")
        self.actor = _line("记入历史，如 王某", actor)
        self.file = _line("")
        self.wrong = label("", "wrong", wrap=True)
        self.wrong.hide()
        self._proposed = ""
        browse = button("选择…", self._browse)
        browse.setAutoDefault(False)
        file = QWidget()
        file.setLayout(row(self.file, browse))
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(12)
        layout.setVerticalSpacing(4)
        asked = (
            ("本单位名称 *", self.unit, self.unit, 0, 0, 2),
            ("巡察轮次", self.round, self.round, 3, 0, 2),
            ("反馈日期", self.day, self.day.line, 6, 0, 1),
            ("经办人姓名", self.actor, self.actor, 6, 1, 1),
            ("台账文件放在", file, self.file, 9, 0, 2),
        )
        for words, field, entry, down, right, wide in asked:
            name = label(words, "label")
            name.setBuddy(entry)
            entry.setAccessibleName(words.removesuffix(" *"))
            layout.addWidget(name, down, right, 1, wide)
            layout.addWidget(field, down + 1, right, 1, wide)
            layout.setRowMinimumHeight(down + 2, 8)
        layout.addWidget(self.wrong, 12, 0, 1, 2)
        self.begin = button("建立台账", self._begin, "accent")
        self.begin.setDefault(True)
        layout.addLayout(row(self.begin, 1), 13, 0, 1, 2)
        layout.setColumnStretch(1, 1)
        self.unit.textChanged.connect(self._propose)
        self._way = (self.unit, self.round, self.day.line, self.actor, self.file)
        for entry in self._way:
            entry.returnPressed.connect(lambda entry=entry: self._on(entry))
        self._propose()

    def _on(self, entry: QLineEdit) -> None:
        """Enter: to the next field; in the last one, the ledger is made."""
        if (entry is self.unit and not self._unit()) or entry is self._way[-1]:
            self._begin()
        else:
            following = self._way[self._way.index(entry) + 1]
            following.setFocus(Qt.FocusReason.TabFocusReason)

    def _unit(self) -> str:
        return " ".join(self.unit.text().split())

    def _propose(self) -> None:
        if self.file.text() in ("", self._proposed):
            name = "".join(c for c in self._unit() if c not in '\\/:*?"<>|') or "本单位"
            self._proposed = str(documents() / f"{name}整改台账{ENDING}")
            self.file.setText(self._proposed)
            self.file.setCursorPosition(len(self._proposed))

    def _browse(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, "新台账放在哪里", self.file.text(), FILES)
        if chosen:
            self.file.setText(chosen if Path(chosen).suffix else chosen + ENDING)

    def _begin(self) -> None:
        unit, title, day = self._unit(), " ".join(self.round.text().split()), self.day.line.text().strip()
        against: tuple[tuple[bool, str, QLineEdit], ...] = (
            (not unit, "还没有填写单位名称。请填本单位的全称。", self.unit),
            (
                bool(day) and self.day.day() is None,
                f"反馈日期看不懂：“{day}”。请填年月日，如 2021-12-3。",
                self.day.line,
            ),
            (bool(day) and not title, "填了反馈日期，还没有填巡察轮次的名称。", self.round),
        )
        for stands, sentence, entry in against:
            if stands:
                self.say(sentence)
                entry.setFocus()
                return
        self.say("")
        typed = self.file.text().strip()
        path = Path(typed if Path(typed).suffix else typed + ENDING)
        begun = Beginning(title, self.day.day()) if title else None
        self.made.emit(path, unit, " ".join(self.actor.text().split()), begun)

    def say(self, sentence: str) -> None:
        """Says what is wrong."""
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))


def _line(hint: str, words: str = "") -> QLineEdit:
    made = QLineEdit(words)
    made.setPlaceholderText(hint)
    return made


class StartPage(QWidget):
    """Choose or create a ledger."""

    opened = Signal(object)
    """Path of a ledger to open."""
    made = Signal(object, str, str, object)
    """Path, name of the unit, actor, the round (``Beginning`` or None)."""
    forgotten = Signal(str)
    """Path of a ledger that is to leave the list of recent ones."""
    sample_wanted = Signal()

    def __init__(self, recent: Sequence[str], actor: str) -> None:
        super().__init__()
        self.setProperty("role", "ground")
        self.bar = Bar()
        self.recent = QListWidget()
        self.recent.setAccessibleName("最近的台账")
        self.gone = label("", "hint", wrap=True)
        self.forget = button("从列表中去掉", self._forget, "", "只去掉这一行，不删除任何文件")
        self.gone.hide()
        self.forget.hide()
        self.new = NewLedger(actor)
        self.new.made.connect(self.made)
        self.recent.itemActivated.connect(self._chosen)
        self.recent.itemClicked.connect(self._chosen)
        self._fill(recent)
        middle = QWidget()
        middle.setMaximumWidth(860)
        inner = column(middle, (24, 40, 24, 24), 12)
        inner.addWidget(label("整改通", "brand"))
        inner.addWidget(label("巡察整改台账与通报。不连网，所有内容都在一个台账文件里。", "hint"))
        inner.addWidget(self.bar)
        inner.addSpacing(8)
        inner.addLayout(row(self._left(bool(recent)), self._right(), spacing=24))
        inner.addStretch(1)
        layout = column(self)
        holder = QWidget()
        holder.setProperty("role", "ground")
        holder.setLayout(row(1, middle, 1, spacing=0))
        holder_layout = holder.layout()
        assert holder_layout is not None
        layout.addWidget(scrolled(holder))

    def _left(self, any_recent: bool) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        inner = column(card, (24, 20, 24, 20), 12)
        inner.addWidget(label("打开", "group"))
        self.open_button = button("打开台账文件…", self._browse)
        inner.addWidget(self.open_button)
        if find_spec("desktop_app.rectification.sample") is not None:
            self.sample = button("看示例台账", self.sample_wanted.emit, "", "一个虚构单位的台账，可以随便试")
            inner.addWidget(self.sample)
        inner.addSpacing(4)
        inner.addWidget(label("最近的台账" if any_recent else "还没有打开过台账。", "small"))
        self.recent.setVisible(any_recent)
        inner.addWidget(self.recent, 1)
        inner.addWidget(self.gone)
        inner.addLayout(row(self.forget, 1))
        if not any_recent:
            inner.addStretch(1)
        card.setMinimumWidth(300)
        return card

    def _right(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        inner = column(card, (24, 20, 24, 20), 12)
        inner.addWidget(label("新建台账", "group"))
        inner.addWidget(self.new)
        inner.addStretch(1)
        card.setMinimumWidth(360)
        return card

    def _fill(self, recent: Sequence[str]) -> None:
        for path in recent:
            there = Path(path).is_file()
            item = QListWidgetItem(f"{Path(path).stem}\n{Path(path).parent if there else GONE}")
            item.setIcon(theme.icon("file" if there else "warn"))
            item.setData(Qt.ItemDataRole.UserRole, path)
            item.setToolTip(path)
            if not there:
                item.setForeground(theme.colour("secondary"))
            item.setSizeHint(QSize(0, 52))
            self.recent.addItem(item)

    def _chosen(self, item: QListWidgetItem) -> None:
        """Opens a recent ledger; of one that is gone it is said where it was, and it can be taken off the list."""
        path = Path(str(item.data(Qt.ItemDataRole.UserRole)))
        gone = not path.is_file()
        self.gone.setVisible(gone)
        self.forget.setVisible(gone)
        if gone:
            self.gone.setText(f"“{path.name}”不在 {path.parent} 了：U 盘没有插上，或文件挪走、改了名。")
        else:
            self.opened.emit(path)

    def _forget(self) -> None:
        item = self.recent.currentItem()
        if item is not None:
            self.recent.takeItem(self.recent.row(item))
            self.gone.hide()
            self.forget.hide()
            self.forgotten.emit(str(item.data(Qt.ItemDataRole.UserRole)))

    def _browse(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, "打开台账", str(documents()), FILES)
        if chosen:
            self.opened.emit(Path(chosen))

    def say(self, refusal: Refusal) -> None:
        """Shows why a ledger could not be opened or made."""
        self.bar.say(refusal)
