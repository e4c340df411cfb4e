"""The pictures of a Word twin: where they are kept in the file, and how a paragraph shows them.

A chart and a code are drawn by the typesetter, rendered once, and shown as pictures; what they say is their description.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from db.errors import Refusal
from desktop_app.notices.word_xml import safe

EMU = 12_700
"""English metric units in a point."""
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


@dataclass(slots=True)
class Media:
    """The pictures of one file, each kept once: ``files`` are their relation, name and bytes by digest."""

    given: Mapping[str, bytes]
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    drawings: int = 0

    def relation(self, digest: str) -> str:
        """The relation of a picture of the tree. ``KeyError`` if its bytes were not handed in."""
        return self.keep(self.given[digest], digest)

    def keep(self, data: bytes, digest: str = "") -> str:
        """Keeps bytes as a picture of the file and gives their relation. Raises ``Refusal`` for what is no PNG or JPEG."""
        digest = digest or hashlib.sha256(data).hexdigest()
        if digest not in self.files:
            kind = "png" if data.startswith(PNG) else "jpeg" if data.startswith(JPEG) else ""
            if not kind:
                raise Refusal("有一张图片不是PNG或JPEG格式，不能写进Word文件。", "请换成PNG或JPEG图片。", "print")
            number = len(self.files) + 1
            self.files[digest] = (f"rIdP{number}", f"image{number}.{kind}", data)
        return self.files[digest][0]

    def number(self) -> int:
        """A number no other drawing of the file has."""
        self.drawings += 1
        return self.drawings


def inline(media: Media, relation: str, width: float, height: float, description: str) -> str:
    """A run with a picture among the words, ``width`` × ``height`` points."""
    number = media.number()
    size = f'cx="{round(width * EMU)}" cy="{round(height * EMU)}"'
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:effectExtent l="0" t="0" r="0" b="0"/>{_named(number, description)}'
        f"{_graphic(relation, number, size)}</wp:inline></w:drawing></w:r>"
    )


def floating(media: Media, digest: str, x: float, y: float, width: float, height: float, description: str) -> str:
    """A run with a picture that takes no room and keeps its proportions inside ``width`` × ``height`` points, whose upper left
    corner is ``x`` points from the left edge of the type area and ``y`` below the upper edge of its paragraph.

    It stands behind the words: Word does not multiply colours, and the white ground of a scanned seal would hide them.
    """
    from docx.image.image import Image as Dots

    relation = media.relation(digest)
    dots = Dots.from_blob(media.given[digest])
    share = min(width / dots.px_width, height / dots.px_height)
    x, y = x + (width - dots.px_width * share) / 2, y + (height - dots.px_height * share) / 2
    width, height = dots.px_width * share, dots.px_height * share
    number = media.number()
    size = f'cx="{round(width * EMU)}" cy="{round(height * EMU)}"'
    return (
        '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        f'relativeHeight="{1000 + number}" behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="margin"><wp:posOffset>{round(x * EMU)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>{round(y * EMU)}</wp:posOffset></wp:positionV>'
        f'<wp:extent {size}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>{_named(number, description)}'
        f"{_graphic(relation, number, size)}</wp:anchor></w:drawing></w:r>"
    )


def _named(number: int, description: str) -> str:
    return (
        f'<wp:docPr id="{number}" name="图片 {number}" descr="{safe(description)}"/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    )


def _graphic(relation: str, number: int, size: str) -> str:
    return (
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" name="图片 {number}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic>"
    )


def png(width: int, height: int, rgb: bytes) -> bytes:
    """A PNG of ``width`` × ``height`` dots, three bytes each, row by row from above."""
    stride = width * 3
    rows = b"".join(b"\0" + rgb[k * stride : (k + 1) * stride] for k in range(height))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (
        PNG
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows, 6))
        + chunk(b"IEND", b"")
    )
