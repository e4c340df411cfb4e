"""发文机关署名, 成文日期 and seals: GB/T 9704-2012 7.3.5."""

from __future__ import annotations

import pytest
from notice_papers import RIGHT, notice, of, paragraph

from db.errors import Refusal
from desktop_app.notices import sheet, tree
from desktop_app.notices.page import CELL


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
