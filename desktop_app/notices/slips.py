"""What the slips of the rectification office have in common: which problems, who signs, numbers, whom to call, how forms are ruled.

A slip is a working paper about one problem (reminder, chasing slip, assignment, closing form). Everything around the
problems is read once, for however many slips are printed in one job.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from db.ledger.facts import Facts
from db.schema import kinds
from db.schema.days import written
from db.schema.records import Inspection, Notice, Person, Problem, Unit
from desktop_app.notices import gather
from desktop_app.notices.gather import Paper
from desktop_app.notices.tree import Column, Run, Signature, Table, TableCell, TableRow
from desktop_app.notices.wanted import Wanted
from desktop_app.rectification.pressing import Matter

OFFICE = "巡察整改工作领导小组办公室"
BLANK = "\u3000\u3000"
SIGNING: Mapping[str, kinds.Kind[Any]] = {
    "signature": kinds.Text("署名", help="不填用本单位的整改办"),
    "seal": kinds.Choice(
        "印章", of={"room": "留出盖章位置", "none": "不盖章", "picture": "印电子印章图"}, default="留出盖章位置"
    ),
    "contact": kinds.Text("联系人和电话", help="不填用本单位填的"),
}
NUMBERING: Mapping[str, kinds.Kind[Any]] = {
    "number": kinds.Whole("起始编号", least=1, most=99_999, help="从这个号起往下编；不填就留空，印发时再编"),
}
REPLYING: Mapping[str, kinds.Kind[Any]] = {
    "reply": kinds.Day("反馈截止日期"),
    "reply_days": kinds.Whole("几天内反馈", unit="天", least=0, most=366, default="3", help="没有写截止日期时用"),
}


@dataclass(frozen=True)
class Desk:
    """What slips print beside their problems: offices, rounds, leaders, the words of each problem with its figures put in."""

    wanted: Wanted
    units: Mapping[str, Unit]
    rounds: Mapping[str, Inspection]
    people: Sequence[Person]
    paper: Paper
    issuer: Unit

    @classmethod
    def read(cls, facts: Facts, wanted: Wanted, problems: Sequence[Problem]) -> Desk:
        """Reads it once for these problems, of which there is at least one."""
        units = {one.id: one for one in facts.all(Unit)}
        rounds = {one.id: one for one in facts.all(Inspection)}
        paper = Paper.read(facts, Notice(), Unit(), wanted.day, readers=wanted.readers, only=problems)
        issuer = units.get(wanted.issuer) or units.get(wanted.unit) or units.get(problems[0].unit or "") or Unit()
        return cls(wanted, units, rounds, facts.all(Person), paper, issuer)

    def unit(self, problem: Problem) -> Unit:
        """The unit of a problem."""
        return self.units.get(problem.unit or "") or Unit()

    def round(self, problem: Problem) -> str:
        """The round a problem comes from, in the words of its ledger."""
        one = self.rounds.get(problem.inspection or "")
        return one.title if one is not None and one.title else "巡察"

    def words(self, text: str | None, problem: Problem) -> str:
        """Prose of a problem with its figures put in, "" for none."""
        return self.paper.words(text, problem) or ""

    def office(self) -> str:
        """The office that sends the slip: as it was said, else that of the unit the ledger is kept by."""
        said = self.wanted.text("signature")
        return said or (self.issuer.short_name or self.issuer.name or "") + OFFICE

    def signature(self) -> Signature:
        """Who signs and when, and how it is sealed."""
        seal = self.wanted.text("seal") or "room"
        day = written(self.wanted.day)
        if seal == "picture" and self.issuer.seal is not None:
            return Signature(self.office(), day, "picture", seals=(self.issuer.seal.hash,))
        return Signature(self.office(), day, "none" if seal == "none" else "room")

    def contact(self) -> str:
        """Whom to call about it, "" when nobody is known."""
        said = self.wanted.text("contact")
        if said:
            return said
        phone = (self.issuer.phones or ("",))[0]
        parts = (self.issuer.contact_person or "", f"电话{phone}" if phone else "")
        return "，".join(part for part in parts if part)

    def reply(self, soonest: date | None = None) -> date:
        """By when an answer is asked for: the day that was said, else so many days from today, but not after ``soonest``."""
        said = self.wanted.options.get("reply")
        if isinstance(said, date):
            return said
        days = self.wanted.options.get("reply_days", 3)
        by = self.wanted.day + timedelta(days=days)
        return min(by, soonest) if soonest is not None and soonest >= self.wanted.day else by

    def number(self, word: str, at: int) -> str:
        """督办〔2025〕3号 for the slip at this place of the batch; room for the number while it has none."""
        first = self.wanted.options.get("number")
        count = BLANK if first is None else str(first + at)
        return f"{word}〔{self.wanted.day.year}〕{count}号"


def allowed(facts: Facts, wanted: Wanted, problems: Sequence[Problem]) -> list[Problem]:
    """The problems that those who get the paper may see."""
    hidden = gather.withheld(facts, problems, {}, {}, readers=wanted.readers)
    return [one for one in problems if one.id not in hidden]


def named(problem: Problem) -> str:
    """A problem as slips call it."""
    return f"“{problem.title}”" if problem.title else "（标题缺失）"


def shortened(text: str, longest: int) -> str:
    """The first sentences of a text within so many characters, else its beginning; a line break becomes nothing."""
    words = "".join(text.split("\n"))
    if len(words) <= longest:
        return words
    end = max(words.rfind(mark, 0, longest) for mark in "。；")
    return words[: end + 1] if end > longest // 3 else words[: longest - 2] + "……"


def matter_words(desk: Desk, problem: Problem, matter: Matter, longest: int) -> str:
    """What is due, in so many characters: the whole of it stands in the ledger."""
    content = getattr(matter.record, "content", None)
    return shortened(desk.words(content, problem), longest) if content else f"{named(problem)}问题的整改"


def due_words(matter: Matter, between: str = "") -> str:
    """The deadline as written, and the day it means where the words do not say it, ``between`` the two."""
    day = written(matter.day)
    wording = matter.due.wording
    return wording if day in wording else f"{wording}{between}（{day}）"


def left_words(days: int) -> str:
    """How long there is: 还有9天, 今天到期, 已超期22天."""
    if days < 0:
        return f"已超期{-days}天"
    return "今天到期" if days == 0 else f"还有{days}天"


# -- forms ------------------------------------------------------------------------------------------------------------

FOUR = (Column("", 1.25, "centre"), Column("", 2.3), Column("", 1.15, "centre"), Column("", 2.3))
"""The columns of a form: label, value, label, value."""


def cell(text: str, *, columns: int = 1, origin: str = "") -> TableCell:
    """A value; each of its lines begins anew."""
    return TableCell(tuple((Run(line, origin=origin),) for line in text.split("\n")), columns=columns)


def label(text: str) -> TableCell:
    """What a value is, in 黑体; each of its lines begins anew."""
    return TableCell(tuple((Run(line, "hei"),) for line in text.split("\n")), align="centre")


def pair(
    first: str, one: str | None, second: str, two: str | None, *, least: float = 1.0, origin: str = ""
) -> TableRow:
    """Two labels with their values in one row."""
    return TableRow(
        (label(first), cell(one or "", origin=origin), label(second), cell(two or "", origin=origin)),
        least=least,
        kept=True,
    )


def wide(
    name: str, text: str | Iterable[Sequence[Run]], *, least: float = 1.0, origin: str = "", kept: bool = False
) -> TableRow:
    """A label with a value over the rest of the row."""
    value = (
        cell(text, columns=3, origin=origin) if isinstance(text, str) else TableCell(tuple(map(tuple, text)), columns=3)
    )
    return TableRow((label(name), value), least=least, kept=kept)


def form(rows: Iterable[TableRow]) -> Table:
    """A form of labels and values."""
    return Table(FOUR, tuple(rows), headless=True)
