"""The button that saves a paper: a menu of the formats it is written in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QPushButton

TABLES = ".xlsx"
FORMATS = (
    (".pdf", "PDF（与打印的一样）"),
    (".docx", "Word 文档（还要修改时用）"),
    (TABLES, "Excel 表格（要筛选、计算时用）"),
    (".txt", "文本"),
)
"""Ending → how the menu calls it."""
ARCHIVE = "归档用的 PDF（PDF/A-2b）"


class SaveMenu(QPushButton):
    """存为 ▾."""

    def __init__(self, save: Callable[[str], object], archive: Callable[[], object] | None = None) -> None:
        super().__init__("存为 ▾")
        self.setAccessibleName("存为文件")
        self.setToolTip("存成 PDF、Word、Excel 或文本文件")
        self.menu_ = QMenu(self)
        for ending, words in FORMATS:
            made = self.menu_.addAction(words, lambda ending=ending: save(ending))
            if ending == TABLES:
                self.tables = made
        if archive is not None:
            self.menu_.addAction(ARCHIVE, archive)
        self.setMenu(self.menu_)

    def offer_tables(self, on: bool) -> None:
        """Whether the paper has tables, which a workbook can hold."""
        self.tables.setVisible(on)
