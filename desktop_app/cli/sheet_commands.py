"""Commands about registers: their rows listed, imported, exported, and a template to be filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer

from db.errors import Refusal
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.kinds import Publicity
from db.schema.record import Schema
from desktop_app.cli.ledger_commands import Actor, Json, LedgerPath, OfUnit, acting, opened
from desktop_app.cli.printing import DONE, FOUND, REFUSED, complain, progress, tell
from desktop_app.rectification import batch, ledgers, openness, rows, rows_filters
from desktop_app.rectification.batch import BlockRow, Read
from desktop_app.rectification.rows import View
from desktop_app.sheets import layout, mapping, read, template, write
from desktop_app.sheets.mapping import Block, Columns

TOPIC = "excel"
Register = Annotated[
    str, typer.Argument(metavar="REGISTER", help="哪张登记表：类别.登记表，或登记表的名称", show_default=False)
]
Filters = Annotated[
    list[str] | None,
    typer.Option(
        "--filter", metavar="FIELD=VALUE", help="筛选，可写几次，如 日期>=2021-01-01、状态=在用", show_default=False
    ),
]
_TOLD = 200
"""Refused cells that are printed; JSON has them all."""


def list_rows(
    ledger: LedgerPath,
    register: Register,
    take: Annotated[
        Path | None, typer.Option("--import", metavar="FILE", help="导入 .xlsx 或 .csv", show_default=False)
    ] = None,
    give: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="导出为 .xlsx 或 .csv", show_default=False)
    ] = None,
    empty: Annotated[
        Path | None, typer.Option("--template", metavar="FILE", help="存一份空白模板（.xlsx）", show_default=False)
    ] = None,
    filters: Filters = None,
    unit: OfUnit = "",
    publicity: Annotated[
        str, typer.Option("--publicity", metavar="LEVEL", help="列出或导出到哪一级：公开、党内通报、不公开")
    ] = "公开",
    ids: Annotated[bool, typer.Option("--ids", help="导出时带上系统编号，改好后可以导入更新")] = False,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="最多列出几行", show_default=True)] = 50,
    preview: Annotated[bool, typer.Option("--preview", help="导入前只看结果，不写入")] = False,
    skip_wrong: Annotated[bool, typer.Option("--skip-wrong", help="有错的行不要，其他的照样导入")] = False,
    again: Annotated[bool, typer.Option("--again", help="与台账里完全相同的行也再录入一次")] = False,
    actor: Actor = "",
    json: Json = False,
) -> int:
    """列出、导入、导出登记表的行，或存一份空白模板。"""
    if sum(path is not None for path in (take, give, empty)) > 1:
        raise Refusal("--import、--export、--template 一次只能用一个。", "请分几次做。", TOPIC)
    with opened(ledger) as facts:
        schema = register_named(facts, register)
        if empty is not None:
            template.write_template(facts, schema, empty)
            tell(
                [f"已存模板：{empty}（{schema.title}）"],
                {"template": str(empty), "register": schema.name},
                as_json=json,
            )
            return DONE
        if take is not None:
            how = _How(preview=preview, skip_wrong=skip_wrong, again=again, json=json)
            return _import(facts, schema, take, unit, acting(actor), how)
        view = View(
            schema,
            tuple(typed_filter(schema, said) for said in filters or ()),
            unit=ledgers.find_unit(facts, unit).id if unit else None,
            publicity=level(publicity),
        )
        if give is not None:
            return _export(facts, view, give, filters or (), unit, ids=ids, json=json)
        return _listed(facts, view, limit, json=json)


# -- what is meant ----------------------------------------------------------------------------------------------------


def register_named(facts: Facts, wanted: str) -> Schema:
    """The register meant by its name (official_vehicles.refuel), its title, or 类别.登记表; ``Refusal`` lists near ones."""
    said = "".join(wanted.split()).replace("。", ".").replace("．", ".").replace("/", ".")
    names: dict[str, list[Schema]] = {}
    for key, one in facts.tables.records.items():
        category = facts.definitions.get(key.rpartition(".")[0])
        titles = [key, one.schema.title]
        if category is not None:
            titles += [f"{category.title}.{one.schema.title}", f"{category.key}.{one.schema.title}"]
            titles += [f"{category.title}.{key.rpartition('.')[2]}", key.rpartition(".")[2]]
        for title in dict.fromkeys(titles):
            names.setdefault(title, []).append(one.schema)
    found = names.get(said, [])
    if len(found) == 1:
        return found[0]
    if found:
        listed = "、".join(_full_title(facts, one) for one in found)
        raise Refusal(f"“{wanted}”可以是几张登记表：{listed}。", "请连类别一起写，如“类别.登记表”。", TOPIC)
    near = [title for title in names if said and said in title] or get_close_matches(said, list(names), 6, 0.4)
    shown = dict.fromkeys(_full_title(facts, names[title][0]) for title in near)
    listed = "、".join(list(shown)[:8])
    raise Refusal(f"没有“{wanted}”这张登记表。", f"相近的有：{listed}。" if listed else _all_categories(facts), TOPIC)


def _full_title(facts: Facts, schema: Schema) -> str:
    category = facts.definitions.get(schema.name.rpartition(".")[0])
    return f"{category.title}.{schema.title}（{schema.name}）" if category else f"{schema.title}（{schema.name}）"


def _all_categories(facts: Facts) -> str:
    titles = "、".join(one.title for one in facts.definitions.values())
    return f"类别有：{titles}。" if titles else "本台账还没有类别的登记表。"


_ASKED = re.compile(r"(.+?)\s*(>=|<=|≥|≤|=|＝)\s*(.*)", re.DOTALL)


def typed_filter(schema: Schema, said: str) -> rows_filters.Filter:
    """``栏目=值`` (contained words, a choice, 空, 非空), ``栏目>=值`` or ``栏目<=值`` → a filter."""
    found = _ASKED.fullmatch(said.strip())
    name = mapping.columns(schema, [found[1]]).names[0] if found else None
    label = found[1] if found else said
    if found is None or name is None or name == batch.ID:
        labels = "、".join(one.kind.label for one in schema.fields)
        raise Refusal(
            f"筛选条件“{said}”看不懂。" if not found else f"“{schema.title}”没有“{label}”这一栏。",
            f"可用的栏目：{labels}。",
            TOPIC,
        )
    sign = "" if found[2] in "=＝" else found[2]
    asked = rows_filters.typed(schema, name, f"{sign}{found[3]}" or "空")
    return asked if asked is not None else rows_filters.Filter(name, "empty")


_LEVELS: dict[str, Publicity] = {
    "公开": "public",
    "党内通报": "internal",
    "内部": "internal",
    "不公开": "secret",
    "public": "public",
    "internal": "internal",
    "secret": "secret",
}


def level(said: str) -> Publicity:
    """A publicity as it is typed, by its word or its key."""
    found = _LEVELS.get(said.strip())
    if found is None:
        raise Refusal(f"--publicity 没有“{said}”这一级。", "可写 公开、党内通报、不公开。", TOPIC)
    return found


# -- listing and exporting --------------------------------------------------------------------------------------------


def _listed(facts: Facts, view: View, limit: int, *, json: bool) -> int:
    columns, withheld = layout.layout(facts, view.schema, view.publicity)
    words = layout.Words(facts)
    count = rows.count(facts, view)
    found = rows.window(facts, view, 0, limit)
    table = [
        [_cell(column, getattr(record, column.name), words) for column in columns if column.kind.listed]
        for record in found
    ]
    headings = [column.heading for column in columns if column.kind.listed]
    more = f"共 {count} 行" + (f"，列出前 {len(found)} 行（--limit 可多列）。" if len(found) < count else "。")
    left = [f"没有列出的栏目（不对外公开）：{'、'.join(withheld)}。"] if withheld else []
    data = [
        {"id": record.id, **{c.name: _cell(c, getattr(record, c.name), words) for c in columns}} for record in found
    ]
    lines = [*(table_lines(headings, table) if table else []), more, *left]
    tell(lines, {"register": view.schema.name, "count": count, "withheld": withheld, "rows": data}, as_json=json)
    return DONE


def _cell(column: layout.Column, value: Any, words: layout.Words) -> str:
    return "" if value is None else layout.plain(column.kind, value, words)


def table_lines(headings: Sequence[str], table: Sequence[Sequence[str]], widest: int = 30) -> Iterator[str]:
    """Cells in columns; a Chinese character is two wide."""
    lines = [[_clipped(cell, widest) for cell in row] for row in (headings, *table)]
    widths = [max(_wide(row[at]) for row in lines) for at in range(len(headings))]
    for row in lines:
        yield "  ".join(cell + " " * (width - _wide(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()


def _wide(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in words)


def _clipped(words: str, widest: int) -> str:
    line = " ".join(words.split())
    while _wide(line) > widest:
        line = line[: len(line.rstrip("…")) - 1] + "…"
    return line


def _export(facts: Facts, view: View, path: Path, said: Sequence[str], unit: str, *, ids: bool, json: bool) -> int:
    asked = [f"筛选：{'；'.join(said)}。"] if said else []
    asked += [f"单位：{unit}（含下级）。"] if unit else []
    done = write.export(
        facts, view, path, publicity=view.publicity, ids=ids, said=asked, progress=progress("导出", as_json=json)
    )
    lines = [f"已导出：{path}（{view.schema.title} {done.rows} 行）"]
    if done.withheld_columns:
        lines.append(
            f"没有导出的栏目（不对外公开）：{'、'.join(done.withheld_columns)}。要导出请加 --publicity 不公开。"
        )
    if done.withheld_rows:
        lines.append(f"另有 {done.withheld_rows} 行不对外公开，没有导出。")
    if done.too_long:
        lines.append(f"有 {done.too_long} 格文字太长，Excel 放不下，请另导出一份 .csv。")
    tell(lines, {"register": view.schema.name, **done.__dict__}, as_json=json)
    return DONE


# -- importing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _How:
    """How an import was asked for."""

    preview: bool
    skip_wrong: bool
    again: bool
    json: bool


def _import(facts: Ledger, schema: Schema, path: Path, unit: str, actor: str, how: _How) -> int:
    memory = mapping.remembered(schema)
    blocks = mapping.blocks(schema, read.read(path), memory)
    fixed = _fixed(facts, schema, unit)
    reckoned = [one.label for one in openness.reckoned(facts, schema)]
    told = progress("读取", as_json=how.json)
    lines: list[str] = []
    refused: list[dict[str, Any]] = []
    taken: list[BlockRow] = []
    for block in blocks:
        columns = mapping.columns(schema, block.headings, memory, reckoned)
        found = batch.read_cells(facts, schema, columns.names, block.cells, fixed=fixed, update=True, progress=told)
        lines += _said(schema, block, columns, found, several=len(blocks) > 1)
        refused += [_refused(schema, block, columns, cell) for cell in found.refused]
        taken += [BlockRow(len(taken) + at, row.values, row.id) for at, row in enumerate(found.rows)]
    changes = batch.changes(facts, schema, taken)
    twins = () if how.again else {row.number for row in changes.twins}
    kept = [row for row in taken if row.number not in twins]
    counts = {
        "new": len(changes.new) - len(twins),
        "changed": len(changes.changed),
        "same": len(changes.same),
        "twins": len(changes.twins),
        "refused": len({(cell["sheet"], cell["row"]) for cell in refused}),
    }
    lines += [f"  {cell['place']}：{cell['sentence']}" for cell in refused[:_TOLD]]
    lines += [f"  ……共 {len(refused)} 处，改正后再导入就能看到其余的。"] if len(refused) > _TOLD else []
    lines.append(_counted(schema, counts, again=how.again))
    stopped = bool(refused) and not how.skip_wrong
    outcome = None
    if not how.preview and not stopped:
        sentence = f"导入 {path.name}：新增 {counts['new']} 行、修改 {counts['changed']} 行{schema.title}"
        outcome = batch.enter(facts, schema.name, kept, actor, sentence=sentence, progress=told)
    lines.append(
        _ending(outcome is not None and bool(outcome.taken), stopped=stopped, preview=how.preview, wrong=bool(refused))
    )
    data = {"register": schema.name, **counts, "written": outcome is not None, "refused_cells": refused}
    tell([] if stopped and not how.preview else lines, data, as_json=how.json)
    if stopped and not how.preview:
        if not how.json:
            complain(lines)
        return REFUSED
    return FOUND if refused or counts["twins"] else DONE


def _fixed(facts: Ledger, schema: Schema, unit: str) -> dict[str, Any]:
    """The unit of rows that do not say theirs: the one named, else the ledger's own."""
    if not any(one.name == "unit" and batch.takes(one.kind) for one in schema.fields):
        return {}
    own = ledgers.find_unit(facts, unit) if unit else ledgers.own_unit(facts, facts)
    return {"unit": own.id} if own is not None else {}


def _said(schema: Schema, block: Block, columns: Columns, found: Read, *, several: bool) -> list[str]:
    """What was understood of a sheet, before its wrong cells."""
    lines = [f"工作表“{block.sheet}”："] if several else []
    if columns.unknown:
        meant = {heading: mapping.near(schema, heading) for heading in columns.unknown}
        said = [f"{heading}（是不是“{label}”？）" if label else heading for heading, label in meant.items()]
        lines.append(f"没有用到的列：{'、'.join(said)}。“{schema.title}”没有这些栏目；要用上，请改表头。")
    if columns.left_out:
        lines.append(f"不能从表格导入的列：{'、'.join(columns.left_out)}。")
    if columns.lacking:
        lines.append(f"表里缺少必填的栏目：{'、'.join(columns.lacking)}。")
    if block.sums:
        lines.append(f"合计行没有导入：第 {'、'.join(map(str, block.sums))} 行。")
    lines += [f"“{label}”里的“{words}”按“{meant.line}”录入。" for (label, words), meant in found.guessed.items()]
    return lines


def _refused(schema: Schema, block: Block, columns: Columns, cell: batch.RefusedCell) -> dict[str, Any]:
    """A refused cell as the clerk finds it: sheet, row and column as the spreadsheet counts them."""
    row = block.first_row + cell.row
    at = columns.names.index(cell.field) if cell.field in columns.names else -1
    column = write.column_letter(at) if at >= 0 else ""
    labels = {one.name: one.kind.label for one in schema.fields}
    sheet = f"“{block.sheet}”" if block.sheet else ""
    return {
        "sheet": block.sheet,
        "row": row,
        "column": column,
        "field": cell.field,
        "label": labels.get(cell.field, mapping.ID_HEADING if cell.field == batch.ID else ""),
        "text": cell.text,
        "sentence": cell.sentence,
        "place": f"{sheet}第 {row} 行{f' {column} 列' if column else ''}",
    }


def _counted(schema: Schema, counts: dict[str, int], *, again: bool) -> str:
    words = {"new": "新增", "changed": "修改", "same": "没有变化", "refused": "有错"}
    parts = [f"{word} {counts[key]} 行" for key, word in words.items() if counts[key]]
    if counts["twins"]:
        parts.append(
            f"{counts['twins']} 行台账里已有完全相同的"
            + ("，仍再录入" if again else "，不再录入（要再录入请加 --again）")
        )
    return f"{schema.title}：{'，'.join(parts) if parts else '没有可导入的行'}。"


def _ending(written: bool, *, stopped: bool, preview: bool, wrong: bool) -> str:
    if written:
        return "已写入台账，可以一次撤销。" + ("有错的行没有导入。" if wrong else "")
    if preview and not stopped:
        return "这是预览，没有写入。"
    if not stopped:
        return "没有新的内容，台账没有变。"
    return "没有写入。请改正后再导入；或加 --skip-wrong，只导入没有错的行。"


def register(app: typer.Typer) -> None:
    """Puts the commands of this module under their names."""
    app.command("rows")(list_rows)
