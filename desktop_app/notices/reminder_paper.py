"""Reminders in three colours, a page each: green to the handler, yellow also to the leader, red to the unit and its secretary.

What stands in them follows the practice of such letters (process.md 2.2): which problem, what is due and in which words, how many days
are left, on what basis, what is asked, by when to answer, to whom.
"""

from __future__ import annotations

from collections.abc import Sequence

from db.ledger.facts import Facts
from db.schema import kinds
from db.schema.days import written
from db.schema.records import Problem, Unit
from desktop_app.notices import slips
from desktop_app.notices.compose import origin
from desktop_app.notices.slips import Desk
from desktop_app.notices.tree import Block, Colour, Column, Document, Head, Paragraph, Run, Table, TableCell, TableRow
from desktop_app.notices.wanted import Kind, Wanted
from desktop_app.rectification import pressing
from desktop_app.rectification.pressing import COLOURS, Days, Matter, Pressing

TITLES: dict[pressing.Colour, str] = {
    "green": "巡察整改绿色预警提示函",
    "yellow": "巡察整改黄色预警提示函",
    "red": "巡察整改红色预警督办函",
}
BANDS: dict[pressing.Colour, Colour] = {"green": "green", "yellow": "amber", "red": "red"}
ASKED: dict[pressing.Colour, str] = {
    "green": "请对照整改措施抓紧推进，到期前完成并填报进展，补齐佐证材料。确需延期的，请在到期前书面申请并说明原因。",
    "yellow": "请经办人倒排进度，责任领导过问督促，到期前完成并填报进展，补齐佐证材料。确需延期的，由责任领导签署意见后书面申请。",
    "red": "请立即组织整改，逐项明确补救措施、责任人和完成日期，由主要负责同志签署书面说明；仍不落实的，按规定提请追责。",
}
LISTED = 3
"""Matters told one by one, so that the letter keeps to its page; the rest are counted."""
_ORDER = list(COLOURS)


def reminders(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """A reminder for each problem that presses, by unit, the most pressing first."""
    given = wanted.options
    days = None
    if "green_days" in given or "yellow_days" in given:
        green = given.get("green_days", Days.green)
        days = Days(green, given.get("yellow_days", min(green, Days.yellow)))
    found = pressing.pressing(facts, wanted.day, wanted.unit, wanted.of, days)
    open_ = {one.id for one in slips.allowed(facts, wanted, [one.problem for one in found])}
    only = wanted.text("colour")
    found = [one for one in found if one.problem.id in open_ and only in ("", one.colour)]
    if not found:
        return ()
    desk = Desk.read(facts, wanted, [one.problem for one in found])
    found.sort(key=lambda one: (desk.unit(one.problem).name or "", -_ORDER.index(one.colour), one.matters[0].left))
    return [_letter(desk, one, at) for at, one in enumerate(found)]


def _letter(desk: Desk, one: Pressing, at: int) -> Document:
    problem, colour = one.problem, one.colour
    blocks: list[Block] = [
        _paragraph(_opening(desk, one), problem),
        _table(desk, one),
        _paragraph(ASKED[colour], problem),
        _paragraph(_reply(desk, one), problem),
    ]
    return Document(
        title=TITLES[colour],
        blocks=tuple(blocks),
        signature=desk.signature(),
        head=Head("", desk.number("整改预警", at)),
        addressees=f"{_addressed(desk, one)}：",
        form="sheet",
        colour=BANDS[colour],
        author=desk.office(),
        subject="内部",
    )


def _paragraph(words: str, problem: Problem) -> Paragraph:
    return Paragraph((Run(words, origin=origin(problem)),))


def _addressed(desk: Desk, one: Pressing) -> str:
    problem = one.problem
    unit = desk.unit(problem)
    if one.colour == "red":
        return f"{unit.organ or unit.name or '责任单位'}，{_secretary(desk, unit)}"
    handler = problem.handler or problem.responsible or problem.lead_department or unit.short_name or unit.name
    found = [handler or "经办人"]
    if one.colour == "yellow":
        found.append(problem.lead_official or "责任领导")
    return "、".join(dict.fromkeys(found))


def _secretary(desk: Desk, unit: Unit) -> str:
    """The secretary of a unit by post and name, where those who get the paper may read names."""
    one = next((p for p in desk.people if p.unit == unit.id and "书记" in (p.post or "").replace("副书记", "")), None)
    if one is None or not one.name or not desk.wanted.internal:
        return "主要负责同志"
    return f"{one.post}{one.name}同志"


def _opening(desk: Desk, one: Pressing) -> str:
    problem = one.problem
    unit = desk.unit(problem)
    basis = desk.wanted.text("basis") or f"{desk.round(problem)}反馈意见和整改台账确定的时限"
    whose = "由你承办的" if one.colour == "green" else "由你们承办、督促的"
    if one.colour == "red" and (unit.short_name or unit.name):
        whose = f"{unit.short_name or unit.name}"
    number = f"第{problem.number}号" if problem.number else ""
    state = "已经超期" if one.matters[0].left < 0 else "即将到期"
    return f"根据{basis}，{whose}{number}问题{slips.named(problem)}，下列事项{state}，尚未完成，现予{_verb(one)}。"


def _verb(one: Pressing) -> str:
    return "督办" if one.colour == "red" else "提示"


_COLUMNS = (Column("事项", 4.3), Column("时限", 2.6), Column("期限情况", 1.5, "centre"))


def _table(desk: Desk, one: Pressing) -> Table:
    listed = one.matters if len(one.matters) <= LISTED + 1 else one.matters[:LISTED]
    longest = 54 if len(listed) <= 2 else 36
    rows = [_row(desk, one.problem, matter, longest) for matter in listed]
    if len(listed) < len(one.matters):
        words = f"另有{len(one.matters) - len(listed)}项，见整改台账。"
        rows.append(TableRow((TableCell(((Run(words, origin=origin(one.problem)),),), columns=3),), kept=True))
    return Table(_COLUMNS, tuple(rows))


def _row(desk: Desk, problem: Problem, matter: Matter, longest: int) -> TableRow:
    here = origin(matter.record)
    told = (
        slips.matter_words(desk, problem, matter, longest),
        slips.due_words(matter, "\n"),
        slips.left_words(matter.left),
    )
    return TableRow(tuple(slips.cell(text, origin=here) for text in told), kept=True)


def _reply(desk: Desk, one: Pressing) -> str:
    by = written(desk.reply(one.matters[0].day))
    contact = desk.contact()
    return f"请于{by}前将办理情况书面反馈我办{f'（联系人：{contact}）' if contact else ''}。"


KINDS = (
    Kind(
        "reminder",
        "整改时限预警提示函",
        "提醒快到期和已超期的整改事项，一个问题一页：绿色给经办人，黄色加责任领导，红色给单位和书记。",
        reminders,
        unit="may",
        records="may",
        of="problem",
        readers="secret",
        nothing="没有快到期或已超期的整改事项，不用发提示函。",
        options={
            "colour": kinds.Choice("只印哪一种", of=dict(COLOURS.items())),
            "green_days": kinds.Whole(
                "绿色提前天数", unit="天", least=0, most=366, help="不填按巡察轮次里的，没有填就是 20 天"
            ),
            "yellow_days": kinds.Whole(
                "黄色提前天数", unit="天", least=0, most=366, help="不填按巡察轮次里的，没有填就是 10 天"
            ),
            "basis": kinds.Text("依据", help="如 《整改时限管理办法》第六条"),
            **slips.REPLYING,
            **slips.NUMBERING,
            **slips.SIGNING,
        },
    ),
)
