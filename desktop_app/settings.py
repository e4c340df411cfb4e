"""What this machine remembers for its clerk: recent ledgers, who is at work, the look. None of it travels with a ledger."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from desktop_app import paths

_RECENT = 10


@dataclass(frozen=True)
class Settings:
    """Settings of this machine. ``recent`` are paths of ledgers, the latest first; ``windows`` is kept per ledger path."""

    actor: str = "经办人"
    recent: tuple[str, ...] = ()
    theme: str = "system"
    seen: str = "light"
    """The theme that was shown last: with ``system`` the first frame is painted in it, before the system is asked."""
    windows: dict[str, Any] = field(default_factory=dict)
    remind: bool = True
    """Whether the first opening of a ledger in a day tells what is due."""
    watch_sticks: bool = True
    """Whether a stick that brings files to be taken in is told of."""
    reminded: dict[str, Any] = field(default_factory=dict)
    """Path of a ledger → the day (ISO) that was last told."""
    lists: dict[str, Any] = field(default_factory=dict)
    """Path of a ledger → how its list of problems was looked at last (``look``), and the views of one's own (``views``)."""
    reopen: bool = True
    """Whether the program begins with the ledger that was open last."""
    tips: bool = True
    """Whether a sentence a day tells what the program can do."""
    tipped: str = ""
    """The day (ISO) that was last done."""
    pages: bool = True
    """Whether the pages of a paper stand in a list beside it."""
    faces: dict[str, Any] = field(default_factory=dict)
    """Role of a face in papers (``notices.choice.ROLES``) → PostScript name of a face installed here, ``own`` for that of the
    program; the best one installed for roles that are not named."""

    def opened(self, ledger: Path) -> Settings:
        """The same settings with this ledger as the latest."""
        path = str(ledger.absolute())
        return replace(self, recent=(path, *(p for p in self.recent if p != path))[:_RECENT])


def load(folder: Path | None = None) -> Settings:
    """Reads the settings; what is missing or unreadable has its default."""
    try:
        told = json.loads(((folder or paths.home()) / "settings.json").read_text("utf-8"))
        default = Settings()
        known = {
            f.name: told[f.name] for f in fields(Settings) if type(told.get(f.name)) in _json_types(default, f.name)
        }
        if "recent" in known:
            known["recent"] = tuple(p for p in known["recent"] if isinstance(p, str))
        return Settings(**known)
    except (OSError, ValueError, AttributeError, TypeError):
        return Settings()


def _json_types(default: Settings, name: str) -> tuple[type, ...]:
    kind = type(getattr(default, name))
    return (list,) if kind is tuple else (kind,)


def save(settings: Settings, folder: Path | None = None) -> None:
    """Writes the settings; a machine that cannot keep them goes on without."""
    target = (folder or paths.home()) / "settings.json"
    part = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(asdict(settings), ensure_ascii=False, indent=1), "utf-8")
        part.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
