"""What a merge would do, said before anything is written: per unit, register and record what comes, changes, conflicts, goes.

The files are walked onto a trial (``trial``) exactly as ``merge`` walks them into the ledger, then each touched record is
projected twice: as it is, and as it would be. Counts are whole; of the records only the first are told one by one, and
``lines`` gives them all, one after the other, for whoever prints or filters a long list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from db.exchange import belonging, definitions
from db.exchange.contents import Cancelled, Contents, Progress, never, silent
from db.exchange.definitions import Coming
from db.exchange.trial import Trial, said_by, trial
from db.exchange.walk import Fate, Stopped, Walk
from db.ledger.conflicts import Rival
from db.ledger.facts import Facts
from db.schema.kinds import Stored
from db.store.projection import DELETED, State, Version, live, project
from db.store.tables import Tables

LINES = 2_000
"""Records a preview tells one by one."""
_BLOCK = 500
_HERE = 0.5
"""Part of the work that is done when the files are read."""

What = Literal["new", "changed", "deleted", "restored", "unseen"]


@dataclass(frozen=True)
class Change:
    """A field whose shown value changes: stored forms, and whose value it is then, when (UTC) and in which deed's sentence."""

    field: str
    before: Stored
    after: Stored
    actor: str = ""
    time: str = ""
    replica: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Clash:
    """A field in conflict after the merge, with the competing values."""

    field: str
    rivals: tuple[Rival, ...]


@dataclass(frozen=True)
class Line:
    """What happens to one record. ``unseen`` changes nothing that is shown: what comes was replaced already, or is the same.
    ``title`` is what the record is called afterwards, ``clashes`` the conflicts the merge makes, ``decided`` the fields whose
    conflict it decides."""

    unit: str
    record: str
    id: str
    what: What
    title: str = ""
    changes: tuple[Change, ...] = ()
    clashes: tuple[Clash, ...] = ()
    decided: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    """How many records of one unit and schema are new, changed, deleted, restored or touched unseen; how many shown values
    change; how many conflicts are made and decided; how many changes come."""

    unit: str
    record: str
    new: int = 0
    changed: int = 0
    deleted: int = 0
    restored: int = 0
    unseen: int = 0
    values: int = 0
    conflicts: int = 0
    decided: int = 0
    came: int = 0


@dataclass(frozen=True)
class Offered:
    """One file: changes that would be taken and that are here already, papers that come with their bytes, and why it would be
    refused ("" where it would not)."""

    name: str
    hash: str
    taken: int
    passed: int
    refusal: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Preview:
    """What merging these files would do. ``lines`` are the first records by schema and id, ``omitted`` how many more there are."""

    files: tuple[Offered, ...]
    counts: tuple[Count, ...] = ()
    lines: tuple[Line, ...] = ()
    omitted: int = 0
    papers: tuple[tuple[str, int], ...] = ()
    definitions: tuple[Coming, ...] = ()

    @property
    def taken(self) -> int:
        """Changes that would be taken."""
        return sum(one.taken for one in self.files)

    @property
    def conflicts(self) -> int:
        """Fields that would be in conflict and are not yet."""
        return sum(one.conflicts for one in self.counts)


@dataclass
class _Sum:
    """Counts while they are made."""

    numbers: dict[str, int] = field(default_factory=dict)

    def add(self, line: Line, came: int) -> None:
        told = {line.what: 1, "values": len(line.changes), "conflicts": len(line.clashes)}
        for name, value in (told | {"decided": len(line.decided), "came": came}).items():
            self.numbers[name] = self.numbers.get(name, 0) + value


def preview(
    facts: Facts,
    files: Sequence[Contents],
    *,
    progress: Progress = silent,
    cancelled: Cancelled = never,
    most: int = LINES,
) -> Preview:
    """What merging these files would do; the ledger is only read. ``Refusal`` when it is cancelled."""
    with trial(facts) as tried:
        fates = _walked(tried, files, progress, cancelled)
        known, made = tried.vocabulary()
        sums: dict[tuple[str, str], _Sum] = {}
        told: list[Line] = []
        omitted = 0
        total, done = sum(fate.taken for fate in fates) or 1, 0
        for number, (line, came) in enumerate(_lines(tried, made, most)):
            sums.setdefault((line.unit, line.record), _Sum()).add(line, came)
            done += came
            if number < most:
                told.append(line)
            else:
                omitted += 1
            if number % _BLOCK == 0:
                progress(min(_HERE + (1 - _HERE) * done / total, 1.0))
                if cancelled():
                    raise Stopped("已取消预览，本台账没有改动。", "", "exchange")
        counts = tuple(Count(unit, record, **sums[unit, record].numbers) for unit, record in sorted(sums))
        coming = definitions.coming(facts.vocabulary, known, tried.names())
        return Preview(
            tuple(offered(fate) for fate in fates), counts, tuple(told), omitted, tuple(tried.papers.items()), coming
        )


def lines(facts: Facts, files: Sequence[Contents]) -> Iterator[Line]:
    """Every record a merge of these files would touch, one after the other, by schema and id; memory does not grow with them."""
    with trial(facts) as tried:
        _walked(tried, files, silent, never)
        for line, _ in _lines(tried, tried.vocabulary()[1], None):
            yield line


def offered(fate: Fate) -> Offered:
    """What became of a file, as plain values."""
    refusal = fate.refusal
    words = (refusal.sentence, refusal.advice) if refusal is not None else ("", "")
    return Offered(fate.file.path.name, fate.file.hash, fate.taken, fate.passed, *words)


def _walked(tried: Trial, files: Sequence[Contents], progress: Progress, cancelled: Cancelled) -> list[Fate]:
    return Walk(tried, lambda *_: None, lambda done: progress(done * _HERE), cancelled).over(files)


def _lines(tried: Trial, made: Tables, most: int | None) -> Iterator[tuple[Line, int]]:
    """The touched records with the number of their changes; those after the first ``most`` without words."""
    schemas = {name: one.schema for name, one in made.records.items()}
    units: dict[tuple[str, str], str] = {}
    """The units of touched records that others may be parts of."""
    owners = {belonging.pointer(schema)[1] for schema in schemas.values()} - {belonging.UNIT, ""}
    given = 0
    for record in belonging.ordered(schemas, tried.names()):
        for block in _blocks(tried.came(record)):
            lived = tried.lived(record, [identifier for identifier, _ in block])
            whole = {identifier: _with(lived.get(identifier, []), came) for identifier, came in block}
            states = {one: (project(lived.get(one, [])), project(whole[one])) for one, _ in block}
            belong = _units(tried, made, record, states, units)
            if record in owners:
                units.update(((record, one), unit) for one, unit in belong.items())
            found = []
            for identifier, came in block:
                before, after = states[identifier]
                line = _line(
                    made, (belong[identifier], record, identifier), before if lived.get(identifier) else None, after
                )
                found.append((line, whole[identifier], len(came)))
            worded = len(found) if most is None else max(0, min(len(found), most - given))
            spoken = _spoken(tried, made, [(line, changes) for line, changes, _ in found[:worded]])
            yield from ((line, found[at][2]) for at, line in enumerate(spoken))
            yield from ((line, count) for line, _, count in found[worded:])
            given += len(found)


def _with(lived: Sequence[Version], came: Sequence[Version]) -> list[Version]:
    """The changes of a record with those that come, among them some that are here with less of them."""
    coming = {one.hash for one in came}
    return [*(one for one in lived if one.hash not in coming), *came]


def _blocks(came: Iterator[tuple[str, list[Version]]]) -> Iterator[list[tuple[str, list[Version]]]]:
    block: list[tuple[str, list[Version]]] = []
    for one in came:
        block.append(one)
        if len(block) >= _BLOCK:
            yield block
            block = []
    if block:
        yield block


def _units(
    tried: Trial,
    made: Tables,
    record: str,
    states: Mapping[str, tuple[State, State]],
    known: Mapping[tuple[str, str], str],
) -> dict[str, str]:
    """Id → the unit a touched record will belong to."""
    one = made.records.get(record)
    if one is None:
        return dict.fromkeys(states, "")
    place = {
        identifier: belonging.told(one.schema, identifier, after.fields) for identifier, (_, after) in states.items()
    }
    asked: dict[str, set[str]] = {}
    for to, at in place.values():
        if to not in ("", belonging.UNIT) and (to, at) not in known:
            asked.setdefault(to, set()).add(at)
    here = {
        (to, at): unit
        for to, ids in asked.items()
        for at, unit in belonging.units(tried.connection, tried.tables, to, ids).items()
    }
    return {
        identifier: at if to == belonging.UNIT else known.get((to, at), here.get((to, at), ""))
        for identifier, (to, at) in place.items()
    }


def _line(made: Tables, where: tuple[str, str, str], before: State | None, after: State) -> Line:
    """What happens to a record, in values alone."""
    gone, was_gone = bool(after.fields.get(DELETED)), before is None or bool(before.fields.get(DELETED))
    shown = before.fields if before is not None else {}
    one = made.records.get(where[1])
    changed = []
    for name in after.fields:
        if name == DELETED or (one is not None and name not in one.kinds):
            continue  # a field only another version of the register knows is kept and not shown
        old, new = shown.get(name), after.fields[name]
        if one is not None:
            old, new = one.readable(name, old), one.readable(name, new)
        if old != new:
            changed.append(Change(name, old, new))
    what: What = "unseen" if not changed else "changed"
    if gone != was_gone:
        what = "deleted" if gone else "new" if before is None else "restored"
    past = before.conflicts if before is not None else {}
    clashes = tuple(Clash(name, ()) for name in sorted(after.conflicts.keys() - past.keys()))
    decided = tuple(sorted(past.keys() - after.conflicts.keys()))
    return Line(*where, what, "", tuple(changed), clashes, decided)


def _spoken(tried: Trial, made: Tables, found: Sequence[tuple[Line, Sequence[Version]]]) -> list[Line]:
    """The lines with names and with who wrote what when."""
    wanted: list[str] = []
    ranked = []
    for line, changes in found:
        ordered = sorted(changes, key=lambda v: v[:3])
        setters = live(ordered)
        ranked.append((ordered, setters))
        wanted += [ordered[setters[one.field][-1]].hash for one in line.changes]
        wanted += [ordered[at].hash for one in line.clashes for at in setters[one.field]]
    said = said_by(tried, wanted)
    spoken = []
    for (line, _), (ordered, setters) in zip(found, ranked, strict=True):
        changed = tuple(
            Change(one.field, one.before, one.after, *said[ordered[setters[one.field][-1]].hash])
            for one in line.changes
        )
        clashes = tuple(Clash(one.field, _rivals(ordered, setters[one.field], one.field, said)) for one in line.clashes)
        one = made.records.get(line.record)
        state = project(ordered)
        title = one.schema.describe(one.schema.read(line.id, state.fields)) if one is not None else line.record
        spoken.append(Line(line.unit, line.record, line.id, line.what, title, changed, clashes, line.decided))
    return spoken


def _rivals(
    ordered: Sequence[Version], setters: Sequence[int], name: str, said: Mapping[str, tuple[str, str, str, str]]
) -> tuple[Rival, ...]:
    default = False if name == DELETED else None
    return tuple(
        Rival(ordered[at].hash, ordered[at].fields.get(name, default), *said[ordered[at].hash]) for at in setters
    )
