"""How findings say fields, values, terms and rows in Chinese."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Select, bindparam, select

from db.ledger.facts import Facts
from db.schema import links
from db.schema.composite import Amount, Deadline
from db.schema.definition import CategoryDefinition, ComputedSpec
from db.schema.definition.conditions import COMPARISONS, Among, AnyOf, Compared, Condition, Contains, Empty, Every, Not
from db.schema.definition.indicators import rounded
from db.schema.definition.scope import Sort
from db.schema.definition.terms import Apply, Constant, FieldAt, Term, Today, sort_of_term
from db.schema.kinds import Kind, Money, YesNo
from db.schema.record import Record
from db.schema.typed import canonical
from db.store.tables import Tables
from desktop_app.rectification import rows_shown

Path = tuple[str, ...]
_WAN = 1_000_000
_LONGEST = 40
_TOGETHER = 900
"""Records whose lines are asked for in one query."""
_MARK = re.compile("\0([^\1]*)\1([^\0]*)\0")
_JOINED = {"plus": "加", "minus": "减", "times": "乘以", "over": "除以"}


def yuan(fen: int | Decimal) -> str:
    """An amount of money as a clerk says it: 31.2万元, 49,999.99元."""
    whole = int(fen) if fen == int(fen) else None
    if whole is None:
        return f"{rounded(Decimal(fen) / 100, 2, 'half_up'):,}元"
    if abs(whole) >= _WAN and whole % 10_000 == 0:
        return f"{canonical(Decimal(whole) / _WAN)}万元"
    if whole % 100 == 0:
        return f"{whole // 100:,}元"
    sign, (major, minor) = "-" if whole < 0 else "", divmod(abs(whole), 100)
    return f"{sign}{major:,}.{minor:02d}元"


def clipped(words: str, longest: int = _LONGEST) -> str:
    """Words cut for a sentence."""
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def several(names: list[str], most: int = 6) -> str:
    """Names one behind the other, cut where there are too many."""
    return "、".join(names[:most]) + (f"等 {len(names)} 项" if len(names) > most else "")


_queries: OrderedDict[tuple[int, str], tuple[Tables, Select[Any]]] = OrderedDict()
"""Queries for the lines of records, by the tables of a ledger and the name of a schema: making one takes as long as asking it."""
_KEPT = 400


def _lines_of(facts: Facts, name: str) -> Select[Any]:
    """Id, whether it was deleted, and line of the records of a schema whose ids are ``chosen``."""
    at = id(facts.tables), name
    if at not in _queries:
        one = facts.tables.records[name]
        said = rows_shown.line(facts, one.schema, one.table)
        query = select(one.table.c.id, one.table.c.deleted, said)
        _queries[at] = facts.tables, query.where(one.table.c.id.in_(bindparam("chosen", expanding=True)))
        while len(_queries) > _KEPT:
            _queries.popitem(last=False)
    return _queries[at][1]


@dataclass
class Saying:
    """Says what belongs to one category. Keeps the lines of records that references point at, each read once; ``later`` puts
    marks in their place, so that those of a whole check are read in one go (``settled``)."""

    facts: Facts
    definition: CategoryDefinition
    later: bool = False
    _lines: dict[str, dict[str, str]] = field(default_factory=dict)
    _specs: dict[tuple[str, Path], Kind[Any] | ComputedSpec | None] = field(default_factory=dict)
    _labels: dict[tuple[str, Path], str] = field(default_factory=dict)

    # -- records -------------------------------------------------------------------------------------------------

    def pointed(self, to: str, identifier: str) -> str:
        """The line of the record a reference points at, or the mark that stands for it."""
        return f"\0{to}\1{identifier}\0" if self.later else self.line(to, identifier)

    def line(self, to: str, identifier: str) -> str:
        """The line of a record."""
        known = self._lines.setdefault(to, {})
        if identifier not in known:
            self.learn(to, {identifier})
        return known[identifier]

    def learn(self, to: str, identifiers: Collection[str]) -> None:
        """Reads the lines of many records in one go; of one that is nowhere the id is all there is to say."""
        known = self._lines.setdefault(to, {})
        missing = [one for one in dict.fromkeys(identifiers) if one not in known]
        known.update({one: clipped(one) for one in missing})
        if to not in self.facts.tables.records or not missing:
            return
        unnamed = f"未命名的{self.facts.schema(to).title}"
        query = _lines_of(self.facts, to)
        with self.facts.reading() as connection:
            for at in range(0, len(missing), _TOGETHER):
                found = connection.execute(query, {"chosen": missing[at : at + _TOGETHER]})
                for identifier, deleted, words in found.all():
                    line = " ".join((words or "").split()).strip(" .、·") or unnamed
                    known[identifier] = clipped(line) + ("（已删除）" if deleted else "")

    def marks(self, words: str) -> list[tuple[str, str]]:
        """What marks stand in words: schema name and id."""
        return _MARK.findall(words) if "\0" in words else []

    def settled(self, words: str) -> str:
        """Words with the lines their marks stand for."""
        return _MARK.sub(lambda found: self.line(found[1], found[2]), words) if "\0" in words else words

    def forget(self) -> None:
        """What references point at may have changed."""
        self._lines.clear()

    def row(self, register: str, row: Record) -> str:
        """A row in a line, its references by their words; it need not be in the ledger."""
        schema = self.facts.schema(self.definition.registers[register].name)
        said: dict[str, Any] = {}
        for one in schema.fields:
            if "{" + one.name + "}" in schema.shown:
                value = getattr(row, one.name)
                pointing = value is not None and isinstance(one.kind, links.Ref)
                said[one.name] = self.line(one.kind.to, value) if pointing else value  # type: ignore[attr-defined]
            else:
                said[one.name] = None
        return clipped(schema.describe(cast(Record, SimpleNamespace(**said))))

    # -- fields and values ---------------------------------------------------------------------------------------

    def spec(self, register: str, path: Path) -> Kind[Any] | ComputedSpec | None:
        """What stands at a path: the kind of a stored field, or a computed field."""
        if (register, path) not in self._specs:
            self._specs[register, path] = self._spec(register, path)
        return self._specs[register, path]

    def _spec(self, register: str, path: Path) -> Kind[Any] | ComputedSpec | None:
        kind = self.definition.scope.at(register).kind(path)
        if kind is not None or not path:
            return kind
        at = register
        for name in path[:-1]:
            pointing = self.definition.scope.at(at).kind((name,))
            target = self.definition.scope.target(pointing) if pointing is not None else None
            at = target[0] if target else ""
        computed = self.definition.registers[at].computed if at in self.definition.registers else ()
        return next((one for one in computed if one.name == path[-1]), None)

    def label(self, register: str, path: Path) -> str:
        """A field by its label, over references with 的: 车辆的核定油耗."""
        if (register, path) not in self._labels:
            labels = [getattr(self.spec(register, path[: at + 1]), "label", name) for at, name in enumerate(path)]
            self._labels[register, path] = "的".join(labels)
        return self._labels[register, path]

    def value(self, register: str, path: Path, value: Any) -> str:
        """A value of a field as a clerk reads it; 空 for none."""
        spec = self.spec(register, path)
        if value is None:
            return "空"
        if isinstance(spec, ComputedSpec):
            return self.reckoned(value, spec.sort, spec.unit, spec.places)
        if isinstance(spec, links.Ref):
            return self.pointed(spec.to, value)
        if spec is None or isinstance(spec, Money) or isinstance(value, date | Decimal | int):
            sort: Sort = "money" if isinstance(spec, Money) else "number"
            if isinstance(spec, YesNo):
                return spec.show(value)
            return self.reckoned(value, sort, getattr(spec, "unit", ""))
        if isinstance(value, Amount | Deadline) or not isinstance(value, str):
            return clipped(str(spec.show(value)))
        return clipped(spec.show(value))

    def reckoned(self, value: Any, sort: Sort | None, unit: str = "", places: int = 4) -> str:
        """A reckoned value: money in yuan, numbers with at most so many places, days as 2021-12-31."""
        if value is None:
            return "空"
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%d %H:%M}"
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, bool):
            return "是" if value else "否"
        if sort == "money" and isinstance(value, int | Decimal):
            return yuan(value)
        if isinstance(value, int | Decimal):
            exact = Decimal(value)
            short = rounded(exact, places, "half_up") if exact.adjusted() < 30 else exact
            return f"{canonical(short)}{unit}"
        return clipped(str(value))

    # -- terms and conditions ------------------------------------------------------------------------------------

    def term(self, register: str, term: Term) -> str:
        """What a term reckons, in words: 核定数减实有数."""
        if isinstance(term, FieldAt):
            return self.label(register, term.path)
        if isinstance(term, Constant):
            return self.reckoned(term.value, term.sort)
        if isinstance(term, Today):
            return "当天"
        return self._applied(register, term)

    def _applied(self, register: str, term: Apply) -> str:
        parts = [self.term(register, one) for one in term.terms]
        if term.op in _JOINED:
            return _JOINED[term.op].join(parts)
        first, second = parts[0], parts[1]
        if term.op == "percent":
            return f"{first}占{second}的百分比"
        if term.op == "first":
            return f"{parts[0]}（没有时用{'、'.join(parts[1:])}）"
        if term.op.startswith("add_"):
            unit = {"add_days": "天", "add_months": "个月", "add_years": "年"}[term.op]
            return f"{first}之后{second}{unit}"
        unit = {"days": "天数", "hours": "小时数", "months": "月数", "years": "年数"}[term.op]
        return f"{first}至{second}的{unit}"

    def of_term(self, register: str, term: Term, value: Any) -> str:
        """The value of a term."""
        if isinstance(term, FieldAt):
            return self.value(register, term.path, value)
        sort = sort_of_term(term, self.definition.scope.at(register))
        return self.reckoned(value, sort, self._unit(register, term), 4)

    def _unit(self, register: str, term: Term) -> str:
        """The unit of what is added up, where all parts have the same."""
        if isinstance(term, FieldAt):
            return getattr(self.spec(register, term.path), "unit", "") or ""
        if isinstance(term, Apply) and term.op in ("plus", "minus", "first"):
            units = {self._unit(register, one) for one in term.terms if not isinstance(one, Constant)}
            return units.pop() if len(units) == 1 else ""
        if isinstance(term, Apply):
            return {"percent": "%", "days": "天", "hours": "小时", "months": "个月", "years": "年"}.get(term.op, "")
        return ""

    def condition(self, register: str, condition: Condition) -> str:
        """A condition in words: 状态是离职，且证书状态是在用."""
        if isinstance(condition, Every | AnyOf):
            joined = "，且" if isinstance(condition, Every) else "，或"
            return joined.join(self.condition(register, one) for one in condition.parts)
        if isinstance(condition, Not):
            return self._denied(register, condition.part)
        label = self.label(register, condition.path)
        if isinstance(condition, Empty):
            return f"没有填{label}"
        if isinstance(condition, Among):
            return f"{label}{self._any_of(register, condition)}"
        if isinstance(condition, Compared):
            return f"{label}{COMPARISONS[condition.op]}{self.term(register, condition.term)}"
        return f"{label}含有“{condition.words}”"

    def _any_of(self, register: str, condition: Among) -> str:
        """是“在用”或“停用”; 为是 of a yes or no."""
        words = [self.value(register, condition.path, one) for one in condition.values]
        if any(isinstance(one, bool) for one in condition.values):
            return f"为{'或'.join(words)}"
        return f"是{'或'.join(f'“{word}”' for word in words)}"

    def _denied(self, register: str, part: Condition) -> str:
        if isinstance(part, Empty):
            return f"已填{self.label(register, part.path)}"
        if isinstance(part, Among):
            return f"{self.label(register, part.path)}不{self._any_of(register, part)}"
        if isinstance(part, Contains):
            return f"{self.label(register, part.path)}不含“{part.words}”"
        return f"并非（{self.condition(register, part)}）"
