"""Named ways of looking at the list of problems: one's own stay on this machine, those of the office are facts of the ledger.

A view that somebody makes is his own and never leaves his machine. Given to the office it becomes a record: it travels with the
ledger, its changes are deeds, and two branches that changed it meet as with any other record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome, create, delete
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.record import changed
from db.schema.records import ProblemView, words
from desktop_app.rectification.overview import STATES
from desktop_app.rectification.problem_list import Look

_LISTS = ("states", "categories", "aspects", "units", "tags")
_WORDS = ("due", "responsible", "words", "grouping", "sorting")
_OF_WORD = {word: state for state, word in STATES.items()}


def kept(look: Look) -> dict[str, Any]:
    """A look as plain values, for this machine's settings; what is as usual is left out."""
    usual = Look()
    names = (*_LISTS, *_WORDS, "descending")
    found = {name: getattr(look, name) for name in names if getattr(look, name) != getattr(usual, name)}
    return {name: list(one) if isinstance(one, tuple) else one for name, one in found.items()}


def look_of(told: Any) -> Look:
    """Plain values → the look; what is not to be understood is as usual."""
    values: dict[str, Any] = {}
    for name, one in told.items() if isinstance(told, Mapping) else ():
        if name in _LISTS and isinstance(one, list):
            values[name] = tuple(word for word in one if isinstance(word, str))
        elif (name in _WORDS and isinstance(one, str)) or (name == "descending" and isinstance(one, bool)):
            values[name] = one
    for name, known in (("due", words.DUE_WITHIN), ("grouping", words.GROUPINGS), ("sorting", words.SORTINGS)):
        if values.get(name) not in known:
            values.pop(name, None)
    return Look(**values)


def shared(facts: Facts) -> list[ProblemView]:
    """The views of the office, by name."""
    return facts.all(ProblemView)


def look(view: ProblemView) -> Look:
    """A view of the office → what it shows."""
    return Look(
        tuple(_OF_WORD[one] for one in view.states or () if one in _OF_WORD),
        view.categories or (),
        view.aspects or (),
        view.units or (),
        view.due or "",
        view.responsible or "",
        view.tags or (),
        view.words or "",
        view.grouping or "",
        view.sorting or "printed",
        bool(view.descending),
    )


def _values(look: Look) -> dict[str, Any]:
    return {
        "states": tuple(STATES[one] for one in look.states) or None,
        "categories": tuple(one for one in look.categories if one) or None,
        "aspects": tuple(one for one in look.aspects if one) or None,
        "units": tuple(one for one in look.units if one) or None,
        "due": look.due or None,
        "responsible": " ".join(look.responsible.split()) or None,
        "tags": look.tags or None,
        "words": " ".join(look.words.split()) or None,
        "grouping": look.grouping or None,
        "sorting": None if look.sorting == "printed" else look.sorting,
        "descending": True if look.descending else None,
    }


def share(ledger: Ledger, title: str, look: Look, actor: str) -> Outcome:
    """Gives a view to the office under a name; the one of that name is changed."""
    name = " ".join(title.split())
    if not name:
        raise Refusal("视图还没有名称。", "请写一个名称，如 本月到期。", "problems")
    before = next((one for one in shared(ledger) if one.title == name), None)
    values = {"title": name, **_values(look)}
    if before is None:
        told = {field: value for field, value in values.items() if value is not None}
        return ledger.act(Deed(f"新增常用视图“{name}”", actor, (create(ProblemView, **told),)))
    differing = changed(before, values)
    if not differing:
        return Outcome()
    return ledger.act(Deed(f"修改常用视图“{name}”", actor, (Edit("problem_view", before.id, differing),)))


def forget(ledger: Ledger, view: ProblemView, actor: str) -> Outcome:
    """Takes a view of the office away."""
    return ledger.act(Deed(f"删除常用视图“{view.title}”", actor, (delete(view),)))
