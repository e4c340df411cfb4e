"""The stored form of a tree: canonical JSON, read back equal, strict about what it does not know.

Issuing keeps ``to_json`` and ``digest``: equal trees give equal bytes, and a field that holds its default is left out, so
that a field added later does not change the digest of an old paper.
"""

from __future__ import annotations

import hashlib
import json
import types
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from desktop_app.notices.tree import NODES, Document

FORMAT = 1
"""Number of the stored form; raised when an old reader would misread a new tree."""


def to_json(document: Document) -> str:
    """The canonical stored form: keys sorted, defaults left out, no spaces, Chinese as it is."""
    plain = {"format": FORMAT, **_plain(document)}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Document:
    """Reads what ``to_json`` wrote. Unknown nodes, unknown or wrong fields and newer formats raise ``ValueError``."""
    raw = json.loads(text)
    if not isinstance(raw, dict) or raw.pop("format", None) != FORMAT:
        raise ValueError(f"not a notice tree of format {FORMAT}")
    document = _node(raw)
    if not isinstance(document, Document):
        raise ValueError(f"a {type(document).__name__} is not a whole document")
    return document


def digest(document: Document) -> str:
    """SHA-256 of the stored form in hex: what issuing keeps beside the tree."""
    return hashlib.sha256(to_json(document).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if type(value) not in NODES.values():
        return value
    from dataclasses import MISSING, fields  # nobody who only reads needs it

    plain: dict[str, Any] = {"node": type(value).__name__}
    for field in fields(value):
        held = getattr(value, field.name)
        if field.default is MISSING or held != field.default:
            plain[field.name] = _plain(held)
    return plain


def _node(raw: dict[str, Any]) -> Any:
    name = raw.get("node")
    kind = NODES.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ValueError(f"unknown node {name!r}")
    hints = _hints(kind.__name__)
    values: dict[str, Any] = {}
    for key, held in raw.items():
        if key == "node":
            continue
        value = _value(held)
        if key not in hints or not _fits(value, hints[key]):
            raise ValueError(f"{name}.{key} cannot be {held!r}")
        values[key] = value
    try:
        return kind(**values)
    except TypeError as missing:
        raise ValueError(str(missing)) from missing


@cache
def _hints(name: str) -> dict[str, Any]:
    """Field of that class → what it may hold."""
    return get_type_hints(NODES[name])


def _value(held: Any) -> Any:
    if isinstance(held, dict):
        return _node(held)
    if isinstance(held, list):
        return tuple(_value(item) for item in held)
    return held


def _fits(value: object, hint: Any) -> bool:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, arm) for arm in get_args(hint))
    if origin is Literal:
        return value in get_args(hint)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(item, get_args(hint)[0]) for item in value)
    return type(value) is hint
