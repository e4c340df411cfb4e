"""Charts in Word: drawn by our own PDF, rendered once, shown as a picture whose description says the values."""

from __future__ import annotations

from desktop_app import pdfium
from desktop_app.notices import charts, page, plain, tree, word_media
from desktop_app.notices.page import ROW, SIZE_3, Page, Pages
from desktop_app.notices.word_media import Media
from desktop_app.notices.word_page import Sheet
from desktop_app.notices.word_styles import FLUSH
from desktop_app.notices.word_xml import LOOSE, TWIPS, Paragraph, paragraph, space, stand

DOTS = 3.0
"""Dots of the picture in a point: 216 to an inch."""


def chart(block: tree.Chart, sheet: Sheet, media: Media) -> Paragraph:
    """A chart as wide as its column and as high as its rows of the grid."""
    width = sheet.width / TWIPS
    height = (max(1, block.rows) - 1) * ROW + SIZE_3
    height = min(height, page.AREA_HEIGHT if sheet.layout == "upright" else page.AREA_WIDTH)
    shown = word_media.inline(media, media.keep(picture(block, width, height)), width, height, said(block))
    return paragraph(shown, FLUSH, spacing=space(line=240, rule="auto"), snapToGrid=LOOSE, jc=stand("centre"))


def said(block: tree.Chart) -> str:
    """Title and values in words, for those who cannot see the picture."""
    return "；".join(plain.text(tree.Document("", (block,))).split("\n")).strip("；")


def picture(block: tree.Chart, width: float, height: float) -> bytes:
    """The chart as a PNG."""
    from desktop_app.notices import pdf

    turned = width > page.PAPER_WIDTH
    ink = charts.placed(block, 0.0, height, width, height, 0)
    data = pdf.drawn(Pages((Page(1, ink.lines, ink.strokes, ink.shapes, turned=turned),), ()), pdf.Meta())
    with pdfium.opened(data) as document:
        bitmap = document[0].render(scale=DOTS, rev_byteorder=True)
        across, down = round(width * DOTS), round(height * DOTS)
        rgb = bytes(bitmap.buffer)
        starts = range((bitmap.height - down) * bitmap.stride, bitmap.height * bitmap.stride, bitmap.stride)
        rows = [rgb[start : start + across * 3] for start in starts]
        return word_media.png(across, down, b"".join(rows))
