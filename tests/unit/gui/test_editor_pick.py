"""Choices and references are picked by typing: the beginning, a part, initials of the pinyin, the whole of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.errors import Refusal
from db.ledger.change import Deed, create
from db.ledger.facts import Facts
from db.schema.kinds import Choice, Day, YesNo
from db.schema.links import Ref, Refs
from db.schema.records import Person
from desktop_app.gui import lookup
from desktop_app.gui.editor import Candidate, Surroundings
from desktop_app.gui.editor_pick import ChoiceEditor, RefEditor, RefsEditor, refs_typed, typed_refs
from desktop_app.gui.editors import editor
from desktop_app.gui.session import Session
from desktop_app.rectification import picking

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


@pytest.fixture
def crowd(session: Session, monkeypatch: pytest.MonkeyPatch) -> Surroundings:
    """More people than are offered whole; the last of them has the name of the first."""
    monkeypatch.setattr(picking, "FEW", 20)
    monkeypatch.setattr(picking, "OFFERED", 10)
    ledger = session.ledger
    names = [f"第{number:02d}人" for number in range(40)] + ["王小明", "第00人"]
    edits = tuple(create(Person, f"n{at:02d}", name=name) for at, name in enumerate(names))
    ledger.act(Deed("填", "王某", edits))
    schema = ledger.schema("unit")  # any form that is no person itself
    return Surroundings(
        session,
        lambda name: lookup.candidates(ledger, schema, {}, "", name),
        lambda name, identifier: lookup.line(ledger, name, identifier),
        lambda: 2021,
    )


def test_of_a_crowd_only_what_fits_is_asked_for(
    qtbot: QtBot, crowd: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of many is typed, found by a part or its sound, and nobody reads them all for it."""

    def never(*_asked: object, **_equal: object) -> None:
        raise AssertionError("all of them were read")

    monkeypatch.setattr(Facts, "every", never)
    made = RefEditor(Ref("人员", to="person"), crowd)
    qtbot.addWidget(made)
    made.show()
    made.offer(crowd.candidates("person"))  # as when the field is entered
    assert [made.box.itemText(at) for at in range(1, made.box.count())][:2] == ["第00人", "王小明"], "the latest"
    QTest.keyClicks(made.box.entry, "wxm")
    completer = made.box.completer()
    assert completer is not None
    assert [completer.model().index(at, 0).data() for at in range(completer.model().rowCount())] == ["王小明"]
    completer.popup().hide()
    QTest.keyClick(made.box.entry, Qt.Key.Key_Return)
    assert (made.box.currentText(), made.value()) == ("王小明", "n40")
    for typed, value in (("第07", "n07"), ("17人", "n17"), ("", None)):
        made.set_typed(typed)
        assert made.value() == value
    for typed, said in (("第", "不止一条“第”"), ("赵", "没有“赵”")):
        made.set_typed(typed)
        with pytest.raises(Refusal, match=said):
            made.value()


def test_two_of_a_crowd_that_read_alike_are_told_apart(qtbot: QtBot, crowd: Surroundings) -> None:
    made = RefEditor(Ref("人员", to="person"), crowd)
    qtbot.addWidget(made)
    made.show()
    made.offer(crowd.candidates("person"))
    made.box.entry.setText("第00")
    assert sorted(made.box.words()) == ["第00人", "第00人（2）"]
    chosen = {}
    for words in ("第00人", "第00人（2）"):
        made.set_typed(words)
        chosen[words] = made.value()
    assert sorted(chosen.values()) == ["n00", "n41"]
    made.put("n00")
    assert made.value() == "n00", "what is shown stays what it was"


def test_several_of_a_crowd(qtbot: QtBot, crowd: Surroundings) -> None:
    made = RefsEditor(Refs("人员", to="person"), crowd)
    qtbot.addWidget(made)
    made.put(("n03",))
    made.show()
    made.line.setText("第03人、王小")
    made.line.textEdited.emit(made.line.text())
    completer = made.line.completer()
    assert completer is not None
    assert [completer.model().index(at, 0).data() for at in range(completer.model().rowCount())] == ["王小明"]
    completer.popup().hide()
    assert made.value() == ("n03", "n40")
    made.tidy()
    made.menu.aboutToShow.emit()
    ticked = [one.text() for one in made.menu.actions() if one.isChecked()]
    assert (ticked, len(made.menu.actions())) == (["第03人", "王小明"], 11), "what is chosen, and the latest"


def test_whoever_wants_all_of_a_crowd_gets_them(crowd: Surroundings) -> None:
    everybody = crowd.candidates("person")
    assert isinstance(everybody, lookup.Crowd)
    assert len(everybody) == len(list(everybody)) == 42
    assert everybody[0] == everybody[:1][0] == Candidate("n40", "王小明")
