"""The faces installed on this machine: where they lie, what they are called, what their licence allows.

Only directories, names and licence bits are read, through memory maps, and kept in this machine's folder by path, size and
time of change: hundreds of files cost some ten milliseconds once they are known. Damaged and symbol faces, variable ones,
slanted ones and those that may not be embedded are left out.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from desktop_app import paths
from desktop_app.notices import sfnt

SUFFIXES = (".ttf", ".ttc", ".otf", ".otc")
MOST = 20_000
"""Files that are looked at; a machine with more has other troubles."""
_FORM = 1
"""Of the file in which names are kept; raised when it changes."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A face of a font file. ``families`` and ``names`` (full and PostScript ones) are in all languages of the file."""

    path: str
    index: int
    families: tuple[str, ...]
    names: tuple[str, ...]
    styles: tuple[str, ...]
    postscript: str
    weight: int = 400
    whole: bool = False


def folders() -> list[Path]:
    """Where this system keeps the faces of the machine and of its user, those that exist."""
    home = Path.home()
    if sys.platform == "win32":
        user = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
        named = [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", user / "Microsoft" / "Windows" / "Fonts"]
    elif sys.platform == "darwin":
        named = [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
        named += sorted(Path("/System/Library/AssetsV2").glob("com_apple_MobileAsset_Font*"))
    else:
        data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
        named = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", data / "fonts"]
    return [folder for folder in named if folder.is_dir()]


def found(where: Iterable[Path] | None = None, keep: Path | None = None) -> tuple[Installed, ...]:
    """Every usable face in these folders (the system's own), in the order of their paths.

    ``keep`` is the file in which names are remembered; this machine's own when it is None. A machine that cannot keep it
    goes on without.
    """
    kept = keep or paths.home() / "faces.json"
    known = _known(kept)
    now: dict[str, list[Any]] = {}
    for path, size, changed in _files(folders() if where is None else where):
        entry = known.get(path)
        if entry is None or entry[:2] != [size, changed]:
            entry = [size, changed, [asdict(face) for face in read(Path(path))]]
        now[path] = entry
    if now != known:
        _keep(kept, now)
    return tuple(_face(told) for path in sorted(now) for told in now[path][2])


def _files(where: Iterable[Path]) -> Iterator[tuple[str, int, int]]:
    seen = 0
    for folder in where:
        for root, _folders, names in os.walk(folder):
            for name in sorted(names):
                if not name.lower().endswith(SUFFIXES) or seen >= MOST:
                    continue
                path = os.path.join(root, name)  # noqa: PTH118 (a thousand Paths take longer than the rest)
                try:
                    state = os.stat(path)  # noqa: PTH116
                except OSError:
                    continue
                seen += 1
                yield path, state.st_size, state.st_mtime_ns


def read(path: Path) -> list[Installed]:
    """The usable faces of one file; none of a file that is damaged or cannot be read."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return [face for index, at in enumerate(sfnt.offsets(data)) if (face := _read(path, index, data, at))]
    except (OSError, ValueError):
        return []


def _read(path: Path, index: int, data: Any, at: int) -> Installed | None:
    tables = sfnt.tables(data, at, {b"name", b"OS/2", b"cmap"})
    outlines = {b"glyf", b"loca"} <= tables.keys() or b"CFF " in tables
    if not outlines or b"fvar" in tables or b"name" not in tables or b"cmap" not in tables:
        return None
    os2 = tables.get(b"OS/2")
    allowed = sfnt.licence(os2)
    if allowed == "none" or sfnt.slanted(os2) or sfnt.symbolic(tables[b"cmap"]):
        return None
    by_number: dict[int, dict[str, None]] = {}
    for number, text in sfnt.names(tables[b"name"]):
        by_number.setdefault(number, {})[text] = None

    def told(*numbers: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for number in numbers for text in by_number.get(number, ())))

    postscript = next(iter(told(6)), "")
    return Installed(
        str(path), index, told(16, 1), told(4, 6), told(17, 2), postscript, sfnt.weight(os2), allowed == "whole"
    )


def _known(kept: Path) -> dict[str, list[Any]]:
    try:
        told = json.loads(kept.read_text("utf-8"))
        return dict(told["files"]) if told["form"] == _FORM and all(map(_sound, told["files"].values())) else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _sound(entry: Any) -> bool:
    """Whether a remembered entry is one of ours: the file may be of another hand."""
    names = {one.name for one in fields(Installed)}
    return len(entry) == 3 and all(told.keys() == names for told in entry[2])


def _keep(kept: Path, files: Mapping[str, list[Any]]) -> None:
    part = kept.with_suffix(".part")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({"form": _FORM, "files": files}, ensure_ascii=False), "utf-8")
        part.replace(kept)
    except (OSError, UnicodeError):
        with contextlib.suppress(OSError):
            part.unlink()


def _face(told: Mapping[str, Any]) -> Installed:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    return Installed(**values)
