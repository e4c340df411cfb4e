"""Definitions of categories: registers, indicators, rules and sentences as data, read strictly."""

from __future__ import annotations

from db.schema.definition.amending import Change, amended
from db.schema.definition.category import CategoryDefinition, loaded, read
from db.schema.definition.fields import ComputedSpec, FieldSpec
from db.schema.definition.indicators import Indicator, Passage, Step
from db.schema.definition.registers import Register
from db.schema.definition.rules import Rule
from db.schema.definition.scope import Scope
from db.schema.definition.wrong import Wrong, dotted

__all__ = [
    "CategoryDefinition",
    "Change",
    "ComputedSpec",
    "FieldSpec",
    "Indicator",
    "Passage",
    "Register",
    "Rule",
    "Scope",
    "Step",
    "Wrong",
    "amended",
    "dotted",
    "loaded",
    "read",
]
