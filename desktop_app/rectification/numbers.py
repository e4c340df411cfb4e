"""Numbers in running text: value, unit and qualifier, with the words, the period and the whole they are told of.

It reads what a clerk typed, for the checks; the reading of old papers (``intake/amounts.py``) shares its words of measure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from db.schema.composite import Amount

UNITS = (
    "人次", "人", "名", "位", "件次", "件", "起", "个月", "个百分点", "百分点", "个", "条", "份", "项", "次", "期", "张", "场次", "场", "批次", "批", "部",
    "辆次", "辆", "台", "套", "处", "家", "户", "所", "路", "余元", "元", "%", "％", "‰", "小时", "分钟", "天", "日", "年", "学分", "学时", "课时", "课",
    "平方米", "平方公里", "公里", "千米", "米", "吨", "公斤", "千克", "克", "亩", "公顷", "升", "篇", "轮", "类", "支", "本", "册", "门", "封", "宗", "笔",
    "艘", "盏", "家次", "户次", "车次", "千瓦时", "千瓦", "兆瓦", "立方米", "枚", "头", "款", "个工作日", "根",
    "级", "倍", "组", "块", "面", "周", "亿元", "卷", "幅", "株", "棵", "间", "栋", "座", "班", "节", "堂", "例", "对", "批件", "字", "分",
)  # fmt: skip
"""Words of measure as notices use them."""
UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
NOT_UNIT = r"(?!(?<=年)(?:度|月|底|来)|(?<=日)(?:常)|(?<=分)(?:局|别|类|管|工|析|级|布|公司|之|流|批|行)|(?<=对)(?:照|标|应|于)|(?<=所)(?:有|属)|(?<=级)(?:别)|(?<=面)(?:对)|(?<=部)(?:门|署|分)|(?<=次)(?:级))"
"""What may not follow a word of measure: it would be another word (3年度, 5对照)."""
RATES = ("%", "‰", "个百分点", "百分点")
"""Units of shares and of their changes: such numbers add up to nothing."""
_ALIKE = (("人", "名", "位"), ("起", "件", "宗", "例"), ("辆", "台", "部"), ("%", "％"), ("个百分点", "百分点"))
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000}
_SCALES |= {"": 1, "亿": 100_000_000}
_TIMES = {"年", "个月", "日", "天", "小时", "分钟", "周", "个工作日"}
"""Units of time: limits and spans, no counts."""

_NUMBER = re.compile(
    r"(?P<number>\d{1,12}(?:[,，]\d{3})*(?:[.．]\d{1,6})?)(?P<early>[余多](?=[万亿]))?"
    rf"(?P<scale>[百千十]?[万亿]|[百千十])?(?P<more>[余多])?(?P<unit>{UNIT}){NOT_UNIT}(?P<after>以上|以下|以内|左右|余)?"
)
_BEFORE = re.compile(r"(?:不得超过|不超过|不少于|不低于|超过|共计|累计|大约|接近|不足|至少|最多|约|近|超|逾)$")
_JOINED = re.compile(r"[\d.．A-Za-z+＋-]")
_BREAK = re.compile(r"[。！？；;!?\n]")
_CLAUSE = re.compile(r"[，,：:、“”‘’（）()《》〔〕\[\]\d%％]")
PERIOD = re.compile(
    r"(?:今年|去年|前年|近年|本年度?|\d{4}年(?:\d{1,2}月(?:份)?)?|\d{1,2}月(?:份)?)以来|教育整顿期间|期间"
    r"|近(?:[0-9一二两三四五六七八九十]{1,3})(?:年|个月)|截至目前|截止目前|目前|(?:今年)?[上下]半年|全年|年内|年底|近期"
    r"|(?<![较比])[去前]年(?!同期|、)"
    r"|第?[一二三四]季度|\d{4}年(?:\d{1,2}月)?|\d{1,2}月(?:份|底)?|本月|上月|每[日周月季年]"
)
"""Words for a period."""
_FILLERS = re.compile(
    r"(?:共计|累计|合计|总计|共|已经|已|分别|达到|达|为|约|近|了|有|将|等|对|先后|成功|其中|总共|一共|均|全部|仅|只|在|经|并|又|还|也|到|至|全市|全区|全局|分局|我局|全国|全省)+"
)
_RANGE = re.compile(r"[\d万亿千百%％][至到—－~～-]$")
_MARK = "其中"
_LONGEST = 60
"""Characters before a number that say what it counts."""


@dataclass(frozen=True)
class Number:
    """A number in a text: ``start`` and ``end`` are its place there, ``words`` those of its clause before it without fillers
    and periods, ``behind`` those after it, ``period`` the period named last before it in its sentence ("" for none), ``part``
    whether it stands behind 其中, ``sentence`` where its sentence begins."""

    value: Decimal
    unit: str
    qualifier: str
    start: int
    end: int
    words: str
    behind: str
    period: str
    part: bool
    sentence: int

    @property
    def amount(self) -> Amount:
        """The number as the value of a figure."""
        known = self.qualifier if self.qualifier in ("余", "近", "约", "超过", "不足", "不少于", "不超过") else ""
        return Amount(self.value, self.unit, known or (self.qualifier if self.qualifier in ("以上", "左右") else ""))


def alike(one: str, other: str) -> bool:
    """Whether two words of measure count the same sort of thing (人 and 名, 起 and 件)."""
    return one == other or any(one in group and other in group for group in _ALIKE)


@lru_cache(maxsize=16_384)
def numbers(text: str) -> tuple[Number, ...]:
    """The numbers with a unit in a text, in order; years, dates and spans of time are none."""
    found: list[Number] = []
    sentence, period, part, last = 0, "", False, 0
    for hit in _NUMBER.finditer(text):
        first = hit.start()
        if first and _JOINED.match(text, first - 1):
            continue
        said = _BEFORE.search(text, first - 4 if first > 4 else 0, first)
        before = said[0] if said else ""
        told = first - len(before)
        between = text[last:told]
        if _BREAK.search(between):
            sentence, period, part = last + max(m.end() for m in _BREAK.finditer(between)), "", False
            between = text[sentence:told]
        periods = PERIOD.findall(between)
        period = periods[-1] if periods else period
        part = part or _MARK in between
        last = hit.end("unit")
        if hit["unit"] in _TIMES or _RANGE.search(text, max(0, first - 4), first):
            continue
        value = Decimal(re.sub("[,，]", "", hit["number"]).replace("．", "."))
        found.append(
            Number(
                value * _SCALES.get(hit["scale"] or "", 1),
                hit["unit"].replace("％", "%"),
                _qualifier(hit, before),
                first,
                hit.end("after") if hit["after"] else hit.end("unit"),
                words_before(text[max(sentence, told - _LONGEST) : told]),
                _CLAUSE.split(_BREAK.split(text[hit.end() : hit.end() + 16])[0])[0],
                period,
                part,
                sentence,
            )
        )
    return tuple(found)


def _qualifier(hit: re.Match[str], before: str) -> str:
    if hit["more"] or hit["early"] or hit["after"] == "余":
        return "余"
    said = hit["after"] or before
    return {"超": "超过", "逾": "超过", "大约": "约", "接近": "近", "不得超过": "不超过", "至少": "不少于"}.get(
        said, said
    )


def words_before(before: str) -> str:
    """The words of the clause a number ends, without fillers at either end and without periods."""
    clause = _CLAUSE.split(PERIOD.sub("", before))[-1]
    head = _FILLERS.match(clause)
    clause = clause[head.end() :] if head else clause
    while tail := re.search(_FILLERS.pattern + r"$", clause):
        clause = clause[: tail.start()]
    return clause


def tells(told: Number, value: Decimal) -> bool:
    """Whether a number as told means a value: the same, or what its qualifier allows (33000余 of 33412, 近200 of 193)."""
    if told.qualifier in ("余", "以上", "超过", "不少于"):
        step = Decimal(1).scaleb(max(told.value.adjusted(), 0))
        return told.value <= value < told.value + step
    if told.qualifier in ("近", "不足", "不超过", "以下", "以内", "最多"):
        return told.value * Decimal("0.8") <= value <= told.value
    if told.qualifier in ("约", "左右"):
        return abs(told.value - value) <= told.value / 10
    places = -int(exponent) if isinstance(exponent := told.value.as_tuple().exponent, int) and exponent < 0 else 0
    if places:  # a number with decimals may be rounded or cut
        return abs(abs(value) - told.value) < Decimal(1).scaleb(-places)
    return abs(value) == told.value
