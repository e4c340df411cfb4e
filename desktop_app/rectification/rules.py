"""The office's hard rules: what a deed may not do. They hold back local deeds, never merged facts.

Each rule looks at one record as it would be after the deed; what is only doubtful belongs to ``checks.py``.
"""

from __future__ import annotations

from collections.abc import Callable

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.record import Record
from db.schema.records import Closing, Evidence, Figure, Measure, Notice, Opinion, Problem

FINISHED = ("done", "kept_up")
"""Progress that counts as finished (process.md 2.2: 长期坚持 is a subset of the finished)."""


class FieldRefusal(Refusal):
    """A refusal that concerns one field of a form; ``field`` is its name in code."""

    def __init__(self, field: str, sentence: str, advice: str = "", topic: str = "forms") -> None:
        super().__init__(sentence, advice, topic)
        self.field = field


def enforce(facts: Facts, schema_name: str, before: Record | None, after: Record) -> None:
    """Raises the first refusal of the rules for this sort of record."""
    for rule in _RULES.get(schema_name, ()):
        rule(facts, before, after)


def _was(before: Record | None, field: str, value: object) -> bool:
    return before is not None and getattr(before, field) == value


def _withheld_needs_reason(_facts: Facts, _before: Record | None, after: Record) -> None:
    if getattr(after, "publicity", None) == "secret" and getattr(after, "unpublished_reason", None) is None:
        raise FieldRefusal("unpublished_reason", "选了“不公开”，还没有写明理由。", "请在“不公开理由”里选一项。")


def _closed_when_done(facts: Facts, before: Record | None, after: Record) -> None:
    if not isinstance(after, Problem) or after.closing != "closed" or _was(before, "closing", "closed"):
        return
    if after.progress not in FINISHED:
        raise FieldRefusal("closing", "问题还没有完成，不能销号。", "请先把进展状态改为“已完成”或“长期坚持”。")
    measures = facts.all(Measure, problem=after.id)
    open_ones = [m for m in measures if m.progress is not None and m.progress not in FINISHED]
    if open_ones:
        raise FieldRefusal("closing", f"还有 {len(open_ones)} 条措施没有完成，不能销号。", "请先完成这些措施。")
    if not facts.count(Evidence, problem=after.id):
        raise FieldRefusal("closing", "还没有佐证材料，不能销号。", "请在“佐证”里至少添加一份。")


def _return_needs_reason(_facts: Facts, _before: Record | None, after: Record) -> None:
    if isinstance(after, Opinion) and after.verdict in ("return", "reopen") and after.text is None:
        raise FieldRefusal("text", "退回或重启要写明理由。", "请填写意见内容。")
    if isinstance(after, Closing) and after.conclusion in ("return", "reopen") and after.account is None:
        raise FieldRefusal("account", "退回或重启要写明情况。", "请填写完成情况。")


def _figure_named_once(facts: Facts, before: Record | None, after: Record) -> None:
    if not isinstance(after, Figure) or after.name is None or _was(before, "name", after.name):
        return
    if any(f.name == after.name and f.id != after.id for f in facts.all(Figure, problem=after.problem)):
        raise FieldRefusal("name", f"本问题已有名为“{after.name}”的数据。", "正文按名称引用数据，请换一个名称。")


def _no_circle(facts: Facts, _before: Record | None, after: Record) -> None:
    seen = {after.id} if after.id else set()
    parent = getattr(after, "parent", None)
    while parent:
        if parent in seen:
            raise FieldRefusal("parent", "上级不能是它自己或它的下级。", "请另选一个上级。")
        seen.add(parent)
        above = facts.get(type(after), parent)
        parent = getattr(above, "parent", None)


def _issued_is_frozen(_facts: Facts, before: Record | None, _after: Record) -> None:
    if isinstance(before, Notice) and before.state == "issued":
        raise Refusal("这份通报已经印发，不能再改。", "要更正请另发一份新的通报。", "notice")


def may_remove(_facts: Facts, schema_name: str, record: Record) -> None:
    """Refuses deletions the office does not know."""
    if isinstance(record, Notice) and record.state == "issued":
        raise Refusal("这份通报已经印发，不能删除。", "", "notice")
    if schema_name == "unit":
        used = _facts.count(Problem, unit=record.id)
        if used:
            raise Refusal(f"这个单位还有 {used} 个问题，不能删除。", "请先删除或移走这些问题。", "forms")


_RULES: dict[str, tuple[Callable[[Facts, Record | None, Record], None], ...]] = {
    "problem": (_withheld_needs_reason, _closed_when_done),
    "measure": (_withheld_needs_reason, _no_circle),
    "unit": (_no_circle,),
    "figure": (_figure_named_once,),
    "opinion": (_return_needs_reason,),
    "closing": (_return_needs_reason,),
    "notice": (_issued_is_frozen,),
}
