"""Telling a draft again: its words in printing order, and its JSON shape for ``intake --dry-run``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from desktop_app.intake.draft import Amount, Contact, Deadline, Draft, Item, Ongoing, Place, Problem, TitleMention

_SLOT = re.compile(r"\{(phone\d*|address|email|postcode|hours|person|fax)\}")


def filled(contact: Contact) -> str:
    """The contact wording with its values put back; a wording without values is verbatim, braces and all."""
    values = contact.values()
    if not values:
        return contact.text
    return _SLOT.sub(lambda slot: values.get(slot[1], slot[0]), contact.text)


def heading(problem: Problem) -> str:
    """The heading of a problem as printed, without its mark."""
    return problem.heading.replace("{title}", problem.title, 1) if problem.title else problem.heading


def words(draft: Draft) -> str:
    """The words of the notice in printing order, one paragraph a line, from the fields alone (a guessed title is not on
    the paper and is left out)."""
    return "\n".join(line for line in _joined(_pieces(draft)).split("\n") if line.strip())


def _joined(pieces: Iterable[str]) -> str:
    return "".join(pieces)


def _paragraph(text: str, *, runs_on: bool = False) -> str:
    return text if runs_on or not text else "\n" + text


def _pieces(draft: Draft) -> Iterator[str]:
    yield from (_paragraph(draft.head), _paragraph(draft.document_number))
    yield _paragraph("" if draft.title_guessed else draft.title)
    yield from (_paragraph(draft.addressees), _paragraph(draft.opening))
    yield from _findings_run(draft, None)
    for index, chapter in enumerate(draft.chapters):
        yield _paragraph(chapter.mark + chapter.title + chapter.stop)
        yield _paragraph(chapter.body, runs_on=chapter.runs_on)
        if chapter.role == "next_steps" and draft.next_steps:
            yield _paragraph(draft.next_steps.introduction, runs_on=chapter.runs_on and not chapter.body)
            for step in draft.next_steps.items:
                yield _paragraph(step.mark + step.lead + step.body, runs_on=not step.paragraph)
        yield from _findings_run(draft, index)
    tail = {
        "closing": draft.closing,
        "contact": filled(draft.contact) if draft.contact else "",
        "signature": draft.signature,
        "date": draft.date_text,
        "notes": draft.notes,
    }
    for name in (*draft.tail, *(name for name in tail if name not in draft.tail)):
        yield _paragraph(tail[name])


def _findings_run(draft: Draft, chapter: int | None) -> Iterator[str]:
    """Aspects and problems printed after ``chapter``: a problem comes after its aspect and after all that stood before."""
    waiting = [i for i, aspect in enumerate(draft.aspects) if aspect.chapter == chapter]
    for problem in draft.problems:
        if problem.chapter != chapter:
            continue
        while waiting and (
            (problem.aspect is not None and waiting[0] <= problem.aspect)
            or draft.aspects[waiting[0]].place.start < problem.place.start
        ):
            yield from _aspect(draft, waiting.pop(0))
        yield from _problem(problem)
    for index in waiting:
        yield from _aspect(draft, index)


def _aspect(draft: Draft, index: int) -> Iterator[str]:
    aspect = draft.aspects[index]
    yield _paragraph(aspect.mark + aspect.title + aspect.stop)
    yield _paragraph(aspect.body, runs_on=aspect.runs_on)


def _problem(problem: Problem) -> Iterator[str]:
    yield _paragraph(problem.mark + heading(problem))
    yield _paragraph(problem.statement, runs_on=problem.runs_on)
    yield _paragraph(problem.measures_label, runs_on=problem.label_runs_on)
    yield problem.measures_intro if problem.measures_label else _paragraph(problem.measures_intro)
    yield from (piece for item in problem.measures for piece in _item(item))
    for index, ongoing in enumerate(problem.ongoing):
        label = problem.ongoing_label if index == 0 else ""
        yield _paragraph(label + ongoing.content, runs_on=ongoing.runs_on)
    yield _paragraph(problem.remarks)


def _item(item: Item) -> Iterator[str]:
    yield _paragraph(item.mark + item.lead + item.body, runs_on=not item.paragraph)
    for child in item.children:
        yield from _item(child)


def as_json(drafts: Iterable[Draft]) -> dict[str, Any]:
    """The shape printed by ``intake --dry-run --json``: only strings, numbers, lists and objects."""
    return {"notices": [_notice(draft) for draft in drafts]}


def _notice(draft: Draft) -> dict[str, Any]:
    steps = draft.next_steps
    return {
        "title": draft.title,
        "title_guessed": draft.title_guessed,
        "issuer": draft.issuer,
        "date": _day(draft.date),
        "date_text": draft.date_text,
        "head": draft.head,
        "document_number": draft.document_number,
        "addressees": draft.addressees,
        "opening": draft.opening,
        "chapters": [
            {"mark": c.mark, "number": c.number, "title": c.title, "role": c.role, "body": c.body}
            for c in draft.chapters
        ],
        "aspects": [{"mark": a.mark, "title": a.title, "level": a.level, "body": a.body} for a in draft.aspects],
        "problems": [_problem_json(draft, problem) for problem in draft.problems],
        "next_steps": {
            "introduction": steps.introduction if steps else "",
            "items": [
                {"number": s.number, "mark": s.mark, "lead": s.lead, "body": s.body}
                for s in (steps.items if steps else ())
            ],
        },
        "closing": draft.closing,
        "contact": _contact_json(draft.contact),
        "signature": draft.signature,
        "notes": draft.notes,
        "figures": [_amount(amount) for amount in draft.amounts],
        "regulations": [_title(t) for t in draft.titles if t.own and t.kind in ("制度", "方案")],
        "documents": [_title(t) for t in draft.titles],
        "deadlines": [_deadline(deadline) for deadline in draft.deadlines],
        "unread": [{"text": u.text, "reason": u.reason, "place": _place(u.place)} for u in draft.unread],
        "findings": [
            {"code": f.code, "sentence": f.sentence, "suggestion": f.suggestion, "place": _place(f.place)}
            for f in draft.findings
        ],
    }


def _problem_json(draft: Draft, problem: Problem) -> dict[str, Any]:
    return {
        "number": problem.number,
        "mark": problem.mark,
        "title": problem.title,
        "heading": heading(problem),
        "aspect": "" if problem.aspect is None else draft.aspects[problem.aspect].title,
        "truncated": problem.truncated,
        "statement": problem.statement,
        "measures_label": problem.measures_label,
        "measures_intro": problem.measures_intro,
        "measures": [_item_json(item) for item in problem.measures],
        "ongoing_label": problem.ongoing_label,
        "ongoing": [_ongoing_json(ongoing) for ongoing in problem.ongoing],
        "remarks": problem.remarks,
        "due_text": problem.due.text if problem.due else "",
        "due": _day(problem.due.day) if problem.due else None,
    }


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "number": item.number,
        "mark": item.mark,
        "lead": item.lead,
        "body": item.body,
        "children": [_item_json(child) for child in item.children],
    }


def _ongoing_json(ongoing: Ongoing) -> dict[str, Any]:
    due = ongoing.due
    return {
        "content": ongoing.content,
        "due_text": due.text if due else "",
        "due": _day(due.day) if due else None,
        "strength": due.strength if due else "",
        "deadlines": [_deadline(deadline) for deadline in ongoing.deadlines],
    }


def _contact_json(contact: Contact | None) -> dict[str, Any]:
    contact = contact or Contact()
    return {
        "text": filled(contact),
        "phones": list(contact.phones),
        "address": contact.address,
        "email": contact.email,
        "postcode": contact.postcode,
        "hours": contact.hours,
        "person": contact.person,
        "fax": contact.fax,
    }


def _amount(amount: Amount) -> dict[str, Any]:
    value = amount.value
    return {
        "text": amount.text,
        "value": int(value) if value == value.to_integral_value() else float(value),
        "unit": amount.unit,
        "qualifier": amount.qualifier,
        "period": amount.period,
        "comparison": amount.comparison,
        "place": _place(amount.place),
    }


def _title(mention: TitleMention) -> dict[str, Any]:
    return {
        "title": mention.title,
        "action": mention.action,
        "own": mention.own,
        "kind": mention.kind,
        "trial": mention.trial,
        "place": _place(mention.place),
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return {
        "text": deadline.text,
        "day": _day(deadline.day),
        "strength": deadline.strength,
        "start": _day(deadline.start),
        "place": _place(deadline.place),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _place(place: Place) -> list[int]:
    return [place.start, place.end]
