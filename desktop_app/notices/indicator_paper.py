"""Indicator sheets: the indicators of a category in a period beside the one before and a year ago, month by month, with charts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.composite import Span
from db.schema.days import written
from db.schema.definition import CategoryDefinition
from db.schema.kinds import Text, YesNo
from db.schema.links import Texts
from db.schema.records import Unit, category_key
from db.schema.records.words import PUBLICITY
from desktop_app.notices import publication_norms, publication_rows, register_columns, wide
from desktop_app.notices.book import called
from desktop_app.notices.publication_paper import period_of
from desktop_app.notices.register_paper import NUMBER
from desktop_app.notices.tree import Block, Chart, Document, Paragraph, Run, Section, Series
from desktop_app.notices.wanted import TOPIC, Kind, Wanted
from desktop_app.notices.wide import Held, Spec
from desktop_app.rectification import openness, series
from desktop_app.rectification.figures import indicator_named
from desktop_app.rectification.reckoning import periods, showing
from desktop_app.rectification.reckoning.indicators import Reckoned, definition_of, reckon
from desktop_app.rectification.series import Compared

_CHARTS = 2
_TOLD = 8
"""Indicators without a value that are named."""
_GROUPS = 15
"""Groups of a chart; the rest are told in the table of their own paper."""


@dataclass(frozen=True)
class _Asked:
    """What a sheet is of."""

    facts: Facts
    wanted: Wanted
    definition: CategoryDefinition
    period: Span
    found: tuple[Compared, ...]

    @property
    def unit(self) -> str | None:
        return self.wanted.unit or None

    @property
    def year(self) -> int:
        """The year that is told month by month: that in which the period ends."""
        return (self.period.end or self.wanted.day).year


def sheets(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """A sheet for each category that is asked for, by its key or the id of its record; all its indicators, or those named."""
    return tuple(_sheet(facts, wanted, category_key(name)) for name in dict.fromkeys(wanted.of))


def _sheet(facts: Facts, wanted: Wanted, category: str) -> Document:
    definition = definition_of(facts, category)
    keys = [_key(definition, said) for said in wanted.options.get("only") or () if said.strip()]
    period = period_of(wanted)
    found = series.compared(
        facts, category, period, as_of=wanted.day, unit=wanted.unit or None, readers=wanted.readers, only=keys
    )
    kept = [one for one in found if one.known or keys]
    if not kept:
        raise Refusal(
            f"类别“{definition.title}”在{register_columns.span_words(period)}和以前都没有可印的数。",
            "请换一个期间、单位或公开级别，或先填登记表。",
            TOPIC,
        )
    asked = _Asked(facts, wanted, definition, period, tuple(kept))
    unit = facts.get(Unit, wanted.unit)
    left = [one.now.title for one in found if one not in kept]
    blocks: list[Block] = [_line(asked, unit), *_comparison(asked, left)]
    charts = [] if wanted.options.get("charts") is False else _charts(asked)
    monthly = [] if wanted.options.get("months") is False else _monthly(asked)
    blocks += [*charts, *monthly]
    name = wanted.text("title") or f"“{definition.title}”有关指标情况表"
    return Document(
        title=f"{called(unit) if unit is not None else ''}{register_columns.span_words(period)}{name}",
        blocks=tuple(blocks),
        author=(unit.organ or unit.name or "") if unit is not None else "",
        subject=f"{PUBLICITY[wanted.readers]}，{written(wanted.day)}",
        form="sheet",
    )


def _key(definition: CategoryDefinition, said: str) -> str:
    """The indicator that is called so; ``Refusal`` lists them."""
    one = indicator_named(definition, said.strip())
    if one is None:
        listed = "、".join(found.title for found in definition.indicators.values())
        raise Refusal(f"类别“{definition.title}”没有指标“{said}”。", f"有：{listed}。", TOPIC)
    return one.key


def _line(asked: _Asked, unit: Unit | None) -> Paragraph:
    parts = [f"单位：{unit.name}"] if unit is not None and unit.name else []
    parts += [f"期间：{register_columns.span_words(asked.period)}", f"截至{written(asked.wanted.day)}"]
    return Paragraph((Run("\u3000".join(parts)),), "flush", "5")


# -- the comparison ---------------------------------------------------------------------------------------------------

_COLUMNS = (
    NUMBER,
    Spec("title", "指标", "", named=True),
    Spec("now", "本期", "", align="right"),
    Spec("before", "上期", "环比", align="right"),
    Spec("on_before", "变化", "环比", align="right"),
    Spec("year_ago", "去年同期", "同比", align="right"),
    Spec("on_year_ago", "变化", "同比", align="right"),
)


def _comparison(asked: _Asked, left: Sequence[str]) -> list[Block]:
    """The table of values and changes."""
    rows: list[dict[str, Held]] = []
    for number, one in enumerate(_comparable(asked.found), start=1):
        now, before, year_ago = _alike((one.now, one.before, one.year_ago))
        said = {
            "title": one.now.title,
            "now": now,
            "before": before,
            "on_before": one.against_before.words,
            "year_ago": year_ago,
            "on_year_ago": one.against_year_ago.words,
        }
        rows.append({NUMBER.key: wide.held(str(number)), **{key: wide.held(words) for key, words in said.items()}})
    specs = [NUMBER] + [
        wide.measured(one, (wide.words(row[one.key]) for row in rows), whole=one.align == "right")
        for one in _COLUMNS[1:]
    ]
    planned = wide.plan(specs, "upright", ("x4", "5", "x5"))
    return list(wide.tables(planned, rows, notes=_notes(asked, left)))


def _comparable(found: Sequence[Compared]) -> list[Compared]:
    """The values, without a past in which nothing at all was entered: a register that was begun later did not begin at nought."""
    before = any(one.before is not None and one.before.rows for one in found)
    year_ago = any(one.year_ago is not None and one.year_ago.rows for one in found)
    return [
        replace(one, before=one.before if before else None, year_ago=one.year_ago if year_ago else None)
        for one in found
    ]


_SHOWN = re.compile(r"(-?[0-9,]+)(?:\.([0-9]+))?((?![0-9.]).*)")
"""A value as it is printed: before the point, behind it, its unit."""


def _alike(values: Iterable[Reckoned | None]) -> list[str]:
    """Values as they are printed, those of one unit with as many decimals as the longest of them; a dash for none."""
    shown = [one.shown if one is not None else "" for one in values]
    parts = {words: found for words in shown if (found := _SHOWN.fullmatch(words))}
    most = max((len(one[2] or "") for one in parts.values()), default=0)
    if not most or len({one[3] for one in parts.values()}) > 1:
        return [words or "—" for words in shown]
    return [
        f"{one[1]}.{(one[2] or '').ljust(most, '0')}{one[3]}" if (one := parts.get(words)) else words or "—"
        for words in shown
    ]


def _notes(asked: _Asked, left: Sequence[str]) -> tuple[str, ...]:
    span = series.cut(asked.period, asked.wanted.day)
    bases = [
        f"{word}与{register_columns.span_words(base)}比"
        for word, against in (("环比", "previous"), ("同比", "same_last_year"))
        if (base := periods.base(span, against)) is not None
    ]
    told = "，".join(bases)
    found = [
        f"注：{told}；比率的变化以百分点计，其他的以百分比计，没有可比的数印“—”。"
        if told
        else "注：这段期间没有可比的期间。"
    ]
    if len(left) > _TOLD:
        return (*found, f"另有{len(left)}项指标没有数据，未列。")
    return (*found, f"没有数据的指标未列：{'、'.join(left)}。") if left else tuple(found)


# -- month by month ---------------------------------------------------------------------------------------------------


def _monthly(asked: _Asked) -> list[Block]:
    """The months of the year in a table, from the first one with a number on, where there is more than one."""
    last = min((asked.period.end or asked.wanted.day), asked.wanted.day).month
    keys = series.by_month(asked.definition, [one.now.indicator for one in asked.found])
    rows = []
    first = last
    for key in keys:
        months = series.monthly(
            asked.facts, asked.definition.key, key, asked.year, as_of=asked.wanted.day, unit=asked.unit
        )[:last]
        if any(months):
            one = asked.definition.indicators[key]
            unit = showing.unit_of(asked.definition, one)
            said = {"title": f"{one.title}（{unit}）" if unit else one.title}
            said |= {str(at): _figure(value, one.places) for at, value in enumerate(months)}
            rows.append({key_: wide.held(words) for key_, words in said.items()})
            first = min(first, next(at for at, value in enumerate(months) if value))
    if last - first < 2:
        return []
    specs = [wide.measured(Spec("title", "指标", named=True), (wide.words(row["title"]) for row in rows))]
    for at in range(first, last):
        column = Spec(str(at), f"{at + 1}月", align="right")
        specs.append(wide.measured(column, (wide.words(row[str(at)]) for row in rows), whole=True))
    planned = wide.plan(specs)
    made = wide.tables(planned, rows, title=f"{asked.year}年各月情况")
    return [Section(made, "landscape")] if planned.layout == "landscape" else list(made)


def _figure(value: Decimal | None, places: int) -> str:
    if value is None:
        return "—"
    return register_columns.grouped(Decimal(f"{value:.{places}f}"), places)


# -- charts -----------------------------------------------------------------------------------------------------------


def _charts(asked: _Asked) -> list[Block]:
    """Charts of the indicators that were named for it, else of the first with a history, those before all that a rule holds
    against a norm: over the months of this year and the last, and of the present period by what it is broken down by."""
    titles = asked.wanted.options.get("charted") or ()
    known = {one.now.indicator: one for one in asked.found}
    named = [_named(asked, said, known) for said in titles if said.strip()]
    found: list[Block] = []
    watched = [norm.indicator for norm in publication_norms.norms(asked.definition) if norm.indicator in known]
    for key in named or dict.fromkeys((*watched, *known)):
        if len(found) >= max(_CHARTS, len(named)):
            break
        chart = _over_months(asked, key) or _by_groups(asked, key)
        found += [chart] if chart is not None else []
        if not named and len(found) == 1 and chart is not None and chart.kind in ("line", "columns"):
            more = _by_groups(asked, key)
            found += [more] if more is not None else []
    return found


def _named(asked: _Asked, said: str, known: dict[str, Compared]) -> str:
    key = _key(asked.definition, said)
    if key not in known:
        listed = "、".join(found.now.title for found in known.values())
        raise Refusal(f"没有指标“{said}”可以画图。", f"可以画：{listed}。", TOPIC)
    return key


def _over_months(asked: _Asked, key: str) -> Chart | None:
    """This year and the last month by month; None where there are not two months to tell."""
    if not series.by_month(asked.definition, [key]):
        return None
    last = min((asked.period.end or asked.wanted.day), asked.wanted.day).month
    years = {
        year: series.monthly(asked.facts, asked.definition.key, key, year, as_of=asked.wanted.day, unit=asked.unit)
        for year in (asked.year - 1, asked.year)
    }
    here = years[asked.year][:last]
    if sum(bool(value) for value in here) < 2:
        return None
    old = any(years[asked.year - 1])
    first, ends = (0, 12) if old else (next(at for at, value in enumerate(here) if value), last)
    one = asked.definition.indicators[key]
    told = [
        Series(f"{year}年", tuple(_value(values[at], one.places) if at < (12 if year < asked.year else last) else None for at in range(first, ends)))
        for year, values in years.items()
        if any(values)
    ]  # fmt: skip
    unit = showing.unit_of(asked.definition, one)
    kind = "line" if one.nature in ("rate", "stock") or unit in series.POINTS else "columns"
    title = f"{one.title}（{asked.year}年{'' if len(told) == 1 else '与上年'}各月）"
    return Chart(kind, title, tuple(f"{at + 1}月" for at in range(first, ends)), tuple(told), unit)  # type: ignore[arg-type]


def _by_groups(asked: _Asked, key: str) -> Chart | None:
    """The present period by the first thing beside the unit that an indicator is broken down by and readers may know."""
    one = asked.definition.indicators[key]
    for name in publication_rows.declared(asked.definition, one):
        kind = publication_rows.kind_of(asked.definition, key, name)
        if name == "unit" or (kind is not None and not _may_see(asked, kind)):
            continue
        found = reckon(
            asked.facts,
            asked.definition.key,
            key,
            as_of=asked.wanted.day,
            period=asked.period,
            unit=asked.unit,
            by=(name,),
            only=publication_rows.visible(asked.facts, asked.wanted, kind, name),
        )
        groups = sorted((g for g in found.groups if g.value), key=lambda g: g.value or 0, reverse=True)[:_GROUPS]
        if len(groups) > 1:
            label = kind.label if kind is not None else name
            return Chart(
                "bars",
                f"{one.title}（{register_columns.span_words(asked.period)}，按{label}）",
                tuple(group.label[0] for group in groups),
                (Series(one.title, tuple(_value(group.value, one.places) for group in groups)),),
                showing.unit_of(asked.definition, one),
                rows=max(5, min(12, 3 + len(groups) * 2 // 3)),
            )
    return None


def _may_see(asked: _Asked, kind: publication_rows.FieldKind) -> bool:
    return openness.may_see(asked.wanted.readers, openness.publicity_of(asked.facts, kind))


def _value(value: Decimal | None, places: int) -> float | None:
    return None if value is None else round(float(value), places)


KINDS = (
    Kind(
        "indicators",
        "指标情况表",
        "一个类别的指标：本期、上期和去年同期，环比、同比，各月情况和图。",
        sheets,
        unit="may",
        period="may",
        records="must",
        of="category",
        readers="internal",
        options={
            "title": Text("标题", help="留空就用类别的名称"),
            "only": Texts("只印这些指标", help="用分号隔开，如 加油量；百公里油耗；留空就印全部"),
            "charts": YesNo("印图", default="是"),
            "charted": Texts("画哪些指标", help="用分号隔开；留空就画前两个有历史数的"),
            "months": YesNo("印各月情况", default="是"),
        },
    ),
)
