"""The review of what was read: the notices in a list, the paper, the findings, and the chosen part to be corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHeaderView, QSizePolicy, QSplitter, QTreeWidget, QTreeWidgetItem, QWidget

from desktop_app.gui import theme
from desktop_app.gui.intake_edit import Path, applied, settled, with_value, without
from desktop_app.gui.intake_form import PartForm
from desktop_app.gui.intake_parts import CATEGORY, Part, at_place, parts, short
from desktop_app.gui.intake_reading import Difference, Reading, differences, looked_up
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
TALLEST = 4
"""Lines the list of notices shows before it scrolls."""


def told(one: Reading) -> str:
    """What a notice holds, in a few words."""
    draft = one.draft
    counts = [f"{len(draft.problems)} 个问题"]
    if draft.findings:
        counts.append(f"{len(draft.findings)} 处待核对")
    if draft.unread:
        counts.append(f"{len(draft.unread)} 处未读入")
    return " · ".join(counts)


def standing(one: Reading) -> str:
    """What will happen with a notice."""
    if not one.known:
        return "导入" if one.wanted else "不导入"
    return "已导入过，更新" if one.wanted else "已导入过，跳过"


class NoticeList(QTreeWidget):
    """The notices that were found, with a tick for each that is to be entered."""

    ticked = Signal(int, bool)
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(3)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAccessibleName("读出的通报")
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.itemChanged.connect(self._changed)
        self.currentItemChanged.connect(lambda item, _before: self._picked(item))

    def fill(self, readings: Sequence[Reading], current: int) -> None:
        """Shows these notices; their lines stay, since a tick on one of them may be what asked for it."""
        self.blockSignals(True)
        while self.topLevelItemCount() > len(readings):
            self.takeTopLevelItem(self.topLevelItemCount() - 1)
        while self.topLevelItemCount() < len(readings):
            QTreeWidgetItem(self)
        several = len({one.path for one in readings}) > 1
        for number, one in enumerate(readings):
            item = self.topLevelItem(number)
            assert item is not None
            words = (one.title, f"{one.source.name} · {told(one)}" if several else told(one), standing(one))
            for column_number, text in enumerate(words):
                item.setText(column_number, text)
            item.setCheckState(0, Qt.CheckState.Checked if one.wanted else Qt.CheckState.Unchecked)
            item.setToolTip(0, one.title)
            item.setForeground(1, theme.colour("secondary"))
            item.setForeground(2, theme.colour("soon" if one.known else "done" if one.wanted else "secondary"))
            if number == current:
                self.setCurrentItem(item)
        self.setFixedHeight(max(1, min(len(readings), TALLEST)) * 32 + 4)
        self.blockSignals(False)

    def _changed(self, item: QTreeWidgetItem, at: int) -> None:
        if at == 0:
            self.ticked.emit(self.indexOfTopLevelItem(item), item.checkState(0) == Qt.CheckState.Checked)

    def _picked(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(self.indexOfTopLevelItem(item))


class Review(QWidget):
    """The notices under review; it holds the edited copies."""

    changed = Signal()
    """Another notice is to be entered, or none."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.readings: list[Reading] = []
        self.number = 0
        self._differences: tuple[Difference, ...] | None = None
        self.list = NoticeList()
        self.known_words = label("", wrap=True)
        self.update_button = button("用原文更新", lambda: self.want(True))
        self.skip_button = button("跳过", lambda: self.want(False))
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
        part = _card(None, scrolled(self.form))
        for card, least in ((paper, 260), (findings, 240), (part, 270)):
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
        self.form.dropped.connect(self.drop)
        self.form.accepted.connect(self.accept)
        self.form.settled.connect(self.settle)
        self.form.all_accepted.connect(self.accept_all)
        self._settling.timeout.connect(self._settle_down)

    # -- showing -------------------------------------------------------------------------------------------------------

    @property
    def current(self) -> Reading:
        """The notice that is shown."""
        return self.readings[self.number]

    def show_readings(self, readings: Sequence[Reading]) -> None:
        """Shows these notices, the first one open."""
        self.readings = list(readings)
        self.number = 0
        if readings:
            self.show_notice(0)

    def add_readings(self, readings: Sequence[Reading]) -> None:
        """Shows more notices below those under review; a paper that is there already is not taken twice."""
        here = {(one.path, one.draft.place) for one in self.readings}
        fresh = [one for one in readings if (one.path, one.draft.place) not in here]
        first = len(self.readings)
        self.readings += fresh
        if fresh:
            self.show_notice(first)

    def show_notice(self, number: int) -> None:
        """Shows one notice."""
        self.number = number
        self._differences = None
        self.text.show_text(self.current.source.text)
        self.text_title.say(f"原文 · {self.current.source.name}")
        self._show_list()
        self._show_tree(fresh=True)
        self.tree.choose(())
        self._ask_differences()

    def _show_list(self) -> None:
        self.list.fill(self.readings, self.number)
        self.list.setVisible(len(self.readings) > 1)
        one = self.current
        self.known.setVisible(bool(one.known))
        state = "导入时会用原文更新台账。" if one.wanted else "没有选更新就跳过它，台账不变。"
        self.known_words.setText(f"这份通报以前导入过：{one.title}。{state}")
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
        path = self.current.path
        for number, one in enumerate(self.readings):
            inside = one.draft.place.start <= place < one.draft.place.end
            if one.path == path and number != self.number and inside:
                self.show_notice(number)
                break
        found = at_place(tuple(p for p in self.tree.parts if p.path), place)
        if found is not None:
            self.tree.choose(found.path)
        elif self.current.draft.place.start <= place < self.current.draft.place.end:
            self.tree.choose(())

    # -- editing -------------------------------------------------------------------------------------------------------

    def _keep(self, one: Reading) -> None:
        self.readings[self.number] = one
        self.form.follow(one)

    def edit(self, path: Path, value: Any) -> None:
        """A value was typed."""
        one = self.current
        if path[-1] == CATEGORY:
            at = int(path[1])
            self._keep(replace(one, categories=(*one.categories[:at], value, *one.categories[at + 1 :])))
        else:
            self._keep(replace(one, draft=with_value(one.draft, path, value)))
        self._settling.start()

    def _settle_down(self) -> None:
        self._keep(looked_up(self.session.ledger, self.current))
        self._show_list()
        self._show_tree(fresh=False)
        self._ask_differences()

    def _again(self, one: Reading, path: Path) -> None:
        self._keep(one)
        self._show_list()
        self._show_tree(fresh=False)
        if not self.tree.choose(path):
            self.tree.choose(path[:1] if path[:1] else ())
        current = self.tree.current()
        if current is not None:
            self._show_part(current)
        self._ask_differences()

    def drop(self, path: Path) -> None:
        """The clerk does without one item."""
        self._again(replace(self.current, draft=without(self.current.draft, path)), path)

    def accept(self, finding: Finding) -> None:
        """A suggestion is applied."""
        one = self.current
        at = one.draft.findings.index(finding)
        draft = applied(one.draft, finding, one.source.text) or settled(one.draft, finding)
        self._again(replace(one, draft=draft), ("findings", at))

    def accept_all(self) -> None:
        """All suggestions are applied."""
        one = self.current
        draft = one.draft
        for finding in one.draft.findings:
            if finding.suggestion and finding.code != "title_guessed":
                draft = applied(draft, finding, one.source.text) or draft
        self._again(replace(one, draft=draft), ("findings",))

    def settle(self, finding: Finding) -> None:
        """Looked at; stays as it is."""
        one = self.current
        at = one.draft.findings.index(finding)
        self._again(replace(one, draft=settled(one.draft, finding)), ("findings", at))

    # -- what is to be entered -----------------------------------------------------------------------------------------

    def tick(self, number: int, wanted: bool) -> None:
        """A notice is to be entered, or not."""
        one = self.readings[number]
        self.readings[number] = replace(one, wanted=wanted, update=wanted and bool(one.known))
        if number != self.number:
            self.show_notice(number)
            return
        self._again(self.readings[number], self._current_path())

    def want(self, wanted: bool) -> None:
        """The shown notice is to be entered, or not."""
        self.tick(self.number, wanted)
        if wanted:
            self._ask_differences()

    def _current_path(self) -> Path:
        current = self.tree.current()
        return current.path if current is not None else ()

    def wanted(self) -> list[Reading]:
        """The notices that are to be entered."""
        if self._settling.isActive():
            self._settling.stop()
            self._settle_down()
        return [one for one in self.readings if one.wanted]

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
            self.readings = [looked_up(self.session.ledger, one) for one in self.readings]
            self.form.follow(self.current)
            self._show_list()
            self._ask_differences()


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
