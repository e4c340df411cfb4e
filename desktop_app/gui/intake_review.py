"""The review of what was read: the notices in a list, the paper, the findings, and the chosen part to be corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QSplitter, QWidget

from desktop_app.gui.intake_copies import Copies
from desktop_app.gui.intake_edit import Path
from desktop_app.gui.intake_form import PartForm
from desktop_app.gui.intake_list import NoticeList
from desktop_app.gui.intake_parts import Part, at_place, parts, short
from desktop_app.gui.intake_reading import SUBJECTS, Difference, Reading, differences
from desktop_app.gui.intake_text import PaperText
from desktop_app.gui.intake_tree import FindingsTree
from desktop_app.gui.record_pane import ElidedLabel
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row, scrolled
from desktop_app.intake.draft import Finding

SETTLING = 250
"""Milliseconds after a keystroke until the tree shows it."""
MOST_CHANGES = 500
"""Changes of an update shown in the tree."""


class Review(QWidget):
    """The notices under review, one of them open."""

    changed = Signal()
    """Another notice is to be entered, or none."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.copies = Copies()
        self._differences: tuple[Difference, ...] | None = None
        self.list = NoticeList()
        self.known_words = label("", wrap=True)
        self.update_button = button("用原文更新", lambda: self._want(True))
        self.skip_button = button("跳过", lambda: self._want(False))
        self.known = QFrame()
        self.text = PaperText()
        self.text_title = ElidedLabel("group")
        self.unread_button = button("", lambda: self.reveal("unread"), "link", "转到没有放进任何一栏的文字")
        self.check_button = button("", lambda: self.reveal("findings"), "link", "转到要核对的地方")
        self.tree = FindingsTree()
        self.form = PartForm(session)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._settling = QTimer(self, singleShot=True, interval=SETTLING)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.known.setProperty("role", "bar")
        bar = row(self.known_words, self.update_button, self.skip_button)
        bar.setContentsMargins(12, 6, 6, 6)
        bar.setStretch(0, 1)
        self.known.setLayout(bar)
        top = row(self.text_title, self.unread_button, self.check_button)
        top.setStretch(0, 1)
        for one in (self.unread_button, self.check_button):
            one.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        paper = _card(top, self.text)
        findings = _card(row(label("读出的内容", "group"), 1), self.tree)
        self.form.setMinimumWidth(1)  # as wide as its card and no wider, whatever stands in it
        part = _card(None, scrolled(self.form))
        for card, least in ((paper, 220), (findings, 190), (part, 240)):
            card.setMinimumWidth(least)
            self.splitter.addWidget(card)
        self.splitter.setSizes([440, 310, 420])
        self.splitter.setHandleWidth(12)
        self.splitter.setChildrenCollapsible(False)
        layout = column(self, (0, 0, 0, 0), 12)
        layout.addWidget(self.list)
        layout.addWidget(self.known)
        layout.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.list.chosen.connect(self.show_notice)
        self.list.ticked.connect(self.tick)
        self.text.pointed.connect(self.point)
        self.tree.chosen.connect(self._show_part)
        self.form.edited.connect(self.edit)
        self.form.dropped.connect(self._drop)
        self.form.accepted.connect(self.accept)
        self.form.settled.connect(self._settle)
        self.form.all_accepted.connect(self.accept_all)
        self._settling.timeout.connect(self._settle_down)

    # -- showing -------------------------------------------------------------------------------------------------------

    @property
    def readings(self) -> list[Reading]:
        """The notices."""
        return self.copies.readings

    @property
    def current(self) -> Reading:
        """The notice that is shown."""
        return self.copies.current

    def show_readings(self, readings: Sequence[Reading]) -> None:
        """Shows these notices, the first one open; none: forgets those that were here."""
        self.copies.begin(readings)
        if readings:
            self.show_notice(0)

    def add_readings(self, readings: Sequence[Reading]) -> None:
        """Shows more notices below those under review."""
        first = self.copies.add(readings)
        if first is not None:
            self.show_notice(first)

    def show_notice(self, number: int) -> None:
        """Shows one notice."""
        self.copies.number = number
        self._differences = None
        self.text.show_text(self.current.source.text)
        self.text_title.say(f"原文 · {self.current.source.name}")
        self._show_list()
        self._show_tree(fresh=True)
        self.tree.choose(())
        self._ask_differences()

    def _show_list(self) -> None:
        self.list.fill(self.readings, self.copies.number)
        self.list.setVisible(len(self.readings) > 1)
        one = self.current
        self.known.setVisible(bool(one.known) or one.foreign)
        self.known_words.setText(_standing(one))
        self.update_button.setText("用原文更新" if one.known else "仍然导入")
        self.update_button.setAccessibleName(self.update_button.text())
        self.update_button.setVisible(not one.wanted)
        self.skip_button.setVisible(one.wanted)
        self.changed.emit()

    def _show_tree(self, *, fresh: bool) -> None:
        draft = self.current.draft
        tree = parts(draft, self.current.source.text)
        if self._differences is not None:
            tree = (_changes(self._differences), *tree)
        self.tree.fill(tree, fresh=fresh)
        here = [one for one in self.readings if one.path == self.current.path]
        self.text.mark(
            [u.place for one in here for u in one.draft.unread],
            [f.place for f in draft.findings if f.place.end - f.place.start < 200],
        )
        self.unread_button.setText(f"未读入 {len(draft.unread)}")
        self.unread_button.setEnabled(bool(draft.unread))
        self.check_button.setText(f"待核对 {len(draft.findings)}")
        self.check_button.setEnabled(bool(draft.findings))

    def _show_part(self, part: Part) -> None:
        self.form.show_part(self.current, part)
        place = part.place
        if not part.path:  # the whole notice: its first line stands for it
            end = self.current.source.text.find("\n", place.start)
            place = replace(place, end=min(place.end, end if end > place.start else place.end))
        self.text.choose(place)

    def reveal(self, group: str) -> None:
        """Goes to the next line of a group."""
        current = self.tree.current()
        lines = [p for p in self.tree.parts if len(p.path) == 2 and p.path[0] == group]
        if not lines:
            self.tree.choose((group,))
            return
        at = next((n for n, p in enumerate(lines) if current is not None and p.path == current.path), -1)
        self.tree.choose(lines[(at + 1) % len(lines)].path)

    def point(self, place: int) -> None:
        """Somebody clicked at a place of the paper: the part that stands there is chosen, in whichever notice it is."""
        holding = self.copies.holding(place)
        if holding is not None and holding != self.copies.number:
            self.show_notice(holding)
        found = at_place(tuple(p for p in self.tree.parts if p.path), place)
        if found is not None:
            self.tree.choose(found.path)
        elif holding is not None:
            self.tree.choose(())

    # -- editing -------------------------------------------------------------------------------------------------------

    def edit(self, path: Path, value: Any) -> None:
        """A value was typed."""
        self.copies.edit(path, value)
        self.form.follow(self.current)
        self._settling.start()

    def _settle_down(self) -> None:
        self._settling.stop()
        self.look_up()
        self._show_tree(fresh=False)
        current = self.tree.current()
        if current is not None:
            self.form.head(current)

    def _again(self, path: Path) -> None:
        """The open notice was changed otherwise than by typing; the part at ``path`` is shown, or the group it was in."""
        self.form.follow(self.current)
        self._show_list()
        self._show_tree(fresh=False)
        if not self.tree.choose(path):
            self.tree.choose(path[:1])
        current = self.tree.current()
        if current is not None:
            self._show_part(current)
        self._ask_differences()

    def _drop(self, path: Path) -> None:
        """The clerk does without one item."""
        self.copies.drop(path)
        self._again(path)

    def accept(self, finding: Finding) -> None:
        """A suggestion is applied."""
        at = self.current.draft.findings.index(finding)
        self.copies.accept(finding)
        self._again(("findings", at))

    def accept_all(self) -> None:
        """All suggestions are applied."""
        self.copies.accept_all()
        self._again(("findings",))

    def _settle(self, finding: Finding) -> None:
        """Looked at; stays as it is."""
        at = self.current.draft.findings.index(finding)
        self.copies.settle(finding)
        self._again(("findings", at))

    # -- what is to be entered -----------------------------------------------------------------------------------------

    def tick(self, number: int, wanted: bool) -> None:
        """A notice is to be entered, or not."""
        self.copies.tick(number, wanted)
        if number != self.copies.number:
            self.show_notice(number)
        else:
            current = self.tree.current()
            self._again(current.path if current is not None else ())

    def _want(self, wanted: bool) -> None:
        """The shown notice is to be entered, or not."""
        self.tick(self.copies.number, wanted)

    def wanted(self) -> list[Reading]:
        """The notices that are to be entered."""
        if self._settling.isActive():
            self._settle_down()
        return self.copies.wanted()

    def _ask_differences(self) -> None:
        """For an update, off the thread: what it would change."""
        one = self.current
        if not (one.known and one.wanted):
            if self._differences is not None:
                self._differences = None
                self._show_tree(fresh=False)
            return
        self.session.run(lambda _work: differences(self.session.ledger, one), lambda d: self._show_differences(one, d))

    def _show_differences(self, one: Reading, found: tuple[Difference, ...]) -> None:
        if self.readings and self.current is one:
            self._differences = found
            self._show_tree(fresh=False)

    def look(self) -> None:
        """Colours are other ones."""
        if self.readings:
            self._show_list()
            self._show_tree(fresh=False)

    def look_up(self) -> None:
        """The ledger changed: which notices it holds is asked again."""
        if self.readings:
            self.copies.look_up(self.session.ledger)
            self.form.follow(self.current)
            self._show_list()
            self._ask_differences()


def _standing(one: Reading) -> str:
    """What the clerk is told above a notice that is not simply entered."""
    if one.known:
        state = "导入时会用原文更新台账。" if one.wanted else "没有选更新就跳过它，台账不变。"
        return f"这份通报以前导入过：{one.title}。{state}"
    told = "、".join(f"“{word}”" for word in SUBJECTS)
    state = "仍会导入。" if one.wanted else "没有勾选，不会导入。"
    return f"这不像整改通报：没有读出问题，文中也没有{told}。{state}"


def _changes(found: tuple[Difference, ...]) -> Part:
    lines = tuple(
        Part(
            ("changes", number),
            f"{one.record}：{one.field}" if one.field else f"{one.record} {short(one.after)}",
            sign="change",
            detail=f"{one.field}：{one.before or '（空）'} → {one.after or '（空）'}" if one.field else one.after,
        )
        for number, one in enumerate(found[:MOST_CHANGES])
    )
    return Part(
        ("changes",), "更新会改动", f"{len(found)} 处" if found else "没有要改的", children=lines, sign="change"
    )


def _card(top: Any, body: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    layout = column(card, (1, 1, 1, 1), 0)
    if top is not None:
        top.setContentsMargins(16, 12, 8, 8)
        layout.addLayout(top)
    layout.addWidget(body, 1)
    return card
