"""Looking for a record by any of its words: where its index lies, on which shelf what is found is told, and how it is shown.

The index lies in this machine's folder and never beside the ledger, so that it goes with no stick and into no package. Of a
ledger on a stick nothing stays on the machine: its index is a private file that goes when the ledger is closed.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.ledger import lines, texts
from db.ledger.facts import Facts
from db.ledger.searching import Hit, Search
from db.schema import folding, spelling
from db.schema.record import Record, Schema
from db.store import finder
from db.store.finder import Finder
from desktop_app import paths

RECORDS, REGISTERS, PAPERS = range(3)
SHELF_NAMES = {RECORDS: "记录", REGISTERS: "登记", PAPERS: "文书"}
SHELVES = dict.fromkeys(
    ("notice", "chapter", "next_step", "unread_text", "issued_paper", "evidence", "regulation"), PAPERS
)
SHOWN = 6
"""Records of a shelf shown at first."""
TOLD = 200
"""Of more than these it is said that there are more."""
_KEPT = 12
"""Indexes kept on a machine, of the ledgers opened last."""
_LOOKED_BACK = 400
"""Changes among which the records are that were worked on last."""
_AROUND = 14
"""Characters shown before the place where the words stand."""
_LINE = 90

Spans = tuple[tuple[int, int], ...]
"""From and to, in characters, of what is marked."""


@dataclass(frozen=True)
class Shown:
    """What was found, to be shown: its line with the places of the words in it; where else they stand: the name of the field,
    a piece of its text, the places in it."""

    record: str
    id: str
    kind: str
    line: str
    marks: Spans
    field: str = ""
    piece: str = ""
    piece_marks: Spans = ()


def opened(facts: Facts) -> Search:
    """A search through a ledger with its index, which may yet have to be made; one that is damaged is made again."""
    if _on_a_stick(facts.path):
        return Search(facts, Finder(None), SHELVES)
    folder = paths.home() / "search"
    path = folder / f"{hashlib.sha256(str(facts.path.absolute()).encode()).hexdigest()[:24]}.index"
    try:
        made = Finder(path)
    except Finder.damaged():
        finder.remove(path)
        made = Finder(path)
    except OSError:  # no room, or a folder nobody may write into: this once without keeping it
        made = Finder(None)
    _forget_old(folder, path)
    return Search(facts, made, SHELVES)


def _forget_old(folder: Path, kept: Path) -> None:
    """Deletes the indexes of ledgers that were not opened for long."""
    known = [one for one in folder.glob("*.index") if one != kept]
    for one in sorted(known, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT - 1 :]:
        finder.remove(one)


def _on_a_stick(path: Path) -> bool:
    """Whether a ledger lies on a medium that can be pulled out."""
    whole = str(path.absolute())
    if sys.platform == "win32":  # pragma: no cover - Windows only
        import ctypes

        return int(ctypes.windll.kernel32.GetDriveTypeW(path.absolute().anchor)) == _REMOVABLE
    return whole.startswith(STICKS)


STICKS = ("/media/", "/run/media/", "/Volumes/", "/mnt/")
"""Where Linux and macOS show what is plugged in."""
_REMOVABLE = 2


def shown(facts: Facts, hits: Sequence[Hit], typed: str) -> list[Shown]:
    """What was found, to be shown, in its order; a record that is gone meanwhile is left out."""
    words = folding.words(typed)
    found: dict[tuple[str, str], Shown] = {}
    for name in dict.fromkeys(one.record for one in hits):
        if name in facts.tables.records:
            records = _records(facts, name, [one.id for one in hits if one.record == name])
            schema = facts.schema(name)
            for record, line in zip(records, lines.described(facts, records), strict=True):
                found[name, record.id] = _shown(schema, record, line, words)
    return [found[one.record, one.id] for one in hits if (one.record, one.id) in found]


def shelf_of(record: str) -> int:
    """The shelf on which records of a schema are told."""
    return SHELVES.get(record, REGISTERS if "." in record else RECORDS)


def prepare() -> None:
    """Reads the dictionary of readings, so that the first letters somebody types need not wait for it."""
    spelling.looked_for("zg")


def lately(facts: Facts, most: int = 8) -> list[Shown]:
    """The records that were worked on last, the latest first."""
    with facts.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT record, id FROM log ORDER BY position DESC LIMIT ?", (_LOOKED_BACK,)
        ).all()
    known = [(row[0], row[1]) for row in rows if row[0] in facts.tables.records and row[0] not in texts.WITHOUT]
    found: list[Shown] = []
    for record, identifier in dict.fromkeys(one for one in known if one[0] != "category"):
        found += shown(facts, [Hit(record, identifier, 0)], "")
        if len(found) == most:
            break
    return found


def _records(facts: Facts, name: str, ids: Sequence[str]) -> list[Record]:
    """The live records of these ids, as far as they can be read."""
    one = facts.tables.records[name]
    places = ", ".join("?" * len(ids))
    with facts.reading() as connection:
        rows = connection.exec_driver_sql(
            f"SELECT * FROM {one.name} WHERE deleted = 0 AND id IN ({places})", tuple(ids)
        ).mappings()
        empty = dict.fromkeys(one.kinds)
        return [one.schema.load(row["id"], one.stored({**empty, **row})) for row in rows]


def _shown(schema: Schema, record: Record, line: str, words: Sequence[str]) -> Shown:
    line = line if len(line) <= _LINE else f"{line[:_LINE]}…"
    here = marks(line, words, named=True)
    made = Shown(schema.name, record.id, schema.title, line, here)
    elsewhere = [one for one in words if not marks(line, [one], named=True)]
    best = max(_pieces(schema, record, words, elsewhere), key=lambda one: one[0], default=None)
    return made if best is None else Shown(*_first(made), *best[1])


def _first(made: Shown) -> tuple[str, str, str, str, Spans]:
    return made.record, made.id, made.kind, made.line, made.marks


def _pieces(
    schema: Schema, record: Record, words: Sequence[str], elsewhere: Sequence[str]
) -> Iterable[tuple[int, tuple[str, str, Spans]]]:
    """(how many of the words that are not in the line it holds, (the name of a field, a piece of its text, the places of all
    words in it)) of every field with any."""
    for name, kind in texts.wanted(schema):
        value = getattr(record, name)
        if value is None:
            continue
        told = texts.shown(kind, value)
        named = texts.is_name(kind)
        here = [found[0][0] for word in elsewhere if (found := marks(told, [word], named=named))]
        if here:
            start = max(0, min(here) - _AROUND)
            piece = " ".join(("…" * (start > 0) + told[start : start + _LINE]).split())
            yield len(here), (kind.label, piece, marks(piece, words, named=named))


def marks(text: str, words: Sequence[str], *, named: bool = False) -> Spans:
    """Where folded words stand in a text as it is shown; ``named``: or where they spell a part of it."""
    folded, at = folding.places(text)
    found: list[tuple[int, int]] = []
    for word in words:
        start = folded.find(word)
        spans = []
        while start >= 0:
            spans.append((start, start + len(word)))
            start = folded.find(word, start + len(word))
        if not spans and named and spelling.is_spelt(word):
            spans = list(spelling.heard(word, folded))[: None if len(word) > 1 else 1]
        found += [(at[one], at[end - 1] + 1) for one, end in spans]
    return tuple(folding.joined(found))
