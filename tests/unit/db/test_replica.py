"""Under which number a file is written to: one test for every way a file comes to lie where it did not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, create, edit
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.schema.records import Unit
from db.store.replica import Installation, Point

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def home(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "home")


@pytest.fixture
def ledger(tmp_path: Path, home: Installation) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", home)
    made.act(Deed("新建", "某人", (create(Unit, "u1", name="某分局"),)))
    return made


def save(ledger: Ledger, name: str) -> str:
    """Saves a form; the replica it was written under."""
    unit = ledger.get(Unit, "u1")
    assert unit is not None
    return ledger.act(Deed("修改", "某人", (edit(unit, name=name),))).deed.split(":")[0]


def agree(one: Ledger, other: Ledger) -> None:
    """The two take over each other's changes without a refusal, and stay sound."""
    one.merge(history.changes(other))
    other.merge(history.changes(one))
    for ledger in (one, other):
        assert health(ledger).ailments == ()
    assert health(one).head == health(other).head


def test_a_file_that_stays_keeps_its_number(ledger: Ledger, home: Installation) -> None:
    first = save(ledger, "甲")
    assert save(ledger, "乙") == first
    ledger.close()
    assert save(Ledger.open(ledger.path, home), "丙") == first
    assert save(Ledger.open(ledger.path, Installation(home.folder)), "丁") == first


def test_a_copy_beside_gets_a_number_of_its_own(ledger: Ledger, home: Installation, tmp_path: Path) -> None:
    first = save(ledger, "甲")
    copy = Ledger.open(Path(shutil.copy(ledger.path, tmp_path / "台账 - 副本.zgl")), home)
    assert save(copy, "乙") != first
    assert save(ledger, "丙") == first
    agree(ledger, copy)


def test_a_copy_on_another_machine_gets_a_number_of_its_own(ledger: Ledger, home: Installation, tmp_path: Path) -> None:
    """Also at the same path (a USB stick in the same drive), and also when this machine's notes went along."""
    first = save(ledger, "甲")
    kept = shutil.copy(ledger.path, tmp_path / "kept")
    other = Ledger.open(ledger.path, Installation(tmp_path / "other home"))
    second = save(other, "乙")
    assert second != first
    other.close()
    shutil.copytree(home.folder, tmp_path / "third home")
    (tmp_path / "third home" / "installation.json").unlink()
    stick = tmp_path / "stick.zgl"
    shutil.copy(kept, stick)
    third = Ledger.open(stick, Installation(tmp_path / "third home"))
    assert save(third, "丙") not in (first, second)
    agree(third, Ledger.open(ledger.path, home))


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize("while_open", [True, False])
def test_an_older_copy_put_back_gets_a_new_number(
    ledger: Ledger, home: Installation, tmp_path: Path, in_place: bool, while_open: bool
) -> None:
    first = save(ledger, "甲")
    older = shutil.copy(ledger.path, tmp_path / "older")
    save(ledger, "乙")
    newer = Ledger.open(Path(shutil.copy(ledger.path, tmp_path / "newer.zgl")), home)
    if not while_open:
        ledger.close()
    if in_place:
        shutil.copy(older, ledger.path)
    else:
        Path(older).replace(ledger.path)
    again = ledger if while_open else Ledger.open(ledger.path, home)
    unit = again.get(Unit, "u1")
    assert unit is not None
    assert unit.name == "甲"
    assert save(again, "丙") != first
    agree(again, newer)


def test_a_machine_set_back_as_a_whole_goes_on_with_the_others_copy(
    ledger: Ledger, home: Installation, tmp_path: Path
) -> None:
    """File and memory went back together, so one number names two changes. Both sides say so and what to do, and it helps."""
    image = (ledger.path.read_bytes(), tmp_path / "image of home")
    shutil.copytree(home.folder, image[1])
    other = Ledger.create(tmp_path / "别处.zgl", Installation(tmp_path / "other home"))
    save(ledger, "还原前发出的")
    other.merge(history.changes(ledger))
    ledger.close()
    shutil.rmtree(home.folder)
    shutil.copytree(image[1], home.folder)
    ledger.path.write_bytes(image[0])
    back = Ledger.open(ledger.path, Installation(home.folder))
    save(back, "还原后做的")
    for one, two in ((back, other), (other, back)):
        before = health(one).head
        with pytest.raises(Refusal, match=r"两条不同的第.*本台账是“.*来文是“") as caught:
            one.merge(history.changes(two))
        assert "一份拷贝" in caught.value.advice
        assert health(one).head == before
    back.close()
    shutil.copyfile(other.path, ledger.path)
    again = Ledger.open(ledger.path, Installation(home.folder))
    save(again, "重新录入的")
    agree(again, other)
    assert len(history.seen(other)) == 2
    again.close()
    other.close()


def test_a_form_filled_before_the_file_was_replaced_is_not_saved(ledger: Ledger, tmp_path: Path) -> None:
    """Its author looked at changes that are gone; taken as they stand they would make the ledger unsound."""
    older = shutil.copy(ledger.path, tmp_path / "older")
    save(ledger, "甲")
    unit = ledger.get(Unit, "u1")
    assert unit is not None
    seen = ledger.heads(unit)
    shutil.copy(older, ledger.path)
    with pytest.raises(Refusal, match="台账文件被换成了另一份"):
        ledger.act(Deed("修改", "某人", (edit(unit, seen=seen, name="乙"),)))
    assert health(ledger).ailments == ()


def test_a_moved_file_gets_a_new_number(ledger: Ledger, home: Installation, tmp_path: Path) -> None:
    first = save(ledger, "甲")
    ledger.close()
    moved = Ledger.open(ledger.path.rename(tmp_path / "搬走的.zgl"), home)
    assert save(moved, "乙") != first
    assert health(moved).ailments == ()


def test_two_sticks_under_one_path(ledger: Ledger, home: Installation, tmp_path: Path) -> None:
    save(ledger, "甲")
    ledger.close()
    sticks = [Path(shutil.copy(ledger.path, tmp_path / name)) for name in ("one", "other")]
    used: list[str] = []
    for stick in (sticks[0], sticks[1], sticks[0], sticks[1]):
        shutil.copy(stick, ledger.path)
        here = Ledger.open(ledger.path, home)
        used.append(save(here, f"第{len(used)}次"))
        here.close()
        shutil.copy(ledger.path, stick)
    shutil.copy(sticks[0], ledger.path)
    agree(Ledger.open(ledger.path, home), Ledger.open(sticks[1], home))
    assert used[0] != used[1]


def test_cut_off_between_the_note_and_the_commit(
    ledger: Ledger, home: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = save(ledger, "甲")
    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "_take", lambda *_given, **_named: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            save(ledger, "没存上")
    noted = home.recall(first)
    assert noted is not None
    assert noted.sequence == history.seen(ledger)[first] + 1
    assert save(ledger, "乙") != first
    assert health(ledger).ailments == ()


def test_lost_and_spoilt_notes_cost_a_number_and_nothing_else(ledger: Ledger, home: Installation) -> None:
    used = {save(ledger, "甲")}
    for number, spoil in enumerate((None, b"", b"{", b'{"sequence": 1}', b"[1, 2]", b"\xff" * 200)):
        for note in (home.folder / "replicas").glob("*.json"):
            note.unlink() if spoil is None else note.write_bytes(spoil)
        used.add(save(ledger, f"第{number}次"))
    assert len(used) == 7
    assert health(ledger).ailments == ()


def test_a_machine_that_cannot_take_notes_still_saves(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "no folder").write_text("这里是一个文件")
    blind = Ledger.open(ledger.path, Installation(tmp_path / "no folder" / "home"))
    assert save(blind, "甲") != save(blind, "乙")
    assert health(blind).ailments == ()


def test_notes_are_read_back_as_written(home: Installation) -> None:
    home.remember("a" * 16, Point(1 << 52, "f" * 64))
    home.remember("a" * 16, Point(7, "e" * 64))
    assert home.recall("a" * 16) == Point(7, "e" * 64)
    assert home.recall("b" * 16) is None


_WRITER = """
import sys
from pathlib import Path
from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.records import Unit
from db.store.replica import Installation
ledger = Ledger.open(Path(sys.argv[1]), Installation(Path(sys.argv[2])))
for number in range(int(sys.argv[3])):
    ledger.act(Deed("新建", sys.argv[4], (create(Unit, name=f"{sys.argv[4]}{number}"),)))
"""


def test_two_programs_on_one_file(ledger: Ledger, home: Installation) -> None:
    """Every save of both is there, under numbers that follow each other without a gap."""
    each = 40
    running = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(ledger.path), str(home.folder), str(each), name], cwd=ROOT)
        for name in ("甲", "乙")
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    assert ledger.count(Unit) == 1 + 2 * each
    found = health(ledger)
    assert found.ailments == ()
    assert found.changes == 1 + 2 * each
    assert len(history.seen(ledger)) == 1
