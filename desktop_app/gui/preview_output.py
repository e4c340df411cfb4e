"""What leaves the program: a paper printed, or saved as PDF, Word, Excel or text. The file is made anew, from what is saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from db.errors import Refusal
from desktop_app.gui import preview_print
from desktop_app.gui.preview_paper import Paper, file_name, set_paper
from desktop_app.gui.print_dialog import PrintDialog, PrintWish
from desktop_app.gui.session import Session, Work
from desktop_app.notices import papers, pdf, plain, spread

Make = Callable[[Work], Paper]
FILTERS = {
    ".pdf": ("存为 PDF", "PDF 文件 (*.pdf)"),
    ".docx": ("存为 Word", "Word 文档 (*.docx)"),
    ".xlsx": ("存为 Excel", "Excel 工作簿 (*.xlsx)"),
    ".txt": ("存为文本", "文本文件 (*.txt)"),
}
"""Ending → what the dialog is called, and what it calls such files."""


def ask_path(parent: QWidget, title: str, ending: str) -> Path | None:
    """Asks where to save; None when the clerk does not want to."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    start = str(Path(folder) / file_name(title, ending))
    caption, files = FILTERS[ending]
    name, _filter = QFileDialog.getSaveFileName(parent, caption, start, files)
    if not name:
        return None
    path = Path(name)
    return path if path.suffix.lower() == ending else path.with_name(path.name + ending)


def save(session: Session, make: Make, path: Path, failed: Callable[[Refusal], None], *, archive: bool = False) -> Work:
    """Writes a paper in the format that the ending of the path says; a file appears whole or not at all. ``archive`` makes the
    PDF one for the archive."""

    def job(work: Work) -> Path:
        paper = make(work)
        if spread.wanted_so(path):
            from desktop_app.sheets import printed

            printed.write(spread.spread(paper.made.documents), path)
            return path
        form = papers.format_of(path)
        if form == "pdf" and not archive:
            pdf.write_bytes(paper.data, path)
        elif form == "txt":  # for people, so with the indents of the paper
            words = "\n\n".join(plain.text(one, indent=True) for one in paper.made.documents)
            pdf.write_bytes(words.encode(), path)
        else:
            papers.write(paper.made, path, form, archive=archive, progress=work.progress, cancelled=work.cancelled)
        return path

    return session.run(job, lambda done: session.say(f"已存为 {done}"), failed, label="正在写文件")


def save_tables(
    session: Session, make: Callable[[], papers.Made], path: Path, failed: Callable[[Refusal], None]
) -> Work:
    """Writes the tables of a paper into a workbook, without typesetting it."""

    def job(_work: Work) -> Path:
        from desktop_app.sheets import printed

        printed.write(spread.spread(make().documents), path)
        return path

    return session.run(job, lambda done: session.say(f"已存为 {done}"), failed, label="正在写文件")


def ask_printer(parent: QWidget, paper: Paper, *, serials: bool = True) -> PrintWish | None:
    """Asks for printer, pages and copies; None when nothing is to be printed. ``serials``: whether copies may be numbered."""
    count = len(paper.pages.pages)
    alone = serials and len(paper.made.documents) == 1
    dialog = PrintDialog(paper.document.title or "文书", count, parent, serials=alone)
    return dialog.wish() if dialog.exec() == PrintDialog.DialogCode.Accepted else None


def print_on(session: Session, make: Make, wish: PrintWish, failed: Callable[[Refusal], None]) -> Work:
    """Prints a paper off the thread; the frame shows how far it is."""

    def job(work: Work) -> int:
        paper = make(work)
        if wish.first:  # every copy is a paper of its own, with its number in the head
            paper = set_paper(papers.numbered(paper.made, wish.copies, wish.first), work.cancelled)
        return preview_print.print_pages(paper.data, wish.printer, work.progress, work.cancelled)

    return session.run(job, lambda count: session.say(f"已送去打印，共 {count} 页"), failed, label="正在打印")
