"""From the changes of one record to its row: pure reckoning, the same on every replica whatever order changes came in.

A change names the changes it replaces (its parents). For each field the *live* setters are those no later change has
replaced; the value shown is that of the live setter with the greatest (clock, replica). Live setters that disagree
are a conflict. A change that does not say otherwise asserts that its record exists, so that deleting a record while
somebody else edits it is a conflict too, and no edit vanishes in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from db.schema.kinds import Stored
from db.store import veils

DELETED = "deleted"


class Version(NamedTuple):
    """One change of one record, as far as its row is concerned."""

    clock: int
    replica: str
    hash: str
    parents: tuple[str, ...]
    fields: dict[str, Stored]
    hidden: frozenset[str] = frozenset()
    """Fields it sets to values that are not here; in ``fields`` they are absent values."""


def version(clock: int, replica: str, digest: str, parents: str, fields: str) -> Version:
    """A change as the log keeps it."""
    values, told = veils.read(fields)
    if not told:
        return Version(clock, replica, digest, tuple(parents.split()), values)
    return veiled(Version(clock, replica, digest, tuple(parents.split()), values), told)


def veiled(plain: Version, told: veils.Veils) -> Version:
    """A change with veils over some of its values."""
    gone = veils.hidden(told) - {"."}
    return plain._replace(fields={**plain.fields, **dict.fromkeys(gone)}, hidden=gone) if gone else plain


@dataclass(frozen=True)
class State:
    """A record as its changes make it: shown values, heads (changes nobody replaced), competing changes by field."""

    fields: dict[str, Stored]
    heads: tuple[str, ...]
    conflicts: dict[str, tuple[str, ...]]
    hidden: frozenset[str] = frozenset()
    """Fields whose shown value is not here."""


def project(versions: Sequence[Version]) -> State:
    """The state of one record from all its changes, in any order."""
    ordered = sorted(versions, key=lambda v: v[:3])
    previous: tuple[str, ...] = ()
    for version in ordered:
        if version.parents != previous:
            return _branched(ordered)
        previous = (version.hash,)
    fields: dict[str, Stored] = {}
    hidden = frozenset[str]()
    for version in ordered:
        fields.update(version.fields)
        if hidden or version.hidden:
            hidden = hidden - version.fields.keys() | version.hidden
    if ordered:
        fields[DELETED] = bool(ordered[-1].fields.get(DELETED, False))
    return State(fields, previous, {}, hidden)


def follows(heads: tuple[str, ...], versions: Sequence[Version]) -> State | None:
    """What changes in a record with these heads when these versions come, where each replaces all that was there before it.

    Such a version is the one live setter of its fields and of ``deleted``: these get its values, conflicts over them
    are settled, every other field stays as it is. None where a version left something unreplaced: the whole history
    must be looked at. Gives the same row as ``project`` on the whole history, without reading it.
    """
    fields: dict[str, Stored] = {}
    for version in versions:
        if version.parents != heads:
            return None
        fields |= version.fields
        fields[DELETED] = bool(version.fields.get(DELETED, False))
        heads = (version.hash,)
    return State(fields, heads, {})


def live(ordered: Sequence[Version]) -> dict[str, list[int]]:
    """Field → indexes of its live setters; ``ordered`` by (clock, replica, hash), which puts parents before children."""
    index = {version.hash: i for i, version in enumerate(ordered)}
    ancestors: list[int] = []
    setters: dict[str, list[int]] = {}
    for i, version in enumerate(ordered):
        seen = 0
        for parent in version.parents:
            at = index.get(parent)
            if at is not None and at < i:
                seen |= ancestors[at] | 1 << at
        ancestors.append(seen)
        for name in {*version.fields, DELETED}:
            setters[name] = [j for j in setters.get(name, ()) if not seen >> j & 1] + [i]
    return setters


def _branched(ordered: Sequence[Version]) -> State:
    fields: dict[str, Stored] = {}
    conflicts: dict[str, tuple[str, ...]] = {}
    hidden: set[str] = set()
    for name, setters in sorted(live(ordered).items()):
        default = False if name == DELETED else None
        fields[name] = ordered[setters[-1]].fields.get(name, default)
        if name in ordered[setters[-1]].hidden:
            hidden.add(name)
        # What is not here is no side of a conflict: who cannot see it cannot decide on it.
        known = [ordered[i].fields.get(name, default) for i in setters if name not in ordered[i].hidden]
        if any(value != known[-1] for value in known):
            conflicts[name] = tuple(sorted(ordered[i].hash for i in setters))
    replaced = {parent for version in ordered for parent in version.parents}
    heads = tuple(sorted(version.hash for version in ordered if version.hash not in replaced))
    return State(fields, heads, conflicts, frozenset(hidden))
