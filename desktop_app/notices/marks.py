"""What Chinese setting says about single characters: which may not begin or end a line, and which stay together.

Rules are numbered as in CLREQ and GB/T 15834-2011 part 5 (as gathered for this project: 1 never first, 2 never last,
3 never split, 6 numbers with their units).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

OPENING = frozenset("“‘（〔【《〈「『［｛〖〘〚〝｢﹙﹛﹝([{")
CLOSING = frozenset("”’）〕】》〉」』］｝〗〙〛〞〟｣﹚﹜﹞)]}")
COMMAS = frozenset("，、；：﹑﹐﹔﹕､")
STOPS = frozenset("。？！．﹒﹖﹗｡")
POINTS = COMMAS | STOPS
LATIN_POINTS = frozenset(",.;:!?")
CONNECTORS = frozenset("–—―－～~·•‧・･-")
SLASHES = frozenset("/／")
AFTER_NUMBER = frozenset("%％‰‱℃℉°′″￠")
BEFORE_NUMBER = frozenset("￥¥$＄￡£€№§")

NEVER_FIRST = CLOSING | POINTS | LATIN_POINTS | CONNECTORS | SLASHES | AFTER_NUMBER | {"…"}
"""Rule 1; with —— and …… the strict level of rule 3."""
NEVER_LAST = OPENING | SLASHES | BEFORE_NUMBER
"""Rule 2."""

DASH = "——"
ELLIPSIS = "……"

BLANKS = frozenset(" \u00a0\u3000\u2002\u2003\u2009")

FULL_MARKS = frozenset("“‘（〔【《〈「『［｛〖〘”’）〕】》〉」』］｝〗〙，、；：﹑。？！．")
"""Marks that fill a whole cell and have a blank half to give (rule 5)."""

CLUSTER = re.compile(r"——|……|.[\ufe00-\ufe0f\U000e0100-\U000e01ef\u0300-\u036f\u20d0-\u20f0\u3099\u309a]*", re.DOTALL)
"""What is set as one: a two-cell dash or ellipsis, or a character with its variation selectors and accents."""

_NUMBER = r"\d+(?:[,，]\d{3})*(?:\.\d+)?"
_MEASURE = (
    r"个(?:百分点|工作日|小时|月|星期|季度|年头)|百分点|工作日|平方公里|平方米|立方米|公里|公斤|公顷|千克|千米|厘米|毫米|毫升|"
    r"千瓦时|千瓦|小时|分钟|季度|年度|月份|人次|人天|户次|家次|车次|件次|项次|周年|周岁|名次|"
    r"[人名起条件个路次元年月日号时分秒天周期项份户辆家场米吨块批处所类篇部套台组宗笔页轮届级岁倍成亩升克道间位例头站点门科层"
    r"座栋册张幅封枚颗根支只匹双副对班节课讲版章款卷编遍趟度瓦伏]|"
    r"\s?(?:km/h|km²|km|kg|mg|cm|mm|mL|kWh|kW|MB|GB|TB|L|g|m²|m³|m|h|s)(?![A-Za-z])"
)
_UNIT = rf"(?:[%％‰℃℉°]|[余多几]?[十百千万亿]{{0,2}}[余多]?(?:{_MEASURE}|[余多])?)"
_CHUNK = _NUMBER + _UNIT
_TAIL = r"(?:年?底前|年?底|月底前|月底|以前|以后|以上|以下|以内|以来|左右|上旬|中旬|下旬|前|后|末|初|止|起)?"
_CLOCK = r"\d{1,2}[:：]\d{2}"
_HAN = "一二三四五六七八九十百千零〇两"
_BEGINS = f"[第约近超逾达百￥¥$\\-+±－≥≤≈＞＜><〔\\d{_HAN}]"
_BEGUN = re.compile(_BEGINS)
UNIT = re.compile(
    rf"(?={_BEGINS})(?:"
    rf"〔\d{{4}}〕第?\d+号|{_CLOCK}(?:[-–—~～－至]{_CLOCK})?|"
    rf"(?:第|约|近|超|逾|达|￥|¥|\$|[-+±－≥≤≈＞＜><])?"
    rf"{_CHUNK}(?:\s?(?:至|到|[-–—~～－]){_CHUNK}|(?:{_CHUNK}){{0,2}}){_TAIL}"
    rf"|第[{_HAN}]{{1,5}}[条款项次轮届批期章节季页版号名类卷编部]"
    rf"|百分之[{_HAN}点]{{1,6}}|[一二三四五六七八九〇零]{{4}}年(?:[{_HAN}]{{1,3}}月(?:[{_HAN}]{{1,3}}日)?)?"
    rf"|[{_HAN}]{{1,3}}是)"
)
"""Rule 6: a number, its sign before it and its unit after it; a range; a date; a time; 〔2021〕8号; 第三轮."""

JOINT = re.compile(r"(?<=[年月日时分])(?=\d)")
"""Where a date may be parted in a column too narrow for it: between two numbers, each with its own unit
(GB/T 15835 keeps a number on one line, not a date)."""

ADDRESS = re.compile(r"[!-~]*(?:@|://|www\.)[!-~]*")
"""An e-mail or web address. It is not broken after its own hyphens: at a line end readers take them for hyphenation."""

WORD = re.compile(r"[0-9A-Za-z][!-~]*[0-9A-Za-z%]|[0-9A-Za-z]")
"""A run of Latin letters and digits, with what stands between them: words, telephone numbers."""

_ITEM = re.compile(r"[一二三四五六七八九十]{1,3}是")
_CLAUSE = frozenset("。；：，、！？“（")


def items(text: str) -> list[int]:
    """Where 一是, 二是 at the head of a clause end: better not the last characters of a line."""
    return [found.end() for found in _ITEM.finditer(text) if not found.start() or text[found.start() - 1] in _CLAUSE]


_SET_AS_ONE = re.compile("——|……|[\ufe00-\ufe0f\U000e0100-\U000e01ef\u0300-\u036f\u20d0-\u20f0\u3099\u309a]")


def clusters(text: str) -> Sequence[str]:
    """What is set as one each, in order: mostly the characters themselves."""
    return CLUSTER.findall(text) if _SET_AS_ONE.search(text) else text


_ACCENTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u0300-\u036f\u20d0-\u20f0\u3099\u309a]")


def distinct(text: str) -> list[str]:
    """What is set as one each, once, in order of its first place; the parts of a dash or an ellipsis also by themselves."""
    if _ACCENTS.search(text):
        return list(dict.fromkeys(CLUSTER.findall(text)))
    return [*dict.fromkeys(text), *(both for both in (DASH, ELLIPSIS) if both in text)]


def _class(signs: Iterable[str]) -> str:
    return "[" + "".join(re.escape(sign) for sign in sorted(signs)) + "]"


_FIRST = re.compile(_class(NEVER_FIRST | BLANKS))
_LAST = re.compile(_class(NEVER_LAST) + _class(BLANKS) + "*")
_LONG = re.compile("—{2,}|…{2,}")


def units(text: str) -> Iterator[tuple[int, int]]:
    """From where to where each unit of rule 6 reaches. Looking first where one can begin takes half the time."""
    end = 0
    for begun in _BEGUN.finditer(text):
        if begun.start() >= end and (found := UNIT.match(text, begun.start())):
            end = found.end()
            yield begun.start(), end


def levels(text: str) -> list[int]:
    """For every place before a character: 0 a line may begin here; 1 inside a unit or word; 2 forbidden by rules 1–3.

    Length ``len(text) + 1``; the places before the first and after the last character are 0. Blanks belong to the
    character before them: a line never begins with one.
    """
    places = inner(text)
    for found in _FIRST.finditer(text):
        places[found.start()] = 2
    for found in _LAST.finditer(text):
        start, end = found.span()
        places[start + 1 : end + 1] = [2] * (end - start)
    for found in _LONG.finditer(text):
        start, end = found.span()
        places[start + 1 : end] = [2] * (end - start - 1)
    places[0] = places[-1] = 0
    return places


def inner(text: str) -> list[int]:
    """The same without rules 1–3, which are those of single characters, and with the places at either end as they come."""
    places = [0] * (len(text) + 1)
    for start, end in units(text):
        if end - start > 1:
            places[start + 1 : end] = [1] * (end - start - 1)
    for found in WORD.finditer(text):
        start, end = found.span()
        if end - start > 1:
            places[start + 1 : end] = [1] * (end - start - 1)
    if "@" in text or "://" in text or "www." in text:
        _addresses(text, places)
    return places


def _addresses(text: str, places: list[int]) -> None:
    for found in ADDRESS.finditer(text):
        for k in range(found.start() + 1, found.end()):
            places[k] = 0 if text[k - 1] in "/?&=@._" and text[k] not in "/?&=@._-" else 1  # never at -: a hyphen?
        if found.end() - found.start() < 12:
            places[found.start() + 1 : found.end()] = [1] * (found.end() - found.start() - 1)


_CLEAN = dict.fromkeys((0x9, 0xA, 0xB, 0xC, 0xD, 0x85, 0x2028, 0x2029), " ") | dict.fromkeys(
    (0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065))
)


def clean(text: str) -> str:
    """The words as they are printed: line ends and tabs are blanks, signs without form or width (BOM …) are dropped.

    Other control characters and lone surrogates stay and are refused by ``fonts.require``.
    """
    return text if text.isprintable() else text.translate(_CLEAN)  # what is cleaned away cannot be printed
