"""Somebody else's ledger file, read as data: a private copy, bounded, read-only, with nothing of its own in force.

What was measured with hostile files decides the order here. The schema's own rows are walked before SQLite loads them, for it
loads them whole. Then nothing but a ledger's own tables may be there, word for word as this program makes them, so that no view,
trigger, virtual table or generated column of the file is ever run. An authorizer lets through the questions that are asked here
and no others; a bound on steps ends what would not end. What rows say is not believed either: their hashes are looked at later.
"""

from __future__ import annotations

import os
import shutil
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from db.errors import Fault
from db.store import file, withheld
from db.store.faults import translated
from db.store.tables import WITHHELD, Tables, record_of

_PIECE = 1 << 20
_MOST_OBJECTS = 20_000
_LONGEST_SQL = 1 << 20
_LONGEST_VALUE = 8 << 20
_STEPS = 10_000
"""SQLite's own steps between two looks at the bound."""
_OK, _DENY = 0, 1
_PRAGMA, _READ, _SELECT, _TRANSACTION, _FUNCTION = 19, 20, 21, 22, 31
_FUNCTIONS = {"max", "min", "count", "coalesce", "octet_length", "length", "typeof"}
_TEXTS = ("hash", "replica", "time", "deed", "undoes", "actor", "sentence", "record", "id", "fields", "parents")
_NUMBERS = ("position", "sequence", "clock")


def _damaged(path: Path, what: str) -> Fault:
    return Fault(
        f"这个台账文件已损坏或被别的程序改过（{what}）：{path.name}",
        "文件没有并入，本台账没有改动；请对方重新拷贝，或改用“导出交换文件”。",
        "exchange",
    )


@contextmanager
def doubting(path: Path) -> Iterator[None]:
    """As ``translated``; whatever else SQLite may say of a foreign file, it is damaged."""
    try:
        with translated(path):
            yield
    except DBAPIError as error:
        raise _damaged(path, "数据库读不出来") from error


class Copy:
    """A private copy of a ledger file and the engine that reads it; both are gone after ``close``."""

    def __init__(self, path: Path, tables: Tables, cancelled: Callable[[], bool]) -> None:
        self.path = path
        self._folder = tempfile.TemporaryDirectory(prefix="zhenggai-", ignore_cleanup_errors=True)
        self.engine: Engine | None = None
        try:
            _refuse_unfinished(path)
            copy = Path(self._folder.name) / "copy.zgl"
            _copied(path, copy, cancelled)
            with copy.open("rb") as opened:
                _walk(path, opened)
            self.engine = _engine(copy, {WITHHELD, *(table.name for table in tables.log.metadata.tables.values())})
            with doubting(path), self.engine.connect() as connection:
                _verified(path, connection, tables)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Lets go of the copy and deletes it."""
        if self.engine is not None:
            self.engine.dispose()
        self._folder.cleanup()


def _refuse_unfinished(path: Path) -> None:
    """A journal beside the file belongs to it: without it the file is an unfinished save."""
    file.inspect(path)
    with path.open("rb") as opened:
        header = opened.read(20)
    beside = [path.with_name(path.name + ending) for ending in ("-journal", "-wal")]
    if header[18:20] != b"\1\1" or any(one.exists() and one.stat().st_size for one in beside):
        raise Fault(
            f"这个台账文件正在使用，或上次没有正常关闭：{path.name}",
            "请在记这本台账的电脑上用整改通打开它一次再关闭，然后重新拷贝。",
            "exchange",
        )


def _copied(path: Path, copy: Path, cancelled: Callable[[], bool]) -> None:
    with path.open("rb") as source, copy.open("xb") as target:
        if os.fstat(source.fileno()).st_size > shutil.disk_usage(copy.parent).free:
            raise Fault("本机临时文件夹的空间不够，放不下来文的一份拷贝。", "请清理磁盘后再试。", "exchange")
        while piece := source.read(_PIECE):
            target.write(piece)
            if cancelled():
                raise Fault("已取消，本台账没有改动。", topic="exchange")


def _walk(path: Path, opened: IO[bytes]) -> None:
    """Sees that the table of the schema has few rows of moderate length, before SQLite takes them all into memory."""
    header = opened.read(100)
    size = struct.unpack(">H", header[16:18])[0]
    size = 1 << 16 if size == 1 else size
    if size < 512 or size & (size - 1):
        raise _damaged(path, "页的大小不对")
    waiting, seen, cells = [1], {1}, 0
    while waiting:
        number = waiting.pop()
        opened.seek((number - 1) * size)
        page = opened.read(size)
        at = 100 if number == 1 else 0
        if len(page) != size or page[at] not in (5, 13):
            raise _damaged(path, "目录不对")
        count = struct.unpack(">H", page[at + 3 : at + 5])[0]
        inner = page[at] == 5
        cells += count
        first = at + (12 if inner else 8)
        if cells > _MOST_OBJECTS or first + 2 * count > size:
            raise _damaged(path, "里面的表太多")
        places = struct.unpack(f">{count}H", page[first : first + 2 * count])
        if any(place + 4 > size for place in places):
            raise _damaged(path, "目录不对")
        if not inner:
            if any(_varint(page, place) > _LONGEST_SQL for place in places):
                raise _damaged(path, "有一张表的定义太长")
            continue
        below = [struct.unpack(">I", page[place : place + 4])[0] for place in places]
        below.append(struct.unpack(">I", page[at + 8 : at + 12])[0])
        if seen & {*below} or len({*below}) != len(below) or 0 in below:
            raise _damaged(path, "目录绕圈")
        seen |= {*below}
        waiting += below


def _varint(page: bytes, at: int) -> int:
    value = 0
    for byte in page[at : at + 9]:
        value = value << 7 | byte & 127
        if byte < 128:
            return value
    return value << 7


def _engine(copy: Path, known: set[str]) -> Engine:
    module = file.driver()
    left = [10_000 + copy.stat().st_size // 10]

    def bound() -> int:
        left[0] -= 1
        return int(left[0] < 0)

    def allowed(action: int, first: str | None, second: str | None, *_: Any) -> int:
        fine = (
            action in (_SELECT, _TRANSACTION)
            or (action == _READ and (first in known or first == "sqlite_master"))
            or (action == _FUNCTION and second in _FUNCTIONS)
            or (action == _PRAGMA and first in ("integrity_check", "read_uncommitted"))
        )
        return _OK if fine else _DENY

    def connect() -> Any:
        uri = f"{copy.absolute().as_uri()}?mode=ro&immutable=1"
        connection = module.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "query_only = ON"):
            connection.execute(f"PRAGMA {pragma}")
        for pragma in ("temp_store = MEMORY", "cache_size = -32768"):
            connection.execute(f"PRAGMA {pragma}")
        with suppress(AttributeError):
            connection.enable_load_extension(False)
        connection.set_progress_handler(bound, _STEPS)
        connection.set_authorizer(allowed)
        return connection

    engine = create_engine("sqlite://", module=module, creator=connect, poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _verified(path: Path, connection: Connection, tables: Tables) -> None:
    """The schema is a ledger's and nothing else, the table of the log is sound, every value in it is of its type and of
    moderate length."""
    expected = _expected(tables)
    own = ", ".join(f"'{name}'" for name in (WITHHELD, *(table.name for table in tables.log.metadata.tables.values())))
    indexes = f"SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({own})"
    if not expected.keys() >= {*connection.exec_driver_sql(indexes).scalars()}:
        raise _damaged(path, "有不属于整改通的索引")
    for name, words in expected.items():
        found = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).scalars().all()
        if found != [words] and not (found == [] and name in OPTIONAL):
            raise _damaged(path, f"表 {name} 不对")
    if strange := file.strangers(connection, tables):
        raise _damaged(path, f"有不属于整改通的东西：{record_of(strange[0])[:30]}")
    placeholders = withheld.there(connection)
    for name in ("log", *_BYTES, *([WITHHELD] if placeholders else [])):
        report = connection.exec_driver_sql(f"PRAGMA integrity_check('{name}')").scalars().all()
        if report != ["ok"]:
            raise _damaged(path, "数据库内部不对")
    texts = " OR ".join(f"typeof({name}) <> 'text' OR {_long(name)} > {_LONGEST_VALUE}" for name in _TEXTS)
    numbers = " OR ".join(f"typeof({name}) <> 'integer'" for name in _NUMBERS)
    if connection.exec_driver_sql(f"SELECT 1 FROM log WHERE {texts} OR {numbers} LIMIT 1").all():
        raise _damaged(path, "有一条记录的内容不对")
    chunk = (
        f"typeof(bytes) <> 'blob' OR length(bytes) > {_PIECE} OR typeof(hash) <> 'text' OR typeof(number) <> 'integer'"
    )
    paper = "typeof(hash) <> 'text' OR length(hash) <> 64 OR typeof(size) <> 'integer'"
    place = "typeof(replica) <> 'text' OR typeof(sequence) <> 'integer' OR typeof(hash) <> 'text' OR length(hash) <> 64"
    looked = [("paper_chunk", chunk), ("paper", paper), *([(WITHHELD, place)] if placeholders else [])]
    for name, wrong in looked:
        if connection.exec_driver_sql(f"SELECT 1 FROM {name} WHERE {wrong} LIMIT 1").all():
            raise _damaged(path, "有一份材料或占位的内容不对")


_BYTES = ("paper", "paper_chunk")
OPTIONAL = frozenset({WITHHELD, *(index.name for index in withheld.table().indexes)})
"""What is only in a file that has placeholders."""


def _long(name: str) -> str:
    """SQL for the bytes of a text, which are told without the text being read where SQLite knows how (from 3.43)."""
    version = tuple(int(one) for one in file.driver().sqlite_version.split("."))
    return f"octet_length({name})" if version >= (3, 43) else f"length({name})"


def _expected(tables: Tables) -> dict[str, str]:
    """Name → SQL of a ledger's own tables and indexes, as SQLite keeps it."""
    engine = file.memory()
    with engine.begin() as connection:
        tables.log.metadata.create_all(connection)
        withheld.table().metadata.create_all(connection)
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    engine.dispose()
    return {str(name): str(words) for name, words in rows}
