"""Evidence without a form: files dropped on a problem, a picture pasted from the clipboard. All of a drop are one deed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QObject, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from db.errors import Refusal
from db.ledger.change import Outcome
from desktop_app.gui.record_pane import RecordPane
from desktop_app.gui.session import Work
from desktop_app.gui.widgets import button
from desktop_app.rectification import evidence
from desktop_app.rectification.evidence import Taken

_EVIDENCE = "evidence"


class EvidenceTaking(QObject):
    """Takes files and pictures for the problem of a pane."""

    def __init__(self, pane: RecordPane) -> None:
        super().__init__(pane)
        self.pane = pane
        self.session = pane.session
        self.number = next((n for n, one in enumerate(pane.parts, start=1) if one.name == _EVIDENCE), 0)
        pane.setAcceptDrops(True)
        pane.installEventFilter(self)
        pane.strip.chosen.connect(self._turned)
        pasting = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), pane, self.paste)
        pasting.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _turned(self, current: int) -> None:
        """The tab is shown for the first time: its fields let a picture through to it, and it has a button."""
        parts = self.pane.panes.get(current)
        if current != self.number or parts is None or parts.property("takes_pictures"):
            return
        parts.setProperty("takes_pictures", True)
        tip = "把剪贴板里的截图存成佐证（Ctrl+V）；文件可以直接拖到这里"
        made = button("粘贴截图", self.paste, "", tip)
        layout = parts.tools.layout()
        layout.insertWidget(1, made)  # type: ignore[union-attr]
        for one in parts.entry.findChildren(QWidget):
            one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.pane and isinstance(event, QDropEvent):
            return self._dropped(event)
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if event.matches(QKeySequence.StandardKey.Paste) and picture(QGuiApplication.clipboard().mimeData()):
            event.ignore()  # a field has no use for a picture: the key is the pane's
            return True
        return False

    def _dropped(self, event: QDropEvent) -> bool:
        """Files are dragged over the pane, or dropped on it."""
        if event.type() not in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop):
            return False
        paths = local(event.mimeData())
        if not (paths or picture(event.mimeData())) or self.pane.entry.form.record is None:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            if paths:
                self.take(paths)
            else:
                self._keep_picture(event.mimeData())
        return True

    # -- files -------------------------------------------------------------------------------------------------------

    def take(self, paths: Sequence[Path]) -> None:
        """Keeps files off the thread and makes evidence of them in one deed; what cannot be kept is said in the bar."""
        session, problem = self.session, self.pane.identifier
        ledger = session.ledger

        def keep(work: Work) -> Taken:
            return evidence.keep(ledger, paths, work.cancelled)

        def kept(taken: Taken) -> None:
            if taken.refused:
                self.pane.bar.say(_told(taken))
            if taken.kept:
                session.do(lambda: evidence.add(ledger, problem, taken.kept, session.actor()), self._added)

        session.run(keep, kept, self.pane.bar.say, label=f"存入 {len(paths)} 个文件")

    def _added(self, outcome: Outcome) -> None:
        """The new ones are shown, the first of them chosen."""
        made = [identifier for name, identifier in outcome.touched if name == _EVIDENCE]
        if made and self.number:
            self.pane.strip.choose(self.number)
            parts = self.pane.pane(self.number)
            parts.read(made[-1])

    # -- pictures ----------------------------------------------------------------------------------------------------

    def paste(self) -> None:
        """Ctrl+V: the picture in the clipboard, or the files copied in the file manager."""
        found = QGuiApplication.clipboard().mimeData()
        paths = local(found)
        if self.pane.entry.form.record is None:
            self.session.say("先保存问题（Ctrl+S），再粘贴佐证。")
        elif paths:
            self.take(paths)
        elif not self._keep_picture(found):
            self.session.say("剪贴板里没有截图或文件。")

    def _keep_picture(self, found: QMimeData) -> bool:
        if not picture(found):
            return False
        image = QImage(found.imageData())
        session, problem = self.session, self.pane.identifier

        def deed() -> Outcome:
            return evidence.paste(session.ledger, problem, png(image), session.actor())

        session.do(deed, self._added, self.pane.bar.say)
        return True


def picture(found: QMimeData) -> bool:
    """Whether what is pasted is a picture and no words (a spreadsheet brings both)."""
    return found.hasImage() and not found.hasText() and not local(found)


def local(found: QMimeData) -> list[Path]:
    """The files of this computer among what is pasted or dropped."""
    return [Path(url.toLocalFile()) for url in found.urls() if url.isLocalFile()]


def png(image: QImage) -> bytes:
    """An image as a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise Refusal("剪贴板里的图片不能存成文件。", "请重新截一次图，或存成文件再拖进来。", "problems")
    return bytes(buffer.data().data())


def _told(taken: Taken) -> Refusal:
    name, why = taken.refused[0]
    more = f"（共 {len(taken.refused)} 个没有存入）" if len(taken.refused) > 1 else ""
    done = f"{len(taken.kept)} 个已存入；" if taken.kept else ""
    said = why.sentence if name in why.sentence else f"{name}：{why.sentence}"
    return Refusal(f"{done}{said}{more}", why.advice, why.topic)


def attach(pane: RecordPane) -> EvidenceTaking:
    """Lets a pane take files and pictures as evidence of its record."""
    return EvidenceTaking(pane)
