"""The notice as a kind of paper: of a unit, for the public or inside the Party; and the passages of single problems."""

from __future__ import annotations

from collections.abc import Sequence

from db.errors import Refusal
from db.ledger import sameness
from db.ledger.facts import Facts
from db.schema.kinds import Text, Whole
from db.schema.records import Problem, Unit
from desktop_app.notices import compose, newspaper, slips, tree
from desktop_app.notices.wanted import Kind, Wanted
from desktop_app.rectification import pressing


def notice(facts: Facts, wanted: Wanted) -> Sequence[tree.Document]:
    """The notice of a unit."""
    unit = facts.get(Unit, wanted.unit) or Unit()
    paper = compose.notice_of(facts, unit)
    units = sameness.meant(facts, "unit", [unit.id])
    if not paper.id and not any(facts.count(Problem, unit=one) for one in units):
        raise Refusal(
            f"{unit.name or '这个单位'}还没有问题，也没有通报，没有可印的内容。",
            "请先填写问题或导入旧通报。",
            "notice",
        )
    return (compose.compose(facts, paper, today=wanted.day, internal=wanted.internal),)


def newspapers(facts: Facts, wanted: Wanted) -> Sequence[tree.Document]:
    """The notice of a unit as a newspaper prints it."""
    columns, folio = wanted.options.get("columns", 4), wanted.options.get("folio", 1)
    return [newspaper.of(one, int(columns), wanted.text("banner"), int(folio)) for one in notice(facts, wanted)]


def passages(facts: Facts, wanted: Wanted) -> Sequence[tree.Document]:
    """What the notice says of each problem named, a paper each."""
    found = slips.allowed(facts, wanted, pressing.problems(facts, only=wanted.of))
    return [
        tree.Document(
            f"关于{slips.named(one)}问题的整改情况",
            compose.passage(facts, one, today=wanted.day, internal=wanted.internal),
            subject="内部" if wanted.internal else "公开",
        )
        for one in found
    ]


KINDS = (
    Kind(
        "notice",
        "整改进展情况通报",
        "公开或在党内通报一个单位的整改进展情况。",
        notice,
        unit="must",
    ),
    Kind(
        "newspaper",
        "通报（报纸版）",
        "把通报排成报纸版面送登：通栏标题、分栏、下转上接。",
        newspapers,
        unit="must",
        options={
            "columns": Whole("栏数", least=4, most=6, default="4"),
            "banner": Text("版面上方的一行字", longest=40, help="报纸名称和日期"),
            "folio": Whole("第几版", least=1, most=999, default="1"),
        },
    ),
    Kind(
        "passage",
        "问题整改情况",
        "通报里一个问题的那一段，单独印出来送审或核对。",
        passages,
        records="must",
        of="problem",
    ),
)
