"""销号审批表: what was found, what was done, the proofs, and the chain of opinions with whose hand and on which day (process.md 2.3).

An opinion that is in the ledger is printed with its person and day; for one that is not there is room to write and to sign, so
the form serves before, during and after the sign-off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from db.ledger.facts import Facts
from db.schema import kinds
from db.schema.days import written
from db.schema.records import Aspect, Closing, Evidence, Group, Measure, Opinion, Problem, words
from desktop_app.notices import slips
from desktop_app.notices.compose import origin
from desktop_app.notices.gather import tops
from desktop_app.notices.slips import Desk, cell, label, pair, wide
from desktop_app.notices.tree import Document, Run, TableRow
from desktop_app.notices.wanted import Kind, Wanted
from desktop_app.rectification import pressing

TITLE = "巡察反馈问题整改销号审批表"
ALWAYS = ("handler", "department", "leader", "office", "party")
"""Stages that every form has; 纪检监察、组织、巡察机构 only when asked for or when their opinion is there."""
_STAGES = {
    "handler": "经办人意见",
    "department": "牵头部门\n负责人意见",
    "office": "领导小组\n办公室意见",
    "outside": "纪检监察、\n组织、巡察\n机构意见",
}
"""Stage → its label where it is not the stage and 意见 below."""
_ROOM = 2.0
"""Lines left to write in."""
_DAY = "\u3000\u3000年\u3000月\u3000日"


@dataclass(frozen=True)
class _Parts:
    """What closing forms print beside their problems, by problem or round."""

    headings: Mapping[str, str]
    closings: Mapping[str, Sequence[Closing]]
    opinions: Mapping[str, Sequence[Opinion]]
    evidence: Mapping[str, Sequence[Evidence]]

    @classmethod
    def read(cls, facts: Facts, problems: Sequence[Problem]) -> _Parts:
        ids = [one.id for one in problems]
        closings = facts.parts(Closing, ids)
        rounds = [one.id for found in closings.values() for one in found]
        headings = {one.id: one.title or "" for one in facts.all(Aspect)}
        headings |= {one.id: one.title or "" for one in facts.all(Group)}
        return cls(headings, closings, facts.parts(Opinion, rounds), facts.parts(Evidence, ids))


def closing_forms(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """A form for each problem named; else for each one (of a unit with those below it) whose round of sign-off is under way."""
    chosen = slips.allowed(facts, wanted, pressing.problems(facts, wanted.unit, wanted.of))
    parts = _Parts.read(facts, chosen)
    if not wanted.of:
        chosen = [one for one in chosen if any(not r.conclusion for r in parts.closings[one.id][-1:])]
    if not chosen:
        return ()
    desk = Desk.read(facts, wanted, chosen)
    return [_form(desk, parts, one) for one in chosen]


def _form(desk: Desk, parts: _Parts, problem: Problem) -> Document:
    rounds = parts.closings[problem.id]
    last = rounds[-1] if rounds else Closing()
    rows = [
        *_what(desk, parts, problem),
        *_done(desk, parts, problem, last),
        *_rounds(rounds, parts),
        *_opinions(desk, parts.opinions.get(last.id, ()), last),
    ]
    return Document(
        title=TITLE, blocks=(slips.form(rows),), form="sheet", author=desk.office(), subject="内部", keywords=("销号",)
    )


def _what(desk: Desk, parts: _Parts, problem: Problem) -> list[TableRow]:
    here = origin(problem)
    unit = desk.unit(problem)
    above = (parts.headings.get(key or "", "") for key in (problem.aspect, problem.group))
    heading = "\u3000".join(dict.fromkeys(title for title in above if title))
    number = str(problem.number) if problem.number else ""
    mode, level = words.MODES.get(problem.mode or "", ""), words.LEVELS.get(problem.level or "", "")
    due = problem.due.wording if problem.due else ""
    rows = [
        pair("单位", unit.short_name or unit.name, "问题序号", number, origin=here),
        wide("反馈方面", heading, origin=here),
        wide("反馈问题", problem.title or "", origin=here),
    ]
    if problem.symptoms:
        rows.append(wide("具体表现", desk.words(problem.symptoms, problem), origin=here))
    return [
        *rows,
        pair("整改类型", mode, "难度等级", level, origin=here),
        pair("责任领导", problem.lead_official, "牵头部门", problem.lead_department, origin=here),
        pair("责任人", problem.responsible, "经办人", problem.handler, origin=here),
        pair("整改时限", due, "完成日期", written(problem.completed) if problem.completed else "", origin=here),
    ]


def _done(desk: Desk, parts: _Parts, problem: Problem, last: Closing) -> list[TableRow]:
    measures = tops(desk.paper.measures.get(problem.id, ()))
    lines = [[Run(_measure(desk, problem, one, at), origin=origin(one))] for at, one in enumerate(measures, start=1)]
    account = desk.words(last.account, problem)
    lines += [[Run(line, origin=origin(last))] for line in account.split("\n")] if account else []
    cause, about = (last.cause, last) if last.cause else (problem.cause, problem)
    wider, of = (last.generalised, last) if last.generalised else (problem.generalised, problem)
    proofs = [[Run(_proof(one, at), origin=origin(one))] for at, one in enumerate(parts.evidence[problem.id], start=1)]
    return [
        wide("整改措施及\n完成情况", lines, least=2.0),
        wide("根本原因", desk.words(cause, problem), least=1.0 if cause else _ROOM, origin=origin(about)),
        wide("举一反三", desk.words(wider, problem), least=1.0 if wider else _ROOM, origin=origin(of)),
        wide("佐证材料", proofs, least=1.0 if proofs else _ROOM),
    ]


def _measure(desk: Desk, problem: Problem, one: Measure, at: int) -> str:
    lead = slips.shortened(desk.words(one.lead or one.body, problem), 60).rstrip("。；")
    progress = words.PROGRESS.get(one.progress or "", "")
    day = f"（{written(one.completed)}）" if one.completed else ""
    return f"{at}. {lead}{f'：{progress}{day}' if progress else ''}"


def _proof(one: Evidence, at: int) -> str:
    pages = f"（{one.pages}页）" if one.pages else ""
    return f"{at}. {one.title or ''}{pages}{'' if one.paper else '（原件另附）'}"


def _rounds(rounds: Sequence[Closing], parts: _Parts) -> list[TableRow]:
    last = rounds[-1] if rounds else Closing()
    here = origin(last)
    count = f"第{last.round or len(rounds)}轮" if rounds else "第1轮"
    rows = [pair("申请日期", written(last.applied) if last.applied else _DAY, "循环次数", count, origin=here)]
    for one in rounds[:-1]:
        against = [o for o in parts.opinions.get(one.id, ()) if o.verdict != "agree"]
        said = [f"{words.STAGES.get(o.stage or '', '')}（{_on(o.day)}）：{o.text or ''}" for o in against]
        verdict = words.OPINIONS.get(one.conclusion or "", "没有结论")
        told = "\n".join([f"第{one.round}轮：{verdict}{_on(one.concluded)}", *said])
        rows.append(wide("以往轮次", told, origin=origin(one)))
    return rows


def _on(day: date | None) -> str:
    return written(day) if day else ""


def _opinions(desk: Desk, found: Sequence[Opinion], last: Closing) -> list[TableRow]:
    outside = desk.wanted.options.get("outside") or any(one.stage == "outside" for one in found)
    stages = [stage for stage in words.STAGES if stage in ALWAYS or outside]
    rows = [_opinion(stage, [one for one in found if one.stage == stage]) for stage in stages]
    verdict = {"agree": "同意销号", "return": "退回，继续整改", "reopen": "重启整改"}.get(last.conclusion or "", "")
    concluded = f"{verdict}\u3000{_on(last.concluded)}".strip() or "□同意销号\u3000□退回，继续整改\u3000\u3000" + _DAY
    return [*rows, wide("结论", concluded, least=1.2, origin=origin(last), kept=True)]


def _opinion(stage: str, found: Sequence[Opinion]) -> TableRow:
    """One stage: what was said, and who signed on which day; room for both when nobody has."""
    name = label(_STAGES.get(stage, f"{words.STAGES[stage]}\n意见"))
    if not found:
        return TableRow((name, cell("", columns=2), cell(f"签名：\n{_DAY}")), least=_ROOM, kept=True)
    here = origin(found[-1])
    said = "\n".join(_said(one) for one in found)
    signed = "\n".join(f"{one.person or ''}\n{_on(one.day)}" for one in found)
    return TableRow((name, cell(said, columns=2, origin=here), cell(signed, origin=here)), least=_ROOM, kept=True)


def _said(one: Opinion) -> str:
    verdict = words.OPINIONS.get(one.verdict or "", "")
    text = one.text or ""
    return text if text.startswith(verdict) and text else f"{verdict}。{text}"


KINDS = (
    Kind(
        "closing",
        "销号审批表",
        "办理销号用的审批表：问题、措施和完成情况、佐证材料、各级意见，没有签的留空。",
        closing_forms,
        unit="may",
        records="may",
        of="problem",
        readers="secret",
        nothing="没有正在办理销号的问题；还没有申请销号的也要印，请选定问题。",
        options={"outside": kinds.YesNo("加上级机构意见", help="纪检监察、组织、巡察机构一栏")},
    ),
)
