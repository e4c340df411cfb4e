"""Laws of dealing rows out to pages, on flows made up for it: GB/T 9704-2012 5.2.3, 7.3.5.5, and 孤行.

A flow here is a count of lines that can be set longer or shorter by one, or a heading, a signature, a solid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.notices import page, pager
from desktop_app.notices.flows import Ease, Flow, Taken, covered
from desktop_app.notices.page import ROWS, UPRIGHT, Frame, Ink
from desktop_app.notices.setting import Draft


def lines(number: int, count: int, kind: page.Kind = "body") -> list[Draft | None]:
    """Drafts that know their place: ``left`` is their number, ``right`` the count of all."""
    return [Draft(kind, float(k), float(count), (), block=number) for k in range(count)]


def text(number: int, count: int, able: frozenset[int]) -> Flow:
    """A paragraph of so many lines that can be set longer or shorter by ``able``."""
    ease = Ease(lambda by: 0.5 if by in able else 2.0, lambda by: lines(number, count + by) if by in able else [])
    return Flow(lines(number, count), ease)


@dataclass
class Block:
    """A solid of some height; ``parts`` it can be broken into, each of its own height."""

    number: int
    height: float
    parts: int = 1
    put: int = field(default=0)

    def least(self, frame: Frame) -> tuple[float, bool]:
        return self.height, self.parts == 1

    def whole(self, frame: Frame) -> float:
        return self.height * self.parts

    def take(self, frame: Frame, row: int, after: int) -> Taken:
        room = frame.row_top(row) - frame.bottom
        fit = min(self.parts - self.put, int(room / self.height + 0.001))
        if fit == self.parts - self.put and after and fit * self.height + after * page.ROW > room:
            fit -= 1
        if fit < 1 and row == 0:
            fit = 1
        self.put += fit
        done = self.put == self.parts
        rows = covered(fit * self.height, frame, row) if done else frame.rows - row
        return Taken(Ink(), min(rows, frame.rows - row), done)


@st.composite
def flows(draw: st.DrawFn) -> list[Flow]:
    """A paper: paragraphs, headings before paragraphs, blank rows, solids, perhaps a signature."""
    made: list[Flow] = []
    for _ in range(draw(st.integers(1, 30))):
        number = len(made)
        kind = draw(st.sampled_from(["text"] * 6 + ["heading", "blank", "solid"]))
        if kind == "heading":
            made.append(Flow(lines(number, draw(st.integers(1, 2)), "heading")))
            made[-1].alone = len(made[-1].lines)
        elif kind == "blank":
            made.append(Flow([None] * draw(st.integers(1, 3))))
        elif kind == "solid":
            made.append(Flow([], solid=Block(number, draw(st.floats(10, 300)), draw(st.integers(1, 6)))))
        if kind in ("text", "heading"):
            able = draw(st.sets(st.sampled_from([-1, 1])))
            made.append(text(len(made), draw(st.integers(1, 30)), frozenset(able)))
    if draw(st.booleans()):
        made.append(Flow([None, *lines(len(made), 2, "signature")], tail=True))
    return made


@given(flows(), st.integers(0, 10))
def test_every_page_is_full_and_ends_well(made: list[Flow], first: int) -> None:
    pages = pager.deal(made, first)
    kept = [[line.block, line.left] for one in pages for _, line in one.rows]
    assert kept == sorted(kept), "out of order"
    assert kept == [[line.block, line.left] for flow in made for line in flow.lines if line], "lost or twice"
    for one in pages:
        rows = [row for row, _ in one.rows]
        assert rows == sorted(set(rows))
        assert all(0 <= row < ROWS for row in rows)
    for one, following in pairwise(pages):
        if one.rows and following.rows and not one.ink and not following.ink:
            check_end([line for _, line in one.rows], [line for _, line in following.rows], one.rows[-1][0], made)


def check_end(before: list[Draft], after: list[Draft], last: int, made: list[Flow]) -> None:
    """The rules at the end of a page of text that another page of text follows."""
    end, begin = before[-1], after[0]
    assert end.kind != "heading", "a heading is last"
    assert begin.kind != "signature", "a signature is alone"
    lonely = begin.block == end.block and begin.left == begin.right - 1
    if lonely:
        assert held_above(before), "a last line is first, and a row or two less would have spared it"
    if last < ROWS - 1:
        assert last >= ROWS - 3 or held_below(after, made), "a page is short for nothing"


def held_above(lines_: list[Draft]) -> bool:
    """Whether a page could not have ended two rows earlier: the paragraph has so few lines and a heading stands above."""
    rest = [line for line in lines_ if line.block != lines_[-1].block]
    return not rest or rest[-1].kind == "heading" or len(lines_) - len(rest) == 1


def held_below(after: list[Draft], made: list[Flow]) -> bool:
    """Whether what begins the next page could not be parted: a heading, blank rows before it, a signature."""
    signed = any(line.kind == "signature" for line in after[:6])
    return after[0].kind == "heading" or signed or any(None in flow.lines for flow in made[: after[0].block + 1])


@given(st.integers(1, 400), st.integers(0, 10))
def test_text_alone_fills_every_page(count: int, first: int) -> None:
    pages = pager.deal([Flow(lines(0, count))], first)
    for one in pages[1:-2]:
        assert [row for row, _ in one.rows] == list(range(ROWS))
    assert sum(len(one.rows) for one in pages) == count
    if len(pages) > 1 and first < ROWS:
        assert len(pages[-1].rows) > 1, "a last line is alone"


def test_a_page_is_eased_by_what_shows_least() -> None:
    much = Flow(lines(0, 9), Ease(lambda by: 0.9 if by < 0 else 2.0, lambda by: lines(0, 9 + by)))
    little = Flow(lines(1, 9), Ease(lambda by: 0.1 if by < 0 else 2.0, lambda by: lines(1, 9 + by)))
    pages = pager.deal([much, little, Flow(lines(2, 5)), Flow(lines(3, 9))])  # row 22 is the last line of the third
    assert [len(flow.lines) for flow in (much, little)] == [9, 8]
    assert [len(one.rows) for one in pages] == [22, 9]


def test_two_paragraphs_are_changed_when_one_is_not_enough() -> None:
    able = [text(k, 6, frozenset({1})) for k in range(2)]
    heading = Flow(lines(4, 2, "heading"), alone=2)
    pages = pager.deal([*able, Flow(lines(2, 6)), Flow(lines(3, 2)), heading, Flow(lines(5, 9))])
    assert [len(flow.lines) for flow in able] == [7, 7]
    assert [len(one.rows) for one in pages] == [22, 11]


def test_the_page_before_is_changed_when_this_one_has_nothing_to_change() -> None:
    able = text(0, 30, frozenset({-1}))  # on the first page and eight rows of the second
    rigid = Flow(lines(1, 15))  # its last line would begin the third page
    pages = pager.deal([able, rigid, Flow(lines(2, 3))])
    assert len(able.lines) == 29
    assert [len(one.rows) for one in pages] == [22, 22, 3]


def test_a_solid_begins_a_page_and_text_goes_on_below_it() -> None:
    block = Block(0, 100.0)
    pages = pager.deal([Flow([], solid=block), Flow(lines(1, 3))])
    assert [row for row, _ in pages[0].rows] == [4, 5, 6]
    assert UPRIGHT.row_top(0) - 100 - 4 >= UPRIGHT.row_top(4)
