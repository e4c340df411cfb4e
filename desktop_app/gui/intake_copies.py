"""The notices under review and their edited copies: what a clerk does to them, without a widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from db.ledger.facts import Facts
from desktop_app.gui.intake_edit import Path, applied, settled, with_value, without
from desktop_app.gui.intake_parts import CATEGORY
from desktop_app.gui.intake_reading import Reading, looked_up
from desktop_app.intake.draft import Finding


def suggests(finding: Finding) -> bool:
    """Whether a finding says what to write instead (a guessed title already stands in its field)."""
    return bool(finding.suggestion) and finding.code != "title_guessed"


class Copies:
    """Several notices, one of them open. Every deed gives the open one another draft; the one that was read stays."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self.number = 0

    @property
    def current(self) -> Reading:
        """The open notice."""
        return self.readings[self.number]

    @current.setter
    def current(self, one: Reading) -> None:
        self.readings[self.number] = one

    def begin(self, readings: Sequence[Reading]) -> None:
        """These notices and no others, the first one open."""
        self.readings, self.number = list(readings), 0

    def add(self, readings: Sequence[Reading]) -> int | None:
        """More notices; one that is there already is not taken twice. Returns the place of the first new one."""
        here = {(one.path, one.draft.place) for one in self.readings}
        fresh = [one for one in readings if (one.path, one.draft.place) not in here]
        self.readings += fresh
        return len(self.readings) - len(fresh) if fresh else None

    def edit(self, path: Path, value: Any) -> None:
        """A value was typed."""
        one = self.current
        if path[-1] == CATEGORY:
            at = int(path[1])
            self.current = replace(one, categories=(*one.categories[:at], value, *one.categories[at + 1 :]))
        else:
            self.current = replace(one, draft=with_value(one.draft, path, value))

    def drop(self, path: Path) -> None:
        """The clerk does without one item."""
        self.current = replace(self.current, draft=without(self.current.draft, path))

    def accept(self, finding: Finding) -> None:
        """A suggestion is applied; where its words are in no field any more, it is settled."""
        one = self.current
        self.current = replace(one, draft=applied(one.draft, finding, one.source.text) or settled(one.draft, finding))

    def accept_all(self) -> None:
        """Every suggestion is applied whose words are found."""
        one, draft = self.current, self.current.draft
        for finding in one.draft.findings:
            if suggests(finding):
                draft = applied(draft, finding, one.source.text) or draft
        self.current = replace(one, draft=draft)

    def settle(self, finding: Finding) -> None:
        """Looked at; stays as it is."""
        self.current = replace(self.current, draft=settled(self.current.draft, finding))

    def tick(self, number: int, wanted: bool) -> None:
        """A notice is to be entered, or not; one the ledger has is then updated."""
        one = self.readings[number]
        self.readings[number] = replace(one, wanted=wanted, update=wanted and bool(one.known))

    def look_up(self, facts: Facts) -> None:
        """Asks again which notices the ledger has."""
        self.readings = [looked_up(facts, one) for one in self.readings]

    def wanted(self) -> list[Reading]:
        """The notices that are to be entered."""
        return [one for one in self.readings if one.wanted]

    def holding(self, place: int) -> int | None:
        """The notice of the open paper that a place of its text belongs to."""
        for number, one in enumerate(self.readings):
            if one.path == self.current.path and one.draft.place.start <= place < one.draft.place.end:
                return number
        return None
