"""The kind of structured content: the body of a definition, written by the designer or a file, never typed by a clerk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson

from db.schema.kinds import Kind, Stored

Json = dict[str, Any] | list[Any]
"""JSON without floats, so that every program reads the same; decimals are text."""

DEPTH = 20
"""Levels of lists and dicts a body may have."""
LARGEST = 1 << 20
"""Bytes a body may have as canonical JSON."""


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
        wrong = _wrong(stored, foreign=True)
        if wrong:
            raise self.wrong(wrong)
        return stored  # type: ignore[no-any-return]

    def check(self, value: Json) -> None:
        wrong = _wrong(value)
        if wrong:
            raise self.wrong(wrong)


def canonical_json(value: Json) -> str:
    """The one spelling of a body: sorted keys, no blanks."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


_BARE = ("\x7f", "\u2028", "\u2029", "\ufffe", "\uffff")
_ESCAPED = ("\\u00", "\\b", "\\f", "\\r")
"""How canonical JSON writes the characters that no field keeps (``typed.UNPRINTABLE``)."""
_FLAT = str.maketrans("{}", "[]")


def _wrong(value: Any, *, foreign: bool = False) -> str:
    """Why a body cannot be kept; "" when it can. It is the JSON that is looked at, not part after part: bodies hold
    thousands of parts, and are looked at whenever they are saved, taken and read. A ``foreign`` one was read from JSON."""
    if not isinstance(value, dict | list):
        return "应是一组有名称的内容。"
    try:
        words = canonical_json(value)
    except (TypeError, ValueError):  # names that are no text, numbers of more than 64 bits, half characters, circles
        return "里有读不懂的内容。"
    if len(words) > LARGEST or len(words.encode()) > LARGEST:
        return "太长，最多 1 MB。"
    if not foreign and orjson.loads(words) != value:  # a tuple, a day: what comes back is another value
        return "里有读不懂的内容。"
    plain = words.replace("\\\\", "") if "\\" in words else words
    if any(sign in plain for sign in (*_BARE, *_ESCAPED)):
        return "含有不能打印的字符。"
    bare = "".join(plain.replace('\\"', "").split('"')[::2])
    if "." in bare or re.search(r"\de", bare):
        return '里的小数要写成文字（如 "0.5"）。'
    if re.search(r"\d{19}", bare):
        return "里的数字太大。"
    nested = re.sub(r"[^\[\]]+", "", bare.translate(_FLAT))
    for _ in range(DEPTH):
        nested = nested.replace("[]", "")
    return f"套得太深，最多 {DEPTH} 层。" if nested else ""
