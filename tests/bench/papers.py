"""Papers: whole processes from a stored tree to a file, beside drawing alone, beside other typesetters.

What the bounds leave room for, in processor time on two cores of the year 2026 (milliseconds, 20 and 200 pages):

=========================================  =====  =====
Python itself, no module of ours              25     25
with the library of faces loaded              51     51
with all modules of a paper loaded           147    147
**cold**: these, compressed, faces cut       190    215
**ours**                                     270    800
**floor**: the same lines drawn, TTFont      380    815
**Typst**                                    133    450
=========================================  =====  =====

Two bounds are out of reach of a program in Python, and are kept as the measure of what is left:

* Typst at 20 pages, a third of Typst at 200: it takes as long for 20 pages as Python takes until the first character could be set;
  a third of its 200 pages is less than **cold**, in which nothing is set and nothing drawn.
* Twice **cold** at 200 pages: 113,000 characters would have to be broken, dealt out, tagged and drawn in 1.9 microseconds each,
  some thirty steps of the interpreter. Drawing alone, by ReportLab and with nothing to break or to tag, takes four times **cold**.
  (When the bound was set, a figure was no line's change of face: Latin letters and figures in a face of their own make three
  stretches of a line of one.)
"""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.notices import choice, pdf, sheet, stored, tree
from desktop_app.notices.page import Pages

from . import paper_text
from .measure import Ratio, in_turn

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
PEERS = {"typst": (1.0, 1 / 3), "libreoffice": (1 / 5, 1 / 5), "fpdf2": (1 / 5, 1 / 5), "weasyprint": (1 / 5, 1 / 5)}
"""Typesetter → what we may take of its time at 20 and at 200 pages."""


@dataclass(frozen=True)
class Taken:
    """What a process took: seconds, and megabytes at its widest."""

    seconds: float
    megabytes: float


_WATCH = """
import os, subprocess, sys, time
begun = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
said = process.stderr.read()
_, status, used = os.wait4(process.pid, 0)
print(time.perf_counter() - begun, used.ru_maxrss / 1024)
sys.stderr.buffer.write(said)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""A process takes over the widest memory of the one that started it, so a small one does (Linux counts so)."""


def taken(command: Sequence[object]) -> Taken:
    """Runs a process to its end; ``RuntimeError`` when it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    watched = [sys.executable, "-S", "-c", _WATCH, *map(str, command)]
    done = subprocess.run(watched, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-2000:]}")
    seconds, megabytes = map(float, done.stdout.split())
    return Taken(seconds, megabytes)


def median(rounds: int, *works: Callable[[], Taken]) -> list[Taken]:
    """Medians of each, all taken in turn so that a busy machine slows them alike."""
    found: list[list[Taken]] = [[] for _ in works]
    for _ in range(rounds):
        for work, times in zip(works, found, strict=True):
            times.append(work())
    return [
        Taken(statistics.median(t.seconds for t in times), statistics.median(t.megabytes for t in times))
        for times in found
    ]


def _run(what: str, source: Path, target: Path) -> Callable[[], Taken]:
    return lambda: taken([sys.executable, "-m", "tests.bench.paper_runs", what, source, target])


def set_papers(folder: Path, peers: Path | None) -> Iterator[Ratio]:
    """20 and 200 pages: ours beside the floor, the cold limit and the other typesetters; pages and memory at 200."""
    folder.mkdir(exist_ok=True)
    for pages in (20, 200):
        document = paper_text.document(pages)
        source, target = folder / f"tree-{pages}.json", folder / f"ours-{pages}.pdf"
        source.write_text(stored.to_json(document), "utf-8")
        laid = sheet.typeset(document)
        works = {"ours": _run("ours", source, target)}
        works["cold"] = _run("cold", _cold(folder, pages, laid, document), folder / "cold.pdf")
        floor = _floor(folder, pages, laid, peers)
        if floor is not None:
            works["floor"] = _run("floor", floor, folder / f"floor-{pages}.pdf")
        works |= _beside(folder, pages, document, peers)
        found = dict(zip(works, median(ROUNDS, *works.values()), strict=True))
        yield from _judged(pages, found, target.stat().st_size / 1e6)
        print(
            f"{len(laid.pages)} pages: "
            + ", ".join(f"{n} {t.seconds * 1000:.0f} ms {t.megabytes:.0f} MB" for n, t in found.items())
        )
    yield from _warm()


def _judged(pages: int, found: dict[str, Taken], size: float) -> Iterator[Ratio]:
    mine = found["ours"]
    if "floor" in found:
        yield Ratio(f"{pages} pages, against lines drawn with TTFont", mine.seconds, found["floor"].seconds, 1.0)
    if pages == 200:
        yield Ratio("200 pages, against imports, zlib and subsets", mine.seconds, found["cold"].seconds, 2.0)
        yield Ratio("200 pages, memory against 50 MB", mine.megabytes, 50.0, 1.0, unit="MB")
    else:
        yield Ratio("20 pages, file against 1 MB", size, 1.0, 1.0, unit="MB")
    for name, bounds in PEERS.items():
        if name in found:
            yield Ratio(f"{pages} pages, against {name}", mine.seconds, found[name].seconds, bounds[pages == 200])


def _cold(folder: Path, pages: int, laid: Pages, document: tree.Document) -> Path:
    """What the cold limit is told: the content of our PDF, and the glyphs of each face."""
    contents = []
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf.drawn(laid, pdf.meta(document)), re.DOTALL):
        try:
            content = zlib.decompress(found[1])
        except zlib.error:
            continue
        if b" Tf" in content:
            contents.append(content.decode("latin-1"))
    faces: dict[str, list[int]] = {}
    for one in laid.pages:
        for line in one.lines:
            for piece in line.pieces:
                faces.setdefault(piece.face, []).extend(piece.cids)
    told = {"contents": contents, "faces": {name: sorted(set(cids)) for name, cids in faces.items()}}
    path = folder / f"cold-{pages}.json"
    path.write_text(json.dumps(told), "utf-8")
    return path


def _floor(folder: Path, pages: int, laid: Pages, peers: Path | None) -> Path | None:
    """The lines of a paper as the floor draws them, and TrueType faces to draw them with; None where nobody can make those."""
    if peers is None:
        print("skipped: lines drawn with TTFont (its faces are made by fontTools, see --peers)")
        return None
    lines: list[list[tuple[str, float, float, float, float, str]]] = []
    faces: set[str] = set()
    for one in laid.pages:
        lines.append([])
        for line in one.lines:
            for piece in line.pieces:
                faces.add(piece.face)
                wide = sum(piece.widths) * piece.size / 1000
                reach = piece.xs[-1] + piece.widths[-1] * piece.size / 1000 - piece.xs[0]
                spread = (reach - wide) / (len(piece.xs) - 1) if len(piece.xs) > 1 else 0.0
                told = (round(piece.xs[0], 3), round(line.y, 3), round(spread, 3))
                lines[-1].append((piece.face, piece.size, *told, piece.text))
    path = folder / f"floor-{pages}.json"
    path.write_text(json.dumps(lines, ensure_ascii=False), "utf-8")
    kept = ROOT / "build" / "bench-faces"  # making them takes a minute
    kept.mkdir(parents=True, exist_ok=True)
    for face in sorted(faces):
        own, twin = choice.SHIPPED[face].path, kept / f"{face}.ttf"
        if own.suffix != ".ttf" and not twin.exists():
            taken([peers, Path(__file__).with_name("paper_peers.py"), "face", own, kept])
        shutil.copyfile(own if own.suffix == ".ttf" else twin, folder / f"{face}.ttf")
    return path


def _beside(folder: Path, pages: int, document: tree.Document, peers: Path | None) -> dict[str, Callable[[], Taken]]:
    """The other typesetters that are here, on the same words."""
    source = folder / f"paragraphs-{pages}.json"
    told: list[tuple[int, str]] = [(-1, document.title)]
    for block in document.blocks:
        if isinstance(block, tree.Heading):
            told.append((block.level, block.text + "".join(run.text for run in block.runs_on)))
        elif isinstance(block, tree.Paragraph):
            told.append((0, "".join(run.text for run in block.runs)))
    source.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    found = {}
    for name in PEERS:
        work = _peer(name, folder, pages, source, folder / f"{name}-{pages}.pdf", peers)
        if work is None:
            print(f"skipped: {name} is not here")
        else:
            found[name] = work
    return found


def _peer(
    name: str, folder: Path, pages: int, source: Path, target: Path, peers: Path | None
) -> Callable[[], Taken] | None:
    if name == "libreoffice":
        office = shutil.which("soffice")
        twin = folder / f"{name}-{pages}.docx"
        if office is None:
            return None
        _run("word", folder / f"tree-{pages}.json", twin)()
        profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, twin]
        taken(command)  # its first start makes a profile
        return lambda: taken(command)
    if (
        peers is None
        or subprocess.run(
            [peers, "-c", f"import {name.removesuffix('2')}"], capture_output=True, check=False
        ).returncode
    ):
        return None
    return lambda: taken([peers, Path(__file__).with_name("paper_peers.py"), name, source, target, choice.FOLDER])


def _warm() -> Iterator[Ratio]:
    """In a process that has set papers before: one page whose last paragraph grows by a character each time, as it does in the
    preview of a passage, against 15 ms; 2,000 pages against ten times 200."""
    one, some, many = (paper_text.document(pages, 7) for pages in (1, 200, 2000))
    words, keys = paper_text.sentence(random.Random(9), 4), itertools.count(20)

    def typed() -> bytes:
        last = tree.Paragraph((tree.Run(words[: next(keys)]),))
        return pdf.to_bytes(replace(one, blocks=(*one.blocks, last)))

    typed()
    (page,) = in_turn(21, typed)
    yield Ratio("one warm page at each key, against 15 ms", page, 0.015, 1.0)
    some_s, many_s = in_turn(1, lambda: pdf.to_bytes(some), lambda: pdf.to_bytes(many))
    grown = len(sheet.typeset(many).pages) / len(sheet.typeset(some).pages)
    yield Ratio("2,000 pages, against as many as 200 by share", many_s, some_s * grown, 1.2)
