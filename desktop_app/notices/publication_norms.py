"""Norms beside the values of a publication: which rule holds which indicator against what, how far a value is from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.ledger.facts import Facts
from db.schema import links
from db.schema.definition import CategoryDefinition, set_tests
from db.schema.kinds import Kind
from db.schema.typed import canonical
from desktop_app.notices import register_columns, wide
from desktop_app.notices.wanted import Wanted
from desktop_app.notices.wide import Held, Spec
from desktop_app.rectification import openness
from desktop_app.rectification.reckoning.paths import resolve
from desktop_app.rectification.reckoning.records import computed_page


@dataclass(frozen=True)
class Norm:
    """A norm that a rule holds an indicator against: the field ``name`` of what ``by`` points at, up to ``above`` times."""

    indicator: str
    by: str
    to: str
    name: str
    label: str
    unit: str
    above: Decimal

    @property
    def mark(self) -> str:
        """What is said of a value above the limit."""
        over = (self.above - 1) * 100
        return f"偏高（{canonical(over)}%以上）" if over else "偏高"


def norms(definition: CategoryDefinition) -> list[Norm]:
    """The norms of a category's ``deviation`` rules, those that are in force."""
    found = []
    for rule in definition.rules.values():
        test = rule.test
        if not isinstance(test, set_tests.Deviation):
            continue
        register = definition.scope.indicators.get(test.of, "")
        kind = definition.scope.at(register).kind(test.by) if register else None
        if not isinstance(kind, links.Ref):
            continue
        try:
            leaf = resolve(definition, register, (*test.by, test.norm))
        except KeyError:
            continue
        label = leaf.spec.label if leaf.spec is not None else leaf.kind.label if leaf.kind is not None else ""
        unit = leaf.spec.unit if leaf.spec is not None else str(getattr(leaf.kind, "unit", ""))
        found.append(Norm(test.of, ".".join(test.by), kind.to, test.norm, label, unit, test.above))
    return found


def norm_values(facts: Facts, norm: Norm, wanted: Wanted) -> dict[str, Decimal]:
    """Id of what the norm is kept with → the norm, stored or reckoned."""
    records = facts.every(norm.to)
    category, _, key = norm.to.rpartition(".")
    definition = facts.definitions.get(category)
    stored: dict[str, Any] = {one.id: getattr(one, norm.name, None) for one in records}
    if definition is not None and key in definition.registers and norm.name not in facts.schema(norm.to).kinds():
        reckoned = computed_page(facts, definition, key, records, wanted.day)
        stored = {one.id: more.get(norm.name) for one, more in zip(records, reckoned, strict=True)}
    return {key: Decimal(value) for key, value in stored.items() if isinstance(value, int | Decimal) and value}


@dataclass(frozen=True)
class Beside:
    """The columns that a norm adds beside a value."""

    norm: Norm
    values: Mapping[str, Decimal]

    def specs(self) -> tuple[Spec, ...]:
        """Norm, deviation, mark."""
        unit = f"（{self.norm.unit}）" if self.norm.unit else ""
        return (
            Spec("norm__", f"{self.norm.label}{unit}", align="right"),
            Spec("over__", "偏差（%）", align="right"),
            Spec("mark__", "备注", width=6.0),
        )

    def places(self, identifier: str, value: Decimal | None) -> dict[str, Held]:
        """Norm, deviation in per cent, and the mark of a value above the limit."""
        norm = self.values.get(identifier)
        if norm is None:
            return {}
        places = max(map(register_columns.decimals, self.values.values()))
        found = {"norm__": wide.held(register_columns.grouped(norm, places))}
        if value is not None:
            over = (value - norm) * 100 / norm
            found["over__"] = wide.held(f"{over:+.1f}")
            if value > norm * self.norm.above:
                found["mark__"] = wide.held(self.norm.mark, colour="red")
        return found


def may_see_norm(facts: Facts, norm: Norm, wanted: Wanted) -> bool:
    """Whether the readers of a paper may know a norm."""
    kind: Kind[Any] | None = facts.schema(norm.to).kinds().get(norm.name)
    strict = [one.publicity for one in openness.reckoned(facts, facts.schema(norm.to)) if one.name == norm.name]
    return all(openness.may_see(wanted.readers, one) for one in (strict if kind is None else [kind.publicity]))
