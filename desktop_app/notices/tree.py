"""The notice as a tree of plain values: what is said and what each part is, no millimetre and no face file.

``compose`` grows the tree, the writers (``sheet`` + ``pdf``, ``plain``) read it. Issuing stores ``to_json`` and
``digest``, so both are canonical: equal trees give equal bytes, and a field that holds its default is left out, so that
a field added later does not change the digest of an old notice.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

FORMAT = 1
"""Number of the stored form; raised when an old reader would misread a new tree."""

Face = Literal["body", "kai", "hei", "song"]
"""仿宋 (body), 楷体, 黑体, 宋体. 小标宋 belongs to the title and the red head and is never asked for in a run."""

Role = Literal["body", "flush", "centre", "right"]
"""How a paragraph stands: first indent of two characters, flush left (the salutation), centred, or flush right."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words of one face. ``origin`` is the record the words come from (``problem:01H…``), or empty."""

    text: str
    face: Face = "body"
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading, number included: level 1 一、 2 （一） 3 1. 4 （1） (GB/T 9704 7.3.3).

    ``runs_on`` is text that follows on the same line in the same paragraph, as in ``1.关于…的整改。整改措施：…``.
    Without it the heading stands alone and is never the last line of a page.
    """

    level: int
    text: str
    runs_on: tuple[Run, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body."""

    runs: tuple[Run, ...]
    role: Role = "body"


@dataclass(frozen=True, slots=True)
class Attachments:
    """附件说明 (7.3.4): the titles only, in order; the word 附件 and the numbers are the typesetter's."""

    titles: tuple[str, ...]


Block = Heading | Paragraph | Attachments


@dataclass(frozen=True, slots=True)
class Head:
    """版头 (7.2). ``mark`` is the red head as printed (organ + 文件); empty parts take no line."""

    mark: str
    document_number: str = ""
    serial: str = ""
    secrecy: str = ""
    urgency: str = ""
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """发文机关署名 and 成文日期 (7.3.5); the date as printed, 2021年11月3日.

    ``seal``: ``none`` sets 7.3.5.2, ``room`` leaves the place of 7.3.5.1 for a seal stamped by hand.
    """

    organ: str
    date: str
    seal: Literal["none", "room"] = "none"
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记 (7.4): copies to, issuing office, its date as printed (印发 is the typesetter's)."""

    office: str
    date: str
    copies_to: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole paper. ``title`` is one string, the typesetter breaks it; ``note`` is 附注 (7.3.6) without its brackets;
    ``after`` is what an old paper prints below its date.

    ``author``, ``subject`` and ``keywords`` go into the file's properties and are not printed.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    signature: Signature | None = None
    after: tuple[Block, ...] = ()
    head: Head | None = None
    addressees: str = ""
    note: str = ""
    imprint: Imprint | None = None
    language: str = "zh-CN"
    author: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()


Node = Document | Head | Heading | Paragraph | Run | Attachments | Signature | Imprint

_NODES: dict[str, type[Any]] = {
    c.__name__: c for c in (Document, Head, Heading, Paragraph, Run, Attachments, Signature, Imprint)
}
_HINTS: dict[str, dict[str, Any]] = {name: get_type_hints(kind) for name, kind in _NODES.items()}


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


def texts(document: Document) -> Iterator[str]:
    """Every printed string of the tree, in no promised order: for checking that a face has each character."""
    yield from _strings(document)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif type(value) in _NODES.values():
        for field in fields(value):  # type: ignore[arg-type]
            if field.name not in _UNPRINTED:
                yield from _strings(getattr(value, field.name))


_UNPRINTED = frozenset({"origin", "face", "role", "seal", "language", "author", "subject", "keywords"})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if type(value) not in _NODES.values():
        return value
    plain: dict[str, Any] = {"node": type(value).__name__}
    for field in fields(value):
        held = getattr(value, field.name)
        if field.default is MISSING or held != field.default:
            plain[field.name] = _plain(held)
    return plain


def _node(raw: dict[str, Any]) -> Any:
    name = raw.get("node")
    kind = _NODES.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ValueError(f"unknown node {name!r}")
    hints = _HINTS[kind.__name__]
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
