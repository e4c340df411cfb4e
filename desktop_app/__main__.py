"""The one door of the program: a window, or a command. Late imports live here, so that neither loads the other."""

from __future__ import annotations

import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """``zhenggai`` and ``zhenggai LEDGER`` open the window; anything else is a command. Returns the exit code."""
    words = sys.argv[1:] if argv is None else argv
    if not words or (len(words) == 1 and words[0].endswith(".zgl")):
        from desktop_app.gui.main import run

        return run(Path(words[0]) if words else None)
    from desktop_app.cli.main import main as command

    return command(words)


if __name__ == "__main__":
    sys.exit(main())
