"""Commands that look at papers that left the house: verifying one, comparing two."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.records import IssuedPaper
from db.store import blobs
from db.store.faults import translated
from desktop_app.cli.ledger_commands import Json, LedgerPath, opened
from desktop_app.cli.printing import DONE, FOUND, tell
from desktop_app.notices import comparing, kept, papers, pdf, plain, recomposing, tree, verdict_words, verifying
from desktop_app.notices.pages_read import pages_of
from desktop_app.notices.verifying import Verdict
from desktop_app.rectification import issued

TOPIC = "verify"
_FEW = 10
_NOW = ("现在", "now")


def verify_paper(
    ledger: LedgerPath,
    paper: Annotated[str, typer.Argument(metavar="FILE|CODE", help="PDF 文件，或文书上的印发码", show_default=False)],
    whole: Annotated[bool, typer.Option("--all", help="所有不同的地方都列出来")] = False,
    json: Json = False,
) -> int:
    """核验一份文书：是不是本台账印发的，有没有改动，台账后来变了没有。都没有问题返回 0，有发现返回 1。"""
    with opened(ledger) as facts:
        path = Path(paper)
        found = verifying.verify_file(facts, _bytes(path)) if _is_file(path) else verifying.verify_code(facts, paper)
        lines = verdict_words.told(facts, found, None if whole else _FEW, "（--all 全列出）")
        data = _data(facts, found)
    tell(lines, data, as_json=json)
    return DONE if found.clean else FOUND


def _is_file(path: Path) -> bool:
    """Whether a file is meant: there is one, or it is called like one."""
    try:
        return path.is_file() or path.suffix.lower() in (".pdf", ".txt")
    except (OSError, ValueError):
        return False


def _bytes(path: Path) -> bytes:
    with translated(path):
        try:
            size = path.stat().st_size
            if size > blobs.LARGEST:
                raise Refusal(f"文件太大：{path.name}。", "文书不会超过 200 MB，请核对是哪个文件。", TOPIC)
            return path.read_bytes()
        except FileNotFoundError:
            raise Refusal(f"没有这个文件：{path}", "请核对文件名。", TOPIC) from None


def _data(facts: Facts, found: Verdict) -> dict[str, Any]:
    paper = found.paper
    return {
        "ours": paper is not None,
        "state": found.state if paper else None,
        "clean": found.clean,
        "claimed": dict(found.claimed),
        "paper": {
            "id": paper.id,
            "document_number": paper.document_number,
            "title": paper.title,
            "unit": verifying.unit_of(facts, paper),
            "day": paper.day,
            "void": paper.void_reason,
            "code": paper.stamp,
            "actor": found.actor,
            "time": found.time,
        }
        if paper
        else None,
        "differences": [one.__dict__ for one in found.places],
        "log": found.log,
        "words_kept": found.words_kept,
        "corrected_by": [one.document_number for one in found.corrected_by],
        "same_number": [one.id for one in found.same_number],
        "changed": [{**one.__dict__, "values": [v.__dict__ for v in one.values]} for one in found.changed],
        "again": None
        if found.again is None
        else {
            "same": found.again.same,
            "added": found.again.added,
            "removed": found.again.removed,
            "moved": found.again.moved,
            "text": comparing.tracked_text(found.again) if not found.again.same else "",
        },
    }


# -- two papers ------------------------------------------------------------------------------------------------------


def compare(
    ledger: LedgerPath,
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="原稿：发文字号、印发码、印发的 PDF 或 .txt 文件", show_default=False)
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="改稿：同上；写“现在”就按现在的台账再印一份", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE", help="存到哪里：.pdf、.docx 或 .txt", show_default=False)
    ],
    json: Json = False,
) -> int:
    """比较两份文书，印出花脸稿：增加的加下划线，删去的加删除线。有不同返回 1。"""
    form = papers.format_of(out)
    with opened(ledger) as facts:
        first, before, paper = _paper(facts, old)
        if new in _NOW:
            if paper is None:
                raise Refusal("只有印发过的文书，才能与现在的台账对照。", "请写印发过的发文字号。", "compare")
            second, after = "现在的台账", recomposing.composed_now(facts, paper, before)
        else:
            second, after, _ = _paper(facts, new)
        found = comparing.comparison(before, after)
        shown = comparing.document(found, after, (first, second))
        made = papers.Made((shown,), papers.pictures(facts, (shown,)))
    if form == "txt":
        legend = plain.text(tree.Document(shown.title, shown.blocks[:1]))
        data = (legend + comparing.tracked_text(found)).encode()
    else:
        data = papers.to_bytes(made, form)
    with translated(out):
        pdf.write_bytes(data, out)
    counts = {"added": found.added, "removed": found.removed, "moved": found.moved, "same": found.same}
    tell(
        [f"已印出：{out}（{first} → {second}，{found.summary}）"],
        {"file": str(out), "old": first, "new": second, **counts},
        as_json=json,
    )
    return DONE if found.same else FOUND


def _paper(facts: Facts, said: str) -> tuple[str, tree.Document, IssuedPaper | None]:
    """A paper by its number or code, by an issued file, or the words of a text file: what it is called, its words, its record."""
    path = Path(said)
    if not _is_file(path):
        paper = kept.find(facts, said)
        return issued.called(paper), recomposing.words_of(facts, paper), paper
    data = _bytes(path)
    if path.suffix.lower() == ".pdf":
        found, _ = verifying.recognised(facts, data, pages_of(data))
        if found is None:
            raise Refusal(
                f"{path.name} 不是本台账印发的文书。", "请用发文字号，或把它的文字存成 .txt 再比较。", "compare"
            )
        verdict = verifying.verify_file(facts, data)
        if verdict.state not in ("unchanged", "resaved"):
            raise Refusal(
                f"{path.name} 的文字与印发的不同，不能当作{issued.called(found)}来比较。",
                "请先核验它；要看改了哪里，把它的文字存成 .txt 再比较。",
                "compare",
            )
        return issued.called(found), recomposing.words_of(facts, found), found
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Refusal(f"{path.name} 不是 UTF-8 文字。", "请用 UTF-8 编码另存为 .txt。", "compare") from None
    blocks = tuple(tree.Paragraph((tree.Run(line.strip()),)) for line in lines if line.strip())
    return path.name, tree.Document("", blocks), None


def register(app: typer.Typer) -> None:
    """Puts the commands of this module under their names."""
    app.command("verify-paper")(verify_paper)
    app.command("compare")(compare)
