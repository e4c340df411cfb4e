"""A large deed taken back and done again, beside the deed itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from db.ledger.change import Deed, Edit

from . import sheets
from .measure import Ratio, timed


def undo_and_redo(folder: Path, count: int) -> Iterator[Ratio]:
    """Rows pasted into a register, and a field of each of them changed: undone, and redone."""
    ledger, schema, to = sheets.register(folder)
    pointed = sheets.filled(ledger, schema, to, 0)
    pasted = tuple(Edit(schema.name, f"row-{n:09d}", sheets.values(schema, n, pointed, "other")) for n in range(count))
    changed = tuple(Edit(schema.name, f"row-{n:09d}", {"remark": f"注{n}"}) for n in range(count))
    for words, edits in (("new", pasted), ("changed", changed)):
        deed = Deed(words, "某人", edits)
        acting = timed(partial(ledger.act, deed))
        yield Ratio(f"undo {count:,} {words} rows", timed(lambda: ledger.undo("某人")), acting, 3)
        yield Ratio(f"redo {count:,} {words} rows", timed(lambda: ledger.redo("某人")), acting, 3)
    ledger.close()
