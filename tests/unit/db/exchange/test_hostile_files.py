"""Files made to do harm: each ends in one sentence, quickly, and nothing happens."""

from __future__ import annotations

import hashlib
import io
import shutil
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from damaged import put_together, signed_anew, taken_apart

from db.errors import Refusal
from db.exchange import check, pack
from db.exchange.manifest import VERSION
from db.exchange.package import parsed
from db.ledger.change import Change, Deed, Edit
from db.ledger.ledger import Ledger
from db.store import blobs
from db.store.replica import Installation


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    place = tmp_path_factory.mktemp("branch")
    ledger = Ledger.create(place / "甲.zgl", Installation(place / "home"))
    for number in range(30):
        ledger.act(Deed("新建单位", "某人", (Edit("unit", f"u{number}", {"name": f"甲{number}分局"}),)))
    sheet = blobs.sheet_of("印章.png", b"png" * 900, "image/png")
    ledger.act(Deed("印章", "某人", (Edit("unit", "u1", {"seal": sheet}),), ((sheet, b"png" * 900),)))
    ledger.close()
    return ledger


@pytest.fixture(scope="module")
def package(branch: Ledger) -> bytes:
    return pack.pack(branch, branch.path.with_name("1.zgx")).path.read_bytes()


def _refused(path: Path, data: bytes | None = None) -> str:
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(Refusal) as told:
        check.open_package(path)
    assert len(told.value.sentence) < 300
    return told.value.sentence


# -- packages ----------------------------------------------------------------------------------------------------------


def _lines(package: bytes, lines: list[bytes]) -> bytes:
    """The package with these lines and a manifest that fits them, signed by somebody."""
    data = b"\n".join(lines)

    def change(told: dict[str, object]) -> None:
        told["parts"] = [[len(data), hashlib.sha256(data).hexdigest(), len(lines)]]

    members = dict(taken_apart(package))
    members["changes/000001"] = data
    return put_together(signed_anew(list(members.items()), change), zipfile.ZIP_STORED)


DEEP = b'["a",1,1,"","","","","","","",{"a":' + b"[" * 100_000 + b"]" * 100_000 + b'},[],"",""]'
HUGE = b'["a",' + b"9" * 1_000_000 + b',1,"","","","","","","",{},[],"",""]'
LINES = {
    "deep": DEEP,
    "huge number": HUGE,
    "no text": b"\xff\xfe\x00",
    "a number": b"1",
    "empty": b"",
    "infinite": b'["a",1,1e999,"","","","","","","",{},[],"",""]',
    "not a number": b"NaN",
    "too few": b'["a",1]',
    "placeholder of nothing": b'["a",1,"xyz"]',
    "a true number": b'["a",true,1,"","","","","","","",{},[],"",""]',
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_lines_that_are_no_changes(package: bytes, tmp_path: Path, line: bytes) -> None:
    told = dict(taken_apart(package))["changes/000001"].split(b"\n")
    _refused(tmp_path / "x.zgx", _lines(package, [line, *told[1:]]))
    _refused(tmp_path / "x.zgx", _lines(package, [*told[:-1], line]))


def test_a_change_whose_hash_is_of_something_else(package: bytes, tmp_path: Path) -> None:
    told = dict(taken_apart(package))["changes/000001"].split(b"\n")
    changed = told[3].replace("甲3分局".encode(), "乙3分局".encode())
    assert changed != told[3]
    assert "内容与校验和不符" in _refused(tmp_path / "x.zgx", _lines(package, [*told[:3], changed, *told[4:]]))


def test_changes_in_another_order_or_twice(package: bytes, tmp_path: Path) -> None:
    told = dict(taken_apart(package))["changes/000001"].split(b"\n")
    _refused(tmp_path / "x.zgx", _lines(package, [told[1], told[0], *told[2:]]))
    _refused(tmp_path / "x.zgx", _lines(package, [told[0], told[0], *told[2:]]))


def test_a_forged_chain_inside(package: bytes, tmp_path: Path) -> None:
    """A change made anew with a true hash of its own does not fit the one after it."""
    told = dict(taken_apart(package))["changes/000001"].split(b"\n")
    before = parsed(told[3])
    assert isinstance(before, Change)
    forged = replace(before, fields={**before.fields, "name": "乙分局"}).sealed()
    line = pack.line(forged)
    assert "接不上" in _refused(tmp_path / "x.zgx", _lines(package, [*told[:3], line, *told[4:]]))


def _zipped(members: list[tuple[zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for info, data in members:
            archive.writestr(info, data, method)
    return made.getvalue()


def test_a_bomb(package: bytes, tmp_path: Path) -> None:
    members = dict(taken_apart(package))
    members["changes/000001"] = bytes(300 << 20)
    data = put_together(list(members.items()))
    assert len(data) < 400_000
    assert "大得不合情理" in _refused(tmp_path / "x.zgx", data)


def test_a_bomb_that_lies_about_its_size(package: bytes, tmp_path: Path) -> None:
    """Both headers tell a small size for a member that unpacks to 50 MB."""
    members = dict(taken_apart(package))
    size = len(members["changes/000001"])
    members["changes/000001"] = bytes(50 << 20)
    data = put_together(list(members.items()))
    lie = data.replace(struct.pack("<I", 50 << 20), struct.pack("<I", size))
    assert lie != data
    assert "内容与目录不符" in _refused(tmp_path / "x.zgx", lie)


def test_odd_members(package: bytes, tmp_path: Path) -> None:
    plain = taken_apart(package)

    def infos(change: Callable[[zipfile.ZipInfo], None]) -> bytes:
        made = []
        for name, data in plain:
            info = zipfile.ZipInfo(name)
            if name == "changes/000001":
                change(info)
            made.append((info, data))
        return _zipped(made)

    def link(info: zipfile.ZipInfo) -> None:
        info.external_attr = 0o120777 << 16

    def extra(info: zipfile.ZipInfo) -> None:
        info.extra = struct.pack("<HHQQ", 1, 16, 1, 1)

    def note(info: zipfile.ZipInfo) -> None:
        info.comment = b"x"

    _refused(tmp_path / "x.zgx", infos(extra))
    _refused(tmp_path / "x.zgx", infos(note))
    # A link's rights mean nothing to whoever never writes a member to a disk.
    (tmp_path / "x.zgx").write_bytes(infos(link))
    with check.open_package(tmp_path / "x.zgx") as contents:
        assert contents.count == 31


@pytest.mark.parametrize(
    "name", [b"changes/00000\0", b"../../../../01", b"\xe6\x9d\x90\xe6\x96\x991234-5678"[:14], b"papers/0000001"]
)
def test_names_that_are_none_of_a_package(package: bytes, tmp_path: Path, name: bytes) -> None:
    _refused(tmp_path / "x.zgx", package.replace(b"changes/000001", name.ljust(14, b"x")))


def test_an_encrypted_zip_a_second_one_behind_and_two_of_a_name(package: bytes, tmp_path: Path) -> None:
    encrypted = bytearray(package)
    encrypted[6] |= 1
    at = package.index(b"PK\1\2")
    encrypted[at + 8] |= 1
    assert "目录不对" in _refused(tmp_path / "x.zgx", bytes(encrypted))
    assert "多出了内容" in _refused(tmp_path / "x.zgx", package + package)
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = put_together([*taken_apart(package), ("changes/000001", b"x")])
    assert "同名" in _refused(tmp_path / "x.zgx", twice)


def test_a_member_shared_by_two_entries(package: bytes, tmp_path: Path) -> None:
    """Overlapping members multiply what a small file unpacks to."""
    at = package.index(b"PK\1\2")
    end = package[-22:]
    count, _, length, offset = struct.unpack("<HHII", end[8:20])
    first = package[at : at + 46 + 14]
    listed = first + package[at : at + length]
    tail = end[:8] + struct.pack("<HHII", count + 1, count + 1, len(listed), offset) + b"\0\0"
    _refused(tmp_path / "x.zgx", package[:at] + listed + tail)


def test_counts_beyond_all_measure(package: bytes, tmp_path: Path) -> None:
    def manifest(**more: object) -> bytes:
        return put_together(signed_anew(taken_apart(package), lambda told: told.update(more)))

    _refused(tmp_path / "x.zgx", manifest(changes=1 << 52, parts=[[1 << 20, "0" * 64, 1 << 52]]))
    _refused(tmp_path / "x.zgx", manifest(seen={f"r{number}": 1 for number in range(100_001)}))
    _refused(tmp_path / "x.zgx", manifest(papers={f"{number:064x}": 1 for number in range(100_001)}))
    _refused(tmp_path / "x.zgx", manifest(scope="\x1b[2J"))
    assert "更新版本" in _refused(tmp_path / "x.zgx", manifest(version=VERSION + 1, spans="later"))


def test_a_manifest_of_the_largest_size_fits_into_memory(package: bytes, tmp_path: Path) -> None:
    members = dict(taken_apart(package))
    members["manifest.json"] = b"[" + b"[]," * ((12 << 20) // 3 - 2) + b"1]"
    _refused(tmp_path / "x.zgx", put_together(list(members.items()), zipfile.ZIP_STORED))
    members["manifest.json"] += bytes(1 << 20)
    _refused(tmp_path / "x.zgx", put_together(list(members.items()), zipfile.ZIP_STORED))


def test_what_is_no_package_at_all(tmp_path: Path) -> None:
    assert "不是整改通的交换文件" in _refused(tmp_path / "x.zgx", b"")
    assert "不是整改通的交换文件" in _refused(tmp_path / "x.zgx", b"%PDF-1.7 and so on" * 9)
    assert "不是整改通的交换文件" in _refused(tmp_path / "x.zgx", put_together([("a.txt", b"a")]))
    assert "文件夹" in _refused(tmp_path)
    assert "找不到" in _refused(tmp_path / "gone.zgx")
    assert "加密说明" in _refused(tmp_path / "x.zgx", b"zhenggai sealed\n{}\n" + bytes(99))
    assert "加密说明" in _refused(tmp_path / "x.zgx", b"zhenggai sealed\n" + bytes(999_999))


# -- ledger files ------------------------------------------------------------------------------------------------------

VIEWS = "CREATE VIEW v AS WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT x FROM t"
DATABASES = {
    "endless view": VIEWS,
    "the log is a view": "DROP TABLE log; CREATE VIEW log AS WITH RECURSIVE t(position) AS (SELECT 1 UNION ALL SELECT position + 1 FROM t) "
    "SELECT position, zeroblob(900000000) AS hash FROM t",
    "a view that calls us": "CREATE VIEW v AS SELECT gate_open()",
    "a trigger that writes": "CREATE TRIGGER t AFTER INSERT ON note BEGIN DELETE FROM log; END",
    "a trigger of our name": "DROP TRIGGER log_no_delete; CREATE TRIGGER log_no_delete BEFORE DELETE ON log BEGIN SELECT 1; END",
    "a virtual table": "CREATE VIRTUAL TABLE f USING fts5(x)",
    "another table": "CREATE TABLE secrets (x)",
    "a generated column": "ALTER TABLE log ADD COLUMN evil TEXT GENERATED ALWAYS AS (hex(zeroblob(100000000))) VIRTUAL",
    "another column": "ALTER TABLE paper ADD COLUMN path TEXT",
    "an index that reckons": "CREATE INDEX evil ON log (hex(zeroblob(100)))",
    "no log": "DROP TABLE log",
    "bytes for words": "UPDATE log SET sentence = x'ff00fe' WHERE position = 3",
    "words nobody can read": "UPDATE log SET sentence = CAST(x'ff00fe' AS TEXT) WHERE position = 3",
    "words for numbers": "UPDATE log SET clock = 'x' WHERE position = 3",
    "numbers for words": "UPDATE paper SET size = 'x'",
    "a very long value": "UPDATE log SET fields = '\"' || hex(zeroblob(20000000)) || '\"' WHERE position = 3",
    "a very long piece": "UPDATE paper_chunk SET bytes = zeroblob(20000000)",
    "a piece changed": "UPDATE paper_chunk SET bytes = zeroblob(2700)",
    "no fields": "UPDATE log SET fields = '[]' WHERE position = 3",
    "nonsense for fields": "UPDATE log SET fields = '{' WHERE position = 3",
    "deep fields": "UPDATE log SET fields = '{\"a\":' || replace(hex(zeroblob(50000)), '0', '[') WHERE position = 3",
    "another value": "UPDATE log SET fields = replace(fields, '甲', '乙') WHERE position = 3",
    "one left out": "DELETE FROM log WHERE position = 3",
    "one twice": "UPDATE log SET sequence = 2, replica = 'x' WHERE position = 3",
    "a hash of a paper that is a path": "UPDATE paper SET hash = '../../../../etc/passwd'",
    "a too new one": "PRAGMA user_version = 99",
    "another program's": "PRAGMA application_id = 1",
    "a long definition": "CREATE TABLE r_x (a, '" + "b" * 2_000_000 + "')",
    "a log that does not follow the clock": "PRAGMA journal_mode = WAL",
}


@pytest.fixture
def raw(branch: Ledger, tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the ledger in which somebody ran SQL, guard triggers out of the way but put back."""

    def made(words: str) -> Path:
        path = tmp_path / "来文.zgl"
        shutil.copy(branch.path, path)
        connection = sqlite3.connect(path)
        connection.create_function("gate_open", 0, lambda: 1)
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'log_no%'"
        ).fetchall()
        if words.startswith(("UPDATE", "DELETE")):
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            words += ";" + ";".join(sql for _, sql in triggers)
        connection.executescript(words)
        connection.commit()
        connection.close()
        return path

    return made


@pytest.mark.parametrize("words", DATABASES.values(), ids=DATABASES)
def test_hostile_ledger_files(raw: Callable[[str], Path], words: str) -> None:
    _refused(raw(words))


def test_a_ledger_file_whose_schema_goes_round(branch: Ledger, tmp_path: Path) -> None:
    data = bytearray(branch.path.read_bytes())
    # The first page becomes an inner one, whose only child is itself.
    data[100:112] = struct.pack(">BHHHBI", 5, 0, 1, 4000, 0, 1)
    data[112:114] = struct.pack(">H", 4000)
    data[4000:4004] = struct.pack(">I", 1)
    assert "绕圈" in _refused(tmp_path / "x.zgl", bytes(data))


def test_a_log_whose_pages_go_round(branch: Ledger, tmp_path: Path) -> None:
    """An inner page of the log points at one leaf again and again."""
    connection = sqlite3.connect(branch.path)
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'log'").fetchone()[0]
    connection.close()
    data = bytearray(branch.path.read_bytes())
    size = struct.unpack(">H", data[16:18])[0]
    page = (root - 1) * size
    assert data[page] == 5
    count = struct.unpack(">H", data[page + 3 : page + 5])[0]
    cells = struct.unpack(f">{count}H", data[page + 12 : page + 12 + 2 * count])
    for cell in cells:
        data[page + cell : page + cell + 4] = data[page + 8 : page + 12]
    _refused(tmp_path / "x.zgl", bytes(data))


def test_the_file_itself_is_never_written(raw: Callable[[str], Path]) -> None:
    path = raw("SELECT 1")
    before = path.read_bytes()
    with check.open_package(path) as contents:
        assert contents.count == 31
        assert zlib.crc32(b"".join(contents.paper(next(iter(contents.papers)))))
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]
