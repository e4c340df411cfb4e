"""The kinds of papers this program prints, and the one way to make and write any of them.

``made`` composes a paper from the ledger; ``write`` typesets it and puts it at its place as PDF, Word or text, whole or
not at all. Window and command line call these two and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.composite import Sheet
from db.schema.records import Unit
from desktop_app.notices import (
    chasing_paper,
    closing_paper,
    notice_paper,
    plain,
    receipt_paper,
    reminder_paper,
    table_papers,
    tree,
)
from desktop_app.notices.page import Pages
from desktop_app.notices.wanted import TOPIC, Kind, Wanted

Format = Literal["pdf", "docx", "txt"]
FORMATS: tuple[Format, ...] = get_args(Format)
_SUFFIXES = "、".join(f".{one}" for one in FORMATS)

_COMPOSERS: tuple[tuple[Kind, ...], ...] = (
    notice_paper.KINDS,
    table_papers.KINDS,
    reminder_paper.KINDS,
    chasing_paper.KINDS,
    closing_paper.KINDS,
    receipt_paper.KINDS,
)
KINDS: Mapping[str, Kind] = {kind.name: kind for some in _COMPOSERS for kind in some}
"""Name → kind, in the order they are offered."""

RECORDS = {
    "problem": "问题",
    "register": "登记表",
    "indicator": "指标",
    "category": "问题类别",
    "inspection": "巡察轮次",
}
"""``Kind.of`` → what a clerk calls it."""

Progress = Callable[[int, int], None]
"""Is told how many of how many papers are done."""


@dataclass(frozen=True)
class Made:
    """A composed paper: its documents (one, or one for each slip of a batch) and the bytes of their pictures by digest."""

    documents: tuple[tree.Document, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def kind_named(name: str) -> Kind:
    """The kind of that name or title; ``Refusal`` lists them all."""
    said = name.strip()
    found = KINDS.get(said) or next((kind for kind in KINDS.values() if kind.title == said), None)
    if found is None:
        listed = "、".join(f"{kind.name}（{kind.title}）" for kind in KINDS.values())
        raise Refusal(f"没有“{name}”这种文书。", f"可以印：{listed}。", TOPIC)
    return found


def made(facts: Facts, kind: Kind, wanted: Wanted, kept: Facts | None = None) -> Made:
    """Composes a paper. ``Refusal`` when something is missing that the kind needs, is not there, or gives nothing to print.

    ``kept`` is the ledger that holds the bytes of pictures where ``facts`` are those of an earlier day.
    """
    _complete(kind, wanted)
    documents = tuple(kind.make(facts, wanted))
    if not documents:
        none = "" if wanted.of else kind.nothing
        raise Refusal(none or f"没有可以印成“{kind.title}”的内容。", "请换一个单位、日期或范围。", TOPIC)
    return Made(documents, pictures(kept or facts, documents))


def _complete(kind: Kind, wanted: Wanted) -> None:
    asked = (
        (kind.unit, wanted.unit, "单位"),
        (kind.period, wanted.period, "期间"),
        (kind.records, wanted.of, RECORDS.get(kind.of, "记录")),
    )
    for need, given, what in asked:
        if need == "must" and not given:
            raise Refusal(f"印“{kind.title}”要先选定{what}。", f"请选定要印的{what}。", TOPIC)
        if need == "no" and given:
            raise Refusal(f"“{kind.title}”不分{what}，不能按{what}印。", f"请不要选定{what}。", TOPIC)
    for name, value in wanted.options.items():
        if name not in kind.options:
            raise KeyError(f"{kind.name} has no option {name!r}")
        kind.options[name].check(value)


def pictures(facts: Facts, documents: Sequence[tree.Document]) -> dict[str, bytes]:
    """The bytes of the pictures and seals of documents, by digest, from the papers kept in the ledger."""
    return {digest: b"".join(facts.open_paper(Sheet("图片", digest, 0))) for digest in sorted(set(_digests(documents)))}


def _digests(documents: Sequence[tree.Document]) -> Iterator[str]:
    for document in documents:
        yield from (block.digest for block in tree.every_block(document) if isinstance(block, tree.Picture))
        if document.signature is not None:
            yield from document.signature.seals


def numbered(paper: Made, copies: int, first: int = 1) -> Made:
    """The paper in several copies, each with its 份号 of six digits in the head (7.2.1)."""
    if not 1 <= copies <= 999_999 or not 1 <= first <= 1_000_000 - copies:
        raise Refusal("份数要在 1 至 999999 之间，份号最多 6 位。", "请改份数或起始份号。", TOPIC)
    return replace(
        paper,
        documents=tuple(
            replace(one, head=replace(one.head or tree.Head(""), serial=f"{number:06d}"))
            for number in range(first, first + copies)
            for one in paper.documents
        ),
    )


def file_name(facts: Facts, kind: Kind, wanted: Wanted, form: str = "pdf") -> str:
    """A name for the file of a paper: what it is, whose, of which day."""
    unit = facts.get(Unit, wanted.unit)
    named = f"（{unit.short_name or unit.name}）" if unit is not None else ""
    words = f"{kind.title}{named}{wanted.day}"
    return "".join("－" if sign in '\\/:*?"<>|' else sign for sign in words) + f".{form}"


def format_of(path: Path, said: str = "") -> Format:
    """The format asked for, or that of the file's suffix; ``Refusal`` for one that is not written."""
    wanted = (said or path.suffix).lower().removeprefix(".")
    found = next((form for form in FORMATS if form == wanted), None)
    if found is None:
        what = f"“{said}”" if said else f"“{path.name}”"
        raise Refusal(f"只能印成 {_SUFFIXES}，不能印成{what}。", "请改文件名的后缀。", TOPIC)
    return found


def _silent(_done: int, _all: int) -> None:
    """Nobody watches."""


def _never() -> bool:
    return False


def write(
    paper: Made,
    path: Path,
    form: Format,
    *,
    archive: bool = False,
    progress: Progress = _silent,
    cancelled: Callable[[], bool] = _never,
) -> None:
    """Writes a paper to ``path``, whole or not at all. Raises ``Refusal`` for what cannot be printed or when it was cancelled,
    ``Fault`` when the disk stands against it."""
    from desktop_app.notices import pdf

    pdf.write_bytes(to_bytes(paper, form, archive=archive, progress=progress, cancelled=cancelled), path)


def to_bytes(
    paper: Made,
    form: Format,
    *,
    archive: bool = False,
    progress: Progress = _silent,
    cancelled: Callable[[], bool] = _never,
) -> bytes:
    """The bytes of the paper's file; an ``archive`` file is a PDF/A-2b."""
    from desktop_app.notices import pdf

    if archive and form != "pdf":
        raise Refusal(f"存档的文书要存成 PDF，不能存成 .{form}。", "请改成 .pdf，或不要存档格式。", "archive")
    if form == "txt":
        return "\n\n".join(plain.text(document) for document in paper.documents).encode()
    if form == "docx":
        from desktop_app.notices import word

        return word.bound(paper.documents, paper.pictures, progress=progress, cancelled=cancelled)
    pages = typeset(paper.documents, progress=progress, cancelled=cancelled)
    return pdf.drawn(pages, pdf.meta(paper.documents[0]), paper.pictures, archive)


def typeset(
    documents: Sequence[tree.Document], *, progress: Progress = _silent, cancelled: Callable[[], bool] = _never
) -> Pages:
    """The pages of documents one behind the other, each counting its own from — 1 —. ``Refusal`` when it was cancelled."""
    from desktop_app.notices import sheet

    if len(documents) == 1:
        return sheet.typeset(documents[0])
    pages = sheet.bound(documents, progress, cancelled)
    if len(pages.documents) < len(documents):
        raise Refusal("已取消，文件没有写成。", topic=TOPIC)
    return pages
