"""What is in the file: faces embedded, every glyph a known character and really drawn, the words those of the tree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set
from dataclasses import replace

from desktop_app.notices import choice, plain, tree
from desktop_app.notices.finding import Finding, idle, judged
from desktop_app.notices.measure_read import Reading
from desktop_app.notices.measure_rows import Layout

BLANKS = frozenset(" \u00a0\u3000\u2002\u2003\u2009")


def fonts(reading: Reading) -> Finding:
    """Every face is in the file, cut to what is used where its licence allows that."""
    uncut = {one.name for one in choice.chosen().sources.values() if one.whole}
    wrong = [f"{face.name}：没有嵌入" for face in reading.faces if not face.embedded]
    wrong += [
        f"{face.name}：没有取子集"
        for face in reading.faces
        if face.embedded and not (face.subset or face.name in uncut)
    ]
    return judged("fonts", "字体嵌入", "全部嵌入，只取用到的字", f"{len(reading.faces)}种字体", wrong)


def mapped(reading: Reading) -> Finding:
    """Every glyph has its character: what is copied is what is read."""
    lost = Counter(
        leaf.number for leaf in reading.leaves for one in (*leaf.glyphs, *leaf.beside) if one.kind == "unmapped"
    )
    count = sum(len(leaf.glyphs) + len(leaf.beside) for leaf in reading.leaves)
    wrong = [f"第{page}页：{many}个字形" for page, many in sorted(lost.items())]
    return judged("mapped", "字形对应文字", "每个字形都有对应的文字", f"{count}个字形", wrong)


def drawn(reading: Reading) -> Finding:
    """No glyph is the face's sign for a lacking character, and none is empty where a character should be."""
    wrong = []
    for leaf in reading.leaves:
        for one in (*leaf.glyphs, *leaf.beside):
            if one.kind == "lacking" or (one.kind == "blank" and one.char not in BLANKS and one.char.isprintable()):
                wrong.append(f"第{leaf.number}页“{one.char}”（U+{ord(one.char):04X}）")
    return judged("drawn", "缺字", "没有印不出的字", "没有" if not wrong else f"{len(wrong)}处", wrong)


def words(laid: Layout, document: tree.Document | None) -> Finding:
    """The text that is read back is the text of the tree."""
    name, bound = "文字一致", "读出的文字与原文相同"
    if document is None:
        return idle("words", name, bound, "没有原文可比")
    numbers = [{_squash(row.text) for row in sheet.numbers} for sheet in laid.sheets]
    found = _squash("".join(_of(sheet.leaf.text, own) for sheet, own in zip(laid.sheets, numbers, strict=True)))
    wanted = _squash(plain.text(_without_charts(document)).replace(plain.DASHES, ""))
    if found == wanted:
        return judged("words", name, bound, f"{len(wanted)}字，完全相同", [])
    if not _only_text(document):
        lost = Counter(wanted) - Counter(found)
        said = f"{len(wanted)}字，次序不比"
        return judged("words", name, bound, said, [f"少“{char}”{count}个" for char, count in sorted(lost.items())])
    at = next((k for k, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), min(len(found), len(wanted)))
    place = f"“{wanted[max(0, at - 8) : at + 8]}”读成“{found[max(0, at - 8) : at + 8]}”"
    return judged("words", name, bound, f"读出{len(found)}字，原文{len(wanted)}字", [place])


def _only_text(document: tree.Document) -> bool:
    """Whether the paper is text alone: the words of tables, charts and columns are not read in the order of the tree."""
    plain_blocks = all(
        isinstance(block, tree.Heading | tree.Paragraph | tree.Attachments) for block in tree.every_block(document)
    )
    sections = any(isinstance(block, tree.Section) for block in document.blocks)
    return plain_blocks and not sections and document.code is None and document.form == "document"


def _of(text: str, numbers: Set[str]) -> str:
    """The words of a page without its number; a figure alone in a cell of a table is none."""
    lines = text.splitlines()
    at = next((k for k in range(len(lines) - 1, -1, -1) if _squash(lines[k]) in numbers), None)
    if at is not None:
        del lines[at]
    return "".join(lines)


def _without_charts(document: tree.Document) -> tree.Document:
    """The paper without its charts, whose values are drawn, and told in words only where they have room."""

    def kept(blocks: tuple[tree.Block, ...]) -> tuple[tree.Block, ...]:
        return tuple(
            replace(one, blocks=kept(one.blocks)) if isinstance(one, tree.Section) else one
            for one in blocks
            if not isinstance(one, tree.Chart)
        )

    annexes = tuple(replace(one, blocks=kept(one.blocks)) for one in document.annexes)
    return replace(document, blocks=kept(document.blocks), after=kept(document.after), annexes=annexes)


def _squash(text: str) -> str:
    return re.sub(r"\s", "", text)
