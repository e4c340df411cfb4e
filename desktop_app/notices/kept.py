"""An issued paper as it is kept: its file, its words, and how both are made again.

The file says to be made on the day the paper bears and holds nothing that changes from run to run, so it can be made again
to the byte as long as faces and typesetter are those of that day; what differs otherwise is said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.body import Json
from db.schema.composite import Period, Sheet
from db.schema.records import IssuedPaper, Unit
from desktop_app.notices import papers, pdf, sheet, stamps, stored, tree
from desktop_app.notices.page import Pages
from desktop_app.notices.wanted import Kind, Wanted
from desktop_app.rectification.issued import called, find_paper
from desktop_app.rectification.numbering import TOPIC, Number

_CHINA = timezone(timedelta(hours=8))
_PERIOD = Period("期间")
_SHORT_DIGEST = 32
"""Hex digits of the digest in the two-dimensional code."""


def code(written: str, number: Number | None, digest: str) -> tree.Code:
    """The two-dimensional code of a paper, its number and code in words beside it."""
    named = number.text if number else ""
    data = "\n".join(part for part in (written, named, digest[:_SHORT_DIGEST]) if part)
    return tree.Code(data, tuple(part for part in (named, written) if part))


def identity(written: str, number: Number | None, digest: str, head: str) -> tuple[tuple[str, str], ...]:
    """What the properties of the file say of the paper (``pdf.Meta.identity``)."""
    parts = (("number", number.text if number else ""), ("code", written), ("digest", digest), ("log", head))
    return tuple((name, value) for name, value in parts if value)


def made(
    laid: Pages,
    document: tree.Document,
    day: date,
    told: tuple[tuple[str, str], ...],
    pictures: Mapping[str, bytes],
) -> bytes:
    """The file of a paper, in the form for archives (PDF/A-2b) where it can be proved to be that; it says to be made on the day
    the paper bears, so that it can be made again to the byte."""
    about = pdf.meta(document, datetime.combine(day, time(), _CHINA), told)
    try:
        return pdf.drawn(laid, about, pictures, archive=True)
    except Refusal:  # an office's own face, or no library to prove it with: a paper is issued all the same
        return pdf.drawn(laid, about, pictures)


def made_with(laid: Pages) -> str:
    """What a file made again may differ by: a digest of where every character stands, and the faces."""
    digest = hashlib.sha256()
    faces: set[str] = set()
    for one in laid.pages:
        for line in one.lines:
            digest.update(f"{one.number} {line.y:.2f} {line.text}\n".encode("utf-8", "backslashreplace"))
            for piece in line.pieces:
                faces.add(piece.face)
                digest.update(" ".join(f"{x:.2f}" for x in piece.xs).encode())
    return f"版面 {digest.hexdigest()[:12]}；字体 {'、'.join(sorted(faces))}"


def source_of(kind: Kind, wanted: Wanted) -> Json:
    """How a paper was made, to be kept beside it and read by ``wanted_of``."""
    options = {name: kind.options[name].store(value) for name, value in wanted.options.items()}
    period = _PERIOD.store(wanted.period) if wanted.period else None
    told = {
        "kind": kind.name,
        "unit": wanted.unit,
        "day": wanted.day.isoformat(),
        "readers": wanted.readers,
        "period": period,
        "of": list(wanted.of),
        "options": options,
        "issuer": wanted.issuer,
    }
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def wanted_of(source: Json) -> tuple[Kind, Wanted] | None:
    """What ``source_of`` told; None when this program no longer knows such a paper."""
    if not isinstance(source, dict) or source.get("kind") not in papers.KINDS:
        return None
    kind = papers.KINDS[source["kind"]]
    try:
        options = {name: kind.options[name].load(value) for name, value in source.get("options", {}).items()}
        period = _PERIOD.load(source["period"]) if "period" in source else None
        day = date.fromisoformat(source["day"])
        of = tuple(source.get("of", ()))
        unit, readers, issuer = (source.get(name, "") for name in ("unit", "readers", "issuer"))
        return kind, Wanted(day, unit, readers or "public", period, of, options, issuer)
    except (LookupError, AttributeError, TypeError, ValueError, Refusal):
        return None


def number_of(paper: IssuedPaper) -> Number | None:
    """The number of an issued paper taken apart; None for one without."""
    if not paper.agency or not paper.year or not paper.number:
        return None
    return Number(paper.agency, paper.year, paper.number)


def file_of(facts: Facts, paper: IssuedPaper) -> bytes:
    """The file as it was issued. ``Fault`` where its bytes did not come along."""
    return b"".join(facts.open_paper(_kept(paper, paper.paper)))


def document_of(facts: Facts, paper: IssuedPaper) -> tree.Document:
    """The words as they were issued. ``Fault`` where their bytes did not come along."""
    words = b"".join(facts.open_paper(_kept(paper, paper.tree)))
    try:
        return stored.from_json(words.decode("utf-8", "surrogatepass"))
    except ValueError as newer:
        raise Refusal(
            f"{called(paper)}的内容是更新的程序存的，这个版本读不懂。", "请升级程序后再试。", TOPIC
        ) from newer


def _kept(paper: IssuedPaper, kept: Sheet | None) -> Sheet:
    if kept is None:
        raise Refusal(f"{called(paper)}不是用本程序印发的，台账里没有它的文件。", "请找纸质文书或原来的文件。", TOPIC)
    return kept


def find(facts: Facts, said: str, unit: Unit | None = None, *, bare: bool = False) -> IssuedPaper:
    """As ``issued.find_paper``, the code however it was typed."""
    typed = said.strip()
    if typed.upper().startswith("ZGT"):
        typed = stamps.written(stamps.read(typed))
    return find_paper(facts, typed, unit, bare=bare)


@dataclass(frozen=True)
class Again:
    """An issued paper made again from its words: whether the bytes are those issued, and if not, in a few words why."""

    data: bytes
    same: bool
    differs: str = ""


def printed_again(facts: Facts, paper: IssuedPaper, document: tree.Document | None = None) -> Again:
    """Makes the file again from the words that were kept (or those given). The words are the same; the bytes are too, as long
    as faces and typesetter are."""
    document = document or document_of(facts, paper)
    laid = sheet.typeset(document)
    told = identity(paper.stamp or "", number_of(paper), paper.digest or "", paper.head or "")
    held = papers.pictures(facts, (document,))
    data = made(laid, document, paper.day or date(2000, 1, 1), told, held)
    if paper.paper is not None and hashlib.sha256(data).hexdigest() == paper.paper.hash:
        return Again(data, True)
    return Again(data, False, _differs(paper.made_with or "", made_with(laid)))


def _differs(then: str, now: str) -> str:
    (layout, faces), (new_layout, new_faces) = (text.partition("；")[::2] for text in (then, now))
    if faces != new_faces:
        return f"字体不同：当时{faces.removeprefix('字体')}，现在{new_faces.removeprefix('字体')}"
    return "排版程序改过，行和页可能不同" if layout != new_layout else "版面相同，只是文件的写法不同"
