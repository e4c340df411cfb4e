"""What whoever is at work may do, shown beforehand: what they may not do is grey, and its tip says why and who may."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from desktop_app.gui.session import Session
from desktop_app.rectification.rights import Act

_OWN_TIP = "own_tip"


class Gate(QObject):
    """Keeps widgets grey while their act is not allowed, whoever else enables them; the page's own word holds again after."""

    def __init__(self, session: Session, act: Act, widgets: tuple[QWidget, ...], parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.act = act
        self.widgets = widgets
        self.shut: set[QWidget] = set()
        """Those that would be enabled, were it allowed."""
        for one in widgets:
            one.setProperty(_OWN_TIP, one.toolTip())
            one.installEventFilter(self)
        session.looked.connect(self.look)
        self.look()

    def look(self) -> None:
        """Somebody else is at work, or their role is another."""
        against = self.session.people.against(self.act)
        for one in self.widgets:
            if against is None:
                if one in self.shut:
                    self.shut.discard(one)
                    one.setToolTip(one.property(_OWN_TIP))
                    one.setEnabled(True)
            else:
                if not one.testAttribute(Qt.WidgetAttribute.WA_ForceDisabled):
                    self.shut.add(one)
                    one.setEnabled(False)
                one.setToolTip(str(against))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.EnabledChange and isinstance(watched, QWidget):
            enabled = not watched.testAttribute(Qt.WidgetAttribute.WA_ForceDisabled)
            if enabled and self.session.people.against(self.act) is not None:
                self.shut.add(watched)
                watched.setEnabled(False)
        return False


def gate(session: Session, act: Act, *widgets: QWidget) -> None:
    """Shows these widgets as not allowed while whoever is at work may not do that."""
    Gate(session, act, widgets, widgets[0])
