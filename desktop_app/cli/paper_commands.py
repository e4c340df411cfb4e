"""Commands about papers that come in, and the sample: intake of old notices, demo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from db.errors import Refusal
from db.ledger.ledger import Ledger
from db.schema.kinds import Publicity
from db.store.faults import translated
from desktop_app.cli.ledger_commands import Actor, Json, LedgerPath, acting, opened
from desktop_app.cli.printing import DONE, FOUND, REFUSED, complain, refused, tell
from desktop_app.intake import enter
from desktop_app.intake.draft import Draft
from desktop_app.intake.read import read
from desktop_app.intake.recognise import recognise
from desktop_app.intake.retell import as_json as drafts_json
from desktop_app.intake.source import Source
from desktop_app.notices import papers, pdf
from desktop_app.notices.wanted import Wanted
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


_DEMO_NOTICES: tuple[tuple[str, Publicity], ...] = (("示例通报（公开）", "public"), ("示例通报（党内）", "internal"))
_DEMO_PAPERS = ("reminder", "chasing", "closing", "ledger")
"""The kinds of papers the sample is printed as, beside its notice."""


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="放在哪个文件夹；没有就新建", show_default=False)],
    json: Json = False,
) -> int:
    """做一个示例台账，并印出它的通报和几种文书。"""
    with translated(folder):
        folder.mkdir(parents=True, exist_ok=True)
    made = ledgers.new_ledger(folder / "示例台账.zgl", sample.unit_name(), "示例")
    try:
        sample.load(made, "示例")
        written = list(_demo_papers(made, folder))
        written.append(folder / sample.old_notice().name)
        pdf.write_bytes(sample.old_notice().read_bytes(), written[-1])
    finally:
        made.close()
    lines = [f"示例台账：{folder / '示例台账.zgl'}", *(f"示例文书：{path}" for path in written)]
    tell(lines, {"ledger": str(made.path), "files": [str(p) for p in written]}, as_json=json)
    return DONE


def _demo_papers(made: Ledger, folder: Path) -> Iterator[Path]:
    own = ledgers.own_unit(made, made)
    unit = own.id if own is not None else ""
    wanted = Wanted(sample.DAY, unit, issuer=unit)
    notice = papers.kind_named("notice")
    for name, readers in _DEMO_NOTICES:
        paper = papers.made(made, notice, replace(wanted, readers=readers))
        for form in papers.FORMATS:
            yield folder / f"{name}.{form}"
            papers.write(paper, folder / f"{name}.{form}", form)
    for kind in map(papers.kind_named, _DEMO_PAPERS):
        asked = replace(wanted, readers=kind.readers, options=kind.begun())
        yield folder / f"示例{kind.title}.pdf"
        papers.write(papers.made(made, kind, asked), folder / f"示例{kind.title}.pdf", "pdf")
    for name, of, options in sample.PRINTED:
        kind = papers.kind_named(name)
        asked = replace(wanted, readers=kind.readers, of=of, options={**kind.begun(), **options})
        yield folder / f"示例{kind.title}.pdf"
        papers.write(papers.made(made, kind, asked), folder / f"示例{kind.title}.pdf", "pdf")


def register(app: typer.Typer) -> None:
    """Puts the commands of this module under their names."""
    for name, command in (("intake", intake), ("demo", demo)):
        app.command(name)(command)
