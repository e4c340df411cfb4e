"""What the headings of a notice are: chapters, aspects and problems.

Which level is the problem level differs from notice to notice (一、 or （一） or 1. or 问题1：), so it is judged: the deepest
headings that are named as problems or have a label such as 整改措施： under them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desktop_app.intake.cues import (
    ASPECT,
    NEXT_CHAPTER,
    NEXT_CHAPTER_BARE,
    NEXT_CHAPTER_WEAK,
    ORGANISATION_CHAPTER,
    PROBLEM,
    PROBLEMS_CHAPTER,
    REMEDY,
)
from desktop_app.intake.flow import Flow
from desktop_app.intake.headings import CHAPTERS, Node, has_label, headings, reads_like_problem
from desktop_app.intake.marks import Mark
from desktop_app.intake.split import Range, paragraphs

_LATER = re.compile(r"(?:下一步|下步|下一?阶段|接下来|今后|后续)(?:工作中)?[，,]")
_NAMED_PROBLEM = re.compile(
    r"(?:关于|针对|对于|对照)?[^“”，。]{0,24}[“\x22].{2,}[”\x22](?:的)?(?:具体|突出|有关)?(?:问题|方面)|(?:关于|针对).{2,}问题(?:的)?(?:整改)?(?:落实|进展)?(?:情况)?$"
    r"|(?:反馈|存在|具体)?问题[：:]"
)


@dataclass
class Outline:
    """``before``: the text over the first heading; ``nodes``: the headings of the first level."""

    before: Range
    nodes: list[Node]


def outline(flow: Flow, body: Range) -> Outline:
    """The tree of headings of a notice, with roles: chapter roles, aspect, problem, or nothing (a measure)."""
    nodes = headings(flow, body)
    first = nodes[0].start if nodes else body[1]
    _assign(flow, nodes)
    return Outline((body[0], first), nodes)


def _assign(flow: Flow, nodes: list[Node]) -> None:
    """Roles of the first level, then of what is below."""
    _chapters(flow, nodes)
    open_nodes = [node for node in nodes if node.role in ("other", "problems")]
    _first_level_problems(flow, open_nodes)
    for node in open_nodes:
        if node.role != "problem":
            _descend(flow, node)
    chapters = [node for node in nodes if node.role == "problems" and node.children]
    if chapters and not any(child.role for node in nodes for child in node.children):
        for child in chapters[-1].children:
            child.role = "problem"
    _name_chapters(flow, nodes)
    _cut_next_steps(flow, nodes)


def _chapters(flow: Flow, nodes: list[Node]) -> None:
    """What the first level is by its words; only the last plan is the next steps."""
    for node in nodes:
        node.role = _chapter_role(flow, node)
    nexts = [node for node in nodes if node.role == "next_steps"]
    for node in nexts[:-1]:
        if any(NEXT_CHAPTER.search(flow.text, *n.kernel) for n in nexts[-1:]):
            node.role = "other"
    chapters = [n for n in nodes if n.mark.family in CHAPTERS] or nodes
    if not nexts and len(chapters) > 1 and chapters[-1] is nodes[-1] and chapters[-1].role == "other":
        last = chapters[-1]
        weak = NEXT_CHAPTER_WEAK.search(flow.text, *last.kernel) is not None
        if (weak or _closes(flow, chapters)) and not _deeper_problems(flow, last):
            last.role = "next_steps"


def _closes(flow: Flow, chapters: list[Node]) -> bool:
    """Whether the last chapter comes after one of problems and has nothing of a problem in it: it looks ahead."""
    *before, last = chapters
    if not any(_deeper_problems(flow, n) for n in before) or _has_label_inside(flow, last):
        return False
    words = flow.text[last.kernel[0] : last.kernel[1]]
    told = [last, *(node for level in _levels(last.children) for node in level)]
    return not ASPECT.search(words) and not any(PROBLEM.search(flow.text, *node.kernel) for node in told)


def _first_level_problems(flow: Flow, open_nodes: list[Node]) -> None:
    """Headings of the first level that are problems themselves (一、关于“…”问题), unless they stand over problems."""
    strong = [n for n in open_nodes if _problem_like(flow, n)]
    if not strong or any(_deeper_problems(flow, n) for n in strong):
        return
    over = [n for n in open_nodes if not _problem_like(flow, n) and _deeper_problems(flow, n)]
    if over and all(n.mark.family in CHAPTERS for n in strong):
        return
    for node in strong:
        node.role = "problem"


def _name_chapters(flow: Flow, nodes: list[Node]) -> None:
    """A single first-level heading over problems is their chapter, several are aspects; what stands before organises."""
    over = [n for n in nodes if n.role in ("other", "problems") and any(child.role for child in n.children)]
    for node in over if len(over) > 1 else ():
        node.role = "other"  # 二、已完成整改的问题 三、正在整改的问题: they part the problems as aspects do
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
    in_problems = PROBLEMS_CHAPTER.search(words) is not None
    if problem_like or (ASPECT.search(words) and (words.endswith("方面") or not in_problems)):
        return "other"
    if in_problems:
        return "problems"
    if ORGANISATION_CHAPTER.search(words) and not _has_label_inside(flow, node):
        return "organisation"
    return "other"


def _has_label_inside(flow: Flow, node: Node) -> bool:
    return any(has_label(flow, start, end) for start, end in paragraphs(flow.text, node.start, node.end))


def _problem_like(flow: Flow, node: Node) -> bool:
    """A heading that reads like a problem and has no chapter's or aspect's words, or has its own labelled measures."""
    words = flow.text[node.kernel[0] : node.kernel[1]]
    own = has_label(flow, node.start, node.own_end)
    if own and not _deeper_problems(flow, node):
        return (
            node.mark.family not in CHAPTERS or PROBLEM.search(words) is not None or not PROBLEMS_CHAPTER.search(words)
        )
    if node.role == "problems" and node.mark.family in CHAPTERS and "“" not in words:
        return False
    return PROBLEM.search(words) is not None and not words.endswith("方面")


def _levels(nodes: list[Node]) -> Iterator[list[Node]]:
    if nodes:
        yield nodes
        for node in nodes:
            yield from _levels(node.children)


def _level_is_problems(flow: Flow, nodes: list[Node]) -> bool:
    """At least half the headings of one level read like problems."""
    like = sum(1 for node in nodes if has_label(flow, node.start, node.own_end) or reads_like_problem(flow, node))
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
                has_label(flow, child.start, child.own_end) or child.children or reads_like_problem(flow, child)
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
            child.role = "problem" if reads_like_problem(flow, child) else ""


def _deeper_problems(flow: Flow, node: Node) -> bool:
    """Whether the headings under a node are problems rather than measures of it."""
    if not node.children or has_label(flow, node.kernel[0], node.own_end):
        return False
    above = flow.text[node.kernel[0] : node.kernel[1]]
    named_itself = _NAMED_PROBLEM.match(above) is not None and not ASPECT.search(above)
    for level in _levels(node.children):
        labels = sum(1 for child in level if has_label(flow, child.start, child.own_end))
        faults = sum(1 for child in level if reads_like_problem(flow, child))
        if labels * 2 > len(level) and (not named_itself or faults * 2 > len(level)):
            return True
        if _level_is_problems(flow, level) and _named(flow, level, node, named_itself):
            return True
    return False


def _named(flow: Flow, level: list[Node], parent: Node, parent_named: bool) -> bool:
    """Headings that stand for problems although no label tells: named as such, or under a heading of an aspect."""
    words = [flow.text[child.kernel[0] : child.kernel[1]] for child in level]
    named = sum(1 for w in words if "问题" in w[-12:] or "方面" in w[-6:] or _NAMED_PROBLEM.match(w))
    faults = sum(1 for w in words if PROBLEM.search(w[-12:]) and not REMEDY.match(w))
    if faults * 3 >= len(words) * 2 and not parent_named:
        return True
    if parent_named:
        return named * 2 > len(words)
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
