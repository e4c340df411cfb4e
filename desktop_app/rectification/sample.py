"""The sample ledger: an invented branch with a problem of every category, read from ``resources/sample`` and put in by one deed.

The data is written as a clerk types it, so every value passes ``Kind.parse`` on its way in. A table inside a table is a
part of it: its references to records that stand around it (unit, problem, measure …) need not be written. Ids are fixed,
so that loading the sample in two ledgers gives the same records.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome
from db.ledger.ledger import Ledger
from db.schema.composite import Paper, Sheet
from db.schema.kinds import Kind, YesNo
from db.schema.links import Ref, Refs, Texts
from db.schema.records import Unit
from desktop_app import paths
from desktop_app.rectification import categories, ledgers

DAY = date(2025, 10, 22)
"""The sample's present day: its notice bears this date, and on this day one problem is overdue."""

BRANCH = "sample-branch"
"""The id of the unit that the sample is about."""

PRINTED: tuple[tuple[str, tuple[str, ...], Mapping[str, str]], ...] = (
    ("publication", ("official_vehicles.monthly_publish",), {"title": "车辆油耗"}),
    ("indicators", ("official_vehicles",), {}),
)
"""Kinds of papers that the rows of the sample are printed as: kind, what of, options."""


@dataclass(frozen=True)
class Part:
    """A record of the sample before its values are read: where it is written, its id, the records around it by schema."""

    file: str
    schema: str
    id: str
    values: Mapping[str, Any]
    around: Mapping[str, str] = field(default_factory=dict)


def folder() -> Path:
    """Where the sample lies."""
    return paths.resources() / "sample"


def old_notice() -> Path:
    """An older notice of another invented unit, for trying the intake."""
    return folder() / "旧通报（示例）.txt"


def unit_name() -> str:
    """The full name of the sample's branch: a ledger made for this name takes the sample as its own unit."""
    return next(str(part.values["name"]) for part in parts() if part.id == BRANCH)


def load(ledger: Ledger, actor: str) -> Outcome:
    """Puts the sample into a ledger, papers first, then all records in one deed; ``Refusal`` when it is there already. The
    categories come first, where the ledger lacks them: rows of their registers need tables."""
    if ledger.find("notice", "sample-notice", deleted=True) is not None:
        raise Refusal("这个台账里已经有示例内容。", "要重新看示例，请新建一个台账。", "first-steps")
    same = {unit.name: unit.id for unit in ledger.all(Unit)}
    renamed = {p.id: same[p.values["name"]] for p in parts() if p.schema == "unit" and p.values["name"] in same}
    figures = {
        (part.around.get("problem"), part.values["name"]): part.id for part in parts() if part.schema == "figure"
    }
    sheets = {name: ledger.keep(folder() / "papers" / name) for name in _papers()}
    categories.install(ledger, actor)
    reader = _Reader(ledger, renamed, figures, sheets)
    outcome = ledger.act(Deed("载入示例台账", actor, tuple(reader.edit(part) for part in parts())))
    if not ledger.note(ledgers.OWN_UNIT):
        ledger.note(ledgers.OWN_UNIT, renamed.get(BRANCH, BRANCH))
    return outcome


@cache
def parts() -> tuple[Part, ...]:
    """Every record of the sample, owners before their parts, in the order of the files."""
    count: Counter[str] = Counter()
    found: list[Part] = []
    for path in sorted(folder().glob("*.toml")):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        for name, records in raw.items():
            for record in records:
                found.extend(_walk(path.name, name, record, {}, count))
    return tuple(found)


def _walk(
    file: str, schema: str, record: Mapping[str, Any], around: Mapping[str, str], count: Counter[str]
) -> Iterator[Part]:
    """A table and the tables inside it → parts. A table inside another is a list of tables under a schema's name."""
    count[schema] += 1
    identifier = f"sample-{record.get('id') or f'{schema}-{count[schema]:03d}'}"
    inside = {key: value for key, value in record.items() if _holds_records(value)}
    values = {key: value for key, value in record.items() if key not in inside and key != "id"}
    yield Part(file, schema, identifier, values, around)
    for name, records in inside.items():
        for one in records:
            yield from _walk(file, name, one, {**around, schema: identifier}, count)


def _holds_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _papers() -> set[str]:
    """The names of the files that records of the sample name as papers."""
    held = (value for part in parts() for value in part.values.values())
    return {value["file"] for value in held if isinstance(value, dict)}


@dataclass(frozen=True)
class _Reader:
    """Reads written values: ``renamed`` are ids of units the ledger had before, ``figures`` (problem, name) → id."""

    ledger: Ledger
    renamed: Mapping[str, str]
    figures: Mapping[tuple[str | None, str], str]
    sheets: Mapping[str, Sheet]

    def edit(self, part: Part) -> Edit:
        """A part → the edit that makes its record."""
        schema = self.ledger.schema(part.schema)
        kinds = schema.kinds()
        around = {f.name: f.kind.to for f in schema.references() if isinstance(f.kind, Ref)}
        values: dict[str, Any] = {
            name: self.renamed.get(part.around[to], part.around[to]) for name, to in around.items() if to in part.around
        }
        for name, written in part.values.items():
            if name not in kinds:
                raise ValueError(f"{part.file}: {part.schema} has no field {name!r}")
            values[name] = self.value(kinds[name], written, part)
        return Edit(part.schema, self.renamed.get(part.id, part.id), values)

    def value(self, kind: Kind[Any], written: Any, part: Part) -> Any:
        """What is written → a working value."""
        if isinstance(kind, Ref):
            return self.reference(kind.to, written, part)
        if isinstance(kind, Refs):
            return tuple(self.reference(kind.to, one, part) for one in written)
        if isinstance(kind, Paper):
            return replace(self.sheets[written["file"]], name=written["name"])
        if isinstance(kind, Texts):
            return tuple(written)
        if isinstance(kind, YesNo):
            return bool(written)
        return kind.parse(str(written))

    def reference(self, schema: str, written: str, part: Part) -> str:
        """A figure is named by its name within the problem, a category by its key, anything else by its id."""
        if schema == "figure":
            return self.figures[part.around.get("problem"), written]
        if schema == "category":
            return f"category-{written}"
        identifier = f"sample-{written}"
        return self.renamed.get(identifier, identifier)
