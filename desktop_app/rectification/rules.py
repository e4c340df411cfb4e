"""The office's hard rules: what a deed may not do. They hold back local deeds, never merged facts. Those that a category brings as
data are asked here too.

Each rule looks at one record as it would be after the deed; what is only doubtful belongs to ``checks.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from db import clock
from db.errors import Refusal
from db.ledger import sameness
from db.ledger.conflicts import conflicts
from db.ledger.facts import Facts
from db.ledger.lines import describe
from db.schema.record import Record, schema_name
from db.schema.records import Clerk, Closing, Evidence, Figure, IssuedPaper, Measure, Notice, Opinion, Problem
from desktop_app.rectification.ruling import saving

FINISHED = ("done", "kept_up")
"""Progress that counts as finished (process.md 2.2: 长期坚持 is a subset of the finished)."""


class FieldRefusal(Refusal):
    """A refusal that concerns one field of a form; ``field`` is its name in code."""

    def __init__(self, field: str, sentence: str, advice: str = "", topic: str = "forms") -> None:
        super().__init__(sentence, advice, topic)
        self.field = field


def enforce(
    facts: Facts, schema_name: str, before: Record | None, after: Record, *, unique_known: bool = False
) -> None:
    """Raises the first refusal of the rules for this sort of record. ``unique_known``: that no unique value is repeated
    was seen for a whole block at once."""
    if not unique_known:
        unique(facts, schema_name, before, after)
    for rule in _RULES.get(schema_name, ()):
        rule(facts, before, after)
    for one in saving.refused(facts, schema_name, before, after, today(facts)):
        said = f"{one.sentence.rstrip('。')}（{one.title}）。"
        raise FieldRefusal(one.field, said, one.advice, "rules")


def today(facts: Facts) -> date:
    """The day at the desk, by the ledger's own clock where it has one."""
    return clock.today(getattr(facts, "clock", clock.now))


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
    if not proven(facts.all(Evidence, problem=after.id)):
        raise FieldRefusal(
            "closing",
            "还没有存入文件的佐证材料，不能销号。",
            "请在“佐证”里添加一份，并存入文件。",
            "closing",
        )
    if not agreed(facts.all(Closing, problem=after.id)):
        raise FieldRefusal(
            "closing",
            "最近一轮销号还没有同意的结论和销号日期，不能销号。",
            "请在“销号”里走完各级意见，由最后一级同意。",
            "closing",
        )


def proven(evidence: Sequence[Evidence]) -> bool:
    """Whether some of the evidence is a paper that is kept, not a title alone."""
    return any(one.paper is not None for one in evidence)


def agreed(rounds: Sequence[Closing]) -> bool:
    """Whether the latest round of sign-off ended with consent on a day (process.md 2.3: a return starts another round)."""
    last = latest(rounds)
    return last is not None and last.conclusion == "agree" and last.concluded is not None


def latest(rounds: Sequence[Closing]) -> Closing | None:
    """The round of sign-off that counts."""
    return max(rounds, key=lambda one: (one.round or 0, one.applied or date.min, one.id), default=None)


def _return_needs_reason(_facts: Facts, _before: Record | None, after: Record) -> None:
    if isinstance(after, Opinion) and after.verdict in ("return", "reopen") and after.text is None:
        raise FieldRefusal("text", "退回或重启要写明理由。", "请填写意见内容。")
    if isinstance(after, Closing) and after.conclusion in ("return", "reopen") and after.account is None:
        raise FieldRefusal("account", "退回或重启要写明情况。", "请填写完成情况。")


def _an_administrator_stays(facts: Facts, before: Record | None, after: Record) -> None:
    """Whoever is registered first manages the others, and somebody always does: nobody locks the office out."""
    if (
        not isinstance(after, Clerk)
        or after.role == "admin"
        or (before is not None and not _was(before, "role", "admin"))
    ):
        return
    if any(one.role == "admin" and one.id != after.id for one in facts.all(Clerk)):
        return
    if before is None and facts.count(Clerk):
        return  # there was none before either: a merge left it so
    raise FieldRefusal("role", "至少要有一个管理员。", "请先给一个人管理员的角色，再登记其他人。", "people")


def _figure_named_once(facts: Facts, before: Record | None, after: Record) -> None:
    if not isinstance(after, Figure) or after.name is None or _was(before, "name", after.name):
        return
    if any(f.name == after.name and f.id != after.id for f in facts.all(Figure, problem=after.problem)):
        raise FieldRefusal("name", f"本问题已有名为“{after.name}”的数据。", "正文按名称引用数据，请换一个名称。")


def _no_circle(facts: Facts, before: Record | None, after: Record) -> None:
    parent = getattr(after, "parent", None)
    if _was(
        before, "parent", parent
    ):  # a circle that a merge made is found by the checks, and may be left step by step
        return
    seen = {after.id} if after.id else set()
    while parent:
        if parent in seen:
            raise FieldRefusal("parent", "上级不能是它自己或它的下级。", "请另选一个上级。")
        seen.add(parent)
        above = facts.get(type(after), parent)
        parent = getattr(above, "parent", None)


def _issued_is_frozen(facts: Facts, before: Record | None, after: Record) -> None:
    if isinstance(before, Notice) and before.state == "issued":
        _only_disputed(facts, before, after, "这份通报已经印发，不能再改。", "要更正请另发一份新的通报。")
    elif isinstance(after, Notice) and after.state == "issued":
        raise FieldRefusal("state", "不能在这里把状态改为“已印发”。", "请用“印发”：它编号、存档，再改状态。", "issuing")


def _issued_paper_is_frozen(facts: Facts, before: Record | None, after: Record) -> None:
    """Of a paper that left the house only that it is withdrawn, and why, may still be said."""
    if before is None:
        raise Refusal("印发件不能直接填写。", "请用“印发”；此前已发的字号用“登记字号”。", "issuing")
    if isinstance(before, IssuedPaper) and before.tree is not None:
        _only_disputed(
            facts, before, after, "印发件不能再改。", "不再有效的，请写明理由作废；要更正请另发一份。", _VOIDING
        )


_VOIDING = frozenset({"void_reason", "voided"})


def _only_disputed(
    facts: Facts,
    before: Record,
    after: Record,
    sentence: str,
    advice: str,
    free: AbstractSet[str] = frozenset(),
) -> None:
    """Refuses every change but of what is ``free`` and of what two branches set differently: that is decided by a change."""
    names = {field.name for field in facts.schema(schema_name(before)).fields}
    touched = {name for name in names if getattr(before, name) != getattr(after, name)} - free
    if touched:
        open_ = {one.field for one in conflicts(facts) if (one.record, one.id) == (schema_name(before), before.id)}
        if not touched <= open_:
            raise Refusal(sentence, advice, "issuing")


def _part_of_issued_is_frozen(facts: Facts, before: Record | None, after: Record) -> None:
    for one in (before, after):
        notice = facts.get(Notice, getattr(one, "notice", None))
        if notice is not None and notice.state == "issued":
            raise Refusal("它所属的通报已经印发，不能再改。", "要更正请另发一份新的通报。", "issuing")


def unique(facts: Facts, schema_name: str, before: Record | None, after: Record) -> None:
    """Refuses a value that another live record has in a field declared unique (car plates, codes of a register)."""
    schema = facts.schema(schema_name)
    for one in schema.fields:
        value: Any = getattr(after, one.name)
        if not getattr(one.kind, "unique", False) or value is None or _was(before, one.name, value):
            continue
        same = sameness.group_of(facts, schema_name, after.id).members
        others = [r for r in facts.every(schema_name, **{one.name: value}) if r.id != after.id and r.id not in same]
        if others:
            shown = f"“{one.kind.label}”里的“{one.kind.show(value)}”"
            raise FieldRefusal(one.name, f"{shown}已经有了：{describe(facts, others[0])}。", "请核对，每个只能填一次。")


def may_remove(facts: Facts, schema_name: str, record: Record) -> None:
    """Refuses deletions the office does not know."""
    if isinstance(record, Notice) and record.state == "issued":
        raise Refusal("这份通报已经印发，不能删除。", "不再有效的，请写明理由作废。", "issuing")
    if isinstance(record, IssuedPaper) and record.tree is not None:
        raise Refusal("印发件不能删除，它的字号要有着落。", "不再有效的，请写明理由作废。", "issuing")
    may_touch(facts, schema_name, record)
    if schema_name == "unit":
        used = facts.count(Problem, unit=record.id)
        if used:
            raise Refusal(f"这个单位还有 {used} 个问题，不能删除。", "请先删除或移走这些问题。", "forms")
        if any(one.tree is not None for one in facts.all(IssuedPaper, unit=record.id)):
            raise Refusal("这个单位印发过文书，不能删除。", "印发件要留存，单位也要保留。", "issuing")
    if isinstance(record, Clerk) and record.role == "admin":
        others = [one for one in facts.all(Clerk) if one.id != record.id]
        if others and not any(one.role == "admin" for one in others):
            raise Refusal("这是唯一的管理员，不能删除。", "请先给另一个人管理员的角色。", "people")
    if schema_name == "category":
        _category_is_empty(facts, record)


def _category_is_empty(facts: Facts, record: Record) -> None:
    """A category with rows or problems is not deleted: its registers would go out of sight."""
    definition = facts.definitions.get(record.id.removeprefix("category-"))
    filled = facts.filled()
    for register in definition.registers.values() if definition is not None else ():
        if register.name in filled:
            sentence = f"这个类别的“{register.title}”里已经有登记，不能删除。"
            raise Refusal(
                sentence, "请先删除这些行；只是不再使用的话，可以在“类别设计”里停用它的登记表。", "categories"
            )
    used = facts.count(Problem, category=record.id)
    if used:
        raise Refusal(f"还有 {used} 个问题属于这个类别，不能删除。", "请先把这些问题改到别的类别。", "categories")


def may_touch(facts: Facts, schema_name: str, record: Record) -> None:
    """Refuses to move, delete or bring back a part of an issued notice."""
    if schema_name in PARTS_OF_NOTICE:
        _part_of_issued_is_frozen(facts, record, record)


PARTS_OF_NOTICE = ("chapter", "next_step", "unread_text")
"""What an issued notice holds: it stays as it left the house, too."""

_RULES: dict[str, tuple[Callable[[Facts, Record | None, Record], None], ...]] = {
    "problem": (_withheld_needs_reason, _closed_when_done),
    "clerk": (_an_administrator_stays,),
    "measure": (_withheld_needs_reason, _no_circle),
    "unit": (_no_circle,),
    "figure": (_figure_named_once,),
    "opinion": (_return_needs_reason,),
    "closing": (_return_needs_reason,),
    "notice": (_issued_is_frozen,),
    "issued_paper": (_issued_paper_is_frozen,),
    **dict.fromkeys(PARTS_OF_NOTICE, (_part_of_issued_is_frozen,)),
}
