"""Work off the thread: results and refusals come back, deeds keep their order, bugs become one sentence."""

from __future__ import annotations

import threading
from pathlib import Path

from pytestqt.qtbot import QtBot

from db.errors import Refusal
from db.ledger.change import Deed, Outcome, create
from db.schema.records import Unit
from desktop_app.gui.session import Session, Work


def test_a_job_runs_elsewhere_and_comes_back_here(session: Session, qtbot: QtBot) -> None:
    found: list[tuple[int, int]] = []
    session.run(lambda _work: threading.get_ident(), lambda ran: found.append((ran, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(found))
    ran, told = found[0]
    assert ran != told == threading.get_ident()
    assert not session.busy()


def test_a_refusal_goes_to_who_asked_or_to_the_frame(session: Session, qtbot: QtBot) -> None:
    def refuse(_work: Work) -> None:
        raise Refusal("不行。", "换一个。")

    mine: list[Refusal] = []
    session.run(refuse, None, mine.append)
    qtbot.waitUntil(lambda: bool(mine))
    with qtbot.waitSignal(session.refused) as told:
        session.run(refuse)
    assert told.args is not None
    assert told.args[0].sentence == mine[0].sentence == "不行。"


def test_a_bug_is_one_sentence_and_a_file(session: Session, home: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.refused) as told:
        session.run(lambda _work: 1 // 0)
    assert told.args is not None
    assert "出错" in told.args[0].sentence
    assert "ZeroDivisionError" in (home / "faults.log").read_text("utf-8")


def test_deeds_keep_their_order_and_are_announced(session: Session, qtbot: QtBot) -> None:
    heard: list[str] = []
    session.announced.connect(lambda outcome: heard.append(outcome.sentence))
    for number in range(8):
        deed = Deed(f"第{number}步", "王某", (create(Unit, name=f"单位{number}"),))

        def act(deed: Deed = deed) -> Outcome:
            return session.ledger.act(deed)

        session.do(act)
    qtbot.waitUntil(lambda: len(heard) == 8)
    assert heard == [f"第{number}步" for number in range(8)]


def test_a_job_can_be_cancelled_and_tells_how_far_it_is(session: Session, qtbot: QtBot) -> None:
    seen: list[int] = []
    session.moved.connect(lambda _work, done, _total: seen.append(done))

    def long(work: Work) -> bool:
        number = 0
        while not work.cancelled():
            number += 1
            if number == 1:
                work.progress(number, 100)
            threading.Event().wait(0.01)
        return True

    ended: list[bool] = []
    work = session.run(long, ended.append, label="长活")
    qtbot.waitUntil(lambda: bool(seen))
    work.cancel()
    qtbot.waitUntil(lambda: bool(ended))
