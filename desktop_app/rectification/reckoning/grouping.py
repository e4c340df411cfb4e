"""What numbers are broken down by: fields of a register, its unit, and the month, quarter, half-year or year of a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal

from db.errors import Refusal
from db.ledger.facts import Facts
from db.ledger.lines import lines_of
from db.schema import kinds, links
from db.schema.definition import CategoryDefinition, Indicator
from desktop_app.rectification.reckoning.bounds import form
from desktop_app.rectification.reckoning.joined import Joined, reading
from desktop_app.rectification.reckoning.lines import Lines
from desktop_app.rectification.reckoning.paths import Leaf, Path, resolve
from desktop_app.rectification.reckoning.terms import Getter
from desktop_app.rectification.reckoning.values import day_of, shown

CALENDAR = {"month": "月", "quarter": "季度", "half_year": "半年", "year": "年"}
"""What a day may be told by, where the register has no field of that name."""
UNIT: Path = ("unit",)


@dataclass(frozen=True)
class Group:
    """One thing to break down by: how a line tells it, and the column that does (None: Python alone can tell)."""

    read: Getter
    column: ColumnElement[Any] | None
    convert: Callable[[Any], Any] | None = None


def path_of(name: str) -> Path:
    """A field as it is written, with points."""
    return tuple(name.split("."))


def is_calendar(definition: CategoryDefinition, register: str, name: str) -> bool:
    """Whether a name means a part of the calendar, not a field."""
    return name in CALENDAR and name not in definition.scope.fields.get(register, {})


_WORDS = {
    "月": "month",
    "月份": "month",
    "季度": "quarter",
    "季": "quarter",
    "半年": "half_year",
    "年": "year",
    "年份": "year",
}


def named(definition: CategoryDefinition, register: str, said: str) -> str | None:
    """A field as somebody calls it, by its key or its label (vehicle.state, 车辆.状态), or a part of the calendar → its
    name; None when the register has no such."""
    keys: list[str] = []
    for step in said.strip().replace("．", ".").split("."):
        key = _step(definition, register, keys, step.strip())
        if key is None:
            calendar = _WORDS.get(said.strip(), said.strip())
            return calendar if calendar in CALENDAR and not keys else None
        keys.append(key)
    return ".".join(keys)


def _step(definition: CategoryDefinition, register: str, before: Sequence[str], step: str) -> str | None:
    scope = definition.scope.at(register)
    if scope.sort((*before, step)) is not None:
        return step
    labels = _labels(definition, register, before)
    return next((key for key, label in labels.items() if label == step), None)


def _labels(definition: CategoryDefinition, register: str, before: Sequence[str]) -> dict[str, str]:
    """Key → label of the fields that may stand behind these steps."""
    scope = definition.scope
    here: str | None = register
    fields = scope.fields.get(register, {})
    for at in range(len(before)):
        kind = scope.at(register).kind(tuple(before[: at + 1]))
        pointed = None if kind is None else scope.target(kind)
        here, fields = pointed if pointed is not None else (None, {})
    computed = definition.registers[here].computed if here else ()
    return {**{key: kind.label for key, kind in fields.items()}, **{one.name: one.label for one in computed}}


def group(lines: Lines, indicator: Indicator, name: str) -> Group:
    """What a name means for the lines of an indicator's register; ``Refusal`` when it means nothing."""
    definition, register = lines.reader.definition, lines.reader.register
    if is_calendar(definition, register, name):
        if indicator.on is None:
            raise Refusal(f"“{indicator.title}”没有写按哪个日期归入期间，不能按{CALENDAR[name]}分。", "", "indicators")
        return _calendar(lines, indicator.on, name)
    path = path_of(name)
    if path == UNIT:
        return _unit(lines)
    try:
        leaf = lines.reader.leaf(path)
    except KeyError:
        title = definition.registers[register].title
        raise Refusal(f"登记表“{title}”没有“{name}”这个字段。", "请换一个字段。", "indicators") from None
    if leaf.kind is None or leaf.kind.structured:
        return Group(lines.value(path), None)
    return Group(lines.value(path), lines.joined.column(leaf), reading(leaf.kind, reckoned=False))


def unit_leaves(definition: CategoryDefinition, register: str) -> list[Leaf]:
    """Where the unit of a row is looked for: its own field, what it is a part of, its problem."""
    found = [resolve(definition, register, UNIT)]
    owner = next(
        (one for one in definition.registers[register].fields if isinstance(one.kind, links.Ref) and one.kind.owner),
        None,
    )
    for name in (*([owner.name] if owner else ()), "problem"):
        try:
            found.append(resolve(definition, register, (name, *UNIT)))
        except KeyError:
            continue
    return found


def unit_column(definition: CategoryDefinition, register: str, joined: Joined) -> ColumnElement[Any]:
    """The unit of a row as SQL."""
    columns = [joined.column(leaf) for leaf in unit_leaves(definition, register)]
    there = [column for column in columns if column is not None]
    return func.coalesce(*there) if len(there) > 1 else there[0]


def _unit(lines: Lines) -> Group:
    definition, register = lines.reader.definition, lines.reader.register
    getters = [lines.value(leaf.path) for leaf in unit_leaves(definition, register)]

    def read(line: Any) -> Any:
        return next((found for get in getters if (found := get(line)) is not None), None)

    return Group(read, unit_column(definition, register, lines.joined))


def _calendar(lines: Lines, on: Path, name: str) -> Group:
    leaf, get = lines.reader.leaf(on), lines.measured(on)

    def read(line: Any) -> str | None:
        found = get(line)
        return None if found is None else part_of(found if isinstance(found, str) else day_of(found).isoformat(), name)

    what = None if leaf.kind is None else form(leaf.kind)
    column = None if what is None else lines.joined.column(leaf, what[1])
    return Group(read, None if column is None else _part(column, name))


def part_of(iso: str, name: str) -> str:
    """A day or month as text → its month (2021-07), quarter (2021-Q3), half-year (2021-H2) or year."""
    if name == "month":
        return iso[:7]
    month = int(iso[5:7])
    parts = {"quarter": f"-Q{(month + 2) // 3}", "half_year": f"-H{1 if month < 7 else 2}", "year": ""}
    return iso[:4] + parts[name]


def _part(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    if name == "month":
        return func.substr(column, 1, 7)
    year, month = func.substr(column, 1, 4), func.substr(column, 6, 2)
    if name == "year":
        return year
    if name == "half_year":
        return year + case((month < "07", literal("-H1")), else_=literal("-H2"))
    return year + case(
        (month < "04", literal("-Q1")), (month < "07", literal("-Q2")), (month < "10", literal("-Q3")), else_="-Q4"
    )


# -- words for groups -------------------------------------------------------------------------------------------------

EMPTY = "（未填）"


def labels(
    facts: Facts, definition: CategoryDefinition, register: str, name: str, keys: Iterable[Any]
) -> dict[Any, str]:
    """Key of a group → how it is called."""
    found = list(dict.fromkeys(keys))
    if is_calendar(definition, register, name):
        return {key: EMPTY if key is None else _calendar_words(key) for key in found}
    leaf = resolve(definition, register, path_of(name))
    if isinstance(leaf.kind, links.Ref):
        words = lines_of(facts, leaf.kind.to, [key for key in found if key is not None])
        return {key: EMPTY if key is None else words.get(key, key) for key in found}
    if leaf.spec is not None:
        return {key: shown(leaf.spec, key) or EMPTY for key in found}
    kind = leaf.kind
    return {key: EMPTY if key is None or kind is None else kind.show(key) for key in found}


def _calendar_words(key: str) -> str:
    year, _, part = key.partition("-")
    if not part:
        return f"{year}年"
    if part.startswith("Q"):
        return f"{year}年第{'一二三四'[int(part[1]) - 1]}季度"
    return f"{year}年{'上' if part == 'H1' else '下'}半年" if part.startswith("H") else f"{year}年{int(part)}月"


def order(
    definition: CategoryDefinition, register: str, name: str, words: dict[Any, str]
) -> Callable[[Any], tuple[Any, ...]]:
    """What groups are sorted by: choices as their list has them, numbers and days by value, else by their words."""
    if is_calendar(definition, register, name):
        return lambda key: (key is None, key or "")
    kind = resolve(definition, register, path_of(name)).kind
    if isinstance(kind, kinds.Choice):
        places = {key: at for at, key in enumerate(kind.of)}
        return lambda key: (key is None, places.get(key, len(places)), words[key])
    if isinstance(kind, kinds.Whole | kinds.Number | kinds.Money | kinds.Day | kinds.Moment):
        return lambda key: (key is None, 0 if key is None else key)
    return lambda key: (key is None, words[key])


def sorted_keys(
    definition: CategoryDefinition,
    register: str,
    by: Sequence[str],
    keys: Iterable[tuple[Any, ...]],
    words: Sequence[dict[Any, str]],
) -> list[tuple[Any, ...]]:
    """Groups in the order they are shown."""
    orders = [order(definition, register, name, told) for name, told in zip(by, words, strict=True)]
    return sorted(keys, key=lambda key: [one(part) for one, part in zip(orders, key, strict=True)])
