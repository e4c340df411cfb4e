"""How a paper is printed: printer, pages, copies, both sides, and a number on each copy (份号)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QSpinBox, QWidget

from desktop_app.gui import preview_print
from desktop_app.gui.widgets import button, column, label, row

MOST_COPIES = 999


@dataclass(frozen=True)
class PrintWish:
    """What the clerk chose. ``first`` is the 份号 of the first copy, 0 when the copies bear none: then the printer makes them."""

    printer: QPrinter
    copies: int = 1
    first: int = 0


class PrintDialog(QDialog):
    """The choices in one place, in the words of the office; the printer's own settings behind a button."""

    def __init__(self, title: str, pages: int, parent: QWidget, *, serials: bool = True) -> None:
        super().__init__(parent)
        self.title = title
        self.setWindowTitle("打印")
        self.setMinimumWidth(440)
        self.printers = QComboBox()
        self.printers.setAccessibleName("打印机")
        self.printers.setPlaceholderText("没有打印机")
        for one in QPrinterInfo.availablePrinters():
            self.printers.addItem(one.description() or one.printerName(), one.printerName())
        default = self.printers.findData(QPrinterInfo.defaultPrinter().printerName())
        self.printers.setCurrentIndex(max(0, default))
        self.printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self.first_page, self.last_page = _number(1, pages, 1), _number(1, pages, pages)
        self.copies = _number(1, MOST_COPIES, 1)
        self.both = QCheckBox("双面打印，沿长边翻转（左侧装订）")
        self.serial = QCheckBox("每份编份号，从")
        self.serial_from = _number(1, 999_999, 1)
        self.none = label("这台电脑还没有装打印机。可以先存为 PDF，到别的电脑上打印。", "wrong", wrap=True)
        self.more_button = button("打印机设置…", self._more, "link")
        self.print_button = button("打印", self.accept, "accent")
        self.cancel_button = button("取消", self.reject)
        self._lay_out(pages, serials)
        self.printers.currentIndexChanged.connect(lambda _at: self._turn())
        self.serial.toggled.connect(self._numbered)
        self.first_page.valueChanged.connect(self.last_page.setMinimum)
        self._turn()

    def _lay_out(self, pages: int, serials: bool) -> None:
        layout = column(self, (24, 20, 24, 20), 12)
        layout.addWidget(label(self.title, "group", wrap=True))
        layout.addWidget(label("打印机", "label"))
        layout.addLayout(row(self.printers, self.more_button))
        layout.setStretchFactor(self.printers, 1)
        layout.addWidget(self.none)
        layout.addLayout(
            row(QLabel("第"), self.first_page, QLabel("页至第"), self.last_page, label(f"页，共 {pages} 页"), 1)
        )
        layout.addLayout(row(QLabel("份数"), self.copies, 1))
        layout.addWidget(self.both)
        if serials:
            layout.addLayout(row(self.serial, self.serial_from, QLabel("号起"), 1))
        layout.addStretch(1)
        layout.addLayout(row(1, self.cancel_button, self.print_button))
        for widget, words in ((self.first_page, "从第几页"), (self.last_page, "到第几页"), (self.copies, "份数")):
            widget.setAccessibleName(words)
        self.serial_from.setAccessibleName("起始份号")
        self.serial_from.setEnabled(False)

    def _turn(self) -> None:
        """Another printer: what it can do."""
        there = self.printers.count() > 0
        self.none.setVisible(not there)
        self.print_button.setEnabled(there)
        self.more_button.setEnabled(there)
        if there:
            self.printer.setPrinterName(self.printers.currentData())
        modes = QPrinterInfo(self.printer).supportedDuplexModes() if there else []
        can = QPrinter.DuplexMode.DuplexLongSide in modes
        self.both.setEnabled(can)
        self.both.setChecked(can)
        self.both.setToolTip("" if can else "这台打印机不能自动双面打印；可以先印单数页，翻过来再印双数页")

    def _numbered(self, on: bool) -> None:
        """Copies that bear numbers are printed whole."""
        self.serial_from.setEnabled(on)
        if on:
            self.last_page.setValue(self.last_page.maximum())
            self.first_page.setValue(1)
        for one in (self.first_page, self.last_page):
            one.setEnabled(not on)

    def _more(self) -> None:
        preview_print.prepare(self.printer, self.title)
        dialog = QPrintDialog(self.printer, self)
        dialog.setWindowTitle("打印机设置")
        dialog.exec()

    def wish(self) -> PrintWish:
        """The choices, put into the printer."""
        preview_print.prepare(self.printer, self.title)
        first, last = self.first_page.value(), self.last_page.value()
        if (first, last) != (1, self.last_page.maximum()):
            self.printer.setPrintRange(QPrinter.PrintRange.PageRange)
            self.printer.setFromTo(first, last)
        long_side, one_side = QPrinter.DuplexMode.DuplexLongSide, QPrinter.DuplexMode.DuplexNone
        self.printer.setDuplex(long_side if self.both.isChecked() else one_side)
        copies, serials = self.copies.value(), self.serial.isChecked()
        self.printer.setCopyCount(1 if serials else copies)
        self.printer.setCollateCopies(True)
        return PrintWish(self.printer, copies, self.serial_from.value() if serials else 0)


def _number(least: int, most: int, value: int) -> QSpinBox:
    made = QSpinBox()
    made.setRange(least, most)
    made.setValue(value)
    made.setMinimumWidth(88)
    return made
