"""换人 in two keys: a menu of the people of the ledger, each with a number; and what whoever is at work may do, in words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from db.schema.records import words
from desktop_app.gui.session import Session

MOST = 9
"""People with a number of their own; the others are picked by arrow keys."""


def ask(session: Session, owner: QWidget, manage: Callable[[], object]) -> None:
    """Opens the menu below a widget; with nobody registered it asks for a name."""
    clerks = session.people.clerks()
    if not clerks:
        _type(session, owner)
        return
    menu = QMenu(owner)
    menu.setAccessibleName("换人")
    menu.aboutToHide.connect(menu.deleteLater)
    for number, one in enumerate(clerks, start=1):
        key = f"&{number}  " if number <= MOST else ""
        action = menu.addAction(f"{key}{one.name}　{words.ROLES.get(one.role or '', '')}")
        action.setCheckable(True)
        action.setChecked(one.name == session.actor())
        action.triggered.connect(lambda _on=False, name=one.name or "": turn(session, name))
    menu.addSeparator()
    told = menu.addAction(session.people.rights().told())
    told.setEnabled(False)
    managing = menu.addAction("管理人员…")
    managing.triggered.connect(lambda _on=False: manage())
    menu.popup(owner.mapToGlobal(QPoint(0, owner.height() + 4)))


def turn(session: Session, name: str) -> None:
    """Somebody else is at work from now on."""
    session.keep_settings(actor=name)
    session.say(f"现在是{name}在用。{session.people.rights().told()}")


def _type(session: Session, owner: QWidget) -> None:
    name, given = QInputDialog.getText(owner.window(), "换人", "经办人姓名：", text=session.actor())
    if given and name.strip():
        session.keep_settings(actor=" ".join(name.split())[:40])
