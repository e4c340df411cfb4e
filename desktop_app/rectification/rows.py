"""What a grid or an export shows of a register: rows filtered and sorted, in windows, with totals.

Without an order of its own a view shows rows as they were entered (by id), which needs no sorting, so that a register of
a million rows opens like an empty one. Far jumps go by ``Keys``: the row numbers of the file in the view's order, read
once off the thread; row numbers are the file's own, so keys are read again when the register was written to.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal, localcontext
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Connection, FromClause, Select, func, literal_column, or_, select

from db.errors import Refusal
from db.ledger import sameness
from db.ledger.facts import Facts
from db.ledger.lines import lines_of
from db.schema import composite, kinds, links
from db.schema.kinds import Kind
from db.schema.record import Record, Schema
from db.store.tables import RecordTable
from desktop_app.rectification import rows_filters, rows_shown
from desktop_app.rectification.rows_filters import Condition, Filter

PUBLICITIES = ("public", "internal", "secret")
"""From the openest to the strictest."""


@dataclass(frozen=True)
class Order:
    """A column to sort by; absent values come last either way."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class View:
    """What of a register is looked at: ``unit`` is the id of a unit and means those below it too, ``text`` is searched
    for in every column, ``publicity`` is the strictest that rows may have to be shown (secret: all); with ``once`` of rows
    that are the same only the one that counts."""

    schema: Schema
    filters: tuple[Filter, ...] = ()
    orders: tuple[Order, ...] = ()
    unit: str | None = None
    text: str = ""
    publicity: kinds.Publicity = "secret"
    once: bool = False


Cancelled = Callable[[], bool]


def _never() -> bool:
    return False


def count(facts: Facts, view: View) -> int:
    """How many rows a view shows."""
    one = facts.tables.records[view.schema.name]
    with facts.reading() as connection:
        query = select(func.count()).select_from(one.table).where(*_conditions(facts, view))
        return int(connection.execute(query).scalar_one())


def window(facts: Facts, view: View, offset: int, limit: int) -> list[Record]:
    """Rows ``offset`` to ``offset + limit`` of a view; near the top at once, far down by ``keys`` and ``rows_at``."""
    one = facts.tables.records[view.schema.name]
    query = _ordered(facts, view, select(one.table).where(*_conditions(facts, view)))
    with facts.reading() as connection:
        found = connection.execute(query.offset(offset).limit(limit)).mappings().all()
    return [_loaded(one, row) for row in found]


def _loaded(one: RecordTable, row: Any) -> Record:
    return one.schema.load(row["id"], one.stored(dict(row)))


@dataclass(frozen=True)
class Keys:
    """The rows of a view in order, as numbers of the file's own; ``position`` is how far the log was when they were read."""

    numbers: array[int] = field(default_factory=lambda: array("q"))
    position: int = 0

    def __len__(self) -> int:
        return len(self.numbers)


def keys(facts: Facts, view: View, cancelled: Cancelled = _never) -> Keys:
    """The keys of a view; empty when cancelled meanwhile."""
    one = facts.tables.records[view.schema.name]
    query = _ordered(facts, view, select(_number(one.table)).where(*_conditions(facts, view)))
    position = facts.position()
    numbers = array("q")
    with facts.reading() as connection:
        for batch in _batches(connection, query):
            if cancelled():
                return Keys()
            numbers.extend(chain.from_iterable(batch))
    return Keys(numbers, position)


def rows_at(facts: Facts, schema: Schema, numbers: Sequence[int]) -> list[Record | None]:
    """The rows of these keys, in their order; None for one that is gone since."""
    one = facts.tables.records[schema.name]
    number = _number(one.table)
    found: dict[int, Record] = {}
    with facts.reading() as connection:
        for at in range(0, len(numbers), 1_000):
            part = list(numbers[at : at + 1_000])
            query = select(number.label("number__"), one.table).where(number.in_(part), one.table.c.deleted == 0)
            for row in connection.execute(query).mappings():
                found[row["number__"]] = _loaded(one, row)
    return [found.get(key) for key in numbers]


def every(facts: Facts, view: View, cancelled: Cancelled = _never) -> Iterator[Record]:
    """All rows of a view in order, a thousand at a time."""
    numbers = keys(facts, view, cancelled).numbers
    for at in range(0, len(numbers), 1_000):
        if cancelled():
            raise Refusal("已取消。")
        yield from (row for row in rows_at(facts, view.schema, numbers[at : at + 1_000]) if row is not None)


def _number(table: FromClause) -> ColumnElement[int]:
    """SQLite's own number of a row. On another server the order would be kept in ids."""
    return literal_column(f"{table.name}.rowid", BigInteger)  # type: ignore[attr-defined]


def _batches(connection: Connection, query: Select[Any]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The rows of a large answer as the driver gives them, ten thousand at a time."""
    made = query.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    values = []
    for name in getattr(made, "positiontup", None) or ():
        bound = made.binds.get(name)
        process = (
            None if bound is None else bound.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        )
        values.append(process(made.params[name]) if process else made.params[name])
    cursor = connection.connection.cursor()
    cursor.execute(str(made), values)
    while batch := cursor.fetchmany(10_000):
        yield batch
    cursor.close()


# -- totals -----------------------------------------------------------------------------------------------------------

_BILLION = 10**9
_EXACT = Context(prec=60)


@dataclass(frozen=True)
class Totals:
    """Number of rows, and the exact sum of every column that can be added up (fen for money; None: nothing to add, or
    amounts in several units); ``twins`` rows are left out, because others count for them."""

    count: int
    sums: dict[str, Decimal | int | None]
    twins: int = 0


def totals(facts: Facts, view: View) -> Totals:
    """Counts and adds up what a view shows, rows that are the same once. Ordinal numbers (a whole number that rows are ordered by) are not added."""
    one = facts.tables.records[view.schema.name]
    columns = one.table.c
    known = [f for f in view.schema.fields if f.name in columns and _adds_up(view.schema, f.name, f.kind)]
    whole = [f.name for f in known if isinstance(f.kind, kinds.Whole | kinds.Money)]
    exact = [f.name for f in known if f.name not in whole]
    asked: list[Any] = [func.count()]
    for name in whole:  # in two halves, so that no sum is too long for the database
        asked += [func.sum(columns[name] // _BILLION), func.sum(columns[name] % _BILLION)]
    where = _conditions(facts, replace(view, once=True))
    shown = 0 if not sameness.stand_ins(facts, view.schema.name) else count(facts, view)
    sums: dict[str, Decimal | int | None] = {}
    with facts.reading() as connection:
        row = connection.execute(select(*asked).select_from(one.table).where(*where)).one()
        for at, name in enumerate(whole):
            high, low = row[1 + 2 * at], row[2 + 2 * at]
            sums[name] = None if high is None else int(high) * _BILLION + int(low)
        for name in exact:
            sums[name] = _exact(connection, view.schema.field(name).kind, columns, name, where)
    return Totals(row[0], {f.name: sums[f.name] for f in known}, max(0, shown - row[0]))


def _adds_up(schema: Schema, name: str, kind: Kind[Any]) -> bool:
    if isinstance(kind, kinds.Whole):
        return name not in schema.order
    return isinstance(kind, kinds.Money | kinds.Number | composite.Quantity)


def _exact(connection: Connection, kind: Kind[Any], columns: Any, name: str, where: list[Condition]) -> Decimal | None:
    """The sum of decimals, which are kept as text: the columns of their facets are only near enough to compare by."""
    column = columns[name]
    value = rows_shown.quantity_value(column) if isinstance(kind, composite.Quantity) else column
    unit = columns[f"{name}__unit"] if isinstance(kind, composite.Quantity) else None
    asked = [value, func.count()] if unit is None else [value, func.count(), unit]
    query = select(*asked).where(column.is_not(None), *where).group_by(*(a for a in asked if a is not asked[1]))
    units: set[str] = set()
    found = False
    with localcontext(_EXACT):
        total = Decimal(0)
        for batch in _batches(connection, query):
            found = True
            units.update(row[2] for row in batch if unit is not None)
            for row in batch:
                total += Decimal(row[0]) * row[1]
    return total if found and len(units) <= 1 else None


class Distinct(NamedTuple):
    """A value of a column (None: absent) as it works and as it shows, and how many rows hold it."""

    value: Any
    words: str
    rows: int


def distinct(facts: Facts, view: View, name: str, limit: int = 200) -> list[Distinct]:
    """The values of a column in a view, the most frequent first, for a filter's menu."""
    one = facts.tables.records[view.schema.name]
    kind = view.schema.field(name).kind
    column = one.table.c[name]
    query = select(column, func.count()).where(*_conditions(facts, view)).group_by(column)
    with facts.reading() as connection:
        found = connection.execute(query.order_by(func.count().desc(), column).limit(limit)).all()
    stored = [one.stored({**dict.fromkeys(one.kinds), name: row[0]}).get(name) for row in found]
    pointed = lines_of(facts, kind.to, [s for s in stored if s]) if isinstance(kind, links.Ref) else {}
    values = [None if s is None else kind.load(s) for s in stored]
    words = ["" if v is None else pointed.get(v) or kind.show(v) for v in values]
    return [Distinct(v, w, row[1]) for v, w, row in zip(values, words, found, strict=True)]


# -- conditions -------------------------------------------------------------------------------------------------------


def _ordered(facts: Facts, view: View, query: Select[Any]) -> Select[Any]:
    table = facts.tables.records[view.schema.name].table
    for order in view.orders:
        kind = view.schema.field(order.field).kind
        for what in rows_shown.sorted_by(facts, kind, table, order.field):
            query = query.order_by((what.desc() if order.descending else what.asc()).nulls_last())
    return query.order_by(table.c.id)


def _conditions(facts: Facts, view: View) -> list[Condition]:
    schema, table = view.schema, facts.tables.records[view.schema.name].table
    found: list[Condition] = [table.c.deleted == 0]
    if view.once:
        found.append(sameness.once(facts, schema.name, table))
    if view.unit is not None:
        within = of_units(facts, schema, table, with_below(facts, view.unit))
        found += [] if within is None else [within]
    found += [rows_filters.condition(facts, schema, table, one) for one in view.filters]
    if view.text.strip():
        found.append(rows_filters.text_condition(facts, schema, table, view.text))
    if view.publicity != "secret":
        found += _open(facts, schema, table, PUBLICITIES[: PUBLICITIES.index(view.publicity) + 1])
    return found


def with_below(facts: Facts, unit: str) -> list[str]:
    """A unit and all units below it, by id, and all that are the same as one of them."""
    table = facts.tables.records["unit"].table
    with facts.reading() as connection:
        above = connection.execute(select(table.c.id, table.c.parent).where(table.c.deleted == 0)).all()
    others = sameness.stand_ins(facts, "unit")
    found: dict[str, None] = {others.get(unit, unit): None}
    waiting = [*found]
    while waiting:
        parent = waiting.pop()
        below = [
            row[0]
            for row in above
            if row[0] not in found and row[0] not in others and others.get(row[1], row[1]) == parent
        ]
        found.update(dict.fromkeys(below))
        waiting += below
    return list({unit: None} | found | {one: None for one, main in others.items() if main in found})


def of_units(facts: Facts, schema: Schema, table: FromClause, units: Sequence[str], depth: int = 3) -> Condition | None:
    """The rows of these units: by their own reference to a unit, else by that of what they are a part of; None where
    nothing leads to a unit."""
    if schema.name == "unit":
        return table.c.id.in_(units)
    own = next((f for f in schema.references() if isinstance(f.kind, links.Ref) and f.kind.to == "unit"), None)
    if own is not None:
        return table.c[own.name].in_(units)
    owner = schema.owner()
    if owner is None or not depth or getattr(owner.kind, "to", "") not in facts.tables.records:
        return None
    above = facts.tables.records[getattr(owner.kind, "to", "")]
    within = of_units(facts, above.schema, above.table, units, depth - 1)
    return None if within is None else table.c[owner.name].in_(select(above.table.c.id).where(within))


def _open(facts: Facts, schema: Schema, table: FromClause, allowed: Sequence[str]) -> list[Condition]:
    """Rows that may be shown: neither they nor what they point at is withheld."""
    found = []
    if _says_publicity(schema):
        found.append(or_(table.c.publicity.is_(None), table.c.publicity.in_(allowed)))
    for one in schema.references():
        to = one.kind.to if isinstance(one.kind, links.Ref) else ""
        if to in facts.tables.records and _says_publicity(facts.schema(to)):
            target = facts.tables.records[to].table
            withheld = select(target.c.id).where(target.c.publicity.not_in(allowed))
            column = table.c[one.name]
            found.append(or_(column.is_(None), column.not_in(withheld)))
    return found


def _says_publicity(schema: Schema) -> bool:
    return any(one.name == "publicity" and isinstance(one.kind, kinds.Choice) for one in schema.fields)
