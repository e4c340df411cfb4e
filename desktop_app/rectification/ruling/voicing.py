"""Breaches as findings: named, told, and as withheld as what they tell of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields as fields_in
from dataclasses import is_dataclass
from typing import Any

from db.ledger.facts import Facts
from db.schema.definition.conditions import Among, AnyOf, Compared, Contains, Empty, Every, Not, paths
from db.schema.definition.terms import Apply, Constant, FieldAt, Today, fields_of
from db.schema.kinds import Publicity
from desktop_app.rectification.finding import Finding, stricter
from desktop_app.rectification.ruling.asking import Asking
from desktop_app.rectification.ruling.breach import Breach
from desktop_app.rectification.ruling.ground import Ground

Hit = tuple[Ground, Breach, str]
"""The rule's ground, what it says, the id of the row ("" for none)."""


def said(asking: Asking, hits: Sequence[Hit]) -> list[Finding]:
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
    voices: dict[str, Voice] = {}
    for ground, breach, identifier in sorted(hits, key=lambda hit: order[hit[0].rule.key]):
        voice = voices.get(ground.rule.key) or voices.setdefault(ground.rule.key, Voice(ground))
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
        self._read(asking.facts, named)

    def _read(self, facts: Facts, named: Mapping[str, Collection[str]]) -> None:
        """One query for all of them: of most registers every row is open."""
        asked = [name for name in named if name in facts.tables.records]
        asked = [name for name in asked if "publicity" in facts.tables.records[name].kinds]
        words = " UNION ALL ".join(
            f"SELECT {place}, id, publicity FROM {facts.tables.records[name].name} WHERE publicity IN ('internal', 'secret')"
            for place, name in enumerate(asked)
        )
        if words:
            with facts.reading() as connection:
                for place, identifier, level in connection.exec_driver_sql(words):
                    if identifier in named[asked[place]]:
                        self._records[asked[place], identifier] = level

    def of(self, named: Sequence[tuple[str, str]]) -> Publicity:
        """The strictest of these records (schema name, id)."""
        known = [level for one in named if (level := self._records.get(one))]
        known += [level for name, _ in named if (level := self._registers.get(name))]
        return stricter("public", *known) if known else "public"


class Voice:
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
            *_levels_told(ground),
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
            publicity=self.level
            if level == breach.publicity == "public"
            else stricter(self.level, level, breach.publicity),
            hard=rule.hard,
        )


def _levels_told(ground: Ground) -> Iterator[Publicity]:
    """How open the fields are whose values a rule tells."""
    if ground.key:
        for path in dict.fromkeys(_paths_in(ground.rule.test)):
            for at in range(1, len(path) + 1):
                spec = ground.saying.spec(ground.key, path[:at])
                if spec is not None:
                    yield spec.publicity


_CONDITIONS = (Every, AnyOf, Not, Empty, Among, Compared, Contains)
_TERMS = (Constant, FieldAt, Today, Apply)


def _paths_in(what: Any) -> Iterator[tuple[str, ...]]:
    """The fields a test names, alone, in terms and in conditions."""
    if isinstance(what, _CONDITIONS):
        yield from paths(what)
    elif isinstance(what, _TERMS):
        yield from fields_of(what)
    elif isinstance(what, tuple):
        if what and all(isinstance(one, str) for one in what):
            yield what
        for one in what:
            yield from _paths_in(one)
    elif is_dataclass(what):
        for one in fields_in(what):
            yield from _paths_in(getattr(what, one.name))
