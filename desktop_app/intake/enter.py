"""From a draft to the ledger: the same records and the same deed as if a clerk had typed them.

A paper that was read before is known by its unit, date and title; reading it again changes nothing unless the clerk
asks for an update, and then the records of the first reading are changed, not doubled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, Edit, Outcome
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.composite import Sheet
from db.schema.record import Record
from db.schema.records import (
    NO_MARK,
    Aspect,
    Category,
    Chapter,
    Group,
    Inspection,
    NextStep,
    Notice,
    Problem,
    Unit,
    UnreadText,
)
from db.store import blobs
from db.store.faults import translated
from desktop_app.intake import draft as drafts
from desktop_app.intake.draft import Draft
from desktop_app.intake.enter_problem import Context, enter_problem, same_problems, text_of
from desktop_app.intake.entry import Entry, paired
from desktop_app.intake.fitting import lead_line, line, prose, unshown, without_break
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


def known_notice(facts: Facts, draft: Draft, source: Source) -> Notice | None:
    """The notice this paper became when it was entered before: known by its words, whatever was corrected since; else by
    the unit, the date and the title it bears."""
    read = [n for n in facts.all(Notice) if n.source]
    mark = fingerprint(draft, source)
    by_words = next((n for n in read if n.source_print == mark), None)
    unit = unit_of(facts, draft)
    if by_words is not None or unit is None:
        return by_words
    same = [n for n in read if n.unit == unit.id and n.issued == draft.date]
    title = line(draft.title)
    return next((n for n in same if n.title == title), next((n for n in same if n.title_guessed), None))


def fingerprint(draft: Draft, source: Source) -> str:
    """SHA-256 (hex) of the words of the paper the draft was read from, blanks and line breaks left out."""
    words_of = source.text[draft.place.start : draft.place.end] or source.text
    return hashlib.sha256("".join(words_of.split()).encode("utf-8", "surrogatepass")).hexdigest()


def unit_of(facts: Facts, draft: Draft) -> Unit | None:
    """The unit that signed the paper, if the ledger knows it."""
    names = {line(draft.issuer), line(ledgers.unit_name(draft.issuer))} - {None}
    for unit in facts.all(Unit):
        if names & {unit.name, unit.organ}:
            return unit
    return None


def enter(
    ledger: Ledger,
    draft: Draft,
    source: Source,
    actor: str,
    *,
    update: bool = False,
    path: Path | None = None,
    categories_chosen: Sequence[str | None] | None = None,
) -> Outcome:
    """Enters a draft in one deed. ``Known`` when the paper is in the ledger already and no update was asked for.

    ``path`` is the file, whose bytes are kept when something of it is entered, and only then; ``categories_chosen`` are
    category ids, one for each problem, where a clerk has looked at the proposals.
    """
    notice = known_notice(ledger, draft, source)
    if notice is not None and not update:
        raise Known(notice, notice.title or "无标题")
    if notice is not None and notice.state == "issued":
        raise Refusal(f"“{notice.title}”已经印发，不能用原文更新。", "要更正请另发一份新的通报。", TOPIC)
    paper = _measured(path)
    edits = edits_of(ledger, draft, source, notice, paper=paper, categories_chosen=categories_chosen)
    title = line(draft.title) or source.name
    if not edits:
        return Outcome(sentence=f"与台账一致，没有改动：{title}")
    edits.append(_reading(edits, notice))
    for one in edits:  # what would be refused is refused before the bytes are kept
        ledger.schema(one.record).store(one.values)
    if path is not None:
        ledger.keep(path)
    verb = "用原文更新" if notice is not None else "导入旧通报"
    return ledger.act(Deed(f"{verb}：{title}", actor, tuple(edits)))


def _reading(edits: Sequence[Edit], known: Notice | None) -> Edit:
    """Marks a deed as a reading of its paper, so that the next reading knows what this one wrote."""
    identifier = known.id if known is not None else next(e.id for e in edits if e.record == "notice")
    return Edit("notice", identifier, {"readings": ((known.readings or 0) if known is not None else 0) + 1})


def _measured(path: Path | None) -> Sheet | None:
    if path is None:
        return None
    with translated(path):
        return blobs.measure(path)


def edits_of(
    ledger: Ledger,
    draft: Draft,
    source: Source,
    known: Notice | None,
    *,
    paper: Sheet | None = None,
    categories_chosen: Sequence[str | None] | None = None,
) -> list[Edit]:
    """What entering a draft would write; for the deed, and for showing beforehand what an update changes."""
    entry = Entry(ledger, read=history.set_by(ledger, ("notice", known.id, "readings")) if known is not None else {})
    unit = _unit(entry, ledger, draft, known)
    inspection = known.inspection if known is not None and known.inspection else _inspection(entry, draft, unit)
    notice = _notice(entry, draft, source, known, unit=unit, inspection=inspection, paper=paper)
    chapters = _chapters(entry, draft, notice)
    places = _aspects(entry, draft, unit, inspection, chapters)
    proposed = categories_chosen or [
        categories.recognise(text_of(problem), ledger.all(Category)) for problem in draft.problems
    ]
    earlier = [p for p in ledger.all(Problem, unit=unit) if known is not None and p.inspection == inspection]
    same = same_problems(earlier, draft.problems)
    for number, (problem, before, category) in enumerate(zip(draft.problems, same, proposed, strict=True)):
        context = Context(entry, draft, source, unit, inspection, number, chapters, places, category)
        enter_problem(context, problem, before)
    _steps(entry, draft, notice)
    _unread(entry, draft, source, notice, known)
    return entry.edits


def _unit(entry: Entry, ledger: Ledger, draft: Draft, known: Notice | None) -> str:
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
    unit = entry.facts.get(Unit, known.unit) if known is not None else unit_of(entry.facts, draft)
    if unit is None and not draft.issuer:
        unit = ledgers.own_unit(entry.facts, ledger)
    if unit is None:
        name = line(ledgers.unit_name(draft.issuer)) or "未署名单位"
        return entry.put(Unit, {"name": name, **ledgers.guessed_names(name), "organ": line(draft.issuer), **told})
    values = {k: v for k, v in told.items() if v is not None and (known is not None or getattr(unit, k) is None)}
    if unit.organ is None and draft.issuer:
        values["organ"] = line(draft.issuer)
    return entry.put(Unit, values, unit)


def _inspection(entry: Entry, draft: Draft, unit: str) -> str:
    """The round a new paper belongs to: one in which this unit has nothing yet and other units published in the same
    year; else a round of its own, so that nothing already in the ledger is written over or printed along."""
    facts = entry.facts
    taken = {n.inspection for n in facts.all(Notice, unit=unit)} | {p.inspection for p in facts.all(Problem, unit=unit)}
    years: dict[str | None, set[int]] = {}
    for notice in facts.all(Notice):
        if notice.issued is not None:
            years.setdefault(notice.inspection, set()).add(notice.issued.year)
    year = draft.date.year if draft.date else None
    for one in facts.all(Inspection):
        if one.id not in taken and (one.id not in years or year in years[one.id]):
            return one.id
    word = "巡视" if "巡视" in draft.title else "巡察"
    title = f"{year}年{word}整改" if year else f"{word}整改"
    if any(one.title == title for one in facts.all(Inspection)):
        title += f"（{draft.date_text or '未注日期'}通报）"
    return entry.put(Inspection, {"title": line(title), "kind": "tour" if word == "巡视" else "inspection"})


def _notice(
    entry: Entry,
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
        "state": "draft" if known is None else known.state,
        "source": line(source.name),
        "source_print": fingerprint(draft, source),
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


def _chapters(entry: Entry, draft: Draft, notice: str) -> list[str]:
    told = [
        {
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
        for number, chapter in enumerate(draft.chapters, start=1)
    ]
    keys = ((lambda v: v["title"], lambda c: c.title), (lambda v: v["position"], lambda c: c.position))
    same = paired(told, entry.facts.parts(Chapter, [notice])[notice], keys)
    return [entry.put(Chapter, values, known) for values, known in zip(told, same, strict=True)]


def _aspects(
    entry: Entry, draft: Draft, unit: str, inspection: str, chapters: Sequence[str]
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


def _steps(entry: Entry, draft: Draft, notice: str) -> None:
    told = [
        _step(notice, number, step)
        for number, step in enumerate(draft.next_steps.items if draft.next_steps else (), start=1)
    ]
    keys = ((lambda v: v["lead"], lambda s: s.lead), (lambda v: v["position"], lambda s: s.position))
    for values, known in zip(told, paired(told, entry.facts.parts(NextStep, [notice])[notice], keys), strict=True):
        entry.put(NextStep, values, known)


def _step(notice: str, number: int, step: drafts.Step) -> dict[str, Any]:
    lead, body = without_break(step.lead, step.body)
    return {
        "notice": notice,
        "number": step.number if step.mark else None,
        "position": number,
        "mark": line(step.mark) or NO_MARK,
        "lead": lead_line(lead),
        "body": prose(body),
        "own_paragraph": step.paragraph,
        "body_apart": body.startswith("\n"),
    }


def _unread(entry: Entry, draft: Draft, source: Source, notice: str, known: Notice | None) -> None:
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
    odd = unshown(words(draft) + "".join(u.text for u in draft.unread))
    if odd:
        codes = "、".join(f"U+{ord(c):04X}" for c in odd[:8])
        rows.append(
            ("", f"原文有不能打印或看不见的字符（{codes}），印文里没有。请对照原件看有没有缺字。", "unprintable", "", 0)
        )
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
