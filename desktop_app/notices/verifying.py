"""Is a paper ours, is it unchanged, and what became of it and of the ledger since (核验)?

The file is compared byte by byte with the one that was kept; where they differ, the words that can be read out of both are.
A code alone is compared with the digest of the words that were kept. The head of the log on the paper is compared with the one
the log gives now for the part it held then: who wrote the ledger anew since cannot make them equal. What the words depend on
is told record by record, and by printing the paper once more from the ledger as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from db.errors import Refusal
from db.ledger import history
from db.ledger.facts import Facts
from db.ledger.lines import describe
from db.schema.records import Figure, IssuedPaper, Unit
from desktop_app.notices import comparing, issuing, kept, stamps, stored, tree
from desktop_app.notices.pages_read import pages_of
from desktop_app.notices.recomposing import composed_now, seen_of, words_of
from desktop_app.notices.wording import steps, words
from desktop_app.rectification import issued, numbering

TOPIC = "verify"
State = Literal["unchanged", "resaved", "changed", "code", "other"]
"""The bytes are those kept; the words are, the bytes are not; the words are not; only a code was given; it is another paper
under our number."""
Log = Literal["whole", "rewritten", "missing", "unknown"]
"""The log then is the log now; it is not; parts of it are not in this file; the paper states none."""
_CONTEXT = 12
_TOLD = 200


@dataclass(frozen=True)
class Place:
    """A place where the words differ: the page of the file, the words before it, what was issued there, what stands there."""

    page: int
    before: str
    issued: str
    found: str


@dataclass(frozen=True)
class Value:
    """A field of a record, as it was and as it is, in words."""

    label: str
    then: str
    now: str


@dataclass(frozen=True)
class Changed:
    """A record the words depend on that is different now: its schema's title, its line, what differs, who changed it last."""

    record: str
    id: str
    title: str
    line: str
    values: tuple[Value, ...]
    deleted: bool
    actor: str
    time: str


@dataclass(frozen=True)
class Verdict:
    """What is found about a paper. ``paper`` is None when this ledger has not issued it; ``claimed`` is what it says of itself.

    ``unreadable``: there are no words in the file; not ``compared``: its words could not be compared with those issued.
    ``again`` compares what was issued with what would be printed now (None: cannot be printed, ``again_lacks`` says why).
    """

    paper: IssuedPaper | None
    state: State
    claimed: Mapping[str, str]
    places: tuple[Place, ...] = ()
    log: Log = "unknown"
    words_kept: bool = True
    unreadable: bool = False
    compared: bool = True
    corrected_by: tuple[IssuedPaper, ...] = ()
    same_number: tuple[IssuedPaper, ...] = ()
    changed: tuple[Changed, ...] = ()
    again: comparing.Comparison | None = None
    again_lacks: str = ""
    actor: str = ""
    time: str = ""

    @property
    def clean(self) -> bool:
        """Whether the paper is ours, unchanged, in force, and the ledger still says what it says."""
        one = self.paper
        return (
            one is not None
            and self.state in ("unchanged", "code")
            and not one.void_reason
            and not self.corrected_by
            and not self.same_number
            and self.log == "whole"
            and self.words_kept
            and not self.changed
            and (self.again is None or self.again.same)
        )


def verify_code(facts: Facts, typed: str) -> Verdict:
    """A code typed from paper, or what was read from the two-dimensional one. ``Refusal`` when it was typed wrongly."""
    code = stamps.found(typed) or stamps.written(stamps.read(typed))
    found = next((one for one in facts.all(IssuedPaper) if one.stamp == code), None)
    number = next((line for line in map(str.strip, typed.splitlines()) if numbering.parsed(line)), "")
    claimed = {"code": code, **({"number": number} if number else {})}
    return _judged(facts, found, "code", claimed) if found else Verdict(None, "code", claimed)


def verify_file(facts: Facts, data: bytes) -> Verdict:
    """A PDF file. ``Refusal`` when it cannot be read."""
    pages = pages_of(data)
    found, claimed = recognised(facts, data, pages)
    if found is None:
        return Verdict(None, "changed", claimed)
    if found.paper is not None and hashlib.sha256(data).hexdigest() == found.paper.hash:
        return _judged(facts, found, "unchanged", claimed)
    issued_pages = _issued_pages(facts, found) if any(pages) else None
    if issued_pages is None:
        return replace(_judged(facts, found, "changed", claimed), unreadable=not any(pages), compared=False)
    places = _differing(issued_pages, pages)
    state: State = "changed" if places else "resaved"
    if places and "code" not in claimed:
        state = "other"
    return replace(_judged(facts, found, state, claimed), places=tuple(places))


def recognised(facts: Facts, data: bytes, pages: Sequence[str]) -> tuple[IssuedPaper | None, dict[str, str]]:
    """The issued paper a file is, or says to be: by its bytes, its properties, the code in its words, its number; and what it
    says of itself."""
    from desktop_app.notices.properties import identity_of

    everything = facts.all(IssuedPaper)
    claimed = identity_of(data)
    digest = hashlib.sha256(data).hexdigest()
    same = next((one for one in everything if one.paper is not None and one.paper.hash == digest), None)
    if same is not None:
        return same, claimed
    words = "\n".join(pages)
    code = stamps.found(claimed.get("code", "")) or stamps.found(words)
    claimed = {name: value for name, value in claimed.items() if name != "code"} | ({"code": code} if code else {})
    by_code = next((one for one in everything if code and one.stamp == code), None)
    if by_code is not None:
        return by_code, claimed
    number = claimed.get("number", "") or next((m[0] for m in _NUMBER.finditer(words)), "")
    parsed = numbering.parsed(number)
    if parsed is None or code:
        return None, claimed
    by_number = [one for one in everything if one.tree and kept.number_of(one) == parsed]
    standing = [one for one in by_number if not one.void_reason] or by_number
    return (standing[0] if standing else None), {**claimed, "number": parsed.text}


_NUMBER = re.compile(r"[^\s，。；：、（）〔〕]{1,12}〔\d{4}〕\d{1,4}号")


def _judged(facts: Facts, paper: IssuedPaper, state: State, claimed: Mapping[str, str]) -> Verdict:
    seen = seen_of(paper)
    told = claimed if state == "unchanged" or claimed.get("code") == paper.stamp else {}
    entries = history.entries(facts, record="issued_paper", id=paper.id)
    made = entries[-1] if entries else None
    document, lacks = _document(facts, paper)
    again, again_lacks = _again(facts, paper, document) if document else (None, lacks)
    number = kept.number_of(paper)
    everything = facts.all(IssuedPaper) if number else []
    return Verdict(
        paper,
        state,
        claimed,
        log=_log(facts, paper, seen, told),
        words_kept=document is None or _fits(paper, document, told),
        corrected_by=tuple(issued.corrected_by(facts, paper)),
        same_number=tuple(
            one for one in everything if one.id != paper.id and one.tree and kept.number_of(one) == number
            and not one.void_reason
        ),
        changed=tuple(_changed(facts, paper, document, seen)) if document else (),
        again=again,
        again_lacks=again_lacks,
        actor=made.actor if made else "",
        time=made.time if made else "",
    )  # fmt: skip


def _log(facts: Facts, paper: IssuedPaper, seen: Mapping[str, int], told: Mapping[str, str]) -> Log:
    """Whether the log of that moment is still what it was, by what was kept and by what the paper itself ``told``: whoever
    writes the ledger anew cannot write it into papers that left the house."""
    if not seen:
        return "unknown"
    head = history.head(facts, seen)
    if not head:
        return "missing"
    fits = _stamp_fits(paper, "", head)[1]
    return "whole" if {paper.head or head, told.get("log", head)} == {head} and fits else "rewritten"


def _stamp_fits(paper: IssuedPaper, digest: str, head: str) -> tuple[bool, bool]:
    """Whether digest and head are those of the paper's code; of a code that another program wrote wrongly neither is."""
    try:
        return stamps.read(paper.stamp).fits(digest, head) if paper.stamp else (True, True)
    except Refusal:
        return False, False


def _fits(paper: IssuedPaper, document: tree.Document, told: Mapping[str, str]) -> bool:
    """Whether the words that were kept are those the code was made of."""
    digest = stored.digest(replace(document, code=None))
    fits = _stamp_fits(paper, digest, "")[0]
    return {paper.digest or digest, told.get("digest", digest)} == {digest} and fits


def _document(facts: Facts, paper: IssuedPaper) -> tuple[tree.Document | None, str]:
    try:
        return words_of(facts, paper), ""
    except Refusal as missing:
        return None, missing.sentence


# -- the words of the file -------------------------------------------------------------------------------------------


def _issued_pages(facts: Facts, paper: IssuedPaper) -> list[str] | None:
    """The words of the pages as they were issued, of the file made again where its bytes are not here; None where it cannot
    be made again either."""
    try:
        return pages_of(kept.file_of(facts, paper))
    except Refusal:
        pass
    try:
        document = words_of(facts, paper)
        return pages_of(kept.printed_again(facts, paper, document=document).data)
    except Refusal:
        return None


def _differing(before: Sequence[str], after: Sequence[str]) -> list[Place]:
    """The places where the words of two files differ, blanks apart."""
    old, new = ([word.text for page in pages for word in words([tree.Run(page)])] for pages in (before, after))
    ends: list[int] = []
    for page in after:
        ends.append((ends[-1] if ends else 0) + len(words([tree.Run(page)])))
    places = []
    for step in steps(old, new):
        if step.same:
            continue
        number = next((at for at, end in enumerate(ends, start=1) if step.j < end), len(ends))
        lead = "".join(new[max(0, step.j - _CONTEXT) : step.j])
        told = "".join(old[step.i : step.m])[:_TOLD], "".join(new[step.j : step.n])[:_TOLD]
        places.append(Place(number, lead, *told))
    return places


# -- what became of what it says --------------------------------------------------------------------------------------


def _changed(facts: Facts, paper: IssuedPaper, document: tree.Document, seen: Mapping[str, int]) -> list[Changed]:
    """The records the words depend on that are different now: those they come from, their figures, the unit."""
    asked: dict[str, list[str]] = {}
    for origin in [*issuing.origins(document), f"unit:{paper.unit}" if paper.unit else ""]:
        record, _, identifier = origin.partition(":")
        if record in facts.tables.records and record != "notice" and identifier not in asked.get(record, ()):
            asked.setdefault(record, []).append(identifier)
    problems = asked.get("problem", [])
    asked["figure"] = [one.id for found in facts.parts(Figure, problems).values() for one in found]
    found = []
    for record, ids in asked.items():
        for identifier, past in history.as_seen(facts, record, ids, seen).items():
            if past.fields and past.since:
                found += _one_changed(facts, record, identifier, past)
    return found


def _one_changed(facts: Facts, record: str, identifier: str, past: history.Past) -> list[Changed]:
    schema = facts.schema(record)
    then = schema.read(identifier, past.fields)
    now = facts.find(record, identifier, deleted=True)
    deleted = facts.find(record, identifier) is None
    values = []
    for field in schema.fields:
        if field.kind.section == "印文":
            continue
        before, after = getattr(then, field.name), getattr(now, field.name) if now else None
        if before != after:
            values.append(Value(field.kind.label, _shown(field.kind, before), _shown(field.kind, after)))
    if not values and not deleted:
        return []
    time, actor, _ = past.since[-1]
    line = describe(facts, now or then)
    return [Changed(record, identifier, schema.title, line, tuple(values), deleted, actor, time)]


def _shown(kind: Any, value: Any) -> str:
    return "（空）" if value is None else str(kind.show(value))


def _again(facts: Facts, paper: IssuedPaper, document: tree.Document) -> tuple[comparing.Comparison | None, str]:
    """What was issued beside what would be printed now."""
    try:
        now = composed_now(facts, paper, document)
    except Refusal as refusal:
        return None, refusal.sentence
    return comparing.comparison(document, now), ""


def unit_of(facts: Facts, paper: IssuedPaper) -> str:
    """The name of the unit that issued a paper."""
    found = facts.get(Unit, paper.unit)
    return (found.name if found else None) or ""
