"""The rows of a publication table, told by the definition alone: of a register row by row, or of indicators group by group.

Where a rule of the category holds an indicator against a norm kept with what the rows are about (``deviation``), the table has
the norm, how far the value is from it, and a mark. Where an obligation says who owes a row, those without one stand there too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from db.errors import Refusal
from db.ledger.facts import Facts
from db.ledger.lines import lines_of
from db.schema import kinds, links
from db.schema.composite import Amount, Quantity, Span
from db.schema.definition import CategoryDefinition, set_tests
from db.schema.definition.fields import LEVELS
from db.schema.definition.indicators import Indicator
from db.schema.kinds import Kind
from db.schema.record import Record, Schema
from desktop_app.notices import register_columns, register_paper, wide
from desktop_app.notices.publication_norms import Beside, may_see_norm, norm_values, norms
from desktop_app.notices.register_columns import Told
from desktop_app.notices.wanted import TOPIC, Wanted
from desktop_app.notices.wide import Held, Spec
from desktop_app.rectification import openness
from desktop_app.rectification.figures import indicator_named
from desktop_app.rectification.reckoning import showing
from desktop_app.rectification.reckoning.indicators import Reckoned, possible, reckon
from desktop_app.rectification.reckoning.paths import resolve
from desktop_app.rectification.reckoning.records import computed_page
from desktop_app.rectification.rows import View
from desktop_app.rectification.ruling.calendar import obligations

FieldKind = Kind[Any]
SUBJECT = "subject__"
_NOTHING = "—"


@dataclass(frozen=True)
class Sheet:
    """A publication table before it is laid: what it is about in words, columns, places row by row, sums."""

    about: str
    specs: tuple[Spec, ...]
    rows: tuple[Mapping[str, Held], ...]
    sums: Mapping[str, str] = field(default_factory=dict)


# -- a register -------------------------------------------------------------------------------------------------------


def of_register(facts: Facts, wanted: Wanted, schema: Schema, period: Span) -> Sheet:
    """The rows of a register in a period: what they are about first, then the listed columns."""
    category, _, key = schema.name.rpartition(".")
    definition = facts.definitions.get(category)
    naming = _naming(definition, key, schema)
    only = wanted.options.get("columns") or ()
    told, _ = register_columns.columns(facts, schema, wanted.readers, only, naming)
    on = register_columns.dated_by(schema, wanted.text("on"))
    view = _ordered(register_paper.asked(schema, replace(wanted, period=period)), naming)
    found = register_paper.records(facts, view)
    told = register_columns.aligned(_shown(told, found, on, naming, keep=bool(only)), found)
    places = register_paper.body(facts, schema, told, found, wanted)
    sums = register_paper.total(facts, view, told, wanted.options.get("sums") or ())
    specs = register_paper.fitted(told, places, sums)
    beside = _of_rows(facts, definition, schema, told, naming, wanted)
    if beside is not None:
        one, by, more = beside
        reckoned = _reckoned(facts, definition, key, found, wanted)
        for row, values, place in zip(found, reckoned, places, strict=True):
            value = values.get(one.key) if one.reckoned is not None else getattr(row, one.key)
            place.update(more.places(str(getattr(row, by)), None if value is None else Decimal(value)))
        specs += _fitted(more.specs(), places)
    return Sheet(_about(facts, schema, told, naming), tuple(specs), tuple(places), sums)


def _naming(definition: CategoryDefinition | None, key: str, schema: Schema) -> list[str]:
    """The fields that say whom a row is about: by whom it is owed, else what it must point at or be called by."""
    rules = definition.rules.values() if definition is not None else ()
    tests = (rule.test for rule in rules if rule.register == key and isinstance(rule.test, set_tests.Obligation))
    owed = [test.by[0] for test in tests if test.by]
    if owed:
        return list(dict.fromkeys(owed))
    must = [one for one in schema.fields if one.kind.required and isinstance(one.kind, links.Ref | kinds.Text)]
    return [one.name for one in must if isinstance(one.kind, links.Ref)][:1] or [one.name for one in must][:1]


def _ordered(view: View, naming: Sequence[str]) -> View:
    """A view sorted by whom its rows are about, unless another order was asked for."""
    from desktop_app.rectification.rows import Order

    register = tuple(Order(name) for name in view.schema.order if name in view.schema.kinds())
    return replace(view, orders=tuple(map(Order, naming)) + register) if view.orders == register else view


def _shown(told: Sequence[Told], found: Sequence[Record], on: str, naming: Sequence[str], *, keep: bool) -> list[Told]:
    """Whom it is about first; without the month or day all rows share and without columns nobody has filled, unless columns
    were named."""
    first = [one for one in told if one.key in naming]
    rest = [one for one in told if one.key not in naming]
    if keep:
        return list(told)
    found_in = {one.key: {getattr(row, one.key) for row in found} for one in rest if one.kind is not None}
    dated = [one.key for one in rest if isinstance(one.kind, kinds.Month | kinds.Day)]
    alike = {key for key in dated if len(found_in[key]) == 1} if len(found) > 1 or on in dated else set()
    empty = {key for key, values in found_in.items() if values == {None}}
    return [*first, *(one for one in rest if one.key not in alike | empty)]


def _of_rows(
    facts: Facts,
    definition: CategoryDefinition | None,
    schema: Schema,
    told: Sequence[Told],
    naming: Sequence[str],
    wanted: Wanted,
) -> tuple[Told, str, Beside] | None:
    """The column that a norm is of (they are in one unit), the field that leads to the norm, and the norm's columns."""
    for norm in norms(definition) if definition is not None else ():
        by = next((name for name in naming if getattr(schema.field(name).kind, "to", "") == norm.to), "")
        column = next((one for one in reversed(told) if one.numeric and one.unit and one.unit == norm.unit), None)
        if by and column is not None and may_see_norm(facts, norm, wanted):
            return column, by, Beside(norm, norm_values(facts, norm, wanted))
    return None


def _reckoned(
    facts: Facts, definition: CategoryDefinition | None, key: str, found: Sequence[Record], wanted: Wanted
) -> list[dict[str, Any]]:
    return [{} for _ in found] if definition is None else computed_page(facts, definition, key, found, wanted.day)


def _fitted(specs: Sequence[Spec], places: Sequence[Mapping[str, Held]]) -> list[Spec]:
    """Further columns as wide as what stands in them, those with nothing in them left out."""
    found = []
    for one in specs:
        said = [wide.words(row[one.key]) for row in places if one.key in row]
        if said:
            found.append(wide.measured(one, said, whole=one.align == "right"))
    return found


_VAGUE = ("公示", "公布", "公开")


def _about(facts: Facts, schema: Schema, told: Sequence[Told], naming: Sequence[str]) -> str:
    """What the table is of, for its title: the register's own words, without how often; where these say nothing, whom it is
    about and the last thing reckoned of him."""
    title = schema.title
    for often in ("每日", "每天", "每周", "每月", "每季度", "每季", "每半年", "每年"):
        title = title.removeprefix(often)
    if title not in _VAGUE:
        return next((title.removesuffix(word) for word in _VAGUE if title.endswith(word)), title)
    labels = [schema.field(name).kind.label for name in naming[:1]]
    labels += [one.label for one in told if one.reckoned is not None and one.numeric][-1:]
    return "".join(labels)


# -- indicators -------------------------------------------------------------------------------------------------------


def of_indicators(facts: Facts, wanted: Wanted, period: Span) -> Sheet:
    """Indicators of one category broken down by what they share: a row for each group, a column for each indicator."""
    definition, keys = _named(facts, wanted.of)
    by = _by(definition, keys, wanted.text("by"))
    kind = kind_of(definition, keys[0], by)
    asked: dict[str, Any] = {
        "as_of": wanted.day,
        "period": period,
        "unit": wanted.unit or None,
        "only": visible(facts, wanted, kind, by),
    }
    found = [reckon(facts, definition.key, key, by=(by,), **asked) for key in keys]
    found = [one for one in found if openness.may_see(wanted.readers, one.publicity)]
    strict = "public" if kind is None else openness.publicity_of(facts, kind)
    if not found or strict == "secret" != wanted.readers:
        raise Refusal("这些指标都不对这一级公开。", "请换一个公开级别。", TOPIC)
    mask = not openness.may_see(wanted.readers, strict)
    subjects = _subjects(facts, definition, kind, wanted, period, found)
    if not subjects:
        titles = "、".join(one.title for one in found)
        raise Refusal(f"“{titles}”在这段期间没有可公示的行。", "请换一个期间、单位或公开级别，或先填登记表。", TOPIC)
    label = kind.label if kind is not None else by
    beside = next(
        (
            (one, Beside(norm, norm_values(facts, norm, wanted)))
            for one in found
            for norm in norms(definition)
            if (norm.indicator, norm.by) == (one.indicator, by) and may_see_norm(facts, norm, wanted)
        ),
        None,
    )
    rows = []
    for number, (key, said) in enumerate(subjects.items(), start=1):
        told = " ".join(map(openness.masked, said.split())) if mask else said
        origin = f"{kind.to}:{key}" if isinstance(kind, links.Ref) else ""
        places = {register_paper.NUMBER.key: wide.held(str(number)), SUBJECT: wide.held(told, origin)}
        values = {one.indicator: _of_group(one, key) for one in found}
        places |= {one.indicator: wide.held(_figure(definition, one, values[one.indicator])) for one in found}
        if beside is not None:
            group = values[beside[0].indicator]
            places |= beside[1].places(str(key), None if group is None else group.value)
        rows.append(places)
    sums = {one.indicator: _figure(definition, one, one) for one in found}
    specs = [wide.measured(Spec(SUBJECT, label, named=True), (wide.words(row[SUBJECT]) for row in rows))]
    for one in found:
        said_ = [wide.words(row[one.indicator]) for row in rows] + [sums[one.indicator]]
        specs.append(wide.measured(Spec(one.indicator, _heading(definition, one), align="right"), said_, whole=True))
    specs += _fitted(beside[1].specs(), rows) if beside is not None else []
    main = beside[0] if beside is not None else found[0]
    return Sheet(f"{label}{main.title}", tuple(specs), tuple(rows), sums)


def visible(facts: Facts, wanted: Wanted, kind: FieldKind | None, by: str) -> dict[str, Any]:
    """The condition on rows that readers may see: neither they nor what they are about (``by``) is withheld."""
    withheld = [level for level in LEVELS if not openness.may_see(wanted.readers, level)]
    if not withheld:
        return {}
    about = isinstance(kind, links.Ref) and "publicity" in facts.schema(kind.to).kinds()
    return {name: {"not": withheld} for name in ("publicity", *([f"{by}.publicity"] if about else []))}


def _named(facts: Facts, names: Sequence[str]) -> tuple[CategoryDefinition, list[str]]:
    """The definition and the keys of indicators by name (``类别.指标`` by keys or titles, or the indicator's alone); ``Refusal`` for
    unknown ones and those of two categories."""
    found = [_meant(facts, name) for name in names]
    shared = [key for key in facts.definitions if all(key in one for one in found)]
    if len(shared) == 1:
        return facts.definitions[shared[0]], [one[shared[0]] for one in found]
    titles = "、".join(facts.definitions[key].title for key in shared or dict.fromkeys(k for one in found for k in one))
    if shared:
        raise Refusal(f"几个类别（{titles}）都有“{'、'.join(names)}”。", "请连类别一起写，如 类别.指标。", TOPIC)
    raise Refusal(f"这些指标分属几个类别（{titles}）。", "一张公示表只能用一个类别的指标，请分几张印。", TOPIC)


def _meant(facts: Facts, said: str) -> dict[str, str]:
    """Category → the key of its indicator that a name means. ``Refusal`` where there is none."""
    category, _, name = said.strip().rpartition(".")
    found = {
        key: one.key
        for key, definition in facts.definitions.items()
        if category in ("", key, definition.title) and (one := indicator_named(definition, name)) is not None
    }
    if not found:
        raise Refusal(f"台账里没有指标“{said}”。", "请从类别的指标里选，写成 类别.指标。", TOPIC)
    return found


def declared(definition: CategoryDefinition, one: Indicator) -> list[str]:
    """The fields (with points) that a definition says an indicator can be broken down by; of a compound those all its parts share."""
    if one.register:
        return [".".join(path) for path in one.by]
    parts = [declared(definition, definition.indicators[key]) for key in one.needs()]
    return [name for name in parts[0] if all(name in other for other in parts)] if parts else []


def _by(definition: CategoryDefinition, keys: Sequence[str], said: str) -> str:
    """What the indicators are broken down by: what was asked, else the first thing beside the unit that all of them share."""
    if said:
        named = {possible(definition, key, (said,)) for key in keys}
        if len(named) == 1 and (found := next(iter(named))):
            return found[0]
        raise Refusal(f"这些指标不能都按“{said}”分。", "请换一个字段。", TOPIC)
    offered = [declared(definition, definition.indicators[key]) for key in keys]
    shared = [name for name in offered[0] if all(name in other for other in offered)]
    if not shared:
        titles = "、".join(definition.indicators[key].title for key in keys)
        raise Refusal(f"“{titles}”没有共同的分组字段。", "请写明按什么分，或少选几个指标。", TOPIC)
    return next((name for name in shared if name != "unit"), shared[0])


def kind_of(definition: CategoryDefinition, key: str, by: str) -> FieldKind | None:
    """The kind of a field an indicator is broken down by; None for a part of the calendar."""
    try:
        return resolve(definition, definition.scope.indicators[key], tuple(by.split("."))).kind
    except KeyError:
        return None


def _of_group(one: Reckoned, key: Any) -> Reckoned | None:
    return next((group for group in one.groups if group.key == (key,)), None)


def _subjects(
    facts: Facts,
    definition: CategoryDefinition,
    kind: FieldKind | None,
    wanted: Wanted,
    period: Span,
    found: Iterable[Reckoned],
) -> dict[Any, str]:
    """Key → words of every group, and of whoever owes a row in the period and has none; by their words."""
    groups = {group.key[0]: group.label[0] for one in found for group in one.groups}
    if isinstance(kind, links.Ref):
        owed = set(_owed(facts, definition, kind.to, wanted, period)) - groups.keys()
        groups |= lines_of(facts, kind.to, owed)
        withheld = {
            one.id
            for one in facts.every(kind.to)
            if not openness.may_see(wanted.readers, getattr(one, "publicity", None) or "public")
        }
        groups = {key: words for key, words in groups.items() if key not in withheld}
    return dict(sorted(groups.items(), key=lambda pair: (pair[0] is None, pair[1])))


def _owed(facts: Facts, definition: CategoryDefinition, to: str, wanted: Wanted, period: Span) -> Iterator[str]:
    for one in obligations(facts, period, wanted.day, wanted.unit or None, {definition.key}):
        starts = one.period.start
        if one.record == to and starts is not None and period.start is not None and starts >= period.start:
            yield one.id


def _heading(definition: CategoryDefinition, one: Reckoned) -> str:
    unit = showing.unit_of(definition, definition.indicators[one.indicator])
    return f"{one.title}（{unit}）" if unit else one.title


def _figure(definition: CategoryDefinition, one: Reckoned, value: Reckoned | None) -> str:
    """A value without its unit; nought where nothing was counted, a dash where there is none."""
    indicator = definition.indicators[one.indicator]
    if value is None or value.amount is None:
        return "0" if indicator.measure in ("count", "distinct", "sum") else _NOTHING
    return figure(value.amount, indicator.places)


def figure(amount: Amount, places: int) -> str:
    """An amount without its unit, with so many decimals."""
    if amount.qualifier:
        return Quantity("").show(replace(amount, unit=""))
    return register_columns.grouped(amount.value, places)
