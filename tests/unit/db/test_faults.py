"""The computer stands in the way: one clear sentence each time, and nothing was changed."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.errors import Fault
from db.ledger.change import Deed, create, edit
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.schema.records import Problem, Unit
from db.store import file, tables
from db.store.replica import Installation


@pytest.fixture
def home(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "home")


@pytest.fixture
def ledger(tmp_path: Path, home: Installation) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", home)
    made.act(Deed("新建", "某人", (create(Unit, "u1", name="某分局"),)))
    made.close()
    return made


def rename(ledger: Ledger, name: str = "改过") -> None:
    ledger.act(Deed("改名", "某人", (edit(Unit(id="u1"), name=name),)))


def refused(work: Callable[[], object], says: str, path: Path | None = None) -> Fault:
    """The work fails with a fault that says this, in Chinese, and with what to do; the file at ``path`` is as before."""
    before = path.read_bytes() if path and path.is_file() else None
    with pytest.raises(Fault, match=says) as caught:
        work()
    fault = caught.value
    assert fault.sentence
    assert re.search(r"[\u4e00-\u9fff].*。$", fault.advice), fault.advice
    assert not re.search(r"Error|sqlite|Traceback|errno", str(fault), re.IGNORECASE), fault
    assert fault.topic == "faults"
    if before is not None and path is not None:
        assert path.read_bytes() == before
    return fault


def _other_database(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE address (name TEXT)")
        made.commit()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: p.write_text("这是一份通报。" * 50), "不是整改通台账"),
        (lambda p: p.write_bytes(b"PK\x03\x04" + bytes(500)), "不是整改通台账"),
        (lambda p: p.write_bytes(b"SQLite format 3\x00"), "不是整改通台账"),
        (lambda p: p.write_bytes(b"SQLite format 3\x00" + bytes(500)), "别的程序的数据库"),
        (_other_database, "别的程序的数据库"),
        (lambda p: p.touch(), "空文件"),
        (lambda p: p.mkdir(), "文件夹"),
        (lambda p: None, "找不到"),
    ],
    ids=["text", "zip", "cut header", "header alone", "other program", "empty", "folder", "missing"],
)
def test_not_a_ledger(tmp_path: Path, home: Installation, make: Callable[[Path], None], says: str) -> None:
    path = tmp_path / "什么 #1.zgl"
    make(path)
    fault = refused(lambda: Ledger.open(path, home), says, path)
    assert "什么 #1.zgl" in fault.sentence


def test_newer_than_the_program(ledger: Ledger, home: Installation) -> None:
    with ledger.path.open("rb+") as raw:
        raw.seek(60)
        raw.write((tables.FORMAT + 1).to_bytes(4, "big"))
    refused(lambda: Ledger.open(ledger.path, home), "更新版本", ledger.path)


@pytest.mark.parametrize("name", ["台账 一 二.zgl", "a#b.zgl", "50%完成?.zgl", "%41.zgl", "'引号\".zgl", "ﬁ—…【】.zgl"])
def test_any_name_will_do(tmp_path: Path, home: Installation, name: str) -> None:
    folder = tmp_path / "巡察 整改#%3F?"
    folder.mkdir()
    made = Ledger.create(folder / name, home)
    made.act(Deed("新建", "某人", (create(Unit, "u1", name="某分局"),)))
    made.close()
    again = Ledger.open(folder / name, home)
    rename(again)
    assert health(again).ailments == ()
    copy = file.backup(again.path, folder, datetime(2021, 7, 5, tzinfo=UTC))
    assert Ledger.open(copy, home).count(Unit) == 1
    assert sorted(p.name for p in folder.iterdir()) == sorted([name, copy.name])


def test_never_over_another_file(ledger: Ledger, home: Installation, tmp_path: Path) -> None:
    refused(lambda: Ledger.create(ledger.path, home), "已经有这个文件", ledger.path)
    refused(lambda: Ledger.create(tmp_path / "没有" / "新.zgl", home), "没有这个文件夹")
    refused(lambda: Ledger.create(tmp_path / ("长" * 100 + ".zgl"), home), "文件名太长")
    assert not list(tmp_path.glob(".*.part"))


def _use(path: Path, home: Installation) -> str:
    """Opens, reads and writes a file and looks at its health; what was found wrong, "" for nothing."""
    try:
        opened = Ledger.open(path, home)
        try:
            found = health(opened)
            if found.ailments:
                return found.ailments[0].sentence
            rename(opened)
            return ""
        finally:
            opened.close()
    except Fault as fault:
        return fault.sentence


def test_every_flipped_bit_is_found_or_harmless(ledger: Ledger, home: Installation, tmp_path: Path) -> None:
    """Damage is told in a sentence, by opening or by health; where neither sees any, every fact is as it was."""
    opened = Ledger.open(ledger.path, home)
    for number in range(30):
        opened.act(Deed("新增", "某人", (create(Problem, unit="u1", number=number + 1, title=f"问题{number}"),)))
    facts = [repr(p) for p in opened.all(Problem)]
    opened.close()
    sound = ledger.path.read_bytes()
    chance = random.Random(2021)
    told = 0
    for number in range(60):
        spoilt = bytearray(sound)
        place = chance.randrange(100, len(sound))
        spoilt[place] ^= 1 << chance.randrange(8)
        path = tmp_path / f"spoilt {number}.zgl"
        path.write_bytes(spoilt)
        said = _use(path, home)
        told += bool(said)
        assert said == "" or re.search(r"[\u4e00-\u9fff]", said)
        if not said:
            again = Ledger.open(path, home)
            assert [repr(p) for p in again.all(Problem)] == facts, f"byte {place}"
            again.close()
        path.unlink()
    assert told


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_cut_short(ledger: Ledger, home: Installation, part: float) -> None:
    whole = ledger.path.read_bytes()
    ledger.path.write_bytes(whole[: int(len(whole) * part)])
    assert "损坏" in _use(ledger.path, home) or "读写磁盘出错" in _use(ledger.path, home)


_LOCKER = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], isolation_level=None)
other.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
"""


def test_locked_by_another_program(ledger: Ledger, home: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "_WAIT_MS", 50)
    opened = Ledger.open(ledger.path, home)
    before = ledger.path.read_bytes()
    command = [sys.executable, "-c", _LOCKER, str(ledger.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        refused(lambda: rename(opened), "正被另一个程序使用")
        refused(lambda: Ledger.open(ledger.path, home), "正被另一个程序使用")
        other.communicate("go\n")
    assert ledger.path.read_bytes() == before
    rename(opened)
    assert health(opened).ailments == ()


@pytest.mark.parametrize("what", ["file", "folder"])
def test_read_only(ledger: Ledger, home: Installation, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Can be read and says why it cannot be saved to. The superuser may write everywhere, so access is told, not taken."""
    barred = ledger.path if what == "file" else ledger.path.parent
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda p, mode: allowed(p, mode) and not (mode & os.W_OK and Path(p) == barred))
    opened = Ledger.open(ledger.path, home)
    assert opened.count(Unit) == 1
    refused(lambda: rename(opened), "只读的，不能保存", ledger.path)
    assert health(opened).ailments == ()


def test_made_read_only_while_open(ledger: Ledger, home: Installation) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may write everywhere")
    opened = Ledger.open(ledger.path, home)
    ledger.path.chmod(stat.S_IRUSR)
    refused(lambda: rename(opened), "只读|权限", ledger.path)


def test_gone_while_open(ledger: Ledger, home: Installation, tmp_path: Path) -> None:
    opened = Ledger.open(ledger.path, home)
    ledger.path.rename(tmp_path / "别处.zgl")
    refused(lambda: rename(opened), "不见了")
    refused(lambda: opened.count(Unit), "打不开|不见了|找不到")
    assert not ledger.path.exists()
    (tmp_path / "别处.zgl").rename(ledger.path)
    rename(opened)
    assert opened.count(Unit, name="改过") == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte and a half."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    if sys.platform != "linux" or os.geteuid() != 0 or not mount:
        pytest.skip("a small disk can be mounted by the superuser of a Linux system only")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=1536k", "none", str(place)], check=False).returncode:
        pytest.skip("no disk may be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_disk_full(small_disk: Path, home: Installation) -> None:
    """What was acknowledged stays; it goes on when there is room again."""
    ledger = Ledger.create(small_disk / "台账.zgl", home)
    ballast = small_disk / "ballast"
    saved = 0

    def go_on() -> None:
        nonlocal saved
        while saved < 10_000:
            ledger.act(Deed("新建", "某人", (create(Unit, name=f"单位{saved}", address="长" * 400),)))
            saved += 1
            if saved == 5:
                with contextlib.suppress(OSError), ballast.open("wb") as filling:
                    filling.write(bytes(10_000_000))
                with ballast.open("rb+") as filling:
                    filling.truncate(max(0, ballast.stat().st_size - 100_000))

    with pytest.raises(Fault, match="磁盘已满") as caught:
        go_on()
    assert "已保存的内容没有受影响" in caught.value.advice
    assert ledger.count(Unit) == saved >= 5
    refused(lambda: file.backup(ledger.path, small_disk, datetime(2021, 7, 5, tzinfo=UTC)), "磁盘已满")
    assert not [p for p in small_disk.iterdir() if p.name.endswith(".part") or "备份" in p.name]
    ballast.unlink()
    ledger.act(Deed("新建", "某人", (create(Unit, name="有地方了"),)))
    ledger.close()
    again = Ledger.open(ledger.path, home)
    assert again.count(Unit) == saved + 1
    assert health(again).ailments == ()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO r_unit (id, deleted, heads) VALUES ('x', 0, '')",
        "UPDATE r_unit SET name = '假'",
        "DELETE FROM r_unit",
        "UPDATE log SET actor = '假'",
        "DELETE FROM log",
        "INSERT INTO log SELECT 99, 'h', 'r', 1, 1, 't', 'd', '', 'a', 's', 'unit', 'x', '{}', '', 't', 0",
        "INSERT INTO conflict VALUES ('unit', 'u1', 'name', 'h')",
        "INSERT INTO paper VALUES ('h', 1, 1)",
        "UPDATE paper SET size = 5",
        "DELETE FROM paper",
        "INSERT INTO paper_chunk VALUES ('h', 0, x'00')",
        "UPDATE paper_chunk SET bytes = x'00'",
        "DELETE FROM paper_chunk",
    ],
)
def test_only_the_gate_writes(ledger: Ledger, home: Installation, statement: str, tmp_path: Path) -> None:
    """Another SQLite program is refused by the triggers; so is the program's own connection outside the gate."""
    (tmp_path / "证明.txt").write_text("已办结", "utf-8")
    opened = Ledger.open(ledger.path, home)
    opened.keep(tmp_path / "证明.txt")
    opened.close()
    before = ledger.path.read_bytes()
    with contextlib.closing(sqlite3.connect(ledger.path)) as foreign, pytest.raises(sqlite3.Error):
        foreign.execute(statement)
    assert ledger.path.read_bytes() == before
    opened = Ledger.open(ledger.path, home)
    with pytest.raises(Exception, match=r"the log only grows|only the gate writes"), opened.engine.begin() as inside:
        inside.exec_driver_sql(statement)
    assert health(opened).ailments == ()


def test_strange_things_in_the_file(ledger: Ledger, home: Installation) -> None:
    with contextlib.closing(sqlite3.connect(ledger.path)) as foreign:
        foreign.execute("CREATE TRIGGER evil AFTER INSERT ON note BEGIN DELETE FROM paper; END")
        foreign.commit()
    refused(lambda: Ledger.open(ledger.path, home), "不属于整改通的东西（evil）", ledger.path)


@pytest.mark.parametrize(
    ("drop", "statement"),
    [
        ("", "CREATE TRIGGER guard_x AFTER INSERT ON log BEGIN UPDATE r_unit SET name = '假'; END"),
        ("", "CREATE TRIGGER log_no_x AFTER INSERT ON paper BEGIN DELETE FROM paper; END"),
        ("log_no_update", "CREATE TRIGGER log_no_update AFTER INSERT ON log BEGIN UPDATE r_unit SET name = '假'; END"),
        (
            "guard_log_insert",
            "CREATE TRIGGER guard_log_insert BEFORE INSERT ON log BEGIN SELECT 'only the gate writes'; END",
        ),
        ("guard_paper_delete", "CREATE TRIGGER guard_paper_delete BEFORE DELETE ON paper BEGIN SELECT 1; END"),
        ("", "CREATE VIEW r_x AS SELECT * FROM r_unit"),
    ],
)
def test_a_trigger_under_our_name_is_no_trigger_of_ours(
    ledger: Ledger, home: Installation, drop: str, statement: str
) -> None:
    with contextlib.closing(sqlite3.connect(ledger.path)) as foreign:
        if drop:
            foreign.execute(f"DROP TRIGGER {drop}")
        foreign.execute(statement)
        foreign.commit()
    refused(lambda: Ledger.open(ledger.path, home), "不属于整改通的东西", ledger.path)


def test_a_file_of_an_older_program_gets_its_guards(ledger: Ledger, home: Installation) -> None:
    """Fewer triggers and a record table of another version: it opens, and papers are guarded from then on."""
    with contextlib.closing(sqlite3.connect(ledger.path)) as foreign:
        whole = foreign.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1").fetchall()
        for table in ("paper", "paper_chunk"):
            for what in ("insert", "update", "delete"):
                foreign.execute(f"DROP TRIGGER guard_{table}_{what}")
        foreign.execute("CREATE TABLE r_old (id TEXT PRIMARY KEY)")
        words = next(words for name, words in whole if name == "guard_r_unit_insert")
        foreign.execute(words.replace("r_unit", "r_old"))
        foreign.commit()
    Ledger.open(ledger.path, home).close()
    with contextlib.closing(sqlite3.connect(ledger.path)) as foreign:
        now = foreign.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        assert {*whole} <= {*now}
        assert {name for name, _ in now} - {name for name, _ in whole} == {
            "guard_r_old_insert",
            "guard_r_old_update",
            "guard_r_old_delete",
        }


def test_a_written_over_log_is_found(ledger: Ledger, home: Installation) -> None:
    """Somebody who takes the triggers away and rewrites a row does not get past health."""
    with contextlib.closing(sqlite3.connect(ledger.path)) as foreign:
        words = foreign.execute("SELECT sql FROM sqlite_master WHERE name = 'log_no_update'").fetchone()[0]
        foreign.execute("DROP TRIGGER log_no_update")
        foreign.execute("UPDATE log SET actor = '别人'")
        foreign.execute(words)
        foreign.commit()
    found = health(Ledger.open(ledger.path, home))
    assert [a.code for a in found.ailments] == ["hash"]
