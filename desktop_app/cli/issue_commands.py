"""Commands about papers that leave the house: issuing, their list and numbers, withdrawing, correcting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from db import clock
from db.errors import Fault, Refusal
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.kinds import Publicity
from db.schema.records import IssuedPaper, Notice, Unit
from db.store.faults import translated
from desktop_app.cli.ledger_commands import Actor, Json, LedgerPath, OfUnit, acting, day, opened
from desktop_app.cli.print_commands import Asked, wanted_of
from desktop_app.cli.printing import DONE, FOUND, tell
from desktop_app.cli.sheet_commands import table_lines
from desktop_app.notices import begin, compose, issuing, kept, papers, pdf, recomposing
from desktop_app.rectification import issued as deeds
from desktop_app.rectification import ledgers, numbering
from desktop_app.rectification.numbering import Number, Numbering, Taken

TOPIC = "issuing"
Which = Annotated[str, typer.Argument(metavar="NUMBER", help="哪一份：发文字号、顺序号或印发码", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="理由", show_default=False)]
Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="把 PDF 存到哪里", show_default=False)]


def issue(
    ledger: LedgerPath,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="把 PDF 存到哪里", show_default=False)],
    unit: OfUnit = "",
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="文种，默认是通报", show_default=False)] = "",
    of: Annotated[
        list[str] | None, typer.Option("--of", metavar="ID", help="印哪些（文种需要时），可写几次", show_default=False)
    ] = None,
    period: Annotated[
        str, typer.Option("--period", metavar="PERIOD", help="期间（文种需要时）", show_default=False)
    ] = "",
    options: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="NAME=VALUE", help="这种文书自己的选项，可写几次", show_default=False),
    ] = None,
    number: Annotated[
        str, typer.Option("--number", metavar="N", help="发文字号或顺序号，默认用下一个", show_default=False)
    ] = "",
    unnumbered: Annotated[bool, typer.Option("--unnumbered", help="不编发文字号")] = False,
    on: Annotated[str, typer.Option("--day", metavar="DATE", help="成文日期，默认是今天", show_default=False)] = "",
    internal: Annotated[bool, typer.Option("--internal", help="党内文书：也印不对外公开的内容，末页印码")] = False,
    corrects: Annotated[
        str, typer.Option("--corrects", metavar="NUMBER", help="更正的是哪一份", show_default=False)
    ] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="跳号的理由", show_default=False)] = "",
    confirmed: Annotated[bool, typer.Option("--anyway", help="查出错误也印发")] = False,
    actor: Actor = "",
    json: Json = False,
) -> int:
    """印发：编发文字号，把内容和 PDF 存进台账，不能再改。"""
    if out.suffix.lower() != ".pdf":
        raise Refusal(f"印发的文书存为 .pdf，不能存成“{out.name}”。", "请改文件名的后缀。", TOPIC)
    readers: Publicity | None = "internal" if internal else None
    asked = Asked(ledger, out, "", unit, "", readers, period, tuple(of or ()), tuple(options or ()))
    how = _How(kind, number, unnumbered, day(on, "--day "), corrects, reason, confirmed, acting(actor))
    with opened(ledger) as facts:
        made = _notice(facts, asked, how) if kind in ("", "notice", issuing.NOTICE) else _kind(facts, asked, how)
        names = [out] if len(made) == 1 else [out.with_stem(f"{out.stem}-{at}") for at in range(1, len(made) + 1)]
        for one, path in zip(made, names, strict=True):
            _write(one.data, path, one.paper)
        lines = [f"已印发：{deeds.called(one.paper)}，{path}" for one, path in zip(made, names, strict=True)]
        lines += [f"印发码：{one.paper.stamp}" for one in made]
        data = [_told(facts, one.paper) | {"file": str(path)} for one, path in zip(made, names, strict=True)]
    tell(lines, {"issued": data}, as_json=json)
    return DONE


@dataclass(frozen=True)
class _How:
    """How an issue was asked for, beside what is to be printed."""

    kind: str
    number: str
    unnumbered: bool
    day: date | None
    corrects: str
    reason: str
    confirmed: bool
    actor: str


def _notice(facts: Ledger, asked: Asked, how: _How) -> list[issuing.Issued]:
    unit = ledgers.find_unit(facts, asked.unit) if asked.unit else _only_unit(facts)
    ready = issuing.prepare_notice(
        facts,
        _draft(facts, unit, how.actor),
        day=how.day,
        internal=asked.readers == "internal",
        asked=how.number,
        reason=how.reason,
        corrects=kept.find(facts, how.corrects, bare=True).id if how.corrects else "",
    )
    return [issuing.issue(facts, ready, how.actor, confirmed=how.confirmed)]


def _kind(facts: Ledger, asked: Asked, how: _How) -> list[issuing.Issued]:
    """Papers of another kind, numbered by the unit this ledger is kept by."""
    kind = papers.kind_named(how.kind)
    unit, wanted = wanted_of(facts, facts, kind, asked, how.day or clock.today())
    about = issuing.About(
        facts.get(Unit, wanted.issuer) or unit or _only_unit(facts),
        wanted.day,
        publicity=wanted.readers,
        numbered=not how.unnumbered,
        asked=how.number,
        reason=how.reason,
        corrects=kept.find(facts, how.corrects, bare=True).id if how.corrects else "",
    )
    ready = issuing.prepare_kind(facts, kind, wanted, about)
    return issuing.issue_all(facts, ready, how.actor, confirmed=how.confirmed)


def _write(data: bytes, path: Path, paper: IssuedPaper) -> None:
    """Puts the file where it is wanted; where that cannot be, says that the paper is issued all the same."""
    try:
        with translated(path):
            pdf.write_bytes(data, path)
    except Fault as fault:
        advice = f"{deeds.called(paper)}已经印发，文件在台账里，可以用 zhenggai issued --number 再存一次。"
        raise Fault(fault.sentence, advice, TOPIC) from fault


def _only_unit(facts: Ledger) -> Unit:
    """The unit meant when none is named: this ledger's own, else the only one with a notice that is not issued."""
    own = ledgers.own_unit(facts, facts)
    waiting = {one.unit for one in facts.all(Notice) if one.state != "issued"}
    if own is not None and (own.id in waiting or not waiting):
        return own
    found = [one for one in facts.all(Unit) if one.id in waiting]
    if len(found) == 1:
        return found[0]
    names = "、".join(one.name or "" for one in found)
    raise Refusal(f"台账里有几个单位的通报：{names}。", "请用 --unit 写明印发哪个单位的。", TOPIC)


def _draft(facts: Ledger, unit: Unit, actor: str) -> Notice:
    """The notice of a unit that is to be issued; begun when there is none yet."""
    found = compose.notice_of(facts, unit)
    if not found.id:
        begin.begin_notice(facts, unit, actor)
        found = compose.notice_of(facts, unit)
    return found


def _told(facts: Facts, paper: IssuedPaper) -> dict[str, Any]:
    unit = facts.get(Unit, paper.unit)
    corrected = facts.get(IssuedPaper, paper.corrects)
    return {
        "id": paper.id,
        "document_number": paper.document_number,
        "kind": paper.kind,
        "title": paper.title,
        "unit": unit.name if unit else None,
        "day": paper.day,
        "publicity": paper.publicity,
        "code": paper.stamp,
        "digest": paper.digest,
        "log": paper.head,
        "sha256": paper.paper.hash if paper.paper else None,
        "void": paper.void_reason,
        "corrects": corrected.document_number if corrected else None,
        "corrected_by": [one.document_number for one in deeds.corrected_by(facts, paper)],
    }


def issued(
    ledger: LedgerPath,
    unit: OfUnit = "",
    year: Annotated[int, typer.Option("--year", metavar="YEAR", help="只列哪一年的", show_default=False)] = 0,
    number: Annotated[
        str, typer.Option("--number", metavar="NUMBER", help="把哪一份再存出来", show_default=False)
    ] = "",
    out: Out = None,
    again: Annotated[bool, typer.Option("--again", help="按当时的内容重印，并说明与当时的文件是否相同")] = False,
    json: Json = False,
) -> int:
    """列出印发的文书和发文字号，缺的号也列出；或把印发过的一份再存出来。有缺号、重号时返回 1。"""
    if bool(number) != (out is not None):
        raise Refusal("再存一份要写明是哪一份、存到哪里。", "请同时写 --number 和 -o。", TOPIC)
    with opened(ledger) as facts:
        chosen = ledgers.find_unit(facts, unit) if unit else None
        if out is not None:
            return _hand_out(facts, kept.find(facts, number, chosen), out, again=again, json=json)
        series = [one for one in numbering.every(facts) if not chosen or one.unit == chosen.id]
        series = [one for one in series if not year or one.year == year]
        papers_ = [one for one in facts.all(IssuedPaper) if not chosen or one.unit == chosen.id]
        bare = [one for one in papers_ if not one.number and (not year or (one.day and one.day.year == year))]
        lines = [line for one in series for line in _listed(facts, one)]
        if bare:
            lines += ["不编号的：", *(f"  {one.day or ''}  {one.title or ''}{_after(facts, one)}" for one in bare)]
        data = {
            "series": [_series(facts, one) for one in series],
            "unnumbered": [_told(facts, one) for one in bare],
        }
        wrong = any(one.missing or _doubled(one) for one in series)
    tell(lines or ["还没有印发过文书。"], data, as_json=json)
    return FOUND if wrong else DONE


def _hand_out(facts: Facts, paper: IssuedPaper, out: Path, *, again: bool, json: bool) -> int:
    """The stored file; made again from the words where that is wanted, or where its bytes did not come along with a merge."""
    made = None
    try:
        data = kept.file_of(facts, paper) if not again else b""
    except Fault:
        again = True
    if again:
        made = kept.printed_again(facts, paper, recomposing.words_of(facts, paper))
        data = made.data
    with translated(out):
        pdf.write_bytes(data, out)
    lines = [f"已存出：{out}（{deeds.called(paper)}）"]
    if made is not None:
        told = "与当时的文件一个字节不差" if made.same else f"文字相同，文件与当时的不同：{made.differs}"
        lines.append(f"按当时的内容重印，{told}。")
    differs = made.differs if made else ""
    tell(lines, _told(facts, paper) | {"file": str(out), "again": again, "differs": differs}, as_json=json)
    return FOUND if differs else DONE


def _doubled(one: Numbering) -> set[int]:
    held = [taken.number for taken in one.taken if taken.stands]
    return {number for number in held if held.count(number) > 1}


def _listed(facts: Facts, one: Numbering) -> list[str]:
    unit = facts.get(Unit, one.unit)
    rows = [
        [taken.text, str(taken.day or ""), numbering.WAYS[taken.way], taken.title, taken.reason + _noted(facts, taken)]
        for taken in one.taken
    ]
    lines = [f"{unit.name if unit else '（没有单位）'} {one.agency}〔{one.year}〕："]
    lines += [f"  {line}" for line in table_lines(["发文字号", "成文日期", "来历", "标题", "说明"], rows, 40)]
    doubled = "、".join(f"{number}号" for number in sorted(_doubled(one)))
    lines += [f"  重号：{doubled}"] if doubled else []
    lines += [f"  缺号：{numbering.ranges(one.missing)}"] if one.missing else []
    return [*lines, f"  下一个：{one.next}号"]


def _noted(facts: Facts, one: Taken) -> str:
    return _after(facts, one.paper) if one.paper is not None else ""


def _after(facts: Facts, paper: IssuedPaper) -> str:
    """What a paper corrects, and what corrects it."""
    corrected = facts.get(IssuedPaper, paper.corrects)
    told = [f"更正{deeds.called(corrected)}"] if corrected else []
    told += [f"已由{deeds.called(one)}更正" for one in deeds.corrected_by(facts, paper)]
    return f"（{'，'.join(told)}）" if told else ""


def _series(facts: Facts, one: Numbering) -> dict[str, Any]:
    unit = facts.get(Unit, one.unit)
    return {
        "unit": unit.name if unit else None,
        "agency": one.agency,
        "year": one.year,
        "next": one.next,
        "missing": [number for first, last in one.missing for number in range(first, last + 1)],
        "twice": sorted(_doubled(one)),
        "taken": [
            {
                "number": taken.number,
                "first": taken.first,
                "document_number": taken.text,
                "way": taken.way,
                "title": taken.title,
                "day": taken.day,
                "reason": taken.reason,
                "paper": _told(facts, taken.paper) if taken.paper else None,
            }
            for taken in one.taken
        ],
    }


def void(ledger: LedgerPath, which: Which, reason: Reason = "", actor: Actor = "", json: Json = False) -> int:
    """作废印发的一份文书：字号还占着，写明理由。"""
    with opened(ledger) as facts:
        paper = kept.find(facts, which, bare=True)
        outcome = deeds.void(facts, paper, reason, acting(actor), day=clock.today())
        told = _told(facts, facts.get(IssuedPaper, paper.id) or paper)
    tell([outcome.sentence], told, as_json=json)
    return DONE


def correct(ledger: LedgerPath, which: Which, actor: Actor = "", json: Json = False) -> int:
    """起草对印发的一份通报的更正：照抄原来的文字，改好再用 issue 印发。"""
    with opened(ledger) as facts:
        paper = kept.find(facts, which)
        made, outcome = deeds.correction(facts, paper, acting(actor))
        said = outcome.sentence or f"对{deeds.called(paper)}的更正已经在起草"
    tell([f"{said}。改好以后用 zhenggai issue 印发。"], {"notice": made, "corrects": paper.id}, as_json=json)
    return DONE


def number(
    ledger: LedgerPath,
    last: Annotated[int, typer.Argument(metavar="N", help="顺序号", min=1, show_default=False)],
    first: Annotated[int, typer.Option("--from", metavar="N", min=0, help="从几号起一起登记", show_default=False)] = 0,
    year: Annotated[int, typer.Option("--year", metavar="YEAR", help="哪一年，默认今年", show_default=False)] = 0,
    unit: OfUnit = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="标题", show_default=False)] = "",
    on: Annotated[str, typer.Option("--day", metavar="DATE", help="成文日期", show_default=False)] = "",
    unused: Annotated[bool, typer.Option("--unused", help="空号：没有用过，要写明理由")] = False,
    reason: Reason = "",
    actor: Actor = "",
    json: Json = False,
) -> int:
    """登记在别处发过的发文字号，或没有用过的空号；以后的号接着编。"""
    with opened(ledger) as facts:
        chosen = ledgers.find_unit(facts, unit) if unit else ledgers.own_unit(facts, facts)
        if chosen is None:
            raise Refusal("台账里还没有单位。", "请先新建单位。", TOPIC)
        told: date | None = day(on, "--day ")
        on_year = year or (told.year if told else clock.today().year)
        whole = Number(numbering.code_of(chosen), on_year, last)
        outcome = deeds.register(
            facts,
            chosen,
            whole,
            acting(actor),
            first=first or None,
            title=title,
            day=told,
            reason=reason,
            unused=unused,
        )
        following = numbering.numbers(facts, chosen, on_year).next
    tell([f"{outcome.sentence}。下一个是 {following}号。"], {"next": following}, as_json=json)
    return DONE


def register(app: typer.Typer) -> None:
    """Puts the commands of this module under their names."""
    for name, command in (
        ("issue", issue),
        ("issued", issued),
        ("void", void),
        ("correct", correct),
        ("number", number),
    ):
        app.command(name)(command)
