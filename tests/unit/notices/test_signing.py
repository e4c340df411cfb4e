"""发文机关署名, 成文日期 and seals: GB/T 9704-2012 7.3.5."""

from __future__ import annotations

import hashlib
import io
import math
from dataclasses import replace
from itertools import combinations

import pypdfium2
import pytest
from notice_papers import AREA_BOTTOM, LEFT, RIGHT, foot_of, notice, of, paragraph, top_of
from PIL import Image as PILImage
from PIL import ImageDraw

from db.errors import Refusal
from desktop_app.notices import page, pdf, sheet, tree
from desktop_app.notices.page import CELL, MM, ROW


def test_signature_without_seal() -> None:
    organ, date = of(sheet.typeset(notice(head=False)), "signature")
    assert RIGHT - organ.right == pytest.approx(2 * CELL)  # 7.3.5.2
    assert date.left - organ.left == pytest.approx(2 * CELL)
    assert date.row == organ.row + 1


def test_signature_shorter_than_its_date() -> None:
    signed = tree.Document("", (paragraph("完。"),), tree.Signature("某局", "2021年11月13日"))
    organ, date = of(sheet.typeset(signed), "signature")
    assert RIGHT - date.right == pytest.approx(2 * CELL)
    assert date.left - organ.left == pytest.approx(2 * CELL)


def test_signature_with_room_for_a_seal() -> None:
    signed = tree.Document("", (paragraph("完。"),), tree.Signature("东湖分局", "2021年11月3日", "room"))
    organ, date = of(sheet.typeset(signed), "signature")
    assert RIGHT - date.right == pytest.approx(4 * CELL)  # 7.3.5.1
    assert (organ.left + organ.right) / 2 == pytest.approx((date.left + date.right) / 2)


def test_a_signature_takes_two_lines_of_the_body_with_it() -> None:
    for rows in range(15, 24):
        document = tree.Document("", (paragraph("整" * (28 * rows - 4)),), tree.Signature("东湖分局", "2021年11月3日"))
        laid = sheet.typeset(document)
        last = [line.kind for line in laid.pages[-1].lines]
        assert last.count("signature") == 2
        assert last.count("body") >= 2


def test_a_date_longer_than_the_line_is_refused() -> None:
    with pytest.raises(Refusal, match="一行排不下"):
        sheet.typeset(tree.Document("", signature=tree.Signature("某局", "2021年11月3日" * 5)))


def sealed(organs: tuple[str, ...], rows: int = 5, **more: object) -> page.Pages:
    """A paper of ``rows`` rows of text, signed and sealed with one picture for each organ."""
    first, *others = organs
    signed = tree.Signature(first, "2021年11月3日", "picture", others=tuple(others), seals=("d",) * len(organs))
    text = paragraph("整" * (28 * rows - 4))
    return sheet.typeset(tree.Document("", (text,), replace(signed, **more)))  # type: ignore[arg-type]


@pytest.mark.parametrize("millimetres", [30.0, 38.0, 40.0, 42.0, 45.0])
def test_a_seal_presses_on_name_and_date_a_little_below_its_middle(millimetres: float) -> None:  # 7.3.5.1
    laid = sealed(("东湖分局",), seal_width=millimetres)
    organ, date = of(laid, "signature")
    (seal,) = laid.pages[0].images
    assert seal.over
    assert [seal.width, seal.height] == pytest.approx([millimetres * MM] * 2)
    middle = seal.x + seal.width / 2
    assert (organ.left + organ.right) / 2 == pytest.approx(middle)
    assert (date.left + date.right) / 2 == pytest.approx(middle)
    words = (top_of(organ) + foot_of(date)) / 2
    assert 1 * MM < seal.y + seal.height / 2 - words < 5 * MM
    assert seal.y < foot_of(date), "the date stands under the seal"
    text = of(laid, "body")[-1]
    assert 0 <= foot_of(text) - (seal.y + seal.height) <= ROW, "its upper edge is within a row of the text"
    assert RIGHT - date.right == pytest.approx(4 * CELL)


ORGANS = (
    "东湖区公安局",
    "东湖区财政局",
    "某某市东湖区人民检察院",
    "司法局",
    "某某市生态环境局东湖分局",
    "某局",
    "区教育局",
)


@pytest.mark.parametrize("count", range(2, 8))
@pytest.mark.parametrize(
    "names", [ORGANS, tuple(reversed(ORGANS)), ("某局",) * 7, ("中共某某市公安局经济开发区分局委员会",) * 7]
)
def test_seals_of_a_joint_paper_stand_apart_inside_the_type_area(count: int, names: tuple[str, ...]) -> None:  # 7.3.5.1
    laid = sealed(names[:count], rows=2)
    (one,) = laid.pages
    lines = of(laid, "signature")
    words = "".join(line.text for line in lines)
    assert sorted(words) == sorted("".join(names[:count]) + "2021年11月3日")
    assert words.endswith("2021年11月3日")
    assert len(one.images) == count
    for seal in one.images:
        assert seal.x >= LEFT - 0.01
        assert seal.x + seal.width <= RIGHT + 0.01
        assert seal.y >= AREA_BOTTOM - 0.01
    for seal, other in combinations(one.images, 2):
        apart = math.hypot(seal.x - other.x, seal.y - other.y)
        assert apart >= 42 * MM + 1, "seals neither cut nor touch"
    rows = {round(seal.y, 2) for seal in one.images}
    assert all(sum(round(seal.y, 2) == y for seal in one.images) <= 3 for y in rows)
    last, date = one.images[-1], lines[-1]
    assert (date.left + date.right) / 2 == pytest.approx(last.x + last.width / 2)
    for line in lines:
        assert line.left >= LEFT - 0.01
        assert line.right <= RIGHT + 0.01


def test_joint_names_without_seals_stand_below_each_other() -> None:  # 7.3.5.2
    laid = sealed(ORGANS[:3], seal="none")
    *organs, date = of(laid, "signature")
    assert [line.text for line in organs] == list(ORGANS[:3])
    assert [line.row for line in (*organs, date)] == list(range(organs[0].row, organs[0].row + 4))
    assert len({line.left for line in organs}) == 1
    assert max(line.right for line in organs) == pytest.approx(RIGHT - 2 * CELL)
    assert date.left - organs[0].left == pytest.approx(2 * CELL)


def test_a_name_stamp_stands_beside_its_post() -> None:  # 7.3.5.3
    laid = sealed(("",), seal="signed", post="某某市公安局东湖分局局长")
    post, date = of(laid, "signature")
    assert post.text == "某某市公安局东湖分局局长"
    (stamp,) = laid.pages[0].images
    assert RIGHT - (stamp.x + stamp.width) == pytest.approx(4 * CELL)
    assert stamp.x - post.right == pytest.approx(2 * CELL)
    assert (top_of(post) + foot_of(post)) / 2 == pytest.approx(stamp.y + stamp.height / 2)
    assert RIGHT - date.right == pytest.approx(4 * CELL)
    text = of(laid, "body")[-1]
    assert abs(foot_of(text) - (stamp.y + stamp.height) - (2 * ROW + ROW - 16)) < ROW / 2, "two blank rows above"
    assert abs(stamp.y - top_of(date) - (ROW + ROW - 16)) < ROW / 2, "one blank row below"


@pytest.mark.parametrize("seal", ["none", "room", "picture", "signed"])
@pytest.mark.parametrize("rows", range(12, 24))
def test_a_signature_of_any_kind_takes_two_lines_of_the_text_with_it(seal: str, rows: int) -> None:  # 7.3.5.5
    laid = sealed(("东湖分局",), rows, seal=seal, post="局长")
    last = laid.pages[-1]
    kinds = [line.kind for line in last.lines]
    assert kinds.count("signature") == 2
    assert kinds.count("body") >= 2
    assert len(last.images) == (seal in ("picture", "signed"))
    assert all(image.y >= AREA_BOTTOM - 0.01 for image in last.images)


def test_a_name_longer_than_the_line_is_broken_under_its_seal() -> None:
    laid = sealed(("中共某某市公安局经济开发区分局治安管理大队巡察整改工作领导小组办公室",))
    *names, date = of(laid, "signature")
    assert [line.text for line in names] == ["中共某某市公安局经济开发区分局", "治安管理大队巡察整改工作领导小组办公室"]
    (seal,) = laid.pages[0].images
    for line in (*names, date):
        assert (line.left + line.right) / 2 == pytest.approx(seal.x + seal.width / 2)


def test_more_seals_than_a_page_holds_are_refused() -> None:
    with pytest.raises(Refusal, match="联合署名"):
        sealed(tuple(f"第{k}局" for k in range(11)))


def png(ground: tuple[int, int, int, int], size: tuple[int, int]) -> bytes:
    """A red disc with a hole on some ground."""
    picture = PILImage.new("RGBA", size, ground)
    box = (10, 10, size[0] - 10, size[1] - 10)
    ImageDraw.Draw(picture).ellipse(box, outline=(210, 20, 20, 255), width=14)
    held = io.BytesIO()
    (picture if ground[3] < 255 else picture.convert("RGB")).save(held, "PNG")
    return held.getvalue()


@pytest.mark.parametrize("ground", [(255, 255, 255, 0), (255, 255, 255, 255), (238, 236, 232, 255)])
def test_the_ground_of_a_seal_hides_no_word(ground: tuple[int, int, int, int]) -> None:
    picture = png(ground, (300, 300))
    digest = hashlib.sha256(picture).hexdigest()
    signed = tree.Signature("东湖分局", "2021年11月3日", "picture", seals=(digest,))
    bare, stamped = (
        tree.Document("", (paragraph("正文。"),), replace(signed, seal=seal)) for seal in ("room", "picture")
    )
    one, other = shades(pdf.to_bytes(bare)), shades(pdf.to_bytes(stamped, pictures={digest: picture}))
    dark = [k for k, (a, _, _) in enumerate(one) if a < 60]
    assert len(dark) > 200
    assert all(other[k][0] < 90 or other[k][0] > other[k][1] + 60 for k in dark), "black stays black, or red over black"
    changed = [b for a, b in zip(one, other, strict=True) if a != b and min(a) > 250]
    red = [r for r, g, _ in changed if r - g > 20]
    assert len(red) > 0.9 * len(changed) > 1000, "no grey square lies on the paper"


def test_a_seal_keeps_its_proportions() -> None:
    picture = png((255, 255, 255, 255), (400, 200))
    digest = hashlib.sha256(picture).hexdigest()
    signed = tree.Signature("东湖分局", "2021年11月3日", "picture", seals=(digest,))
    data = pdf.to_bytes(tree.Document("", (paragraph("正文。"),), signed), pictures={digest: picture})
    width = math.ceil(page.PAPER_WIDTH * 3)
    red = [k for k, (r, g, _) in enumerate(shades(data)) if r > 150 and g < 120]
    xs, ys = [k % width for k in red], [k // width for k in red]
    assert (max(xs) - min(xs)) / (max(ys) - min(ys)) == pytest.approx(380 / 180, abs=0.1)


def shades(data: bytes) -> list[tuple[int, int, int]]:
    """The pixels of the first page at 216 dots per inch."""
    read = pypdfium2.PdfDocument(data)
    try:
        picture = read[0].render(scale=3).to_pil().convert("RGB")
        raw = picture.tobytes()
        return list(zip(raw[::3], raw[1::3], raw[2::3], strict=True))
    finally:
        read.close()
