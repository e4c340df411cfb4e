"""Where things lie: the program's own resources, and this machine's folder for settings that never travel."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def resources() -> Path:
    """The folder ``resources``: beside the source tree, or inside the installed or frozen program."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    beside = Path(__file__).resolve().parent.parent / "resources"
    return beside if beside.is_dir() else Path(sys.prefix) / "share" / "zhenggai" / "resources"


def home() -> Path:
    """This machine's folder for the program: settings, replica notes, half-typed forms, the fault log.

    ``ZHENGGAI_HOME`` names another one (tests, a program on a stick).
    """
    named = os.environ.get("ZHENGGAI_HOME")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("zhenggai", appauthor=False))
