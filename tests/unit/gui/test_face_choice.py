"""The settings offer the faces of this machine, role by role, and papers follow."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from desktop_app import settings as machine
from desktop_app.gui import face_choice
from desktop_app.gui.face_choice import FaceChoice
from desktop_app.gui.session import Session
from desktop_app.notices import choice, installed, ranks
from desktop_app.notices.installed import Installed

FANG = Installed("/f/fs.ttf", 0, ("仿宋_GB2312",), ("FangSong_GB2312",), ("Regular",), "FangSong_GB2312")
XBS = Installed("/f/xbs.ttf", 0, ("方正小标宋简体",), ("FZXBSJW--GB1-0",), (), "FZXBSJW--GB1-0", whole=True)
OWN = Installed("/f/own.ttf", 0, ("某局体",), ("OurOwn",), (), "OurOwn")
LATIN = Installed("/f/latin.ttf", 0, ("Arial",), ("Arial",), (), "Arial")


def offered(shown: FaceChoice, role: str) -> list[str]:
    listed = shown.lists[role]
    return [listed.itemText(at) for at in range(listed.count())]


def test_the_lists_are_filled_when_they_are_shown(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face_choice, "found", lambda: (FANG, XBS, OWN, LATIN))
    shown = FaceChoice(session)
    qtbot.addWidget(shown)
    assert not shown.lists["body"].isEnabled()
    shown.show()
    qtbot.waitUntil(shown.lists["body"].isEnabled)
    assert offered(shown, "body") == [
        "自动：仿宋_GB2312", "随程序的：Fandol 仿宋", "本机的：仿宋_GB2312", "本机的：方正小标宋简体（只许整个放进文件）", "本机的：某局体",
    ]  # fmt: skip
    assert offered(shown, "title")[0] == "自动：思源宋体（SemiBold）", (
        "a face to be embedded whole is not taken by itself"
    )
    assert offered(shown, "title")[2].startswith("本机的：方正小标宋简体")


def test_a_choice_is_kept_and_papers_follow(session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "found", lambda: ())
    shown = FaceChoice(session)
    qtbot.addWidget(shown)
    shown.fill((FANG, OWN))
    listed = shown.lists["kai"]
    listed.setCurrentIndex(listed.findData("OurOwn"))
    listed.activated.emit(listed.currentIndex())
    assert machine.load().faces == {"kai": "OurOwn"}
    assert "kai" in choice.chosen().absent, "a face that is named and not there is not found"
    listed.setCurrentIndex(listed.findData(ranks.OURS))
    listed.activated.emit(listed.currentIndex())
    assert "kai" not in choice.chosen().absent
    listed.setCurrentIndex(0)
    listed.activated.emit(0)
    assert machine.load().faces == {}
    session.keep_settings(faces={"kai": "OurOwn"})
    shown.fill((FANG, OWN))
    assert listed.currentData() == "OurOwn"
