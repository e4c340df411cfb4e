"""The row at the top: which round of inspection and unit, as of which day, whether all is saved, undo and redo, who is at work."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QMenu, QToolButton, QWidgetAction

from db.schema.records import Inspection, Unit
from desktop_app.gui import theme
from desktop_app.gui.calendar import calendar
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import icon_button, label, set_role

WORDY = 900
"""Pixels from which the search says its name and key."""


class TopRow(QFrame):
    """Shows and changes what holds for every page."""

    actor_wanted = Signal()
    help_wanted = Signal()
    search_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "top")
        self.session = session
        self.inspection = QComboBox()
        self.inspection.setAccessibleName("巡察轮次")
        self.inspection.setToolTip("只看这一轮巡察的问题")
        self.unit = QComboBox()
        self.unit.setAccessibleName("单位")
        self.unit.setToolTip("只看这一个单位的内容")
        for box in (self.inspection, self.unit):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(5)
            box.setMaximumWidth(260)
        self.day = QToolButton()
        self.day.setProperty("role", "quiet")
        self.day.setToolTip("按这一天计算还剩几天、超期几天")
        self.day.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.day.setMenu(self._menu())
        self.search = QToolButton()
        self.search.setProperty("role", "quiet")
        self.search.setProperty("icon_name", "search")
        self.search.setIcon(theme.icon("search"))
        self.search.setText(" 搜索  Ctrl+K")
        self.search.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.search.setToolTip("查找任何记录、页面、命令和帮助（Ctrl+K）")
        self.search.setAccessibleName("搜索")
        self.search.clicked.connect(lambda _checked=False: self.search_wanted.emit())
        self.undo = icon_button("undo", "撤销上一步（Ctrl+Alt+Z）", session.undo)
        self.redo = icon_button("redo", "重做（Ctrl+Alt+Y）", session.redo)
        self.saved = label("", "saved")
        self.actor = QToolButton()
        self.actor.setProperty("role", "icon")
        self.actor.setProperty("icon_name", "person")
        self.actor.setIcon(theme.icon("person"))
        self.actor.setIconSize(QSize(18, 18))
        self.actor.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.actor.setToolTip("换人：谁在经办")
        self.actor.clicked.connect(self.actor_wanted)
        self.help = icon_button("help", "帮助（F1）", self.help_wanted.emit)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 9, 24, 9)
        layout.setSpacing(8)
        layout.addWidget(self.inspection, 2)
        layout.addWidget(self.unit, 2)
        layout.addWidget(self.day)
        layout.addStretch(1)
        for part in (self.search, self.saved, self.undo, self.redo, self.actor, self.help):
            layout.addWidget(part)
        self.unit.currentIndexChanged.connect(lambda _at: session.choose_unit(self.unit.currentData() or None))
        self.inspection.currentIndexChanged.connect(lambda _at: self._choose_round())
        self.read()
        self.show_state()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the search is a glass alone."""
        super().resizeEvent(event)
        wordy = event.size().width() >= WORDY
        styles = Qt.ToolButtonStyle
        self.search.setToolButtonStyle(styles.ToolButtonTextBesideIcon if wordy else styles.ToolButtonIconOnly)

    def _menu(self) -> QMenu:
        menu = QMenu(self.day)
        menu.addAction("今天").triggered.connect(lambda _on=False: self.session.reckon(None))
        action = QWidgetAction(menu)

        def picked(chosen: date) -> None:
            menu.close()
            self.session.reckon(chosen)

        action.setDefaultWidget(calendar(picked))
        menu.addAction(action)
        return menu

    def _choose_round(self) -> None:
        """The pages show the problems of another round of inspection."""
        self.session.inspection = self.inspection.currentData() or None
        self.session.looked.emit()

    def read(self) -> None:
        """Reads the rounds and the units again, and shows who is at work and by which day is reckoned."""
        units = [(one.id, one.short_name or one.name or "", one.name) for one in self.session.ledger.all(Unit)]
        _offer(self.unit, "全部单位", units, self.session.unit)
        rounds = [(one.id, one.title or "", one.title) for one in self.session.ledger.all(Inspection)]
        _offer(self.inspection, "全部轮次", rounds, self.session.inspection)
        self.inspection.setVisible(bool(rounds))
        day = self.session.today()
        self.day.setText(f"截至 {day.year}年{day.month}月{day.day}日 ▾" if self.session.reckoned() else "截至今天 ▾")
        own = self.session.people.rights()
        shown = "　".join(one for one in (self.session.actor(), own.role_said()) if one)
        self.actor.setText(shown)
        self.actor.setAccessibleName(f"经办人：{shown}")
        self.actor.setToolTip(f"{own.told()}\n换人：Ctrl+U")

    def offer(self) -> None:
        """Reads off the thread which deeds undo and redo would take, and says so in their tips; without any they are grey."""
        from db.ledger import undoing

        facts, actor = self.session.ledger, self.session.actor()

        def done(found: tuple[str, str]) -> None:
            shown = (self.undo, "撤销", "Ctrl+Alt+Z"), (self.redo, "重做", "Ctrl+Alt+Y")
            for (made, words, key), sentence in zip(shown, found, strict=True):
                made.setEnabled(bool(sentence))
                told = f"{words}：{sentence}" if sentence else f"没有可以{words}的"
                made.setToolTip(f"{told}（{key}）")
                made.setAccessibleName(told)

        self.session.run(lambda _work: undoing.offered(facts, actor), done, behind=True)

    def show_state(self) -> None:
        """Shows whether all that was typed is saved."""
        unsaved, writable = len(self.session.drafts), self.session.ledger.writable
        words = "✓ 已保存" if writable else "只读"
        if unsaved:
            words = f"● {unsaved} 处未保存"
        self.saved.setText(words)
        self.saved.setAccessibleName(words)
        set_role(self.saved, "unsaved" if unsaved or not writable else "saved")


def _offer(box: QComboBox, everything: str, known: list[tuple[str, str, str | None]], chosen: str | None) -> None:
    """Fills a box with (id, short name, full name); "all of them" stands first unless there is just one."""
    with QSignalBlocker(box):
        box.clear()
        if len(known) != 1:
            box.addItem(everything, "")
        for identifier, short, full in known:
            box.addItem(short, identifier)
            box.setItemData(box.count() - 1, full, Qt.ItemDataRole.ToolTipRole)
        box.setCurrentIndex(max(0, box.findData(chosen or "")))
