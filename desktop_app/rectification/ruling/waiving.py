"""Waivers: a finding somebody looked at and let pass, with the reason. It counts for the rule, the row and the matter, and only
while the figures concerned stay as they were; it is listed apart, never silently gone.

Whether the figures stayed is told by a fingerprint of the finding's ``substance`` kept behind the matter: an amount that
was changed, a day that was moved, one more row in the group make another substance, and the question is asked again. The
number of days something is overdue is no part of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome, new_id
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.records import Waiver
from desktop_app.rectification.finding import Finding

LONGEST = 500
"""Characters of a sentence, a reason or a matter that are kept."""
Key = tuple[str, str, str]


def _code(finding: Finding) -> str:
    return finding.rule or finding.code


def fingerprint(finding: Finding) -> str:
    """Twelve hex digits of the figures concerned."""
    return hashlib.sha256((finding.substance or finding.sentence).encode()).hexdigest()[:12]


def _matter(finding: Finding) -> str:
    """The matter as it is kept: short enough for its field."""
    matter = finding.matter or finding.field
    if len(matter) > LONGEST - 20 or not matter.isprintable() or matter != " ".join(matter.split()):
        return hashlib.sha256(matter.encode()).hexdigest()[:16]
    return matter


def key(finding: Finding) -> str:
    """What a form gives the reason for: rule, matter and figures; the row is the one being saved."""
    return f"{_code(finding)}|{_matter(finding)}|{fingerprint(finding)}"


def waivers(facts: Facts) -> dict[Key, list[Waiver]]:
    """The live waivers by rule, schema and matter."""
    found: dict[Key, list[Waiver]] = {}
    for one in facts.all(Waiver) if "waiver" in facts.tables.records else ():
        matter = (one.matter or "").rpartition("#")[0]
        found.setdefault((one.rule or "", one.record or "", matter), []).append(one)
    return found


def marked(facts: Facts, found: Iterable[Finding], today: date) -> list[Finding]:
    """The findings, those that were waived bearing their waiver. A conflict between branches cannot be waived."""
    known = waivers(facts)
    if not known:
        return list(found)
    return [_marked(one, known, today) for one in found]


def _marked(one: Finding, known: Mapping[Key, Sequence[Waiver]], today: date) -> Finding:
    if not may_waive(one):
        return one
    same = [w for w in known.get((_code(one), one.record, _matter(one)), ()) if w.row in (one.id, *one.rows)]
    if not same:
        return one
    mark = fingerprint(one)
    holding = [w for w in same if (w.matter or "").endswith(f"#{mark}") and (w.until is None or w.until >= today)]
    if holding:
        return replace(one, waived=min(holding, key=lambda w: w.id))
    last = max(same, key=lambda w: w.id)
    ended = last.until is not None and last.until < today and (last.matter or "").endswith(f"#{mark}")
    why = f"豁免到 {last.until} 为止" if ended else "后来数据有变"
    return replace(one, advice=f"{one.advice}（曾因“{(last.reason or '')[:40]}”豁免，{why}，请重新确认。）")


def may_waive(finding: Finding) -> bool:
    """Whether a finding can be let pass: not what is disputed between branches, and nothing a form refuses."""
    return finding.code not in ("conflict", "orphan") and not finding.hard


def edit_of(facts: Facts, finding: Finding, reason: str, until: date | None = None, row: str = "") -> Edit:
    """The edit that keeps a waiver; the one that no longer holds for the same matter is renewed."""
    words = " ".join(reason.split())
    if not words:
        raise Refusal("还没有写豁免理由。", "请写明为什么可以不改，以后查得到。", "rules")
    if len(words) > LONGEST:
        raise Refusal(f"豁免理由最多 {LONGEST} 个字，现在有 {len(words)} 个。", "请删减。", "rules")
    if not may_waive(finding):
        raise Refusal("这一条不能豁免。", finding.advice, "rules")
    at = row or finding.id
    before = waivers(facts).get((_code(finding), finding.record, _matter(finding)), [])
    old = next((one for one in before if one.row == at), None)
    values = {
        "rule": _code(finding),
        "record": finding.record or None,
        "row": at or None,
        "matter": f"{_matter(finding)}#{fingerprint(finding)}",
        "sentence": " ".join(finding.sentence.split())[:LONGEST],
        "reason": words,
        "until": until,
    }
    return Edit("waiver", old.id if old else new_id(), values)


def waive(ledger: Ledger, finding: Finding, reason: str, actor: str, until: date | None = None) -> Outcome:
    """Lets a finding pass with a reason, until a day or for good. ``Refusal`` when the reason is empty."""
    edit = edit_of(ledger, finding, reason, until)
    return ledger.act(Deed(f"豁免：{finding.sentence[:60]}", actor, (edit,)))


def unwaive(ledger: Ledger, finding: Finding, actor: str) -> Outcome:
    """Takes a waiver back: the finding counts again."""
    if finding.waived is None:
        raise Refusal("这一条没有豁免。")
    edit = Edit("waiver", finding.waived.id, {"deleted": True})
    return ledger.act(Deed(f"取消豁免：{finding.sentence[:60]}", actor, (edit,)))
