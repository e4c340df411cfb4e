"""The page 交换: a file is checked, previewed and merged, and nothing is written before; another one is handed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from exchange_offices import Office, branch
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from db import clock
from db.exchange import check, journal, keys, merge, peers
from db.exchange import receipt as receipts
from db.exchange.sealing import Seal
from db.ledger import history
from db.ledger.change import Deed, create, edit
from db.schema.records import Problem
from desktop_app.gui import exchange_against, exchange_jobs, exchange_receive, exchange_volumes
from desktop_app.gui.exchange_door import ExchangeDoor
from desktop_app.gui.exchange_page import PAST, PEERS, SEND, ExchangePage
from desktop_app.gui.exchange_volumes import StickWatch
from desktop_app.gui.session import Session

PATIENCE = 20_000
TITLE = "值班备勤制度落实不到位"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = branch(tmp_path / "派出所")
    made.problem(TITLE)
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


def taken(page: ExchangePage, qtbot: QtBot, *paths: Path) -> None:
    """Files are looked at, and every fingerprint is compared."""
    page.take(paths)
    rested(page, qtbot)
    while any(one.state in ("key", "changed") for one in page.receive.files):
        page.receive.table.card.same.click()
        rested(page, qtbot)


def merged(page: ExchangePage, qtbot: QtBot, *paths: Path) -> None:
    taken(page, qtbot, *paths)
    page.receive.preview_button.click()
    rested(page, qtbot)
    assert page.receive.stack.currentIndex() == exchange_receive.PREVIEW
    page.receive.merge_button.click()
    rested(page, qtbot)


def said(page: ExchangePage) -> list[str]:
    return [exchange_jobs.WORDS[one.state] for one in page.receive.files]


def test_an_empty_page_says_what_to_do(page: ExchangePage) -> None:
    assert page.receive.stack.currentIndex() == exchange_receive.EMPTY
    assert page.receive.choose_button.isVisible()


def test_nothing_is_written_before_merging_and_then_all_of_it(
    page: ExchangePage, office: Office, session: Session, qtbot: QtBot
) -> None:
    before = history.head(session.ledger)
    path = office.give("一.zgx")
    taken(page, qtbot, path)
    assert said(page) == ["可以并入"]
    page.receive.preview_button.click()
    rested(page, qtbot)
    assert TITLE in words(page)
    assert history.head(session.ledger) == before
    page.receive.merge_button.click()
    rested(page, qtbot)
    assert [one.title for one in session.ledger.all(Problem)] == [TITLE]
    panel = page.receive.receipt
    assert page.receive.stack.currentIndex() == exchange_receive.RECEIPT
    assert "并入" in panel.words.text()
    assert panel.found is not None
    assert panel.found.backup is not None
    assert panel.found.backup.is_file()
    assert str(panel.found.backup) in panel.about.text()


def words(page: ExchangePage) -> str:
    """Everything the tree shows."""
    return "\n".join(f"{one.words} {one.after}" for one in exchange_receive.rows(page.receive.tree.shown()))


def test_the_first_file_of_an_office_waits_for_the_telephone(
    page: ExchangePage, office: Office, session: Session, qtbot: QtBot
) -> None:
    first = office.give("一.zgx")
    page.take([first])
    rested(page, qtbot)
    assert said(page) == ["要核对指纹"]
    assert not page.receive.preview_button.isEnabled()
    theirs = keys.own(office.ledger.installation)
    assert page.receive.table.card.print.text() == theirs.fingerprint
    page.receive.table.card.same.click()
    rested(page, qtbot)
    assert said(page) == ["可以并入"]
    assert keys.trusted(session.ledger.installation) == {office.ledger.installation.name: theirs.key}


def test_a_key_that_became_another_one_is_told_loudly(
    page: ExchangePage, office: Office, session: Session, qtbot: QtBot
) -> None:
    keys.trust(session.ledger.installation, office.ledger.installation.name, "ab" * 32)
    page.take([office.give("一.zgx")])
    rested(page, qtbot)
    assert said(page) == ["密钥变了"]
    assert "冒名" in page.receive.table.card.words.text()
    assert page.receive.table.card.print.text() == keys.own(office.ledger.installation).fingerprint
    page.receive.table.card.same.click()
    rested(page, qtbot)
    assert said(page) == ["可以并入"]


def test_a_sealed_file_asks_for_its_passphrase(page: ExchangePage, office: Office, qtbot: QtBot) -> None:
    page.take([office.give("密.zgx", seal=Seal(passphrase="湖边的三棵老柳树"))])
    rested(page, qtbot)
    assert said(page) == ["要输入口令"]
    page.receive.table.card.phrase.setText("山上的三棵老松树")
    page.receive.table.card.unlock.click()
    rested(page, qtbot)
    assert said(page) == ["要输入口令"]
    assert "口令不对" in page.receive.table.card.words.text()
    page.receive.table.card.phrase.setText("湖边的三棵老柳树")
    page.receive.table.card.unlock.click()
    rested(page, qtbot)
    assert said(page) == ["要核对指纹"]


def test_a_folder_is_taken_whole_and_files_follow_each_other(page: ExchangePage, office: Office, qtbot: QtBot) -> None:
    office.give("乙.zgx")
    office.problem("第二个问题")
    office.give("甲.zgx")
    (office.stick / "坏.zgx").write_bytes((office.stick / "甲.zgx").read_bytes()[:-9])
    (office.stick / "别的.txt").write_text("不相干")
    taken(page, qtbot, office.stick)
    assert dict(zip([one.path.name for one in page.receive.files], said(page), strict=True)) == {
        "乙.zgx": "可以并入",
        "甲.zgx": "可以并入",
        "坏.zgx": "不能并入",
    }
    assert "1 个不能并入" in page.receive.waits.text()
    page.receive.table.table.selectRow([one.path.name for one in page.receive.files].index("坏.zgx"))
    page.receive.table.card.drop.click()
    assert len(page.receive.files) == 2


def test_a_file_that_is_missing_before_another_is_named(page: ExchangePage, office: Office, qtbot: QtBot) -> None:
    office.give("一.zgx")
    second = office.give("二.zgx")
    taken(page, qtbot, second)
    assert said(page) == ["前面有缺"]
    assert "1 号包还没有收到" in page.receive.table.card.words.text()


def test_merging_again_changes_nothing(page: ExchangePage, office: Office, session: Session, qtbot: QtBot) -> None:
    path = office.give("一.zgx")
    merged(page, qtbot, path)
    head = history.head(session.ledger)
    merged(page, qtbot, path)
    assert history.head(session.ledger) == head
    assert "没有改动" in page.receive.receipt.words.text()


def test_a_merge_is_taken_back_while_nobody_built_on_it(
    page: ExchangePage, office: Office, session: Session, qtbot: QtBot
) -> None:
    merged(page, qtbot, office.give("一.zgx"))
    assert [one.title for one in session.ledger.all(Problem)] == [TITLE]
    page.receive.receipt.back_button.click()
    rested(page, qtbot)
    assert not session.ledger.all(Problem)
    assert page.receive.receipt.back_button.isHidden()
    assert "撤回并入" in page.receive.receipt.words.text()


def test_a_merge_somebody_built_on_stays(page: ExchangePage, office: Office, session: Session, qtbot: QtBot) -> None:
    merged(page, qtbot, office.give("一.zgx"))
    found = session.ledger.all(Problem)[0]
    session.ledger.act(Deed("改标题", "王某", (edit(found, title="本单位接着改的"),)))
    page.receive.receipt.back_button.click()
    rested(page, qtbot)
    assert [one.title for one in session.ledger.all(Problem)] == ["本单位接着改的"]
    assert "不能撤回" in page.receive.receipt.bar.words.text()


def test_a_preview_is_filtered_and_becomes_a_paper(page: ExchangePage, office: Office, qtbot: QtBot) -> None:
    office.problem("公务用车管理松弛")
    taken(page, qtbot, office.give("一.zgx"))
    page.receive.preview_button.click()
    rested(page, qtbot)
    page.receive.tree.search.setText("公务用车")
    assert "公务用车管理松弛" in words(page)
    assert TITLE not in words(page)
    document = page.receive.document()
    assert document.title == "交换文件并入预览"
    page.receive.tree.search.setText("没有这样的话")
    assert not page.receive.tree.shown()
    assert page.receive.tree.blank.text() == "没有符合筛选的。"


def test_the_receipt_goes_back_and_tells_what_arrived(
    page: ExchangePage,
    office: Office,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    merged(page, qtbot, office.give("一.zgx"))
    panel, target = page.receive.receipt, tmp_path / "回执.zgr"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(target.with_suffix("")), ""))
    panel.file_button.click()
    panel.json_action.trigger()
    rested(page, qtbot)
    told = peers.take_receipt(office.ledger, receipts.read(target, exchange_jobs.proven))
    assert told.lacking == 0
    assert not told.differing
    assert orjson.loads(target.with_suffix(".json").read_bytes())["actor"] == "王某"
    paper = panel.document()
    assert paper is not None
    assert paper.title == "台账数据交换回执"


def test_a_receipt_that_came_back_is_noted(
    page: ExchangePage, office: Office, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    page.strip.choose(SEND)
    rested(page, qtbot)
    page.send.send_button.click()
    rested(page, qtbot)
    sent = page.send.handed.path
    assert sent is not None
    given = check.open_package(sent)
    with given:
        made = merge.merge(office.ledger, [given], receiver=exchange_jobs.office(office.ledger, office.ledger))
    back = exchange_jobs.write_receipt(office.ledger, made, tmp_path / "回来.zgr")
    page.take([back])
    rested(page, qtbot)
    assert said(page) == ["回执"]
    assert page.receive.preview_button.text() == "记下回执"
    page.receive.preview_button.click()
    rested(page, qtbot)
    assert "没有缺的" in page.receive.receipt.about.text()
    assert [one.owed for one in peers.standings(session.ledger)] == [0]
    page.strip.choose(PAST)
    rested(page, qtbot)
    assert [one.state for one in page.past.table.rows] == ["给全部单位"]


def test_a_file_is_handed_over_with_its_number_and_checksum(
    page: ExchangePage, office: Office, session: Session, qtbot: QtBot
) -> None:
    page.strip.choose(SEND)
    rested(page, qtbot)
    form = page.send
    assert form.where.currentData() == str(office.stick)
    form.seal.setCurrentIndex(form.seal.findData("phrase"))
    form.phrase.setText("湖边的三棵老柳树")
    form.again.setText("湖边的三棵柳树")
    form.send_button.click()
    assert "不一样" in form.wrong.text()
    assert not list(office.stick.iterdir())
    form.again.setText("湖边的三棵老柳树")
    with qtbot.waitSignal(page.written, timeout=PATIENCE):
        form.send_button.click()
    found = list(office.stick.iterdir())
    assert len(found) == 1
    with check.open_package(found[0], passphrase="湖边的三棵老柳树") as contents:
        assert contents.number == 1
        assert contents.sender.name == "某市公安局东湖分局"
    handed = form.handed
    assert "1 号包" in handed.title.text()
    assert journal.checksum(found[0]) in handed.digest.text().replace(" ", "")
    handed.medium.setText("东湖-07")
    sheet = handed.made().documents[0]
    assert sheet.title == "存储介质流转登记单"
    assert not form.phrase.text()


def test_the_offices_are_listed_with_what_they_lack(page: ExchangePage, office: Office, qtbot: QtBot) -> None:
    page.strip.choose(PEERS)
    rested(page, qtbot)
    assert page.peers.body.currentIndex() == 0
    merged(page, qtbot, office.give("一.zgx"))
    page.strip.choose(PEERS)
    rested(page, qtbot)
    row = [page.peers.table.source.index(0, at).data() for at in range(5)]
    assert row[0] == "某市公安局东湖分局西街派出所"
    assert row[1] == "到 1 号包"
    assert row[3] == "今天"
    assert row[4] == "没有约定"
    page.peers.every.setCurrentIndex(page.peers.every.findData(30))
    with qtbot.waitSignal(page.due_changed):
        page.peers.keep_button.click()
    rested(page, qtbot)
    assert page.peers.table.source.index(0, 4).data() != "没有约定"
    page.peers.send_button.click()
    rested(page, qtbot)
    assert page.strip.current == SEND
    assert page.send.to.currentText() == "某市公安局东湖分局西街派出所"
    assert page.send.seal.findData("key") > 0


def test_files_are_dropped_on_the_page(page: ExchangePage, office: Office, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(office.give("一.zgx"))), QUrl.fromLocalFile("/没有/这样.docx")])
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.dropEvent(event)
    rested(page, qtbot)
    assert [one.path.name for one in page.receive.files] == ["一.zgx"]


def test_a_stick_is_told_of_once_and_not_for_our_own_file(page: ExchangePage, office: Office, qtbot: QtBot) -> None:
    watch = StickWatch(page.session, page)
    found: list[list[str]] = []
    watch.appeared.connect(lambda _volume, files: found.append([one.name for one in files]))

    def looked() -> None:
        watch.look()
        rested(page, qtbot)

    looked()
    assert not found
    office.give("一.zgx")
    (office.stick / "往年").mkdir()
    (office.stick / "往年" / "回执.zgr").write_text("{}")
    looked()
    looked()
    assert found == [["一.zgx", "回执.zgr"]]
    watch.made_here(office.stick / "我们的.zgx")
    (office.stick / "我们的.zgx").write_text("x")
    looked()
    assert len(found) == 1


def test_the_watch_is_switched_off_in_the_settings(page: ExchangePage) -> None:
    watch = StickWatch(page.session, page)
    page.session.looked.connect(watch.switch)
    assert watch.watching()
    page.session.keep_settings(watch_sticks=False)
    assert not watch.watching()
    page.session.keep_settings(watch_sticks=True)
    assert watch.watching()


def test_the_frame_has_the_door(session: Session, qtbot: QtBot) -> None:
    from desktop_app.gui.desk import Desk

    desk = Desk(session)
    qtbot.addWidget(desk)
    assert isinstance(desk.exchange, ExchangeDoor)
    desk.exchange.watch.appeared.emit(
        exchange_volumes.Volume(Path("/媒体"), "爱国者", 1, writable=True), [Path("/媒体/一.zgx")]
    )
    assert desk.exchange.bar.words.text() == "“爱国者”上有 1 个可以收的文件。"
    assert not desk.exchange.bar.isHidden()
    qtbot.waitUntil(lambda: not session.busy(), timeout=PATIENCE)


def test_an_overdue_office_leads_from_the_reminders_to_its_line(office: Office, session: Session, qtbot: QtBot) -> None:
    from desktop_app.gui.desk import Desk

    with check.open_package(office.give("一.zgx")) as given:
        merge.merge(session.ledger, [given], receiver=exchange_jobs.office(session.ledger, session.ledger))
    one = peers.peers(session.ledger)[0]
    peers.agree(session.ledger, one, 7)
    session.reckon(clock.today(session.ledger.clock) + timedelta(days=9))
    desk = Desk(session)
    qtbot.addWidget(desk)
    duties = desk.open("duties")
    qtbot.waitUntil(lambda: bool(desk.duties.found), timeout=PATIENCE)
    found = next(one for one in desk.duties.found or () if one.category == "peer")
    assert found.group == "overdue"
    duties.open(found)  # type: ignore[attr-defined]
    page = desk.made["exchange"]
    assert isinstance(page, ExchangePage)
    rested(page, qtbot)
    assert desk.shown == "exchange"
    chosen = page.peers.chosen()
    assert chosen is not None
    assert chosen.peer.id == one.id


def test_what_would_stand_against_the_rules_is_told_before_merging(
    page: ExchangePage, office: Office, session: Session, qtbot: QtBot
) -> None:
    office.ledger.act(Deed("录入", "李某", (create(Problem, title="没有单位也没有牵头部门的"),)))
    taken(page, qtbot, office.give("一.zgx"))
    page.receive.preview_button.click()
    rested(page, qtbot)
    assert "新的与规则不符" in page.receive.rules.text()
    first = page.receive.tree.shown()[0]
    assert first.words == exchange_against.TITLE
    page.receive.tree.sort.choose("breach")
    only = page.receive.tree.shown()
    assert [one.words for one in only] == [exchange_against.TITLE]
    assert "没有单位也没有牵头部门的" in words(page)
    assert any(row.who for row in exchange_receive.rows(only))
    assert not session.ledger.all(Problem)


def test_merging_does_not_wait_for_the_rules(
    page: ExchangePage, office: Office, session: Session, qtbot: QtBot
) -> None:
    taken(page, qtbot, office.give("一.zgx"))
    page.receive.preview_button.click()
    qtbot.waitUntil(lambda: page.receive.stack.currentIndex() == exchange_receive.PREVIEW, timeout=PATIENCE)
    page.receive.merge_button.click()
    assert not page.receive.foresight.running()
    rested(page, qtbot)
    assert [one.title for one in session.ledger.all(Problem)] == [TITLE]
