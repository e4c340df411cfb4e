"""What may be taken in: files and folders dropped on the window; and sizes in words. Light, for the frame loads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QDropEvent

ENDINGS = (".zgx", ".zgr", ".zgl")
"""What may be taken in: packages, receipts that come back, whole ledger files."""


def takeable(event: QDropEvent) -> list[Path]:
    """The dropped files and folders that may be taken in."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in ENDINGS or path.is_dir()]


def size(count: int) -> str:
    """Bytes as people say them."""
    for unit, shift in (("GB", 30), ("MB", 20), ("KB", 10)):
        if count >= 1 << shift:
            return f"{count / (1 << shift):.1f} {unit}"
    return f"{count} 字节"
