"""Looking for words in 1,000,000 records: against the bounds a clerk feels, against a plain scan of the tables, and what the
index costs, beside SQLite's own trigram index of the same texts."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine

from db.ledger.facts import Facts
from db.ledger.searching import Search
from db.ledger.vocabulary import Vocabulary
from db.schema import pinyin
from db.schema.records import SCHEMAS
from db.store.finder import Finder, size
from db.store.tables import tables
from desktop_app import paths
from desktop_app.rectification import categories
from desktop_app.rectification.searching import SHELVES, SHOWN, TOLD

from .measure import Ratio
from .plain import connect

_EACH = 40
"""Questions of a kind."""
FIRST, ALL = 0.020, 0.060
"""Seconds until the first results are there, and until all that is shown is."""
_VEHICLE = "official_vehicles.vehicle"


def look_for_words(folder: Path, rows: int) -> Iterator[Ratio]:
    """The index is made, asked in every way, and follows a change."""
    folder.mkdir(exist_ok=True)
    facts, said = filled(folder / "很多.db", rows)
    search = Search(facts, Finder(folder / "index"), SHELVES)
    building = worked(search.refresh)
    plain = connect(folder / "trigram.db")
    trigram = worked(lambda: _trigrams(plain, facts))
    yield Ratio(f"index of {rows:,} records", building, trigram, 8)
    plain.close()
    ours, theirs = size(folder / "index"), (folder / "trigram.db").stat().st_size
    yield Ratio("its size, beside SQLite's trigrams", ours / 1e6, theirs / 1e6, 3, unit="MB")
    yield from _asked(search, facts, said)
    with facts.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE r_measure SET lead = '刚刚改过的标题' WHERE id = 'measure-7'")
        connection.exec_driver_sql(_LOG, [_log_row("measure", "measure-7", rows + 1)])
    yield Ratio("following one change", worked(search.refresh), FIRST, 1)
    assert [one.id for one in search.find("刚刚改过", 0)] == ["measure-7"]
    search.close()


def worked(work: Callable[[], object]) -> float:
    """Seconds the processor takes for one call: what lies in memory is not read any slower while others work, too."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _asked(search: Search, facts: Facts, said: Sequence[str]) -> Iterator[Ratio]:
    source = random.Random(7)
    scan = statistics.median(worked(partial(_scan, facts, word)) for word in ("整改", "台账里", "2021"))
    for name, words in _questions(source, said).items():
        first = sorted(worked(partial(_first, search, word)) for word in words)
        whole = sorted(worked(partial(_everything, search, word)) for word in words)
        yield Ratio(f"{name}: first results, 95 %", first[-max(1, _EACH // 20)], FIRST, 1)
        yield Ratio(f"{name}: with their counts, 95 %", whole[-max(1, _EACH // 20)], ALL, 1)
        yield Ratio(f"{name}: first results, beside a scan", statistics.median(first), scan, 0.05)


def _first(search: Search, word: str) -> None:
    for shelf in range(3):
        search.find(word, shelf, SHOWN)


def _everything(search: Search, word: str) -> None:
    for shelf in range(3):
        search.find(word, shelf, SHOWN)
        search.count(word, shelf, TOLD)


def _questions(source: random.Random, said: Sequence[str]) -> dict[str, list[str]]:
    def part(length: int) -> str:
        text = source.choice(said)
        at = source.randrange(max(1, len(text) - length))
        return text[at : at + length]

    found = {f"{length} characters": [part(length) for _ in range(_EACH)] for length in (1, 2, 3, 6)}
    for length in (2, 4):
        names = [part(length) for _ in range(_EACH * 3)]
        spelt = ["".join(pinyin.readings(one)[0][0] for one in name if pinyin.readings(one)) for name in names]
        found[f"{length} initials"] = [one for one in spelt if len(one) == length and one.isalpha()][:_EACH]
    names = [part(3) for _ in range(_EACH * 3)]
    spelt = ["".join(pinyin.readings(one)[0] for one in name if pinyin.readings(one)) for name in names]
    found["3 syllables"] = [one for one in spelt if one.isalpha()][:_EACH]
    found["numbers"] = [str(source.randrange(100, 10_000)) for _ in range(_EACH)]
    found["two words"] = [f"{part(2)} {part(2)}" for _ in range(_EACH)]
    return found


def _scan(facts: Facts, word: str) -> None:
    """A plain look through every text of these tables."""
    with facts.reading() as connection:
        for name, fields in _TEXTS.items():
            where = " OR ".join(f"instr({field}, ?)" for field in fields)
            table = facts.tables.records[name].name
            connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE {where}", (word,) * len(fields)).all()


_TEXTS = {"measure": ("lead", "body"), "problem": ("title", "symptoms"), _VEHICLE: ("plate", "model")}
_LOG = "INSERT INTO log VALUES (?, ?, 'r', ?, ?, '', '', '', '', '', ?, ?, '{}', '', '', 0)"


def _trigrams(plain: object, facts: Facts) -> None:
    run = plain.execute  # type: ignore[attr-defined]
    run("CREATE VIRTUAL TABLE t USING fts5(a, b, content='', tokenize='trigram')")
    run("ATTACH ? AS ledger", (str(facts.path),))
    run("BEGIN")
    for name, (one, other) in _TEXTS.items():
        run(f"INSERT INTO t (a, b) SELECT {one}, {other} FROM ledger.{facts.tables.records[name].name}")
    run("COMMIT")


def _log_row(record: str, identifier: str, position: int) -> tuple[object, ...]:
    return position, str(position), position, position, record, identifier


def filled(path: Path, rows: int) -> tuple[Facts, list[str]]:
    """Facts with that many records whose texts are pieces of the manual, and some of the texts."""
    definitions = {one.key: one for one in categories.definitions()}
    schemas = dict(SCHEMAS)
    for definition in definitions.values():
        schemas |= {one.name: one for one in definition.schemas()}
    made = tables(schemas)
    engine = create_engine(f"sqlite:///{path}")
    facts = Facts(engine, made, path, Vocabulary(SCHEMAS, schemas, definitions))
    prose = "".join(
        "".join(page.read_text("utf-8").split()) for page in sorted((paths.resources() / "help").glob("*.md"))
    )
    source = random.Random(1)

    def piece(least: int, most: int) -> str:
        at = source.randrange(len(prose) - most)
        return prose[at : at + source.randrange(least, most)]

    said: list[str] = []
    with engine.begin() as connection:
        made.make(connection)
        position = 0
        for name, share in (("problem", 10), (_VEHICLE, 10), ("measure", 80)):
            batch, log = [], []
            for number in range(rows * share // 100):
                position += 1
                identifier = f"{name.rpartition('.')[2]}-{number}"
                title = f"苏A{source.randrange(100_000):05d}" if name == _VEHICLE else piece(8, 20)
                text = piece(6, 12) if name == _VEHICLE else f"{piece(20, 50)}{source.randrange(10_000)}"
                batch.append((identifier, 0, "", title, text))
                log.append(_log_row(name, identifier, position))
                if number % 1_000 == 0:
                    said += [title, text] if name != _VEHICLE else [text]
            one, other = _TEXTS[name]
            table = made.records[name].name
            connection.exec_driver_sql(
                f"INSERT INTO {table} (id, deleted, heads, {one}, {other}) VALUES (?, ?, ?, ?, ?)", batch
            )
            connection.exec_driver_sql(_LOG, log)
    return facts, said
