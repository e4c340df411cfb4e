"""Every control of every page has a name for those who hear it, and the Tab key comes to it; no input method loses what is being
composed, whatever is announced or kept meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QCalendarWidget,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTextEdit,
    QWidget,
)

from db.ledger.change import Deed, Edit, edit
from db.schema.kinds import Text
from desktop_app import settings as machine
from desktop_app.gui.desk import Desk
from desktop_app.gui.pages import PAGES
from desktop_app.gui.registers_page import RegistersPage
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import TabStrip
from desktop_app.rectification import ledgers, sample

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTextEdit,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Desk]:
    """The desk of the sample ledger, once for all that is only looked at."""
    folder = tmp_path_factory.mktemp("reachable")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ZHENGGAI_HOME", str(folder / "home"))
        ledger = ledgers.new_ledger(folder / "示例.zgl", sample.unit_name(), "王某")
        sample.load(ledger, "王某")
        session = Session(ledger, replace(machine.Settings(actor="王某"), remind=False))
        made = Desk(session)
        made.resize(1400, 900)
        made.show()
        yield made
        made.close_down()
        made.deleteLater()


def settled(desk: Desk, name: str) -> QWidget:
    """A page of which all is read."""
    page = desk.open(name)
    for _ in range(600):
        QTest.qWait(20)
        if not desk.session.busy():
            break
    QTest.qWait(60)
    return page


def controls(page: QWidget) -> list[QWidget]:
    """What a clerk can do something with, as it stands on the screen; parts that Qt makes inside of its own are left out."""
    found: list[QWidget] = []
    for one in page.findChildren(QWidget):
        parent = one.parentWidget()
        inner = isinstance(one, QHeaderView) or isinstance(parent, QAbstractSpinBox | QComboBox | QCalendarWidget)
        inner = (
            inner
            or one.objectName().startswith("qt_")
            or (
                type(one).__module__.startswith("PySide6")
                and bool(isinstance(parent, QHeaderView | QAbstractItemView | QLineEdit))
            )
        )
        if isinstance(one, CONTROLS) and one.isVisibleTo(page) and one.isEnabled() and not inner:
            found.append(one)
    return found


def spoken(widget: QWidget) -> str:
    """What a screen reader says of a control."""
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface.text(QAccessible.Text.Name).strip()


def told(widget: QWidget) -> str:
    """Where a control is, for whoever mends it."""
    path = [type(widget).__name__]
    above = widget.parentWidget()
    while above is not None and len(path) < 5:
        path.append(type(above).__name__)
        above = above.parentWidget()
    words = widget.text() if isinstance(widget, QAbstractButton) else widget.toolTip()
    return f"{' < '.join(path)} “{words}”"


def _ways(widget: QWidget) -> list[QWidget]:
    """The widgets through which the keys come to a control: itself, its stand-in, the chosen one of its group of buttons."""
    found = [widget]
    proxy, group, above = widget.focusProxy(), None, widget.parentWidget()
    if isinstance(proxy, QWidget):
        found.append(proxy)
    if isinstance(widget, QAbstractButton) and (widget.autoExclusive() or widget.group() is not None):
        group = widget.group()
        among = (
            group.buttons() if group is not None else above.findChildren(QAbstractButton) if above is not None else []
        )
        found += [one for one in among if one.isChecked()]
    return found


def _by_tab(widget: QWidget, chain: set[QWidget]) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget in chain


PAGE_NAMES = [page.name for page in PAGES if page.there()]


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_every_control_has_a_name_and_the_tab_key_comes_to_it(desk: Desk, name: str) -> None:
    page = settled(desk, name)
    _check(desk)
    strip = page.findChild(TabStrip)
    for number in range(len(strip.tabs) if strip is not None and strip.isVisible() else 0):
        assert strip is not None
        strip.choose(number)
        settled(desk, name)
        _check(desk)
    if strip is not None:
        strip.choose(0)


def _check(desk: Desk) -> None:
    wanted = controls(desk)
    assert len(wanted) > 15, "the frame alone has as many"
    nameless = [told(one) for one in wanted if not spoken(one)]
    assert not nameless
    chain, at = set(), desk.nextInFocusChain()
    while at is not None and at is not desk and at not in chain:
        chain.add(at)
        at = at.nextInFocusChain()
    missed = [
        told(one)
        for one in wanted
        if "F4" not in one.toolTip()  # F4 in its field opens it
        and not any(_by_tab(way, chain) for way in _ways(one))
    ]
    assert not missed


def composing(widget: QWidget, words: str, commit: str = "") -> None:
    """What an input method sends while one spells a word, or when it is chosen."""
    event = QInputMethodEvent(words, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(widget, event)


def fields(page: QWidget) -> list[QLineEdit | QPlainTextEdit]:
    """The places of a page where words are typed."""
    found = [one for one in controls(page) if isinstance(one, QLineEdit | QPlainTextEdit) and not one.isReadOnly()]
    return [one for one in found if isinstance(one, QPlainTextEdit) or one.validator() is None]


def text_of(field: QLineEdit | QPlainTextEdit) -> str:
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


@pytest.mark.parametrize("name", ["problems", "settings", "history", "findings"])
def test_what_is_being_composed_survives_deeds_drafts_and_reading(
    desk: Desk, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """All places at once are in the midst of composing while a deed is announced, forms are kept and pages read again."""
    page = settled(desk, name)
    qapp.setCursorFlashTime(0)
    places = fields(page)
    assert places
    before = {one: text_of(one) for one in places}
    for one in places:
        composing(one, "hao")
    QTest.qWait(50)
    pictures = {one: one.grab().toImage() for one in places}
    assert all(text_of(one) == before[one] for one in places), "nothing is typed before it is chosen"
    ledger = desk.session.ledger
    unit = ledgers.own_unit(ledger, ledger)
    assert unit is not None
    desk.session.do(lambda: ledger.act(Deed("改单位", "李某", (edit(unit, hours=f"第{name}次"),))))
    desk.keep_drafts()
    desk.session.looked.emit()
    settled(desk, name)
    QTest.qWait(400)
    lost = [told(one) for one in places if one.isVisibleTo(page) and one.grab().toImage() != pictures[one]]
    assert not lost
    for one in places:
        composing(one, "", "好")
    wrong = [told(one) for one in places if text_of(one).count("好") != before[one].count("好") + 1]
    assert not wrong
    for one in places:
        composing(one, "", "")
        if isinstance(one, QLineEdit):
            one.setText(before[one])
        else:
            one.setPlainText(before[one])
    settled(desk, name)


def test_composing_begins_in_a_cell_of_a_grid(desk: Desk) -> None:
    """The first letter spelled on a chosen cell opens it, and the word comes in whole; a deed meanwhile takes nothing away."""
    page = settled(desk, "registers")
    assert isinstance(page, RegistersPage)
    register = next(name for name in desk.session.ledger.tables.records if "." in name)
    view = page.show_register(register)
    settled(desk, "registers")
    assert view is not None
    grid = view.grid
    row = grid.model.rowCount() - 1
    column = next(
        at
        for at in grid.place.typable()
        if type(grid.model.fields[at].kind) is Text  # words without a list or a form of their own
    )
    grid.place.go(row, [column])
    grid.table.setFocus()
    composing(grid.table.table_of(column), "hao")
    QTest.qWait(30)
    line = grid.place.open_line()
    assert line is not None
    desk.keep_drafts()
    ledger = desk.session.ledger
    other = grid.model.rows.identifier(0)
    desk.session.do(
        lambda: ledger.act(Deed("改一行", "李某", (Edit(register, other, {view.schema.fields[0].name: None}),)))
    )
    settled(desk, "registers")
    QTest.qWait(300)
    assert grid.place.open_line() is line
    composing(line, "", "好")
    assert line.text() == "好"
    QTest.keyClick(line, Qt.Key.Key_Return)
    QTest.qWait(50)
    assert "好" in [grid.model.index(at, column).data() for at in range(grid.model.rowCount())]
    grid.revert()
