"""Charts: round scales, everything inside the box, no words on other words, every value told or in the scale, black-and-white looks."""

from __future__ import annotations

import re
from itertools import combinations
from math import isclose
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.notices import charts, page
from desktop_app.notices.charting import names
from desktop_app.notices.charting.canvas import LOOKS, cut, hatching, look
from desktop_app.notices.charting.scale import scale, shares
from desktop_app.notices.tree import Chart, Series

WIDTH, HEIGHT = page.AREA_WIDTH, 9 * page.ROW
KINDS = ("columns", "bars", "line", "pie")
MONTHS = tuple(f"2025年{month}月" for month in range(1, 13))

values = st.one_of(st.none(), st.integers(-60, 90).map(float), st.floats(-1e7, 1e7, allow_nan=False, width=32))
titles = st.text("云汀分局查办案件不足L9（柳岸）·，", min_size=1, max_size=30)


@st.composite
def any_chart(draw: st.DrawFn) -> Chart:
    count = draw(st.integers(1, 32))
    stem = draw(titles)
    ending = draw(st.sampled_from(("", "日", "支队")))
    series = draw(st.lists(st.lists(values, min_size=count, max_size=count), min_size=1, max_size=4))
    return Chart(
        draw(st.sampled_from(KINDS)),
        draw(titles),
        tuple((stem if ending != "日" else "") + f"{k + 1}{ending}" for k in range(count)),
        tuple(Series(f"{stem}{k}", tuple(found)) for k, found in enumerate(series)),
        draw(st.sampled_from(("", "件", "L/100km"))),
    )


boxes = st.sampled_from(
    [(WIDTH, HEIGHT), (WIDTH, 4 * page.ROW), (180.0, 105.0), (page.AREA_HEIGHT, 330.0), (100.0, 30.0)]
)
"""Width and height: the usual box, a low one, the least one, one on a turned sheet, and one too small for any chart."""


def said(chart: Chart, width: float = WIDTH, height: float = HEIGHT) -> list[str]:
    return [label.text for label in charts.drawn(chart, width, height).labels]


def test_every_kind_of_the_tree_is_drawn() -> None:
    assert get_args(get_type_hints(Chart)["kind"]) == KINDS
    for kind in KINDS:
        assert len(charts.drawn(Chart(kind, "", ("甲", "乙"), (Series("", (1.0, 2.0)),)), 200, 120).shapes) >= 2  # type: ignore[arg-type]


def test_an_unknown_kind_fails_loudly() -> None:
    with pytest.raises(TypeError, match="radar"):
        charts.drawn(Chart("radar", "", ("甲",), (Series("", (1.0,)),)), 200, 120)  # type: ignore[arg-type]


@given(any_chart(), boxes)
def test_everything_stays_inside_its_box(chart: Chart, box_: tuple[float, float]) -> None:
    width, height = box_
    canvas = charts.drawn(chart, width, height)
    for label in canvas.labels:
        box = canvas.ground(label)
        assert min(box.left, box.bottom) >= -0.01, label
        assert box.right <= width + 0.01, label
        assert box.top <= height + 0.01, label
    corners = [point for shape in canvas.shapes for point in shape.points]
    corners += [point for one in canvas.strokes for point in ((one.x0, one.y0), (one.x1, one.y1))]
    assert all(-0.01 <= x <= width + 0.01 and -0.01 <= y <= height + 0.01 for x, y in corners)


@given(any_chart(), boxes)
def test_no_words_stand_on_other_words(chart: Chart, box: tuple[float, float]) -> None:
    canvas = charts.drawn(chart, *box)
    taken = [(canvas.ground(label), label) for label in canvas.labels]
    for (one, words), (other, rivals) in combinations(taken, 2):
        assert not one.meets(other), (words, rivals)


@given(any_chart())
def test_a_chart_on_a_page_belongs_to_its_block_and_moves_with_it(chart: Chart) -> None:
    here = charts.placed(chart, 50, 700, WIDTH, HEIGHT, 7)
    there = charts.placed(chart, 60, 690, WIDTH, HEIGHT, 7)
    blocks = (
        {one.block for one in here.lines} | {one.block for one in here.strokes} | {one.block for one in here.shapes}
    )
    assert blocks == {7}
    assert [line.text for line in here.lines] == [line.text for line in there.lines]
    assert all(
        isclose(a.left + 10, b.left) and isclose(a.y - 10, b.y) for a, b in zip(here.lines, there.lines, strict=True)
    )
    assert all(line.left >= 50 - 0.1 and line.right <= 50 + WIDTH + 0.1 for line in here.lines)


# -- scales -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.floats(-1e9, 1e9, allow_nan=False, width=32), min_size=1, max_size=20), st.integers(2, 8))
def test_a_scale_holds_its_values_on_round_even_ticks(found: list[float], most: int) -> None:
    told = scale(found, "", most)
    assert all(-1e-6 <= told.share(value) <= 1 + 1e-6 for value in (*found, 0.0))
    steps = [b - a for a, b in zip(told.ticks, told.ticks[1:], strict=False)]
    assert 1 <= len(steps) <= most + 2
    assert all(isclose(step, steps[0], rel_tol=1e-6) for step in steps)
    assert f"{steps[0]:.6e}"[:4].rstrip("0.") in ("1", "2", "2.5", "5")
    assert 0.0 in told.ticks


def test_whole_values_have_whole_ticks_and_no_decimals() -> None:
    told = scale([0.0, 1.0, 2.0], "起", 8)
    assert told.ticks == (0.0, 1.0, 2.0)
    assert [told.tick(tick) for tick in told.ticks] == ["0", "1", "2"]
    assert scale([3.0, 7.0], "起", 5).told(7.0) == "7"


def test_values_have_as_many_decimals_as_the_longest_of_them() -> None:
    told = scale([9.8, 10.0, 11.25], "L", 5)
    assert [told.told(value) for value in (9.8, 10.0, 11.25)] == ["9.80", "10.00", "11.25"]


def test_a_scale_without_zero_makes_no_mountain_of_a_molehill() -> None:
    told = scale([9.7, 10.0, 9.7], "L", 5, zero=False)
    assert told.ticks[0] <= 7.0
    assert told.ticks[0] > 0
    assert told.share(10.0) - told.share(9.7) < 0.15


def test_large_counts_and_money_are_told_in_wan_and_rates_are_not() -> None:
    assert (scale([123_456.0], "元", 5).unit, scale([123_456.0], "元", 5).told(123_456.0)) == ("万元", "12.35")
    assert scale([2_500_000_000.0], "元", 5).unit == "亿元"
    assert scale([250_000.0], "万元", 5).unit == "万元"
    assert scale([250_000.0], "L/100km", 5).unit == "L/100km"
    assert scale([99_999.0], "人", 5).unit == "人"


def test_nothing_but_zeroes_has_a_scale_and_says_zero() -> None:
    chart = Chart("columns", "全为零", ("甲", "乙"), (Series("", (0.0, 0.0)),), "起")
    assert said(chart).count("0") == 3  # the tick and both values


@given(st.lists(st.floats(0, 1e6, allow_nan=False, width=32), min_size=1, max_size=30))
def test_shares_add_up_to_a_hundred(found: list[float]) -> None:
    total = round(sum(shares(found)), 6)
    assert total == (100.0 if sum(found) else 0.0)


# -- what is told -----------------------------------------------------------------------------------------------------


def test_columns_say_title_unit_names_and_values() -> None:
    words = said(Chart("columns", "各车百公里油耗", ("甲车", "乙车"), (Series("", (9.8, 12.0)),), "L/100km"))
    assert {"各车百公里油耗", "单位：L/100km", "甲车", "乙车", "9.8", "12.0"} <= set(words)


def test_a_missing_value_is_a_gap_and_no_zero() -> None:
    words = said(Chart("columns", "", ("甲", "乙", "丙"), (Series("", (3.0, None, 5.0)),)))
    assert "3" in words
    assert "5" in words
    assert words.count("0") == 1
    line = charts.drawn(
        Chart("line", "", MONTHS, (Series("", (1.0, 2.0, None, 4.0, 5.0, *[None] * 7)),)), WIDTH, HEIGHT
    )
    joined = [shape for shape in line.shapes if len(shape.points) == 2 and shape.weight > 1]
    assert len(joined) == 2  # 1–2 and 4–5


def test_negative_columns_hang_from_the_line_of_zero() -> None:
    canvas = charts.drawn(Chart("columns", "", ("甲", "乙"), (Series("", (4.0, -4.0)),)), WIDTH, HEIGHT)
    up, down = (shape for shape in canvas.shapes if len(shape.points) == 4)
    assert isclose(min(y for _, y in up.points), max(y for _, y in down.points))


def test_months_of_one_year_say_the_year_once() -> None:
    words = said(Chart("line", "", MONTHS, (Series("", tuple(map(float, range(12)))),)))
    assert words.count("2025年") == 1
    assert "12月" in words


def test_days_without_room_are_named_every_few() -> None:
    days = tuple(f"{day}日" for day in range(1, 32))
    words = [word for word in said(Chart("columns", "", days, (Series("", (1.0,) * 31),))) if word.endswith("日")]
    assert words[:3] == ["1日", "3日", "5日"]


def test_columns_whose_names_have_no_room_lie_down_with_all_their_names() -> None:
    offices = tuple(f"云汀分局第{k}派出所" for k in range(1, 25))
    words = said(Chart("columns", "", offices, (Series("", (2.0,) * 24),), "件"))
    assert set(offices) <= set(words)


def test_a_legend_stands_where_there_are_several_series() -> None:
    assert {"2024年", "2025年"} <= set(
        said(Chart("columns", "", ("甲",), (Series("2024年", (1.0,)), Series("2025年", (2.0,)))))
    )
    assert "只有我" not in said(Chart("columns", "", ("甲",), (Series("只有我", (1.0,)),)))


def test_a_pie_says_name_value_and_share_and_tells_tiny_slices_apart() -> None:
    parts = tuple(f"第{k}类" for k in range(20))
    words = said(Chart("pie", "", parts, (Series("", (500.0, *[1.0] * 19)),), "起"))
    told = [word for word in words if word.startswith("第")]
    assert len(told) == 20
    assert "第0类 500起（96.3%）" in told
    assert isclose(sum(float(word.rpartition("（")[2].removesuffix("%）")) for word in told), 100.0)


def test_a_pie_names_what_it_has_no_value_of_and_says_that_all_are_zero() -> None:
    assert "没有数据：乙" in said(Chart("pie", "", ("甲", "乙"), (Series("", (1.0, None)),)))
    assert "各项均为 0" in said(Chart("pie", "", ("甲", "乙"), (Series("", (0.0, 0.0)),)))
    assert "-3" in said(Chart("pie", "", ("甲", "乙"), (Series("", (5.0, -3.0)),)))  # drawn as bars


def test_a_box_too_small_for_a_chart_says_so() -> None:
    chart = Chart("columns", "", ("甲",), (Series("", (1.0,)),))
    assert said(chart, 100, 60) == ["图太小，画不下"]
    assert len(said(chart, 180, 105)) > 2


def test_a_chart_of_nothing_says_so() -> None:
    for chart in (Chart("columns", "", (), ()), Chart("line", "", ("甲",), (Series("", (None,)),))):
        assert said(chart) == ["没有数据"]


# -- looks ------------------------------------------------------------------------------------------------------------


def lightness(colour: page.Colour) -> float:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def test_looks_beside_each_other_differ_without_colour() -> None:
    for at, one in enumerate(LOOKS):
        other = LOOKS[(at + 1) % len(LOOKS)]
        assert one.hatches != other.hatches or abs(lightness(one.fill) - lightness(other.fill)) > 0.25
    assert all(look(count - 1, count) != look(0, count) for count in range(2, 40))


def test_hatching_stays_inside_its_polygon() -> None:
    for angle in (0, 45, 90, 135):
        found = list(hatching(((10.0, 10.0), (30.0, 10.0), (30.0, 40.0), (10.0, 40.0)), angle))
        assert len(found) >= 5
        assert all(9.99 <= x <= 30.01 and 9.99 <= y <= 40.01 for pair in found for x, y in pair)


@given(st.text("云汀ab1，", max_size=20), st.floats(0, 200))
def test_cut_words_fit_and_begin_as_the_whole(text: str, room: float) -> None:
    found = cut(text, room, 9.0, charts.width_of)
    assert charts.width_of(found, 9.0) <= room + 1e-6
    assert text.startswith(found.removesuffix("…"))


@given(st.text("云汀分局A12。", min_size=1, max_size=24), st.floats(20, 90))
def test_wrapped_names_lose_nothing(name: str, room: float) -> None:
    lines = names.wrapped(name, room, 9.0, charts.width_of)
    assert not lines or "".join(lines) == name


def test_svg_says_the_same_words() -> None:
    chart = Chart("columns", "油耗<公示>", ("甲", "乙"), (Series("", (1.0, 2.0)),), "L")
    picture = charts.svg(chart)
    assert picture.startswith("<svg ")
    assert "油耗&lt;公示&gt;" in picture
    assert re.findall(r">([^<>\n]+)</text>", picture)[1:] == list(said(chart, 440, 260))[1:]


def test_the_window_may_measure_with_its_own_face() -> None:
    canvas = charts.drawn(
        Chart("columns", "题", ("甲",), (Series("", (1.0,)),)), 300, 200, lambda text, size: len(text) * size
    )
    assert [canvas.ground(label).width for label in canvas.labels if label.text == "题"] == [12.0]
