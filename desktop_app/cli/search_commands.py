"""The command that looks for words in a ledger: ``zhenggai search``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from db.errors import Refusal
from desktop_app.cli.ledger_commands import Json, LedgerPath, opened
from desktop_app.cli.printing import DONE, FOUND, progress, tell
from desktop_app.rectification import searching
from desktop_app.rectification.searching import Shown, Spans

_MOST = 20


def search(
    ledger: LedgerPath,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS", help="要找的字：任意几个汉字、拼音首字母或全拼、数字；写几个词时都要有", show_default=False
        ),
    ],
    most: Annotated[int, typer.Option("--most", metavar="NUMBER", min=1, max=10_000, help="每一组最多列几条")] = _MOST,
    json: Json = False,
) -> int:
    """在整本台账里查找，按记录、登记、文书分组列出，找到的字写在【】里。什么也没找到时返回 1。"""
    typed = " ".join(words)
    if not typed.strip():
        raise Refusal("没有写要找什么。", "请在台账文件后面写要找的字。", "search")
    with opened(ledger) as facts:
        found = searching.opened(facts)
        try:
            found.refresh(progress=progress("建立搜索索引", as_json=json))
            titles = {name: one.schema.title for name, one in facts.tables.records.items()}
            groups = []
            for shelf, name in searching.SHELF_NAMES.items():
                counts = found.counts(typed, shelf)
                shown = searching.shown(facts, found.find(typed, shelf, most), typed)
                groups.append((name, {titles[kind]: number for kind, number in counts.items()}, shown))
        finally:
            found.close()
    tell(_lines(groups), {"words": typed, "groups": [_data(*one) for one in groups]}, as_json=json)
    return DONE if any(shown for _name, _counts, shown in groups) else FOUND


_Group = tuple[str, dict[str, int], Sequence[Shown]]


def _lines(groups: Sequence[_Group]) -> Iterator[str]:
    if not any(shown for _name, _counts, shown in groups):
        yield "没有找到。可以少写几个字，或写拼音的首字母。"
    for name, counts, shown in groups:
        if not shown:
            continue
        whole = sum(counts.values())
        yield f"{name}：{whole} 条（{'，'.join(f'{title} {number}' for title, number in counts.items())}）"
        for one in shown:
            below = f"　{one.field}：{marked(one.piece, one.piece_marks)}" if one.piece else ""
            yield f"  [{one.kind}] {marked(one.line, one.marks)}{below}"
        if whole > len(shown):
            yield f"  ……还有 {whole - len(shown)} 条"


def marked(words: str, spans: Spans) -> str:
    """Words with those that were looked for in brackets."""
    for start, end in reversed(spans):
        words = f"{words[:start]}【{words[start:end]}】{words[end:]}"
    return words


def _data(name: str, counts: dict[str, int], shown: Sequence[Shown]) -> dict[str, Any]:
    return {
        "group": name,
        "counts": counts,
        "found": [
            {
                "record": one.record,
                "id": one.id,
                "kind": one.kind,
                "line": one.line,
                "marks": one.marks,
                "field": one.field,
                "piece": one.piece,
                "piece_marks": one.piece_marks,
            }
            for one in shown
        ],
    }


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("search")(search)
