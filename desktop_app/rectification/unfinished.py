"""What stands on the tabs of a form: how many parts of each sort there are, and what is still to be done among them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from db.ledger.facts import Facts
from db.schema.records import Closing, Evidence, Measure, OngoingItem, Problem
from desktop_app.rectification import rules
from desktop_app.rectification.rules import FINISHED

NEEDED = ("category", "responsible", "due", "progress")
"""Fields of a problem that the ledger and the reminders cannot do without."""


def marks(facts: Facts, identifier: str, today: date) -> dict[str, str]:
    """Schema name → what is still to be done there; only where something is."""
    problem = facts.get(Problem, identifier)
    if problem is None:
        return {}
    found: dict[str, str] = {}
    kinds = facts.schema("problem").kinds()
    kept_up = problem.mode == "kept_up" or problem.progress == "kept_up"
    lacking = [
        kinds[name].label for name in NEEDED if getattr(problem, name) is None and not (name == "due" and kept_up)
    ]
    if lacking:
        found["problem"] = f"还没有填：{'、'.join(lacking)}"
    measures = facts.all(Measure, problem=identifier)
    open_ones = [one for one in measures if one.parent is None and one.progress not in FINISHED]
    if open_ones:
        found["measure"] = f"还有 {len(open_ones)} 条没有完成"
    elif not measures:
        found["measure"] = "还没有措施"
    late = [
        one
        for one in facts.all(OngoingItem, problem=identifier)
        if one.progress not in FINISHED and (one.due is None or one.due.day is None or one.due.day < today)
    ]
    if late and not kept_up:
        found["ongoing_item"] = f"{len(late)} 项已超期或没有时限"
    if problem.progress in FINISHED:
        found |= _of_finished(facts, problem)
    return found


def _of_finished(facts: Facts, problem: Problem) -> dict[str, str]:
    """What a problem that is done still needs to be closed."""
    found = {}
    if not rules.proven(facts.all(Evidence, problem=problem.id)):
        found["evidence"] = "还没有存入文件的佐证"
    if problem.closing != "closed" and not rules.agreed(facts.all(Closing, problem=problem.id)):
        found["closing"] = "已完成，还没有销号"
    return found


def counted(facts: Facts, parts: Mapping[int, tuple[str, str]], owner: str) -> dict[int, int]:
    """How many live parts a record has: by number, of (schema name, the field that points at the owner)."""
    found = {}
    with facts.reading() as connection:
        for number, (name, field) in parts.items():
            table = facts.tables.records[name].table.c
            asked = select(func.count()).where(table[field] == owner, table.deleted == 0)
            found[number] = int(connection.execute(asked).scalar_one())
    return found
