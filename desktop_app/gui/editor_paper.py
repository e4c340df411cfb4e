"""The editor of a paper: a file is chosen or dropped, kept in the ledger off the thread, opened from a copy."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from db.errors import Fault, Refusal
from db.ledger.facts import Facts
from db.schema.composite import Sheet
from db.schema.kinds import Kind
from desktop_app.gui import theme
from desktop_app.gui.editor import Editor, Surroundings
from desktop_app.gui.editor_text import row
from desktop_app.gui.paper_picture import can_show
from desktop_app.gui.paper_viewer import PaperViewer
from desktop_app.gui.session import Work
from desktop_app.gui.widgets import told


def size(count: int) -> str:
    """Bytes as a clerk reads them."""
    if count < 1 << 10:
        return f"{count} 字节"
    return f"{count / (1 << 10):.0f} KB" if count < 1 << 20 else f"{count / (1 << 20):.1f} MB"


def written_out(facts: Facts, sheet: Sheet) -> Path:
    """A copy of a kept paper among the temporary files, to be opened by another program."""
    folder = Path(tempfile.gettempdir()) / "zhenggai" / sheet.hash[:16]
    target = folder / sheet.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for piece in facts.open_paper(sheet):
                file.write(piece)
    except OSError as error:
        raise Fault(f"不能写出文件“{sheet.name}”：{error.strerror}。", "请看临时文件夹是否已满或只读。") from error
    return target


class PaperEditor(Editor):
    """A kept paper: its name and size, and what can be done with it."""

    wide: ClassVar[bool] = True
    taken = Signal(str)
    """The name of a file that was kept, without its ending."""
    refused = Signal(str)
    """Why a file was not kept."""

    def __init__(self, kind: Kind[Any], around: Surroundings) -> None:
        super().__init__(kind, around)
        self._sheet: Sheet | None = None
        self._work: Work | None = None
        self.setAcceptDrops(True)
        self.name = QLabel()
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.choose = QPushButton("选择文件…")
        self.open = QPushButton("打开")
        self.drop = QToolButton()
        self.drop.setProperty("role", "icon")
        self.drop.setProperty("icon_name", "close")
        self.drop.setIcon(theme.icon("close"))
        self.drop.setToolTip("移除这个文件（可以撤销）")
        self.viewer: PaperViewer | None = None
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(8)
        holder = QWidget()
        self._outer.addWidget(holder)
        layout = row(holder)
        for button, words in ((self.choose, "选择文件"), (self.open, "打开"), (self.drop, "移除")):
            button.setAccessibleName(f"{kind.label}：{words}")
        layout.addWidget(self.choose)
        layout.addWidget(self.name, 1)
        layout.addWidget(self.open)
        layout.addWidget(self.drop)
        for part in (self.choose, self.open, self.drop):
            self.watch(part)
        self.choose.clicked.connect(self._ask)
        self.open.clicked.connect(self._open)
        self.drop.clicked.connect(self._remove)
        self._show()

    def _show(self, telling: str = "") -> None:
        sheet = self._sheet
        self.name.setText(telling or (f"{sheet.name}（{size(sheet.size)}）" if sheet else "未选文件，也可以拖到这里"))
        self.name.setToolTip(sheet.name if sheet else "")
        self.name.setProperty("role", "" if sheet and not telling else "hint")
        self.name.style().polish(self.name)
        self.open.setVisible(sheet is not None)
        self.drop.setVisible(sheet is not None)
        self.choose.setText("换文件…" if sheet else "选择文件…")
        self._picture()

    def _picture(self) -> None:
        """The paper itself below its name, where it can be shown."""
        shown = self._sheet is not None and can_show(self._sheet)
        if shown and self.viewer is None:
            self.viewer = PaperViewer(self.around.session)
            self._outer.addWidget(self.viewer)
        if self.viewer is not None:
            self.viewer.setVisible(shown)
            self.viewer.show_sheet(self._sheet if shown else None)

    def _ask(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, f"选择{self.kind.label}", "", "所有文件 (*)")
        if chosen:
            self.take(Path(chosen))

    def take(self, path: Path) -> None:
        """Keeps a file in the ledger, off the thread; the field names it once it is in."""
        session = self.around.session
        before = self._given, self._sheet

        def kept(sheet: Sheet) -> None:
            self.choose.setEnabled(True)
            if (self._given, self._sheet) == before:
                self._sheet = sheet
                self.changed.emit()
                self.taken.emit(path.stem)
            self._show()

        def failed(refusal: Refusal) -> None:
            self.choose.setEnabled(True)
            self._show()
            if (self._given, self._sheet) == before:
                self.refused.emit(told(refusal))
            else:
                session.refused.emit(refusal)

        self.choose.setEnabled(False)
        self._show(f"正在存入 {path.name} …")
        self._work = session.run(
            lambda work: session.ledger.keep(path, work.cancelled), kept, failed, label=f"存入文件 {path.name}"
        )

    def _open(self) -> None:
        sheet, session = self._sheet, self.around.session
        if sheet is None:
            return

        def show(path: Path) -> None:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
                refusal = Refusal(f"这台电脑没有能打开“{sheet.name}”的程序。", f"文件已放在 {path}。", "papers")
                session.refused.emit(refusal)

        session.run(lambda _work: written_out(session.ledger, sheet), show, label=f"打开 {sheet.name}")

    def _remove(self) -> None:
        self._sheet = None
        self._show()
        self.changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if local:
            self.take(Path(local[0]))

    def typed(self) -> str:
        return self.kind.show(self._sheet) if self._sheet else ""

    def set_typed(self, text: str) -> None:
        self._sheet = None
        with suppress(Refusal):
            self._sheet = self.kind.parse(text)
        self._show()

    def put(self, value: Sheet | None) -> None:
        self._sheet = value
        self._show()
