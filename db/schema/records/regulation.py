"""Rules: those the unit issued or revised while putting things right, and those it works by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from db.schema.composite import Paper, Sheet
from db.schema.kinds import Choice, Day, Text, YesNo
from db.schema.links import Ref
from db.schema.record import Record, record
from db.schema.records import words


@record("regulation", "制度文件", shown="《{title}》", order=("issued", "title"))
@dataclass(frozen=True, kw_only=True)
class Regulation(Record):
    """A rule the unit issued or revised."""

    unit: Annotated[str | None, Ref("单位", to="unit")] = None
    problem: Annotated[str | None, Ref("关联问题", to="problem", owner=True)] = None
    measure: Annotated[str | None, Ref("关联措施", to="measure")] = None
    title: Annotated[str | None, Text("名称", required=True, listed=True, help="不带书名号")] = None
    action: Annotated[str | None, Choice("动作", of=words.REGULATION_ACTIONS, listed=True)] = None
    kind: Annotated[str | None, Choice("种类", of=words.REGULATION_KINDS, listed=True)] = None
    trial: Annotated[bool | None, YesNo("试行")] = None
    document_number: Annotated[str | None, Text("文号")] = None
    issued: Annotated[date | None, Day("发布日期")] = None
    paper: Annotated[Sheet | None, Paper("文件")] = None


@record("cited_rule", "引用依据", shown="《{title}》", order=("title",))
@dataclass(frozen=True, kw_only=True)
class CitedRule(Record):
    """A rule of somebody else's that the text refers to; a rule out of force should not be cited any more."""

    problem: Annotated[str | None, Ref("关联问题", to="problem", owner=True)] = None
    title: Annotated[str | None, Text("名称", required=True, listed=True, help="不带书名号")] = None
    level: Annotated[str | None, Choice("层级", of=words.RULE_LEVELS, listed=True)] = None
    in_force: Annotated[bool | None, YesNo("有效", listed=True)] = None
    expires: Annotated[date | None, Day("失效日期")] = None
