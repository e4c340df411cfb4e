"""The categories of problems as the program brings them: read from ``resources/categories``, put into a ledger, recognised in a text.

A category is data. Its file holds what differs from office to office, and a key this program does not know is refused by
name, so that a slip of the pen in a definition is found when the program starts and not in a notice.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from db.errors import Refusal
from db.ledger.change import Edit, create
from db.ledger.facts import Facts
from db.schema.record import schema_of
from db.schema.records import Category
from desktop_app import paths

KEYS = ("number", "title", "cues")
"""What a definition may hold; all are required."""

HEADING_WEIGHT = 3
"""How many times a cue in the first line counts: the heading says what a problem is, the body mentions many things."""
LEAST = 6
"""The least score: a cue of two characters in the heading, or of six in all below it."""
MARGIN = 1.25
"""How far the best category must lead the second."""


@dataclass(frozen=True)
class Definition:
    """A category as its file says it. ``key`` is the file's stem; ``cues`` are words an old text is known by."""

    key: str
    number: int
    title: str
    cues: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id of its record, the same in every ledger, so that two branches make one record."""
        return f"category-{self.key}"


def definitions(folder: Path | None = None) -> tuple[Definition, ...]:
    """The categories in ``folder`` (by default the program's own), by number; ``Refusal`` names file, line and key."""
    return _definitions(folder or paths.resources() / "categories")


def edits(facts: Facts) -> tuple[Edit, ...]:
    """The edits that put into a ledger the categories it never had; one that a clerk changed or deleted stays so."""
    name = schema_of(Category).name
    missing = [d for d in definitions() if facts.find(name, d.id, deleted=True) is None]
    return tuple(create(Category, d.id, number=d.number, title=d.title, cues=d.cues or None) for d in missing)


def recognise(text: str, categories: Iterable[Category]) -> str | None:
    """The id of the category a text is about (first line: its heading), or None when the evidence is weak or even.

    Every cue counts once by its length, a longer cue hides the shorter ones inside it.
    """
    owners: dict[str, set[str]] = defaultdict(set)
    for category in categories:
        for cue in category.cues or ():
            owners[cue].add(category.id)
    if not owners:
        return None
    pattern = re.compile("|".join(re.escape(cue) for cue in sorted(owners, key=lambda c: (-len(c), c))))
    heading, _, body = text.strip().partition("\n")
    weights: dict[str, int] = dict.fromkeys(pattern.findall(body), 1)
    weights |= dict.fromkeys(pattern.findall(heading), HEADING_WEIGHT)
    scores: dict[str, int] = defaultdict(int)
    for cue, weight in weights.items():
        for owner in owners[cue]:
            scores[owner] += weight * len(cue)
    best, second = (*sorted(((score, key) for key, score in scores.items()), reverse=True), (0, ""), (0, ""))[:2]
    return best[1] if best[0] >= LEAST and best[0] >= MARGIN * second[0] else None


@cache
def _definitions(folder: Path) -> tuple[Definition, ...]:
    found = [_read(path) for path in sorted(folder.glob("*.toml"))]
    if not found:
        raise Refusal(f"没有找到问题类别的定义：{folder}", "请重新安装本程序。", "categories")
    for name in ("number", "title"):
        seen: dict[Any, str] = {}
        for one in found:
            value = getattr(one, name)
            if value in seen:
                sentence = f"类别文件 {one.key}.toml 的 {name} 与 {seen[value]}.toml 相同：{value}。"
                raise Refusal(sentence, "请改成不同的值。", "categories")
            seen[value] = one.key
    return tuple(sorted(found, key=lambda one: one.number))


def _read(path: Path) -> Definition:
    """One file → its definition, every key and value checked."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", path.stem):
        raise Refusal(
            f"类别文件名不能用：{path.name}",
            "请用小写英文字母、数字和下划线，如 official_vehicles.toml。",
            "categories",
        )
    try:
        words = path.read_text(encoding="utf-8")
        raw = tomllib.loads(words)
    except UnicodeDecodeError:
        raise Refusal(f"类别文件 {path.name} 不是 UTF-8 文字。", "请用 UTF-8 编码另存。", "categories") from None
    except tomllib.TOMLDecodeError as wrong:
        at = re.search(r"at line (\d+)", str(wrong))
        where = f"第 {at[1]} 行" if at else "末尾"
        raise Refusal(
            f"类别文件 {path.name} {where}的写法不对。", "请检查引号、方括号和逗号是否成对。", "categories"
        ) from None
    for key in raw:
        if key not in KEYS:
            sentence = f"类别文件 {path.name} 第 {_line(words, key)} 行有不认识的项“{key}”。"
            raise Refusal(sentence, f"只能写 {'、'.join(KEYS)}，请改正或删去。", "categories")
    for key in KEYS:
        if key not in raw:
            raise Refusal(
                f"类别文件 {path.name} 缺少“{key}”这一项。", f"请补上，每个文件都要有 {'、'.join(KEYS)}。", "categories"
            )
    definition = Definition(path.stem, raw["number"], raw["title"], _cues(raw["cues"]))
    values = {"number": definition.number, "title": definition.title, "cues": definition.cues or None}
    for key, value in values.items():
        _check(path, words, key, value, raw[key])
    return definition


def _cues(raw: Any) -> tuple[str, ...]:
    return tuple(raw) if isinstance(raw, list) else ()


def _check(path: Path, words: str, key: str, value: Any, raw: Any) -> None:
    """A value must be of its type, pass its kind, and not repeat itself."""
    right = {
        "number": isinstance(raw, int) and not isinstance(raw, bool),
        "title": isinstance(raw, str),
        "cues": isinstance(raw, list) and all(isinstance(c, str) for c in raw) and len(set(raw)) == len(raw),
    }[key]
    said = {"number": "整数", "title": "一行文字", "cues": "方括号里的一组文字，每个写一次"}[key]
    where = f"类别文件 {path.name} 第 {_line(words, key)} 行的 {key}"
    if not right:
        raise Refusal(f"{where} 写法不对。", f"这里要写{said}。", "categories")
    try:
        schema_of(Category).store({key: value})
    except Refusal as wrong:
        raise Refusal(f"{where} 写法不对：{wrong.sentence}", f"这里要写{said}。", "categories") from wrong


def _line(words: str, key: str) -> int:
    """The line on which a key stands, counted from 1."""
    found = re.search(rf"^[ \t]*\[?[ \t]*[\"']?{re.escape(key)}\b", words, re.MULTILINE)
    return words.count("\n", 0, found.start()) + 1 if found else 1
