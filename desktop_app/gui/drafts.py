"""Half-typed forms on this machine's disk: what was typed and not saved is there again when the ledger is next opened."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from desktop_app import paths
from desktop_app.gui.session import Draft

Drafts = dict[tuple[str, str], Draft]


def place(ledger: Path) -> Path:
    """The file for the drafts of a ledger."""
    name = hashlib.sha256(str(ledger.absolute()).encode()).hexdigest()[:24]
    return paths.home() / "drafts" / f"{name}.json"


def load(ledger: Path) -> Drafts:
    """The drafts kept for a ledger; none when there are none, or the file cannot be read."""
    try:
        told = json.loads(place(ledger).read_text("utf-8"))
        return {
            (str(one["record"]), str(one["id"])): Draft(dict(one["typed"]), dict(one["fixed"]), bool(one["new"]))
            for one in told
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def save(ledger: Path, drafts: Drafts) -> None:
    """Writes the drafts of a ledger; without any, the file goes. A machine that cannot keep them goes on without."""
    target = place(ledger)
    told = [
        {"record": record, "id": identifier, "typed": draft.typed, "fixed": draft.fixed, "new": draft.new}
        for (record, identifier), draft in drafts.items()
    ]
    try:
        if not told:
            target.unlink(missing_ok=True)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        part.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        part.replace(target)
    except OSError:
        return
