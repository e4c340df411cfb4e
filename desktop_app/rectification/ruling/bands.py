"""Threshold bands: what a table says for a kind and an amount on a day, held against what was done.

Ends are exact: ``least`` and ``most`` are inside a line, ``above`` and ``below`` are not. Where two lines fit and say
different things (seed-reading 4.4, row 14: exactly 50,000), what either says is right, and a note asks to confirm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from db.errors import Refusal
from db.schema.definition import Step
from db.schema.definition import row_tests as tests
from db.schema.definition.slots import number
from db.schema.kinds import Choice, Kind
from desktop_app.rectification.reckoning.values import measured
from desktop_app.rectification.ruling.breach import Breach, Judge, on_day
from desktop_app.rectification.ruling.ground import Ground


@dataclass(frozen=True)
class Line:
    """A line of a threshold table, its values read: kinds it is for (none: all), bounds, days it is in force, what is right."""

    right: tuple[str, ...]
    keys: tuple[str, ...]
    least: Any
    above: Any
    most: Any
    below: Any
    since: date | None
    until: date | None
    basis: str

    def fits(self, key: str | None, amount: Any, day: date) -> bool:
        """Whether it is for this kind and amount, and in force on the day."""
        return (
            (not self.keys or key in self.keys)
            and (self.least is None or amount >= self.least)
            and (self.above is None or amount > self.above)
            and (self.most is None or amount <= self.most)
            and (self.below is None or amount < self.below)
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )


def band(ground: Ground, test: tests.Band) -> Judge:
    """What the table says is what was done; a row no line fits passes."""
    table = lines(ground, test)
    amount_of, actual_of = ground.measured(test.amount), ground.value(test.actual)
    key_of = ground.value(test.key) if test.key else lambda _row: None
    day_of = ground.value(test.day) if test.day else lambda _row: None
    label = ground.label(test.amount)

    def judge(row: Any) -> Breach | None:
        amount, actual, key = amount_of(row), actual_of(row), key_of(row)
        if amount is None or actual is None:
            return None
        fitting = [one for one in table if one.fits(key, amount, on_day(day_of(row)) or ground.today)]
        answers = list(dict.fromkeys(one.right for one in fitting))
        if not fitting or (len(answers) == 1 and actual in answers[0]):
            return None
        shown, done = ground.say(test.amount, amount), ground.say(test.actual, actual)
        of_kind = f"，{ground.label(test.key)} {ground.say(test.key, key)}" if test.key and key is not None else ""
        right = "；".join("或".join(ground.say(test.actual, one) for one in some) for some in answers)
        substance = f"{shown} {key or ''} {done}"
        if any(actual in some for some in answers):
            what = f"{label} {shown}{of_kind}，正好在两条规定的分界上（{right}），现为{done}"
            advice = "请确认按哪一条规定办理。"
            return Breach(what, test.actual[0], advice, "band_boundary", "note", substance=substance)
        basis = "、".join(dict.fromkeys(one.basis for one in fitting if one.basis))
        by = f"按{basis}" if basis else "按规定"
        what = f"{label} {shown}{of_kind}，{by}应当{right}，现为{done}"
        return Breach(what, test.actual[0], f"请核对{label}和做法；确有依据的，写明理由。", "band", substance=substance)

    return judge


def lines(ground: Ground, test: tests.Band) -> list[Line]:
    """The lines of the rule's table; one whose bounds cannot be read for the amount is left out."""
    kind = _kind(ground, test.amount)
    keys = _kind(ground, test.key) if test.key else None
    actual = _kind(ground, test.actual)
    found = []
    for one in ground.definition.tables.get(test.table, ()):
        bounds = [_bound(kind, getattr(one, name)) for name in ("least", "above", "most", "below")]
        if any(given and bound is None for given, bound in zip(_typed(one), bounds, strict=True)):
            continue
        since, until = (date.fromisoformat(d) if d else None for d in (one.valid_from, one.valid_until))
        right, of = _choices(actual, one.is_), _choices(keys, one.key)
        least, above, most, below = bounds
        found.append(Line(right, of, least, above, most, below, since, until, one.basis))
    return found


def _typed(one: Step) -> tuple[str, str, str, str]:
    return one.least, one.above, one.most, one.below


def _kind(ground: Ground, path: tuple[str, ...]) -> Kind[Any] | None:
    return ground.definition.scope.at(ground.key).kind(path)


def _bound(kind: Kind[Any] | None, typed: str) -> Any:
    """A bound as the amount's kind reads it; a computed amount is a number."""
    if not typed:
        return None
    if kind is None:
        return number(typed)
    try:
        value = measured(kind.parse(typed))
    except Refusal:
        return None
    return value if isinstance(value, int | Decimal) else None


def _choices(kind: Kind[Any] | None, words: tuple[str, ...]) -> tuple[str, ...]:
    """Words of the table as the field keeps them."""
    if not isinstance(kind, Choice):
        return words
    keys = {word: key for key, word in kind.of.items()}
    return tuple(keys.get(word, word) for word in words)
