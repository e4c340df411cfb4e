"""A cell that points at a record which is not there yet: which one that is, and adding it without leaving the row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from db.ledger.change import Outcome
from db.schema.kinds import Text
from db.schema.links import Ref
from db.schema.record import Schema
from desktop_app.gui import lookup
from desktop_app.gui.editor_words import best
from desktop_app.gui.grid_model import GridModel
from desktop_app.rectification import forms

if TYPE_CHECKING:
    from desktop_app.gui.grid import Grid


@dataclass(frozen=True)
class Unknown:
    """Words in a cell that read as no record of the schema ``to``."""

    row: str
    """The id of the row."""
    column: int
    to: str
    title: str
    words: str
    field: str
    """The one field such a record cannot do without, which these words fill; "" where it needs more than a name."""

    @property
    def offer(self) -> str:
        """What can be done about it, as a button says it."""
        return f"新增{self.title}“{lookup.clipped(self.words, 16)}”" if self.field else f"去登记{self.title}"


def unknown(model: GridModel, identifier: str, column: int) -> Unknown | None:
    """What a cell names that is not there; None where it is there, or reads as several, or is a part of something."""
    facts, row = model.session.ledger, model.rows.row_of(identifier) if identifier else None
    if row is None or not 0 <= column < len(model.fields):
        return None
    field = model.fields[column]
    kind, typed = field.kind, (model.typing.typed(row, field.name) or "").strip()
    if not typed or not isinstance(kind, Ref) or kind.to not in facts.tables.records or not model.wrong(row, column):
        return None
    if lookup.owner(facts, kind.to) or lookup.parts_of(facts, kind.to):  # a unit, a problem: more than a name
        return None
    if best(typed, model.typing.candidates(row, field)):
        return None
    schema = facts.schema(kind.to)
    name = _name(schema)
    if not name and "." not in kind.to:
        return None
    return Unknown(identifier, column, kind.to, schema.title, typed, name)


def _name(schema: Schema) -> str:
    """The text a record of this schema is known by, where it needs nothing else."""
    needed = [one for one in schema.fields if one.kind.required and not one.kind.default]
    return needed[0].name if len(needed) == 1 and type(needed[0].kind) is Text else ""


def add(grid: Grid, one: Unknown) -> None:
    """Adds the record and saves the row that waits for it; one that needs more than a name is gone to."""
    session, model = grid.session, grid.model
    if not one.field:
        grid.register_wanted.emit(one.to)
        return
    row, unit = model.rows.row_of(one.row), model.column_of("unit")
    values: dict[str, object] = {one.field: one.words}
    if row is not None and unit >= 0 and "unit" in session.ledger.schema(one.to).kinds() and not model.wrong(row, unit):
        values["unit"] = model.typing.value(row, model.fields[unit])

    def done(outcome: Outcome) -> None:
        grid.hear(outcome)
        at = model.rows.row_of(one.row)
        if at is not None and at != grid.place.row():
            grid.deeds.save(at)
        elif at is not None:
            grid.said.stand("")

    session.do(partial(forms.save, session.ledger, one.to, None, values, session.actor()), done)
