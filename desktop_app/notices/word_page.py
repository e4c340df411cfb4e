"""The pages of a Word twin: sections with the type area of GB/T 9704 5.2, and their feet with the page numbers of 7.5.

A turned page (8) is a landscape section; its number stands in a text box where it stands on upright pages, turned with
the paper. What stands at a place on the page (a letter's mark, a seal) is measured from the edges of the paper, as in print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from desktop_app.notices import bands, newspaper, page
from desktop_app.notices.page import MM, RED, SIZE_4
from desktop_app.notices.word_styles import FLUSH, FOOTER
from desktop_app.notices.word_xml import (
    DECLARATION,
    LOOSE,
    NAMESPACES,
    PITCH,
    TWIPS,
    indent,
    look,
    paragraph,
    run,
    space,
    stand,
    tab,
    twips,
)

WIDTH, HEIGHT = twips(page.PAPER_WIDTH), twips(page.PAPER_HEIGHT)
TOP, LEFT = twips(page.TOP), twips(page.LEFT)
RIGHT = WIDTH - LEFT - twips(page.AREA_WIDTH)
BOTTOM = HEIGHT - TOP - twips(page.AREA_HEIGHT)
AREA = WIDTH - LEFT - RIGHT
TURNED_AREA = HEIGHT - TOP - BOTTOM
EMU = 12_700
"""English metric units in a point."""

FOOT_LINE = 20.0
"""Height of the line of a page number; its baseline is at four fifths of it, its dash a quarter of a character above that."""
FOOT_DOWN = page.PAPER_HEIGHT - page.TOP - page.AREA_HEIGHT - 7 * MM - (0.2 * FOOT_LINE + 0.28 * SIZE_4)
"""From the lower edge of the paper to the foot of that line, so that the dashes stand 7 mm below the type area."""

Layout = Literal["upright", "landscape", "newspaper"]
Opens = Literal["nextPage", "continuous", "evenPage"]
Foot = Literal["odd", "even", "turned_odd", "turned_even", "letter", "empty"]

_NEWS = (twips(page.PAPER_HEIGHT - newspaper.TOP), twips(page.PAPER_WIDTH - newspaper.RIGHT), twips(newspaper.BOTTOM))
MARGINS = {
    "upright": (TOP, RIGHT, BOTTOM, LEFT),
    "landscape": (LEFT, TOP, RIGHT, BOTTOM),
    "newspaper": (*_NEWS, twips(newspaper.LEFT)),
}
"""Upper, right, lower and left margin."""
HEADS_DOWN = {"band": page.TOP - bands.ABOVE - bands.HEIGHT, "banner": page.PAPER_HEIGHT - newspaper.FOLIO}
"""How far a head is below the edge of the paper, by the word its name begins with."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a section's pages are like. ``first`` is the foot of its first page when that differs, ``start`` its number when
    counting begins anew; a ``continuous`` section begins on the page the one before ends on. Columns have ``gap`` between
    them and lines of ``pitch``, both in twentieths of a point. ``head`` is what stands above the type area: ``band:red``, or
    ``banner:`` with its words."""

    layout: Layout = "upright"
    columns: int = 1
    opens: Opens = "nextPage"
    start: int = 0
    first: Foot | None = None
    numbered: bool = True
    head: str = ""
    gap: int = 0
    pitch: int = PITCH

    @property
    def feet(self) -> dict[str, Foot]:
        """Which foot stands on which pages: Word's name for them → the foot."""
        odd: Foot = "turned_odd" if self.layout == "landscape" else "odd"
        even: Foot = "turned_even" if self.layout == "landscape" else "even"
        numbered = self.numbered and self.layout != "newspaper"
        own: dict[str, Foot] = {"default": odd, "even": even} if numbered else {"default": "empty", "even": "empty"}
        return own | ({"first": self.first} if self.first else {})

    @property
    def paper(self) -> tuple[int, int]:
        """Width and height of the paper in twentieths of a point."""
        return (HEIGHT, WIDTH) if self.layout == "landscape" else (WIDTH, HEIGHT)

    @property
    def width(self) -> int:
        """Width of a column in twentieths of a point."""
        _, right, _, left = MARGINS[self.layout]
        return (self.paper[0] - left - right - (self.columns - 1) * self.gap) // self.columns

    @property
    def height(self) -> float:
        """Height of the type area in points."""
        top, _, bottom, _ = MARGINS[self.layout]
        return (self.paper[1] - top - bottom) / TWIPS


def section(sheet: Sheet, feet: Mapping[Foot, str], heads: Mapping[str, str]) -> str:
    """``<w:sectPr>``; ``feet`` are the relations of the feet, ``heads`` those of the heads by Word's name for their pages."""
    references = "".join(f'<w:headerReference w:type="{kind}" r:id="{one}"/>' for kind, one in sorted(heads.items()))
    references += "".join(
        f'<w:footerReference w:type="{kind}" r:id="{feet[one]}"/>' for kind, one in sorted(sheet.feet.items())
    )
    wide, high = sheet.paper
    orient = ' w:orient="landscape"' if sheet.layout == "landscape" else ""
    sides = "".join(
        f' w:{name}="{value}"'
        for name, value in zip(("top", "right", "bottom", "left"), MARGINS[sheet.layout], strict=True)
    )
    above = HEADS_DOWN.get(sheet.head.split(":")[0], 15 * MM)
    several = f' w:num="{sheet.columns}" w:sep="1"' if sheet.columns > 1 else ""
    below = 5 * MM if sheet.layout == "newspaper" else FOOT_DOWN
    return (
        f'<w:sectPr>{references}<w:type w:val="{sheet.opens}"/>'
        f'<w:pgSz w:w="{wide}" w:h="{high}"{orient}/>'
        f'<w:pgMar{sides} w:header="{twips(above)}" w:footer="{twips(below)}" w:gutter="0"/>'
        + (f'<w:pgNumType w:start="{sheet.start}"/>' if sheet.start else "")
        + f'<w:cols{several} w:space="{sheet.gap or 425}"/>'
        + ("<w:titlePg/>" if sheet.first else "")
        + f'<w:docGrid w:type="lines" w:linePitch="{sheet.pitch}"/></w:sectPr>'
    )


def head(name: str, kind: str) -> bytes:
    """The part that holds what stands above the type area on pages of a kind (``default``, ``even``, ``first``)."""
    what, _, said = name.partition(":")
    if what == "band":
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{page.BANDS[said][1:]}"/>'
        words = paragraph("", FLUSH, shd=fill, spacing=space(line=twips(bands.HEIGHT)), snapToGrid=LOOSE).xml()
    elif what == "banner":
        words = _banner(said, even=kind == "even")
    else:
        words = paragraph("", FLUSH, spacing=space(line=20), snapToGrid=LOOSE).xml()
    return f"{DECLARATION}<w:hdr {NAMESPACES}>{words}</w:hdr>".encode()


def _banner(said: str, *, even: bool) -> str:
    """The line above a newspaper's page: its name in the middle, 第17版 at the outer side, a double rule below."""
    size = page.SIZES["x5"]
    wide = twips(newspaper.RIGHT - newspaper.LEFT)
    folio = run("第", "hei", size, spacing=0) + _page("hei", size) + run("版", "hei", size, spacing=0)
    middle = tab() + run(said, "song", size, spacing=0)
    tabs = f'<w:tabs><w:tab w:val="center" w:pos="{wide // 2}"/><w:tab w:val="right" w:pos="{wide}"/></w:tabs>'
    return paragraph(
        folio + middle if even else middle + tab() + folio,
        FLUSH,
        tabs=tabs,
        pBdr=border(bottom=("thickThinSmallGap", 12, page.BLACK, 3)),
        spacing=space(line=twips(size * 1.4)),
        jc=stand("left"),
        snapToGrid=LOOSE,
    ).xml()


def foot(kind: Foot) -> bytes:
    """The part that holds a foot."""
    match kind:
        case "odd":
            words = paragraph(
                _count(), FOOTER, spacing=_line(), ind=indent(right=1, size=SIZE_4), jc=stand("right")
            ).xml()
        case "even":
            words = paragraph(
                _count(), FOOTER, spacing=_line(), ind=indent(left=1, size=SIZE_4), jc=stand("left")
            ).xml()
        case "turned_odd" | "turned_even":
            words = paragraph(_turned(kind == "turned_odd"), FLUSH, spacing=_line(), snapToGrid=LOOSE).xml()
        case "letter":
            words = _letter_rule()
        case "empty":
            words = paragraph("", FLUSH, spacing=_line(), snapToGrid=LOOSE).xml()
    return f"{DECLARATION}<w:ftr {NAMESPACES}>{words}</w:ftr>".encode()


def _line() -> str:
    return space(line=twips(FOOT_LINE))


def _count() -> str:
    """— 1 —"""
    return run("— ", "song") + _page("song") + run(" —", "song")


def _page(role: str, size: float = 0.0) -> str:
    """The number of the page as a field; Word sets it like the first run of the field, so all runs are alike."""
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "".join(f"<w:r>{look(role, size, spacing=0 if size else None)}{part}</w:r>" for part in parts)


def _turned(odd: bool) -> str:
    """The number of a turned page in a text box that reads when the paper is held upright: its lower right is the turned
    sheet's lower left, its lower left the upper left (8)."""
    long, wide = 110.0, FOOT_LINE
    start = page.LEFT + SIZE_4
    top = page.LEFT + page.AREA_WIDTH - SIZE_4 - long if odd else start
    words = paragraph(
        _count(), FOOTER, spacing=_line(), snapToGrid=LOOSE, jc=stand("right" if odd else "left"), ind=indent()
    ).xml()
    return text_box(words, FOOT_DOWN, top, wide, long, 9001 if odd else 9002, turned=True)


def text_box(words: str, x: float, y: float, wide: float, high: float, number: int, turned: bool = False) -> str:
    """A run with a text box without border, its upper left corner ``x``, ``y`` points from that of the paper."""
    size = f'cx="{round(wide * EMU)}" cy="{round(high * EMU)}"'
    vert = ' vert="vert"' if turned else ""
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" '
        f'simplePos="0" relativeHeight="{number}" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{round(x * EMU)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{round(y * EMU)}</wp:posOffset></wp:positionV>'
        f'<wp:extent {size}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/><wp:docPr id="{number}" '
        f'name="文本框 {number}"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/>'
        f'<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f"<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>{words}</w:txbxContent></wps:txbx>"
        f'<wps:bodyPr{vert} wrap="square" lIns="0" tIns="0" rIns="0" '
        'bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>'
        "</mc:Choice></mc:AlternateContent></w:r>"
    )


def _letter_rule() -> str:
    """The second double rule of a letter, thin above thick, 20 mm from the lower edge of the paper (10.1)."""
    left = twips((page.PAPER_WIDTH - 170 * MM) / 2)
    ind = f'<w:ind w:left="{left - LEFT}" w:right="{left - RIGHT}"/>'
    return paragraph(
        "",
        FLUSH,
        ind=ind,
        spacing=space(line=20),
        snapToGrid=LOOSE,
        pBdr=border(bottom=("thinThickSmallGap", 24, RED, 0)),
    ).xml()


def border(**sides: tuple[str, int, str, int]) -> str:
    """``<w:pBdr>``: side → kind of line, eighths of a point, colour, points from the words."""
    found = "".join(
        f'<w:{side} w:val="{kind}" w:sz="{eighths}" w:space="{away}" w:color="{colour[1:]}"/>'
        for side in ("top", "left", "bottom", "right", "between")
        if side in sides
        for kind, eighths, colour, away in (sides[side],)
    )
    return f"<w:pBdr>{found}</w:pBdr>"
