"""What does not add up in the document numbers: one given twice, some that nobody can account for."""

from __future__ import annotations

from collections.abc import Iterator

from db.ledger.facts import Facts
from db.schema.records import Unit
from desktop_app.rectification import numbering
from desktop_app.rectification.finding import Finding, Place
from desktop_app.rectification.numbering import Number, Taken


def numbers(facts: Facts, unit: str | None) -> Iterator[Finding]:
    """Findings about the numbers of a unit by id, or of all."""
    found = numbering.taken(facts)
    yield from _twice(facts, found, unit)
    yield from _missing(facts, unit)


def _twice(facts: Facts, found: list[Taken], unit: str | None) -> Iterator[Finding]:
    """A number that several papers bear which hold. Drafts are told too: they would be refused when they are issued."""
    codes = numbering.codes(facts)
    series: dict[tuple[str, int, str], list[Taken]] = {}
    for one in found:
        if one.stands:  # under a word that is no 代字 (督办) every unit counts for itself
            series.setdefault((one.agency, one.year, "" if one.agency in codes else one.unit), []).append(one)
    for (agency, year, _), mine in sorted(series.items()):
        for number, holding in _doubled(mine):
            if unit is not None and unit not in {one.unit for one in holding}:
                continue
            several = {one.unit for one in holding}
            units = [facts.get(Unit, one) for one in several] if len(several) > 1 else []
            whose = "和".join(sorted(one.name or "" for one in units if one is not None))
            titles = "、".join(dict.fromkeys(f"《{one.title}》" for one in holding if one.title))
            yield Finding(
                "number_issued_twice",
                "error",
                f"发文字号 {Number(agency, year, number).text} 用了 {len(holding)} 次"
                + (f"（{whose}）" if whose else "")
                + (f"：{titles}。" if titles else "。"),
                "请核对哪一份先发出；另一份写明理由作废，需要的以新号再印发。",
                **_place(holding[-1]),
                matter=Number(agency, year, number).text,
            )


def _doubled(mine: list[Taken]) -> Iterator[tuple[int, list[Taken]]]:
    """(number, who bears it) of the numbers that several bear; of a registered row only those others bear too."""
    points = sorted({one.number for one in mine} | {one.first for one in mine})
    for number in points:
        holding = [one for one in mine if one.first <= number <= one.number]
        if len(holding) > 1:
            yield number, holding


def _missing(facts: Facts, unit: str | None) -> Iterator[Finding]:
    """Numbers left out where this program has issued a paper of that year: of old papers alone nobody asks for all."""
    for one in numbering.every(facts):
        made = [taken for taken in one.taken if taken.way in ("issued", "void")]
        if one.missing and made and unit in (None, one.unit):
            said = numbering.ranges(one.missing)
            yield Finding(
                "number_missing",
                "warning",
                f"{one.agency}〔{one.year}〕缺 {said}，没有着落。",
                "在别处发过的，请登记；没有用过的，登记为空号并写明理由。",
                **_place(made[-1]),
                matter=f"{one.agency}〔{one.year}〕",
                substance=said,
            )


def _place(one: Taken) -> Place:
    if one.paper is not None:
        return {"record": "issued_paper", "id": one.paper.id, "field": "document_number"}
    return {"record": "notice", "id": one.notice, "field": "document_number"}
