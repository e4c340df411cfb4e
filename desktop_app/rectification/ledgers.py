"""Ledgers as an office has them: begun for a unit, opened again; units and problems found by what clerks call them."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from db.clock import Clock, now
from db.errors import Refusal
from db.ledger.change import Deed, Edit, create
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.records import Inspection, Problem, Unit
from db.store.replica import Installation
from desktop_app import paths
from desktop_app.rectification import categories, recipients

OWN_UNIT = "unit"
"""The note of a ledger file that names the unit it is kept by."""


def installation() -> Installation:
    """This machine's memory of the files it writes into."""
    return Installation(paths.home())


def new_ledger(
    path: Path, unit_name: str, actor: str, *, begun: Inspection | None = None, clock: Clock = now
) -> Ledger:
    """Makes a ledger for a unit: the unit itself, the categories of problems, and the round of inspection it is ``begun``
    with (its title and what else is known of it; a deed of its own). ``path`` must not exist yet; a refusal leaves no file
    behind."""
    name = " ".join(unit_name.split())
    if not name:
        raise Refusal("还没有填写单位名称。", "请填写本单位的全称，如“某市公安局某分局”。", "first-steps")
    ledger = Ledger.create(path, installation(), clock=clock)
    try:
        unit = create(Unit, name=name, **guessed_names(name))
        ledger.act(Deed(f"新建台账：{name}", actor, (unit, *categories.edits(ledger))))
        ledger.note(OWN_UNIT, unit.id)
        if begun is not None and begun.title:
            known = {one.name: getattr(begun, one.name) for one in fields(begun) if one.name != "id"}
            values = {name: value for name, value in known.items() if value is not None}
            ledger.act(Deed(f"新增巡察轮次：{begun.title}", actor, (create(Inspection, **values),)))
        recipients.prepare(ledger)
    except Refusal:  # the file was made just now and holds nothing: the name stays free for a second try
        ledger.close()
        path.unlink(missing_ok=True)
        raise
    return ledger


def open_ledger(path: Path, *, clock: Clock = now) -> Ledger:
    """Opens a ledger; ``Fault`` says in a sentence why it cannot be."""
    return Ledger.open(path, installation(), clock=clock)


def own_unit(facts: Facts, ledger: Ledger) -> Unit | None:
    """The unit this file is kept by; in a file made otherwise, the first unit."""
    return facts.get(Unit, ledger.note(OWN_UNIT)) or next(iter(facts.all(Unit)), None)


def unit_name(organ: str) -> str:
    """中共某市公安局某分局党组 → 某市公安局某分局: the office a Party organ belongs to; other names as they are."""
    bare = organ.removeprefix("中共")
    if bare == organ:
        return organ
    for ending in ("党组", "党委", "党总支", "党支部"):
        if bare.endswith(ending):
            return bare.removesuffix(ending)
    return bare.removesuffix("委员会")


def guessed_names(name: str) -> dict[str, str]:
    """What the name of a unit tells: the organ that signs (中共…党组), a short name."""
    office = unit_name(name)
    return {"organ": name, "short_name": shortened(office)} if office != name else {"short_name": shortened(name)}


def shortened(name: str) -> str:
    """某市公安局某某分局 → 某某分局: what stands behind the last 局/厅/政府 before the name's own end."""
    for mark in ("公安局", "公安厅", "局", "厅", "人民政府"):
        at = name.find(mark)
        if 0 <= at < len(name) - len(mark) - 1:
            return name[at + len(mark) :]
    return name


def find_unit(facts: Facts, named: str) -> Unit:
    """The unit meant by a name, an organ, a short name or a part that fits one only; ``Refusal`` lists them otherwise."""
    wanted = named.strip().rstrip("…").rstrip(".")
    units = facts.all(Unit)
    exact = [u for u in units if wanted in (u.name, u.organ, u.short_name, u.id)]
    part = exact or [u for u in units if any(wanted in (t or "") for t in (u.name, u.organ, u.short_name))]
    if len(part) == 1 and wanted:
        return part[0]
    listed = "、".join(u.name or "" for u in (part or units)[:12])
    if not part:
        raise Refusal(f"台账里没有“{named}”这个单位。", f"台账里有：{listed}。" if listed else "台账里还没有单位。")
    raise Refusal(f"“{named}”可以是几个单位：{listed}。", "请写得更全一些。")


def find_problem(facts: Facts, named: str, unit: str = "") -> Problem:
    """The problem meant by its id, its number, or a part of its title that fits one only (of the unit by id, where one is
    given); ``Refusal`` lists them otherwise."""
    wanted = named.strip()
    found = facts.get(Problem, wanted)
    if found is not None:
        return found
    problems = facts.all(Problem, unit=unit) if unit else facts.all(Problem)
    number = wanted.removeprefix("第").removesuffix("号")
    part = [p for p in problems if number.isdecimal() and p.number == int(number)]
    part = part or [p for p in problems if wanted and p.title == wanted]
    part = part or [p for p in problems if wanted and wanted in (p.title or "")]
    if len(part) == 1:
        return part[0]
    units = {one.id: one for one in facts.all(Unit)}
    listed = "、".join(_listed(one, units.get(one.unit or "")) for one in (part or problems)[:8])
    if not part:
        advice = f"可以写问题的序号、名称的一部分或系统编号。台账里有：{listed}。" if listed else "台账里还没有问题。"
        raise Refusal(f"台账里没有“{named}”这个问题。", advice, "problems")
    raise Refusal(f"“{named}”可以是几个问题：{listed}。", "请写名称，或用系统编号。", "problems")


def _listed(problem: Problem, unit: Unit | None) -> str:
    whose = f"{unit.short_name or unit.name}" if unit is not None else ""
    return f"{whose}{problem.number or ''}“{problem.title or '（标题缺失）'}”（{problem.id}）"


def unit_edit(name: str, **values: Any) -> Edit:
    """The edit that makes a unit from its name."""
    return create(Unit, name=name, **{**guessed_names(name), **{k: v for k, v in values.items() if v}})
