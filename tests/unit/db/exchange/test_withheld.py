"""What is withheld travels as a placeholder, is passed on as one, and is replaced by its change when that comes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from db.errors import Refusal
from db.exchange import check, pack
from db.exchange.contents import Party
from db.exchange.merge import merge
from db.exchange.preview import preview
from db.exchange.selection import EVERYTHING, ORDINARY, Policy
from db.ledger import history
from db.ledger.change import Deed, Edit, Withheld
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.schema.records import Measure, Problem, Sameness, Unit
from db.store import withheld
from db.store.replica import Installation


def _act(ledger: Ledger, record: str, identifier: str, **values: object) -> None:
    ledger.act(Deed(f"填写{identifier}", "某人", (Edit(record, identifier, values),)))


@pytest.fixture
def branch(tmp_path: Path) -> Ledger:
    """A secret problem with a measure stands between open ones."""
    ledger = Ledger.create(tmp_path / "甲.zgl", Installation(tmp_path / "home"))
    _act(ledger, "unit", "u1", name="甲分局")
    _act(ledger, "problem", "p1", title="公开的问题", publicity="public")
    _act(ledger, "problem", "p2", title="不公开的问题", publicity="secret")
    _act(ledger, "measure", "m2", problem="p2", body="不公开的措施")
    _act(ledger, "measure", "m1", problem="p1", body="公开的措施")
    return ledger


def _new(tmp_path: Path, name: str) -> Ledger:
    return Ledger.create(tmp_path / f"{name}.zgl", Installation(tmp_path / name))


def _send(
    source: Ledger, target: Ledger, tmp_path: Path, policy: Policy = ORDINARY, seen: dict[str, int] | None = None
) -> pack.Packed:
    packed = pack.pack(source, tmp_path / "包.zgx", seen=seen, policy=policy)
    with check.open_package(packed.path) as contents:
        receipt = merge(target, [contents], actor="某人")
        assert [one.sentence for one in receipt.files] == [""]
    return packed


def _holes(ledger: Ledger) -> list[withheld.Place]:
    with ledger.reading() as connection:
        return list(withheld.open_places(connection))


def test_secret_records_and_their_parts_stay_here(branch: Ledger, tmp_path: Path) -> None:
    packed = pack.pack(branch, tmp_path / "包.zgx")
    assert (packed.changes, packed.withheld) == (3, 2)
    assert "不公开的".encode() not in b"".join(data for _, data in _members(packed.path))
    with check.open_package(packed.path) as contents:
        sent = [one.sequence for one in contents.lines() if isinstance(one, Withheld)]
        assert sent == [3, 4]
        assert contents.scope == "不含“不公开”的内容"
    assert pack.pack(branch, tmp_path / "全.zgx", policy=EVERYTHING).withheld == 0


def _members(path: Path) -> list[tuple[str, bytes]]:
    from damaged import taken_apart

    return [(name, data) for name, data in taken_apart(path.read_bytes()) if name.startswith("changes/")]


def test_a_ledger_with_placeholders_is_whole(branch: Ledger, tmp_path: Path) -> None:
    city = _new(tmp_path, "市局")
    _send(branch, city, tmp_path)
    assert [one.id for one in city.all(Problem)] == ["p1"]
    assert len(_holes(city)) == 2
    assert health(city).ailments == ()
    assert health(city).head == history.head(branch) == history.head(city)
    assert history.seen(city) == history.seen(branch)
    city.rebuild()
    assert [one.id for one in city.all(Measure)] == ["m1"]
    city.close()
    again = Ledger.open(city.path, city.installation)
    _act(again, "problem", "p1", title="市局改过")
    assert health(again).ailments == ()


def test_a_placeholder_is_passed_on_as_one(branch: Ledger, tmp_path: Path) -> None:
    city, province = _new(tmp_path, "市局"), _new(tmp_path, "省厅")
    _send(branch, city, tmp_path)
    packed = _send(city, province, tmp_path, EVERYTHING)
    assert (packed.changes, packed.withheld) == (3, 2)
    assert _holes(province) == _holes(city)
    assert history.head(province) == history.head(branch)
    city.close()
    shutil.copy(city.path, tmp_path / "拷贝.zgl")
    third = _new(tmp_path, "第三家")
    with check.open_package(tmp_path / "拷贝.zgl") as contents:
        assert (contents.count, contents.withheld_count) == (3, 2)
        merge(third, [contents], actor="某人")
    assert _holes(third) == _holes(city)


def test_the_change_that_follows_later_takes_its_place(branch: Ledger, tmp_path: Path) -> None:
    city = _new(tmp_path, "市局")
    _send(branch, city, tmp_path)
    _act(city, "unit", "u9", name="市局")
    _send(branch, city, tmp_path, EVERYTHING)
    assert _holes(city) == []
    assert {one.id for one in city.all(Problem)} == {"p1", "p2"}
    assert health(city).ailments == ()
    assert {*map(repr, history.changes(city))} >= {*map(repr, history.changes(branch))}
    whole = _new(tmp_path, "省厅")
    packed = _send(city, whole, tmp_path, EVERYTHING)
    assert packed.withheld == 0
    assert whole.all(Problem) == city.all(Problem)
    _send(branch, city, tmp_path)
    assert _holes(city) == []


def test_a_preview_knows_placeholders(branch: Ledger, tmp_path: Path) -> None:
    city = _new(tmp_path, "市局")
    packed = pack.pack(branch, tmp_path / "一.zgx")
    full = pack.pack(branch, tmp_path / "二.zgx", policy=EVERYTHING)
    with check.open_package(packed.path) as first, check.open_package(full.path) as second:
        assert [one.taken for one in preview(city, [first, second]).files] == [3, 2]
        assert merge(city, [first, second], actor="某人").outcome.taken == 5
        assert [one.taken for one in preview(city, [second, first]).files] == [0, 0]


def test_a_false_placeholder_is_found_out(branch: Ledger, tmp_path: Path) -> None:
    """Whatever a placeholder claims, nothing takes its place but the change whose hash it names."""
    city = _new(tmp_path, "市局")
    changes = list(history.changes(branch))
    city.merge([changes[0], Withheld(changes[1].replica, 2, "ab" * 32)])
    with pytest.raises(Refusal, match="两条不同的第 2 条"):
        city.merge(changes)
    with pytest.raises(Refusal, match="两条不同的第 1 条"):
        city.merge([Withheld(changes[0].replica, 1, "cd" * 32)])
    with pytest.raises(Refusal, match="缺第 3 至 3 条"):
        city.merge([Withheld(changes[0].replica, 4, "cd" * 32)])
    with pytest.raises(Refusal, match="接不上"):
        city.merge([changes[2]])
    assert [place[1] for place in _holes(city)] == [2]


def test_nothing_builds_on_what_is_not_there(branch: Ledger, tmp_path: Path) -> None:
    """A record made public again: its new change rests on one that was withheld, so the whole of it is asked for."""
    city = _new(tmp_path, "市局")
    seen = dict(_send(branch, city, tmp_path).seen)
    _act(branch, "problem", "p2", publicity="public")
    packed = pack.pack(branch, tmp_path / "后.zgx", seen=seen)
    with check.open_package(packed.path) as contents:
        assert [one.record for one in contents.changes()] == ["problem"]
        receipt = merge(city, [contents], actor="某人")
    assert "以前按范围留下没有发" in receipt.files[0].sentence
    assert [one.id for one in city.all(Problem)] == ["p1"]
    _send(branch, city, tmp_path)
    assert {one.id for one in city.all(Problem)} == {"p1", "p2"}
    assert {one.id for one in city.all(Measure)} == {"m1", "m2"}


def test_a_package_for_some_units_holds_no_others(branch: Ledger, tmp_path: Path) -> None:
    _act(branch, "unit", "u2", name="乙分局")
    for unit in ("u1", "u2"):
        _act(branch, "person", f"{unit}p", unit=unit, name=f"{unit}的人")
    packed = pack.pack(branch, tmp_path / "包.zgx", policy=Policy(frozenset({"u2"})))
    with check.open_package(packed.path) as contents:
        assert [one.id for one in contents.changes() if one.record == "person"] == ["u2p"]
        assert "仅 1 个单位" in contents.scope
    nobody = pack.pack(branch, tmp_path / "无.zgx", policy=Policy(without=frozenset({"person"})))
    with check.open_package(nobody.path) as contents:
        assert [one for one in contents.changes() if one.record == "person"] == []


def test_persons_are_not_public(branch: Ledger, tmp_path: Path) -> None:
    _act(branch, "person", "x", unit="u1", name="某某")
    with check.open_package(pack.pack(branch, tmp_path / "包.zgx", policy=Policy(level="public")).path) as contents:
        assert {one.record for one in contents.changes()} == {"unit", "problem", "measure"}


def test_where_nothing_may_leave_there_is_no_package(branch: Ledger, tmp_path: Path) -> None:
    seen = history.seen(branch)
    _act(branch, "problem", "p2", title="还是不公开")
    with pytest.raises(Refusal, match="没有可以发送的内容"):
        pack.pack(branch, tmp_path / "包.zgx", seen=seen, sender=Party("u1", "甲分局"))
    assert [*tmp_path.glob("*包*")] == []


def test_only_the_gate_writes_placeholders_and_older_programs_are_warned(branch: Ledger, tmp_path: Path) -> None:
    city = _new(tmp_path, "市局")
    assert city.path.read_bytes()[60:64] == b"\0\0\0\1"
    _send(branch, city, tmp_path)
    assert city.path.read_bytes()[60:64] == b"\0\0\0\2"
    with pytest.raises(IntegrityError, match="only the gate"), city.reading() as connection:
        connection.execute(text("DELETE FROM withheld"))
    assert len(_holes(city)) == 2
    assert city.all(Unit) == branch.all(Unit)


def test_what_is_said_of_two_records_goes_where_both_go(branch: Ledger, tmp_path: Path) -> None:
    _act(branch, "unit", "u2", name="甲分局（重复）")
    pairs = (("s1", "unit", "u1", "u2"), ("s2", "problem", "p1", "p2"), ("s3", "problem", "p1", "nowhere"))
    for identifier, record, first, second in pairs:
        values = {"record": record, "first": first, "second": second, "verdict": "same"}
        branch.act(Deed("认定", "某人", (Edit("sameness", identifier, values),)))
    city = _new(tmp_path, "市局")
    _send(branch, city, tmp_path)
    assert [one.id for one in city.all(Sameness)] == ["s1"]
