"""Pairs of records as the tab 疑似重复 shows them: those to be judged with their reason, and those that were judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from db.ledger import sameness
from db.ledger.change import Outcome
from db.ledger.ledger import Ledger
from db.ledger.lines import lines_of
from desktop_app.rectification.twins import verdicts
from desktop_app.rectification.twins.review import Difference, differences, review

State = Literal["open", "same", "different"]
STATES: dict[State, str] = {"open": "待认定", "same": "是同一个", "different": "不是同一个"}


@dataclass(frozen=True)
class Pair:
    """Two records of a schema: ids, lines, why they may be one ("" for a judged pair), in how many fields they differ, what was
    said of them, and the id of the one that counts ("" while nothing was said)."""

    record: str
    title: str
    one: str
    other: str
    lines: tuple[str, str]
    state: State = "open"
    reason: str = ""
    differing: int = 0
    main: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same whatever is said of them."""
        return self.record, self.one, self.other


def waiting(ledger: Ledger, cancelled: Callable[[], bool]) -> tuple[list[Pair], int]:
    """The pairs to be judged, the likeliest first, and how many more there are."""
    found = review(ledger, cancelled=cancelled)
    return [
        Pair(one.record, one.title, *one.ids, one.lines, reason=one.reason, differing=len(one.differing))
        for one in found.pairs
    ], found.more


def settled(ledger: Ledger) -> list[Pair]:
    """The pairs that were judged, by register."""
    found: list[Pair] = []
    for record in verdicts.judged(ledger):
        said = [*sameness.links(ledger, record), *sameness.told_apart(ledger, record)]
        main = {one: group.main for group in sameness.groups(ledger, record) for one in group.members}
        lines = lines_of(ledger, record, {one for link in said for one in (link.first, link.second)})
        for link in said:
            state: State = "same" if link.verdict == "same" else "different"
            named = lines.get(link.first, link.first), lines.get(link.second, link.second)
            counts = main.get(link.first, "") if state == "same" else ""
            title = ledger.schema(record).title
            found.append(Pair(record, title, link.first, link.second, named, state, main=counts))
    return sorted(found, key=lambda one: (one.title, one.state != "same", one.lines))


def compared(ledger: Ledger, pair: Pair) -> tuple[tuple[Difference, ...], tuple[Difference, ...]]:
    """The fields in which the two differ, and those in which they agree."""
    return differences(ledger, pair.record, pair.one, pair.other)


def judge(ledger: Ledger, pair: Pair, what: str, actor: str) -> Outcome:
    """Says of a pair that it is the same, the first or the second counting (``one``, ``other``), that it is not (``different``), or
    nothing any more (``back``)."""
    if what == "different":
        return verdicts.tell_apart(ledger, pair.record, pair.one, pair.other, actor)
    if what == "back":
        return verdicts.take_back(ledger, pair.record, pair.one, pair.other, actor)
    main = pair.one if what == "one" else pair.other
    if pair.state == "same":
        return verdicts.choose_main(ledger, pair.record, main, actor)
    return verdicts.link(ledger, pair.record, pair.one, pair.other, actor, main=main)
