"""Figures that do not add up: with the text, with their parts, with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, localcontext

from db.schema.composite import Amount, Quantity
from db.schema.records import Figure, FigureRelation
from desktop_app.rectification.cases import Case
from desktop_app.rectification.figures import BOUND, Names, Shown, bound_to, fill, named_in
from desktop_app.rectification.finding import Finding, at
from desktop_app.rectification.reckoning import derived

_DIGITS = 100
"""Precision of the reckoning: figures have up to 27 digits, their quotients many more."""
_WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
"""What a paper writes in full width."""
_SEPARATORS = re.compile(r"\s|(?<=\d)[,，](?=\d{3}(?!\d))")


def figures(case: Case, today: date) -> Iterator[Finding]:
    """Numbers the text does not bear, rates that are not their quotient, comparisons without a base."""
    names = case.names(today)
    used = {name for said in case.prose for name in named_in(said.text)}
    text = "\n".join(fill(said.text, lambda _name, _before: "").words for said in case.prose)
    for figure in case.figures:
        if figure.name not in used:
            yield from _told_here(case, figure, text, names)
        elif bound_to(figure) is not None and names is not None:
            yield from _empty(case, figure, names.figure(figure, case.problem))
        if figure.value is None or bound_to(figure) is not None:
            continue
        yield from _rate(case, figure)
        if figure.comparison and figure.base_value is None:
            yield Finding(
                "no_base",
                "note",
                f"{case.name}的数据“{figure.name}”有同比环比，但没有基期值。",
                "请补填基期值。",
                **at(figure, "base_value"),
            )


def _empty(case: Case, figure: Figure, live: Shown) -> Iterator[Finding]:
    """A nought printed where a number stood, because nobody has entered the rows yet."""
    if live.words and not live.rows and figure.value is not None and figure.value.value:
        printed = Quantity("").show(figure.value)
        yield Finding(
            "no_rows",
            "warning",
            f"{case.name}的数据“{figure.name}”由台账汇总，台账里还没有相应的记录，现在印成 {live.words}，原来填的是 {printed}。",
            "请在分类台账里补填记录；暂时没有记录的，把取值方式改回“手填”。",
            **at(figure, "source"),
        )


def _told_here(case: Case, figure: Figure, text: str, names: Names | None) -> Iterator[Finding]:
    """A figure that no name in the text stands for: the text itself must bear its number, of a bound one its live value."""
    if bound_to(figure) is not None and names is not None:
        live = names.figure(figure, case.problem)
        printed = figure.value
        if live.amount is not None and printed is not None and says(text, printed) and not says(text, live.amount):
            yield Finding(
                "register_differs",
                "warning",
                f"{case.name}的正文写的是 {Quantity('').show(printed)}，按台账汇总“{figure.name}”现在是 {live.words}。",
                f"请核对台账；正文写成“{{{figure.name}}}”，数就跟着台账走。",
                **at(figure, "value"),
                substance=f"{printed.value}|{live.words}",
            )
        elif not live.words:
            yield Finding(
                "no_value",
                "error",
                f"{case.name}的数据“{figure.name}”算不出来：{live.why}",
                "请补填台账，或改绑别的指标。",
                **at(figure, "indicator"),
            )
    elif figure.value is not None and figure.source != BOUND and not says(text, figure.value):
        yield Finding(
            "figure_differs",
            "warning",
            f"{case.name}的数据“{figure.name}”是 {Quantity('').show(figure.value)}，正文里找不到这个数。",
            "请核对正文与数据哪个对。",
            **at(figure, "value"),
        )


def says(text: str, value: Amount) -> bool:
    """Whether a text bears the number with its unit, as a number of its own, with or without thousands separators:
    31件 does not say 1件. A fall may be told without its sign (下降5% of -5%)."""
    text = text.translate(_WIDE)
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
    if figure.value is None or figure.numerator is None:
        return
    if not figure.denominator:
        yield from _implied(case, figure, figure.value, figure.numerator)
        return
    times, unit = (100 if figure.value.unit == "%" else 1), figure.value.unit
    if not derived.agrees(figure.numerator, figure.denominator, figure.value.value, times=times):
        with localcontext(prec=_DIGITS):
            exact = figure.numerator * times / figure.denominator
        yield Finding(
            "rate",
            "error",
            f"{case.name}的“{figure.name}”是 {figure.value.value}{unit}，"
            f"但 {figure.numerator} ÷ {figure.denominator} = {exact:.2f}{unit}。",
            "请核对分子、分母和比率。",
            **at(figure, "value"),
        )


def _implied(case: Case, figure: Figure, value: Amount, numerator: Decimal) -> Iterator[Finding]:
    """A rate with a numerator alone: what its denominator must be, or that it can be none."""
    if value.unit != "%" or figure.denominator is not None or numerator != numerator.to_integral_value():
        return
    rate, whole = str(value.value), int(numerator)
    found = derived.implied(whole, rate)
    told = f"{case.name}的“{figure.name}”是 {rate}%，分子 {whole}，没有填分母"
    if found:
        yield Finding(
            "implied_denominator",
            "note",
            f"{told}：按这个比率推算，分母是 {derived.said(found)}。",
            "请核对后补填分母。",
            **at(figure, "denominator"),
        )
    elif derived.impossible(whole, rate):
        yield Finding(
            "rate",
            "error",
            f"{told}：没有一个整数作分母能得出这个比率。",
            "请核对分子和比率。",
            **at(figure, "numerator"),
        )


def agrees(exact: Decimal, printed: Decimal) -> bool:
    """Whether a printed number is the exact one rounded or cut to its own digits (the seed prints 66.67 as 66.6)."""
    return derived.as_printed(exact, printed)


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
