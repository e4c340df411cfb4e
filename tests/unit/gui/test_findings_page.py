"""The page of findings: told whole, opened at the row, waived with a reason; doubts about a form that is being saved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.ledger.change import Deed, Edit
from db.schema.definition.toml import read_file
from db.schema.records import Waiver
from desktop_app.gui.entry import Entry
from desktop_app.gui.findings_page import FindingsPage
from desktop_app.gui.session import Session
from desktop_app.rectification import categories

EVERY = Path(__file__).parents[2] / "laws" / "every_test.toml"
JOB = "every_test.job"


def filled(session: Session) -> None:
    """Two wrong rows, and a unit without its contact, which the program finds itself."""
    session.reckon(date(2021, 12, 31))
    categories.install(session.ledger, "王", [read_file(EVERY)])
    rows = (
        Edit(JOB, "j1", {"code": "a1", "checked": True}),
        Edit(JOB, "j2", {"code": "A002", "amount": 1_000_000, "paid": 1_100_000, "checked": True}),
    )
    session.ledger.act(Deed("录入", "王", rows))


def shown(session: Session, qtbot: QtBot) -> FindingsPage:
    filled(session)
    page = FindingsPage(session)
    session.announced.connect(page.hear)
    qtbot.addWidget(page)
    page.resize(1000, 640)
    page.show()
    page.arrive()
    qtbot.waitUntil(lambda: bool(page.table.rows))
    return page


def choose(page: FindingsPage, rule: str) -> None:
    at = next(at for at, one in enumerate(page.table.rows) if one.rule == f"every_test.{rule}")
    page.table.selectRow(at)


def test_a_finding_is_told_whole_and_leads_to_its_row(session: Session, qtbot: QtBot) -> None:
    page = shown(session, qtbot)
    choose(page, "paid_within")
    assert "已付 1.1万元，大于金额 1万元" in page.card.sentence.text()
    assert "规则“已付不大于金额”" in page.card.about.text()
    assert page.card.advice.text()
    with qtbot.waitSignal(page.field_wanted) as opened:
        page.card.open_button.click()
    assert opened.args == [JOB, "j2", "paid"]
    assert "错误" in page.totals.text() or "注意" in page.totals.text()


def test_findings_are_narrowed_by_category_and_words(session: Session, qtbot: QtBot) -> None:
    page = shown(session, qtbot)
    whole = len(page.table.rows)
    page.category.setCurrentIndex(page.category.findData("every_test"))
    assert 0 < len(page.table.rows) <= whole
    assert all(one.rule.startswith("every_test.") for one in page.table.rows)
    page.search.setText("写法")
    assert [one.id for one in page.table.rows] == ["j1"]
    page.search.setText("没有这样的话")
    assert not page.table.rows
    assert page.pane.blank.words.text() == "没有符合的。"


def test_a_finding_is_waived_with_a_reason_and_taken_back(session: Session, qtbot: QtBot) -> None:
    page = shown(session, qtbot)
    choose(page, "paid_within")
    assert page.card.line.isHidden()
    page.card.waive_button.click()
    assert not page.card.line.isHidden()
    page.card.keep_button.click()
    assert "还没有写豁免理由" in page.card.wrong.text()
    page.card.until.setText("不是日期")
    page.card.reason.setText("增项已经批准")
    page.card.keep_button.click()
    assert "要填日期" in page.card.wrong.text()
    assert not session.ledger.all(Waiver)
    page.card.until.setText("2022-03-01")
    page.card.keep_button.click()
    qtbot.waitUntil(lambda: not [o for o in page.table.rows if o.rule == "every_test.paid_within"])
    assert session.ledger.all(Waiver)[0].until == date(2022, 3, 1)
    page.waived.setChecked(True)
    assert [one.rule for one in page.table.rows] == ["every_test.paid_within"]
    assert page.card.waiver.text() == "已豁免：增项已经批准，到 2022-03-01 为止"
    page.card.back_button.click()
    qtbot.waitUntil(lambda: not page.table.rows)
    assert page.pane.blank.words.text() == "没有豁免的。"


def test_a_form_that_is_doubted_asks_for_a_reason_above_its_fields(session: Session, qtbot: QtBot) -> None:
    filled(session)
    entry = Entry(session, session.ledger.schema(JOB))
    qtbot.addWidget(entry)
    entry.show()
    identifier = entry.begin()
    entry.form.boxes["amount"].editor.set_typed("1万")
    entry.form.boxes["paid"].editor.set_typed("1.2万")
    assert entry.save()
    qtbot.waitUntil(lambda: not entry.doubts.isHidden())
    assert "已付 1.2万元，大于金额 1万元" in entry.doubts.words.text()
    assert "规则“已付不大于金额”" in entry.doubts.words.text()
    assert session.ledger.find(JOB, identifier) is None
    assert not entry.doubts.keep_button.isEnabled()
    entry.doubts.mend_button.click()
    assert entry.doubts.isHidden()
    entry.save()
    qtbot.waitUntil(lambda: not entry.doubts.isHidden())
    QTest.keyClicks(entry.doubts.reason, "ok")
    entry.doubts.reason.setText("增项已经批准")
    with qtbot.waitSignal(entry.saved):
        QTest.keyClick(entry.doubts.reason, Qt.Key.Key_Return)
    assert session.ledger.find(JOB, identifier) is not None
    assert entry.doubts.isHidden()
    assert {one.reason for one in session.ledger.all(Waiver)} == {"增项已经批准"}


def test_a_form_put_right_is_saved_without_a_reason(session: Session, qtbot: QtBot) -> None:
    filled(session)
    entry = Entry(session, session.ledger.schema(JOB))
    qtbot.addWidget(entry)
    entry.show()
    entry.begin()
    entry.form.boxes["amount"].editor.set_typed("1万")
    entry.form.boxes["paid"].editor.set_typed("1.2万")
    entry.save()
    qtbot.waitUntil(lambda: not entry.doubts.isHidden())
    entry.form.boxes["paid"].editor.set_typed("0.9万")
    with qtbot.waitSignal(entry.saved):
        entry.save()
    assert entry.doubts.isHidden()
    assert not session.ledger.all(Waiver)
