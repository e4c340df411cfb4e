"""Foreign changes, looked at before anything is taken: whole, in order, known parents, values of their kinds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from db.errors import Refusal
from db.ledger.change import Change, plausible
from db.store.projection import DELETED
from db.store.tables import Tables

LEAP = 1_000_000
"""By how much the clock of a change may run ahead of every clock before it.

Every deed adds one to the greatest clock of the whole log it is done in, so the clocks of a log that came whole have no gap
at all; a million makes room for logs that came in part. The gap is looked at from change to change, not from the first to
the last: what one file has taken has no greater gap, so every other file can take it too, in whatever order they meet. To
bring the clock to the end of its range by such leaps takes nine thousand million changes.
"""
_ADVICE = "文件没有并入，本台账没有改动；请对方重新导出一份。"


class Missing(Refusal):
    """Something that must be here first has not come yet: it may be in another file."""


class Log:
    """What a log holds, as far as it matters to what comes."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        self.connection = connection
        self.tables = tables

    def clock(self) -> int:
        """The greatest clock; 0 in an empty log."""
        return self.tables.statements.clock.rows(self.connection)[0][0] or 0

    def head(self, replica: str) -> tuple[int, str]:
        """The last sequence number of a replica, and the hash of that change; (0, "") where there is none."""
        row = self.tables.statements.head.first(self.connection, replica_=replica)
        return (row[0], row[1]) if row else (0, "")

    def known(self, digests: Sequence[str]) -> dict[str, tuple[str, str, int]]:
        """Hash → (record, id, clock) of those changes that are there."""
        rows = self.tables.statements.known.stream(self.connection, digests)
        return {digest: (record, identifier, clock) for digest, record, identifier, clock in rows}

    def said(self, replica: str, sequence: int) -> tuple[str, str] | None:
        """The sentence and the actor of the change of that number."""
        log = self.tables.log
        query = select(log.c.sentence, log.c.actor).where(log.c.replica == replica, log.c.sequence == sequence)
        row = self.connection.execute(query).first()
        return (row.sentence, row.actor) if row else None


def new_changes(log: Log, changes: Iterable[Change]) -> list[Change]:
    """Those of the changes that are not yet in the log, causes before effects; ``Refusal`` when they cannot be taken."""
    offered = list({change.hash: change for change in changes}.values())
    heads = {replica: log.head(replica) for replica in {change.replica for change in offered}}
    # Beyond the last number of its replica nothing can be here: most of what comes need not be looked for.
    known = log.known([c.hash for c in offered if c.sequence <= heads[c.replica][0]])
    new = sorted((c for c in offered if c.hash not in known), key=lambda c: (c.clock, c.replica, c.sequence))
    for change in new:
        wrong = plausible(change) or _values_wrong(log.tables, change)
        if wrong:
            raise Refusal(
                f"来文中有一条损坏的记录（{change.record} 第 {change.sequence} 条）：{wrong}。", _ADVICE, "exchange"
            )
    _check_clocks(log, new)
    _check_sequences(log, heads, new)
    _check_parents(log, new)
    return new


def _values_wrong(tables: Tables, change: Change) -> str:
    """Why values are none of their kinds; of rows of registers nobody asks: branches may have different versions of a
    definition, and what the one in force here cannot read is shown as absent."""
    one = tables.records.get(change.record)
    if one is None or "." in change.record:
        return ""
    if not isinstance(change.fields.get(DELETED, False), bool):
        return "“删除”应是“是”或“否”"
    kinds = one.kinds
    for name, stored in change.fields.items():
        kind = kinds.get(name)
        if kind is None or stored is None:
            continue
        try:
            kind.load(stored)
        except Refusal as wrong:
            return wrong.sentence.rstrip("。")
    return ""


def _check_clocks(log: Log, new: Sequence[Change]) -> None:
    last = log.clock()
    for change in new:
        if change.clock > last + LEAP:
            raise Refusal(
                f"来文中有一条损坏的记录（{change.record} 第 {change.sequence} 条）：序号一下跳得太远。",
                _ADVICE,
                "exchange",
            )
        last = max(last, change.clock)


def _check_sequences(log: Log, heads: dict[str, tuple[int, str]], new: Sequence[Change]) -> None:
    for change in new:
        last, digest = heads[change.replica]
        if change.sequence <= last:
            raise _forked(log, change)
        if change.sequence != last + 1:
            raise Missing(
                f"副本 {change.replica[:6]} 缺第 {last + 1} 至 {change.sequence - 1} 条记录。",
                "前面还有文件没有收到，请先并入那一份。",
                "exchange",
            )
        if change.previous != digest:
            raise Refusal(f"副本 {change.replica[:6]} 第 {change.sequence} 条与前一条接不上。", _ADVICE, "exchange")
        heads[change.replica] = (change.sequence, change.hash)


def _forked(log: Log, change: Change) -> Refusal:
    """One number for two changes: a machine was set back to an older state as a whole, its ledger and its memory of it."""
    ours = log.said(change.replica, change.sequence)
    here = f"：本台账是“{ours[0][:30]}”（{ours[1]}），来文是“{change.sentence[:30]}”（{change.actor}）" if ours else ""
    return Refusal(
        f"副本 {change.replica[:6]} 有两条不同的第 {change.sequence} 条记录{here}。文件没有并入，本台账没有改动。",
        "多半是其中一台电脑曾整机还原到以前的状态。请在还原过的那台电脑上把现有台账另存保留，改用对方台账文件的一份拷贝，"
        "再照旧台账的“历史”把还原之后做的各步重新录入；收过它还原后所发文件的单位也要改用这份拷贝。",
        "exchange",
    )


def _check_parents(log: Log, new: Sequence[Change]) -> None:
    known = {change.hash: (change.record, change.id, change.clock) for change in new}
    wanted = {parent for change in new for parent in change.parents if parent not in known}
    known |= log.known(sorted(wanted))
    for change in new:
        for parent in change.parents:
            cause = known.get(parent)
            if cause is None:
                raise Missing(
                    f"来文中一条记录的前因没有收到（{change.sentence[:30]}）。",
                    "它依据的内容在另一份还没有收到的文件里，请先并入那一份；没有改动本台账。",
                    "exchange",
                )
            if cause[:2] != (change.record, change.id) or cause[2] >= change.clock:
                raise Refusal(f"来文中一条记录的前因不对（{change.sentence[:30]}）。", _ADVICE, "exchange")
