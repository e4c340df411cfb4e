"""Numbers in the words of a notice that do not go together: with the register, with each other, with their whole.

Each check looks at the words as they are printed, marks filled with their live values. A number says what it is by the
words of its clause; where these do not say enough nothing is found, because a false alarm costs a clerk more than a gap here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from db.schema.composite import Amount, Quantity
from desktop_app.rectification.cases import Said
from desktop_app.rectification.figures import Filled
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.numbers import RATES, Number, alike, numbers

_GENERIC = re.compile(
    "开展|进行|完成|组织|检查|问题|整改|发现|排查|召开|会议|培训|制定|出台|举办|活动|通报|谈话|查处|案件|人员|民警|辅警|工作|情况|数据|专项|全面|各类|累计|梳理|落实|涉及|推进|建立|制度|一批|各|的"
)
"""Words that say little of what a number counts: two numbers that share only these may well be of two things."""
_TELLING = 4
"""Characters beside these that make two numbers be of one thing."""
_ALL_DONE = re.compile(r"(?:全部|均已?|逐一|悉数|全数|一律)[^，。；：]{0,12}$")
_DONE = re.compile(
    r"整改|完成|办结|销号|立案|签订|发还|返还|移交|移送|纠正|处理|回收|清退|落实|清零|解决|化解|反馈|回复"
)
_COMPARED = re.compile(
    r"(?P<base>较(?:去年|上年|前年|上期|上月|上季度|上一?年)(?:同期)?|同比|环比|比去年(?:同期)?|比上年(?:同期)?)"
    r"[^，。；：\d]{0,10}(?:上升|下降|增长|增加|减少|提升|提高|降低|压降|回落|上涨|压减)(?:了|达)?$"
)
_BASE_SAID = re.compile(r"\d[\d.,]*\s*(?!%|％|‰|个?百分点)[一-鿿]")
_QUOTED = 22


@dataclass(frozen=True)
class Place:
    """Words of a record with its marks filled; ``where`` names the place for a sentence, ``group`` the problem ("" around)."""

    said: Said
    filled: Filled
    where: str
    group: str

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers in the words."""
        return numbers(self.filled.words)

    def typed(self, number: Number) -> bool:
        """Whether a number was typed, not filled in for a name."""
        return not any(first < number.end and number.start < last for first, last, _name in self.filled.marks)

    def quoted(self, number: Number) -> str:
        """The number with the words around it."""
        words = self.filled.words
        first = max(number.sentence, number.end - _QUOTED)
        cut = re.search(r"[，。；：、\n]", words[first : number.start])
        if cut and number.start - first - cut.end() >= 4:
            first += cut.end()
        return words[first : number.end].strip()

    def finding(self, code: str, severity: str, sentence: str, advice: str, *, matter: str, substance: str) -> Finding:
        """A finding at this place."""
        return Finding(
            code,
            severity,  # type: ignore[arg-type]
            sentence,
            advice,
            self.said.record,
            self.said.id,
            self.said.field,
            matter=matter,
            substance=substance,
        )


def within(places: Sequence[Place], covered: Iterable[Amount]) -> Iterator[Finding]:
    """What does not go together inside one problem. ``covered`` are the values of figures that have a base of comparison, or are
    told to have none: the words are not asked for it again."""
    known = list(covered)
    for place in places:
        if len(place.numbers) > 1:
            yield from _shares(place)
            yield from _all_done(place)
        yield from _without_base(place, known)
    yield from disagreeing(places, apart=False)


# -- two places ------------------------------------------------------------------------------------------------------


def disagreeing(places: Sequence[Place], *, apart: bool) -> Iterator[Finding]:
    """The same words around two different numbers: in one problem, or (``apart``) in different ones of a notice."""
    seen: dict[tuple[str, str, bool], list[tuple[Place, Number]]] = defaultdict(list)
    for place in places:
        for number in place.numbers:
            if number.unit not in RATES and _telling(number.words) >= _TELLING + 2 * apart:
                seen[number.words, _period(number.period), number.part].append((place, number))
    for told in seen.values():
        first, one = told[0]
        for place, other in told[1:]:
            differs = one.value != other.value and alike(one.unit, other.unit) and not _rounded(one, other)
            if differs and (first.group != place.group) == apart and _separate(first, one, place, other):
                here = f"{place.where}写“{place.quoted(other)}”"
                there = "前面" if first.group == place.group else first.where
                yield place.finding(
                    "places_disagree",
                    "warning",
                    f"{here}，{there}写“{first.quoted(one)}”，同一个数前后不一致。",
                    "请核对哪个对；确是两个数的，写明各自的期间或范围。",
                    matter=f"{one.words}|{one.period}",
                    substance=f"{one.value}|{other.value}",
                )
                break


def _telling(words: str) -> int:
    return len(_GENERIC.sub("", words))


def _period(words: str) -> str:
    """今年以来, 截至目前 and no period at all are told of the same number."""
    return "" if words in ("今年以来", "截至目前", "截止目前", "目前", "今年", "近期", "期间") else words


def _rounded(one: Number, other: Number) -> bool:
    """Whether a qualifier explains the difference: 200余名 and 213名."""
    loose = one if one.qualifier else other
    exact = other if loose is one else one
    return bool(loose.qualifier) and abs(loose.value - exact.value) * 5 <= max(loose.value, exact.value)


def _separate(first: Place, one: Number, place: Place, other: Number) -> bool:
    """Whether the two are told apart from each other; in one sentence they are a list (派出所一3起，派出所二5起)."""
    return first.said != place.said or one.sentence != other.sentence


# -- shares ----------------------------------------------------------------------------------------------------------


def _shares(place: Place) -> Iterator[Finding]:
    """A share behind 其中 larger than its whole. Where one of the shares is told in the words of the whole, the list holds other
    measures too, and only that one is tested (共追究9人，其中下发提示19人，追究3人)."""
    by_sentence: dict[int, list[Number]] = defaultdict(list)
    for number in place.numbers:
        by_sentence[number.sentence].append(number)
    for mine in by_sentence.values():
        first = next((at for at, one in enumerate(mine) if one.part), 0)
        whole = mine[first - 1] if first else None
        if whole is None or whole.unit in RATES:
            continue
        shares = [one for one in mine[first:] if alike(one.unit, whole.unit)]
        same = [one for one in shares if one.words and one.words == whole.words]
        for share in same or shares[:1]:
            if share.value > whole.value and not whole.qualifier:
                yield place.finding(
                    "share_exceeds",
                    "error",
                    f"{place.where}写“{place.quoted(whole)}”，其中的“{place.quoted(share)}”比总数还大。",
                    "请核对总数和其中数；不是其中的一部分，就不要写“其中”。",
                    matter=f"{whole.words}|{share.words}",
                    substance=f"{whole.value}|{share.value}",
                )


def _all_done(place: Place) -> Iterator[Finding]:
    """全部, 均, 逐一 said of fewer (or more) than there are: 发现问题84起，已全部整改80起."""
    words = place.filled.words
    for before, number in zip(place.numbers, place.numbers[1:], strict=False):
        if before.sentence != number.sentence or not alike(before.unit, number.unit) or before.value == number.value:
            continue
        said = _ALL_DONE.search(words, before.end, number.start)
        if said and _DONE.search(said[0]) and not before.qualifier and not number.qualifier:
            yield place.finding(
                "not_all",
                "warning",
                f"{place.where}写“{place.quoted(before)}”，又写“{place.quoted(number)}”，说是全部，两个数却不相等。",
                "请核对：没有全部完成的，把“全部”“均”“逐一”去掉，写明还剩多少。",
                matter=before.words,
                substance=f"{before.value}|{number.value}",
            )


# -- comparisons -----------------------------------------------------------------------------------------------------


def _without_base(place: Place, covered: Sequence[Amount]) -> Iterator[Finding]:
    """A comparison that says neither here nor in the figures what it is compared with."""
    words = place.filled.words
    for number in place.numbers:
        if number.unit not in RATES or not place.typed(number):
            continue
        compared = _COMPARED.search(words, number.sentence, number.start - len(_led(words, number)))
        if compared is None or any((one.value, one.unit) == (number.value, number.unit) for one in covered):
            continue
        if _BASE_SAID.search(words, compared.start(), compared.end()):
            continue
        clause = words[number.sentence : compared.start()]
        share = "率" in re.split("[，：]", clause.rstrip("，"))[-1] and number.unit == "%"
        points = "比率的变化还要分清是“%”还是“个百分点”。" if share else ""
        yield place.finding(
            "no_base",
            "note",
            f"{place.where}写“{compared[0]}{number.amount.qualifier}{_plain(number)}”，没有写基期是多少。",
            f"请在“数据”里填这个数和它的基期值，或引用会算同比的指标。{points}",
            matter=compared[0],
            substance=str(number.value),
        )


def _led(words: str, number: Number) -> str:
    """The qualifier in front of a number, which stands between it and the word that tells the change."""
    before = words[max(0, number.start - 3) : number.start]
    return next((q for q in ("不超过", "不少于", "超过", "不足", "约", "近") if before.endswith(q)), "")


def _plain(number: Number) -> str:
    return Quantity("").show(Amount(number.value, number.unit)) + (
        number.qualifier if number.qualifier in ("以上", "左右") else ""
    )


# -- figures and the words that tell them ----------------------------------------------------------------------------


def told_otherwise(places: Sequence[Place], values: Iterable[tuple[str, Amount, str]]) -> Iterator[Finding]:
    """A number typed by hand beside the words of a figure that has another value; ``values`` are names with value and period."""
    for name, amount, wording in values:
        words = _core(name)
        if _telling(words) < _TELLING or amount.unit in RATES:
            continue
        period = _period(wording)
        for place in places:
            for number in place.numbers:
                if not place.typed(number) or not alike(number.unit, amount.unit) or number.part:
                    continue
                told = _period(number.period)
                if not number.words.endswith(words) or (told and period and told != period):
                    continue
                if number.value != amount.value and not _rounded(number, _as_number(number, amount)):
                    yield place.finding(
                        "told_otherwise",
                        "warning",
                        f"{place.where}写“{place.quoted(number)}”，数据“{name}”却是 {Quantity('').show(amount)}。",
                        f"请核对哪个对；正文可以写成“{{{name}}}”，数就跟着数据走。",
                        matter=f"{name}|{number.words}",
                        substance=f"{number.value}|{amount.value}",
                    )


def _core(name: str) -> str:
    return re.sub(r"\d+$", "", name)


def _as_number(like: Number, amount: Amount) -> Number:
    return Number(amount.value, amount.unit, amount.qualifier, 0, 0, like.words, "", like.period, like.part, 0)
