"""What every test shares: how long the laws run, where the seed lies, and that a logged warning is a failure."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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


@pytest.fixture(autouse=True)
def no_logged_warning(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning in the log is a failure: nobody reads it in the field."""
    yield
    for phase in ("setup", "call"):
        bad = [r for r in caplog.get_records(phase) if r.levelno >= logging.WARNING]
        assert not bad, [r.getMessage() for r in bad]
