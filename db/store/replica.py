"""Under which number this program writes into this file.

A replica number belongs to one installation and one file at one place. A file that was copied, moved, or replaced by an
older copy of itself gets a new number before anything is written, so that no two files ever number their changes alike.

The file remembers (table ``binding``) which number this installation used at which path; the installation remembers in
its own folder the last change written under that number. Both must tell the same story:

* ``last`` is what is known to be committed; ``next`` is what was about to be committed.
* The file's last change equals ``last`` with nothing under way, or equals ``next``: the story goes on.
* Anything else (an older copy was put back, the notes were lost, a save was cut off at an unknown point): a new number.
  A new number costs nothing but itself.
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

from sqlalchemy import Connection, select

from db.store.tables import Tables


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

    def recall(self, replica: str) -> tuple[Point, Point | None] | None:
        """(last, next) of a replica; None when nothing, or nothing readable, is remembered."""
        try:
            known = json.loads(self._file(replica).read_text("utf-8"))
            under_way = Point(*known["next"]) if known["next"] else None
            return Point(*known["last"]), under_way
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remember(self, replica: str, last: Point, under_way: Point | None) -> None:
        """Notes where a replica stands. Not synced: after a power cut the story does not fit and a new number is taken."""
        told = json.dumps(
            {"last": [last.sequence, last.hash], "next": [under_way.sequence, under_way.hash] if under_way else None}
        )
        file = self._file(replica)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, told.encode().ljust(400))
            finally:
                os.close(descriptor)
        except OSError:
            pass


def head(connection: Connection, tables: Tables, replica: str) -> Point:
    """The last change of a replica in the file."""
    log = tables.log
    row = connection.execute(
        select(log.c.sequence, log.c.hash).where(log.c.replica == replica).order_by(log.c.sequence.desc()).limit(1)
    ).first()
    return Point(row.sequence, row.hash) if row else Point()


def bound(connection: Connection, tables: Tables, installation: Installation, path: Path) -> tuple[str, Point]:
    """The replica to write under, and its last change; renewed and bound here where the story does not fit."""
    binding = tables.binding
    place = os.path.realpath(path)
    row = connection.execute(select(binding).where(binding.c.installation == installation.name)).first()
    if row is not None and row.path == place:
        last = head(connection, tables, row.replica)
        story = installation.recall(row.replica)
        if story is not None and (last == story[1] or (story[1] is None and last == story[0])):
            return row.replica, last
    replica = secrets.token_hex(8)
    connection.execute(binding.delete().where(binding.c.installation == installation.name))
    connection.execute(binding.insert(), {"installation": installation.name, "path": place, "replica": replica})
    return replica, Point()
