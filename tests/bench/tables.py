"""Ledgers of many rows: whole processes from cells to a file, beside ReportLab's LongTable of Paragraphs with the same cells.

``python -m tests.bench.tables ours|floor IN OUT`` is one such process. The floor embeds a TrueType face as ours embeds its
own, where the bench of papers has made one (``--peers``); else its face is one of ReportLab's that needs no file.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from . import paper_text
from .measure import Ratio
from .papers import ROOT, median, taken

TITLES = ("序号", "存在问题", "整改措施", "责任领导", "责任部门", "时限", "状态")
SHARES = (0.6, 3.0, 4.5, 1.1, 1.4, 1.5, 1.0)
SIZE = 9.0
FACE = ROOT / "build" / "bench-faces" / "FandolFang-Regular.ttf"
BOUNDS = {500: 1 / 2.5, 5000: 1 / 6}
"""Rows → what we may take of the floor's time."""


def cells(rows: int, seed: int = 3) -> list[list[str]]:
    """The rows of an invented ledger."""
    chance = random.Random(seed)
    return [
        [
            str(number),
            chance.choice(paper_text.TITLES),
            paper_text.sentence(chance, 1),
            chance.choice(("李建国", "王芳", "赵德明", "陈静")),
            chance.choice(paper_text.WHO),
            f"2021年{chance.randint(1, 12)}月底前",
            chance.choice(("已完成", "正在整改", "长期坚持")),
        ]
        for number in range(1, rows + 1)
    ]


def ours(source: Path, target: Path) -> None:
    """The cells as a table on landscape sheets."""
    from desktop_app.notices import pdf, tree

    def row(texts: list[str]) -> tree.TableRow:
        return tree.TableRow(tuple(tree.TableCell(((tree.Run(text),),)) for text in texts))

    columns = tuple(tree.Column(title, share) for title, share in zip(TITLES, SHARES, strict=True))
    table = tree.Table(columns, tuple(map(row, json.loads(source.read_text("utf-8")))), size="x5")
    document = tree.Document("整改台账", (tree.Section((table,), "landscape"),), form="sheet")
    pdf.write_bytes(pdf.to_bytes(document), target)


def floor(source: Path, target: Path) -> None:
    """The same cells as ReportLab sets them."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate

    font = TTFont("cell", str(FACE)) if FACE.exists() else UnicodeCIDFont("STSong-Light")
    pdfmetrics.registerFont(font)
    style = ParagraphStyle("cell", fontName=font.fontName, fontSize=SIZE, leading=1.32 * SIZE, wordWrap="CJK")
    rows = [list(TITLES), *json.loads(source.read_text("utf-8"))]
    told: list[list[Any]] = [[Paragraph(text, style) for text in row] for row in rows]
    unit = 637.8 / sum(SHARES)
    table = LongTable(told, colWidths=[share * unit for share in SHARES], repeatRows=1)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0))])
    SimpleDocTemplate(
        str(target), pagesize=landscape(A4), leftMargin=99.2, rightMargin=104.9, topMargin=79.4, bottomMargin=73.7
    ).build([table])


def set_tables(folder: Path) -> Iterator[Ratio]:
    """500 and 5,000 rows."""
    folder.mkdir(exist_ok=True)
    for rows, bound in BOUNDS.items():
        source = folder / f"cells-{rows}.json"
        source.write_text(json.dumps(cells(rows), ensure_ascii=False), "utf-8")
        works = [partial(taken, _command(what, source, folder / f"{what}-{rows}.pdf")) for what in ("ours", "floor")]
        mine, theirs = median(5 if rows < 1000 else 3, *works)
        yield Ratio(f"a table of {rows:,} rows, against LongTable", mine.seconds, theirs.seconds, bound)


def _command(what: str, source: Path, target: Path) -> list[object]:
    return [sys.executable, "-m", "tests.bench.tables", what, source, target]


RUNS: dict[str, Callable[[Path, Path], None]] = {"ours": ours, "floor": floor}

if __name__ == "__main__":
    RUNS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
