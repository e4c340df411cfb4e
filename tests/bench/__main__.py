"""Runs every bench and prints its ratio: ``python -m tests.bench [--small]``; exit 1 when a bound is missed.

Ratios of one run on one machine, medians, so that a slow machine does not fail and a fast one does not hide a fault.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from . import (
    checking,
    exchange,
    indicators,
    opening,
    overviewing,
    papers,
    rebuilding,
    saving,
    searching,
    sheets,
    slips,
    starting,
    tables,
    undoing,
)
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
    options.add_argument("--only", help="only the benches with this word in their name, such as papers")
    options.add_argument(
        "--peers", type=Path, help="a Python that has typst, weasyprint, fpdf2 and fontTools, to be measured beside"
    )
    chosen = options.parse_args()
    scale = 10 if chosen.small else 1
    folder = chosen.folder or Path(__file__).resolve().parents[2] / "build"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=folder) as made:
        os.environ["ZHENGGAI_HOME"] = str(Path(made) / "home")  # never this machine's own
        ratios: list[Ratio] = []
        for name, bench in _benches(Path(made), scale, chosen.peers).items():
            if chosen.only and chosen.only not in name:
                continue
            for ratio in bench():
                print(ratio, flush=True)
                ratios.append(ratio)
    missed = [ratio for ratio in ratios if not ratio.kept]
    print("all bounds kept" if not missed else f"MISSED: {', '.join(ratio.name for ratio in missed)}")
    return 1 if missed else 0


def _benches(made: Path, scale: int, peers: Path | None) -> dict[str, Callable[[], Iterable[Ratio]]]:
    """Name → bench. The first three share a ledger, made when the first of them begins."""
    ledger = cache(lambda: saving.big_ledger(made, 100_000 // scale))
    return {
        "saving": lambda: saving.save_a_form(ledger()),
        "opening": lambda: opening.open_and_list(ledger()),
        "overview": lambda: overviewing.count_and_tell(ledger()),
        "rebuilding": lambda: rebuilding.rebuild_all(made, 1_000_000 // scale),
        "checking": lambda: checking.check_everything(made, 100_000 // scale),
        "indicators": lambda: indicators.reckon_everything(made / "indicators", 100_000 // scale),
        "exchange": lambda: exchange.merge_files(made / "exchange", 125_000 // scale),
        "undoing": lambda: undoing.undo_and_redo(made / "undoing", 100_000 // scale),
        "sheets": lambda: sheets.import_and_export(made / "sheets", 100_000 // scale),
        "rows": lambda: sheets.look_at_many(made / "rows", 1_000_000 // scale),
        "search": lambda: searching.look_for_words(made / "search", 1_000_000 // scale),
        "start": lambda: starting.start_and_show(made / "start", 1_000_000 // scale),
        "papers": lambda: papers.set_papers(made / "papers", peers),
        "tables": lambda: tables.set_tables(made / "tables"),
        "papers in bulk": lambda: slips.print_slips(made / "slips"),
    }


if __name__ == "__main__":
    sys.exit(main())
