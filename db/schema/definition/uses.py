"""Which fields an indicator, a rule or a computed field rests on, and what can no longer be asked once a field is retired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from db.schema.definition.conditions import Condition, ConditionSlot, paths
from db.schema.definition.indicators import Indicator
from db.schema.definition.registers import At, Register
from db.schema.definition.rules import Rule
from db.schema.definition.scope import Scope
from db.schema.definition.slots import FieldPath, ListOf, Part, RegisterKey, Slot, SubjectField, SubjectValues, slots
from db.schema.definition.terms import TermSlot, fields_of
from db.schema.definition.wrong import Wrong

Path = tuple[str, ...]


def of(model: Any, scope: Scope) -> Iterator[tuple[str, Path]]:
    """Register and path of every field a model names; a register alone with no path."""
    for key, (slot, _needed) in slots(type(model)).items():
        value = getattr(model, key if hasattr(model, key) else f"{key}_")
        there = getattr(slot, "register", "") or getattr(getattr(slot, "slot", None), "register", "")
        register = str(getattr(model, there, "")) if there else scope.here
        if isinstance(slot, RegisterKey) and value:
            yield str(value), ()
        elif isinstance(slot, SubjectField | SubjectValues) and value and getattr(model, "by", None):
            yield from ((register, (*model.by, name)) for name in ([value] if isinstance(value, str) else value))
        elif value is not None:
            yield from ((register, path) for path in _paths(slot, value))
            if isinstance(slot, Part):
                yield from of(value, scope)


def _paths(slot: Slot, value: Any) -> Iterator[Path]:
    if isinstance(slot, FieldPath):
        yield value
    elif isinstance(slot, TermSlot):
        yield from fields_of(value)
    elif isinstance(slot, ConditionSlot):
        condition: Condition = value
        yield from paths(condition)
    elif isinstance(slot, ListOf):
        for one in value:
            yield from _paths(slot.slot, one)


def retired(registers: Mapping[str, Register]) -> dict[At, str]:
    """What is no longer filled: (register, field) → its words; of a whole register with "" for a field."""
    found: dict[At, str] = {}
    for key, register in registers.items():
        if register.retired:
            found[key, ""] = f"登记表“{register.title}”"
        for spec in register.fields:
            if spec.kind.retired:
                found[key, spec.name] = f"“{register.title}”的字段“{spec.kind.label}”"
        for one in register.computed:
            if one.retired:
                found[key, one.name] = f"“{register.title}”的字段“{one.label}”"
    return found


def must_rest_on_what_is_filled(model: Indicator | Rule, scope: Scope, gone: Mapping[At, str]) -> None:
    """``Wrong`` for an indicator or a rule that rests on a retired register or field: it would find every new row incomplete."""
    if not gone:
        return
    here = scope.at(model.register)
    tests = (model, model.test) if isinstance(model, Rule) else (model,)
    for register, path in (use for one in tests for use in of(one, here)):
        steps = [(register, ""), *scope.at(register).walk(path)] if path else [(register, "")]
        words = next((gone[at] for at in steps if at in gone), "")
        if words:
            raise Wrong((), f"用到已停用的{words}，所以不再使用。", "要继续用，请恢复它，或改用别的字段。")


def gone_with(registers: Mapping[str, Register], scope: Scope, gone: Mapping[At, str]) -> dict[At, str]:
    """What is retired, with the computed fields that rest on it."""
    found = dict(gone)
    changed = bool(gone)
    while changed:
        changed = False
        for key, register in registers.items():
            for one in register.computed:
                steps = [step for path in fields_of(one.term) for step in scope.at(key).walk(path)]
                words = next((found[at] for at in steps if at in found), "")
                if words and (key, one.name) not in found:
                    found[key, one.name] = words
                    changed = True
    return found
