"""The one way facts change: a deed, an undo or a merge becomes changes, and all of them end in ``Ledger._take``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from db import clock as clocks
from db.errors import Fault, Refusal
from db.ledger import authoring, undoing
from db.ledger import vocabulary as vocabularies
from db.ledger.authoring import Written
from db.ledger.change import BEYOND, Change, Deed, Outcome, Withheld
from db.ledger.facts import Facts
from db.ledger.taking import Taking
from db.ledger.vocabulary import Vocabulary
from db.schema.composite import Sheet
from db.schema.kinds import Stored
from db.schema.record import Schema
from db.schema.records import SCHEMAS
from db.store import blobs, file, rebuild, replica, withheld
from db.store.faults import gone, translated
from db.store.projection import DELETED, Version, veiled
from db.store.tables import FORMAT, Tables, dumps, tables


class Ledger(Facts):
    """An open ledger file. Several threads may read and act; deeds are written one after the other."""

    def __init__(
        self,
        engine: Engine,
        known: Vocabulary,
        path: Path,
        installation: replica.Installation,
        gate: file.Gate,
        *,
        writable: bool = True,
        clock: clocks.Clock = clocks.now,
    ) -> None:
        super().__init__(engine, tables(known.schemas), path, known)
        self.installation = installation
        self.writable = writable
        self.clock = clock
        self._lock = threading.RLock()
        self._gate = gate
        self._mark = file.mark(path)
        self._stale = False
        self._coming: tuple[Vocabulary, Tables] | None = None
        self._learned = False
        self._told = rebuild.noted(self.tables, known.token)

    @classmethod
    def create(
        cls,
        path: Path,
        installation: replica.Installation,
        *,
        vocabulary: Mapping[str, Schema] = SCHEMAS,
        clock: clocks.Clock = clocks.now,
    ) -> Ledger:
        """Makes a new empty ledger file and opens it; ``vocabulary`` are the records of the core."""
        known, made, gate = vocabularies.plain(vocabulary), tables(vocabulary), file.Gate()
        engine = file.create(path, made, gate, {rebuild.SHAPE: rebuild.noted(made, known.token)})
        return cls(engine, known, path, installation, gate, clock=clock)

    @classmethod
    def open(
        cls,
        path: Path,
        installation: replica.Installation,
        *,
        vocabulary: Mapping[str, Schema] = SCHEMAS,
        clock: clocks.Clock = clocks.now,
        to_read: bool = False,
    ) -> Ledger:
        """Opens a ledger file (``to_read``: nothing can be written); ``Fault`` says in a sentence why it cannot be. Tables
        that another program version made, or that other definitions made, are made again from the log."""
        gate = file.Gate()
        engine, writable = file.open_file(path, gate, to_read=to_read)
        known = vocabularies.plain(vocabulary)
        ledger = cls(engine, known, path, installation, gate, writable=writable, clock=clock)
        with ledger.reading() as connection:
            strangers = file.strangers(connection, ledger.tables)
            if strangers:
                raise Fault(
                    f"台账文件里有不属于整改通的东西（{'、'.join(strangers[:3])}）：{path}",
                    "文件可能被别的程序改过，请用备份，或请管理员检查。",
                    "faults",
                )
            ledger._use(vocabularies.read(connection, ledger.tables, known.core))
            noted = rebuild.shape_note(connection, ledger.tables)
            guarded = file.guarded(connection)
        if noted != ledger._told and not writable:
            raise Fault(f"这个只读的台账是用别的版本的整改通做的：{path}", "请先把它复制到电脑硬盘上再打开。", "faults")
        if writable and (noted != ledger._told or not guarded):
            with ledger._writing(checked=False) as connection:
                if noted != ledger._told:
                    ledger._reshape(connection)
                file.guard(connection)
        return ledger

    def close(self) -> None:
        """Lets go of the file."""
        self.engine.dispose()

    # -- deeds ---------------------------------------------------------------------------------------------------

    def act(self, deed: Deed) -> Outcome:
        """Does a deed: checks every value, writes all edits and papers or none. ``Refusal`` when a value cannot be kept."""
        merged: dict[tuple[str, str], Written] = {}
        for one in deed.edits:
            self._refuse_unknown(one.record)
            values = dict(one.values)
            fields: dict[str, Stored] = {}
            if DELETED in values:
                fields[DELETED] = bool(values.pop(DELETED))
            fields |= self.schema(one.record).store(values)
            key = (one.record, one.id)
            before = merged[key] if key in merged else Written(one.record, one.id, {}, one.seen)
            merged[key] = Written(one.record, one.id, {**before.fields, **fields}, before.seen)
        if not merged:
            return Outcome(sentence=deed.sentence)
        with self._writing() as connection:
            if deed.position not in (None, self._position(connection)):
                raise Refusal("台账刚刚有了新的内容。", "请重新看一遍，再做一次。", "faults")
            for sheet, data in deed.papers:
                blobs.put_bytes(connection, self.tables, sheet, data)
            return self._perform(connection, list(merged.values()), deed.sentence, deed.actor, "")

    def undo(self, actor: str, deed: str = "") -> Outcome:
        """Takes back a deed (the actor's last one when none is named); refuses when somebody has built on it.

        Which deed that is and what it takes is asked while the file is held: two windows never take back the same one.
        """
        with self._writing() as connection:
            target = deed or undoing.last_deed(connection, self.tables, actor)
            if not target:
                raise Refusal("没有可以撤销的操作。")
            edits, sentence = undoing.compensation(connection, self.tables, target)
            done = self._perform(connection, [Written(*e) for e in edits], f"撤销：{sentence}", actor, target)
            if self._coming is not None:
                last = undoing.last_of(connection, self.tables, target)
                undoing.refuse_if_filled(connection, self.tables, self._coming[1], last)
            return done

    def redo(self, actor: str) -> Outcome:
        """Does again what was undone last, unless something else was done since."""
        with self._writing() as connection:
            target = undoing.last_undo(connection, self.tables, actor)
            if not target:
                raise Refusal("没有可以重做的操作。")
            edits, sentence = undoing.compensation(connection, self.tables, target)
            again = f"重做：{sentence.removeprefix('撤销：')}"
            return self._perform(connection, [Written(*e) for e in edits], again, actor, target)

    def merge(self, changes: Iterable[Change | Withheld]) -> Outcome:
        """Takes over changes of other replicas: all or none. Those already here are passed over.

        ``Refusal`` when a change is damaged, when an earlier one of its replica is missing, or when two different
        changes bear one number.
        """
        with self.merging() as taking:
            return taking.take(changes)[1]

    @contextmanager
    def merging(self) -> Iterator[Taking]:
        """One transaction in which changes and papers of others are taken over bit by bit: all of it, or nothing where it is
        left by an exception."""
        with self._writing() as connection:
            yield Taking(
                connection,
                lambda: self._coming[1] if self._coming else self.tables,
                lambda new, places, more: self._take(connection, new, places, more, local=False),
                lambda: self._nested(connection),
            )

    def compensate(
        self, actor: str, sentence: str, reckoned: Callable[[Connection, Tables], tuple[list[Written], int]]
    ) -> Outcome:
        """A deed of stored edits that are reckoned while the file is held, and that take back what the log held up to a
        position: how a merge is taken back."""
        with self._writing() as connection:
            edits, last = reckoned(connection, self.tables)
            if not edits:
                return Outcome(sentence=sentence)
            done = self._perform(connection, edits, sentence, actor, "")
            if self._coming is not None:
                undoing.refuse_if_filled(connection, self.tables, self._coming[1], last)
            return done

    def keep(self, path: Path, cancelled: Callable[[], bool] = lambda: False) -> Sheet:
        """Keeps the bytes of a paper (at most 200 MB), streamed; the sheet names them in a field of kind ``Paper``."""
        with translated(path):
            sheet = blobs.measure(path, cancelled)
        with self._writing() as connection, translated(path), path.open("rb") as source:
            if not blobs.known(connection, self.tables, sheet.hash):
                blobs.put(connection, self.tables, sheet, source)
        return sheet

    def rebuild(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> int:
        """Makes all tables again from the log, in one transaction; returns the number of changes replayed."""
        with self._writing(checked=False) as connection:
            known = vocabularies.read(connection, self.tables, self.vocabulary.core)
            self._coming = known, tables(known.schemas)
            count = rebuild.rebuild(connection, self._coming[1], progress)
            rebuild.note_shape(connection, self._coming[1], known.token)
        return count

    def note(self, key: str, value: str | None = None) -> str | None:
        """A note of this one file that never travels (which unit it is kept by): read it, or set it."""
        table = self.tables.note
        if value is not None:
            with self._writing() as connection:
                connection.execute(table.delete().where(table.c.key == key))
                connection.execute(table.insert(), {"key": key, "value": value})
            return value
        with self.reading() as connection:
            return connection.execute(select(table.c.value).where(table.c.key == key)).scalar()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """As ``Facts.reading``, of the file that now lies at the path."""
        self._look()
        try:
            with super().reading() as connection:
                if self._stale:
                    self._check(connection)
                    self._stale = False
                yield connection
        except Fault as fault:
            # Whoever began to read before the definitions changed may ask for a table or column that went with them.
            if self._learned and gone(fault):
                raise Refusal("类别定义刚刚改过，这一页的内容已经不同。", "请重新打开这一页。", "categories") from fault
            raise

    def _standing(self) -> object:
        return self.position(), self._mark, self.tables

    # -- the gate ------------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self, *, checked: bool = True) -> Iterator[Connection]:
        if not self.writable:
            raise Fault(f"台账文件是只读的，不能保存：{self.path}", "请把它复制到电脑硬盘上再打开。", "faults")
        with self._lock, translated(self.path):
            self._look()
            if not self._mark:
                raise Fault(f"台账文件不见了：{self.path}", "它可能被移走或U盘已拔出，请找回后重新打开。", "faults")
            self._gate.is_open = True
            self._coming = None
            try:
                with file.writing(self.engine) as connection:
                    if checked:
                        self._check(connection)
                    yield connection
                if self._coming is not None:  # not before the commit: what is rolled back was never known
                    self._use(*self._coming)
            finally:
                self._coming = None
                self._gate.is_open = False
                self._mark = file.mark(self.path)

    @contextmanager
    def _nested(self, connection: Connection) -> Iterator[None]:
        """A part of a transaction that is undone by itself where it is left by an exception."""
        before = self._coming
        try:
            with connection.begin_nested():
                yield
        except BaseException:
            self._coming = before
            raise

    def _look(self) -> None:
        """Where another file was put in this one's place since, or somebody else wrote into it, begins with new connections:
        the old ones would go on with the file that is gone, or with pages remembered of it."""
        mark = file.mark(self.path)
        if mark != self._mark:
            self._mark = mark
            self._stale = True
            self.engine.dispose()

    def _use(self, known: Vocabulary, made: Tables | None = None) -> None:
        """From now on this is known. Who still holds the tables known before reads what of them is there."""
        self._learned = True
        self.vocabulary = known
        self.tables = made or tables(known.schemas)
        self._told = rebuild.noted(self.tables, known.token)

    def _check(self, connection: Connection) -> None:
        """Learns the definitions anew where another program has written some into the file."""
        noted = rebuild.shape_note(connection, self.tables)
        if noted == self._told:
            return
        self._use(vocabularies.read(connection, self.tables, self.vocabulary.core))
        if noted != self._told:
            raise Fault(f"台账文件刚刚被另一个版本的整改通改动：{self.path}", "请关闭台账，再重新打开一次。", "faults")

    def _reshape(self, connection: Connection) -> tuple[set[str], set[str]]:
        """Brings the tables of the file to what the definitions in the log now make of them, in the same transaction; what
        it returns is said at ``rebuild.reshape``."""
        known = vocabularies.read(connection, self.tables, self.vocabulary.core)
        made = tables(known.schemas)
        reshaped = rebuild.reshape(connection, made)
        rebuild.note_shape(connection, made, known.token)
        self._coming = known, made
        return reshaped

    def _perform(
        self, connection: Connection, edits: Sequence[Written], sentence: str, actor: str, undoes: str
    ) -> Outcome:
        """A local deed: numbers it under this file's replica and takes it."""
        name, last = replica.bound(connection, self.tables, self.installation, self.path)
        tick = (self.tables.statements.clock.rows(connection)[0][0] or 0) + 1
        if tick >= BEYOND or last.sequence + len(edits) >= BEYOND:
            raise Fault(
                f"台账的记录序号已经用完，不能再保存：{self.path}",
                "文件里有一条序号被改坏的记录；请用并入它之前的备份，并把这个文件交给管理员。",
                "faults",
            )
        said = authoring.Said(sentence, actor, undoes, clocks.stamp(self.clock()))
        parents = self._parents(connection, edits)
        changes = authoring.authored(
            edits, parents, (name, last), tick, said, authoring.private(connection, self.tables)
        )
        self.installation.remember(name, replica.Point(changes[-1].sequence, changes[-1].hash))
        outcome = self._take(connection, changes, local=True)
        return replace(outcome, deed=changes[0].deed, sentence=sentence)

    def _parents(self, connection: Connection, edits: Sequence[Written]) -> dict[tuple[str, str], tuple[str, ...]]:
        """(record, id) → the changes an edit replaces. Refuses what was deleted, and what was seen in another file."""
        found = {}
        asked: dict[str, list[str]] = {}
        for one in edits:
            self._refuse_unknown(one.record)
            asked.setdefault(one.record, []).append(one.id)
        known = {record: rebuild.heads_of(connection, self.tables, record, ids) for record, ids in asked.items()}
        for one in edits:
            deleted, heads = known[one.record].get(one.id, (False, ()))
            title = self.schema(one.record).title
            if deleted and DELETED not in one.fields:
                raise Refusal(f"这条{title}已经删除，不能修改。", "请先在“历史”里恢复它。", "history")
            parents = heads if one.seen is None else tuple(sorted(set(one.seen)))
            if parents != heads:
                lived = rebuild.versions(connection, self.tables, one.record, one.id)
                if not {version.hash for version in lived}.issuperset(parents):
                    raise Refusal(
                        f"这条{title}打开之后，台账文件被换成了另一份，不能保存。",
                        "请重新打开台账，再修改一次。",
                        "faults",
                    )
            found[one.record, one.id] = parents
        return found

    def _refuse_unknown(self, record: str) -> None:
        """A register may be gone since its page was opened: another window, or a merge, brought other definitions."""
        if record not in self.tables.records and "." in record:
            raise Refusal(
                "这个登记表已经不在台账里，不能保存。", "类别定义刚刚改过，请重新打开这个页面。", "categories"
            )

    def _take(
        self,
        connection: Connection,
        changes: Sequence[Change],
        places: Sequence[Withheld] = (),
        more: Sequence[Change] = (),
        *,
        local: bool,
    ) -> Outcome:
        """THE ONLY FUNCTION THAT WRITES: appends changes to the log and brings the rows they touch up to date; keeps the places
        of those that were left out, and lifts the veils of those of which more came."""
        if places:
            withheld.put(connection, [(one.replica, one.sequence, one.hash) for one in places])
        rebuild.lift(connection, [(one.hash, dumps(one.told), one.sentence) for one in more])
        if not changes and not more:
            return Outcome()
        taken = clocks.stamp(self.clock())
        self.tables.statements.append.run(connection, [authoring.row(change, taken, local=local) for change in changes])
        coming: dict[tuple[str, str], list[Version]] = {(one.record, one.id): [rebuild.ANEW] for one in more}
        for change in changes:
            version = Version(change.clock, change.replica, change.hash, change.parents, dict(change.fields))
            if change.veils:
                version = veiled(version, change.veils)
            coming.setdefault((change.record, change.id), []).append(version)
        if any(change.veils for change in changes) and withheld.version(connection) < FORMAT:
            connection.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")
        reshaped, replayed = set[str](), set[str]()
        if any(record in vocabularies.RECORDS for record, _ in coming):
            reshaped, replayed = self._reshape(connection)
        known = self._coming[1] if self._coming else self.tables
        conflicts = rebuild.project_records(connection, known, coming, replayed)
        return Outcome(tuple(coming), tuple(conflicts), len(changes), reshaped=tuple(sorted(reshaped)))
