"""The contact wording of a notice: its values picked out, the wording around them kept with placeholders."""

from __future__ import annotations

import re

from desktop_app.intake.draft import Contact, Finding
from desktop_app.intake.flow import Flow

_PHONE = (
    r"(?:[（(]\s?0[0-9]{2,3}\s?[）)]\s?[-—－–]?\s?[0-9]{3,4}\s[0-9]{4}|[（(]\s?0[0-9]{2,3}\s?[）)]\s?[-—－–]?\s?[0-9]{7,8}|0[0-9]{2,3}\s?[-—－–]{1,2}\s?[0-9]{7,8}|0[0-9]{2,3}[-—－]1(?:2[0-9]{3}|1[0-9])(?![0-9])|0[0-9]{2,3}\s[0-9]{7,8}|0[0-9]{9,11}"
    r"|400[-—－ ]?[0-9]{3}[-—－ ]?[0-9]{4}|1[3-9][0-9]{9}|[0-9]{7,8}|12[0-9]{3}|110|0[０-９]{2,3}[-－][０-９]{7,8}|[０-９]{3,4}[-－][０-９]{7,8})"
    r"(?:\s?(?:[-—－转]|转)\s?[0-9]{1,6})?"
)
_FIELDS = (
    (
        "email",
        re.compile(
            r"(?P<v>[A-Za-z0-9_][A-Za-z0-9_.\-]{0,60}\s?[@＠]\s?[A-Za-z0-9\-]{1,40}(?:\.[A-Za-z0-9\-]{1,20}){1,4})"
        ),
    ),
    ("postcode", re.compile(r"(?:邮\s?编|邮政编码)\s?[：:为]?\s?(?P<v>[0-9０-９]{6})(?![0-9０-９])")),
    ("fax", re.compile(rf"(?<!及)(?<!\()传\s?真\s?(?:号码|电话)?\s?[：:为]?\s?(?P<v>{_PHONE})")),
    (
        "person",
        re.compile(
            r"(?:联\s?系\s?人|联络人)\s?[：:为]\s?(?P<v>[^；;，,。（(：:\n]{2,16}?)(?=\s*(?:[；;，,。（(\n]|$|(?:联系|办公)?电\s*话|手机|传真))"
        ),
    ),
    (
        "hours",
        re.compile(
            r"(?:(?:受理|接听|接访|接待|工作|办公|来访|来电|反映)(?:电话)?时间)\s?(?:为|[：:])\s?(?P<v>[^；;。\n]{3,80})"
        ),
    ),
    (
        "address",
        re.compile(
            r"(?:(?<!电子)(?<!邮箱)(?:(?:联系|通讯|通信|邮寄|来信|办公|单位|接访|来访|信访|联络|投递)?地\s?址|邮政信箱|邮寄信箱|信\s?箱)|来信请寄|邮寄至)\s?[：:为]?\s?"
            r"(?P<v>[^；;。，,\n（(]{3,80}(?:[（(](?!邮)[^（）()；;。\n]{1,40}[）)][^；;。，,\n（(]{0,40})?)"
        ),
    ),
)
_PHONES = re.compile(rf"(?<![0-9A-Za-z.\-@])(?P<v>{_PHONE})(?![0-9A-Za-z@.\-])")


def contact_at(flow: Flow, start: int, end: int) -> tuple[Contact, tuple[Finding, ...]]:
    """The contact in ``text[start:end]``, and what looks broken in it (an e-mail split at a line end, a full-width ＠)."""
    text = flow.text[start:end].strip()
    start += len(flow.text[start:end]) - len(flow.text[start:end].lstrip())
    place = flow.place(start, start + len(text))
    if "{" in text:
        return Contact(text, place=place), ()
    spans: list[tuple[int, int, str]] = []
    values: dict[str, str] = {}
    for name, pattern in _FIELDS:
        found = next((hit for hit in pattern.finditer(text) if _free(spans, *hit.span("v"))), None)
        if found and found["v"].strip():
            first, value = found.start("v"), found["v"].rstrip()
            if value[-1] in "）)" and value.count("（") + value.count("(") == 0:
                value = value[:-1]
            values[name] = value
            spans.append((first, first + len(value), name))
    phones: list[str] = []
    for hit in _PHONES.finditer(text):
        if _free(spans, *hit.span("v")) and _named_phone(text, hit.start()):
            phones.append(hit["v"])
            spans.append((*hit.span("v"), "phone" if len(phones) == 1 else f"phone{len(phones)}"))
    shown, at = [], 0
    for first, last, name in sorted(spans):
        shown += [text[at:first], "{", name, "}"]
        at = last
    contact = Contact("".join([*shown, text[at:]]), tuple(phones), place=place, **values)
    mail = next(((a, b) for a, b, name in spans if name == "email"), None)
    return contact, _mail_findings(flow, start + mail[0], start + mail[1]) if mail else ()


def _free(spans: list[tuple[int, int, str]], start: int, end: int) -> bool:
    return all(end <= a or start >= b for a, b, _ in spans)


def _named_phone(text: str, at: int) -> bool:
    """A number is a phone when a word for it stands before it in its line, or it has an area code."""
    line = text[text.rfind("\n", 0, at) + 1 : at][-60:]
    return (
        re.search(r"电\s?话|热线|手机|举报|拨打", line) is not None
        or re.match(r"[（(]?0\d{2,3}", text[at:]) is not None
    )


def _mail_findings(flow: Flow, start: int, end: int) -> tuple[Finding, ...]:
    """A hyphen at the end of a printed line inside the address, and full-width characters in it."""
    mail, place = flow.text[start:end], flow.place(start, end)
    findings = []
    for index, character in enumerate(mail[:-1]):
        broken = flow.at[start + index + 1] - flow.at[start + index] > 1
        if broken and character == "-":
            better = (mail[:index] + mail[index + 1 :]).replace("＠", "@")
            sentence = f"电子邮箱“{mail}”在换行处带有连字符，可能是排版时加上的。请核对，或改为“{better}”。"
            findings.append(Finding("email_broken", sentence, place, better))
        elif broken:
            sentence = f"电子邮箱“{mail}”原来断在两行，已连起来。请核对。"
            findings.append(Finding("email_rejoined", sentence, place, mail))
    better = mail.replace("＠", "@").replace(" ", "")
    if better != mail:
        sentence = f"电子邮箱“{mail}”里有全角字符或空格，照原样保留。请核对，或改为“{better}”。"
        findings.append(Finding("email_width", sentence, place, better))
    return tuple(findings)
