"""Rows whose register this ledger does not know: listed at the end, shown as they are kept, changed by nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson
from PySide6.QtWidgets import QFrame, QTableWidget, QTableWidgetItem

from db.ledger.strangers import Stranger
from desktop_app.gui.registers_list import Listed
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import column, label

PREFIX = "?"
TITLE = "不认识的登记表"
MOST = 2_000


def listed(found: Sequence[Stranger]) -> list[Listed]:
    """An entry for each register that is not known."""
    return [Listed(f"{PREFIX}{name}", name, TITLE) for name in dict.fromkeys(one.record for one in found)]


def counts(found: Sequence[Stranger]) -> dict[str, int]:
    """Rows of each."""
    return {f"{PREFIX}{name}": count for name, count in Counter(one.record for one in found).items()}


def is_strange(name: str) -> bool:
    """Whether the entry is one of these."""
    return name.startswith(PREFIX)


def words(value: Any) -> str:
    """A kept value as it is."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


class StrangerView(QFrame):
    """The rows of one unknown register."""

    def __init__(self, session: Session, name: str, found: Sequence[Stranger]) -> None:
        super().__init__()
        self.session = session
        self.setProperty("role", "card")
        mine = [one for one in found if one.record == name.removeprefix(PREFIX)][:MOST]
        fields = list(dict.fromkeys(field for one in mine for field in one.fields))
        table = QTableWidget(len(mine), len(fields))
        table.setHorizontalHeaderLabels(fields)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setAccessibleName(name.removeprefix(PREFIX))
        for at, one in enumerate(mine):
            for place, field in enumerate(fields):
                if field in one.fields:
                    table.setItem(at, place, QTableWidgetItem(words(one.fields[field])))
        table.resizeColumnsToContents()
        layout = column(self, (24, 16, 24, 16), 8)
        layout.addWidget(label(name.removeprefix(PREFIX), "page"))
        sentence = (
            "这个台账里没有这张登记表的定义：它可能来自较新的程序，或来自别的单位。内容都保留着，只能看，不能改。"
            "请在“设置”里导入它的类别定义，或换用新版程序。"
        )
        layout.addWidget(label(sentence, "hint", wrap=True))
        layout.addWidget(table, 1)
