"""What the names in a notice's words stand for: entered figures, figures bound to an indicator, indicators themselves.

A name in braces is looked for first among the figures of its problem (the value entered, or, of a figure that is bound, the
value its indicator has on the day), then among the indicators of the problem's category, by key or title. In the words around
the problems it is looked for among the figures of all problems that are printed, then among the indicators of their
categories, where 类别.名称 tells two of the same title apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Literal

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.composite import Amount, Period, Quantity, Span
from db.schema.definition import CategoryDefinition, Indicator, Wrong
from db.schema.kinds import Publicity
from db.schema.prose import pieces
from db.schema.records import Figure, Problem, category_key
from desktop_app.rectification.reckoning.indicators import Behind, behind, reckon

BOUND = "computed"
"""``Figure.source`` of a figure whose value an indicator gives."""
_SCALES = {"十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8}
_FALL = "下降|减少|降低|压降|回落|压减|下跌|缩减|缩短|减|降"
_RISE = "上升|增长|增加|提升|提高|上涨|扩大|延长|增|升"
_SAID = r"(?:了|达到?|为|约|近|超过|逾|共|仅)*(?:[-\d.,%％‰、和及余]|个?百分点|\{[^{}\n]*\})*$"
_TOLD_FALL = re.compile(rf"(?:{_FALL}){_SAID}")
_TOLD_RISE = re.compile(rf"(?:{_RISE}){_SAID}")


@dataclass(frozen=True)
class Shown:
    """A name with what it stands for: ``words`` as they are printed ("" without a value, then ``why`` says why not).

    ``figure`` is the figure of that name, if there is one; ``category`` and ``indicator`` the keys of the indicator that gives
    the value, ``title`` what a clerk calls that, ``rows`` how many rows are behind it, ``publicity`` who may read it.
    """

    name: str
    words: str
    amount: Amount | None
    source: Literal["entered", "indicator"]
    why: str = ""
    figure: Figure | None = None
    category: str = ""
    indicator: str = ""
    title: str = ""
    period: Span | None = None
    unit: str | None = None
    rows: int = 0
    publicity: Publicity = "public"

    @property
    def bound(self) -> bool:
        """Whether an indicator gives the value, directly or to a figure."""
        return self.source == "indicator"

    def told(self, before: str = "") -> str:
        """The words as they are printed behind ``before``: a fall that is told as one loses its sign."""
        if self.amount is not None and self.amount.value < 0 and _TOLD_FALL.search(before):
            return Quantity("").show(replace(self.amount, value=-self.amount.value))
        return self.words

    def against(self, before: str) -> bool:
        """Whether the words before it tell the opposite of what it is: 上升 of a fall, 下降 of a rise reckoned as a change."""
        if self.amount is None or not self.amount.value:
            return False
        fall = self.amount.value < 0
        return bool((_TOLD_RISE if fall else _TOLD_FALL).search(before)) and (fall or self.changes)

    changes: bool = False
    """Whether it is a change against a base, whose sign says whether it rose."""


@dataclass(frozen=True)
class Filled:
    """Prose with its marks filled: the words, and for each mark its place in them and its name."""

    words: str
    marks: tuple[tuple[int, int, str], ...] = ()


def fill(text: str, value: Callable[[str, str], str]) -> Filled:
    """Prose → the words as printed; ``value`` gives the words of a name, the words before it being given too."""
    if "{" not in text and "}" not in text:
        return Filled(text)
    words: list[str] = []
    marks: list[tuple[int, int, str]] = []
    length = 0
    for piece in pieces(text):
        told = piece if isinstance(piece, str) else value(piece.name, "".join(words)[-60:])
        if not isinstance(piece, str):
            marks.append((length, length + len(told), piece.name))
        words.append(told)
        length += len(told)
    return Filled("".join(words), tuple(marks))


class Names:
    """What names stand for on a day. Every indicator is reckoned once, however often it is named, and only when it is."""

    def __init__(self, facts: Facts, as_of: date, figures: Mapping[str, Sequence[Figure]] | None = None) -> None:
        self.facts = facts
        self.as_of = as_of
        self._figures: dict[str, Sequence[Figure]] = dict(figures or {})
        self._reckoned: dict[tuple[object, ...], Shown] = {}

    def figures(self, problem: Problem) -> Sequence[Figure]:
        """The figures of a problem."""
        if problem.id not in self._figures:
            self._figures[problem.id] = self.facts.all(Figure, problem=problem.id) if problem.id else []
        return self._figures[problem.id]

    def of(self, problem: Problem, name: str) -> Shown | None:
        """What a name means in the words of a problem; None when it is unknown there."""
        figure = next((one for one in self.figures(problem) if one.name == name), None)
        if figure is not None:
            return self.figure(figure, problem)
        definition = self.definition(problem)
        found = indicator_named(definition, name) if definition is not None else None
        return self.indicator(definition.key, found.key, unit=problem.unit, name=name) if definition and found else None

    def definition(self, problem: Problem) -> CategoryDefinition | None:
        """The definition of a problem's category."""
        return self.facts.definitions.get(category_key(problem.category)) if problem.category else None

    def figure(self, figure: Figure, problem: Problem) -> Shown:
        """A figure of a problem: as entered, or the value its indicator has now."""
        category, key = bound_to(figure) or ("", "")
        if not key:
            words = Quantity("").show(figure.value) if figure.value is not None else ""
            why = "" if words else f"数据“{figure.name}”还没有填数值。"
            return Shown(figure.name or "", words, figure.value, "entered", why, figure)
        live = self.indicator(
            category, key, period=figure.period, unit=figure.unit or problem.unit, filters=figure.filter or ()
        )
        amount = None if live.amount is None else in_terms_of(live.amount, figure.value)
        words = "" if amount is None else Quantity("").show(amount)
        return replace(live, name=figure.name or "", words=words, amount=amount, figure=figure)

    def indicator(
        self,
        category: str,
        key: str,
        *,
        period: Span | str | None = None,
        unit: str | None = None,
        filters: Sequence[str] = (),
        name: str = "",
    ) -> Shown:
        """The value an indicator has on the day, of the rows of a unit (None: of all)."""
        at = (category, key, period, unit, tuple(filters))
        if at not in self._reckoned:
            self._reckoned[at] = _reckoned(self.facts, category, key, self.as_of, period, unit, tuple(filters))
        return replace(self._reckoned[at], name=name or self._reckoned[at].title)

    def around(self, problems: Iterable[Problem], unit: str | None, name: str) -> list[Shown]:
        """What a name may mean in the words around these problems: figures of that name in them, else indicators of their
        categories (or of the category the name itself begins with). Several answers: the name is not enough."""
        held = list(problems)
        found = [self.figure(one, problem) for problem in held for one in self.figures(problem) if one.name == name]
        if found:
            return found
        mine = {d.key: d for problem in held if (d := self.definition(problem)) is not None}
        prefix, dot, rest = name.partition(".")
        if dot:
            named = [d for d in self.facts.definitions.values() if prefix in (d.key, d.title)]
            told = [(d, i) for d in named if (i := indicator_named(d, rest)) is not None]
            if told:
                return [self.indicator(d.key, i.key, unit=unit, name=name) for d, i in told]
        told = [(d, i) for d in mine.values() if (i := indicator_named(d, name)) is not None]
        return [self.indicator(d.key, i.key, unit=unit, name=name) for d, i in told]


def resolve(facts: Facts, problem: Problem, name: str, as_of: date) -> Shown | None:
    """What one name means in the words of a problem on a day; None when it is unknown there."""
    return Names(facts, as_of).of(problem, name)


def behind_of(facts: Facts, shown: Shown, as_of: date) -> tuple[Behind, ...]:
    """The rows a live value comes from, by register; none of an entered one. ``Refusal`` where it cannot be reckoned."""
    definition = facts.definitions.get(shown.category)
    indicator = definition.indicators.get(shown.indicator) if definition is not None else None
    if definition is None or indicator is None:
        return ()
    filters = shown.figure.filter or () if shown.figure is not None else ()
    period = asked(shown.figure.period) if shown.figure is not None else None
    only = only_of(definition, indicator, filters)
    return behind(facts, definition.key, indicator.key, as_of=as_of, period=period, unit=shown.unit, only=only)


def told_with_period(shown: Shown) -> str:
    """A value with what it is of, in a line: 286起（今年以来，至2021-10-22）."""
    if not shown.words:
        return f"没有数：{shown.why}"
    if shown.source == "entered":
        said = Period("").show(shown.figure.period) if shown.figure is not None and shown.figure.period else ""
        return f"{shown.words}（手填{'，' + said if said else ''}）"
    span = shown.period
    wording = span.wording if span is not None else ""
    until = f"至{span.end}" if span is not None and span.end is not None else ""
    return f"{shown.words}（{'，'.join(part for part in (wording, until, f'{shown.rows} 行') if part)}）"


def indicator_named(definition: CategoryDefinition, name: str) -> Indicator | None:
    """The indicator of a category of that key or title."""
    if name in definition.indicators:
        return definition.indicators[name]
    return next((one for one in definition.indicators.values() if one.title == name), None)


def bound_to(figure: Figure) -> tuple[str, str] | None:
    """The category and key of the indicator that gives a figure's value; None where the value is entered."""
    if figure.source != BOUND or not figure.indicator or "." not in figure.indicator:
        return None
    category, _, key = figure.indicator.partition(".")
    return category, key


def named_in(text: str | None) -> Iterator[str]:
    """The names in prose, each once."""
    if text and "{" in text:
        yield from dict.fromkeys(piece.name for piece in pieces(text) if not isinstance(piece, str))


# -- a live value in the words of its figure -----------------------------------------------------------------------------


def in_terms_of(live: Amount, printed: Amount | None) -> Amount:
    """A live value told as its figure is: its word of measure (起 for 件), its scale (万元 for 元, with as many decimals), its
    roundness (33000余 of 33412). A figure in other terms altogether (% of a count) leaves the value as it is."""
    if printed is None or (live.unit == printed.unit and live.qualifier):
        return live
    power, core = scale_of(live.unit)
    wanted, bare = scale_of(printed.unit)
    if core != bare and (not _counts(core) or not _counts(bare)):
        return live
    value = live.value.scaleb(power - wanted)
    if power != wanted:
        exponent = printed.value.as_tuple().exponent
        places = min(int(exponent), 0) if isinstance(exponent, int) else 0
        value = value.quantize(Decimal(1).scaleb(places), ROUND_HALF_UP)
    if printed.qualifier == "余" and not live.qualifier:
        return _coarse(value, printed)
    return Amount(value, printed.unit, live.qualifier or _kept(printed.qualifier))


def _coarse(value: Decimal, printed: Amount) -> Amount:
    """A value cut to the step its figure is told in (33000余: thousands); one that falls on a step says no 余."""
    step = Decimal(1)
    while printed.value and printed.value % (step * 10) == 0:
        step *= 10
    cut = (value / step).to_integral_value(ROUND_DOWN) * step
    return Amount(cut, printed.unit, "余") if cut and cut != value else Amount(value, printed.unit)


def _kept(qualifier: str) -> str:
    """The qualifier a live value keeps of its figure: claims about a limit, no roundings."""
    return qualifier if qualifier in ("以上", "以下", "不少于", "不超过") else ""


def scale_of(unit: str) -> tuple[int, str]:
    """万元 → (4, 元)."""
    head = next((one for one in sorted(_SCALES, key=len, reverse=True) if unit.startswith(one)), "")
    return _SCALES.get(head, 0), unit.removeprefix(head)


def _counts(unit: str) -> bool:
    """Whether a unit counts things (起, 人, 个 …): no share, money or physical measure."""
    return not re.search(r"[%‰/A-Za-z]|百分点|元|升|里|米|克|吨|时|分|天|日|年|月", unit)


# -- the reckoning -------------------------------------------------------------------------------------------------------


def _reckoned(
    facts: Facts,
    category: str,
    key: str,
    as_of: date,
    period: Span | str | None,
    unit: str | None,
    filters: tuple[str, ...],
) -> Shown:
    """Asks for an indicator; what stands against its value is told, never raised: a notice is composed all the same."""
    definition = facts.definitions.get(category)
    indicator = definition.indicators.get(key) if definition is not None else None
    empty = Shown(key, "", None, "indicator", category=category, indicator=key, unit=unit)
    if definition is None or indicator is None:
        return replace(empty, why=f"指标“{category}.{key}”在本台账里没有，可能已经停用。")
    empty = replace(empty, title=indicator.title, changes=indicator.measure == "change")
    try:
        only = only_of(definition, indicator, filters)
        found = reckon(facts, category, key, as_of=as_of, period=asked(period), unit=unit, only=only)
    except Refusal as refusal:
        return replace(empty, why=f"{refusal.sentence}{refusal.advice}")
    except Wrong as wrong:
        return replace(empty, why=f"口径“{'；'.join(filters)}”不能用：{wrong.what}")
    return replace(
        empty,
        words=found.shown,
        amount=found.amount,
        why=found.why,
        period=found.period,
        rows=found.rows,
        publicity=found.publicity,
    )


def asked(period: Span | str | None) -> Span | str | None:
    """A period to be reckoned: its days, or its words alone (今年以来), which the day then makes days of."""
    if isinstance(period, Span):
        return period if period.start or period.end else period.wording or None
    return period or None


def only_of(definition: CategoryDefinition, indicator: Indicator, filters: Sequence[str]) -> dict[str, list[str]]:
    """What a figure's 口径 (字段=值, the field by its key or its label) says as a condition; ``Wrong`` for what is neither."""
    found: dict[str, list[str]] = {}
    register = definition.registers.get(definition.scope.indicators.get(indicator.key, ""))
    for one in filters:
        name, equals, value = (part.strip() for part in one.partition("="))
        if not equals or not value or register is None:
            raise Wrong((), f"“{one}”不是“字段=值”。")
        field = next((f.name for f in register.fields if name in (f.name, f.kind.label)), name)
        found.setdefault(field, []).append(value)
    return found
