"""The side bar of a paste: over rows or as new ones, columns in the order they are shown, what is kept of wrong rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from db.ledger.change import Deed, Edit, new_id
from desktop_app.gui import paste_block
from desktop_app.gui.paste_block import MOST_DRAFTS, Incoming
from desktop_app.gui.register_view import RegisterView
from desktop_app.gui.session import Session

CARS = "official_vehicles.vehicle"


def idle(qtbot: QtBot, session: Session) -> None:
    for _ in range(3):
        qtbot.waitUntil(lambda: not session.busy())
        qtbot.wait(15)


@pytest.fixture
def view(session: Session, qtbot: QtBot) -> Iterator[RegisterView]:
    """A register with two rows."""
    ids = sorted(new_id() for _ in range(2))
    plates = ("苏B0001警", "苏B0002警")
    edits = tuple(
        Edit(CARS, i, {"plate": plate, "model": "捷达", "state": _first(session)})
        for i, plate in zip(ids, plates, strict=True)
    )
    session.ledger.act(Deed("备", "王某", edits))
    made = RegisterView(session, session.ledger.schema(CARS), {})
    session.announced.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1100, 600)
    made.show()
    made.read()
    idle(qtbot, session)
    yield made
    session.announced.disconnect(made.hear)


def _first(session: Session) -> str:
    kind = session.ledger.schema(CARS).field("state").kind
    return str(next(iter(getattr(kind, "of"))))  # noqa: B009 - every choice has them


def models(session: Session) -> list[str]:
    return [getattr(one, "model", "") for one in sorted(session.ledger.every(CARS), key=lambda one: one.id)]


def test_a_block_is_put_over_the_rows_one_stands_on(view: RegisterView, session: Session, qtbot: QtBot) -> None:
    view.grid.place.go(0, [view.grid.model.column_of("model")])
    view.open_paste("甲型\n乙型\n")
    idle(qtbot, session)
    assert view.paste.over.isChecked()
    assert "修改 2 行" in view.paste.about.text()
    view.paste.enter()
    idle(qtbot, session)
    assert models(session) == ["甲型", "乙型"]


def test_or_below_them_when_it_is_said_so(view: RegisterView, session: Session, qtbot: QtBot) -> None:
    view.grid.place.go(0, [0])
    view.open_paste("苏B0003警\t丙型\n苏B0004警\t丁型\n")
    idle(qtbot, session)
    view.paste.over.setChecked(False)
    idle(qtbot, session)
    assert "新增 2 行" in view.paste.about.text()
    view.paste.enter()
    idle(qtbot, session)
    assert models(session) == ["捷达", "捷达", "丙型", "丁型"]


def test_known_rows_may_be_updated_by_what_is_unique(view: RegisterView, session: Session, qtbot: QtBot) -> None:
    view.open_paste("车牌号\t型号\n苏B0001警\t新型\n苏B0009警\t别的\n")
    idle(qtbot, session)
    assert "有错 1 行" in view.paste.about.text(), "a plate stands once"
    view.paste.update_known.setChecked(True)
    idle(qtbot, session)
    assert "新增 1 行，修改 1 行" in view.paste.about.text()
    view.paste.enter()
    idle(qtbot, session)
    assert sorted(models(session)) == sorted(["新型", "捷达", "别的"])


def test_columns_are_pointed_at_and_remembered(view: RegisterView, session: Session, qtbot: QtBot) -> None:
    text = "车牌号\t车的型号\n苏B0005警\t戊型\n"
    view.open_paste(text)
    idle(qtbot, session)
    assert "车的型号" in view.paste.notes.text()
    box = view.paste.columns.findChildren(QComboBox)[1]
    box.setCurrentIndex(box.findText("型号"))
    box.activated.emit(box.currentIndex())
    idle(qtbot, session)
    view.paste.enter()
    idle(qtbot, session)
    assert models(session)[-1] == "戊型"
    view.open_paste(text.replace("0005", "0006"))
    idle(qtbot, session)
    assert view.paste.block is not None
    assert view.paste.block.names == ("plate", "model")


def test_escape_puts_it_away_and_nothing_is_written(view: RegisterView, session: Session, qtbot: QtBot) -> None:
    view.open_paste("苏B0007警\t己型\n苏B0008警\t庚型\n")
    idle(qtbot, session)
    QTest.keyClick(view.paste, Qt.Key.Key_Escape)
    assert view.paste.isHidden()
    assert len(models(session)) == 2


def test_more_wrong_rows_than_can_be_kept_are_told(view: RegisterView, session: Session, qtbot: QtBot) -> None:
    lines = "\n".join(f"苏B1{number:03d}警\t某日" for number in range(MOST_DRAFTS + 5))
    view.open_paste(f"车牌号\t启用日期\n{lines}\n")
    idle(qtbot, session)
    assert "另有 5 行放不下" in view.paste.notes.text()
    assert len(view.paste.refused.boxes) < MOST_DRAFTS
    view.paste.enter()
    idle(qtbot, session)
    assert len(session.drafts) == MOST_DRAFTS
    assert view.grid.model.rowCount() == 2 + MOST_DRAFTS + 1


def test_a_field_without_a_column_gets_one() -> None:
    block = Incoming("剪贴板", ("甲",), ("a",), (("1",), ("2",)))
    put = block.put(1, "b", "3")
    assert put.names == ("a", "b")
    assert put.cells == (("1",), ("2", "3"))
    assert put.put(0, "a", "9").cells[0][0] == "9"
    assert block.number(0) == 1


def test_the_sentence_of_the_deed(session: Session) -> None:
    schema = session.ledger.schema(CARS)
    block = Incoming("名单.xlsx", ("车牌号",), ("plate",), (("苏B0001警",),), 2)
    judged = paste_block.judge(session.ledger, schema, block, {})
    assert paste_block.said(block, schema, judged) == "从“名单.xlsx”导入 1 行车辆"


def test_a_wrong_word_is_put_right_by_its_pinyin(view: RegisterView, session: Session, qtbot: QtBot) -> None:
    state = session.ledger.schema(CARS).field("state").kind
    view.open_paste(f"车牌号\t{state.label}\n苏B0003警\t开着呢\n")
    idle(qtbot, session)
    box = view.paste.refused.boxes[0]
    box.line.setText("bf")  # 报废
    box.line.editingFinished.emit()
    idle(qtbot, session)
    assert "新增 1 行" in view.paste.about.text()
    assert not view.paste.refused.boxes
