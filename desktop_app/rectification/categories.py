"""The categories of problems as the program brings them: read from ``resources/categories``, put into a ledger, recognised in a text.

A category is data (``db/schema/definition``). What a ledger knows of it is its own: the definition is a fact of the ledger, known
by its content, and an office's own changes lie beside it; a newer program adds its newer definition and takes nothing away.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome, create
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.definition import CategoryDefinition
from db.schema.definition.packing import packed
from db.schema.definition.toml import read_file
from db.schema.record import schema_of
from db.schema.records import Category, Definition
from db.schema.records.definition import definition_id
from desktop_app import paths

HEADING_WEIGHT = 3
"""How many times a cue in the first line counts: the heading says what a problem is, the body mentions many things."""
LEAST = 6
"""The least score: a cue of two characters in the heading, or of six in all below it."""
MARGIN = 1.25
"""How far the best category must lead the second."""


def definitions(folder: Path | None = None) -> tuple[CategoryDefinition, ...]:
    """The categories in ``folder`` (by default the program's own), by number; ``Refusal`` names file, line and key."""
    return _definitions(folder or paths.resources() / "categories")


def record_id(key: str) -> str:
    """The id of a category's record, the same in every ledger, so that two branches make one record."""
    return f"category-{key}"


def edits(facts: Facts, offered: Iterable[CategoryDefinition] | None = None) -> tuple[Edit, ...]:
    """The edits that put into a ledger what it lacks of the categories (the program's own, or those ``offered``): the category
    it never had, and the definition where it has none as new. What a clerk changed or deleted stays so."""
    found: list[Edit] = []
    for one in definitions() if offered is None else offered:
        identifier = record_id(one.key)
        known = facts.find(schema_of(Category).name, identifier, deleted=True)
        if known is None:
            found.append(create(Category, identifier, number=one.number, title=one.title, cues=one.cues or None))
        if not one.registers and not one.indicators:
            continue
        body, made = _kept(one)
        there = facts.all(Definition, category=identifier)
        newer = all((d.version or 0) < one.version for d in there)
        if newer and facts.find(schema_of(Definition).name, made, deleted=True) is None:
            found.append(create(Definition, made, category=identifier, version=one.version, body=body))
    return tuple(found)


_bodies: dict[int, tuple[CategoryDefinition, Any, str]] = {}
"""What was packed before, by the identity of the definition: those of the program are put into every new ledger."""


def _kept(one: CategoryDefinition) -> tuple[Any, str]:
    """A definition's body as a ledger keeps it, and the id of its record."""
    known = _bodies.get(id(one))
    if known is None or known[0] is not one:
        body = packed(one.body)
        known = _bodies[id(one)] = (one, body, definition_id(one.key, body))
    return known[1], known[2]


def install(ledger: Ledger, actor: str, offered: Iterable[CategoryDefinition] | None = None) -> Outcome:
    """Brings a ledger's categories up to what this program (or a definition file) knows, in one deed; nothing when there is nothing new."""
    missing = edits(ledger, offered)
    return ledger.act(Deed("更新问题类别的定义", actor, missing)) if missing else Outcome()


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
def _definitions(folder: Path) -> tuple[CategoryDefinition, ...]:
    found = [read_file(path) for path in sorted(folder.glob("*.toml"))]
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
