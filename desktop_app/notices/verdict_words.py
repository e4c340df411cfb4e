"""What was found about a paper that left the house, in sentences: for the command line and the window alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db import clock
from db.ledger.facts import Facts
from db.schema.records import IssuedPaper
from desktop_app.notices import comparing, recomposing, verifying
from desktop_app.notices.verifying import Changed, Place, Value, Verdict
from desktop_app.rectification import issued
from desktop_app.rectification.forms import clipped

_SHORT = 24
"""Characters of a value that is told whole."""


@dataclass(frozen=True)
class _Few:
    """How many lines of a list are told, and what is said behind where there are more."""

    most: int
    more: str

    def of(self, lines: Sequence[str], what: str) -> list[str]:
        """The first of the lines, indented."""
        shown = [f"  {line}" for line in lines[: self.most]]
        left = len(lines) - self.most
        return [*shown, f"  ……还有 {left} {what}{self.more}。"] if left > 0 else shown


def told(facts: Facts, found: Verdict, most: int | None = None, more: str = "") -> list[str]:
    """The verdict in lines: what the paper is, whether it was changed, what became of it, of the ledger. Of each list the first
    ``most`` are told (None: all), and after them that there are more, with ``more`` behind."""
    few = _Few(
        len(found.places) + len(found.changed) + (len(found.again.blocks) if found.again else 0)
        if most is None
        else most,
        more,
    )
    paper = found.paper
    if paper is None:
        claimed = found.claimed.get("number", "")
        said = f"它自称是 {claimed}。" if claimed else ""
        return [f"不是本台账印发的。{said}", "别的单位用另一个台账印发的，先合并那个台账再核验。"]
    unit = verifying.unit_of(facts, paper)
    lines = [f"{paper.document_number or ''}《{paper.title or ''}》，{unit} {paper.day} 印发。"]
    if found.time:
        at = clock.moment(found.time).astimezone()
        held = sum(recomposing.seen_of(paper).values())
        lines[0] += (
            f"经办 {found.actor or '（没有写）'}，{at:%Y-%m-%d %H:%M}，当时台账有 {held} 条记录，校验和 {(paper.head or '')[:16]}。"
        )
    return [
        *lines,
        *_state(found, few),
        *_standing(facts, found),
        *_kept(found),
        *_since(found, few),
    ]


def _state(found: Verdict, few: _Few) -> list[str]:
    if found.state == "unchanged":
        return ["文件没有改动，与存档的一个字节不差。"]
    if found.state == "code":
        number = found.claimed.get("number", "")
        if found.paper and number and number != found.paper.document_number:
            return [f"印发码是本台账的，但二维码里的发文字号写成了 {number}。"]
        return ["印发码是本台账的。纸上的字请与存档的对照着看。"]
    if found.unreadable:
        return ["文件与存档的不同，里面没有可以读出的文字（可能是扫描件），不能逐字比对。"]
    if not found.compared:
        return ["文件与存档的不同。存档的文件不在这个台账里，也不能由台账重做，不能逐字比对；请到印发它的台账去核验。"]
    if found.state == "resaved":
        return ["文字没有改动，但文件与存档的不完全相同：可能用别的程序另存过、加了批注。以存档的为准。"]
    first = (
        f"文件被改动过，有 {len(found.places)} 处文字与存档的不同："
        if found.state == "changed"
        else f"发文字号与存档的相同，内容不同（{len(found.places)} 处），也没有本台账的印发码："
    )
    return [first, *few.of([_place(one) for one in found.places], "处")]


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


def _since(found: Verdict, few: _Few) -> list[str]:
    """What became of the ledger since."""
    lines = [f"印发以后，台账里有 {len(found.changed)} 条有关的记录改过："] if found.changed else []
    lines += few.of([_record(one) for one in found.changed], "条")
    if found.again is None:
        return [*lines, *([f"不能按现在的台账再印一份对照：{found.again_lacks}"] if found.again_lacks else [])]
    if found.again.same:
        return [*lines, "按现在的台账再印，文字完全相同。"]
    shown = [line for line in comparing.tracked_text(found.again).splitlines() if "〔增：" in line or "〔删：" in line]
    lines.append(f"按现在的台账再印，文字会不同：{found.again.summary}。")
    return [*lines, *few.of([_around(line) for line in shown], "段")]


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
