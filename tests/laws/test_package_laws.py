"""What was packed comes out again, and what was damaged is refused in a sentence or gives exactly the same."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from branches import STORIES, Step, do, edited, folder, offices, whole
from damaged import RAW, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from db.errors import Refusal
from db.exchange import check, keys, pack
from db.exchange.contents import Contents, Known, Party
from db.exchange.sealing import Seal
from db.exchange.selection import EVERYTHING, Policy
from db.ledger import history
from db.ledger.change import Deed, Edit, new_id
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.store import blobs, withheld
from db.store.replica import Installation

FILES = 2_000


@settings(deadline=None)
@given(STORIES, st.booleans())
def test_what_was_packed_comes_out_again(story: list[Step], sealed: bool) -> None:
    with offices(3) as made:
        for step in story:
            do(made.ledgers, step)
        edited(made.ledgers[0], "m1", body="正文")
        one, other = made.ledgers[:2]
        mine = keys.own(other.installation)
        packed = pack.pack(one, made.place / "1.zgx", policy=EVERYTHING, seal=Seal(mine.sealing) if sealed else None)
        with check.open_package(packed.path, mine=mine) as contents:
            assert {*map(repr, contents.changes())} == {*map(repr, history.changes(one))}
            assert (contents.head, dict(contents.seen)) == (history.head(one), history.seen(one))
            made.new().merge(contents.changes())
            assert whole(made.ledgers[-1]) == whole(one)
            other.merge(contents.changes())
        if history.seen(one) == history.seen(other):
            return
        back = pack.pack(other, made.place / "2.zgx", seen=contents.seen, policy=EVERYTHING)
        with check.open_package(back.path) as contents:
            one.merge(contents.changes())
        assert whole(one) == whole(other)


@settings(deadline=None)
@given(STORIES, st.integers(0, 30))
def test_packages_in_pieces_bring_what_one_brings(story: list[Step], every: int) -> None:
    """After each few steps what is new goes out; together they are the whole."""
    with offices(3) as made:
        target, seen = made.new(), dict[str, int]()
        for number, step in enumerate(story):
            do(made.ledgers[:3], step)
            if number % (every + 1) == 0 and history.seen(made.ledgers[0]) != seen:
                packed = pack.pack(made.ledgers[0], made.place / "1.zgx", seen=seen, policy=EVERYTHING)
                seen = dict(packed.seen)
                with check.open_package(packed.path) as contents:
                    target.merge(contents.changes())
        target.merge(history.changes(made.ledgers[0], history.seen(target)))
        assert whole(target) == whole(made.ledgers[0])


POLICIES = (
    EVERYTHING,
    Policy(without=frozenset({"measure"})),
    Policy(without=frozenset({"ongoing_item"})),
    Policy(level="public"),
)


@settings(deadline=None)
@given(STORIES, st.data())
def test_what_was_withheld_breaks_nothing_and_follows(story: list[Step], data: st.DataObject) -> None:
    """Offices meet by packages that leave out this or that; every log stays sound; once all is sent, all agree."""
    with offices(3) as made:
        for step in story:
            if step.what != "meet":
                do(made.ledgers, step)
                continue
            one, other = made.ledgers[step.branch % 3], made.ledgers[step.other % 3]
            seen = history.seen(other) if data.draw(st.booleans()) else None
            with suppress(Refusal):
                _sent(made.place, one, other, POLICIES[step.value % len(POLICIES)], seen)
            assert health(other).ailments == ()
        for ledger in made.ledgers:
            ledger.act(Deed("收尾", "某人", (Edit("ongoing_item", new_id(), {"content": "收尾"}),)))
        for one in made.ledgers * 2:
            for other in made.ledgers:
                if one is not other:
                    _sent(made.place, one, other, EVERYTHING, None)
        for other in made.ledgers:
            with other.reading() as connection:
                assert [*withheld.open_places(connection)] == []
            assert health(other).ailments == ()
            assert whole(other) == whole(made.ledgers[0])
            assert history.head(other) == history.head(made.ledgers[0])


def _sent(place: Path, one: Ledger, other: Ledger, policy: Policy, seen: dict[str, int] | None) -> None:
    packed = pack.pack(one, place / "1.zgx", policy=policy, seen=seen)
    with check.open_package(packed.path) as contents:
        for change in contents.changes():
            assert change.record not in policy.without
        other.merge(contents.lines())
    assert history.head(other, packed.seen) in (packed.head, "")


# -- damaged files -----------------------------------------------------------------------------------------------------


def _filled(ledger: Ledger, deeds: int, seed: int) -> None:
    luck = random.Random(seed)
    for number in range(deeds):
        edited(
            ledger,
            f"m{number % 7}",
            body="，".join(f"正文{luck.randrange(10**6)}" for _ in range(luck.randrange(1, 40))),
        )
    data = luck.randbytes(3_000)
    sheet = blobs.sheet_of("印章.png", data, "image/png")
    ledger.act(Deed("印章", "某人", (Edit("unit", "u1", {"name": "甲", "seal": sheet}),), ((sheet, data),)))


@pytest.fixture(scope="module")
def originals() -> Iterator[tuple[Path, list[Path]]]:
    """Two packages, one sealed with a passphrase (slow to open, so few are tried), two ledger files."""
    with offices(2) as made:
        for number, ledger in enumerate(made.ledgers):
            _filled(ledger, 40, number)
            pack.pack(ledger, made.place / f"p{number}.zgx", sender=Party("u1", f"{number}局"))
            mine = keys.own(made.ledgers[0].installation)
            pack.pack(ledger, made.place / f"s{number}.zgx", seal=Seal(mine.sealing))
        made.close()
        yield made.place, [made.place / name for name in ("p0.zgx", "p1.zgx", "s0.zgx", "s1.zgx", "0.zgl", "1.zgl")]


def told(contents: Contents) -> Any:
    """All a merge would take of a file."""
    papers = {digest: b"".join(contents.paper(digest)) for digest in contents.papers}
    return sorted(map(repr, contents.lines())), papers, contents.head, dict(contents.seen)


def _tried(
    originals: list[Path], place: Path, count: int, make: Callable[[bytes, bytes, int], bytes], mine: keys.Keys
) -> int:
    """Opens so many damaged files; how many of them were refused."""
    path, other = originals
    data, more = path.read_bytes(), other.read_bytes()
    with check.open_package(path, mine=mine) as contents:
        wanted = told(contents)
    known, sentences = Known({mine_name(place): mine.key}), list[str]()
    with folder() as inside:
        before = sorted(place.iterdir())
        for number in range(count):
            file = inside / "来文.zgx"
            file.write_bytes(make(data, more, number))
            if file.read_bytes() in (data, more):
                continue
            try:
                with check.open_package(file, known, mine=mine) as contents:
                    found = told(contents)
            except Refusal as refusal:
                sentences.append(refusal.sentence)
            else:
                assert found == wanted, number
        assert [one.name for one in inside.iterdir()] == ["来文.zgx"]
        assert sorted(place.iterdir()) == before
    assert [one for one in sentences if one.count("。") + one.count("：") > 4 or not 5 < len(one) < 300] == []
    return len(sentences)


def _raw(data: bytes, more: bytes, number: int) -> bytes:
    return RAW[number % len(RAW)](data, more, random.Random(number))


def test_damaged_packages_are_refused_or_equal(originals: tuple[Path, list[Path]], tmp_path: Path) -> None:
    place, files = originals
    mine = keys.own(_installation(place))
    assert _tried(files[:2], place, FILES, damaged, mine) > FILES * 0.8


def test_damaged_sealed_packages_are_refused_or_equal(originals: tuple[Path, list[Path]]) -> None:
    place, files = originals
    assert _tried(files[2:4], place, 500, _raw, keys.own(_installation(place))) > 450


def test_damaged_ledger_files_are_refused_or_equal(originals: tuple[Path, list[Path]]) -> None:
    place, files = originals
    assert _tried(files[4:], place, 300, _raw, keys.own(_installation(place))) > 100


@pytest.mark.soak
def test_many_damaged_files_are_refused_or_equal(originals: tuple[Path, list[Path]]) -> None:
    place, files = originals
    mine = keys.own(_installation(place))
    assert _tried(files[:2], place, 60_000, damaged, mine) > 40_000
    assert _tried(files[2:4], place, 10_000, _raw, mine) > 9_000
    assert _tried(files[4:], place, 10_000, _raw, mine) > 3_000


def test_no_private_copy_is_left_behind(originals: tuple[Path, list[Path]], monkeypatch: pytest.MonkeyPatch) -> None:
    place, files = originals
    mine = keys.own(_installation(place))
    with folder() as inside:
        monkeypatch.setattr(tempfile, "tempdir", str(inside))
        for path in files[2:]:
            with check.open_package(path, mine=mine):
                pass
            path.with_name("x").write_bytes(path.read_bytes()[:-700])
            with pytest.raises(Refusal):
                check.open_package(path.with_name("x"), mine=mine)
            path.with_name("x").unlink()
        assert [*inside.iterdir()] == []


def _installation(place: Path) -> Installation:
    return Installation(place / "home0")


def mine_name(place: Path) -> str:
    """The installation that packed the files which are damaged."""
    return _installation(place).name
