"""The kinds of papers that are made of tables, in the order they are offered."""

from __future__ import annotations

from desktop_app.notices import (
    indicator_paper,
    ledger_paper,
    lists_paper,
    overview_paper,
    publication_paper,
    register_paper,
)
from desktop_app.notices.wanted import Kind

KINDS: tuple[Kind, ...] = (
    *ledger_paper.KINDS,
    *lists_paper.KINDS,
    *register_paper.KINDS,
    *publication_paper.KINDS,
    *indicator_paper.KINDS,
    *overview_paper.KINDS,
)
