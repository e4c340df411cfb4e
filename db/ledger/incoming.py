"""Foreign changes, looked at before anything is taken: whole, in order, known parents, values of their kinds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from db.errors import Refusal
from db.ledger.change import Change, Withheld, plausible
from db.store import veils, withheld
from db.store.projection import DELETED
from db.store.statements import BLOCK
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
        return max((row[0], row[1]) if row else (0, ""), withheld.head(self.connection, replica))

    def hole(self, replica: str, sequence: int) -> str:
        """The hash of the change of that number, of which only a placeholder came; "" where there is none."""
        return withheld.at(self.connection, replica, sequence)

    def hash_at(self, replica: str, sequence: int) -> str:
        """The hash of the change of that number, or of its placeholder; "" where neither is there."""
        log = self.tables.log
        query = select(log.c.hash).where(log.c.replica == replica, log.c.sequence == sequence)
        return self.connection.execute(query).scalar() or self.hole(replica, sequence)

    def left_out(self, digests: Sequence[str]) -> set[str]:
        """Of these hashes those of placeholders."""
        return withheld.known(self.connection, digests)

    def known(self, digests: Sequence[str]) -> dict[str, tuple[str, str, int]]:
        """Hash → (record, id, clock) of those changes that are there."""
        rows = self.tables.statements.known.stream(self.connection, digests)
        return {digest: (record, identifier, clock) for digest, record, identifier, clock in rows}

    def kept(self, digests: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Hash → the fields as the log keeps them, and the sentence, of those changes that are there."""
        log, found = self.tables.log, dict[str, tuple[str, str]]()
        for at in range(0, len(digests), BLOCK):
            query = select(log.c.hash, log.c.fields, log.c.sentence).where(log.c.hash.in_(digests[at : at + BLOCK]))
            found.update({row.hash: (row.fields, row.sentence) for row in self.connection.execute(query)})
        return found

    def said(self, replica: str, sequence: int) -> tuple[str, str] | None:
        """The sentence and the actor of the change of that number."""
        log = self.tables.log
        query = select(log.c.sentence, log.c.actor).where(log.c.replica == replica, log.c.sequence == sequence)
        row = self.connection.execute(query).first()
        return (row.sentence, row.actor) if row else None


def lifted(log: Log, lines: Iterable[Change | Withheld], new: Sequence[Change]) -> list[Change]:
    """Of the changes that are here already those of which more is told now, each with all that is told of it. Values follow
    their commitments: what comes must have the very hash of what is here."""
    fresh = {change.hash for change in new}
    told = {one.hash: one for one in lines if isinstance(one, Change) and one.veils and one.hash not in fresh}
    found = []
    for digest, (fields, sentence) in log.kept(sorted(told)).items():
        coming, (values, veiled) = told[digest], veils.read(fields)
        more = veils.lifted((values, sentence, veiled), (coming.fields, coming.sentence, coming.veils))
        if more is None:
            continue
        whole = replace(coming, fields=more[0], sentence=more[1], veils=more[2])
        _refuse_wrong(log.tables, whole)
        _refuse_wrong(log.tables, coming)
        found.append(whole)
    return found


def _refuse_wrong(tables: Tables, change: Change) -> None:
    wrong = plausible(change) or _values_wrong(tables, change)
    if wrong:
        raise Refusal(
            f"来文中有一条损坏的记录（{change.record} 第 {change.sequence} 条）：{wrong}。", _ADVICE, "exchange"
        )


def new_changes(log: Log, lines: Iterable[Change | Withheld]) -> tuple[list[Change], list[Withheld]]:
    """Those of the changes that are not yet in the log, causes before effects, and the placeholders of places of which nothing
    is known yet; ``Refusal`` when they cannot be taken."""
    mixed = list(lines)
    offered = list({one.hash: one for one in mixed if isinstance(one, Change)}.values())
    empty = [one for one in mixed if isinstance(one, Withheld)]
    heads = {replica: log.head(replica) for replica in {one.replica for one in mixed}}
    # Beyond the last number of its replica nothing can be here: most of what comes need not be looked for.
    known = log.known([c.hash for c in offered if c.sequence <= heads[c.replica][0]])
    new = sorted((c for c in offered if c.hash not in known), key=lambda c: (c.clock, c.replica, c.sequence))
    for change in new:
        _refuse_wrong(log.tables, change)
    _check_clocks(log, new)
    places = _new_places(log, heads, empty, new)
    _check_sequences(log, heads, new, places)
    _check_parents(log, new)
    return new, places


def _new_places(
    log: Log, heads: dict[str, tuple[int, str]], empty: Sequence[Withheld], new: Sequence[Change]
) -> list[Withheld]:
    """The placeholders of places at which nothing is; where something is, it must be what they stand for."""
    coming = {(change.replica, change.sequence): change.hash for change in new}
    found: dict[tuple[str, int], Withheld] = {}
    for one in empty:
        place = one.replica, one.sequence
        here = log.hash_at(*place) if one.sequence <= heads[one.replica][0] else ""
        known = here or coming.get(place) or (found[place].hash if place in found else "")
        if known and known != one.hash:
            raise _forked(log, one)
        if not known:
            found[place] = one
    return list(found.values())


def _values_wrong(tables: Tables, change: Change) -> str:
    """Why values are none of their kinds; of rows of registers nobody asks: branches may have different versions of a
    definition, and what the one in force here cannot read is shown as absent."""
    one = tables.records.get(change.record)
    if one is None or "." in change.record:
        return ""
    if not isinstance(change.fields.get(DELETED, False), bool):
        return "“删除”应是“是”或“否”"
    kinds = one.kinds
    try:
        for name, stored in change.fields.items():
            if stored is not None and name in kinds:
                kinds[name].load(stored)
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


def _check_sequences(
    log: Log, heads: dict[str, tuple[int, str]], new: Sequence[Change], places: Sequence[Withheld]
) -> None:
    clock = dict[str, int]()
    lines: list[Change | Withheld] = [*new, *places]
    for change in sorted(lines, key=lambda one: (one.replica, one.sequence)):
        last, digest = heads[change.replica]
        if isinstance(change, Change):
            if change.clock < clock.get(change.replica, 0):
                raise Refusal(f"副本 {change.replica[:6]} 第 {change.sequence} 条的先后不对。", _ADVICE, "exchange")
            clock[change.replica] = change.clock
        if change.sequence <= last:
            if isinstance(change, Withheld) or not _fills(log, change):
                raise _forked(log, change)
            continue
        if change.sequence != last + 1:
            raise Missing(
                f"副本 {change.replica[:6]} 缺第 {last + 1} 至 {change.sequence - 1} 条记录。",
                "前面还有文件没有收到，请先并入那一份。",
                "exchange",
            )
        if isinstance(change, Change) and change.previous != digest:
            raise Refusal(f"副本 {change.replica[:6]} 第 {change.sequence} 条与前一条接不上。", _ADVICE, "exchange")
        heads[change.replica] = (change.sequence, change.hash)


def _fills(log: Log, change: Change) -> bool:
    """Whether a change is the one a placeholder stands for: the change after it was taken because it names this very hash,
    and it names in turn what stands before it."""
    before = log.hash_at(change.replica, change.sequence - 1) if change.sequence > 1 else ""
    return log.hole(change.replica, change.sequence) == change.hash and before == change.previous


def _forked(log: Log, change: Change | Withheld) -> Refusal:
    """One number for two changes: a machine was set back to an older state as a whole, its ledger and its memory of it."""
    ours = log.said(change.replica, change.sequence)
    here = f"：本台账是“{ours[0][:30]}”（{ours[1]}）" if ours else ""
    if here and isinstance(change, Change):
        here = f"{here[:-1]}），来文是“{change.sentence[:30]}”（{change.actor}）"
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
    left_out = log.left_out(sorted(wanted - known.keys()))
    for change in new:
        for parent in change.parents:
            cause = known.get(parent)
            if parent in left_out:
                raise Missing(
                    f"来文中有一条记录（{change.sentence[:30]}）依据的内容，对方以前按范围留下没有发。",
                    "请对方导出时选“全部”，重新发一份；本台账没有改动。",
                    "exchange",
                )
            if cause is None:
                raise Missing(
                    f"来文中一条记录的前因没有收到（{change.sentence[:30]}）。",
                    "它依据的内容在另一份还没有收到的文件里，请先并入那一份；没有改动本台账。",
                    "exchange",
                )
            if cause[:2] != (change.record, change.id) or cause[2] >= change.clock:
                raise Refusal(f"来文中一条记录的前因不对（{change.sentence[:30]}）。", _ADVICE, "exchange")
