"""The structure tree of a PDF: which words are a heading, a paragraph, a cell, and in which order they are read (ISO 32000-1, 14.7).

A paragraph that runs over a page is one element with a marked stretch on each. Page numbers, rules, grounds and the repeated
words of tables are artifacts. What a block is comes from the tree (``Pages.documents``); where its words stand, from the lines.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence

from desktop_app.notices import plain, tree
from desktop_app.notices.container import File
from desktop_app.notices.marks import clean
from desktop_app.notices.outline import Steps
from desktop_app.notices.page import Image, Line, Pages, Piece, annex_block
from desktop_app.notices.properties import string
from desktop_app.notices.strips import Strip

ARTIFACT = "/Artifact BMC"
FOOTER = "/Artifact <</Type /Pagination /Subtype /Footer>> BDC"
REPEATED = "/Artifact <</Type /Pagination>> BDC"

Artifact = str


class Element:
    """A node of the tree: its kind, its marked stretches as (page index, number on the page), and its children."""

    __slots__ = ("attributes", "children", "kind", "marked", "number", "order")

    def __init__(self, kind: str, order: int = 0, attributes: str = "") -> None:
        self.kind = kind
        self.order = order
        self.attributes = attributes
        self.marked: list[tuple[int, int]] = []
        self.children: list[Element] = []
        self.number = 0


class Grid:
    """A table's elements by place, with how much each cell has said so far.

    Rows of the head are -1, -2 … downwards. Words of a cell that come once more (the head and cells over several rows, on a
    further page) are artifacts: a line on a further page belongs to its cell only while words of the cell are owed.
    """

    def __init__(self, table: tree.Table, element: Element) -> None:
        self.element = element
        self.cells: dict[tuple[int, int], tuple[Element, tree.TableCell]] = {}
        self.said: dict[tuple[int, int], list[Line]] = {}
        self.wholes: dict[tuple[int, int], int] = {}
        self.above: Element | None = None
        self.captions: dict[str, int] = {}
        for rows, sign in ((tree.head_rows(table), -1), (table.rows, 1)):
            self._rows(rows, sign, len(table.columns))

    def _rows(self, rows: tuple[tree.TableRow, ...], sign: int, width: int) -> None:
        attributes = "/Scope /Column" if sign < 0 else ""
        for number, row in enumerate(tree.placed(rows, width)):
            line = Element("TR")
            self.element.children.append(line)
            for column, cell in row:
                place = (-1 - number if sign < 0 else number, column)
                spans = (f" /RowSpan {cell.rows}" if cell.rows > 1 else "") + (
                    f" /ColSpan {cell.columns}" if cell.columns > 1 else ""
                )
                told = f"/A <</O /Table {attributes}{spans}>>" if attributes or spans else ""
                made = Element("TH" if sign < 0 else "TD", attributes=told)
                line.children.append(made)
                self.cells[place] = made, cell

    def cell(self, line: Line, page: int) -> Element | Artifact:
        """The element of a line in a cell."""
        place = line.place or (0, 0)
        found = self.cells.get(place)
        if found is None:
            return REPEATED
        element, cell = found
        if not element.marked:
            self.said[place] = [line]
            return element
        said = self.said.setdefault(place, [])
        if element.marked[-1][0] != page:  # counted only now: few cells go on on a further page
            whole = self.wholes.get(place)
            if whole is None:
                whole = sum(len(clean(run.text)) for runs in cell.paragraphs for run in runs)
                self.wholes[place] = whole
            if sum(len(one.text) for one in said) >= whole:
                return REPEATED
        said.append(line)
        return element

    def caption(self, line: Line, page: int) -> Element | Artifact | None:
        """What stands above a table is its caption, what stands below none (None); each is said once."""
        if self.captions.setdefault(line.text, page) != page:
            return REPEATED
        if any(element.marked for element, _ in self.cells.values()):
            return None
        if self.above is None:
            self.above = Element("Caption")
            self.element.children.insert(0, self.above)
        return self.above


class Paper:
    """The elements of one document, found by block while its lines are drawn."""

    def __init__(self, document: tree.Document, kind: str) -> None:
        self.root = Element(kind)
        self.blocks = tree.every_block(document)
        self._own = len(tuple(tree.leaves((*document.blocks, *document.after))))
        self._annexes = [len(tuple(tree.leaves(annex.blocks))) for annex in document.annexes]
        self._sects: dict[int, Element] = {}
        self._elements: dict[int, Element] = {}
        self._second: dict[int, Element] = {}
        self._grids: dict[int, Grid] = {}
        self._headed: dict[int, int] = {}
        self._steps = Steps()
        self._last: tuple[str, int] | None = None
        self._loose: Element | None = None
        self._settled: tuple[int, Element] = (-1, self.root)

    def parts(self, line: Line, page: int) -> Iterable[tuple[Element | Artifact, Line]]:
        """The line in parts that belong to different elements; nearly always one."""
        if line.kind == "cell" and line.block in self._grids:
            return ((self._grids[line.block].cell(line, page), line),)
        if line.block == self._settled[0] >= 0 and line.kind == "body":  # nearly every line
            return ((self._settled[1], line),)
        block = self.blocks[line.block] if 0 <= line.block < len(self.blocks) else None
        if isinstance(block, tree.Heading):
            return self._heading(line, block)
        return ((self._of(line, block, page), line),)

    def _of(self, line: Line, block: tree.Block | None, page: int) -> Element | Artifact:
        """What a line belongs to that is of one part."""
        if line.kind == "number":
            return FOOTER
        if isinstance(block, tree.Table):
            return self._in_table(line, block, page)
        if isinstance(block, tree.Chart | tree.Picture):
            return self._loosely(line) if line.kind == "caption" else self._figure(line.block, block)
        if block is not None and line.kind == "caption" and not isinstance(block, tree.Cut):
            return REPEATED  # 下转, 上接
        if block is None or isinstance(block, tree.Attachments):
            return self._loosely(line)
        self._settled = line.block, self._one("P", line.block)
        return self._settled[1]

    def drawn(self, block: int) -> Element | Artifact:
        """What a stroke or a shape of a block belongs to: the figure whose part it is, else nothing."""
        if 0 <= block < len(self.blocks) and isinstance(found := self.blocks[block], tree.Chart):
            return self._figure(block, found)
        return ARTIFACT

    def image(self, image: Image) -> Element | Artifact:
        """What a picture belongs to; one that nobody describes is an artifact."""
        block = self.blocks[image.block] if 0 <= image.block < len(self.blocks) else None
        if isinstance(block, tree.Picture):
            return self._figure(image.block, block)
        if not image.description:
            return ARTIFACT
        made = Element("Figure", attributes=f"/Alt {string(image.description)}")
        self._put(made, image.block)
        return made

    def _home(self, block: int) -> Element:
        """The document, or the annex a block stands in."""
        annex = annex_block(0) - block if block <= annex_block(0) else self._annex(block)
        if annex < 0:
            return self.root
        if annex not in self._sects:
            self._sects[annex] = Element("Sect")
            self.root.children.append(self._sects[annex])
        return self._sects[annex]

    def _annex(self, block: int) -> int:
        first = self._own
        for number, count in enumerate(self._annexes):
            if first <= block < first + count:
                return number
            first += count
        return -1

    def _one(self, kind: str, block: int) -> Element:
        """The element of a block, put in its place among the others: lines of columns may be drawn in another order."""
        found = self._elements.get(block)
        if found is None:
            found = self._elements[block] = Element(kind)
            self._put(found, block)
        return found

    def _put(self, element: Element, block: int) -> None:
        """Puts an element among its siblings; one that is of no block stands behind what was drawn before it."""
        siblings = self._home(block).children
        last = siblings[-1].order if siblings else 0
        element.order = block if block >= 0 else last
        if element.order < last:
            insort(siblings, element, key=lambda one: one.order)
        else:
            siblings.append(element)

    def _loosely(self, line: Line) -> Element:
        """Lines outside the blocks: a title is one heading; others are one paragraph until a line that ends one."""
        key = (line.kind, line.block)
        joined = line.kind == "title" or (self._loose is not None and self._last == key)
        if self._last != key or not joined or self._loose is None:
            self._loose = Element(self._level(line) if line.kind == "title" else "P")
            self._put(self._loose, line.block)
        made = self._loose
        self._last = key
        if line.kind != "title" and line.fit == "last":
            self._loose = None
        return made

    def _level(self, line: Line) -> str:
        return f"H{min(6, self._steps.depth(0 if line.block == -1 else 1) + 1)}"

    def _heading(self, line: Line, block: tree.Heading) -> Iterator[tuple[Element | Artifact, Line]]:
        """A heading and the text that runs on behind it: two elements, parted inside the line."""
        if line.block not in self._headed:
            self._headed[line.block] = len(clean(block.text))
            below = max(1, block.level) + (self._annex(line.block) >= 0)  # of the title, or of the annex' title
            self._one(f"H{min(6, self._steps.depth(below) + 1)}", line.block)
        heading = self._elements[line.block]
        owed, count = self._headed[line.block], 0
        pieces = line.pieces
        for length in pieces.lengths() if isinstance(pieces, Strip) else [len(piece.text) for piece in pieces]:
            if owed <= 0:
                break
            owed -= length
            count += 1
        self._headed[line.block] = owed
        if count == len(pieces):
            yield heading, line
            return
        if count:
            yield heading, _part(line, pieces[:count])
        self._settled = line.block, self._behind(line.block, heading)
        yield self._settled[1], _part(line, pieces[count:]) if count else line

    def _behind(self, block: int, first: Element) -> Element:
        """The paragraph behind a block's first element: what runs on after a heading, the notes of a table."""
        if block not in self._second:
            self._second[block] = Element("P", order=block)
            siblings = self._home(block).children
            after = len(siblings) if siblings[-1] is first else siblings.index(first) + 1
            siblings.insert(after, self._second[block])
        return self._second[block]

    def _figure(self, block: int, what: tree.Chart | tree.Picture) -> Element:
        made = self._one("Figure", block)
        if not made.attributes:
            told = what.description if isinstance(what, tree.Picture) else "；".join(plain.chart(what))
            made.attributes = f"/Alt {string(clean(told) or '图')}"
        return made

    def _in_table(self, line: Line, table: tree.Table, page: int) -> Element | Artifact:
        grid = self._grids.get(line.block)
        if grid is None:
            grid = self._grids[line.block] = Grid(table, self._one("Table", line.block))
        found = grid.cell(line, page) if line.kind == "cell" else grid.caption(line, page)
        return self._behind(line.block, grid.element) if found is None else found


def _part(line: Line, pieces: Sequence[Piece]) -> Line:
    """A line with some of its pieces; ``dataclasses.replace`` takes five times as long."""
    return Line(
        line.kind, line.row, line.y, line.left, line.right, pieces, line.fit, line.block, line.level, line.place
    )


class Tags:
    """The structure of a whole file, grown page by page."""

    def __init__(self, pages: Pages) -> None:
        self._starts = list(pages.documents) or [(1, tree.Document(""))]
        self._batch = len(self._starts) > 1
        self.root = Element("Document")
        self._paper = Paper(self._starts[0][1], "Part")
        self._next = 0
        self.parents: list[list[Element]] = []

    def page(self, number: int, code: list[str]) -> Marks:
        """Begins page ``number``, whose operators go into ``code``."""
        while self._next < len(self._starts) and self._starts[self._next][0] <= number:
            self._paper = Paper(self._starts[self._next][1], "Part" if self._batch else "Document")
            if self._batch:
                self.root.children.append(self._paper.root)
            else:
                self.root = self._paper.root
            self._next += 1
        self.parents.append([])
        return Marks(self._paper, len(self.parents) - 1, self.parents[-1], code)


class Marks:
    """The marked stretches of one page: operators are written between ``enter`` and the next ``enter`` or ``leave``."""

    def __init__(self, paper: Paper, page: int, parents: list[Element], code: list[str]) -> None:
        self.paper = paper
        self.page = page
        self._parents = parents
        self._code = code
        self._open: Element | Artifact | None = None

    def enter(self, what: Element | Artifact) -> None:
        """What follows belongs to an element, or is an artifact; a stretch that is open goes on if it is the same."""
        if what is self._open:
            return
        self.leave()
        self._open = what
        if isinstance(what, Element):
            number = len(self._parents)
            self._parents.append(what)
            what.marked.append((self.page, number))
            self._code.append(f"/{what.kind} <</MCID {number}>> BDC")
        else:
            self._code.append(what)

    def leave(self) -> None:
        """Ends the open stretch."""
        if self._open is not None:
            self._code.append("EMC")
            self._open = None


def write(file: File, tags: Tags, pages: list[int]) -> int:
    """Writes the tree and gives its number; ``pages`` are the object numbers of the pages."""
    root, parents = file.reserve(), file.reserve()
    every: list[tuple[Element, int]] = []
    waiting = [(tags.root, root)]
    while waiting:
        one, above = waiting.pop()
        one.number = own = file.reserve()
        every.append((one, above))
        waiting.extend([(child, own) for child in reversed(one.children)])
    nums = " ".join(f"{k} [{' '.join([f'{one.number} 0 R' for one in own])}]" for k, own in enumerate(tags.parents))
    top = f"/K [{tags.root.number} 0 R] /ParentTree {parents} 0 R /ParentTreeNextKey {len(pages)}"
    file.put(root, f"<</Type /StructTreeRoot {top}>>")
    file.put(parents, f"<</Nums [{nums}]>>")
    for element, above in every:
        file.put(element.number, _written(element, above, pages))
    return root


def _written(element: Element, parent: int, pages: list[int]) -> str:
    marked, children = element.marked, element.children
    if not children and len(marked) == 1:  # a cell, a paragraph of one page: nearly all
        page, number = marked[0]
        return f"<</S /{element.kind} /P {parent} 0 R /Pg {pages[page]} 0 R /K {number}{element.attributes}>>"
    kids: list[str] = []
    place = ""
    if marked:
        home = marked[0][0]
        place = f"/Pg {pages[home]} 0 R "
        kids = [
            str(number) if page == home else f"<</Type /MCR /Pg {pages[page]} 0 R /MCID {number}>>"
            for page, number in marked
        ]
    kids += [f"{child.number} 0 R" for child in children]
    told = f"/K {kids[0]}" if len(kids) == 1 else f"/K [{' '.join(kids)}]" if kids else ""
    return f"<</S /{element.kind} /P {parent} 0 R {place}{told}{element.attributes}>>"
