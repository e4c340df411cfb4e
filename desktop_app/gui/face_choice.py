"""Which faces papers are set in on this machine: a list for each role, filled when it is first shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget
from shiboken6 import isValid

from desktop_app.gui.session import Session, Work
from desktop_app.notices import choice, ranks
from desktop_app.notices.choice import ROLES
from desktop_app.notices.installed import Installed, found

BEST = ""
"""The wish for the best face there is."""


class FaceChoice(QWidget):
    """A row for each role: 自动, 随程序的, and the faces of this machine, those made for the role first."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.lists: dict[str, QComboBox] = {}
        self._filled = False
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for at, (role, words) in enumerate(ROLES.items()):
            listed = QComboBox()
            listed.setAccessibleName(f"公文的{words}")
            listed.setMinimumWidth(300)
            listed.addItem("自动：有单位自己的就用", BEST)
            listed.setEnabled(False)
            listed.activated.connect(lambda _at, role=role: self._chosen(role))
            self.lists[role] = listed
            grid.addWidget(QLabel(words), at, 0)
            grid.addWidget(listed, at, 1)
        grid.setColumnStretch(2, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._filled:
            self._filled = True
            self.session.run(_look, self._arrived)

    def _arrived(self, faces: Sequence[Installed]) -> None:
        if isValid(self):  # the ledger was not closed meanwhile
            self.fill(faces)

    def fill(self, faces: Sequence[Installed]) -> None:
        """Offers the faces of this machine."""
        chinese = [
            face for face in faces if any("\u3400" <= c <= "\u9fff" for c in ranks.title(face)) and face.postscript
        ]
        wishes = self.session.settings.faces
        for role, listed in self.lists.items():
            liked = [face for face in ranks.candidates(role, faces) if face.postscript]
            best = next((ranks.title(face) for face in liked if not face.whole), None)
            ours = choice.SHIPPED[choice.CHAINS[role][0]].title
            listed.clear()
            listed.addItem(f"自动：{best or ours}", BEST)
            listed.addItem(f"随程序的：{ours}", ranks.OURS)
            for face in (*liked, *(one for one in chinese if one not in liked)):
                if listed.findData(face.postscript) < 0:
                    listed.addItem(
                        f"本机的：{ranks.title(face)}{'（只许整个放进文件）' if face.whole else ''}", face.postscript
                    )
            wish = str(wishes.get(role, BEST))
            listed.setCurrentIndex(max(0, listed.findData(wish)))
            listed.setEnabled(True)

    def _chosen(self, role: str) -> None:
        listed = self.lists[role]
        wishes = {**self.session.settings.faces, role: listed.currentData()}
        self.session.keep_settings(faces={one: wish for one, wish in wishes.items() if wish != BEST})
        choice.choose(ranks.of_this_machine)
        self.session.say(f"{ROLES[role]}改为“{listed.currentText().partition('：')[2]}”，下一次印文起用它。")


def _look(_work: Work) -> tuple[Installed, ...]:
    return found()
