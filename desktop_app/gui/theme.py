"""The look: tokens and style sheet of ``resources/theme``, the face, the icons; light or dark as the system is."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from desktop_app import paths

if TYPE_CHECKING:  # the first frame has no icon; Qt's own name space alone takes a tenth of it to load
    from PySide6.QtGui import QIcon, QPixmap

FACES = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
    "Kylin Sans",
)
"""Chinese faces of the systems we run on, the best first."""
OWN_FACE = "NotoSansCJKsc-Medium.otf"
"""The cut we carry, for a system without any."""


@cache
def _tokens() -> dict[str, dict[str, str]]:
    """The tables of ``tokens.toml``, which holds nothing but texts: read by its lines, for tomllib takes longer to load than the
    first frame has for it."""
    found: dict[str, dict[str, str]] = {}
    part: dict[str, str] = {}
    for line in (paths.resources() / "theme" / "tokens.toml").read_text("utf-8").splitlines():
        if line.startswith("["):
            part = found.setdefault(line.strip("[] "), {})
        elif told := re.match(r'(\w+) *= *"([^"]*)"', line):
            part[told[1]] = told[2]
    return found


def mode(wanted: str = "system") -> str:
    """The theme to show, ``light`` or ``dark``: the wanted one, or for ``system`` the system's."""
    if wanted in ("light", "dark"):
        return wanted
    hints = QGuiApplication.styleHints()
    return "dark" if hints.colorScheme().name == "Dark" else "light"


def shown() -> str:
    """The theme that is shown now."""
    application = QGuiApplication.instance()
    told = application.property("theme") if application else None
    return told if told in ("light", "dark") else "light"


def colour(name: str) -> QColor:
    """The colour token of that name in the theme that is shown."""
    return QColor(_tokens()[shown()][name])


def sheet(which: str, family: str) -> str:
    """The style sheet of a theme with every token filled in; ``KeyError`` names a token that is not there."""
    folder = paths.resources() / "theme"
    known = {
        **{
            f"{key}_size" if key in ("text", "small", "group", "page") else key: v
            for key, v in _tokens()["size"].items()
        },
        **_tokens()[which],
        "family": f'"{family}"',
        "theme": folder.as_posix(),
        "mode": which,
    }
    return re.sub(r"@([a-z_]+)", lambda found: known[found[1]], (folder / "window.qss").read_text("utf-8"))


@cache
def face() -> str:
    """The Chinese face of the window: the system's, or the cut we carry."""
    known = next((name for name in FACES if QFontDatabase.hasFamily(name)), "")
    if known:
        return known
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    if chinese:
        return chinese[0]
    number = QFontDatabase.addApplicationFont(str(paths.resources() / "fonts" / OWN_FACE))
    own = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return own[0] if own else QGuiApplication.font().family()


@cache
def digits(pixels: int = 14) -> QFont:
    """The face of cells and tables, with digits of one width."""
    font = QFont(face())
    font.setPixelSize(pixels)
    tag = getattr(QFont, "Tag", None)
    if tag is not None:
        font.setFeature(tag("tnum"), 1)
    return font


def apply(application: QApplication, wanted: str = "system") -> None:
    """Shows a theme: Fusion, our palette, our style sheet, the Chinese face."""
    which = mode(wanted)
    if application.property("theme") == which:
        return
    if not application.property("theme"):
        application.setStyle("Fusion")
        font = QFont(face())
        font.setPixelSize(14)
        application.setFont(font)
    application.setProperty("theme", which)
    application.setPalette(_palette())
    application.setStyleSheet(sheet(which, face()))
    from PySide6.QtWidgets import QAbstractButton

    for widget in application.allWidgets():
        named = widget.property("icon_name")
        if named and isinstance(widget, QAbstractButton):
            widget.setIcon(icon(named))


def _palette() -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    pairs = {
        role.Window: "ground",
        role.WindowText: "text",
        role.Base: "surface",
        role.AlternateBase: "hover",
        role.Text: "text",
        role.Button: "surface",
        role.ButtonText: "text",
        role.ToolTipBase: "surface",
        role.ToolTipText: "text",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.PlaceholderText: "secondary",
        role.Mid: "line",
        role.Dark: "edge",
    }
    for one, name in pairs.items():
        palette.setColor(one, colour(name))
    for one in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, colour("secondary"))
    return palette


def icon(name: str, tint: str = "secondary", on: str = "accent") -> QIcon:
    """An icon of our family in the colours of the theme; ``on`` is its colour when checked."""
    from PySide6.QtGui import QIcon

    made = QIcon()
    made.addPixmap(_pixmap(name, tint, shown()), QIcon.Mode.Normal, QIcon.State.Off)
    made.addPixmap(_pixmap(name, on, shown()), QIcon.Mode.Normal, QIcon.State.On)
    made.addPixmap(_pixmap(name, "edge", shown()), QIcon.Mode.Disabled, QIcon.State.Off)
    return made


ICON = QSize(20, 20)
_SHARPNESS = 4
"""Pixels an icon is drawn with per pixel of its grid: sharp up to 400 %."""


@cache
def _pixmap(name: str, tint: str, which: str) -> QPixmap:
    from PySide6.QtCore import QByteArray, QRectF, Qt
    from PySide6.QtGui import QPainter, QPixmap
    from PySide6.QtSvg import QSvgRenderer

    source = (icons() / f"{name}.svg").read_text("utf-8").replace("currentColor", _tokens()[which][tint])
    pixmap = QPixmap(ICON * _SHARPNESS)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(pixmap.rect()))
    painter.end()
    pixmap.setDevicePixelRatio(_SHARPNESS)
    return pixmap


def icons() -> Path:
    """The folder of the icons."""
    return paths.resources() / "icons"
