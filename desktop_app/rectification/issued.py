"""Deeds about papers that left the house: registering a number given elsewhere, withdrawing one, beginning a correction.

Issuing itself needs the page and stands in ``notices.issuing``.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome, create, edit
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.record import Record
from db.schema.records import Aspect, Chapter, IssuedPaper, NextStep, Notice, Problem, Unit
from desktop_app.rectification.numbering import MOST, TOPIC, Number, holders, parsed, ranges, taken, written

R = TypeVar("R", bound=Record)


def register(
    ledger: Ledger,
    unit: Unit,
    number: Number,
    actor: str,
    *,
    first: int | None = None,
    title: str = "",
    day: date | None = None,
    reason: str = "",
    unused: bool = False,
) -> Outcome:
    """Registers a number (or all from ``first`` to it) as given outside of this program, or, ``unused``, as given to nothing
    with the reason why. The numbers after it go on from there."""
    begin = first or number.number
    if not 1 <= begin <= number.number <= MOST:
        raise Refusal("起始号要在 1 和最后一个号之间。", "请核对要登记的号。", TOPIC)
    if unused and not reason.strip():
        raise Refusal("登记空号要写明理由。", "请写明这个号为什么没有用。", TOPIC)
    known = taken(ledger)
    doubled = [n for n in range(begin, number.number + 1) if holders(known, Number(number.agency, number.year, n))]
    if doubled:
        said = ranges(_runs(doubled))
        raise Refusal(f"{number.agency}〔{number.year}〕的 {said}已经用过，不用再登记。", "请只登记没有的号。", TOPIC)
    values: dict[str, Any] = {
        "unit": unit.id,
        "agency": number.agency,
        "year": number.year,
        "number": number.number,
        "first": begin if begin != number.number else None,
        "document_number": number.text,
        "title": title or None,
        "day": day,
        "reason": None if unused else reason or None,
        "void_reason": reason if unused else None,
    }
    kept = {name: value for name, value in values.items() if value is not None}
    told = number.text if begin == number.number else f"{written(number.agency, number.year, begin)}至{number.number}号"
    what = "登记空号" if unused else "登记已发的字号"
    return ledger.act(Deed(f"{what}：{told}", actor, (create(IssuedPaper, **kept),)))


def _runs(found: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for one in found:
        if runs and runs[-1][1] == one - 1:
            runs[-1] = (runs[-1][0], one)
        else:
            runs.append((one, one))
    return runs


def void(ledger: Ledger, paper: IssuedPaper, reason: str, actor: str, *, day: date) -> Outcome:
    """Withdraws a paper (作废): its number stays given, with the reason. It can be taken back like any deed."""
    said = " ".join(reason.split())
    if not said:
        raise Refusal("作废要写明理由。", "请写明为什么作废。", TOPIC)
    if paper.void_reason:
        raise Refusal(f"{called(paper)}已经作废（{paper.void_reason}）。", "不用再作废一次。", TOPIC)
    deed = Deed(f"作废 {called(paper)}：{said[:60]}", actor, (edit(paper, void_reason=said, voided=day),))
    return ledger.act(deed)


def called(paper: IssuedPaper) -> str:
    """A paper by its number, else by its title."""
    return paper.document_number or f"《{paper.title or '无题'}》"


def corrected_by(facts: Facts, paper: IssuedPaper) -> list[IssuedPaper]:
    """The later papers that correct this one and were not withdrawn."""
    return [one for one in facts.all(IssuedPaper, corrects=paper.id) if not one.void_reason]


def find_paper(facts: Facts, said: str, unit: Unit | None = None, *, bare: bool = False) -> IssuedPaper:
    """The issued paper meant by its number (whole, or 8 where one paper fits), its code or its id; of a number that was given
    twice the paper that holds. ``bare`` takes also what is only registered under its number. ``Refusal`` lists what there is.
    """
    wanted = "".join(said.split())
    number = parsed(wanted)
    alone = int(wanted.removeprefix("第").removesuffix("号")) if wanted.strip("第号").isdecimal() else None
    papers = [one for one in facts.all(IssuedPaper) if (one.tree or bare) and (unit is None or one.unit == unit.id)]
    found = [
        one
        for one in papers
        if wanted in (one.id, one.stamp)
        or (number is not None and (one.agency, one.year, one.number) == (number.agency, number.year, number.number))
        or (alone is not None and one.number == alone)
    ]
    found = [one for one in found if not one.void_reason] or found
    if len(found) == 1:
        return found[0]
    if found:
        several = "、".join(f"{called(one)}（{one.day}，{one.stamp or '此前已发'}）" for one in found[:6])
        raise Refusal(f"“{said}”可以是几份印发件：{several}。", "请写完整的发文字号，或用印发码。", TOPIC)
    listed = "、".join(called(one) for one in papers[:12])
    raise Refusal(f"台账里没有“{said}”这份印发件。", f"有：{listed}。" if listed else "还没有印发过文书。", TOPIC)


_NOT_COPIED = {
    "id",
    "document_number",
    "issued",
    "date_wording",
    "state",
    "source_print",
    "source_paper",
    "readings",
    "corrects",
}
"""Of a notice: what belongs to the one that was issued alone."""


def correction(ledger: Ledger, paper: IssuedPaper, actor: str) -> tuple[str, Outcome]:
    """Begins a notice that corrects an issued one: a draft with the same texts, to be changed and issued under a number of its
    own. Returns its id. A draft that was begun before is given back as it is."""
    notice = ledger.get(Notice, paper.notice)
    if notice is None:
        raise Refusal(
            f"{called(paper)}不是由通报印发的，不能复制成更正稿。",
            "请把要更正的内容另印一份，印发时写明更正的是哪一份。",
            TOPIC,
        )
    begun = next((one for one in ledger.all(Notice, corrects=paper.id) if one.state != "issued"), None)
    if begun is not None:
        return begun.id, Outcome()
    made = create(Notice, **_copied(notice, _NOT_COPIED), state="draft", corrects=paper.id)
    edits: list[Edit] = [made]
    moved: dict[str, str] = {}
    for chapter in ledger.parts(Chapter, [notice.id])[notice.id]:
        edits.append(create(Chapter, **{**_copied(chapter, {"id"}), "notice": made.id}))
        if chapter.role != "problems":  # what stands in that one is found there again by itself
            moved[chapter.id] = edits[-1].id
    for step in ledger.parts(NextStep, [notice.id])[notice.id]:
        edits.append(create(NextStep, **{**_copied(step, {"id"}), "notice": made.id}))
    roots: list[Aspect | Problem] = [*ledger.all(Aspect, unit=notice.unit), *ledger.all(Problem, unit=notice.unit)]
    edits += [edit(root, chapter=moved[root.chapter]) for root in roots if root.chapter in moved]
    return made.id, ledger.act(Deed(f"起草对{called(paper)}的更正", actor, tuple(edits)))


def _copied(record: Record, but: set[str]) -> dict[str, Any]:
    values = {one.name: getattr(record, one.name) for one in fields(record)}
    return {name: value for name, value in values.items() if value is not None and name not in but}
