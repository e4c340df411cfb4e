"""Taking a merge back: one ordinary deed that gives every record the values it showed before, while nobody has built on it.

The log only grows, so what was merged stays in it, readable for ever. Three things follow, and the clerk is told each:

* Merging the same file again brings nothing back: its changes are here, and the later deed replaced them. The receipt says so;
  the values come back by undoing the deed that took them back, as after any other deed.
* The deed travels like any deed. With the next file the sender sees in his preview that his values were taken back, and by
  whom. Who wants the merge never to have been, goes on with the backup made before it.
* What the sender writes later, on top of what was taken back, meets the deed as a conflict: it never returns in silence.

"Nobody has built on it" means: every record the merge touched shows what it showed right after the merge, nothing else points at
what came new, nothing that was issued would change, and no register that came is filled. A conflict the merge had decided stays
decided, for the value shown before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.errors import Refusal
from db.exchange.receipt import TOPIC, Receipt
from db.ledger import undoing
from db.ledger.authoring import Written
from db.ledger.change import Built, Outcome
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.kinds import Stored
from db.store.projection import DELETED, State, Version, project, version
from db.store.tables import Tables

BACK = "exchange.back:"
"""The notes that name the deed a file was taken back by, by the file's hash."""
_BLOCK = 400


@dataclass(frozen=True)
class _Life:
    """A record before the merge, right after it, and now; ``fresh`` where it came with it."""

    before: State
    after: State
    now: State
    fresh: bool


def take_back(ledger: Ledger, receipt: Receipt, actor: str) -> Outcome:
    """Takes back what a merge brought; its receipt tells which. ``Refusal`` for a receipt of another ledger, ``Built`` where
    somebody has built on it."""
    if not receipt.last:
        raise Refusal("那次并入没有带来新内容，没有可以撤回的。", "", TOPIC)
    sentence = f"撤回并入：{_named(receipt)}"
    done = ledger.compensate(
        actor, sentence, lambda connection, tables: _reckoned(connection, tables, receipt, sentence)
    )
    if done.deed:
        for one in receipt.files:
            if one.taken and one.hash:
                ledger.note(BACK + one.hash, done.deed)
    return done


def _named(receipt: Receipt) -> str:
    names = [one.sender.name or one.name for one in receipt.files if one.taken]
    return f"{'、'.join(names[:3])}{f'等 {len(names)} 个文件' if len(names) > 3 else ''}的 {receipt.taken} 条记录"[:200]


def _reckoned(connection: Connection, tables: Tables, receipt: Receipt, sentence: str) -> tuple[list[Written], int]:
    log = tables.log
    mark = connection.execute(select(log.c.hash).where(log.c.position == receipt.last)).scalar()
    if mark != receipt.mark:
        raise Refusal("这次并入不是在这个台账文件里做的。", "请打开做过这次并入的台账文件。", TOPIC)
    span = (log.c.position >= receipt.first, log.c.position <= receipt.last)
    touched: dict[str, list[str]] = {}
    for row in connection.execute(select(log.c.record, log.c.id).distinct().where(*span)):
        touched.setdefault(row.record, []).append(row.id)
    if touched.keys() - tables.records.keys():
        raise Built("那次并入含有本程序不认识的内容，不能撤回。", "请升级程序后再试。", TOPIC)
    undoing.refuse_if_frozen(connection, tables, touched, sentence)
    lives = {record: _lives(connection, tables, record, ids, receipt) for record, ids in touched.items()}
    edits: list[Written] = []
    made: dict[str, list[str]] = {}
    for record, found in lives.items():
        for identifier, life in found.items():
            if life.now.fields != life.after.fields:
                title = tables.records[record].schema.title
                raise Built(
                    f"不能撤回并入：其中的{title}后来又被修改或删除。",
                    "请直接改回需要的内容，或改用并入前的备份。",
                    TOPIC,
                )
            fields = _restoring(life)
            if life.before.hidden & fields.keys():
                title = tables.records[record].schema.title
                raise Built(f"不能撤回并入：其中的{title}原来的内容，对方按范围没有给。", "请改用并入前的备份。", TOPIC)
            if fields.get(DELETED) is True:
                made.setdefault(record, []).append(identifier)
            if fields:
                edits.append(Written(record, identifier, fields, life.now.heads))
    states = {record: {one: life.now for one, life in found.items()} for record, found in lives.items()}
    undoing.refuse_if_lasting(tables, made, states, sentence)
    undoing.refuse_if_used(connection, tables, made, touched)
    return edits, receipt.last


def _restoring(life: _Life) -> dict[str, Stored]:
    """The values that give a record back what it showed, and settle the conflicts the merge made."""
    if life.fresh:
        return {} if life.now.fields.get(DELETED) else {DELETED: True}
    before, after = life.before.fields, life.after.fields
    names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    names |= life.after.conflicts.keys() - life.before.conflicts.keys()
    if names:
        names.add(DELETED)  # else a value given back to a deleted record would bring the record back
    return {name: before.get(name, False if name == DELETED else None) for name in sorted(names)}


def _lives(
    connection: Connection, tables: Tables, record: str, identifiers: Sequence[str], receipt: Receipt
) -> Mapping[str, _Life]:
    log = tables.log
    columns = [log.c[name] for name in ("id", "position", "clock", "replica", "hash", "parents", "fields")]
    found: dict[str, list[tuple[int, Version]]] = {}
    for at in range(0, len(identifiers), _BLOCK):
        query = select(*columns).where(log.c.record == record, log.c.id.in_(identifiers[at : at + _BLOCK]))
        for row in connection.execute(query):
            made = version(row.clock, row.replica, row.hash, row.parents, row.fields)
            found.setdefault(row.id, []).append((row.position, made))
    lives = {}
    for identifier, versions in found.items():
        before = [version for position, version in versions if position < receipt.first]
        after = [version for position, version in versions if position <= receipt.last]
        whole = [version for _, version in versions]
        lives[identifier] = _Life(project(before), project(after), project(whole), not before)
    return lives


def taken_back(connection: Connection, tables: Tables, digest: str) -> bool:
    """Whether what a file brought was taken back, and that deed still stands."""
    deed = tables.statements.note.first(connection, key_=BACK + digest) if digest else None
    if deed is None:
        return False
    query = select(tables.log.c.deed).where(tables.log.c.undoes == deed[0], tables.log.c.local == 1)
    return connection.execute(query.limit(1)).first() is None


def hindrance(facts: Facts, receipt: Receipt) -> Refusal | None:
    """Why a merge cannot be taken back now; None where it can. Nothing is written."""
    if not receipt.last:
        return Refusal("那次并入没有带来新内容，没有可以撤回的。", "", TOPIC)
    with facts.reading() as connection:
        brought = [one.hash for one in receipt.files if one.taken]
        if brought and all(taken_back(connection, facts.tables, digest) for digest in brought):
            return Refusal("这次并入已经撤回了。", "要恢复，请到“历史”里撤销“撤回并入”这一步。", TOPIC)
        try:
            _reckoned(connection, facts.tables, receipt, f"撤回并入：{_named(receipt)}")
        except Refusal as refusal:
            return refusal
    return None
