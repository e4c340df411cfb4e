"""The page 历史: deeds by person, day, record and field; what each changed; putting back; two moments; a former day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.errors import Refusal
from db.ledger.change import Deed, create, delete, edit
from db.schema.records import Measure, Notice, Problem
from desktop_app import settings as machine
from desktop_app.gui import past_window
from desktop_app.gui.desk import Desk
from desktop_app.gui.history_page import COMPARE, HistoryPage
from desktop_app.gui.past_window import PastWindow
from desktop_app.gui.session import Session
from desktop_app.notices import plain
from desktop_app.rectification import ledgers, looking_back


class Days:
    """A clock that is set by hand; every look takes a second."""

    def __init__(self) -> None:
        self.set(1)

    def set(self, day: int) -> None:
        self.now = datetime(2021, 11, day, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now = self.now.replace(second=(self.now.second + 1) % 60)
        return self.now


@pytest.fixture
def story(home: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Session]:
    """1 November: two problems; 2 November: 李某 renames one; 3 November: 赵某 deletes the other."""
    days = Days()
    ledger = ledgers.new_ledger(tmp_path / "台账 一.zgl", "某市公安局东湖分局", "王某", clock=days)
    one, two = create(Problem, "p1", title="办案期限管理不严"), create(Problem, "p2", title="公车台账不全")
    measure = create(Measure, "m1", problem="p1", lead="健全机制。")
    ledger.act(Deed("登记两个问题", "王某", (one, two, measure)))
    days.set(2)
    first, second = ledger.get(Problem, "p1"), ledger.get(Problem, "p2")
    assert first is not None
    assert second is not None
    ledger.act(Deed("改了题目", "李某", (edit(first, title="办案期限管理不够严格"),)))
    days.set(3)
    ledger.act(Deed("删去一个问题", "赵某", (delete(second),)))
    session = Session(ledger, machine.Settings(actor="王某"))
    yield session
    session.close()


@pytest.fixture
def page(story: Session, qtbot: QtBot) -> HistoryPage:
    """The page, read."""
    made = HistoryPage(story)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.arrive()
    qtbot.waitUntil(lambda: len(made.list.table.rows) == 4 and made.asked.actor.count() == 4)
    return made


def sentences(page: HistoryPage) -> list[str]:
    return [entry.sentence for entry in page.list.table.rows]


def choose(page: HistoryPage, sentence: str, qtbot: QtBot) -> None:
    assert page.list.table.choose(lambda entry: entry.sentence == sentence)
    record = {"改了题目": "p1", "删去一个问题": "p2"}[sentence]
    qtbot.waitUntil(lambda: [line.one.id for line in page.list.cells.table.rows] == [record])


def test_deeds_are_found_by_person_day_record_field_and_words(page: HistoryPage, qtbot: QtBot) -> None:
    asked = page.asked
    asked.actor.setCurrentIndex(asked.actor.findData("李某"))
    qtbot.waitUntil(lambda: sentences(page) == ["改了题目"])
    asked.forget()
    qtbot.waitUntil(lambda: len(sentences(page)) == 4)
    asked.since.line.setText("2021.11.2")
    asked.until.line.setText("2021年11月2日")
    qtbot.waitUntil(lambda: sentences(page) == ["改了题目"])
    asked.forget()
    asked.record.setCurrentIndex(asked.record.findData("problem"))
    qtbot.waitUntil(lambda: sentences(page) == ["删去一个问题", "改了题目", "登记两个问题"])
    asked.field.setCurrentIndex(asked.field.findData("deleted"))
    qtbot.waitUntil(lambda: sentences(page) == ["删去一个问题"])
    asked.field.setCurrentIndex(asked.field.findData("title"))
    qtbot.waitUntil(lambda: sentences(page) == ["改了题目", "登记两个问题"])
    asked.forget()
    asked.words.setText("两个")
    qtbot.waitUntil(lambda: sentences(page) == ["登记两个问题"])
    asked.words.setText("没有这样的事")
    qtbot.waitUntil(lambda: page.list.pane.blank.words.text() == "没有这样的记录。" and not sentences(page))


def test_a_day_that_cannot_be_read_is_marked_and_does_not_filter(page: HistoryPage) -> None:
    page.asked.since.line.setText("十三月")
    assert page.asked.since.line.property("wrong")
    assert page.asked.since.line.toolTip()
    assert page.asked.asked() == {}


def test_what_a_deed_changed_stands_below_and_one_value_is_put_back(
    page: HistoryPage, story: Session, qtbot: QtBot
) -> None:
    choose(page, "改了题目", qtbot)
    line = page.list.cells.table.rows[0]
    assert (line.before(), line.after()) == ("办案期限管理不严", "办案期限管理不够严格")
    page.list.cells.value.click()
    qtbot.waitUntil(lambda: _title(story) == line.before())


def _title(session: Session) -> str:
    found = session.ledger.get(Problem, "p1")
    return (found.title or "") if found is not None else ""


def test_a_deleted_record_is_put_back_whole(page: HistoryPage, story: Session, qtbot: QtBot) -> None:
    choose(page, "删去一个问题", qtbot)
    assert not page.list.cells.value.isEnabled()
    page.list.cells.record.click()
    qtbot.waitUntil(lambda: story.ledger.get(Problem, "p2") is not None)


def test_two_moments_are_compared(page: HistoryPage, qtbot: QtBot) -> None:
    page.strip.choose(COMPARE)
    page.compare.first.write(date(2021, 11, 1))
    qtbot.waitUntil(lambda: {one.one.what for one in page.compare.cells.table.rows} == {"changed", "deleted"})
    assert page.compare.total.text() == "修改 1 条，删除 1 条"
    page.compare.last.write(date(2021, 11, 2))
    qtbot.waitUntil(lambda: [one.one.what for one in page.compare.cells.table.rows] == ["changed"])
    page.compare.first.write(date(2021, 11, 3))
    assert "要晚于" in page.compare.cells.pane.blank.words.text()


def test_a_former_day_opens_in_a_window_of_its_own_and_leaves_nothing_behind(story: Session, qtbot: QtBot) -> None:
    desk = Desk(story)
    qtbot.addWidget(desk)
    desk.open("history")
    past_window.look(desk, date(2021, 11, 1))
    qtbot.waitUntil(lambda: desk.findChild(PastWindow) is not None)
    window = desk.findChild(PastWindow)
    assert isinstance(window, PastWindow)
    then = window.session.ledger
    assert [one.title for one in then.all(Problem)] == ["办案期限管理不严", "公车台账不全"]
    assert not then.writable
    assert window.session.today() == date(2021, 11, 1)
    assert set(window.desk.buttons) <= set(past_window.PAGES)
    assert [one.title for one in story.ledger.all(Problem)] == ["办案期限管理不够严格"]
    window.close()
    qtbot.waitUntil(lambda: not list(past_window.shelf().iterdir()))


def test_a_day_before_the_ledger_says_since_when_there_is_something(story: Session, qtbot: QtBot) -> None:
    desk = Desk(story)
    qtbot.addWidget(desk)
    with qtbot.waitSignal(story.refused) as told:
        past_window.look(desk, date(2021, 10, 1))
    assert "还没有记录" in str(told.args[0])
    assert "2021-11-01" in told.args[0].advice


def test_the_comparison_is_printed(page: HistoryPage, qtbot: QtBot) -> None:
    page.strip.choose(COMPARE)
    page.compare.first.write(date(2021, 11, 1))
    qtbot.waitUntil(page.compare.print_button.isEnabled)
    words = plain.text(page.compare.document())
    assert "2021年11月1日结束时的台账与现在的相比，修改1条，删除1条。" in words
    assert "办案期限管理不够严格" in words
    assert "公车台账不全" in words


def test_what_left_the_house_is_not_put_back(story: Session) -> None:
    ledger = story.ledger
    notice = create(Notice, "n1", title="原来的题目")
    ledger.act(Deed("起草", "王某", (notice,)))
    position = ledger.position()
    drafted = ledger.get(Notice, "n1")
    assert drafted is not None
    ledger.act(Deed("印发", "王某", (edit(drafted, title="印发的题目", state="issued"),)))
    with pytest.raises(Refusal, match="已经印发"):
        looking_back.record_back(ledger, "notice", "n1", position, "王某")
    with pytest.raises(Refusal, match="已经印发"):
        looking_back.value_back(ledger, "notice", "n1", "title", position, "王某")
