"""From a source to drafts: every notice in it with all its parts, what was not understood as unread, and findings.

The result is checked against the source character by character; should anything be missing, the notice is handed over as
plain text with a finding rather than with a hole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from desktop_app.intake.amounts import amounts
from desktop_app.intake.build import Build
from desktop_app.intake.contact import contact_at
from desktop_app.intake.cues import DATE, DATE_ONLY, ISSUER_IN_TITLE, ISSUER_INSIDE, ORGAN_END
from desktop_app.intake.deadlines import deadlines
from desktop_app.intake.draft import Contact, Draft, Finding, Place, Unread
from desktop_app.intake.flow import Flow, flow
from desktop_app.intake.headings import Node
from desktop_app.intake.outline import outline
from desktop_app.intake.problem import tail_problem
from desktop_app.intake.retell import words
from desktop_app.intake.source import Source
from desktop_app.intake.split import Range, Sheet, paragraphs, sheets
from desktop_app.intake.titles import titles


def recognise(source: Source) -> tuple[Draft, ...]:
    """The notices of a file in the order they stand in it; never empty, never missing a character."""
    joined, removed = flow(source)
    found = sheets(joined)
    drafts = [_draft(joined, sheet) for sheet in found] or [Draft()]
    drafts = _with_removed(drafts, removed)
    drafts = _with_guessed_titles(drafts, source.text)
    return tuple(drafts) if nothing_lost(source.text, drafts) else (_plain(source),)


def nothing_lost(text: str, drafts: Iterable[Draft]) -> bool:
    """Whether every non-blank character of the text is in a field or an unread text as often as on the paper."""
    kept: Counter[str] = Counter()
    for draft in drafts:
        kept.update("".join(words(draft).split()))
        for unread in draft.unread:
            kept.update("".join(unread.text.split()))
    return kept == Counter("".join(text.split()))


def _plain(source: Source) -> Draft:
    """The whole text as the opening of one draft: for texts whose parts could not be told apart without loss."""
    place = Place(0, len(source.text))
    sentence = "这份文件的结构没有认出来，全文放在“开头”里。请自己分段填入各栏。"
    return Draft(opening=source.text.strip(), place=place, findings=(Finding("not_recognised", sentence, place),))


def _with_removed(drafts: list[Draft], removed: tuple[Unread, ...]) -> list[Draft]:
    """Each removed piece goes to the notice it stands in or before."""
    result = list(drafts)
    for piece in removed:
        index = next((i for i, d in enumerate(result) if piece.place.start < d.place.end), len(result) - 1)
        unread = tuple(sorted((*result[index].unread, piece), key=lambda u: u.place.start))
        result[index] = replace(result[index], unread=unread)
    return result


def _with_guessed_titles(drafts: list[Draft], text: str) -> list[Draft]:
    """A notice without a title is offered one, built like the titles of the other notices in the file."""
    word = "巡视" if text.count("巡视") > text.count("巡察") else "巡察"
    built = f"关于{word}整改情况的通报"
    for draft in drafts:
        if draft.title and draft.issuer and draft.title.startswith(draft.issuer + "关于"):
            built = draft.title[len(draft.issuer) :]
    result = []
    for draft in drafts:
        if not draft.title and draft.issuer and (draft.problems or draft.chapters):
            title = draft.issuer + built
            sentence = f"文中没有标题，暂拟为“{title}”。请核对或改写标题。"
            finding = Finding("title_guessed", sentence, draft.place, title)
            result.append(replace(draft, title=title, title_guessed=True, findings=(finding, *draft.findings)))
        else:
            result.append(draft)
    return result


def _words(joined: Flow, ranges: list[Range], glue: str = "\n") -> str:
    return glue.join(joined.text[a:b].strip() for a, b in sorted(ranges))


def _date(text: str) -> date | None:
    found = DATE.search(text)
    if not found:
        return None
    try:
        return date(_arabic(found["year"]), _arabic(found["month"]), _arabic(found["day"]))
    except ValueError:
        return None


def _arabic(digits: str) -> int:
    if digits.isdecimal():
        return int(digits)
    if len(digits) == 4:
        return int("".join(str(max("〇一二三四五六七八九".find(c), 0)) for c in digits))
    tens, ten, ones = digits.rpartition("十")
    value = (("一二三四五六七八九".find(tens) + 1) if tens else 1) * 10 if ten else 0
    return value + ("一二三四五六七八九".find(ones) + 1 if ones else 0)


def _draft(joined: Flow, sheet: Sheet) -> Draft:
    title = _words(joined, sheet.title, "")
    signature = _words(joined, sheet.signature)
    issued = _date(joined.text[slice(*sheet.date)]) if sheet.date else _date_above(joined, sheet)
    contact, findings = _contact(joined, sheet)
    unread = [Unread(joined.text[a:b].strip(), joined.place(a, b), why) for (a, b), why in sheet.furniture]
    draft = Draft(
        title=title,
        issuer=_issuer(title, signature) or _issuer_above(joined, sheet),
        document_number=joined.text[slice(*sheet.document_number)].strip() if sheet.document_number else "",
        addressees=joined.text[slice(*sheet.addressees)].strip() if sheet.addressees else "",
        closing=_words(joined, sheet.closing),
        contact=contact,
        signature=signature,
        date=issued,
        date_text=joined.text[slice(*sheet.date)].strip() if sheet.date else "",
        head=_words(joined, sheet.head),
        notes=_words(joined, sheet.notes),
        tail=tuple(sheet.tail),
        unread=tuple(unread),
        findings=findings,
        place=_extent(joined, sheet),
    )
    if sheet.body:
        draft = _with_body(joined, sheet, draft)
    return replace(draft, findings=draft.findings + _odd_width(joined, sheet) + _no_date(draft) + _other_issuer(draft))


_PUBLISHED = re.compile(
    r"(?<![0-9])(?P<year>20[0-9]{2})\s?[-/.年]\s?(?P<month>[0-9]{1,2})\s?[-/.月]\s?(?P<day>[0-9]{1,2})(?![0-9])"
)


def _date_above(joined: Flow, sheet: Sheet) -> date | None:
    """The date that stands alone under the title (after the issuer), else the day of publication on the web page."""
    for line in _first_lines(joined, sheet):
        if DATE_ONLY.fullmatch(line):
            return _date(line)
    for start, end in sorted(r for r, _ in sheet.furniture):
        found = _PUBLISHED.search(joined.text, start, end)
        if found and int(found["month"]) <= 12:
            return _date(f"{found['year']}年{found['month']}月{found['day']}日")
    return None


def _first_lines(joined: Flow, sheet: Sheet) -> list[str]:
    """The short lines with which the text begins: issuer and date printed under the title."""
    lines: list[str] = []
    for start, end in paragraphs(joined.text, *sheet.body)[:3] if sheet.body else ():
        line = joined.text[start:end].strip()
        if len(line) > 45:
            break
        lines.append(line)
    return lines


def _issuer_above(joined: Flow, sheet: Sheet) -> str:
    """The organ that stands alone under the title."""
    return next((line for line in _first_lines(joined, sheet) if re.fullmatch(rf"中共.{{2,40}}{ORGAN_END}", line)), "")


def _extent(joined: Flow, sheet: Sheet) -> Place:
    ranges = [*sheet.title, *sheet.head, *sheet.closing, *sheet.contact, *sheet.signature, *sheet.notes]
    ranges += [r for r in (sheet.document_number, sheet.addressees, sheet.body, sheet.date) if r]
    ranges += [r for r, _ in sheet.furniture]
    return joined.place(min(a for a, _ in ranges), max(b for _, b in ranges)) if ranges else Place(0, 0)


def _issuer(title: str, signature: str) -> str:
    if signature:
        return re.sub(r"[（(](?:盖章|印章|公章|章)[）)]", "", signature.replace("\n", "")).strip()
    found = ISSUER_IN_TITLE.search(title) or ISSUER_INSIDE.search(title)
    return found["organ"] if found else ""


def _contact(joined: Flow, sheet: Sheet) -> tuple[Contact | None, tuple[Finding, ...]]:
    if not sheet.contact:
        return None, ()
    ranges = sorted(sheet.contact)
    return contact_at(joined, ranges[0][0], ranges[-1][1])


def _no_date(draft: Draft) -> tuple[Finding, ...]:
    if draft.date or not draft.problems:
        return ()
    return (Finding("date_missing", "没有找到成文日期，“年底前”一类的时限算不出日期。请补填日期。", draft.place),)


def _other_issuer(draft: Draft) -> tuple[Finding, ...]:
    """The issuer in the title and the signature differ."""
    named = ISSUER_IN_TITLE.match(draft.title)
    if draft.title_guessed or not draft.signature or named is None or named["organ"] == draft.issuer:
        return ()
    sentence = f"标题里的单位“{named['organ']}”和落款“{draft.issuer}”不一样，单位名称按落款。请核对。"
    return (Finding("issuer_differs", sentence, draft.place, named["organ"]),)


def _with_body(joined: Flow, sheet: Sheet, draft: Draft) -> Draft:
    """Opening, chapters, aspects, problems, next steps and all that is recognised inside the text."""
    assert sheet.body is not None
    tree = outline(joined, sheet.body)
    build = Build(joined, draft.date)
    opening = _before(joined, sheet, tree.before, tree.nodes, build)
    for node in tree.nodes:
        build.top(node)
    start, end = sheet.body
    return replace(
        draft,
        opening=opening,
        chapters=tuple(build.chapters),
        aspects=tuple(build.aspects),
        problems=tuple(build.problems),
        next_steps=build.next_steps,
        amounts=amounts(joined, start, end),
        titles=tuple(sorted(titles(joined, start, end), key=lambda t: not t.own)),
        deadlines=deadlines(joined, start, end, draft.date),
        findings=draft.findings + tuple(build.findings),
    )


def _before(joined: Flow, sheet: Sheet, before: Range, nodes: list[Node], build: Build) -> str:
    """The text over the first heading: the opening, or the end of a problem whose beginning is on another page."""
    start, end = before
    text = joined.text[start:end].strip()
    if not text:
        return ""
    first = nodes[0] if nodes else None
    number = first.mark.number if first and first.role == "problem" else None
    titled = bool(sheet.title) and not sheet.title_after
    if titled or sheet.addressees or not _cut_off(first, number):
        return text
    problem = tail_problem(joined, start, end, number - 1 if number and number > 1 else None, build.issued)
    build.problems.append(problem)
    sentence = "这一段的开头不在文中，问题的标题缺失。请补填问题标题。"
    build.findings.append(Finding("problem_truncated", sentence, problem.place))
    return ""


def _cut_off(first: Node | None, number: int | None) -> bool:
    """Whether the numbering shows that something came before: problem 2 or later, or chapter 二 or later, is the first."""
    if first is None:
        return False
    return (number or 0) > 1 or (number is None and first.mark.number > 1)


_ODD = re.compile(r"(?<=[一-鿿])(?:[:;,?!]|\((?=[一-鿿])|(?<=[一-鿿])\))")


def _odd_width(joined: Flow, sheet: Sheet) -> tuple[Finding, ...]:
    """Half-width marks between Chinese characters: kept as printed, shown to the clerk."""
    if not sheet.body:
        return ()
    wide = str.maketrans(":;,?!()", "：；，？！（）")
    found = list(_ODD.finditer(joined.text, *sheet.body))[:20]
    return tuple(
        Finding(
            "mixed_width",
            f"中文里用了半角标点“{hit[0]}”，照原样保留。通常应为全角“{hit[0].translate(wide)}”。",
            joined.place(hit.start(), hit.end()),
            hit[0].translate(wide),
        )
        for hit in found
    )
