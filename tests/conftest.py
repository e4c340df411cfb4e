"""What every test shares: how long the laws run, how long it waits for a window, where the seed lies, no logged warning."""

from __future__ import annotations

import logging
import os
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
settings.register_profile("ci", max_examples=60, deadline=None, suppress_health_check=_quiet, derandomize=True)
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
