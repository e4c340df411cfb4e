"""Runs every bench and prints its ratio: ``python -m tests.bench [--small]``; exit 1 when a bound is missed.

Ratios of one run on one machine, medians, so that a slow machine does not fail and a fast one does not hide a fault.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from . import checking, indicators, opening, rebuilding, saving, sheets, undoing
from .measure import Ratio


def main() -> int:
    """Runs the benches in a folder of their own; 0 when all bounds are kept."""
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument("--small", action="store_true", help="a tenth of the rows: a look, not a judgement")
    options.add_argument(
        "--folder",
        type=Path,
        help="where to measure (default: on the disk of this repository; a disk in memory knows no commit)",
    )
    chosen = options.parse_args()
    scale = 10 if chosen.small else 1
    folder = chosen.folder or Path(__file__).resolve().parents[2] / "build"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=folder) as made:
        os.environ["ZHENGGAI_HOME"] = str(Path(made) / "home")  # never this machine's own
        ratios: list[Ratio] = []
        ledger = saving.big_ledger(Path(made), 100_000 // scale)
        for found in (
            saving.save_a_form(ledger),
            opening.open_and_list(ledger),
            rebuilding.rebuild_all(Path(made), 1_000_000 // scale),
            checking.check_everything(Path(made), 100_000 // scale),
            indicators.reckon_everything(Path(made) / "indicators", 100_000 // scale),
            undoing.undo_and_redo(Path(made) / "undoing", 100_000 // scale),
            sheets.import_and_export(Path(made) / "sheets", 100_000 // scale),
            sheets.look_at_many(Path(made) / "rows", 1_000_000 // scale),
        ):
            for ratio in found:
                print(ratio, flush=True)
                ratios.append(ratio)
    missed = [ratio for ratio in ratios if not ratio.kept]
    print("all bounds kept" if not missed else f"MISSED: {', '.join(ratio.name for ratio in missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
