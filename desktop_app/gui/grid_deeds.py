"""What is done to the rows of a grid: a row is saved when it is left; cells are emptied, filled down, rows deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome
from db.ledger.ledger import Ledger
from db.schema.record import Field, Record
from desktop_app.gui import grid_cells
from desktop_app.gui.grid_model import GridModel
from desktop_app.gui.widgets import told
from desktop_app.rectification import batch, forms, rules
from desktop_app.rectification.batch import BlockRow
from desktop_app.rectification.rules import FieldRefusal

MOST = 20_000
"""Rows that are deleted or filled at a time."""


class GridDeeds(QObject):
    """The deeds of one grid."""

    stands = Signal(str)
    """What stands against saving a row that was left, as a sentence; "" when nothing does."""

    def __init__(self, model: GridModel) -> None:
        super().__init__(model)
        self.model = model
        self.stopped: tuple[str, int] = ("", -1)
        """Row id and column of the cell that stood against saving last; ("", -1) for none."""
        self._under_way: dict[str, dict[str, str]] = {}

    # -- saving a row ------------------------------------------------------------------------------------------------

    def save(self, row: int) -> bool:
        """Saves what is typed in a row; False when something stands against it, which is then told and stays typed."""
        rows, typing = self.model.rows, self.model.typing
        identifier = rows.identifier(row)
        draft = rows.drafts.of(identifier)
        if draft is None or self._under_way.get(identifier) == draft.typed:
            return True
        against = self.against(row)
        self.stands.emit(against)
        if against:
            return False
        known = {one.name: one for one in self.model.schema.fields}
        values = {name: typing.value(row, known[name]) for name in draft.typed if name in known}
        values = {**{k: v for k, v in draft.fixed.items() if k in known}, **values}
        record, seen, typed = rows.record(row), typing.seen(identifier), dict(draft.typed)
        session, name = self.model.session, self.model.schema.name
        self._under_way[identifier] = typed

        def deed() -> Outcome:
            return forms.save(session.ledger, name, record, values, session.actor(), seen=seen, identifier=identifier)

        def done(_outcome: Outcome) -> None:
            self._under_way.pop(identifier, None)
            rows.take(identifier)
            typing.saved(identifier, typed)

        def failed(refusal: Refusal) -> None:
            self._under_way.pop(identifier, None)
            if isinstance(refusal, FieldRefusal):
                typing.blame(identifier, refusal.field, told(refusal))
                self.stands.emit(told(refusal))
            else:
                session.refused.emit(refusal)

        session.do(deed, done, failed)
        return True

    def against(self, row: int) -> str:
        """What stands against saving a row, as a sentence that names the row."""
        identifier = self.model.rows.identifier(row)
        draft, self.stopped = self.model.rows.drafts.of(identifier), ("", -1)
        if draft is None:
            return ""
        for column, field in enumerate(self.model.fields):
            wrong = self.model.wrong(row, column) if field.name in draft.typed else ""
            if wrong:
                self.stopped = (identifier, column)
                return f"第 {row + 1} 行没有保存：{wrong}"
        lacking = _lacking(self.model, row)
        if lacking:
            return f"第 {row + 1} 行没有保存：还缺{'、'.join(one.kind.label for one in lacking)}。"
        return ""

    # -- cells in blocks ---------------------------------------------------------------------------------------------

    def empty(self, first: int, last: int, columns: Sequence[int]) -> None:
        """Empties cells: of one row as if typed, of several in one deed."""
        self._put(first, last, dict.fromkeys(columns, (None, "")), "清空")

    def fill(self, first: int, last: int, columns: Sequence[int]) -> None:
        """Copies from the row above into the cells of one row; of several rows, the first into the others."""
        above = first - 1 if first == last else first
        if above < 0:
            return
        typing = self.model.typing
        cells: dict[int, tuple[Any, str]] = {}
        for column in columns:
            field = self.model.fields[column]
            try:
                value = typing.value(above, field)
            except Refusal:
                continue
            cells[column] = (value, typing.state(above, field, self.model.words(above, column)))
        self._put(first if first == last else first + 1, last, cells, "向下填充")

    def type(self, row: int, words: Mapping[int, str]) -> None:
        """Types words into cells of a row, as far as they can be typed into."""
        cells = {column: cell for column, cell in words.items() if self.model.can_type(row, column)}
        if cells:
            self.model.write(row, cells)

    def spread(self, first: int, last: int, columns: Sequence[int], words: str) -> None:
        """Puts the same words into every cell of a block, where they are readable."""
        cells: dict[int, tuple[Any, str]] = {}
        for column in columns:
            field = self.model.fields[column] if column < len(self.model.fields) else None
            if field is None or not self.model.can_type(first, column):
                continue
            try:
                state = self.model.typing.state(first, field, words)
                cells[column] = (self.model.typing.read(first, field, state), state)
            except Refusal as refusal:
                self.stands.emit(told(refusal))
                return
        self._put(first, last, cells, "填写")

    def _put(self, first: int, last: int, cells: Mapping[int, tuple[Any, str]], what: str) -> None:
        """Puts values (and their typed states) into the columns of rows."""
        cells = {column: cell for column, cell in cells.items() if self.model.can_type(first, column)}
        last = min(last, first + MOST - 1)
        if not cells:
            return
        if first == last:
            self.model.type(first, {column: state for column, (_value, state) in cells.items()})
            return
        rows, block = self.model.rows, []
        records = rows.records(first, last)
        for row, record in zip(range(first, last + 1), records, strict=True):
            if record is None or rows.drafts.of(record.id) is not None:
                if rows.identifier(row):
                    self.model.type(row, {column: state for column, (_value, state) in cells.items()})
                continue
            values = {self.model.fields[column].name: value for column, (value, _state) in cells.items()}
            block.append(BlockRow(row, values, record.id))
        if block:
            title = self.model.schema.title
            self._enter(block, f"{what} {len(block)} 行{title}的{'、'.join(self.model.label(c) for c in cells)}")

    def _enter(self, block: Sequence[BlockRow], sentence: str) -> None:
        session, name = self.model.session, self.model.schema.name
        session.do(lambda: batch.enter(session.ledger, name, block, session.actor(), sentence=sentence))

    # -- rows --------------------------------------------------------------------------------------------------------

    def remove(self, first: int, last: int) -> None:
        """Deletes rows with their parts in one deed; rows that were only begun go without one."""
        rows, session, name = self.model.rows, self.model.session, self.model.schema.name
        last = min(last, first + MOST - 1)
        records = [one for one in rows.records(first, last) if one is not None]
        for identifier in [rows.identifier(row) for row in range(first, min(last, rows.count() - 1) + 1)]:
            if identifier and rows.drafts.of(identifier) is not None:
                self.model.typing.untype(identifier)
        if len(records) == 1:
            session.do(lambda: forms.remove(session.ledger, name, records[0], session.actor()))
        elif records:
            session.do(lambda: removed(session.ledger, name, records, session.actor()))

    # -- the clipboard -----------------------------------------------------------------------------------------------

    def copied(self, first: int, last: int, columns: Sequence[int], *, headed: bool = False) -> str:
        """Cells as text a spreadsheet understands: tabs between cells, line ends between rows."""
        last = min(last, first + MOST - 1, self.model.rows.count() - 2)
        lines = [[self.model.label(column) for column in columns]] if headed else []
        for row, record in zip(range(first, last + 1), self.model.rows.records(first, last), strict=True):
            lines.append([self._words(row, record, column) for column in columns])
        return "\n".join("\t".join(quoted(cell) for cell in line) for line in lines)

    def _words(self, row: int, record: Record | None, column: int) -> str:
        if record is None or self.model.rows.drafts.of(record.id) is not None:
            return self.model.words(row, column)
        if column >= len(self.model.fields):
            return self.model.words(row, column)
        field = self.model.fields[column]
        return grid_cells.words_of(field.kind, getattr(record, field.name), self.model.lines)


def quoted(cell: str) -> str:
    """A cell on its way to the clipboard, in quotes where it holds what parts cells."""
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in '\t\n\r"') else cell


def removed(ledger: Ledger, name: str, records: Sequence[Record], actor: str) -> Outcome:
    """Deletes rows with everything that is a part of them, in one deed."""
    gone: dict[tuple[str, str], None] = {}
    for record in records:
        rules.may_remove(ledger, name, record)
        gone[name, record.id] = None
        gone |= dict.fromkeys((part, one.id) for part, one in forms.parts_of(ledger, name, record.id))
    edits = tuple(Edit(part, identifier, {"deleted": True}) for part, identifier in gone)
    return ledger.act(Deed(f"删除 {len(records)} 行{ledger.schema(name).title}", actor, edits))


def _lacking(model: GridModel, row: int) -> list[Field]:
    """The fields a row must have filled and has not, as far as they stand against its saving."""
    record = model.rows.record(row)
    return [
        one
        for one in model.fields
        if one.kind.required
        and not model.typing.words(row, one).strip()
        and (record is None or getattr(record, one.name) is not None)
    ]
