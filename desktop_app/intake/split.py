"""One file, several notices: where each begins and ends, and which paragraphs are its title, signature, date and contact.

Titles may stand over the text or after the signature (seed, 4.0); what stands around a notice on a web page is furniture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from desktop_app.intake.cues import (
    ADDRESSEES,
    AFTERWORD,
    ATTACHMENT,
    BARE_FURNITURE,
    CLOSING,
    CONTACT_LINE,
    CONTACT_START,
    DATE_ONLY,
    DOCUMENT_NUMBER,
    FURNITURE,
    ISSUER_IN_TITLE,
    LABEL,
    NAMED_TITLE,
    ORGAN_END,
    RED_HEAD,
    SIGNATURE,
    SIGNED_AND_DATED,
    TITLE,
    TITLE_HEAD,
)
from desktop_app.intake.flow import Flow
from desktop_app.intake.marks import mark_at

Range = tuple[int, int]

_PHONE = re.compile(r"(?:电\s*话|邮\s*箱|信箱|热线)[^。]{0,20}[：:]?\s*[（(]?\d")


@dataclass
class Sheet:
    """One notice as ranges of the joined text; every paragraph of the file is in exactly one range of one sheet."""

    title: list[Range] = field(default_factory=list)
    head: list[Range] = field(default_factory=list)
    document_number: Range | None = None
    addressees: Range | None = None
    body: Range | None = None
    closing: list[Range] = field(default_factory=list)
    contact: list[Range] = field(default_factory=list)
    signature: list[Range] = field(default_factory=list)
    date: Range | None = None
    notes: list[Range] = field(default_factory=list)
    furniture: list[tuple[Range, str]] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    title_after: bool = False


@dataclass(frozen=True)
class _Paragraph:
    range: Range
    text: str
    kind: str


def paragraphs(text: str, start: int = 0, end: int | None = None) -> list[Range]:
    """The non-empty paragraphs of a range."""
    end = len(text) if end is None else end
    result, at = [], start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if text[at:stop].strip():
            result.append((at, stop))
        at = stop + 1
    return result


def sheets(flow: Flow) -> list[Sheet]:
    """The notices of a file in the order they stand in it; a text without any is one sheet."""
    rows = _kinds(flow)
    cuts = _cuts(rows)
    return [_sheet(rows[a:b]) for a, b in pairwise(cuts) if a < b]


def _kinds(flow: Flow) -> list[_Paragraph]:
    ranges = paragraphs(flow.text)
    texts = [flow.text[a:b].strip() for a, b in ranges]
    kinds = [_kind(text) for text in texts]
    for index, text in enumerate(texts):
        near_date = "date" in kinds[index + 1 : index + 4] or "date" in kinds[max(0, index - 1) : index]
        if (
            kinds[index] == ""
            and near_date
            and len(text) <= 45
            and SIGNATURE.fullmatch(text)
            and not mark_at(text, 0, len(text))
        ):
            kinds[index] = "signature"
    last = len(texts) - 1
    for index in range(last, max(-1, last - 4), -1):  # an undated signature at the very end
        if "signature" not in kinds and kinds[index] == "" and re.fullmatch(rf"中共.{{2,40}}{ORGAN_END}", texts[index]):
            kinds[index] = "signature"
            break
    _join_titles(texts, kinds)
    return [_Paragraph(r, t, k) for r, t, k in zip(ranges, texts, kinds, strict=True)]


def _kind(text: str) -> str:
    """What a paragraph is by its own words: title, date, signed (with date), furniture, or nothing special."""
    if len(text) > 200:
        return ""
    if DATE_ONLY.fullmatch(text):
        return "date"
    if len(text) <= 90 and SIGNED_AND_DATED.fullmatch(text):
        return "signed"
    if BARE_FURNITURE.fullmatch(text):
        return "furniture"
    if any(cue.match(text) for cue in (CONTACT_LINE, CONTACT_START, CLOSING, ATTACHMENT, LABEL)):
        return ""
    if FURNITURE.search(text) and "。" not in text and not mark_at(text, 0, len(text)):
        return "furniture"
    return "title" if _is_title(text) else ""


def _is_title(text: str) -> bool:
    """关于…的通报; a heading that ends with 情况 is a title only when it begins with the issuer."""
    if not TITLE.fullmatch(text) or mark_at(text, 0, len(text)):
        return False
    if text.endswith("情况"):
        return ISSUER_IN_TITLE.match(text) is not None and "问题" not in text[-12:]
    return "关于" in text or NAMED_TITLE.fullmatch(text) is not None


def _join_titles(texts: list[str], kinds: list[str]) -> None:
    """A title over several lines: up to four short lines that together read as a title."""
    index = 0
    while index < len(texts):
        if (
            kinds[index] in ("", "signature")
            and len(texts[index]) <= 40
            and not re.search("[。；！？：]", texts[index])
        ):
            for count in (2, 3, 4):
                part = texts[index : index + count]
                joined = "".join(part)
                if len(part) < count or any(k not in ("", "title", "signature") for k in kinds[index : index + count]):
                    break
                if any(_no_title_line(t) for t in part) or len(joined) > 100:
                    break
                if "关于" in joined and TITLE.fullmatch(joined) and TITLE_HEAD.match(joined):
                    kinds[index : index + count] = ["title"] + ["title+"] * (count - 1)
                    index += count - 1
                    break
        index += 1


def _no_title_line(text: str) -> bool:
    return bool(mark_at(text, 0, len(text))) or _is_number(text) or text.endswith(("文件", "简报"))


def _cuts(rows: list[_Paragraph]) -> list[int]:
    """Indices at which a notice begins, and the end."""
    cuts, has_title, has_text, closed = [0], False, False, False
    for index, row in enumerate(rows):
        if row.kind == "title" and (closed or (has_text and _is_new_title(rows, index))):
            after = closed and not has_title
            if after:
                has_title = True
                continue
            cuts.append(index)
            has_title, has_text, closed = True, False, False
        elif row.kind == "title":
            has_title = True
        elif row.kind in ("date", "signed"):
            closed = closed or has_text
        elif row.kind in ("", "signature") and closed and _is_text(row.text):
            cuts.append(index)
            has_title, has_text, closed = False, True, False
        elif row.kind == "" and len(row.text) > 30:
            has_text = True
    return [*cuts, len(rows)]


def _is_new_title(rows: list[_Paragraph], index: int) -> bool:
    """A title in the middle begins a notice when enough text follows it before the next one."""
    return sum(len(row.text) for row in rows[index + 1 : index + 8] if row.kind == "") > 60


def _is_text(text: str) -> bool:
    """Text of a notice after a date: a heading or a long sentence that is neither contact nor annex."""
    if (
        CONTACT_LINE.match(text)
        or CONTACT_START.match(text)
        or ATTACHMENT.match(text)
        or AFTERWORD.match(text)
        or CLOSING.match(text)
    ):
        return False
    return len(text) > 18 and bool(re.search("[。，；：]", text))


def _sheet(rows: list[_Paragraph]) -> Sheet:
    sheet = Sheet()
    dated = max((i for i, row in enumerate(rows) if row.kind in ("date", "signed")), default=None)
    long = [i for i, row in enumerate(rows) if row.kind == "" and len(row.text) > 30]
    if dated is not None and long and dated < long[0]:
        dated = None
    end = len(rows) if dated is None else dated
    begin = _take_front(sheet, rows, end)
    _take_back(sheet, rows, begin, dated)
    _close_contact(sheet)
    return sheet


def _close_contact(sheet: Sheet) -> None:
    """What stands between two lines of the contact belongs to its wording, which is one stretch of the text."""
    if len(sheet.contact) < 2:
        return
    first, last = min(sheet.contact)[0], max(sheet.contact)[1]
    sheet.furniture = [(r, why) for r, why in sheet.furniture if not first <= r[0] < last]
    sheet.notes = [r for r in sheet.notes if not first <= r[0] < last]
    sheet.closing = [r for r in sheet.closing if not first <= r[0] < last]


def _take_front(sheet: Sheet, rows: list[_Paragraph], end: int) -> int:
    """Title, head and furniture above the text; returns where the text begins."""
    titles = [i for i, row in enumerate(rows[:end]) if row.kind == "title"]
    first_long = next((i for i, row in enumerate(rows[:end]) if row.kind == "" and len(row.text) > 60), end)
    titles = [i for i in titles if i <= first_long] or titles[:1]
    at = 0
    if titles:
        title = titles[-1]
        for row in rows[:title]:
            _above(sheet, row)
        at = title + 1
        sheet.title.append(rows[title].range)
        while at < end and rows[at].kind == "title+":
            sheet.title.append(rows[at].range)
            at += 1
    while at < end and (rows[at].kind == "furniture" or _is_number(rows[at].text)):
        if rows[at].kind == "":
            sheet.document_number = rows[at].range
        else:
            sheet.furniture.append((rows[at].range, "网页信息"))
        at += 1
    if at < end and rows[at].kind == "" and ADDRESSEES.fullmatch(rows[at].text) and _addresses(rows[at].text):
        sheet.addressees = rows[at].range
        at += 1
    return at


def _addresses(text: str) -> bool:
    return "各" in text[:30] or text.startswith(("局属", "机关", "全", "广大", "市", "区", "县", "本"))


def _is_number(text: str) -> bool:
    return len(text) <= 40 and DOCUMENT_NUMBER.fullmatch(text) is not None


def _above(sheet: Sheet, row: _Paragraph) -> None:
    if _is_number(row.text):
        sheet.document_number = row.range
    elif row.kind == "" and RED_HEAD.fullmatch(row.text):
        sheet.head.append(row.range)
    elif row.kind in ("title", "title+"):
        sheet.furniture.append((row.range, "标题重复"))
    else:
        sheet.furniture.append((row.range, "标题之前的文字"))


def _take_back(sheet: Sheet, rows: list[_Paragraph], begin: int, dated: int | None) -> None:
    """Signature, date, contact and closing at the end of the text; what is left is the body."""
    end = len(rows)
    after: list[_Paragraph] = []
    if dated is not None:
        after = rows[dated + 1 :]
        end = dated
        while end > begin and rows[end - 1].kind == "signature":
            end -= 1
    else:
        while end > begin and rows[end - 1].kind == "furniture":
            end -= 1
        after = rows[end:]
        while end > begin and rows[end - 1].kind == "signature":
            end -= 1
    signed = rows[end : len(rows) - len(after)]
    start = _tail_start(rows, begin, end)
    stop = start
    while stop > begin and rows[stop - 1].kind == "furniture":
        stop -= 1
        sheet.furniture.append((rows[stop].range, "网页信息"))
    if begin < stop:
        sheet.body = (rows[begin].range[0], rows[stop - 1].range[1])
    _tail(sheet, rows[start:end])
    _sign(sheet, signed)
    _after(sheet, after)


def _sign(sheet: Sheet, rows: list[_Paragraph]) -> None:
    for row in rows:
        if row.kind == "date":
            sheet.date = row.range
            sheet.tail.append("date")
            continue
        start, stop = row.range
        found = SIGNED_AND_DATED.fullmatch(row.text) if row.kind == "signed" else None
        if found:
            shift = start + found.start("date")
            sheet.signature.append((start, shift))
            sheet.date = (shift, stop)
        else:
            sheet.signature.append(row.range)
        if "signature" not in sheet.tail:
            sheet.tail.append("signature")
        if found:
            sheet.tail.append("date")


def _tail_start(rows: list[_Paragraph], begin: int, end: int) -> int:
    """The first of the paragraphs before the signature that are contact, closing words or annex."""
    start = end
    while start > begin and end - start < 20:
        if _tail_kind(rows[start - 1].text, start < end):
            start -= 1
        elif start - 2 >= begin and _is_broken_contact(rows[start - 2].text, rows[start - 1].text):
            start -= 2
        else:
            break
    return start


def _is_broken_contact(text: str, rest: str) -> bool:
    """A contact line that was broken by its column: a short rest stands on the next line."""
    broken = text[-1] not in "。；;：:" and len(rest) <= 40 and mark_at(rest, 0, len(rest)) is None
    return broken and _tail_kind(text, True) == "contact"


def _tail_kind(text: str, followed: bool) -> str:
    """closing, contact or notes for a paragraph near the signature, else nothing."""
    mark = mark_at(text, 0, len(text))
    bare = text[mark.end :] if mark else text
    if mark and mark.family not in ("（一）", "1.", "（1）", "1)"):
        return ""
    phone = _PHONE.search(bare) is not None
    if CLOSING.match(bare) and len(bare) <= 60 and not phone:
        return "closing"
    if ATTACHMENT.match(bare) and len(bare) <= 120:
        return "closing"
    if CONTACT_START.match(bare) or (len(bare) <= 120 and CONTACT_LINE.match(bare)):
        return "contact"
    if len(bare) <= 300 and phone and ("欢迎" in bare or (mark is None and len(bare) <= 120)):
        return "contact"
    if followed and len(bare) <= 60 and re.match(r"(?:\d{3,4}[-—－ ]\d{7,8}|[\w.\-]+[@＠])", bare):
        return "contact"
    return ""


def _tail(sheet: Sheet, rows: list[_Paragraph]) -> None:
    kinds = [_tail_kind(row.text, True) or "contact" for row in rows]
    for row, kind in zip(rows, kinds, strict=True):
        target = kind
        if kind == "closing" and "contact" in kinds and "closing" in sheet.tail and sheet.tail[-1] == "contact":
            target = "contact"
        (sheet.contact if target == "contact" else sheet.closing).append(row.range)
        if target not in sheet.tail:
            sheet.tail.append(target)
        elif sheet.tail[-1] != target:  # contact, closing, contact: one wording, kept in order
            sheet.contact = sorted([*sheet.contact, *sheet.closing])
            sheet.closing = []
            sheet.tail[:] = ["contact"]


def _after(sheet: Sheet, rows: list[_Paragraph]) -> None:
    """What follows the date: a late title, contact, annex and notes; the rest is web furniture."""
    annex = False
    for row in rows:
        if row.kind in ("title", "title+") and (row.kind == "title+" or not sheet.title) and not annex:
            sheet.title.append(row.range)
            sheet.title_after = True
        elif row.kind == "furniture" and not annex:
            sheet.furniture.append((row.range, "网页信息"))
        elif _tail_kind(row.text, bool(sheet.contact)) == "contact" and not annex and "contact" not in sheet.tail[:-1]:
            sheet.contact.append(row.range)
            if "contact" not in sheet.tail:
                sheet.tail.append("contact")
        elif annex or ATTACHMENT.match(row.text) or AFTERWORD.match(row.text) or CLOSING.match(row.text):
            annex = annex or ATTACHMENT.match(row.text) is not None
            sheet.notes.append(row.range)
            if "notes" not in sheet.tail:
                sheet.tail.append("notes")
        else:
            sheet.furniture.append((row.range, "落款之后的文字"))
