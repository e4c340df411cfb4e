"""Which number a package bears: packages of one ledger file for one recipient are numbered and chained, as changes are.

A series belongs to one installation, one file at one place and one recipient. The file notes the last number and its hash; the
installation keeps a small file for it, made before the package gets its name. Only where both tell the same does the series go
on; an older copy of the ledger that was put back, a copied one, a pack cut off in the middle begin a new series, so that two
different packages never bear one number. A recipient that misses a number is told so by the next.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

from db.errors import Refusal
from db.exchange.contents import Party
from db.exchange.manifest import TOPIC, is_key
from db.ledger.ledger import Ledger
from db.store.replica import Installation


@dataclass(frozen=True)
class Number:
    """The number a package is to bear: series, number from 1, hash of the package before it ("" for the first)."""

    series: str
    number: int = 1
    previous: str = ""


def coming(ledger: Ledger, to: Party | None) -> Number:
    """The number of the next package for that recipient (None: for everybody)."""
    last = _last(ledger, to)
    if last is None:
        return Number(secrets.token_hex(8))
    path = _path(ledger.installation, last.series, last.number)
    following = _path(ledger.installation, last.series, last.number + 1)
    with suppress(OSError):
        if path.read_text("ascii") == last.previous and not following.exists():
            return Number(last.series, last.number + 1, last.previous)
    return Number(secrets.token_hex(8))


def reserve(ledger: Ledger, number: Number, digest: str) -> None:
    """Notes on this machine that the number is about to be given to a package; ``Refusal`` where another window gave it just
    now. A machine that can note nothing begins a series with every package."""
    path = _path(ledger.installation, number.series, number.number)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(digest.encode())
    except FileExistsError:
        raise Refusal("另一个窗口刚刚也导出了一份。", "请再导出一次。", TOPIC) from None
    except OSError:
        pass


def release(ledger: Ledger, number: Number) -> None:
    """Takes a number back that was given to nothing: the package could not get its name."""
    with suppress(OSError):
        _path(ledger.installation, number.series, number.number).unlink()


def given(ledger: Ledger, to: Party | None, number: Number, digest: str) -> None:
    """Notes in the ledger file that the package is there."""
    if not ledger.writable:
        return
    told = [os.path.realpath(ledger.path), number.series, number.number, digest]
    ledger.note(_key(ledger, to), orjson.dumps(told).decode())
    with suppress(OSError):
        _path(ledger.installation, number.series, number.number - 1).unlink(missing_ok=True)


def _last(ledger: Ledger, to: Party | None) -> Number | None:
    """Series and number of the last package, with its own hash as ``previous``; None where nothing fitting is noted."""
    try:
        place, series, number, digest = orjson.loads(ledger.note(_key(ledger, to)) or "")
    except (orjson.JSONDecodeError, TypeError, ValueError):
        return None
    fits = place == os.path.realpath(ledger.path) and isinstance(number, int) and is_key(digest)
    return Number(str(series), number, digest) if fits else None


def _key(ledger: Ledger, to: Party | None) -> str:
    return f"sent:{ledger.installation.name}:{(to.installation or to.unit or to.name) if to else ''}"


def _path(installation: Installation, series: str, number: int) -> Path:
    return installation.folder / "packages" / f"{series[:16]}.{number}"
