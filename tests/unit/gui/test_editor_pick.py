"""Choices and references are picked by typing: the beginning, a part, initials of the pinyin, the whole of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.errors import Refusal
from db.schema.kinds import Choice, Day, YesNo
from db.schema.links import Ref, Refs
from desktop_app.gui.editor import Candidate, Surroundings
from desktop_app.gui.editor_pick import ChoiceEditor, RefEditor, RefsEditor, refs_typed, typed_refs
from desktop_app.gui.editors import editor
from desktop_app.gui.session import Session

STATE = Choice("状态", of={"new": "未处理", "done": "已处理", "moved": "移送", "part": "已处理一半"})
LINES = {"a1": "粤A12345 面包车", "b2": "粤A54321 轿车", "c3": "粤B00001 轿车"}


@pytest.fixture
def around(session: Session) -> Surroundings:
    """Three cars to point at."""
    cars = [Candidate(key, line) for key, line in LINES.items()]
    return Surroundings(session, lambda _name: cars, lambda _name, i: LINES.get(i, "？"), lambda: 2021)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("ycl", "done"),
        ("wcl", "new"),
        ("yisong", "moved"),
        ("ys", "moved"),
        ("一半", "part"),
        ("未", "new"),
        ("", None),
    ],
)
def test_a_choice_by_what_one_types(qtbot: QtBot, around: Surroundings, typed: str, value: str | None) -> None:
    made = ChoiceEditor(STATE, around)
    qtbot.addWidget(made)
    made.set_typed(typed)
    assert made.value() == value


@pytest.mark.parametrize("typed", ["已", "xyz", "cl"])
def test_what_fits_several_or_nothing_is_refused(qtbot: QtBot, around: Surroundings, typed: str) -> None:
    made = ChoiceEditor(STATE, around)
    qtbot.addWidget(made)
    made.set_typed(typed)
    with pytest.raises(Refusal, match=typed):
        made.value()


def test_the_word_is_written_out_and_offered(qtbot: QtBot, around: Surroundings) -> None:
    made = ChoiceEditor(STATE, around)
    qtbot.addWidget(made)
    made.show()
    made.box.entry.setFocus()
    QTest.keyClicks(made.box.entry, "ycl")
    completer = made.box.completer()
    assert completer is not None
    assert [completer.model().index(at, 0).data() for at in range(completer.model().rowCount())] == [
        "已处理",
        "已处理一半",
    ]
    completer.popup().hide()
    QTest.keyClick(made.box.entry, Qt.Key.Key_Return)
    assert made.box.currentText() == "已处理"
    assert made.value() == "done"


def test_yes_by_its_sound(qtbot: QtBot, around: Surroundings) -> None:
    made = editor(YesNo("公示"), around)
    qtbot.addWidget(made)
    for typed, value in (("shi", True), ("f", False), ("√", True)):
        made.set_typed(typed)
        assert made.value() is value


def test_a_reference_by_a_part_or_its_sound(qtbot: QtBot, around: Surroundings) -> None:
    made = RefEditor(Ref("车辆", to="car"), around)
    qtbot.addWidget(made)
    for typed, value in (("12345", "a1"), ("mbc", "a1"), ("yueb", "c3"), ("b0", "c3")):
        made.set_typed(typed)
        assert made.value() == value
    made.set_typed("轿车")
    with pytest.raises(Refusal, match="不止一条“轿车”"):
        made.value()
    made.set_typed("b0")
    made.tidy()
    assert made.typed() == LINES["c3"]


def test_several_references_typed_one_after_the_other(qtbot: QtBot, around: Surroundings) -> None:
    made = RefsEditor(Refs("车辆", to="car"), around)
    qtbot.addWidget(made)
    made.line.setText("12345、b0")
    made.line.textEdited.emit("12345、b0")
    assert made.value() == ("a1", "c3")
    made.tidy()
    assert made.line.text() == "粤A12345 面包车、粤B00001 轿车"
    assert typed_refs(made.typed()) == ("a1", "c3")
    made.line.setText("粤A12345 面包车、某车")
    made.line.textEdited.emit("")
    assert made.typed() == "粤A12345 面包车、某车"
    with pytest.raises(Refusal, match="没有“某车”"):
        made.value()


def test_what_was_kept_as_typed_comes_back() -> None:
    assert typed_refs(refs_typed(("a", "b"))) == ("a", "b")
    assert typed_refs("") == ()
    assert typed_refs("甲、乙") is None
    assert typed_refs(f"{'0' * 32} {'1' * 32}") == ("0" * 32, "1" * 32)


def test_a_day_typed_in_a_hurry_is_written_out(qtbot: QtBot, around: Surroundings) -> None:
    made = editor(Day("日期"), around)
    qtbot.addWidget(made)
    line = made.focusProxy()
    assert line is not None
    QTest.keyClicks(line, "20211103")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert made.typed() == "2021-11-03"
