"""The first page: recent ledgers, a new one, one from a file, the sample."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from db.errors import Refusal
from desktop_app.gui import theme
from desktop_app.gui.widgets import Bar, button, column, label, row, scrolled

ENDING = ".zgl"
FILES = "整改通台账 (*.zgl);;所有文件 (*)"


def documents() -> Path:
    """Where a clerk's documents are."""
    told = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return told if told.is_dir() else Path.home()


class NewLedger(QFrame):
    """What a new ledger needs: the unit, the file, who is at work."""

    made = Signal(object, str, str)
    """Path, name of the unit, actor."""

    def __init__(self, actor: str) -> None:
        super().__init__()
        self.unit = QLineEdit()
        self.unit.setPlaceholderText("全称，如 某市公安局某分局")
        self.actor = QLineEdit(actor)
        self.actor.setPlaceholderText("记入历史，如 王某")
        self.file = QLineEdit()
        self.wrong = label("", "wrong", wrap=True)
        self.wrong.hide()
        self._proposed = ""
        layout = column(self, (0, 0, 0, 0), 4)
        browse = button("选择…", self._browse)
        for words, field in (("本单位名称 *", self.unit), ("经办人姓名", self.actor), ("台账文件放在", self.file)):
            name = label(words, "label")
            name.setBuddy(field)
            field.setAccessibleName(words.removesuffix(" *"))
            layout.addWidget(name)
            if field is self.file:
                layout.addLayout(row(field, browse))
            else:
                layout.addWidget(field)
            layout.addSpacing(8)
        layout.addWidget(self.wrong)
        self.begin = button("建立台账", self._begin, "accent")
        self.begin.setDefault(True)
        layout.addLayout(row(self.begin, 1))
        self.unit.textChanged.connect(self._propose)
        self.unit.returnPressed.connect(self._begin)
        self._propose()

    def _propose(self) -> None:
        if self.file.text() in ("", self._proposed):
            name = "".join(c for c in " ".join(self.unit.text().split()) if c not in '\\/:*?"<>|') or "本单位"
            self._proposed = str(documents() / f"{name}整改台账{ENDING}")
            self.file.setText(self._proposed)
            self.file.setCursorPosition(len(self._proposed))

    def _browse(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, "新台账放在哪里", self.file.text(), FILES)
        if chosen:
            self.file.setText(chosen if Path(chosen).suffix else chosen + ENDING)

    def _begin(self) -> None:
        unit = " ".join(self.unit.text().split())
        self.say("" if unit else "还没有填写单位名称。请填本单位的全称。")
        if unit:
            typed = self.file.text().strip()
            path = Path(typed if Path(typed).suffix else typed + ENDING)
            self.made.emit(path, unit, " ".join(self.actor.text().split()))
        else:
            self.unit.setFocus()

    def say(self, sentence: str) -> None:
        """Says what is wrong."""
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))


class StartPage(QWidget):
    """Choose or create a ledger."""

    opened = Signal(object)
    """Path of a ledger to open."""
    made = Signal(object, str, str)
    """Path, name of the unit, actor."""
    sample_wanted = Signal()

    def __init__(self, recent: Sequence[str], actor: str) -> None:
        super().__init__()
        self.setProperty("role", "ground")
        self.bar = Bar()
        self.recent = QListWidget()
        self.recent.setAccessibleName("最近的台账")
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
            item = QListWidgetItem(f"{Path(path).stem}\n{Path(path).parent}")
            item.setIcon(theme.icon("file"))
            item.setData(Qt.ItemDataRole.UserRole, path)
            item.setToolTip(path)
            item.setSizeHint(QSize(0, 52))
            self.recent.addItem(item)

    def _chosen(self, item: QListWidgetItem) -> None:
        self.opened.emit(Path(str(item.data(Qt.ItemDataRole.UserRole))))

    def _browse(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, "打开台账", str(documents()), FILES)
        if chosen:
            self.opened.emit(Path(chosen))

    def say(self, refusal: Refusal) -> None:
        """Shows why a ledger could not be opened or made."""
        self.bar.say(refusal)
