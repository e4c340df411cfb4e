"""One problem of a notice: its heading and the labelled sections under it become statement, measures, ongoing, remarks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from desktop_app.intake.cues import LABEL, LABEL_LINE, LIMIT_INSIDE, MARKED_LABEL, STATUS, STILL_OPEN, TIME_LIMIT
from desktop_app.intake.deadlines import deadlines, principal
from desktop_app.intake.draft import Deadline, Item, Ongoing, Problem
from desktop_app.intake.flow import Flow
from desktop_app.intake.headings import Node
from desktop_app.intake.marks import mark_at
from desktop_app.intake.measures import items, plain_items
from desktop_app.intake.split import paragraphs

_NAMED = (
    re.compile(
        r"^(?:关于|针对|对于|对照|对)?(?:巡[察视]组?)?(?:反馈)?(?:的|意见中的?|指出的?|提出的?)?[“\x22](?P<title>.+)[”\x22](?=(?:的)?(?:具体|有关|相关|突出)?(?:(?:问题|方面|现象|情况|意见)(?:$|[的整落，,；：:（(等方情进反。.、])|整改|，|$))",
        re.DOTALL,
    ),
    re.compile(
        r"^(?:关于|针对|对于|对照)(?:.{0,12}反馈(?:的|意见中的|指出的)?)?(?P<title>.+?)(?=(?:的|等)?问题(?:的)?(?:整改|$|，))",
        re.DOTALL,
    ),
    re.compile(r"^(?:关于|针对|对于)(?P<title>.+?)(?=(?:方面)?(?:的)?整改(?:落实|进展|完成)?(?:情况)?$)", re.DOTALL),
    re.compile(r"^(?P<title>.+?)(?=(?:的|等)?问题(?:的)?整改(?:落实|进展|完成)?(?:情况)?$)", re.DOTALL),
    re.compile(r"^(?:关于|针对)?(?P<title>.{3,}?)(?=(?:的)?问题$)", re.DOTALL),
)
_PREFIX = re.compile(
    r"(?:巡[察视])?(?:反馈|存在|具体|主要)?(?:的)?(?:具体)?(?:问题|(?:问题|具体|主要)表现)(?:[0-9一二三四五六七八九十]{0,3})[：:]\s?"
)
_LATER = re.compile(r"(?:下一步|下步|下阶段|接下来|今后|后续)[，,]")
_RESULT = re.compile("成效|成果|结果|效果|进度|完成")


@dataclass(frozen=True)
class Section:
    """A labelled stretch: its kind (measure, ongoing, remark, statement), the label's range and where the text ends."""

    kind: str
    start: int
    label_end: int
    end: int


def heading_of(words: str) -> tuple[str, str]:
    """Title and heading with ``{title}`` in its place; the title is what stands in quotes, else the heading's kernel."""
    prefix = _PREFIX.match(words)
    if prefix and prefix.end() < len(words):
        title, heading = heading_of(words[prefix.end() :])
        return title, prefix[0] + heading
    for pattern in _NAMED:
        found = pattern.search(words.rstrip("。：:；. \n"))
        if found and _balanced(found["title"]) and "{title}" not in words:
            start, end = found.span("title")
            return words[start:end], words[:start] + "{title}" + words[end:]
    kernel = words.rstrip("。：:；;. \t　\n")
    if not kernel or "{title}" in words:
        return "", words
    return kernel, "{title}" + words[len(kernel) :]


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "“") - (character == "”")
        if depth < 0:
            return False
    return depth == 0


def problem_at(flow: Flow, node: Node, issued: date | None) -> Problem:
    """The problem a heading opens, up to the next heading."""
    words = flow.text[node.mark.end : node.heading_end].strip()
    title, heading = heading_of(words)
    rest = flow.text[node.heading_end : node.end]
    parts = sections(flow, node.heading_end, node.end)
    return _filled(
        flow,
        parts,
        issued,
        Problem(
            number=node.mark.number or None,
            mark=flow.text[node.mark.start : node.mark.end].strip(),
            title=title,
            heading=heading,
            runs_on=bool(rest.strip()) and not rest.lstrip(" \t　").startswith("\n"),
            place=flow.place(node.start, node.end),
        ),
    )


def tail_problem(flow: Flow, start: int, end: int, number: int | None, issued: date | None) -> Problem:
    """A problem cut off at its start (seed: three of them): what is left of its measures and of what goes on."""
    parts = sections(flow, start, end)
    problem = Problem(number=number, truncated=True, place=flow.place(start, end))
    head = parts[0]
    if head.kind != "statement" or head.start != head.label_end:
        return _filled(flow, parts, issued, problem)
    found = deadlines(flow, head.start, head.end, issued)
    if len(parts) == 1 and found:
        return _filled(flow, [Section("ongoing", start, start, end)], issued, problem)
    return _filled(flow, [Section("measure", start, start, head.end), *parts[1:]], issued, problem)


def sections(flow: Flow, start: int, end: int) -> list[Section]:
    """The labelled stretches of a problem in order; the first is the text before any label (kind statement)."""
    cuts: list[tuple[str, int, int]] = [("statement", start, start)]
    for found in LABEL.finditer(flow.text, start, end):
        kind = (found.lastgroup or "").removeprefix("b_")
        if found[0].strip("【［[】］] \t　：:") == "":
            continue
        cuts.append((kind, found.start(), found.end()))
    for at, stop in paragraphs(flow.text, start, end):
        if at == start and start > 0 and flow.text[start - 1] != "\n":
            continue
        line = LABEL_LINE.fullmatch(flow.text[at:stop].strip())
        if line and len(line[0]) > 2 and line.lastgroup:
            cuts.append((line.lastgroup, at, stop))
        elif _LATER.match(flow.text, at, stop):
            cuts.append(("ongoing", at, at))
        else:
            mark = mark_at(flow.text, at, stop)
            label = MARKED_LABEL.match(flow.text, mark.end, stop) if mark else None
            if label and label.lastgroup:
                cuts.append((label.lastgroup, at, label.end()))
    cuts.sort(key=lambda cut: (cut[1], -cut[2]))
    kept = [cuts[0]]
    for cut in cuts[1:]:
        if cut[1] >= kept[-1][2] and (cut[1] > kept[-1][1] or cut[2] > kept[-1][2]):
            kept.append(cut)
    ends = [cut[1] for cut in kept[1:]] + [end]
    return [Section(kind, a, b, e) for (kind, a, b), e in zip(kept, ends, strict=True)]


def _filled(flow: Flow, parts: list[Section], issued: date | None, problem: Problem) -> Problem:
    """Lay the sections into the fields so that the printing order is kept."""
    first = next((i for i, part in enumerate(parts) if part.kind == "measure"), None)
    ongoing = [i for i, part in enumerate(parts) if part.kind == "ongoing" and (first is None or i > first)]
    begin = first if first is not None else (ongoing[0] if ongoing else len(parts))
    rest_from = _rest(parts, begin, ongoing)
    values: dict[str, object] = {}
    if first is None:
        lead_start, lead_end = parts[0].start, parts[begin - 1].end if begin else parts[0].start
        labelled = next((p.start for p in parts[1:begin] if p.kind in ("statement", "remark")), None)
        if labelled is None:
            values |= _unlabelled(flow, lead_start, lead_end)
        else:
            values["statement"] = flow.text[lead_start:lead_end].strip()
    else:
        until = ongoing[0] if ongoing else rest_from
        told = first == 1 and flow.text[parts[0].start : parts[0].end].strip()
        values |= (
            _resulting(flow, parts, until)
            if told and _is_result(flow, parts[0], parts[1])
            else _labelled(flow, parts, first, until)
        )
    if ongoing:
        values |= _ongoing(flow, [parts[i] for i in range(ongoing[0], rest_from)], issued)
    if rest_from < len(parts):
        values["remarks"] = flow.text[parts[rest_from].start : parts[-1].end].strip()
    values["due"] = _time_limit(flow, parts, issued)
    return Problem(**{**problem.__dict__, **values})


def _rest(parts: list[Section], begin: int, ongoing: list[int]) -> int:
    """Index of the first section that goes to the remarks: labelled rests at the end, or anything after what goes on."""
    if ongoing:
        at = ongoing[0]
        while at < len(parts) and parts[at].kind == "ongoing":
            at += 1
        return at
    at = len(parts)
    while at > max(begin + 1, 1) and parts[at - 1].kind == "remark":
        at -= 1
    return at


def _unlabelled(flow: Flow, start: int, end: int) -> dict[str, object]:
    """Text without labels: what stands before the first enumerator tells what was found, the enumerated is measures."""
    first, measures = items(flow, start, end)
    if not measures:
        return {"measures": plain_items(flow, start, end)}
    return {"statement": flow.text[start:first].strip(), "measures": measures}


def _labelled(flow: Flow, parts: list[Section], first: int, until: int) -> dict[str, object]:
    """The first measure label opens the measures; each later label before what goes on is an item of its own."""
    label = parts[first]
    before = flow.text[parts[0].start : label.start]
    measures = list(_measures(flow, label.label_end, label.end))
    intro_end = items(flow, label.label_end, label.end)[0]
    has_items = intro_end < label.end
    for part in parts[first + 1 : until]:
        measures.append(_labelled_item(flow, part))
    return {
        "statement": before.strip(),
        "label_runs_on": label.start > 0 and not _fresh(flow, label.start),
        "measures_label": flow.text[label.start : label.label_end].strip(),
        "measures_intro": _text(flow, label.label_end, intro_end) if has_items else "",
        "measures": tuple(measures),
    }


def _is_result(flow: Flow, before: Section, part: Section) -> bool:
    """Whether a first label tells what came of measures that stand before it, rather than opening the measures."""
    if items(flow, part.label_end, part.end)[1] == () and len(items(flow, before.start, before.end)[1]) >= 2:
        return True
    label = flow.text[part.start : part.label_end]
    return "措施" not in label and _RESULT.search(label) is not None


def _resulting(flow: Flow, parts: list[Section], until: int) -> dict[str, object]:
    """The only labels tell results (整改成效：): what stands before them are the measures."""
    values = _unlabelled(flow, parts[0].start, parts[0].end)
    measures = values["measures"]
    assert isinstance(measures, tuple)
    return values | {"measures": (*measures, *(_labelled_item(flow, part) for part in parts[1:until]))}


def _fresh(flow: Flow, at: int) -> bool:
    """Whether a paragraph begins at ``at`` (blanks looked over)."""
    while at > 0 and flow.text[at - 1] in " \t　":
        at -= 1
    return at == 0 or flow.text[at - 1] == "\n" or flow.text[at : at + 1] == "\n"


def _text(flow: Flow, start: int, end: int) -> str:
    """The words of a range; a leading line break is kept when they begin a paragraph."""
    raw = flow.text[start:end]
    return ("\n" if raw.lstrip(" \t　").startswith("\n") and raw.strip() else "") + raw.strip()


def _measures(flow: Flow, start: int, end: int) -> tuple[Item, ...]:
    found = items(flow, start, end)[1]
    return found or plain_items(flow, start, end)


def _labelled_item(flow: Flow, part: Section) -> Item:
    """A later label (整改成效：) with its text and what is enumerated in it."""
    first, children = items(flow, part.label_end, part.end)
    label = flow.text[part.start : part.label_end].strip()
    body = _text(flow, part.label_end, first)
    return Item(None, label, "", body, children, _fresh(flow, part.start), flow.place(part.start, part.end))


def _ongoing(flow: Flow, parts: list[Section], issued: date | None) -> dict[str, object]:
    label = flow.text[parts[0].start : parts[0].label_end].strip()
    result = []
    for index, part in enumerate(parts):
        start = part.label_end if index == 0 else part.start
        found = deadlines(flow, part.label_end, part.end, issued, ongoing=True)
        fresh = _fresh(flow, part.start) or part.start == 0
        result.append(
            Ongoing(_text(flow, start, part.end), principal(found), found, flow.place(start, part.end), not fresh)
        )
    return {"ongoing_label": label, "ongoing": tuple(result)}


def _time_limit(flow: Flow, parts: list[Section], issued: date | None) -> Deadline | None:
    """The time limit given by a label such as 整改时限：, else by a status that is still open (完成情况：正在推进，预计…)."""
    for part in parts:
        start = _limit_start(flow, part)
        if start is not None:
            found = deadlines(flow, start, part.end, issued, ongoing=True, labelled=True)
            if found:
                return principal(found)
    for part in parts:
        if STATUS.search(flow.text, part.start, part.label_end) and STILL_OPEN.match(
            flow.text, part.label_end, part.end
        ):
            return principal(deadlines(flow, part.label_end, part.end, issued))
    return None


def _limit_start(flow: Flow, part: Section) -> int | None:
    """Where a time limit begins: behind its label, or behind 完成时限： in a row of labels (责任人：… 完成时限：…)."""
    if part.kind != "remark":
        return None
    inside = LIMIT_INSIDE.search(flow.text, part.start, part.end)
    if inside:
        return inside.end()
    return part.label_end if TIME_LIMIT.search(flow.text, part.start, part.label_end) else None
