"""The marked headings of a notice as a tree: which paragraph opens a heading, how far it reaches, and what lies under it.

A mark under a label such as 整改措施： belongs to a measure and opens no heading, even when problems are numbered alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop_app.intake.cues import (
    BARE_ASPECT,
    BARE_CHAPTER,
    LABEL,
    LABEL_LINE,
    MARKED_LABEL,
    NEXT_CHAPTER_BARE,
    PROBLEM,
    REMEDY,
)
from desktop_app.intake.flow import Flow
from desktop_app.intake.marks import FAMILIES, MARK, Mark, is_stop, mark_at
from desktop_app.intake.split import Range, paragraphs

LONGEST_HEADING = 110
CHAPTERS = ("第一部分", "一、")
_STRUCTURAL = ("第一部分", "一、", "（一）", "问题1", "1.", "（1）", "1)", "第一")


_PREFIX = re.compile(
    r"(?:巡[察视])?(?:反馈|存在|具体|主要)?(?:的)?(?:具体)?问题[0-9一二三四五六七八九十]{0,3}|(?:问题|具体)表现"
)
_RUNNING = re.compile(r"(?:关于|针对|对于)[^。；\n]{2,80}?问题")
_UNNUMBERED = re.compile(
    r"(?:关于|针对)(?:[^，。“”]{0,20}[“\x22][^“”\x22]{2,50}[”\x22][^，。“”\x22]{0,8}|[^，。“”]{4,50})(?:问题|方面)(?:的)?(?:整改)?(?:落实|进展|完成)?(?:情况)?[：:]?"
)


@dataclass
class Node:
    """A heading with all that stands under it; ``kernel`` is the heading without mark and stop."""

    mark: Mark
    start: int
    kernel: Range
    heading_end: int
    end: int
    role: str = ""
    children: list[Node] = field(default_factory=list)

    @property
    def own_end(self) -> int:
        """Where the text of its own ends and the first heading below begins."""
        return self.children[0].start if self.children else self.end


def headings(flow: Flow, body: Range) -> list[Node]:
    """The headings of the first level, each with those below it."""
    tops: list[Node] = []
    stack: list[Node] = []
    inner: dict[str, int] = {}
    labelled = False
    has_problems = False
    counted = _counted_by_label(flow, body)
    for start, end in _pieces(flow, body):
        mark = mark_at(flow.text, start, end) or _unnumbered(flow.text, start, end, tops, has_problems, stack)
        label = _numbered_label(flow, mark, end, labelled, _parent(stack, mark)) if mark else ""
        label = "" if mark and label == "statement" and mark.family in counted else label
        heads = mark is not None and mark.family in _STRUCTURAL and mark.end < end and not (label and stack)
        node = _heading(flow, mark, start, end) if mark and heads else None
        depth = _depth(flow, stack, node, inner, labelled) if node else None
        if node is None or depth is None:
            labelled = (
                labelled
                or label == "measure"
                or (bool(stack) and has_label(flow, start, end) and _may_be_labelled(flow, stack))
            )
            continue
        for closed in stack[depth:]:
            closed.end = start
        del stack[depth:]
        (stack[-1].children if stack else tops).append(node)
        stack.append(node)
        inner.clear()
        labelled = has_label(flow, node.kernel[0], end) and _may_be_labelled(flow, stack)
        has_problems = has_problems or PROBLEM.search(flow.text, *node.kernel) is not None
    for closed in stack:
        closed.end = body[1]
    return tops


def _pieces(flow: Flow, body: Range) -> Iterator[Range]:
    """The paragraphs, those parted that hold several named problems: （一）针对“…”的问题：…。（二）针对“…”的问题：…."""
    for start, end in paragraphs(flow.text, *body):
        mark = mark_at(flow.text, start, end)
        if mark is None or mark.family in CHAPTERS or not _RUNNING.match(flow.text, mark.end, end):
            yield start, end
            continue
        at, number = start, mark.number
        for found in MARK.finditer(flow.text, mark.end, end):
            following = mark_at(flow.text, found.start(), end)
            if (
                following
                and (following.family, following.number) == (mark.family, number + 1)
                and flow.text[found.start() - 1] in "。；;！？”"
                and _RUNNING.match(flow.text, following.end, end)
            ):
                yield at, found.start()
                at, number = found.start(), number + 1
        yield at, end


def _counted_by_label(flow: Flow, body: Range) -> set[str]:
    """The families whose numbers count problems by a label: 1.问题表现：… 2.问题表现：…, not 1.问题表现： 2.整改措施：."""
    seen: set[tuple[str, int]] = set()
    for start, end in paragraphs(flow.text, *body):
        mark = mark_at(flow.text, start, end)
        label = MARKED_LABEL.match(flow.text, mark.end, end) if mark else None
        if mark and label and label.lastgroup == "statement" and "问题" in label[0]:
            seen.add((mark.family, mark.number))
    return {family for family, number in seen if (family, number + 1) in seen}


def _parent(stack: list[Node], mark: Mark) -> Node | None:
    """The heading a mark would stand under: the one above its like, else the innermost."""
    same = next((depth for depth, node in enumerate(stack) if node.mark.family == mark.family), len(stack))
    return stack[same - 1] if same else None


def _numbered_label(flow: Flow, mark: Mark, end: int, labelled: bool, above: Node | None) -> str:
    """The kind of a label that carries a number (1.整改措施：): it parts a problem and is no heading."""
    label = MARKED_LABEL.match(flow.text, mark.end, end)
    if label is None or mark.family in CHAPTERS or label[0].rstrip()[-1] not in "。：:":
        return ""
    kind = label.lastgroup or ""
    if kind == "statement" and "问题" in label[0]:  # 1.存在问题：… names a problem, unless it stands under one
        words = flow.text[above.kernel[0] : above.kernel[1]] if above else ""
        return kind if PROBLEM.search(words) and "方面" not in words else ""
    return "" if kind == "ongoing" and not labelled else kind


def _unnumbered(
    text: str, start: int, end: int, tops: list[Node], has_problems: bool, stack: list[Node]
) -> Mark | None:
    """A chapter, aspect or problem heading that carries no number; below a numbered （一） it is a problem of it."""
    words = text[start : min(end, start + 90)].strip()
    alone = end - start <= 50
    if (
        alone
        and end - start <= 24
        and (NEXT_CHAPTER_BARE.fullmatch(words.rstrip("：:")) or BARE_CHAPTER.fullmatch(words))
    ):
        return Mark("一、", 0, start, start)
    if alone and BARE_ASPECT.fullmatch(words):
        return Mark("（一）", 0, start, start)
    first = words.partition("。")[0]
    if not _UNNUMBERED.fullmatch(first):
        return None
    under = next((node for node in stack if node.mark.family == "（一）" and node.mark.number > 0), None)
    first_below = under is stack[-1] and not text[under.heading_end : start].strip() if under else False
    if not tops or tops[0].mark.number == 0 or not has_problems or first_below or _in_bare_problem(stack):
        return Mark("问题1" if under else "（一）", 0, start, start)
    return None


def _in_bare_problem(stack: list[Node]) -> bool:
    """Whether an open heading is a problem without a number below a numbered aspect: the next one is alike."""
    return any(node.mark.family == "问题1" and node.mark.number == 0 for node in stack)


def has_label(flow: Flow, start: int, end: int) -> bool:
    """Whether a label of measures (整改措施：) stands in the range."""
    if any(found["measure"] or found["b_measure"] for found in LABEL.finditer(flow.text, start, end)):
        return True
    line = LABEL_LINE.fullmatch(flow.text[start:end].strip())
    return line is not None and line["measure"] is not None and len(line[0]) > 2


def _may_be_labelled(flow: Flow, stack: list[Node]) -> bool:
    """A label belongs to a problem; directly under a chapter it belongs to nobody unless the chapter is the problem."""
    node = stack[-1]
    return node.mark.family not in CHAPTERS or PROBLEM.search(flow.text, *node.kernel) is not None


def _heading(flow: Flow, mark: Mark, start: int, end: int) -> Node:
    """Where the heading ends: at its first stop outside quotes, else with the paragraph when that is short."""
    text, depth = flow.text, 0
    named = text.startswith(("关于", "针对", "“"), mark.end)
    limit = min(end, mark.end + LONGEST_HEADING * (2 if named else 1))
    for at in range(mark.end, limit):
        depth += (text[at] in "“《（(") - (text[at] in "”》）)")
        label = LABEL.match(text, at + 1, end) if text[at] in "：:。." else None
        stop = text[at] == "。" or is_stop(text, at)
        if depth <= 0 and (stop or (text[at] in "：:" and at + 1 < end)):
            if not stop and (
                _PREFIX.fullmatch(text, mark.end, at) or (label is None and not _runs_on(text, at + 1, end))
            ):
                continue
            return Node(mark, start, (mark.end, at), at + 1, end)
    if end <= limit:
        last = end
        while last > mark.end and text[last - 1] in "：:。；;. \t　":
            last -= 1
        return Node(mark, start, (mark.end, last), end, end)
    return Node(mark, start, (mark.end, mark.end), mark.end, end)


def _runs_on(text: str, at: int, end: int) -> bool:
    """After a colon a list begins (一是…, 1.…) or a long text: the colon ends the heading."""
    return mark_at(text, at, end) is not None or end - at > 40


def _depth(flow: Flow, stack: list[Node], node: Node, inner: dict[str, int], labelled: bool) -> int | None:
    """At which depth a marked paragraph opens a heading; None when its mark belongs to a measure."""
    family, number = node.mark.family, node.mark.number
    same = next((d for d, open_node in enumerate(stack) if open_node.mark.family == family), None)
    rank = FAMILIES.index(family)
    if family in CHAPTERS:
        return 1 if family == "一、" and stack and stack[0].mark.family == "第一部分" else 0
    if same is not None:
        last = stack[same].mark.number
        deepest = same == len(stack) - 1
        if deepest and labelled and number == 1 and last != 0:
            inner[family] = 1
            return None
        if (
            family in inner
            and number == inner[family] + 1
            and not (number == last + 1 and reads_like_problem(flow, node))
        ):
            inner[family] = number
            return None
        return same
    if labelled and number >= 1 and not _outranks(stack, rank):
        return None
    if family in ("1)", "第一") and not reads_like_problem(flow, node):
        return None
    depth = len(stack)
    while depth > 0 and FAMILIES.index(stack[depth - 1].mark.family) > rank:
        depth -= 1
    return depth


def _outranks(stack: list[Node], rank: int) -> bool:
    """Whether a family stands above the innermost open heading: then it cannot be a measure of that heading."""
    return bool(stack) and rank < FAMILIES.index(stack[-1].mark.family)


def reads_like_problem(flow: Flow, node: Node) -> bool:
    """Whether a heading has words that tell a fault (不到位, 薄弱, …问题) and does not begin as a remedy (防止…不到位)."""
    return PROBLEM.search(flow.text, *node.kernel) is not None and REMEDY.match(flow.text, *node.kernel) is None
