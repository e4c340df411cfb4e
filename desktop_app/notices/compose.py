"""From the ledger to the tree of a notice: what is printed, in which order, under which numbers. No millimetres here.

A notice is its own texts (title, opening, chapters, closing words, contact) around the problems of its unit. The public
notice leaves out what is not public and counts the rest through, so that no number betrays a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from db import clock
from db.ledger.facts import Facts
from db.schema.days import written
from db.schema.kinds import Publicity
from db.schema.prose import filled
from db.schema.record import Record, schema_of
from db.schema.records import Aspect, Chapter, Group, Measure, NextStep, Notice, OngoingItem, Problem, Unit
from desktop_app.notices import numerals
from desktop_app.notices.gather import Paper, order, tops
from desktop_app.notices.tree import Attachments, Block, Document, Head, Heading, Paragraph, Run, Signature

HEADING = "关于“{title}”问题的整改。"
MEASURES = "整改措施及阶段性成效："
ONGOING = "正在深化整改的内容及时限："
PROBLEMS_CHAPTER = "反馈意见整改落实情况"
STEPS_CHAPTER = "下一步整改计划"
INVITATION = "欢迎广大干部群众对整改落实情况进行监督，如有意见建议，请与我们联系。"
_END = "。！？；：，、…”）》.!?;:,"


@dataclass
class _Flow:
    """Blocks in the making: text runs on in the last paragraph until a new one is begun."""

    blocks: list[Block] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    heading: Heading | None = None

    def close(self) -> None:
        """Ends the paragraph under way."""
        if self.heading is not None:
            self.blocks.append(replace(self.heading, runs_on=tuple(self.runs)))
        elif self.runs:
            self.blocks.append(Paragraph(tuple(self.runs)))
        self.heading, self.runs = None, []

    def head(self, level: int, text: str, origin: str) -> None:
        """A heading, in a paragraph of its own until something runs on."""
        self.close()
        if text:
            self.heading = Heading(level, text, (), origin)

    def add(self, text: str | None, origin: str, *, apart: bool = False) -> None:
        """Words: in a new paragraph when ``apart``, else behind the last ones; a line break in them begins another."""
        if not text:
            return
        for number, line in enumerate(text.split("\n")):
            if apart or number:
                self.close()
            self.runs.append(Run(line, "body", origin))


def origin(record: Record) -> str:
    """What a run says of the record its words come from."""
    return f"{schema_of(type(record)).name}:{record.id}"


def notice_of(facts: Facts, unit: Unit) -> Notice:
    """The unit's latest notice; a new one of default words when it has none."""
    found = facts.all(Notice, unit=unit.id)
    drafts = [n for n in found if n.state != "issued"] or found
    if drafts:
        return max(drafts, key=lambda n: (n.issued or date.max, n.id))
    organ = unit.organ or unit.name or ""
    return Notice(unit=unit.id, title=f"{organ}关于巡察整改进展情况的通报", signature=organ)


def compose(facts: Facts, notice: Notice, *, today: date, internal: bool = False) -> Document:
    """The tree of a notice. ``today`` dates a notice that bears no date yet; ``internal`` lets 党内通报 matters in.

    Live values are those of the day the notice bears.
    """
    unit = facts.get(Unit, notice.unit) or Unit()
    paper = Paper.read(facts, notice, unit, notice.issued or today, readers=_readers(internal=internal))
    flow = _Flow()
    flow.add(paper.words(notice.opening), origin(notice), apart=True)
    _body(flow, paper)
    before, after = _Flow(blocks=flow.blocks), _Flow()
    flow.close()
    _tail(before, after, paper)
    return Document(
        title=notice.title or "",
        blocks=tuple(before.blocks),
        signature=_signature(notice, unit, today),
        after=tuple(after.blocks),
        head=Head(paper.words(notice.head) or "", notice.document_number or "")
        if notice.head or notice.document_number
        else None,
        addressees=notice.addressees or "",
        author=unit.organ or unit.name or "",
        subject="内部" if internal else "公开",
    )


def _readers(*, internal: bool) -> Publicity:
    return "internal" if internal else "public"


def _signature(notice: Notice, unit: Unit, today: date) -> Signature | None:
    """Organ and date; of an old paper what it bore itself (``tail`` names what stood at its end) and what was added since."""
    ends = notice.tail.split() if notice.tail else [] if notice.source else ["signature", "date"]
    organ = notice.signature or (unit.organ or unit.name or "" if "signature" in ends else "")
    signed_since = notice.signature is not None and "signature" not in ends
    dated = "date" in ends or signed_since
    day = notice.date_wording or (written(notice.issued or today) if dated else "")
    return Signature(organ, day, origin=origin(notice)) if organ or day else None


def passage(facts: Facts, problem: Problem, *, today: date | None = None, internal: bool = True) -> tuple[Block, ...]:
    """One problem as it would be printed in its unit's notice (of that day, or of ``today``): for the preview beside its form."""
    unit = facts.get(Unit, problem.unit) or Unit()
    day = notice_of(facts, unit).issued or today or clock.today()
    paper = Paper.read(facts, Notice(), unit, day, readers=_readers(internal=internal), only=(problem,))
    flow = _Flow()
    _problem(flow, paper, problem)
    flow.close()
    return tuple(flow.blocks)


def _body(flow: _Flow, paper: Paper) -> None:
    chapters = list(paper.chapters)
    known = {c.id for c in chapters}
    home = next((c for c in chapters if c.role == "problems"), None)
    if not chapters and not paper.notice.id:
        chapters = _default_chapters(paper)
        home = chapters[0] if chapters else None
    roots: dict[str, list[Aspect | Problem]] = {}
    for root in paper.roots:
        roots.setdefault(_chapter_of(root, known, home), []).append(root)
    _roots(flow, paper, roots.pop("", []))
    for number, chapter in enumerate(chapters, start=1):
        mark = numerals.marked(chapter.mark, chapter.number or (number if chapter.mark is None else None), "一、")
        flow.head(1, mark + (chapter.title or "") + (chapter.stop or ""), origin(chapter))
        flow.add(paper.words(chapter.body), origin(chapter), apart=not chapter.runs_on)
        if chapter.role == "next_steps":
            _steps(flow, paper, runs_on=bool(chapter.runs_on) and not chapter.body)
        _roots(flow, paper, roots.pop(chapter.id, []))
    flow.close()


def _chapter_of(root: Aspect | Problem, known: set[str], home: Chapter | None) -> str:
    """The chapter a heading or problem is printed in; "" before all chapters, as an old paper had it."""
    if root.chapter in known:
        return root.chapter or ""
    read_before_all = root.chapter is None and root.position is not None
    return home.id if home is not None and not read_before_all else ""


def _default_chapters(paper: Paper) -> list[Chapter]:
    found = [Chapter(id="problems", number=1, role="problems", title=PROBLEMS_CHAPTER)] if paper.roots else []
    if paper.steps:
        found.append(Chapter(id="steps", number=len(found) + 1, role="next_steps", title=STEPS_CHAPTER))
    return found


def _steps(flow: _Flow, paper: Paper, *, runs_on: bool) -> None:
    notice = paper.notice
    flow.add(paper.words(notice.introduction), origin(notice), apart=not runs_on)
    for step in paper.steps:
        mark = numerals.marked(step.mark, step.number, "一是")
        flow.add(mark, origin(step), apart=step.own_paragraph is not False)
        _lead_and_body(flow, step, paper.words(step.lead), paper.words(step.body))


def _lead_and_body(flow: _Flow, record: Measure | NextStep, lead: str | None, body: str | None) -> None:
    if lead and body and not record.body_apart and lead[-1] not in _END:
        lead += "。"
    fresh = not flow.runs and flow.heading is None
    flow.add(lead, origin(record), apart=fresh)
    flow.add(body, origin(record), apart=bool(record.body_apart))


def _roots(flow: _Flow, paper: Paper, roots: Sequence[Aspect | Problem]) -> None:
    for root in roots:
        if isinstance(root, Problem):
            _problem(flow, paper, root)
            continue
        _heading(flow, paper, root, "（一）", 2)
        below: list[Group | Problem] = sorted(
            [*paper.groups.get(root.id, ()), *paper.problems.get(root.id, ())], key=order
        )
        for one in below:
            if isinstance(one, Problem):
                _problem(flow, paper, one)
                continue
            _heading(flow, paper, one, "（一）", 2)
            for problem in paper.problems.get(one.id, ()):
                _problem(flow, paper, problem)


def _heading(flow: _Flow, paper: Paper, record: Aspect | Group, default: str, level: int) -> None:
    mark = numerals.marked(record.mark, paper.numbers.get(record.id, record.number), default)
    flow.head(numerals.level(mark, level), mark + (record.title or "") + (record.stop or ""), origin(record))
    flow.add(paper.words(record.body), origin(record), apart=not record.runs_on)


def _problem(flow: _Flow, paper: Paper, problem: Problem) -> None:
    here = origin(problem)
    mark = numerals.marked(problem.mark, paper.numbers.get(problem.id), "1.")
    if problem.title is None and problem.heading is None:
        flow.close()
    else:
        words = (problem.heading or HEADING).replace("{title}", problem.title or "", 1)
        flow.head(numerals.level(mark, 3), mark + words, here)
    flow.add(paper.words(problem.statement, problem), here, apart=not problem.runs_on)
    measures = paper.measures.get(problem.id, ())
    label = problem.measures_label
    if label is None and measures and not problem.truncated and problem.heading is None:
        label = MEASURES
    flow.add(label, here, apart=not problem.label_runs_on)
    flow.add(paper.words(problem.measures_intro, problem), here, apart=not label or bool(problem.intro_apart))
    first = tops(measures)
    for measure in first:
        _measure(flow, paper, problem, measure, alone=len(first) == 1, above=frozenset())
    for number, item in enumerate(paper.ongoing.get(problem.id, ())):
        _ongoing(flow, paper, problem, item, first=number == 0)
    flow.add(paper.words(problem.remarks, problem), here, apart=True)


def _measure(
    flow: _Flow, paper: Paper, problem: Problem, measure: Measure, *, alone: bool, above: frozenset[str]
) -> None:
    default = "" if alone else "一是" if not above else "（1）"
    mark = numerals.marked(measure.mark, paper.numbers.get(measure.id), default)
    if measure.own_paragraph:
        flow.close()
    flow.add(mark, origin(measure), apart=bool(measure.own_paragraph))
    _lead_and_body(flow, measure, paper.words(measure.lead, problem), paper.words(measure.body, problem))
    line = above | {measure.id}
    children = [m for m in paper.measures.get(problem.id, ()) if m.parent == measure.id and m.id not in line]
    for child in children:
        _measure(flow, paper, problem, child, alone=len(children) == 1, above=line)


def _ongoing(flow: _Flow, paper: Paper, problem: Problem, item: OngoingItem, *, first: bool) -> None:
    label = problem.ongoing_label
    if label is None and not problem.truncated and problem.heading is None:
        label = ONGOING
    here = origin(item)
    if first and label:
        flow.add(label, here, apart=not item.runs_on)
        flow.add(paper.words(item.content, problem), here, apart=bool(item.apart))
    else:
        flow.add(paper.words(item.content, problem), here, apart=not item.runs_on)


def _tail(before: _Flow, after: _Flow, paper: Paper) -> None:
    """Closing words, contact and notes: above the signature, or below it where the paper had them so."""
    notice = paper.notice
    parts = {"closing": paper.words(notice.closing), "contact": _contact(paper), "notes": paper.words(notice.notes)}
    sequence = (notice.tail or "closing contact signature date notes").split()
    below = False
    for name in (*sequence, *(name for name in parts if name not in sequence)):
        if name in ("signature", "date"):
            below = True
        elif parts.get(name):
            (after if below else before).add(parts[name], origin(notice), apart=True)
    before.close()
    after.close()
    if notice.attachments:
        before.blocks.append(Attachments(tuple(notice.attachments.split("\n"))))


def _contact(paper: Paper) -> str:
    unit, wording = paper.unit, paper.notice.contact
    values = contact_values(unit)
    if wording is not None:
        return filled(wording, lambda name: values.get(name, ""))
    if paper.notice.id or not values:
        return ""
    named = (
        ("电话", "电话"),
        ("传真", "传真"),
        ("地址", "地址"),
        ("邮编", "邮编"),
        ("邮箱", "电子邮箱"),
        ("受理时间", "受理时间"),
    )
    told = [f"{label} {values[key]}" for key, label in named if key in values]
    return f"{INVITATION}联系方式：{'；'.join(told)}。"


def contact_values(unit: Unit) -> dict[str, str]:
    """Mark in the contact wording → the unit's value: 电话, 电话2 …, 地址, 邮编, 邮箱, 受理时间, 联系人, 传真."""
    values = {f"电话{i if i > 1 else ''}": phone for i, phone in enumerate(unit.phones or (), start=1)}
    rest = {
        "地址": unit.address,
        "邮编": unit.postcode,
        "邮箱": unit.email,
        "受理时间": unit.hours,
        "联系人": unit.contact_person,
        "传真": unit.fax,
    }
    return values | {name: value for name, value in rest.items() if value}


def origins(document: Document) -> Iterator[str]:
    """Every record a tree's words come from, in printing order."""
    for block in (*document.blocks, *document.after):
        match block:
            case Heading():
                yield block.origin
                yield from (run.origin for run in block.runs_on)
            case Paragraph():
                yield from (run.origin for run in block.runs)
