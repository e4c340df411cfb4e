"""What a cell shows and what is typed into it: values, typed states and words, for every kind.

A typed state is what a draft keeps (the same a form keeps); words are what a clerk sees and types.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from db.ledger.facts import Facts
from db.ledger.lines import lines_of
from db.schema.composite import Deadline, Due, Paper, Quantity, Sheet
from db.schema.kinds import Choice, Day, Kind, Money, Number, Unreadable, Whole, YesNo
from db.schema.links import Ref, Refs
from db.schema.prose import Prose
from db.schema.record import Schema
from db.schema.wording import STRENGTHS, read_deadline
from desktop_app.gui import lookup
from desktop_app.gui.editor_pick import refs_typed, typed_refs
from desktop_app.gui.editor_words import best, fragments

ID = re.compile(r"[0-9a-f]{32}")
"""A reference that is typed as an id: two records read alike."""
YES_NO = ("是", "否")


def numeric(kind: Kind[Any]) -> bool:
    """Whether the cells of a kind stand right, in columns of digits."""
    return isinstance(kind, Whole | Number | Money | Quantity) or getattr(kind, "numeric", False)


def editable(kind: Kind[Any]) -> bool:
    """Whether a cell of this kind can be typed into: papers are chosen in the form, computed values are nobody's."""
    return not isinstance(kind, Paper) and not getattr(kind, "computed", False)


def several_lines(kind: Kind[Any]) -> bool:
    """Whether a cell of this kind may hold paragraphs."""
    return isinstance(kind, Prose)


class Lines:
    """The lines of the records that references point at: read in blocks, remembered until one of them is touched."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._known: dict[str, dict[str, str]] = {}
        self._all: dict[str, dict[str, str]] = {}

    def line(self, to: str, identifier: str) -> str:
        """The line of one record; that of a record which is not here says so."""
        known = self._known.setdefault(to, {})
        if identifier not in known:
            known.update(self.read(to, [identifier]))
        return known[identifier]

    def read(self, to: str, identifiers: Iterable[str]) -> dict[str, str]:
        """Id → line, asked of the ledger; safe off the thread."""
        wanted = list(identifiers)
        found = lines_of(self.facts, to, wanted) if to in self.facts.tables.records else {}
        return {one: lookup.clipped(found[one]) if one in found else "（本台账里没有）" for one in wanted}

    def missing(self, to: str, identifiers: Iterable[str]) -> list[str]:
        """Those whose line is not known yet."""
        known = self._known.get(to, {})
        return [one for one in dict.fromkeys(identifiers) if one not in known]

    def learn(self, to: str, lines: Mapping[str, str]) -> None:
        """Takes over lines that were read off the thread."""
        self._known.setdefault(to, {}).update(lines)

    def all(self, to: str) -> dict[str, str]:
        """Line → id of every record of a schema; equal lines are numbered."""
        if to not in self._all:
            self._all[to] = self.read_all(to)
        return self._all[to]

    def read_all(self, to: str) -> dict[str, str]:
        """As ``all``, asked of the ledger; safe off the thread."""
        found: dict[str, str] = {}
        for identifier, words in lines_of(self.facts, to).items():
            line, count = lookup.clipped(words), 1
            while line in found:
                count += 1
                line = f"{lookup.clipped(words)}（{count}）"
            found[line] = identifier
        return dict(sorted(found.items()))

    def learn_all(self, to: str, lines: dict[str, str]) -> None:
        """Takes over all lines of a schema that were read off the thread."""
        self._all.setdefault(to, lines)

    def within(self, schema: Schema, values: Mapping[str, Any], own: str, to: str) -> dict[str, str]:
        """Line → id of the records a row may point at: where they are parts of something the row points at, those alone."""
        if to not in self.facts.tables.records:
            return {}
        if lookup.owner(self.facts, to):
            return {one.line: one.id for one in lookup.candidates(self.facts, schema, values, own, to)}
        return {line: one for line, one in self.all(to).items() if one != own}

    def forget(self, names: Iterable[str]) -> bool:
        """Records of these schemas were touched; whether lines of them were known."""
        touched = [name for name in names if name in self._known or name in self._all]
        if touched:  # a line may hold lines of others
            self._known.clear()
            self._all.clear()
        return bool(touched)


def words_of(kind: Kind[Any], value: Any, lines: Lines) -> str:
    """A value as its cell shows it, and as somebody may type it again."""
    if value is None:
        return ""
    if isinstance(kind, Ref):
        return lines.line(kind.to, value)
    if isinstance(kind, Refs):
        return "、".join(lines.line(kind.to, one) for one in value)
    if isinstance(value, Sheet):
        return value.name
    return kind.show(value)


def state_of(kind: Kind[Any], value: Any, lines: Lines) -> str:
    """The typed state of a value, as a form would keep it."""
    return refs_typed(tuple(value or ())) if isinstance(kind, Refs) else words_of(kind, value, lines)


def words_typed(kind: Kind[Any], typed: str, lines: Lines) -> str:
    """A typed state in the words a clerk sees."""
    if isinstance(kind, Ref):
        return lines.line(kind.to, typed) if ID.fullmatch(typed) else typed
    if isinstance(kind, Refs):
        chosen = typed_refs(typed)
        return typed if chosen is None else "、".join(lines.line(kind.to, one) for one in chosen)
    if isinstance(kind, Due):
        parts = _due_parts(typed)
        return (
            typed if parts is None else f"{parts[0]}（{parts[1]}）" if parts[0] and parts[1] else parts[0] or parts[1]
        )
    return typed


def _due_parts(typed: str) -> tuple[str, str, str, int | None] | None:
    """The state a form keeps of a deadline: words, day, how binding (as typed), base year; None for words alone."""
    try:
        wording, day, strength, base = json.loads(typed)
    except (ValueError, TypeError):
        return None
    if all(isinstance(one, str) for one in (wording, day, strength)) and (base is None or type(base) is int):
        return wording, day, strength, base
    return None


def offered(kind: Kind[Any], candidates: Mapping[str, str]) -> list[str] | None:
    """The words to pick from in a cell of this kind; None where one just types."""
    if isinstance(kind, Choice):
        return list(kind.of.values())
    if isinstance(kind, YesNo):
        return list(YES_NO)
    return list(candidates) if isinstance(kind, Ref | Refs) else None


def read(kind: Kind[Any], typed: str, candidates: Mapping[str, str], year: int) -> Any:
    """A typed state → the value; ``Unreadable`` says what is wrong. ``candidates`` are line → id for references, ``year``
    is the one by which 年底 is reckoned."""
    if isinstance(kind, Ref):
        return _pointed(kind, typed, candidates)
    if isinstance(kind, Refs):
        chosen = typed_refs(typed)
        if chosen is not None:
            return chosen or None
        whole = typed.strip() in candidates
        return tuple(dict.fromkeys(_meant(kind, one, candidates) for one in ([typed] if whole else fragments(typed))))
    try:
        if isinstance(kind, Due):
            return _read_due(kind, typed, year)
        return kind.parse(typed)
    except Unreadable:
        meant = best(typed, offered(kind, {}) or ()) if isinstance(kind, Choice | YesNo) else []
        if len(meant) != 1:
            raise
        return kind.parse(meant[0])


def _pointed(kind: Ref, typed: str, candidates: Mapping[str, str]) -> str | None:
    return _meant(kind, typed, candidates) if typed.strip() else None


def _meant(kind: Ref | Refs, typed: str, candidates: Mapping[str, str]) -> str:
    typed = typed.strip()
    if typed in candidates:
        return candidates[typed]
    if typed in candidates.values():
        return typed
    meant = best(typed, candidates)
    if len(meant) != 1:
        raise kind.wrong(f"里{'不止一条' if meant else '没有'}“{typed}”，请从列表里选取。")
    return candidates[meant[0]]


def _read_due(kind: Due, typed: str, year: int) -> Deadline | None:
    """A deadline from the state of a form, or from its words; words without a year are reckoned by the row's."""
    parts = _due_parts(typed)
    if parts is not None:
        wording, day = " ".join(parts[0].split()), Day(kind.label).parse(parts[1])
        keys = {shown: key for key, shown in STRENGTHS.items()}
        if parts[2].strip() and parts[2].strip() not in keys:
            raise kind.wrong(f"的语气没有“{parts[2].strip()}”，可填：{'、'.join(keys)}。")
        made = Deadline(wording, day, keys.get(parts[2].strip(), ""), parts[3])
        kind.check(made)
        return made
    try:
        return kind.parse(typed)
    except Unreadable:
        wording = " ".join(typed.split())
        reading = read_deadline(wording, year)
        if reading.day is None:
            raise
        made = Deadline(wording, reading.day, reading.strength, year)
        kind.check(made)
        return made
