"""What a category is made of, as facts of the ledger: its definition, what clerks changed of it, findings let pass, periods.

A definition is known by its content, so that two branches which bring the same one make one record; of several versions
the greatest is in force. What an office changes is kept beside it piece by piece, so that a newer version of the
definition takes nothing away.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from db.schema.body import Body, Json, canonical_json
from db.schema.composite import Period, Span
from db.schema.kinds import Choice, Day, Text, Whole, YesNo
from db.schema.links import Ref
from db.schema.record import Record, record
from db.schema.records import words

_KEY = re.compile(r"[a-z][a-z0-9_]{0,40}")
_LONGEST_ID = 64


@record("definition", "类别定义", shown="第{version}版", order=("version",))
@dataclass(frozen=True, kw_only=True)
class Definition(Record):
    """A category as its file says it: registers, indicators, rules, tables, passages. Never changed, only followed by a newer one."""

    category: Annotated[str | None, Ref("问题类别", to="category", owner=True)] = None
    version: Annotated[
        int | None, Whole("版本", required=True, listed=True, least=1, help="同一类别有几个版本时，用最大的一个")
    ] = None
    body: Annotated[Json | None, Body("内容", required=True, help="由“类别设计”或定义文件写入，不用手工填写")] = None


@record("amendment", "定义改动", shown="{part} {name}", order=("position", "name"))
@dataclass(frozen=True, kw_only=True)
class Amendment(Record):
    """One piece of a category as an office wants it: put beside or in place of the piece of that name in the definition."""

    category: Annotated[str | None, Ref("问题类别", to="category", owner=True)] = None
    part: Annotated[str | None, Choice("部分", of=words.DEFINITION_PARTS, required=True, listed=True)] = None
    register: Annotated[str | None, Text("登记表代号", help="字段属于哪个登记表，如 refuel")] = None
    name: Annotated[str | None, Text("代号", required=True, listed=True, help="小写英文字母、数字和下划线")] = None
    position: Annotated[int | None, Whole("次序")] = None
    body: Annotated[Json | None, Body("内容", help="由“类别设计”写入，不用手工填写")] = None
    retired: Annotated[bool | None, YesNo("停用", listed=True, help="停用后不再填写和检查，已填的内容仍然保留")] = None


@record("waiver", "豁免", shown="{sentence}", order=("rule", "row"))
@dataclass(frozen=True, kw_only=True)
class Waiver(Record):
    """A finding that was looked at and let pass, with the reason; it counts for this rule, this row and this matter alone."""

    rule: Annotated[str | None, Text("规则代号", help="哪条规则查出的")] = None
    record: Annotated[str | None, Text("表")] = None
    row: Annotated[str | None, Text("记录编号")] = None
    matter: Annotated[str | None, Text("事由代号", help="同一条记录查出几件事时，是哪一件")] = None
    sentence: Annotated[str | None, Text("查出的问题", listed=True, help="豁免时的原话")] = None
    reason: Annotated[str | None, Text("豁免理由", required=True, listed=True, help="为什么可以不改，以后查得到")] = (
        None
    )
    until: Annotated[date | None, Day("有效期至", listed=True, help="过了这一天重新检查；长期有效就留空")] = None


@record("named_period", "期间", shown="{name}", order=("name",))
@dataclass(frozen=True, kw_only=True)
class NamedPeriod(Record):
    """A period the office calls by a name of its own, for indicators to be reckoned over."""

    name: Annotated[str | None, Text("名称", required=True, unique=True, listed=True, help="如 教育整顿期间")] = None
    span: Annotated[Span | None, Period("起止日期", required=True, listed=True, help="如 2021-02-27至2021-06-30")] = (
        None
    )


def category_key(category: str) -> str:
    """The id of a category → the key its registers are named by; ids that clerks' own categories got make keys too."""
    key = category.removeprefix("category-")
    return key if _KEY.fullmatch(key) else "c" + re.sub(r"[^a-z0-9_]", "_", category.lower())[:40]


def definition_id(key: str, body: Json) -> str:
    """The id of a definition: the same for the same content, wherever it is brought from."""
    return f"definition-{key}-{hashlib.sha256(canonical_json(body).encode()).hexdigest()[:16]}"


def amendment_id(key: str, part: str, register: str, name: str) -> str:
    """The id of an amendment: the same piece of the same category is one record in every branch."""
    whole = f"amendment-{key}-{part}-{register}-{name}"
    if len(whole) <= _LONGEST_ID:
        return whole
    return f"{whole[: _LONGEST_ID - 17]}-{hashlib.sha256(whole.encode()).hexdigest()[:16]}"
