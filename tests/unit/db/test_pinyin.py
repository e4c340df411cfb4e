"""Words are found by their beginning, a part, the initials of their pinyin, or the whole of it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.schema import pinyin

STATES = ["未处理", "处理中", "已处理", "已处理完毕", "移送"]


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("已处理", "已处理"),
        ("已", "已处理"),
        ("ycl", "已处理"),
        ("YCL", "已处理"),
        ("ｙｃｌ", "已处理"),
        ("yichuli", "已处理"),
        ("yichl", "已处理"),
        ("wcl", "未处理"),
        ("wanbi", "已处理完毕"),
        ("ys", "移送"),
        ("中", "处理中"),
    ],
)
def test_the_best_comes_first(typed: str, best: str) -> None:
    assert pinyin.found(typed, [(one, one) for one in STATES])[0][0] == best


@pytest.mark.parametrize("typed", ["xyz", "ycly", "已处里", "1", "yclw!"])
def test_nothing_fits(typed: str) -> None:
    assert pinyin.found(typed, [(one, one) for one in STATES]) == []


def test_any_reading_of_a_character_finds_it() -> None:
    assert pinyin.rank("yinhang", "银行") == 3
    assert pinyin.rank("yx", "银行") == 3
    assert pinyin.rank("lvhua", "绿化") == 3
    assert pinyin.rank("zengchang", "增长") == 3


def test_plates_and_mixed_words() -> None:
    assert pinyin.rank("12345", "粤A12345") == 2
    assert pinyin.rank("yuea1", "粤A12345") == 4
    assert pinyin.rank("chul", "已处理完毕") == 5
    assert pinyin.rank("a12", "粤A12345") == 2


def test_what_is_meant_is_one_thing_or_all_that_fit_as_well() -> None:
    known = [(one, one) for one in STATES]
    assert pinyin.only("wcl", known) == ["未处理"]
    assert pinyin.only("ycl", known) == ["已处理"]
    assert pinyin.only("已处理", known) == ["已处理"]
    assert pinyin.only("已", known) == ["已处理", "已处理完毕"]
    assert pinyin.only("无", known) == []


@given(st.text("已未处理完毕移送中银行绿化长重庆", min_size=1, max_size=6), st.data())
def test_every_spelling_of_a_word_finds_it(words: str, data: st.DataObject) -> None:
    parts = [data.draw(st.sampled_from(pinyin.readings(one))) for one in words]
    typed = "".join(data.draw(st.sampled_from([one, one[0]])) for one in parts)
    assert pinyin.rank(typed, words) == 3


@given(st.text(max_size=12), st.text(max_size=12))
def test_anything_may_be_typed(typed: str, words: str) -> None:
    assert pinyin.rank(typed, words) in (None, 0, 1, 2, 3, 4, 5)


def test_the_dictionary_waits_for_the_first_letter() -> None:
    code = "import sys; from db.schema import pinyin; pinyin.rank('已', '已处理'); print('pypinyin' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
