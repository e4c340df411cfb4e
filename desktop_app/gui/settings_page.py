"""The page 设置: this machine's clerk and look, and the records every problem refers to."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLineEdit, QRadioButton, QStackedWidget, QWidget

from db.ledger.change import Outcome
from db.schema.records import SCHEMAS
from desktop_app import paths
from desktop_app.gui.browser import RecordBrowser
from desktop_app.gui.designer import DesignerPane
from desktop_app.gui.face_choice import FaceChoice
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import TabStrip, button, column, label, row, scrolled

RECORDS = ("unit", "inspection", "category", "clerk", "person", "named_period")
"""The records that are kept here, in order; headings of the feedback are parts of a unit."""
THEMES = (("system", "跟随系统"), ("light", "浅色"), ("dark", "深色"))


class MachinePane(QWidget):
    """What belongs to this machine alone and never travels with a ledger."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.actor = QLineEdit(session.settings.actor)
        self.actor.setMaxLength(40)
        self.actor.setMaximumWidth(320)
        self.actor.setAccessibleName("经办人姓名")
        self.actor.editingFinished.connect(self._keep_actor)
        self.themes = QButtonGroup(self)
        layout = column(self, (0, 8, 0, 0), 4)
        layout.addWidget(label("经办人姓名", "label"))
        layout.addWidget(self.actor)
        layout.addWidget(label("记入历史：是谁做的这一步。", "hint"))
        layout.addSpacing(20)
        layout.addWidget(label("外观", "label"))
        for name, words in THEMES:
            choice = QRadioButton(words)
            choice.setChecked(session.settings.theme == name)
            choice.clicked.connect(lambda _on, name=name: session.keep_settings(theme=name))
            self.themes.addButton(choice)
            layout.addWidget(choice)
        layout.addSpacing(20)
        layout.addWidget(label("打开程序时", "label"))
        self.reopen = QCheckBox("直接打开上次的台账")
        self.reopen.setChecked(session.settings.reopen)
        self.reopen.clicked.connect(lambda on: session.keep_settings(reopen=bool(on)))
        layout.addWidget(self.reopen)
        layout.addSpacing(20)
        layout.addWidget(label("提醒", "label"))
        self.remind = QCheckBox("每天第一次打开台账时，提示超期和快到期的事项")
        self.remind.setChecked(session.settings.remind)
        self.remind.clicked.connect(lambda on: session.keep_settings(remind=bool(on)))
        layout.addWidget(self.remind)
        self.sticks = QCheckBox("插上 U 盘时，提示上面有没有可以收的文件")
        self.sticks.setChecked(session.settings.watch_sticks)
        self.sticks.clicked.connect(lambda on: session.keep_settings(watch_sticks=bool(on)))
        layout.addWidget(self.sticks)
        self.tips = QCheckBox("每天第一次打开台账时，在下面一行说一条小提示")
        self.tips.setChecked(session.settings.tips)
        self.tips.clicked.connect(lambda on: session.keep_settings(tips=bool(on)))
        layout.addWidget(self.tips)
        layout.addSpacing(20)
        layout.addWidget(label("公文字体", "label"))
        layout.addWidget(FaceChoice(session))
        layout.addSpacing(20)
        layout.addWidget(label("台账文件", "label"))
        layout.addWidget(label(str(session.ledger.path), wrap=True))
        layout.addWidget(label(f"本机设置和故障记录在 {paths.home()}", "hint", wrap=True))
        layout.addSpacing(8)
        layout.addLayout(
            row(button("重建台账各表", self._rebuild, "", "从操作记录重新生成所有内容，不会丢失任何东西"), 1)
        )
        layout.addStretch(1)

    def _keep_actor(self) -> None:
        name = " ".join(self.actor.text().split())
        self.actor.setText(name or self.session.actor())
        if name and name != self.session.actor():
            self.session.keep_settings(actor=name)
            self.session.say(f"经办人改为“{name}”。")

    def _rebuild(self) -> None:
        session = self.session
        session.run(
            lambda work: session.ledger.rebuild(work.progress),
            lambda count: session.say(f"已从 {count} 条记录重建各表。"),
            label="重建台账各表",
        )


class SettingsPage(QWidget):
    """Tabs: this machine, one for each sort of record, the designer of categories. A tab is made when it is first shown."""

    help_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.strip = TabStrip(["本机", *(SCHEMAS[name].title for name in RECORDS), "类别设计"])
        self.designer: DesignerPane | None = None
        self.stack = QStackedWidget()
        self.machine = MachinePane(session)
        self.browsers: dict[int, RecordBrowser] = {}
        self.stack.addWidget(scrolled(self.machine))
        for _name in (*RECORDS, "designer"):
            place = QWidget()
            column(place)
            self.stack.addWidget(place)
        layout = column(self, (24, 20, 24, 20), 12)
        layout.addWidget(label("设置", "page"))
        layout.addWidget(self.strip)
        layout.addWidget(self.stack, 1)
        self.strip.chosen.connect(self._turn)

    def _turn(self, number: int) -> None:
        self.leave()
        if number > len(RECORDS):
            self._design()
        elif number and number not in self.browsers:
            made = RecordBrowser(self.session, SCHEMAS[RECORDS[number - 1]])
            self.browsers[number] = made
            layout = self.stack.widget(number).layout()
            assert layout is not None
            layout.addWidget(made)
        self.stack.setCurrentIndex(number)

    def _design(self) -> None:
        if self.designer is None:
            self.designer = DesignerPane(self.session)
            self.designer.help_wanted.connect(self.help_wanted)
            layout = self.stack.widget(self.stack.count() - 1).layout()
            assert layout is not None
            layout.addWidget(self.designer)

    def _current(self) -> RecordBrowser | None:
        return self.browsers.get(self.strip.current)

    def show_sort(self, name: str) -> None:
        """Shows the records of one sort that are kept here."""
        self.strip.choose(RECORDS.index(name) + 1)

    def show_record(self, name: str, identifier: str) -> None:
        """Shows a record that is kept here."""
        self.strip.choose(RECORDS.index(name) + 1)
        shown = self._current()
        if shown is not None:
            shown.read(identifier)
            shown.pane.show_record(identifier)

    def save(self) -> bool:
        """Ctrl+S."""
        if self.designer is not None and self.strip.current > len(RECORDS):
            return self.designer.save()
        shown = self._current()
        return shown.pane.save() if shown else True

    def new(self) -> None:
        """Ctrl+N."""
        if self.designer is not None and self.strip.current > len(RECORDS):
            self.designer.new()
        shown = self._current()
        if shown is not None:
            shown.new()

    def add_part(self) -> None:
        """Ctrl+Shift+N."""
        shown = self._current()
        if shown is not None:
            shown.pane.add_part()

    def leave(self) -> None:
        """Another page will be shown."""
        for browser in self.browsers.values():
            browser.pane.leave()

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something."""
        for browser in self.browsers.values():
            browser.hear(outcome)
        if self.designer is not None:
            self.designer.hear(outcome)
