"""Rules over a whole ledger, and over one row that is being saved: what they find becomes findings.

All tests of one row of a register are asked in one query: for every rule the database tells which rows can break it, and the
rule's judge decides those. Sentences are made at the end, when the rows found are named in one go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import ColumnElement, case, or_, select, true

from db.ledger.facts import Facts
from db.schema.definition import CategoryDefinition, Rule
from db.schema.definition.conditions import ALWAYS
from db.schema.definition.set_tests import Unique
from db.schema.kinds import Publicity
from db.schema.record import Record
from db.schema.records import category_key
from desktop_app.rectification import rows
from desktop_app.rectification.finding import Finding, stricter
from desktop_app.rectification.reckoning.joined import stream
from desktop_app.rectification.reckoning.lines import Lines
from desktop_app.rectification.reckoning.records import Followed, record_reader
from desktop_app.rectification.reckoning.terms import Reader
from desktop_app.rectification.ruling.breach import Breach, Judge
from desktop_app.rectification.ruling.ground import Ground, Reckoning, filled, in_units
from desktop_app.rectification.ruling.groups import repeated
from desktop_app.rectification.ruling.pinned import pinned
from desktop_app.rectification.ruling.saying import Saying
from desktop_app.rectification.ruling.suspects import suspects
from desktop_app.rectification.ruling.tests import OF_MANY, OF_ROW

Hit = tuple[Ground, Breach, str]
"""The rule's ground, what it says, the id of the row ("" for none)."""


@dataclass(frozen=True)
class Asking:
    """One question about one category: the ledger, the day, whose rows (``unit`` by id, with those below it; None: all)."""

    facts: Facts
    definition: CategoryDefinition
    today: date
    unit: str | None = None
    later: bool = True
    """Rows are named when all that is to be said is known."""

    @cached_property
    def units(self) -> tuple[str, ...] | None:
        """The unit and those below it."""
        return None if self.unit is None else tuple(rows.with_below(self.facts, self.unit))

    @cached_property
    def saying(self) -> Saying:
        """How it is said."""
        return Saying(self.facts, self.definition, self.later)

    @cached_property
    def followed(self) -> Followed:
        """The records that references lead to."""
        return Followed(self.facts)

    @cached_property
    def reckoning(self) -> Reckoning:
        """The category's indicators."""
        return Reckoning(self.facts, self.definition, self.today, self.unit)

    def ground(self, rule: Rule, reader: Reader | None = None) -> Ground:
        """What a rule stands on; without a ``reader`` its rows are records."""
        register = rule.register or next(iter(self.definition.registers))
        read = reader or record_reader(self.facts, self.definition, register, self.today, self.followed)
        return Ground(self.facts, self.definition, rule, read, self.saying, self.followed, self.reckoning, self.units)

    def known(self, rule: Rule) -> bool:
        """Whether the ledger has the register a rule is about."""
        return not rule.register or self.definition.registers[rule.register].name in self.facts.tables.records


def findings(
    facts: Facts, today: date, unit: str | None = None, categories: Collection[str] | None = None
) -> list[Finding]:
    """What the rules of the categories (all, or some by key) find (for a unit with those below it), as of a day."""
    found: list[Finding] = []
    with pinned(facts) as moment:
        for definition in categories_at_work(moment, categories):
            found += of_definition(Asking(moment, definition, today, unit))
    return found


def categories_at_work(facts: Facts, only: Collection[str] | None = None) -> Iterator[CategoryDefinition]:
    """The categories (``only`` some, by key) an office has to do with: a row in one of their registers, or a problem of them.
    Nobody owes the duties of the others."""
    problems = _categories_of_problems(facts)
    for key, definition in facts.definitions.items():
        if (only is None or key in only) and (key in problems or in_use(facts, definition)):
            yield definition


def in_use(facts: Facts, definition: CategoryDefinition) -> bool:
    """Whether any register of a category has a row."""
    return filled(facts, [one.name for one in definition.registers.values()])


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
    for rule in asking.definition.rules.values():
        if (only is not None and rule.key not in only) or not asking.known(rule):
            continue
        if type(rule.test) in OF_ROW:
            by_register[rule.register].append(rule)
        elif type(rule.test) in OF_MANY:
            ground = asking.ground(rule)
            hits += ((ground, breach, breach.id) for breach in OF_MANY[type(rule.test)](ground, rule.test))
    filled = asking.facts.filled() if by_register else set()
    for register, rules in by_register.items():
        if asking.definition.registers[register].name in filled:
            hits += _rows(asking, register, rules)
    return _said(asking, hits)


class _Asked(Lines):
    """Lines that also tell, for each rule, whether the row can break it."""

    def flag(self, said: ColumnElement[bool] | None) -> int:
        """Where in a line it stands; 0 (the id, always true) where any row can."""
        if said is None:
            return 0
        self._cells.append(case((said, 1), else_=0))
        return len(self._cells) - 1


def _rows(asking: Asking, register: str, rules: Sequence[Rule]) -> Iterator[Hit]:
    """Every breach of the tests of one row, in one query."""
    lines = _Asked(asking.facts, asking.definition, register, asking.today)
    in_units(lines, asking.units)
    asked: list[tuple[int, Ground, Judge]] = []
    wanted: list[ColumnElement[bool]] = []
    for rule in rules:
        ground = asking.ground(rule, lines.reader)
        said = suspects(ground, lines.joined)
        wanted.append(true() if said is None else said)
        asked.append((lines.flag(said), ground, _when(ground)))
    lines.narrow_to(or_(*wanted))
    for line in lines.read():
        for place, ground, judge in asked:
            if line[place]:
                breach = judge(line)
                if breach is not None:
                    yield ground, breach, line[0]


def _when(ground: Ground) -> Judge:
    """The judge of a rule's rows, those its ``when`` leaves out passed."""
    judge = OF_ROW[type(ground.rule.test)](ground, ground.rule.test)
    if ground.rule.when == ALWAYS:
        return judge
    meant = ground.holds(ground.rule.when)
    return lambda row: judge(row) if meant(row) else None


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
            judges.append((ground, _when(ground)))
        elif isinstance(rule.test, Unique):
            judges.append((ground, _repeats(ground, rule.test)))

    def judge(row: Record) -> list[Finding]:
        asking.followed.known.clear()
        asking.saying.forget()
        found = [(ground, breach) for ground, one in judges if (breach := one(row)) is not None]
        return [
            _Voice(ground).finding(breach, row.id, asking.saying.row(ground.key, row), _publicity(row))
            for ground, breach in found
        ]

    return judge


def _repeats(ground: Ground, test: Unique) -> Judge:
    """Other rows with the same values as one."""
    values, meant = [ground.value(path) for path in test.fields], ground.holds(ground.rule.when)

    def judge(row: Record) -> Breach | None:
        key = tuple(get(row) for get in values)
        if None in key or not meant(row):
            return None
        same = {path[0]: value for path, value in zip(test.fields, key, strict=True) if len(path) == 1}
        others = [one for one in ground.facts.every(ground.register.name, **same) if one.id != row.id and meant(one)]
        alike = sorted(one.id for one in others if tuple(get(one) for get in values) == key)
        return repeated(ground, test, key, [row.id, *alike]) if alike else None

    return judge


def _publicity(row: Record) -> Publicity:
    said = getattr(row, "publicity", None)
    return said if said in ("internal", "secret") else "public"


# -- findings ---------------------------------------------------------------------------------------------------------


def _said(asking: Asking, hits: Sequence[Hit]) -> list[Finding]:
    """Breaches as findings, in the order of the definition's rules; the rows they name are read now, in one go."""
    order, saying = {key: at for at, key in enumerate(asking.definition.rules)}, asking.saying
    named: dict[str, set[str]] = defaultdict(set)
    for ground, breach, identifier in hits:
        for to, one in saying.marks(breach.what + breach.substance):
            named[to].add(one)
        if identifier:
            named[breach.record or ground.register.name].add(identifier)
    for name, ids in named.items():
        saying.learn(name, ids)
    levels = _Levels(asking, named)
    found = []
    voices: dict[str, _Voice] = {}
    for ground, breach, identifier in sorted(hits, key=lambda hit: order[hit[0].rule.key]):
        voice = voices.get(ground.rule.key) or voices.setdefault(ground.rule.key, _Voice(ground))
        row = identifier and breach.named and not breach.record
        line = saying.line(ground.register.name, identifier) if row else ""
        at = [(breach.record or ground.register.name, identifier)] if identifier else []
        level = levels.of((*at, *saying.marks(breach.what)))
        found.append(voice.finding(breach, identifier, line, level))
    return found


class _Levels:
    """How open the records are that findings name: as the record itself says, and its register."""

    def __init__(self, asking: Asking, named: Mapping[str, Collection[str]]) -> None:
        registers = {one.name: one.publicity for one in asking.definition.registers.values()}
        self._registers = {name: level for name, level in registers.items() if level != "public"}
        self._records: dict[tuple[str, str], Publicity] = {}
        for name, ids in named.items():
            table = asking.facts.tables.records[name].table if name in asking.facts.tables.records else None
            if table is not None and "publicity" in table.c:
                self._read(asking.facts, name, ids)

    def _read(self, facts: Facts, name: str, ids: Collection[str]) -> None:
        table = facts.tables.records[name].table
        query = select(table.c.id, table.c.publicity).where(table.c.publicity.in_(("internal", "secret")))
        with facts.reading() as connection:
            self._records |= {(name, i): level for i, level in stream(connection, query) if i in ids}

    def of(self, named: Sequence[tuple[str, str]]) -> Publicity:
        """The strictest of these records (schema name, id)."""
        known = [level for one in named if (level := self._records.get(one))]
        known += [level for name, _ in named if (level := self._registers.get(name))]
        return stricter("public", *known) if known else "public"


class _Voice:
    """Says the breaches of one rule; what is the same in all of them is looked up once."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.rule = ground.rule
        self.register = ground.definition.registers.get(ground.rule.register)
        self.title = self.register.title if self.register is not None else ground.definition.title
        self.advice = f"{ground.rule.advice.rstrip('。')}。" if ground.rule.advice else ""
        self.fields = (
            {one.name: one.kind.publicity for one in self.register.fields} if self.register is not None else {}
        )
        shown = self.register.shown if self.register is not None else ""
        self.level = stricter(
            ground.rule.publicity,  # type: ignore[arg-type]
            self.register.publicity if self.register is not None else "public",
            *(level for name, level in self.fields.items() if "{" + name + "}" in shown),
        )

    def finding(self, breach: Breach, identifier: str, line: str, level: Publicity) -> Finding:
        """A breach as a finding; ``level`` is that of its row."""
        rule, settled = self.rule, self.ground.saying.settled
        return Finding(
            code=breach.code,
            severity="error" if rule.hard else breach.severity or rule.severity,  # type: ignore[arg-type]
            sentence=f"{self.title}“{line}”：{settled(breach.what)}。"
            if line
            else f"{self.title}：{settled(breach.what)}。",
            advice=self.advice or breach.advice,
            record=breach.record or (self.register.name if self.register is not None else ""),
            id=identifier,
            field="" if breach.record else breach.field,
            rule=f"{self.ground.definition.key}.{rule.key}",
            title=rule.title,
            basis=rule.basis,
            matter=breach.matter,
            substance=settled(breach.substance),
            rows=breach.rows,
            pending=breach.pending,
            day=breach.day,
            publicity=stricter(self.level, level, self.fields.get(breach.field, "public")),
            hard=rule.hard,
        )
