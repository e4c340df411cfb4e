"""One notice set by this program, by Typst, by TeX and by LibreOffice (from our Word twin), and all four measured alike.

``python -m tests.bench.beside FOLDER [--peers PYTHON]`` writes the files and a table in Markdown. What is not on this machine
is left out with a line. The templates say what public templates for GB/T 9704 say: margins, faces, sizes, 22 lines; nothing is
tuned to one notice. ``beside.md`` keeps what was found.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from desktop_app.notices import fonts, measure, pdf, tree, word

from . import paper_text

_TYPST = """
#set page(paper: "a4", margin: (left: 28mm, right: 26mm, top: 37mm, bottom: 35mm), footer-descent: 7mm,
  footer: context {{ let n = counter(page).get().first(); set text(size: 14pt, font: "Noto Serif CJK SC")
    if calc.odd(n) [#align(right)[— #n —#h(1em)]] else [#align(left)[#h(1em)— #n —]] }})
#set text(lang: "zh", size: 16pt, font: ("FandolFang R", "Noto Serif CJK SC"), cjk-latin-spacing: none)
#set par(first-line-indent: (amount: 2em, all: true), justify: true, leading: 13.6pt, spacing: 13.6pt)
#v(35mm)
#align(center, par(first-line-indent: 0em, text(size: 36pt, fill: red, font: "Noto Serif CJK SC", weight: 600)[{mark}]))
#v(13.6pt)
#align(center)[{number}]
#line(length: 100%, stroke: 1.2pt + red)
#v(20pt)
#align(center, par(first-line-indent: 0em, text(size: 22pt, font: "Noto Serif CJK SC", weight: 600)[{title}]))
#v(13.6pt)
#par(first-line-indent: 0em)[{addressees}]

{body}
#v(13.6pt)
#align(right)[{organ}#h(2em)]
#align(right)[{date}#h(4em)]
#v(1fr)
#line(length: 100%, stroke: 0.35mm)
#text(size: 14pt)[抄送：{copies}]
#line(length: 100%, stroke: 0.25mm)
#text(size: 14pt)[{office}#h(1fr){printed}印发]
#line(length: 100%, stroke: 0.35mm)
"""
_TEX = r"""
\documentclass[a4paper,twoside]{ctexart}
\usepackage{geometry}\geometry{asymmetric,left=28mm,right=26mm,top=37mm,bottom=35mm,footskip=7mm}
\usepackage{fancyhdr,xcolor}
\setCJKmainfont{FandolFang-Regular.otf}[Path=FACES/]
\newCJKfontfamily\hei{NotoSansCJKsc-Medium.otf}[Path=FACES/]
\newCJKfontfamily\kai{FandolKai-Regular.otf}[Path=FACES/]
\newCJKfontfamily\xbs{NotoSerifCJKsc-SemiBold.otf}[Path=FACES/]
\xeCJKsetup{CJKecglue={},PunctStyle=kaiming}
\pagestyle{fancy}\fancyhf{}\renewcommand{\headrulewidth}{0pt}
\fancyfoot[RO]{\zihao{4}— \thepage\ —\hspace{1em}}\fancyfoot[LE]{\zihao{4}\hspace{1em}— \thepage\ —}
\setlength{\parindent}{2em}\setlength{\parskip}{0pt}
\begin{document}\fontsize{16bp}{28.95bp}\selectfont
\vspace*{35mm}
\begin{center}{\color{red}\xbs\fontsize{36bp}{40bp}\selectfont MARK}\\[20bp] NUMBER\\[-6bp]
{\color{red}\rule{\textwidth}{1.2bp}}\\[30bp]{\xbs\fontsize{22bp}{30bp}\selectfont TITLE}\end{center}
\noindent ADDRESSEES\par
BODY
\bigskip\hfill ORGAN\hspace{2em}\par\hfill DATE\hspace{4em}\par
\vfill{\noindent\rule{\textwidth}{0.35mm}\par\zihao{4}\noindent\hspace{1em}抄送：COPIES\par
\noindent\rule{\textwidth}{0.25mm}\par\noindent\hspace{1em}OFFICE\hfill PRINTED印发\hspace{1em}\par
\noindent\rule{\textwidth}{0.35mm}}\end{document}
"""


def notice() -> tree.Document:
    """Some nine pages with every common element."""
    return replace(
        paper_text.document(9, 5),
        imprint=tree.Imprint(
            "某市公安局某分局办公室", "2021年11月3日", "市委巡察工作领导小组办公室，市公安局党委，各派出所。"
        ),
        addressees="各派出所、机关各大队：",
    )


def _paragraphs(document: tree.Document) -> Iterator[tuple[int, str, str]]:
    """(level, heading, words): level 0 has no heading."""
    for block in document.blocks:
        if isinstance(block, tree.Heading):
            yield block.level, block.text, "".join(run.text for run in block.runs_on)
        elif isinstance(block, tree.Paragraph):
            yield 0, "", "".join(run.text for run in block.runs)


def _escaped(words: str, signs: str) -> str:
    return "".join("\\" + char if char in signs else char for char in words)


def _named(document: tree.Document) -> dict[str, str]:
    head, signature, imprint = document.head, document.signature, document.imprint
    assert head is not None
    assert signature is not None
    assert imprint is not None
    return {
        "mark": head.mark,
        "number": head.document_number,
        "title": document.title,
        "addressees": document.addressees,
        "organ": signature.organ,
        "date": signature.date,
        "copies": imprint.copies_to,
        "office": imprint.office,
        "printed": imprint.date,
    }


def typst(document: tree.Document, folder: Path, peers: Path) -> Path:
    """The notice by Typst."""
    signs = "#$*_`<>@[]\\~-+=/"
    lines = []
    for level, heading, words in _paragraphs(document):
        face = {1: "Noto Sans CJK SC", 2: "FandolKai"}.get(level)
        told = _escaped(heading, signs)
        lines.append((f'#text(font: "{face}")[{told}]' if face else told) + _escaped(words, signs) + "\n")
    named = {name: _escaped(words, signs) for name, words in _named(document).items()}
    source, target = folder / "typst.typ", folder / "typst.pdf"
    source.write_text(_TYPST.format(body="\n".join(lines), **named), "utf-8")
    code = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], font_paths=[sys.argv[3]], ignore_system_fonts=True)"
    subprocess.run([peers, "-c", code, source, target, fonts.face("FandolFang-Regular").source.path.parent], check=True)
    return target


def tex(document: tree.Document, folder: Path) -> Path:
    """The notice by XeTeX with ctex and xeCJK."""
    signs = "#$%&_{}"
    lines = []
    for level, heading, words in _paragraphs(document):
        face = {1: r"\hei ", 2: r"\kai "}.get(level, "")
        lines.append((f"{{{face}{_escaped(heading, signs)}}}" if heading else "") + _escaped(words, signs) + r"\par")
    told = _TEX.replace("FACES", str(fonts.face("FandolFang-Regular").source.path.parent)).replace(
        "BODY", "\n".join(lines)
    )
    for name, words in _named(document).items():
        told = told.replace(name.upper(), _escaped(words, signs))
    (folder / "tex.tex").write_text(told, "utf-8")
    for _ in range(2):
        subprocess.run(
            ["xelatex", "-interaction=batchmode", "tex.tex"], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
    return folder / "tex.pdf"


def office(document: tree.Document, folder: Path) -> Path:
    """Our Word twin, printed by LibreOffice with our faces in place of those of Word."""
    twin, out = folder / "twin.docx", folder / "office"
    twin.write_bytes(word.to_bytes(document))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(out), str(twin)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return out / "twin.pdf"


def table(found: dict[str, measure.Measured]) -> str:
    """The findings side by side in Markdown: what was measured, ✗ before what breaks a rule."""
    signs = {"合格": "✓", "不合格": "✗", "不适用": "–"}
    lines = [f"| rule | bound | {' | '.join(found)} |", "|" + "---|" * (len(found) + 2)]
    every = {name: measure.rows(one) for name, one in found.items()}
    for at, (rule, bound, *_rest) in enumerate(next(iter(every.values()))):
        cells = [f"{signs[rows[at][3]]} {rows[at][2]}" for rows in every.values()]
        lines.append(f"| {rule} | {bound} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Writes the files and prints the table."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.beside", description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--peers", type=Path, help="a Python that has typst")
    chosen = options.parse_args()
    folder: Path = chosen.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    document = notice()
    ours = folder / "ours.pdf"
    ours.write_bytes(pdf.to_bytes(document))
    files = {"ours": ours}
    if chosen.peers:
        files["Typst"] = typst(document, folder, chosen.peers)
    if shutil.which("xelatex"):
        files["TeX"] = tex(document, folder)
    if shutil.which("soffice"):
        files["LibreOffice"] = office(document, folder)
    for name in {"ours", "Typst", "TeX", "LibreOffice"} - files.keys():
        print(f"left out: {name} is not here")
    found = {name: measure.sheet(path.read_bytes(), document) for name, path in files.items()}
    for name, one in found.items():
        print(f"{name}: {one.summary}")
    print(table(found))


if __name__ == "__main__":
    main()
