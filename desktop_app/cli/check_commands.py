"""The command that checks a ledger: ``zhenggai check``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from db import clock
from db.ledger.ledger import Ledger
from desktop_app.cli.category_commands import named
from desktop_app.cli.ledger_commands import Json, LedgerPath, OfUnit, day, opened
from desktop_app.cli.printing import DONE, FOUND, tell
from desktop_app.cli.sheet_commands import level
from desktop_app.notices import missing
from desktop_app.rectification import checks, ledgers
from desktop_app.rectification.finding import SEVERITIES, Finding, may_show, told

_OWN = "问题、措施和通报"
"""What the program checks in every ledger, whatever its categories."""


def check(
    ledger: LedgerPath,
    unit: OfUnit = "",
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="按哪一天算时限，如 2021-12-31；默认今天", show_default=False)
    ] = "",
    category: Annotated[
        str, typer.Option("--category", metavar="CATEGORY", help="只查哪个类别的登记表", show_default=False)
    ] = "",
    waived: Annotated[bool, typer.Option("--waived", help="列出已经豁免的")] = False,
    publicity: Annotated[
        str, typer.Option("--publicity", metavar="LEVEL", help="写明到哪一级：公开、党内通报、不公开")
    ] = "不公开",
    json: Json = False,
) -> int:
    """检查台账：数据对不上、超期、缺项、违反规则等，逐条列出。有发现时返回 1。"""
    with opened(ledger) as facts:
        chosen = ledgers.find_unit(facts, unit).id if unit else None
        only = (named(facts, category),) if category else None
        more = missing.findings(facts, chosen) if only is None else ()
        found = checks.all_findings(facts, day(on, "--on ") or clock.today(), chosen, only, more)
        listed = [one for one in found if (one.waived is not None) == waived]
        shown = level(publicity)
        lines = [line for title, some in _grouped(facts, listed) for line in _lines(title, some, shown)]
    others = len(found) - len(listed)
    lines.append(_counted(len(listed), others, waived=waived))
    tell(lines, {"findings": [_data(one, shown) for one in listed]}, as_json=json)
    return FOUND if listed else DONE


def _counted(count: int, others: int, *, waived: bool) -> str:
    if waived:
        return f"共 {count} 条已豁免。" if count else "没有豁免的。"
    said = f"共 {count} 条。" if count else "没有发现问题。"
    return f"{said}另有 {others} 条已豁免，用 --waived 查看。" if others else said


def _grouped(facts: Ledger, found: Sequence[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """The findings by category, those of the program itself first."""
    by_category: dict[str, list[Finding]] = {}
    for one in found:
        by_category.setdefault(one.rule.partition(".")[0], []).append(one)
    if "" in by_category:
        yield _OWN if len(by_category) > 1 else "", by_category.pop("")
    for key, definition in facts.definitions.items():
        if key in by_category:
            yield definition.title, by_category[key]


def _lines(title: str, found: Sequence[Finding], shown: Any) -> Iterator[str]:
    if title:
        yield f"【{title}】"
    for one in found:
        about = f"（{one.about}）" if one.about else ""
        yield f"[{SEVERITIES[one.severity]}] {told(one, shown)}{one.advice}{about}"
        if one.waived is not None:
            until = f"，到 {one.waived.until} 为止" if one.waived.until else ""
            yield f"    已豁免：{one.waived.reason or ''}{until}"


def _data(one: Finding, shown: Any) -> dict[str, Any]:
    """A finding as programs read it; of what is withheld only that there is something."""
    open_ = may_show(one, shown)
    waiver = one.waived
    hidden = {} if open_ else {"sentence": told(one, shown), "substance": "", "matter": "", "waived": None}
    kept = None if waiver is None else {"id": waiver.id, "reason": waiver.reason, "until": waiver.until}
    return {**one.__dict__, "waived": kept, **hidden}


def register(app: typer.Typer) -> None:
    """Puts the command of this module under its name."""
    app.command("check")(check)
