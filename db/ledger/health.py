"""Is the ledger sound? Every hash, every chain, every parent; the tables against the log replayed; the papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select

from db.errors import Refusal
from db.ledger.change import Change, plausible
from db.ledger.facts import Facts
from db.ledger.history import Chain, change_of, head_in
from db.schema.composite import Paper, Sheet
from db.schema.record import trouble
from db.store import blobs, file, rebuild
from db.store.projection import project


@dataclass(frozen=True)
class Ailment:
    """Something unsound: a short code and a sentence with what to do."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Health:
    """How many changes, records and papers were looked at, and what is wrong with them; ``head`` sums up the whole log."""

    changes: int
    records: int
    papers: int
    head: str
    ailments: tuple[Ailment, ...]


_TOLD = 20
"""At most so many ailments of one sort are told one by one."""
_BACKUP = "请用最近的备份恢复，并保留这个文件。"


def health(facts: Facts, progress: Callable[[str], None] = lambda _what: None) -> Health:
    """Looks at everything; takes as long as reading the file and replaying the log."""
    ailments: list[Ailment] = []
    with facts.reading() as connection:
        progress("文件")
        # Not quick_check: it passes over an index that says something else than its table.
        report = connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars().all()
        if report != ["ok"]:
            ailments.append(Ailment("file", f"数据库文件内部有损坏：{report[0]}。{_BACKUP}"))
        count, head, records, papers = 0, "", 0, 0
        try:
            progress("记录")
            count, head = _log(facts, connection, ailments)
            progress("台账表")
            records = _tables(facts, connection, ailments)
            progress("佐证文件")
            papers = _papers(facts, connection, ailments)
        except (TypeError, ValueError, AttributeError, LookupError):  # bytes where words were, words where numbers were
            ailments.append(Ailment("file", f"台账文件里有读不懂的内容。{_BACKUP}"))
    return Health(count, records, papers, head, tuple(ailments))


def _log(facts: Facts, connection: Connection, ailments: list[Ailment]) -> tuple[int, str]:
    log = facts.tables.log
    chain = Chain(connection, facts.tables)
    clocks: dict[str, int] = {}
    unread: dict[tuple[str, str, str], str] = {}
    count = 0
    for row in connection.execution_options(yield_per=2_000).execute(select(log).order_by(log.c.position)):
        count += 1
        previous = chain.before(row.replica, row.sequence)
        change = change_of(row, previous or "")
        named = f"第 {row.position} 条记录（{row.sentence[:20]}）"
        wrong = plausible(change)
        if wrong:
            ailments.append(Ailment("hash", f"{named}{wrong}，可能被改动过。{_BACKUP}"))
        if previous is None:
            ailments.append(Ailment("sequence", f"{named}之前缺记录。{_BACKUP}"))
        if any(clocks.get(parent, change.clock) >= change.clock for parent in change.parents):
            ailments.append(Ailment("parent", f"{named}的前因不在台账里。{_BACKUP}"))
        chain.took(change.replica, change.sequence, change.hash)
        clocks[change.hash] = change.clock
        unread |= _unread(facts, change)
        if len(ailments) > _TOLD:
            break
    ailments += _shown_empty(facts, connection, unread)
    return count, head_in(connection, facts.tables)


def _unread(facts: Facts, change: Change) -> dict[tuple[str, str, str], str]:
    """(schema name, id, field) → what is wrong, of the values of a change that their kinds cannot read."""
    one = facts.tables.records.get(change.record)
    if one is None:
        return {}
    kinds = {name: one.kinds[name] for name in change.fields if name in one.kinds}
    found = {name: trouble(kind, change.fields[name]) for name, kind in kinds.items()}
    return {(change.record, change.id, name): wrong for name, wrong in found.items() if wrong}


def _shown_empty(facts: Facts, connection: Connection, unread: dict[tuple[str, str, str], str]) -> list[Ailment]:
    """Of the unreadable values those that nobody has replaced since."""
    found = []
    for (record, identifier, name), wrong in unread.items():
        one = facts.tables.records[record]
        state = project(rebuild.versions(connection, facts.tables, record, identifier))
        if one.readable(name, state.fields.get(name)) != state.fields.get(name):
            told = f"{one.schema.title}（编号 {identifier[:12]}）里有一个读不懂的值，暂按空白显示：{wrong}。"
            found.append(Ailment("value", f"{told}请打开这条{one.schema.title}重新填写。"))
    return found


def _tables(facts: Facts, connection: Connection, ailments: list[Ailment]) -> int:
    engine = file.memory()
    count = 0
    with engine.begin() as fresh:
        facts.tables.make(fresh)
        rebuild.replay(connection, fresh, facts.tables, None)
        for name, one in facts.tables.records.items():
            query = select(one.table).order_by(one.table.c.id)
            kept, replayed = connection.execute(query).all(), fresh.execute(query).all()
            count += len(kept)
            if kept != replayed:
                different = {row.id for row in {*kept} ^ {*replayed}}
                ailments.append(
                    Ailment(
                        "table",
                        f"{one.schema.title}表与记录不一致（{len(different)} 条，{name}）。请用“重建”修复，数据不会丢失。",
                    )
                )
        conflict = select(facts.tables.conflict)
        if {*connection.execute(conflict).all()} != {*fresh.execute(conflict).all()}:
            ailments.append(Ailment("table", "冲突表与记录不一致。请用“重建”修复，数据不会丢失。"))
    engine.dispose()
    return count


def _papers(facts: Facts, connection: Connection, ailments: list[Ailment]) -> int:
    """Every paper that is in the file, and every paper that a live record names: its bytes must be what its hash says."""
    sheets = {
        row.hash: Sheet(row.hash[:12], row.hash, row.size) for row in connection.execute(select(facts.tables.paper))
    }
    sheets |= _named_papers(facts, connection)
    wrong: list[str] = []
    for sheet in sheets.values():
        try:
            for _ in blobs.stream(connection, facts.tables, sheet):
                pass
        except Refusal as missing:
            wrong.append(f"{missing.sentence.rstrip('。')}。{missing.advice}")
    ailments += [Ailment("paper", sentence) for sentence in wrong[:_TOLD]]
    if len(wrong) > _TOLD:
        ailments.append(Ailment("paper", f"这样的文件一共有 {len(wrong)} 个。请用备份恢复，或向报送单位补要。"))
    return len(sheets)


def _named_papers(facts: Facts, connection: Connection) -> dict[str, Sheet]:
    """Hash → the paper, of all that live records name."""
    found: dict[str, Sheet] = {}
    for one in facts.tables.records.values():
        for name, kind in one.columns:
            if isinstance(kind, Paper):
                column = one.table.c[name]
                query = select(column).where(column.is_not(None), one.table.c.deleted == 0)
                sheets = [kind.load(orjson.loads(words)) for words in connection.execute(query).scalars()]
                found.update({sheet.hash: sheet for sheet in sheets})
    return found
