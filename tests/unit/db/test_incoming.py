"""Changes from elsewhere: damaged, out of order, forged or strange ones are refused with a sentence, and nothing is taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db import clock
from db.errors import Fault, Refusal
from db.ledger import conflicts, history, incoming
from db.ledger.change import Change, Deed, create, edit
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.record import Schema
from db.schema.records import SCHEMAS, Measure, Problem, Unit
from db.store.replica import Installation


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.create(tmp_path / "here.zgl", Installation(tmp_path / "home"))
    yield made
    made.close()


@pytest.fixture
def foreign(tmp_path: Path) -> list[Change]:
    """Three changes of another office: a unit made, named, named again."""
    there = Ledger.create(tmp_path / "there.zgl", Installation(tmp_path / "other home"))
    there.act(Deed("新建", "别人", (create(Unit, "u1", name="某分局"),)))
    for name in ("甲", "乙"):
        there.act(Deed("改名", "别人", (edit(Unit(id="u1"), name=name),)))
    found = list(history.changes(there))
    there.close()
    return found


def _resealed(change: Change, **values: Any) -> Change:
    """As a forger makes it who knows how hashes are reckoned."""
    if "replica" in values:
        values = {"deed": f"{values['replica']}:{change.sequence}", **values}
    return replace(change, **values).sealed()


def _first(**values: Any) -> Callable[[list[Change]], list[Change]]:
    return lambda found: [_resealed(found[0], **values)]


@pytest.mark.parametrize(
    ("bend", "says"),
    [
        (lambda f: [replace(f[0], actor="假")], "内容与校验和不符"),
        (lambda f: [replace(f[0], fields={"name": "假"})], "内容与校验和不符"),
        (lambda f: f[1:], "缺第 1 至 1 条"),
        (lambda f: [f[0], f[2]], "缺第 2 至 2 条"),
        (lambda f: [f[0], _resealed(f[1], previous="0" * 64)], "接不上"),
        (lambda f: [f[0], f[1], _resealed(f[1], sentence="另一条")], "两条不同的第 2 条|接不上"),
        (lambda f: [f[0], _resealed(f[1], parents=("0" * 64,))], "前因没有收到"),
        (lambda f: [f[0], _resealed(f[1], id="u2")], "前因不对"),
        (lambda f: [f[0], _resealed(f[1], clock=f[0].clock)], "前因不对"),
        (_first(fields={"name": 5}), "应是文字"),
        (_first(fields={"name": ["x"]}), "应是文字"),
        (_first(fields={"deleted": "是"}), "删除"),
        (_first(sequence=0), "序号不对"),
        (_first(sequence=True), "序号不对"),
        (_first(clock=1 << 53), "序号不对"),
        (_first(clock=(1 << 53) - 1), "跳得太远"),
        (_first(clock=incoming.LEAP + 1), "跳得太远"),
        (lambda f: [f[0], f[1], _resealed(f[2], clock=f[1].clock + incoming.LEAP + 1)], "跳得太远"),
        (_first(id="../u1"), "编号写法不对"),
        (_first(deed="another:1"), "操作编号不是它自己的"),
        (_first(sentence="长" * 2001), "说明太长"),
        (_first(time="昨天"), "时间写法不对"),
        (_first(time="2021-02-30T00:00:00.000Z"), "时间写法不对"),
        (_first(time="9999-12-31T23:59:59.999Z"), "时间写法不对"),
        (_first(time="2021-07-05"), "时间写法不对"),
        (_first(parents=("xyz",)), "前后关系不对"),
        (_first(record="measure", fields={"number": 10**18}), "应是整数"),
        (_first(record="problem", fields={"due": {"wording": "年底", "day": "20211231"}}), "应是时限"),
    ],
)
def test_refused_and_nothing_taken(
    here: Ledger, foreign: list[Change], bend: Callable[[list[Change]], list[Change]], says: str
) -> None:
    with pytest.raises(Refusal, match=says) as caught:
        here.merge(bend(foreign))
    assert re.search(r"[\u4e00-\u9fff].*。$", caught.value.advice)
    assert here.position() == 0
    assert here.merge(foreign).taken == 3
    assert health(here).ailments == ()


def test_what_one_file_has_taken_every_other_takes(here: Ledger, foreign: list[Change], tmp_path: Path) -> None:
    """Clocks that leap as far as they may, one file after another, never shut a third office out."""
    here.merge(foreign)
    for number, name in enumerate("甲乙丙丁", start=1):
        far = foreign[-1].clock + number * incoming.LEAP
        stranger = _resealed(foreign[0], replica=f"stranger{number}", id=f"v{number}", clock=far, fields={"name": name})
        assert here.merge([stranger]).taken == 1
        here.act(Deed("改名", "某人", (edit(Unit(id="u1"), name=name),)))
    third = Ledger.create(tmp_path / "third.zgl", Installation(tmp_path / "third home"))
    third.act(Deed("新建", "某人", (create(Unit, "w1", name="另一个"),)))
    assert third.merge(history.changes(here)).taken == 11
    assert here.merge(history.changes(third)).taken == 1
    third.close()


def test_a_clock_at_the_end_of_its_range_is_told_before_anything_is_written(
    here: Ledger, foreign: list[Change], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that an older program let be poisoned: no further change is made that nobody could take."""
    with monkeypatch.context() as older:
        older.setattr(incoming, "LEAP", 1 << 60)
        here.merge([_resealed(foreign[0], clock=(1 << 53) - 1)])
    with pytest.raises(Fault, match="序号已经用完") as caught:
        here.act(Deed("新建", "某人", (create(Unit, "u2", name="新单位"),)))
    assert re.search(r"[\u4e00-\u9fff].*。$", caught.value.advice)
    assert here.position() == 1
    assert health(here).ailments == ()


def test_a_time_nobody_can_read_does_not_stop_the_history(
    here: Ledger, foreign: list[Change], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older program took any text for a time; the history tells when the change came here instead."""
    with monkeypatch.context() as older:
        older.setattr(clock, "readable", lambda _text: True)
        here.merge([_resealed(foreign[0], time="昨天")])
    (entry,) = history.entries(here)
    assert entry.time == entry.taken
    assert clock.moment(entry.time).astimezone().year >= 2021
    assert [a.code for a in health(here).ailments] == ["hash"]


def test_one_number_for_two_changes_is_told(here: Ledger, foreign: list[Change]) -> None:
    """Somebody wrote to two copies of one file under one number, with a program that does not renew it."""
    here.merge(foreign)
    twin = _resealed(foreign[2], fields={"name": "丙"})
    with pytest.raises(Refusal, match="两条不同的第 3 条"):
        here.merge([twin])
    assert here.get(Unit, "u1") == Unit(id="u1", name="乙")


def test_what_this_program_does_not_know_travels_on(here: Ledger, foreign: list[Change], tmp_path: Path) -> None:
    """A record and a field of a newer program are kept in the log, handed on, and shown by whoever knows them."""
    unknown = _resealed(foreign[0], record="drone_flight", fields={"height": 120})
    later = _resealed(foreign[0], sequence=2, previous=unknown.hash, clock=2, fields={"name": "某分局", "colour": "蓝"})
    here.merge([unknown, later])
    assert here.get(Unit, "u1") == Unit(id="u1", name="某分局")
    assert health(here).ailments == ()
    here.act(Deed("改名", "某人", (edit(Unit(id="u1"), name="改过"),)))
    onward = Ledger.create(tmp_path / "onward.zgl", Installation(tmp_path / "third home"))
    onward.merge(history.changes(here))
    assert {repr(c) for c in history.changes(onward)} == {repr(c) for c in history.changes(here)}
    onward.close()


def _older() -> dict[str, Schema]:
    """The vocabulary of a program that did not know the deadline of a problem, nor measures."""
    problem = SCHEMAS["problem"]
    known = replace(problem, fields=tuple(f for f in problem.fields if f.name not in ("due", "progress")))
    return {"unit": SCHEMAS["unit"], "problem": known}


def test_a_value_nobody_can_read_counts_as_absent(tmp_path: Path, foreign: list[Change]) -> None:
    """It came under a program that could not look at it; the next one opens the file, shows nothing, and says so."""
    home = Installation(tmp_path / "home2")
    old = Ledger.create(tmp_path / "older.zgl", home, vocabulary=_older())
    bad = _resealed(foreign[0], record="problem", id="p1", fields={"title": "x", "due": 5, "progress": ["a"]})
    odd = _resealed(
        foreign[0], record="measure", id="m1", fields={"lead": {"a": 1}, "number": "三"}, sequence=2, clock=2
    )
    old.merge([bad, replace(odd, previous=bad.hash).sealed()])
    old.close()
    new = Ledger.open(tmp_path / "older.zgl", home)
    assert new.all(Problem) == [Problem(id="p1", title="x")]
    assert new.all(Measure) == [Measure(id="m1")]
    ailments = health(new).ailments
    assert [a.code for a in ailments] == ["value"] * 4
    assert all("读不懂的值" in a.sentence and a.sentence.endswith("重新填写。") for a in ailments)
    assert history.entries(new)[-1].touched[0].fields == {"title": "x", "due": None, "progress": None}
    assert history.at_position(new, 2).all(Problem) == new.all(Problem)
    new.act(Deed("填", "某人", (edit(Problem(id="p1"), due=Deadline("年底前", date(2021, 12, 31)), progress="done"),)))
    assert len(health(new).ailments) == 2
    new.undo("某人")
    assert new.all(Problem) == [Problem(id="p1", title="x")]
    new.act(Deed("填", "某人", (edit(Problem(id="p1"), progress="done"), edit(Measure(id="m1"), lead="甲", number=3))))
    assert health(new).ailments == ()
    new.rebuild()
    new.close()


def test_a_conflict_over_a_value_nobody_can_read_can_be_decided(tmp_path: Path, foreign: list[Change]) -> None:
    home = Installation(tmp_path / "home2")
    old = Ledger.create(tmp_path / "older.zgl", home, vocabulary=_older())
    made = _resealed(foreign[0], record="problem", id="p1", fields={"title": "x"})
    day = {"wording": "年底前", "day": "2021-12-31"}
    rivals = [
        _resealed(made, replica=f"r{n}", sequence=1, clock=2, parents=(made.hash,), previous="", fields={"due": due})
        for n, due in enumerate((day, 5))
    ]
    old.merge([made, *rivals])
    assert conflicts.conflicts(old) == []
    old.close()
    new = Ledger.open(tmp_path / "older.zgl", home)
    (conflict,) = conflicts.conflicts(new)
    assert (conflict.shown, [rival.value for rival in conflict.rivals]) == (None, [day, None])
    assert [a.code for a in health(new).ailments] == ["value"]
    new.act(conflicts.decision(new, conflict, conflict.rivals[0].value, "某人"))
    assert new.all(Problem) == [Problem(id="p1", title="x", due=Deadline("年底前", date(2021, 12, 31)))]
    assert health(new).ailments == ()
    new.close()


def test_a_smaller_vocabulary_rebuilds_when_it_grows(tmp_path: Path, foreign: list[Change]) -> None:
    """A file made by a program that knew less gets its tables when one that knows more opens it."""
    home = Installation(tmp_path / "home2")
    older = Ledger.create(tmp_path / "older.zgl", home, vocabulary={"measure": SCHEMAS["measure"]})
    older.merge(foreign)
    older.close()
    newer = Ledger.open(tmp_path / "older.zgl", home)
    assert newer.get(Unit, "u1") == Unit(id="u1", name="乙")
    assert health(newer).ailments == ()
    newer.close()
