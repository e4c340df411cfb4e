"""The rows behind a grid: those of the ledger, read in pages off the thread; those begun here; and what is typed in each.

Rows of the ledger come first, in the order of the view; behind them stand rows begun since (their ids in ``tail``); the row
behind the last one is the entry row, which is nowhere yet. Typed cells are drafts of the session, the same a form keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from db.ledger.change import Outcome
from db.schema.links import Ref, Refs
from db.schema.record import Record, Schema
from desktop_app.gui.grid_cells import Lines
from desktop_app.gui.session import Draft, Session, Work
from desktop_app.rectification import rows, rows_place
from desktop_app.rectification.rows import Keys, Totals, View

PAGE = 200
KEPT = 60
"""Pages remembered: 12,000 rows."""
BULK = 400
"""So many rows touched at once are read again as a whole."""
SETTLE = 250
"""Milliseconds after the last deed until the totals are added up again."""


Reckon = Callable[[Sequence[Record]], Sequence[Mapping[str, str]]]
"""Gives the words of the computed columns of some rows, by column; called off the thread."""


def nothing_reckoned(records: Sequence[Record]) -> Sequence[Mapping[str, str]]:
    """No computed columns."""
    return [{} for _record in records]


@dataclass(frozen=True)
class Page:
    """A page of rows, the lines of what they point at by schema name, and the words of their computed columns by id."""

    number: int
    records: list[Record | None]
    lines: dict[str, dict[str, str]]
    reckoned: dict[str, Mapping[str, str]]


class RowDrafts:
    """What is typed in the rows of a schema and not saved: drafts of the session."""

    def __init__(self, session: Session, schema: Schema) -> None:
        self.session = session
        self.schema = schema

    def of(self, identifier: str) -> Draft | None:
        """What is typed in a row."""
        return self.session.drafts.get((self.schema.name, identifier)) if identifier else None

    def keep(self, identifier: str, typed: dict[str, str], *, new: bool) -> None:
        """Keeps what is typed in a row; nothing typed is no draft."""
        before = self.of(identifier)
        fixed: dict[str, Any] = before.fixed if before is not None else {}
        draft = Draft(typed, fixed, new) if typed else None
        if draft is not None or before is not None:
            self.session.keep_draft(self.schema.name, identifier, draft)

    def begun(self) -> list[str]:
        """Ids of rows that were begun and are not in the ledger, in the order in which they were begun."""
        return [i for (name, i), draft in self.session.drafts.items() if name == self.schema.name and draft.new]


class GridRows(QObject):
    """The rows of one register as a grid shows them."""

    reset = Signal()
    """Another view is shown: every row may be another one."""
    grown = Signal(int, int)
    """So many rows of the ledger before, and so many now."""
    filled = Signal(int, int)
    """Rows from, to (inclusive) have arrived or changed."""
    counted = Signal(object)
    """Totals of what is shown."""

    def __init__(self, session: Session, schema: Schema, lines: Lines, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.schema = schema
        self.lines = lines
        self.drafts = RowDrafts(session, schema)
        self.view = View(schema)
        self.tail: list[str] = []
        self.reckon: Reckon = nothing_reckoned
        self.reckoned: dict[str, Mapping[str, str]] = {}
        """Row id → words of its computed columns."""
        self._kept: dict[str, Record] = {}
        """Rows of the tail that are in the ledger by now."""
        self._keys = Keys()
        self._count = 0
        self._whole = False
        """The keys are all there."""
        self._pages: dict[int, list[Record | None]] = {}
        self._wanted: list[int] = []
        self._sought: tuple[str, Callable[[int | None], None]] | None = None
        self._turn = 0
        self._soon = _timer(self, 0, self._fetch)
        self._adding = _timer(self, SETTLE, self._add_up)

    # -- which row is which ------------------------------------------------------------------------------------------

    def count(self) -> int:
        """Rows shown, the entry row among them."""
        return self._count + len(self.tail) + 1

    def in_ledger(self) -> int:
        """Rows of the view as it was read last."""
        return self._count

    def identifier(self, row: int) -> str:
        """The id of a row; "" for the entry row and for one that is not read yet."""
        if row >= self._count:
            at = row - self._count
            return self.tail[at] if at < len(self.tail) else ""
        record = self.record(row)
        return record.id if record is not None else ""

    def record(self, row: int) -> Record | None:
        """The record of a row as it is kept; None for one that is new or not read yet (which begins its reading)."""
        if row >= self._count:
            at = row - self._count
            return self._kept.get(self.tail[at]) if at < len(self.tail) else None
        page = self._pages.get(row // PAGE)
        if page is None:
            self._want(row // PAGE)
            return None
        return page[row % PAGE] if row % PAGE < len(page) else None

    def loading(self, row: int) -> bool:
        """Whether a row of the ledger is not read yet."""
        return row < self._count and self.record(row) is None

    def row_of(self, identifier: str) -> int | None:
        """Where a row stands, as far as that is known without reading."""
        if identifier in self.tail:
            return self._count + self.tail.index(identifier)
        for number, page in self._pages.items():
            for at, record in enumerate(page):
                if record is not None and record.id == identifier:
                    return number * PAGE + at
        return None

    def records(self, first: int, last: int) -> list[Record | None]:
        """The records of rows from, to (inclusive), read now where they are not here; None for rows that are new."""
        behind = max(first, self._count)
        missing = [row for row in range(first, min(last + 1, self._count)) if row // PAGE not in self._pages]
        read = rows.rows_at(self.session.ledger, self.schema, [self._keys.numbers[row] for row in missing])
        known = dict(zip(missing, read, strict=True))
        found = [known[row] if row in known else self.record(row) for row in range(first, min(last + 1, self._count))]
        return found + [self.record(row) for row in range(behind, last + 1)]

    def find(self, identifier: str, found: Callable[[int | None], None]) -> None:
        """Tells where a row stands, as soon as that is known; None when the view does not show it."""
        known = self.row_of(identifier) if self._whole else None
        if known is not None:
            found(known)
        elif not self._whole:
            self._sought = (identifier, found)
        else:
            facts, schema, keys = self.session.ledger, self.schema, self._keys
            self.session.run(lambda _work: rows_place.place(facts, schema, keys, identifier), found)

    # -- reading -----------------------------------------------------------------------------------------------------

    def show(self, view: View) -> None:
        """Shows another view: the first page at once, the keys of the rest when they are read."""
        self.view = view
        self._begin(settled=False)

    def read_again(self) -> None:
        """Reads the same view again; what is on the screen stays until it has arrived."""
        self._begin(settled=True)

    def _begin(self, *, settled: bool) -> None:
        self._turn += 1
        turn, facts, view = self._turn, self.session.ledger, self.view

        def first(_work: Work) -> Page:
            return self._page(0, rows.window(facts, view, 0, PAGE))

        def known(work: Work) -> Keys:
            return rows.keys(facts, view, lambda: work.cancelled() or turn != self._turn)

        if not settled:
            self._whole, self._wanted, self._pages = False, [], {}
            self.session.run(first, lambda page: self._first(turn, page))
        self.session.run(known, lambda keys: self._known(turn, keys, settled=settled))
        self._adding.start(0)

    def _first(self, turn: int, page: Page) -> None:
        if turn != self._turn or self._whole:
            return
        self._learn(page)
        self._pages = {0: page.records}
        self._count = len(page.records)
        self._drop_saved()
        self.reset.emit()

    def _known(self, turn: int, keys: Keys, *, settled: bool) -> None:
        if turn != self._turn:
            return
        if settled:
            self._read_pages(turn, keys)
            return
        before, shown = self._count, bool(self._pages)
        self._whole, self._keys, self._count = True, keys, len(keys)
        if shown:
            self.grown.emit(before, self._count)
        else:
            self._drop_saved()
            self.reset.emit()
        self._soon.start()
        if self._sought is not None:
            sought, self._sought = self._sought, None
            self.find(*sought)

    def _read_pages(self, turn: int, keys: Keys) -> None:
        """Reads the pages that are there again before anything new is shown, so that nothing flickers."""
        wanted = [one for one in list(self._pages)[-8:] if one * PAGE < len(keys)] or [0]
        job = self._pages_job(wanted, keys)

        def done(pages: list[Page]) -> None:
            if turn != self._turn:
                return
            before = self._count
            self._whole, self._keys, self._count = True, keys, len(keys)
            self._pages, self._wanted = {}, []
            self._drop_saved()
            self.grown.emit(before, self._count)
            self._arrived(pages)
            self.filled.emit(0, self.count() - 1)

        self.session.run(job, done)

    def _pages_job(self, numbers: list[int], keys: Keys) -> Callable[[Work], list[Page]]:
        schema, facts = self.schema, self.session.ledger
        parts = [(one, list(keys.numbers[one * PAGE : (one + 1) * PAGE])) for one in numbers]
        return lambda _work: [self._page(one, rows.rows_at(facts, schema, part)) for one, part in parts]

    def _drop_saved(self) -> None:
        """Rows of the tail that are in the ledger now stand among its own."""
        self.tail = [one for one in self.tail if one not in self._kept]
        self._kept = {}

    def _page(self, number: int, records: Iterable[Record | None]) -> Page:
        """A page with the lines its references show; off the thread."""
        found = list(records)
        lines: dict[str, dict[str, str]] = {}
        for one in self.schema.references():
            if not isinstance(one.kind, Ref | Refs):
                continue
            values = [getattr(record, one.name) for record in found if record is not None]
            flat = [v for v in values if v] if isinstance(one.kind, Ref) else [i for v in values for i in v or ()]
            missing = self.lines.missing(one.kind.to, flat)
            if missing:
                lines.setdefault(one.kind.to, {}).update(self.lines.read(one.kind.to, missing))
        there = [record for record in found if record is not None]
        reckoned = dict(zip((record.id for record in there), self.reckon(there), strict=True))
        return Page(number, found, lines, reckoned)

    def _learn(self, page: Page) -> None:
        self.reckoned.update(page.reckoned)
        for to, lines in page.lines.items():
            self.lines.learn(to, lines)

    def _want(self, number: int) -> None:
        if number in self._wanted:
            return
        self._wanted = [*self._wanted[-3:], number]
        self._soon.start()

    def _fetch(self) -> None:
        """Reads the pages that were looked at last and are not there."""
        if not self._whole:
            return  # asked again when the keys have arrived
        turn = self._turn
        wanted = [one for one in self._wanted if one not in self._pages]

        def done(pages: list[Page]) -> None:
            if turn == self._turn:
                self._arrived(pages)

        if wanted:
            self.session.run(self._pages_job(wanted, self._keys), done)

    def _arrived(self, pages: list[Page]) -> None:
        for page in pages:
            self._learn(page)
            self._pages[page.number] = page.records
            if page.number in self._wanted:
                self._wanted.remove(page.number)
            self.filled.emit(page.number * PAGE, page.number * PAGE + len(page.records) - 1)
        while len(self._pages) > KEPT:
            for record in self._pages.pop(next(iter(self._pages))):
                self.reckoned.pop(record.id if record is not None else "", None)

    def _add_up(self) -> None:
        turn, facts, view = self._turn, self.session.ledger, self.view

        def done(totals: Totals) -> None:
            if turn == self._turn:
                self.counted.emit(totals)

        self.session.run(lambda _work: rows.totals(facts, view), done)

    # -- changing ----------------------------------------------------------------------------------------------------

    def begin(self, identifier: str) -> int:
        """Puts a row that is begun now behind the last one; returns where it stands."""
        self.tail.append(identifier)
        return self._count + len(self.tail) - 1

    def forget(self, identifier: str) -> int | None:
        """Takes a begun row away that is not in the ledger; returns where it stood."""
        if identifier not in self.tail or identifier in self._kept:
            return None
        at = self._count + self.tail.index(identifier)
        self.tail.remove(identifier)
        return at

    def take(self, identifier: str) -> None:
        """A row that was begun here is in the ledger now."""
        record = self.session.ledger.find(self.schema.name, identifier)
        if identifier in self.tail and record is not None:
            self._kept[identifier] = record
            self.reckoned[identifier] = self.reckon([record])[0]

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something: rows that are here and still there are read again singly, else the view is."""
        mine = [identifier for name, identifier in outcome.touched if name == self.schema.name]
        others = {name for name, _identifier in outcome.touched if name != self.schema.name}
        if self.lines.forget({name for name, _identifier in outcome.touched}) and others:
            self.filled.emit(0, self.count() - 1)
        if not mine:
            return
        places = {one: self.row_of(one) for one in mine} if len(mine) <= BULK else {}
        if not places or any(row is None for row in places.values()):
            self.read_again()
            return
        for identifier, row in places.items():
            record = self.session.ledger.find(self.schema.name, identifier)
            if record is None or row is None:
                self.drafts.keep(identifier, {}, new=False)
                self.read_again()
                return
            self.reckoned[identifier] = self.reckon([record])[0]
            if row >= self._count:
                self._kept[identifier] = record
            else:
                self._pages[row // PAGE][row % PAGE] = record
            self.filled.emit(row, row)
        self._adding.start()


def _timer(owner: QObject, wait: int, act: Callable[[], None]) -> QTimer:
    made = QTimer(owner)
    made.setSingleShot(True)
    made.setInterval(wait)
    made.timeout.connect(act)
    return made
