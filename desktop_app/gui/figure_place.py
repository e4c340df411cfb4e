"""Where a text stands and which numbers it may name: the figures of its problem, the indicators of its category, sentences.

No widget: what the popup and the marks in a text ask of the ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from db.errors import Refusal
from db.ledger.change import Deed, Outcome, create
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.composite import Span
from db.schema.definition import CategoryDefinition
from db.schema.prose import FigureName, escape, pieces
from db.schema.records import Figure, Notice, Problem, Unit
from desktop_app.gui.editor import Subject
from desktop_app.rectification.figures import BOUND, Names, Shown, bound_to
from desktop_app.rectification.reckoning import periods

PRINTED = ("problem", "measure", "ongoing_item", "notice", "chapter", "next_step", "aspect", "group")
"""Schemas whose prose is printed in a notice."""
PERIODS = ("今年以来", "上半年", "本月", "上月", "本季度", "上季度", "去年", "去年同期", "近两年", "截至目前", "全部")
"""Periods offered beside an indicator's own."""


@dataclass(frozen=True)
class Place:
    """Where prose stands: in a problem, or (None) around those of a unit; ``day`` is that of its notice, for live values."""

    schema: str
    problem: Problem | None
    unit: str | None
    problems: tuple[Problem, ...]
    day: date

    def meaning(self, names: Names, name: str) -> Shown | None:
        """What a name stands for here; of several numbers none."""
        if self.problem is not None:
            return names.of(self.problem, name)
        found = names.around(self.problems, self.unit, name)
        return found[0] if len({one.words for one in found}) == 1 else None


@dataclass(frozen=True)
class Offer:
    """Something that can be put into a text: a number by its ``name``, or the sentence ``text``. ``value`` and ``about`` are shown
    beside its title; ``category`` and ``indicator`` name the indicator behind it, ``own`` its own period."""

    name: str
    title: str
    value: str = ""
    about: str = ""
    text: str = ""
    category: str = ""
    indicator: str = ""
    own: str = ""


def place_of(facts: Facts, subject: Subject, today: date) -> Place | None:
    """Where the prose of a form stands; None where it is not printed in a notice."""
    if subject.schema not in PRINTED:
        return None
    values = subject.values
    if subject.schema == "problem":
        own = facts.get(Problem, subject.id) or Problem(id=subject.id)
        problem: Problem | None = replace(own, unit=values.get("unit"), category=values.get("category"))
    else:
        problem = facts.get(Problem, values.get("problem"))
    if problem is not None:
        unit = facts.get(Unit, problem.unit)
        from desktop_app.notices.compose import notice_of

        issued = notice_of(facts, unit).issued if unit is not None else None
        return Place(subject.schema, problem, problem.unit, (problem,), issued or today)
    if "problem" in values:
        return None
    notice = facts.get(Notice, subject.id if subject.schema == "notice" else values.get("notice"))
    unit_id = notice.unit if notice is not None else values.get("unit")
    round_ = notice.inspection if notice is not None else values.get("inspection")
    mine = [p for p in facts.all(Problem, unit=unit_id) if round_ is None or p.inspection in (None, round_)]
    return Place(subject.schema, None, unit_id, tuple(mine), notice.issued if notice and notice.issued else today)


def offers(facts: Facts, place: Place) -> list[Offer]:
    """What may be put into a text there, figures first, with their values. Every indicator is reckoned: not for the window's thread."""
    names = Names(facts, place.day)
    found = [_figure(names, place, one) for problem in place.problems for one in names.figures(problem)]
    taken = {one.name for one in found}
    known = {d.key: d for p in place.problems if (d := names.definition(p)) is not None}
    titles = Counter(i.title for d in known.values() for i in d.indicators.values())
    for definition in known.values():
        found += _indicators(names, place, definition, titles, taken)
    for definition in known.values():
        found += _passages(definition, place)
    return list({(one.name, one.text): one for one in found}.values())


def _figure(names: Names, place: Place, figure: Figure) -> Offer:
    problem = next(p for p in place.problems if p.id == figure.problem)
    shown = names.figure(figure, problem)
    span = shown.period if shown.bound else figure.period
    source = "台账汇总" if shown.bound else "手填"
    about = f"{source} {span.wording if span is not None else ''}".strip() if shown.words else shown.why
    category, key = bound_to(figure) or ("", "")
    return Offer(figure.name or "", figure.name or "", shown.words, about, category=category, indicator=key)


def _indicators(
    names: Names, place: Place, definition: CategoryDefinition, titles: Counter[str], taken: set[str]
) -> Iterator[Offer]:
    for one in definition.indicators.values():
        shown = names.indicator(definition.key, one.key, unit=place.unit)
        name = one.title if titles[one.title] == 1 and one.title not in taken else f"{definition.title}.{one.title}"
        if place.problem is not None and name != one.title:
            name = one.key
        span = shown.period
        about = f"指标 {span.wording if span is not None else ''}".strip()
        value = shown.words or "（没有数）"
        yield Offer(name, one.title, value, about, category=definition.key, indicator=one.key, own=one.during)


def _passages(definition: CategoryDefinition, place: Place) -> Iterator[Offer]:
    """Sample sentences for this sort of text, the marks in them called by the indicators' titles."""
    for one in definition.passages:
        if one.place == place.schema or (one.place == "measure" and place.schema == "problem"):
            told = "".join(escape(p) if isinstance(p, str) else _mark(definition, p) for p in pieces(one.text))
            yield Offer("", one.title or told, "", "常用语句", text=told)


def _mark(definition: CategoryDefinition, piece: FigureName) -> str:
    indicator = definition.indicators.get(piece.name)
    return f"{{{indicator.title if indicator is not None else piece.name}}}"


def insertion(facts: Facts, place: Place, offer: Offer, period: str) -> tuple[str, Figure | None]:
    """The words to put into a text, and the figure that must be made for them: an indicator over another period than its own
    is a figure of the problem. ``Refusal`` when nobody knows the period."""
    if offer.text:
        return offer.text, None
    period = period.strip()
    if not period or period == offer.own or not offer.indicator or place.problem is None:
        return f"{{{offer.name}}}", None
    periods.span(period, place.day, periods.named_periods(facts))
    bound = f"{offer.category}.{offer.indicator}"
    names = Names(facts, place.day)
    for one in names.figures(place.problem):
        if one.indicator == bound and one.period == Span(wording=period) and one.source == BOUND:
            return f"{{{one.name}}}", None
    shown = names.indicator(offer.category, offer.indicator, period=period, unit=place.unit)
    taken = {one.name for one in names.figures(place.problem)}
    name, number = f"{offer.title}（{period}）", 1
    while name in taken:
        number += 1
        name = f"{offer.title}（{period}）{number}"
    values: dict[str, Any] = {"source": BOUND, "indicator": bound, "period": Span(wording=period)}
    made = Figure(problem=place.problem.id, name=name, value=shown.amount, **values)
    return f"{{{name}}}", made


def keep(ledger: Ledger, figure: Figure, actor: str) -> Outcome:
    """Puts a figure that an insertion needs into the ledger."""
    if ledger.get(Problem, figure.problem) is None:
        raise Refusal("这个问题还没有保存。", "请先保存问题，再插入别的期间的数。", "figures")
    names = ("problem", "name", "value", "source", "indicator", "period")
    values = {name: getattr(figure, name) for name in names if getattr(figure, name) is not None}
    return ledger.act(Deed(f"新增数据“{figure.name}”", actor, (create(Figure, **values),)))
