"""The figures and documents a problem's text mentions, as records offered with their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.composite import QUALIFIERS, Amount, Quantity, Span
from db.schema.record import Record
from db.schema.records import CitedRule, Figure, Regulation, words
from desktop_app.intake import draft as drafts
from desktop_app.intake.fitting import line
from desktop_app.intake.source import Source
from desktop_app.rectification.numbers import PERIOD, UNIT, numbers, words_before
from desktop_app.rectification.reckoning import derived

_KINDS = {word: key for key, word in words.REGULATION_KINDS.items()}
_ACTIONS = {word: key for key, word in words.REGULATION_ACTIONS.items()}
_COMPARISONS = (
    ("前年同期", "same_before_last"),
    ("去年同期", "same_last_year"),
    ("同比", "same_last_year"),
    ("环比", "previous"),
    ("去年", "last_year"),
    ("上年", "last_year"),
)
_SAID = {
    "last_year": "较去年",
    "same_last_year": "较去年同期",
    "same_before_last": "较前年同期",
    "previous": "较上期",
}
_RISE = "上升|下降|增长|增加|减少|提升|提高|降低|压降|回落|上涨|压减"
_COUNT = r"(?P<{0}>\d{{1,9}})(?:起|件|人次|人|名|个|条|项|次|宗|例|万元|元)"
_TWO_BASES = re.compile(
    rf"去年(?:同期)?[、和与及]前年同期的?{_COUNT.format('last')}[、和与及]{_COUNT.format('before')}，?分别(?:{_RISE})了?"
    r"(?P<second>[\d.]+[%％][、和与及])?$"
)
_ONE_BASE = re.compile(rf"(?:较|比|同比)(?:去年|上年|前年|上期|上月)(?:同期)?的?{_COUNT.format('base')}(?:{_RISE})了?$")
_OPENS = re.compile(rf"(?:较|比|同比|环比|分别|{_RISE})")
_MEASURE = re.compile(rf"[十百千万亿余多]*(?:{UNIT}|[一-鿿]{{1,2}}/[一-鿿]{{1,3}})")
_COMPARED = re.compile(r"(?:较|比|同比|环比|相比)(?:去年|上年|前年|上期|上月|上升|下降|增长|增加|减少|提升|提高|降低)?")
_NAME_ENDS = re.compile(r"[，。；：、！？,;:“”‘’（）()《》〔〕\d０-９]")
_SHARES = ("%", "个百分点", "‰")


def records(
    source: Source,
    draft: drafts.Draft,
    problem: drafts.Problem,
    owner: str,
    measures: Sequence[tuple[drafts.Place, str]],
) -> Iterator[tuple[type[Record], Mapping[str, Any]]]:
    """(record class, values) for every figure and document mentioned inside the problem's place."""
    text = source.text
    names: set[str] = set()
    for amount in draft.amounts:
        if _inside(problem.place, amount.place):
            told = _figure(text[problem.place.start :], _moved(amount, problem.place.start), names)
            if told is not None:
                yield Figure, {"problem": owner, "measure": _measure(measures, amount.place), **told}
    seen: set[str] = set()
    for mention in draft.titles:
        title = line(mention.title)
        if title is None or title in seen or not _inside(problem.place, mention.place):
            continue
        seen.add(title)
        if mention.own:
            yield (
                Regulation,
                {
                    "problem": owner,
                    "measure": _measure(measures, mention.place),
                    "title": title,
                    "action": _ACTIONS.get(mention.action),
                    "kind": _KINDS.get(mention.kind, "other"),
                    "trial": True if mention.trial else None,
                },
            )
        else:
            yield CitedRule, {"problem": owner, "title": title}


def same(facts: Facts, cls: type[Record], owner: str, told: Mapping[str, Any]) -> Record | None:
    """The record an earlier reading made of this mention."""
    key = "context" if cls is Figure else "title"
    for record in facts.all(cls, problem=owner):
        if getattr(record, key) == told[key] and (cls is not Figure or getattr(record, "name", "") == told["name"]):
            return record
    return None


def _inside(outer: drafts.Place, inner: drafts.Place) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _measure(measures: Sequence[tuple[drafts.Place, str]], place: drafts.Place) -> str | None:
    """The innermost measure the place lies in."""
    return next((identifier for outer, identifier in reversed(measures) if _inside(outer, place)), None)


def _figure(text: str, amount: drafts.Amount, names: set[str]) -> dict[str, Any] | None:
    value = _value(amount)
    if value is None:
        return None
    before = "".join(text[max(0, amount.place.start - 60) : amount.place.start].split())
    after = "".join(text[amount.place.end : amount.place.end + 20].split())
    comparison = next((key for word, key in _COMPARISONS if word in amount.comparison), None)
    comparison, base = _base(before, comparison)
    name = _name(before, after, value.unit, comparison)
    unique, number = name, 1
    while unique in names:
        number += 1
        unique = f"{name}{number}"
    names.add(unique)
    return {
        "name": unique,
        "value": value,
        "period": Span(wording=period) if (period := _period(before)) else None,
        "comparison": comparison,
        "base_value": base,
        "nature": "rate" if value.unit in _SHARES else None,
        "numerator": _numerator(before, name, value) if value.unit == "%" and not comparison else None,
        "source": "entered",
        "context": line(before[-20:] + amount.text + after[:12]),
    }


def _numerator(before: str, name: str, value: Amount) -> Decimal | None:
    """The count a rate is told of: the number right before it in its sentence, where both say the same deed (破获286起，破案率)
    and one denominator alone makes this rate of it."""
    rate = name.rstrip("0123456789").rpartition("率")[0]
    told = numbers(re.split(r"[。；]", before)[-1])
    if len(rate) < 2 or not told:
        return None
    last = told[-1]
    whole = last.value == last.value.to_integral_value() and last.unit not in _SHARES and not last.qualifier
    meant = whole and rate[-2] in last.words and len(derived.implied(int(last.value), str(value.value))) == 1
    return last.value if meant else None


def _period(before: str) -> str:
    """The period named last in the sentence; what a change is compared with is none."""
    named = [one for one in PERIOD.findall(re.split(r"[。；]", before)[-1]) if "至" not in one]
    return named[-1] if named else ""


def _value(amount: drafts.Amount) -> Amount | None:
    """The amount as printed (3.5万元 stays 万元). Numbers in Chinese words (三个规定, 两批) are names more often than
    figures: they are offered in the draft, and not entered."""
    try:
        printed = Quantity("数值").parse(amount.text)
    except Refusal:
        return None
    if printed is None:
        return None
    if printed.unit[:2].strip("万亿千百十")[:1] in ("余", "多"):  # 2.3万余人次: the qualifier stands inside the unit
        return printed
    qualifier = amount.qualifier if amount.qualifier in QUALIFIERS and not printed.qualifier else printed.qualifier
    return Amount(printed.value, printed.unit, qualifier)


def _base(before: str, comparison: str | None) -> tuple[str | None, Decimal | None]:
    """What a change is compared with, and that number where the words before it tell it: 较去年同期的5起下降60%."""
    two = _TWO_BASES.search(before)
    if two:
        told = ("same_before_last", two["before"]) if two["second"] else ("same_last_year", two["last"])
        return told[0], Decimal(told[1])
    one = _ONE_BASE.search(before)
    return comparison, Decimal(one["base"]) if one else None


def _moved(amount: drafts.Amount, by: int) -> drafts.Amount:
    return replace(amount, place=drafts.Place(amount.place.start - by, amount.place.end - by))


def _name(before: str, after: str, unit: str, comparison: str | None) -> str:
    """A name for a figure from the words around it: those before it in its clause, else those behind it. A change is called by
    what changed (破案率较去年同期上升)."""
    clause = words_before(re.split(r"[。；]", before)[-1])
    if comparison and unit in _SHARES and (len(clause) < 2 or _OPENS.match(clause)):
        clause = _changed(before, comparison) or clause
    behind = _NAME_ENDS.split(after)[0]
    if len(clause) < 4 and len(behind) >= 4:
        clause = f"{clause}{behind}"
    if len(clause) < 2:
        clause = behind if len(behind) >= 2 else f"{clause}数据{unit}"
    return clause[-(24 if comparison else 16) :].replace("{", "").replace("}", "") or "数据"


def _changed(before: str, comparison: str) -> str:
    """What a change is of, with the base it is compared with: the words before the comparison, or the clause before that."""
    sentence = re.split(r"[。；\n]", before)[-1]
    compared = _COMPARED.search(sentence)
    if compared is None:
        return ""
    directions = re.findall(_RISE, sentence[compared.start() :])
    said = [words_before(part) for part in _NAME_ENDS.split(sentence[: compared.start()])]
    parts = [part for part in said if len(part) >= 2 and not _MEASURE.fullmatch(part) and not _OPENS.match(part)]
    subject = parts[-1][-14:] if parts else ""
    return f"{subject}{_SAID[comparison]}{directions[-1] if directions else '变化'}" if subject else ""
