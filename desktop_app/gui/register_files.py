"""Files of a register: reading a workbook into the side bar, writing what is filtered, writing a template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from db.errors import Refusal
from db.schema.kinds import Publicity
from db.schema.record import Schema
from desktop_app.gui.paste_block import Incoming
from desktop_app.gui.session import Session, Work
from desktop_app.rectification.batch_cells import empty, seen

if TYPE_CHECKING:
    from desktop_app.gui.register_view import RegisterView
    from desktop_app.sheets.mapping import Block
    from desktop_app.sheets.read import Table
    from desktop_app.sheets.write import Exported

TABLES = "表格 (*.xlsx *.csv *.txt)"


def unmatched(tables: Sequence[Table]) -> tuple[Block, ...]:
    """The largest table as it stands, its first row of words as headings, for somebody to say what its columns are;
    nothing where no row of words stands above others."""
    from desktop_app.sheets.mapping import Block

    for table in sorted(tables, key=lambda one: -len(one.rows)):
        for at, cells in enumerate(table.rows[:-1]):
            words = [cell for cell in cells if not empty(cell)]
            if len(words) > 1 and all(isinstance(one, str) for one in words):
                headings = tuple(" ".join(seen(cell).split()) for cell in cells)
                return (Block(table.source, table.sheet, headings, tuple(table.rows[at + 1 :]), at + 2),)
    return ()


class RegisterFiles:
    """Import and export of one register."""

    def __init__(self, session: Session, schema: Schema, view: RegisterView) -> None:
        self.session = session
        self.schema = schema
        self.view = view

    def import_file(self) -> None:
        """Asks for a file and looks at it before it is entered."""
        named, _filter = QFileDialog.getOpenFileName(self.view, f"导入{self.schema.title}", "", TABLES)
        if named:
            self.read(Path(named))

    def read(self, path: Path) -> None:
        """Reads a file into the side bar; off the thread."""
        schema = self.schema

        def job(work: Work) -> tuple[Block, ...]:
            from desktop_app.sheets import mapping, read

            tables = read.read(path, work.cancelled)
            try:
                return mapping.blocks(schema, tables, mapping.remembered(schema))
            except Refusal:
                unread = unmatched(tables)
                if not unread:
                    raise
                return unread

        def done(blocks: tuple[Block, ...]) -> None:
            self._open(path, blocks)

        self.session.run(job, done, self._refused, label=f"正在读取 {path.name}")

    def _open(self, path: Path, blocks: tuple[Block, ...]) -> None:
        from desktop_app.sheets import mapping

        block = max(blocks, key=lambda one: len(one.cells))
        found = mapping.columns(self.schema, block.headings, mapping.remembered(self.schema))
        cells = tuple(tuple(one) for one in block.cells)
        others = [one.sheet for one in blocks if one is not block]
        if others:
            self.session.say(f"“{path.name}”里还有工作表{'、'.join(others)}，这次只读“{block.sheet}”。")
        self.view.show_form(False)
        self.view.paste.open(
            Incoming(path.name, block.headings, found.names, cells, block.first_row),
            map_columns=bool(found.unknown or found.lacking),
        )

    def _refused(self, refusal: Refusal) -> None:
        self.session.refused.emit(refusal)

    def exports(self) -> list[tuple[str, Callable[[], None]]]:
        """What may be written: words for a menu, and what does it."""
        return [
            ("导出可公开的内容…", lambda: self.export("public")),
            ("导出全部内容（内部使用）…", lambda: self.export("secret")),
            ("导出全部内容，带系统编号，供修改后再导入…", lambda: self.export("secret", ids=True)),
            ("存一份空白模板…", self.template),
        ]

    def export(self, publicity: Publicity, *, ids: bool = False) -> None:
        """Asks for a file and writes into it what is filtered."""
        named, _filter = QFileDialog.getSaveFileName(
            self.view,
            f"导出{self.schema.title}",
            f"{self.schema.title}.xlsx",
            "Excel 工作簿 (*.xlsx);;CSV 文件 (*.csv)",
        )
        if named:
            self.write(Path(named) if Path(named).suffix else Path(f"{named}.xlsx"), publicity, ids=ids)

    def write(self, path: Path, publicity: Publicity, *, ids: bool = False) -> None:
        """Writes what is filtered into a file; off the thread."""
        facts, view = self.session.ledger, self.view.grid.look.view()

        def job(work: Work) -> Exported:
            from desktop_app.sheets import write

            return write.export(
                facts, view, path, publicity=publicity, ids=ids, progress=work.progress, cancelled=work.cancelled
            )

        def done(written: Exported) -> None:
            left = f"，{'、'.join(written.withheld_columns)}没有导出" if written.withheld_columns else ""
            left += f"，{written.withheld_rows} 行不公开的没有导出" if written.withheld_rows else ""
            self.session.say(f"已导出 {written.rows} 行{self.schema.title}到 {path.name}{left}。")

        self.session.run(job, done, self._refused, label=f"正在导出 {path.name}")

    def template(self) -> None:
        """Asks for a file and writes an empty template into it."""
        named, _filter = QFileDialog.getSaveFileName(
            self.view, "存一份空白模板", f"{self.schema.title}模板.xlsx", "Excel 工作簿 (*.xlsx)"
        )
        if named:
            path = Path(named) if Path(named).suffix else Path(f"{named}.xlsx")
            self._write_template(path)

    def _write_template(self, path: Path) -> None:
        facts, schema = self.session.ledger, self.schema

        def job(_work: Work) -> Path:
            from desktop_app.sheets import template

            return template.write_template(facts, schema, path)

        self.session.run(
            job,
            lambda _path: self.session.say(f"已存模板：{path.name}。填好后用“导入”读入。"),
            self._refused,
            label="正在写模板",
        )
