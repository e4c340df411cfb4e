"""The walk through the outline of one notice that fills the lists of its draft in printing order."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import date

from desktop_app.intake.draft import Aspect, Chapter, Finding, NextSteps, Place, Problem, Step
from desktop_app.intake.flow import Flow
from desktop_app.intake.headings import Node
from desktop_app.intake.measures import items
from desktop_app.intake.problem import problem_at


class Build:
    """The lists of a draft while the outline is walked in printing order."""

    def __init__(self, joined: Flow, issued: date | None) -> None:
        self.joined, self.issued = joined, issued
        self.chapters: list[Chapter] = []
        self.aspects: list[Aspect] = []
        self.problems: list[Problem] = []
        self.findings: list[Finding] = []
        self.next_steps: NextSteps | None = None

    @property
    def chapter(self) -> int | None:
        """Index of the chapter printed last."""
        return len(self.chapters) - 1 if self.chapters else None

    def top(self, node: Node) -> None:
        """A heading of the first level."""
        if node.role == "problem":
            self.problem(node, None)
        elif node.role == "other" and any(child.role for child in node.children):
            self.aspect(node, 1)
        else:
            self.chapter_at(node)

    def chapter_at(self, node: Node) -> None:
        """A chapter; what stands under it and is no problem stays in its body."""
        findings = node.role not in ("organisation", "next_steps") and any(child.role for child in node.children)
        role = "problems" if findings else node.role
        end = node.own_end if findings else node.end
        body, runs_on = self.body(node, end if role != "next_steps" else node.heading_end)
        runs_on = self.runs_on(node) if role == "next_steps" else runs_on
        title, stop = self.title(node)
        mark = self.mark(node)
        place = self.joined.place(node.start, node.end)
        self.chapters.append(Chapter(mark, node.mark.number or None, title, role, body, place, stop, runs_on))
        if role == "next_steps":
            self.next_steps = self.steps(node)
        elif findings:
            for child in node.children:
                self.below(child, None, 1)

    def below(self, node: Node, aspect: int | None, level: int) -> None:
        """A heading under a chapter or an aspect; one without a role joins the text before it."""
        if node.role == "aspect":
            self.aspect(node, level)
        else:
            self.problem(node, aspect)

    def aspect(self, node: Node, level: int) -> None:
        """An aspect and what stands under it."""
        body, runs_on = self.body(node, node.own_end)
        title, stop = self.title(node)
        place = self.joined.place(node.start, node.end)
        mark = self.mark(node)
        self.aspects.append(
            Aspect(mark, node.mark.number or None, title, body, min(level, 2), place, stop, runs_on, self.chapter)
        )
        index = len(self.aspects) - 1
        for child in node.children:
            self.below(child, index, level + 1)

    def problem(self, node: Node, aspect: int | None) -> None:
        """A problem, and a finding when its number does not follow the one before."""
        last = len(self.aspects) - 1
        if aspect is not None and aspect != last and self.aspects[aspect].level == 2:
            aspect = last  # a heading of the third level is kept as one of the second, and printed before this
        found = replace(problem_at(self.joined, node, self.issued), aspect=aspect, chapter=self.chapter)
        before = next((p for p in reversed(self.problems) if p.aspect == aspect), None)
        if before and before.number and found.number and found.number not in (before.number + 1, 1):
            sentence = f"问题序号从{before.number}跳到{found.number}。请核对是否缺了问题，或改正序号。"
            self.findings.append(Finding("number_jump", sentence, found.place))
        self.problems.append(found)

    def mark(self, node: Node) -> str:
        """The enumerator as printed."""
        return self.joined.text[node.mark.start : node.mark.end].strip()

    def title(self, node: Node) -> tuple[str, str]:
        """The heading's words and the mark that ends them."""
        text = self.joined.text
        return text[slice(*node.kernel)].strip(), text[node.kernel[1] : node.heading_end].strip()

    def runs_on(self, node: Node) -> bool:
        """Whether text follows the heading in its paragraph."""
        rest = self.joined.text[node.heading_end : node.end]
        return bool(rest.strip()) and not rest.lstrip(" \t　").startswith("\n")

    def body(self, node: Node, end: int) -> tuple[str, bool]:
        """The text between a heading and ``end``, and whether it runs on."""
        body = self.joined.text[node.heading_end : end].strip()
        return body, bool(body) and self.runs_on(node)

    def steps(self, node: Node) -> NextSteps:
        """The plan under its heading: what stands before the first item introduces it."""
        first, found = items(self.joined, node.heading_end, node.end)
        steps = []
        for index, item in enumerate(found):
            until = found[index + 1].place.start if index + 1 < len(found) else None
            steps.append(self.step(item.number, item.mark, item.lead, item.body, item.place, until, node.end))
        paragraphs = [item.paragraph for item in found]
        steps = [replace(step, paragraph=fresh) for step, fresh in zip(steps, paragraphs, strict=True)]
        return NextSteps(self.joined.text[node.heading_end : first].strip(), tuple(steps))

    def step(
        self, number: int | None, mark: str, lead: str, body: str, place: Place, until: int | None, end: int
    ) -> Step:
        """A step with all its text: nested enumerations stay in the body as printed."""
        first = bisect_left(self.joined.at, place.start)
        last = end if until is None else bisect_left(self.joined.at, until)
        whole = self.joined.text[first:last].strip()
        text = whole.removeprefix(mark).lstrip()
        return Step(number, mark, lead, text[len(lead) :], place)
