"""Indicators as they are printed: unit, rounding or cutting, coarse steps with 余, qualifier."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any

from db.schema.composite import Amount, Quantity
from db.schema.definition import CategoryDefinition, Indicator
from db.schema.definition.indicators import rounded
from db.schema.kinds import Publicity
from desktop_app.rectification.reckoning.measures import field_of
from desktop_app.rectification.reckoning.paths import resolve
from desktop_app.rectification.reckoning.values import EXACT

_SHARES = {100: "%", 1000: "‰"}
_CHANGES = {"percent": "%", "points": "个百分点"}
_LEVELS: tuple[Publicity, ...] = ("public", "internal", "secret")


def is_money(definition: CategoryDefinition, indicator: Indicator) -> bool:
    """Whether its value is an amount of money, reckoned in yuan."""
    parts = [is_money(definition, definition.indicators[key]) for key in indicator.needs()]
    if indicator.ratio is not None:
        return parts[0] and not parts[1]
    if indicator.change is not None:
        return indicator.change.as_ == "absolute" and parts[0]
    if parts:
        return parts[0]
    path = field_of(indicator)
    counted = indicator.measure in ("count", "distinct", "stock")
    return path is not None and not counted and definition.scope.at(indicator.register).sort(path) == "money"


def unit_of(definition: CategoryDefinition, indicator: Indicator) -> str:
    """The unit it is printed with: its own, else what its measure makes plain (元, %, 个百分点, that of its field or parts)."""
    if indicator.unit:
        return indicator.unit
    if indicator.change is not None and indicator.change.as_ in _CHANGES:
        return _CHANGES[indicator.change.as_]
    if indicator.ratio is not None:
        return "元" if is_money(definition, indicator) else _SHARES.get(indicator.ratio.times, "")
    if indicator.needs():
        return unit_of(definition, definition.indicators[indicator.needs()[0]])
    return "元" if is_money(definition, indicator) else _of_field(definition, indicator)


def _of_field(definition: CategoryDefinition, indicator: Indicator) -> str:
    """The unit of the field that is added up or picked from."""
    path = field_of(indicator)
    if path is None or indicator.measure == "distinct":
        return ""
    leaf = resolve(definition, indicator.register, path)
    return leaf.spec.unit if leaf.spec is not None else str(getattr(leaf.kind, "unit", ""))


@dataclass(frozen=True)
class Printing:
    """How the values of one indicator are printed, worked out once for all of them. ``step`` is the yuan in its unit, 1 for what is no money."""

    indicator: Indicator
    unit: str
    step: int

    def scaled(self, value: Fraction | None) -> Decimal | None:
        """A value in the unit it is printed with: yuan become 万元 or 亿元. A quotient is right to sixty digits."""
        return None if value is None else EXACT.divide(value.numerator, value.denominator * self.step)

    def amount(self, value: Decimal) -> Amount:
        """A value (in its unit) as it is printed. In coarse steps it is cut, and says 余 unless nothing was cut off."""
        one = self.indicator
        if not one.coarse:
            return Amount(_plain(rounded(value, one.places, one.rounding)), self.unit, one.qualifier)
        step = Decimal(one.coarse)
        cut = EXACT.multiply(EXACT.divide(value, step).to_integral_value(ROUND_DOWN), step)
        return Amount(_plain(cut), self.unit, one.qualifier or ("余" if cut != value else ""))


def printing(definition: CategoryDefinition, indicator: Indicator) -> Printing:
    """How the values of an indicator are printed."""
    unit, step = unit_of(definition, indicator), 1
    if is_money(definition, indicator):
        step = 10**8 if unit.startswith("亿") else 10**4 if unit.startswith("万") else 1
    return Printing(indicator, unit, step)


def _plain(value: Decimal) -> Decimal:
    return Decimal(format(value.normalize(EXACT), "f"))


def words(printed: Amount) -> str:
    """An amount in words."""
    return Quantity("").show(printed)


def publicity_of(definition: CategoryDefinition, key: str) -> Publicity:
    """The strictest of an indicator, its register, its field and what it is reckoned from."""
    one = definition.indicators[key]
    found: list[str] = [one.publicity, *(publicity_of(definition, part) for part in one.needs())]
    if one.register in definition.registers:
        found.append(definition.registers[one.register].publicity)
    path = field_of(one)
    if path is not None and one.measure != "distinct":
        leaf = resolve(definition, one.register, path)
        of: Any = leaf.kind if leaf.spec is None else leaf.spec
        found.append(of.publicity)
    return max((level for level in _LEVELS if level in found), key=_LEVELS.index)
