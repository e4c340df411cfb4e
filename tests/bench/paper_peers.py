"""Other typesetters, run in a process of their own by a Python that has them: ``PYTHON paper_peers.py WHAT IN OUT FACES``.

``IN`` is a list of paragraphs (JSON: [level, words]), ``FACES`` the folder of the faces; ``face IN OUT`` makes the TrueType twin
of a face, for those that read no CFF. Nothing of the program is imported here.
"""

from __future__ import annotations

import html
import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

MM = 72 / 25.4


def paragraphs(source: Path) -> list[tuple[int, str]]:
    """(level, words); level 0 is a paragraph of the body, -1 the title."""
    return [(level, words) for level, words in json.loads(source.read_text("utf-8"))]


def typst(source: Path, target: Path, faces: Path) -> None:
    """The measures of GB/T 9704 in Typst, as its templates set them."""
    compiler: Any = import_module("typst")

    hei, kai, fang, song = '"Noto Sans CJK SC"', '"FandolKai"', '"FandolFang R"', '"Noto Serif CJK SC"'
    head = f"""
#set page(paper: "a4", margin: (left: 28mm, right: 26mm, top: 37mm, bottom: 35mm), footer-descent: 7mm,
  footer: context {{ let n = counter(page).get().first(); set text(size: 14pt, font: {song})
    if calc.odd(n) [#align(right)[— #n —#h(1em)]] else [#align(left)[#h(1em)— #n —]] }})
#set text(lang: "zh", size: 16pt, font: ({fang}, {song}), tracking: -0.2pt, cjk-latin-spacing: none)
#set par(first-line-indent: (amount: 2em, all: true), justify: true, leading: 13.6pt, spacing: 13.6pt)
"""
    lines = [head]
    for level, words in paragraphs(source):
        told = "".join("\\" + c if c in "#$*_`<>@[]\\~-+=/" else c for c in words)
        if level < 0:
            lines.append(
                f"#align(center, par(first-line-indent: 0em, text(size: 22pt, font: {song}, weight: 600)[{told}]))\n"
            )
        else:
            face = {1: hei, 2: kai}.get(level)
            lines.append(f"#text(font: {face})[{told}]\n" if face else told + "\n")
    name = target.with_suffix(".typ")
    name.write_text("\n".join(lines), "utf-8")
    compiler.compile(str(name), output=str(target), font_paths=[str(faces)], ignore_system_fonts=True)


def weasyprint(source: Path, target: Path, faces: Path) -> None:
    """The same by a style sheet."""
    weasyprint: Any = import_module("weasyprint")

    style = f"""@font-face {{font-family: F; src: url('{(faces / "FandolFang-Regular.otf").as_uri()}')}}
      @font-face {{font-family: H; src: url('{(faces / "NotoSansCJKsc-Medium.otf").as_uri()}')}}
      @page {{size: A4; margin: 37mm 26mm 35mm 28mm}}
      p {{font: 16pt/29.6pt F; letter-spacing: -0.2pt; text-indent: 2em; text-align: justify; margin: 0; orphans: 1; widows: 1}}
      .h {{font-family: H}} .t {{font: 22pt/30pt F; text-align: center; text-indent: 0}}"""
    body = "".join(
        f"<p class={'t' if level < 0 else 'h' if level == 1 else 'b'}>{html.escape(words)}</p>"
        for level, words in paragraphs(source)
    )
    weasyprint.HTML(string=f"<html lang=zh><style>{style}</style>{body}").write_pdf(str(target))


def fpdf2(source: Path, target: Path, faces: Path) -> None:
    """The same by multi_cell."""
    fpdf: Any = import_module("fpdf")
    pdf = fpdf.FPDF(format="A4")
    pdf.set_margins(28, 37, 26)
    pdf.set_auto_page_break(True, 35)
    pdf.add_font("F", fname=str(faces / "FandolFang-Regular.otf"))
    pdf.add_page()
    for level, words in paragraphs(source):
        pdf.set_font("F", size=22 if level < 0 else 16)
        pdf.multi_cell(
            156,
            29.6 / MM,
            words if level < 0 else "\u3000\u3000" + words,
            align="C" if level < 0 else "J",
            wrapmode="CHAR",
        )
        pdf.ln(0)
    pdf.output(str(target))


def face(source: Path, target: Path) -> None:
    """The TrueType twin of a face, whole: what an office's own faces are like."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont, newTable

    font: Any = TTFont(source)
    order, shapes, made = font.getGlyphOrder(), font.getGlyphSet(), {}
    for glyph in order:
        pen = TTGlyphPen(shapes)
        shapes[glyph].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        made[glyph] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, made
    font["hmtx"].metrics = {g: (font["hmtx"][g][0], getattr(made[g], "xMin", 0)) for g in order}
    maxp = font["maxp"] = newTable("maxp")
    maxp.tableVersion, maxp.numGlyphs = 0x00010000, len(order)
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
                  "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
                  "maxCompositeContours", "maxComponentDepth"):  # fmt: skip
        setattr(maxp, field, 1 if field == "maxZones" else 0)
    post = font["post"]
    post.formatType, post.extraNames, post.mapping, post.glyphOrder = 3.0, [], {}, order
    for table in ("CFF ", "VORG"):
        if table in font:
            del font[table]
    font.sfntVersion = "\000\001\000\000"
    font.save(target / f"{source.stem}.ttf")


if __name__ == "__main__":
    named: dict[str, Callable[..., None]] = {"typst": typst, "weasyprint": weasyprint, "fpdf2": fpdf2, "face": face}
    named[sys.argv[1]](*map(Path, sys.argv[2:]))
