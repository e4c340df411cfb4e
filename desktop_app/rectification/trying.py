"""What an indicator or a rule says of the rows there are, before it is kept: 现在会查出 3 处."""

from __future__ import annotations

from datetime import date

from db.ledger.facts import Facts
from db.schema.definition import CategoryDefinition
from desktop_app.rectification.reckoning.indicators import reckon
from desktop_app.rectification.ruling.judging import Asking, of_definition
from desktop_app.rectification.ruling.pinned import pinned

_SHOWN = 3


def now(facts: Facts, definition: CategoryDefinition, part: str, key: str, today: date, unit: str | None = None) -> str:
    """A sentence on a piece of a definition that is perhaps not kept yet; "" for a piece that finds nothing out, or one about a
    register the ledger has not got."""
    if part == "indicator" and key in definition.indicators:
        if not _has(facts, definition, definition.scope.indicators.get(key, "")):
            return ""
        found = reckon(facts, definition.key, key, as_of=today, unit=unit, definition=definition)
        return f"按现有登记，“{found.title}”是 {found.shown}（{found.rows} 行）。" if found.shown else found.why
    if part == "rule" and key in definition.rules:
        if not _has(facts, definition, definition.rules[key].register):
            return ""
        with pinned(facts) as moment:
            breaches = of_definition(Asking(moment, definition, today, unit), {key})
        if not breaches:
            return "按现有登记，现在没有查出什么。"
        first = "；".join(one.sentence.rstrip("。") for one in breaches[:_SHOWN])
        return f"按现有登记，现在会查出 {len(breaches)} 处：{first}{'……' if len(breaches) > _SHOWN else '。'}"
    return ""


def _has(facts: Facts, definition: CategoryDefinition, register: str) -> bool:
    """Whether the ledger keeps the register with all its fields, as the definition has it."""
    if not register:
        return True
    one = definition.registers[register]
    return one.name in facts.tables.records and {f.name for f in one.fields} <= set(facts.schema(one.name).kinds())
