"""The examples of a rule, tried: rows it has nothing against, rows it finds.

``python -m desktop_app.rectification.ruling.examples FILE.toml`` tells which examples of a definition do not do what they say.
An example is one row (``row``), or rows by register or record of the core (``rows``), each value as a clerk types it; ``today``
is the day the question is asked for, the last of 2021 where an example does not say it. Nothing is defaulted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from db.errors import Refusal
from db.ledger.facts import Facts
from db.ledger.vocabulary import Vocabulary
from db.schema.definition import CategoryDefinition, Rule
from db.schema.definition.slots import number
from db.schema.definition.toml import read_file
from db.schema.kinds import Kind, YesNo
from db.schema.records import SCHEMAS
from db.schema.typed import canonical
from db.store.tables import RecordTable, tables
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.ruling import judging

TODAY = date(2021, 12, 31)
Case = Mapping[str, Any]


@dataclass(frozen=True)
class Failure:
    """An example that does not do what it says: ``part`` is passes or finds, ``place`` its number from 1."""

    rule: str
    part: str
    place: int
    sentence: str


def run(definition: CategoryDefinition, rule: Rule, case: Case) -> list[Finding]:
    """What a rule finds in an example; ``Refusal`` where the example names what is not there, or a value is no value."""
    return Scratch(definition).run(rule, case)


def failures(definition: CategoryDefinition) -> list[Failure]:
    """The examples of a definition that do not do what they say, rules without one of both sorts among them."""
    scratch = Scratch(definition)
    return [found for rule in definition.rules.values() for found in _failures(scratch, rule)]


def _failures(scratch: Scratch, rule: Rule) -> Iterator[Failure]:
    for part in ("passes", "finds"):
        cases: Sequence[Case] = getattr(rule, part)
        if not cases:
            yield Failure(rule.key, part, 0, "没有例子。")
        for place, case in enumerate(cases, start=1):
            try:
                found = scratch.run(rule, case)
            except Refusal as wrong:
                yield Failure(rule.key, part, place, wrong.sentence)
                continue
            if part == "passes" and found:
                yield Failure(rule.key, part, place, f"不该查出：{found[0].sentence}")
            elif part == "finds" and not found:
                yield Failure(rule.key, part, place, "应当查出，却没有查出。")


class Scratch:
    """A place in memory with the tables of one category and of the core, that holds the rows of one example at a time."""

    def __init__(self, definition: CategoryDefinition) -> None:
        schemas = {**SCHEMAS, **{one.name: one for one in definition.schemas()}}
        self.definition = definition
        self._tables = tables(schemas)
        self._engine: Engine = create_engine("sqlite://", poolclass=StaticPool)
        with self._engine.begin() as connection:
            self._tables.make(connection)
        known = Vocabulary(SCHEMAS, schemas, {definition.key: definition})
        self.facts = Facts(self._engine, self._tables, Path(), known)
        self._filled: set[str] = set()

    def run(self, rule: Rule, case: Case) -> list[Finding]:
        """As ``run``, in this place."""
        self.fill(rule, case)
        asking = judging.Asking(self.facts, self.definition, today_of(case))
        return judging.of_definition(asking, only=(rule.key,))

    def fill(self, rule: Rule, case: Case) -> None:
        """Puts in the rows of an example in place of those of the one before."""
        rows: dict[str, Sequence[Case]] = dict(case.get("rows", {}))
        if "row" in case:
            rows[rule.register] = [case["row"], *rows.get(rule.register, ())]
        unknown = [name for name in case if name not in ("row", "rows", "today")]
        if unknown or not rows:
            raise Refusal(f"例子里只能写 row、rows 和 today，现在有“{'、'.join(unknown)}”。", topic="categories")
        with self._engine.begin() as connection:
            for name in self._filled:
                connection.execute(self._tables.records[name].table.delete())
            self._filled = set()
            for name, some in rows.items():
                one = self._record(name)
                self._filled.add(one.schema.name)
                for place, row in enumerate(some, start=1):
                    values = one.filled(str(row.get("id", f"{name}-{place}")), _stored(one, row), ())
                    connection.execute(one.table.insert(), values)

    def _record(self, name: str) -> RecordTable:
        register = self.definition.registers.get(name)
        found = self._tables.records.get(register.name if register is not None else name)
        if found is None:
            known = "、".join(self.definition.registers)
            raise Refusal(f"例子里的“{name}”不是登记表，也不是程序自己的记录。", f"登记表有：{known}。", "categories")
        return found


def today_of(case: Case) -> date:
    """The day an example is asked for."""
    said = case.get("today", TODAY)
    try:
        return said if isinstance(said, date) else date.fromisoformat(said)
    except (TypeError, ValueError):
        raise Refusal(f"例子里的 today 写法不对：“{said}”。", "请写成 2021-12-31。", "categories") from None


def _stored(one: RecordTable, row: Case) -> dict[str, Any]:
    """The values of an example as they are kept."""
    kinds = one.schema.kinds()
    found = {}
    for name, raw in row.items():
        if name == "id":
            continue
        if name not in kinds:
            raise Refusal(f"例子里的“{name}”不是“{one.schema.title}”的字段。", topic="categories")
        value = _working(kinds[name], raw)
        if value is not None:
            found[name] = kinds[name].store(value)
    return found


def _working(kind: Kind[Any], raw: Any) -> Any:
    """What a clerk would type → the working value."""
    if isinstance(raw, bool):
        if not isinstance(kind, YesNo):
            raise Refusal(f"例子里的“{kind.label}”不是“是/否”字段。", topic="categories")
        return raw
    if isinstance(raw, list):
        return tuple(str(one) for one in raw)
    if isinstance(raw, int | float):
        exact = number(raw)
        return None if exact is None else kind.parse(canonical(exact))
    return kind.parse(raw.isoformat() if isinstance(raw, date) else str(raw))


def main(files: Sequence[str]) -> int:
    """Tries the examples of definition files; prints those that fail. 0 when none does."""
    wrong = 0
    for name in files:
        try:
            definition = read_file(Path(name))
        except Refusal as refusal:
            print(f"{refusal.sentence}{refusal.advice}")
            wrong += 1
            continue
        found = failures(definition)
        wrong += len(found)
        for one in found:
            print(f"{name} [rule.{one.rule}] {one.part} {one.place or ''}: {one.sentence}")
        print(f"{name}: {len(definition.rules)} rules, {len(found)} examples fail")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
