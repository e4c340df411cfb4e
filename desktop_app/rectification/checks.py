"""What does not add up: figures, deadlines, gaps, found before the paper leaves. Nothing here refuses anything."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any, Literal

from db.ledger.conflicts import conflicts
from db.ledger.facts import Facts
from db.schema.composite import Quantity
from db.schema.prose import FigureName, pieces
from db.schema.record import Record, schema_of
from db.schema.records import (
    CitedRule,
    Evidence,
    Figure,
    FigureRelation,
    Measure,
    Notice,
    OngoingItem,
    Problem,
    Unit,
    UnreadText,
)
from desktop_app.rectification.rules import FINISHED

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """What, where, and what to do. ``record`` and ``id`` name the row it can be opened at, ``field`` the field."""

    code: str
    severity: Severity
    sentence: str
    advice: str
    record: str = ""
    id: str = ""
    field: str = ""


@dataclass(frozen=True)
class _Case:
    """One problem with everything that belongs to it."""

    problem: Problem
    unit: Unit | None
    issued: date | None
    measures: list[Measure] = field(default_factory=list)
    ongoing: list[OngoingItem] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    relations: list[FigureRelation] = field(default_factory=list)
    rules: list[CitedRule] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The problem in a few words."""
        unit = f"{self.unit.short_name or self.unit.name}" if self.unit else ""
        title = f"“{self.problem.title}”" if self.problem.title else "（标题缺失）"
        return f"{unit}问题 {self.problem.number or '?'}{title}"


_Check = Callable[[_Case, date], Iterator[Finding]]


def findings(facts: Facts, today: date, unit: str | None = None) -> list[Finding]:
    """Everything to be looked at (of one unit by id), errors first."""
    found = [*_conflicts(facts)]
    for case in _cases(facts, unit):
        for check in _CHECKS:
            found += check(case, today)
    found += _numbers(facts, unit)
    found += _units(facts, unit)
    found += _unread(facts, unit)
    order = {"error": 0, "warning": 1, "note": 2}
    return sorted(found, key=lambda f: order[f.severity])


def of_problem(facts: Facts, identifier: str, today: date) -> list[Finding]:
    """The findings of one problem."""
    problem = facts.get(Problem, identifier)
    if problem is None:
        return []
    return [f for case in _cases(facts, problem.unit, identifier) for check in _CHECKS for f in check(case, today)]


def _cases(facts: Facts, unit: str | None, only: str = "") -> Iterator[_Case]:
    problems = facts.all(Problem, **({"id": only} if only else {"unit": unit} if unit else {}))
    units = {u.id: u for u in facts.all(Unit)}
    issued = {n.unit: n.issued for n in facts.all(Notice) if n.issued}
    ids = [p.id for p in problems]
    parts = {cls: facts.parts(cls, ids) for cls in (Measure, OngoingItem, Figure, FigureRelation, CitedRule, Evidence)}
    for problem in problems:
        mine: list[Any] = [parts[cls][problem.id] for cls in parts]
        yield _Case(problem, units.get(problem.unit or ""), issued.get(problem.unit), *mine)


def _at(record: Record, name: str = "") -> dict[str, str]:
    return {"record": schema_of(type(record)).name, "id": record.id, "field": name}


def _gaps(case: _Case, _today: date) -> Iterator[Finding]:
    problem = case.problem
    if problem.title is None:
        yield Finding("no_title", "warning", f"{case.name}没有标题。", "请补上问题名称。", **_at(problem, "title"))
    if problem.truncated:
        yield Finding("truncated", "note", f"{case.name}的原文残缺。", "请对照原件补全。", **_at(problem, "truncated"))
    if problem.category is None:
        yield Finding("no_category", "note", f"{case.name}没有选类别。", "请选一个类别。", **_at(problem, "category"))
    if problem.publicity == "secret" and problem.unpublished_reason is None:
        yield Finding(
            "no_reason", "error", f"{case.name}不公开，但没有理由。", "请选理由。", **_at(problem, "unpublished_reason")
        )
    if not case.measures and problem.progress in FINISHED:
        yield Finding("no_measure", "warning", f"{case.name}已完成，却没有一条措施。", "请补填措施。", **_at(problem))


def _deadlines(case: _Case, today: date) -> Iterator[Finding]:
    problem, issued = case.problem, case.issued
    finished = problem.progress in FINISHED or problem.closing == "closed"
    for item in case.ongoing:
        day = item.due.day if item.due else None
        kept_up = item.due is not None and item.due.strength == "kept_up"
        if day is None and not kept_up and item.progress not in FINISHED:
            yield Finding("no_due", "warning", f"{case.name}的深化事项没有时限。", "请填时限。", **_at(item, "due"))
        if day and issued and day < issued:
            yield Finding(
                "due_before_issue",
                "warning",
                f"{case.name}的深化事项时限 {day} 早于通报日期 {issued}。",
                "请核对时限。",
                **_at(item, "due"),
            )
        if day and day < today and not finished and item.progress not in FINISHED:
            yield Finding(
                "overdue",
                "warning",
                f"{case.name}的深化事项已超期 {(today - day).days} 天（{day}）。",
                "请填报进展，完成的改为“已完成”，确需延期的申请延期。",
                **_at(item, "due"),
            )
    late = [item for item in case.ongoing if item.due and item.due.day and item.due.day < today]
    if problem.due and problem.due.day and problem.due.day < today and not finished and not late:
        yield Finding(
            "overdue",
            "warning",
            f"{case.name}已超期 {(today - problem.due.day).days} 天（{problem.due.day}）。",
            "请填报进展或申请延期。",
            **_at(problem, "due"),
        )


def _progress(case: _Case, _today: date) -> Iterator[Finding]:
    problem = case.problem
    if problem.progress in FINISHED:
        waiting = [m for m in case.measures if m.progress is not None and m.progress not in FINISHED]
        waiting_items = [o for o in case.ongoing if o.progress not in FINISHED and problem.progress == "done"]
        if waiting or waiting_items:
            yield Finding(
                "done_but_open",
                "warning",
                f"{case.name}标为完成，但还有 {len(waiting) + len(waiting_items)} 项没有完成。",
                "请核对进展状态。",
                **_at(problem, "progress"),
            )
    if problem.closing == "closed" and not case.evidence:
        yield Finding("no_evidence", "error", f"{case.name}已销号，但没有佐证材料。", "请补上佐证。", **_at(problem))


def _prose(case: _Case) -> Iterator[tuple[Record, str, str]]:
    records: list[Record] = [case.problem, *case.measures, *case.ongoing]
    for record in records:
        for one in schema_of(type(record)).fields:
            text = getattr(record, one.name)
            if (type(one.kind).__name__ == "Prose" and text) or (one.name == "lead" and text):
                yield record, one.name, text


def _figures(case: _Case, _today: date) -> Iterator[Finding]:
    names = {figure.name for figure in case.figures}
    used: set[str] = set()
    words: list[str] = []
    for record, name, text in _prose(case):
        for piece in pieces(text):
            if isinstance(piece, FigureName):
                used.add(piece.name)
                if piece.name not in names:
                    yield Finding(
                        "unknown_figure",
                        "error",
                        f"{case.name}的正文引用了没有的数据“{piece.name}”。",
                        "请在“数据”里添加，或改正名称。",
                        **_at(record, name),
                    )
            else:
                words.append(piece)
    said = re.sub(r"[\s,，]", "", "".join(words))
    for figure in case.figures:
        if figure.value is None:
            continue
        shown = Quantity("").show(figure.value)
        if figure.name not in used and (figure.source != "computed") and shown not in said:
            yield Finding(
                "figure_differs",
                "warning",
                f"{case.name}的数据“{figure.name}”是 {shown}，正文里找不到这个数。",
                "请核对正文与数据哪个对。",
                **_at(figure, "value"),
            )
        yield from _rate(case, figure)
        if figure.comparison and figure.base_value is None:
            yield Finding(
                "no_base",
                "note",
                f"{case.name}的数据“{figure.name}”有同比环比，但没有基期值。",
                "请补填基期值。",
                **_at(figure, "base_value"),
            )


def _rate(case: _Case, figure: Figure) -> Iterator[Finding]:
    if figure.value is None or figure.numerator is None or not figure.denominator:
        return
    factor = 100 if figure.value.unit == "%" else 1
    exact = figure.numerator * factor / figure.denominator
    if not agrees(exact, figure.value.value):
        yield Finding(
            "rate",
            "error",
            f"{case.name}的“{figure.name}”是 {figure.value.value}{figure.value.unit}，"
            f"但 {figure.numerator} ÷ {figure.denominator} = {exact:.2f}{figure.value.unit}。",
            "请核对分子、分母和比率。",
            **_at(figure, "value"),
        )


def agrees(exact: Decimal, printed: Decimal) -> bool:
    """Whether a printed number is the exact one rounded or cut to its own digits (the seed prints 66.67 as 66.6)."""
    exponent = printed.as_tuple().exponent
    step = Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)
    return printed in (exact.quantize(step, ROUND_HALF_UP), exact.quantize(step, ROUND_DOWN))


def _relations(case: _Case, _today: date) -> Iterator[Finding]:
    values = {f.id: f.value.value for f in case.figures if f.value is not None}
    names = {f.id: f"{f.name}（{Quantity('').show(f.value)}）" for f in case.figures if f.value is not None}
    for relation in case.relations:
        right = [values[i] for i in relation.right or () if i in values]
        if relation.left not in values or len(right) != len(relation.right or ()) or not right:
            yield Finding(
                "relation", "note", f"{case.name}有一条数据关系缺数据。", "请补全。", **_at(relation, "right")
            )
            continue
        left = values[relation.left]
        holds, told = _holds(relation, left, right)
        if not holds:
            listed = "、".join(names[i] for i in relation.right or ())
            yield Finding(
                "relation",
                "error",
                f"{case.name}：{names[relation.left]}应{told}{listed}，现在对不上。",
                "请核对这几个数。",
                **_at(relation, "left"),
            )


def _holds(relation: FigureRelation, left: Decimal, right: list[Decimal]) -> tuple[bool, str]:
    slack = relation.tolerance or Decimal(0)
    match relation.operator:
        case "sum":
            return abs(left - sum(right)) <= slack, "等于各项之和："
        case "at_most":
            return left <= min(right) + slack, "不大于"
        case "ratio" if len(right) == 2 and right[1]:
            return agrees(right[0] * 100 / right[1], left), "等于两项之比："
        case "growth" if len(right) == 2 and right[1]:
            return agrees(abs(right[0] - right[1]) * 100 / right[1], abs(left)), "等于同比变化："
        case _:
            return all(abs(left - one) <= slack for one in right), "等于"


def _rules(case: _Case, today: date) -> Iterator[Finding]:
    for rule in case.rules:
        if rule.in_force is False or (rule.expires is not None and rule.expires < today):
            yield Finding(
                "rule_expired", "warning", f"{case.name}引用的《{rule.title}》已失效。", "请改引现行规定。", **_at(rule)
            )


_CHECKS: tuple[_Check, ...] = (_gaps, _deadlines, _progress, _figures, _relations, _rules)


def _numbers(facts: Facts, unit: str | None) -> Iterator[Finding]:
    problems = facts.all(Problem, **({"unit": unit} if unit else {}))
    keys = {p.id: (p.unit, p.inspection, p.aspect, p.group, p.number) for p in problems if p.number is not None}
    counted = Counter(keys.values())
    for problem in problems:
        if problem.id not in keys:
            continue
        key = keys[problem.id]
        if counted[key] > 1:
            counted[key] = 0
            yield Finding(
                "number_twice",
                "warning",
                f"有几个问题都编为第 {problem.number} 号。",
                "请改正序号。",
                **_at(problem, "number"),
            )


_EMAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def _units(facts: Facts, unit: str | None) -> Iterator[Finding]:
    with_problems = {p.unit for p in facts.all(Problem)}
    for one in facts.all(Unit):
        if one.id not in with_problems or (unit and one.id != unit):
            continue
        if not one.phones and not one.email:
            yield Finding(
                "no_contact",
                "warning",
                f"{one.name}没有监督电话和邮箱。",
                "公开的通报要印监督联系方式，请补填。",
                **_at(one, "phones"),
            )
        if one.email and not _EMAIL.fullmatch(one.email):
            yield Finding(
                "email", "warning", f"{one.name}的电子邮箱“{one.email}”写法不对。", "请核对。", **_at(one, "email")
            )


def _unread(facts: Facts, unit: str | None) -> Iterator[Finding]:
    mine = {n.id for n in facts.all(Notice) if unit is None or n.unit == unit}
    for one in facts.all(UnreadText):
        if one.notice in mine and not one.settled:
            advice = f"建议改为“{one.suggestion}”。" if one.suggestion else "核对后标为“已处理”。"
            words = "".join((one.text or "").split())[:20]
            yield Finding("unread", "note", f"待核对（“{words}”）：{one.reason or '没有识别'}", advice, **_at(one))


def _conflicts(facts: Facts) -> Iterator[Finding]:
    for one in conflicts(facts):
        schema = facts.schema(one.record)
        label = "删除" if one.field == "deleted" else schema.field(one.field).kind.label
        yield Finding(
            "conflict",
            "error",
            f"两个单位对同一条{schema.title}的“{label}”填得不一样。",
            "请裁定用哪一个。",
            one.record,
            one.id,
            one.field,
        )
