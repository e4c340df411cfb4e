"""The measurement sheet: good papers pass, and every fault put into the pages or the file is found by its own rule."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from notice_papers import notice, paragraph
from read_tags import structure

from db.errors import Refusal
from desktop_app.notices import fonts, measure, page, pdf, plain, sheet, tree
from desktop_app.notices.page import MM, Line, Page, Pages, Piece

LONG = "整改情况由各单位逐件核对并按月报送台账清楚责任到人持续跟踪督促落实到位形成长效机制" * 5
PAPER = replace(notice(6), blocks=(*(paragraph(LONG + "。") for _ in range(6)), *notice(6).blocks))
LAID = sheet.typeset(PAPER)


def failing(data: bytes, document: tree.Document | None = None) -> set[str]:
    """The keys of the rules that a file breaks."""
    return {one.key for one in measure.sheet(data, document).failed}


def drawn(pages: Pages) -> bytes:
    return pdf.drawn(pages, pdf.meta(PAPER))


def test_a_good_paper_keeps_every_rule() -> None:
    found = measure.sheet(drawn(LAID), PAPER)
    assert [one.verdict for one in found.findings] == ["keeps"] * len(found.findings)
    assert found.passed
    assert found.summary.endswith("不合格0项，不适用0项。")
    assert found.pages == len(LAID.pages)


def test_the_sheet_is_told_in_rows_and_lines() -> None:
    found = measure.sheet(drawn(LAID))
    rows = measure.rows(found)
    assert len(rows) == len(found.findings)
    assert rows[0] == ("纸张", "210×297毫米", "210.0×297.0毫米", "合格", "")
    assert rows[-1][3] == "不适用"
    lines = measure.told(found)
    assert lines[0] == found.summary
    assert any(line.startswith("合格\u3000每页行数（要求22行）：满页") for line in lines)


def test_what_does_not_apply_is_not_passed() -> None:
    found = measure.sheet(pdf.to_bytes(tree.Document("", (paragraph("一句话。"),))))
    idle = {one.key for one in found.findings if one.verdict == "idle"}
    assert {"left", "right", "first", "last", "split", "units", "mark", "rule", "imprint", "words"} <= idle
    assert found.passed


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(Refusal, match="不是能打开的PDF"):
        measure.sheet(b"no")


def test_marks_squeezed_between_two_faces_keep_their_place() -> None:
    """The step after a mark stands at the end of a piece; pdfium forgets one that is followed by an empty string."""
    runs = [tree.Run(("整改" * k) + "。", "kai") for k in range(1, 12)]
    blocks = tuple(paragraph(run, "（一）" + LONG[: 60 + k] + "。") for k, run in enumerate(runs))
    document = tree.Document("", (*blocks, paragraph(LONG)))
    assert failing(pdf.to_bytes(document), document) == set()


TABLE = tree.Table(
    (tree.Column("序号"), tree.Column("问题", 3)),
    (tree.TableRow((tree.TableCell(((tree.Run("1"),),)), tree.TableCell(((tree.Run("台账不清"),),)))),),
    title="整改台账",
)
SHORT = notice(5)
FORMS: dict[str, tree.Document] = {
    "annexes": replace(
        SHORT,
        annexes=(
            tree.Annex("问题清单", (paragraph(LONG), tree.Heading(1, "一、乙"), TABLE), 1),
            tree.Annex("整改台账", (tree.Section((TABLE,), "landscape"),), 2),
        ),
    ),
    "letter": replace(SHORT, form="letter", head=tree.Head("某某市公安局", "某公函〔2021〕8号"), imprint=None),
    "order": replace(SHORT, form="order", head=tree.Head("某某市公安局令", "第8号"), imprint=None),
    "minutes": replace(SHORT, form="minutes", head=tree.Head("某某市公安局会议纪要", "第8期")),
    "joint issue": replace(
        SHORT, head=tree.Head("文件", "某公〔2021〕8号", organs=("某某市公安局", "某某市司法局", "某某市检察院"))
    ),
    "joint signature": replace(
        SHORT, signature=tree.Signature("某某市公安局", "2021年11月3日", "room", others=("某某市司法局",))
    ),
    "secret": replace(SHORT, head=tree.Head("某某局文件", "某公〔2021〕8号", "000001", "机密★1年", "特急", "李明")),
    "code": replace(SHORT, code=tree.Code("1234567890", ("校验码 1234", "某公〔2021〕8号"))),
    "long imprint": replace(
        SHORT, imprint=tree.Imprint("办公室", "2021年11月3日", "市委，市政府。" * 12, "各单位，" * 20)
    ),
    "slip": replace(
        SHORT, blocks=(*SHORT.blocks, tree.Cut("回执"), TABLE, tree.Space(2), tree.Break(), paragraph(LONG))
    ),
    "newspaper": replace(SHORT, blocks=(tree.Section(SHORT.blocks, "newspaper", 5),)),
}


@pytest.mark.parametrize("name", FORMS)
def test_papers_of_every_form_keep_every_rule(name: str) -> None:
    """And are tagged to the last word, and fit for the archive."""
    document = FORMS[name]
    data = pdf.drawn(sheet.typeset(document), pdf.meta(document), archive=True)
    found = measure.sheet(data, document)
    assert [(one.name, one.value, one.places) for one in found.failed] == []
    tagged = Counter("".join("".join(node.words for node in structure(data).every()).split()))
    wanted = Counter("".join(plain.text(document).replace(plain.DASHES, "").split()))
    assert wanted - tagged == Counter()


# -- mutations of the laid-out pages


def moved(line: Line, right: float = 0.0, up: float = 0.0) -> Line:
    """The line elsewhere."""
    pieces = tuple(replace(piece, xs=tuple(x + right for x in piece.xs)) for piece in line.pieces)
    return replace(line, y=line.y + up, left=line.left + right, right=line.right + right, pieces=pieces)


def with_lines(change: Callable[[Line], Line], number: int | None = None) -> Pages:
    """The pages with every line of a page, or of all, changed."""
    pages = tuple(
        replace(one, lines=tuple(map(change, one.lines))) if number in (None, one.number) else one for one in LAID.pages
    )
    return replace(LAID, pages=pages)


def on(number: int, at: int, change: Callable[[Line], Line]) -> Pages:
    """The pages with one line changed."""
    one = LAID.pages[number - 1]
    chosen = one.lines[at]
    return with_lines(lambda line: change(line) if line is chosen else line, number)


def with_page(number: int, **parts: Any) -> Pages:
    pages = tuple(replace(one, **parts) if one.number == number else one for one in LAID.pages)
    return replace(LAID, pages=pages)


def turned() -> int:
    """A line of page 2 that goes on in the next one, both beginning and ending with an ideograph."""
    lines = LAID.pages[1].lines
    for k, (one, after) in list(enumerate(pairwise(lines)))[3:]:
        texts = (one.text[0], one.text[-1], after.text[0], after.text[-1])
        if (
            one.fit != "last"
            and after.fit != "last"
            and one.left == after.left
            and all("一" <= c <= "龥" for c in texts)
        ):
            return k
    raise AssertionError("no such line")


def swapped(line: Line, at: int, text: str) -> Line:
    """The line with its first (0) or last (-1) character drawn as another."""
    cell = fonts.cells("body")[text]
    one = line.pieces[at]
    rest = slice(1, None) if at == 0 else slice(None, -1)
    kept = replace(one, cids=one.cids[rest], xs=one.xs[rest], texts=one.texts[rest], widths=one.widths[rest])
    put = replace(one, face=cell.face, cids=cell.cids[:1], xs=(one.xs[at],), texts=(text,), widths=cell.advances[:1])
    others = line.pieces[1:] if at == 0 else line.pieces[:-1]
    own = tuple(piece for piece in (kept,) if piece.cids)
    return replace(line, pieces=(put, *own, *others) if at == 0 else (*others, *own, put))


def pair(before: str, after: str) -> Pages:
    """The pages with another last character of a line, and another first one of the next."""
    at = turned()
    lines = LAID.pages[1].lines
    changed = {
        id(lines[at]): swapped(lines[at], -1, before) if before else lines[at],
        id(lines[at + 1]): swapped(lines[at + 1], 0, after) if after else lines[at + 1],
    }
    return with_lines(lambda line: changed.get(id(line), line), 2)


def extra_line() -> Pages:
    one = LAID.pages[1]
    last = one.lines[-2]
    assert last.row == page.ROWS - 1
    return with_page(2, lines=(*one.lines[:-1], moved(replace(last, row=page.ROWS), up=-page.ROW), one.lines[-1]))


def number(change: Callable[[Line], Line], sheet_number: int = 2) -> Pages:
    return with_lines(lambda line: change(line) if line.kind == "number" else line, sheet_number)


def strokes(number: int, change: Callable[[page.Stroke, int], page.Stroke]) -> Pages:
    one = LAID.pages[number - 1]
    return with_page(number, strokes=tuple(change(stroke, k) for k, stroke in enumerate(one.strokes)))


def lowered(stroke: page.Stroke, by: float) -> page.Stroke:
    return replace(stroke, y0=stroke.y0 - by, y1=stroke.y1 - by)


def lacking(line: Line) -> Line:
    one = line.pieces[0]
    return replace(line, pieces=(replace(one, cids=(0, *one.cids[1:])), *line.pieces[1:]))


def tight(line: Line) -> Line:
    """The line on a grid of 28 pt instead of 29.61."""
    return moved(line, up=line.row * (page.ROW - 28)) if line.row >= 0 and line.kind in ("body", "heading") else line


def wide(line: Line) -> Line:
    """Characters 16 pt apart, as a program sets them that knows no grid."""
    pieces = []
    for piece in line.pieces:
        pieces.append(replace(piece, xs=tuple(line.left + (x - line.left) * 16 / page.CELL for x in piece.xs)))
    return replace(line, pieces=tuple(pieces)) if line.kind in ("body", "heading") else line


LAST = len(LAID.pages)
FAULTS: dict[str, tuple[Callable[[], Pages], set[str]]] = {
    "a line 1 mm to the right": (lambda: on(2, turned(), lambda line: moved(line, right=MM)), {"edges"}),
    "a line 1 mm to the left": (lambda: on(2, turned(), lambda line: moved(line, right=-MM)), {"edges"}),
    "a line 2 pt down": (lambda: on(2, turned(), lambda line: moved(line, up=-2)), {"grid"}),
    "a 23rd line": (extra_line, {"lines", "inside"}),
    "a comma first": (lambda: pair("", "，"), {"first"}),
    "a closing bracket first": (lambda: pair("", "）"), {"first"}),
    "a quote last": (lambda: pair("“", ""), {"last"}),
    "a split dash": (lambda: pair("—", "—"), {"split"}),
    "split dots": (lambda: pair("…", "…"), {"split"}),
    "a split number": (lambda: pair("2", "0"), {"units"}),
    "a number parted from its unit": (lambda: pair("5", "％"), {"first", "units"}),
    "a number parted from 年": (lambda: pair("1", "年"), {"units"}),
    "everything 2 mm to the right": (lambda: with_lines(lambda line: moved(line, right=2 * MM)), {"left", "right", "inside", "numbers"}),
    "everything 3 mm down": (lambda: with_lines(lambda line: moved(line, up=-3 * MM)), {"top", "bottom", "inside", "mark", "rule", "imprint", "numbers"}),
    "lines too close": (lambda: with_lines(tight), {"grid", "bottom"}),
    "characters too wide": (lambda: with_lines(wide), {"characters", "edges", "right", "inside"}),
    "a title over the edge": (lambda: on(1, 2, lambda line: moved(line, right=40 * MM)), {"inside"}),
    "a page number inside": (lambda: number(lambda line: moved(line, right=100 * MM)), {"numbers"}),
    "a page number too low": (lambda: number(lambda line: moved(line, up=-3 * MM)), {"numbers"}),
    "a page without number": (lambda: with_page(2, lines=LAID.pages[1].lines[:-1]), {"numbers"}),
    "a number twice": (lambda: with_page(3, lines=(*LAID.pages[2].lines[:-1], LAID.pages[0].lines[-1])), {"numbers"}),
    "the red head 3 mm down": (lambda: on(1, 0, lambda line: moved(line, up=-3 * MM)), {"mark"}),
    "the red head aside": (lambda: on(1, 0, lambda line: moved(line, right=-5 * MM)), {"mark", "inside"}),
    "the red rule 2 mm down": (lambda: strokes(1, lambda one, _: lowered(one, 2 * MM)), {"rule"}),
    "the red rule short": (lambda: strokes(1, lambda one, _: replace(one, x1=one.x1 - 5 * MM)), {"rule"}),
    "the imprint 2 mm down": (lambda: strokes(LAST, lambda one, _: lowered(one, 2 * MM)), {"imprint"}),
    "the imprint's rules too thick": (lambda: strokes(LAST, lambda one, _: replace(one, weight=2.0)), {"imprint"}),
    "an imprint without rules": (lambda: with_page(LAST, strokes=()), {"imprint"}),
    "a character no face has": (lambda: on(2, turned(), lacking), {"drawn"}),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_on_the_page_is_found(name: str) -> None:
    make, keys = FAULTS[name]
    assert failing(drawn(make())) == keys


def test_other_words_are_found() -> None:
    at = turned()
    data = drawn(on(2, at, lambda line: swapped(line, 0, "错")))
    found = measure.sheet(data, PAPER)
    assert {one.key for one in found.failed} == {"words"}
    assert "错" in found.failed[0].places[0]


def test_a_place_is_named() -> None:
    at = turned()
    found = measure.sheet(drawn(pair("", "，")))
    row = LAID.pages[1].lines[at + 1]
    assert found.failed[0].places == (f"第2页第{at + 2}行“，{row.text[1:8]}…”：行首是“，”",)
    assert found.summary.endswith("不合格的是：行首避忌。")


# -- mutations of the file


def edited(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    with pikepdf.open(io.BytesIO(drawn(LAID))) as file:
        change(file)
        buffer = io.BytesIO()
        file.save(buffer)
    return buffer.getvalue()


def body_font(file: pikepdf.Pdf) -> Any:
    held = file.pages[1].Resources.Font.values()
    return next(font for font in held if "FandolFang" in str(font.BaseFont))


def bare(file: pikepdf.Pdf) -> None:
    del body_font(file).DescendantFonts[0].FontDescriptor["/FontFile3"]


def whole(file: pikepdf.Pdf) -> None:
    inner = body_font(file).DescendantFonts[0]
    inner.BaseFont = inner.FontDescriptor.FontName = pikepdf.Name("/FandolFang-Regular")


def test_a_font_that_is_not_embedded_is_found() -> None:
    found = measure.sheet(edited(bare))
    assert "fonts" in {one.key for one in found.failed}
    assert any("没有嵌入" in place for one in found.failed for place in one.places)


def test_a_font_that_is_not_cut_is_found() -> None:
    assert failing(edited(whole)) == {"fonts"}


def test_glyphs_without_words_are_found() -> None:
    data = edited(lambda file: body_font(file).__delitem__("/ToUnicode"))
    assert "mapped" in failing(data)


def test_other_paper_is_found() -> None:
    box = pikepdf.Array([0, 0, 612, 792])
    data = edited(lambda file: file.pages[0].obj.__setitem__("/MediaBox", box))
    assert "paper" in failing(data)


def test_a_page_number_of_a_turned_page_keeps_its_place() -> None:
    """A lying page made by another program is A4 and has no body: what cannot be measured is not told as kept."""
    one = Page(1, tuple(replace(line, kind="body") for line in LAID.pages[0].lines[3:5]), turned=True)
    found = measure.sheet(drawn(Pages((one,), ())))
    verdicts = {finding.key: finding.verdict for finding in found.findings}
    assert verdicts["paper"] == "keeps"
    assert verdicts["left"] == verdicts["grid"] == "idle"


def test_pieces_are_never_trusted() -> None:
    """The sheet is made from the file: a page value that says otherwise changes nothing."""
    told = with_lines(lambda line: replace(line, row=0, fit="last", block=-1), 2)
    assert failing(drawn(told)) == set()
    assert isinstance(LAID.pages[0].lines[0].pieces[0], Piece)
