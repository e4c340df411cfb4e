"""Counts of problems as a ledger's last line and a unit's summary tell them: how many, how many done, the share, what is overdue.

A rate says what it counts: problems 已完成, 长期坚持 or 已销号, of all problems; 基本完成 is not done (process.md 2.2). Nothing here is
stored: overdue is reckoned from the day asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal

from db.schema.records import Accountability, Measure, Problem
from db.schema.records.words import PROGRESS
from desktop_app.rectification.overview import ProblemRow
from desktop_app.rectification.rules import FINISHED

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Tally:
    """Counts over problems. ``closed``, ``kept_up`` and ``done`` part the finished ones, each problem counted once; ``at_once``
    are those of 立行立改; ``measures`` the ones under no other; ``people`` were held to account. They add up over units."""

    problems: int = 0
    done: int = 0
    kept_up: int = 0
    closed: int = 0
    mostly_done: int = 0
    under_way: int = 0
    extension_asked: int = 0
    not_started: int = 0
    overdue: int = 0
    soon: int = 0
    at_once: int = 0
    at_once_finished: int = 0
    measures: int = 0
    measures_finished: int = 0
    people: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def finished(self) -> int:
        """Problems that are done: 已完成, 长期坚持, 已销号."""
        return self.done + self.kept_up + self.closed

    @property
    def rate(self) -> str:
        """The finished ones per cent of all, two decimals; "—" where there are none."""
        return share(self.finished, self.problems)

    @property
    def at_once_rate(self) -> str:
        """As ``rate``, of 立行立改."""
        return share(self.at_once_finished, self.at_once)


def share(part: int, whole: int) -> str:
    """One count per cent of another, two decimals: 98.71%; "—" of nothing."""
    return f"{(Decimal(part) * 100 / whole).quantize(_CENT, ROUND_HALF_UP)}%" if whole else "—"


def tally(
    problems: Iterable[Problem],
    states: Mapping[str, ProblemRow],
    measures: Mapping[str, Sequence[Measure]],
    accountability: Mapping[str, Sequence[Accountability]],
) -> Tally:
    """The counts of these problems; ``states`` are the rows of ``overview`` by id; ``measures`` (those under no other) and
    ``accountability`` are by the id of their problem."""
    total = Tally()
    for problem in problems:
        row = states.get(problem.id)
        state = row.state if row is not None else ""
        finished = state in ("closed", *FINISHED)
        own = measures.get(problem.id, ())
        progress = problem.progress or "not_started"
        total += Tally(
            problems=1,
            done=state == "done",
            kept_up=state == "kept_up",
            closed=state == "closed",
            mostly_done=not finished and progress == "mostly_done",
            under_way=not finished and progress == "under_way",
            extension_asked=not finished and progress == "extension_asked",
            not_started=not finished and progress == "not_started",
            overdue=state == "overdue",
            soon=state == "soon",
            at_once=problem.mode == "at_once",
            at_once_finished=problem.mode == "at_once" and finished,
            measures=len(own),
            measures_finished=sum(one.progress in FINISHED for one in own),
            people=sum(one.people or 1 for one in accountability.get(problem.id, ())),
        )
    return total


def told(one: Tally) -> str:
    """The counts in a line, as a ledger ends; what is nought is not said, the rate says what it counts."""
    parts = [("已销号", one.closed), ("已完成", one.done), ("长期坚持", one.kept_up)]
    inside = "、".join(f"{word}{count}个" for word, count in parts if count)
    ended = f"完成整改{one.finished}个" + (f"（{inside}）" if inside else "")
    rest = [
        (PROGRESS["mostly_done"], one.mostly_done),
        (PROGRESS["under_way"], one.under_way),
        (PROGRESS["extension_asked"], one.extension_asked),
        (PROGRESS["not_started"], one.not_started),
    ]
    open_ = "".join(f"，{word}{count}个" for word, count in rest if count)
    late = f"；其中已超期{one.overdue}个" if one.overdue else ""
    measures = f"，整改措施{one.measures}条（已落实{one.measures_finished}条）" if one.measures else ""
    return (
        f"反馈问题{one.problems}个{measures}；{ended}，完成率{one.rate}{open_}{late}。"
        "完成率＝已完成、长期坚持和已销号的问题数÷反馈问题总数，基本完成的不计入。"
    )
