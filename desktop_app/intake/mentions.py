"""The figures and documents a problem's text mentions, as records offered with their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.composite import QUALIFIERS, Amount, Quantity, Span
from db.schema.record import Record
from db.schema.records import CitedRule, Figure, Regulation, words
from desktop_app.intake import draft as drafts
from desktop_app.intake.fitting import line
from desktop_app.intake.source import Source

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
_NAME_ENDS = re.compile(r"[，。；：、！？,;:“”‘’（）()《》〔〕\d０-９]")
_FILLERS = re.compile(r"(共计|累计|合计|共|已|分别|达到|达|为|约|近|了|有|将|等|对|以来|其中)+$")


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
    before = "".join(text[max(0, amount.place.start - 40) : amount.place.start].split())
    after = "".join(text[amount.place.end : amount.place.end + 20].split())
    name = _name(before, after, value.unit)
    unique, number = name, 1
    while unique in names:
        number += 1
        unique = f"{name}{number}"
    names.add(unique)
    return {
        "name": unique,
        "value": value,
        "period": Span(wording=period[:100]) if (period := line(amount.period)) and "至" not in period else None,
        "comparison": next((key for word, key in _COMPARISONS if word in amount.comparison), None),
        "nature": "rate" if value.unit in ("%", "个百分点", "‰") else None,
        "source": "entered",
        "context": line(before[-20:] + amount.text + after[:12]),
    }


def _value(amount: drafts.Amount) -> Amount | None:
    """The amount as printed (3.5万元 stays 万元). Numbers in Chinese words (三个规定, 两批) are names more often than
    figures: they are offered in the draft, and not entered."""
    try:
        printed = Quantity("数值").parse(amount.text)
    except Refusal:
        return None
    if printed is None:
        return None
    qualifier = amount.qualifier if amount.qualifier in QUALIFIERS and not printed.qualifier else printed.qualifier
    return Amount(printed.value, printed.unit, qualifier)


def _moved(amount: drafts.Amount, by: int) -> drafts.Amount:
    return replace(amount, place=drafts.Place(amount.place.start - by, amount.place.end - by))


def _name(before: str, after: str, unit: str) -> str:
    """A name for a figure from the words around it: those before it in its clause, else those behind it."""
    clause = _FILLERS.sub("", _NAME_ENDS.split(before)[-1])
    if len(clause) < 2:
        clause = _NAME_ENDS.split(after)[0]
    return (clause[-14:] if len(clause) >= 2 else f"{clause}数据{unit}").replace("{", "").replace("}", "") or "数据"
