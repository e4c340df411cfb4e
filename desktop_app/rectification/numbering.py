"""Document numbers (发文字号 机关代字〔年份〕N号, GB/T 9704 7.2.5) of a unit and year: which are given, which is next, which
nobody can account for.

A number once given is never given again: a paper that is withdrawn keeps its number with the reason, and one that was
issued before this program was used is registered. So the numbers of a year run 1, 2, 3 … and each is explained. Numbers of
one unit count by themselves for each 机关代字 it uses. Branches that work apart may give one number twice; that is a finding
(``checks_numbers``), for no rule can hold back what was done elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.records import IssuedPaper, Notice, Unit
from db.schema.typed import plain

TOPIC = "issuing"
MOST = 9_999
"""The largest number of a year."""

_NUMBER = re.compile(
    r"(?P<agency>[^〔\[［(（【]+)[〔\[［(（【](?P<year>\d{4})年?[〕\]］)）】]第?0*(?P<number>[1-9]\d{0,3})号"
)

Way = Literal["issued", "void", "registered", "unused", "old", "draft"]
WAYS: dict[Way, str] = {
    "issued": "印发",
    "void": "作废",
    "registered": "此前已发",
    "unused": "空号",
    "old": "旧件",
    "draft": "草拟占用",
}
"""How a number is taken: by a paper of this program that holds or was withdrawn; registered as issued elsewhere or as used
by nothing; by a notice read from an old paper; by a draft that bears it already."""


@dataclass(frozen=True, order=True)
class Number:
    """A document number taken apart."""

    agency: str
    year: int
    number: int

    @property
    def text(self) -> str:
        """As it is printed."""
        return written(self.agency, self.year, self.number)


def written(agency: str, year: int, number: int) -> str:
    """某公党〔2021〕8号: hexagonal brackets, the full year, no 第, no leading zero (7.2.5)."""
    return f"{agency}〔{year}〕{number}号"


def parsed(text: str | None) -> Number | None:
    """A document number as papers and clerks write it, taken apart; None for anything else."""
    found = _NUMBER.fullmatch("".join(plain(text or "").split()))
    return Number(found["agency"], int(found["year"]), int(found["number"])) if found else None


@dataclass(frozen=True)
class Taken:
    """A number that is given, or several in a row (``first`` to ``number``) registered together, and to what."""

    agency: str
    year: int
    number: int
    first: int
    unit: str
    way: Way
    title: str = ""
    day: date | None = None
    reason: str = ""
    paper: IssuedPaper | None = None
    notice: str = ""

    @property
    def text(self) -> str:
        """The number as printed, of several the first and the last."""
        whole = written(self.agency, self.year, self.number)
        return whole if self.first == self.number else f"{written(self.agency, self.year, self.first)}至{self.number}号"

    @property
    def stands(self) -> bool:
        """Whether a paper bears the number and was not withdrawn."""
        return self.way not in ("void", "unused")


@dataclass(frozen=True)
class Numbering:
    """The numbers of one unit, 机关代字 and year: those given in order, those left out (first, last), the next free one."""

    unit: str
    agency: str
    year: int
    taken: tuple[Taken, ...]
    missing: tuple[tuple[int, int], ...]
    next: int


def numbers(facts: Facts, unit: Unit, year: int, agency: str = "") -> Numbering:
    """The numbering of a unit and year under its own 机关代字 (or the one named)."""
    code = agency or code_of(unit)
    mine = [one for one in taken(facts) if (one.unit, one.agency, one.year) == (unit.id, code, year)]
    return _numbering(unit.id, code, year, mine)


def every(facts: Facts) -> list[Numbering]:
    """The numberings of all units, 机关代字 and years that have a number, in that order."""
    series: dict[tuple[str, str, int], list[Taken]] = {}
    for one in taken(facts):
        series.setdefault((one.unit, one.agency, one.year), []).append(one)
    return [_numbering(*key, found) for key, found in sorted(series.items())]


def _numbering(unit: str, agency: str, year: int, found: Iterable[Taken]) -> Numbering:
    ordered = sorted(found, key=lambda one: (one.number, one.first, one.paper.id if one.paper else one.notice))
    missing, last = [], 0
    for first, number in sorted((one.first, one.number) for one in ordered):
        if first > last + 1:
            missing.append((last + 1, first - 1))
        last = max(last, number)
    return Numbering(unit, agency, year, tuple(ordered), tuple(missing), last + 1)


def code_of(unit: Unit) -> str:
    """The 机关代字 of a unit. ``Refusal`` when it has none."""
    code = "".join((unit.document_code or "").split())
    if not code or re.search(r"[〔〕\[\]［］()（）【】]", code):
        raise Refusal(
            f"“{unit.name or '本单位'}”还没有填“发文机关代字”，或写法不对，不能编发文字号。",
            "请在单位表单里填写，如“某公党”（不带年份和括号）。",
            TOPIC,
        )
    return code


def taken(facts: Facts) -> list[Taken]:
    """Every number that is given in the ledger, of whatever unit."""
    papers = facts.all(IssuedPaper)
    found = [one for paper in papers for one in _of_paper(paper)]
    named = {paper.notice for paper in papers}
    for notice in facts.all(Notice):
        number = parsed(notice.document_number)
        if number is not None and notice.id not in named:
            way: Way = "old" if notice.source or notice.state == "issued" else "draft"
            at = number.number
            found.append(
                Taken(
                    number.agency,
                    number.year,
                    at,
                    at,
                    notice.unit or "",
                    way,
                    notice.title or "",
                    notice.issued,
                    notice=notice.id,
                )
            )
    return found


def _of_paper(paper: IssuedPaper) -> Iterator[Taken]:
    if not paper.agency or not paper.year or not paper.number:
        return  # issued without a number
    way: Way = "issued" if paper.tree else "registered"
    if paper.void_reason:
        way = "void" if paper.tree else "unused"
    yield Taken(
        paper.agency,
        paper.year,
        paper.number,
        min(paper.first or paper.number, paper.number),
        paper.unit or "",
        way,
        paper.title or "",
        paper.day,
        paper.void_reason or paper.reason or "",
        paper,
        paper.notice or "",
    )


def holders(found: Iterable[Taken], number: Number) -> list[Taken]:
    """Who has a number already, of whatever unit: what is printed must not be the same twice."""
    return [
        one
        for one in found
        if (one.agency, one.year) == (number.agency, number.year) and one.first <= number.number <= one.number
    ]


def number_for(
    facts: Facts, unit: Unit, day: date, *, asked: str = "", reason: str = "", but: str | None = None, agency: str = ""
) -> Number:
    """The number of a paper of that day: the next free one, or the one ``asked`` for (8, or 某公党〔2021〕8号).

    ``Refusal`` for one that is given already, for one of another year, and for one that leaves numbers out without a
    ``reason``. ``but`` is the id of a draft that may bear the number itself; ``agency`` another word than the unit's own
    代字 (督办).
    """
    return numbers_for(facts, unit, day, 1, asked=asked, reason=reason, but=but, agency=agency)[0]


def numbers_for(
    facts: Facts,
    unit: Unit,
    day: date,
    count: int,
    *,
    asked: str = "",
    reason: str = "",
    but: str | None = None,
    agency: str = "",
) -> list[Number]:
    """As ``number_for``, for so many papers of one batch, in order; numbers given already are passed over."""
    number = _asked(unit, day, asked, agency)
    everything = [one for one in taken(facts) if not (but and one.paper is None and one.notice == but)]
    word = number.agency if number else agency or code_of(unit)
    mine = [one for one in everything if (one.unit, one.agency, one.year) == (unit.id, word, day.year)]
    following = _numbering(unit.id, word, day.year, mine).next
    number = number or Number(word, day.year, following)
    against = [one for one in everything if one.unit == unit.id or word in codes(facts)]
    held = holders(against, number)
    if held:
        raise _given(facts, unit, held, number, following)
    if number.number > following and not reason.strip():
        left = _range(following, number.number - 1)
        raise Refusal(
            f"{word}〔{day.year}〕的下一个号是 {following}号，用 {number.number}号会空出{left}。",
            "请改用下一个号；空出的号已在别处用过的，先登记，或写明为什么跳号。",
            TOPIC,
        )
    found = [number]
    while len(found) < count:
        number = replace(number, number=number.number + 1)
        if not holders(against, number):
            found.append(number)
    if number.number > MOST:
        raise Refusal(f"顺序号 {number.number} 太大，最多 {MOST}。", "请核对发文字号。", TOPIC)
    return found


def codes(facts: Facts) -> set[str]:
    """The 机关代字 of all units: a number under one of them must not be the same twice, whoever gives it; a word like 督办
    every unit counts for itself."""
    return {"".join((one.document_code or "").split()) for one in facts.all(Unit)} - {""}


def _given(facts: Facts, unit: Unit, held: Sequence[Taken], number: Number, following: int) -> Refusal:
    first = held[0]
    titled = f"《{first.title}》" if first.title else WAYS[first.way]
    other = facts.get(Unit, first.unit) if first.unit != unit.id else None
    if other is not None:
        return Refusal(
            f"{number.text}已经由{other.name}用了（{titled}）。",
            "两个单位用了同一个代字。请核对各自的“发文机关代字”，或写明理由另选一个号。",
            TOPIC,
        )
    return Refusal(f"{number.text}已经用过（{titled}）。", f"下一个可用的是 {following}号。", TOPIC)


def _asked(unit: Unit, day: date, asked: str, agency: str) -> Number | None:
    """The number asked for; ``Refusal`` for what is none."""
    said = "".join(plain(asked).split())
    if not said:
        return None
    whole = parsed(said)
    if whole is None and re.fullmatch(r"第?0*[1-9]\d{0,3}号?", said):
        whole = Number(agency or code_of(unit), day.year, int(re.sub(r"\D", "", said)))
    if whole is None:
        raise Refusal(f"发文字号“{asked}”看不懂。", "请写成 8，或 某公党〔2021〕8号。", TOPIC)
    if whole.year != day.year:
        raise Refusal(
            f"发文字号的年份是 {whole.year}，成文日期却在 {day.year} 年。", "请核对发文字号或成文日期。", TOPIC
        )
    return whole


def _range(first: int, last: int) -> str:
    return f" {first}号" if first == last else f" {first}至{last}号"


def ranges(missing: Iterable[tuple[int, int]]) -> str:
    """Numbers left out, as a clerk reads them: 3号、5至7号."""
    return "、".join(_range(*one).strip() for one in missing)
