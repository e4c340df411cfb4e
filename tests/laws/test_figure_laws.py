"""Laws of numbers in texts: they are read wherever they stand, a name in their place prints them again, live values keep their worth."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from db.schema.composite import BEFORE, Amount, Quantity
from db.schema.prose import escape
from db.schema.records import Figure
from desktop_app.intake import bindings
from desktop_app.rectification.figures import fill, in_terms_of
from desktop_app.rectification.numbers import UNITS, numbers, tells

WORDS = st.text(
    st.sampled_from("今年以来共破获盗窃案件其中整改完成全部较去年同期下降，。；、：“”（）《》{}\n"), max_size=30
)
COUNTED = st.sampled_from(
    [unit for unit in UNITS if unit in ("起", "人", "名", "件", "个", "条", "张", "元", "%", "路")]
)
QUALIFIERS = st.sampled_from(["", "余", "以上", "左右", "近", "约", "超过", "不少于", "不超过"])
VALUES = st.integers(1, 10**7).map(Decimal) | st.decimals("0.1", "999.9", places=1).filter(lambda v: v % 1 != 0)


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    qualifier = draw(QUALIFIERS)
    unit = draw(COUNTED)
    value = draw(VALUES)
    return Amount(value, unit, "" if unit == "%" and qualifier == "余" else qualifier)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    last = 0
    for number in numbers(text):
        assert last <= number.start < number.end <= len(text)
        assert any(one.isdecimal() for one in text[number.start : number.end])
        assert number.sentence <= number.start
        last = number.end


@given(WORDS, amounts(), WORDS)
def test_a_number_is_found_where_it_stands(before: str, amount: Amount, behind: str) -> None:
    clean = before.rstrip("超不近约共") + "共"
    shown = Quantity("").show(amount)
    found = [one for one in numbers(f"{clean}{shown}，{behind}") if one.start < len(clean) + len(shown)]
    assert [(one.value, one.unit) for one in found] == [(amount.value, amount.unit)]
    assert found[0].amount.qualifier == amount.qualifier
    assert tells(found[0], amount.value)


@given(WORDS, amounts(), WORDS)
def test_a_name_in_the_place_of_a_number_prints_it_again(before: str, amount: Amount, behind: str) -> None:
    shown = Quantity("").show(amount)
    plain = f"{before}共{shown}，{behind}"
    words = "".join(plain.split())
    at = words.index(shown, len("".join(before.split())))
    context = words[max(0, at - 20) : at + len(shown) + 12]
    figure = Figure(problem="p", name="数", value=amount, context=context)
    told = bindings.named(escape(plain), figure)
    if told is not None:
        assert "{数}" in told.replace("{{", "")
        assert fill(told, lambda _name, _before: shown).words == plain


@given(amounts())
def test_a_live_value_in_its_own_terms_is_itself(amount: Amount) -> None:
    live = Amount(amount.value, amount.unit)
    told = in_terms_of(live, amount)
    assert told.unit == amount.unit
    if amount.qualifier in ("余", *BEFORE):
        assert told.value <= live.value
    else:
        assert told.value == live.value


@given(WORDS, st.lists(st.text("甲乙丙", min_size=1, max_size=3), max_size=4))
def test_marks_stand_where_they_are_said_to(words: str, names: list[str]) -> None:
    text = escape(words) + "".join(f"{{{name}}}，" for name in names)
    filled = fill(text, lambda name, _before: f"〔{name}〕")
    assert [name for _first, _last, name in filled.marks] == names
    assert [filled.words[first:last] for first, last, _name in filled.marks] == [f"〔{name}〕" for name in names]
