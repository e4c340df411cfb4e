"""The one door of the program: a window, or a command. Late imports live here, so that neither loads the other."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop_app.notices import choice


def has_display() -> bool:
    """Whether a window could be shown: always but on a Linux without a screen; a platform named for Qt is believed."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _faces() -> choice.Choice:
    """The faces this machine's papers are set in; asked for by the first paper, so that no start waits for them."""
    from desktop_app.notices import ranks

    return ranks.of_this_machine()


def main(argv: list[str] | None = None) -> int:
    """``zhenggai`` and ``zhenggai LEDGER`` open the window; anything else is a command. Returns the exit code."""
    words = sys.argv[1:] if argv is None else argv
    choice.choose(_faces)
    if not words or (len(words) == 1 and words[0].endswith(".zgl")):
        if not has_display():
            print("这台电脑没有图形界面，打不开窗口。", file=sys.stderr)
            print("可以用命令行：zhenggai --help；看示例文书：zhenggai demo 文件夹。", file=sys.stderr)
            return 2
        from desktop_app.gui.main import run

        return run(Path(words[0]) if words else None)
    from desktop_app.cli.main import main as command

    return command(words)


if __name__ == "__main__":
    sys.exit(main())
