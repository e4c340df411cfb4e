"""The desk: the frame around the pages of one open ledger."""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QWidget

from db.errors import Refusal
from db.ledger.change import Outcome
from desktop_app.gui import connections, drafts, faults, people_menu, places, soundness, tips, topics
from desktop_app.gui.attention import Attention
from desktop_app.gui.broken_page import BrokenPage
from desktop_app.gui.duty_watch import DutyWatch
from desktop_app.gui.exchange_door import PAGE as EXCHANGE
from desktop_app.gui.exchange_door import ExchangeDoor
from desktop_app.gui.jobs import Jobs
from desktop_app.gui.message import MessageLine
from desktop_app.gui.morning import MorningBar
from desktop_app.gui.navigation import Navigation
from desktop_app.gui.pages import Page, pages
from desktop_app.gui.palette_door import PaletteDoor
from desktop_app.gui.session import Session
from desktop_app.gui.top import TopRow
from desktop_app.gui.widgets import Bar, column
from desktop_app.rectification import ledgers

MOST_BACK = 40
"""Pages one can go back by."""
WARM = 2_500
"""Milliseconds after the ledger is open until the other pages are loaded."""
SAVE_DRAFTS = 1000
"""Milliseconds after a key until half-typed forms are written to disk."""


class Desk(QWidget):
    """Navigation, the row at the top, the shown page, the message line."""

    help_wanted = Signal(str)
    closing_wanted = Signal()

    def __init__(self, session: Session, only: Collection[str] = ()) -> None:
        """``only`` names the pages there shall be; all of them where it is empty."""
        super().__init__()
        self.session = session
        session.drafts = drafts.load(session.ledger.path)
        self.known: tuple[Page, ...] = tuple(one for one in pages() if not only or one.name in only)
        self.made: dict[str, QWidget] = {}
        self.shown = ""
        self.trail: list[str] = []
        """The pages shown before this one, the latest last."""
        self.top = TopRow(session)
        self.bar = Bar()
        self.ailing = Bar()
        """What is wrong with the ledger itself: it stays when the page or the work is another."""
        self.morning = MorningBar()
        self.duties = DutyWatch(session, self)
        self.exchange = ExchangeDoor(self)
        self.finding = PaletteDoor(self)
        self.stack = QStackedWidget()
        self.jobs = Jobs(session, self)
        self.message = MessageLine(self.jobs)
        unit = ledgers.own_unit(session.ledger, session.ledger)
        name = (unit.short_name or unit.name or "") if unit is not None else ""
        self.side = Navigation(self.known, name, str(session.ledger.path), self)
        self.buttons = self.side.buttons
        self.attention = Attention(session, self)
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(SAVE_DRAFTS)
        self._keeping.timeout.connect(self.keep_drafts)
        self._lay_out()
        self.exchange.put_on(self.side.badges.get(EXCHANGE))
        connections.connect(connections.frame(self))
        for key, _words, act in connections.shortcuts(self):
            QShortcut(QKeySequence(key), self, act)
        self._welcome()
        QTimer.singleShot(WARM, self, self._warm_up)
        QTimer.singleShot(soundness.SOON, self, lambda: soundness.ask(session, self._ails))
        QTimer.singleShot(soundness.SOON, self, self.top.offer)

    def _warm_up(self) -> None:
        """Loads what the other pages are made of, off the thread: turning to one for the first time does not wait for it."""
        modules = [page.module for page in self.known]
        self.session.run(lambda _work: [import_module(one) for one in modules], behind=True)

    def _welcome(self) -> None:
        """What happened to half-typed forms when the ledger was closed last."""
        ledger = self.session.ledger
        saved, left = drafts.take_word(ledger.path), drafts.told(ledger, self.session.drafts)
        words = f"上次关闭时已保存：{saved[-1]}" if saved else ""
        words += f"{'' if words.endswith('。') else '。'}共 {len(saved)} 处。" if len(saved) > 1 else ""
        if words or left:
            self.session.say(f"{left}{words}", undoable=bool(saved))
        elif tip := tips.greeting(self.session):
            self.session.say(tip)
        if left:
            self.message.offer()

    def _lay_out(self) -> None:
        right = QWidget()
        right.setProperty("role", "ground")
        inner = column(right, (0, 0, 0, 0), 0)
        inner.addWidget(self.top)
        holder = QWidget()
        bars = column(holder, (24, 8, 24, 0), 8)
        self._bars = (self.ailing, self.bar, self.morning, self.exchange.bar)
        for bar in self._bars:
            bars.addWidget(bar)
            bar.away.clicked.connect(self.fold_bars)
        self._bar_holder = holder
        inner.addWidget(holder)
        inner.addWidget(self.stack, 1)
        inner.addWidget(self.message)
        holder.setVisible(False)
        whole = QFrame()
        outer = column(self, (0, 0, 0, 0), 0)
        outer.addWidget(whole)
        layout = QHBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.side)
        layout.addWidget(right, 1)

    # -- pages -------------------------------------------------------------------------------------------------------

    def open(self, name: str) -> QWidget:
        """Shows a page, making it when it was never shown."""
        if self.shown and self.shown != name:
            self._clear_bar()
            self.tell("leave")
            self.trail = [*self.trail[-MOST_BACK:], self.shown]
        if name not in self.made:
            self._make(next(one for one in self.known if one.name == name))
        self.shown = name
        self.side.show_chosen(name)
        self.stack.setCurrentWidget(self.made[name])
        self.tell("arrive")
        return self.made[name]

    def back(self) -> None:
        """Shows the page one came from, as one left it."""
        if self.trail:
            before = self.trail[:-1]
            self.open(self.trail[-1])
            self.trail = before

    def _make(self, page: Page) -> None:
        """Makes a page and connects it; one that cannot be made is replaced by a sentence, and tried again when asked."""
        try:
            made = page.make(self.session)
        except Exception as error:
            broken = BrokenPage(page.title, faults.told(error))
            broken.again.clicked.connect(lambda: self._try_again(page.name))
            broken.bar.help_wanted.connect(self.help_wanted)
            made = broken
        self.made[page.name] = made
        self.stack.addWidget(made)
        connections.connect(connections.page(self, made))
        faults.contained(places.place_page, self.stands_against, self.session, page.name, made)

    def _try_again(self, name: str) -> None:
        broken = self.made.pop(name)
        self.stack.removeWidget(broken)
        broken.deleteLater()
        self.open(name)

    def tell(self, what: str, *values: Any) -> None:
        """Calls a method of the shown page, if it has it; a fault in it is told, and the window goes on."""
        act: Callable[..., object] | None = getattr(self.made.get(self.shown), what, None)
        if act is not None:
            faults.contained(act, self.stands_against, *values)

    def tell_all(self, what: str, *values: Any) -> None:
        """Calls a method of every page that has it; a page at fault does not keep it from the others."""
        for page in list(self.made.values()):
            act: Callable[..., object] | None = getattr(page, what, None)
            if act is not None:
                faults.contained(act, self.stands_against, *values)

    def show_record(self, record: str, identifier: str) -> None:
        """Shows a record on the page where it is kept; a part on the page of the record it is a part of."""
        connections.show_record(self, record, identifier)

    def new(self) -> None:
        """Ctrl+N: a new record of the shown page; a new problem where a page makes none."""
        if not hasattr(self.made.get(self.shown), "new"):
            self.open("problems")
        self.tell("new")

    # -- what holds for every page -----------------------------------------------------------------------------------

    def heard(self, outcome: Outcome) -> None:
        """A deed was done: what stood against the one before is out of date."""
        self._clear_bar()
        if any(record in ("unit", "inspection") for record, _id in outcome.touched):
            self.top.read()
        self.top.offer()
        self.tell_all("hear", outcome)

    def looked(self) -> None:
        """Another unit, day, actor or look."""
        self.top.read()
        self.top.offer()
        self.tell_all("look")

    def stands_against(self, refusal: Refusal) -> None:
        """Something stands against the work: it is said in the bar."""
        self.bar.say(refusal)
        self.fold_bars()

    def _ails(self, fault: Refusal) -> None:
        self.ailing.say(fault)
        self.fold_bars()

    def _clear_bar(self) -> None:
        self.bar.hide()
        self.fold_bars()

    def fold_bars(self) -> None:
        """Takes the room of bars away when none is shown."""
        self._bar_holder.setHidden(all(bar.isHidden() for bar in self._bars))

    def typed(self) -> None:
        """A form was typed into, or saved."""
        self.top.show_state()
        self._keeping.start()

    def keep_drafts(self) -> None:
        """Writes half-typed forms to disk."""
        drafts.save(self.session.ledger.path, self.session.drafts)

    def ask_actor(self) -> None:
        """Asks who is at work from now on."""
        people_menu.ask(self.session, self.top.actor, lambda: connections.show_people(self))

    def topic(self) -> str:
        """The page of the manual for where one stands."""
        default = next((page.topic for page in self.known if page.name == self.shown), "index")
        return topics.topic_of(self.shown, self.made.get(self.shown), default)

    def close_down(self) -> None:
        """Saves what can be saved, keeps the rest as drafts, waits for the deeds under way, lets go of the ledger."""
        saved: list[str] = []
        self.session.said.connect(lambda words, undoable: saved.append(words) if undoable else None)
        self.tell_all("leave")
        self._keeping.stop()
        self.session.close()
        self.keep_drafts()
        drafts.leave_word(self.session.ledger.path, saved)
