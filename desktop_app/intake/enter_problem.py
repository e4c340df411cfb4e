"""One problem of a draft → its records: measures, ongoing items, figures and documents mentioned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from db.schema import composite
from db.schema.records import NO_MARK, Category, Measure, OngoingItem, Problem
from desktop_app.intake import draft as drafts
from desktop_app.intake import mentions
from desktop_app.intake.draft import Draft, Item
from desktop_app.intake.entry import Entry
from desktop_app.intake.fitting import lead_line, line, prose, without_break
from desktop_app.intake.source import Source
from desktop_app.rectification import categories


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
    categories: Sequence[Category]


def same_problem(earlier: Sequence[Problem], problem: drafts.Problem) -> Problem | None:
    """The problem of an earlier reading: of the same title; or, where a clerk gave it another or the paper lost it, of
    the same number at the same place of the paper."""
    title = line(problem.title)
    named = next((p for p in earlier if title is not None and p.title == title), None)
    placed = (p for p in earlier if p.number == problem.number and p.position == problem.place.start)
    return named or next(placed, None) or _cut_off(earlier, problem)


def _cut_off(earlier: Sequence[Problem], problem: drafts.Problem) -> Problem | None:
    return next((p for p in earlier if problem.truncated and p.truncated and p.number == problem.number), None)


def enter_problem(context: Context, problem: drafts.Problem, known: Problem | None) -> None:
    entry = context.entry
    aspect, group = context.places[problem.aspect] if problem.aspect is not None else (None, None)
    ongoing_due = next((o.due for o in reversed(problem.ongoing) if o.due), None)
    intro = problem.measures_intro
    values: dict[str, Any] = {
        "unit": context.unit,
        "inspection": context.inspection,
        "aspect": aspect,
        "group": group,
        "number": problem.number or None,
        "mark": line(problem.mark) or NO_MARK,
        "title": line(problem.title.replace("\n", "")),
        "heading": line(problem.heading.replace("\n", "")) or "{title}",
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
        "due": _due(problem.due or ongoing_due, context.draft),
    }
    if known is None:  # what a clerk decides is set once and never again by a second reading
        values["category"] = categories.recognise(_text_of(problem), context.categories)
        values["progress"] = "under_way" if problem.ongoing else None if problem.truncated else "done"
        values["closing"] = "not_applied"
    owner = entry.put(Problem, values, known)
    places = list(_items(context, owner, problem, known))
    earlier = entry.facts.parts(OngoingItem, [owner])[owner]
    for number, one in enumerate(problem.ongoing, start=1):
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
        entry.put(OngoingItem, content, entry.matched(OngoingItem, earlier, number - 1))
    for cls, told in mentions.records(context.source, context.draft, problem, owner, places):
        entry.put(cls, told, mentions.same(entry.facts, cls, owner, told))


def _text_of(problem: drafts.Problem) -> str:
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


def _items(
    context: Context, owner: str, problem: drafts.Problem, known: Problem | None
) -> Iterator[tuple[drafts.Place, str]]:
    """Enters the measures of a problem; yields (place, measure id), inner ones after the outer."""
    earlier = context.entry.facts.parts(Measure, [owner])[owner] if known is not None else []

    def put(items: Sequence[Item], parent: str | None) -> Iterator[tuple[drafts.Place, str]]:
        before = [m for m in earlier if m.parent == parent]
        for number, item in enumerate(items, start=1):
            lead, body = without_break(item.lead, item.body)
            values = {
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
            identifier = context.entry.put(Measure, values, context.entry.matched(Measure, before, number - 1))
            yield item.place, identifier
            yield from put(item.children, identifier)

    yield from put(problem.measures, None)
