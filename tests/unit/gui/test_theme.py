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
GROUNDS = ("surface", "ground", "soft", "hover")
"""What words stand on anywhere: text, secondary and accent may stand on any of them, states on those where the sheet and the lists
put them."""


def _rules() -> dict[str, dict[str, str]]:
    """Selector → colour and background tokens of the style sheet."""
    words = re.sub(r"/\*.*?\*/", "", (paths.resources() / "theme" / "window.qss").read_text("utf-8"), flags=re.S)
    found: dict[str, dict[str, str]] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^}]*)\}", words):
        told = dict(
            re.findall(r"(?<![a-z-])(color|background|selection-color|selection-background-color): *@([a-z_]+)", body)
        )
        for selector in selectors.split(","):
            found.setdefault(" ".join(selector.split()), {}).update(told)
    return found


def _pairs() -> list[tuple[str, str]]:
    """Every pair of words and ground in use: what a rule of the sheet says itself, with the ground of its widget where a state of it
    changes the words alone; and the words of the sheet on the grounds they can stand on."""
    found = {(words, ground) for words in ("text", "secondary", "accent") for ground in GROUNDS}
    found |= {
        (words, ground) for words in ("done", "soon", "overdue") for ground in ("surface", "ground", "soft", "hover")
    }
    rules = _rules()
    for selector, told in rules.items():
        if "::" in selector and not re.search(r"::(item|section)", selector):
            continue  # a part without words: an indicator, a handle
        plain = re.sub(r"(::|:)[a-z-]+", "", selector)
        ground = told.get("background") or rules.get(plain, {}).get("background")
        words = told.get("color") or rules.get(plain, {}).get("color")
        if words and ground:
            found.add((words, ground))
        if "selection-color" in told and "selection-background-color" in told:
            found.add((told["selection-color"], told["selection-background-color"]))
        above = re.match(r"(.*) QLabel$", selector)
        if above and "color" in told and "background" in rules.get(above[1], {}):
            found.add((told["color"], rules[above[1]]["background"]))
    return sorted(found)


PAIRS = _pairs()


def test_the_pairs_are_those_of_the_sheet() -> None:
    assert {
        ("on_accent", "accent"),
        ("on_accent", "pressed"),
        ("soon", "warn_ground"),
        ("overdue", "wrong_ground"),
    } <= {*PAIRS}
    used = {value for told in _rules().values() for value in told.values()}
    assert used - {"line", "edge"} <= {one for pair in PAIRS for one in pair} | {"past_ground", "track"}


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
