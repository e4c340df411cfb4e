"""Laws of the finished PDF, measured by somebody who sees the file alone: no paper breaks a rule, whatever its words."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from test_typeset_laws import documents

from desktop_app.notices import measure, pdf, plain, sheet, tree
from desktop_app.notices.archive_rules import broken

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "notices"))
from read_tags import structure

FEW = settings(max_examples=max(10, settings().max_examples // 4))


def squash(text: str) -> str:
    return re.sub(r"\s", "", text)


@FEW
@given(documents)
def test_a_paper_breaks_no_rule(document: tree.Document) -> None:
    data = pdf.drawn(sheet.typeset(document), pdf.meta(document))
    assert [(one.name, one.value, one.places) for one in measure.sheet(data, document).failed] == []


@FEW
@given(documents)
def test_the_tags_hold_every_word_in_order(document: tree.Document) -> None:
    top = structure(pdf.to_bytes(document))
    assert squash("".join(node.words for node in top.every())) == squash(plain.text(document))


@FEW
@given(documents, st.booleans())
def test_a_paper_for_the_archive_breaks_no_rule(document: tree.Document, named: bool) -> None:
    about = pdf.meta(document, identity=(("number", document.title),) if named else ())
    assert broken(pdf.drawn(sheet.typeset(document), about, archive=True)) == []
