"""Sends a paper to a printer, page by page, each point of the paper where the standard has it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QTransform
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter

from db.errors import Fault

FINEST = 400
"""Dots an inch of the drawn page: finer ones nobody sees on paper, and 600 would take 140 MB a page."""


def prepare(printer: QPrinter, title: str) -> None:
    """A4 upright without margins of the driver's: the paper brings its own."""
    printer.setDocName(title)
    printer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    printer.setFullPage(True)


def wanted_pages(printer: QPrinter, count: int) -> list[int]:
    """The pages the clerk chose in the dialog, from 0, in printing order."""
    numbers = list(range(count))
    if printer.printRange() == QPrinter.PrintRange.PageRange and printer.fromPage():
        last = printer.toPage() or count
        numbers = [n for n in numbers if printer.fromPage() <= n + 1 <= last]
    return numbers[::-1] if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst else numbers


def print_pages(
    data: bytes,
    printer: QPrinter,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Prints the chosen pages of a PDF; returns how many. ``Fault`` when the printer does not take them."""
    document = QPdfDocument()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    numbers = wanted_pages(printer, document.pageCount())
    painter = QPainter()
    if not painter.begin(printer):
        name = printer.printerName() or printer.outputFileName()
        raise Fault(f"打印机“{name}”没有接受这份文件。", "请看打印机是否开着、有没有纸，或先存为 PDF。", "print")
    printed = 0
    for number in numbers:
        if cancelled():
            printer.abort()
            break
        progress(printed, len(numbers))
        if printed:
            printer.newPage()
        _page(painter, printer, document, number)
        printed += 1
    painter.end()
    document.close()
    return printed


def _page(painter: QPainter, printer: QPrinter, document: QPdfDocument, number: int) -> None:
    dots = min(printer.resolution(), FINEST)
    points = document.pagePointSize(number)
    size = QSize(round(points.width() * dots / 72), round(points.height() * dots / 72))
    paper = printer.paperRect(QPrinter.Unit.DevicePixel)
    image = document.render(number, size)
    if size.width() > size.height():  # a turned page: its upper edge is the left one of the upright paper (8)
        image = image.transformed(QTransform().rotate(-90))
        size = image.size()
    scale = min(paper.width() / size.width(), paper.height() / size.height())
    painter.drawImage(QRectF(0, 0, size.width() * scale, size.height() * scale), image)
