"""The rectification ledger on paper (整改台账, process.md 2.4): A4 landscape, a row for each measure, its problem beside them all.

The usual choice is the dozen columns that a ledger on A4 has; all of them go in several parts, each of which repeats number and
problem. Columns nobody has filled are left out unless they are asked for, to be filled by hand.
"""

from __future__ import annotations

from collections.abc import Sequence

from db.ledger.facts import Facts
from db.schema.days import written
from db.schema.kinds import Choice, Text, YesNo
from db.schema.links import Texts
from db.schema.records import Unit
from db.schema.records.words import PUBLICITY
from desktop_app.notices import ledger_columns, tree, wide
from desktop_app.notices.book import WHICH, WHICH_OPTION, Book, books, called
from desktop_app.notices.tree import Block, Document, Paragraph, Run, Section
from desktop_app.notices.wanted import Kind, Wanted
from desktop_app.notices.wide import Held, Row, Spec, Total
from desktop_app.rectification import tallies
from desktop_app.rectification.tallies import Tally

_BLANK = "\u3000" * 5


def ledger(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """The ledger of a unit and those below it, of the whole file without one: grouped by unit behind a summary where several
    have problems."""
    found = books(facts, wanted, str(wanted.options.get("which", "all")))
    unit = found[0].unit if len(found) == 1 else facts.get(Unit, wanted.unit)
    title = f"{called(unit) if unit is not None else '各单位'}巡察整改台账"
    blocks: list[Block] = [heading(found, wanted, unit)]
    if len(found) > 1:
        blocks += [summary(found), tree.Break()]
    blocks += _tables(found, wanted)
    return (
        Document(
            title=title,
            blocks=(Section(tuple(blocks), "landscape"),),
            author=(unit.organ or unit.name or "") if unit is not None else "",
            subject=f"{PUBLICITY[wanted.readers]}，{written(wanted.day)}",
            form="sheet",
        ),
    )


def heading(found: Sequence[Book], wanted: Wanted, unit: Unit | None) -> Paragraph:
    """The line below the title: whose, which rounds, as of which day, who filled it in."""
    rounds = list(dict.fromkeys(title for book in found for title in book.rounds))
    who = (unit.name or called(unit)) if unit is not None else f"{len(found)}个单位"
    parts = [f"填报单位：{who}"]
    parts += [f"巡察轮次：{'、'.join(rounds)}"] if rounds else []
    parts += [f"截至日期：{written(wanted.day)}", f"填报人：{wanted.text('reporter') or _BLANK}"]
    return Paragraph((Run("\u3000".join(parts)),), "flush", "x4")


def _tables(found: Sequence[Book], wanted: Wanted) -> list[Block]:
    named = wanted.options.get("columns") or ()
    shown = ledger_columns.chosen(str(wanted.options.get("choice", "usual")), named)
    shown = ledger_columns.open_to(wanted.readers, shown)
    filled = [(book, ledger_columns.places(book, shown)) for book in found]
    every = [row for _, rows in filled for row in rows]
    specs = ledger_columns.fitted(shown, every, empty=bool(wanted.options.get("empty")))
    planned = wide.plan(specs, "landscape", ("5", "x5"), unbroken=wanted.unbroken)
    rows: list[Row] = []
    for book, places in filled:
        if len(found) > 1:
            rows.append(wide.across(f"{book.name}（{_short(book.tally)}）", 1))
        rows += places
    total = sum((book.tally for book in found), Tally())
    rows.append(wide.across(f"合计：{tallies.told(total)}{_listed(found, wanted)}", 1, "total"))
    made = wide.tables(planned, rows)
    blocks: list[Block] = []
    for number, table in enumerate(made, start=1):
        if number > 1:
            blocks.append(tree.Space())
        title = _part_title(number, planned.parts[number - 1]) if len(made) > 1 else ""
        last = number == len(made)
        kept = table.rows if last else tuple(row for row in table.rows if row.kind != "total")
        blocks.append(tree.Table(table.columns, kept, table.head, title, size=table.size))
    return blocks


def _listed(found: Sequence[Book], wanted: Wanted) -> str:
    """What is said where the rows are not those of all problems that are counted."""
    which = str(wanted.options.get("which", "all"))
    count = sum(len(book.entries) for book in found)
    return f"本表只列{WHICH[which].removesuffix('的')}的{count}个问题。" if which != "all" else ""


def _part_title(number: int, specs: Sequence[Spec]) -> str:
    groups = dict.fromkeys(one.group for one in specs if one.group and not one.named)
    return f"台账（{'一二三四五六七八九'[number - 1]}）　{'、'.join(groups)}"


def _short(one: Tally) -> str:
    late = f"，超期{one.overdue}个" if one.overdue else ""
    return f"反馈问题{one.problems}个，完成{one.finished}个，完成率{one.rate}{late}"


# -- several units ----------------------------------------------------------------------------------------------------

_SUMMARY = (
    Spec("number", "序号", "", 2.2, 2.0, "centre", named=True),
    Spec("unit", "单位", "", 9.0, 6.0, named=True),
    Spec("rounds", "巡察轮次", "", 8.0, 5.0),
    Spec("problems", "应整改数", "反馈问题", 3.4, 2.6, "right"),
    Spec("finished", "已整改数", "反馈问题", 3.4, 2.6, "right"),
    Spec("rate", "完成率", "反馈问题", 4.0, 3.8, "right"),
    Spec("at_once", "应整改数", "立行立改", 3.4, 2.6, "right"),
    Spec("at_once_finished", "已整改数", "立行立改", 3.4, 2.6, "right"),
    Spec("at_once_rate", "完成率", "立行立改", 4.0, 3.8, "right"),
    Spec("measures", "措施数", "整改措施", 3.4, 2.6, "right"),
    Spec("measures_finished", "已落实", "整改措施", 3.4, 2.6, "right"),
    Spec("overdue", "超期数", "", 3.0, 2.6, "right"),
    Spec("people", "问责人次", "", 3.4, 2.6, "right"),
)


def summary(found: Sequence[Book]) -> tree.Table:
    """The counts of each unit and of all (process.md 2.4, last paragraph)."""
    rows: list[Row] = [
        _summed(str(number), book.unit.name or book.name, "、".join(book.rounds), book.tally)
        for number, book in enumerate(found, start=1)
    ]
    rows.append(Total(_summed("", "合计", "", sum((book.tally for book in found), Tally()))))
    planned = wide.plan(_SUMMARY, "landscape", ("x4", "5", "x5"))
    return wide.tables(planned, rows, title="各单位整改情况汇总表", notes=(NOTE,))[0]


NOTE = "注：已整改数含已完成、长期坚持和已销号的，基本完成的不计入；超期数按截至日期和整改时限计算。"


def _summed(number: str, name: str, rounds: str, one: Tally) -> dict[str, Held]:
    said = {"number": number, "unit": name, "rounds": rounds}
    said |= {spec.key: str(getattr(one, spec.key)) for spec in _SUMMARY if spec.key not in said}
    return {key: wide.held(words) for key, words in said.items()}


KINDS = (
    Kind(
        "ledger",
        "整改台账",
        "按问题和措施逐条列出的整改台账，A4 横向；几个单位的按单位分组，前面有汇总表。",
        ledger,
        unit="may",
        records="may",
        of="inspection",
        readers="internal",
        options={
            "choice": Choice("栏目", of=ledger_columns.CHOICES, default="常用", help="全部栏目一页排不下时分成几张表"),
            "columns": Texts("只印这些栏", help="用分号隔开，如 序号；反馈问题；整改措施；整改时限"),
            "empty": YesNo("空栏也印", help="没有填过的栏也印出来，留给手填"),
            "which": WHICH_OPTION,
            "reporter": Text("填报人", help="留空就印一处空白，打印后签名"),
        },
    ),
)
