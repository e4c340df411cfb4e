"""The notice as a tree of plain values: what is said and what each part is, no millimetre and no face file.

``compose`` and the modules of the other papers grow the tree; the writers (``sheet`` + ``pdf``, ``word``, ``plain``) read
it; ``stored`` is how it is kept. Unknown nodes fail loudly everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal, get_args

from db.values import value

Face = Literal["body", "kai", "hei", "song"]
"""仿宋 (body), 楷体, 黑体, 宋体. 小标宋 belongs to titles and the red head: ask for it with ``Paragraph.role = "title"``."""

Role = Literal["body", "flush", "centre", "right", "title", "listed"]
"""How a paragraph stands: first indent of two characters, flush left (the salutation), centred, flush right, a title of
its own inside the body (centred, 小标宋, broken by sense), or two characters in with its turned lines under the first
character after its first run (``出席：`` in minutes, 10.3; the blank row before the first of them is the composer's)."""

Size = Literal["2", "x2", "3", "x3", "4", "x4", "5", "x5", "6"]
"""二号 22 pt, 小二 18, 三号 16, 小三 15, 四号 14, 小四 12, 五号 10.5, 小五 9, 六号 7.5."""

Align = Literal["left", "centre", "right", "justify"]

Colour = Literal["black", "red", "green", "amber", "blue", "grey"]

Change = Literal["", "added", "removed"]
"""What became of words between two issues (花脸稿): kept, added (underlined), removed (struck through)."""


@value
class Run:
    """A stretch of words of one face. ``origin`` is the record the words come from (``problem:01H…``), or empty."""

    text: str
    face: Face = "body"
    origin: str = ""
    change: Change = ""
    colour: Colour = "black"


@value
class Heading:
    """A numbered heading, number included: level 1 一、 2 （一） 3 1. 4 （1） (GB/T 9704 7.3.3).

    ``runs_on`` is text that follows on the same line in the same paragraph, as in ``1.关于…的整改。整改措施：…``.
    Without it the heading stands alone and is never the last line of a page. ``change`` is that of its own words.
    """

    level: int
    text: str
    runs_on: tuple[Run, ...] = ()
    origin: str = ""
    change: Change = ""


@value
class Paragraph:
    """A paragraph of the body."""

    runs: tuple[Run, ...]
    role: Role = "body"
    size: Size = "3"


@value
class Attachments:
    """附件说明 (7.3.4): the titles only, in order; the word 附件 and the numbers are the typesetter's."""

    titles: tuple[str, ...]


@value
class Column:
    """A column of a table: ``width`` is its share of the table's width beside the other columns' shares."""

    title: str
    width: float = 1.0
    align: Align = "left"


@value
class TableCell:
    """A cell, from its upper left place in the table over ``rows`` rows and ``columns`` columns.

    Each of ``paragraphs`` begins a new line. ``align`` overrides the column's; ``fill`` tints the ground lightly.
    """

    paragraphs: tuple[tuple[Run, ...], ...] = ()
    rows: int = 1
    columns: int = 1
    align: Align | None = None
    fill: Colour | None = None


@value
class TableRow:
    """The cells that begin in this row, left to right; places covered from above or from the left have none (as in HTML).

    ``least`` is the row's least height in lines of the table's size (a form leaves room to write). ``kept`` rows are never
    broken over a page.
    """

    cells: tuple[TableCell, ...]
    kind: Literal["body", "group", "total"] = "body"
    least: float = 1.0
    kept: bool = False


@value
class Table:
    """A table as wide as its section. The head (``head``, else one row of the columns' titles) is repeated on every page.

    A cell of several rows that is cut by a page is continued on the next one with its words repeated. ``title`` is centred
    above (表题), ``unit`` flush right above (单位：元), ``notes`` below (注：…). ``headless`` tables are forms.
    """

    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    head: tuple[TableRow, ...] = ()
    title: str = ""
    unit: str = ""
    notes: tuple[str, ...] = ()
    size: Size = "x4"
    headless: bool = False


@value
class Series:
    """A row of values of a chart, one for each of its categories; None is a gap."""

    name: str
    values: tuple[float | None, ...]


@value
class Chart:
    """A chart as wide as its section and ``rows`` rows of the grid high, title and legend included."""

    kind: Literal["columns", "bars", "line", "pie"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    rows: int = 9


@value
class Picture:
    """A picture by the SHA-256 of its bytes (PNG or JPEG), which are handed to the writers beside the tree; centred.
    Millimetres; ``description`` is said to those who cannot see it and is printed only as ``caption``."""

    digest: str
    width: float
    height: float
    description: str
    caption: str = ""


@value
class Space:
    """Blank rows of the grid."""

    rows: int = 1


@value
class Cut:
    """A dashed line across the paper along which a reply slip is torn off, with its words in the middle."""

    words: str = ""


@value
class Break:
    """What follows begins a new page."""


@value
class Section:
    """Blocks on pages of their own kind: ``landscape`` (8: the page is turned, its number keeps its place), or
    ``newspaper`` (``columns`` columns, 4 to 6; a title that begins it stands across them, else the document's does; ``banner``
    is the line above, ``folio`` the number of its first page, 第17版). ``upright`` is the type area as elsewhere."""

    blocks: tuple[Block, ...]
    layout: Literal["upright", "landscape", "newspaper"] = "upright"
    columns: int = 1
    banner: str = ""
    folio: int = 1


@value
class Annex:
    """附件 (7.3.7), on a new page after the date: ``number`` 0 when it is the only one."""

    title: str
    blocks: tuple[Block, ...]
    number: int = 0


Block = Heading | Paragraph | Attachments | Table | Chart | Picture | Space | Cut | Break | Section


@value
class Head:
    """版头 (7.2). ``mark`` is the red head as printed (organ + 文件); empty parts take no line.

    In a joint issue ``organs`` are the names above each other and ``mark`` is the word beside them (文件), or empty.
    ``signer`` may name several, parted by 、.
    """

    mark: str
    document_number: str = ""
    serial: str = ""
    secrecy: str = ""
    urgency: str = ""
    signer: str = ""
    organs: tuple[str, ...] = ()


@value
class Signature:
    """发文机关署名 and 成文日期 (7.3.5); the date as printed, 2021年11月3日.

    ``seal``: ``none`` sets 7.3.5.2; ``room`` leaves the place of 7.3.5.1 for a seal stamped by hand; ``picture`` prints the
    pictures ``seals`` there (digests, in the order of the organs); ``signed`` sets 签名章 of ``post`` (7.3.5.3, its picture
    the first of ``seals``, else room), and names no organ. ``others`` are the further organs of a joint issue (with
    ``signed`` their posts). A seal keeps its proportions inside a square of ``seal_width`` millimetres.
    """

    organ: str
    date: str
    seal: Literal["none", "room", "picture", "signed"] = "none"
    origin: str = ""
    others: tuple[str, ...] = ()
    seals: tuple[str, ...] = ()
    post: str = ""
    seal_width: float = 42.0


@value
class Imprint:
    """版记 (7.4): copies to, issuing office, its date as printed (印发 is the typesetter's); ``main`` is 主送 moved here.

    It stands on the last even page, for papers are printed on both sides (6); with ``one_sided`` on the last page.
    """

    office: str
    date: str
    copies_to: str = ""
    main: str = ""
    one_sided: bool = False


@value
class Code:
    """A two-dimensional code (QR) of ``data`` with words beside it, in the foot of the last page on the binding side."""

    data: str
    words: tuple[str, ...] = ()


@value
class Document:
    """A whole paper. ``title`` is one string, the typesetter breaks it; ``note`` is 附注 (7.3.6) without its brackets;
    ``after`` is what an old paper prints below its date.

    ``form``: ``document`` is the common form of 公文; ``letter`` 信函 (10.1), ``order`` 命令 (10.2), ``minutes`` 纪要 (10.3);
    ``sheet`` is a working paper (ledger, list, form, slip): no room is kept for a head. ``colour`` tints a reminder's band.
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
    form: Literal["document", "letter", "order", "minutes", "sheet"] = "document"
    annexes: tuple[Annex, ...] = ()
    code: Code | None = None
    colour: Colour = "black"


Node = (
    Document | Head | Heading | Paragraph | Run | Attachments | Signature | Imprint | Column | TableCell | TableRow | Table
    | Series | Chart | Picture | Space | Cut | Break | Section | Annex | Code
)  # fmt: skip

NODES: dict[str, type[Any]] = {c.__name__: c for c in get_args(Node)}
"""Name → class."""


def signers(head: Head) -> tuple[str, ...]:
    """The names of 签发人 in order."""
    return tuple(name for name in re.split(r"[、，,\s]+", head.signer) if name)


def copied(names: str) -> str:
    """What 抄送 (or 主送 in 版记) prints after its colon: ended with a full stop (7.4.2); "" for nobody."""
    names = names.strip().rstrip("：:")
    return names if not names or names.endswith("。") else names.rstrip("，、；.") + "。"


def leaves(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks in printing order, those of sections in place of the sections."""
    for block in blocks:
        if isinstance(block, Section):
            yield from leaves(block.blocks)
        else:
            yield block


def every_block(document: Document) -> tuple[Block, ...]:
    """All blocks of a document in printing order, sections opened, annexes last; ``Line.block`` counts these."""
    annexes = (block for annex in document.annexes for block in annex.blocks)
    return tuple(leaves((*document.blocks, *document.after, *annexes)))


def head_rows(table: Table) -> tuple[TableRow, ...]:
    """The rows of a table's head: its own, or one of the columns' titles, or none."""
    if table.head or table.headless:
        return table.head
    return (TableRow(tuple(TableCell(((Run(column.title),),)) for column in table.columns)),)


def placed(rows: Iterable[TableRow], width: int) -> Iterator[list[tuple[int, TableCell]]]:
    """For each row its cells with the column each begins in; ``width`` is the number of columns. Cells beyond it are left out."""
    covered = [0] * width
    for row in rows:
        found: list[tuple[int, TableCell]] = []
        at = 0
        for cell in row.cells:
            while at < width and covered[at]:
                at += 1
            if at >= width:
                break
            found.append((at, cell))
            covered[at : at + cell.columns] = [cell.rows] * len(covered[at : at + cell.columns])
            at += cell.columns
        covered = [max(0, rest - 1) for rest in covered]
        yield found


def texts(document: Document) -> Iterator[str]:
    """Every printed string of the tree, in no promised order: for checking that a face has each character."""
    yield from _strings(document)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, Table):  # by far the most strings: in one go
        yield from (value.title, value.unit, *value.notes, *[column.title for column in value.columns])
        cells = [cell for row in (*value.head, *value.rows) for cell in row.cells]
        yield from [run.text for cell in cells for runs in cell.paragraphs for run in runs]
    else:
        for name in _PRINTED.get(type(value), ()):
            yield from _strings(getattr(value, name))


_UNPRINTED = frozenset({
    "origin", "face", "role", "seal", "seals", "language", "author", "subject", "keywords", "change", "colour", "align", "fill",
    "kind", "layout", "digest", "description", "size", "form", "data",
})  # fmt: skip
_PRINTED = {cls: tuple(name for name in cls.__match_args__ if name not in _UNPRINTED) for cls in NODES.values()}
"""Class → the fields that hold what is printed, or nodes."""
