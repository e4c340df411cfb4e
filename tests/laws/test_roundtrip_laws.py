"""Old paper → draft → ledger → notice: the words come back, whatever the paper looked like (DESIGN.md §4)."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_intake_laws import GOLDEN, drafts, source, texts

from db.ledger.ledger import Ledger
from db.schema.typed import UNPRINTABLE
from db.store.replica import Installation
from desktop_app.intake import enter
from desktop_app.intake.draft import Draft
from desktop_app.intake.read import read
from desktop_app.intake.recognise import recognise
from desktop_app.intake.retell import words
from desktop_app.intake.source import Source
from desktop_app.notices import compose, plain
from desktop_app.notices.marks import clean
from desktop_app.notices.tree import Document
from desktop_app.rectification import ledgers

DAY = date(2021, 11, 3)
SHELF = "/dev/shm" if Path("/dev/shm").is_dir() else None


def reprinted(draft: Draft, paper: Source) -> Document:
    """The notice composed from a ledger into which the draft was entered."""
    with tempfile.TemporaryDirectory(dir=SHELF) as folder:
        ledger = Ledger.create(Path(folder) / "台账.zgl", Installation(Path(folder) / "home"))
        try:
            enter.enter(ledger, draft, paper, "经办人")
            unit = enter.unit_of(ledger, draft) or ledgers.own_unit(ledger, ledger)
            assert unit is not None
            return compose.compose(ledger, compose.notice_of(ledger, unit), today=DAY)
        finally:
            ledger.close()


def bare(text: str) -> str:
    return "".join(text.split())


def check(draft: Draft, paper: Source) -> None:
    """The words printed are the words of the draft; an untitled, unsigned or undated paper gets what it lacked.
    Controls and half characters, which no page can show, are left out (a row to be looked at tells of them), and so are
    signs without form or width, such as a soft hyphen."""
    document = reprinted(draft, paper)
    if draft.title_guessed:
        document = replace(document, title="")
    if document.signature is not None:
        organ = document.signature.organ if draft.signature else ""
        day = document.signature.date if draft.date_text else ""
        assert draft.tail == Draft().tail or (organ, day) == (document.signature.organ, document.signature.date)
        document = replace(document, signature=replace(document.signature, organ=organ, date=day))
    assert bare(plain.text(document)) == bare(clean(UNPRINTABLE.sub("", words(draft))))


@given(drafts())
def test_the_words_of_a_draft_are_printed_again(draft: Draft) -> None:
    check(draft, source(words(draft)))


@given(texts)
def test_the_words_of_any_text_are_printed_again(text: str) -> None:
    paper = source(text)
    for draft in recognise(paper):
        check(draft, paper)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda p: p.stem)
def test_the_words_of_every_known_shape_are_printed_again(path: Path) -> None:
    paper = read(path)
    for draft in recognise(paper):
        check(draft, paper)


@given(st.sampled_from(GOLDEN), st.data())
def test_the_words_of_a_cut_notice_are_printed_again(path: Path, data: st.DataObject) -> None:
    text = path.read_text("utf-8")
    start = data.draw(st.integers(0, len(text)))
    paper = source(text[start : data.draw(st.integers(start, len(text)))])
    for draft in recognise(paper):
        check(draft, paper)


def test_the_words_of_the_seed_are_printed_again(seed: Path) -> None:
    paper = read(seed)
    found = recognise(paper)
    assert len(found) == 3
    for draft in found:
        check(draft, paper)
