"""Numbers with their unit in running text: value, qualifier (余, 以上, 不少于 …), period and comparison (seed reading, 4.3)."""

from __future__ import annotations

import re
from decimal import Decimal

from desktop_app.intake.draft import Amount
from desktop_app.intake.flow import Flow
from desktop_app.intake.marks import mark_at
from desktop_app.rectification.numbers import NOT_UNIT, UNIT

_SCALE = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}
_NUMBER = r"[0-9０-９]{1,12}(?:[,，][0-9]{3}){0,4}(?:[.．][0-9０-９]{1,6})?"
_BEFORE = r"(?:共计?|累计|约|大约|近|超过|超|不足|不少于|不低于|不超过|不得超过|至少|最多|达到?|逾|仅|先后)"
_AMOUNT = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<text>(?<![0-9０-９.．A-Za-z])(?P<number>{_NUMBER})(?P<early>[余多](?=[万亿]))?(?P<scale>[百千]?[万亿]|[百千十])?(?P<more>余|多)?(?P<unit>{UNIT}){NOT_UNIT})"
    r"(?P<after>以上|以下|以内|左右|余)?"
)
_RANGE = re.compile(
    rf"(?<![0-9０-９.．A-Za-z])(?P<low>{_NUMBER})(?P<lscale>[百千]?[万亿]|[百千])?(?P<lunit>{UNIT})?(?:至|到|—|－|-|~|～)(?P<high>{_NUMBER})(?P<hscale>[百千]?[万亿]|[百千])?(?P<hunit>{UNIT}){NOT_UNIT}"
)
_HUNDRED = re.compile(r"百分之(?P<number>[0-9０-９.]{1,6}|[一二三四五六七八九十百零点]{1,7})")
_LIST = re.compile(rf"(?<![0-9０-９.．])(?P<text>(?P<number>{_NUMBER})(?P<unit>%|％))")
_CHINESE = re.compile(
    r"(?<![一二两三四五六七八九十百千零第每某几数])(?P<text>(?P<number>[一二两三四五六七八九十百]{1,5})(?P<unit>名|批次|批|个方面|个月|个|大类|类|大|项|次|期|场|起|件|年|条|份|种|人|家|所|位|级))"
    r"(?!线|些|样|体|下|切|直|定|是|把|心|旦|并|般|致|味|面|贯)"
)
_PERIOD = re.compile(
    r"(?:今年|去年|近年|本年度?|[0-9]{4}年(?:[0-9]{1,2}月(?:份)?)?|[0-9]{1,2}月(?:份)?|近(?:[0-9一二两三四五六七八九十]{1,3})(?:年|个月)|巡[察视]|集中整改|整改|[一-鿿]{0,8}期间)?(?:以来|期间)"
    r"|近(?:[0-9一二两三四五六七八九十]{1,3})(?:年|个月)|截至目前|截止目前|目前|今年(?:上半年|下半年)?|上半年|下半年|全年|去年|年内|年底|近期|[0-9]{1,2}月份|[0-9]{4}年(?:[0-9]{1,2}月)?"
)
_COMPARISON = re.compile(
    r"(?:较|比|同比|环比|相比)(?:[^，。；0-9]{0,14}?)(?:[0-9]+起、[0-9]+起，)?(?:分别)?(?:上升|下降|增长|增加|减少|提升|提高|降低|压降|回落|上涨|压减)(?:了|达)?$"
)
_CHANGE = re.compile(
    r"(?:较|比|同比|环比|相比)[^。；]{0,40}(?:分别)?(?:上升|下降|增长|增加|减少|提升|提高|降低|压降|压减)(?:了|达)?(?:[0-9.]{1,6}[%％]、)?$"
)
_COUNTED = re.compile(r"(?P<word>累计|(?<!公)共计?(?!同|产|享|青)|先后|全部)[^，。；、0-9\n]{0,14}$")
_CLAUSE = 60


def amounts(flow: Flow, start: int, end: int) -> tuple[Amount, ...]:
    """The numbers with a unit in ``text[start:end]``, in order, without years, dates, addresses and enumerators."""
    text = flow.text
    taken: dict[int, Amount] = {}
    busy = bytearray(end - start)

    def keep(first: int, last: int, amount: Amount | None) -> None:
        if amount is not None and not any(busy[first - start : last - start]):
            busy[first - start : last - start] = b"\1" * (last - first)
            taken[first] = amount

    for hit in _RANGE.finditer(text, start, end):
        _keep_range(flow, hit, start, keep)
    for hit in _AMOUNT.finditer(text, start, end):
        keep(*hit.span("text"), _amount(flow, hit, start))
    for hit in _HUNDRED.finditer(text, start, end):
        value = _percent(hit["number"])
        if value is not None:
            keep(hit.start(), hit.end(), _seen(flow, hit.start(), hit.end(), start, value, "%", ""))
    for hit in _CHINESE.finditer(text, start, end):
        keep(*hit.span("text"), _chinese(flow, hit, start))
    return tuple(taken[at] for at in sorted(taken))


def _keep_range(flow: Flow, hit: re.Match[str], start: int, keep: object) -> None:
    """5万至30万元 is two amounts; the lower one takes unit and scale of the upper when it has none."""
    unit = hit["hunit"]
    if unit in ("年", "日"):
        return
    low = _value(hit["low"], hit["lscale"] or ("" if hit["lunit"] else hit["hscale"] or ""))
    high = _value(hit["high"], hit["hscale"] or "")
    if callable(keep) and low is not None and high is not None and low < high:
        first_end = hit.end("lunit") if hit["lunit"] else hit.end("lscale") if hit["lscale"] else hit.end("low")
        keep(hit.start(), first_end, _seen(flow, hit.start(), first_end, start, low, hit["lunit"] or unit, "至"))
        keep(hit.start("high"), hit.end(), _seen(flow, hit.start("high"), hit.end(), start, high, unit, ""))


def _ascii(number: str) -> str:
    wide = number.translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    return wide.replace(",", "").replace("，", "")


def _value(number: str, scale: str) -> Decimal | None:
    return Decimal(_ascii(number)) * _SCALE[scale] if scale in _SCALE else None


def _amount(flow: Flow, hit: re.Match[str], start: int) -> Amount | None:
    text, unit, number = flow.text, hit["unit"], _ascii(hit["number"])
    before = text[max(start, hit.start("text") - 3) : hit.start("text")]
    if unit in ("年", "日") and (len(number) == 4 or before.endswith(("月", "第"))):
        return None
    if before.endswith("第") and unit in ("期", "次", "条", "批", "项"):
        return None
    value = _value(number, hit["scale"] or "")
    if value is None:
        return None
    qualifier = _qualifier(text, hit, start)
    return _seen(flow, hit.start("text"), hit.end("text"), start, value, unit, qualifier)


def _qualifier(text: str, hit: re.Match[str], start: int) -> str:
    if hit["more"] or hit["early"]:
        return "余"
    if hit["after"]:
        return hit["after"]
    if not hit["before"]:
        counted = _COUNTED.search(text, max(start, hit.start("text") - 18), hit.start("text"))
        return counted["word"] if counted else ""
    return {"不得超过": "不超过", "超": "超过", "逾": "超过", "大约": "约"}.get(
        hit["before"] or "", hit["before"] or ""
    )


def _chinese(flow: Flow, hit: re.Match[str], start: int) -> Amount | None:
    number, unit = hit["number"], hit["unit"]
    after = flow.text[hit.end() : hit.end() + 1]
    if number == "一" and unit not in ("名", "批次", "次") and not (unit == "年" and after in "一两"):
        return None
    if number == "一" and unit == "次" and after in "性次":
        return None
    at = hit.start()
    if at > start and flow.text[at - 1] in "之统专单唯进万" and number[0] == "一":
        return None
    mark = mark_at(flow.text, at, hit.end())
    value = None if mark else _han(number)
    if value is None:
        return None
    return _seen(flow, at, hit.end(), start, Decimal(value), unit, "")


def _han(number: str) -> int | None:
    """一 … 九百九十九; None when it is no number (两三, 三五)."""
    total, digit = 0, 0
    for character in number:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        elif digit:
            return None
        else:
            digit = "零一二三四五六七八九".find(character.replace("两", "二"))
    return total + digit


def _percent(number: str) -> Decimal | None:
    if re.fullmatch(r"[0-9０-９]+(?:\.[0-9]+)?", number):
        return Decimal(_ascii(number))
    whole, _, part = number.partition("点")
    value = _han(whole.replace("零", ""))
    if value is None:
        return None
    digits = "".join(str("零一二三四五六七八九".find(c)) for c in part if c in "零一二三四五六七八九")
    return Decimal(f"{value}.{digits}" if digits else value)


def _seen(flow: Flow, first: int, last: int, start: int, value: Decimal, unit: str, qualifier: str) -> Amount:
    """The amount with the period and comparison its clause gives."""
    text = flow.text
    left = max(start, first - _CLAUSE)
    sentence = text[left:first]
    cut = max(sentence.rfind("。"), sentence.rfind("\n"))
    sentence = sentence[cut + 1 :]
    period = ""
    for hit in _PERIOD.finditer(sentence):
        period = hit[0]
    change = _COMPARISON.search(sentence) or _CHANGE.search(sentence)
    unit = {"％": "%", "百分点": "个百分点"}.get(unit, unit)
    return Amount(
        text[first:last], value, unit, qualifier, period, change[0] if change else "", flow.place(first, last)
    )
