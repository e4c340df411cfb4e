"""Half-typed forms on disk."""

from __future__ import annotations

from pathlib import Path

from desktop_app.gui import drafts
from desktop_app.gui.session import Draft


def test_drafts_come_back_and_go_when_there_are_none(home: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "甲.zgl"
    kept = {("problem", "a1"): Draft({"title": "半句"}, {"unit": None, "number": 3}, True)}
    drafts.save(ledger, kept)
    assert drafts.load(ledger) == kept
    assert drafts.load(tmp_path / "乙.zgl") == {}
    drafts.save(ledger, {})
    assert drafts.load(ledger) == {}
    assert not drafts.place(ledger).exists()


def test_a_damaged_file_of_drafts_is_no_drafts(home: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "甲.zgl"
    place = drafts.place(ledger)
    place.parent.mkdir(parents=True)
    for content in ("", "[1]", '[{"record": "problem"}]', "\x00", "{}"):
        place.write_text(content, "utf-8")
        assert drafts.load(ledger) == {}
