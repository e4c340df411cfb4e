"""The kind of structured content: the body of a definition, written by the designer or a file, never typed by a clerk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import orjson

from db.schema.kinds import Kind, Stored
from db.schema.typed import UNPRINTABLE

Json = dict[str, Any] | list[Any]
"""JSON without floats, so that every program reads the same; decimals are text."""

DEPTH = 20
"""Levels of lists and dicts a body may have."""
LARGEST = 1 << 20
"""Bytes a body may have as canonical JSON."""
_BEYOND = 10**18


@dataclass(frozen=True)
class Body(Kind[Json]):
    """A dict or a list of texts, whole numbers, yes and no, and of dicts and lists of these. Shown as canonical JSON."""

    structured: ClassVar[bool] = True

    def parse(self, text: str) -> Json | None:
        if not text.strip():
            return None
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise self.wrong("不是能读懂的 JSON 内容，请检查括号、引号和逗号。") from None
        self.check(value)
        return self.load(value)

    def show(self, value: Json) -> str:
        return canonical_json(value)

    def load(self, stored: Stored) -> Json:
        self.check(stored)
        return stored  # type: ignore[no-any-return]

    def check(self, value: Json) -> None:
        if not isinstance(value, dict | list):
            raise self.wrong("应是一组有名称的内容。")
        wrong = _wrong(value, DEPTH)
        if wrong:
            raise self.wrong(wrong)
        if len(canonical_json(value).encode()) > LARGEST:
            raise self.wrong("太长，最多 1 MB。")


def canonical_json(value: Json) -> str:
    """The one spelling of a body: sorted keys, no blanks."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _wrong(whole: Json, deepest: int) -> str:
    """Why a body cannot be kept; "" when it can. A loop over its parts, level by level: bodies are looked at whenever a
    ledger is opened."""
    level: list[Any] = [whole]
    for depth in range(deepest + 2):
        below: list[Any] = []
        words: list[str] = []
        for part in level:
            if isinstance(part, str):
                words.append(part)
            elif isinstance(part, dict):
                if not all(isinstance(key, str) for key in part):
                    return "里有读不懂的名称。"
                words += part
                below += part.values()
            elif isinstance(part, list):
                below += part
            elif not (part is None or isinstance(part, int)) or abs(part or 0) >= _BEYOND:
                return _wrong_leaf(part)
        if UNPRINTABLE.search("".join(words)):
            return "含有不能打印的字符。"
        if depth == deepest and any(isinstance(part, dict | list) for part in level):
            return f"套得太深，最多 {deepest} 层。"
        level = below
    return ""


def _wrong_leaf(part: Any) -> str:
    if isinstance(part, int):
        return "里的数字太大。"
    return '里的小数要写成文字（如 "0.5"）。' if isinstance(part, float) else "里有读不懂的内容。"
