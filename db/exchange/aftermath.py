"""The ledger as it would be after a merge, to be asked like the ledger itself; nothing of it is written anywhere.

The rows a merge would touch are projected into temporary tables of one connection; then a temporary view of each touched table
takes its name there, the untouched rows below and those above. Whoever reads over this connection reads the ledger after the
merge; everybody else reads the ledger. The cost is that of the touched rows, however large the ledger is. Between two questions
the connection holds no lock, so a deed done meanwhile does not wait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from db.errors import Refusal
from db.exchange.contents import Cancelled, Contents, Progress, never, silent
from db.exchange.manifest import TOPIC
from db.exchange.trial import Trial, trial
from db.exchange.walk import Stopped, Walk
from db.ledger.facts import Facts
from db.store.projection import Version, project
from db.store.tables import RecordTable, Tables, run

MOST = 100_000
"""Records a merge may touch for its aftermath to be looked at."""
_BLOCK = 500


class Aftermath(Facts):
    """First the ledger as it is; after ``turn`` the ledger as it would be. ``touched`` are the schemas that something comes for."""

    def __init__(self, facts: Facts, connection: Connection) -> None:
        super().__init__(facts.engine, facts.tables, facts.path, facts.vocabulary)
        self.connection = connection
        self.touched: frozenset[str] = frozenset()
        self._views: list[str] = []
        self._then = facts

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The one connection."""
        yield self.connection

    def lay(self, tried: Trial, progress: Progress, cancelled: Cancelled) -> None:
        """Puts what the touched records will be beside the ledger; it is not seen before ``turn``."""
        known, made = tried.vocabulary()
        self._then = Facts(self.engine, made, self.path, known)
        names = [name for name in tried.names() if name in made.records]
        self.touched = frozenset(names)
        count = 0
        for at, name in enumerate(names):
            one = made.records[name]
            run(self.connection, [one.making.replace(f"TABLE {one.name} ", f"TEMP TABLE {_beside(one)} ", 1)])
            coming = iter(tried.came(name))
            while block := list(islice(coming, _BLOCK)):
                _fill(self.connection, one, block, tried.lived(name, [identifier for identifier, _ in block]))
                count += len(block)
                progress(at / len(names))
                if cancelled():
                    raise Stopped("已取消。", "", TOPIC)
                if count > MOST:
                    raise Refusal(
                        f"这次的变化超过 {MOST} 条，没有预先查规则。",
                        "合并以后请到“检查”里看，不合适可以整次撤回。",
                        TOPIC,
                    )
        self._views = [*_views(self.connection, self.tables, made, self.touched)]

    def turn(self) -> None:
        """From now on these are the facts after the merge."""
        run(self.connection, self._views)
        self.tables, self.vocabulary = self._then.tables, self._then.vocabulary


@contextmanager
def aftermath(
    facts: Facts,
    files: Sequence[Contents],
    *,
    walking: AbstractContextManager[Any] | None = None,
    progress: Progress = silent,
    cancelled: Cancelled = never,
) -> Iterator[Aftermath]:
    """What merging these files would make of the ledger. ``walking`` is held while the files are read, and no longer;
    ``Refusal`` when it is cancelled or too much comes."""
    with facts.reading() as connection:
        connection.detach()  # its temporary tables go with it, and with nobody else's connection
        connection.begin()
        run(connection, ["COMMIT"])
        made = Aftermath(facts, connection)
        with walking or nullcontext(), trial(facts) as tried:
            Walk(tried, lambda *_: None, lambda done: progress(done * 0.5), cancelled).over(files)
            made.lay(tried, lambda done: progress(0.5 + done * 0.5), cancelled)
        yield made


def _beside(one: RecordTable) -> str:
    return f"temp.after_{one.name.replace('$', '_')}"


def _fill(
    connection: Connection,
    one: RecordTable,
    block: Sequence[tuple[str, list[Version]]],
    lived: Mapping[str, list[Version]],
) -> None:
    alike: dict[tuple[str, ...], list[list[Any]]] = {}
    for identifier, came in block:
        whole = {version.hash: version for version in (*lived.get(identifier, ()), *came)}
        state = project(list(whole.values()))
        row = one.filled(identifier, state.fields, state.heads)
        alike.setdefault(tuple(row), []).append(list(row.values()))
    cursor = connection.connection.cursor()
    for names, values in alike.items():
        columns, places = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
        cursor.executemany(f"INSERT INTO {_beside(one)} ({columns}) VALUES ({places})", values)
    cursor.close()


def _views(connection: Connection, now: Tables, then: Tables, touched: frozenset[str]) -> Iterator[str]:
    """SQL for every table that will be another one: with other rows, or of another shape."""
    for name, one in then.records.items():
        known = now.records.get(name)
        if name not in touched and known is not None and known.shape == one.shape:
            continue
        columns = [column.name for column in one.table.columns]
        there = {row[1] for row in connection.exec_driver_sql(f'PRAGMA main.table_info("{one.name}")')}
        arms = []
        if there:
            below = ", ".join(f'"{column}"' if column in there else f'NULL AS "{column}"' for column in columns)
            hidden = f" WHERE id NOT IN (SELECT id FROM {_beside(one)})" if name in touched else ""
            arms.append(f'SELECT {below} FROM main."{one.name}"{hidden}')
        if name in touched:
            above = ", ".join(f'"{column}"' for column in columns)
            arms.append(f"SELECT {above} FROM {_beside(one)}")
        if arms:
            yield f'CREATE TEMP VIEW "{one.name}" AS {" UNION ALL ".join(arms)}'
        else:
            yield one.making.replace("CREATE TABLE", "CREATE TEMP TABLE", 1)
