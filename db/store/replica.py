"""Under which number this program writes into this file.

A replica number belongs to one installation and one file at one place. A file that was copied, moved, or replaced by an
older copy of itself gets a new number before anything is written, so that no two files ever number their changes alike.

The file remembers (table ``binding``) which number this installation used at which path; the installation remembers in
its own folder the last change it was about to commit under that number, noted before every commit while the file is
locked. Only where the file's last change of that number is this very one does the story go on. Anything else (an older copy
was put back, the notes were lost, a save was cut off before its commit) gives a new number, which costs nothing but itself.
"""

from __future__ import annotations

import json
import os
import platform
import re
import secrets
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from db.store.tables import Tables

_NOTE = 200
"""Bytes of a note, longer than any: it is written over in one piece, never cut short first."""


@dataclass(frozen=True)
class Point:
    """A change of one replica: its sequence number (0: none yet) and its hash."""

    sequence: int = 0
    hash: str = ""


@dataclass
class Installation:
    """This machine's own memory of the replicas it writes under: one small file each in ``folder``."""

    folder: Path
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self._identity()

    def _identity(self) -> str:
        machine = f"{platform.node()}/{uuid.getnode():012x}"
        file = self.folder / "installation.json"
        try:
            known = json.loads(file.read_text("utf-8"))
            if known["machine"] == machine and re.fullmatch(r"[0-9a-f]{16}", known["name"]):
                return str(known["name"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        name = secrets.token_hex(8)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps({"machine": machine, "name": name}), "utf-8")
        except OSError:
            pass  # nothing is remembered on this machine: every opening of a file gets a number of its own
        return name

    def _file(self, replica: str) -> Path:
        return self.folder / "replicas" / f"{replica}.json"

    def recall(self, replica: str) -> Point | None:
        """The last change of a replica this installation was about to commit; None when nothing readable is remembered."""
        try:
            known = json.loads(self._file(replica).read_bytes())
            return Point(int(known["sequence"]), str(known["hash"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remember(self, replica: str, coming: Point) -> None:
        """Notes the change about to be committed. Not synced: after a power cut the story does not fit and a new number
        is taken; where it cannot be noted at all, every save takes a new number."""
        told = json.dumps({"sequence": coming.sequence, "hash": coming.hash}).encode().ljust(_NOTE)
        file = self._file(replica)
        try:
            try:
                descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
            except FileNotFoundError:
                file.parent.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, told)
            finally:
                os.close(descriptor)
        except OSError:
            pass


def head(connection: Connection, tables: Tables, replica: str) -> Point:
    """The last change of a replica in the file."""
    row = tables.statements.head.first(connection, replica_=replica)
    return Point(*row) if row else Point()


def bound(connection: Connection, tables: Tables, installation: Installation, path: Path) -> tuple[str, Point]:
    """The replica to write under, and its last change; renewed and bound here where the story does not fit."""
    binding = tables.binding
    place = os.path.realpath(path)
    row = tables.statements.binding.first(connection, installation_=installation.name)
    if row is not None and row[0] == place:
        known: str = row[1]
        last = head(connection, tables, known)
        if installation.recall(known) == last:
            return known, last
    replica = secrets.token_hex(8)
    connection.execute(binding.delete().where(binding.c.installation == installation.name))
    connection.execute(binding.insert(), {"installation": installation.name, "path": place, "replica": replica})
    return replica, Point()
