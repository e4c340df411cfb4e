"""Likely twins are found with their reason, and nothing that is judged is asked again."""

from __future__ import annotations

from datetime import date

import pytest
from twin_offices import VEHICLE, Offices

from db.errors import Refusal
from db.ledger import conflicts, sameness
from db.ledger.change import Deed, Edit, create, delete
from db.ledger.ledger import Ledger
from db.schema.kinds import Choice
from db.schema.records import Person, Unit, sameness_id
from desktop_app.rectification.reckoning.indicators import reckon
from desktop_app.rectification.twins import likeness, verdicts
from desktop_app.rectification.twins.review import Likely, review


def enter(ledger: Ledger, identifier: str, plate: str, **more: object) -> None:
    ledger.act(Deed("登记车辆", "张", (Edit(VEHICLE, identifier, {"plate": plate, "state": state(ledger), **more}),)))


def state(ledger: Ledger) -> str:
    kind = ledger.schema(VEHICLE).field("state").kind
    assert isinstance(kind, Choice)
    return next(iter(kind.of))


def told(ledger: Ledger, record: str = "") -> dict[tuple[str, str], Likely]:
    return {one.ids: one for one in review(ledger, {record} if record else ()).pairs}


@pytest.fixture
def cars(offices: Offices) -> Offices:
    """One car entered by both, written otherwise; a refuelling of each."""
    using = state(offices.head)
    for ledger, identifier, plate in ((offices.head, "a1", "苏B·1234警"), (offices.branch, "b1", "苏Ｂ1234警")):
        edits = (
            Edit(VEHICLE, identifier, {"plate": plate, "state": using, "model": "大众"}),
            Edit("official_vehicles.refuel", f"r{identifier}", {"vehicle": identifier, "date": date(2021, 5, 1)}),
        )
        ledger.act(Deed("登记车辆", "张", edits))
    offices.meet()
    return offices


def vehicles(ledger: Ledger) -> int:
    return reckon(ledger, "official_vehicles", "vehicles", as_of=date(2021, 6, 1)).rows


def test_one_car_of_two_branches_is_found_linked_counted_once_and_taken_back(cars: Offices) -> None:
    pair = told(cars.head)[("a1", "b1")]
    assert pair.reason == "“车牌号”只是写法不同（苏B·1234警、苏Ｂ1234警），由两处分别登记。"
    assert [one.label for one in pair.differing] == ["车牌号"]
    assert pair.branches
    assert vehicles(cars.head) == 2
    verdicts.link(cars.head, VEHICLE, "b1", "a1", "王")
    assert told(cars.head) == {}
    assert vehicles(cars.head) == 1
    assert {one.id for one in cars.head.rows(VEHICLE)} == {"a1", "b1"}  # both stay readable
    cars.meet()
    assert vehicles(cars.branch) == 1
    verdicts.take_back(cars.branch, VEHICLE, "a1", "b1", "张")
    cars.meet()
    assert vehicles(cars.head) == 2
    assert ("a1", "b1") in told(cars.head)


def test_a_link_is_undone_and_done_again_as_any_deed(cars: Offices) -> None:
    verdicts.link(cars.head, VEHICLE, "a1", "b1", "王", main="b1")
    assert sameness.stand_ins(cars.head, VEHICLE) == {"a1": "b1"}
    cars.head.undo("王")
    assert vehicles(cars.head) == 2
    cars.head.redo("王")
    assert sameness.stand_ins(cars.head, VEHICLE) == {"a1": "b1"}
    verdicts.choose_main(cars.head, VEHICLE, "a1", "王")
    assert sameness.stand_ins(cars.head, VEHICLE) == {"b1": "a1"}
    cars.head.undo("王")
    assert sameness.stand_ins(cars.head, VEHICLE) == {"a1": "b1"}


def test_what_is_not_the_same_is_not_asked_again_anywhere(cars: Offices) -> None:
    verdicts.tell_apart(cars.branch, VEHICLE, "a1", "b1", "张")
    cars.meet()
    assert told(cars.head) == told(cars.branch) == {}
    enter(cars.head, "c1", "苏B1234警")
    assert set(told(cars.head, VEHICLE)) == {("a1", "c1"), ("b1", "c1")}
    verdicts.link(cars.head, VEHICLE, "a1", "c1", "王")
    assert told(cars.head) == {}  # what is not the same as one of them is not the same as the other
    with pytest.raises(Refusal, match="没有认定过"):
        verdicts.take_back(cars.head, VEHICLE, "b1", "c1", "王")


def test_two_offices_that_judge_one_pair_differently_meet_in_a_conflict(cars: Offices) -> None:
    verdicts.link(cars.head, VEHICLE, "a1", "b1", "王")
    verdicts.tell_apart(cars.branch, VEHICLE, "b1", "a1", "张")
    cars.meet()
    for ledger in cars:
        (found,) = conflicts.conflicts(ledger)
        assert (found.record, found.id, found.field) == ("sameness", sameness_id(VEHICLE, "a1", "b1"), "verdict")
    assert sameness.groups(cars.head, VEHICLE) == sameness.groups(cars.branch, VEHICLE)


def test_links_are_passed_on_and_those_between_are_named(cars: Offices) -> None:
    enter(cars.head, "c1", "苏B1234")
    verdicts.link(cars.head, VEHICLE, "a1", "b1", "王")
    verdicts.link(cars.head, VEHICLE, "b1", "c1", "王")
    assert sameness.group_of(cars.head, VEHICLE, "c1") == (("a1", "b1", "c1"), "a1")
    for say in (verdicts.tell_apart, verdicts.take_back):
        with pytest.raises(Refusal, match=r"都和“苏Ｂ1234警.*”认定为同一个"):
            say(cars.head, VEHICLE, "a1", "c1", "王")
    gone = cars.head.find(VEHICLE, "a1")
    assert gone is not None
    cars.head.act(Deed("删除", "王", (delete(gone),)))
    assert sameness.group_of(cars.head, VEHICLE, "a1").main == "b1"  # what is gone counts for nobody
    with pytest.raises(Refusal, match="没有编号为“a1”的车辆"):
        verdicts.link(cars.head, VEHICLE, "a1", "c1", "王")
    with pytest.raises(Refusal, match="同一条记录"):
        verdicts.link(cars.head, VEHICLE, "b1", "b1", "王")
    with pytest.raises(Refusal, match="不能认定"):
        verdicts.link(cars.head, "problem", "b1", "c1", "王")


def test_neighbouring_numbers_are_other_things_and_a_slip_of_two_branches_is_told(offices: Offices) -> None:
    same = {"model": "大众帕萨特", "department": "城中派出所"}
    for at in range(10):
        enter(offices.head, f"a{at}", f"苏B1200{at}", **same)
    assert told(offices.head, VEHICLE) == {}
    enter(offices.branch, "b1", "苏B21005", **same)
    enter(offices.branch, "b2", "苏B99999", **same)
    offices.meet()
    assert set(told(offices.head, VEHICLE)) == {("a5", "b1")}
    (pair,) = told(offices.head, VEHICLE).values()
    assert pair.reason == "“车牌号”只有两个字颠倒（苏B12005、苏B21005），其他填了的项目都一样，由两处分别登记。"
    assert pair.sureness < 100


def test_people_need_more_than_a_name(offices: Offices) -> None:
    head = offices.head
    unit = head.all(Unit)[0].id
    people = (
        create(Person, "p1", name="张 伟", unit=unit),
        create(Person, "p2", name="张伟", post="民警"),
        create(Person, "p3", name="张伟", unit=unit, post="所长"),
        create(Person, "p4", name="李四", unit=unit),
    )
    head.act(Deed("登记", "王", people))
    assert set(told(head, "person")) == {("p1", "p3")}
    assert told(head, "person")[("p1", "p3")].reason == "“姓名”只是写法不同（张 伟、张伟），其他项目也有相同的。"
    offices.branch.act(Deed("登记", "张", (create(Person, "q1", name="章伟", unit=unit),)))
    offices.meet()
    assert ("p1", "q1") in told(head, "person")
    assert "读音相同" in told(head, "person")[("p1", "q1")].reason


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("城中派出所", "城中公安派出所", "habit"),
        ("某市公安局城中分局", "某市城中公安分局", "habit"),
        ("某某科技有限公司", "某某科技有限责任公司", "habit"),
        ("某市（开发区）分局", "某市(开发区)分局", "written"),
        ("城中派出所第一警务站", "城中派出所第二警务站", ""),
        ("城东派出所", "城西派出所", ""),
        ("滨湖派出所", "滨胡派出所", "sound"),
        ("太湖新城派出所", "太湖新程派出所", "sound"),
        ("太湖新城派出所", "太湖新派出所", "slip"),
        ("惠山大队", "锡山大队", ""),
    ],
)
def test_units_are_alike_as_offices_write_them(offices: Offices, one: str, other: str, level: str) -> None:
    offices.head.act(Deed("登记", "王", (create(Unit, "u1", name=one), create(Unit, "u2", name=other))))
    found = told(offices.head, "unit")
    assert [pair.level for pair in found.values()] == ([level] if level else [])


def test_a_short_name_is_a_name(offices: Offices) -> None:
    units = (
        create(Unit, "u1", name="某市公安局城中派出所", short_name="城中所"),
        create(Unit, "u2", name="城中派出所"),
    )
    offices.head.act(Deed("登记", "王", units))
    assert set(told(offices.head, "unit")) == {("u1", "u2")}


def test_slips_are_one_slip() -> None:
    assert likeness.slip("abcd", "abxd") == "差一个字"
    assert likeness.slip("abcd", "abd") == "少一个字"
    assert likeness.slip("abcd", "acbd") == "有两个字颠倒"
    assert [likeness.slip("abcd", other) for other in ("abcd", "axyd", "dbca", "ab", "bcda")] == [""] * 5


def test_a_name_with_another_character_is_told_of_two_offices_alone(offices: Offices) -> None:
    offices.head.act(Deed("登记", "王", (create(Unit, "u1", name="惠山巡特警大队"),)))
    offices.branch.act(Deed("登记", "张", (create(Unit, "u2", name="惠山巡特察大队"),)))
    offices.meet()
    (pair,) = told(offices.head, "unit").values()
    assert pair.reason == "“单位名称”差一个字（惠山巡特警大队、惠山巡特察大队），由两处分别登记。"
