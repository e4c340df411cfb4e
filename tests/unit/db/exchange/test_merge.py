"""Merging by example: what the receipt says, in which order files are taken, what one bad file does to the others, taking back."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.errors import Refusal
from db.exchange import merge, peers, preview, receipt, returning, walk
from db.exchange.check import open_package
from db.exchange.contents import Contents, Party, in_memory
from db.exchange.pack import pack
from db.ledger import conflicts, history
from db.ledger.change import Built, Deed, Edit, create, delete, edit
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.schema.composite import Sheet
from db.schema.records import Evidence, Measure, Problem, Unit, definition_id
from db.store.replica import Installation

HEAD, EAST, WEST = (Party(unit=name, name=title) for name, title in (("u-h", "市局"), ("u-e", "东山"), ("u-w", "西山")))


class Desk:
    """Three offices that began with one file, copied."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.head = Ledger.create(place / "市局.zgl", Installation(place / "head"))
        units = tuple(create(Unit, one.unit, name=one.name) for one in (HEAD, EAST, WEST))
        self.head.act(Deed("新建", "甲", units))
        self.east, self.west = self._copy("东山"), self._copy("西山")
        self.files: list[Contents] = []

    def _copy(self, name: str) -> Ledger:
        shutil.copyfile(self.head.path, self.place / f"{name}.zgl")
        return Ledger.open(self.place / f"{name}.zgl", Installation(self.place / name))

    def file(self, ledger: Ledger, sender: Party, to: Ledger | None = None) -> Contents:
        path = self.place / f"{sender.name}-{len(self.files)}.zgx"
        pack(ledger, path, sender=sender, seen=history.seen(to) if to is not None else None)
        self.files.append(open_package(path))
        return self.files[-1]

    def problem(self, ledger: Ledger, title: str, unit: Party) -> str:
        made = create(Problem, title=title, unit=unit.unit)
        ledger.act(Deed(f"新增{title}", "某人", (made,)))
        return made.id

    def close(self) -> None:
        for one in self.files:
            one.close()
        for ledger in (self.head, self.east, self.west):
            ledger.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def titled(ledger: Ledger) -> set[str | None]:
    return {one.title for one in ledger.all(Problem)}


def renamed(ledger: Ledger, identifier: str, title: str) -> None:
    found = ledger.get(Problem, identifier)
    assert found is not None
    ledger.act(Deed(f"改为{title}", "某人", (edit(found, title=title),)))


def test_the_receipt_counts_by_unit_and_register_and_both_sides_agree(desk: Desk) -> None:
    shared = desk.problem(desk.east, "甲", EAST)
    desk.east.act(
        Deed("措施", "某人", (create(Measure, problem=shared, lead="一"), create(Measure, problem=shared, lead="二")))
    )
    desk.problem(desk.east, "乙", WEST)
    told = merge.merge(desk.head, [desk.file(desk.east, EAST)], backup_folder=desk.place, receiver=HEAD, actor="李")
    counted = {(one.unit, one.record): (one.taken, one.passed) for one in told.counts}
    assert counted == {
        ("u-e", "problem"): (1, 0),
        ("u-e", "measure"): (2, 0),
        ("u-w", "problem"): (1, 0),
        **{(one.unit, "unit"): (0, 1) for one in (HEAD, EAST, WEST)},
    }
    assert told.files[0].agrees == "yes"
    assert told.sentence == "并入 4 条记录，3 条以前已有。"
    assert (told.taken, told.passed, told.conflicts) == (4, 3, 0)
    assert Ledger.open(desk.place / told.backup, Installation(desk.place / "x")).count(Problem) == 0
    assert receipt.plainly(receipt.plain(told)) == told


@pytest.fixture(params=[1, walk.BATCH])
def bite(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files taken each by itself, and together."""
    monkeypatch.setattr(walk, "BATCH", request.param)


@pytest.mark.usefixtures("bite")
def test_files_find_their_order_and_a_missing_one_is_named(desk: Desk) -> None:
    files = []
    for title in "甲乙丙":
        desk.problem(desk.east, title, EAST)
        files.append(desk.file(desk.east, EAST, desk.west))
        merge.merge(desk.west, files[-1:])
    gone = merge.merge(desk.head, [files[2], files[1]])
    assert gone.taken == 0
    assert len(gone.refused) == 2
    assert all("缺第" in one.sentence for one in gone.refused)
    assert merge.merge(desk.head, [files[2], files[0], files[1], files[0]]).taken == 3
    assert titled(desk.head) == {"甲", "乙", "丙"}


@pytest.mark.usefixtures("bite")
@pytest.mark.parametrize("first", ["0", "z"])
def test_a_file_that_rests_on_another_offices_waits_for_it(desk: Desk, first: str) -> None:
    """West builds on what it had of east; its file leaves out what head is thought to have."""
    shared = desk.problem(desk.east, "甲", EAST)
    merge.merge(desk.west, [desk.file(desk.east, EAST, desk.west)])
    had = history.seen(desk.west)
    renamed(desk.west, shared, "西改")
    path = desk.place / "西.zgx"
    pack(desk.west, path, sender=WEST, seen=had)
    with open_package(path) as west:
        assert "前因没有收到" in merge.merge(desk.head, [west]).refused[0].sentence
        ordered = dataclasses.replace(west, series=first * 16)
        assert merge.merge(desk.head, [ordered, desk.file(desk.east, EAST, desk.head)]).taken == 2
    assert titled(desk.head) == {"西改"}


def test_one_bad_file_is_refused_and_the_others_are_taken(desk: Desk) -> None:
    for number in range(3):
        desk.problem(desk.east, f"东{number}", EAST)
        desk.problem(desk.west, f"西{number}", WEST)
    honest = list(history.changes(desk.east))
    bad = in_memory([*honest[:-1], honest[-1].__class__(**{**honest[-1].__dict__, "sentence": "改过"})], sender=EAST)
    told = merge.merge(desk.head, [bad, desk.file(desk.west, WEST)])
    assert titled(desk.head) == {"西0", "西1", "西2"}
    assert [bool(one.sentence) for one in told.files] == [True, False]
    assert "校验和" in told.refused[0].sentence
    assert told.taken == 3
    foretold = preview.preview(desk.head, [bad])
    assert foretold.files[0].refusal == told.refused[0].sentence


def test_papers_come_with_the_changes(desk: Desk) -> None:
    scan = desk.place / "会议纪要.txt"
    scan.write_bytes(b"minutes" * 200_000)
    sheet = desk.east.keep(scan)
    desk.east.act(Deed("佐证", "某人", (create(Evidence, title="纪要", paper=sheet),)))
    file = desk.file(desk.east, EAST)
    assert preview.preview(desk.head, [file]).papers == ((sheet.hash, sheet.size),)
    told = merge.merge(desk.head, [file, file])
    assert sum(one.papers for one in told.files) == 1
    assert b"".join(desk.head.open_paper(Sheet("纪要", sheet.hash, sheet.size))) == scan.read_bytes()
    assert preview.preview(desk.head, [file]).papers == ()


def test_what_peers_have_of_each_other(desk: Desk) -> None:
    desk.problem(desk.east, "甲", EAST)
    told = merge.merge(desk.head, [desk.file(desk.east, EAST)], receiver=HEAD)
    (standing,) = peers.standings(desk.head)
    assert (standing.peer.party.name, standing.peer.number, standing.days, standing.owed) == ("东山", 1, 0, 0)
    desk.problem(desk.head, "市", HEAD)
    assert peers.standings(desk.head)[0].owed == 1
    peers.agree(desk.head, standing.peer, 30)
    assert peers.standings(desk.head)[0].due is not None
    assert not peers.standings(desk.head)[0].overdue
    receipt.write(told, desk.place / "回执.zgr")
    back = peers.take_receipt(desk.east, receipt.read(desk.place / "回执.zgr"))
    assert back.lacking == 0
    assert back.differing == ()
    assert "核对一致" in back.sentence
    desk.problem(desk.east, "乙", EAST)
    assert peers.standings(desk.east)[0].owed == 1
    pack(desk.east, desk.place / "新.zgx", sender=EAST, seen=peers.peer(desk.east, "市局").holds)
    with open_package(desk.place / "新.zgx") as new:
        assert merge.merge(desk.head, [new]).taken == 1


def test_a_receipt_of_another_story_is_told(desk: Desk) -> None:
    desk.problem(desk.east, "甲", EAST)
    told = merge.merge(desk.head, [desk.file(desk.east, EAST)], receiver=HEAD)
    points = tuple(receipt.Point(one.replica, one.sequence, "0" * 64) for one in told.points)
    forged = receipt.Received(receipt.Receipt(**{**told.__dict__, "points": points}))
    assert "对不上" in peers.take_receipt(desk.east, forged).sentence
    assert peers.standings(desk.east) == []


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"format":"zhenggai-receipt","version":1,"receipt":{}}',
                                  b'{"format":"zhenggai-receipt","version":9}'])  # fmt: skip
def test_what_is_no_receipt_is_refused_in_a_sentence(desk: Desk, data: bytes) -> None:
    (desk.place / "坏.zgr").write_bytes(data)
    with pytest.raises(Refusal, match="回执"):
        receipt.read(desk.place / "坏.zgr")


# -- taking back -------------------------------------------------------------------------------------------------------


def test_a_merge_is_taken_back_and_does_not_return_by_itself(desk: Desk) -> None:
    shared = desk.problem(desk.head, "甲", EAST)
    merge.merge(desk.east, [desk.file(desk.head, HEAD)])
    renamed(desk.east, shared, "东改")
    renamed(desk.head, shared, "市改")
    desk.problem(desk.east, "新", EAST)
    file = desk.file(desk.east, EAST, desk.head)
    told = merge.merge(desk.head, [file])
    assert len(conflicts.conflicts(desk.head)) == 1
    done = returning.take_back(desk.head, told, "李")
    assert done.sentence == "撤回并入：东山的 2 条记录"
    assert titled(desk.head) == {"市改"}
    assert conflicts.conflicts(desk.head) == []
    again = merge.merge(desk.head, [file])
    assert again.taken == 0
    assert "撤回" in again.files[0].advice
    assert titled(desk.head) == {"市改"}
    desk.head.undo("李")
    assert titled(desk.head) >= {"新"}
    assert merge.merge(desk.head, [file]).files[0].advice == ""


def test_what_the_sender_builds_on_it_is_a_conflict(desk: Desk) -> None:
    made = desk.problem(desk.east, "新", EAST)
    told = merge.merge(desk.head, [desk.file(desk.east, EAST)])
    returning.take_back(desk.head, told, "李")
    renamed(desk.east, made, "新改")
    merge.merge(desk.head, [desk.file(desk.east, EAST)])
    assert {one.field for one in conflicts.conflicts(desk.head)} == {"deleted"}


def test_nobody_takes_back_what_was_built_on(desk: Desk) -> None:
    made = desk.problem(desk.east, "新", EAST)
    told = merge.merge(desk.head, [desk.file(desk.east, EAST)])
    with pytest.raises(Refusal, match="不是在这个台账"):
        returning.take_back(desk.west, told, "李")
    desk.head.act(Deed("措施", "某人", (create(Measure, problem=made, lead="一"),)))
    with pytest.raises(Built, match="用到了它"):
        returning.take_back(desk.head, told, "李")
    (measure,) = desk.head.all(Measure)
    desk.head.act(Deed("删", "某人", (delete(measure),)))
    renamed(desk.head, made, "市改")
    with pytest.raises(Built, match="又被修改"):
        returning.take_back(desk.head, told, "李")
    renamed(desk.head, made, "新")
    returning.take_back(desk.head, told, "李")
    assert titled(desk.head) == set()


# -- conflicts ---------------------------------------------------------------------------------------------------------


def test_a_conflict_tells_the_value_before_and_many_are_decided_at_once(desk: Desk) -> None:
    shared = [desk.problem(desk.head, title, EAST) for title in "甲乙丙"]
    merge.merge(desk.east, [desk.file(desk.head, HEAD)])
    for one in shared:
        renamed(desk.east, one, "东改")
        renamed(desk.head, one, "市改")
    (gone,) = (one for one in desk.east.all(Problem) if one.id == shared[2])
    desk.east.act(Deed("删", "某人", (delete(gone),)))
    merge.merge(desk.head, [desk.file(desk.east, EAST)])
    found = conflicts.conflicts(desk.head)
    assert [(one.field, one.before) for one in found if one.id == shared[0]] == [("title", "甲")]
    assert all(len(one.own) == 1 and one.since for one in found)
    deed = conflicts.decide_many(desk.head, found, conflicts.newer, "李")
    assert deed is not None
    shown = {(one.record, one.id, one.field): one.shown for one in found}
    desk.head.act(deed)
    assert conflicts.conflicts(desk.head) == []
    for (record, identifier, field), value in shown.items():
        there = desk.head.find(record, identifier, deleted=True)
        assert there is not None
        if field == "deleted":
            assert (desk.head.find(record, identifier) is None) == value
        else:
            assert getattr(there, field) == value
    merge.merge(desk.east, [desk.file(desk.head, HEAD)])
    assert conflicts.conflicts(desk.east) == []
    assert conflicts.decide_many(desk.east, [], conflicts.newer, "李") is None


def test_a_unit_of_any_words_does_not_spoil_the_receipt(desk: Desk) -> None:
    desk.problem(desk.east, "甲", EAST)
    last = list(history.changes(desk.east))[-1]
    odd = dataclasses.replace(last, fields={**last.fields, "unit": "\x00 怪"}).sealed()
    told = merge.merge(desk.head, [in_memory([*list(history.changes(desk.east))[:-1], odd], sender=EAST)])
    assert told.taken == 1
    assert receipt.plainly(receipt.plain(told)) == told


def _half_deleted(desk: Desk) -> str:
    """A problem head office deleted late while east renamed it early: in conflict, and shown as deleted."""
    shared = desk.problem(desk.head, "甲", EAST)
    merge.merge(desk.east, [desk.file(desk.head, HEAD)])
    renamed(desk.east, shared, "东改")
    for number in range(3):
        desk.problem(desk.head, f"别的{number}", HEAD)
    found = desk.head.get(Problem, shared)
    assert found is not None
    desk.head.act(Deed("删", "某人", (delete(found),)))
    merge.merge(desk.head, [desk.file(desk.east, EAST, desk.head)])
    assert desk.head.get(Problem, shared) is None
    return shared


def test_a_conflict_that_is_there_already_is_not_told_again(desk: Desk) -> None:
    shared = _half_deleted(desk)
    found = desk.east.get(Problem, shared)
    assert found is not None
    desk.east.act(Deed("改", "东", (edit(found, plan="新的计划"),)))
    foretold = preview.preview(desk.head, [desk.file(desk.east, EAST, desk.head)])
    assert [line.clashes for line in foretold.lines] == [()]
    assert foretold.conflicts == 0


def test_taking_back_does_not_bring_up_what_was_deleted(desk: Desk) -> None:
    shared = _half_deleted(desk)
    found = desk.east.get(Problem, shared)
    assert found is not None
    desk.east.act(Deed("改", "东", (edit(found, plan="新的计划"),)))
    told = merge.merge(desk.head, [desk.file(desk.east, EAST, desk.head)])
    assert desk.head.get(Problem, shared) is None
    returning.take_back(desk.head, told, "李")
    assert desk.head.get(Problem, shared) is None


def test_definitions_of_a_refused_file_are_not_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "BATCH", 1)
    body = {"register": {"refuel": {"title": "加油登记", "field": {"litres": {"number": "加油量"}}}}}
    category = Edit("category", "category-cars", {"number": 1, "title": "私车公养"})
    values = {"category": "category-cars", "version": 1, "body": body}
    desk.east.act(Deed("定义", "东", (category, Edit("definition", definition_id("cars", body), values))))
    desk.problem(desk.east, "甲", EAST)
    honest = list(history.changes(desk.east))
    bad = in_memory([*honest[:-1], dataclasses.replace(honest[-1], sentence="改过")], sender=EAST)
    desk.problem(desk.west, "乙", WEST)
    told = merge.merge(desk.head, [bad, desk.file(desk.west, WEST)])
    assert (len(told.refused), told.taken) == (1, 1)
    assert "cars.refuel" not in desk.head.tables.records
    assert titled(desk.head) == {"乙"}
    assert health(desk.head).ailments == ()


def test_an_older_receipt_takes_nothing_away(desk: Desk) -> None:
    told = []
    for title in "甲乙":
        desk.problem(desk.east, title, EAST)
        told.append(merge.merge(desk.head, [desk.file(desk.east, EAST)], receiver=HEAD))
    assert peers.take_receipt(desk.east, receipt.Received(told[1])).lacking == 0
    assert peers.take_receipt(desk.east, receipt.Received(told[0])).differing == ()
    assert peers.standings(desk.east)[0].owed == 0
