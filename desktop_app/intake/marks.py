"""Enumerators of Chinese papers: 一、 （一） 1. （1） 1) ① 一是 问题1： and the numbers they carry."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = "零一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_N = r"[一二三四五六七八九十]{1,3}"
_D = r"[0-9０-９]{1,2}"

FAMILIES = ("第一部分", "一、", "（一）", "问题1", "1.", "（1）", "1)", "①", "一是", "第一")
"""Families of enumerators, from the highest to the lowest in GB/T 9704 and in use."""

_PATTERNS = {
    "第一部分": rf"第(?P<f0>{_N})(?:部分|章|编)[：:、，,]?",
    "一、": rf"(?P<f1>{_N})\s?(?:[、．.](?!\d)|,(?=[一-鿿]))",
    "（一）": rf"[（(]\s?(?P<f2>{_N})\s?[）)][、．.]?",
    "问题1": rf"(?:【|［|\[|（)?(?:反馈|具体|存在)?问题(?P<f3>{_D}|{_N})(?:】|］|\]|）)?(?:[：:、．.]|(?<=[】］）\]]))",
    "1.": rf"(?P<f4>{_D})\s?(?:、|[．.](?![0-9０-９])|[．.](?=[0-9０-９]{{4}}年))",
    "（1）": rf"[（(]\s?(?P<f5>{_D})\s?[）)][、．.]?",
    "1)": rf"(?P<f6>{_D})[）)][、．.]?",
    "①": rf"(?P<f7>[{_CIRCLED}])[、．.]?",
    "一是": rf"(?P<f8>{_N})[是要](?!一)",
    "第一": rf"第(?P<f9>{_N})(?:[，,、：:]|条[：:、，]?|项[：:、，])",
}
MARK = re.compile(r"[ \t　]*(?:" + "|".join(_PATTERNS.values()) + r")[ \t　]*")


@dataclass(frozen=True)
class Mark:
    """An enumerator at a place: its family (an entry of ``FAMILIES``), number, and range in the text."""

    family: str
    number: int
    start: int
    end: int


def mark_at(text: str, at: int, end: int) -> Mark | None:
    """The enumerator that begins exactly at ``at``, blanks before and after it included."""
    found = MARK.match(text, at, end)
    if found is None or found.lastgroup is None:
        return None
    number = number_of(found[found.lastgroup])
    if number is None:
        return None
    return Mark(FAMILIES[int(found.lastgroup[1])], number, at, found.end())


def is_stop(text: str, at: int) -> bool:
    """Whether a half-width point ends a sentence: it follows a Chinese character or a closing mark and no digit comes after."""
    return (
        text[at : at + 1] == "."
        and at > 0
        and (text[at - 1] in '”’）)》】"%％' or "一" <= text[at - 1] <= "鿿")
        and not text[at + 1 : at + 2].isdigit()
    )


def number_of(digits: str) -> int | None:
    """1–99 from 一…九十九, Arabic (full width too) or circled digits; None when it is no number."""
    if digits.isdecimal():
        return int(digits)
    if digits in _CIRCLED:
        return _CIRCLED.index(digits) + 1
    tens, ten, ones = digits.rpartition("十")
    if not ten:
        tens = ""
    if len(tens) > 1 or len(ones) > 1:
        return None
    value = (_DIGITS.index(tens) if tens else 1) * 10 if ten else 0
    return value + (_DIGITS.index(ones) if ones else 0)


def chinese_numeral(value: int) -> str:
    """一 … 九十九; larger numbers in Arabic digits."""
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")
