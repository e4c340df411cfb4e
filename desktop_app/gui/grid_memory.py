"""What this machine remembers of each grid: widths and hidden columns. It never travels."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from desktop_app import paths

NARROWEST, WIDEST = 40, 900


@dataclass(frozen=True)
class Looks:
    """How the grid of one register looks: field → pixels, and the fields that are not shown."""

    widths: dict[str, int] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()


def _place() -> Path:
    return paths.home() / "grids.json"


def _all() -> dict[str, Any]:
    try:
        told = json.loads(_place().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def load(schema: str) -> Looks:
    """What is remembered of the grid of a schema; nothing where nothing readable is."""
    told = _all().get(schema)
    if not isinstance(told, dict):
        return Looks()
    widths, hidden = told.get("widths"), told.get("hidden")
    known = {
        str(name): width
        for name, width in (widths.items() if isinstance(widths, dict) else ())
        if type(width) is int and NARROWEST <= width <= WIDEST
    }
    return Looks(known, tuple(str(one) for one in hidden) if isinstance(hidden, list) else ())


def save(schema: str, looks: Looks) -> None:
    """Remembers a grid; a machine that cannot goes on without."""
    told = _all() | {schema: asdict(replace(looks, hidden=tuple(sorted(looks.hidden))))}
    part = _place().with_suffix(".part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        part.replace(_place())
    except OSError:
        return
