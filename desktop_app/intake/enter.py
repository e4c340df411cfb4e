"""From a draft to the ledger: the same records and the same deed as if a clerk had typed them.

A paper that was read before is known by its unit, date and title; reading it again changes nothing unless the clerk
asks for an update, and then the records of the first reading are changed, not doubled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome, new_id
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema import composite
from db.schema.composite import Sheet
from db.schema.kinds import UNPRINTABLE
from db.schema.record import Record, changed, schema_of
from db.schema.records import (
    NO_MARK,
    Aspect,
    Category,
    Chapter,
    Group,
    Inspection,
    Measure,
    NextStep,
    Notice,
    OngoingItem,
    Problem,
    Unit,
    UnreadText,
)
from desktop_app.intake import draft as drafts
from desktop_app.intake import mentions
from desktop_app.intake.draft import Draft, Item
from desktop_app.intake.fitting import lead_line, line, prose, without_break
from desktop_app.intake.retell import filled, words
from desktop_app.intake.source import TOPIC, Source
from desktop_app.rectification import categories, ledgers

R = TypeVar("R", bound=Record)

_SLOTS = {
    "address": "地址",
    "email": "邮箱",
    "postcode": "邮编",
    "hours": "受理时间",
    "person": "联系人",
    "fax": "传真",
}


class Known(Refusal):
    """The paper was entered before; ``notice`` is the id of what it became."""

    def __init__(self, notice: Notice, title: str) -> None:
        super().__init__(
            f"这份通报以前导入过：{title}。",
            "没有重复导入；要用这份原文更新台账，请选“更新”（命令行加 --update）。",
            TOPIC,
        )
        self.notice = notice.id


@dataclass
class _Entry:
    """The edits in the making."""

    facts: Facts
    edits: list[Edit] = field(default_factory=list)

    def put(self, cls: type[Record], values: Mapping[str, Any], known: Record | None = None) -> str:
        """A record with these values: the known one changed where it differs, or a new one. Returns its id."""
        name = schema_of(cls).name
        if known is None:
            identifier = new_id()
            self.edits.append(Edit(name, identifier, {k: v for k, v in values.items() if v is not None}))
            return identifier
        differing = changed(known, values)
        if differing:
            self.edits.append(Edit(name, known.id, differing))
        return known.id

    def matched(self, cls: type[R], found: Sequence[R], at: int) -> R | None:
        """The record of an earlier reading at this place of its list."""
        return found[at] if at < len(found) else None


def known_notice(facts: Facts, draft: Draft) -> Notice | None:
    """The notice this draft became when it was entered before."""
    unit = unit_of(facts, draft)
    if unit is None:
        return None
    title = line(draft.title)
    same = [n for n in facts.all(Notice, unit=unit.id) if n.issued == draft.date and n.source]
    return next((n for n in same if n.title == title), next((n for n in same if n.title_guessed), None))


def unit_of(facts: Facts, draft: Draft) -> Unit | None:
    """The unit that signed the paper, if the ledger knows it."""
    names = {line(draft.issuer), line(ledgers.unit_name(draft.issuer))} - {None}
    for unit in facts.all(Unit):
        if names & {unit.name, unit.organ}:
            return unit
    return None


def enter(
    ledger: Ledger, draft: Draft, source: Source, actor: str, *, update: bool = False, paper: Sheet | None = None
) -> Outcome:
    """Enters a draft in one deed. ``Known`` when the paper is in the ledger already and no update was asked for."""
    notice = known_notice(ledger, draft)
    if notice is not None and not update:
        raise Known(notice, notice.title or "无标题")
    edits = edits_of(ledger, draft, source, notice, paper=paper)
    title = line(draft.title) or source.name
    if not edits:
        return Outcome(sentence=f"与台账一致，没有改动：{title}")
    verb = "用原文更新" if notice is not None else "导入旧通报"
    return ledger.act(Deed(f"{verb}：{title}", actor, tuple(edits)))


def edits_of(
    ledger: Ledger, draft: Draft, source: Source, known: Notice | None, *, paper: Sheet | None = None
) -> list[Edit]:
    """What entering a draft would write; for the deed, and for showing beforehand what an update changes."""
    entry = _Entry(ledger)
    unit = _unit(entry, ledger, draft, update=known is not None)
    inspection = _inspection(entry, draft)
    notice = _notice(entry, draft, source, known, unit=unit, inspection=inspection, paper=paper)
    chapters = _chapters(entry, draft, notice)
    places = _aspects(entry, draft, unit, inspection, chapters)
    all_categories = ledger.all(Category)
    earlier = [p for p in ledger.all(Problem, unit=unit) if p.inspection == inspection]
    for number, problem in enumerate(draft.problems):
        context = _Context(entry, draft, source, unit, inspection, number, chapters, places, all_categories)
        _problem(context, problem, _same_problem(earlier, problem))
    _steps(entry, draft, notice)
    _unread(entry, draft, source, notice, known)
    return entry.edits


@dataclass(frozen=True)
class _Context:
    entry: _Entry
    draft: Draft
    source: Source
    unit: str
    inspection: str
    number: int
    chapters: Sequence[str]
    places: Sequence[tuple[str, str | None]]
    categories: Sequence[Category]


def _unit(entry: _Entry, ledger: Ledger, draft: Draft, *, update: bool) -> str:
    contact = draft.contact or drafts.Contact()
    told: dict[str, Any] = {
        "phones": tuple(p for p in map(line, contact.phones) if p) or None,
        "address": line(contact.address),
        "postcode": line(contact.postcode),
        "email": line(contact.email),
        "hours": line(contact.hours),
        "contact_person": line(contact.person),
        "fax": line(contact.fax),
    }
    if told["postcode"] and not told["postcode"].isdecimal():
        told["postcode"] = None
    unit = unit_of(entry.facts, draft)
    if unit is None and not draft.issuer:
        unit = ledgers.own_unit(entry.facts, ledger)
    if unit is None:
        name = line(ledgers.unit_name(draft.issuer)) or "未署名单位"
        return entry.put(Unit, {"name": name, **ledgers.guessed_names(name), "organ": line(draft.issuer), **told})
    values = {k: v for k, v in told.items() if v is not None and (update or getattr(unit, k) is None)}
    if unit.organ is None and draft.issuer:
        values["organ"] = line(draft.issuer)
    return entry.put(Unit, values, unit)


def _inspection(entry: _Entry, draft: Draft) -> str:
    rounds = entry.facts.all(Inspection)
    if rounds:
        return rounds[-1].id
    word = "巡视" if "巡视" in draft.title else "巡察"
    year = f"{draft.date.year}年" if draft.date else ""
    kind = "tour" if word == "巡视" else "inspection"
    return entry.put(Inspection, {"title": f"{year}{word}整改", "kind": kind})


def _notice(
    entry: _Entry,
    draft: Draft,
    source: Source,
    known: Notice | None,
    *,
    unit: str,
    inspection: str,
    paper: Sheet | None,
) -> str:
    arabic = f"{draft.date.year}年{draft.date.month}月{draft.date.day}日" if draft.date else None
    date_text = line(draft.date_text)
    values = {
        "inspection": inspection,
        "unit": unit,
        "title": line(draft.title.replace("\n", "")),
        "title_guessed": True if draft.title_guessed else None,
        "document_number": line(draft.document_number),
        "head": prose(draft.head),
        "addressees": line(draft.addressees),
        "opening": prose(draft.opening),
        "introduction": prose(draft.next_steps.introduction) if draft.next_steps else None,
        "closing": prose(draft.closing),
        "contact": _contact_wording(draft.contact),
        "notes": prose(draft.notes),
        "tail": line(" ".join(draft.tail)),
        "signature": line(draft.signature.replace("\n", " ")),
        "issued": draft.date,
        "date_wording": date_text if date_text != arabic else None,
        "state": "draft",
        "source": line(source.name),
        "source_paper": paper,
    }
    return entry.put(Notice, values, known)


def _contact_wording(contact: drafts.Contact | None) -> str | None:
    if contact is None or not contact.text.strip():
        return None
    values = contact.values()
    if not values:
        return prose(filled(contact))
    slots = {f"phone{n if n > 1 else ''}": f"电话{n if n > 1 else ''}" for n in range(1, 100)} | _SLOTS
    wording = prose(contact.text) or ""
    for slot in values:
        wording = wording.replace("{{" + slot + "}}", "{" + slots[slot] + "}")
    return wording


def _chapters(entry: _Entry, draft: Draft, notice: str) -> list[str]:
    found = []
    earlier = entry.facts.parts(Chapter, [notice])[notice]
    for number, chapter in enumerate(draft.chapters, start=1):
        values = {
            "notice": notice,
            "number": chapter.number,
            "position": number,
            "role": chapter.role,
            "mark": line(chapter.mark) or NO_MARK,
            "title": line(chapter.title),
            "stop": line(chapter.stop),
            "body": prose(chapter.body),
            "runs_on": chapter.runs_on,
        }
        found.append(entry.put(Chapter, values, entry.matched(Chapter, earlier, number - 1)))
    return found


def _aspects(
    entry: _Entry, draft: Draft, unit: str, inspection: str, chapters: Sequence[str]
) -> list[tuple[str, str | None]]:
    """For each heading of the draft (aspect id, group id or None)."""
    found: list[tuple[str, str | None]] = []
    earlier = [a for a in entry.facts.all(Aspect, unit=unit) if a.inspection == inspection]
    groups = entry.facts.parts(Group, [a.id for a in earlier])
    above = ""
    for one in draft.aspects:
        title = line(one.title)
        values = {
            "number": one.number,
            "mark": line(one.mark) or NO_MARK,
            "title": title,
            "stop": line(one.stop),
            "body": prose(one.body),
            "runs_on": one.runs_on,
            "chapter": None if one.chapter is None else chapters[one.chapter],
            "position": one.place.start,
        }
        if one.level == 2 and above:
            known_group = next((g for g in groups.get(above, ()) if g.title == title), None)
            found.append((above, entry.put(Group, {**values, "aspect": above}, known_group)))
            continue
        known = next((a for a in earlier if a.title == title), None)
        above = entry.put(Aspect, {**values, "unit": unit, "inspection": inspection}, known)
        found.append((above, None))
    return found


def _same_problem(earlier: Sequence[Problem], problem: drafts.Problem) -> Problem | None:
    """The problem of an earlier reading: of the same title, or, where the title is lost, of the same number."""
    title = line(problem.title)
    if title:
        return next((p for p in earlier if p.title == title), None)
    return next((p for p in earlier if p.number == problem.number and p.truncated), None)


def _problem(context: _Context, problem: drafts.Problem, known: Problem | None) -> None:
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
    context: _Context, owner: str, problem: drafts.Problem, known: Problem | None
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


def _steps(entry: _Entry, draft: Draft, notice: str) -> None:
    earlier = entry.facts.parts(NextStep, [notice])[notice]
    for number, step in enumerate(draft.next_steps.items if draft.next_steps else (), start=1):
        lead, body = without_break(step.lead, step.body)
        values = {
            "notice": notice,
            "number": step.number if step.mark else None,
            "position": number,
            "mark": line(step.mark) or NO_MARK,
            "lead": lead_line(lead),
            "body": prose(body),
            "own_paragraph": step.paragraph,
            "body_apart": body.startswith("\n"),
        }
        entry.put(NextStep, values, entry.matched(NextStep, earlier, number - 1))


def _unread(entry: _Entry, draft: Draft, source: Source, notice: str, known: Notice | None) -> None:
    """Unread text and findings become rows to be looked at; those a clerk has settled stay settled."""
    earlier = entry.facts.parts(UnreadText, [notice])[notice] if known is not None else []
    rows = [(u.text, u.reason, "unread", "", u.place.start) for u in draft.unread]
    rows += [
        (
            source.text[f.place.start : min(f.place.end, f.place.start + 60)],
            f.sentence,
            f.code,
            f.suggestion,
            f.place.start,
        )
        for f in draft.findings
    ]
    odd = sorted(set(UNPRINTABLE.findall(words(draft) + "".join(u.text for u in draft.unread))))
    if odd:
        codes = "、".join(f"U+{ord(c):04X}" for c in odd[:8])
        rows.append(("", f"原文有不能打印的字符（{codes}），已略去。请对照原件看有没有缺字。", "unprintable", "", 0))
    for text, reason, code, suggestion, start in rows:
        told = {
            "notice": notice,
            "text": prose(text),
            "reason": (line(reason) or "")[:500],
            "code": code,
            "suggestion": (line(suggestion) or "")[:500] or None,
            "start": start,
        }
        if not any(e.code == code and e.start == start for e in earlier):
            entry.put(UnreadText, told)
