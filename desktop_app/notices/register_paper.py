"""An extract of any register on paper: chosen columns and rows in an order, with sums, upright or turned as its width needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema import composite, kinds
from db.schema.days import written
from db.schema.kinds import Text, YesNo
from db.schema.links import Texts
from db.schema.record import Record, Schema, schema_name
from db.schema.records import Unit
from db.schema.records.words import PUBLICITY
from desktop_app.notices import register_columns, tree, wide
from desktop_app.notices.book import called
from desktop_app.notices.register_columns import Lines, Told
from desktop_app.notices.tree import Block, Document, Paragraph, Run, Section
from desktop_app.notices.wanted import TOPIC, Kind, Wanted
from desktop_app.notices.wide import Held, Spec, Total
from desktop_app.rectification import rows
from desktop_app.rectification.reckoning.records import computed_page
from desktop_app.rectification.rows import View

MOST = 20_000
"""Rows of one paper; more nobody reads."""
NUMBER = Spec("number__", "序号", "", 2.8, 2.2, "centre", named=True)


def extracts(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """An extract of each register that is asked for."""
    return tuple(_extract(facts, wanted, schema_of(facts, name)) for name in wanted.of)


def schema_of(facts: Facts, name: str) -> Schema:
    """The register of that name (``official_vehicles.refuel``); ``Refusal`` for one this ledger does not have."""
    if name not in facts.tables.records:
        raise Refusal(f"台账里没有登记表“{name}”。", "请从登记表里选一张。", TOPIC)
    return facts.schema(name)


def _extract(facts: Facts, wanted: Wanted, schema: Schema) -> Document:
    view = asked(schema, wanted)
    found = records(facts, view)
    only = wanted.options.get("columns") or ()
    told, _ = register_columns.columns(facts, schema, wanted.readers, only)
    if not told:
        level = PUBLICITY[wanted.readers]
        raise Refusal(f"“{schema.title}”没有“{level}”范围内可印的栏。", "请换一个公开级别或栏目。", TOPIC)
    told = register_columns.aligned(told, found)
    places = body(facts, schema, told, found, wanted)
    sums = {} if wanted.options.get("total") is False else total(facts, view, told, wanted.options.get("sums") or ())
    specs = [NUMBER, *fitted(told, places, sums)]
    planned = wide.plan(specs, unbroken=wanted.unbroken)
    rest: dict[str, Any] = {"notes": notes(wanted)}
    made = wide.tables(planned, [*places, *([total_row(specs, sums)] if sums else [])], **rest)
    unit = facts.get(Unit, wanted.unit)
    blocks: list[Block] = [_line(wanted, unit, len(found))]
    for number, table in enumerate(made):
        blocks += [tree.Break(), table] if number else [table]
    return Document(
        title=f"{called(unit) if unit is not None else ''}{wanted.text('title') or _titled(schema)}",
        blocks=(Section(tuple(blocks), "landscape"),) if planned.layout == "landscape" else tuple(blocks),
        author=(unit.organ or unit.name or "") if unit is not None else "",
        subject=f"{PUBLICITY[wanted.readers]}，{written(wanted.day)}",
        form="sheet",
    )


def _titled(schema: Schema) -> str:
    """A register as a title calls it."""
    if schema.title[-1:] in "表册单账录簿":
        return schema.title
    return schema.title + ("表" if schema.title.endswith("登记") else "登记表")


def _line(wanted: Wanted, unit: Unit | None, count: int) -> Paragraph:
    """The line below the title: whose rows, of which period, as of which day, how many."""
    parts = [f"单位：{unit.name}"] if unit is not None and unit.name else []
    parts += [f"期间：{register_columns.span_words(wanted.period)}"] if wanted.period is not None else []
    parts += [f"截至{written(wanted.day)}", f"共{count}行"]
    return Paragraph((Run("\u3000".join(parts)),), "flush", "5")


def asked(schema: Schema, wanted: Wanted) -> View:
    """The rows that are wanted: of the unit and those below it, of the period, filtered, ordered, as far as readers may see."""
    found = register_columns.filters(schema, wanted.options.get("filters") or ())
    if wanted.period is not None:
        on = register_columns.dated_by(schema, wanted.text("on"))
        found += register_columns.within(schema, on, wanted.period)
    order = register_columns.orders(schema, wanted.options.get("order") or ())
    return View(schema, found, order, wanted.unit or None, publicity=wanted.readers, once=True)


def records(facts: Facts, view: View) -> list[Record]:
    """The rows of a view. ``Refusal`` for none, and for more than a paper holds."""
    count = rows.count(facts, view)
    if count > MOST:
        raise Refusal(f"“{view.schema.title}”有 {count} 行，一份最多印 {MOST} 行。", "请加上期间或筛选条件。", TOPIC)
    if not count:
        raise Refusal(f"“{view.schema.title}”里没有符合条件的行。", "请换一个期间、单位、公开级别或筛选条件。", TOPIC)
    return list(rows.every(facts, view))


def body(
    facts: Facts, schema: Schema, told: Sequence[Told], found: Sequence[Record], wanted: Wanted
) -> list[dict[str, Held]]:
    """What stands in each place of the rows."""
    lines = Lines(facts)
    lines.fetch(told, found)
    category, _, key = schema.name.rpartition(".")
    definition = facts.definitions.get(category)
    has = definition is not None and key in definition.registers and any(one.reckoned for one in told)
    reckoned: Sequence[Mapping[str, Any]] = (
        computed_page(facts, definition, key, found, wanted.day)
        if has and definition is not None
        else [{}] * len(found)
    )
    made = []
    for number, (row, more) in enumerate(zip(found, reckoned, strict=True), start=1):
        origin = f"{schema_name(row)}:{row.id}"
        places = {one.key: wide.held(register_columns.words(one, row, more, lines), origin) for one in told}
        made.append({NUMBER.key: wide.held(str(number)), **places})
    return made


def total(facts: Facts, view: View, told: Sequence[Told], named: Sequence[str] = ()) -> dict[str, str]:
    """The sums of columns, in figures: of those named by label or key, else of money, of counts with a unit, and of what an
    indicator of the category adds up. A norm or a mark is a number, too, but no sum of it means anything."""
    sums = rows.totals(facts, view).sums
    meant = _added_up(facts, view.schema)
    found: dict[str, str] = {}
    for one in told:
        value = sums.get(one.key)
        usual = (
            isinstance(one.kind, kinds.Money) or one.key in meant or (isinstance(one.kind, kinds.Whole) and one.unit)
        )
        wanted = one.key in named or one.label in named if named else usual
        if value is None or not wanted or one.masked or one.reckoned is not None:
            continue
        if isinstance(one.kind, kinds.Money):
            found[one.key] = kinds.Money("", least=None).show(int(value))
        elif not isinstance(one.kind, composite.Quantity):
            found[one.key] = register_columns.grouped(Decimal(value), one.places)
    return found


def _added_up(facts: Facts, schema: Schema) -> set[str]:
    """The fields that indicators of a register's category add up, there or, under the same key, in another of its registers."""
    definition = facts.definitions.get(schema.name.rpartition(".")[0])
    sums = (one.sum for one in definition.indicators.values()) if definition is not None else ()
    return {one.field[0] for one in sums if one is not None and len(one.field) == 1}


def total_row(specs: Sequence[Spec], sums: Mapping[str, str]) -> Total:
    """The row of sums below the others."""
    first = next((one.key for one in specs if one is not NUMBER and one.key not in sums), NUMBER.key)
    return Total({**{key: wide.held(words) for key, words in sums.items()}, first: wide.held("合计", align="centre")})


def fitted(told: Sequence[Told], places: Sequence[Mapping[str, Held]], sums: Mapping[str, str]) -> list[Spec]:
    """The columns as wide as what stands in them."""
    return [
        wide.measured(
            one.spec(), [wide.words(row[one.key]) for row in places] + [sums.get(one.key, "")], whole=one.whole
        )
        for one in told
    ]


def notes(wanted: Wanted) -> tuple[str, ...]:
    """What was asked, below the table."""
    asked_ = [one for one in wanted.options.get("filters") or () if one.strip()]
    return (f"注：只列{'、'.join(asked_)}的行。",) if asked_ else ()


KINDS = (
    Kind(
        "register",
        "登记表",
        "把登记表印成一张表：选定的栏目、期间和行，数字栏有合计，宽的表自动用横向。",
        extracts,
        unit="may",
        period="may",
        records="must",
        of="register",
        readers="internal",
        options={
            "title": Text("标题", help="留空就用登记表的名称"),
            "columns": Texts("只印这些栏", help="用分号隔开，如 日期；车辆；加油量"),
            "filters": Texts("筛选", help="用分号隔开，如 加油量>=50；加油站=城南"),
            "order": Texts("排序", help="如 日期；加油量 倒序"),
            "on": Text("按哪一栏分期间", help="如 日期；留空就用登记表的第一个日期"),
            "total": YesNo("印合计", default="是"),
            "sums": Texts("合计哪些栏", help="留空就合计金额、人数件数和类别指标要汇总的栏"),
        },
    ),
)
