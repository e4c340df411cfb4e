"""The way to a value of a definition in the words of a clerk: 登记表“加油登记”的字段“加油量”（最小值)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from db.schema.definition.bounds import HIDDEN, TITLES
from db.schema.definition.conditions import TESTS as COMPARED
from db.schema.definition.fields import KIND_TITLES, OPTION_TITLES
from db.schema.definition.indicators import MEASURED, MODELS
from db.schema.definition.rules import TESTS, Rule
from db.schema.definition.slots import slots
from db.schema.definition.terms import OPERATIONS
from db.schema.definition.wrong import Path

_HEAD = {"number": "序号", "title": "名称", "version": "版本", "cues": "识别词", "help": "说明", "shown": "怎样称呼一行",
         "order": "排序", "closing": "销号日期", "any": "任意一组", "none": "都不满足", "money": "金额",
         "passes": "合格的例子", "finds": "查出的例子", "computed": "算出的值"}  # fmt: skip


def place(body: Mapping[str, Any], path: Path) -> str:
    """Where a value stands, by the titles of the pieces; keys only where a piece has no title."""
    if not path or path[0] not in TITLES:
        return "、".join(_words(path)) or "定义"
    part, rest = str(path[0]), path[2:]
    pieces = body.get(part)
    piece: Any = _at(pieces, path[1]) if len(path) > 1 else None
    found = f"{TITLES[part]}{_named(piece, path[1] if len(path) > 1 else '')}"
    if part == "register" and rest[:1] == ("field",) and len(rest) > 1:
        inner = _at(_at(piece, "field"), rest[1])
        found, rest = f"{found}的字段{_named(inner, rest[1])}", rest[2:]
        rest = () if rest[:1] and rest[0] in KIND_TITLES and rest[0] != "computed" else rest
    told = "、".join(_words(rest))
    return f"{found}（{told}）" if told else found


def _at(pieces: Any, key: str | int) -> Any:
    if isinstance(pieces, Mapping):
        return pieces.get(key)
    inside = isinstance(pieces, list) and isinstance(key, int) and key < len(pieces)
    return pieces[key] if inside else None


def _named(piece: Any, key: str | int) -> str:
    words = ""
    if isinstance(piece, Mapping):
        words = next((str(piece[k]) for k in ("title", "computed", *KIND_TITLES) if isinstance(piece.get(k), str)), "")
    if not words and isinstance(key, int):
        return f"第 {key + 1} 条"
    named = " ".join(HIDDEN.sub("", words or str(key)).split())
    return f"“{named[:40]}”" if named else ""


def _words(path: Path) -> list[str]:
    """Steps that have a Chinese name; the keys of fields and pieces say nothing to a clerk."""
    known = _labels()
    return [
        f"第 {one + 1} 项" if isinstance(one, int) else known[one]
        for one in path
        if isinstance(one, int) or one in known
    ]


@cache
def _labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for model in (*MODELS, Rule, *TESTS.values()):
        for key, (slot, _needed) in slots(model).items():
            found.setdefault(key, slot.label)
    tests = {key: model.title for key, model in TESTS.items()} | {key: told[2] for key, told in OPERATIONS.items()}
    return {**found, **TITLES, **COMPARED, **MEASURED, **tests, **OPTION_TITLES, **_HEAD}
