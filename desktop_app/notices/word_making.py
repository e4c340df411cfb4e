"""The body of a Word file in the making: paragraphs and tables behind each other, sections, new pages, what floats."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from desktop_app.notices.word_media import Media
from desktop_app.notices.word_page import Foot, Layout, Sheet, section
from desktop_app.notices.word_xml import Paragraph, Piece, seam

TABLE_GAP = 160
"""Between a table and what follows, in twentieths of a point; half of it, with the blank of the line, above a table."""


@dataclass(slots=True)
class Making:
    """A body in the making: its pieces, the pages they stand on, whether the next one begins a new page, and whether the last
    one is what a floating table hangs on. ``heads`` are the relations of heads by name and kind of page; ``band`` is the head of
    the upright pages of the paper under way."""

    media: Media
    feet: dict[Foot, str]
    heads: dict[tuple[str, str], str] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    sheet: Sheet = field(default_factory=Sheet)
    fresh: bool = False
    begun: int = 0
    floats: bool = False
    band: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing stands in the section yet."""
        return self.begun == len(self.pieces)

    def put(self, *pieces: Piece) -> None:
        """Puts pieces behind the others. What follows a table stands apart from it, else Word makes one of two tables."""
        for one in pieces:
            tabled = not self.empty and isinstance(self.pieces[-1], str)
            if isinstance(one, str) and self.fresh:
                self.pieces.append(seam())
                self._break(self.pieces[-1])
            elif tabled and not self.fresh:
                self.pieces.append(seam(TABLE_GAP))
            elif isinstance(one, str) and not self.empty and not self._kept():
                self.pieces.append(seam(TABLE_GAP // 2))
            self._break(one)
            self.pieces.append(one)

    def ended(self) -> str:
        """What Word says at the end of the section under way. A section without a head says so once another had one: else it
        would have that."""
        kinds = ("default", "even", *(("first",) if self.sheet.first else ()))
        for kind in kinds if self.sheet.head or self.heads else ():
            self.heads.setdefault((self.sheet.head, kind), f"rIdH{len(self.heads) + 1}")
        return section(self.sheet, self.feet, {kind: self.heads[self.sheet.head, kind] for kind in kinds if self.heads})

    def _kept(self) -> bool:
        """Whether the last paragraph stays with what follows: the title of a table."""
        last = self.pieces[-1]
        return isinstance(last, Paragraph) and "keepNext" in last.held

    def _break(self, one: Piece) -> None:
        if self.fresh and isinstance(one, Paragraph):
            one.held["pageBreakBefore"] = "<w:pageBreakBefore/>"
            self.fresh = False

    def hang(self, table: str) -> None:
        """Puts a table that floats on the page of what follows it: a paragraph of its own (LibreOffice wants it so)."""
        if self.empty or isinstance(self.pieces[-1], str):
            self.pieces.append(seam())
        self.pieces += [table, seam()]
        self.floats = True

    def on(self, layout: Layout) -> None:
        """Sees to it that what follows stands on pages of this kind."""
        if self.sheet.layout == layout:
            return
        wanted = Sheet(layout, numbered=self.sheet.numbered, head=self.band if layout == "upright" else "")
        if self.empty:
            self.sheet = replace(wanted, opens=self.sheet.opens, start=self.sheet.start, first=self.sheet.first)
        else:
            self.close(wanted)

    def turn(self, sheet: Sheet) -> None:
        """Begins a section of these pages."""
        if self.empty:
            self.sheet = replace(sheet, opens=self.sheet.opens)
        else:
            self.close(sheet)

    def close(self, following: Sheet) -> None:
        """Ends the section; what is put after it stands on ``following`` pages."""
        if self.empty or isinstance(self.pieces[-1], str) or self.floats:
            self.pieces.append(seam())
        last = self.pieces[-1]
        assert isinstance(last, Paragraph)
        last.held["sectPr"] = self.ended()
        self.sheet, self.begun, self.fresh, self.floats = following, len(self.pieces), False, False
