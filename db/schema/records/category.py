"""A category of problems, as a fact of the ledger: it travels with the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from db.schema.kinds import Text, Whole
from db.schema.links import Texts
from db.schema.record import Record, record


@record("category", "问题类别", shown="{title}", order=("number", "title"))
@dataclass(frozen=True, kw_only=True)
class Category(Record):
    """A kind of problem; the cues are words by which an old text is recognised as belonging to it."""

    number: Annotated[int | None, Whole("序号", least=1)] = None
    title: Annotated[str | None, Text("名称", required=True, listed=True)] = None
    cues: Annotated[tuple[str, ...] | None, Texts("识别词")] = None
