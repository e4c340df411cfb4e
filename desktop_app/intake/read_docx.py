"""Word documents as text: paragraphs with their automatic numbers, tables as lines, running heads as furniture."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from db.errors import Refusal
from desktop_app.intake.draft import Place, Unread
from desktop_app.intake.marks import chinese_numeral
from desktop_app.intake.source import TOPIC, Source

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_MOST_UNPACKED = 200_000_000


def docx_source(name: str, data: bytes) -> Source:
    """The text of a .docx, one paragraph a line; a damaged one is refused."""
    body, margins = _document(name, data)
    text = "\n".join(body)
    furniture: list[Unread] = []
    for line, reason in margins:
        start = len(text) + 1
        text += "\n" + line
        furniture.append(Unread(line, Place(start, start + len(line)), reason))
    return Source(name, "docx", text, hard_wrapped=False, furniture=tuple(furniture))


def _document(name: str, data: bytes) -> tuple[list[str], list[tuple[str, str]]]:
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "word/document.xml" not in archive.namelist():
                raise Refusal(f"文件“{name}”不是Word文档。", "可以读入的是.txt、.docx和带文字的.pdf。", TOPIC)
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
                raise Refusal(f"文件“{name}”解开后太大，不像一份通报。", "请只保留通报正文后再读入。", TOPIC)
        document = docx.Document(io.BytesIO(data))
        numbering = _Numbering(document)
        body = list(_blocks(document.element.body, numbering))
        return body, list(_margins(document))
    except Refusal:
        raise
    except Exception as problem:  # python-docx and lxml raise many sorts; all mean the same to the clerk
        raise Refusal(
            f"Word文档“{name}”已经损坏，读不出来。", "请用Word或WPS打开，另存一份后再读入。", TOPIC
        ) from problem


def _blocks(parent: Any, numbering: _Numbering) -> Iterator[str]:
    """Paragraphs and table rows in order; content controls are looked into."""
    for child in parent.iterchildren():
        if child.tag == _W + "p":
            yield from _paragraph(child, numbering)
        elif child.tag == _W + "tbl":
            for row in child.iter(_W + "tr"):
                cells = [" ".join(_blocks(cell, numbering)) for cell in row.iterchildren(_W + "tc")]
                yield "\t".join(cells)
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml"):
            yield from _blocks(child, numbering)


def _paragraph(p: Any, numbering: _Numbering) -> Iterator[str]:
    """The lines of a paragraph (a manual line break parts lines), its automatic number in front; then its text boxes."""
    text = _run_text(p)
    if text.strip():
        text = numbering.mark(p) + text
    yield from text.split("\n")
    seen: list[str] = []
    for box in p.iter(_W + "txbxContent"):
        lines = list(_blocks(box, numbering))
        if lines != seen:  # Word stores a text box twice, for old and new readers
            yield from lines
        seen = lines


def _run_text(p: Any) -> str:
    parts: list[str] = []

    def walk(node: Any) -> None:
        for child in node.iterchildren():
            tag = child.tag
            if tag in (_W + "txbxContent", _W + "del", _W + "pPr", _W + "rPr"):
                continue
            if tag == _W + "t":
                parts.append(child.text or "")
            elif tag == _W + "tab":
                parts.append("\t")
            elif tag in (_W + "br", _W + "cr"):
                parts.append("\n")
            elif tag == _W + "noBreakHyphen":
                parts.append("-")
            else:
                walk(child)

    walk(p)
    return "".join(parts)


def _margins(document: Any) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for section in document.sections:
        for part, reason in ((section.header, "页眉"), (section.footer, "页脚")):
            for paragraph in part.paragraphs:
                line = paragraph.text.strip()
                if line and line not in seen:
                    seen.add(line)
                    yield line, reason


class _Numbering:
    """The counters of Word's automatic numbering: each (list, level) counts on, a higher level restarts the lower ones."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._styles = document.styles.element
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        abstract = {a.get(_W + "abstractNumId"): a for a in root.iter(_W + "abstractNum")}
        for num in root.iter(_W + "num"):
            pointer = num.find(_W + "abstractNumId")
            source = abstract.get(pointer.get(_W + "val")) if pointer is not None else None
            if source is not None:
                self._levels[num.get(_W + "numId")] = dict(_level(level) for level in source.iter(_W + "lvl"))

    def mark(self, p: Any) -> str:
        """The number Word would print before this paragraph, or nothing."""
        num_pr = p.find(f"{_W}pPr/{_W}numPr")
        if num_pr is None:
            num_pr = self._of_style(p.find(f"{_W}pPr/{_W}pStyle"))
        if num_pr is None:
            return ""
        num, depth = num_pr.find(_W + "numId"), num_pr.find(_W + "ilvl")
        if num is None:
            return ""
        list_id, level = num.get(_W + "val"), int(depth.get(_W + "val")) if depth is not None else 0
        levels = self._levels.get(list_id, {})
        if level not in levels:
            return ""
        style, pattern, start = levels[level]
        if style in ("bullet", "none"):
            return ""
        count = self._counts[list_id, level] = self._counts.get((list_id, level), start - 1) + 1
        for lower in range(level + 1, 9):
            self._counts.pop((list_id, lower), None)
        shown = pattern.replace(f"%{level + 1}", _counted(style, count))
        for upper in range(level):
            upper_style, _, upper_start = levels.get(upper, ("decimal", "", 1))
            shown = shown.replace(
                f"%{upper + 1}", _counted(upper_style, self._counts.get((list_id, upper), upper_start))
            )
        return shown

    def _of_style(self, style: Any) -> Any:
        """The numbering a paragraph style brings along, its own or that of the style it is based on; None without."""
        for _ in range(10):  # styles are at most a few deep; a ring of them must not hold us
            name = style.get(_W + "val") if style is not None else None
            found = next((s for s in self._styles.iter(_W + "style") if s.get(_W + "styleId") == name), None)
            if name is None or found is None:
                return None
            num_pr = found.find(f"{_W}pPr/{_W}numPr")
            if num_pr is not None:
                return num_pr
            style = found.find(_W + "basedOn")
        return None


def _level(level: Any) -> tuple[int, tuple[str, str, int]]:
    def value(tag: str, default: str) -> str:
        node = level.find(_W + tag)
        return default if node is None else str(node.get(_W + "val"))

    return int(level.get(_W + "ilvl")), (value("numFmt", "decimal"), value("lvlText", ""), int(value("start", "1")))


def _counted(style: str, count: int) -> str:
    if style.startswith(("chinese", "japaneseCounting", "taiwaneseCounting", "ideograph")):
        return chinese_numeral(count)
    if style.startswith("decimalEnclosedCircle") and count <= len(_CIRCLED):
        return _CIRCLED[count - 1]
    if style in ("lowerLetter", "upperLetter") and count <= 26:
        return chr((ord("a") if style == "lowerLetter" else ord("A")) + count - 1)
    return str(count)
