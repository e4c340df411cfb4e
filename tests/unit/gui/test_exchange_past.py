"""The tab 往来记录, and what the tab 交出 leaves out: every file is listed with its receipt or its entry; scope is told in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from exchange_offices import Office, branch
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.exchange import check, journal, merge, peers
from db.exchange.receipt import Received
from db.ledger.change import Change, Deed, Withheld, create, edit
from db.schema.records import Problem, Unit
from desktop_app.gui import exchange_jobs, exchange_volumes
from desktop_app.gui.exchange_page import PAST, SEND, ExchangePage
from desktop_app.gui.session import Session
from desktop_app.rectification import ledgers

PATIENCE = 20_000


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = branch(tmp_path / "派出所")
    made.problem("值班备勤制度落实不到位")
    yield made
    made.ledger.close()


@pytest.fixture
def page(session: Session, office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ExchangePage:
    monkeypatch.setattr(exchange_volumes, "mounted", lambda: [office.volume()])
    made = ExchangePage(session)
    session.announced.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1100, 640)
    made.show()
    made.arrive()
    return made


def rested(page: ExchangePage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.session.busy(), timeout=PATIENCE)


def took(session: Session, path: Path, actor: str = "王某") -> None:
    with check.open_package(path) as given:
        merge.merge(session.ledger, [given], actor=actor, receiver=exchange_jobs.office(session.ledger, session.ledger))


def opened(page: ExchangePage, qtbot: QtBot) -> None:
    page.strip.choose(PAST)
    rested(page, qtbot)


def counted(page: ExchangePage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.send.scope.estimate is not None, timeout=PATIENCE)


def handed(page: ExchangePage, qtbot: QtBot) -> Path:
    with qtbot.waitSignal(page.written, timeout=PATIENCE):
        page.send.send_button.click()
    rested(page, qtbot)
    assert page.send.handed.path is not None
    return page.send.handed.path


def test_an_old_receipt_is_seen_again_and_the_merge_taken_back(
    page: ExchangePage, office: Office, session: Session, qtbot: QtBot
) -> None:
    took(session, office.give("一.zgx"))
    opened(page, qtbot)
    assert [(one.way, one.file, one.state) for one in page.past.table.rows] == [("in", "一.zgx", "已并入")]
    page.past.open_button.click()
    rested(page, qtbot)
    panel = page.past.receipt
    assert panel.isVisible()
    paper = panel.document()
    assert paper is not None
    assert paper.title == "台账数据交换回执"
    assert panel.back_button.isVisible()
    panel.back_button.click()
    rested(page, qtbot)
    assert not session.ledger.all(Problem)
    assert panel.back_button.isHidden()
    assert "已经撤回" in panel.hindered.text()
    panel.away_button.click()
    assert [one.state for one in page.past.table.rows] == ["已撤回"]


def test_why_a_merge_can_no_longer_be_taken_back(
    page: ExchangePage, office: Office, session: Session, qtbot: QtBot
) -> None:
    took(session, office.give("一.zgx"))
    opened(page, qtbot)
    page.past.open()
    rested(page, qtbot)
    assert page.past.receipt.back_button.isVisible()
    found = session.ledger.all(Problem)[0]
    session.do(lambda: session.ledger.act(Deed("改标题", "王某", (edit(found, title="接着改的"),))))
    rested(page, qtbot)
    assert page.past.receipt.back_button.isHidden()
    assert "后来又被修改" in page.past.receipt.hindered.text()


def test_what_was_handed_over_is_listed_until_the_receipt_comes(
    page: ExchangePage, office: Office, session: Session, qtbot: QtBot
) -> None:
    took(session, office.give("一.zgx"))
    page.strip.choose(SEND)
    rested(page, qtbot)
    page.send.to.setCurrentIndex(1)
    path = handed(page, qtbot)
    page.send.handed.medium.setText("东湖-07")
    page.send.handed.keeper.setText("赵某")
    page.send.handed.keeper.editingFinished.emit()
    rested(page, qtbot)
    opened(page, qtbot)
    first = page.past.table.rows[0]
    assert (first.way, first.state) == ("out", "对方还没有回执")
    assert first.entry is not None
    assert (first.entry.medium, first.entry.keeper) == ("东湖-07", "赵某")
    with check.open_package(path) as given:
        made = merge.merge(office.ledger, [given], receiver=exchange_jobs.office(office.ledger, office.ledger))
    peers.take_receipt(session.ledger, Received(made))
    opened(page, qtbot)
    assert page.past.table.rows[0].state == "对方已收到"
    page.past.search.setText("东湖-07")
    assert [one.way for one in page.past.table.rows] == ["out"]
    page.past.open()
    assert page.past.handed.medium.text() == "东湖-07"
    assert journal.checksum(path) in page.past.handed.digest.text().replace(" ", "")
    assert page.past.handed.made().documents[0].title == "存储介质流转登记单"
    page.past.back()
    page.past.search.setText("没有这样的话")
    assert page.past.pane.blank.words.text() == "没有符合筛选的。"
    page.past.search.clear()
    page.past.way.choose("in")
    assert [one.way for one in page.past.table.rows] == ["in"]


def lines(path: Path) -> dict[str, int]:
    """What lies in a package: changes and placeholders."""
    with check.open_package(path) as given:
        found = list(given.lines())
    return {
        "changes": sum(isinstance(one, Change) for one in found),
        "withheld": sum(isinstance(one, Withheld) for one in found),
    }


def test_scope_is_told_in_numbers_and_the_file_holds_just_that(
    page: ExchangePage, session: Session, qtbot: QtBot
) -> None:
    ledger = session.ledger
    own = ledgers.own_unit(ledger, ledger)
    assert own is not None
    other = create(Unit, name="某市公安局西湖分局", short_name="西湖分局")
    made = [
        other,
        create(Problem, unit=own.id, title="公开的", publicity="public"),
        create(Problem, unit=own.id, title="不公开的", publicity="secret"),
        create(Problem, unit=other.id, title="别的单位的", publicity="public"),
    ]
    ledger.act(Deed("录入", "王某", tuple(made)))
    page.strip.choose(SEND)
    rested(page, qtbot)
    counted(page, qtbot)
    scope = page.send.scope
    qtbot.waitUntil(lambda: scope.estimate is not None and scope.estimate.staying == {"problem": 1})
    assert "留在本单位不交 1 条（问题 1 条）" in scope.count.text()
    scope.units.setCurrentIndex(scope.units.findData(own.id))
    counted(page, qtbot)
    assert scope.estimate is not None
    assert scope.estimate.staying == {"problem": 2}
    wanted = scope.estimate
    narrow = handed(page, qtbot)
    assert lines(narrow) == {"changes": wanted.going, "withheld": wanted.withheld}
    assert [one.scope for one in journal.handed(ledger)] == ["仅 1 个单位；不含“不公开”的内容"]
    page.send.begin()
    rested(page, qtbot)
    scope.units.setCurrentIndex(0)
    scope.level.setCurrentIndex(scope.level.findData("secret"))
    assert not scope.warning.isHidden()
    counted(page, qtbot)
    assert scope.estimate.withheld == 0
    assert lines(handed(page, qtbot)) == {"changes": scope.estimate.going, "withheld": 0}


def test_at_least_one_unit_is_to_be_ticked(page: ExchangePage, office: Office, session: Session, qtbot: QtBot) -> None:
    took(session, office.give("一.zgx"))
    page.strip.choose(SEND)
    rested(page, qtbot)
    scope = page.send.scope
    scope.units.setCurrentIndex(scope.units.findData("…"))
    assert scope.some.isVisible()
    page.send.send_button.click()
    assert "至少选一个单位" in page.send.wrong.text()
    scope.some.item(0).setCheckState(Qt.CheckState.Checked)
    counted(page, qtbot)
    assert scope.policy().units == frozenset(scope.ticked())
    assert len(scope.ticked()) == 1


def test_a_sort_of_recipient_leaves_out_columns_and_is_remembered(
    page: ExchangePage, office: Office, session: Session, qtbot: QtBot
) -> None:
    took(session, office.give("一.zgx"))
    ledger = session.ledger
    own = ledgers.own_unit(ledger, ledger)
    assert own is not None
    ledger.act(Deed("录入", "王某", (create(Problem, unit=own.id, title="有表现的", symptoms="夜间无人值班"),)))
    page.strip.choose(SEND)
    rested(page, qtbot)
    form = page.send
    form.to.setCurrentIndex(1)
    form.everything.setChecked(True)
    form.scope.recipient.setCurrentIndex(form.scope.recipient.findData("组织部"))
    assert "略去具体表现" in form.scope.about.text()
    counted(page, qtbot)
    assert form.scope.estimate is not None
    assert form.scope.estimate.hidden == 1
    assert "其中 1 条略去了部分栏目" in form.scope.count.text()
    form.medium.setText("东湖-09")
    form.secrecy.setText("秘密")
    path = handed(page, qtbot)
    with check.open_package(path) as given:
        told = [one for one in given.changes() if one.fields.get("title") == "有表现的"]
        assert [one.fields.get("symptoms") for one in told] == [None]
        assert (given.media.number, given.media.secrecy, given.media.handler) == ("东湖-09", "秘密", "王某")
    assert "夜间无人值班".encode() not in path.read_bytes()
    assert form.handed.medium.text() == "东湖-09"
    assert "略去了部分栏目的：1 条" in form.handed.about.text()
    form.begin()
    form.to.setCurrentIndex(0)
    form.scope.recipient.setCurrentIndex(0)
    rested(page, qtbot)
    form.to.setCurrentIndex(1)
    assert form.scope.recipient.currentData() == "组织部"
    assert form.scope.policy().name == "组织部"
