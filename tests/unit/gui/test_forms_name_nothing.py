"""Forms, lists and editors are made from schemas: they name no record, no field of one, and no category."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from db.schema.records import SCHEMAS
from desktop_app import gui, paths

FOLDER = Path(gui.__file__).parent
GENERIC = (
    "form.py",
    "lists.py",
    "editors.py",
    "editor.py",
    "editor_text.py",
    "editor_pick.py",
    "editor_day.py",
    "editor_paper.py",
    "entry.py",
    "lookup.py",
    "arranging.py",
    "record_pane.py",
    "browser.py",
    "editor_words.py",
    "grid.py",
    "grid_cells.py",
    "grid_cursor.py",
    "grid_deeds.py",
    "grid_edit.py",
    "grid_filter.py",
    "grid_header.py",
    "grid_keys.py",
    "grid_look.py",
    "grid_memory.py",
    "grid_model.py",
    "grid_paint.py",
    "grid_rows.py",
    "grid_said.py",
    "grid_totals.py",
    "grid_typing.py",
    "grid_view.py",
    "paste_block.py",
    "paste_columns.py",
    "paste_panel.py",
    "paste_read.py",
    "paste_refused.py",
    "register_files.py",
    "register_view.py",
    "registers_list.py",
)
NAMES = {name for name in SCHEMAS if name not in ("group", "unit", "closing")}
"""Schema names that are no ordinary English words."""
CLASSES = {schema.make.__name__ for schema in SCHEMAS.values()} - {"Unit"}


@pytest.mark.parametrize("name", GENERIC)
def test_no_record_is_named(name: str) -> None:
    source = (FOLDER / name).read_text("utf-8")
    code = re.sub(r'"""[\s\S]*?"""|#.*', "", source)
    assert "db.schema.records" not in source
    quoted = set(re.findall(r'"([^"]*)"', code))
    assert not quoted & NAMES
    assert not {one for one in CLASSES if re.search(rf"\b{one}\(", code)}
    keys = {file.stem for file in (paths.resources() / "categories").glob("*.toml")}
    assert not quoted & keys
