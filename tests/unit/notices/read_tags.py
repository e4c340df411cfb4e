"""Reads the structure of a finished PDF: as the file says it (pikepdf), and the words of every element (pdfium)."""

from __future__ import annotations

import ctypes
import io
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium


@dataclass
class Node:
    """An element with its marked stretches as (page index, number), and its words."""

    kind: str
    alt: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    marked: list[tuple[int, int]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    words: str = ""
    number: tuple[int, int] = (0, 0)

    def every(self) -> list[Node]:
        """The node and all below it in reading order."""
        return [self, *(below for child in self.children for below in child.every())]

    def of(self, *kinds: str) -> list[Node]:
        """Those of some kinds."""
        return [one for one in self.every() if one.kind in kinds]


def structure(data: bytes) -> Node:
    """The tree of a file; asserts that it is whole: every stretch in one element, every element in the parent tree."""
    words = marked_words(data)
    with pikepdf.open(io.BytesIO(data)) as file:
        assert file.Root.MarkInfo.Marked
        root = file.Root.StructTreeRoot
        pages = {page.obj.objgen: k for k, page in enumerate(file.pages)}
        parents = pikepdf.NumberTree(root.ParentTree)
        top = _node(root.K[0], root, pages, words)
        seen = [place for node in top.every() for place in node.marked]
        owners = {place: node.number for node in top.every() for place in node.marked}
        assert len(seen) == len(set(seen)), "a stretch is in two elements"
        assert sorted(seen) == sorted(_marked(file)), "marked stretches and elements differ"
        for index, page in enumerate(file.pages):
            held = parents[int(page.obj.StructParents)]
            assert page.obj.Tabs == "/S"
            for number, element in enumerate(held):
                assert owners[index, number] == element.objgen
    return top


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K")
    return [] if kids is None else list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _node(element: Any, parent: Any, pages: dict[Any, int], words: dict[tuple[int, int], str]) -> Node:
    assert element.P.objgen == parent.objgen
    made = Node(str(element.S)[1:], str(element.get("/Alt", "")), number=element.objgen)
    if "/A" in element:
        made.attributes = {key: str(value) for key, value in element.A.items()}
    for kid in _kids(element):
        if isinstance(kid, int):
            made.marked.append((pages[element.Pg.objgen], int(kid)))
        elif kid.get("/Type") == "/MCR":
            made.marked.append((pages[kid.Pg.objgen], int(kid.MCID)))
        else:
            made.children.append(_node(kid, element, pages, words))
    made.words = "".join(words.get(place, "") for place in made.marked)
    return made


def _marked(file: pikepdf.Pdf) -> list[tuple[int, int]]:
    """Every marked stretch of every page; asserts that all that is drawn is in one, or is an artifact."""
    found = []
    for index, page in enumerate(file.pages):
        open_: list[str] = []
        for step in pikepdf.parse_content_stream(page):
            operands: Any = step.operands
            name = str(step.operator)
            if name in ("BDC", "BMC"):
                open_.append(str(operands[0]))
                if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) and "/MCID" in operands[1]:
                    assert len(open_) == 1, "a stretch within another"
                    found.append((index, int(operands[1].MCID)))
            elif name == "EMC":
                open_.pop()
            elif name in ("TJ", "Tj", "S", "f", "b", "s", "B", "Do"):
                assert open_, f"{name} is neither tagged nor an artifact"
        assert not open_
    return found


def marked_words(data: bytes) -> dict[tuple[int, int], str]:
    """The words of every marked stretch, by pdfium."""
    found: dict[tuple[int, int], str] = {}
    document = pypdfium2.PdfDocument(data)
    try:
        for index in range(len(document)):
            page = document[index]
            text = page.get_textpage()
            for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=1):
                number = pdfium.FPDFPageObj_GetMarkedContentID(one.raw)
                size = pdfium.FPDFTextObj_GetText(one.raw, text.raw, None, 0)
                buffer = ctypes.create_string_buffer(size)
                pdfium.FPDFTextObj_GetText(
                    one.raw, text.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size
                )
                if number >= 0:
                    said = buffer.raw[: max(0, size - 2)].decode("utf-16-le", "surrogatepass")
                    found[index, number] = found.get((index, number), "") + said
            text.close()
            page.close()
    finally:
        document.close()
    return found
