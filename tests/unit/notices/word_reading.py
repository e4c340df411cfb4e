"""What the tests of the Word twin read out of a file: its words in order, and whether Word would take it.

The orders are written down here once more, from ECMA-376 part 1 (sequences of CT_PPr, CT_RPr, CT_TblPr …): Word calls a file
damaged whose elements stand in another order.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from desktop_app.notices import plain, tree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

ORDERS = {
    "p": "pPr *",
    "r": "rPr *",
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid "
    "spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl "
    "divId cnfStyle rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish "
    "webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang",
    "sectPr": "headerReference footerReference type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols formProt vAlign "
    "noEndnote titlePg textDirection bidi rtlGutter docGrid",
    "tbl": "tblPr tblGrid tr",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd "
    "tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tr": "trPr tc",
    "tc": "tcPr *",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tblBorders": "top left start bottom right end insideH insideV",
    "tcBorders": "top left start bottom right end insideH insideV",
    "tblCellMar": "top left start bottom right end",
    "pBdr": "top left bottom right between bar",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked rsid pPr "
    "rPr tblPr",
    "font": "altName panose1 charset family notTrueType pitch sig",
    "settings": "zoom bordersDoNotSurroundHeader bordersDoNotSurroundFooter defaultTabStop evenAndOddHeaders "
    "drawingGridVerticalSpacing characterSpacingControl noLineBreaksAfter noLineBreaksBefore compat themeFontLang "
    "decimalSymbol listSeparator",
    "anchor": "simplePos positionH positionV extent effectExtent wrapNone docPr cNvGraphicFramePr graphic",
    "inline": "extent effectExtent docPr cNvGraphicFramePr graphic",
}
"""Element → its children in the order of the schema; ``*`` stands for anything else, after those before it."""
ONCE = {"pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr"}


def parts(data: bytes) -> dict[str, Element]:
    """Every XML part of a file by its name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: ElementTree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }


def body(data: bytes) -> Element:
    """``w:body``."""
    found = parts(data)["word/document.xml"].find(f"{W}body")
    assert found is not None
    return found


def name(one: Element) -> str:
    """The name of an element without its namespace."""
    return one.tag.rsplit("}", 1)[-1]


def check(data: bytes) -> None:
    """Asserts that Word would take the file: orders, tables, references, numbers of drawings."""
    found = parts(data)
    for part, root in found.items():
        if part.startswith("word/") and part.endswith(".xml"):
            for one in root.iter():
                check_order(one)
    root = found["word/document.xml"]
    for table in root.iter(f"{W}tbl"):
        check_table(table)
    drawings = [one.get("id") for part in found.values() for one in part.iter(f"{WP}docPr")]
    assert len(set(drawings)) == len(drawings), "two drawings of one number"
    check_relations(data, found)
    last = list(body(data))
    assert name(last[-1]) == "sectPr"
    assert name(last[-2]) == "p", "a table is last"
    for one, other in pairwise(last):
        assert (name(one), name(other)) != ("tbl", "tbl"), "Word would join two tables"
    for words in root.iter(f"{W}r"):
        if words.find(f"{W}t") is not None:
            fonts = words.find(f"{W}rPr/{W}rFonts")
            assert fonts is not None
            assert fonts.get(f"{W}eastAsia"), "a run without an East Asian face"


def check_order(one: Element) -> None:
    """The children of an element stand in the order of the schema."""
    order = ORDERS.get(name(one))
    if order is None:
        return
    places = {child: k for k, child in enumerate(order.split())}
    children = [name(child) for child in one]
    assert all(child in places or "*" in places for child in children), f"{name(one)} holds {children}"
    ranks = [places.get(child, places.get("*", 0)) for child in children]
    assert ranks == sorted(ranks), f"{name(one)} holds {children}"
    singles = [child for child in children if child in ONCE or name(one).endswith("Pr")]
    doubled = {child for child in singles if singles.count(child) > 1} - {"footerReference", "headerReference"}
    assert not doubled, f"{name(one)} holds {doubled} twice"


def check_table(table: Element) -> None:
    """As many columns in every row as in the grid, widths that agree, a paragraph at the end of every cell."""
    grid = [int(column.get(f"{W}w", "0")) for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
    assert grid
    assert all(width > 0 for width in grid)
    rows = table.findall(f"{W}tr")
    assert rows
    for row in rows:
        at = 0
        for cell in row.iterfind(f"{W}tc"):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            wide = int(span.get(f"{W}val", "1")) if span is not None else 1
            width = cell.find(f"{W}tcPr/{W}tcW")
            assert width is not None
            assert int(width.get(f"{W}w", "0")) == sum(grid[at : at + wide])
            assert name(list(cell)[-1]) == "p", "a cell without a paragraph at its end"
            at += wide
        assert at == len(grid), "a row of too few or too many columns"


def check_relations(data: bytes, found: dict[str, Element]) -> None:
    """Every relation that is used is declared, every part is declared, and nothing is declared that is not there."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
    declared = {one.get("Id"): one.get("Target") for one in found["word/_rels/document.xml.rels"]}
    assert {f"word/{target}" for target in declared.values()} <= names
    used = {
        value for one in found["word/document.xml"].iter() for key, value in one.attrib.items() if key.startswith(R)
    }
    assert used <= set(declared)
    kinds = {one.get("PartName") for one in found["[Content_Types].xml"]} | {
        f"*.{one.get('Extension')}" for one in found["[Content_Types].xml"]
    }
    assert all(f"/{part}" in kinds or f"*.{part.rsplit('.', 1)[-1]}" in kinds for part in names)


def words(data: bytes) -> str:
    """All words of a file in order, without blanks."""
    return squash("".join(_words(body(data))))


def _words(one: Element) -> Iterator[str]:
    for child in one:
        if name(child) == "t":
            yield child.text or ""
        else:
            yield from _words(child)


def squash(text: str) -> str:
    """Text without line ends, tabs and blanks."""
    return re.sub(r"\s", "", text)


def expected(document: tree.Document) -> str:
    """The words of a tree that a Word file says: those of charts and of pictures without caption are said as descriptions."""
    annexes = tuple(replace(annex, blocks=_shown(annex.blocks)) for annex in document.annexes)
    said = replace(document, blocks=_shown(document.blocks), after=_shown(document.after), annexes=annexes)
    return squash(plain.text(said))


def _shown(blocks: tuple[tree.Block, ...]) -> tuple[tree.Block, ...]:
    return tuple(_one(block) for block in blocks)


def _one(block: tree.Block) -> tree.Block:
    match block:
        case tree.Section():
            return replace(block, blocks=_shown(block.blocks))
        case tree.Chart():
            return tree.Space()
        case tree.Picture():
            return tree.Paragraph((tree.Run(block.caption),))
        case tree.Cut():
            return tree.Paragraph((tree.Run(block.words),))
        case _:
            return block
