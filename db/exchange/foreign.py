"""A whole ledger file that the file manager copied, as contents to be merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import select

from db.errors import Fault
from db.exchange.contents import Cancelled, Contents, Standing, spans_of
from db.exchange.manifest import MOST_MEMBERS, MOST_REPLICAS, damaged, is_key, is_place
from db.exchange.package import Followed
from db.ledger import outgoing
from db.ledger.change import Change, Withheld
from db.ledger.facts import Facts
from db.ledger.vocabulary import plain
from db.schema.composite import Sheet
from db.schema.records import SCHEMAS
from db.store import blobs, withheld
from db.store.foreign import Copy, doubting
from db.store.tables import WITHHELD, tables

_MAGIC = b"SQLite format 3\0"


def is_ledger(file: IO[bytes]) -> bool:
    """Whether a file begins like a database."""
    file.seek(0)
    return file.read(len(_MAGIC)) == _MAGIC


@dataclass(frozen=True)
class Whole:
    """The source of a copied ledger file: its private copy, and the log as it is there."""

    copy: Copy
    facts: Facts
    moment: outgoing.Moment
    sizes: dict[str, int]

    def lines(self) -> Iterator[Change | Withheld]:
        """Every change of the file, chained; a damaged one is told when it is reached."""
        follow = Followed({replica: (1, last) for replica, (last, _) in self.moment.heads.items()})
        with doubting(self.copy.path):
            for one in outgoing.unseen(self.facts, self.moment):
                follow.take(one)
                yield one
        follow.end()

    def changes(self) -> Iterator[Change]:
        return (one for one in self.lines() if isinstance(one, Change))

    def withheld(self) -> Iterator[Withheld]:
        return (one for one in self.lines() if isinstance(one, Withheld))

    def paper(self, digest: str) -> Iterator[bytes]:
        with doubting(self.copy.path):
            yield from self.facts.open_paper(Sheet(digest[:12], digest, self.sizes[digest]))

    def close(self) -> None:
        self.copy.close()


def open_ledger(path: Path, cancelled: Cancelled) -> Contents:
    """Copies the file privately and reads it as data; whoever opens closes."""
    known = plain(SCHEMAS)
    made = tables(known.schemas)
    copy = Copy(path, made, cancelled)
    try:
        with doubting(path):
            assert copy.engine is not None
            facts = Facts(copy.engine, made, path, known)
            _refuse_many(facts)
            moment = outgoing.moment(facts)
            if not moment.heads:
                raise Fault(f"这个台账里还没有内容：{path.name}", "请选取另一个文件。", "exchange")
            if len(moment.heads) > MOST_REPLICAS or not all(is_place(r, at, h) for r, (at, h) in moment.heads.items()):
                raise damaged("副本的编号不对")
            sizes, holes = _papers(facts), _holes(facts)
    except BaseException:
        copy.close()
        raise
    spans = spans_of((replica, number) for replica, last in moment.seen.items() for number in (1, last))
    return Contents(
        path, "ledger", Whole(copy, facts, moment, sizes), spans=spans, seen=moment.seen, head=moment.head,
        count=sum(moment.seen.values()) - holes, withheld_count=holes, papers=sizes, standing=Standing("copy", (), "这是一整份台账的拷贝。"),
    )  # fmt: skip


def _refuse_many(facts: Facts) -> None:
    """Sees that a log was not written under millions of replicas, before they are all asked for."""
    with facts.reading() as connection:
        names = ["log", *([WITHHELD] if withheld.there(connection) else [])]
        for name in names:
            words = f"SELECT count(*) FROM (SELECT DISTINCT replica FROM {name} LIMIT {MOST_REPLICAS + 1})"
            if connection.exec_driver_sql(words).scalar_one() > MOST_REPLICAS:
                raise damaged("副本太多")


def _holes(facts: Facts) -> int:
    with facts.reading() as connection:
        return sum(1 for _ in withheld.open_places(connection))


def _papers(facts: Facts) -> dict[str, int]:
    paper = facts.tables.paper
    with facts.reading() as connection:
        rows = connection.execute(
            select(paper.c.hash, paper.c.size).order_by(paper.c.hash).limit(MOST_MEMBERS + 1)
        ).all()
    if len(rows) > MOST_MEMBERS or not all(is_key(row.hash) and 0 < row.size <= blobs.LARGEST for row in rows):
        raise damaged("材料的清单不对")
    return {row.hash: row.size for row in rows}
