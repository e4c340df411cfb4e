"""What offices say of two records that look alike: the same thing entered twice, or two things."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated

from db.schema.kinds import Choice, Text
from db.schema.record import Record, record
from db.schema.records import words

SAME, DIFFERENT = "same", "different"


@record("sameness", "同一认定", shown="{verdict}", order=("record", "first", "second"))
@dataclass(frozen=True, kw_only=True)
class Sameness(Record):
    """What somebody found of two records of one table. Nothing of either is written here: this travels to whoever holds both."""

    record: Annotated[str | None, Text("表", required=True)] = None
    first: Annotated[str | None, Text("记录编号", required=True)] = None
    second: Annotated[str | None, Text("另一条的编号", required=True)] = None
    verdict: Annotated[str | None, Choice("认定", of=words.SAMENESS, required=True, listed=True)] = None
    main: Annotated[str | None, Text("以哪一条为准", help="统计时用这一条的内容；留空就用先登记的一条")] = None


def sameness_id(name: str, one: str, other: str) -> str:
    """The id of what is said of two records of a schema: the same in every branch, whichever is named first, so that two
    offices that judge one pair differently meet in a conflict and somebody decides."""
    whole = "\n".join((name, *sorted((one, other))))
    return f"sameness-{hashlib.sha256(whole.encode()).hexdigest()[:24]}"
