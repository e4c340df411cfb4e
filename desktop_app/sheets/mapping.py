"""Which column of a table is which field: headings are found, matched to labels, and remembered by this machine.

A heading matches by the field's label, its key or another name of it, whatever its blanks, brackets, units and stars.
What matches nothing is told, never passed over in silence.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from db.errors import Refusal
from db.schema.record import Field, Schema
from desktop_app import paths
from desktop_app.rectification import batch
from desktop_app.rectification.batch_cells import Cell, empty, seen
from desktop_app.sheets.read import Table

ID_HEADING = "系统编号"
"""The heading of a column of record ids."""
EXPLAINED = ("说明", "填表说明", "选项")
"""Sheets that are written beside the rows and hold none."""
_LOOK = 30
_SUMS = ("合计", "总计", "小计", "累计")
_FILE = "sheet-columns.json"


@dataclass(frozen=True)
class Block:
    """The rows of one sheet below its headings. ``first_row`` is the number of the first of ``cells`` as the spreadsheet
    counts (from 1); ``sums`` are numbers of rows that only add up the others and are emptied here."""

    source: str
    sheet: str
    headings: tuple[str, ...]
    cells: tuple[Sequence[Cell], ...]
    first_row: int
    sums: tuple[int, ...] = ()


@dataclass(frozen=True)
class Columns:
    """What the columns of a block are. ``names`` are fields (``batch.ID``: record ids; None: not read), ``unknown``
    headings that match nothing, ``left_out`` headings of fields no cell can fill (papers, what is reckoned), ``lacking``
    labels of required fields without a column."""

    names: tuple[str | None, ...]
    unknown: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def known(self) -> int:
        """How many columns are read."""
        return sum(1 for name in self.names if name)


def bare(heading: str) -> str:
    """A heading as it is compared: without brackets and what they hold, blanks, stars and colons; one width, one case."""
    words = unicodedata.normalize("NFKC", heading)
    without = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕", "", words)
    kept = re.sub(r"[\s*:、,.;·_/\\-]+", "", without or words)
    return kept.casefold()


def other_names(one: Field) -> tuple[str, ...]:
    """The names of a field beside its label: its key, and what its definition calls it besides."""
    return (one.name, *getattr(one.kind, "aliases", ()))


def near(schema: Schema, heading: str) -> str:
    """The label that an unknown heading may have meant; "" when none is like it."""
    labels = {bare(one.kind.label): one.kind.label for one in schema.fields if batch.takes(one.kind)}
    held = [key for key in labels if key in bare(heading) or (len(bare(heading)) > 1 and bare(heading) in key)]
    found = held or get_close_matches(bare(heading), list(labels), 1, 0.6)
    return labels[found[0]] if found else ""


class _Names:
    """Bare heading → fields, in the order of the schema; a label that two fields share goes to them in turn."""

    def __init__(self, schema: Schema, remembered: Mapping[str, str]) -> None:
        self.remembered = remembered
        self.fields = {one.name: one for one in schema.fields}
        self.by_name: dict[str, list[str]] = {}
        for one in schema.fields:
            self._add(one.kind.label, one.name)
        for one in schema.fields:
            unit = getattr(one.kind, "unit", "")
            for name in (*other_names(one), f"{one.kind.label}{unit}", f"{one.kind.section}{one.kind.label}"):
                self._add(name, one.name)
        self._add(ID_HEADING, batch.ID)
        self._add("编号", batch.ID)

    def _add(self, words: str, name: str) -> None:
        known = self.by_name.setdefault(bare(words), [])
        shares = name in self.fields and all(
            k in self.fields and bare(self.fields[k].kind.label) == bare(words) for k in known
        )
        if not known or (shares and bare(self.fields[name].kind.label) == bare(words) and name not in known):
            known.append(name)

    def find(self, heading: str, used: Sequence[str | None]) -> str | None:
        """The field of a heading that no column before has; None when there is none, "" when it is not to be read."""
        key = bare(heading)
        if key in self.remembered:
            said = self.remembered[key]
            return said if said in self.fields or said in ("", batch.ID) else None
        return next((name for name in self.by_name.get(key, ()) if name not in used), None)


def columns(
    schema: Schema,
    headings: Sequence[str],
    remembered: Mapping[str, str] | None = None,
    reckoned: Collection[str] = (),
) -> Columns:
    """Headings → fields. ``remembered`` (bare heading → field, "": not read) goes before everything else; ``reckoned``
    are the labels of what is computed, which nobody fills in."""
    names = _Names(schema, remembered or {})
    computed = {bare(label) for label in reckoned}
    found: list[str | None] = []
    unknown: list[str] = []
    left_out: list[str] = []
    for heading in headings:
        name = names.find(heading, found) if heading.strip() else None
        if name is None and heading.strip():
            (left_out if bare(heading) in computed else unknown).append(heading.strip())
        elif name and name != batch.ID and not batch.takes(names.fields[name].kind):
            left_out.append(heading.strip())
            name = None
        found.append(None if not name or name in found else name)
    lacking = tuple(f.kind.label for f in schema.fields if f.kind.required and f.name not in found)
    return Columns(tuple(found), tuple(unknown), tuple(left_out), lacking)


def block(schema: Schema, table: Table, remembered: Mapping[str, str] | None = None) -> Block | None:
    """The part of a table that holds rows of this schema: below the row whose cells match most of its labels; None when
    no row matches any."""
    rows = _merged_down(table)
    best, most = -1, 0
    for at, row in enumerate(rows[:_LOOK]):
        headings = _headings(rows, table, at)
        found = columns(schema, headings, remembered)
        matched = found.known + len(found.left_out)
        filled = sum(1 for cell in row if not empty(cell))
        if matched > most and (matched >= 2 or matched == filled):
            best, most = at, matched
    if best < 0:
        return None
    body = list(rows[best + 1 :])
    sums = []
    for at, row in enumerate(body):
        first = next((seen(cell).strip() for cell in row if not empty(cell)), "")
        if first in _SUMS:
            sums.append(best + 2 + at)
            body[at] = ()
    while body and all(empty(cell) for cell in body[-1]):
        body.pop()
    return Block(table.source, table.sheet, _headings(rows, table, best), tuple(body), best + 2, tuple(sums))


def blocks(schema: Schema, tables: Sequence[Table], remembered: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """All sheets that hold rows of this schema, those with fewer than half of the columns of the best left out;
    ``Refusal`` when none does."""
    asked = [table for table in tables if table.sheet not in EXPLAINED] or list(tables)
    found = [one for table in asked for one in [block(schema, table, remembered)] if one is not None]
    known = [columns(schema, one.headings, remembered).known for one in found]
    alike = [one for one, count in zip(found, known, strict=True) if 2 * count >= max(known)]
    full = [one for one in alike if one.cells]
    if alike:
        return tuple(full or alike)
    labels = "、".join(one.kind.label for one in schema.fields[:8])
    raise Refusal(
        f"表里没有找到“{schema.title}”的栏目名称。",
        f"表头要写栏目名称，如 {labels}；可以先导出一份模板。",
        "excel",
    )


def _merged_down(table: Table) -> Sequence[Sequence[Cell]]:
    """The rows with what a merged area says in every row of its first column: one unit written beside five rows."""
    tall = [area for area in table.merged if area[2] > area[0]]
    if not tall:
        return table.rows
    rows = [list(row) for row in table.rows]
    for top, left, bottom, _ in tall:
        if top < len(rows) and left < len(rows[top]) and not empty(rows[top][left]):
            for row in rows[top + 1 : bottom + 1]:
                row.extend([None] * (left + 1 - len(row)))
                if empty(row[left]):
                    row[left] = rows[top][left]
    return rows


def _headings(rows: Sequence[Sequence[Cell]], table: Table, at: int) -> tuple[str, ...]:
    """The words of a row of headings; one under a wide heading (加油: 日期, 数量) is joined to it where it alone says
    the same as another."""
    own = [" ".join(seen(cell).split()) for cell in rows[at]]
    above = _wide(rows, table, at)
    return tuple(
        above[column] + words if column in above and words and own.count(words) > 1 else words
        for column, words in enumerate(own)
    )


def _wide(rows: Sequence[Sequence[Cell]], table: Table, at: int) -> dict[int, str]:
    """Column → the wide heading above it."""
    found = {}
    for top, left, bottom, right in table.merged:
        if bottom == at - 1 and right > left and top < len(rows) and left < len(rows[top]):
            words = " ".join(seen(rows[top][left]).split())
            found.update(dict.fromkeys(range(left, right + 1), words))
    return found


# -- memory -----------------------------------------------------------------------------------------------------------


def remembered(schema: Schema, folder: Path | None = None) -> dict[str, str]:
    """Bare heading → field ("": not read) as this machine was told before; {} when it was told nothing."""
    told = _kept(folder).get(schema.name)
    return {k: v for k, v in told.items() if isinstance(v, str)} if isinstance(told, dict) else {}


def remember(schema: Schema, headings: Sequence[str], names: Sequence[str | None], folder: Path | None = None) -> None:
    """Keeps what a clerk said the columns are; what the headings say by themselves is not kept."""
    plain = columns(schema, headings).names
    said = {bare(h): n or "" for h, n, own in zip(headings, names, plain, strict=True) if h.strip() and n != own}
    same = {bare(h) for h, n, own in zip(headings, names, plain, strict=True) if n == own}
    kept = {key: name for key, name in remembered(schema, folder).items() if key not in same} | said
    target = (folder or paths.home()) / _FILE
    part = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps({**_kept(folder), schema.name: kept}, ensure_ascii=False, indent=1), "utf-8")
        part.replace(target)
    except OSError:  # a machine that cannot keep it asks again next time
        part.unlink(missing_ok=True)


def _kept(folder: Path | None) -> dict[str, object]:
    try:
        told = json.loads(((folder or paths.home()) / _FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
