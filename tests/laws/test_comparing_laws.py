"""Two papers in one: without the added words it is the old one, without the removed ones the new one, whatever they are."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.notices import aligning, comparing, flat, plain, sheet, stored, tree, wording
from desktop_app.notices.tree import Heading, Paragraph, Run, Table, TableCell, TableRow

SENTENCES = [
    "一是完善监督机制。", "二是加强巡查，共巡查286处。", "三是加强巡查，共巡查296处，其中夜间30处。", "整改率为51.5%。", "特此通报。",
    "召开会议5次，成立领导小组。", "预计2021年12月底前完成整改；", "“清单销号”式管理（含“回头看”）。", "abc def 12,345.6", "——……", "甲", "",
    "责任人王喆、赵珺。", "\u3000空 格\u00a0", "𠮷野家𫖯", "e\u0301葛\U000e0100",
]  # fmt: skip
text = st.lists(st.sampled_from(SENTENCES), max_size=5).map("".join) | st.text(
    alphabet="一二三的是，。；1 2 3%ab——", max_size=30
)
origin = st.sampled_from(["", "measure:1", "measure:2", "problem:1"])
runs = st.lists(st.builds(Run, text, st.sampled_from(["body", "kai"]), origin), max_size=3).map(tuple)
cells = st.builds(TableCell, st.lists(runs, max_size=2).map(tuple))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 3))
    columns = tuple(tree.Column(draw(st.sampled_from(["序号", "问题", "时限"]))) for _ in range(width))
    rows: list[TableRow] = []
    for _ in range(draw(st.integers(0, 4))):
        build = draw(st.sampled_from(["plain", "rows", "columns", "both"])) if width > 1 else "plain"
        first = [draw(cells) for _ in range(width)]
        if build == "columns":  # a cell over two columns
            rows.append(TableRow((replace(first[0], columns=2), *first[2:]), draw(st.sampled_from(["body", "total"]))))
        elif build == "rows":  # a cell over two rows, beside one in each
            rows.append(TableRow((replace(first[0], rows=2), *first[1:])))
            rows.append(TableRow(tuple(draw(cells) for _ in range(width - 1))))
        elif build == "both":
            rows.append(TableRow((replace(first[0], rows=2, columns=2), *first[2:])))
            rows.append(TableRow(tuple(draw(cells) for _ in range(width - 2))))
        else:
            rows.append(TableRow(tuple(first)))
    return Table(columns, tuple(rows), title=draw(text), unit=draw(st.sampled_from(["", "元"])), notes=("注：一",) * draw(st.integers(0, 1)))  # fmt: skip


blocks = st.lists(
    st.one_of(
        st.builds(Heading, st.integers(1, 4), text, runs, origin),
        st.builds(Paragraph, runs, st.sampled_from(["body", "flush", "centre", "right", "title"])),
        st.builds(tree.Attachments, st.lists(text.filter(bool), min_size=1, max_size=2).map(tuple)),
        tables(),
        st.builds(tree.Space, st.integers(1, 2)),
        st.just(tree.Break()),
        st.builds(tree.Cut, text),
        st.builds(tree.Picture, st.just("0" * 64), st.just(10.0), st.just(10.0), text.filter(bool)),
        st.builds(
            tree.Section,
            st.lists(st.builds(Paragraph, runs), max_size=2).map(tuple),
            st.sampled_from(["landscape", "upright"]),
        ),
    ),
    max_size=6,
).map(tuple)
papers = st.builds(
    tree.Document,
    text,
    blocks,
    st.none() | st.builds(tree.Signature, text, text, st.sampled_from(["none", "room", "signed"]), post=text),
    blocks,
    st.none() | st.builds(tree.Head, text, text, text),
    text,
    text,
    st.none() | st.builds(tree.Imprint, text, text, text),
    annexes=st.lists(st.builds(tree.Annex, text, blocks, st.integers(0, 2)), max_size=1).map(tuple),
)


@st.composite
def versions(draw: st.DrawFn) -> tuple[tree.Document, tree.Document]:
    """A paper, and what became of it: blocks taken out, put in, moved and changed."""
    old = draw(papers)
    made = list(old.blocks)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(made)))
        what = draw(st.sampled_from(["out", "in", "move", "change"]))
        if what == "in":
            made[at:at] = draw(blocks)[:2]
        elif at < len(made) and what == "out":
            del made[at]
        elif at < len(made) and what == "move":
            made.insert(draw(st.integers(0, len(made) - 1)), made.pop(at))
        elif at < len(made) and isinstance(made[at], Paragraph):
            made[at] = Paragraph((Run("".join(run.text for run in made[at].runs) + draw(text)),))  # type: ignore[union-attr]
    return old, replace(old, blocks=tuple(made), title=draw(st.sampled_from([old.title, "新的标题"])))


def words(document: tree.Document) -> str:
    """All words of a paper but those of its code, a line for each paragraph or row that has some."""
    lines = ("".join(line.split()) for line in plain.text(replace(document, code=None)).splitlines())
    return "\n".join(line for line in lines if line)


def covered(one: Table) -> bool:
    """Whether every place of a table is taken by one cell, in its rows and in its head."""
    width = len(one.columns)
    for rows in (tree.head_rows(one), one.rows):
        taken: dict[tuple[int, int], int] = {}
        for number, row in enumerate(tree.placed(rows, width)):
            for at, cell in row:
                for place in ((r, c) for r in range(number, number + cell.rows) for c in range(at, at + cell.columns)):
                    taken[place] = taken.get(place, 0) + 1
        if taken != dict.fromkeys(((r, c) for r in range(len(rows)) for c in range(width)), 1):
            return False
    return True


@given(papers)
def test_a_flat_paper_has_its_words_in_their_order(one: tree.Document) -> None:
    kept = [part.block for part in flat.flat(one)]
    assert flat.reading(kept, "added") == words(one)


@given(versions() | st.tuples(papers, papers))
def test_both_papers_can_be_read_out_of_the_comparison(pair: tuple[tree.Document, tree.Document]) -> None:
    old, new = pair
    found = comparing.comparison(old, new)
    assert flat.reading(found.blocks, "added") == words(old)
    assert flat.reading(found.blocks, "removed") == words(new)
    assert all(covered(one) for one in tree.every_block(tree.Document("", found.blocks)) if isinstance(one, Table))
    if found.same:
        assert words(old) == words(new)
    told = comparing.tracked_text(found)
    if "〔" not in words(old) + words(new):
        assert told.count("〔增：") >= found.added + found.moved
        assert told.count("〔删：") >= found.removed + found.moved


@given(papers)
def test_a_paper_is_the_same_as_itself(one: tree.Document) -> None:
    found = comparing.comparison(one, one)
    assert found.same
    assert found.summary == "文字完全相同"


@given(versions())
def test_a_comparison_can_be_kept_and_printed(pair: tuple[tree.Document, tree.Document]) -> None:
    made = comparing.compared(*pair)
    assert stored.from_json(stored.to_json(made)) == made
    if not any(isinstance(block, tree.Picture) for block in tree.every_block(made)):
        sheet.typeset(made)


@given(st.lists(st.sampled_from("abcde"), max_size=12), st.lists(st.sampled_from("abcde"), max_size=12))
def test_steps_cover_both_in_order(old: list[str], new: list[str]) -> None:
    steps = wording.steps(old, new)
    i = j = 0
    for step in steps:
        assert (step.i, step.j) == (i, j)
        assert step.i < step.m or step.j < step.n
        assert not step.same or old[step.i : step.m] == new[step.j : step.n]
        i, j = step.m, step.n
    assert (i, j) == (len(old), len(new))
    assert all(one.same != other.same for one, other in pairwise(steps))


@given(st.lists(st.sampled_from(SENTENCES), max_size=12), st.lists(st.sampled_from(SENTENCES), max_size=12))
def test_pairs_keep_both_orders(old: list[str], new: list[str]) -> None:
    pairs = aligning.aligned([aligning.Part(t, t) for t in old], [aligning.Part(t, t) for t in new])
    assert [at for at, _ in pairs if at is not None] == list(range(len(old)))
    assert [to for _, to in pairs if to is not None] == list(range(len(new)))
