"""Whose a package is, whether it was changed, and how it stands to those before it; a whole ledger file as contents."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from db.errors import Fault, Refusal
from db.exchange import check, keys, pack
from db.exchange.contents import Known, Party
from db.exchange.sealing import Locked, Seal
from db.ledger import history
from db.ledger.change import Deed, Edit
from db.ledger.ledger import Ledger
from db.schema.records import Unit
from db.store.replica import Installation


def _named(ledger: Ledger, name: str) -> None:
    ledger.act(Deed("改名", "某人", (Edit("unit", "u1", {"name": name}),)))


@pytest.fixture
def branch(tmp_path: Path) -> Ledger:
    ledger = Ledger.create(tmp_path / "甲.zgl", Installation(tmp_path / "home"))
    _named(ledger, "甲分局")
    return ledger


def _packed(ledger: Ledger, path: Path, **more: object) -> pack.Packed:
    _named(ledger, f"甲分局{path.stem}")
    return pack.pack(ledger, path, sender=Party("u1", "甲分局"), **more)  # type: ignore[arg-type]


def _known(*packed: pack.Packed, **trusted: str) -> Known:
    series: dict[str, dict[int, str]] = {}
    for one in packed:
        series.setdefault(one.series, {})[one.number] = one.hash
    return Known(trusted, series)


def test_the_key_is_a_stranger_s_until_it_was_compared(branch: Ledger, tmp_path: Path) -> None:
    path = _packed(branch, tmp_path / "1.zgx").path
    head_office = Installation(tmp_path / "other")
    with check.open_package(path) as first:
        assert not first.known_key
        assert first.fingerprint == keys.own(branch.installation).fingerprint
        assert [len(group) for group in first.fingerprint.split()] == [5] * 6
    keys.trust(head_office, first.sender.installation, first.sender.key)
    with check.open_package(path, Known(keys.trusted(head_office))) as again:
        assert again.known_key
        assert again.signed


def test_another_key_of_a_known_installation_is_a_loud_warning(branch: Ledger, tmp_path: Path) -> None:
    path = _packed(branch, tmp_path / "1.zgx").path
    known = Known({branch.installation.name: "ab" * 32})
    with pytest.raises(keys.ChangedKey, match="密钥变了") as told:
        check.open_package(path, known)
    assert told.value.fingerprint == keys.own(branch.installation).fingerprint
    with check.open_package(path, known, accept=(told.value.key,)) as accepted:
        assert accepted.known_key


def test_only_this_user_reads_the_keys_and_they_stay_the_same(branch: Ledger) -> None:
    made = keys.own(branch.installation)
    assert (made.key, made.sealing) == (keys.own(branch.installation).key, keys.own(branch.installation).sealing)
    files = sorted((branch.installation.folder / "keys").iterdir())
    assert [path.name for path in files] == ["opening.key", "signing.key"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [0o600, 0o600]


def test_a_damaged_key_file_is_told_and_never_replaced(branch: Ledger) -> None:
    keys.own(branch.installation)
    path = branch.installation.folder / "keys" / "signing.key"
    path.write_bytes(b"short")
    with pytest.raises(Fault, match="密钥文件已损坏"):
        keys.own(branch.installation)
    assert path.read_bytes() == b"short"


def test_packages_of_one_recipient_are_numbered_and_chained(branch: Ledger, tmp_path: Path) -> None:
    city, county = Party("u8", "市局"), Party("u9", "县局")
    one = _packed(branch, tmp_path / "1.zgx", to=city)
    other = _packed(branch, tmp_path / "2.zgx", to=county)
    two = _packed(branch, tmp_path / "3.zgx", to=city)
    assert (one.number, two.number, other.number) == (1, 2, 1)
    assert (one.previous, two.previous) == ("", one.hash)
    assert one.series == two.series != other.series
    with check.open_package(two.path, _known(one)) as contents:
        assert contents.standing.kind == "next"
        assert contents.to == city


def test_a_gap_a_late_and_a_repeated_package_are_told_apart(branch: Ledger, tmp_path: Path) -> None:
    made = [_packed(branch, tmp_path / f"{number}.zgx") for number in range(1, 6)]

    def standing(at: int, *received: int) -> tuple[str, tuple[int, ...], str]:
        with check.open_package(made[at - 1].path, _known(*(made[n - 1] for n in received))) as contents:
            return contents.standing.kind, contents.standing.missing, contents.standing.sentence

    assert standing(1)[0] == "first"
    assert standing(2, 1)[0] == "next"
    assert standing(4, 1)[:2] == ("gap", (2, 3))
    assert standing(4, 1)[2] == "“甲分局”的2、3 号包还没有收到，这是 4 号包。"
    assert standing(3)[:2] == ("gap", (1, 2))
    assert standing(2, 1, 4)[0] == "late"
    assert standing(2, 1, 2, 3)[0] == "again"


def test_two_packages_of_one_number_are_a_fork(branch: Ledger, tmp_path: Path) -> None:
    one = _packed(branch, tmp_path / "1.zgx")
    two = _packed(branch, tmp_path / "2.zgx")
    with pytest.raises(check.Forked, match="1 号包与以前收到的 1 号包不是同一个"):
        check.open_package(one.path, Known({}, {one.series: {1: "ab" * 32}}))
    with pytest.raises(check.Forked, match="2 号包接不上"):
        check.open_package(two.path, Known({}, {one.series: {1: "ab" * 32}}))


def test_a_ledger_set_back_begins_a_new_series(branch: Ledger, tmp_path: Path) -> None:
    one = _packed(branch, tmp_path / "1.zgx")
    branch.close()
    shutil.copy(branch.path, tmp_path / "backup")
    two = _packed(branch, tmp_path / "2.zgx")
    branch.close()
    shutil.copy(tmp_path / "backup", branch.path)
    again = _packed(branch, tmp_path / "3.zgx")
    assert one.series == two.series != again.series
    assert again.number == 1


def test_a_copy_of_a_ledger_begins_a_new_series(branch: Ledger, tmp_path: Path) -> None:
    one = _packed(branch, tmp_path / "1.zgx")
    branch.close()
    shutil.copy(branch.path, tmp_path / "副本.zgl")
    copy = Ledger.open(tmp_path / "副本.zgl", branch.installation)
    assert _packed(copy, tmp_path / "2.zgx").series != one.series


@pytest.mark.parametrize("by", ["key", "passphrase"])
def test_a_sealed_package_opens_for_its_recipient_alone(branch: Ledger, tmp_path: Path, by: str) -> None:
    recipient = keys.own(Installation(tmp_path / "other"))
    seal = Seal(recipient.sealing) if by == "key" else Seal(passphrase="四个不相干的词语")
    path = _packed(branch, tmp_path / "1.zgx", seal=seal).path
    assert b"changes/" not in path.read_bytes()
    stranger = keys.own(Installation(tmp_path / "third"))
    with pytest.raises(Locked) as told:
        check.open_package(path, mine=stranger)
    assert told.value.passphrase is (by == "passphrase")
    if by == "passphrase":
        with pytest.raises(Locked, match="口令不对"):
            check.open_package(path, passphrase="五个不相干的词语")
    with check.open_package(path, mine=recipient, passphrase="四个不相干的词语") as contents:
        assert contents.sealed
        assert list(contents.changes()) == list(history.changes(branch))


def test_a_short_passphrase_is_refused(branch: Ledger, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="口令太短"):
        _packed(branch, tmp_path / "1.zgx", seal=Seal(passphrase="1234567"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "甲.zgl"]


def test_a_copied_ledger_file_is_contents_like_any_other(branch: Ledger, tmp_path: Path) -> None:
    branch.close()
    shutil.copy(branch.path, tmp_path / "拷贝#1?.zgl")
    with check.open_package(tmp_path / "拷贝#1?.zgl") as contents:
        assert contents.kind == "ledger"
        assert list(contents.changes()) == list(history.changes(branch))
        assert contents.head == history.head(branch)
        other = Ledger.create(tmp_path / "乙.zgl", Installation(tmp_path / "other"))
        other.merge(contents.changes())
    assert other.all(Unit) == branch.all(Unit)


def test_a_copied_ledger_with_an_unfinished_save_is_refused(branch: Ledger, tmp_path: Path) -> None:
    branch.close()
    shutil.copy(branch.path, tmp_path / "拷贝.zgl")
    (tmp_path / "拷贝.zgl-journal").write_bytes(b"x" * 600)
    with pytest.raises(Fault, match="没有正常关闭"):
        check.open_package(tmp_path / "拷贝.zgl")
