"""A definition written as a TOML file, as a person would write it: one field, indicator key or choice a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from db.schema.definition.fields import KINDS
from db.schema.definition.slots import KEY

_WIDE = 110
"""Columns from which a list is written one item a line; Chinese counts two."""


def written(body: Mapping[str, Any]) -> str:
    """A plain body → the text of its file. ``read_words`` of it gives the same body."""
    lines: list[str] = []
    for key, value in body.items():
        if not isinstance(value, Mapping) and key != "passage":
            lines.append(f"{key} = {_value(value)}")
    for part, value in body.items():
        if part == "passage":
            for one in value:
                lines += ["", "[[passage]]", *_pairs(one)]
        elif isinstance(value, Mapping):
            for name, piece in value.items():
                lines += _piece(part, name, piece)
    return "\n".join(lines) + "\n"


def _piece(part: str, name: str, piece: Any) -> Iterator[str]:
    yield ""
    if isinstance(piece, list):  # a threshold table
        for step in piece:
            yield f"[[{part}.{_key(name)}]]"
            yield from _pairs(step)
        return
    yield f"[{part}.{_key(name)}]"
    fields = piece.get("field") if part == "register" else None
    nested = isinstance(fields, Mapping)
    yield from _pairs({k: v for k, v in piece.items() if not (nested and k == "field")})
    if isinstance(fields, Mapping):
        yield f"[{part}.{_key(name)}.field]"
        yield from _pairs({name: _kind_first(one) for name, one in fields.items()})


def _kind_first(field: Any) -> Any:
    """A field with its kind at the head, as one reads it."""
    if not isinstance(field, Mapping):
        return field
    words = [key for key in field if key == "computed"] or [key for key in field if key in KINDS]
    return {**{key: field[key] for key in words}, **{k: v for k, v in field.items() if k not in words}}


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    widest = max((len(_key(key)) for key in table), default=0)
    for key, value in table.items():
        yield f"{_key(key):<{widest}} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        items = [_value(one) for one in value]
        line = "[" + ", ".join(items) + "]"
        return line if _columns(line) <= _WIDE else "[\n" + "".join(f"  {one},\n" for one in items) + "]"
    return _text(str(value))


def _columns(line: str) -> int:
    return sum(2 if c > "\u2e7f" else 1 for c in line)


_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _text(words: str) -> str:
    return '"' + "".join(_ESCAPED.get(c) or (f"\\u{ord(c):04x}" if c < " " or c == "\x7f" else c) for c in words) + '"'


def _key(key: str) -> str:
    return key if KEY.fullmatch(key) or re.fullmatch(r"[A-Za-z0-9_-]+", key) else _text(key)
