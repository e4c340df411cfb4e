"""What happens when the program itself is wrong: the fault is written to a file and told in one sentence; the window stays."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from db import clock
from db.errors import Fault, Refusal
from desktop_app import paths

if TYPE_CHECKING:
    from types import TracebackType

T = TypeVar("T")
LARGEST = 2_000_000
"""Bytes after which the file of faults begins anew (the former one is kept as ``faults.old.log``)."""


class Broken(Fault):
    """A bug, told in one sentence; ``report`` is what whoever mends the program needs: moment, system, where it happened."""

    def __init__(self, sentence: str, advice: str, topic: str, report: str) -> None:
        super().__init__(sentence, advice, topic)
        self.report = report


def report(error: BaseException) -> str:
    """What is written down of a fault: moment, Python, system, traceback. No contents of the ledger but what the error says."""
    import platform
    import traceback

    lines = "".join(traceback.format_exception(error))
    return f"{clock.stamp(clock.now())} Python {platform.python_version()} {sys.platform}\n{lines}"


def note(error: BaseException) -> None:
    """Appends a fault with its traceback to ``faults.log`` in this machine's folder; silent when even that fails."""
    try:
        file = paths.home() / "faults.log"
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > LARGEST:
            file.replace(file.with_name("faults.old.log"))
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{report(error)}\n")
    except OSError:
        return


def told(error: BaseException) -> Refusal:
    """Any error as something that can be shown: a ``Refusal`` as it is, a bug as one sentence (and into the file)."""
    if isinstance(error, Refusal):
        return error
    note(error)
    where = paths.home() / "faults.log"
    return Broken(
        "程序出错了，这一步没有做成，已保存的内容没有变化。",
        f"请把文件 {where} 交给维护人员。",
        "faults",
        report(error),
    )


def contained(act: Callable[..., T], tell: Callable[[Refusal], None], *values: Any) -> T | None:
    """Calls something of a page; when it fails it is told, and whoever called goes on."""
    try:
        return act(*values)
    except Exception as error:
        tell(told(error))
        return None


def install(tell: Callable[[Refusal], None]) -> None:
    """From now on an error nobody caught is noted and told by ``tell``; the event loop goes on."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        tell(told(error))

    sys.excepthook = hook
