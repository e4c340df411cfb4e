"""The menu of named views: one's own, those of the office; keeping the present look under a name, taking one away."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton

from db.schema.records import ProblemView
from desktop_app.gui.problem_reading import ProblemReading
from desktop_app.rectification import problem_views
from desktop_app.rectification.problem_list import Look


class ViewsMenu(QToolButton):
    """A button with the views."""

    def __init__(self, reading: ProblemReading) -> None:
        super().__init__()
        self.reading = reading
        self.setProperty("role", "quiet")
        self.setText("视图 ▾")
        self.setAccessibleName("常用视图")
        self.setToolTip("把现在的筛选、分组、排序存成视图，以后一点就到")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.menu_ = QMenu(self)
        self.menu_.aboutToShow.connect(self.fill)
        self.setMenu(self.menu_)

    def fill(self) -> None:
        """Says what there is, as of now."""
        menu, reading = self.menu_, self.reading
        menu.clear()
        menu.addAction("全部问题").triggered.connect(lambda _on=False: self._show(Look()))
        own, shared = reading.own_views(), problem_views.shared(reading.session.ledger)
        if own:
            menu.addSection("我的视图")
        for name, look in own.items():
            menu.addAction(name).triggered.connect(lambda _on=False, look=look: self._show(look))
        if shared:
            menu.addSection("单位共用")
        for view in shared:
            made = menu.addAction(view.title or "")
            made.triggered.connect(lambda _on=False, view=view: self._show(problem_views.look(view)))
        menu.addSeparator()
        menu.addAction("存为我的视图…").triggered.connect(lambda _on=False: self.ask(office=False))
        giving = menu.addAction("存为单位共用的视图…")
        giving.setEnabled(reading.session.ledger.writable)
        giving.triggered.connect(lambda _on=False: self.ask(office=True))
        if own or shared:
            gone = menu.addMenu("删除视图")
            for name in own:
                gone.addAction(name).triggered.connect(partial(reading.keep_view, name, None))
            for view in shared if reading.session.ledger.writable else ():
                gone.addAction(f"{view.title}（共用）").triggered.connect(partial(self._forget, view))

    def _show(self, look: Look) -> None:
        self.reading.list.filters.put(look)

    def ask(self, *, office: bool) -> None:
        """Asks for a name, and keeps the present look under it."""
        title = "单位共用的视图" if office else "我的视图"
        hint = "随台账一起交换，别的人也看得到。名称：" if office else "只在这台电脑上。名称："
        name, given = QInputDialog.getText(self, title, hint)
        if given and name.strip():
            self.keep(name, office=office)

    def keep(self, name: str, *, office: bool) -> None:
        """Keeps the present look under a name."""
        session, look = self.reading.session, self.reading.list.filters.look()
        if office:
            session.do(lambda: problem_views.share(session.ledger, name, look, session.actor()))
        else:
            self.reading.keep_view(" ".join(name.split()), look)
            session.say(f"已存为我的视图“{' '.join(name.split())}”。")

    def _forget(self, view: ProblemView, _on: bool = False) -> None:
        session = self.reading.session
        session.do(lambda: problem_views.forget(session.ledger, view, session.actor()))
