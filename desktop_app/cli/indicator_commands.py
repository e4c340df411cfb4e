"""The command that reckons indicators: ``zhenggai indicators``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any

import typer

from db import clock
from db.errors import Refusal
from db.ledger.ledger import Ledger
from db.schema.composite import Period, Span
from db.schema.kinds import Publicity
from db.schema.typed import canonical
from desktop_app.cli.category_commands import named
from desktop_app.cli.ledger_commands import Json, LedgerPath, OfUnit, day, opened
from desktop_app.cli.printing import DONE, tell
from desktop_app.cli.sheet_commands import level, table_lines
from desktop_app.rectification import ledgers
from desktop_app.rectification.reckoning import periods
from desktop_app.rectification.reckoning.indicators import Reckoned, possible, reckon_all
from desktop_app.rectification.rows import PUBLICITIES

TOPIC = "indicators"
_HEADINGS = ("指标", "数值", "分子（本期）", "分母（基期）", "期间", "说明")
_WIDEST = 44


def indicators(
    ledger: LedgerPath,
    category: Annotated[
        str, typer.Option("--category", metavar="CATEGORY", help="只算哪个类别", show_default=False)
    ] = "",
    period: Annotated[
        str,
        typer.Option("--period", metavar="PERIOD", help="期间，如 今年以来、上半年、2021年7月", show_default=False),
    ] = "",
    unit: OfUnit = "",
    by: Annotated[
        str,
        typer.Option("--by", metavar="FIELDS", help="按什么分，如 单位、车辆、月（用逗号隔开）", show_default=False),
    ] = "",
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="算到哪一天，如 2021-12-31；默认今天", show_default=False)
    ] = "",
    publicity: Annotated[
        str, typer.Option("--publicity", metavar="LEVEL", help="列到哪一级：公开、党内通报、不公开")
    ] = "公开",
    json: Json = False,
) -> int:
    """按台账登记的内容算出各类别的指标。"""
    with opened(ledger) as facts:
        today = day(as_of, "--as-of ") or clock.today()
        span = periods.span(period, today, periods.named_periods(facts)) if period.strip() else None
        names = tuple(name for name in by.replace("，", ",").replace("、", ",").split(",") if name.strip())
        keys = [named(facts, category)] if category else list(facts.definitions)
        chosen = ledgers.find_unit(facts, unit).id if unit else None
        _must_fit(facts, keys, names)
        found = {
            key: reckon_all(facts, key, as_of=today, period=span, unit=chosen, by=names)
            for key in keys
            if facts.definitions[key].indicators
        }
        titles = {key: facts.definitions[key].title for key in found}
    open_, withheld = _parted(found, level(publicity))
    lines = [line for key, told in open_.items() for line in _lines(titles[key], told)]
    lines += [f"没有列出的指标（不对外公开）：{'、'.join(one.title for one in withheld)}。"] if withheld else []
    data = {
        "as_of": today.isoformat(),
        "indicators": [_data(one) for told in open_.values() for one in told],
        "withheld": [f"{one.category}.{one.indicator}" for one in withheld],
    }
    tell(lines or ["本台账的类别还没有指标。"], data, as_json=json)
    return DONE


def _must_fit(facts: Ledger, keys: Sequence[str], names: Sequence[str]) -> None:
    """Every name must be a field of some indicator that is asked for."""
    for name in names:
        fits = any(
            possible(facts.definitions[key], indicator, (name,))
            for key in keys
            for indicator in facts.definitions[key].indicators
        )
        if not fits:
            raise Refusal(
                f"没有一个指标能按“{name.strip()}”分。", "可写登记表里的字段名称，或 单位、月、季度、半年、年。", TOPIC
            )


def _parted(found: dict[str, list[Reckoned]], publicity: Publicity) -> tuple[dict[str, list[Reckoned]], list[Reckoned]]:
    """What may be shown, by category, and what may not."""
    allowed = PUBLICITIES[: PUBLICITIES.index(publicity) + 1]
    open_ = {key: [one for one in told if one.publicity in allowed] for key, told in found.items()}
    return open_, [one for told in found.values() for one in told if one.publicity not in allowed]


def _lines(title: str, told: Sequence[Reckoned]) -> Iterator[str]:
    if not told:
        return
    yield f"【{title}】"
    table = [row for one in told for row in ([*_row(one, one.title)], *(_group(group) for group in one.groups))]
    yield from table_lines(_HEADINGS, table, _WIDEST)


def _group(one: Reckoned) -> list[str]:
    row = _row(one, f"· {'、'.join(one.label)}")
    return [*row[:4], "", row[5]]  # the period is that of the line above


def _row(one: Reckoned, title: str) -> list[str]:
    second = one.denominator if one.denominator is not None else one.base
    return [title, one.shown, _number(one.numerator), _number(second), _period(one.period), one.why]


def _number(value: Any) -> str:
    """A part of a value as it is told beside it: at most six digits behind the point."""
    return "" if value is None else canonical(round(value, 6))


def _period(span: Span | None) -> str:
    return "" if span is None else Period("").show(span)


def _data(one: Reckoned) -> dict[str, Any]:
    def day_of(value: date | None) -> str | None:
        return None if value is None else value.isoformat()

    numbers = {name: getattr(one, name) for name in ("value", "numerator", "denominator", "base")}
    span = one.period
    return {
        "category": one.category,
        "indicator": one.indicator,
        "title": one.title,
        "shown": one.shown,
        **{name: None if value is None else str(value) for name, value in numbers.items()},
        "period": None
        if span is None
        else {"start": day_of(span.start), "end": day_of(span.end), "words": span.wording},
        "rows": one.rows,
        "why": one.why,
        **({"label": list(one.label)} if one.label else {}),
        **({"groups": [_data(group) for group in one.groups]} if one.groups else {}),
    }


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("indicators")(indicators)
