"""The door for old notices: a file becomes a ``Source``, or a refusal that says what, where and what to do."""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import Path

from db.errors import Fault, Refusal
from desktop_app.intake.read_docx import docx_source
from desktop_app.intake.read_pdf import pdf_source
from desktop_app.intake.source import TOPIC, Source

MOST_BYTES = 50_000_000
MOST_TEXT_BYTES = 6_000_000
MOST_CHARACTERS = 2_000_000

_KINDS = {".txt": "txt", ".text": "txt", ".docx": "docx", ".pdf": "pdf"}
_OLD_WORD = b"\xd0\xcf\x11\xe0"


def read(path: Path) -> Source:
    """The text of a .txt, .docx or .pdf; raises ``Refusal`` with a sentence for everything that cannot be read."""
    name = path.name
    data = _bytes(path, _kind_by_name(path))
    kind = _kind(name, data)
    if kind == "docx":
        source = docx_source(name, data)
    elif kind == "pdf":
        source = pdf_source(name, data)
    else:
        source = Source(name, "txt", decoded(name, data))
    if not source.text.strip():
        raise Refusal(f"文件“{name}”里没有文字。", "请确认选对了文件。", TOPIC)
    if len(source.text) > MOST_CHARACTERS:
        raise Refusal(
            f"文件“{name}”有{len(source.text) // 10_000}万字，超过一次可读入的{MOST_CHARACTERS // 10_000}万字。",
            "请只保留通报正文，或拆成几个文件后再读入。",
            TOPIC,
        )
    return source


def _kind_by_name(path: Path) -> str:
    """The kind the name promises; a folder and an unknown ending are refused before anything is read."""
    try:
        if path.is_dir():
            raise Refusal(f"“{path}”是一个文件夹，不是文件。", "请选择其中的通报文件（.txt、.docx或.pdf）。", TOPIC)
        if not path.exists():
            raise Refusal(f"找不到文件“{path}”。", "请检查文件名和所在位置。", TOPIC)
    except (OSError, ValueError) as problem:
        raise Refusal(f"找不到文件“{path}”。", "请检查文件名和所在位置。", TOPIC) from problem
    suffix = path.suffix.lower()
    if suffix in (".doc", ".wps", ".rtf", ".odt"):
        raise Refusal(f"暂不能读取{suffix}格式的文件“{path.name}”。", "请用Word或WPS打开后另存为.docx，再读入。", TOPIC)
    if suffix not in _KINDS:
        shown = suffix or "没有扩展名"
        raise Refusal(f"不认识文件“{path.name}”的类型（{shown}）。", "可以读入的是.txt、.docx和带文字的.pdf。", TOPIC)
    return _KINDS[suffix]


def _bytes(path: Path, kind: str) -> bytes:
    most = MOST_TEXT_BYTES if kind == "txt" else MOST_BYTES
    try:
        size = path.stat().st_size
        if size == 0:
            raise Refusal(f"文件“{path.name}”是空的。", "请确认选对了文件。", TOPIC)
        if size > most:
            raise Refusal(
                f"文件“{path.name}”有{size / 1_000_000:.0f}兆字节，太大，不像一份通报（最多{most // 1_000_000}兆字节）。",
                "请只保留通报正文后再读入。",
                TOPIC,
            )
        return path.read_bytes()
    except PermissionError as problem:
        raise Fault(f"没有权限读取文件“{path}”。", "请把文件复制到自己的文件夹，或请管理员授权。", TOPIC) from problem
    except OSError as problem:
        raise Fault(
            f"读取文件“{path}”时出错：{problem.strerror or problem}。", "请检查U盘或磁盘后再试。", TOPIC
        ) from problem


def _kind(name: str, data: bytes) -> str:
    """The kind the first bytes show; a wrong ending does not matter when the content is one of the three."""
    promised = _KINDS[Path(name).suffix.lower()]
    if data.startswith(_OLD_WORD):
        raise Refusal(
            f"文件“{name}”是旧版Word格式，或者加了密码。", "请用Word或WPS打开，去掉密码，另存为.docx后再读入。", TOPIC
        )
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if promised == "docx":
        raise Refusal(f"文件“{name}”不是Word文档，或已经损坏。", "请用Word或WPS打开看看，另存一份后再读入。", TOPIC)
    if promised == "pdf":
        raise Refusal(f"文件“{name}”不是PDF，或已经损坏。", "请重新取得这份文件后再读入。", TOPIC)
    return "txt"


def decoded(name: str, data: bytes) -> str:
    """Text of a .txt: by its byte order mark, else UTF-8, else UTF-16 when it looks so, else GB 18030."""
    text = _decoded(data)
    if text is None or not _plausible(text):
        raise Refusal(
            f"文件“{name}”不是文本，或使用了不认识的文字编码。",
            "请用记事本打开，另存为UTF-8编码的.txt后再读入。",
            TOPIC,
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str | None:
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    for mark, encoding in marks:
        if data.startswith(mark):
            return _try(data, encoding)
    utf8 = _try(data, "utf-8")
    if utf8 is not None and "\0" not in utf8:
        return utf8
    likely = [text for text in (_try(data, "utf-16-le"), _try(data, "utf-16-be")) if text and _chinese(text) > 0.5]
    if likely and (utf8 is None or "\0" in utf8):
        best = max(likely, key=_chinese)
        gb = _try(data, "gb18030")
        return best if gb is None or _common(best) >= _common(gb) else gb
    return _try(data, "gb18030")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _chinese(text: str) -> float:
    """Share of characters a Chinese notice is made of."""
    sample = text[:20_000]
    return len(re.findall(r"[一-鿿　-〿！-～\x20-\x7e\n\r\t“”‘’—…]", sample)) / max(1, len(sample))


def _common(text: str) -> float:
    """Share of the commonest marks and characters: tells a right decoding from a wrong one that is valid too."""
    sample = text[:20_000]
    return sum(sample.count(c) for c in "的、，。一是整改和了在\n") / max(1, len(sample))


def _plausible(text: str) -> bool:
    sample = text[:50_000]
    bad = sum(
        1 for c in sample if c == "�" or (unicodedata.category(c) in ("Cc", "Cn", "Co") and c not in "\t\n\r\f\v")
    )
    return "\0" not in sample and bad * 200 <= len(sample)
