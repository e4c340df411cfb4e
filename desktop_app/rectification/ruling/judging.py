"""Rules over a whole ledger, and over one row that is being saved: what they find becomes findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date

from sqlalchemy import select

from db.ledger import sameness
from db.ledger.facts import Facts
from db.schema.definition import CategoryDefinition, Rule
from db.schema.definition.set_tests import Obligation, Unique
from db.schema.kinds import Publicity
from db.schema.links import Ref
from db.schema.record import Record
from db.schema.records import category_key
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.ruling.asked import of_register
from desktop_app.rectification.ruling.asking import Asking, judge_of
from desktop_app.rectification.ruling.breach import Breach, Judge
from desktop_app.rectification.ruling.ground import Ground
from desktop_app.rectification.ruling.groups import repeated
from desktop_app.rectification.ruling.pinned import pinned, unswept
from desktop_app.rectification.ruling.tests import OF_MANY, OF_ROW
from desktop_app.rectification.ruling.voicing import Hit, Voice, said

__all__ = ["Asking", "categories_at_work", "findings", "of_definition", "of_row", "row_judge"]


def findings(
    facts: Facts, today: date, unit: str | None = None, categories: Collection[str] | None = None
) -> list[Finding]:
    """What the rules of the categories (all, or some by key) find (for a unit with those below it), as of a day."""
    found: list[Finding] = []
    with pinned(facts) as moment, unswept():
        for definition in categories_at_work(moment, categories):
            found += of_definition(Asking(moment, definition, today, unit))
    return found


def categories_at_work(facts: Facts, only: Collection[str] | None = None) -> Iterator[CategoryDefinition]:
    """The categories (``only`` some, by key) an office has to do with: a row in one of their registers, or a problem of them.
    Nobody owes the duties of the others."""
    problems, filled = _categories_of_problems(facts), facts.filled()
    for key, definition in facts.definitions.items():
        rows = any(one.name in filled for one in definition.registers.values())
        if (only is None or key in only) and (rows or key in problems):
            yield definition


def _categories_of_problems(facts: Facts) -> set[str]:
    """The keys of the categories that problems are of."""
    problem = facts.tables.records["problem"].table
    with facts.reading() as connection:
        known = connection.execute(select(problem.c.category).where(problem.c.deleted == 0).distinct()).scalars()
        return {category_key(one) for one in known if one}


def of_definition(asking: Asking, only: Collection[str] | None = None) -> list[Finding]:
    """What the rules of one category find; ``only`` some of them, by key."""
    hits: list[Hit] = []
    by_register: dict[str, list[Rule]] = defaultdict(list)
    filled = asking.facts.filled()
    for rule in asking.definition.rules.values():
        if (only is not None and rule.key not in only) or not asking.known(rule):
            continue
        empty = rule.register and asking.definition.registers[rule.register].name not in filled
        if empty and not isinstance(rule.test, Obligation):
            continue  # what is owed is owed where nothing was ever entered, too
        if type(rule.test) in OF_ROW:
            by_register[rule.register].append(rule)
        elif type(rule.test) in OF_MANY:
            ground = asking.ground(rule)
            hits += ((ground, breach, breach.id) for breach in OF_MANY[type(rule.test)](ground, rule.test))
    for register, rules in by_register.items():
        hits += of_register(asking, register, rules)
    return said(asking, hits)


# -- one row ----------------------------------------------------------------------------------------------------------


def of_row(facts: Facts, definition: CategoryDefinition, register: str, row: Record, today: date) -> list[Finding]:
    """What the rules find at one row as it stands in a form, saved or not; ``register`` is its key. Rules that look at many rows
    are left out, save what must not be repeated."""
    rules = [one for one in definition.rules.values() if one.register == register]
    return row_judge(Asking(facts, definition, today, later=False), rules)(row)


def row_judge(asking: Asking, rules: Sequence[Rule]) -> Callable[[Record], list[Finding]]:
    """The rules of one register, compiled: a row → what they find. What references lead to is read anew for every row."""
    judges: list[tuple[Ground, Judge]] = []
    for rule in rules:
        ground = asking.ground(rule)
        if type(rule.test) in OF_ROW:
            judges.append((ground, judge_of(ground)))
        elif isinstance(rule.test, Unique):
            judges.append((ground, _repeats(ground, rule.test)))

    def judge(row: Record) -> list[Finding]:
        asking.followed.known.clear()
        asking.saying.forget()
        found = [(ground, breach) for ground, one in judges if (breach := one(row)) is not None]
        return [
            Voice(ground).finding(breach, row.id, asking.saying.row(ground.key, row), _publicity(row))
            for ground, breach in found
        ]

    return judge


def _repeats(ground: Ground, test: Unique) -> Judge:
    """Other rows with the same values as one."""
    # a reference may be written as any of several records that are the same
    own = {path for path in test.fields if len(path) == 1 and not isinstance(ground.reader.leaf(path).kind, Ref)}
    values, meant = [ground.value(path) for path in test.fields], ground.holds(ground.rule.when)

    def judge(row: Record) -> Breach | None:
        key = tuple(get(row) for get in values)
        if None in key or not meant(row):
            return None
        plain = {path[0]: value for path, value in zip(test.fields, key, strict=True) if path in own}
        twins = sameness.stand_ins(ground.facts, ground.register.name)
        me = twins.get(row.id, row.id)
        others = [one for one in ground.facts.every(ground.register.name, **plain) if meant(one) and one.id != row.id]
        apart = [one for one in others if one.id not in twins and one.id != me]
        alike = sorted(one.id for one in apart if tuple(get(one) for get in values) == key)
        return repeated(ground, test, key, [row.id, *alike]) if alike else None

    return judge


def _publicity(row: Record) -> Publicity:
    said = getattr(row, "publicity", None)
    return said if said in ("internal", "secret") else "public"
