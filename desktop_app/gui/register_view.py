"""One register whole: title, tools, its grid, and beside it the form of a row or a block that is being pasted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QMenu, QSizePolicy, QSplitter, QToolButton, QWidget

from db.errors import Refusal
from db.ledger.change import Outcome
from db.schema.record import Schema
from desktop_app.gui import grid_cells, lookup, paste_read, theme
from desktop_app.gui.allowed import gate
from desktop_app.gui.grid import Grid
from desktop_app.gui.grid_cells import Lines
from desktop_app.gui.grid_model import Extra
from desktop_app.gui.grid_rows import Reckon, nothing_reckoned
from desktop_app.gui.paste_block import Incoming
from desktop_app.gui.paste_panel import PastePanel
from desktop_app.gui.record_pane import ElidedLabel, RecordPane
from desktop_app.gui.register_checks import ByRow, FindingBar
from desktop_app.gui.register_files import RegisterFiles
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import Bar, button, column, label, row, set_role

PATIENCE = 300
TOOL = 34
"""Pixels of a tool's height: push buttons and tool buttons differ by themselves."""


class RegisterView(QFrame):
    """The rows of one register and what is done with them."""

    refused = Signal(object)

    def __init__(
        self,
        session: Session,
        schema: Schema,
        start: Mapping[str, str],
        *,
        extra: Sequence[Extra] = (),
        reckon: Reckon = nothing_reckoned,
    ) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.session = session
        self.schema = schema
        self.start = dict(start)
        shut = session.people.against("write") is not None
        self.grid = Grid(session, schema, start=lambda: self.start, extra=extra, reckon=reckon, read_only=shut)
        self.pane: RecordPane | None = None
        self.paste = PastePanel(session, schema, self.grid.model.typing.start, self._fixed)
        self.files = RegisterFiles(session, schema, self)
        self.title = ElidedLabel("page")
        self.title.say(schema.title)
        self.help = ElidedLabel("small")
        self.help.say(" ".join(schema.help.split()))
        self.bar = Bar()
        self.finding = FindingBar(session)
        self.found: ByRow = {}
        self.search = QLineEdit()
        self.empty = self._empty_state()
        self._finding = QTimer(self, singleShot=True, interval=PATIENCE)
        self._follow = QTimer(self, singleShot=True, interval=0)
        self._lay_out()
        self._connect()

    # -- making ------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.add_button = button("添加", self.new, "accent", "Ctrl+N")
        self.form_button = _tool("表单", "在旁边打开这一行的表单，看它的历史和附属内容", checkable=True)
        self.filter_button = _tool("筛选", "按列筛选（Ctrl+F）", checkable=True)
        self.columns_button = _tool("列 ▾", "选择显示哪些列")
        self.columns_menu = QMenu(self.columns_button)
        self.columns_button.setMenu(self.columns_menu)
        self.columns_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.paste_button = button("粘贴", self.grid_paste, "", "把 Excel 里复制的行放进来（Ctrl+V）")
        self.import_button = button("导入", self.files.import_file, "", "从 .xlsx 或 .csv 文件读入")
        gate(self.session, "write", self.add_button, self.paste_button, self.import_button)
        self.export_button = _tool("导出 ▾", "把筛选出来的行存为 Excel 或 CSV，或存一份空白模板")
        self.export_menu = QMenu(self.export_button)
        for words, act in self.files.exports():
            self.export_menu.addAction(words).triggered.connect(act)
        self.export_button.setMenu(self.export_menu)
        self.export_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.search.setPlaceholderText("在本表查找")
        self.search.setAccessibleName("在本表查找")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(200)
        self.search.setMinimumWidth(96)
        self._lens = self.search.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        head = QWidget()
        top = column(head, (24, 16, 24, 12), 8)
        for one in (self.paste_button, self.import_button, self.export_button, self.filter_button, self.columns_button):
            one.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            one.setFixedHeight(TOOL)
        titles = row(self.title, self.form_button, self.add_button, spacing=8)
        titles.setStretch(0, 1)
        top.addLayout(titles)
        top.addWidget(self.help)
        self.help.setVisible(bool(self.schema.help.strip()))
        self.part_button = button("只列出一部分，点此看全部", self.show_all, "link")
        self.part_button.hide()
        self.tools = row(
            self.paste_button, self.import_button, self.export_button, self.part_button, 1,
            self.search, self.filter_button, self.columns_button, spacing=8,
        )  # fmt: skip
        top.addLayout(self.tools)
        top.addWidget(self.bar)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        middle = QWidget()
        stacked = column(middle, (0, 0, 0, 0), 0)
        stacked.addWidget(self.grid, 1)
        stacked.addWidget(self.finding)
        stacked.addWidget(self.empty)
        self.split.addWidget(middle)
        self.split.addWidget(self.paste)
        self.split.setStretchFactor(0, 1)
        layout = column(self, (1, 1, 1, 1), 0)
        layout.addWidget(head)
        layout.addWidget(self.split, 1)

    def _empty_state(self) -> QWidget:
        """What an empty register shows below its entry row."""
        made = QFrame()
        made.setProperty("role", "surface")
        layout = column(made, (24, 16, 24, 20), 12)
        words = label("还没有内容。直接在表里输入，或从 Excel 粘贴、导入。", "hint", wrap=True)
        layout.addWidget(words)
        layout.addLayout(
            row(
                button("从 Excel 导入", self.files.import_file),
                button("下载模板", self.files.template),
                1,
            )
        )
        made.hide()
        return made

    def _connect(self) -> None:
        self.grid.paste_wanted.connect(self.open_paste)
        self.grid.left.connect(self._let_go)
        self.grid.shown.connect(lambda _identifier: self._follow.start())
        self.grid.shown.connect(lambda _identifier: self._show_finding())
        self.grid.changed.connect(self._show_state)
        self.grid.model.rowsInserted.connect(lambda *_: self._show_state())
        self.grid.model.rows.filled.connect(lambda _first, _last: self._arrived())
        self.form_button.toggled.connect(self.show_form)
        self.filter_button.toggled.connect(self._filter)
        self.columns_menu.aboutToShow.connect(lambda: self.grid.look.fill_columns(self.columns_menu))
        self.search.textChanged.connect(lambda _text: self._finding.start())
        self._finding.timeout.connect(self._searched)
        self._follow.timeout.connect(self._show_row)
        self.session.drafted.connect(self._follow_typing)
        self.bar.help_wanted.connect(self.session.help_wanted)
        self.paste.closed.connect(self._paste_closed)

    def _paste_closed(self) -> None:
        set_role(self.add_button, "accent")
        self._show_state()
        self.grid.setFocus()

    def _fixed(self) -> dict[str, Any]:
        """Working values of what a new row begins with."""
        typing, found = self.grid.model.typing, {}
        kinds = self.schema.kinds()
        for name, state in typing.start().items():
            candidates = typing.lines.all(getattr(kinds[name], "to", "")) if getattr(kinds[name], "to", "") else {}
            with suppress(Refusal):
                value = grid_cells.read(kinds[name], state, candidates, self.session.today().year)
                if value is not None:
                    found[name] = value
        return found

    # -- showing -----------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Reads the rows; and what their references may point at, before somebody waits for it."""
        self.grid.model.rows.show(self.grid.look.view())
        lines = self.grid.model.lines
        for to in dict.fromkeys(str(getattr(one.kind, "to", "")) for one in self.schema.references()):
            if not lookup.owner(self.session.ledger, to):  # parts are asked for by what they are a part of
                self.session.run(partial(_lines, lines, to), partial(lines.learn_all, to))

    def show_all(self) -> None:
        """Shows every row, whatever was searched or filtered."""
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.grid.look.clear()

    def show_findings(self, found: ByRow, marks: Mapping[str, tuple[str, str]]) -> None:
        """Shows what is found at the rows: signs in the grid, the sentence below it."""
        self.found = found
        self.grid.set_marks(marks)
        self._show_finding()

    def _show_finding(self) -> None:
        self.finding.show_findings(self.found.get(self._row_id(), ()))

    def _show_state(self) -> None:
        """What depends on the number of rows and on what is filtered."""
        self.part_button.setVisible(self.grid.look.filtered())
        self._show_finding()
        rows = self.grid.model.rows
        nothing = rows.in_ledger() == 0 and not rows.tail and not self.grid.look.filtered() and self.paste.isHidden()
        self.empty.setVisible(nothing)

    def _filter(self, on: bool) -> None:
        self.grid.look.show_filters(on)
        if on:
            self.grid.look_up()

    def _searched(self) -> None:
        self.grid.look.text = self.search.text()
        self.grid.look.viewed.emit()

    def show_form(self, on: bool) -> None:
        """Shows the form of the row one stands on beside the grid, or hides it."""
        if on and self.pane is None:
            self.pane = RecordPane(self.session, self.schema)
            set_role(self.pane, "panel")
            self.pane.setMinimumWidth(380)
            self.split.addWidget(self.pane)
            self.split.setSizes([600, 0, 440])
        if self.pane is not None:
            if not on:
                self.pane.leave()
                self.pane.entry.form.show_record(None, "")
            self.pane.setVisible(on)
        if self.form_button.isChecked() != on:
            self.form_button.setChecked(on)
        set_role(self.add_button, "" if on else "accent")  # the form has an accent of its own
        if on:
            self._show_row()

    def _row_id(self) -> str:
        row_at = self.grid.place.row()
        return self.grid.model.rows.identifier(row_at) if row_at >= 0 else ""

    def _show_row(self) -> None:
        """The form shows the row one stands on."""
        if self.pane is None or self.pane.isHidden():
            return
        identifier = self._row_id()
        if not identifier:
            self.pane.clear("选一行看它的表单；在表里最下面一行输入，就会新增。")
        elif not self.pane.show_record(identifier):
            self.pane.clear("这一行还没有保存，或已经删除。")

    def _arrived(self) -> None:
        """A row that was gone to before it was read is read now."""
        if self.pane is not None and not self.pane.isHidden() and not self.pane.identifier and self._row_id():
            self._follow.start()

    def _let_go(self, identifier: str) -> None:
        """The grid saves the row it leaves: the form must not save it too."""
        if self.pane is not None and identifier and self.pane.identifier == identifier:
            self.pane.entry.form.show_record(None, "")

    def _follow_typing(self) -> None:
        """What is typed in the grid is seen in the form."""
        focus = QApplication.focusWidget()
        if self.pane is None or self.pane.isHidden() or (focus is not None and self.pane.isAncestorOf(focus)):
            return
        form = self.pane.entry.form
        if form.identifier:
            form.show_record(form.record, form.identifier, fixed=form.fixed)
        else:
            self._follow.start()

    def open_row(self, identifier: str) -> None:
        """Goes to a row, with its form, once it is read."""
        rows, place = self.grid.model.rows, self.grid.place

        def found(at: int | None) -> None:
            if at is not None:
                place.go(at, place.columns()[:1])
                self.show_form(True)

        rows.find(identifier, found)

    def look_up(self) -> None:
        """Ctrl+F: to the filters."""
        if self.filter_button.isChecked():
            self.grid.look_up()
        else:
            self.filter_button.setChecked(True)

    def arrive(self) -> None:
        """The register is shown (again): the keys go to its rows."""
        if self.grid.place.row() < 0 and self.grid.model.rowCount() == 1:
            self.new()
        else:
            self.grid.setFocus()

    # -- doing -------------------------------------------------------------------------------------------------------

    def new(self) -> None:
        """To the entry row."""
        self.grid.place.begin(self.grid.model.rowCount() - 1, self.grid.place.typable()[:1])
        self.grid.table.scrollToBottom()

    def save(self) -> bool:
        """Ctrl+S: saves what is typed in the form, or in the grid."""
        focus = QApplication.focusWidget()
        if self.pane is not None and focus is not None and self.pane.isAncestorOf(focus):
            return self.pane.save()
        return self.grid.save()

    def grid_paste(self) -> None:
        """The button 粘贴: into the entry row, when one stands nowhere."""
        text = QApplication.clipboard().text()
        if not paste_read.cells(text):
            self.session.say("剪贴板里没有表格内容。请先在 Excel 或 WPS 里选中要复制的行，按 Ctrl+C。")
            return
        self.open_paste(text, over=False)

    def open_paste(self, text: str, *, over: bool = True) -> None:
        """Looks at the clipboard before it is entered; ``over`` puts it over the rows from the one one stands on."""
        cells = paste_read.cells(text)
        model, place = self.grid.model, self.grid.place
        headed = bool(cells) and paste_read.headings(self.schema, cells[0])
        width = max((len(one) for one in cells), default=0)
        headings = tuple(cells[0]) if headed else ()
        if headed:
            from desktop_app.sheets import mapping

            names = mapping.columns(self.schema, headings, mapping.remembered(self.schema)).names
            cells = cells[1:]
        else:
            first = place.column() if place.column() >= 0 and place.row() >= 0 else 0
            typable = place.typable()
            shown = [at for at in place.columns() if at >= first]
            following = [model.fields[at].name if at in typable else None for at in shown]
            names = tuple(following[at] if at < len(following) else None for at in range(width))
        standing = self._over(len(cells))
        chosen = standing if over and self._row_id() and not headed else ()
        self.show_form(False)
        set_role(self.add_button, "")
        self.empty.hide()
        self.paste.open(
            Incoming("剪贴板", headings, names, tuple(tuple(one) for one in cells), 2 if headed else 1, headed, chosen),
            over=standing,
        )

    def _over(self, count: int) -> tuple[str, ...]:
        """The ids of the rows from the one one stands on, as far as they are in the ledger."""
        at = self.grid.place.row()
        rows = self.grid.model.rows
        if at < 0 or not rows.identifier(at):
            return ()
        found = rows.records(at, min(at + count, rows.count() - 1) - 1)
        return tuple(one.id for one in found if one is not None)

    def leave(self) -> None:
        """Another register or page will be shown."""
        if self.pane is not None and not self.pane.isHidden():
            identifier = self.pane.identifier
            if identifier == self._row_id():
                self.pane.entry.form.show_record(None, "")
            else:
                self.pane.leave()
        self.grid.leave()

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something."""
        self.grid.hear(outcome)
        if self.pane is not None and not self.pane.isHidden():
            form = self.pane.entry.form
            if form.record is None and (self.schema.name, form.identifier) in outcome.touched:
                form.show_record(None, "")
                self._follow.start()
            self.pane.hear(outcome)


def _lines(lines: Lines, to: str, _work: Work) -> dict[str, str]:
    return lines.read_all(to)


def _tool(words: str, tip: str, *, checkable: bool = False) -> QToolButton:
    made = QToolButton()
    made.setProperty("role", "quiet")
    made.setText(words)
    made.setToolTip(tip)
    made.setAccessibleName(words.rstrip(" ▾"))
    made.setCheckable(checkable)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made
