"""Rows in blocks: cells that were pasted or imported become values, and all of them one deed.

A block is read first, with everything told that is wrong in it, and entered second; in between a clerk looks at it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome, new_id
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.composite import Paper
from db.schema.kinds import Kind, Unreadable
from db.schema.links import Ref, Refs
from db.schema.record import Record, Schema, changed
from desktop_app.rectification import forms, rules
from desktop_app.rectification.batch_cells import Cell, empty, seen, value_of
from desktop_app.rectification.batch_words import Meant, References
from desktop_app.rectification.rows_filters import kept

ID = "id"
"""The name of a column of record ids (编号): its rows are changed, not made."""
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def _untold(_done: int, _all: int) -> None:
    return None


def _never() -> bool:
    return False


@dataclass(frozen=True)
class BlockRow:
    """A row of a block as it was understood: its place in the block from 0, its working values by field (fields the
    block does not say left out), and the id of the row in the ledger that it changes ("": a new one)."""

    number: int
    values: Mapping[str, Any]
    id: str = ""


@dataclass(frozen=True)
class RefusedCell:
    """What is wrong: the row's place in the block from 0, the field ("": the row as a whole), what stands there, and a
    sentence with what to do."""

    row: int
    field: str
    text: str
    sentence: str


@dataclass(frozen=True)
class Read:
    """A block as it was understood. ``rows`` are those with nothing wrong; ``guessed`` are (label of the column, words)
    taken for a record they are only a part of."""

    rows: tuple[BlockRow, ...] = ()
    refused: tuple[RefusedCell, ...] = ()
    guessed: Mapping[tuple[str, str], Meant] = field(default_factory=dict)

    @property
    def wrong_rows(self) -> int:
        """How many rows have something wrong."""
        return len({cell.row for cell in self.refused})


def takes(kind: Kind[Any]) -> bool:
    """Whether a field can be filled from a cell: papers, computed and retired fields cannot."""
    return not isinstance(kind, Paper) and not getattr(kind, "computed", False) and not kind.retired


def read_cells(
    facts: Facts,
    schema: Schema,
    names: Sequence[str | None],
    cells: Iterable[Sequence[Cell]],
    *,
    fixed: Mapping[str, Any] | None = None,
    update: bool = False,
    progress: Progress = _untold,
    cancelled: Cancelled = _never,
) -> Read:
    """Reads a block: ``names`` are the fields of its columns (None: not read; ``ID``: record ids), ``fixed`` are working
    values of fields that are absent in a row. Rows without anything in a named column are passed over.

    With ``update`` a row whose unique field has the value of a row of the ledger changes that row (empty cells change
    nothing); without, it is refused. A row with an id always changes that row, and its empty cells empty the field.
    """
    references = References(facts)
    kinds = schema.kinds()
    columns = [(at, name, None if name == ID else kinds[name]) for at, name in enumerate(names) if name]
    found: list[BlockRow] = []
    refused: list[RefusedCell] = []
    for number, row in enumerate(cells):
        if number % 1_000 == 0:
            _go_on(number, 0, progress, cancelled)
        if all(at >= len(row) or empty(row[at]) for at, _, _ in columns):
            continue
        values: dict[str, Any] = {}
        identifier = ""
        for at, name, kind in columns:
            cell = row[at] if at < len(row) else None
            if kind is None:
                identifier = seen(cell).strip()
                continue
            try:
                value = _value(references, kind, cell)
            except Unreadable as wrong:
                refused.append(RefusedCell(number, name, seen(cell), str(wrong)))
                continue
            if value is not None or name not in values:
                values[name] = value
        found.append(BlockRow(number, values, identifier))
    judged = _Block(facts, schema, fixed or {}, update=update).settle(found, refused, progress, cancelled)
    return replace(judged, guessed=references.guessed)


def _value(references: References, kind: Kind[Any], cell: Cell) -> Any:
    if isinstance(kind, Ref | Refs) and not empty(cell):
        return references.value_of(kind, seen(cell))
    return value_of(kind, cell)


def _go_on(done: int, whole: int, progress: Progress, cancelled: Cancelled) -> None:
    if cancelled():
        raise Refusal("已取消，没有录入。")
    progress(done, whole)


class _Block:
    """What the rows of a block are judged by: the rows of the ledger they change, and values that may stand once only."""

    def __init__(self, facts: Facts, schema: Schema, fixed: Mapping[str, Any], *, update: bool) -> None:
        self.facts = facts
        self.schema = schema
        self.fixed = fixed
        self.update = update
        self.kinds = schema.kinds()
        self.unique = [one.name for one in schema.fields if one.kind.unique]
        self.taken = {name: _column(facts, schema, name) for name in self.unique}
        self.defaults = {  # for columns the block does not have, and for required fields that are left empty
            one.name: one.kind.parse(one.kind.default) for one in schema.fields if _has_default(one.kind)
        }

    def settle(
        self, found: list[BlockRow], refused: list[RefusedCell], progress: Progress, cancelled: Cancelled
    ) -> Read:
        """The rows with their ids and what they lack filled in; those with anything wrong left out and told."""
        wrong = {cell.row for cell in refused}
        if self.update:
            found = [row if row.id else self._known(row) for row in found]
        before = present(self.facts, self.schema, (row.id for row in found if row.id))
        times = Counter(row.id for row in found if row.id)
        rows = []
        for row in found:
            if row.id and row.id not in before:
                sentence = (
                    f"台账里没有编号为“{row.id}”的{self.schema.title}，或它已删除。要作为新的一行录入，请清空编号。"
                )
                refused.append(RefusedCell(row.number, ID, row.id, sentence))
            elif times[row.id] > 1:
                named = forms.named(self.facts, before[row.id])
                sentence = f"有 {times[row.id]} 行要改同一条{self.schema.title}“{named}”。请只留一行。"
                refused.append(RefusedCell(row.number, ID, row.id, sentence))
            else:
                rows.append(row if row.id else self._filled(row))
        refused += self.judge(rows, before, progress, cancelled, wrong)
        wrong = {cell.row for cell in refused}
        ordered = tuple(sorted(refused, key=lambda cell: cell.row))
        return Read(tuple(row for row in rows if row.number not in wrong), ordered)

    def _known(self, row: BlockRow) -> BlockRow:
        """A row with the id of the row in the ledger that has its unique value; its empty cells say nothing."""
        for name in self.unique:
            value = row.values.get(name)
            known = None if value is None else self.taken[name].get(kept(self.kinds[name], value))
            if known:
                said = {key: each for key, each in row.values.items() if each is not None}
                return replace(row, id=known, values=said)
        return row

    def _filled(self, row: BlockRow) -> BlockRow:
        absent = {key: each for key, each in self.fixed.items() if row.values.get(key) is None}
        begun = {
            key: each
            for key, each in self.defaults.items()
            if key not in absent and row.values.get(key) is None and (key not in row.values or self.kinds[key].required)
        }
        return replace(row, values={**row.values, **absent, **begun}) if absent or begun else row

    def judge(
        self,
        rows: Sequence[BlockRow],
        before: Mapping[str, Record],
        progress: Progress = _untold,
        cancelled: Cancelled = _never,
        wrong: Iterable[int] = (),
    ) -> list[RefusedCell]:
        """What the office's rules say to these rows; rows that are ``wrong`` already are asked for nothing more than
        their unique values."""
        refused = list(self._repeated(rows, before))
        passed = set(wrong)
        for at, row in enumerate(rows):
            if at % 1_000 == 0:
                _go_on(at, len(rows), progress, cancelled)
            if row.number in passed:
                continue
            try:
                old = before.get(row.id)
                forms.check_required(self.schema, old, row.values if old is None else self._after(old, row.values))
                rules.enforce(self.facts, self.schema.name, old, self._made(old, row), unique_known=True)
            except rules.FieldRefusal as told:
                cell = row.values.get(told.field)
                shown = "" if cell is None or told.field not in self.kinds else self.kinds[told.field].show(cell)
                refused.append(RefusedCell(row.number, told.field, shown, str(told)))
            except Refusal as told:
                refused.append(RefusedCell(row.number, "", "", str(told)))
        return refused

    def _after(self, old: Record, values: Mapping[str, Any]) -> dict[str, Any]:
        return {**{name: getattr(old, name) for name in self.kinds}, **values}

    def _made(self, old: Record | None, row: BlockRow) -> Record:
        values = row.values if old is None else self._after(old, row.values)
        return self.schema.make(id=row.id, **values)

    def _repeated(self, rows: Sequence[BlockRow], before: Mapping[str, Record]) -> Iterator[RefusedCell]:
        """Values that may stand once only and stand twice in the block, or in the ledger already. What a row had before
        it may keep: two branches may have met with one value."""
        for name in self.unique:
            kind = self.kinds[name]
            values = [(row, row.values[name]) for row in rows if row.values.get(name) is not None]
            times = Counter(value for _, value in values)
            for row, value in values:
                other = self.taken[name].get(kept(kind, value))
                shown = kind.show(value)
                old = before.get(row.id)
                if old is not None and getattr(old, name) == value:
                    continue
                if times[value] > 1:
                    sentence = (
                        f"“{kind.label}”里的“{shown}”在这些行里出现了 {times[value]} 次。每个只能填一次，请核对。"
                    )
                elif other is not None and other != row.id:
                    sentence = f"“{kind.label}”里的“{shown}”台账里已经有了。每个只能填一次，请核对。"
                else:
                    continue
                yield RefusedCell(row.number, name, shown, sentence)


def _has_default(kind: Kind[Any]) -> bool:
    return bool(kind.default) and not isinstance(kind, Ref | Refs) and takes(kind)


def _column(facts: Facts, schema: Schema, name: str) -> dict[Any, str]:
    """Value as it stands in the column → id of a live row that has it."""
    table = facts.tables.records[schema.name].table
    column = table.c[name]
    with facts.reading() as connection:
        found = connection.execute(select(column, table.c.id).where(column.is_not(None), table.c.deleted == 0))
        return {row[0]: row[1] for row in found}


def present(facts: Facts, schema: Schema, ids: Iterable[str]) -> dict[str, Record]:
    """Id → live row of the ledger."""
    one = facts.tables.records[schema.name]
    wanted = list(dict.fromkeys(ids))
    found = {}
    with facts.reading() as connection:
        for at in range(0, len(wanted), 1_000):
            query = select(one.table).where(one.table.c.id.in_(wanted[at : at + 1_000]), one.table.c.deleted == 0)
            for row in connection.execute(query).mappings():
                found[row["id"]] = one.schema.load(row["id"], one.stored(dict(row)))
    return found


@dataclass(frozen=True)
class Changes:
    """What entering would do: rows to be made, rows that change one of the ledger, rows that say nothing new; ``twins``
    are those of ``new`` that stand in the ledger already, alike in every field the block says."""

    new: tuple[BlockRow, ...] = ()
    changed: tuple[tuple[BlockRow, Record], ...] = ()
    same: tuple[BlockRow, ...] = ()
    twins: tuple[BlockRow, ...] = ()


def changes(facts: Facts, schema: Schema, rows: Sequence[BlockRow]) -> Changes:
    """Rows beside what the ledger holds; only fields that differ count."""
    before = present(facts, schema, (row.id for row in rows if row.id))
    new = tuple(row for row in rows if row.id not in before)
    known = [(row, before[row.id]) for row in rows if row.id in before]
    differ = tuple((row, old) for row, old in known if changed(old, row.values))
    same = tuple(row for row, old in known if not changed(old, row.values))
    return Changes(new, differ, same, _twins(facts, schema, new))


def _twins(facts: Facts, schema: Schema, rows: Sequence[BlockRow]) -> tuple[BlockRow, ...]:
    table = facts.tables.records[schema.name].table
    names = tuple(dict.fromkeys(name for row in rows for name in row.values if name in table.c))
    kinds = schema.kinds()
    if not names:
        return ()

    def key(row: BlockRow) -> tuple[Any, ...]:
        return tuple(None if row.values.get(n) is None else kept(kinds[n], row.values[n]) for n in names)

    keys = {row.number: key(row) for row in rows}
    wanted = set(keys.values())
    found: set[tuple[Any, ...]] = set()
    with facts.reading() as connection:
        for standing in connection.execute(select(*(table.c[n] for n in names)).where(table.c.deleted == 0)):
            if tuple(standing) in wanted:
                found.add(tuple(standing))
    return tuple(row for row in rows if keys[row.number] in found)


def enter(
    ledger: Ledger,
    schema_name: str,
    rows: Sequence[BlockRow],
    actor: str,
    *,
    sentence: str = "",
    progress: Progress = _untold,
    cancelled: Cancelled = _never,
) -> Outcome:
    """Enters rows in one deed, so that one undo takes them back; nothing is written when one of them is refused.

    The office's rules are asked again, since the ledger may have changed since the block was read. Rows that say
    nothing new are passed over.
    """
    schema = ledger.schema(schema_name)
    before = present(ledger, schema, (row.id for row in rows if row.id))
    gone = next((row for row in rows if row.id and row.id not in before), None)
    if gone is not None:
        raise Refusal(f"第 {gone.number + 1} 行要修改的{schema.title}已经删除，没有录入。", "请重新读取。", "excel")
    told = _Block(ledger, schema, {}, update=False).judge(rows, before, progress, cancelled)
    if told:
        more = f"（共 {len(told)} 处）" if len(told) > 1 else ""
        raise Refusal(f"第 {told[0].row + 1} 行不能录入：{told[0].sentence}{more}", "请改正后再试。", "excel")
    ids = iter(sorted(new_id() for row in rows if not row.id))  # rows are shown in the order of their ids
    edits = [
        Edit(schema_name, row.id or next(ids), values)
        for row in rows
        if (values := changed(before.get(row.id), row.values))
    ]
    made = sum(1 for row in rows if not row.id)
    _go_on(len(rows), len(rows), progress, cancelled)
    return ledger.act(Deed(sentence or _said(schema, made, len(edits) - made), actor, tuple(edits)))


def _said(schema: Schema, made: int, altered: int) -> str:
    parts = [f"录入 {made} 行" if made else "", f"修改 {altered} 行" if altered else ""]
    return f"{'、'.join(part for part in parts if part)}{schema.title}"
