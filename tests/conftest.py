"""What every test shares: how long the laws run, how long it waits for a window, where the seed lies, no logged warning."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from pytestqt.wait_signal import SignalBlocker

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parents[1]
SEED = sorted((ROOT.parent / "shared" / "seed").glob("*.txt"))

_quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("ci", max_examples=40, deadline=None, suppress_health_check=_quiet, derandomize=True)
settings.register_profile("soak", max_examples=10_000, deadline=None, suppress_health_check=_quiet)
settings.load_profile(os.environ.get("ZHENGGAI_PROFILE", "ci"))


@pytest.fixture
def seed() -> Path:
    """The newspaper text with three notices; it stands beside the repository, never in it."""
    if not SEED:
        pytest.skip("the seed is not beside this clone (../shared/seed)")
    return SEED[0]


PATIENCE = 60_000
"""Milliseconds a test waits for a window to come to what it waits for: a busy machine is slow, not wrong."""


class PatientBot(QtBot):
    """Drives a window and waits for it longer than pytest-qt would by itself; what comes sooner is taken sooner."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE, **how: Any) -> SignalBlocker:
        return super().waitSignal(signal, timeout=timeout, **how)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """The one that drives windows, in every test."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def no_logged_warning(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning in the log is a failure: nobody reads it in the field."""
    yield
    for phase in ("setup", "call"):
        bad = [r for r in caplog.get_records(phase) if r.levelno >= logging.WARNING]
        assert not bad, [r.getMessage() for r in bad]


@pytest.fixture(autouse=True)
def faces_of_the_program() -> Iterator[None]:
    """Papers of tests are set in the faces that come with the program, whatever is installed where they run."""
    yield
    choice = sys.modules.get("desktop_app.notices.choice")
    if choice is not None and not choice.is_default():
        choice.choose(choice.Choice)


_MAKES_ITS_OWN = frozenset({"test_cli", "test_window", "test_kill"})
"""Journeys in which a new ledger is what is tested."""
_templates: dict[tuple[str, str], Path] = {}


@pytest.fixture(autouse=True)
def new_ledgers_are_copies(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new ledger takes ten times as long as a copy of one: each worker makes one for each unit and actor, and copies it.

    A copy is opened as any file that was copied: it writes under a number of its own. Copies share the ids of their unit
    and of their categories. Whatever ``new_ledger`` would refuse, and one with a clock of its own, is left to it.
    """
    ledgers = sys.modules.get("desktop_app.rectification.ledgers")
    if ledgers is None or request.module.__name__.rpartition(".")[2] in _MAKES_ITS_OWN:
        return
    make = ledgers.new_ledger

    def template(unit: str, actor: str) -> Path:
        if (unit, actor) not in _templates:
            folder = tmp_path_factory.mktemp("template")
            with monkeypatch.context() as elsewhere:
                elsewhere.setenv("ZHENGGAI_HOME", str(folder / "home"))
                make(folder / "template.zgl", unit, actor).close()
            _templates[unit, actor] = folder / "template.zgl"
        return _templates[unit, actor]

    def copied(path: Path, unit_name: str, actor: str, **rest: Any) -> Any:
        if rest or path.exists() or not path.parent.is_dir() or not unit_name.strip():
            return make(path, unit_name, actor, **rest)
        shutil.copyfile(template(unit_name, actor), path)
        return ledgers.open_ledger(path)

    monkeypatch.setattr(ledgers, "new_ledger", copied)
