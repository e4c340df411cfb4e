"""Small pictures of kept papers beside their lines in a list, made off the thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QTreeWidgetItem

from db.schema.composite import Paper, Sheet
from db.schema.record import Record, Schema
from desktop_app.gui import theme
from desktop_app.gui.session import Session, Work

EDGE = 36
"""Pixels of a small picture."""
LINE = 44
"""Pixels of a line that has one."""


def paper_field(schema: Schema) -> str:
    """The field that holds a paper; "" where records of this sort have none."""
    return next((one.name for one in schema.fields if isinstance(one.kind, Paper)), "")


class Thumbnails:
    """The small pictures of one list; what was made once is kept as long as the list."""

    def __init__(self, session: Session, field: str, column: int) -> None:
        self.session = session
        self.field = field
        self.column = column
        self._made: dict[str, QIcon] = {}
        self._turn = 0

    def put_on(self, items: dict[str, QTreeWidgetItem], records: Sequence[Record]) -> None:
        """Puts them beside the lines (by record id) of these records, those that are not made yet as soon as they are."""
        from desktop_app.gui import paper_picture

        self._turn += 1
        turn, facts, sharp = self._turn, self.session.ledger, 2
        sheets: dict[str, Sheet] = {one.id: getattr(one, self.field) for one in records if getattr(one, self.field)}
        for identifier, item in items.items():
            sheet = sheets.get(identifier)
            item.setIcon(self.column, self._icon(sheet))
        missing = [one for one in sheets.values() if one.hash not in self._made and paper_picture.can_show(one)]
        if not missing:
            return

        def job(_work: Work) -> dict[str, QImage]:
            return paper_picture.thumbnails(facts, missing, EDGE * sharp)

        def done(found: dict[str, QImage]) -> None:
            for digest, image in found.items():
                pixmap = QPixmap.fromImage(image)
                pixmap.setDevicePixelRatio(sharp)
                self._made[digest] = QIcon(pixmap)
            if turn == self._turn:
                for identifier, item in items.items():
                    item.setIcon(self.column, self._icon(sheets.get(identifier)))

        self.session.run(job, done)

    def _icon(self, sheet: Sheet | None) -> QIcon:
        if sheet is None:
            empty = QPixmap(EDGE, EDGE)
            empty.fill(Qt.GlobalColor.transparent)
            return QIcon(empty)
        return self._made.get(sheet.hash) or theme.icon("file")


SIZE = QSize(EDGE, EDGE)
