"""The stored form of a tree: canonical JSON, read back equal, strict about what it does not know.

Issuing keeps ``to_json`` and ``digest``: equal trees give equal bytes, and a field that holds its default is left out, so
that a field added later does not change the digest of an old paper.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Callable
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
    checks = _checks(kind.__name__)
    values: dict[str, Any] = {}
    for key, held in raw.items():
        if key == "node":
            continue
        value = _value(held) if isinstance(held, dict | list) else held
        if key not in checks or not checks[key](value):
            raise ValueError(f"{name}.{key} cannot be {held!r}")
        values[key] = value
    try:
        return kind(**values)
    except TypeError as missing:
        raise ValueError(str(missing)) from missing


@cache
def _checks(name: str) -> dict[str, Callable[[object], bool]]:
    """Field of that class → whether it may hold a value."""
    return {field: _check(hint) for field, hint in get_type_hints(NODES[name]).items()}


def _value(held: Any) -> Any:
    if isinstance(held, dict):
        return _node(held)
    if isinstance(held, list):
        return tuple(_value(item) for item in held)
    return held


def _check(hint: Any) -> Callable[[object], bool]:
    origin, arms = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        if all(isinstance(arm, type) for arm in arms):
            return lambda value: type(value) in arms
        checks = [_check(arm) for arm in arms]
        return lambda value: any(check(value) for check in checks)
    if origin is Literal:
        return lambda value: value in arms
    if origin is tuple:
        each = _check(arms[0])
        return lambda value: isinstance(value, tuple) and all(map(each, value))
    return lambda value: type(value) is hint
