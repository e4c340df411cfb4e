"""Values behave as frozen dataclasses with slots do, for everybody who asks."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, fields, is_dataclass
from dataclasses import replace as replaced

import pytest

from db.values import born, record, replace, value


@value
class Point:
    """A place."""

    x: int
    y: int = 2
    told: list[str] = born(factory=list)

    @property
    def sum(self) -> int:
        return self.x + self.y


@value
class Other:
    x: int
    y: int = 2
    told: list[str] = born(factory=list)


@value
class Bare:
    pass


@value
class Named:
    kind: str
    cls: str
    self: str


@record
class Basket:
    eggs: list[int] = born(factory=list)


@dataclass(frozen=True, slots=True)
class Like:
    x: int
    y: int = 2


def test_fields_are_given_by_place_or_name_and_the_rest_have_defaults() -> None:
    point = Point(1, told=["a"])
    assert (point.x, point.y, point.told, point.sum) == (1, 2, ["a"], 3)
    assert Point(1).told is not Point(1).told
    with pytest.raises(TypeError, match="missing 1 required"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword"):
        Point(1, z=1)  # type: ignore[call-arg]


def test_a_field_may_have_any_name_from_the_first_value_on() -> None:
    for _ in range(2):
        named = Named(kind="a", cls="b", self="c")
        assert (named.kind, named.cls, named.self) == ("a", "b", "c")


def test_equal_by_fields_within_one_class() -> None:
    assert Point(1) == Point(1, 2)
    assert Point(1) != Point(2)
    assert Point(1) != Other(1)  # type: ignore[comparison-overlap]
    assert Bare() == Bare()
    assert hash(Like(1)) == hash((1, 2))
    assert len({Bare(), Bare()}) == 1


def test_a_value_cannot_be_changed_and_a_record_can() -> None:
    point = Point(1)
    with pytest.raises(FrozenInstanceError):
        point.x = 3  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del point.x
    assert point.x == 1
    basket = Basket()
    basket.eggs = [1]
    assert basket == Basket([1])
    with pytest.raises(TypeError, match="unhashable"):
        hash(basket)
    with pytest.raises(AttributeError):
        basket.milk = 1  # type: ignore[attr-defined]


def test_the_functions_of_dataclasses_take_it_for_one() -> None:
    point = Point(1)
    assert is_dataclass(point)
    assert [(one.name, one.default) for one in fields(Like)] == [(one.name, one.default) for one in fields(Point)][:2]
    assert fields(Point)[2].default_factory is list
    assert asdict(point) == {"x": 1, "y": 2, "told": []}
    assert replaced(point, x=5) == replace(point, x=5) == Point(5)
    with pytest.raises(TypeError):
        replace(point, z=1)  # type: ignore[call-arg]
    match point:
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_it_is_copied_pickled_and_shown() -> None:
    point = Point(1, told=["a"])
    assert copy.deepcopy(point) == pickle.loads(pickle.dumps(point)) == point
    assert repr(point) == "Point(x=1, y=2, told=['a'])"
    assert repr(Bare()) == "Bare()"
    assert Point.__doc__ == "A place."


def test_parents_and_second_thoughts_are_refused() -> None:
    with pytest.raises(TypeError, match="neither a parent"):

        @value
        class Child(Like):
            z: int = 0
