"""The words of a notice, marks filled, handed to the checks of numbers and outputs: each problem's, and all of a notice's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from db.ledger.facts import Facts
from db.schema.records import SCHEMAS, Notice
from desktop_app.rectification import checks_text
from desktop_app.rectification.cases import Case, Naming, Said
from desktop_app.rectification.checks_names import of_notice, places_around
from desktop_app.rectification.checks_text import Place
from desktop_app.rectification.checks_twice import done_and_to_do
from desktop_app.rectification.figures import Filled, Shown, bound_to, fill, named_in
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.rules import FINISHED

_ONGOING = "ongoing_item"
_LABELS = {("problem", "statement"): "问题表述", ("problem", "cause"): "原因分析"}


def in_problem(case: Case, today: date) -> Iterator[Finding]:
    """What does not go together in the words of one problem."""
    places = of_case(case, today)
    names = case.names(today)
    covered = [one.value for one in case.figures if one.value is not None and (one.comparison or bound_to(one))]
    yield from checks_text.within(places, covered)
    if names is not None:
        used = {name for said in case.prose for name in named_in(said.text)}
        live = [one for one in case.figures if one.name and (one.name in used or bound_to(one))]
        values = [(one, names.figure(one, case.problem).amount) for one in live]
        told = [(f.name or "", v, (f.period.wording if f.period else "") or "") for f, v in values if v is not None]
        yield from checks_text.told_otherwise(places, told)
    open_items = {one.id for one in case.ongoing if one.progress not in FINISHED}
    done = [place for place in places if place.said.record not in (_ONGOING, "problem")]
    to_do = [place for place in places if place.said.record == _ONGOING and place.said.id in open_items]
    if to_do:
        yield from done_and_to_do(done, to_do)


def around(facts: Facts, cases: Sequence[Case], unit: str | None, today: date) -> Iterator[Finding]:
    """What does not go together between the problems of a notice, and in the words around them."""
    naming = (cases[0].naming if cases else None) or Naming(facts, {})
    by_notice: dict[str, tuple[Notice, list[Place]]] = {}
    for said, where, notice in places_around(facts, unit):
        if not notice.id:
            continue
        mine = [case.problem for case in cases if of_notice(case, notice)] if "{" in said.text else []
        names = naming.on(notice.issued or today)

        def value(name: str, before: str, names=names, mine=mine, notice=notice) -> str:  # type: ignore[no-untyped-def]
            found: list[Shown] = names.around(mine, notice.unit, name)
            return found[0].told(before) if len({one.words for one in found}) == 1 else ""

        place = Place(said, fill(said.text, value), where, "")
        by_notice.setdefault(notice.id, (notice, []))[1].append(place)
    for notice, places in by_notice.values():
        yield from checks_text.within(places, ())
        inside = [place for case in cases if of_notice(case, notice) for place in of_case(case, today)]
        yield from checks_text.disagreeing([*inside, *places], apart=True)
        steps = [place for place in places if place.said.record == "next_step"]
        yield from done_and_to_do([p for p in inside if p.said.record == "measure"], steps)


def of_case(case: Case, today: date) -> list[Place]:
    """The words of a problem's measures, items and own texts that can be told together; statement and cause are of the past."""
    names = case.names(today)
    found = []
    for said in case.prose:
        if (said.record, said.field) in _LABELS:
            continue
        filled = (
            fill(said.text, lambda name, before: _told(names.of(case.problem, name), before))
            if names is not None
            else Filled(said.text)
        )
        found.append(Place(said, filled, f"{case.name}的{_called(said)}", case.problem.id))
    return found


def _told(shown: Shown | None, before: str) -> str:
    return shown.told(before) if shown is not None else ""


def _called(said: Said) -> str:
    return "正文" if said.record == "problem" else SCHEMAS[said.record].title
