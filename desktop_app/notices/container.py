"""How the objects of a PDF become bytes: streams by themselves, everything else packed, one cross-reference stream at the end.

ReportLab writes each object plainly, which makes the thousands of small objects of a structure tree four times as large, and
leaves out the line end that PDF/A wants before ``endstream`` (ISO 19005-2, 6.1.7.1). The identifier is the hash of the content.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from typing import Any

from reportlab.pdfbase import pdfdoc

from desktop_app.notices.properties import Plain

HEAD = b"%PDF-1.7\n%\xe5\xae\x9a\xe7\xa8\xbf\n"
ENDED = b"endstream"
PACK = 200
"""Objects in one stream: few enough that a reader who wants one need not unpack the whole file."""


class Placeholder(pdfdoc.PDFObject):
    """Holds the number of an object that is written last."""

    __RefOnly__ = 1

    def format(self, _: Any) -> bytes:
        """Nothing yet (the name is ReportLab's)."""
        return b"null"


class Sheet(pdfdoc.PDFObject):
    """A page that holds words and strokes alone, written in one go: ReportLab asks of each entry how it is to be written."""

    __RefOnly__ = 1

    def __init__(self, page: Any, number: int) -> None:
        self.page = page
        self.number = number

    def format(self, document: Any) -> bytes:
        """The page's dictionary; its content becomes an object of its own (the name is ReportLab's)."""
        page = self.page
        content = Plain("<</Filter /FlateDecode /Length %d>>\nstream\n", zlib.compress(page.stream.encode("latin-1")))
        named = (
            document.Reference(document.Pages),
            document.Reference(content),
            pdfdoc.PDFObjectReference(pdfdoc.BasicFonts),
        )
        parent, stream, fonts = (one.format(document).decode("ascii") for one in named)
        rotate = f" /Rotate {page.Rotate}" if page.Rotate else ""
        wide, high = page.pagewidth, page.pageheight
        if page.Rotate in (90, 270):  # ReportLab is told the size as it is seen
            wide, high = high, wide
        return (
            f"<</Type /Page /Parent {parent} /MediaBox [0 0 {wide:.4f} {high:.4f}]{rotate} "
            f"/Resources <</Font {fonts}>> /Contents {stream} /StructParents {self.number} /Tabs /S>>"
        ).encode("ascii")


def tagged(document: Any, name: str, number: int) -> None:
    """Gives a page its place in the parent tree."""
    page = document.idToObject[name]
    if page.XObjects or page.ExtGState or page.Annots:
        enrich(page, StructParents=number, Tabs="/S")
    else:
        document.idToObject[name] = Sheet(page, number)


def reserve(document: Any, name: str) -> int:
    """The number of an object that is written last."""
    document.Reference(Placeholder(), name)
    number: int = document.idToObjectNumberAndVersion[name][0]
    return number


def enrich(dictionary: Any, **entries: Any) -> None:
    """Adds entries that ReportLab does not know to its page or catalogue."""
    dictionary.__Defaults__ = dictionary.__Defaults__ | entries


def written(document: Any, more: Callable[[int], dict[int, bytes]]) -> bytes:
    """The file of a ReportLab document; ``more`` is given the first free number and gives finished objects by number."""
    root, info = (document.Reference(one) for one in (document.Catalog, document.info))
    objects: list[bytes] = []
    names = document.numberToId
    while (number := len(objects) + 1) in names:  # formatting an object may register others
        objects.append(pdfdoc.format(document.idToObject[names[number]], document, toplevel=1))
    for number, data in sorted(more(len(objects) + 1).items()):
        objects[number - 1 : number] = [data]
    return _file(objects, *(pdfdoc.format(one, document).decode("ascii") for one in (root, info)))


def _file(objects: list[bytes], root: str, info: str) -> bytes:
    """Objects 1 … n, a stream told by its ending; then the object streams and the cross-reference stream."""
    parts = [HEAD]
    at = len(HEAD)
    places: list[tuple[int, int, int]] = [(0, 0, 65535)]
    plain: list[int] = []

    def put(number: int, data: bytes) -> int:
        nonlocal at
        whole = b"%d 0 obj\n%b\nendobj\n" % (number, data.rstrip(b"\n"))
        parts.append(whole)
        at += len(whole)
        return at - len(whole)

    for number, data in enumerate(objects, start=1):
        if data.rstrip(b"\n").endswith(ENDED):
            places.append((1, put(number, _ended(data)), 0))
        else:
            places.append((0, 0, 0))
            plain.append(number)
    for start in range(0, len(plain), PACK):
        pack = plain[start : start + PACK]
        own = len(places)
        places.append((1, put(own, _packed([(k, objects[k - 1]) for k in pack])), 0))
        for index, number in enumerate(pack):
            places[number] = (2, own, index)
    digest = hashlib.sha256(b"".join(parts)).hexdigest()[:32]
    own = len(places)
    places.append((1, at, 0))
    rows = zlib.compress(b"".join(b"%c%b%b" % (kind, a.to_bytes(4), b.to_bytes(2)) for kind, a, b in places))
    head = (
        f"<</Type /XRef /Size {len(places)} /W [1 4 2] /Root {root} /Info {info} /ID [<{digest}> <{digest}>] "
        f"/Filter /FlateDecode /Length {len(rows)}>>"
    )
    start = put(own, b"%b\nstream\n%b\nendstream" % (head.encode("ascii"), rows))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % start)
    return b"".join(parts)


def _packed(objects: list[tuple[int, bytes]]) -> bytes:
    """An object stream (ISO 32000-1, 7.5.7)."""
    index, at = [], 0
    for number, data in objects:
        index.append(b"%d %d" % (number, at))
        at += len(data) + 1
    head = b" ".join(index) + b"\n"
    content = zlib.compress(head + b"\n".join(data for _, data in objects))
    told = b"<</Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d>>" % (
        len(objects),
        len(head),
        len(content),
    )
    return b"%b\nstream\n%b\nendstream" % (told, content)


def _ended(stream: bytes) -> bytes:
    """The stream with a line end of its own before ``endstream``; ReportLab puts none there."""
    return b"%b\nendstream" % stream.rstrip(b"\n").removesuffix(ENDED)
