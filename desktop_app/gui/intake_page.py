"""The page 导入旧通报: papers are chosen or dropped, read off the thread, reviewed, and entered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from db.errors import Refusal
from db.ledger.change import Outcome
from desktop_app.gui.allowed import gate
from desktop_app.gui.intake_reading import Batch, Entered, enter_all, read_all, summed
from desktop_app.gui.intake_review import Review
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import Bar, button, column, label, row

ENDINGS = (".txt", ".text", ".docx", ".pdf")
FILTER = "旧通报 (*.txt *.docx *.pdf);;所有文件 (*)"


class IntakePage(QWidget):
    """Papers become records of the ledger, seen and corrected before."""

    wanted = Signal(str, str)
    """Schema name and id of a record the clerk wants to see."""
    help_wanted = Signal(str)
    """Page of the manual."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setAcceptDrops(True)
        self.work: Work | None = None
        self.entered: list[Entered] = []
        self.bar = Bar()
        self.review = Review(session)
        self.choose_button = button("选择文件…", self.choose)
        self.away_button = button("不导入了", self.begin_anew)
        self.enter_button = button("导入", self.enter, "accent", "放进台账；可以撤销")
        gate(session, "write", self.enter_button)
        self.about = label("", "hint")
        self.stack = QStackedWidget()
        self.empty = self._make_empty()
        self.reading = self._make_reading()
        self.done, self.done_lines = self._make_done()
        for page in (self.empty, self.reading, self.review, self.done):
            self.stack.addWidget(page)
        layout = column(self, (24, 20, 24, 16), 12)
        layout.addLayout(
            row(label("导入旧通报", "page"), self.about, 1, self.away_button, self.choose_button, self.enter_button)
        )
        layout.addWidget(self.bar)
        layout.addWidget(self.stack, 1)
        self.review.changed.connect(self._show_buttons)
        session.moved.connect(self._moved)
        self.bar.help_wanted.connect(self.help_wanted)
        self._turn(self.empty)

    # -- the four faces of the page ----------------------------------------------------------------------------------

    def _make_empty(self) -> QWidget:
        words = label("选择以前发过的通报，程序读出问题、措施和时限，核对后放进台账。", "hint", wrap=True)
        kinds = label("可以是 .txt、.docx 或带文字的 .pdf，可以选几个，也可以把文件拖到这里。", "small", wrap=True)
        choose = button("选择文件…", self.choose, "accent")
        return _centred(words, choose, kinds)

    def _make_reading(self) -> QWidget:
        self.progress = QProgressBar()
        self.progress.setFixedWidth(320)
        self.progress.setTextVisible(False)
        self.progress_words = label("正在读…", "hint")
        return _centred(self.progress_words, self.progress, button("取消", self.cancel))

    def _make_done(self) -> tuple[QWidget, QVBoxLayout]:
        holder = QFrame()
        holder.setProperty("role", "card")
        outer = column(holder, (24, 24, 24, 24), 12)
        self.done_title = label("", "group")
        outer.addWidget(self.done_title)
        lines = QVBoxLayout()
        lines.setSpacing(8)
        outer.addLayout(lines)
        self.problems_button = button("去看问题", lambda: self.go_to("problem"), "accent")
        self.notices_button = button("看通报", lambda: self.go_to("notice"))
        again = button("再导入", self.begin_anew)
        outer.addLayout(row(self.problems_button, self.notices_button, again, 1))
        outer.addStretch(1)
        return holder, lines

    def _turn(self, page: QWidget) -> None:
        self.stack.setCurrentWidget(page)
        reviewing = page is self.review
        self.away_button.setVisible(reviewing)
        self.choose_button.setVisible(reviewing)
        self.choose_button.setText("再加文件…")
        self.enter_button.setVisible(reviewing)
        self.about.setVisible(reviewing)
        self._show_buttons()

    def _show_buttons(self) -> None:
        wanted = sum(1 for one in self.review.readings if one.wanted)
        every = len(self.review.readings)
        self.enter_button.setText(
            f"导入 {wanted} 份" if every > 1 and wanted else "更新台账" if self._updates() else "导入"
        )
        self.enter_button.setAccessibleName(self.enter_button.text())
        self.enter_button.setEnabled(wanted > 0)
        self.about.setText(f"读出 {every} 份通报，核对后导入" if every > 1 else "核对后导入")

    def _updates(self) -> bool:
        return any(one.wanted and one.known for one in self.review.readings)

    # -- reading -------------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Asks for files."""
        names, _filter = QFileDialog.getOpenFileNames(self, "选择旧通报", "", FILTER)
        self.take([Path(name) for name in names])

    def take(self, paths: Sequence[Path]) -> None:
        """Reads these files."""
        if not paths or self.work is not None:
            return
        self.bar.hide()
        self.progress.setRange(0, len(paths) if len(paths) > 1 else 0)
        self.progress_words.setText(f"正在读 {paths[0].name}" if len(paths) == 1 else f"正在读 {len(paths)} 个文件")
        self._turn(self.reading)
        ledger = self.session.ledger

        def job(work: Work) -> Batch:
            return read_all(ledger, paths, work.progress, work.cancelled)

        self.work = self.session.run(job, self._was_read, self._failed, label="读入旧通报")

    def cancel(self) -> None:
        """Stops reading; nothing was changed."""
        if self.work is not None:
            self.work.cancel()
            self.work = None
            self._turn(self.review if self.review.readings else self.empty)

    def _moved(self, work: Work, done: int, total: int) -> None:
        if work is self.work and total > 1:
            self.progress.setRange(0, total)
            self.progress.setValue(done)

    def _was_read(self, batch: Batch) -> None:
        if self.work is None:
            return
        cancelled = self.work.cancelled()
        self.work = None
        if batch.readings and not cancelled:
            if self.review.readings:
                self.review.add_readings(batch.readings)
            else:
                self.review.show_readings(batch.readings)
        self._turn(self.review if self.review.readings else self.empty)
        self._tell(batch.refusals)

    def _failed(self, refusal: Refusal) -> None:
        self.work = None
        self._turn(self.review if self.review.readings else self.empty)
        self.bar.say(refusal)

    def _tell(self, refusals: Sequence[Refusal]) -> None:
        if len(refusals) == 1:
            self.bar.say(refusals[0])
        elif refusals:
            joined = "\n".join(str(one) for one in refusals[:6])
            rest = f"\n这样的还有 {len(refusals) - 6} 份。" if len(refusals) > 6 else ""
            self.bar.say(Refusal(joined + rest, "", refusals[0].topic))

    # -- dropping ------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    # -- entering ------------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Enters the ticked notices."""
        wanted = self.review.wanted()
        if not wanted:
            return
        session, actor = self.session, self.session.actor()
        found: list[tuple[list[Entered], list[Refusal]]] = []

        def deed() -> Outcome:
            found.append(enter_all(session.ledger, wanted, actor))
            return summed(found[0][0])

        self.enter_button.setEnabled(False)
        session.do(deed, lambda _outcome: self._was_entered(*found[0]), self._not_entered, quiet=True)

    def _not_entered(self, refusal: Refusal) -> None:
        self._show_buttons()
        self.bar.say(refusal)

    def _was_entered(self, entered: list[Entered], refusals: list[Refusal]) -> None:
        self._tell(refusals)
        if not entered:
            self._show_buttons()
            return
        if not refusals:
            self.bar.hide()
        self.entered = entered
        titles = {one.title for one in entered}
        self.review.copies.begin([o for o in self.review.readings if not o.wanted or o.title not in titles])
        if refusals and self.review.readings:
            self.review.show_notice(0)
            self._turn(self.review)
        else:
            self._show_done()
        written = [one for one in entered if one.outcome.taken]
        if len(written) == 1:
            self.session.say(written[0].outcome.sentence, undoable=True)
        elif written:
            self.session.say(f"导入旧通报 {len(written)} 份。撤销一次退回一份。", undoable=True)

    def _show_done(self) -> None:
        while self.done_lines.count():
            item = self.done_lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for one in self.entered:
            self.done_lines.addWidget(self._done_line(one))
        self.done_title.setText(f"已导入 {len(self.entered)} 份通报" if len(self.entered) > 1 else "已导入")
        self._turn(self.done)

    def _done_line(self, one: Entered) -> QWidget:
        line = QWidget()
        words = label(one.outcome.sentence, wrap=True)
        problems = len({i for name, i in one.outcome.touched if name == "problem"})
        count = label(f"{problems} 个问题" if one.outcome.taken else "", "small")
        undo = button("撤销", lambda: self.take_back(one, undo, words), "link")
        undo.setVisible(bool(one.outcome.deed))
        layout = row(words, count, undo)
        layout.setStretch(0, 1)
        line.setLayout(layout)
        return line

    def take_back(self, one: Entered, pressed: QWidget, words: QLabel) -> None:
        """Undoes the entering of one notice."""
        session = self.session

        def undone(_outcome: Outcome) -> None:
            pressed.hide()
            words.setText(f"已撤销：{one.title}")

        session.do(lambda: session.ledger.undo(session.actor(), one.outcome.deed), undone, self.bar.say)

    def go_to(self, name: str) -> None:
        """Shows the first problem, or the notice, that was entered last and not taken back."""
        session = self.session
        for one in self.entered:
            found = [i for schema, i in one.outcome.touched if schema == name and session.ledger.find(name, i)]
            found = found or ([one.notice] if name == "notice" and session.ledger.find(name, one.notice) else [])
            if not found:
                continue
            record = session.ledger.find(name, found[0])
            if session.unit is not None and getattr(record, "unit", None) != session.unit:
                session.choose_unit(None)
            self.wanted.emit(name, found[0])
            return
        self.bar.say(Refusal("这里导入的内容已经撤销了。", "可以再导入一次。"))

    def begin_anew(self) -> None:
        """Leaves the papers under review; nothing was changed."""
        self.review.show_readings([])
        self.bar.hide()
        self._turn(self.empty)

    # -- what the frame calls ------------------------------------------------------------------------------------------

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something: what was entered before may be other than it was."""
        if any(name in ("notice", "unit") for name, _id in outcome.touched):
            self.review.look_up()

    def look(self) -> None:
        """Another look was chosen in the frame."""
        self.review.look()


def _centred(*parts: QWidget) -> QWidget:
    holder = QWidget()
    layout = column(holder, (0, 0, 0, 0), 12)
    layout.addStretch(2)
    for part in parts:
        if isinstance(part, QLabel):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(part)
        else:
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
    layout.addStretch(3)
    return holder
