"""The door of the program: a window where there is a screen, a sentence where there is none."""

from __future__ import annotations

import pytest

from desktop_app import __main__ as door


def test_without_a_screen_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert door.main([]) == 2
    assert "没有图形界面" in capsys.readouterr().err


def test_a_command_needs_no_screen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert door.main(["--help"]) == 0
    assert "notice" in capsys.readouterr().out
