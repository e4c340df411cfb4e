"""How a problem ends: evidence, the chain of opinions, and the looking again afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from db.schema.composite import Paper, Sheet
from db.schema.kinds import Choice, Day, Text, Whole, YesNo
from db.schema.links import Ref
from db.schema.prose import Prose
from db.schema.record import Record, record
from db.schema.records import words


@record("evidence", "佐证材料", shown="{title}", order=("number", "title"))
@dataclass(frozen=True, kw_only=True)
class Evidence(Record):
    """A paper that proves a measure; its bytes are kept by hash (up to 200 MB)."""

    problem: Annotated[str | None, Ref("问题", to="problem", owner=True)] = None
    measure: Annotated[str | None, Ref("措施", to="measure")] = None
    number: Annotated[int | None, Whole("序号", least=1)] = None
    title: Annotated[str | None, Text("名称", required=True, listed=True)] = None
    paper: Annotated[Sheet | None, Paper("文件", listed=True)] = None
    summary: Annotated[str | None, Prose("摘要")] = None
    pages: Annotated[int | None, Whole("页数", least=0)] = None


@record("closing", "销号", shown="第{round}轮销号", order=("round",))
@dataclass(frozen=True, kw_only=True)
class Closing(Record):
    """One round of sign-off of a problem; a return or a reopening starts the next round, history is never rewritten."""

    problem: Annotated[str | None, Ref("问题", to="problem", owner=True)] = None
    round: Annotated[int | None, Whole("轮次", least=1, listed=True)] = None
    applied: Annotated[date | None, Day("申请日期", listed=True)] = None
    account: Annotated[str | None, Prose("完成情况")] = None
    cause: Annotated[str | None, Prose("根本原因")] = None
    generalised: Annotated[str | None, Prose("举一反三检查情况")] = None
    evidence_complete: Annotated[bool | None, YesNo("佐证齐全", listed=True)] = None
    conclusion: Annotated[str | None, Choice("结论", of=words.OPINIONS, listed=True)] = None
    concluded: Annotated[date | None, Day("销号日期", listed=True)] = None


@record("opinion", "销号意见", shown="{stage} {verdict}", order=("day",))
@dataclass(frozen=True, kw_only=True)
class Opinion(Record):
    """One opinion in the chain: who, when, yes or back, and why."""

    closing: Annotated[str | None, Ref("销号", to="closing", owner=True)] = None
    stage: Annotated[str | None, Choice("环节", of=words.STAGES, required=True, listed=True)] = None
    verdict: Annotated[str | None, Choice("意见", of=words.OPINIONS, required=True, listed=True)] = None
    text: Annotated[str | None, Prose("意见内容")] = None
    person: Annotated[str | None, Text("签署人", personal=True, required=True, listed=True)] = None
    day: Annotated[date | None, Day("日期", required=True, listed=True)] = None


@record("recheck", "回头看", shown="{day} {outcome}", order=("day",))
@dataclass(frozen=True, kw_only=True)
class Recheck(Record):
    """Looking again at what was closed."""

    problem: Annotated[str | None, Ref("问题", to="problem", owner=True)] = None
    day: Annotated[date | None, Day("日期", required=True, listed=True)] = None
    checker: Annotated[str | None, Text("检查人", personal=True, listed=True)] = None
    outcome: Annotated[str | None, Choice("结果", of=words.OUTCOMES, listed=True)] = None
    relapse: Annotated[bool | None, YesNo("是否反弹", listed=True)] = None
    handling: Annotated[str | None, Prose("处理")] = None
    next_check: Annotated[date | None, Day("下次复核")] = None
