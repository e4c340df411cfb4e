"""Two issues of a paper in one (花脸稿): what was taken out is struck through, what was put in underlined.

Law: without the added words it is the old paper, without the removed ones the new one. Paragraphs are paired first (by their
words and by the record they come from), then the words inside a pair; a paragraph that stands elsewhere unchanged is shown
in both places in blue. Tables are compared row by row and cell by cell; rows that a merged cell holds together go together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from desktop_app.notices import plain, tree, wording
from desktop_app.notices.aligning import Part, aligned
from desktop_app.notices.flat import Flat, flat, told, tracked
from desktop_app.notices.marking import both, unnumbered, whole
from desktop_app.notices.tree import Block, Change, Heading, Paragraph, Run, Table

_SHORTEST_MOVE = 8
"""A paragraph of fewer characters is not said to have moved: 特此通报。 may stand anywhere."""
OLD, NEW = "原稿", "改稿"


@dataclass(frozen=True)
class Comparison:
    """``blocks`` are both papers in one, marked; the counts are of places, a changed word being one removed and one added."""

    blocks: tuple[Block, ...]
    added: int
    removed: int
    moved: int

    @property
    def same(self) -> bool:
        """Whether not a word differs."""
        return not (self.added or self.removed or self.moved)

    @property
    def summary(self) -> str:
        """增 12 处，删 8 处，移位 1 处."""
        counts = [("增", self.added), ("删", self.removed), ("移位", self.moved)]
        parts = [f"{word} {count} 处" for word, count in counts if count or word != "移位"]
        return "文字完全相同" if self.same else "，".join(parts)


def compared(old: tree.Document, new: tree.Document, *, names: tuple[str, str] = (OLD, NEW)) -> tree.Document:
    """Both papers in one as a paper that can be printed, with a legend and the count of places; ``names`` say which they are."""
    return document(comparison(old, new), new, names)


def document(found: Comparison, new: tree.Document, names: tuple[str, str]) -> tree.Document:
    """A comparison as a paper."""
    legend = (
        Run(f"本稿以{names[0]}为底，对照{names[1]}：{found.summary}。"),
        *(
            ()
            if found.same
            else (
                Run("加下划线", change="added", colour="red"),
                Run("的是增加的，"),
                Run("加删除线", change="removed", colour="red"),
                Run("的是删去的"),
            )
        ),
        Run(
            "，蓝色的是换了位置的：" + "原处加删除线，新处加下划线。" if found.moved else "" if found.same else "。",
            colour="blue" if found.moved else "black",
        ),
    )
    shown = tuple(run for run in legend if run.text)
    front: tuple[Block, ...] = (Paragraph(tuple(replace(run, face="kai") for run in shown)), tree.Space(1))
    return tree.Document(
        "修改对照稿",
        (*front, *found.blocks),
        form="sheet",
        language=new.language,
        author=new.author,
        subject=new.subject,
    )


def tracked_text(found: Comparison) -> str:
    """A comparison as text: 〔增：…〕 and 〔删：…〕, a paragraph a line."""
    lines = plain.text(tree.Document("", tracked(found.blocks))).splitlines()
    return "".join(f"{line}\n" for line in lines if line.strip())


def tracked_words(old: str, new: str) -> str:
    """What became of a text, in one line: …〔删：31〕〔增：35〕件."""
    before, after = ([*wording.words([Run(" ".join(text.split()))])] for text in (old, new))
    return "".join(run.text for run in told(wording.runs(wording.marked(before, after))))


def comparison(old: tree.Document, new: tree.Document) -> Comparison:
    """Compares two papers."""
    before, after = flat(old), flat(new)
    parts = [_part(one.block) for one in before], [_part(one.block) for one in after]
    pairs = aligned(*parts)
    moved = _moved(pairs, *parts)
    found: list[Flat] = []
    for at, to in pairs:
        layout = after[to].layout if to is not None else before[at].layout if at is not None else "upright"
        if at is None and to is not None:
            made = whole(after[to].block, "added", "blue" if to in moved.values() else "red")
        elif to is None and at is not None:
            made = whole(before[at].block, "removed", "blue" if at in moved else "red")
        else:
            assert at is not None
            assert to is not None
            made = both(before[at].block, after[to].block)
        found += [Flat(block, layout) for block in made]
    blocks = tuple(_sectioned(found))
    counts = Counter(change for block in blocks for change in _places(block))
    return Comparison(blocks, counts["added"] - len(moved), counts["removed"] - len(moved), len(moved))


def _part(block: Block) -> Part:
    words = "".join(plain.text(tree.Document("", (block,))).split())
    match block:
        case Heading():
            return Part(("text", words), words, block.origin, "text", unnumbered(words))
        case Paragraph():
            origins = Counter(run.origin for run in block.runs if run.origin)
            most = origins.most_common(1)[0][0] if origins else ""
            return Part(("text", words), words, most, "text", unnumbered(words))
        case Table():
            return Part((block, words), words, "", ("table", len(block.columns), block.headless))
        case _:
            return Part((type(block).__name__, block), words, "", (type(block).__name__, block))


def _moved(pairs: Iterable[tuple[int | None, int | None]], old: Sequence[Part], new: Sequence[Part]) -> dict[int, int]:
    """Old place → new place of paragraphs that stand unchanged somewhere else."""
    places: dict[object, list[int]] = {}
    listed = [*pairs]
    for at, to in listed:
        if at is None and to is not None:
            places.setdefault(new[to].key, []).append(to)
    found: dict[int, int] = {}
    for at, to in listed:
        if to is None and at is not None and len(old[at].words) >= _SHORTEST_MOVE and places.get(old[at].key):
            found[at] = places[old[at].key].pop(0)
    return found


def _sectioned(found: Sequence[Flat]) -> Iterator[Block]:
    """The blocks with those on turned pages in sections again, a blank row below a title and above a signature."""
    for layout, run in groupby(found, key=lambda one: one.layout):
        blocks = tuple(_spaced([one.block for one in run]))
        if layout == "landscape":
            yield tree.Section(blocks, "landscape")
        else:
            yield from blocks


def _spaced(blocks: Sequence[Block]) -> Iterator[Block]:
    before = ""
    for block in blocks:
        role = block.role if isinstance(block, Paragraph) else ""
        if isinstance(block, Paragraph) and block.size == "2":
            role = "title"
        if (before == "title" != role) or (role == "right" != before and before):
            yield tree.Space(1)
        yield block
        before = role or "other"


def _places(block: Block) -> Iterator[Change]:
    """The change of every place that is marked: neighbouring words of one change are one place, a whole row is one."""
    match block:
        case Heading():
            yield from _changes((Run("x", change=block.change), *block.runs_on))
        case Paragraph():
            yield from _changes(block.runs)
        case Table():
            for row in (*tree.head_rows(block), *block.rows):
                cells = [run for cell in row.cells for runs in cell.paragraphs for run in runs if run.text]
                whole = {run.change for run in cells}
                if len(whole) == 1:
                    yield from (change for change in whole if change)
                else:
                    for cell in row.cells:
                        for runs in cell.paragraphs:
                            yield from _changes(runs)
        case tree.Section():
            for inner in block.blocks:
                yield from _places(inner)


def _changes(runs: Iterable[Run]) -> Iterator[Change]:
    yield from (change for change, _ in groupby(runs, key=lambda run: run.change) if change)
