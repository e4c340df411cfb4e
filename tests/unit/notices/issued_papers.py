"""A small ledger with a notice to be issued, for the tests of what leaves the house."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2

from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.composite import Amount
from db.schema.records import Chapter, Figure, Measure, Notice, Problem, Unit
from db.store.replica import Installation
from desktop_app.notices import issuing

DAY = date(2021, 11, 3)


def begun(path: Path, home: Path) -> Ledger:
    """A ledger with a notice of one problem."""
    ledger = Ledger.create(path, Installation(home))
    unit = create(
        Unit, "u1", name="某市水利局", organ="中共某市水利局党组", document_code="某水党", phones=("0510-66070000",)
    )
    notice = create(
        Notice, "n1", unit="u1", title="关于巡察整改进展情况的通报", signature="中共某市水利局党组", state="draft"
    )
    chapter = create(Chapter, "c1", notice="n1", number=1, role="problems", title="整改落实情况")
    problem = create(Problem, "q1", unit="u1", number=1, title="河道巡查不到位", publicity="public", category="other")
    measure = create(
        Measure, "m1", problem="q1", number=1, lead="加强巡查", body="共巡查{巡查次数}。", publicity="public"
    )
    figure = create(Figure, "f1", problem="q1", name="巡查次数", value=Amount(Decimal(286), "处"))
    ledger.act(Deed("起草", "王", (unit, notice, chapter, problem, measure, figure)))
    return ledger


def notice(ledger: Ledger) -> Notice:
    """The notice of that ledger."""
    found = ledger.get(Notice, "n1")
    assert found is not None
    return found


def issue(ledger: Ledger, *, internal: bool = False) -> issuing.Issued:
    """Issues it."""
    return issuing.issue(ledger, issuing.prepare_notice(ledger, notice(ledger), day=DAY, internal=internal), "王")


def words(data: bytes) -> str:
    """All words of a PDF, blanks left out."""
    with pypdfium2.PdfDocument(data) as file:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in file)
