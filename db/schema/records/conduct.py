"""Who was held to account, and which meetings decided what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from db.schema.composite import Period, Span
from db.schema.kinds import Choice, Day, Text, Whole
from db.schema.links import Ref
from db.schema.prose import Prose
from db.schema.record import Record, record
from db.schema.records import words


@record("accountability", "问责", shown="{subject} {form}", order=("day",))
@dataclass(frozen=True, kw_only=True)
class Accountability(Record):
    """Somebody held to account: the person by code, the form from the code table."""

    problem: Annotated[str | None, Ref("问题", to="problem", owner=True)] = None
    subject: Annotated[
        str | None, Text("对象（代码）", personal=True, required=True, publicity="internal", listed=True)
    ] = None
    post: Annotated[str | None, Text("职务类", listed=True)] = None
    people: Annotated[int | None, Whole("人数", unit="人", least=0)] = None
    form: Annotated[str | None, Choice("形式", of=words.ACCOUNTABILITY_FORMS, required=True, listed=True)] = None
    reason: Annotated[str | None, Prose("事由")] = None
    day: Annotated[date | None, Day("日期", listed=True)] = None
    basis: Annotated[str | None, Text("依据")] = None
    effect: Annotated[Span | None, Period("影响期")] = None


@record("meeting", "会议", shown="{day} {agenda}", order=("day",))
@dataclass(frozen=True, kw_only=True)
class Meeting(Record):
    """A meeting about the rectification."""

    unit: Annotated[str | None, Ref("单位", to="unit")] = None
    problem: Annotated[str | None, Ref("问题", to="problem", owner=True)] = None
    kind: Annotated[str | None, Choice("类别", of=words.MEETINGS, listed=True)] = None
    day: Annotated[date | None, Day("日期", required=True, listed=True)] = None
    agenda: Annotated[str | None, Text("议题", listed=True)] = None
    decision: Annotated[str | None, Prose("决定")] = None
    minutes_number: Annotated[str | None, Text("纪要号")] = None
