"""How parts are put in order, read off a schema."""

from __future__ import annotations

import pytest

from db.schema.records import SCHEMAS, Measure, OngoingItem
from desktop_app.gui import arranging

MEASURE = SCHEMAS["measure"]


def _measures() -> list[Measure]:
    return [
        Measure(id="a", problem="p", number=1),
        Measure(id="b", problem="p", number=2),
        Measure(id="b1", problem="p", parent="b", number=1),
        Measure(id="c", problem="p", number=3),
    ]


def test_what_a_schema_says_of_its_order() -> None:
    assert arranging.above(MEASURE) == "parent"
    assert arranging.ordered(MEASURE)
    assert {"problem", "parent", "number"} <= arranging.unshown(MEASURE)
    assert arranging.above(SCHEMAS["unit"]) == "", "units nest, but are parts of nothing"
    assert not arranging.ordered(SCHEMAS["regulation"])


def test_siblings_stand_below_the_same_parent() -> None:
    assert [one.id for one in arranging.siblings(MEASURE, _measures(), "b")] == ["a", "b", "c"]
    assert [one.id for one in arranging.siblings(MEASURE, _measures(), "b1")] == ["b1"]
    assert arranging.siblings(MEASURE, _measures(), "nobody") == []


def test_a_new_part_stands_last_beside_the_chosen_one() -> None:
    fixed, start = arranging.new(MEASURE, _measures(), "p", "b1")
    assert (fixed["problem"], fixed["parent"], fixed["number"], start) == ("p", "b", 2, {})
    fixed, _start = arranging.new(MEASURE, _measures(), "p", "")
    assert (fixed["parent"], fixed["number"]) == (None, 4)


def test_positions_are_counted_where_there_are_some() -> None:
    placed = [Measure(id="a", problem="p", number=1, position=70)]
    assert arranging.new(MEASURE, placed, "p", "a")[0]["position"] == 71
    assert "position" not in arranging.new(MEASURE, _measures(), "p", "a")[0]


def test_rounds_are_proposed_where_the_form_shows_them() -> None:
    fixed, start = arranging.new(SCHEMAS["closing"], [], "p", "")
    assert (fixed, start) == ({"problem": "p"}, {"round": 1})


def test_nesting_goes_below_the_one_before_and_back() -> None:
    assert arranging.nested(MEASURE, _measures(), "c", deeper=True) == {"parent": "b", "number": 2}
    assert arranging.nested(MEASURE, _measures(), "a", deeper=True) == {}
    assert arranging.nested(MEASURE, _measures(), "b1", deeper=False) == {"parent": None, "number": 4}
    assert arranging.nested(MEASURE, _measures(), "a", deeper=False) == {}
    assert arranging.nested(SCHEMAS["ongoing_item"], [OngoingItem(id="x")], "x", deeper=True) == {}


def _lines(order: str) -> list[Measure]:
    """ "a b>c" are a and b, and c below b."""
    made: list[Measure] = []
    for at, name in enumerate(order.replace(">", " >").split(), start=1):
        parent = made[-1].id if name.startswith(">") else None
        made.append(Measure(id=name.strip(">"), problem="p", parent=parent, number=at))
    return made


@pytest.mark.parametrize(
    ("before", "moved", "target", "where", "after", "values"),
    [
        ("a b c", "c", "a", "above", "c a b", {}),
        ("a b c", "a", "c", "below", "b c a", {}),
        ("a b c", "a", "", "below", "b c a", {}),
        ("a b c", "b", "a", "below", "", {}),
        ("a b c", "b", "b", "on", "", {}),
        ("a b c", "c", "a", "on", "c", {"parent": "a"}),
        ("a b>c", "c", "a", "above", "c a b", {"parent": None}),
        ("a b>c", "a", "c", "below", "c a", {"parent": "b"}),
    ],
)
def test_a_line_goes_where_it_is_dragged(
    before: str, moved: str, target: str, where: str, after: str, values: dict[str, str | None]
) -> None:
    beside, told = arranging.dropped(SCHEMAS["measure"], _lines(before), moved, target, where)
    assert ([one.id for one in beside], told) == (after.split(), values)
