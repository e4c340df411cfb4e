"""The index by which words are found among very many records: a file of this machine, beside no ledger and in no package.

It holds, for every record, its folded words and the tokens by which they are found: each pair of characters that follow each
other, and what ``db.schema.spelling`` makes of its names. A pair says which records may hold a longer word; whether they do is
seen by their words. Rows are numbered by kind and, within it, by when the record was last worked on, so that the latest come
first without anything being sorted.

Why a file of its own. In the ledger it would be written by every deed and every merge, travel with every copied ledger, and make
it larger. Here a deed costs nothing: what was done since is read from the log when somebody looks for something.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from db.schema import spelling
from db.schema.folding import APART, END, START
from db.store import file

VERSION = "1"
"""Of what is kept and how; a file of another one is made again."""
PLACES = 40
"""Bits of a row's number that say when; those above say what kind."""
_GATHERED = 16 << 20
"""Bytes of tokens gathered in memory before they are written in order."""
_STEPS = 2_000
"""SQLite's own steps between two looks whether anybody still waits."""
_SIGNS = "".join(sign for sign in map(chr, range(33, 127)) if not sign.isalnum())


@dataclass(frozen=True)
class Entry:
    """A record to be found: ``at`` is the position of its last change in the log; folded title, names, and other words."""

    id: str
    at: int
    title: str
    names: tuple[str, ...]
    rest: tuple[str, ...]

    def words(self) -> str:
        """All of it as one text, in which no word stands across two."""
        named = "".join(one + END for one in (self.title, *self.names))
        return f"{START}{named}{APART}{''.join(one + END for one in self.rest)}"


def names_of(words: str) -> list[str]:
    """Kept words → the title and the names."""
    return words[1 : words.index(APART)].split(END)[:-1]


def tokens(words: str) -> str:
    """The tokens of kept words, as the tokenizer takes them."""
    found = {*map("".join, pairwise(words))}
    found |= spelling.tokens(names_of(words))
    return " ".join(found)


class Finder:
    """An open index. Without a path it is SQLite's own private file, which goes when it is closed. Several threads may use it,
    one after the other."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self.failed = (self.damaged(),)
        """What it raises when the file is damaged, the disk is full or somebody cancelled."""
        version = file.driver().sqlite_version
        self._keeps = tuple(int(one) for one in version.split(".")) >= (3, 43)
        self._connection = self._opened()
        self._make()

    def _opened(self) -> Any:
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
        place = str(self.path) if self.path is not None else ""
        return file.driver().connect(place, isolation_level=None, check_same_thread=False, timeout=10)

    def renew(self) -> None:
        """Begins with an empty file in the place of a damaged one."""
        with self._lock:
            self._connection.close()
            if self.path is not None:
                remove(self.path)
            self._connection = self._opened()
            self._make()

    def _make(self) -> None:
        run = self._connection.execute
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -32768", "temp_store = MEMORY"):
            run(f"PRAGMA {pragma}")
        run("CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, value TEXT)")
        if self.note("version") == VERSION:
            return
        with self.writing():
            for table in ("entry", "kind", "token"):
                run(f"DROP TABLE IF EXISTS {table}")
            run("DELETE FROM note")
            run("CREATE TABLE kind (number INTEGER PRIMARY KEY, name TEXT UNIQUE, shape TEXT)")
            run("CREATE TABLE entry (number INTEGER PRIMARY KEY, id TEXT, words TEXT)")
            run("CREATE INDEX entry_id ON entry (id)")
            signs = _SIGNS.replace("'", "''''").replace('"', '""')
            slim = "content='', contentless_delete=1, " if self._keeps else ""
            tokenize = f"tokenize=\"ascii tokenchars '{signs}'\""
            run(f"CREATE VIRTUAL TABLE token USING fts5(words, detail=none, prefix='1', {slim}{tokenize})")
            run("INSERT INTO token (token, rank) VALUES ('hashsize', ?)", (_GATHERED,))
            self.set_note("version", VERSION)

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            self._connection.close()

    @staticmethod
    def damaged() -> type[Exception]:
        """What opening a file raises that is no index, or a damaged one."""
        return file.driver().DatabaseError  # type: ignore[no-any-return]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it or nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                with suppress(*self.failed):
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    # -- notes and kinds ---------------------------------------------------------------------------------------------

    def note(self, key: str) -> str:
        """A note of the index; "" when there is none."""
        with self._lock:
            row = self._connection.execute("SELECT value FROM note WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_note(self, key: str, value: str) -> None:
        """Sets a note."""
        self._connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (key, value))

    def kinds(self) -> dict[str, tuple[int, str]]:
        """Name of a kind → its number, and its shape: what made its words."""
        with self._lock:
            rows = self._connection.execute("SELECT name, number, shape FROM kind").fetchall()
        return {name: (number, shape) for name, number, shape in rows}

    def set_kind(self, number: int, name: str, shape: str) -> None:
        """Notes a kind; rows of a kind that comes to another number must be taken out before."""
        self._connection.execute("DELETE FROM kind WHERE number = ? OR name = ?", (number, name))
        self._connection.execute("INSERT INTO kind VALUES (?, ?, ?)", (number, name, shape))

    def drop_kind(self, number: int) -> None:
        """Takes a kind out with all its rows."""
        low, high = number << PLACES, ((number + 1) << PLACES) - 1
        for table, name in (("token", "rowid"), ("entry", "number")):
            self._connection.execute(f"DELETE FROM {table} WHERE {name} BETWEEN ? AND ?", (low, high))
        self._connection.execute("DELETE FROM kind WHERE number = ?", (number,))

    # -- rows --------------------------------------------------------------------------------------------------------

    def take_out(self, kind: int, ids: Iterable[str]) -> None:
        """Takes the rows of records of a kind out, as far as there are any."""
        run = self._connection.execute
        for one in ids:
            for (number,) in run("SELECT number FROM entry WHERE id = ?", (one,)).fetchall():
                if number >> PLACES == kind:
                    run("DELETE FROM token WHERE rowid = ?", (number,))
                    run("DELETE FROM entry WHERE number = ?", (number,))

    def put(self, kind: int, entries: Sequence[Entry]) -> None:
        """Puts rows in that are not there."""
        rows = [((kind << PLACES) + one.at, one.id, one.words()) for one in entries]
        self._connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
        self._connection.executemany(
            "INSERT INTO token (rowid, words) VALUES (?, ?)", ((number, tokens(words)) for number, _id, words in rows)
        )

    def settle(self) -> None:
        """Orders what was put in bit by bit, so that it is found faster."""
        with self._lock:
            self._connection.execute("INSERT INTO token (token) VALUES ('optimize')")

    # -- looking -----------------------------------------------------------------------------------------------------

    def rows(
        self, sql: str, values: Sequence[Any], fits: Callable[[str], bool], cancelled: Callable[[], bool]
    ) -> list[tuple[Any, ...]]:
        """The rows of a query, in which ``fits(words)`` may be asked; what it raises when ``cancelled`` says so is one of
        ``failed``."""
        with self._lock:
            self._connection.create_function("fits", 1, fits)
            self._connection.set_progress_handler(lambda: int(cancelled()), _STEPS)
            try:
                return self._connection.execute(sql, values).fetchall()  # type: ignore[no-any-return]
            finally:
                self._connection.set_progress_handler(None, _STEPS)


def size(path: Path) -> int:
    """Bytes of an index with what lies beside it."""
    return sum(one.stat().st_size for one in _parts(path) if one.exists())


def remove(path: Path) -> None:
    """Deletes an index nobody has open."""
    for one in _parts(path):
        with suppress(OSError):
            one.unlink(missing_ok=True)


def _parts(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ("", "-wal", "-shm")]
