"""The work behind the preview: a notice, or a passage of it, is composed, typeset and drawn. No widget, no thread."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from db.ledger.facts import Facts
from db.schema.record import schema_of
from db.schema.records import Notice, Problem, Unit
from desktop_app.notices import compose, page, papers, pdf, substitution
from desktop_app.notices.page import Line, Pages, Piece
from desktop_app.notices.papers import Made
from desktop_app.notices.tree import Document
from desktop_app.rectification import checks
from desktop_app.rectification.checks import Finding

_OWN = ("title", "head", "mark", "signature")
"""Lines whose words are the notice's own."""


@dataclass(frozen=True)
class Paper:
    """A typeset paper: its tree, its pages, its PDF; the notice it is (id "" when it is not in the ledger) and what
    stands against issuing it. ``cropped``: only the written part is to be shown, not the sheet around it. ``lacking``:
    what it cannot do without and has not, in sentences."""

    document: Document
    pages: Pages
    data: bytes
    notice: Notice
    findings: tuple[Finding, ...] = ()
    cropped: bool = False
    lacking: tuple[str, ...] = ()
    made: Made = field(default_factory=lambda: Made(()))
    """All documents of the file (``document`` is the first) and the bytes of their pictures."""


@dataclass(frozen=True)
class Box:
    """A part of a page in points, measured from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


SHEET = Box(0, 0, page.PAPER_WIDTH, page.PAPER_HEIGHT)
TURNED = Box(0, 0, page.PAPER_HEIGHT, page.PAPER_WIDTH)
"""The sheets, upright and turned."""


def notice_paper(facts: Facts, unit: Unit, today: date, *, internal: bool = False, notice: str = "") -> Paper:
    """The notice of a unit (its latest, or the one of that id) as it would be printed. ``Refusal`` when it cannot be set."""
    told = facts.get(Notice, notice) or compose.notice_of(facts, unit)
    document = compose.compose(facts, told, today=today, internal=internal)
    made = Made((document,), papers.pictures(facts, (document,)))
    paper = set_paper(made)
    found = (*checks.findings(facts, today, unit.id), *paper.findings)
    return replace(paper, notice=told, findings=found, lacking=_lacking(facts, unit, document))


def set_paper(made: Made, cancelled: Callable[[], bool] = lambda: False) -> Paper:
    """Composed documents as they would be printed; what is found is which faces stand in for others."""
    pages = papers.typeset(made.documents, cancelled=cancelled)
    data = pdf.drawn(pages, pdf.meta(made.documents[0]), made.pictures)
    return Paper(made.documents[0], pages, data, Notice(), tuple(substitution.report(pages)), made=made)


def _lacking(facts: Facts, unit: Unit, document: Document) -> tuple[str, ...]:
    words = []
    if not document.title.strip():
        words.append("这份通报还没有标题，请在“内容”里填写。")
    if not facts.all(Problem, unit=unit.id):
        words.append("这份通报里一个问题也没有，请先在“问题”页添加。")
    return tuple(words)


def passage_paper(facts: Facts, identifier: str, today: date | None = None) -> Paper | None:
    """One problem as it would be printed (live values as of its notice, or of ``today``); None when there is nothing to print."""
    problem = facts.get(Problem, identifier)
    blocks = compose.passage(facts, problem, today=today) if problem is not None else ()
    if not blocks:
        return None
    return replace(set_paper(Made((Document(title="", blocks=blocks),))), cropped=True)


def problem_paper(facts: Facts, identifier: str, today: date) -> Paper | None:
    """The whole notice (with what is not public) of the unit a problem belongs to."""
    problem = facts.get(Problem, identifier)
    unit = facts.get(Unit, problem.unit) if problem is not None else None
    return notice_paper(facts, unit, today, internal=True) if unit is not None else None


def file_name(title: str, ending: str) -> str:
    """A name for the file of a paper, without the signs a file system refuses."""
    clean = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", title).strip(" .")[:80]
    return f"{clean or '通报'}{ending}"


def caret_box(paper: Paper, origin: str, text: str, position: int) -> tuple[int, Box] | None:
    """(page, box) of the line in which a record's words end that stand before a place of its text; None where they are not
    printed. Of words that occur several times the same occurrence is taken."""
    placed = [
        (number, one, line, piece)
        for number, one in enumerate(paper.pages.pages)
        for line in one.lines
        for piece in line.pieces
        if piece.xs and piece.origin == origin
    ]
    printed = "".join(piece.text for _number, _one, _line, piece in placed)
    for longest in (16, 8, 4, 2):
        words = re.split(r"[{}\s]", text[:position])[-1][-longest:]
        times = text[:position].count(words) if words else 0
        at = -1
        for _time in range(times):
            at = printed.find(words, at + 1)
        if at < 0:
            continue
        end = at + len(words)
        for number, one, line, piece in placed:
            end -= len(piece.text)
            if end <= 0:
                top, bottom = _band(line, one)
                return number, Box(line.left, top, line.right, bottom)
    return None


# -- where words stand on the pages --------------------------------------------------------------------------------


def shown_box(paper: Paper, number: int) -> Box:
    """The part of a page that is to be shown: the sheet, or the lines on it."""
    if not paper.cropped or paper.pages.pages[number].turned:
        return TURNED if paper.pages.pages[number].turned else SHEET
    lines = [line for line in paper.pages.pages[number].lines if line.kind != "number"]
    if not lines:
        return SHEET
    top = min(page.PAPER_HEIGHT - line.y for line in lines) - page.SIZE_3 - 12
    bottom = max(page.PAPER_HEIGHT - line.y for line in lines) + 16
    return Box(page.LEFT - 18, max(0.0, top), page.LEFT + page.AREA_WIDTH + 18, bottom)


def origin_at(paper: Paper, number: int, x: float, y: float) -> str:
    """The record the words at a place of a page come from (``problem:…``); "" when there are none."""
    one = paper.pages.pages[number]
    for line in one.lines:
        top, bottom = _band(line, one)
        beside = line.kind == "cell" and not line.left <= x <= line.right
        if top <= y < bottom and line.kind != "number" and not beside:
            return _origin(paper, line, x)
    return ""


def _band(line: Line, one: page.Page) -> tuple[float, float]:
    base = (page.PAPER_WIDTH if one.turned else page.PAPER_HEIGHT) - line.y
    size = max((piece.size for piece in line.pieces), default=page.SIZE_3)
    slack = max(0.0, page.ROW - size) / 2
    return base - size * page.ASCENT - slack, base + size * (1 - page.ASCENT) + slack


def _origin(paper: Paper, line: Line, x: float) -> str:
    best: Piece | None = None
    for piece in line.pieces:
        if piece.xs and (best is None or piece.xs[0] <= x):
            best = piece
    if best is not None and best.origin:
        return best.origin
    own = paper.notice.id and line.kind in _OWN
    return f"{schema_of(Notice).name}:{paper.notice.id}" if own else ""


def boxes_of(paper: Paper, origin: str) -> Iterator[tuple[int, Box]]:
    """(page, box) of all words that come from a record, in printing order."""
    for number, one in enumerate(paper.pages.pages):
        for line in one.lines:
            mine = [piece for piece in line.pieces if piece.xs and _of(paper, line, piece) == origin]
            if mine:
                top, bottom = _band(line, one)
                last = mine[-1]
                right = last.xs[-1] + last.widths[-1] * last.size / 1000
                yield number, Box(mine[0].xs[0], top, right, bottom)


def _of(paper: Paper, line: Line, piece: Piece) -> str:
    return piece.origin or _origin(paper, line, piece.xs[0])
