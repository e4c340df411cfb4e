"""Issuing (印发): a composed paper gets its number and its code, is made into its file, and all of it is kept by one deed.

What is compared with what. ``digest`` is the SHA-256 of the tree with its number and without its code: it stands for the
words. ``head`` is the hash of the whole log the paper was composed from. The code (``stamps``) carries number, digest and head
in short and stands on internal papers and in the properties of every file; the file's own hash cannot stand inside it and is
kept in the ledger beside its bytes. The deed is refused where the ledger went on since it was composed, so the head is that
of exactly the facts that were printed.

An issue is never undone: the paper may have left the house by then, and its number must not name another one. It is
withdrawn with a reason, or corrected by a new issue (``rectification.issued``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, Edit, Outcome, create, edit
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.body import Json
from db.schema.composite import Sheet
from db.schema.kinds import Publicity
from db.schema.records import IssuedPaper, Notice, Unit
from db.store import blobs
from desktop_app.notices import compose, kept, papers, sheet, stamps, stored, tree
from desktop_app.notices.wanted import Kind, Wanted
from desktop_app.rectification import checks, rules
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.numbering import TOPIC, Number, number_for, numbers_for

GAP = re.compile(r"〔缺数据：(.*?)〕")
NOTICE = "通报"


@dataclass(frozen=True)
class About:
    """What is issued beside its words. ``asked`` is the number wanted ("" the next one), ``reason`` why it is not the next;
    ``notice`` the notice it is, ``corrects`` the issued paper it corrects (ids); ``source`` says how it was made, for making
    it again as the ledger is later."""

    unit: Unit
    day: date
    kind: str = NOTICE
    publicity: Publicity = "public"
    numbered: bool = True
    asked: str = ""
    reason: str = ""
    notice: str = ""
    corrects: str = ""
    source: Json | None = None


@dataclass(frozen=True)
class Basis:
    """The ledger papers are composed from: its position, how much of each replica it holds, the hash of its log."""

    position: int
    seen: Mapping[str, int]
    head: str

    @classmethod
    def of(cls, ledger: Ledger) -> Basis:
        """The ledger as it is; the position is asked first, so that whatever comes meanwhile is noticed."""
        position = ledger.position()
        return cls(position, history.seen(ledger), history.head(ledger))


@dataclass(frozen=True)
class Prepared:
    """A paper ready to be issued, with what speaks against it (``doubts``, errors that the checks found)."""

    about: About
    number: Number | None
    document: tree.Document
    digest: str
    basis: Basis
    code: str
    data: bytes
    made_with: str
    doubts: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Issued:
    """What was kept: the record, the bytes of the file, what the deed did."""

    paper: IssuedPaper
    data: bytes
    outcome: Outcome


class Doubtful(Refusal):
    """A paper that the checks speak against; issued only when somebody who has seen that confirms it."""

    def __init__(self, found: tuple[Finding, ...]) -> None:
        first = found[0].sentence
        more = f"等 {len(found)} 处" if len(found) > 1 else ""
        super().__init__(f"还没有印发，查出错误{more}：{first}", "请改正；确认可以照印的，确认后再印发。", TOPIC)
        self.found = found


def prepare_notice(
    ledger: Ledger,
    notice: Notice,
    *,
    day: date | None = None,
    internal: bool = False,
    asked: str = "",
    reason: str = "",
    corrects: str = "",
) -> Prepared:
    """A notice of the ledger ready to be issued, of ``day``, else of the day it bears, else of today. A number that the draft
    bears itself is asked for, unless another one is.

    A notice is issued once for the public and once inside the Party, under a number each; again only where the issue was
    withdrawn.
    """
    basis = Basis.of(ledger)
    gone = notice.state == "issued"
    before = [one for one in ledger.all(IssuedPaper, notice=notice.id) if gone and not one.void_reason]
    if gone and any((one.publicity != "public") == internal for one in before):
        raise Refusal(
            f"《{notice.title or '通报'}》已经印发。",
            "要更正请起草一份更正，另发一份新的；或再存一份印发的文件。",
            TOPIC,
        )
    unit = ledger.get(Unit, notice.unit)
    if unit is None:
        raise Refusal("这份通报没有单位，不能编发文字号。", "请先给通报选定单位。", TOPIC)
    on = day or notice.issued or rules.today(ledger)
    about = About(
        unit,
        on,
        publicity="internal" if internal else "public",
        asked=asked or ("" if gone else notice.document_number or ""),
        reason=reason,
        notice=notice.id,
        corrects=corrects or notice.corrects or "",
    )
    number = _number(ledger, about)
    whole = replace(notice, document_number=number.text if number else None, issued=on)
    document = compose.compose(ledger, whole, today=on, internal=internal)
    return prepare(ledger, document, about, basis=basis)


def _number(ledger: Ledger, about: About) -> Number | None:
    if not about.numbered:
        return None
    return number_for(ledger, about.unit, about.day, asked=about.asked, reason=about.reason, but=about.notice or None)


def prepare(
    ledger: Ledger,
    document: tree.Document,
    about: About,
    *,
    pictures: Mapping[str, bytes] | None = None,
    basis: Basis | None = None,
    errors: Sequence[Finding] | None = None,
) -> Prepared:
    """Any composed paper ready to be issued. ``basis`` is what it was composed from (None: the present ledger), ``pictures`` the
    bytes of its pictures by digest (None: those the ledger keeps), ``errors`` what the checks find (None: they are asked).

    ``Refusal`` where data are lacking in its words, where no face has a character, for an empty paper, and for its number.
    """
    number = _number(ledger, about)
    if number is not None:
        document = _headed(document, number)
    found = _errors(ledger, about) if errors is None else errors
    return _prepared(ledger, document, about, number, pictures, basis or Basis.of(ledger), found)


def _prepared(
    ledger: Ledger,
    document: tree.Document,
    about: About,
    number: Number | None,
    pictures: Mapping[str, bytes] | None,
    basis: Basis,
    errors: Sequence[Finding],
) -> Prepared:
    """A paper that bears its number already."""
    _stop(document)
    digest = stored.digest(document)
    code = stamps.written(stamps.stamp(about.day.year, number.number if number else 0, digest, basis.head))
    if about.publicity != "public":
        document = replace(document, code=kept.code(code, number, digest))
    laid = sheet.typeset(document)
    identity = kept.identity(code, number, digest, basis.head)
    held = papers.pictures(ledger, (document,)) if pictures is None else pictures
    data = kept.made(laid, document, about.day, identity, held)
    doubts = _concerning(errors, about, document)
    return Prepared(about, number, document, digest, basis, code, data, kept.made_with(laid), doubts)


def _stop(document: tree.Document) -> None:
    """Refuses what must not leave the house whoever confirms it."""
    if not document.title.strip():
        raise Refusal("这份文书没有标题，不能印发。", "请先填写标题。", TOPIC)
    if not tree.every_block(document):
        raise Refusal("这份文书没有正文，不能印发。", "请先填写内容。", TOPIC)
    lacking = dict.fromkeys(name for text in tree.texts(document) for name in GAP.findall(text))
    if lacking:
        named = "、".join(list(lacking)[:8]) + (f"等 {len(lacking)} 个" if len(lacking) > 8 else "")
        raise Refusal(f"文中缺数据：{named}，不能印发。", "请补填这些数据，或改正文里的名称。", TOPIC)


def _errors(facts: Facts, about: About) -> list[Finding]:
    return [one for one in checks.findings(facts, about.day, about.unit.id) if one.severity == "error"]


def _concerning(errors: Sequence[Finding], about: About, document: tree.Document) -> tuple[Finding, ...]:
    """Of the errors of a unit all, if the paper is its notice; else those about the records the paper is made of."""
    if about.notice:
        return tuple(errors)
    made_of = origins(document)
    return tuple(one for one in errors if f"{one.record}:{one.id}" in made_of)


def origins(value: object) -> dict[str, None]:
    """Every record a tree's words come from (``problem:01H…``), in printing order."""
    found: dict[str, None] = {}
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting += reversed(one)
        elif type(one) in tree.NODES.values():
            if getattr(one, "origin", ""):
                found[one.origin] = None  # type: ignore[attr-defined]
            waiting += (getattr(one, name) for name in reversed(one.__slots__))  # type: ignore[attr-defined]
    return found


# -- the deed --------------------------------------------------------------------------------------------------------


def issue(ledger: Ledger, prepared: Prepared, actor: str, *, confirmed: bool = False) -> Issued:
    """Issues a paper: its record, words and file, and the state of its notice, in one deed.

    ``Doubtful`` where the checks found errors and nobody ``confirmed``; ``Refusal`` where the ledger went on since it was
    prepared.
    """
    return issue_all(ledger, [prepared], actor, confirmed=confirmed)[0]


def issue_all(ledger: Ledger, batch: Sequence[Prepared], actor: str, *, confirmed: bool = False) -> list[Issued]:
    """As ``issue``, for papers prepared from one ledger: all of them in one deed, or none."""
    doubts = tuple(dict.fromkeys(found for one in batch for found in one.doubts))
    if doubts and not confirmed:
        raise Doubtful(doubts)
    edits: list[Edit] = []
    bytes_of: list[tuple[Sheet, bytes]] = []
    made: list[str] = []
    for one in batch:
        record, held = _record(one)
        edits.append(record)
        made.append(record.id)
        bytes_of += held
        notice = ledger.get(Notice, one.about.notice)
        if notice is not None and notice.state != "issued":
            number = one.number.text if one.number else None
            edits.append(edit(notice, state="issued", issued=one.about.day, document_number=number))
    more = f" 等 {len(batch)} 份" if len(batch) > 1 else ""
    sentence = f"印发 {_named(batch[0])[:400]}{more}"
    position = batch[0].basis.position
    outcome = ledger.act(Deed(sentence, actor, tuple(edits), tuple(bytes_of), position))
    records = {paper.id: paper for paper in ledger.all(IssuedPaper)}
    return [Issued(records[key], one.data, outcome) for key, one in zip(made, batch, strict=True)]


def _named(one: Prepared) -> str:
    return " ".join(part for part in (one.number.text if one.number else "", one.document.title) if part)


def _record(one: Prepared) -> tuple[Edit, list[tuple[Sheet, bytes]]]:
    """The record of an issued paper, and the bytes it names."""
    about, number = one.about, one.number
    words = stored.to_json(one.document).encode("utf-8", "surrogatepass")
    kept_tree = blobs.sheet_of(f"{_named(one)}.json", words, "application/json")
    kept_file = blobs.sheet_of(f"{_named(one)}.pdf", one.data, "application/pdf")
    values: dict[str, Any] = {
        "unit": about.unit.id,
        "notice": about.notice,
        "kind": about.kind,
        "title": _line(one.document.title),
        "agency": number.agency if number else "",
        "year": number.year if number else None,
        "number": number.number if number else None,
        "document_number": number.text if number else "",
        "day": about.day,
        "publicity": about.publicity,
        "reason": _line(about.reason),
        "corrects": about.corrects,
        "tree": kept_tree,
        "paper": kept_file,
        "digest": one.digest,
        "head": one.basis.head,
        "seen": tuple(f"{replica} {sequence}" for replica, sequence in sorted(one.basis.seen.items())),
        "stamp": one.code,
        "made_with": one.made_with[:500],
        "source": about.source,
    }
    made = create(IssuedPaper, **{name: value for name, value in values.items() if value not in ("", None)})
    return made, [(kept_tree, words), (kept_file, one.data)]


def _line(text: str) -> str:
    """Words as a field of one line keeps them."""
    return " ".join(text.split())[:500]


_ROOM = re.compile(r"([^\s〔（(]{1,12})〔\d{4}〕[\s\u3000]+号")
"""Where a paper of a kind that counts by its own word has room for its number: 督办〔2025〕　　号."""
_OPTION = "number"
"""The option that fills it, for the first of a batch."""


def prepare_kind(ledger: Ledger, kind: Kind, wanted: Wanted, about: About) -> list[Prepared]:
    """The papers of a kind (the slips of a batch) ready to be issued, each under a number of its own.

    A kind that has room for a number of its own word (督办) counts by that; a working paper without a head bears no number
    unless one is asked for; any other bears one of the unit.
    """
    basis = Basis.of(ledger)
    first = wanted.options.get(_OPTION)
    bare = replace(wanted, options={name: value for name, value in wanted.options.items() if name != _OPTION})
    made = papers.made(ledger, kind, bare)
    word = next((m[1] for one in made.documents for text in tree.texts(one) for m in _ROOM.finditer(text)), "")
    plain = all(one.form == "sheet" and one.head is None for one in made.documents)
    told = replace(about, kind=kind.title, day=wanted.day, asked=about.asked or (str(first) if first else ""))
    numbers: list[Number | None] = [None] * len(made.documents)
    if told.numbered and (word or told.asked or not plain):
        numbers = [
            *numbers_for(ledger, told.unit, told.day, len(numbers), asked=told.asked, reason=told.reason, agency=word)
        ]
    documents: Sequence[tree.Document] = made.documents
    if word and numbers[0] is not None and _OPTION in kind.options:
        documents = _with_numbers(ledger, kind, bare, numbers)
    elif not word:
        documents = [one if n is None else _headed(one, n) for one, n in zip(documents, numbers, strict=True)]
    errors = _errors(ledger, told)
    found = []
    for document, number in zip(documents, numbers, strict=True):
        own = replace(bare, options={**bare.options, _OPTION: number.number}) if word and number else bare
        if kind.of == "problem" and len(documents) > 1:  # which of the batch it is
            problems = [one.removeprefix("problem:") for one in origins(document) if one.startswith("problem:")]
            own = replace(own, of=tuple(problems[:1]))
        one = replace(told, source=kept.source_of(kind, own))
        found.append(_prepared(ledger, document, one, number, made.pictures, basis, errors))
    return found


def _headed(document: tree.Document, number: Number) -> tree.Document:
    return replace(document, head=replace(document.head or tree.Head(""), document_number=number.text))


def _with_numbers(ledger: Ledger, kind: Kind, wanted: Wanted, numbers: Sequence[Number | None]) -> list[tree.Document]:
    """The papers of a batch composed with their numbers; they count on from the first, unless some in between are given."""
    found: list[tree.Document] = []
    for at, number in enumerate(numbers):
        before = numbers[at - 1] if at else None
        if number is not None and (before is None or number.number != before.number + 1):
            first = number.number - at
            if first < 1:
                raise Refusal("这一批的编号排不开。", "请另选起始编号。", TOPIC)
            options = {**wanted.options, _OPTION: first}
            found[at:] = papers.made(ledger, kind, replace(wanted, options=options)).documents[at:]
    return found
