"""What the ledger is measured by: SQLite alone, with the pragmas of a ledger file and nothing above it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from db.store import file


def connect(path: Path) -> Any:
    """A bare connection of the program's own driver, as durable as a ledger file."""
    connection = file.driver().connect(str(path), isolation_level=None)
    for pragma in ("journal_mode = DELETE", "synchronous = FULL", "cache_size = -32768", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
