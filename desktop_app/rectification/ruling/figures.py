"""Tests of indicators: targets with their forecast, sums, parts of a whole, deviations from a norm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from db.errors import Refusal
from db.schema.composite import Amount
from db.schema.definition import Indicator
from db.schema.definition import set_tests as tests
from db.schema.typed import canonical
from desktop_app.rectification.finding import Severity, stricter
from desktop_app.rectification.reckoning import periods, showing
from desktop_app.rectification.reckoning.indicators import Reckoned
from desktop_app.rectification.reckoning.terms import Reader
from desktop_app.rectification.reckoning.values import EXACT
from desktop_app.rectification.ruling.breach import Breach
from desktop_app.rectification.ruling.completing import last_day
from desktop_app.rectification.ruling.ground import Ground


def shown(ground: Ground, key: str, value: Decimal) -> str:
    """A value as its indicator is printed, without coarsening."""
    one = ground.definition.indicators[key]
    return showing.words(Amount(Decimal(canonical(_rounded(one, value))), one.unit))


def _rounded(one: Indicator, value: Decimal) -> Decimal:
    """With one place more than is printed, so that 54.96 % against 55 % does not read as 55 %."""
    return EXACT.quantize(value, Decimal(1).scaleb(-one.places - 1)) if abs(value) < 10**30 else value


def _told(ground: Ground, one: Reckoned) -> str:
    """The value with what it was reckoned from: 51.5%（286/555）."""
    value = shown(ground, one.indicator, one.value) if one.value is not None else "没有数"
    if one.numerator is None or one.denominator is None:
        return value
    return f"{value}（{canonical(one.numerator)}/{canonical(one.denominator)}）"


def _over(one: Reckoned) -> str:
    return one.period.wording if one.period is not None and one.period.wording else ""


def _rows(ground: Ground, key: str) -> str:
    """The schema of the rows an indicator is told by: where its figures are put right."""
    register = ground.definition.scope.indicators.get(key, "")
    return ground.definition.registers[register].name if register in ground.definition.registers else ""


def _registers(ground: Ground, key: str) -> list[str]:
    """The schemas of all rows an indicator is reckoned from."""
    one = ground.definition.indicators[key]
    if one.register:
        return [ground.definition.registers[one.register].name]
    return [name for part in one.needs() for name in _registers(ground, part)]


# -- targets ----------------------------------------------------------------------------------------------------------


def target(ground: Ground, test: tests.Target) -> Iterator[Breach]:
    """An indicator reaches a value by a day; before it a note, with what it will be if it goes on so."""
    by = (test.by,) if test.by else ()
    if not ground.facts.filled() & {*_registers(ground, test.of)}:
        return  # nothing is kept there at all: the office does not do it, or not here
    try:
        whole = ground.reckoning.reckoned(test.of, test.during or None, by)
    except Refusal:  # a period without a name, a field it cannot be broken down by
        return
    last = last_day(test.by_day, ground.today)
    for one in whole.groups if by else (whole,):
        breach = _missed(ground, test, one, last)
        if breach is not None:
            yield breach


def _missed(ground: Ground, test: tests.Target, one: Reckoned, last: date | None) -> Breach | None:
    name = f"{'、'.join(one.label)}的{one.title}" if one.label else one.title
    about = "|".join(str(part) for part in one.key)
    early = last is not None and ground.today < last
    aim = f"{'不低于' if test.least is not None else '不超过'} {_aim(ground, test)}"
    until = f"，应于 {last} 前{aim}" if last is not None else f"，应{aim}"
    record = _rows(ground, test.of)
    if one.value is None:
        if not one.rows and not one.numerator:
            return None
        what = f"{name}算不出来：{one.why.rstrip('。')}{until}"
        return Breach(
            what,
            "",
            "请补登缺的数。",
            "target_unknown",
            "note",
            about,
            one.why,
            record=record,
            pending=True,
            day=last,
            publicity=one.publicity,
        )
    met = one.value >= test.least if test.least is not None else one.value <= (test.most or 0)
    ahead = _forecast(ground, test, one, last) if early and test.forecast else None
    if met and (ahead is None or ahead[1]):
        return None
    over = _over(one)
    what = f"{over}{name}现为 {_told(ground, one)}{until}"
    if ahead is not None:
        what += f"，{ahead[0]}"
    severity: Severity | None = "note" if early else None
    advice = "请对照目标安排工作。" if early else "请核对数据；确实没有达到的，写明原因。"
    said = _told(ground, one)
    return Breach(
        what,
        "",
        advice,
        "target",
        severity,
        about,
        said,
        record=record,
        pending=True,
        day=last,
        publicity=one.publicity,
    )


def _aim(ground: Ground, test: tests.Target) -> str:
    unit = ground.definition.indicators[test.of].unit
    return f"{canonical(test.least if test.least is not None else test.most or Decimal(0))}{unit}"


def _forecast(ground: Ground, test: tests.Target, one: Reckoned, last: date | None) -> tuple[str, bool] | None:
    """What it will be on the last day if it goes on so, in words, and whether that is enough. What is counted over the period
    grows with its days; what is there as of a day (a stock, a number of the whole year) does not."""
    start = one.period.start if one.period is not None else None
    if last is None or start is None or one.value is None or start > ground.today:
        return None
    elapsed, whole = (ground.today - start).days + 1, (last - start).days + 1
    of = ground.definition.indicators[test.of]
    if of.ratio is not None and one.numerator is not None and one.denominator:
        parts = zip((of.ratio.of, of.ratio.to), (one.numerator, one.denominator), strict=True)
        above, below = (_grown(ground, key, value, elapsed, whole) for key, value in parts)
        if not below:
            return None
        value = EXACT.divide(EXACT.multiply(above, of.ratio.times), below)
    elif _flows(ground, test.of):
        value = _grown(ground, test.of, one.value, elapsed, whole)
    else:
        return None
    enough = value >= test.least if test.least is not None else value <= (test.most or 0)
    how = f"按已过 {elapsed} 天的日均推算，到 {last} 约为 {shown(ground, test.of, value)}"
    return how + ("" if enough else "，达不到目标" if test.least is not None else "，会超过目标"), enough


def _grown(ground: Ground, key: str, value: Decimal, elapsed: int, whole: int) -> Decimal:
    return EXACT.divide(EXACT.multiply(value, whole), elapsed) if _flows(ground, key) else value


def _flows(ground: Ground, key: str) -> bool:
    """Whether an indicator grows as days pass: it counts or adds what is dated within a period."""
    one = ground.definition.indicators[key]
    if one.register:
        return one.on is not None and one.nature == "flow" and one.measure in ("count", "distinct", "sum")
    return one.measure in ("total", "difference") and all(_flows(ground, part) for part in one.needs())


# -- sums and parts ---------------------------------------------------------------------------------------------------


def balance(ground: Ground, test: tests.Balance) -> Iterator[Breach]:
    """An indicator equals the sum of others; what has no value counts as nought."""
    total, *parts = (ground.reckoning.reckoned(key) for key in (test.total, *test.parts))
    if total.value is None and all(one.value is None for one in parts):
        return
    added = sum((one.value or Decimal(0) for one in parts), start=Decimal(0))
    gap = (total.value or Decimal(0)) - added
    if abs(gap) <= test.tolerance:
        return
    told = " + ".join(f"{one.title} {_value(ground, one)}" for one in parts)
    what = (
        f"{_over(total)}{total.title} {_value(ground, total)}，各项相加是 {shown(ground, test.total, added)}"
        f"（{told}），相差 {shown(ground, test.total, abs(gap))}"
    )
    yield Breach(
        what,
        "",
        "请核对登记有没有漏的、重的。",
        "balance",
        substance=told,
        record=_rows(ground, test.total),
        publicity=stricter(*(one.publicity for one in (total, *parts))),
    )


def subset(ground: Ground, test: tests.Subset) -> Iterator[Breach]:
    """An indicator is at most another one."""
    part, whole = ground.reckoning.reckoned(test.part), ground.reckoning.reckoned(test.whole)
    if part.value is None or whole.value is None or part.value <= whole.value:
        return
    one, other = _value(ground, part), _value(ground, whole)
    what = f"{part.title} {one}，多于{whole.title} {other}，部分不能超过整体"
    yield Breach(
        what,
        "",
        "请核对这两个数。",
        "subset",
        substance=f"{one} {other}",
        record=_rows(ground, test.part),
        publicity=stricter(part.publicity, whole.publicity),
    )


def _value(ground: Ground, one: Reckoned) -> str:
    return "没有数" if one.value is None else shown(ground, one.indicator, one.value)


# -- deviations -------------------------------------------------------------------------------------------------------


def deviation(ground: Ground, test: tests.Deviation) -> Iterator[Breach]:
    """An indicator of somebody is not above so many times the norm kept with him."""
    by = ".".join(test.by)
    names = (by,) if test.every == "all" else (by, test.every)
    try:
        whole = ground.reckoning.reckoned(test.of, None if test.every == "all" else periods.ALL, names)
    except Refusal:  # nothing that can be broken down so
        return
    kind = ground.definition.scope.at(ground.key).kind(test.by)
    to = str(getattr(kind, "to", ""))
    label = ground.saying.label(ground.key, (*test.by, test.norm))
    ground.followed.fetch(to, [one.key[0] for one in whole.groups])
    for one in whole.groups:
        norm = _norm(ground, to, one.key[0], test.norm)
        if one.value is None or norm is None:
            continue
        most = EXACT.multiply(norm, test.above)
        if one.value <= most:
            continue
        when = "".join(one.label[1:])
        value, limit = shown(ground, test.of, one.value), shown(ground, test.of, most)
        times = "" if test.above == 1 else f" 的 {canonical(test.above)} 倍（{limit}）"
        what = f"{when}“{one.label[0]}”的{one.title} {value}，高于{label} {shown(ground, test.of, norm)}{times}"
        about = "|".join(str(part) for part in one.key)
        advice = "请核对登记，查明原因。"
        yield Breach(
            what,
            "",
            advice,
            "deviation",
            None,
            about,
            f"{value} {limit}",
            id=str(one.key[0]),
            record=to,
            publicity=one.publicity,
        )


def _norm(ground: Ground, to: str, identifier: Any, name: str) -> Decimal | None:
    """The norm kept with a record, stored or computed."""
    record = ground.followed.record(to, identifier)
    if record is None:
        return None
    key = to.removeprefix(f"{ground.definition.key}.")
    if key in ground.definition.registers:
        reader = Reader(ground.definition, key, ground.today, ground.reader.stored)
        try:
            value = reader.measured((name,))(record)
        except KeyError:  # no such field there
            return None
    else:
        value = getattr(record, name, None)
    return Decimal(value) if isinstance(value, int | Decimal) else None
