"""Commands about the ledger itself: new, verify, rebuild, backup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from db import clock
from db.errors import Refusal
from db.ledger import health
from db.ledger.ledger import Ledger
from db.schema.days import read_day
from db.store import file
from db.store.faults import translated
from desktop_app import settings
from desktop_app.cli.printing import DONE, FOUND, progress, tell
from desktop_app.rectification import ledgers

LedgerPath = Annotated[Path, typer.Argument(metavar="LEDGER", help="台账文件（.zgl）", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出，供其他程序读取")]
Actor = Annotated[str, typer.Option("--actor", metavar="NAME", help="经办人，记入历史", show_default=False)]
FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Days a command takes: those of a calendar a clerk uses, far from the ends of what a computer can reckon with."""
OfUnit = Annotated[str, typer.Option("--unit", metavar="NAME", help="单位名称（可写一部分）", show_default=False)]


@contextmanager
def opened(path: Path) -> Iterator[Ledger]:
    """An open ledger, let go of at the end."""
    ledger = ledgers.open_ledger(path)
    try:
        yield ledger
    finally:
        ledger.close()


def acting(name: str) -> str:
    """Who does it: the name given, else the one in this machine's settings."""
    return " ".join(name.split()) or settings.load().actor


def day(text: str, what: str) -> date | None:
    """A typed day; "" is none. ``Refusal`` for what is no day, or one of no year a clerk means."""
    if not text:
        return None
    found = read_day(text)
    if found is None:
        raise Refusal(f"{what}的日期写法不对：“{text}”。", "请写成 2021-12-31。", "command-line")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Refusal(
            f"{what}的年份不对：“{text}”。", f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间，请核对。", "command-line"
        )
    return found


def new(
    ledger: LedgerPath,
    unit: Annotated[str, typer.Option("--unit", metavar="NAME", help="本单位全称")],
    actor: Actor = "",
    json: Json = False,
) -> int:
    """新建台账。"""
    made = ledgers.new_ledger(ledger, unit, acting(actor))
    made.close()
    tell([f"已新建台账：{ledger}（{unit}）"], {"ledger": str(ledger), "unit": unit}, as_json=json)
    return DONE


def verify(ledger: LedgerPath, json: Json = False) -> int:
    """核验台账：每条记录的校验和、前后关系、台账表、佐证文件。有损坏时返回 1。"""
    with opened(ledger) as facts:
        found = health.health(facts)
    counted = (
        f"核验了 {found.changes} 条记录、{found.records} 行台账、{found.papers} 个文件，校验和 {found.head[:16]}。"
    )
    lines = [counted, *(a.sentence for a in found.ailments)] if found.ailments else [counted, "没有发现损坏。"]
    data = {**found.__dict__, "ailments": [a.__dict__ for a in found.ailments]}
    tell(lines, data, as_json=json)
    return FOUND if found.ailments else DONE


def rebuild(ledger: LedgerPath, json: Json = False) -> int:
    """从记录重建台账的各张表；内容不变，用于修复。"""
    with opened(ledger) as facts:
        count = facts.rebuild(progress("重建", as_json=json))
    tell([f"已由 {count} 条记录重建台账。"], {"changes": count}, as_json=json)
    return DONE


def backup(
    ledger: LedgerPath,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="备份放在哪个文件夹；没有就新建", show_default=False)],
    json: Json = False,
) -> int:
    """备份台账到文件夹，文件名带日期时间。"""
    with opened(ledger) as facts:
        with translated(folder):
            folder.mkdir(parents=True, exist_ok=True)
        made = file.backup(facts.path, folder, clock.now())
    tell([f"已备份：{made}"], {"backup": str(made)}, as_json=json)
    return DONE


def register(app: typer.Typer) -> None:
    """Puts the commands of this module under their names."""
    for name, command in (
        ("new", new),
        ("verify", verify),
        ("rebuild", rebuild),
        ("backup", backup),
    ):
        app.command(name)(command)
