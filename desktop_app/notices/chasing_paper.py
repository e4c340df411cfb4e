"""督办单 and 交办单: one slip a page, with a reply slip to be torn off at its foot.

A chasing slip (督办单) presses a matter that is overdue; an assignment slip (交办单) hands a problem over to those who are to put it
right. Both are forms; many of them make one job, read from the ledger once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from db.ledger.facts import Facts
from db.schema import kinds
from db.schema.days import written
from db.schema.records import words
from desktop_app.notices import slips
from desktop_app.notices.compose import origin
from desktop_app.notices.slips import Desk
from desktop_app.notices.tree import Block, Cut, Document, Paragraph, Run, Table, TableRow
from desktop_app.notices.wanted import Kind, Wanted
from desktop_app.rectification import pressing
from desktop_app.rectification.pressing import Days, Matter, Pressing

CUT = "沿此线裁下，填好后退回"
_ALL = Days(1 << 20, 0)
"""Days by which every deadline counts: a slip for a problem somebody chose, however far its end."""


@dataclass(frozen=True)
class _Slip:
    """The words that tell a chasing slip from an assignment slip, and how many lines are left for an answer: the whole stands on
    one page when the problem is told in few words."""

    title: str
    word: str
    done: str
    room: float
    asked: str


CHASING = _Slip(
    "巡察整改督办单",
    "督办",
    "办结时限",
    4.5,
    "请立即办理，办结后填写回执，连同佐证材料退回。",
)
ASSIGNING = _Slip(
    "巡察反馈问题交办单",
    "交办",
    "反馈时限",
    4.5,
    "请制定措施、责任到人，按期完成；收到后填写回执退回。",
)


def chasing(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """A 督办单 for each overdue problem (of a unit with those below it, or of all), or for each problem named, overdue or not."""
    days = _ALL if wanted.of else Days(0, 0)
    found = {one.problem.id: one for one in pressing.pressing(facts, wanted.day, wanted.unit, wanted.of, days)}
    if wanted.of:
        chosen = [
            found.get(one.id, Pressing(one, ()))
            for one in pressing.problems(facts, wanted.unit, wanted.of, unfinished=True)
        ]
    else:
        chosen = [one for one in found.values() if one.colour == "red"]
    return _slips(facts, wanted, chosen, CHASING)


def assigning(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """A 交办单 for each problem that is not finished, or for each one named."""
    found = {one.problem.id: one for one in pressing.pressing(facts, wanted.day, wanted.unit, wanted.of, _ALL)}
    chosen = pressing.problems(facts, wanted.unit, wanted.of, unfinished=not wanted.of)
    return _slips(facts, wanted, [found.get(one.id, Pressing(one, ())) for one in chosen], ASSIGNING)


def _slips(facts: Facts, wanted: Wanted, found: Sequence[Pressing], kind: _Slip) -> Sequence[Document]:
    open_ = {one.id for one in slips.allowed(facts, wanted, [one.problem for one in found])}
    found = [one for one in found if one.problem.id in open_]
    if not found:
        return ()
    desk = Desk.read(facts, wanted, [one.problem for one in found])
    ordered = sorted(found, key=lambda one: desk.unit(one.problem).name or "")
    return [_document(desk, one, kind, desk.number(kind.word, at)) for at, one in enumerate(ordered)]


def _document(desk: Desk, one: Pressing, kind: _Slip, number: str) -> Document:
    return Document(
        title=kind.title,
        blocks=(_form(desk, one, kind, number),),
        signature=desk.signature(),
        after=(Cut(CUT), *_reply(one, kind, number)),
        form="sheet",
        colour="red" if kind is CHASING and one.matters and one.matters[0].left < 0 else "black",
        author=desk.office(),
        subject="内部",
    )


def _form(desk: Desk, one: Pressing, kind: _Slip, number: str) -> Table:
    problem, here = one.problem, origin(one.problem)
    unit = desk.unit(problem)
    rows = [
        slips.pair("编号", number, "来源", desk.round(problem), origin=here),
        slips.wide("问题", f"{f'{problem.number}. ' if problem.number else ''}{problem.title or ''}", origin=here),
        slips.pair("责任单位", unit.short_name or unit.name, "牵头部门", problem.lead_department, origin=here),
        slips.pair("责任领导", problem.lead_official, "责任人", problem.responsible or problem.handler, origin=here),
    ]
    if kind is CHASING:
        rows += [_matter(desk, one, matter) for matter in _chased(desk, one)]
    else:
        supporting = "、".join(problem.supporting_departments or ())
        mode = words.MODES.get(problem.mode or "", "")
        symptoms = slips.shortened(desk.words(problem.symptoms, problem), 85)
        rows.append(slips.pair("配合部门", supporting, "整改类型", mode, origin=here))
        rows.append(slips.wide("具体表现", symptoms, origin=here))
        rows.append(slips.wide("整改时限", _dues(one), origin=here))
    rows.append(slips.wide("要求", kind.asked))
    rows.append(slips.wide(kind.done, f"{written(desk.reply())}前"))
    rows.append(slips.wide("联系人", desk.contact()))
    return slips.form(rows)


def _chased(desk: Desk, one: Pressing) -> list[Matter]:
    """What a chasing slip is about: what is overdue; of a problem somebody chose all that has a day."""
    return [matter for matter in one.matters if matter.left < 0 or desk.wanted.of]


def _matter(desk: Desk, one: Pressing, matter: Matter) -> TableRow:
    alone = len(_chased(desk, one)) == 1
    what = slips.matter_words(desk, one.problem, matter, 84 if alone else 28)
    when = f"时限：{slips.due_words(matter)}，{slips.left_words(matter.left)}。"
    return slips.wide("督办事项", f"{what}\n{when}", origin=origin(matter.record))


def _dues(one: Pressing) -> str:
    due = one.problem.due
    if due is not None:
        return (
            f"{due.wording}（{written(due.day)}）" if due.day and written(due.day) not in due.wording else due.wording
        )
    return "；".join(dict.fromkeys(slips.due_words(matter) for matter in one.matters))


def _reply(one: Pressing, kind: _Slip, number: str) -> list[Block]:
    title = Paragraph((Run(f"{kind.word}单回执（{number}）", "hei"),), "centre")
    form = slips.form([
        slips.wide("问题", one.problem.title or "", origin=origin(one.problem)),
        slips.wide("办理情况", "", least=kind.room, kept=True),
        slips.pair("经办人", "", "负责人", ""),
        slips.pair("填写日期", "", "联系电话", ""),
    ])  # fmt: skip
    return [title, form]


_OPTIONS: dict[str, kinds.Kind[Any]] = {
    **slips.REPLYING,
    **slips.NUMBERING,
    **slips.SIGNING,
}

KINDS = (
    Kind(
        "chasing",
        "督办单",
        "督办超期的整改问题，一个问题一张，带回执；可以一次印出所有单位的。",
        chasing,
        unit="may",
        records="may",
        of="problem",
        readers="secret",
        nothing="没有超期的整改问题，不用督办；没有超期的也要督办，请选定问题。",
        options=_OPTIONS,
    ),
    Kind(
        "assignment",
        "交办单",
        "把反馈问题交给责任单位和责任人，一个问题一张，带回执。",
        assigning,
        unit="may",
        records="may",
        of="problem",
        readers="secret",
        nothing="没有还在整改的问题可以交办。",
        options=_OPTIONS,
    ),
)
