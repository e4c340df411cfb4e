"""The words of WordprocessingML: safe text, properties in the order Word demands, runs and paragraphs as plain values.

XML is written as text: it is twenty times faster than building elements cell by cell, and what Word refuses (an element out of
its sequence, a character XML cannot hold) is decided here alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from db.errors import Refusal
from desktop_app.notices import page, tree
from desktop_app.notices.marks import clean

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

FONTS = {"body": "仿宋_GB2312", "kai": "楷体_GB2312", "hei": "黑体", "song": "宋体", "title": "方正小标宋简体"}
"""Role → the name Word knows its face by. What stands in for a face that is not installed: ``word_styles.STAND_INS``."""

_PARAGRAPH = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens "
    "kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind "
    "contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
    "rPr sectPr"
)
_RUN = (
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish webHidden "
    "color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout"
)
_RANK = {
    "pPr": {name: k for k, name in enumerate(_PARAGRAPH.split())},
    "rPr": {name: k for k, name in enumerate(_RUN.split())},
}

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold: control characters, halves of characters, U+FFFE and U+FFFF."""

TWIPS = 20
PITCH = 579
"""Height of a row in twentieths of a point: 22 rows of 28.95 pt fill the 225 mm of the type area, a 23rd does not fit."""


def safe(text: str) -> str:
    """The words as XML text. Raises ``Refusal`` naming the character that no Word file can hold."""
    text = clean(text)
    found = _FORBIDDEN.search(text)
    if found:
        before = "".join(c if c.isprintable() else "□" for c in text[max(0, found.start() - 8) : found.start()])
        where = f"（在“{before}”之后）" if before else ""
        raise Refusal(
            f"有字符不能写进Word文件：看不见的字符（U+{ord(found.group()):04X}）{where}。",
            "请删去这个看不见的字符，再重新输出。",
            "fonts",
        )
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def twips(points: float) -> int:
    """Points as twentieths of a point."""
    return round(points * TWIPS)


def characters(text: str) -> float:
    """Width of words in characters as Word's own faces set them: figures and Latin letters are half a character."""
    return sum(0.5 if unicodedata.east_asian_width(c) in ("Na", "H", "N") else 1.0 for c in clean(text))


def props(kind: str, held: Mapping[str, str]) -> str:
    """``<w:pPr>`` or ``<w:rPr>`` with its elements in the order of the schema, each given whole by its name."""
    if not held:
        return ""
    rank = _RANK[kind]
    return f"<w:{kind}>{''.join(held[name] for name in sorted(held, key=rank.__getitem__))}</w:{kind}>"


def fonts(role: str) -> str:
    """The face of a role, for Chinese and for figures alike."""
    name = FONTS[role]
    return f'<w:rFonts w:hint="eastAsia" w:ascii="{name}" w:eastAsia="{name}" w:hAnsi="{name}" w:cs="{name}"/>'


@lru_cache(maxsize=512)
def look(role: str, size: float = 0.0, colour: str = page.BLACK, change: str = "", spacing: int | None = None) -> str:
    """``<w:rPr>``: the looks of a run, see ``run``."""
    held = {"rFonts": fonts(role)}
    if size:
        held["sz"] = f'<w:sz w:val="{round(size * 2)}"/>'
        held["szCs"] = f'<w:szCs w:val="{round(size * 2)}"/>'
    if spacing is not None:
        held["spacing"] = f'<w:spacing w:val="{spacing}"/>'
    if colour != page.BLACK:
        held["color"] = f'<w:color w:val="{colour[1:]}"/>'
    if change == "added":
        held["u"] = '<w:u w:val="single"/>'
    if change == "removed":
        held["strike"] = "<w:strike/>"
    return props("rPr", held)


def run(
    text: str,
    role: str = "body",
    size: float = 0.0,
    colour: str = page.BLACK,
    change: str = "",
    spacing: int | None = None,
) -> str:
    """A run of words; ``size`` 0 is that of the paragraph's style, ``spacing`` twentieths of a point between characters."""
    if not text:
        return ""
    return f'<w:r>{look(role, size, colour, change, spacing)}<w:t xml:space="preserve">{safe(text)}</w:t></w:r>'


def tab(role: str = "body") -> str:
    """A run of one tab."""
    return f"<w:r>{look(role)}<w:tab/></w:r>"


def lines(texts: Iterable[str], role: str, size: float = 0.0, colour: str = page.BLACK) -> str:
    """Words on several lines of one paragraph."""
    turn = f"<w:r>{look(role, size, colour)}<w:br/></w:r>"
    return turn.join(run(text, role, size, colour) for text in texts)


def runs(held: Iterable[tree.Run], size: float = 0.0, spacing: int | None = None, body: str = "body") -> str:
    """The runs of a paragraph of the tree; ``body`` is the role of those in 仿宋."""
    return "".join(
        run(one.text, body if one.face == "body" else one.face, size, page.COLOURS[one.colour], one.change, spacing)
        for one in held
    )


@dataclass(slots=True)
class Paragraph:
    """A paragraph in the making: its properties by name, whole elements each, and its runs as XML."""

    content: str = ""
    held: dict[str, str] = field(default_factory=dict)

    def xml(self) -> str:
        """``<w:p>…</w:p>``"""
        return f"<w:p>{props('pPr', self.held)}{self.content}</w:p>"


Piece = Paragraph | str
"""What a body is made of: paragraphs, and tables already written."""


def paragraph(content: str, style: str = "", **held: str) -> Paragraph:
    """A paragraph of a style; further properties as ``name=element`` (``ind=indent(…)``), empty ones are left out."""
    kept = {name: element for name, element in held.items() if element}
    if style:
        kept["pStyle"] = f'<w:pStyle w:val="{style}"/>'
    return Paragraph(content, kept)


def indent(left: float = 0.0, right: float = 0.0, first: float = 0.0, size: float = page.SIZE_3) -> str:
    """Indents in characters of ``size`` points, said both ways: Word follows the characters, others the length.

    ``first`` below 0 lets the first line begin that far to the left of the others.
    """
    parts = []
    for name, value in (("left", left), ("right", right), ("firstLine" if first >= 0 else "hanging", abs(first))):
        if value or name in ("firstLine", "hanging"):
            parts.append(f'w:{name}Chars="{round(value * 100)}" w:{name}="{twips(value * size)}"')
    return f"<w:ind {' '.join(parts)}/>"


def space(before: int = 0, after: int = 0, line: int = PITCH, rule: str = "exact") -> str:
    """Space around a paragraph and the height of its lines, in twentieths of a point."""
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="{rule}"/>'


def stand(where: tree.Align) -> str:
    """How lines stand."""
    return f'<w:jc w:val="{_STAND[where]}"/>'


_STAND = {"left": "left", "centre": "center", "right": "right", "justify": "both"}

LOOSE = '<w:snapToGrid w:val="0"/>'
"""Not on the grid of the page."""


SEAM = 8
"""Height of a paragraph that takes hardly any room: 22 rows and two of these fit a page."""


def seam(high: int = SEAM, **held: str) -> Paragraph:
    """A paragraph that takes hardly any room, or ``high`` twentieths of a point: parts tables, carries what must hang on one."""
    small = '<w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr>'
    return paragraph("", spacing=space(line=high), snapToGrid=LOOSE, rPr=small, **held)


def xml(pieces: Iterable[Piece]) -> str:
    """A body as XML."""
    return "".join(one if isinstance(one, str) else one.xml() for one in pieces)
