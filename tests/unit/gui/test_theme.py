"""The look: every token is there in both themes, words can be read on every ground, icons can be drawn."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from desktop_app import paths
from desktop_app.gui import theme

TOKENS = tomllib.loads((paths.resources() / "theme" / "tokens.toml").read_text("utf-8"))
PAIRS = [
    *(
        (words, ground)
        for words in ("text", "secondary", "accent")
        for ground in ("surface", "ground", "soft", "hover")
    ),
    *((words, "surface") for words in ("done", "soon", "overdue")),
    *((words, "soft") for words in ("done", "soon", "overdue")),
    ("on_accent", "accent"),
    ("on_accent", "pressed"),
    ("soon", "warn_ground"),
    ("overdue", "wrong_ground"),
    ("text", "wrong_ground"),
]


def _light(colour: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    one = QColor(colour)
    parts = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (one.redF(), one.greenF(), one.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), PAIRS)
def test_words_can_be_read(mode: str, words: str, ground: str) -> None:
    bright, dim = sorted((_light(TOKENS[mode][words]), _light(TOKENS[mode][ground])), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 4.5


def test_both_themes_have_the_same_tokens() -> None:
    assert TOKENS["light"].keys() == TOKENS["dark"].keys()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_sheet_has_no_token_left(mode: str) -> None:
    sheet = theme.sheet(mode, "Some Face")
    assert "@" not in sheet
    for path in re.findall(r"url\(([^)]+)\)", sheet):
        assert (paths.resources() / "theme" / path.rsplit("/", 1)[-1]).is_file()


@pytest.mark.parametrize("file", sorted(theme.icons().glob("*.svg")), ids=lambda file: file.stem)
def test_an_icon_is_drawn(qapp: QApplication, file: Path) -> None:

    image = theme.icon(file.stem).pixmap(theme.ICON).toImage()
    assert any(image.pixelColor(x, y).alpha() > 100 for x in range(20) for y in range(20))
