"""Papers that prove what was done, taken in as files, several in one deed; names and numbers given so that a clerk need not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from db import clock
from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome, create
from db.ledger.ledger import Ledger
from db.schema.composite import Sheet
from db.schema.records import SCHEMAS, Evidence, Problem
from db.store import blobs

LONGEST = 60
"""Characters of a title made from the name of a file."""


@dataclass(frozen=True)
class Taken:
    """Files that are kept in the ledger by now (title, sheet), and those that are not: (name, why)."""

    kept: tuple[tuple[str, Sheet], ...] = ()
    refused: tuple[tuple[str, Refusal], ...] = field(default=())


def keep(ledger: Ledger, paths: Sequence[Path], cancelled: Callable[[], bool] = lambda: False) -> Taken:
    """Keeps the bytes of files; one that cannot be kept (too large, empty, gone) does not hold up the others."""
    kept: list[tuple[str, Sheet]] = []
    refused: list[tuple[str, Refusal]] = []
    for path in paths:
        if cancelled():
            raise Refusal("已取消添加文件。")
        try:
            if path.is_dir():
                raise Refusal(f"“{path.name}”是文件夹，不能存入。", "请打开它，选里面的文件。", "papers")
            kept.append((titled(path.stem), ledger.keep(path, cancelled)))
        except Refusal as refusal:
            refused.append((path.name, refusal))
    return Taken(tuple(kept), tuple(refused))


def titled(stem: str) -> str:
    """The name of a file → what the paper is called."""
    return " ".join(stem.split())[:LONGEST] or "佐证材料"


def screenshot_name(now: datetime) -> str:
    """What a pasted picture is called, by the time at the desk."""
    return f"截图 {now:%Y-%m-%d %H时%M分%S秒}"


def add(
    ledger: Ledger,
    problem: str,
    kept: Sequence[tuple[str, Sheet]],
    actor: str,
    papers: Sequence[tuple[Sheet, bytes]] = (),
) -> Outcome:
    """Makes evidence of a problem from kept papers (title, sheet), behind what is there, in one deed. ``papers`` are bytes that
    are not kept yet (a pasted picture)."""
    if ledger.get(Problem, problem) is None:
        raise Refusal("这个问题还没有保存，不能添加佐证。", "请先保存问题（Ctrl+S）。", "problems")
    if not kept:
        return Outcome()
    standing = ledger.all(Evidence, problem=problem)
    edits: list[Edit] = []
    if any(one.number is None for one in standing):  # from now on they have an order
        edits = [
            Edit("evidence", one.id, {"number": at}) for at, one in enumerate(standing, start=1) if one.number != at
        ]
        last = len(standing)
    else:
        last = max((one.number or 0 for one in standing), default=0)
    for at, (title, sheet) in enumerate(kept, start=last + 1):
        edits.append(create(Evidence, problem=problem, number=at, title=title, paper=sheet))
    told = f"“{kept[0][0]}”" + (f"等 {len(kept)} 份" if len(kept) > 1 else "")
    return ledger.act(Deed(f"新增{SCHEMAS['evidence'].title}{told}", actor, tuple(edits), tuple(papers)))


def paste(ledger: Ledger, problem: str, png: bytes, actor: str) -> Outcome:
    """Makes evidence from a picture that was pasted, named by the time at the desk."""
    title = screenshot_name(clock.moment(clock.stamp(ledger.clock())).astimezone())
    if len(png) > blobs.LARGEST:
        raise Refusal("这张截图太大，最多 200 MB。", "请只截需要的部分。", "papers")
    sheet = blobs.sheet_of(f"{title}.png", png, "image/png")
    return add(ledger, problem, [(title, sheet)], actor, [(sheet, png)])
