"""Images of the pages of a PDF, drawn off the thread at the size that is asked for."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions, QPdfPageRenderer


class PageImages(QObject):
    """The images of one PDF at a time; those of the former one stay until the new ones are drawn, so nothing flickers."""

    arrived = Signal()
    """Another image is here."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._document: QPdfDocument | None = None
        self._renderer = QPdfPageRenderer(self)
        self._renderer.setRenderMode(QPdfPageRenderer.RenderMode.MultiThreaded)
        self._renderer.pageRendered.connect(self._drawn)
        self._images: dict[int, QImage] = {}
        self._asked: dict[int, tuple[int, QSize]] = {}

    def open(self, data: bytes, count: int) -> None:
        """Takes another PDF of ``count`` pages; no bytes: none."""
        if self._document is not None:
            self._renderer.setDocument(None)  # type: ignore[arg-type]
            self._document.deleteLater()
            self._document = None
        self._asked = {}
        self._images = {n: image for n, image in self._images.items() if n < count}
        if data:
            self._document = QPdfDocument(self)
            buffer = QBuffer(self._document)
            buffer.setData(QByteArray(data))
            buffer.open(QIODevice.OpenModeFlag.ReadOnly)
            self._document.load(buffer)
            self._renderer.setDocument(self._document)

    def size(self, number: int, scale: float) -> QSize:
        """Pixels of a page at so many pixels a point."""
        if self._document is None:
            return QSize(1, 1)
        points = self._document.pagePointSize(number)
        return QSize(round(points.width() * scale), round(points.height() * scale))

    def get(self, number: int, scale: float) -> QImage | None:
        """The image of a page, perhaps of another size; the right one is on its way."""
        size = self.size(number, scale)
        if self._document is not None and self._asked.get(number, (0, QSize()))[1] != size:
            self._asked[number] = (self._renderer.requestPage(number, size, QPdfDocumentRenderOptions()), size)
        return self._images.get(number)

    def forget(self, number: int) -> None:
        """Lets go of a page that is far out of view."""
        self._images.pop(number, None)
        self._asked.pop(number, None)

    def keep_near(self, number: int, reach: int) -> None:
        """Lets go of pages that are further than ``reach`` from this one, where many are kept."""
        if len(self._images) > 3 * reach:
            for far in [one for one in self._images if abs(one - number) > reach]:
                self.forget(far)

    def _drawn(
        self, number: int, _size: QSize, image: QImage, _options: QPdfDocumentRenderOptions, request: int
    ) -> None:
        if self._asked.get(number, (0,))[0] == request and not image.isNull():
            self._images[number] = image
            self.arrived.emit()

    def complete(self) -> bool:
        """Whether every page that was asked for is drawn at its size."""
        return bool(self._asked) and all(
            n in self._images and self._images[n].size() == size for n, (_request, size) in self._asked.items()
        )
