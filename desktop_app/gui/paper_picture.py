"""A kept paper as a picture: pages of a PDF, images. Made off the thread; no widget."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.composite import Sheet
from desktop_app import pdfium

LARGEST = 64 << 20
"""Bytes of a paper that is shown in place."""
BROADEST = 4_000
"""Pixels a picture has at most either way."""
IMAGES = ("png", "jpg", "jpeg", "bmp", "gif", "webp", "tif", "tiff")


@dataclass(frozen=True)
class Picture:
    """A page as an image; how many pages there are, how many points (PDF) or pixels wide it is by itself."""

    image: QImage
    pages: int = 1
    wide: float = 0.0


def ending(sheet: Sheet) -> str:
    """The ending of a paper's name, in small letters."""
    return sheet.name.rpartition(".")[2].lower()


def can_show(sheet: Sheet) -> bool:
    """Whether a paper of this sort can be shown in place."""
    return ending(sheet) == "pdf" or ending(sheet) in IMAGES


def read(facts: Facts, sheet: Sheet) -> bytes:
    """The bytes of a paper that is to be shown; ``Refusal`` when it is too large for that, or cannot be shown."""
    if not can_show(sheet):
        raise Refusal("这种文件不能在这里显示。", "点“打开”，用这台电脑上的程序看。")
    if sheet.size > LARGEST:
        raise Refusal(f"文件有 {sheet.size >> 20} MB，不在这里显示。", "点“打开”，用这台电脑上的程序看。")
    return b"".join(facts.open_paper(sheet))


def page(data: bytes, sheet: Sheet, number: int, wide: int) -> Picture:
    """A page of a paper (from 0), so many pixels wide; ``Refusal`` when it cannot be read."""
    return _pdf_page(data, number, wide) if ending(sheet) == "pdf" else _image(data, wide)


def _pdf_page(data: bytes, number: int, wide: int) -> Picture:
    try:
        with pdfium.opened(data) as document:
            count = len(document)
            if not count:
                raise Refusal("这个 PDF 里没有页。")
            one = document[min(number, count - 1)]
            across, high = one.get_size()
            scale = min(wide / max(across, 1.0), BROADEST / max(across, high, 1.0))
            bitmap = one.render(scale=max(scale, 0.01), prefer_bgrx=True)
            image = QImage(
                bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32
            ).copy()
            one.close()
            return Picture(image, count, across)
    except pdfium.Unreadable as failed:
        if failed.locked:
            raise Refusal("这个 PDF 有密码，不能在这里显示。", "点“打开”，用别的程序看。") from failed
        raise Refusal("这个 PDF 已损坏，不能显示。", "请换一份完好的文件。") from failed


def _image(data: bytes, wide: int) -> Picture:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    turned = reader.transformation() & reader.transformation().TransformationRotate90
    across = size.height() if turned else size.width()
    if size.isValid() and across > 0:
        share = min(wide / across, BROADEST / max(size.width(), size.height()), 1.0)
        reader.setScaledSize(QSize(max(1, round(size.width() * share)), max(1, round(size.height() * share))))
    image = reader.read()
    if image.isNull():
        raise Refusal("这个图片已损坏，不能显示。", "请换一份完好的文件。")
    return Picture(image, 1, float(max(across, image.width())))


def thumbnails(facts: Facts, sheets: list[Sheet], edge: int) -> dict[str, QImage]:
    """Hash → the first page, within a square of so many pixels, of those that can be shown."""
    found: dict[str, QImage] = {}
    for sheet in sheets:
        if sheet.hash not in found and can_show(sheet):
            try:
                image = page(read(facts, sheet), sheet, 0, edge * 2).image
            except Refusal:
                continue  # the viewer says what is wrong with it
            found[sheet.hash] = image.scaled(
                edge, edge, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
    return found
