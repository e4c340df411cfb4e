"""Notices of other build (our own wording): what is read out of each, and that its words come back complete and in order.

``ZHENGGAI_GOLDEN=write`` writes the expected trees anew; read the difference before you keep it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from desktop_app.intake.read import read
from desktop_app.intake.recognise import recognise
from desktop_app.intake.retell import as_json, words
from desktop_app.intake.source import Source

GOLDEN = sorted((Path(__file__).parents[2] / "golden" / "intake").glob("*.txt"))
WRAPPED = (
    "hard_wrapped_pdfish",
    "newspaper_second_page",
    "blank_lines_wrapped",
    "running_all",
    "running_one_para",
    "newspaper_two",
    "newspaper_cut_two",
)


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_places(part) for key, part in value.items() if key != "place" and part not in ("", [], None)
        }
    if isinstance(value, list):
        return [_without_places(part) for part in value]
    return value


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_tree_of_each_notice(path: Path) -> None:
    found = _without_places(as_json(recognise(read(path))))
    expected = path.with_suffix(".json")
    if os.environ.get("ZHENGGAI_GOLDEN") == "write":
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_words_come_back_complete_and_in_order(path: Path) -> None:
    source = read(path)
    drafts = recognise(source)
    rest = source.text
    for unread in sorted((u for draft in drafts for u in draft.unread), key=lambda u: -u.place.start):
        rest = rest[: unread.place.start] + rest[unread.place.end :]
    told = "".join(words(draft) for draft in drafts)
    assert "".join(told.split()) == "".join(rest.split())


def _bare(line: str) -> str:
    return "".join(line.split())


def test_there_are_enough_of_them() -> None:
    assert len(GOLDEN) >= 12


def test_paragraphs_of_a_web_page_come_back_as_paragraphs() -> None:
    """Where a line is a paragraph, the told words have the same lines as the paper."""
    for path in GOLDEN:
        source = read(path)
        drafts = recognise(source)
        unread = {line.strip() for draft in drafts for u in draft.unread for line in u.text.split("\n")}
        printed = [_bare(line) for line in source.text.split("\n") if line.strip() and line.strip() not in unread]
        told = [_bare(line) for draft in drafts for line in words(draft).split("\n")]
        if path.stem in WRAPPED:
            continue
        # only a signature with its date in one line, and a title in two lines, are laid out anew
        assert len(set(printed) ^ set(told)) <= 3, path.stem


def _printed(text: str, width: int) -> str:
    """The notice as a column prints it: paragraphs indented, lines broken anywhere."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "　　", 2.0
        for character in paragraph.strip():
            if used >= width:
                lines.append(line)
                line, used = "", 0.0
            line += character
            used += 0.5 if character.isascii() else 1
        if line.strip():
            lines.append(line)
    return "\n".join(lines)


def _unspaced(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _unspaced(v) for k, v in value.items() if k not in ("unread", "findings")}
    if isinstance(value, list):
        return [_unspaced(part) for part in value]
    return _bare(value) if isinstance(value, str) else value


@pytest.mark.parametrize("width", [24, 28, 34])
@pytest.mark.parametrize("path", [p for p in GOLDEN if p.stem not in WRAPPED], ids=lambda path: path.stem)
def test_the_same_tree_from_a_printed_column(path: Path, width: int) -> None:
    text = read(path).text
    found = recognise(Source("x.txt", "txt", _printed(text, width)))
    expected = recognise(Source("x.txt", "txt", text))
    assert _unspaced(_without_places(as_json(found))) == _unspaced(_without_places(as_json(expected)))
