"""Numbers of issued papers under any history of several offices: none left out, none given twice in one place, none lost."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date

import branches
import pytest
from branches import all_meet, meet, offices, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.records import IssuedPaper, Unit
from desktop_app.notices import issuing, kept, recomposing, stamps, tree
from desktop_app.rectification import checks_numbers, issued, numbering

DAY = date(2021, 11, 3)
steps = st.lists(
    st.tuples(
        st.sampled_from(["issue", "issue", "issue", "void", "undo", "meet", "elsewhere", "unused"]),
        st.integers(0, 2),
        st.integers(0, 5),
    ),
    max_size=14,
)


def unit(ledger: Ledger) -> Unit:
    found = ledger.get(Unit, "u1")
    assert found is not None
    return found


def numbers(ledger: Ledger) -> list[int]:
    """Every number that is given, once for each time it was."""
    found = numbering.numbers(ledger, unit(ledger), 2021)
    return [number for one in found.taken for number in range(one.first, one.number + 1)]


def do(ledgers: list[Ledger], what: str, at: int, value: int) -> None:
    here = ledgers[at]
    following = numbering.numbers(here, unit(here), 2021).next
    papers = [one for one in here.all(IssuedPaper) if one.tree]
    if what == "issue":
        document = tree.Document(f"通知{value}", (tree.Paragraph((tree.Run(f"内容{at}{value}。"),)),))
        ready = issuing.prepare(here, document, issuing.About(unit(here), DAY, "通知", "internal"), errors=())
        assert ready.number is not None
        assert ready.number.number == following
        issuing.issue(here, ready, "王")
    elif what == "void" and papers:
        paper = papers[value % len(papers)]
        if paper.void_reason:
            with pytest.raises(Refusal):
                issued.void(here, paper, "又一次", "王", day=DAY)
        else:
            issued.void(here, paper, "写错", "王", day=DAY)
    elif what == "undo":
        before = Counter(one.id for one in papers)
        with suppress(Refusal):
            here.undo("王")
        assert Counter(one.id for one in here.all(IssuedPaper) if one.tree) == before
    elif what == "meet":
        meet(here, ledgers[value % len(ledgers)])
    elif what in ("elsewhere", "unused"):
        last = numbering.Number("某公党", 2021, following + value % 3)
        issued.register(here, unit(here), last, "王", first=following, unused=what == "unused", reason="误编")


@settings(max_examples=25)
@given(steps)
def test_numbers_run_without_gaps_whatever_happens(story: list[tuple[str, int, int]]) -> None:
    with offices(3, core=True) as made:
        made.ledgers[0].act(Deed("新建", "主", (create(Unit, "u1", name="某分局", document_code="某公党"),)))
        for other in made.ledgers[1:]:
            meet(other, made.ledgers[0])
        for step in story:
            do(made.ledgers, *step)
            for ledger in made.ledgers:
                given_ = numbers(ledger)
                assert set(given_) == set(range(1, max(given_, default=0) + 1))
        all_meet(made.ledgers)
        first = made.ledgers[0]
        assert all(rows(other) == rows(first) for other in made.ledgers)
        given_ = numbers(first)
        assert set(given_) == set(range(1, max(given_, default=0) + 1))
        standing = Counter(
            number for one in numbering.taken(first) if one.stands for number in range(one.first, one.number + 1)
        )
        found = list(checks_numbers.numbers(first, None))
        assert bool(found) == any(count > 1 for count in standing.values())
        assert {one.code for one in found} <= {"number_issued_twice"}
        for paper in first.all(IssuedPaper):
            if paper.tree:
                _is_what_it_was(made.ledgers, paper)


def _is_what_it_was(ledgers: list[Ledger], paper: IssuedPaper) -> None:
    """The log of each office still holds what the paper states; the office that has its bytes knows its words."""
    stamp = stamps.read(paper.stamp or "")
    for ledger in ledgers:
        head = history.head(ledger, recomposing.seen_of(paper))
        assert head == paper.head
        assert stamp.fits(paper.digest or "", head) == (True, True)
    for ledger in ledgers:
        with suppress(Refusal):  # only the office that issued it has its bytes
            document = kept.document_of(ledger, paper)
            assert document.head is not None
            assert document.head.document_number == paper.document_number
            return
    raise AssertionError(f"nobody has {paper.document_number}")


@given(branches.STORIES | branches.DEFINING, st.data())
def test_what_an_office_had_seen_can_be_seen_again_everywhere(story: list[branches.Step], data: st.DataObject) -> None:
    """A paper says what its office had seen; that ledger is the same made again from any file that holds so much."""
    with offices(3) as made:
        moments = []
        for step in story:
            branches.do(made.ledgers, step)
            here = made.ledgers[step.branch % 3]
            moments.append((history.seen(here), history.head(here), rows(here)))
        seen, head, was = data.draw(st.sampled_from(moments))
        all_meet(made.ledgers)
        for ledger in made.ledgers:
            assert history.head(ledger, seen) == head
            assert rows(history.at_seen(ledger, seen)) == was
