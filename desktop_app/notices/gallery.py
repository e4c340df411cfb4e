"""The pictures of a PDF: each embedded once however often it is drawn, seals multiplied with what lies under them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from desktop_app.notices.container import File
from desktop_app.notices.page import Image

NEARLY_WHITE = 225
"""A scanner's white: what is at least this bright in a colour is as bright as can be."""


class Gallery:
    """The pictures of one file, by what a page calls them."""

    def __init__(self, file: File, pictures: Mapping[str, bytes]) -> None:
        self._file = file
        self._pictures = pictures
        self._hung: dict[tuple[str, bool], tuple[str, int, int, int]] = {}
        self._ground = 0
        self._used: dict[str, int] = {}
        self._multiplies = False

    def draw(self, image: Image) -> str:
        """The operators that draw a picture; ``KeyError`` if it is not among those given.

        A seal (``over``) keeps its proportions and is multiplied with what lies under it, as ink is: its white is clear and words
        stay black, whether the file has an alpha channel or a scanned ground.
        """
        name, number, wide, high = self._one(image)
        self._used[name] = number
        x, y, width, height = image.x, image.y, image.width, image.height
        if not image.over:
            return f"q {width:.4f} 0 0 {height:.4f} {x:.4f} {y:.4f} cm /{name} Do Q"
        self._multiplies = True
        share = min(width / wide, height / high)
        x, y = x + (width - wide * share) / 2, y + (height - high * share) / 2
        return f"q /Multiply gs {wide * share:.4f} 0 0 {high * share:.4f} {x:.4f} {y:.4f} cm /{name} Do Q"

    def taken(self) -> str:
        """The resources of what has been drawn since this was asked last."""
        if not self._used:
            return ""
        told = " ".join(f"/{name} {number} 0 R" for name, number in self._used.items())
        found = f" /XObject <<{told}>>"
        if self._multiplies:
            self._ground = self._ground or self._file.add("<</Type /ExtGState /BM /Multiply>>")
            found += f" /ExtGState <</Multiply {self._ground} 0 R>>"
        self._used, self._multiplies = {}, False
        return found

    def _one(self, image: Image) -> tuple[str, int, int, int]:
        key = image.digest, image.over
        if key not in self._hung:
            data = io.BytesIO(self._pictures[image.digest])
            self._hung[key] = (f"I{len(self._hung) + 1}", *_embedded(self._file, data, stamp=image.over))
        return self._hung[key]


def _embedded(file: File, data: io.BytesIO, *, stamp: bool) -> tuple[int, int, int]:
    """The number of a picture in the file, its width and height in dots."""
    from reportlab.lib.utils import ImageReader  # slow to load, and most papers have no picture
    from reportlab.pdfbase.pdfdoc import PDFImageXObject

    one: Any = PDFImageXObject("", ImageReader(_whitened(data) if stamp else _on_screen(data)), mask="auto")
    alpha = getattr(one, "_smask", None)
    behind = f" /SMask {file.stream(_entries(alpha), _bytes(alpha))} 0 R" if alpha is not None else ""
    return file.stream(_entries(one) + behind, _bytes(one)), one.width, one.height


def _entries(one: Any) -> str:
    filters = " ".join(f"/{name}" for name in one._filters)
    mask = f" /Mask [{' '.join(map(str, one.mask))}]" if one.mask else ""
    decode = f" /Decode [{' '.join(map(str, one._decode))}]" if getattr(one, "_decode", None) else ""
    return (
        f"/Type /XObject /Subtype /Image /Width {one.width} /Height {one.height} /ColorSpace /{one.colorSpace} "
        f"/BitsPerComponent {one.bitsPerComponent}{decode}{mask} /Filter [{filters}]"
    )


def _bytes(one: Any) -> bytes:
    content: bytes | str = one.streamContent
    return content.encode("latin-1") if isinstance(content, str) else content


def _on_screen(data: io.BytesIO) -> Any:
    """A picture in a printer's four colours as red, green and blue: an archive takes one kind of colour in a file."""
    from PIL import Image as Picture

    picture = Picture.open(data)
    return picture.convert("RGB") if picture.mode == "CMYK" else data


def _whitened(data: io.BytesIO) -> Any:
    """The picture with its nearly white ground white: a scanner's grey would lie over the paper as a square."""
    from PIL import Image as Picture

    picture = Picture.open(data)
    return picture.convert("RGBA").point([v if v < NEARLY_WHITE else 255 for v in range(256)] * 3 + list(range(256)))
