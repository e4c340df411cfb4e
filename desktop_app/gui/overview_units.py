"""The table of the page 总览 for whoever keeps the ledger of several offices: a line for each, sorted by any column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.gui.session import Session
from desktop_app.gui.table import Column, Table
from desktop_app.rectification import contacts
from desktop_app.rectification.contacts import Contact
from desktop_app.rectification.situation import Line

MOST_ROWS = 14
"""Rows that are seen without scrolling."""


@dataclass(frozen=True)
class UnitRow:
    """A unit with what was last exchanged with it (None: nothing)."""

    line: Line
    contact: Contact | None

    @property
    def exchanged(self) -> str:
        """When its last file came."""
        if self.contact is None or self.contact.last is None:
            return "—"
        late = "▲ " if self.contact.overdue else ""
        return f"{late}{self.contact.last.month}月{self.contact.last.day}日（{self.contact.days} 天前）"


def _share(one: UnitRow) -> float:
    rate = one.line.rate
    return rate.closed / rate.due if rate.due else -1.0


COLUMNS = (
    Column[UnitRow]("单位", lambda one: one.line.name, wide=True, least=160),
    Column[UnitRow]("应整改", lambda one: str(one.line.all), lambda one: one.line.all, number=True, least=76),
    Column[UnitRow]("已完成", lambda one: str(one.line.finished), lambda one: one.line.finished, number=True, least=76),
    Column[UnitRow]("正在推进", lambda one: str(one.line.open), lambda one: one.line.open, number=True, least=84),
    Column[UnitRow](
        "超期",
        lambda one: f"▲ {one.line.overdue}" if one.line.overdue else "0",
        lambda one: one.line.overdue,
        lambda one: "overdue" if one.line.overdue else "",
        number=True,
        least=76,
    ),
    Column[UnitRow]("销号率", lambda one: one.line.rate.percent, _share, number=True, least=84),
    Column[UnitRow](
        "最近交换",
        lambda one: one.exchanged,
        lambda one: one.contact.last.toordinal() if one.contact is not None and one.contact.last is not None else 0,
        lambda one: "overdue" if one.contact is not None and one.contact.overdue else "",
        least=150,
    ),
)


def table(session: Session) -> Table[UnitRow]:
    """The table, empty."""
    made: Table[UnitRow] = Table(COLUMNS, "各单位", tip=lambda one: one.line.rate.words, same=lambda one: one.line.id)
    for one in (made, made.fixed):
        one.setProperty("role", "grid")  # no frame within the card
    made.remember(session, "overview-units")
    return made


def rows(lines: Sequence[Line], found: Sequence[Contact]) -> list[UnitRow]:
    """The lines with what was exchanged."""
    return [UnitRow(one, contacts.last_from(found, one.id)) for one in lines]
