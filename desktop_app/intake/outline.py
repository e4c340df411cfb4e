"""The headings of a notice as a tree, and which of them are chapters, aspects and problems.

Which level is the problem level differs from notice to notice (一、 or （一） or 1. or 问题1：), so it is judged: the deepest
headings that read like problems or have a label such as 整改措施： under them. What stands under such a label is a measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop_app.intake.cues import (
    ASPECT,
    BARE_ASPECT,
    BARE_CHAPTER,
    LABEL,
    LABEL_LINE,
    NEXT_CHAPTER,
    NEXT_CHAPTER_BARE,
    NEXT_CHAPTER_WEAK,
    ORGANISATION_CHAPTER,
    PROBLEM,
    PROBLEMS_CHAPTER,
)
from desktop_app.intake.flow import Flow
from desktop_app.intake.marks import FAMILIES, Mark, mark_at
from desktop_app.intake.split import Range, paragraphs

LONGEST_HEADING = 110
_STRUCTURAL = ("一、", "（一）", "问题1", "1.", "（1）", "1)", "第一")


_PREFIX = re.compile(
    r"(?:巡[察视])?(?:反馈|存在|具体|主要)?(?:的)?(?:具体)?问题[0-9一二三四五六七八九十]{0,3}|(?:问题|具体)表现"
)
_LATER = re.compile(r"(?:下一步|下步|下一?阶段|接下来|今后|后续)(?:工作中)?[，,]")
_UNNUMBERED = re.compile(
    r"(?:关于|针对)(?:[^，。“”]{0,20}“[^“”]{2,50}”[^，。“”]{0,8}|[^，。“”]{4,50})(?:问题|方面)(?:的)?(?:整改)?(?:落实|进展|完成)?(?:情况)?[：:]?"
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


@dataclass
class Outline:
    """``before``: the text over the first heading; ``nodes``: the headings of the first level."""

    before: Range
    nodes: list[Node]


def outline(flow: Flow, body: Range) -> Outline:
    """The tree of headings of a notice, with roles: chapter roles, aspect, problem, or nothing (a measure)."""
    nodes = _tree(flow, body)
    first = nodes[0].start if nodes else body[1]
    _assign(flow, nodes)
    return Outline((body[0], first), nodes)


def _tree(flow: Flow, body: Range) -> list[Node]:
    tops: list[Node] = []
    stack: list[Node] = []
    inner: dict[str, int] = {}
    labelled = False
    has_problems = False
    for start, end in paragraphs(flow.text, *body):
        mark = mark_at(flow.text, start, end) or _unnumbered(flow.text, start, end, tops, has_problems)
        node = _heading(flow, mark, start, end) if mark and mark.family in _STRUCTURAL and mark.end < end else None
        depth = _depth(flow, stack, node, inner, labelled) if node else None
        if node is None or depth is None:
            labelled = labelled or (bool(stack) and _has_label(flow, start, end) and _may_be_labelled(flow, stack))
            continue
        for closed in stack[depth:]:
            closed.end = start
        del stack[depth:]
        (stack[-1].children if stack else tops).append(node)
        stack.append(node)
        inner.clear()
        labelled = _has_label(flow, node.kernel[0], end) and _may_be_labelled(flow, stack)
        has_problems = has_problems or PROBLEM.search(flow.text, *node.kernel) is not None
    for closed in stack:
        closed.end = body[1]
    return tops


def _unnumbered(text: str, start: int, end: int, tops: list[Node], has_problems: bool) -> Mark | None:
    """A chapter, aspect or problem heading that carries no number."""
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
    if _UNNUMBERED.fullmatch(first) and (not tops or tops[0].mark.number == 0 or not has_problems):
        return Mark("（一）", 0, start, start)
    return None


def _has_label(flow: Flow, start: int, end: int) -> bool:
    found = LABEL.search(flow.text, start, end)
    if found is not None and (found["measure"] or found["b_measure"]):
        return True
    line = LABEL_LINE.fullmatch(flow.text[start:end].strip())
    return line is not None and line["measure"] is not None and len(line[0]) > 2


def _may_be_labelled(flow: Flow, stack: list[Node]) -> bool:
    """A label belongs to a problem; directly under a chapter it belongs to nobody unless the chapter is the problem."""
    node = stack[-1]
    return node.mark.family != "一、" or PROBLEM.search(flow.text, *node.kernel) is not None


def _heading(flow: Flow, mark: Mark, start: int, end: int) -> Node:
    """Where the heading ends: at its first stop outside quotes, else with the paragraph when that is short."""
    text, depth = flow.text, 0
    named = text.startswith(("关于", "针对", "“"), mark.end)
    limit = min(end, mark.end + LONGEST_HEADING * (2 if named else 1))
    for at in range(mark.end, limit):
        depth += (text[at] in "“《（(") - (text[at] in "”》）)")
        label = LABEL.match(text, at + 1, end) if text[at] in "：:。" else None
        if depth <= 0 and (text[at] == "。" or (text[at] in "：:" and at + 1 < end)):
            if text[at] != "。" and (
                _PREFIX.fullmatch(text, mark.end, at) or (label is None and not _runs_on(text, at + 1, end))
            ):
                continue
            return Node(mark, start, (mark.end, at), at + 1, end)
    if end <= limit:
        stop = end
        while stop > mark.end and text[stop - 1] in "：:。；; \t　":
            stop -= 1
        return Node(mark, start, (mark.end, stop), end, end)
    return Node(mark, start, (mark.end, mark.end), mark.end, end)


def _runs_on(text: str, at: int, end: int) -> bool:
    """After a colon a list begins (一是…, 1.…) or a long text: the colon ends the heading."""
    return mark_at(text, at, end) is not None or end - at > 40


def _depth(flow: Flow, stack: list[Node], node: Node, inner: dict[str, int], labelled: bool) -> int | None:
    """At which depth a marked paragraph opens a heading; None when its mark belongs to a measure."""
    family, number = node.mark.family, node.mark.number
    same = next((d for d, open_node in enumerate(stack) if open_node.mark.family == family), None)
    rank = FAMILIES.index(family)
    if family == "一、":
        return None if labelled and same is None and bool(stack) and stack[0].mark.number == 0 else 0
    if same is not None:
        last = stack[same].mark.number
        deepest = same == len(stack) - 1
        if deepest and labelled and number == 1 and last != 0:
            inner[family] = 1
            return None
        if (
            family in inner
            and number == inner[family] + 1
            and not (number == last + 1 and _reads_like_problem(flow, node))
        ):
            inner[family] = number
            return None
        return same
    if labelled and number >= 1 and not _outranks(stack, rank):
        return None
    if family in ("1)", "第一") and not _reads_like_problem(flow, node):
        return None
    depth = len(stack)
    while depth > 0 and FAMILIES.index(stack[depth - 1].mark.family) > rank:
        depth -= 1
    return depth


def _outranks(stack: list[Node], rank: int) -> bool:
    """Whether a family stands above the innermost open heading: then it cannot be a measure of that heading."""
    return bool(stack) and rank < FAMILIES.index(stack[-1].mark.family)


def _reads_like_problem(flow: Flow, node: Node) -> bool:
    return PROBLEM.search(flow.text, *node.kernel) is not None


def _assign(flow: Flow, nodes: list[Node]) -> None:
    """Roles of the first level, then of what is below."""
    for node in nodes:
        node.role = _chapter_role(flow, node)
    nexts = [node for node in nodes if node.role == "next_steps"]
    for node in nexts[:-1]:
        if any(NEXT_CHAPTER.search(flow.text, *n.kernel) for n in nexts[-1:]):
            node.role = "other"
    chapters = [n for n in nodes if n.mark.family == "一、"] or nodes
    if not nexts and len(chapters) > 1 and chapters[-1] is nodes[-1] and chapters[-1].role == "other":
        last = chapters[-1]
        if NEXT_CHAPTER_WEAK.search(flow.text, *last.kernel) and not _deeper_problems(flow, last):
            last.role = "next_steps"
    open_nodes = [node for node in nodes if node.role in ("other", "problems")]
    strong = [n for n in open_nodes if _problem_like(flow, n)]
    if strong and not any(_deeper_problems(flow, n) for n in strong):
        aspects = [
            n for n in open_nodes if not _problem_like(flow, n) and ASPECT.search(flow.text[n.kernel[0] : n.kernel[1]])
        ]
        chapters_in_form = all(n.mark.family == "一、" for n in strong) and any(
            _deeper_problems(flow, n) for n in aspects
        )
        if not chapters_in_form:
            for node in strong:
                node.role = "problem"
    for node in open_nodes:
        if node.role != "problem":
            _descend(flow, node)
    chapters = [node for node in nodes if node.role == "problems" and node.children]
    if chapters and not any(child.role for node in nodes for child in node.children):
        for child in chapters[-1].children:
            child.role = "problem"
    _name_chapters(flow, nodes)
    _cut_next_steps(flow, nodes)


def _name_chapters(flow: Flow, nodes: list[Node]) -> None:
    """A single first-level heading over problems is their chapter, several are aspects; what stands before organises."""
    over = [n for n in nodes if n.role in ("other", "problems") and any(child.role for child in n.children)]
    for node in over:
        named = ASPECT.search(flow.text[node.kernel[0] : node.kernel[1]]) is not None
        if node.role == "other" and not named and len(over) == 1:
            node.role = "problems"
    if over and nodes[0].role == "other" and all(nodes[0] is not node for node in over) and nodes[0].mark.number == 1:
        nodes[0].role = "organisation"


def _chapter_role(flow: Flow, node: Node) -> str:
    """What a first-level heading is by its words."""
    words = flow.text[node.kernel[0] : node.kernel[1]]
    if node.mark.number == 0 and NEXT_CHAPTER_BARE.match(words):
        return "next_steps"
    problem_like = PROBLEM.search(words) is not None and _has_label_inside(flow, node)
    if NEXT_CHAPTER.search(words) and not problem_like:
        return "next_steps"
    if ASPECT.search(words) or problem_like:
        return "other"
    if PROBLEMS_CHAPTER.search(words):
        return "problems"
    if ORGANISATION_CHAPTER.search(words) and not _has_label_inside(flow, node):
        return "organisation"
    return "other"


def _has_label_inside(flow: Flow, node: Node) -> bool:
    return any(_has_label(flow, start, end) for start, end in paragraphs(flow.text, node.start, node.end))


def _problem_like(flow: Flow, node: Node) -> bool:
    """A heading that reads like a problem and has no chapter's or aspect's words, or has its own labelled measures."""
    words = flow.text[node.kernel[0] : node.kernel[1]]
    own = _has_label(flow, node.start, node.own_end)
    if own and not _deeper_problems(flow, node):
        return node.mark.family != "一、" or PROBLEM.search(words) is not None or not PROBLEMS_CHAPTER.search(words)
    if node.role == "problems" and node.mark.family == "一、" and "“" not in words:
        return False
    return PROBLEM.search(words) is not None and not words.endswith("方面")


def _levels(nodes: list[Node]) -> Iterator[list[Node]]:
    if nodes:
        yield nodes
        for node in nodes:
            yield from _levels(node.children)


def _level_is_problems(flow: Flow, nodes: list[Node]) -> bool:
    """At least half the headings of one level read like problems."""
    like = sum(1 for node in nodes if _has_label(flow, node.start, node.own_end) or _reads_like_problem(flow, node))
    return like * 2 >= len(nodes)


def _descend(flow: Flow, node: Node) -> None:
    """Give roles below a chapter or aspect: problems at the deepest level of problem headings, aspects above them."""
    level = node.children
    if not level:
        return
    deeper = [_deeper_problems(flow, child) for child in level]
    if any(deeper):
        for child, has in zip(level, deeper, strict=True):
            if has or not (
                _has_label(flow, child.start, child.own_end) or child.children or _reads_like_problem(flow, child)
            ):
                child.role = "aspect"
                _descend(flow, child)
            else:
                child.role = "problem"
    elif _level_is_problems(flow, level) or node.role == "aspect":
        for child in level:
            child.role = "problem"
    elif any("问题" in flow.text[c.kernel[0] : c.kernel[1]] for c in level):
        for child in level:
            child.role = "problem" if _reads_like_problem(flow, child) else ""


def _deeper_problems(flow: Flow, node: Node) -> bool:
    """Whether the headings under a node are problems rather than measures of it."""
    if not node.children or _has_label(flow, node.kernel[0], node.own_end):
        return False
    for level in _levels(node.children):
        labels = any(_has_label(flow, child.start, child.own_end) for child in level)
        if labels or (_level_is_problems(flow, level) and _named(flow, level, node)):
            return True
    return False


def _named(flow: Flow, level: list[Node], parent: Node) -> bool:
    """Headings that stand for problems although no label tells: named as such, or under a heading of an aspect."""
    words = [flow.text[child.kernel[0] : child.kernel[1]] for child in level]
    named = sum(1 for w in words if w and ("问题" in w[-12:] or "方面" in w[-6:]))
    above = flow.text[parent.kernel[0] : parent.kernel[1]]
    return named * 2 >= len(words) or ASPECT.search(above) is not None or not PROBLEM.search(above)


def _cut_next_steps(flow: Flow, nodes: list[Node]) -> None:
    """Without a chapter of next steps, a last paragraph 下一步，… speaks for the whole notice unless other problems have one."""
    problems = [node for level in _levels(nodes) for node in level if node.role == "problem"]
    if len(problems) < 2 or any(node.role == "next_steps" for node in nodes) or not nodes:
        return
    later = [
        (node, start)
        for node in problems
        for start, end in paragraphs(flow.text, node.heading_end, node.end)
        if _LATER.match(flow.text, start, end) and flow.text[start - 1] == "\n"
    ]
    last = max(problems, key=lambda node: node.start)
    if len(later) != 1 or later[0][0] is not last or last.end != nodes[-1].end:
        return
    start, end = later[0][1], last.end
    spine: list[Node] = [nodes[-1]]
    while spine[-1].children:
        spine.append(spine[-1].children[-1])
    for node in spine:
        node.end = start
    nodes.append(Node(Mark("一、", 0, start, start), start, (start, start), start, end, "next_steps"))
