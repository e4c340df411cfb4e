"""Publication tables (公示表) of a month or another period: of any register, or of indicators broken down by what they share.

Who is published under which words, what is masked and what is left out is told by the definition; below the table stand the
days of publication and whom to turn to (process.md 2.6: a contact for supervision must be given).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.composite import Span
from db.schema.days import written
from db.schema.kinds import Day, Text, Whole
from db.schema.kinds import Kind as FieldKind
from db.schema.links import Texts
from db.schema.records import Unit
from db.schema.records.words import PUBLICITY
from desktop_app.notices import publication_rows, register_columns, register_paper, tree, wide
from desktop_app.notices.book import called
from desktop_app.notices.publication_rows import Sheet
from desktop_app.notices.tree import Block, Document, Section, Signature
from desktop_app.notices.wanted import TOPIC, Kind, Wanted
from desktop_app.notices.wide import Row
from desktop_app.rectification.reckoning import periods

_DAYS = 7
_END = "公示表"


def registers(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """A publication table of each register that is asked for."""
    period = period_of(wanted)
    schemas = [register_paper.schema_of(facts, name) for name in wanted.of]
    return tuple(
        _document(facts, wanted, period, publication_rows.of_register(facts, wanted, one, period)) for one in schemas
    )


def indicators(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """A publication table of indicators of one category."""
    period = period_of(wanted)
    return (_document(facts, wanted, period, publication_rows.of_indicators(facts, wanted, period)),)


def period_of(wanted: Wanted) -> Span:
    """The period that is published: the one asked for, else the month before."""
    return wanted.period or periods.span("上月", wanted.day)


def _document(facts: Facts, wanted: Wanted, period: Span, sheet: Sheet) -> Document:
    unit = facts.get(Unit, wanted.unit or wanted.issuer)
    planned = wide.plan((register_paper.NUMBER, *sheet.specs), unbroken=wanted.unbroken)
    rows: list[Row] = list(sheet.rows)
    if sheet.sums:
        rows.append(register_paper.total_row(planned.parts[0], sheet.sums))
    blocks: list[Block] = []
    for table in wide.tables(planned, rows, notes=_below(wanted, unit)):
        blocks += [tree.Break(), table] if blocks else [table]
    name = wanted.text("title") or sheet.about
    name = next((name.removesuffix(word) for word in (_END, "公示") if name.endswith(word)), name)
    return Document(
        title=f"{called(unit) if unit is not None else ''}{register_columns.span_words(period)}{name}{_END}",
        blocks=(Section(tuple(blocks), "landscape"),) if planned.layout == "landscape" else tuple(blocks),
        signature=_signature(wanted, unit),
        author=(unit.organ or unit.name or "") if unit is not None else "",
        subject=f"{PUBLICITY[wanted.readers]}，{written(wanted.day)}",
        form="sheet",
    )


def _signature(wanted: Wanted, unit: Unit | None) -> Signature | None:
    organ = wanted.text("organ") or ((unit.name or unit.organ or "") if unit is not None else "")
    return Signature(organ, written(wanted.day), "room") if organ else None


def _below(wanted: Wanted, unit: Unit | None) -> tuple[str, ...]:
    """The days of publication and the contact for supervision."""
    given = wanted.options.get("begins")
    begins = given if isinstance(given, date) else wanted.day
    days = wanted.options.get("days")
    ends = begins + timedelta(days=(days if isinstance(days, int) else _DAYS) - 1)
    until = written(ends).removeprefix(f"{begins.year}年") if ends.year == begins.year else written(ends)
    said = f"公示期：{written(begins)}至{until}。" if ends > begins else f"公示日期：{written(begins)}。"
    return said, f"对公示内容有异议的，请在公示期内如实反映。{contact(unit, wanted.text('phone'))}"


def contact(unit: Unit | None, phone: str = "") -> str:
    """Whom to turn to: telephone and what else the unit gives. ``Refusal`` where nothing is known."""
    held = unit or Unit()
    parts = (
        ("监督电话", phone or "、".join(held.phones or ())),
        ("联系人", held.contact_person),
        ("地址", held.address),
        ("电子邮箱", held.email),
        ("受理时间", held.hours),
    )
    said = "；".join(f"{label}：{value}" for label, value in parts if value)
    if not said:
        raise Refusal("公示要写明监督电话，现在还没有。", "请在单位的表单里填写监督电话，或在这里写明。", TOPIC)
    return f"{said}。"


_OPTIONS: dict[str, FieldKind[Any]] = {
    "title": Text("公示什么", help="标题里的名称，如 车辆油耗；留空由程序拟"),
    "sums": Texts("合计哪些栏", help="留空就合计金额、人数件数和类别指标要汇总的栏"),
    "begins": Day("公示起日", help="留空就从印的那一天起"),
    "days": Whole("公示天数", least=1, most=365, default=str(_DAYS)),
    "phone": Text("监督电话", help="留空就用单位表单里的"),
    "organ": Text("署名", help="留空就用单位名称"),
}
KINDS = (
    Kind(
        "publication",
        "公示表",
        "按月公示登记表的内容：车辆油耗、考核结果等；内部的栏不印，对象的姓名按定义遮去中间的字。",
        registers,
        unit="may",
        period="may",
        records="must",
        of="register",
        options={
            **_OPTIONS,
            "columns": Texts("只印这些栏", help="用分号隔开；留空就印登记表的主要栏目"),
            "filters": Texts("筛选", help="用分号隔开，如 等次=优秀"),
            "order": Texts("排序", help="如 得分 倒序；留空就按公示的对象"),
            "on": Text("按哪一栏分期间", help="如 月份；留空就用登记表的第一个日期"),
        },
    ),
    Kind(
        "publication-sums",
        "指标公示表",
        "按对象公示指标：每部车、每个单位一行，每个指标一栏，由登记表汇总。",
        indicators,
        unit="may",
        period="may",
        records="must",
        of="indicator",
        options={**_OPTIONS, "by": Text("按什么分", help="如 车辆、单位；留空就用这些指标共同的分组")},
    ),
)
