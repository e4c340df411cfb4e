"""The deeds of the ledger in a table: when, who, what; of all records or of one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from db import clock
from db.ledger import history
from db.ledger.change import Outcome
from db.ledger.history import Entry
from desktop_app.gui import lookup
from desktop_app.gui.session import Session
from desktop_app.gui.table import Column, Table, TablePane
from desktop_app.gui.widgets import button, column, label, row

PAGE = 200
"""Deeds read at a time."""


def when(entry: Entry) -> str:
    """When a deed was done, in local time to the minute."""
    return f"{clock.moment(entry.time).astimezone():%Y-%m-%d %H:%M}"


COLUMNS = (
    Column[Entry]("时间", when, by=lambda entry: entry.time, least=156),
    Column[Entry]("经办人", lambda entry: entry.actor, least=96),
    Column[Entry]("做了什么", lambda entry: entry.sentence, wide=True, least=280),
)


class HistoryList(QWidget):
    """The table of deeds, with 撤销这一步 and, for one deed, which fields it set."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._equal: dict[str, str] = {}
        self.table: Table[Entry] = Table(COLUMNS, "操作记录", tip=lambda entry: entry.sentence, same=lambda e: e.deed)
        self.table.remember(session, "deeds")
        self.pane = TablePane(self.table, "还没有操作记录。")
        self.details = label("", "hint", wrap=True)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.back = button("撤销这一步", self.undo, "", "撤销选中的这一步；后来又改过的地方不能这样撤销")
        self.more = button("更早的记录", self.read_more, "link")
        layout = column(self)
        layout.addWidget(self.pane, 1)
        layout.addWidget(self.details)
        layout.addLayout(row(self.back, 1, self.more))
        self.table.picked.connect(self._picked)
        self._picked()

    def show_deeds(self, **equal: str) -> None:
        """Shows the deeds that touched a record (``record``, ``id``), of an ``actor``, or all."""
        self._equal = equal
        self.read()

    def read(self) -> None:
        """Reads the latest deeds again."""
        found = history.entries(self.session.ledger, limit=PAGE, before=None, **self._equal)
        self._show(found, len(found))

    def read_more(self) -> None:
        """Reads earlier deeds below those shown."""
        last = min((entry.position for entry in self.table.source.given), default=None)
        found = history.entries(self.session.ledger, limit=PAGE, before=last, **self._equal)
        known = {entry.deed for entry in self.table.source.given}
        self._show([*self.table.source.given, *(e for e in found if e.deed not in known)], len(found))

    def _show(self, entries: list[Entry], read: int) -> None:
        self.pane.show_rows(entries, first=False)
        self.more.setVisible(read == PAGE)
        self.back.setVisible(bool(entries))

    def chosen(self) -> Entry | None:
        """The chosen deed."""
        return self.table.chosen()

    def _picked(self) -> None:
        entry = self.chosen()
        self.back.setEnabled(entry is not None)
        self.details.setText(self._told(entry) if entry else "")
        self.details.setVisible(entry is not None)

    def _told(self, entry: Entry) -> str:
        """What a deed set, field by field, in a few lines."""
        facts, lines = self.session.ledger, []
        for touch in entry.touched[:6]:
            if touch.record not in facts.tables.records:
                continue
            schema = facts.schema(touch.record)
            kinds = schema.kinds()
            set_to = []
            for name, stored in list(touch.fields.items())[:6]:
                if name in kinds:
                    value = None if stored is None else kinds[name].load(stored)
                    shown = lookup.clipped(lookup.cell(facts, kinds[name], value), 40) or "（空）"
                    set_to.append(f"{kinds[name].label}：{shown}")
                elif name == "deleted":
                    set_to.append("删除" if stored else "恢复")
            more = "……" if len(touch.fields) > 6 else ""
            lines.append(f"{schema.title}“{lookup.line(facts, touch.record, touch.id)}”　{'；'.join(set_to)}{more}")
        if len(entry.touched) > 6:
            lines.append(f"……共 {len(entry.touched)} 条")
        return "\n".join(lines)

    def undo(self) -> None:
        """Takes back the chosen deed."""
        entry, session = self.chosen(), self.session
        if entry is not None:
            session.do(lambda: session.ledger.undo(session.actor(), entry.deed))

    def hear(self, _outcome: Outcome) -> None:
        """Somebody did something: the table is read again."""
        self.read()
