"""The same output told as done and as still to do: a rule drawn up in a measure that an ongoing item promises to draw up.

Seed reading 4.4, row 21. Looked at are things an office makes (rules, mechanisms, agreements), by verb and object; going on
with what exists (继续, 再, 巩固) or improving what was made (建立, then 完善) is no contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from desktop_app.rectification.checks_text import Place
from desktop_app.rectification.finding import Finding

_MAKING = (
    "制定出台", "制定下发", "制定印发", "研究制定", "建立健全", "建立完善", "完善建立", "修订完善", "制定", "出台", "印发", "建立", "实行", "推行",
    "成立", "组建", "建成", "签订", "招录", "配备", "购置", "安装", "编制", "开发", "修订", "完善", "健全", "优化完善", "优化",
)  # fmt: skip
_BETTERING = ("完善", "健全", "优化", "优化完善", "修订", "修订完善")
_VERB = re.compile("|".join(sorted(_MAKING, key=len, reverse=True)))
_CLAUSE = re.compile(r"[，。；：、！？!?;:\n]")
_TITLE = re.compile(r"《([^《》]+)》")
_LATER = re.compile(r"将|拟|计划|准备|下一步|争取|力争|即将|待")
_GOING_ON = re.compile(r"再|继续|持续|巩固|固化|坚持|常态|深化|不断")
_ALREADY = re.compile(r"已")
_TRIM = re.compile(r"^(?:了|好|起|一批|一系列|等|本|我局|分局|全局)+|(?:等|工作|情况)+$")
_LEAST = 5
_ALIKE = 0.88
"""From which likeness two things are one: a word more or less in a long name."""
_MOST_TOLD = 3


class Output(NamedTuple):
    """Something made: by which verb, what, and the words that say so."""

    verb: str
    thing: str
    words: str


@lru_cache(maxsize=16_384)
def outputs(text: str, *, done: bool) -> tuple[Output, ...]:
    """What a text says was made (``done``), or is to be made."""
    return tuple(_outputs(text, done))


def _outputs(text: str, done: bool) -> Iterator[Output]:
    quiet = text.replace("“", "").replace("”", "")
    for clause in _CLAUSE.split(_TITLE.sub(lambda m: m[0].replace("、", "·").replace("，", "·"), quiet)):
        found = _VERB.search(clause)
        if found is None:
            continue
        before = clause[: found.start()]
        if _LATER.search(before) if done else _ALREADY.search(before) or _GOING_ON.search(clause):
            continue
        title = _TITLE.search(clause, found.end())
        thing = title[1] if title else _TRIM.sub("", clause[found.end() :])
        if len(thing) >= _LEAST:
            yield Output(found[0], thing, clause[found.start() :].strip())


def done_and_to_do(done: Sequence[Place], to_do: Sequence[Place]) -> Iterator[Finding]:
    """One finding for each place that promises what another says was made."""
    made = [(place, one) for place in done for one in outputs(place.filled.words, done=True)]
    if not made:
        return
    for place in to_do:
        twice = [
            (there, one)
            for one in outputs(place.filled.words, done=False)
            if (there := next((p for p, other in made if _same(other, one)), None)) is not None
        ]
        if twice:
            told = "".join(f"“{one.words[:30]}”" for _there, one in twice[:_MOST_TOLD])
            more = f"等 {len(twice)} 处" if len(twice) > _MOST_TOLD else ""
            yield place.finding(
                "done_and_to_do",
                "warning",
                f"{place.where}写还要{told}{more}，{_place(twice[0][0], place)}已经写过，已完成与正在深化重复。",
                "请核对：已经完成的从这里删去，或写明还要在哪些方面深化；没有完成的，从整改措施里删去。",
                matter="|".join(one.thing for _there, one in twice),
                substance="|".join(one.thing for _there, one in twice),
            )


def _place(there: Place, here: Place) -> str:
    return "整改措施里" if there.group == here.group else there.where


def _same(made: Output, promised: Output) -> bool:
    if promised.verb in _BETTERING and made.verb not in _BETTERING:
        return False
    short, long = sorted((made.thing, promised.thing), key=len)
    if short == long or (len(short) >= _LEAST + 3 and long.endswith(short)):
        return True
    if len(short) < _LEAST + 3 or len(short) * 2 < _ALIKE * (len(short) + len(long)):
        return False
    compared = SequenceMatcher(None, short, long, autojunk=False)
    return compared.quick_ratio() >= _ALIKE and compared.ratio() >= _ALIKE
