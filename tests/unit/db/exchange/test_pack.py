"""A package carries changes and papers to another ledger, and says what it carries."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.errors import Refusal
from db.exchange import check, pack
from db.ledger import history
from db.ledger.change import Deed, Edit
from db.ledger.ledger import Ledger
from db.schema.records import Unit
from db.store import blobs
from db.store.replica import Installation


@pytest.fixture
def branch(tmp_path: Path) -> Ledger:
    ledger = Ledger.create(tmp_path / "甲.zgl", Installation(tmp_path / "home"))
    ledger.act(Deed("新建单位", "某人", (Edit("unit", "u1", {"name": "甲分局"}),)))
    return ledger


def _with_paper(ledger: Ledger) -> bytes:
    data = bytes(range(256)) * 9_000
    sheet = blobs.sheet_of("印章.png", data, "image/png")
    ledger.act(Deed("添加印章", "某人", (Edit("unit", "u1", {"seal": sheet}),), ((sheet, data),)))
    return data


def test_a_package_brings_changes_and_papers(branch: Ledger, tmp_path: Path) -> None:
    data = _with_paper(branch)
    packed = pack.pack(branch, tmp_path / "出.zgx")
    assert (packed.changes, packed.papers, packed.number) == (2, 1, 1)
    with check.open_package(packed.path) as contents:
        assert list(contents.changes()) == list(history.changes(branch))
        assert [b"".join(contents.paper(digest)) for digest in contents.papers] == [data]
        assert contents.head == history.head(branch)
        assert dict(contents.seen) == history.seen(branch)
        other = Ledger.create(tmp_path / "乙.zgl", Installation(tmp_path / "other"))
        other.merge(contents.changes())
    assert other.all(Unit) == branch.all(Unit)
    assert contents.hash == packed.hash


def test_only_what_the_other_side_lacks_is_packed(branch: Ledger, tmp_path: Path) -> None:
    seen = history.seen(branch)
    with pytest.raises(Refusal, match="没有需要发送"):
        pack.pack(branch, tmp_path / "出.zgx", seen=seen)
    _with_paper(branch)
    packed = pack.pack(branch, tmp_path / "出.zgx", seen=seen)
    assert [(one.first, one.last) for one in packed.spans] == [(2, 2)]
    assert [path.name for path in tmp_path.glob("*.part")] == []
