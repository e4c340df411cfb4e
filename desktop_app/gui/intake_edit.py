"""Editing a draft before it is entered: a draft is frozen, so every edit gives a new one; no widget is needed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any

from db.schema.composite import Quantity
from db.schema.days import written
from desktop_app.intake.draft import Amount, Draft, Finding

Path = tuple[str | int, ...]
"""The way to a value inside a draft: names of fields and places in lists, ``("problems", 1, "measures", 0, "lead")``."""


def value_at(whole: Any, path: Path) -> Any:
    """The value at the end of a path."""
    for step in path:
        whole = whole[step] if isinstance(step, int) else getattr(whole, step)
    return whole


def replaced(whole: Any, path: Path, value: Any) -> Any:
    """The same tree with another value at the end of a path."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*whole[:step], replaced(whole[step], rest, value), *whole[step + 1 :])
    return replace(whole, **{step: replaced(getattr(whole, step), rest, value)})


def without(draft: Draft, path: Path) -> Draft:
    """The draft without one item of a list; the words in the text stay."""
    *front, last = path
    assert isinstance(last, int)
    items = value_at(draft, tuple(front))
    found: Draft = replaced(draft, tuple(front), (*items[:last], *items[last + 1 :]))
    return found


def with_value(draft: Draft, path: Path, value: Any) -> Draft:
    """The draft with a value a clerk typed. A new date is printed as dates are; a title a clerk wrote is no guess."""
    found: Draft = replaced(draft, path, value)
    if len(path) == 3 and path[0] == "amounts" and path[2] == "text":
        found = replaced(found, path[:2], _counted(found.amounts[int(path[1])]))
    if path == ("date",):
        found = replace(found, date_text=written(value) if isinstance(value, date) else "")
        found = without_finding(found, "date_missing") if value else found
    if path == ("title",) and value:
        found = without_finding(replace(found, title_guessed=False), "title_guessed")
    if len(path) == 3 and path[0] == "problems" and path[2] == "title" and value:
        problem = found.problems[int(path[1])]
        if not problem.heading:
            found = replaced(found, (*path[:2], "heading"), "关于“{title}”问题的整改。")
        found = replace(found, findings=_still(found, "problem_truncated", problem.place.start))
    return found


def _counted(amount: Amount) -> Amount:
    """An amount read again from its words; words without a number keep what was read before."""
    read = Quantity("数字").parse(amount.text)
    return replace(amount, value=read.value, unit=read.unit, qualifier=read.qualifier) if read else amount


def without_finding(draft: Draft, code: str) -> Draft:
    """The draft without the findings of that code."""
    return replace(draft, findings=tuple(f for f in draft.findings if f.code != code))


def _still(draft: Draft, code: str, start: int) -> tuple[Finding, ...]:
    return tuple(f for f in draft.findings if not (f.code == code and f.place.start == start))


def settled(draft: Draft, finding: Finding) -> Draft:
    """The draft without one finding: the clerk has looked at it."""
    return replace(draft, findings=tuple(f for f in draft.findings if f is not finding))


# -- suggestions ---------------------------------------------------------------------------------------------------

_WIDE = str.maketrans(":;,?!()", "：；，？！（）")
_NEAR = 16
"""Characters on each side by which a place of the paper is found again in the draft's fields."""


@dataclass(frozen=True)
class _Hit:
    """Where an odd mark may stand: path of the text, place in it, how many neighbours agree."""

    path: Path
    at: int
    score: int


def applied(draft: Draft, finding: Finding, paper: str) -> Draft | None:
    """The draft with a finding's suggestion in place of the words; None when they are not found in any field.

    ``paper`` is the text the finding's place counts in.
    """
    old = paper[finding.place.start : finding.place.end]
    if finding.code == "title_guessed":
        return settled(replace(draft, title=finding.suggestion), finding)
    if finding.code.startswith("email") and draft.contact is not None:
        return settled(replace(draft, contact=replace(draft.contact, email=finding.suggestion)), finding)
    if not finding.suggestion or len(old) != 1:
        return None
    hit = _found(draft, old, paper, finding)
    if hit is None:
        return None
    text = value_at(draft, hit.path)
    better = text[: hit.at] + finding.suggestion + text[hit.at + 1 :]
    return settled(replaced(draft, hit.path, better), finding)


def _found(draft: Draft, mark: str, paper: str, finding: Finding) -> _Hit | None:
    """The mark in the field where its neighbours on the paper are its neighbours too."""
    start, end = finding.place.start, finding.place.end
    before = _plain(paper[max(0, start - 3 * _NEAR) : start])[::-1]
    after = _plain(paper[end : end + 3 * _NEAR])
    best: _Hit | None = None
    for path, text in texts(draft):
        at = text.find(mark)
        while at >= 0:
            score = _agree(_plain(text[max(0, at - 3 * _NEAR) : at])[::-1], before)
            score += _agree(_plain(text[at + 1 : at + 1 + 3 * _NEAR]), after)
            if best is None or score > best.score:
                best = _Hit(path, at, score)
            at = text.find(mark, at + 1)
    return best if best is not None and best.score > 0 else None


def _plain(text: str) -> str:
    return "".join(text.split()).translate(_WIDE)


def _agree(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one[:_NEAR], other[:_NEAR], strict=False):
        if a != b:
            break
        count += 1
    return count


_TREES = ("contact", "chapters", "aspects", "problems", "next_steps")
"""The parts of a draft that hold its words; the other lists are about places in them."""


def texts(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Every text of the fields of a draft with its path."""
    for one in fields(draft):
        value = getattr(draft, one.name)
        if isinstance(value, str):
            yield (one.name,), value
        elif one.name in _TREES:
            yield from _texts(value, (one.name,))


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _texts(item, (*path, number))
    elif is_dataclass(value) and not isinstance(value, type) and type(value).__name__ not in ("Deadline", "Place"):
        for one in fields(value):
            yield from _texts(getattr(value, one.name), (*path, one.name))
