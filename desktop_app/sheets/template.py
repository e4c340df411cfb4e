"""An empty workbook of a register to be filled in: headings, what may be chosen, hints, and a sheet that explains them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema import composite, kinds, links, prose
from db.schema.kinds import Kind
from db.schema.record import Field, Schema
from desktop_app.sheets import layout, write
from desktop_app.sheets.layout import Column
from desktop_app.sheets.mapping import EXPLAINED

NOTES, _CHOICES = EXPLAINED[1:]
_LAST = 1_048_575
_LONGEST_HINT = 250
_INLINE = 250
"""Characters of a list of choices that stands in the rule itself; a longer one stands in a sheet of its own."""


def write_template(facts: Facts, schema: Schema, path: Path) -> Path:
    """Writes the template of a register (.xlsx), over what was there; filled in and read back it gives the rows."""
    if path.suffix.lower() != ".xlsx":
        raise Refusal(f"模板只能存为 .xlsx，不能存为“{path.name}”。", "请改文件名的后缀。", "excel")
    fields = layout.filled_by(schema)
    with write.replacing(path) as part, write.opened(part, streaming=False) as book:
        sheet = book.add_worksheet(write.sheet_name(schema.title))
        write.notes(book, NOTES, _explained(facts, schema, fields), [18, 8, 30, 40, 60])
        lists = _Choices(book)
        must = book.add_format({"bold": True, "font_color": "#B00020", "bg_color": "#FBE9E7", "border": 1})
        may = book.add_format({"bold": True, "bg_color": "#DDE6F0", "border": 1})
        for at, one in enumerate(fields):
            column = Column(one.name, one.kind, layout.heading(one), "public")
            words = f"{column.heading}*" if one.kind.required else column.heading
            style = book.add_format(write.column_style(column))
            sheet.set_column(at, at, layout.width(one.kind, words), style)
            sheet.write_string(0, at, words, must if one.kind.required else may)
            if one.kind.help:
                sheet.write_comment(0, at, one.kind.help, {"x_scale": 1.6, "author": "整改通"})
            sheet.data_validation(
                1, at, _LAST, at, _validation(facts, one.kind, lists.source(layout.choices(facts, one.kind)))
            )
        sheet.freeze_panes(1, 1)
        lists.close()
    return path


class _Choices:
    """The hidden sheet that holds lists of choices too long for a rule."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._sheet: Any = None
        self._columns = 0

    def source(self, words: list[str]) -> str | list[str] | None:
        """What a rule names as its list; None when there is nothing to choose from."""
        if not words:
            return None
        if len(",".join(words)) <= _INLINE and not any("," in word for word in words):
            return words
        if self._sheet is None:
            self._sheet = self._book.add_worksheet(_CHOICES)
        column = self._columns
        self._columns += 1
        for row, word in enumerate(words):
            self._sheet.write_string(row, column, word[: layout.LONGEST])
        letter = write.column_letter(column)
        return f"='{_CHOICES}'!${letter}$1:${letter}${len(words)}"

    def close(self) -> None:
        """Hides the sheet."""
        if self._sheet is not None:
            self._sheet.hide()


def _validation(facts: Facts, kind: Kind[Any], source: str | list[str] | None) -> dict[str, Any]:
    """The rule of a column: a list where there is one, and a hint; a wrong value is asked about, not forbidden, since the
    import tells more of it than a spreadsheet can."""
    hint = how(facts, kind)
    if kind.help:
        hint = f"{hint}\n{kind.help}" if hint else kind.help
    rule: dict[str, Any] = {"validate": "any", "input_title": kind.label[:32], "input_message": hint[:_LONGEST_HINT]}
    if source is not None:
        rule |= {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_title": kind.label[:32],
            "error_message": f"“{kind.label}”一般从列表里选。确定要这样填吗？",
        }
    return rule


def how(facts: Facts, kind: Kind[Any]) -> str:
    """How a field is filled in, in a few words."""
    words = _how(facts, kind)
    return f"{words}；不填就是“{kind.default}”" if kind.default and kind.required else words


def _how(facts: Facts, kind: Kind[Any]) -> str:
    if isinstance(kind, kinds.Choice):
        return "从列表里选一项"
    if isinstance(kind, kinds.YesNo):
        return "填“是”或“否”"
    if isinstance(kind, links.Ref | links.Refs):
        title = facts.schema(kind.to).title if kind.to in facts.tables.records else kind.label
        return f"填“{title}”里已有的{'一条' if isinstance(kind, links.Ref) else '几条，用分号隔开'}"
    if isinstance(kind, links.Texts):
        return "可以填几项，用分号隔开"
    unit = getattr(kind, "unit", "")
    hints = {
        kinds.Day: "日期，如 2021-11-03",
        kinds.Month: "年月，如 2021-11",
        kinds.Moment: "日期和时间，如 2021-11-03 14:30",
        kinds.Money: "金额，单位元；也可写 1.2万元",
        kinds.Whole: f"整数{f'，单位{unit}' if unit else ''}",
        kinds.Number: f"数字{f'，单位{unit}' if unit else ''}",
        composite.Quantity: "数和单位一起写，如 31件、51.5%",
        composite.Due: "时限，如 2021年12月底前",
        composite.Period: "起止日期，如 2021-01-01至2021-06-30",
        prose.Prose: "文字，可以分段",
    }
    return hints.get(type(kind), "文字")


def _explained(facts: Facts, schema: Schema, fields: list[Field]) -> list[list[str]]:
    lines = [
        ["栏目", "必填", "怎样填", "可填的内容", "说明"],
        *(
            [
                one.kind.label,
                "是" if one.kind.required else "",
                how(facts, one.kind),
                "、".join(layout.choices(facts, one.kind, 60))[:2_000],
                one.kind.help,
            ]
            for one in fields
        ),
        [],
        [f"本表是“{schema.title}”的模板。标 * 的栏目必须填。"],
        ["一行填一条，表头不要改动；空行不算，“合计”行不会导入。填好后在整改通里选“导入”。"],
    ]
    papers = [one.kind.label for one in schema.fields if isinstance(one.kind, composite.Paper)]
    if papers:
        lines.append([f"文件（{'、'.join(papers)}）不能从表格导入，请导入后在表单里添加。"])
    return lines
