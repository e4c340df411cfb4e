"""The side bar of a paste or an import: what would come of it, what is refused and why, and putting that right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QWidget

from db.ledger.change import Outcome
from db.schema.record import Schema
from desktop_app.gui import paste_block
from desktop_app.gui.paste_block import MOST_DRAFTS, Incoming, Judged
from desktop_app.gui.paste_columns import PasteColumns
from desktop_app.gui.paste_refused import RefusedList
from desktop_app.gui.session import Draft, Session, Work
from desktop_app.gui.widgets import button, column, icon_button, label, row, scrolled
from desktop_app.sheets import mapping

WIDTH = 340
LABELLED = 2_000
"""A block of more rows is looked at with its progress shown in the frame."""


class PastePanel(QFrame):
    """Shows a block before it is entered."""

    closed = Signal()

    def __init__(
        self,
        session: Session,
        schema: Schema,
        start: Callable[[], Mapping[str, str]],
        fixed: Callable[[], Mapping[str, Any]],
    ) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.session = session
        self.schema = schema
        self.block: Incoming | None = None
        self.judged: Judged | None = None
        self._start = start
        self._fixed = fixed
        self._turn = 0
        self._over: tuple[str, ...] = ()
        self.title = label("", "group")
        self.about = label("", "", wrap=True)
        self.notes = label("", "small", wrap=True)
        self.over = QCheckBox("从选中的行起覆盖")
        self.update_known = QCheckBox("已有的行只更新")
        self.mapping = button("栏目对应 ▸", self._fold_mapping, "link")
        self.columns = PasteColumns(schema)
        self.refused = RefusedList(schema)
        self.refused_title = label("", "group")
        self.enter_button = button("粘贴", self.enter, "accent")
        self.cancel_button = button("取消", self.close_panel)
        self._lay_out()
        self.columns.chosen.connect(self._choose_columns)
        self.refused.mended.connect(self._mend)
        self.over.toggled.connect(self._set_over)
        self.update_known.toggled.connect(self._set_update)

    def _lay_out(self) -> None:
        self.setFixedWidth(WIDTH)
        inner = QWidget()
        inner.setProperty("role", "surface")
        body = column(inner, (16, 4, 16, 16), 12)
        first: tuple[QWidget, ...] = (self.about, self.notes, self.over, self.update_known)
        for part in first:
            body.addWidget(part)
        body.addLayout(row(self.mapping, 1))
        second: tuple[QWidget, ...] = (self.columns, self.refused_title, self.refused)
        for part in second:
            body.addWidget(part)
        body.addStretch(1)
        layout = column(self, (0, 0, 0, 0), 0)
        head = row(self.title, 1, icon_button("close", "不粘贴（Esc）", self.close_panel))
        head.setContentsMargins(16, 12, 8, 4)
        layout.addLayout(head)
        layout.addWidget(scrolled(inner), 1)
        foot = row(self.enter_button, self.cancel_button, 1)
        foot.setContentsMargins(16, 8, 16, 12)
        layout.addLayout(foot)
        self.columns.hide()
        self.hide()

    # -- showing -----------------------------------------------------------------------------------------------------

    def open(self, block: Incoming, *, over: tuple[str, ...] = (), map_columns: bool = False) -> None:
        """Shows a block. ``over`` are the ids of rows it could be put over."""
        pasted = block.origin == "剪贴板"
        self.title.setText("粘贴" if pasted else "导入")
        self._over = over
        for box, shown, on in (
            (self.over, bool(over), bool(block.onto)),
            (self.update_known, any(one.kind.unique for one in self.schema.fields), block.update),
        ):
            box.blockSignals(True)
            box.setChecked(on)
            box.setVisible(shown)
            box.blockSignals(False)
        self.columns.setVisible(map_columns)
        self._show_fold()
        self.block, self.judged = block, None
        self.columns.show_block(block)
        self._look()
        self.show()
        self.enter_button.setFocus()

    def _look(self) -> None:
        """Looks at the block anew, off the thread."""
        block, fixed = self.block, dict(self._fixed())
        if block is None:
            return
        self._turn += 1
        turn, facts, schema = self._turn, self.session.ledger, self.schema
        self.enter_button.setEnabled(False)
        if self.judged is None:
            self.about.setText("正在核对……")

        def job(_work: Work) -> Judged:
            return paste_block.judge(facts, schema, block, fixed)

        def done(judged: Judged) -> None:
            if turn == self._turn:
                self.judged = judged
                self._show()

        words = f"正在核对 {len(block.cells)} 行" if len(block.cells) > LABELLED else ""
        self.session.run(job, done, label=words)

    def _show(self) -> None:
        block, judged = self.block, self.judged
        if block is None or judged is None:
            return
        wrong, changes = judged.read.wrong_rows, judged.changes
        parts = [f"新增 {len(changes.new)} 行" if changes.new else ""]
        parts += [f"修改 {len(changes.changed)} 行" if changes.changed else ""]
        parts += [f"{len(changes.same)} 行与台账相同" if changes.same else ""]
        parts += [f"有错 {wrong} 行" if wrong else ""]
        told = "，".join(part for part in parts if part) or "没有可以录入的内容"
        self.about.setText(f"{block.origin}：{len(block.cells)} 行 × {len(block.names)} 列。{told}。")
        self.notes.setText("\n".join(self._notes(block, judged)))
        self.notes.setVisible(bool(self.notes.text()))
        verb = "粘贴" if block.origin == "剪贴板" else "导入"
        self.enter_button.setText(f"{verb} {judged.enters} 行" if judged.enters else "放到表里改" if wrong else verb)
        self.enter_button.setEnabled(bool(judged.enters or wrong))
        count = len(judged.read.refused)
        self.refused_title.setText(f"要改 {count} 处" if count else "")
        self.refused_title.setVisible(bool(count))
        self.refused.show_refused(block, judged.read.refused)

    def _notes(self, block: Incoming, judged: Judged) -> list[str]:
        found = []
        unread = [h for h, name in zip(block.headings, block.names, strict=False) if h.strip() and name is None]
        if block.headed:
            found.append("第一行是表头，已按表头对应栏目。")
        if unread:
            found.append(f"不读的列：{'、'.join(unread)}。可在“栏目对应”里指定。")
        for (title, words), meant in list(judged.read.guessed.items())[:5]:
            found.append(f"“{title}”里的“{words}”按“{meant.line}”录入。")
        if judged.changes.twins:
            found.append(f"其中 {len(judged.changes.twins)} 行台账里已有完全相同的，请核对是否重复。")
        wrong = judged.read.wrong_rows
        if wrong:
            kept = min(wrong, MOST_DRAFTS)
            found.append(f"有错的行可以在下面改；不改的，{kept} 行会放到表里标红，改好后再保存。")
        if wrong > MOST_DRAFTS:
            found.append(f"另有 {wrong - MOST_DRAFTS} 行放不下，请在原表里改好再来。")
        return found

    def _fold_mapping(self) -> None:
        self.columns.setVisible(self.columns.isHidden())
        self._show_fold()

    def _show_fold(self) -> None:
        self.mapping.setText("栏目对应 ▸" if self.columns.isHidden() else "栏目对应 ▾")

    # -- changing ----------------------------------------------------------------------------------------------------

    def _choose_columns(self, names: object) -> None:
        if self.block is not None and isinstance(names, tuple):
            self.block = replace(self.block, names=names)
            self._look()

    def _mend(self, number: int, name: str, text: str) -> None:
        if self.block is not None:
            self.block = self.block.put(number, name, text)
            self._look()

    def _set_over(self, on: bool) -> None:
        if self.block is not None:
            self.block = replace(self.block, onto=self._over[: len(self.block.cells)] if on else ())
            self._look()

    def _set_update(self, on: bool) -> None:
        if self.block is not None:
            self.block = replace(self.block, update=on)
            self._look()

    # -- doing -------------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Writes the right rows in one deed, and leaves the wrong ones in the grid."""
        block, judged = self.block, self.judged
        if block is None or judged is None:
            return
        if (block.headings and block.headed) or block.origin != "剪贴板":
            mapping.remember(self.schema, block.headings, block.names[: len(block.headings)])
        session, schema, start = self.session, self.schema, dict(self._start())
        sentence = paste_block.said(block, schema, judged)

        def deed() -> Outcome:
            return paste_block.enter(session.ledger, schema, judged.read.rows, session.actor(), sentence)

        def done(_outcome: Outcome) -> None:
            kept = paste_block.drafts(schema, block, judged, start)
            for identifier, typed in kept.items():
                over = identifier in block.onto
                session.keep_draft(schema.name, identifier, Draft(typed, {}, not over))
            self.close_panel()

        if judged.enters:
            session.do(deed, done)
        else:
            done(Outcome())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts the side bar away."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def close_panel(self) -> None:
        """Puts the side bar away."""
        self._turn += 1
        self.block = self.judged = None
        self.hide()
        self.closed.emit()
