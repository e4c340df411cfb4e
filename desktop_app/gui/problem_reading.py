"""Keeps the list of problems read: the first lines of another look at once, the whole behind them, never an older answer over a
newer one; and remembers on this machine how it was looked at last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.gui.problem_list import ProblemList
from desktop_app.gui.session import Session, Work
from desktop_app.rectification import problem_list, problem_views
from desktop_app.rectification.overview import ProblemRow
from desktop_app.rectification.problem_list import Look, Shown, Value

FIRST = 200
"""Lines that are read before the rest of another look."""
VALUES = 300
"""Milliseconds after the list is read until it is asked what may be filtered by."""


@dataclass(frozen=True)
class _Read:
    shown: Shown
    lines: dict[str, ProblemRow] = field(default_factory=dict)


class ProblemReading(QObject):
    """Reads for one list."""

    arrived = Signal()
    """The list was read."""

    def __init__(self, session: Session, shown: ProblemList, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.list = shown
        self.also = ""
        """A problem whose line is wanted whatever is shown."""
        self.begun: list[ProblemRow] = []
        self.values: dict[str, tuple[Value, ...]] = {}
        self._turn = 0
        self._look: Look | None = None
        self._unit: str | None = None
        self._inspection: str | None = None
        self._extra: dict[str, ProblemRow] = {}
        self._soon = _timer(self, 0, self.read)
        self._fetching = _timer(self, 0, self._fetch)
        self._valuing = _timer(self, VALUES, self._value)
        shown.asked.connect(self.read)
        shown.model.missing.connect(self._fetching.start)
        session.closing.connect(self.remember)

    def soon(self) -> None:
        """Reads again once the present turn of the event loop is over."""
        self._soon.start()

    def line(self, identifier: str) -> ProblemRow | None:
        """The line of a problem, as far as it is read."""
        return self.list.model.known(identifier) or self._extra.get(identifier)

    def read(self) -> None:
        """Reads what the filters ask for."""
        self._turn += 1
        turn, facts, today, unit = self._turn, self.session.ledger, self.session.today(), self.session.unit
        inspection = self.session.inspection
        look = self.list.filters.look()
        other = (look, unit, inspection) != (self._look, self._unit, self._inspection)
        self._look, self._unit, self._inspection = look, unit, inspection
        wanted = [one for one in (*([] if other else self.list.near()), self.also) if one]

        def read(limit: int) -> _Read:
            shown = problem_list.shown(facts, look, today, unit, inspection, limit=limit)
            ids = dict.fromkeys([*wanted, *shown.ids[:FIRST]])
            return _Read(shown, problem_list.lines(facts, list(ids), today))

        def first(found: _Read) -> None:
            if turn == self._turn:
                if len(found.shown.ids) == FIRST:
                    self.session.run(lambda _work: read(0), whole)
                self._show(found)

        def whole(found: _Read) -> None:
            if turn == self._turn:
                self._show(found)

        # grouped, the first lines of the order are not the first ones of the list
        quick = other and not look.grouping
        self.session.run(lambda _work: read(FIRST if quick else 0), first if quick else whole)

    def _show(self, found: _Read) -> None:
        self._extra = {one: line for one, line in found.lines.items() if one == self.also}
        self.list.show_shown(found.shown, found.lines, self.begun)
        self._valuing.start()
        self.arrived.emit()

    def _fetch(self) -> None:
        turn, facts, today, ids = self._turn, self.session.ledger, self.session.today(), self.list.model.wanted()

        def done(lines: dict[str, ProblemRow]) -> None:
            if turn == self._turn:
                self.list.model.learn(lines)

        if ids:
            self.session.run(lambda _work: problem_list.lines(facts, ids, today), done)

    def _value(self) -> None:
        turn, facts, today, unit = self._turn, self.session.ledger, self.session.today(), self.session.unit
        inspection = self.session.inspection

        def job(_work: Work) -> dict[str, tuple[Value, ...]]:
            return problem_list.values(facts, today, unit, inspection)

        def done(found: dict[str, tuple[Value, ...]]) -> None:
            if turn == self._turn:
                self.values = found
                self.list.filters.offer(found)

        self.session.run(job, done)

    # -- what is remembered on this machine --------------------------------------------------------------------------

    def kept(self) -> dict[str, Any]:
        """What this machine remembers of the list of this ledger."""
        found = self.session.settings.lists.get(str(self.session.ledger.path.absolute()))
        return found if isinstance(found, dict) else {}

    def keep(self, **values: Any) -> None:
        """Remembers something more."""
        path = str(self.session.ledger.path.absolute())
        self.session.keep_settings(lists={**self.session.settings.lists, path: {**self.kept(), **values}})

    def recall(self) -> None:
        """Looks at the list as it was looked at last; words that were typed are not brought back."""
        told = self.kept()
        look = problem_views.look_of({**dict(told.get("look") or {}), "words": ""})
        self.list.filters.put_quietly(look)
        folded = told.get("folded")
        self.list.model.folded = {one for one in folded if isinstance(one, str)} if isinstance(folded, list) else set()

    def remember(self) -> None:
        """The ledger is closed: how the list was looked at is kept."""
        folded = sorted(self.list.model.folded)
        told = {**self.kept(), "look": problem_views.kept(self.list.filters.look()), "folded": folded}
        path = str(self.session.ledger.path.absolute())
        if told != self.kept() and (told["look"] or folded or self.kept()):
            self.session.keep_settings(lists={**self.session.settings.lists, path: told})

    def own_views(self) -> dict[str, Look]:
        """The views somebody made for himself on this machine, by name."""
        told = self.kept().get("views")
        return {name: problem_views.look_of(one) for name, one in told.items()} if isinstance(told, dict) else {}

    def keep_view(self, name: str, look: Look | None) -> None:
        """Keeps a view of one's own, or forgets it (None)."""
        views = {title: problem_views.kept(one) for title, one in self.own_views().items() if title != name}
        self.keep(views=views if look is None else {**views, name: problem_views.kept(look)})


def _timer(owner: QObject, wait: int, act: Any) -> QTimer:
    made = QTimer(owner)
    made.setSingleShot(True)
    made.setInterval(wait)
    made.timeout.connect(act)
    return made
