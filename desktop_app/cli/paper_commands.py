"""Commands about papers: intake of old notices, the printed notice, the sample."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from db import clock
from db.errors import Refusal
from db.ledger import history
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.records import Notice, Problem, Unit
from db.store.faults import translated
from desktop_app.cli.ledger_commands import Actor, Json, LedgerPath, OfUnit, acting, day, opened
from desktop_app.cli.printing import DONE, FOUND, REFUSED, complain, refused, tell
from desktop_app.intake import enter
from desktop_app.intake.draft import Draft
from desktop_app.intake.read import read
from desktop_app.intake.recognise import recognise
from desktop_app.intake.retell import as_json as drafts_json
from desktop_app.intake.source import Source
from desktop_app.notices import compose, pdf, plain
from desktop_app.rectification import ledgers, sample

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="旧通报：.txt、.docx 或 .pdf", show_default=False)]


def intake(
    ledger: LedgerPath,
    files: Files,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看读出了什么，不写入台账")] = False,
    update: Annotated[bool, typer.Option("--update", help="以前导入过的，用原文更新台账")] = False,
    actor: Actor = "",
    json: Json = False,
) -> int:
    """把旧通报读进台账；读不懂的文字列为“待核对”，一个字也不丢。一份没能导入时，其他的照样导入，返回 2。"""
    read_ones = [(path, source, recognise(source)) for path in files for source in [read(path)]]
    if dry_run:
        drafts = [draft for _, _, found in read_ones for draft in found]
        tell([line for draft in drafts for line in _told(draft)], drafts_json(drafts), as_json=json)
        return DONE
    results: list[dict[str, Any]] = []
    refusals: list[dict[str, Any]] = []
    with opened(ledger) as facts:
        for path, source, drafts_found in read_ones:
            for draft in drafts_found:
                told = {"file": str(path), "title": draft.title}
                try:
                    results.append(told | _entered(facts, path, draft, source, acting(actor), update=update))
                except Refusal as refusal:
                    refusals.append(told | refused(refusal))
    tell([r["sentence"] for r in results], {"entered": results, "refusals": refusals}, as_json=json)
    if refusals and not json:
        complain(f"没有导入 {Path(r['file']).name}：{r['sentence']}{r['advice']}" for r in refusals)
    if refusals:
        return REFUSED
    return FOUND if any(r["known"] for r in results) else DONE


def _entered(facts: Ledger, path: Path, draft: Draft, source: Source, actor: str, *, update: bool) -> dict[str, Any]:
    """Enters one draft; the paper's bytes are kept when something of it is entered, and only then."""
    told = {"issuer": draft.issuer, "known": False, "changes": 0, "problems": len(draft.problems)}
    try:
        outcome = enter.enter(facts, draft, source, actor, update=update, path=path)
    except enter.Known as already:
        return {**told, "known": True, "sentence": f"{already.sentence}{already.advice}"}
    looked = len(draft.unread) + len(draft.findings)
    counts = f"{len(draft.problems)} 个问题、{sum(len(p.ongoing) for p in draft.problems)} 项深化事项、{len(draft.amounts)} 个数据"
    rest = f"，{looked} 处待核对" if looked else ""
    sentence = f"{outcome.sentence}（{counts}{rest}）" if outcome.taken else outcome.sentence
    return {**told, "changes": outcome.taken, "sentence": sentence}


def _told(draft: Draft) -> list[str]:
    lines = [f"■ {draft.title or '（没有标题）'}  {draft.signature}  {draft.date_text}"]
    for problem in draft.problems:
        title = problem.title or "（标题缺失）"
        dues = "、".join(o.due.text for o in problem.ongoing if o.due)
        rest = f"，时限：{dues}" if dues else ""
        lines.append(f"  {problem.mark or problem.number or ''}{title}：措施 {len(problem.measures)} 条{rest}")
    if draft.next_steps:
        lines.append(f"  下一步计划 {len(draft.next_steps.items)} 条")
    own = sum(1 for t in draft.titles if t.own)
    lines.append(f"  数据 {len(draft.amounts)} 个，本单位制度文件 {own} 个，未识别文字 {len(draft.unread)} 处")
    lines += [f"  待核对：{finding.sentence}" for finding in draft.findings]
    return lines


def notice(
    ledger: LedgerPath,
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="OUT", help="印到哪个文件：.pdf 或 .txt", show_default=False)
    ],
    unit: OfUnit = "",
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="按那一天结束时的台账印，如 2021-12-31", show_default=False)
    ] = "",
    internal: Annotated[bool, typer.Option("--internal", help="党内通报：也印不对外公开的内容")] = False,
    json: Json = False,
) -> int:
    """印出一个单位的整改情况通报。"""
    if out.suffix.lower() not in (".pdf", ".txt"):
        raise Refusal(f"只能印成 .pdf 或 .txt，不能印成“{out.name}”。", "请改文件名的后缀。", "notice")
    until = day(as_of, "--as-of ")
    with opened(ledger) as kept:
        facts: Facts = kept
        if until is not None:
            facts = history.as_of(kept, datetime.combine(until, time.max).astimezone())
        chosen = ledgers.find_unit(facts, unit) if unit else _only_unit(facts, kept)
        paper = compose.notice_of(facts, chosen)
        if not paper.id and not facts.count(Problem, unit=chosen.id):
            raise Refusal(
                f"{chosen.name}还没有问题，也没有通报，没有可印的内容。", "请先填写问题或导入旧通报。", "notice"
            )
        document = compose.compose(facts, paper, today=until or clock.today(), internal=internal)
    with translated(out):
        if out.suffix.lower() == ".txt":
            pdf.write_bytes(plain.text(document).encode(), out)
        else:
            pdf.write_bytes(pdf.to_bytes(document), out)
    data = {"file": str(out), "unit": chosen.name, "title": document.title, "internal": internal}
    tell([f"已印出：{out}（{chosen.name}）"], data, as_json=json)
    return DONE


def _only_unit(facts: Facts, kept: Ledger) -> Unit:
    """The unit a notice is printed for when none is named: this ledger's own, else the only one with problems."""
    own = ledgers.own_unit(facts, kept)
    busy = {n.unit for n in facts.all(Notice)} | {p.unit for p in facts.all(Problem)}
    if own is not None and (own.id in busy or not busy):
        return own
    found = [u for u in facts.all(Unit) if u.id in busy]
    if len(found) == 1:
        return found[0]
    names = "、".join(u.name or "" for u in found)
    raise Refusal(f"台账里有几个单位的通报：{names}。", "请用 --unit 写明印哪个单位的。", "notice")


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="放在哪个文件夹；没有就新建", show_default=False)],
    json: Json = False,
) -> int:
    """做一个示例台账，并印出它的通报。"""
    with translated(folder):
        folder.mkdir(parents=True, exist_ok=True)
    made = ledgers.new_ledger(folder / "示例台账.zgl", sample.unit_name(), "示例")
    try:
        sample.load(made, "示例")
        unit = ledgers.own_unit(made, made) or Unit()
        paper = compose.notice_of(made, unit)
        written = []
        for name, internal in (("示例通报（公开）", False), ("示例通报（党内）", True)):
            document = compose.compose(made, paper, today=sample.DAY, internal=internal)
            for suffix, content in ((".pdf", pdf.to_bytes(document)), (".txt", plain.text(document).encode())):
                pdf.write_bytes(content, folder / f"{name}{suffix}")
                written.append(folder / f"{name}{suffix}")
        written.append(folder / sample.old_notice().name)
        pdf.write_bytes(sample.old_notice().read_bytes(), written[-1])
    finally:
        made.close()
    lines = [f"示例台账：{folder / '示例台账.zgl'}", *(f"示例文书：{path}" for path in written)]
    tell(lines, {"ledger": str(made.path), "files": [str(p) for p in written]}, as_json=json)
    return DONE


def register(app: typer.Typer) -> None:
    """Puts the commands of this module under their names."""
    for name, command in (("intake", intake), ("notice", notice), ("demo", demo)):
        app.command(name)(command)
