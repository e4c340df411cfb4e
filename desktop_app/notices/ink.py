"""Draws one laid-out page into content operators: words, strokes, shapes, pictures. Nothing is decided here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import compress, groupby, zip_longest
from operator import not_, sub

from db.values import value
from desktop_app.notices import page
from desktop_app.notices.embed import Book
from desktop_app.notices.fonts import EM
from desktop_app.notices.gallery import Gallery
from desktop_app.notices.page import Image, Line, Page, Piece, Shape, Stroke
from desktop_app.notices.places import Places
from desktop_app.notices.strips import Strip
from desktop_app.notices.tags import Marks

SPACED = 0.09
"""A gap wider than this share of the size is read as a blank by others; such lines carry their words as ActualText."""
OVERLAP = 0.03
"""A glyph that reaches this share of the size into the next is joined with it for readers."""
READY = 40
"""Paragraphs of which is kept what is drawn of them: those of a page or two."""
KEPT = 10_000
"""Lines of table cells whose operators are kept: words that stand in one column many times are drawn once."""
TURN = f"q 0 1 -1 0 {page.PAPER_WIDTH:.3f} 0 cm"
"""From the frame of a landscape sheet to that of the upright paper: its upper edge becomes the left one."""


def draw(code: list[str], one: Page, book: Book, gallery: Gallery, marks: Marks) -> None:
    """Adds a page's operators to ``code``; ``KeyError`` for a picture that nobody gave.

    ``marks`` says of everything that is drawn which element of the structure it belongs to.
    """
    if one.turned:
        code.append(TURN)
    for shape in one.shapes:
        marks.enter(marks.paper.drawn(shape.block))
        code.append(_shape(shape))
    _images(code, (image for image in one.images if not image.over), gallery, marks)
    for stroke in one.strokes:
        marks.enter(marks.paper.drawn(stroke.block))
        code.append(_stroke(stroke))
    _lines(code, one.lines, book, marks)
    _images(code, (image for image in one.images if image.over), gallery, marks)
    marks.leave()
    if one.turned:
        code.append("Q")
    _lines(code, one.upright, book, marks)
    marks.leave()


def _lines(code: list[str], lines: Iterable[Line], book: Book, marks: Marks) -> None:
    for line in lines:
        for belongs, part in marks.paper.parts(line, marks.page):
            marks.enter(belongs)
            code.extend(_line(part, book))


def _images(code: list[str], images: Iterable[Image], gallery: Gallery, marks: Marks) -> None:
    for image in images:
        marks.enter(marks.paper.image(image))
        code.append(gallery.draw(image))


@cache
def _rgb(colour: page.Colour) -> str:
    return " ".join(f"{int(colour[k : k + 2], 16) / 255:.3g}" for k in (1, 3, 5))


def _stroke(one: Stroke) -> str:
    dash = "[3 2] 0 d " if one.dashed else ""
    return (
        f"q {_rgb(one.colour)} RG {dash}{one.weight:.3f} w {one.x0:.3f} {one.y0:.3f} m {one.x1:.3f} {one.y1:.3f} l S Q"
    )


def _shape(one: Shape) -> str:
    path = " ".join(f"{x:.3f} {y:.3f} {'l' if k else 'm'}" for k, (x, y) in enumerate(one.points))
    fill = f"{_rgb(one.fill)} rg " if one.fill else ""
    stroke = f"{_rgb(one.stroke)} RG {one.weight:.3f} w " if one.stroke else ""
    close = "b" if one.fill and one.stroke else "f" if one.fill else "s"
    return f"q {fill}{stroke}{path} h {close} Q"


def _changes(line: Line) -> Iterator[Stroke]:
    """The underline of what was added, the strike of what was removed, unbroken where the face changes."""
    groups = [list(group) for _, group in groupby(line.pieces, key=lambda piece: (piece.change, piece.colour))]
    for group, after in zip_longest(groups, groups[1:]):
        first, last = group[0], group[-1]
        if first.change and first.xs and last.xs:
            size = max(piece.size for piece in group)
            y = line.y - 0.14 * size if first.change == "added" else line.y + 0.36 * size
            right = last.xs[-1] + last.widths[-1] * last.size / 1000
            right = min(right, after[0].xs[0]) if after and after[0].xs else right  # a squeezed mark reaches further
            yield Stroke(first.xs[0], y, right, y, 0.06 * size, first.colour)


def _line(line: Line, book: Book) -> list[str]:
    pieces = line.pieces
    if not pieces:
        return []
    cell = line.kind == "cell"
    kept = book.kept.get(id(pieces)) if cell else None  # 已完成, 已完成, 已完成 in one column
    if kept is None:
        kept = _operators(pieces, book)
        if cell and len(book.kept) < KEPT:
            book.kept[id(pieces)] = kept
    before, after, changed = kept
    strokes = [_stroke(one) for one in _changes(line)] if changed else ()
    return [f"{before}{line.y:.3f}{after}", *strokes]


def _operators(pieces: Sequence[Piece], book: Book) -> tuple[str, str, bool]:
    """The operators of a line, before and after the height of its baseline; and whether something of it is marked as changed."""
    if (
        isinstance(pieces, Strip)
        and pieces.plain
        and isinstance(places := pieces.xs, Places)
        and (ready := _ready(pieces, places, book)).fonts
    ):
        return *_plainly(pieces, places, ready), False
    return *_words(pieces, book), any(piece.change for piece in pieces)


@value
class Ready:
    """A plain paragraph ready to be drawn in one size. ``fonts`` choose the faces of its stretches. ``gaps`` are what is left
    between a glyph and the next when every cell stands by itself, in thousandths of the size, where that is not certain to be
    ``usual``, as between two ideographs; ``shown`` the glyphs' codes, each with the step that makes its gap another than usual. ``tight`` gaps are read as an
    overlap, ``closed`` ones never grow.
    """

    fonts: Sequence[str]
    ratio: float
    usual: float
    gaps: dict[int, float]
    shown: list[str]
    tight: list[int]
    closed: list[int]


def _ready(strip: Strip, places: Places, book: Book) -> Ready:
    """What is drawn of the strip's paragraph, kept while its lines are drawn; without fonts if a glyph means two things."""
    glyphs, size = strip.glyphs, strip.size
    found: Ready | None = book.ready.get((id(glyphs), size))
    if found is None:
        ratio = page.cell(size) / size
        usual = (ratio - 1) * EM
        at, cells, seen = places.natural, glyphs.cells, 4 / size
        shown, gaps, tight = [cell.code for cell in cells], {}, []
        for k in glyphs.uneven:
            one = cells[k]
            gap = gaps[k] = (at[k + 1] + cells[k + 1].shifts[0] - at[k] - one.shifts[0]) * ratio - one.advances[0]
            if not -seen < usual - gap < seen:
                shown[k] += f">{usual - gap:.2f}<"
            if gap < -OVERLAP * EM:
                tight.append(k)
        closed = list(compress(range(len(shown)), map(not_, places.loose[1:])))
        if len(book.ready) > READY:
            book.ready.clear()
        found = Ready(book.fonts(glyphs, size), ratio, usual, gaps, shown, tight, closed)
        book.ready[id(glyphs), size] = found
    return found


def _plainly(strip: Strip, places: Places, ready: Ready) -> tuple[str, str]:
    """The same as ``_words`` for a line of a plain paragraph: what differs in it from the paragraph."""
    start, end, size, usual = strip.start, strip.end, strip.size, ready.usual
    shown = ready.shown[start:end]
    shown[-1] = strip.glyphs.cells[end - 1].code
    level = places.level * ready.ratio
    tight: Iterable[int] = _within(ready.tight, start, end - 1)
    if level or places.changes:
        tight = _moved(strip, places, ready, shown)
    before, after = "", ""
    spans: list[tuple[int, int, str]] = []
    if usual + level > SPACED * EM and _in_plane_0(text := strip.text):
        before, after = _actual_text(text) + " ", " EMC"
    elif tight:
        spans = _joined([cell.text for cell in strip.glyphs.cells[start:end]], [k - start for k in tight])
    shift = strip.glyphs.cells[start].shifts[0]
    head = f"{before}BT 1 0 0 1 {strip.left + (places.first + shift) * page.cell(size) / EM:.3f} "
    tracking = (usual + level) * size / EM if end - start > 1 else 0.0
    return head, f" Tm {tracking:.4f} Tc {_shown(strip, ready.fonts, shown, spans)} ET{after}"


def _moved(strip: Strip, places: Places, ready: Ready, shown: list[str]) -> list[int]:
    """Writes into ``shown`` the steps of a line that is squeezed or stretched, and gives its tight gaps. The gaps that grow
    like all others keep their steps."""
    start, end, cells, loose = strip.start, strip.end, strip.glyphs.cells, places.loose
    usual, gaps = ready.usual, ready.gaps
    level, moved, seen = places.level * ready.ratio, dict(places.changes), 4 / strip.size
    for k in {*_within(ready.closed, start, end - 1), *moved} if level else moved:
        step = usual - gaps.get(k, usual) - moved.get(k, 0.0) * ready.ratio + (0.0 if loose[k + 1] else level)
        shown[k - start] = cells[k].code if -seen < step < seen else f"{cells[k].code}>{step:.2f}<"
    every = sorted({*_within(ready.tight, start, end - 1), *moved})
    slack = -OVERLAP * EM
    return [
        k
        for k in every
        if gaps.get(k, usual) + moved.get(k, 0.0) * ready.ratio + (level if loose[k + 1] else 0.0) < slack
    ]


def _within(sorted_: list[int], first: int, last: int) -> list[int]:
    return sorted_[bisect_left(sorted_, first) : bisect_left(sorted_, last)]


def _shown(strip: Strip, fonts: Sequence[str], shown: list[str], spans: list[tuple[int, int, str]]) -> str:
    """The operators that show the glyphs written as ``shown``; those in ``spans`` carry their words as ActualText."""
    bounds, start, end = strip.glyphs.bounds, strip.start, strip.end
    run, last_run = bisect_right(bounds, start) - 1, bisect_left(bounds, end)
    edges = [0, *[bound - start for bound in bounds[run + 1 : last_run]], end - start]
    begun, ended, until = {}, set(), edges[1]
    if spans:
        begun = {first: words for first, _last, words in spans}
        ended = {last + 1 for _first, last, _words in spans}
        edges = sorted({*edges, *begun, *ended})
    code, font, done = [], "", 0
    for edge in edges[1:]:
        if done in begun:
            code.append(_actual_text(begun[done]))
        codes = "".join(shown[done:edge])
        array = f"<{codes[:-1]}" if codes[-1] == "<" else f"<{codes}>"  # pdfium forgets a step before an empty string
        if fonts[run] != font:
            font = fonts[run]
            code.append(f"{font}[{array}] TJ")
        else:
            code.append(f"[{array}] TJ")
        if edge in ended:
            code.append("EMC")
        if edge == until:
            run += 1
            until = bounds[run + 1] - start if run + 1 < len(bounds) else edge
        done = edge
    return " ".join(code)


def _words(pieces: Sequence[Piece], book: Book) -> tuple[str, str]:
    """The operators of a line, before and after the height of its baseline."""
    gaps = _gaps(pieces)
    tracking = round(sorted(gaps)[len(gaps) // 2], 4) if gaps else 0.0  # the gap in the middle: as a rule the commonest
    before, after = "", ""
    spans: list[tuple[int, int, str]] = []
    size = pieces[0].size
    if tracking > SPACED * size and _in_plane_0(text := "".join([piece.text for piece in pieces])):
        before, after = _actual_text(text) + " ", " EMC"
    elif gaps and min(gaps) <= -OVERLAP * size:
        tight = [k for k, gap in enumerate(gaps) if gap < -OVERLAP * size]
        spans = _joined([text for piece in pieces for text in piece.texts], tight)
    shown = [_HEX[cid] for piece in pieces for cid in piece.cids]
    least, most = tracking - 0.004, tracking + 0.004
    sizes = [piece.size for piece in pieces for _ in piece.cids] if len(pieces) > 1 else [size] * len(shown)
    for k, gap in enumerate(gaps):  # tracking alone would not put the next glyph where it stands
        if not least < gap < most:
            shown[k] += f">{(tracking - gap) * 1000 / sizes[k]:.2f}<"
    pen = Pen(book)
    at = 0
    for piece in pieces:
        pen.draw(piece, shown[at : at + len(piece.cids)], at, spans)
        at += len(piece.cids)
    head = f"{before}BT 1 0 0 1 {pieces[0].xs[0]:.3f} "
    return head, f" Tm {tracking:.4f} Tc {' '.join(pen.code)} {pen.ended()}{after}"


def _gaps(pieces: Sequence[Piece]) -> list[float]:
    """The differences between where each next glyph of a line stands and where it would stand by itself, in order."""
    if len(pieces) == 1:
        xs, points = pieces[0].xs, map(_POINTS[pieces[0].size].__getitem__, pieces[0].widths)
        return list(map(sub, map(sub, xs[1:], xs), points))
    places: list[float] = []
    reaches: list[float] = []
    for piece in pieces:
        places += piece.xs
        reaches += map(_POINTS[piece.size].__getitem__, piece.widths)
    return list(map(sub, map(sub, places[1:], places), reaches))


class _Points(dict[int, float]):
    """Widths in thousandths of a size → points, each reckoned once."""

    def __init__(self, size: float) -> None:
        super().__init__()
        self.share = size / 1000

    def __missing__(self, width: int) -> float:
        made = self[width] = width * self.share
        return made


class _Sizes(dict[float, _Points]):
    def __missing__(self, size: float) -> _Points:
        made = self[size] = _Points(size)
        return made


_POINTS = _Sizes()


def _in_plane_0(text: str) -> bool:
    """Whether text may go into an ActualText: pdfium drops characters above U+FFFF there, rare names among them."""
    return max(text, default="") <= "\uffff"


def _actual_text(text: str) -> str:
    return f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex()}>>> BDC"


def _joined(texts: list[str], tight: Iterable[int]) -> list[tuple[int, int, str]]:
    """The glyphs of the line, from the first to the last, that reach into each other after the ``tight`` ones, with their words.

    Squeezed marks do so. Readers take such an overlap for the start of another line, so these carry their words together.
    """
    spans: list[tuple[int, int, str]] = []
    for k in tight:
        if _in_plane_0(texts[k] + texts[k + 1]):
            first = spans.pop()[0] if spans and spans[-1][1] == k else k
            spans.append((first, k + 1, "".join(texts[first : k + 2])))
    return spans


class Pen:
    """Writes the glyphs of one line piece by piece."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.code: list[str] = []
        self.font = ""
        self.colour = page.BLACK
        self.rise = 0.0

    def draw(self, piece: Piece, shown: list[str], at: int, spans: list[tuple[int, int, str]]) -> None:
        """A piece whose glyphs, written as ``shown``, are counted from ``at`` in the line; those in ``spans`` carry their
        words as ActualText."""
        if piece.colour != self.colour:
            self.code.append(f"{_rgb(piece.colour)} rg")
            self.colour = piece.colour
        if piece.rise != self.rise:
            self.code.append(f"{piece.rise:.3f} Ts")
            self.rise = piece.rise
        name = self.book.first(piece.face, piece.cids, piece.texts)
        if name:
            self.write(name, piece.size, shown, at, spans)
            return
        for k, code in enumerate(shown):  # one of them means another text elsewhere: one by one
            self.write(self.book.name(piece.face, piece.cids[k], piece.texts[k]), piece.size, [code], at + k, spans)

    def write(self, name: str, size: float, shown: list[str], at: int, spans: Sequence[tuple[int, int, str]]) -> None:
        """Glyphs of one font, written as ``shown`` and counted from ``at`` in the line."""
        count, done = len(shown), 0
        for first, last, words in spans:
            here, there = max(0, first - at), min(count, last + 1 - at)
            if here < there:
                self._glyphs(name, size, shown[done:here])
                if first >= at:
                    self.code.append(_actual_text(words))
                self._glyphs(name, size, shown[here:there])
                if last < at + count:
                    self.code.append("EMC")
                done = there
        self._glyphs(name, size, shown[done:] if done else shown)

    def ended(self) -> str:
        """What ends the line and sets back what outlives it."""
        rest = "0 0 0 rg " if self.colour != page.BLACK else ""
        return rest + ("0 Ts ET" if self.rise else "ET")

    def _glyphs(self, name: str, size: float, shown: list[str]) -> None:
        if not shown:
            return
        codes = "".join(shown)
        array = f"<{codes[:-1]}" if codes[-1] == "<" else f"<{codes}>"  # pdfium forgets a step before an empty string
        if name != self.font:
            self.font = name
            self.code.append(f"/{name} {size:g} Tf [{array}] TJ")
        else:
            self.code.append(f"[{array}] TJ")


class _Hex(dict[int, str]):
    """The four digits of a code, made once."""

    def __missing__(self, cid: int) -> str:
        made = self[cid] = f"{cid:04X}"
        return made


_HEX = _Hex()
