"""What does not add up: figures, deadlines, gaps, found before the paper leaves. Nothing here refuses anything."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date

from sqlalchemy import select

from db.ledger.facts import Facts
from db.schema.records import Notice, Unit, UnreadText
from desktop_app.rectification import checks_figures, checks_links, checks_names, checks_numbers, checks_words
from desktop_app.rectification.cases import Case, cases
from desktop_app.rectification.finding import Finding, Severity, at, worst_first
from desktop_app.rectification.rules import FINISHED, agreed, proven
from desktop_app.rectification.ruling import judging, waiving

__all__ = ["Finding", "Severity", "all_findings", "findings", "of_problem"]

_FEW = 500
"""Records that are asked for by their ids; of more the whole table is looked through."""
_Check = Callable[[Case, date], Iterator[Finding]]


def findings(
    facts: Facts, today: date, unit: str | None = None, categories: Collection[str] | None = None
) -> list[Finding]:
    """Everything to be looked at (of one unit by id), errors first: what the program checks itself and what the rules of the
    ledger's categories find (``categories``: these alone, by key). What was waived is left out: ``all_findings``."""
    return [one for one in all_findings(facts, today, unit, categories) if one.waived is None]


def all_findings(
    facts: Facts,
    today: date,
    unit: str | None = None,
    categories: Collection[str] | None = None,
    more: Sequence[Finding] = (),
) -> list[Finding]:
    """As ``findings``, with those that were waived, which bear their waiver; ``more`` are what others found."""
    found = [*more, *judging.findings(facts, today, unit, categories)]
    if categories is None:
        found = [*own(facts, today, unit), *found]
    return worst_first(waiving.marked(facts, found, today))


def problems_of(facts: Facts, found: Sequence[Finding]) -> dict[tuple[str, str], str]:
    """(schema name, id) of what findings are about → the problem it belongs to; one query a schema."""
    asked: dict[str, set[str]] = {}
    for one in found:
        known = facts.tables.records.get(one.record)
        if one.id and known is not None and "problem" in known.kinds:
            asked.setdefault(one.record, set()).add(one.id)
    owners = {(one.record, one.id): one.id for one in found if one.record == "problem" and one.id}
    for name, ids in asked.items():
        table = facts.tables.records[name].table
        query = select(table.c.id, table.c.problem).where(table.c.problem.is_not(None))
        if len(ids) <= _FEW:
            query = query.where(table.c.id.in_(ids))
        with facts.reading() as connection:
            owners |= {(name, row[0]): row[1] for row in connection.execute(query) if row[0] in ids}
    return owners


def own(facts: Facts, today: date, unit: str | None) -> list[Finding]:
    """What the program checks in every ledger, whatever its categories."""
    found = [*checks_links.disputed(facts)]
    problems = cases(facts, unit)
    for case in problems:
        for check in _CHECKS:
            found += check(case, today)
    found += checks_names.around(facts, problems, unit, today)
    found += checks_words.around(facts, problems, unit, today)
    found += checks_links.orphans(facts, unit)
    found += checks_links.units_in_a_circle(facts, unit)
    found += checks_links.twice(facts)
    found += checks_numbers.numbers(facts, unit)
    found += _numbers(problems)
    found += _units(facts, unit)
    found += _unread(facts, unit)
    return found


def of_problem(facts: Facts, identifier: str, today: date) -> list[Finding]:
    """The findings of one problem, what was waived left out."""
    found = [f for case in cases(facts, only=identifier) for check in _CHECKS for f in check(case, today)]
    return [one for one in waiving.marked(facts, found, today) if one.waived is None]


def _gaps(case: Case, _today: date) -> Iterator[Finding]:
    problem = case.problem
    if problem.title is None:
        yield Finding("no_title", "warning", f"{case.name}没有标题。", "请补上问题名称。", **at(problem, "title"))
    if problem.truncated:
        yield Finding("truncated", "note", f"{case.name}的原文残缺。", "请对照原件补全。", **at(problem, "truncated"))
    if problem.category is None:
        yield Finding("no_category", "note", f"{case.name}没有选类别。", "请选一个类别。", **at(problem, "category"))
    if problem.publicity == "secret" and problem.unpublished_reason is None:
        yield Finding(
            "no_reason", "error", f"{case.name}不公开，但没有理由。", "请选理由。", **at(problem, "unpublished_reason")
        )
    if not case.measures and problem.progress in FINISHED:
        yield Finding("no_measure", "warning", f"{case.name}已完成，却没有一条措施。", "请补填措施。", **at(problem))


def deadlines(case: Case, today: date) -> Iterator[Finding]:
    """What is the matter with the deadlines of one problem."""
    problem, issued = case.problem, case.issued
    finished = problem.progress in FINISHED or problem.closing == "closed"
    for item in case.ongoing:
        day = item.due.day if item.due else None
        kept_up = item.due is not None and item.due.strength == "kept_up"
        if day is None and not kept_up and item.progress not in FINISHED:
            yield Finding("no_due", "warning", f"{case.name}的深化事项没有时限。", "请填时限。", **at(item, "due"))
        if day and issued and day < issued:
            yield Finding(
                "due_before_issue",
                "warning",
                f"{case.name}的深化事项时限 {day} 早于通报日期 {issued}。",
                "请核对时限。",
                **at(item, "due"),
            )
        if day and day < today and not finished and item.progress not in FINISHED:
            yield Finding(
                "overdue",
                "warning",
                f"{case.name}的深化事项已超期 {(today - day).days} 天（{day}）。",
                "请填报进展，完成的改为“已完成”，确需延期的申请延期。",
                **at(item, "due"),
                substance=f"{day}",
                pending=True,
                day=day,
            )
    late = [item for item in case.ongoing if item.due and item.due.day and item.due.day < today]
    if problem.due and problem.due.day and problem.due.day < today and not finished and not late:
        yield Finding(
            "overdue",
            "warning",
            f"{case.name}已超期 {(today - problem.due.day).days} 天（{problem.due.day}）。",
            "请填报进展或申请延期。",
            **at(problem, "due"),
            substance=f"{problem.due.day}",
            pending=True,
            day=problem.due.day,
        )


def _progress(case: Case, _today: date) -> Iterator[Finding]:
    problem = case.problem
    if problem.progress in FINISHED:
        items = [o for o in case.ongoing if o.progress not in FINISHED and problem.progress == "done"]
        waiting = case.open_measures + len(items)
        if waiting:
            yield Finding(
                "done_but_open",
                "warning",
                f"{case.name}标为完成，但还有 {waiting} 项没有完成。",
                "请核对进展状态。",
                **at(problem, "progress"),
            )


def _closing(case: Case, _today: date) -> Iterator[Finding]:
    """What the rules ask for before a problem is closed may be undone by a merge."""
    problem = case.problem
    if problem.closing != "closed":
        return
    if not proven(case.evidence):
        yield Finding(
            "no_evidence",
            "error",
            f"{case.name}已销号，但没有存入文件的佐证材料。",
            "请在“更多”的“佐证材料”里补上，并存入文件。",
            **at(problem),
        )
    if not agreed(case.closings):
        yield Finding(
            "no_closing",
            "error",
            f"{case.name}已销号，但最近一轮销号没有同意的结论和销号日期。",
            "请在“更多”的“销号”里补填；没有同意的，把销号状态改回来。",
            **at(problem, "closing"),
        )
    if problem.progress not in FINISHED:
        yield Finding(
            "closed_but_open",
            "error",
            f"{case.name}已销号，但进展状态不是“已完成”或“长期坚持”。",
            "请核对进展状态和销号状态哪个对。",
            **at(problem, "progress"),
        )


def _rules(case: Case, today: date) -> Iterator[Finding]:
    for rule in case.rules:
        if rule.in_force is False or (rule.expires is not None and rule.expires < today):
            yield Finding(
                "rule_expired", "warning", f"{case.name}引用的《{rule.title}》已失效。", "请改引现行规定。", **at(rule)
            )


_CHECKS: tuple[_Check, ...] = (
    _gaps,
    deadlines,
    _progress,
    _closing,
    checks_figures.figures,
    checks_figures.relations,
    checks_names.in_problem,
    checks_words.in_problem,
    checks_links.measures_in_a_circle,
    _rules,
)


def _numbers(found: Sequence[Case]) -> Iterator[Finding]:
    problems = [case.problem for case in found if case.problem.number is not None]
    keys = {p.id: (p.unit, p.inspection, p.aspect, p.group, p.number) for p in problems}
    counted = Counter(keys.values())
    for problem in problems:
        key = keys[problem.id]
        if counted[key] > 1:
            counted[key] = 0
            yield Finding(
                "number_twice",
                "warning",
                f"有几个问题都编为第 {problem.number} 号。",
                "请改正序号。",
                **at(problem, "number"),
            )


_EMAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def _units(facts: Facts, unit: str | None) -> Iterator[Finding]:
    problem = facts.tables.records["problem"].table.c
    with facts.reading() as connection:
        with_problems = set(connection.execute(select(problem.unit).where(problem.deleted == 0).distinct()).scalars())
    for one in facts.all(Unit):
        if one.id not in with_problems or (unit and one.id != unit):
            continue
        if not one.phones and not one.email:
            yield Finding(
                "no_contact",
                "warning",
                f"{one.name}没有监督电话和邮箱。",
                "公开的通报要印监督联系方式，请补填。",
                **at(one, "phones"),
            )
        if one.email and not _EMAIL.fullmatch(one.email):
            yield Finding(
                "email", "warning", f"{one.name}的电子邮箱“{one.email}”写法不对。", "请核对。", **at(one, "email")
            )


def _unread(facts: Facts, unit: str | None) -> Iterator[Finding]:
    """Of an issued notice nothing is left to be settled: it stays as it is."""
    mine = {n.id for n in facts.all(Notice) if n.state != "issued" and (unit is None or n.unit == unit)}
    for one in facts.all(UnreadText):
        if one.notice in mine and not one.settled:
            advice = f"建议改为“{one.suggestion}”。" if one.suggestion else "核对后标为“已处理”。"
            words = "".join((one.text or "").split())[:20]
            yield Finding(
                "unread", "note", f"待核对（“{words}”）：{(one.reason or '没有识别').rstrip('。')}。", advice, **at(one)
            )
