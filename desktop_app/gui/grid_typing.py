"""What is typed into the rows of a grid and not saved: its words and value, what is wrong with it, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from db.errors import Refusal
from db.schema.links import Ref, Refs
from db.schema.record import Field, Schema
from desktop_app.gui import grid_cells, issue_year
from desktop_app.gui.grid_cells import Lines
from desktop_app.gui.grid_rows import GridRows
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import told

Start = Callable[[], Mapping[str, str]]
"""Gives the typed states a new row begins with, by field."""


class Typing:
    """The typed cells of a grid, kept as drafts of the session."""

    def __init__(self, session: Session, schema: Schema, rows: GridRows, lines: Lines, start: Start) -> None:
        self.session = session
        self.schema = schema
        self.rows = rows
        self.lines = lines
        self.start = start
        self._fields = {one.name: one for one in schema.fields}
        self._blamed: dict[tuple[str, str], tuple[str, str]] = {}
        """(row id, field) → what was typed and what the office's rules have against it."""
        self._judged: dict[tuple[str, str], tuple[str, str]] = {}
        """(row id, field) → what was typed and what is wrong with it."""
        self._seen: dict[str, tuple[str, ...]] = {}
        """Row id → the heads it had when typing into it began."""
        self._steps: list[tuple[str, str, str | None]] = []

    # -- reading -----------------------------------------------------------------------------------------------------

    def typed(self, row: int, name: str) -> str | None:
        """The typed state of a cell that is not saved; None for one that stands as it is kept."""
        draft = self.rows.drafts.of(self.rows.identifier(row))
        return draft.typed.get(name) if draft is not None else None

    def words(self, row: int, field: Field) -> str:
        """What a cell shows: what is typed, else what is kept."""
        typed = self.typed(row, field.name)
        if typed is not None:
            return grid_cells.words_typed(field.kind, typed, self.lines)
        record = self.rows.record(row)
        return grid_cells.words_of(field.kind, None if record is None else getattr(record, field.name), self.lines)

    def value(self, row: int, field: Field) -> Any:
        """The value of a cell, as typed or as kept; ``Refusal`` when what is typed is none."""
        typed = self.typed(row, field.name)
        if typed is None:
            record = self.rows.record(row)
            return None if record is None else getattr(record, field.name)
        return self.read(row, field, typed)

    def read(self, row: int, field: Field, typed: str) -> Any:
        """The value of a state that is typed into a cell; ``Refusal`` when it is none."""
        return grid_cells.read(field.kind, typed, self.candidates(row, field), self._year(row))

    def state(self, row: int, field: Field, words: str) -> str:
        """Words typed into a cell → the state that is kept: of a readable value its own writing, else the words."""
        candidates = self.candidates(row, field)
        try:
            value = grid_cells.read(field.kind, words, candidates, self._year(row))
        except Refusal:
            return words
        if (
            isinstance(field.kind, Ref)
            and candidates.get(self.lines.line(field.kind.to, value) if value else "") != value
        ):
            return value or ""  # two records read alike: the id tells them apart
        return grid_cells.state_of(field.kind, value, self.lines)

    def candidates(self, row: int, field: Field) -> dict[str, str]:
        """Line → id of the records a cell may point at."""
        if not isinstance(field.kind, Ref | Refs):
            return {}
        return self.lines.within(self.schema, self._pointed(row), self.rows.identifier(row), field.kind.to)

    def _pointed(self, row: int) -> dict[str, str | None]:
        """The references of a row that are readable without asking further."""
        record = self.rows.record(row)
        found: dict[str, str | None] = {}
        for name, one in self._fields.items():
            if isinstance(one.kind, Ref):
                typed = self.typed(row, name)
                kept = None if record is None else getattr(record, name)
                found[name] = kept if typed is None else self.lines.all(one.kind.to).get(typed)
        return found

    def _year(self, row: int) -> int:
        facts = self.session.ledger
        return issue_year.year_of_issue(facts, self.schema, self._pointed(row)) or self.session.today().year

    def wrong(self, row: int, field: Field) -> str:
        """What is wrong with a cell, as a sentence; "" when nothing is."""
        typed = self.typed(row, field.name)
        if typed is None:
            return ""
        key = (self.rows.identifier(row), field.name)
        blamed = self._blamed.get(key)
        if blamed is not None and blamed[0] == typed:
            return blamed[1]
        judged = self._judged.get(key)
        if judged is None or judged[0] != typed:
            judged = self._judged[key] = (typed, self._judge(row, field))
        return judged[1]

    def judge_again(self) -> None:
        """Other records were touched: a cell may point at something that is there now, or no longer."""
        self._judged.clear()

    def _judge(self, row: int, field: Field) -> str:
        try:
            value = self.value(row, field)
        except Refusal as refusal:
            return told(refusal)
        record = self.rows.record(row)
        emptied = record is not None and getattr(record, field.name) is not None
        return f"“{field.kind.label}”要填。" if field.kind.required and value is None and emptied else ""

    # -- typing ------------------------------------------------------------------------------------------------------

    def set(self, row: int, changes: Mapping[str, str], *, step: bool = True) -> None:
        """Types states into cells of a row that has an id."""
        identifier, record = self.rows.identifier(row), self.rows.record(row)
        draft = self.rows.drafts.of(identifier)
        after = dict(draft.typed) if draft is not None else {}
        if record is not None and not after and identifier not in self._seen:
            self._seen[identifier] = self.session.ledger.heads(record)
        for name, typed in changes.items():
            kept = self._kept(record, name)
            if step and after.get(name, kept) != typed:
                self._steps.append((identifier, name, after.get(name)))
            after[name] = typed
            if typed == kept:
                after.pop(name)
        if record is None and all(after.get(name, "") == state for name, state in self._begun(after).items()):
            after = {}
        self.rows.drafts.keep(identifier, after, new=record is None)

    def kept(self, row: int, field: Field) -> str:
        """The typed state of what is kept in a cell."""
        return self._kept(self.rows.record(row), field.name)

    def _kept(self, record: Any, name: str) -> str:
        """The typed state of what is kept."""
        if record is None:
            return ""
        return grid_cells.state_of(self._fields[name].kind, getattr(record, name), self.lines)

    def _begun(self, after: Mapping[str, str]) -> dict[str, str]:
        """What a row would hold that was begun and not typed into."""
        start = self.start()
        return {name: start.get(name, "") for name in {*after, *(k for k, v in start.items() if v)}}

    def blame(self, identifier: str, name: str, sentence: str) -> None:
        """Keeps what the office's rules have against a cell, until something else is typed there."""
        draft, row = self.rows.drafts.of(identifier), self.rows.row_of(identifier)
        if draft is None or row is None or name not in self._fields:
            return
        typed = draft.typed.get(name)
        if typed is None:
            typed = self._kept(self.rows.record(row), name)
            self.rows.drafts.keep(identifier, {**draft.typed, name: typed}, new=draft.new)
        self._blamed[identifier, name] = (typed, sentence)

    def untype(self, identifier: str) -> None:
        """Forgets what is typed in a row; a row that was only begun goes."""
        self.rows.drafts.keep(identifier, {}, new=False)
        self._seen.pop(identifier, None)

    def step_back(self) -> str:
        """Takes back what was typed last and is not saved; the row's id, "" when there is nothing of that."""
        while self._steps:
            identifier, name, before = self._steps.pop()
            draft = self.rows.drafts.of(identifier)
            if draft is None or name not in draft.typed:
                continue
            typed = dict(draft.typed)
            if before is None:
                del typed[name]
            else:
                typed[name] = before
            self.rows.drafts.keep(identifier, typed, new=draft.new)
            return identifier
        return ""

    def seen(self, identifier: str) -> tuple[str, ...] | None:
        """The heads a row had when typing into it began; None for a new row."""
        return self._seen.get(identifier)

    def saved(self, identifier: str, typed: Mapping[str, str]) -> None:
        """What was typed in a row is saved: what was typed since stays."""
        self._seen.pop(identifier, None)
        self._steps = [one for one in self._steps if one[0] != identifier]
        draft = self.rows.drafts.of(identifier)
        if draft is not None:
            left = {name: state for name, state in draft.typed.items() if typed.get(name) != state}
            self.rows.drafts.keep(identifier, left, new=False)


def begins_with(fields: Sequence[Field], start: Mapping[str, str]) -> dict[str, str]:
    """What a new row of these fields begins with: what the page says, then what the definition says."""
    own = {one.name: one.kind.default for one in fields if one.kind.default}
    return {**own, **{name: state for name, state in start.items() if any(one.name == name for one in fields)}}
