"""The records of the core, and the vocabulary they make."""

from __future__ import annotations

from db.schema.record import Record, Schema, schema_of
from db.schema.records.category import Category
from db.schema.records.closing import Closing, Evidence, Opinion, Recheck
from db.schema.records.conduct import Accountability, Meeting
from db.schema.records.definition import (
    Amendment,
    Definition,
    NamedPeriod,
    Waiver,
    amendment_id,
    category_key,
    definition_id,
)
from db.schema.records.figure import Figure, FigureRelation
from db.schema.records.inspection import Aspect, Group, Inspection
from db.schema.records.notice import Chapter, NextStep, Notice, UnreadText
from db.schema.records.paper import IssuedPaper
from db.schema.records.problem import Measure, OngoingItem, Problem, ProblemView, ProgressEntry
from db.schema.records.regulation import CitedRule, Regulation
from db.schema.records.sameness import Sameness, sameness_id
from db.schema.records.unit import Clerk, Person, Unit
from db.schema.records.words import NO_MARK

CORE: tuple[type[Record], ...] = (
    Unit,
    Person,
    Clerk,
    Inspection,
    Aspect,
    Group,
    Category,
    Definition,
    Amendment,
    NamedPeriod,
    Problem,
    Measure,
    OngoingItem,
    ProgressEntry,
    ProblemView,
    Regulation,
    CitedRule,
    Figure,
    FigureRelation,
    Accountability,
    Meeting,
    Evidence,
    Closing,
    Opinion,
    Recheck,
    Notice,
    Chapter,
    NextStep,
    UnreadText,
    IssuedPaper,
    Waiver,
    Sameness,
)
"""Every record of the core, owners before their parts."""

SCHEMAS: dict[str, Schema] = {schema_of(cls).name: schema_of(cls) for cls in CORE}
"""Name → schema."""

__all__ = [
    "CORE",
    "NO_MARK",
    "SCHEMAS",
    "Accountability",
    "Amendment",
    "Aspect",
    "Category",
    "Chapter",
    "CitedRule",
    "Clerk",
    "Closing",
    "Definition",
    "Evidence",
    "Figure",
    "FigureRelation",
    "Group",
    "Inspection",
    "IssuedPaper",
    "Measure",
    "Meeting",
    "NamedPeriod",
    "NextStep",
    "Notice",
    "OngoingItem",
    "Opinion",
    "Person",
    "Problem",
    "ProblemView",
    "ProgressEntry",
    "Recheck",
    "Regulation",
    "Sameness",
    "Unit",
    "UnreadText",
    "Waiver",
    "amendment_id",
    "category_key",
    "definition_id",
    "sameness_id",
]
