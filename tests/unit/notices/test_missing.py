"""Characters no face can print, said in time; faces that stand in for others, told in the check list."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import repertoire
import small_faces
from hypothesis import given
from hypothesis import strategies as st
from notice_papers import notice, paragraph

from db.errors import Refusal
from desktop_app.notices import choice, fonts, installed, missing, ranks, sheet, substitution, tree
from desktop_app.rectification import checks_characters, forms, ledgers
from desktop_app.rectification.checks_characters import COMMON, UNCOMMON

LOST = "\U00030041"
"""An ideograph of extension G that no free face draws."""


@cache
def common() -> set[int]:
    return {code for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF and not UNCOMMON.search(chr(code))}


@pytest.mark.parametrize("role", list(choice.ROLES))
def test_whatever_counts_as_common_is_drawn_in_every_role(role: str) -> None:
    """So a text of common characters needs no face to be opened."""
    drawn = frozenset[int]().union(*map(repertoire.drawn, choice.CHAINS[role])) | {0x9, 0xA, 0xD}
    assert common() <= drawn
    assert common() >= {code for code in repertoire.GB_2312 if 0x4E00 <= code < 0xA000}
    assert not set(COMMON) & {"[", "^"}


@pytest.mark.parametrize(("char", "code"), [(LOST, "U+30041"), ("😀", "U+1F600"), ("ཀ", "U+0F40"), ("ᠠ", "U+1820")])
def test_a_hint_names_the_character(char: str, code: str) -> None:
    said = missing.hint(f"王{char}一")
    assert f"“{char}”（{code}）" in said
    assert missing.ADVICE in said


@pytest.mark.parametrize("text", ["", "王建国", "张䶮、李㛃", "𬭚𠅤𫖯𬸚𰻝", "①２％—…“”", "a\u0301\u200b", "☑ 已办"])
def test_what_can_be_printed_is_not_mentioned(text: str) -> None:
    assert missing.hint(text) == ""


@given(st.text(max_size=30))
def test_the_hint_says_just_what_stops_a_paper(text: str) -> None:
    try:
        sheet.typeset(tree.Document("", (paragraph(text + "。"),)))
        stopped = False
    except Refusal:
        stopped = True
    assert bool(missing.hint(text)) == stopped


def test_common_words_open_no_face() -> None:
    code = (
        "import sys; from desktop_app.gui import form; from desktop_app.notices import missing;"
        "assert missing.hint('王建国，负责2021年度整改。') == '';"
        "assert 'uharfbuzz' not in sys.modules and 'reportlab' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


def test_the_check_list_says_where_a_character_cannot_be_printed(tmp_path: Path) -> None:
    ledger = ledgers.new_ledger(tmp_path / "台账.zgl", "某市公安局东湖分局", "王某")
    unit = ledgers.own_unit(ledger, ledger)
    assert unit is not None
    assert missing.findings(ledger) == []
    for number, name in enumerate(("李䶮", f"王{LOST}", f"赵{LOST}\U0001f600")):
        forms.save(ledger, "person", None, {"name": name}, "王某", identifier=f"p{number}")
    found = missing.findings(ledger)
    assert [(one.record, one.id, one.field, one.severity) for one in found] == [
        ("person", "p1", "name", "error"),
        ("person", "p2", "name", "error"),
    ]
    assert "U+30041" in found[0].sentence
    assert f"“王{LOST}”" in found[0].sentence
    assert "U+1F600" in found[1].sentence
    assert [words.id for words in checks_characters.uncommon(ledger)] == ["p1", "p2"]
    assert missing.findings(ledger, unit.id) == found, "people belong to no unit alone"
    forms.save(
        ledger,
        "official_vehicles.vehicle",
        None,
        {"plate": "苏B1234警", "model": LOST, "state": "在用", "unit": unit.id},
        "王某",
        identifier="v",
    )
    assert [one.id for one in missing.findings(ledger, unit.id)] == ["p1", "p2", "v"]
    assert [one.id for one in missing.findings(ledger, "another")] == ["p1", "p2"]
    ledger.close()


# -- faces that stand for others -----------------------------------------------------------------------------------------


def test_a_paper_in_the_programs_faces_by_choice_says_nothing() -> None:
    laid = sheet.typeset(notice(1))
    assert [one.code for one in substitution.report(laid)] == ["face_lacks"], "喆 is drawn by another face all the same"


def test_absent_faces_are_named_with_what_stands_for_them() -> None:
    choice.choose(lambda: ranks.resolve({}, ()))
    told, _lacks = substitution.report(sheet.typeset(notice(1)))
    assert "方正小标宋（用思源宋体（SemiBold））" in told.sentence
    assert "仿宋_GB2312（用Fandol 仿宋）" in told.sentence
    (only,) = substitution.report(sheet.typeset(tree.Document("", (paragraph("一"),))))
    assert "小标宋" not in only.sentence, "only what the paper uses"


def test_a_face_that_is_there_is_not_called_absent(tmp_path: Path) -> None:
    small_faces.put(tmp_path, "fs.ttf", small_faces.truetype(small_faces.named("仿宋_GB2312", "FangSong_GB2312")))
    made = ranks.resolve({}, installed.found([tmp_path], tmp_path / "k"))
    choice.choose(lambda: made)
    laid = sheet.typeset(tree.Document("", (paragraph("国王䶮喆①"),)))
    said = [one.sentence for one in substitution.report(laid)]
    assert not any("没有装仿宋" in one for one in said)
    assert any(re.search("没有“䶮”、“喆”.*思源宋体（Light）", one) for one in said), said
    assert not any("①" in one for one in said)


def test_a_character_of_an_installed_face_is_no_longer_missing(tmp_path: Path) -> None:
    assert fonts.lacking(LOST) == [LOST]
    small_faces.put(tmp_path, "g.ttf", small_faces.truetype(small_faces.named("SimSun-ExtG", "SimSun-ExtG"), LOST))
    made = ranks.resolve({}, installed.found([tmp_path], tmp_path / "k"))
    choice.choose(lambda: made)
    assert missing.hint(LOST) == ""
