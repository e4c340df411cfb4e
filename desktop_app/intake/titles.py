"""Documents named in 《》, with the verb before them: what the issuer itself made, and what it merely cites."""

from __future__ import annotations

import re

from desktop_app.intake.draft import TitleMention
from desktop_app.intake.flow import Flow

LONGEST = 150
DEEPEST = 4
_VERBS = (
    "研究制定出台", "研究制定", "研究出台", "制定出台", "制定下发", "制定印发", "制定完善", "制定并印发", "制定实施", "修订完善", "修改完善",
    "修订出台", "修订印发", "建立完善", "健全完善", "完善出台", "重新修正", "重新修订", "重新制定", "印发实施", "出台", "印发", "制定",
    "修订", "修改", "修正", "完善", "建立", "健全", "制发", "下发", "起草", "编制", "拟定", "拟订", "形成", "发布", "新建", "补充", "细化", "汇编",
)  # fmt: skip
_VERB = re.compile(
    rf"(?P<verb>{'|'.join(sorted(_VERBS, key=len, reverse=True))})(?P<link>了|并下发|并印发|并实施|相关的?|本?[单局院校]位?)?[\s：:]*$"
)
_OTHER = re.compile(
    r"(?P<verb>签订|签署|填写|严格执行|认真落实|全面落实|落实|执行|学习贯彻|学习|贯彻|依据|根据|按照|对照|遵守|结合)(?:了|好|新)?(?:[^，。；《》]{0,6})$"
)
_CITES = re.compile(
    r"(?:根据|按照|依据|依照|对照|遵照|落实|贯彻|执行|学习|结合|参照|围绕|转发|严格按|通过学习|违反|符合)[^，。；：\n]{0,40}$"
)
_KINDS = (
    ("承诺书", ("承诺书", "责任书", "保证书", "协议书", "倡议书")),
    ("表单", ("表", "清单", "台账", "台帐", "登记簿", "登记册", "手册", "单", "卡", "函")),
    ("方案", ("方案", "计划", "预案", "要点", "通知", "措施", "举措")),
)  # fmt: skip


def titles(flow: Flow, start: int, end: int) -> tuple[TitleMention, ...]:
    """The titles in ``text[start:end]`` in order; 《A》《B》 and 《A》、《B》 share the verb before the first."""
    text = flow.text
    found: list[TitleMention] = []
    at, previous_end, previous = start, -1, ("", False)
    while True:
        opened = text.find("《", at, end)
        if opened < 0:
            return tuple(found)
        closed = _closing(text, opened, min(end, opened + LONGEST))
        if closed < 0:
            at = opened + 1
            continue
        between = text[previous_end:opened] if previous_end >= 0 else " "
        chained = previous_end >= 0 and between.strip() in ("", "、", "和", "及", "以及", "与", "，")
        action, own = previous if chained and previous[0] else _verb(text, start, opened)
        title = text[opened + 1 : closed].replace("\n", "")
        kind = _kind(title)
        trial = "试行" in title[-5:]
        found.append(TitleMention(title, action, own and kind != "承诺书", kind, trial, flow.place(opened, closed + 1)))
        previous_end, previous = closed + 1, (action, own)
        at = closed + 1


def _closing(text: str, opened: int, limit: int) -> int:
    depth = 0
    for at in range(opened, limit):
        depth += (text[at] == "《") - (text[at] == "》")
        if depth == 0:
            return at
        if depth > DEEPEST:
            return -1
    return -1


def _verb(text: str, start: int, opened: int) -> tuple[str, bool]:
    """The verb before a title, and whether it makes the document the issuer's own."""
    before = text[max(start, opened - 60) : opened]
    if before.endswith(("“", "‘")):
        before = before[:-1]
    found = _VERB.search(before)
    if found:
        cited = _CITES.search(before[: found.start()]) is not None
        return found["verb"], not cited
    other = _OTHER.search(before)
    return (other["verb"], False) if other else ("", False)


def _kind(title: str) -> str:
    bare = re.sub(r"[（(][^（）()]{0,12}[）)]$", "", title)
    for kind, endings in _KINDS:
        if bare.endswith(endings):
            return kind
    return "制度"
