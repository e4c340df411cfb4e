"""Looking for words in a whole ledger: what was written since is read from the log first, so that what is found is what is there.

A query is words with blanks between them, all of which a record must hold: anywhere in it, or, typed in Latin letters, as the
pinyin of a part of its name. Order: who is called so, who begins so, who holds it in its name, the rest; the latest first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from db.errors import Refusal
from db.ledger import history, texts
from db.ledger.asking import Condition, Query, Stage
from db.ledger.facts import Facts
from db.store.finder import PLACES, Entry, Finder
from db.store.tables import RecordTable, Tables

_BATCH = 500
_GULP = 1_000
"""Records written at once while an index is made."""
_SHELF = 16
"""Bits of a kind's number below those of its shelf."""
_LOOKED, _HEARD = 1_000, 300
"""Rows whose words are looked at to tell how many there are, by themselves and by their sound."""
_AT = "at"
_POINTS = "points"
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Hit:
    """A record that was found; ``rank`` is 0 for one that is called so, 1 begins so, 2 is called or begins so in pinyin, 3 holds
    it in its name, 4 elsewhere, 5 in pinyin."""

    record: str
    id: str
    rank: int


class Stopped(Refusal):
    """Nobody waits for what is looked for any more."""


def never() -> bool:
    """Nobody cancels."""
    return False


class Search:
    """Looks through one ledger by one index. ``shelves`` puts schemas together (name → number of the shelf): what is found is
    told by shelf. Schemas it does not name stand on shelf 0, registers on shelf 1."""

    def __init__(self, facts: Facts, finder: Finder, shelves: Mapping[str, int]) -> None:
        self.facts = facts
        self.finder = finder
        self.shelves = shelves
        self._known = False
        self._shaped: tuple[Tables, dict[str, str]] | None = None
        self._refreshing = threading.RLock()

    def close(self) -> None:
        """Lets go of the index."""
        with self._refreshing:
            self.finder.close()

    # -- keeping up --------------------------------------------------------------------------------------------------

    def behind(self) -> int:
        """How many changes of the log are not in the index; all of them where it was not compared with this log yet, or where
        it lacks whole schemas."""
        with self.facts.reading() as connection:
            last = self._last(connection)
        return last - int(self.finder.note(_AT) or 0) if self._known and not self._stale() else last

    def _stale(self) -> list[str]:
        """The schemas whose records the index holds in another shape, or not at all."""
        kinds = self.finder.kinds()
        return [name for name, shape in self._shapes().items() if kinds.get(name, (0, ""))[1] != shape]

    def _last(self, connection: Connection) -> int:
        log = self.facts.tables.log
        return int(connection.execute(select(func.coalesce(func.max(log.c.position), 0))).scalar_one())

    def refresh(
        self, cancelled: Cancelled = never, progress: Callable[[int, int], None] = lambda _done, _all: None
    ) -> int:
        """Brings the index up to the log; returns how many records were read. What was done before it was cancelled stays."""
        with self._refreshing:
            try:
                return self._refresh(cancelled, progress)
            except self.finder.failed:
                _stop(cancelled)
                self.finder.renew()  # damaged: what is in it can be made again
                self._known = False
                return self._refresh(cancelled, progress)

    def _refresh(self, cancelled: Cancelled, progress: Callable[[int, int], None]) -> int:
        """Reads a batch at a time and lets go of the ledger in between: while somebody reads, nobody can save."""
        with self.facts.reading() as connection:
            last = self._last(connection)
            if not self._known or not self._follows(connection):
                if not self._same_log(connection, last):
                    self._begin(connection, last)
                self._known = True
        stale = self._stale()
        gone = [name for name in self.finder.kinds() if name not in self._shapes()]
        count = self._whole(stale, gone, cancelled, progress) if stale or gone else 0
        count += self._since(int(self.finder.note(_AT) or 0), cancelled)
        if count > _GULP:
            self.finder.settle()
        return count

    def _follows(self, connection: Connection) -> bool:
        """Whether the change up to which the index goes is still the one at its place of the log."""
        log, at = self.facts.tables.log, int(self.finder.note(_AT) or 0)
        digest = connection.execute(select(log.c.hash).where(log.c.position == at)).scalar()
        return not at or digest in [one[2] for one in orjson.loads(self.finder.note(_POINTS) or "[]")]

    def _same_log(self, connection: Connection, last: int) -> bool:
        """Whether the index was made of the beginning of this log; another file may have been put in the place."""
        log, at = self.facts.tables.log, int(self.finder.note(_AT) or 0)
        if not at or at > last:
            return False
        for replica, sequence, digest in orjson.loads(self.finder.note(_POINTS) or "[]"):
            query = select(log.c.hash).where(log.c.replica == replica, log.c.sequence == sequence, log.c.position <= at)
            if connection.execute(query).scalar() != digest:
                return False
        return True

    def _begin(self, connection: Connection, last: int) -> None:
        """Empties the index and notes of which log it will be, as of now: whatever is cut short goes on from here."""
        points = [list(one) for one in history.points(connection, self.facts.tables)]
        with self.finder.writing():
            for number, _shape in self.finder.kinds().values():
                self.finder.drop_kind(number)
            self.finder.set_note(_AT, str(last))
            self.finder.set_note(_POINTS, orjson.dumps(points).decode())

    def _shapes(self) -> dict[str, str]:
        """Schema → the shape of its words; reckoned once for the definitions in force."""
        tables = self.facts.tables
        if self._shaped is None or self._shaped[0] is not tables:
            known = {name: one.schema for name, one in tables.records.items() if name not in texts.WITHOUT}
            shapes = {name: f"{self._shelf(name)} {texts.shape(schema)}" for name, schema in known.items()}
            self._shaped = tables, shapes
        return self._shaped[1]

    def _shelf(self, name: str) -> int:
        return self.shelves.get(name, 1 if "." in name else 0)

    def _whole(
        self,
        stale: Sequence[str],
        gone: Sequence[str],
        cancelled: Cancelled,
        progress: Callable[[int, int], None],
    ) -> int:
        """Takes schemas out that are gone, and reads every record of those whose words are others now."""
        kinds, count = self.finder.kinds(), 0
        with self.finder.writing():
            for name in (*gone, *stale):
                if name in kinds:
                    self.finder.drop_kind(kinds[name][0])
        for number, name in enumerate(stale):
            progress(number, len(stale))
            shape, one = self._shapes().get(name, ""), self.facts.tables.records.get(name)
            if one is None:  # gone meanwhile
                continue
            with self.finder.writing():
                taken = {kind for kind, _shape in self.finder.kinds().values()}
                free = self._shelf(name) << _SHELF
                while free in taken:
                    free += 1
                self.finder.set_kind(free, name, "")
            last = ""
            while batch := self._batch(one, last):
                _stop(cancelled)
                last = batch[-1]["id"]
                with self.finder.writing():
                    self.finder.put(free, _entries(one, batch))
                count += len(batch)
            with self.finder.writing():
                self.finder.set_kind(free, name, shape)
        progress(len(stale), len(stale))
        return count

    def _batch(self, one: RecordTable, after: str) -> list[Mapping[str, Any]]:
        """The next records of a schema by id, each with the position of its last change."""
        at = "(SELECT max(position) FROM log WHERE record = ? AND log.id = r.id)"
        sql = f"SELECT {at} AS _at, r.* FROM {one.name} r WHERE deleted = 0 AND id > ? ORDER BY id LIMIT {_GULP}"
        with self.facts.reading() as connection:
            return [dict(row) for row in connection.exec_driver_sql(sql, (one.schema.name, after)).mappings()]

    def _since(self, at: int, cancelled: Cancelled) -> int:
        """Reads the records that were touched after a position."""
        log, kinds, count = self.facts.tables.log, self.finder.kinds(), 0
        points = {one[0]: one for one in orjson.loads(self.finder.note(_POINTS) or "[]")}
        touched: dict[str, dict[str, int]] = {}
        with self.facts.reading() as connection:
            last = self._last(connection)
            if last == at:
                return 0
            names = (log.c.position, log.c.record, log.c.id, log.c.replica, log.c.sequence, log.c.hash)
            rows = connection.execute(select(*names).where(log.c.position > at).order_by(log.c.position))
            for position, record, identifier, *point in rows:
                touched.setdefault(record, {})[identifier] = position
                points[point[0]] = point
        for record, positions in touched.items():
            if record in kinds and record in self.facts.tables.records:
                count += self._replace(kinds[record][0], self.facts.tables.records[record], positions, cancelled)
        with self.finder.writing():
            self.finder.set_note(_AT, str(last))
            self.finder.set_note(_POINTS, orjson.dumps([*points.values()]).decode())
        return count

    def _replace(self, kind: int, one: RecordTable, positions: Mapping[str, int], cancelled: Cancelled) -> int:
        ids = list(positions)
        for start in range(0, len(ids), _BATCH):
            _stop(cancelled)
            some = ids[start : start + _BATCH]
            places = ", ".join("?" * len(some))
            sql = f"SELECT * FROM {one.name} WHERE deleted = 0 AND id IN ({places})"
            with self.facts.reading() as connection:
                rows = connection.exec_driver_sql(sql, tuple(some)).mappings()
                found = [{**row, "_at": positions[row["id"]]} for row in rows]
            with self.finder.writing():
                self.finder.take_out(kind, some)
                self.finder.put(kind, _entries(one, found))
        return len(ids)

    # -- looking -----------------------------------------------------------------------------------------------------

    def find(self, typed: str, shelf: int, most: int = 8, *, kind: str = "", cancelled: Cancelled = never) -> list[Hit]:
        """The first records of a shelf (or of one schema on it) that hold what is typed, the best first."""
        asked = Query(typed)
        if not asked.words:
            return []
        kinds = self.finder.kinds()
        if kind and kind not in kinds:
            return []
        span = self._span(kinds, shelf, kind)
        # Who is called so begins so, too: it is asked for by itself only where more begin so than are wanted.
        begins = self._rows(asked, "begins", span, most, cancelled)
        rows = self._rows(asked, "same", span, most, cancelled) if len(begins) == most else []
        rows += begins
        if len(begins) < most:
            rows += self._rows(asked, "holds", span, most, cancelled)
        found: dict[int, tuple[str, str]] = {}
        for number, identifier, words in rows:
            found.setdefault(number, (identifier, words))
        names = {number: name for name, (number, _shape) in kinds.items()}
        ranked = sorted((asked.rank(words), -number, identifier) for number, (identifier, words) in found.items())
        return [Hit(names[-number >> PLACES], identifier, rank) for rank, number, identifier in ranked[:most]]

    def _span(self, kinds: Mapping[str, tuple[int, str]], shelf: int, kind: str) -> tuple[int, int]:
        """The first and the last number of the rows of a shelf, or of one schema on it."""
        first, bits = (kinds[kind][0], PLACES) if kind else (shelf, _SHELF + PLACES)
        return first << bits, ((first + 1) << bits) - 1

    def _rows(
        self, asked: Query, stage: Stage, span: tuple[int, int], most: int, cancelled: Cancelled
    ) -> list[tuple[Any, ...]]:
        one = asked.condition(stage)
        sql = f"SELECT e.number, e.id, e.words {one.source(words=True)} ORDER BY token.rowid DESC LIMIT ?"
        return self._run(sql, one, span, (most,), cancelled)

    def count(self, typed: str, shelf: int, most: int, *, cancelled: Cancelled = never) -> tuple[int, bool]:
        """How many records of a shelf hold what is typed, and whether there may be more: no more than ``most`` are counted,
        and no more than some hundreds are looked at."""
        asked = Query(typed)
        if not asked.words:
            return 0, False
        one = asked.condition("holds")
        limit = max(most, _HEARD if one.heard else _LOOKED) if one.tests else most
        fitting = " AND ".join(one.tests or ("1",))
        looked = replace(one, tests=(), values=())
        sql = f"SELECT sum(({fitting}) != 0), count(*) FROM (SELECT {'e.words' if one.tests else 1} AS words {{}} LIMIT {limit}) e"
        whole = sql.format(looked.source(words=bool(one.tests)))
        with _stopping(self.finder, cancelled):
            values = (*one.values, one.match, *self._span({}, shelf, ""))
            found, all_ = self.finder.rows(whole, values, one.fits, cancelled)[0]
        return min(found or 0, most), all_ >= limit or (found or 0) > most

    def counts(self, typed: str, shelf: int, *, cancelled: Cancelled = never) -> dict[str, int]:
        """Schema → how many of its records hold what is typed, most first; all of them are counted."""
        asked = Query(typed)
        if not asked.words:
            return {}
        one = asked.condition("holds")
        sql = f"SELECT token.rowid >> {PLACES}, count(*) {one.source()} GROUP BY 1 ORDER BY 2 DESC, 1"
        names = {number: name for name, (number, _shape) in self.finder.kinds().items()}
        return {names[row[0]]: row[1] for row in self._run(sql, one, self._span({}, shelf, ""), (), cancelled)}

    def _run(
        self, sql: str, one: Condition, span: tuple[int, int], last: tuple[int, ...], cancelled: Cancelled
    ) -> list[tuple[Any, ...]]:
        with _stopping(self.finder, cancelled):
            return self.finder.rows(sql, (one.match, *span, *one.values, *last), one.fits, cancelled)


def _entries(one: RecordTable, rows: Sequence[Mapping[str, Any]]) -> list[Entry]:
    read = texts.reader(one)
    return [read(row["id"], row["_at"], row) for row in rows]


def _stop(cancelled: Cancelled) -> None:
    if cancelled():
        raise Stopped("已取消。")


@contextmanager
def _stopping(finder: Finder, cancelled: Cancelled) -> Iterator[None]:
    try:
        yield
    except finder.failed:
        _stop(cancelled)
        raise
