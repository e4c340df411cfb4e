"""Commands that look at papers that left the house: verifying one, comparing two."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from db import clock
from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.records import IssuedPaper
from db.store import blobs
from db.store.faults import translated
from desktop_app.cli.ledger_commands import Json, LedgerPath, opened
from desktop_app.cli.printing import DONE, FOUND, tell
from desktop_app.notices import comparing, kept, pdf, plain, tree, verifying
from desktop_app.notices.pages_read import pages_of
from desktop_app.notices.verifying import Changed, Place, Value, Verdict
from desktop_app.rectification import issued
from desktop_app.rectification.forms import clipped

TOPIC = "verify"
_FEW = 10
_SHORT = 24
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
        lines = _lines(facts, found, len(found.places) + len(found.changed) + 1 if whole else _FEW)
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


# -- what was found, in words ----------------------------------------------------------------------------------------


def _lines(facts: Facts, found: Verdict, most: int) -> list[str]:
    paper = found.paper
    if paper is None:
        claimed = found.claimed.get("number", "")
        said = f"它自称是 {claimed}。" if claimed else ""
        return [f"不是本台账印发的。{said}", "别的单位用另一个台账印发的，先合并那个台账再核验。"]
    unit = verifying.unit_of(facts, paper)
    lines = [f"{issued.called(paper)}《{paper.title or ''}》，{unit} {paper.day} 印发。"]
    if found.time:
        at = clock.moment(found.time).astimezone()
        held = sum(verifying.seen_of(paper).values())
        lines[0] += f"经办 {found.actor or '（没有写）'}，{at:%Y-%m-%d %H:%M}，当时台账有 {held} 条记录。"
    return [
        *lines,
        *_state(found, most),
        *_standing(facts, found),
        *_kept(found),
        *_since(found, most),
    ]


def _state(found: Verdict, most: int) -> list[str]:
    if found.state == "unchanged":
        return ["文件没有改动，与存档的一个字节不差。"]
    if found.state == "code":
        number = found.claimed.get("number", "")
        if found.paper and number and number != found.paper.document_number:
            return [f"印发码是本台账的，但二维码里的发文字号写成了 {number}。"]
        return ["印发码是本台账的。纸上的字请与存档的对照着看。"]
    if found.unreadable:
        return ["文件与存档的不同，里面没有可以读出的文字（可能是扫描件），不能逐字比对。"]
    if found.state == "resaved":
        return ["文字没有改动，但文件与存档的不完全相同：可能用别的程序另存过、加了批注。以存档的为准。"]
    first = (
        f"文件被改动过，有 {len(found.places)} 处文字与存档的不同："
        if found.state == "changed"
        else f"发文字号与存档的相同，内容不同（{len(found.places)} 处），也没有本台账的印发码："
    )
    lines = [first, *(f"  {_place(one)}" for one in found.places[:most])]
    return [*lines, f"  ……还有 {len(found.places) - most} 处（--all 全列出）。"] if len(found.places) > most else lines


def _place(one: Place) -> str:
    where = f"第 {one.page} 页“…{one.before}”之后"
    if not one.issued:
        return f"{where}：多了“{clipped(one.found)}”"
    if not one.found:
        return f"{where}：少了“{clipped(one.issued)}”"
    return f"{where}：印发的是“{clipped(one.issued)}”，现在是“{clipped(one.found)}”"


def _standing(facts: Facts, found: Verdict) -> list[str]:
    paper = found.paper
    assert paper is not None
    lines = []
    corrected = facts.get(IssuedPaper, paper.corrects)
    if corrected is not None:
        lines.append(f"它更正的是{issued.called(corrected)}。")
    if paper.void_reason:
        lines.append(f"已于 {paper.voided} 作废：{paper.void_reason}")
    lines += [f"已由{issued.called(one)}（{one.day}）更正。" for one in found.corrected_by]
    lines += [f"另有一份也用了这个字号：《{one.title}》（{one.day}）。" for one in found.same_number]
    return lines


def _kept(found: Verdict) -> list[str]:
    lines = {
        "rewritten": ["注意：印发时的台账记录与现在台账里的对不上，台账可能被改写过。"],
        "missing": ["印发时的台账记录有一部分不在这个台账里，请合并原来的台账再核验。"],
        "unknown": ["没有印发时的台账进度，不能核对台账。"],
    }.get(found.log, [])
    if not found.words_kept:
        lines = [*lines, "注意：台账里存的内容与印发码不符，存档可能被改动过。"]
    return lines


def _since(found: Verdict, most: int) -> list[str]:
    """What became of the ledger since."""
    lines = [f"印发以后，台账里有 {len(found.changed)} 条有关的记录改过："] if found.changed else []
    for one in found.changed[:most]:
        lines.append(f"  {_record(one)}")
    if len(found.changed) > most:
        lines.append(f"  ……还有 {len(found.changed) - most} 条（--all 全列出）。")
    if found.again is None:
        return [*lines, *([f"不能按现在的台账再印一份对照：{found.again_lacks}"] if found.again_lacks else [])]
    if found.again.same:
        return [*lines, "按现在的台账再印，文字完全相同。"]
    shown = [line for line in comparing.tracked_text(found.again).splitlines() if "〔增：" in line or "〔删：" in line]
    lines.append(f"按现在的台账再印，文字会不同：{found.again.summary}。")
    lines += [f"  {_around(line)}" for line in shown[:most]]
    return [*lines, f"  ……还有 {len(shown) - most} 段（--all 全列出）。"] if len(shown) > most else lines


def _around(line: str) -> str:
    """A marked line, cut to what lies around its marks."""
    first = line.find("〔")
    last = line.rfind("〕") + 1
    start, end = max(0, first - 16), min(len(line), max(last, first + 1) + 10)
    cut = line[start:end] if end - start <= 300 else f"{line[start : start + 300]}…"
    return f"{'…' if start else ''}{cut}{'…' if end < len(line) else ''}"


def _record(one: Changed) -> str:
    told = "，".join(_value(value) for value in one.values[:4])
    more = f"等 {len(one.values)} 项" if len(one.values) > 4 else ""
    what = "已删除" if one.deleted else told + more
    when = f"{clock.moment(one.time).astimezone():%Y-%m-%d}" if clock.readable(one.time) else ""
    return f"{one.title}“{clipped(one.line, 24)}”：{what}（{' '.join(part for part in (one.actor, when) if part)}）"


def _value(one: Value) -> str:
    """A short value by both its states, a long one by its changed places."""
    if max(len(one.then), len(one.now)) <= _SHORT:
        return f"{one.label}由“{one.then}”改为“{one.now}”"
    return f"{one.label}“{_around(comparing.tracked_words(one.then, one.now))}”"


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
        Path, typer.Option("-o", "--out", metavar="FILE", help="存到哪里：.pdf 或 .txt", show_default=False)
    ],
    json: Json = False,
) -> int:
    """比较两份文书，印出花脸稿：增加的加下划线，删去的加删除线。有不同返回 1。"""
    if out.suffix.lower() not in (".pdf", ".txt"):
        raise Refusal(f"花脸稿存为 .pdf 或 .txt，不能存成“{out.name}”。", "请改文件名的后缀。", "compare")
    with opened(ledger) as facts:
        first, before, paper = _paper(facts, old)
        if new in _NOW:
            if paper is None:
                raise Refusal("只有印发过的文书，才能与现在的台账对照。", "请写印发过的发文字号。", "compare")
            second, after = "现在的台账", verifying.composed_now(facts, paper, before)
        else:
            second, after, _ = _paper(facts, new)
    found = comparing.comparison(before, after)
    shown = comparing.document(found, after, (first, second))
    with translated(out):
        if out.suffix.lower() == ".txt":
            legend = plain.text(tree.Document(shown.title, shown.blocks[:1]))
            pdf.write_bytes((legend + comparing.tracked_text(found)).encode(), out)
        else:
            pdf.write_bytes(pdf.to_bytes(shown), out)
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
        return issued.called(paper), kept.document_of(facts, paper), paper
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
        return issued.called(found), kept.document_of(facts, found), found
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
