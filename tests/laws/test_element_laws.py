"""Laws of what stands around the text, for any head, title, signature and imprint: on the laid-out pages, and measured again
on the finished PDF by another library. GB/T 9704-2012 5.2, 7.2–7.5, 10.1–10.3.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
from dataclasses import replace
from itertools import combinations, pairwise

import pypdfium2
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PILImage
from PIL import ImageDraw

from db.errors import Refusal
from desktop_app.notices import page, pdf, sheet, tree
from desktop_app.notices.page import CELL, MM, ROW

LEFT, RIGHT = 28 * MM, 184 * MM
TOP, BOTTOM = 297 * MM - 37 * MM, 35 * MM
ORGANS = [
    "中共某某市公安局东湖分局委员会", "某某市东湖区财政局", "东湖区人民检察院", "某某市东湖区司法局", "某某市生态环境局东湖分局", "共青团东湖区委员会",
    "某局", "某某市公安局经济开发区分局治安管理大队",
]  # fmt: skip
TITLES = [
    "",
    "通报",
    "关于巡察整改进展情况的通报",
    "关于进一步加强和改进巡察整改日常监督工作有关事项的通知",
    "关于" + "进一步加强和改进" * 8 + "工作的通知",
]


def seal_bytes() -> bytes:
    picture = PILImage.new("RGBA", (60, 60), (255, 255, 255, 0))
    ImageDraw.Draw(picture).ellipse((2, 2, 58, 58), outline=(210, 20, 20, 255), width=3)
    held = io.BytesIO()
    picture.save(held, "PNG")
    return held.getvalue()


SEAL = seal_bytes()
DIGEST = hashlib.sha256(SEAL).hexdigest()

organs = st.lists(st.sampled_from(ORGANS), min_size=2, max_size=6, unique=True).map(tuple)
heads = st.builds(
    tree.Head,
    mark=st.sampled_from(["某某局文件", "某某市公安局东湖分局文件", "中国共产党某某市公安局经济开发区分局委员会文件"]),
    document_number=st.sampled_from(["", "某公〔2021〕8号", "某公党〔2021〕118号"]),
    serial=st.sampled_from(["", "000123"]),
    secrecy=st.sampled_from(["", "机密★1年", "秘密"]),
    urgency=st.sampled_from(["", "特急"]),
    signer=st.sampled_from(["", "王某某", "王某、欧阳某某、李某某"]),
    organs=st.just(()),
)
joint = st.builds(lambda head, names: replace(head, mark="文件", organs=names), heads, organs)
signatures = st.builds(
    tree.Signature,
    organ=st.sampled_from(ORGANS),
    date=st.sampled_from(["2021年11月3日", "2021年1月3日", "2021年12月31日"]),
    seal=st.sampled_from(["none", "room", "picture", "signed"]),
    others=st.lists(st.sampled_from(ORGANS), max_size=4, unique=True).map(tuple),
    seals=st.just((DIGEST,) * 5),
    post=st.just("东湖分局局长"),
    seal_width=st.sampled_from([38.0, 42.0]),
)
imprints = st.builds(
    tree.Imprint,
    office=st.sampled_from(["东湖分局办公室", "某某市公安局经济开发区分局巡察整改工作领导小组办公室"]),
    date=st.just("2021年11月3日"),
    copies_to=st.sampled_from(["", "市局党委", "，".join(ORGANS * 3)]),
    one_sided=st.booleans(),
)
bodies = st.lists(st.integers(1, 400).map(lambda n: tree.Paragraph((tree.Run("整" * n),))), min_size=1, max_size=8).map(
    tuple
)
documents = st.builds(
    tree.Document,
    title=st.sampled_from(TITLES),
    blocks=bodies,
    signature=st.one_of(st.none(), signatures),
    head=st.one_of(st.none(), heads, joint),
    addressees=st.sampled_from(["", "各派出所：", "、".join(f"第{k}派出所" for k in range(70)) + "："]),
    note=st.sampled_from(["", "此件公开发布"]),
    imprint=st.one_of(st.none(), imprints),
    form=st.sampled_from(["document", "document", "letter", "order", "minutes"]),
)


def laid_out(document: tree.Document) -> page.Pages | None:
    """The pages; None if the paper is refused, with a sentence and advice."""
    if document.form == "letter" and document.head:
        document = replace(document, head=replace(document.head, signer=""))
    try:
        return sheet.typeset(document)
    except Refusal as refusal:
        told = refusal
    assert told.sentence.endswith("。")
    assert told.advice
    assert re.search("排不下|太长", told.sentence)
    return None


def kinds(one: page.Page, *wanted: str) -> list[page.Line]:
    return [line for line in one.lines if line.kind in wanted]


@settings(max_examples=max(20, settings().max_examples // 2))
@given(documents)
def test_everything_stands_inside_the_type_area_and_nothing_on_something_else(document: tree.Document) -> None:
    laid = laid_out(document)
    if laid is None:
        return
    for one in laid.pages:
        lines = [line for line in one.lines if line.kind != "number" and line.pieces]
        for line in lines:
            assert line.left >= LEFT - 0.1
            assert line.right <= RIGHT + 0.1
            foot = line.y - (1 - page.ASCENT) * line.pieces[0].size
            assert foot >= BOTTOM - (10 * MM if document.form == "letter" and one.number == 1 else 0.1)
        for upper, lower in combinations(lines, 2):
            if upper.right > lower.left + 0.1 and lower.right > upper.left + 0.1:
                sizes = upper.pieces[0].size, lower.pieces[0].size
                assert abs(upper.y - lower.y) > 0.9 * min(sizes), (upper.text, lower.text)


@settings(max_examples=max(20, settings().max_examples // 3))
@given(documents)
def test_page_1_shows_text(document: tree.Document) -> None:  # 7.3.3
    laid = laid_out(document)
    if laid is not None:
        assert any(line.block == 0 for line in kinds(laid.pages[0], "body"))


@settings(max_examples=max(20, settings().max_examples // 3))
@given(documents)
def test_a_signature_stands_with_text_and_its_seals_apart(document: tree.Document) -> None:  # 7.3.5
    laid = laid_out(document)
    if laid is None or document.signature is None:
        return
    (signed,) = [one for one in laid.pages if kinds(one, "signature")]
    assert len(kinds(signed, "body")) >= min(2, len([line for one in laid.pages for line in kinds(one, "body")]))
    count = 1 + len(document.signature.others)
    assert len(signed.images) == (count if document.signature.seal in ("picture", "signed") else 0)
    for seal in signed.images:
        assert seal.x >= LEFT - 0.1
        assert seal.x + seal.width <= RIGHT + 0.1
    if document.signature.seal == "picture":
        for one, other in combinations(signed.images, 2):
            assert math.hypot(one.x - other.x, one.y - other.y) > document.signature.seal_width * MM
        first = max(image.y + image.height for image in signed.images)
        above = [line for line in kinds(signed, "body") if line.block >= 0]
        below = above[-1].y - (1 - page.ASCENT) * 16 - first
        assert -0.1 <= below <= ROW


@settings(max_examples=max(20, settings().max_examples // 3))
@given(documents)
def test_the_imprint_closes_the_paper(document: tree.Document) -> None:  # 7.4, 7.5
    laid = laid_out(document)
    if laid is None:
        return
    with_imprint = [one for one in laid.pages if kinds(one, "imprint")]
    assert len(with_imprint) <= 1
    if with_imprint and document.imprint:
        closing = with_imprint[0]
        assert closing is laid.pages[-1]
        rules = [stroke for stroke in closing.strokes if stroke.colour == page.BLACK]
        if document.form == "letter":
            assert not rules
        else:
            assert min(stroke.y0 for stroke in rules) == min(rules[0].y0, rules[1].y0)
            assert abs(min(stroke.y0 for stroke in rules) - BOTTOM) < 0.01
            assert document.imprint.one_sided or closing.number % 2 == 0
    for one in laid.pages:
        numbers = kinds(one, "number")
        text = kinds(one, "body", "heading", "signature", "title")
        if document.form == "letter":
            assert bool(numbers) == (one.number != 1)
        elif text:
            assert len(numbers) == 1
        for line in numbers:
            assert abs((RIGHT - line.right if one.number % 2 else line.left - LEFT) - 14) < 0.01


@settings(max_examples=max(10, settings().max_examples // 3))
@given(documents)
def test_the_finished_pdf_measures_the_same(document: tree.Document) -> None:
    """The mark's upper edge, the red rules, the page numbers and all words, read back from the file."""
    laid = laid_out(document)
    if laid is None:
        return
    data = pdf.drawn(laid, pdf.meta(document), {DIGEST: SEAL})
    read = pypdfium2.PdfDocument(data)
    try:
        assert len(read) == len(laid.pages)
        for number, one in enumerate(laid.pages):
            found = read[number].get_textpage()
            assert squashed(found.get_text_range()) == squashed("".join(line.text for line in one.lines))
        first, shown = read[0], laid.pages[0]
        check_rules(first, shown)
        marks = kinds(shown, "mark")
        if marks:
            upper = top_of(first, marks[0])
            down = {"letter": 297 * MM - 30 * MM, "order": TOP - 20 * MM}.get(document.form, TOP - 35 * MM)
            assert abs(upper - down) < 0.5 * MM
    finally:
        read.close()


def squashed(text: str) -> str:
    return re.sub(r"[\s\ufffe]", "", text)


def top_of(read: pypdfium2.PdfPage, mark: page.Line) -> float:
    """The highest ink of the words of a mark."""
    words = read.get_textpage()
    text = words.get_text_range()
    start = text.index(mark.text[0])
    boxes = [words.get_charbox(k) for k in range(start, start + len(mark.text)) if not text[k].isspace()]
    return float(max(box[3] for box in boxes))


def check_rules(read: pypdfium2.PdfPage, shown: page.Page) -> None:
    """Every stroke of the page is in the file, where it was put."""
    drawn = [item.get_bounds() for item in read.get_objects() if item.type == 2]
    for stroke in shown.strokes:
        assert any(
            abs(box[0] - stroke.x0) < 2 and abs(box[2] - stroke.x1) < 2 and abs((box[1] + box[3]) / 2 - stroke.y0) < 0.2
            for box in drawn
        )


@given(st.lists(st.sampled_from(["王某", "欧阳某某", "李某某", "赵某"]), min_size=1, max_size=6))
def test_names_of_signers_stand_in_columns(names: list[str]) -> None:  # 7.2.6
    head = tree.Head("某某局文件", "某公〔2021〕8号", signer="、".join(names))
    laid = laid_out(tree.Document("", (tree.Paragraph((tree.Run("正文。"),)),), head=head))
    assert laid is not None
    lines = [line for line in kinds(laid.pages[0], "head") if "〔" not in line.text]
    people = [piece for line in lines for piece in line.pieces][1:]
    assert [piece.text for piece in people] == names
    for column in (people[::2], people[1::2]):
        assert len({round(piece.xs[0], 2) for piece in column}) <= 1
    rows = [line.y for line in lines]
    assert all(abs(a - b - ROW) < 0.01 for a, b in pairwise(rows))
    assert abs(RIGHT - max(line.right for line in lines) - CELL) < 0.01
