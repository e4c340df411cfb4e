"""The ledger file: made, opened, locked, backed up. One file, whole whenever no deed is being written.

Journal DELETE and synchronous FULL, because clerks copy files with the file manager and a copy of an open WAL file
holds nothing; BEGIN IMMEDIATE for writers, because plain BEGIN loses acknowledged updates between two programs.
"""

from __future__ import annotations

import os
import re
import secrets
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, StaticPool, create_engine, event, text

from db.errors import Fault
from db.store.faults import translated
from db.store.tables import APPLICATION, FORMAT, PLAIN, WITHHELD, Tables, run

SUFFIX = ".zgl"
_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
_WAIT_MS = 10_000


@dataclass
class Gate:
    """Whether a write is under way that came through the ledger's gate; the guard triggers of its connections ask it."""

    is_open: bool = False


def driver() -> ModuleType:
    """The SQLite the program brings along; where it has no wheel, Python's own."""
    try:
        from sqlcipher3 import dbapi2
    except ImportError:  # pragma: no cover - platforms without a wheel
        import sqlite3

        return sqlite3
    return dbapi2  # type: ignore[no-any-return]


def create(path: Path, tables: Tables, gate: Gate, notes: Mapping[str, str]) -> Engine:
    """Makes a new empty ledger file with these notes; refuses to write over anything."""
    with translated(path):
        if path.exists():
            raise Fault(f"已经有这个文件：{path}", "请换一个文件名；要继续用它，请选“打开”。", "faults")
        if not path.parent.is_dir():
            raise Fault(f"没有这个文件夹：{path.parent}", "请先建好文件夹，或换一个位置。", "faults")
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            engine = _engine(part, Gate(), writable=True, fresh=True)
            with writing(engine) as connection:
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
                connection.exec_driver_sql(f"PRAGMA user_version = {PLAIN}")
                tables.make(connection)
                connection.execute(tables.note.insert(), [{"key": key, "value": notes[key]} for key in notes])
                guard(connection)
            engine.dispose()
            _publish(part, path)
        finally:
            part.unlink(missing_ok=True)
    return _engine(path, gate, writable=True)


def _publish(part: Path, path: Path) -> None:
    """Gives a finished file its name, never over another; a link refuses where a rename would replace."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise Fault(f"已经有这个文件：{path}", "请换一个文件名。", "faults") from None
    except OSError:  # FAT on a USB stick knows no links
        part.rename(path)


def inspect(path: Path) -> None:
    """Refuses by its first bytes what is no ledger of ours, before SQLite sees it."""
    with translated(path):
        if path.is_dir():
            raise Fault(f"这是一个文件夹，不是台账文件：{path}", "请选取文件夹里的台账文件（.zgl）。", "faults")
        with path.open("rb") as file:
            header = file.read(_HEADER)
    if not header:
        raise Fault(f"这是一个空文件，不是台账：{path}", "请选取台账文件，或用“新建”做一个。", "faults")
    if len(header) < _HEADER or not header.startswith(_MAGIC):
        raise Fault(f"这个文件不是整改通台账：{path}", "请选取整改通的台账文件（.zgl）。", "faults")
    version, application = struct.unpack(">I", header[60:64])[0], struct.unpack(">I", header[68:72])[0]
    if application != APPLICATION:
        raise Fault(f"这是别的程序的数据库，不是整改通台账：{path}", "请选取整改通的台账文件（.zgl）。", "faults")
    if version > FORMAT:
        raise Fault(
            f"这个台账是用更新版本的整改通做的（格式 {version}，本程序只认得到 {FORMAT}）：{path}",
            "请先升级本机的整改通，文件没有被改动。",
            "faults",
        )


def open_file(path: Path, gate: Gate, *, to_read: bool = False) -> tuple[Engine, bool]:
    """Opens a ledger file, ``to_read`` for reading alone; the second value says whether it can be written to."""
    inspect(path)
    with translated(path):
        # A name that ends in "-journal" beside the file is SQLite's own unfinished deed: it is rolled back on opening.
        writable = not to_read and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        engine = _engine(path, gate, writable=writable)
        with engine.connect() as connection:
            connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one()
    return engine, writable


def mark(path: Path) -> tuple[int, ...]:
    """What tells one state of a file from another without reading it; () when there is none."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def memory(place: str = ":memory:") -> Engine:
    """An empty database in memory, for the ledger as of a moment. With ``""`` for its place it is SQLite's own private one: in
    memory while it is small, else in a temporary file that goes with it."""
    module = driver()
    engine = create_engine(
        "sqlite://",
        module=module,
        creator=lambda: module.connect(place, isolation_level=None, check_same_thread=False),
        poolclass=StaticPool,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _engine(path: Path, gate: Gate, *, writable: bool, fresh: bool = False) -> Engine:
    mode = "rwc" if fresh else "rw" if writable else "ro"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    module = driver()

    def connect() -> Any:
        connection = module.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, timeout=_WAIT_MS / 1000
        )
        for pragma in _PRAGMAS if writable else _PRAGMAS_READING:
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function(_GATE, 0, lambda: int(gate.is_open))
        return connection

    engine = create_engine("sqlite://", module=module, creator=connect, poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    return engine


_PRAGMAS_READING = ("mmap_size = 0", "cell_size_check = ON", "temp_store = MEMORY", "cache_size = -32768")
_PRAGMAS = (*_PRAGMAS_READING, "journal_mode = DELETE", "synchronous = FULL", "secure_delete = OFF")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("ledger_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: commits at the end or changes nothing."""
    with engine.connect() as plain:
        connection = plain.execution_options(ledger_writes=True)
        with connection.begin():
            yield connection


_GATE = "gate_open"


LASTING = "log_no_update"
"""The trigger that lets nothing in the log change."""
_GUARDED = ("log", "conflict", "paper", "paper_chunk", WITHHELD)


def _triggers(guarded: Iterable[str]) -> dict[str, str]:
    """Name → SQL of the triggers over these tables: the log never changes, everything else only by the gate."""
    found = {}
    for name in ("UPDATE", "DELETE"):
        found[f"log_no_{name.lower()}"] = (
            f"CREATE TRIGGER log_no_{name.lower()} BEFORE {name} ON log "
            "BEGIN SELECT raise(ABORT, 'the log only grows'); END"
        )
    for one in guarded:
        for name in ("INSERT",) if one == "log" else ("INSERT", "UPDATE", "DELETE"):
            found[f"guard_{one}_{name.lower()}"] = (
                f"CREATE TRIGGER guard_{one}_{name.lower()} BEFORE {name} ON {one} WHEN NOT {_GATE}() "
                "BEGIN SELECT raise(ABORT, 'only the gate writes'); END"
            )
    return found


def _ours(connection: Connection) -> dict[str, str]:
    """The triggers that belong to the tables in the file, whatever version of this program made them."""
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    return _triggers(name for name in names if name in _GUARDED or is_record_table(name))


_RECORD_TABLE = re.compile(r"r_[A-Za-z0-9_]+(\$[A-Za-z0-9_]+)?", re.ASCII)


def is_record_table(name: str) -> bool:
    """Whether a table of that name holds records: of the core, or the rows of a register."""
    return _RECORD_TABLE.fullmatch(name) is not None


def _present(connection: Connection) -> dict[str, str]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    return {str(name): str(words) for name, words in rows}


def guard(connection: Connection) -> None:
    """Triggers that refuse every write but the gate's; those already there stay."""
    present = _present(connection)
    run(connection, [words for name, words in _ours(connection).items() if name not in present])


def guarded(connection: Connection) -> bool:
    """Whether every trigger is there; a file of an older program has fewer."""
    return _ours(connection).keys() <= _present(connection).keys()


def strangers(connection: Connection, tables: Tables) -> list[str]:
    """Names of tables, views and triggers in the file that are none of a ledger's, and of triggers that bear the name of
    one but do something else."""
    known = {WITHHELD, *(table.name for table in tables.log.metadata.tables.values())}
    triggers = _ours(connection)
    rows = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master")).all()
    found = []
    for kind, name, table, words in ([str(word) for word in row] for row in rows):
        known_table = kind in ("table", "index") and (table in known or is_record_table(table))
        ours = triggers.get(name) == words if kind == "trigger" else known_table or name.startswith("sqlite_")
        if not ours:
            found.append(name)
    return found


def backup(path: Path, folder: Path, moment: datetime, progress: Callable[[float], None] | None = None) -> Path:
    """Copies a ledger file, consistent though it is open, into a folder under a name with the time; never over another."""
    with translated(folder):
        if not folder.is_dir():
            raise Fault(f"没有这个文件夹：{folder}", "请先建好文件夹，或换一个位置。", "faults")
        local = moment.astimezone()
        target = folder / f"{path.stem}-备份-{local:%Y%m%d-%H%M%S}{path.suffix or SUFFIX}"
        number = 1
        while target.exists():
            number += 1
            target = folder / f"{path.stem}-备份-{local:%Y%m%d-%H%M%S}-{number}{path.suffix or SUFFIX}"
        copy_to(path, target, progress)
    return target


def copy_to(path: Path, target: Path, progress: Callable[[float], None] | None = None) -> None:
    """SQLite's own online copy to a temporary name, synced and renamed: the target is whole or not there."""
    module = driver()
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        source = module.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_WAIT_MS / 1000)
        copy = module.connect(str(part))
        try:

            def step(_status: int, remaining: int, total: int) -> None:
                if progress is not None and total:
                    progress(1 - remaining / total)

            source.backup(copy, pages=4096, progress=step)
        finally:
            copy.close()
            source.close()
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
