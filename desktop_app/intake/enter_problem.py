"""One problem of a draft → its records: measures, ongoing items, figures and documents mentioned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from db.schema import composite
from db.schema.records import NO_MARK, Measure, OngoingItem, Problem
from desktop_app.intake import draft as drafts
from desktop_app.intake import mentions
from desktop_app.intake.draft import Draft, Item
from desktop_app.intake.entry import Entry, paired
from desktop_app.intake.fitting import lead_line, line, prose, without_break
from desktop_app.intake.source import Source


@dataclass(frozen=True)
class Context:
    entry: Entry
    draft: Draft
    source: Source
    unit: str
    inspection: str
    number: int
    chapters: Sequence[str]
    places: Sequence[tuple[str, str | None]]
    category: str | None


def same_problems(earlier: Sequence[Problem], problems: Sequence[drafts.Problem]) -> list[Problem | None]:
    """For each problem of the paper the one an earlier reading of it made, also where a clerk gave it another title."""
    return paired(
        problems,
        earlier,
        (
            (lambda p: (line(p.title), p.number, p.place.start), lambda r: (r.title, r.number, r.position)),
            (lambda p: (line(p.title), p.number) if p.title else None, lambda r: (r.title, r.number)),
            (lambda p: line(p.title), lambda r: r.title),
            (lambda p: (p.number, p.place.start), lambda r: (r.number, r.position)),
            (lambda p: p.number if p.truncated else None, lambda r: r.number if r.truncated else None),
        ),
    )


def enter_problem(context: Context, problem: drafts.Problem, known: Problem | None) -> None:
    entry = context.entry
    aspect, group = context.places[problem.aspect] if problem.aspect is not None else (None, None)
    intro = problem.measures_intro
    lost = problem.truncated and not problem.title  # once a clerk gives it a title, it is printed like the others
    values: dict[str, Any] = {
        "unit": context.unit,
        "inspection": context.inspection,
        "aspect": aspect,
        "group": group,
        "number": problem.number or None,
        "mark": line(problem.mark) or (None if lost else NO_MARK),
        "title": line(problem.title.replace("\n", "")),
        "heading": line(problem.heading.replace("\n", "")) or (None if lost else "{title}"),
        "runs_on": problem.runs_on,
        "statement": prose(problem.statement),
        "measures_label": line(problem.measures_label),
        "label_runs_on": problem.label_runs_on,
        "measures_intro": prose(intro),
        "intro_apart": intro.startswith("\n"),
        "ongoing_label": line(problem.ongoing_label),
        "remarks": prose(problem.remarks),
        "truncated": True if problem.truncated else None,
        "chapter": None if problem.chapter is None else context.chapters[problem.chapter],
        "position": problem.place.start or context.number + 1,
        "due": _due(problem.due, context.draft),
    }
    if known is None:  # what a clerk decides is set once and never again by a second reading
        values["category"] = context.category
        values["progress"] = "under_way" if problem.ongoing else None if problem.truncated else "done"
        values["closing"] = "not_applied"
    owner = entry.put(Problem, values, known)
    places = list(_items(context, owner, problem, known))
    _ongoing(context, owner, problem, new=known is None)
    for cls, told in mentions.records(context.source, context.draft, problem, owner, places):
        entry.put(cls, told, mentions.same(entry.facts, cls, owner, told))


def text_of(problem: drafts.Problem) -> str:
    """The words by which a problem's category is recognised: its title in the first line, then all its text."""
    items = "".join(_item_text(item) for item in problem.measures)
    return f"{problem.title}\n{problem.statement}{problem.measures_intro}{items}{problem.remarks}"


def _item_text(item: Item) -> str:
    return item.lead + item.body + "".join(_item_text(child) for child in item.children)


def _due(due: drafts.Deadline | None, draft: Draft) -> composite.Deadline | None:
    if due is None:
        return None
    wording = line(due.text) or ""
    year = draft.date.year if draft.date else None
    return composite.Deadline(wording[:200], due.day, due.strength, year) if wording or due.day else None


def _ongoing(context: Context, owner: str, problem: drafts.Problem, *, new: bool) -> None:
    earlier = [] if new else context.entry.facts.parts(OngoingItem, [owner])[owner]
    keys = (
        (lambda o: prose(o.content), lambda r: r.content),
        (lambda o: problem.ongoing.index(o) + 1, lambda r: r.number),
    )
    same = paired(problem.ongoing, earlier, keys)
    for number, (one, known) in enumerate(zip(problem.ongoing, same, strict=True), start=1):
        start = one.due.start if one.due else next((d.start for d in one.deadlines if d.start), None)
        content = {
            "problem": owner,
            "number": number,
            "content": prose(one.content),
            "due": _due(one.due, context.draft),
            "start": start,
            "runs_on": one.runs_on,
            "apart": one.content.startswith("\n"),
        }
        if known is None:
            content["progress"] = "under_way"
        if not _withheld(known, content["content"] != (known.content if known else None)):
            context.entry.put(OngoingItem, content, known)


def _withheld(known: Measure | OngoingItem | None, differs: bool) -> bool:
    """A text a clerk has both rewritten and kept from the public is left alone: the paper's words must not take its place."""
    return known is not None and differs and known.publicity not in (None, "public")


def _items(
    context: Context, owner: str, problem: drafts.Problem, known: Problem | None
) -> Iterator[tuple[drafts.Place, str]]:
    """Enters the measures of a problem; yields (place, measure id), inner ones after the outer."""
    earlier = context.entry.facts.parts(Measure, [owner])[owner] if known is not None else []

    def put(items: Sequence[Item], parent: str | None) -> Iterator[tuple[drafts.Place, str]]:
        told = [_measure(owner, parent, number, item) for number, item in enumerate(items, start=1)]
        same = paired(told, [m for m in earlier if m.parent == parent], _SAME_MEASURE)
        for item, values, before in zip(items, told, same, strict=True):
            differs = before is not None and (before.lead, before.body) != (values["lead"], values["body"])
            if before is not None and _withheld(before, differs):
                identifier = before.id
            else:
                identifier = context.entry.put(Measure, values, before)
            yield item.place, identifier
            yield from put(item.children, identifier)

    yield from put(problem.measures, None)


_SAME_MEASURE: tuple[tuple[Callable[[dict[str, Any]], Any], Callable[[Measure], Any]], ...] = (
    (lambda v: (v["lead"], v["body"]), lambda m: (m.lead, m.body)),
    (lambda v: v["lead"], lambda m: m.lead),
    (lambda v: v["body"], lambda m: m.body),
    (lambda v: v["position"], lambda m: m.position),
)
"""How a measure of an earlier reading is known: word for word, by its lead, by its body, by its place."""


def _measure(owner: str, parent: str | None, number: int, item: Item) -> dict[str, Any]:
    lead, body = without_break(item.lead, item.body)
    return {
        "problem": owner,
        "parent": parent,
        "number": item.number if item.mark else None,
        "position": number,
        "mark": line(item.mark) or NO_MARK,
        "lead": lead_line(lead),
        "body": prose(body),
        "own_paragraph": item.paragraph,
        "body_apart": body.startswith("\n"),
    }
