"""Watches the event loop of the window: every stretch longer than 50 ms in which it did not come round is a block, with what the
window was doing then.

Off by default. ``ZHENGGAI_WATCH=1`` writes the blocks into ``blocks.log`` in this machine's folder; journeys and benches read
them from ``Watchdog.blocks``. A block is told with its wall time and with the time the window's own thread was computing: the
first is what a clerk feels, the second does not depend on what else the machine is doing.
"""

from __future__ import annotations

import sys
import threading
import traceback
from dataclasses import dataclass
from time import perf_counter, sleep, thread_time

from PySide6.QtCore import QObject, Qt, QTimer

from desktop_app import paths

LONGEST = 0.05
"""Seconds the loop may take to come round."""
_BEAT = 5
"""Milliseconds between two beats."""


@dataclass(frozen=True)
class Block:
    """Seconds the loop was blocked, seconds its thread was computing meanwhile, and the innermost calls of ours it was in."""

    wall: float
    cpu: float
    where: str


class Watchdog(QObject):
    """Beats in the event loop; a thread beside it looks whether the beat is late, and where the window is then."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.blocks: list[Block] = []
        self._thread = threading.get_ident()
        self._last, self._cpu = perf_counter(), thread_time()
        self._where = ""
        self._stopped = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self._looking = threading.Thread(target=self._look, name="watchdog", daemon=True)
        self._looking.start()

    def worst(self) -> float:
        """The longest computing of the window's thread in one block, in seconds."""
        return max((one.cpu for one in self.blocks), default=0.0)

    def clear(self) -> None:
        """Forgets the blocks."""
        self.blocks.clear()
        self._last, self._cpu, self._where = perf_counter(), thread_time(), ""

    def stop(self) -> None:
        """Watches no longer."""
        self._timer.stop()
        self._stopped.set()
        self._looking.join()

    def _beat(self) -> None:
        now, cpu = perf_counter(), thread_time()
        took = now - self._last
        if took - _BEAT / 1000 > LONGEST:
            self.told(Block(took, cpu - self._cpu, self._where))
        self._last, self._cpu, self._where = perf_counter(), thread_time(), ""

    def told(self, block: Block) -> None:
        """A block is over."""
        self.blocks.append(block)

    def _look(self) -> None:
        while not self._stopped.is_set():
            sleep(LONGEST / 2)
            if not self._where and perf_counter() - self._last > LONGEST:
                frame = sys._current_frames().get(self._thread)
                if frame is not None:
                    calls = [one for one in traceback.extract_stack(frame) if "desktop_app" in one.filename]
                    self._where = " > ".join(
                        f"{one.filename.rpartition('/')[2]}:{one.lineno} {one.name}" for one in calls[-4:]
                    )


class LoggingWatchdog(Watchdog):
    """Writes each block down as it ends."""

    def told(self, block: Block) -> None:
        super().told(block)
        file = paths.home() / "blocks.log"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{block.wall * 1000:.0f} ms, {block.cpu * 1000:.0f} ms computing: {block.where}\n")
