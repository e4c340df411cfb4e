"""Figures that do not add up: with the text, with their parts, with each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext

from db.ledger.facts import Facts
from db.schema.composite import Amount, Quantity
from db.schema.prose import FigureName, Prose, pieces
from db.schema.record import Record, schema_of
from db.schema.records import Aspect, Chapter, Figure, FigureRelation, Group, NextStep, Notice
from desktop_app.rectification.cases import Case, Said
from desktop_app.rectification.finding import Finding, at

_DIGITS = 100
"""Precision of the reckoning: figures have up to 27 digits, their quotients many more."""
_SEPARATORS = re.compile(r"\s|(?<=\d)[,，](?=\d{3}(?!\d))")


def figures(case: Case, _today: date) -> Iterator[Finding]:
    """Names nobody knows, numbers the text does not bear, rates that are not their quotient, comparisons without a base."""
    names = {figure.name for figure in case.figures}
    used: set[str] = set()
    words: list[str] = []
    for said in case.prose:
        for piece in pieces(said.text) if "{" in said.text or "}" in said.text else (said.text,):
            if isinstance(piece, str):
                words.append(piece)
                continue
            used.add(piece.name)
            if piece.name not in names:
                yield _unknown(f"{case.name}的正文", said, piece.name)
        words.append("\n")
    text = "".join(words)
    for figure in case.figures:
        if figure.value is None:
            continue
        shown = Quantity("").show(figure.value)
        if figure.name not in used and figure.source != "computed" and not says(text, figure.value):
            yield Finding(
                "figure_differs",
                "warning",
                f"{case.name}的数据“{figure.name}”是 {shown}，正文里找不到这个数。",
                "请核对正文与数据哪个对。",
                **at(figure, "value"),
            )
        yield from _rate(case, figure)
        if figure.comparison and figure.base_value is None:
            yield Finding(
                "no_base",
                "note",
                f"{case.name}的数据“{figure.name}”有同比环比，但没有基期值。",
                "请补填基期值。",
                **at(figure, "base_value"),
            )


def _unknown(where: str, said: Said, name: str) -> Finding:
    return Finding(
        "unknown_figure",
        "error",
        f"{where}引用了没有的数据“{name}”。",
        "请在“数据”里添加，或改正名称。",
        said.record,
        said.id,
        said.field,
    )


def says(text: str, value: Amount) -> bool:
    """Whether a text bears the number with its unit, as a number of its own, with or without thousands separators:
    31件 does not say 1件. A fall may be told without its sign (下降5% of -5%)."""
    shown = Quantity("").show(value).replace(" ", "")
    wanted = {shown, shown.replace("-", "", 1)} if value.value < 0 else {shown}
    if any(_stands(text, one, apart=".,，") for one in wanted):
        return True
    plain = _SEPARATORS.sub("", text)
    return any(_stands(plain, one, apart=".") for one in wanted)


def _stands(text: str, number: str, *, apart: str) -> bool:
    """Whether a number stands in a text with no digit on either side of it, and none beyond a mark of ``apart``."""
    start = text.find(number)
    while start >= 0:
        before, after = text[max(0, start - 2) : start], text[start + len(number) : start + len(number) + 2]
        joined = before[-1:].isdecimal() or (before[-1:] in apart and before[:-1].isdecimal())
        if number[-1].isdecimal():
            joined = joined or after[:1].isdecimal() or (after[:1] in apart and after[1:].isdecimal())
        if not joined:
            return True
        start = text.find(number, start + 1)
    return False


def _rate(case: Case, figure: Figure) -> Iterator[Finding]:
    if figure.value is None or figure.numerator is None or not figure.denominator:
        return
    factor = 100 if figure.value.unit == "%" else 1
    with localcontext(prec=_DIGITS):
        exact = figure.numerator * factor / figure.denominator
    if not agrees(exact, figure.value.value):
        yield Finding(
            "rate",
            "error",
            f"{case.name}的“{figure.name}”是 {figure.value.value}{figure.value.unit}，"
            f"但 {figure.numerator} ÷ {figure.denominator} = {exact:.2f}{figure.value.unit}。",
            "请核对分子、分母和比率。",
            **at(figure, "value"),
        )


def agrees(exact: Decimal, printed: Decimal) -> bool:
    """Whether a printed number is the exact one rounded or cut to its own digits (the seed prints 66.67 as 66.6)."""
    exponent = printed.as_tuple().exponent
    step = Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)
    with localcontext(prec=_DIGITS):
        return printed in (exact.quantize(step, ROUND_HALF_UP), exact.quantize(step, ROUND_DOWN))


def relations(case: Case, _today: date) -> Iterator[Finding]:
    """What must hold between figures, and does not, or cannot be told for want of a figure."""
    known = {f.id: f for f in case.figures if f.value is not None}
    for relation in case.relations:
        left = known.get(relation.left or "")
        right = [known[i] for i in relation.right or () if i in known]
        if left is None or len(right) != len(relation.right or ()) or not right:
            yield Finding("relation", "note", f"{case.name}有一条数据关系缺数据。", "请补全。", **at(relation, "right"))
            continue
        holds, told = _holds(relation, left, [_number(one) for one in right])
        if not holds:
            listed = "、".join(_named(one) for one in right)
            yield Finding(
                "relation",
                "error",
                f"{case.name}：{_named(left)}应{told}{listed}，现在对不上。",
                "请核对这几个数。",
                **at(relation, "left"),
            )


def _number(figure: Figure) -> Decimal:
    return figure.value.value if figure.value is not None else Decimal(0)


def _named(figure: Figure) -> str:
    return f"{figure.name}（{Quantity('').show(figure.value) if figure.value else ''}）"


def _holds(relation: FigureRelation, figure: Figure, right: Sequence[Decimal]) -> tuple[bool, str]:
    slack, left = relation.tolerance or Decimal(0), _number(figure)
    with localcontext(prec=_DIGITS):
        match relation.operator:
            case "sum":
                return abs(left - sum(right)) <= slack, "等于各项之和："
            case "at_most":
                return left <= min(right) + slack, "不大于"
            case "ratio" if len(right) == 2 and right[1]:
                return agrees(right[0] * 100 / right[1], left), "等于两项之比："
            case "growth" if len(right) == 2 and right[1]:
                return grows(figure, (right[0] - right[1]) * 100 / abs(right[1])), "等于同比变化："
            case _:
                return all(abs(left - one) <= slack for one in right), "等于"


def grows(figure: Figure, exact: Decimal) -> bool:
    """Whether a figure tells this change (in %, its sign kept).

    The size must agree. A positive figure may tell a fall, because the word beside it does (下降 60%); but where the
    figure itself has a sign, a negative value or a 变化 that is not zero, that sign must agree too.
    """
    value, change = _number(figure), figure.change or Decimal(0)
    if not agrees(abs(exact), abs(value)):
        return False
    signs = [one for one in (value if value < 0 else Decimal(0), change) if one]
    return all((one < 0) == (exact < 0) for one in signs if exact)


def around(facts: Facts, cases: Sequence[Case], unit: str | None) -> Iterator[Finding]:
    """Names of figures in the words around the problems (notice, chapters, steps, headings): they stand for a figure of
    any problem of the unit and round, so a name must be known, and mean one number."""
    notices = {n.id: n for n in facts.all(Notice) if unit is None or n.unit == unit}
    aspects = {a.id: a for a in facts.all(Aspect) if unit is None or a.unit == unit}
    known: dict[tuple[str | None, str | None], Mapping[str, _Values]] = {}
    places: list[tuple[Record, str | None, str | None]] = [(n, n.unit, n.inspection) for n in notices.values()]
    steps: list[Chapter | NextStep] = [*facts.all(Chapter), *facts.all(NextStep)]
    for step in steps:
        if step.notice in notices:
            places.append((step, notices[step.notice].unit, notices[step.notice].inspection))
    places += [(a, a.unit, a.inspection) for a in aspects.values()]
    for group in facts.all(Group):
        if group.aspect in aspects:
            places.append((group, aspects[group.aspect].unit, aspects[group.aspect].inspection))
    for record, of, round_ in places:
        for said, name in _names(record):
            if (of, round_) not in known:
                known[of, round_] = _values(cases, of, round_)
            yield from _around(record, said, name, known[of, round_])


def _names(record: Record) -> Iterator[tuple[Said, str]]:
    """The names of figures in what is printed of a record; the wording of the contact has braces of its own."""
    schema = schema_of(type(record))
    for one in schema.fields:
        text = getattr(record, one.name)
        filled = isinstance(one.kind, Prose) or one.name == "lead"
        if filled and text and "{" in text and (schema.name, one.name) != ("notice", "contact"):
            names = dict.fromkeys(piece.name for piece in pieces(text) if isinstance(piece, FigureName))
            for name in names:
                yield Said(schema.name, record.id, one.name, text), name


_LEVELS = {"public": 0, "internal": 1, "secret": 2}
_Values = tuple[set[str], set[str], set[str]]
"""The different values of a name: in what everybody may read, in what is for the Party alone, in what is withheld."""


def _values(cases: Sequence[Case], unit: str | None, round_: str | None) -> Mapping[str, _Values]:
    """Name → its values among the problems of a unit and round."""
    found: dict[str, _Values] = defaultdict(lambda: (set(), set(), set()))
    for case in cases:
        if case.problem.unit == unit and (round_ is None or case.problem.inspection in (None, round_)):
            for figure in case.figures:
                if figure.value is not None:
                    found[figure.name or ""][_level(case, figure)].add(Quantity("").show(figure.value))
    return found


def _level(case: Case, figure: Figure) -> int:
    """How far a figure is from the public: as its problem, its measure or any measure above that."""
    nested = {one.id: one for one in case.nested}
    found = _LEVELS.get(case.problem.publicity or "", 0)
    at_, seen = figure.measure, set[str]()
    while at_ in nested and at_ not in seen:
        seen.add(at_)
        found = max(found, _LEVELS.get(nested[at_].publicity or "", 0))
        at_ = nested[at_].parent
    return found


def _around(record: Record, said: Said, name: str, known: Mapping[str, _Values]) -> Iterator[Finding]:
    schema = schema_of(type(record))
    where = f"{schema.title}“{schema.describe(record)[:40]}”的“{schema.field(said.field).kind.label}”"
    public, internal, secret = known.get(name, (set(), set(), set()))
    values = sorted(public | internal)
    place = (said.record, said.id, said.field)
    if len(values) > 1:
        yield Finding(
            "ambiguous_figure",
            "error",
            f"{where}引用的数据“{name}”在几个问题里数值不同：{'、'.join(values[:6])}。",
            "请把各问题里的数据改成不同的名称，再引用要印的那一个。",
            *place,
        )
    elif not values and not secret:
        yield _unknown(where, said, name)
    elif not public:
        yield Finding(
            "hidden_figure",
            "warning" if internal else "error",
            f"{where}引用的数据“{name}”属于{'只在党内通报' if internal else '不公开'}的内容，公开的通报里印不出来。",
            "请改引公开的数据，或改写这句话。",
            *place,
        )
