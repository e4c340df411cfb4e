"""The three lists of a rectification plan (问题清单、任务清单、责任清单; process.md 2.1): what is wrong, what is to be done, who does it.

Each is a paper of its own; bound together they are the annexes of a short document that names them. All are told by the
same columns as the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from db.ledger.facts import Facts
from db.schema.days import written
from db.schema.kinds import Text
from db.schema.records import Unit
from db.schema.records.words import PUBLICITY
from desktop_app.notices import ledger_columns, wide
from desktop_app.notices.book import WHICH_OPTION, Book, books, called
from desktop_app.notices.ledger_columns import COLUMNS, Shown
from desktop_app.notices.ledger_paper import heading
from desktop_app.notices.tree import Annex, Attachments, Block, Document, Paragraph, Run, Section, Signature
from desktop_app.notices.wanted import Kind, Make, Wanted
from desktop_app.notices.wide import Row
from desktop_app.rectification.tallies import Tally


@dataclass(frozen=True)
class List:
    """One of the lists: its title, its columns, what they are called here where that differs from the ledger."""

    name: str
    title: str
    purpose: str
    columns: tuple[str, ...]
    titles: Mapping[str, str]

    def shown(self) -> list[Shown]:
        """Its columns, without the headings of the ledger's head."""
        by_key = {one.spec.key: one for one in COLUMNS}
        found = [by_key[key] for key in self.columns]
        return [
            replace(one, spec=replace(one.spec, title=self.titles.get(one.spec.key, one.spec.title), group=""))
            for one in found
        ]


LISTS = (
    List(
        "problem-list",
        "问题清单",
        "逐条列出反馈的问题、表现和原因。",
        ("number", "aspect", "title", "category", "symptoms", "cause", "mode", "lead_department"),
        {"symptoms": "具体表现", "lead_department": "责任部门"},
    ),
    List(
        "task-list",
        "任务清单",
        "逐条列出整改目标、任务、时限和进展。",
        ("number", "title", "goal", "leads", "due", "measure_progress"),
        {"leads": "整改任务", "due": "完成时限", "measure_progress": "进展状态"},
    ),
    List(
        "duty-list",
        "责任清单",
        "逐条列出整改任务的责任领导、部门和责任人。",
        (
            "number",
            "title",
            "leads",
            "lead_official",
            "lead_department",
            "supporting_departments",
            "responsible",
            "due",
        ),
        {"leads": "整改任务", "due": "完成时限"},
    ),
)
"""In the order they are bound."""


def _making(one: List) -> Make:
    def make(facts: Facts, wanted: Wanted) -> Sequence[Document]:
        found, unit = _found(facts, wanted)
        return (
            Document(
                title=f"{_called(unit)}巡察整改{one.title}",
                blocks=_blocks(one, found, wanted, unit),
                author=(unit.organ or unit.name or "") if unit is not None else "",
                subject=f"{PUBLICITY[wanted.readers]}，{written(wanted.day)}",
                form="sheet",
            ),
        )

    return make


def _found(facts: Facts, wanted: Wanted) -> tuple[list[Book], Unit | None]:
    found = books(facts, wanted, str(wanted.options.get("which", "all")))
    return found, found[0].unit if len(found) == 1 else facts.get(Unit, wanted.unit)


def _called(unit: Unit | None) -> str:
    return called(unit) if unit is not None else "各单位"


def _blocks(one: List, found: Sequence[Book], wanted: Wanted, unit: Unit | None) -> tuple[Block, ...]:
    """A list as blocks, on the turned sheet."""
    shown = ledger_columns.open_to(wanted.readers, one.shown())
    filled = [(book, ledger_columns.places(book, shown)) for book in found]
    specs = ledger_columns.fitted(shown, [row for _, rows in filled for row in rows], empty=False)
    planned = wide.plan(specs, "landscape", ("x4", "5"), unbroken=wanted.unbroken)
    rows: list[Row] = []
    for book, places in filled:
        if len(found) > 1:
            rows.append(wide.across(book.name, 1))
        rows += places
    return (Section((heading(found, wanted, unit), *wide.tables(planned, rows)), "landscape"),)


def bound(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """All three lists as annexes of a document that sends them out."""
    found, unit = _found(facts, wanted)
    name = _called(unit)
    total = sum((book.tally for book in found), Tally())
    rounds = "、".join(dict.fromkeys(title for book in found for title in book.rounds))
    measures = f"，整改措施{total.measures}条" if total.measures else ""
    opening = (
        f"根据{rounds or '巡察'}反馈意见，{name}对反馈的问题逐条分析原因、研究措施、明确责任，形成问题清单、任务清单和责任清单（以下简称“三个清单”），"
        f"共涉及反馈问题{total.problems}个{measures}。现印发给你们，请对照清单抓好落实，按时限完成整改任务并报送进展情况。"
    )
    sender = unit or facts.get(Unit, wanted.issuer) or Unit()
    organ = wanted.text("organ") or sender.organ or sender.name or ""
    return (
        Document(
            title=f"关于印发{name}巡察整改“三个清单”的通知",
            blocks=(Paragraph((Run(opening),)), Attachments(tuple(f"{name}巡察整改{one.title}" for one in LISTS))),
            signature=Signature(organ, written(wanted.day), "room") if organ else None,
            annexes=tuple(
                Annex(f"{name}巡察整改{one.title}", _blocks(one, found, wanted, unit), number)
                for number, one in enumerate(LISTS, start=1)
            ),
            addressees=f"{wanted.text('addressees').rstrip('：') or '各责任领导、责任部门'}：",
            author=organ,
            subject=f"{PUBLICITY[wanted.readers]}，{written(wanted.day)}",
        ),
    )


_REPORTER = Text("填报人", help="留空就印一处空白，打印后签名")
KINDS = (
    *(
        Kind(
            one.name,
            one.title,
            one.purpose,
            _making(one),
            unit="may",
            records="may",
            of="inspection",
            readers="internal",
            options={"which": WHICH_OPTION, "reporter": _REPORTER},
        )
        for one in LISTS
    ),
    Kind(
        "three-lists",
        "三个清单",
        "问题清单、任务清单、责任清单作为附件，连同印发的正文印成一份。",
        bound,
        unit="may",
        records="may",
        of="inspection",
        readers="internal",
        options={
            "which": WHICH_OPTION,
            "reporter": _REPORTER,
            "addressees": Text("主送", help="留空就印“各责任领导、责任部门”"),
            "organ": Text("署名", help="由哪个机关印发；留空就是清单所属的单位，几个单位的就是本单位"),
        },
    ),
)
