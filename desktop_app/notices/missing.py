"""Which characters no face can print: said while somebody types, in the check list, and by whoever sets a paper.

Cheap where nothing is wrong: what is typed is nearly always common, and faces are opened only for what is not.
"""

from __future__ import annotations

from collections.abc import Sequence

from db.ledger.facts import Facts
from db.ledger.lines import describe
from desktop_app.rectification.checks_characters import UNCOMMON, uncommon
from desktop_app.rectification.finding import Finding

ADVICE = "请改用另一种写法，或在本机装上有这个字的字体。"


def lacking(text: str) -> list[str]:
    """The characters of a text that no face of this process draws, each once."""
    if not UNCOMMON.search(text):
        return []
    from desktop_app.notices import fonts, marks

    return fonts.lacking(marks.clean(text))


def hint(text: str) -> str:
    """A sentence for a field while it is typed in; "" when everything can be printed."""
    absent = lacking(text)
    return f"{_told(absent)}没有字体能印出，印文时会停下。{ADVICE}" if absent else ""


def findings(facts: Facts, unit: str | None = None) -> list[Finding]:
    """The fields of the ledger (of one unit, and of none) that no paper can print."""
    found = []
    for words in uncommon(facts, unit):
        absent = lacking(words.text)
        if not absent:
            continue
        schema = facts.schema(words.record)
        record = facts.find(words.record, words.id)
        named = f"“{describe(facts, record)[:40]}”" if record is not None else ""
        label = schema.field(words.field).kind.label
        found.append(
            Finding(
                "no_glyph",
                "error",
                f"{schema.title}{named}的“{label}”里，{_told(absent)}没有字体能印出。",
                ADVICE,
                words.record,
                words.id,
                words.field,
                matter=words.field,
                substance="".join(absent),
            )
        )
    return found


def _told(absent: Sequence[str]) -> str:
    from desktop_app.notices import fonts

    more = f" 等 {len(absent)} 个字符" if len(absent) > 4 else ""
    return "、".join(map(fonts.called, absent[:4])) + more
