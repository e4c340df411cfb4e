"""Marks blocks: one that stands in one paper only, and one that stands in both and was changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from desktop_app.notices import tree
from desktop_app.notices.aligning import Part, aligned
from desktop_app.notices.flat import above, below, spoken
from desktop_app.notices.marking_rows import marked
from desktop_app.notices.tree import Block, Change, Colour, Face, Heading, Paragraph, Run, Table, TableRow
from desktop_app.notices.wording import changed

_FACES: dict[int, Face] = {1: "hei", 2: "kai"}
_HAN = "一二三四五六七八九十百"
_MARK = re.compile(rf"^(?:[（(]?(?:[{_HAN}]+|\d+)[）)、.．]|第[{_HAN}\d]+[章节条]|[{_HAN}]+是|[①-⑳])")
Runs = Callable[[Iterable[Run]], tuple[Run, ...]]


def whole(block: Block, change: Change, colour: Colour = "red") -> Iterator[Block]:
    """A block that stands in one paper only: all its words marked."""

    def runs(found: Iterable[Run]) -> tuple[Run, ...]:
        return tuple(replace(run, change=change, colour=colour) for run in found if run.text)

    match block:
        case Heading():  # its words as runs, for those have a colour
            yield Paragraph(runs((_own(block), *block.runs_on)))
        case Paragraph(role="title"):
            yield Paragraph(runs(replace(run, face="song") for run in block.runs), "centre", "2")
        case Paragraph():
            yield replace(block, runs=runs(block.runs))
        case Table():
            head = _rows(tree.head_rows(block), runs)
            yield from _told(above(block), runs)
            yield replace(block, head=head, rows=_rows(block.rows, runs), title="", unit="", notes=())
            yield from _told(below(block), runs)
        case _:
            yield from _told(spoken(block), runs)


def _told(paragraphs: Iterable[Paragraph], runs: Runs) -> Iterator[Paragraph]:
    yield from (replace(one, runs=runs(one.runs)) for one in paragraphs)


def _own(block: Heading) -> Run:
    """The words of a heading itself, in its face."""
    return Run(block.text, _FACES.get(block.level, "body"), block.origin)


def _rows(rows: Iterable[TableRow], runs: Runs) -> tuple[TableRow, ...]:
    return tuple(
        replace(row, cells=tuple(replace(c, paragraphs=tuple(map(runs, c.paragraphs))) for c in row.cells))
        for row in rows
    )


def both(old: Block, new: Block) -> Iterator[Block]:
    """A block that stands in both papers, as the new one sets it, its changed words marked."""
    match old, new:
        case Heading() | Paragraph(), Heading() | Paragraph():
            yield _text(old, new)
        case Table(), Table():
            yield from _table(old, new)
        case _:
            yield new


def _text(old: Heading | Paragraph, new: Heading | Paragraph) -> Block:
    """A heading keeps being one as long as its own words stayed; where they changed, it is words in its face."""
    if isinstance(new, Paragraph):
        return _paragraph(_runs(old), new)
    if isinstance(old, Heading) and old.text == new.text:
        return replace(new, runs_on=changed(old.runs_on, new.runs_on))
    made = changed(_runs(old), _runs(new))
    return Paragraph(made) if any(run.change for run in made) else new


def _runs(block: Heading | Paragraph) -> tuple[Run, ...]:
    return block.runs if isinstance(block, Paragraph) else (_own(block), *block.runs_on)


def _paragraph(old: Sequence[Run], new: Paragraph) -> Paragraph:
    runs = changed(old, new.runs)
    if new.role == "title" and any(run.change for run in runs):  # a title's own face bears no marks
        return Paragraph(tuple(replace(run, face="song") for run in runs), "centre", "2")
    return replace(new, runs=runs)


# -- tables ----------------------------------------------------------------------------------------------------------


def _table(old: Table, new: Table) -> Iterator[Block]:
    """Row by row. What stands above and below the table is marked as paragraphs where it differs."""
    outside = (above(old), above(new)), (below(old), below(new))
    same = [before == after for before, after in outside]
    width = len(new.columns)
    bare = replace(new, title="", unit="") if not same[0] else new
    bare = replace(bare, notes=()) if not same[1] else bare
    if not same[0]:
        yield from _pairs(*outside[0])
    yield replace(
        bare, head=marked(tree.head_rows(old), tree.head_rows(new), width), rows=marked(old.rows, new.rows, width)
    )
    if not same[1]:
        yield from _pairs(*outside[1])


def _pairs(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Iterator[Block]:
    parts = [[_part(one.runs, one.role) for one in found] for found in (old, new)]
    for at, to in aligned(parts[0], parts[1]):
        if at is not None and to is not None:
            yield from both(old[at], new[to])
        elif at is not None:
            yield from whole(old[at], "removed")
        elif to is not None:
            yield from whole(new[to], "added")


def _part(runs: Iterable[Run], sort: object = "") -> Part:
    listed = [*runs]
    words = "".join(run.text for run in listed)
    return Part((sort, words), words, next((run.origin for run in listed if run.origin), ""), str(sort))


def unnumbered(words: str) -> str | None:
    """The words of a paragraph but for the number it begins with; None where it has none, or nothing else."""
    rest = _MARK.sub("", words, count=1)
    return rest if rest and rest != words else None
