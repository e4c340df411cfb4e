"""The overview on paper (整改进度表): the numbers, tables and charts of the page 总览, for whoever reads them at a desk.

Counts and charts are those of the window, made by the same functions. What readers may not see is left out before it is counted.
Conflicts, exchange and who did what stay inside: they are printed for those inside the Party alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from db.ledger.facts import Facts
from db.schema.days import written
from db.schema.kinds import YesNo
from db.schema.records import Unit
from db.schema.records.words import PUBLICITY
from desktop_app.notices import overview_charts, wide
from desktop_app.notices.book import called
from desktop_app.notices.tree import Block, Chart, Document, Paragraph, Run, Size, Table
from desktop_app.notices.wanted import Kind, Wanted
from desktop_app.notices.wide import Held, Row, Spec, Total
from desktop_app.rectification import contacts, lately, situation
from desktop_app.rectification.contacts import Contact
from desktop_app.rectification.lately import Week
from desktop_app.rectification.rows import with_below
from desktop_app.rectification.situation import RATE_NOTE, Line, Rate, Situation
from desktop_app.rectification.tallies import share
from desktop_app.rectification.warning_days import round_days

_MOST = 20
"""Conflicts that are listed."""
_SIZES: tuple[Size, ...] = ("x4", "5", "x5")


def overview(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """The overview of a unit and those below it, of the whole ledger without one; nothing where there are no problems."""
    units = with_below(facts, wanted.unit) if wanted.unit else None
    found = situation.situation(facts, wanted.day, units, wanted.readers)
    if not found.all:
        return ()
    unit = facts.get(Unit, wanted.unit)
    others = contacts.contacts(facts, wanted.day) if wanted.internal else []
    charts = wanted.options.get("charts") is not False
    blocks: list[Block] = [_heading(found, wanted, unit), _numbers(found), _due(found, facts)]
    blocks += [overview_charts.states(found), overview_charts.timeline(found)] if charts else []
    blocks += _parted("各类别整改情况", "类别", found.categories(), charts=charts)
    blocks += _units(found, others)
    if wanted.internal:
        blocks += _around(facts, wanted, others)
        week = lately.week(facts, wanted.day) if wanted.options.get("week") is not False else None
        blocks += _week(week, charts=charts) if week is not None and week.deeds else []
    return (
        Document(
            title=f"{called(unit) if unit is not None else '各单位'}整改进度表",
            blocks=tuple(blocks),
            author=(unit.organ or unit.name or "") if unit is not None else "",
            subject=f"{PUBLICITY[wanted.readers]}，{written(wanted.day)}",
            form="sheet",
        ),
    )


def _heading(found: Situation, wanted: Wanted, unit: Unit | None) -> Paragraph:
    who = unit.name or called(unit) if unit is not None else f"{len(found.units())}个单位"
    return Paragraph((Run(f"单位：{who}\u3000截至日期：{written(wanted.day)}"),), "flush", "x4")


def _table(specs: Sequence[Spec], rows: Sequence[Row], title: str, *notes: str) -> Table:
    planned = wide.plan(specs, "upright", _SIZES)
    return wide.tables(planned, rows, title=title, notes=notes)[0]


def _said(**words: str) -> dict[str, Held]:
    return {key: wide.held(text) for key, text in words.items()}


def _numbers(found: Situation) -> Table:
    """The numbers the page begins with."""
    columns = [
        ("all", "反馈问题", f"{found.all}"),
        ("finished", "完成整改", f"{found.finished}"),
        ("done", "完成率", share(found.finished, found.all)),
        ("due", "应销号", f"{found.rate.due}"),
        ("closed", "已销号", f"{found.rate.closed}"),
        ("rate", "销号率", found.rate.percent),
        ("overdue", "超期", f"{found.by_state['overdue']}"),
    ]
    specs = [Spec(key, title, "", 5.0, 4.0, "centre") for key, title, _ in columns]
    rows = [_said(**{key: words for key, _, words in columns})]
    finished = "完成整改＝已完成、长期坚持和已销号的问题，基本完成的不计入。"
    left = found.rate.words.partition("，")[2]
    return _table(specs, rows, "完成情况", f"注：{finished}{RATE_NOTE}" + (f"本表{left}。" if left else ""))


def _due(found: Situation, facts: Facts) -> Table:
    """How far the deadlines of what is not finished are."""
    names = situation.bands_told(round_days(facts))
    specs = [Spec(band, words, "", 5.0, 4.0, "centre") for band, words in names.items()]
    return _table(specs, [_said(**{band: f"{found.by_band[band]}" for band in names})], "未完成问题的时限")


_COUNTED = (
    Spec("all", "应整改", "", 4.0, 3.4, "right"),
    Spec("finished", "已完成", "", 4.0, 3.4, "right"),
    Spec("open", "正在推进", "", 4.4, 4.0, "right"),
    Spec("overdue", "超期", "", 3.4, 2.6, "right"),
    Spec("rate", "销号率", "", 4.6, 4.2, "right"),
)


def _line(one: Line) -> dict[str, Held]:
    counts = {"all": one.all, "finished": one.finished, "open": one.open, "overdue": one.overdue}
    return _said(name=one.name, rate=one.rate.percent, **{key: f"{number}" for key, number in counts.items()})


def _summed(lines: Sequence[Line]) -> Total:
    parts = zip(*(one.rate for one in lines), strict=True)
    rate = Rate(*(sum(part) for part in parts))
    counts = {key: f"{sum(getattr(one, key) for one in lines)}" for key in ("all", "finished", "open", "overdue")}
    return Total(_said(name="合计", rate=rate.percent, **counts))


def _parted(title: str, what: str, lines: list[Line], *, charts: bool) -> list[Block]:
    """The counts of each category: a table, and a chart where there are several."""
    specs = (Spec("name", what, "", 12.0, 8.0, named=True), *_COUNTED)
    rows: list[Row] = [_line(one) for one in lines]
    made: list[Block] = [_table(specs, [*rows, _summed(lines)], title, "注：正在推进的含超期的。")]
    chart: list[Block] = [overview_charts.lines("各类别的问题数和已完成数", lines)] if charts and len(lines) > 1 else []
    return made + chart


def _units(found: Situation, others: Sequence[Contact]) -> list[Block]:
    """The counts of each unit, and when its last file came; nothing where all problems are of one unit."""
    lines = found.units()
    if len(lines) < 2:
        return []
    last = [Spec("last", "最近交换", "", 6.0, 5.4)] if others else []
    specs = (Spec("name", "单位", "", 11.0, 7.0, named=True), *_COUNTED, *last)
    rows: list[Row] = []
    for one in lines:
        known = contacts.last_from(others, one.id)
        day = f"{known.last}" if known is not None and known.last is not None else "—"
        rows.append(_line(one) | (_said(last=day) if others else {}))
    return [_table(specs, [*rows, _summed(lines)], "各单位整改情况", "注：正在推进的含超期的。")]


def _around(facts: Facts, wanted: Wanted, others: Sequence[Contact]) -> list[Block]:
    """Open conflicts and the offices one exchanges with, as far as there are any."""
    blocks: list[Block] = []
    found = contacts.open_conflicts(facts, wanted.day, wanted.unit or None, _MOST)
    if found.all:
        specs = (
            Spec("words", "冲突", "", 16.0, 9.0, named=True),
            Spec("owner", "所属单位", "", 6.0, 4.0),
            Spec("days", "等了几天", "", 4.0, 4.0, "right"),
        )
        rows = [_said(words=one.words, owner=one.owner, days=f"{one.days}") for one in found.oldest]
        more = f"注：共 {found.all} 处，只列最早的 {len(rows)} 处。" if found.all > len(rows) else ""
        blocks.append(_table(specs, rows, "待裁定的冲突", *([more] if more else [])))
    if others:
        specs = (
            Spec("name", "单位", "", 12.0, 7.0, named=True),
            Spec("last", "上次收到", "", 6.0, 5.4),
            Spec("words", "情况", "", 9.0, 6.0),
        )
        told = [_said(name=one.name, last=f"{one.last or '—'}", words=one.words) for one in others]
        blocks.append(_table(specs, told, "与各单位的交换"))
    return blocks


def _week(week: Week, *, charts: bool) -> list[Block]:
    """Deeds by person and day."""
    days = [(f"d{at}", f"{day.month}.{day.day}") for at, day in enumerate(week.days)]
    specs = (
        Spec("who", "经办人", "", 6.0, 4.0, named=True),
        *(Spec(key, title, "", 3.4, 2.8, "right") for key, title in days),
        Spec("all", "合计", "", 3.4, 2.6, "right"),
    )
    rows = [
        _said(
            who=who or "（未署名）",
            all=f"{sum(numbers)}",
            **{key: f"{number or ''}" for (key, _), number in zip(days, numbers, strict=True)},
        )
        for who, numbers in week.people()
    ]
    came = f"另收到外单位以前做的 {week.came} 步。" if week.came else ""
    told = len(week.deeds)
    part = f"只数了最近的 {told} 步，共 {week.all} 步。" if told < week.all else ""
    notes = [f"注：{part}{came}"] if part or came else []
    table: list[Block] = [_table(specs, rows, "近一周每人每天做了几步", *notes)]
    chart: list[Chart] = [overview_charts.by_person(week)] if charts else []
    return [*table, *chart]


KINDS = (
    Kind(
        "overview",
        "整改进度表",
        "总览印在纸上：完成情况、销号率、时限、各类别和各单位的情况，带图；党内用的还有冲突、交换和近一周做了什么。",
        overview,
        unit="may",
        readers="internal",
        nothing="还没有可以印的问题。",
        options={
            "charts": YesNo("印图", default="是"),
            "week": YesNo("印近一周做了什么", default="是", help="只在党内或不公开的里印"),
        },
    ),
)
