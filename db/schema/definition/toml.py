"""A definition as a TOML file: read with every refusal at its line and key, and written again."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path as File
from typing import Any

from db.errors import Refusal
from db.schema.definition.bounds import LATEST, within
from db.schema.definition.category import CategoryDefinition, read
from db.schema.definition.slots import KEY, number, raw_number
from db.schema.definition.wrong import Path, Wrong, dotted

TOPIC = "categories"
LARGEST = 1_000_000
"""Bytes of a definition file; no category says more."""


def read_file(file: File) -> CategoryDefinition:
    """A definition file → the definition; its key is the stem of its name. ``Refusal`` names file, line and key."""
    if not KEY.fullmatch(file.stem):
        advice = "请用小写英文字母、数字和下划线，以字母开头，如 official_vehicles.toml。"
        raise Refusal(f"类别文件名不能用：{file.name}", advice, TOPIC)
    try:
        if file.stat().st_size > LARGEST:
            raise Refusal(f"类别文件 {file.name} 太大。", "请检查是不是选错了文件。", TOPIC)
        words = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(f"类别文件 {file.name} 不是 UTF-8 文字。", "请用 UTF-8 编码另存。", TOPIC) from None
    except OSError as wrong:
        raise Refusal(
            f"读不出类别文件 {file.name}：{wrong.strerror or wrong}。", "请检查文件还在不在、能不能打开。", TOPIC
        ) from None
    return read_words(file.stem, words, file.name)


def read_words(key: str, words: str, name: str) -> CategoryDefinition:
    """The text of a definition file → the definition."""
    try:
        raw = tomllib.loads(words)
    except (RecursionError, ValueError) as wrong:  # nested thousands of times; a number of thousands of digits
        at = re.search(r"at line (\d+)", str(wrong))
        where = f"第 {at[1]} 行" if at else "末尾"
        advice = "请检查引号、方括号和逗号是否成对，同一项是否写了两遍。"
        raise Refusal(f"类别文件 {name} {where}的写法不对。", advice, TOPIC) from None
    try:
        _head(raw)
        return read(key, plain(within(raw, _refused)))
    except Wrong as wrong:
        line = line_of(words, wrong.path)
        at_key = f"“{dotted(wrong.path)}”" if wrong.path else ""
        raise Refusal(
            f"类别文件 {name} 第 {line} 行{at_key}：{wrong.what}", wrong.advice or "请改正后再试。", TOPIC
        ) from None


def _refused(wrong: Wrong) -> None:
    raise wrong


def _head(raw: Mapping[str, Any]) -> None:
    """What every file says of itself."""
    if not isinstance(raw.get("title"), str) or not raw["title"].strip() or len(raw["title"]) > 60:
        raise Wrong(("title",), "缺少“title”（类别的中文名称，60 字以内）。", "请补上。")
    for name, least in (("number", 1), ("version", 1)):
        value = raw.get(name, least)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= LATEST:
            raise Wrong((name,), f"“{name}”要写不小于 {least}、不大于 {LATEST} 的整数。")
    cues = raw.get("cues", [])
    whole = isinstance(cues, list) and all(isinstance(c, str) and c.strip() == c and c and "；" not in c for c in cues)
    if not whole or len(set(cues)) != len(cues):
        raise Wrong(("cues",), "“cues”要写方括号里的一组识别词，每个写一次。")
    if not isinstance(raw.get("help", ""), str):
        raise Wrong(("help",), "“help”要写一行文字。")


def plain(raw: Any) -> Any:
    """What TOML gives as what JSON keeps exactly: days as text, fractions as text."""
    if isinstance(raw, Mapping):
        return {key: plain(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [plain(one) for one in raw]
    if isinstance(raw, datetime):
        return raw.replace(tzinfo=None).isoformat(timespec="minutes")
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, float):
        value = number(raw)
        if value is None:
            raise Wrong((), f"数字 {raw} 不能用。")
        return raw_number(value)
    if raw is None or isinstance(raw, bool | int | str):
        return raw
    raise Wrong((), f"“{raw}”不能写在定义里。", "时间请写成文字。")


_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)\s*=")


def line_of(words: str, path: Path) -> int:
    """The line on which the value at a path stands, or the nearest table or key above it; counted from 1."""
    best, deepest = 1, 0
    table: Path = ()
    counts: dict[Path, int] = {}
    for number_, line in enumerate(words.splitlines(), start=1):
        header, key = _HEADER.fullmatch(line), _KEY.match(line)
        if header:
            table = _keys(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            here: Path = table
        elif key:
            here = (*table, *_keys(key[1]))
        else:
            continue
        alike = _alike(here, path)
        if alike == len(here) and alike > deepest:
            best, deepest = number_, alike
    return best


def _keys(dotted_key: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted_key.split("."))


def _alike(one: Path, other: Path) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
