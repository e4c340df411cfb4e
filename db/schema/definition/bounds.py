"""How much a definition may say. Definitions come with merged ledgers, on sticks and from other programs: whatever one holds,
reading it takes a moment and ends, and what goes beyond is left out with a sentence.

The bounds are ten times what any category of the seed needs (its largest has 32 registers of 36 fields, 65 indicators, 89 rules).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from db.schema.definition.wrong import Path, Wrong

DEPTH = 14
"""Levels of tables and lists in a piece: a term of five operations within each other fits, and a ledger's body keeps it."""
MOST = {"register": 200, "field": 200, "indicator": 600, "rule": 600, "table": 200, "passage": 600, "of": 500}
"""Part → how many a category (of fields: a register; of choices: a field) may have."""
TITLES = {
    "register": "登记表",
    "field": "字段",
    "indicator": "指标",
    "rule": "规则",
    "table": "对照表",
    "passage": "语句",
    "of": "选项",
}
"""Part → what a clerk calls it."""
LIST = 500
"""Items of any other list: values of a test, lines of a threshold table, parts of a total, examples."""
CUES = 1_000
STEPS = 4
"""Steps of a path over references: vehicle.keeper.unit.name."""
WEIGHT = 200
"""Values a term or a condition may come down to once every computed field in it is written out."""
HEIGHT = 12
"""Indicators reckoned from indicators reckoned from indicators …"""
LATEST = 1_000_000
"""The greatest version of a definition: there must always be a newer one."""
LABEL, WORDS = 80, 4_000
"""Characters of what stands above a field or in a list, and of anything else."""
GREATEST = 10**18

SHORT = frozenset(("title", "unit", "section", "default", *TITLES.keys()))
"""Keys whose text stands above a field, in a head or in a list."""
HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u0085\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Characters that print nothing or turn the direction of what follows: with them one name is taken for another."""


def within(raw: Mapping[str, Any], tell: Callable[[Wrong], None]) -> dict[str, Any]:
    """A body as read, without the pieces that go beyond the bounds; each is told."""
    kept: dict[str, Any] = {}
    for key, value in raw.items():
        there = (str(key),)
        if key == "passage" and isinstance(value, list):
            kept[key] = _clean(there, enumerate(_few(there, key, value, tell)), tell, keep_place=True)
        elif key in MOST and isinstance(value, Mapping):
            pieces = dict(_clean(there, _few(there, key, value, tell).items(), tell))
            kept[key] = {name: _fields((*there, name), one, tell) for name, one in pieces.items()}
        else:
            kept |= dict(_clean((), ((key, value),), tell))
    return kept


def _few(path: Path, part: str, raw: Any, tell: Callable[[Wrong], None]) -> Any:
    """A table or a list of pieces, cut where there are too many."""
    most = MOST[part]
    if len(raw) <= most:
        return raw
    what = f"{TITLES[part]}有 {len(raw)} 个，最多 {most} 个，后面的没有采用。"
    tell(Wrong(path, what, "请删去用不着的，或分成几个类别。"))
    return raw[:most] if isinstance(raw, list) else dict(list(raw.items())[:most])


def _clean(path: Path, pieces: Any, tell: Callable[[Wrong], None], *, keep_place: bool = False) -> Any:
    """Pieces (name, value) without those that hold what no definition may; of a list those left, of a table their pairs."""
    found = []
    for name, value in pieces:
        wrong = faulty(value, name) if isinstance(name, str | int) else Wrong((), "里有不是文字的名称。")
        if isinstance(name, str) and wrong is None and (len(name) > 60 or HIDDEN.search(name)):
            wrong = Wrong((), "代号太长，或含有不能打印的字符。", "请换一个名称。")
        if wrong is None:
            found.append(value if keep_place else (name, value))
        elif path == ("register",) and isinstance(value, Mapping) and isinstance(value.get("field"), Mapping):
            found.append((name, _register((*path, name), value, tell)))
        else:
            tell(wrong.within((*path, name)))
    return found


def _register(path: Path, raw: Mapping[str, Any], tell: Callable[[Wrong], None]) -> dict[str, Any]:
    """A register without those of its keys and fields that go beyond the bounds."""
    found = dict(_clean(path, ((k, v) for k, v in raw.items() if k != "field"), tell))
    return {**found, "field": dict(_clean((*path, "field"), raw["field"].items(), tell))}


def _fields(path: Path, raw: Any, tell: Callable[[Wrong], None]) -> Any:
    if path[0] != "register" or not isinstance(raw, Mapping) or not isinstance(raw.get("field"), Mapping):
        return raw
    return {**raw, "field": _few((*path, "field"), "field", raw["field"], tell)}


def faulty(raw: Any, name: str | int = "") -> Wrong | None:
    """The first thing in a piece that no definition may hold, with the way to it; None when there is nothing. Does not recurse:
    pieces may be nested thousands of times."""
    for path, key, value in _parts(raw, name):
        what = _fault(key, value) if len(path) <= DEPTH else f"套得太深，最多 {DEPTH} 层。"
        if what:
            return Wrong(path[:DEPTH], what, "请改短或分开写。")
    return None


def _parts(raw: Any, name: str | int) -> Iterator[tuple[Path, str | int, Any]]:
    """Every value of a piece with the way to it and the key it stands under (a list's items under that of the list)."""
    waiting: list[tuple[Path, str | int, Any]] = [((), name, raw)]
    while waiting:
        path, key, value = waiting.pop()
        yield path, key, value
        if isinstance(value, Mapping):
            waiting += [((*path, str(k)), k, v) for k, v in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, at), key, v) for at, v in enumerate(value)]


def _fault(key: str | int, value: Any) -> str:
    """What is wrong with one value, in the words behind its name; "" for nothing."""
    if isinstance(value, str):
        most = LABEL if key in SHORT else WORDS
        if len(value) > most:
            return f"文字有 {len(value)} 个字，最多 {most} 个。"
        return "含有不能打印的字符。" if not value.isprintable() and HIDDEN.search(value) else ""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        fits = -GREATEST < value < GREATEST
        return "" if fits and (isinstance(value, int) or "e" not in repr(value)) else "数字不能用，最多 18 位。"
    if isinstance(value, list):
        most = CUES if key == "cues" else MOST["of"] if key == "of" else LIST
        return f"有 {len(value)} 项，最多 {most} 项。" if len(value) > most else ""
    if isinstance(value, Mapping):
        if not all(isinstance(one, str) for one in value):
            return "里有不是文字的名称。"
        return f"有 {len(value)} 项，最多 {MOST['of']} 项。" if key == "of" and len(value) > MOST["of"] else ""
    return "" if value is None or hasattr(value, "isoformat") else "里有读不懂的内容。"
