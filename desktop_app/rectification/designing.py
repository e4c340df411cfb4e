"""Making and changing categories without a programmer: pieces are tried before they are kept, retired and never lost.

What an office changes lies beside the program's definition as amendments, piece by piece, so that two branches which add
different fields both keep theirs, and a newer program's definition takes nothing away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome, create
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema import pinyin
from db.schema.definition import CategoryDefinition, Change, amended, loaded
from db.schema.definition.bounds import LATEST
from db.schema.definition.packing import packed, unpacked
from db.schema.definition.scope import OWN
from db.schema.definition.slots import KEY
from db.schema.definition.toml import TOPIC, read_words
from db.schema.definition.writing import written
from db.schema.kinds import Kind
from db.schema.record import schema_of, trouble
from db.schema.records import Amendment, Category, Definition
from db.schema.records.definition import amendment_id, definition_id
from desktop_app.rectification.categories import record_id

PARTS = {
    "register": "登记表",
    "field": "字段",
    "indicator": "指标",
    "rule": "规则",
    "table": "对照表",
    "passage": "语句",
}
"""Part of a definition → its Chinese name."""


def key_for(title: str, taken: Iterable[str]) -> str:
    """A key made of a Chinese title (its pinyin), other than those taken."""
    bare = re.sub(r"[^a-z0-9]+", "_", "_".join("".join(pinyin.readings(one)[:1]) for one in title)).strip("_")[:34]
    base = bare if KEY.fullmatch(bare) else f"x_{bare}".rstrip("_")
    found, number, known = base, 1, set(taken)
    while found in known:
        number += 1
        found = f"{base}_{number}"
    return found


def new_category(ledger: Ledger, title: str, actor: str, cues: Iterable[str] = ()) -> str:
    """Makes an empty category; returns its key. ``Refusal`` when there is one of that title."""
    name = " ".join(title.split())
    if not name:
        raise Refusal("还没有填写类别名称。", "请填写名称，如“涉案财物管理”。", TOPIC)
    every = ledger.all(Category)
    if any(one.title == name for one in every):
        raise Refusal(f"已经有“{name}”这个类别。", "请在它里面添加登记表，或换一个名称。", TOPIC)
    known = {one.id.removeprefix("category-") for one in every} | set(ledger.definitions)
    key = key_for(name, known)
    number = max((one.number or 0 for one in every), default=0) + 1
    made = create(Category, record_id(key), number=number, title=name, cues=tuple(dict.fromkeys(cues)) or None)
    ledger.act(Deed(f"新增问题类别“{name}”", actor, (made,)))
    return key


def changes_of(facts: Facts, key: str) -> list[Change]:
    """The office's own changes of a category."""
    return [
        Change(
            one.part or "",
            one.register or "",
            one.name or "",
            one.body if isinstance(one.body, dict) else None,
            bool(one.retired),
            one.position or 0,
        )
        for one in facts.all(Amendment, category=record_id(key))
    ]


def base_of(facts: Facts, key: str) -> dict[str, Any]:
    """The body of the definition in force, without the office's changes; with its title alone where there is none."""
    there = [one for one in facts.all(Definition, category=record_id(key)) if isinstance(one.body, dict)]
    last = max(there, key=lambda one: (one.version or 0, one.id), default=None)
    category = facts.get(Category, record_id(key))
    title = (category.title if category else None) or key
    return {**(dict(last.body) if last is not None and isinstance(last.body, dict) else {}), "title": title}


def trial(facts: Facts, key: str, more: Iterable[Change] = ()) -> tuple[CategoryDefinition, tuple[str, ...]]:
    """The category as it would be with further changes, and what of it could not be used; nothing is kept."""
    changes = {(c.part, c.register, c.name): c for c in changes_of(facts, key)}
    for one in more:
        known = changes.get((one.part, one.register, one.name))
        body = known.body if known is not None and one.body is None else one.body
        changes[one.part, one.register, one.name] = one._replace(body=body)
    return loaded(key, base_of(facts, key), tuple(changes.values()))


def put(ledger: Ledger, key: str, changes: Iterable[Change], actor: str, sentence: str = "") -> Outcome:
    """Keeps changes of a category, in one deed. ``Refusal`` says what is wrong with them, or that rows would become unreadable."""
    wanted = tuple(_whole(ledger, key, one) for one in changes)
    before = trial(ledger, key, [one for one in wanted if one.retired])[
        1
    ]  # what stops with a retired piece is meant to
    after, told = trial(ledger, key, wanted)
    new = [one for one in told if one not in before]
    if new:
        raise Refusal(bare(after, new[0]), "请改正后再保存。", TOPIC)
    for one in wanted:
        if one.part == "field" and not one.retired:
            _still_read(ledger, after, one)
    edits = tuple(_amendment(key, one) for one in wanted)
    return ledger.act(Deed(sentence or _sentence(after, wanted), actor, edits))


def bare(category: CategoryDefinition, sentence: str) -> str:
    """A sentence on a piece without the name of the category, for who has it before him."""
    return sentence.removeprefix(f"类别“{category.title}”的定义里，")


def stops(facts: Facts, key: str, change: Change) -> tuple[str, ...]:
    """What will no longer be reckoned, checked or offered once a change is kept: 指标“百公里油耗”、规则“油耗上限”."""
    before, after = trial(facts, key)[0], trial(facts, key, [change])[0]
    found = []
    for part, one, other in (
        ("indicator", before.indicators, after.indicators),
        ("rule", before.rules, after.rules),
    ):
        gone = {
            name: piece
            for name, piece in one.items()
            if name not in other and (part, name) != (change.part, change.name)
        }
        found += [f"{PARTS[part]}“{piece.title}”" for piece in gone.values()]
    left = [one for one in before.passages if one not in after.passages and one.title != change.name]
    return (*found, *(f"{PARTS['passage']}“{(one.title or one.text)[:20]}”" for one in left))


def retired_pieces(facts: Facts, key: str) -> dict[tuple[str, str, str], str]:
    """The pieces that are retired and can be brought back, by part, register and key, with their titles; fields and registers, which
    stay to be seen, are among the others."""
    base = _plain(base_of(facts, key))
    found = {}
    for one in changes_of(facts, key):
        if not one.retired or one.part in ("field", "register"):
            continue
        pieces = base.get(one.part)
        body = one.body or (pieces.get(one.name) if isinstance(pieces, dict) else None)
        title = body.get("title") if isinstance(body, dict) else None
        found[one.part, one.register, one.name] = str(title or one.name)
    return found


def restored(facts: Facts, key: str, part: str, register: str, name: str) -> Change:
    """The change that brings a retired piece back as it was."""
    known = {(c.part, c.register, c.name): c for c in changes_of(facts, key)}.get((part, register, name))
    body = unpacked(known.body) if known is not None and known.body is not None else None
    if part in ("field", "register") and body is None:
        pieces = _plain(base_of(facts, key)).get("register", {})
        body = pieces.get(register, {}).get("field", {}).get(name) if part == "field" else pieces.get(name)
    if isinstance(body, dict):
        body = {k: v for k, v in body.items() if k != "retired" and (part != "register" or k != "field")}
    return Change(part, register, name, body, False, known.position if known is not None else 0)


def moved(facts: Facts, key: str, register: str, name: str, by: int) -> Change | None:
    """The change that moves a field of a register up (by -1) or down (by 1); None where it cannot go further."""
    there = trial(facts, key)[0].body.get("register", {}).get(register, {}).get("field", {})
    names = [one for one in there if one not in OWN]
    at = names.index(name) if name in names else -1
    if at < 0 or not 0 <= at + by < len(names):
        return None
    names.insert(at + by, names.pop(at))
    known = {(c.part, c.name): c for c in changes_of(facts, key)}.get(("register", register))
    kept = unpacked(known.body) if known is not None and known.body is not None else {}
    return Change("register", "", register, {**kept, "sequence": names}, bool(known and known.retired))


def _whole(facts: Facts, key: str, one: Change) -> Change:
    """A register keeps the fields it was made with and the order an office gave them, whatever else is said of it."""
    if one.part != "register" or one.body is None:
        return one
    known = {(c.part, c.name): c for c in changes_of(facts, key)}.get(("register", one.name))
    said = unpacked(known.body) if known is not None and known.body is not None else {}
    kept = {name: said[name] for name in ("field", "sequence") if name in said and name not in one.body}
    return one._replace(body={**one.body, **kept})


def _amendment(key: str, one: Change) -> Edit:
    identifier = amendment_id(key, one.part, one.register, one.name)
    values: dict[str, Any] = {
        "category": record_id(key),
        "part": one.part,
        "register": one.register or None,
        "name": one.name,
        "retired": True if one.retired else None,
        "deleted": False,
    }
    if one.body is not None:  # retiring a piece leaves what it says
        values |= {"position": one.position or None, "body": packed(one.body)}
    return Edit(schema_of(Amendment).name, identifier, values)


def _sentence(after: CategoryDefinition, changes: tuple[Change, ...]) -> str:
    told = "、".join(
        f"{'停用' if c.retired else ''}{PARTS.get(c.part, c.part)}“{(c.body or {}).get('title') or c.name}”"
        for c in changes[:3]
    )
    return f"修改类别“{after.title}”：{told}{'等' if len(changes) > 3 else ''}"


def _still_read(ledger: Ledger, after: CategoryDefinition, one: Change) -> None:
    """A field in use may not become of a kind that cannot read what was entered."""
    register = after.registers.get(one.register)
    spec = next((f for f in register.fields if f.name == one.name), None) if register else None
    if register is None or spec is None or register.name not in ledger.tables.records:
        return
    old = ledger.schema(register.name).kinds().get(one.name)
    if old is None or (type(old) is type(spec.kind) and getattr(old, "of", None) == getattr(spec.kind, "of", None)):
        return
    lost = _unreadable(ledger, register.name, one.name, old, spec.kind)
    if lost:
        raise Refusal(
            f"“{register.title}”里有 {lost} 行的“{old.label}”按新的类型读不出来。",
            "请另加一个字段，再把旧的停用；已填的内容会保留。",
            TOPIC,
        )


def _unreadable(ledger: Ledger, register: str, name: str, old: Kind[Any], new: Kind[Any]) -> int:
    count = 0
    for row in ledger.every(register):
        value = getattr(row, name)
        if value is None:
            continue
        stored = old.store(value)
        unknown = hasattr(new, "of") and stored not in getattr(new, "of", {})
        count += bool(trouble(new, stored)) or unknown
    return count


def export(facts: Facts, key: str) -> str:
    """A category with the office's changes as the text of a definition file."""
    there = facts.definitions.get(key)
    category = facts.get(Category, record_id(key))
    if category is None and there is None:
        raise Refusal("台账里没有这个类别。", topic=TOPIC)
    body = amended(_plain(base_of(facts, key)), changes_of(facts, key))
    versions = [one.version or 0 for one in facts.all(Definition, category=record_id(key))]
    head: dict[str, Any] = {
        "number": (category.number if category else None) or 1,
        "title": body.get("title", key),
        "cues": list((category.cues if category else None) or ()),
        "version": max(versions, default=0) + (1 if changes_of(facts, key) else 0) or 1,
    }
    return written({**head, **{k: v for k, v in body.items() if k not in head}})


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    plain = unpacked(dict(body))
    return dict(plain) if isinstance(plain, dict) else {}


def take_file(ledger: Ledger, key: str, words: str, name: str, actor: str) -> Outcome:
    """Takes the text of a definition file into the ledger: a new category, or a newer definition of one it has (its version is raised
    where needed, so that it comes into force). ``Refusal`` names line and key; taking the same again changes nothing."""
    if not KEY.fullmatch(key):
        advice = "请把文件名改成小写英文字母、数字和下划线，以字母开头，如 official_vehicles.toml。"
        raise Refusal(f"类别文件名不能用：{name}", advice, TOPIC)
    definition = read_words(key, words, name)
    identifier = record_id(key)
    every = ledger.all(Definition, category=identifier)
    there = [one for one in every if (one.version or 0) < LATEST]
    last = max(there, key=lambda one: (one.version or 0, one.id), default=None)
    body = packed(definition.body)
    # a version nothing can follow was made to stay for ever: what somebody takes in knowingly replaces it
    edits = [Edit(schema_of(Definition).name, one.id, {"deleted": True}) for one in every if one not in there]
    if ledger.find(schema_of(Category).name, identifier) is None:
        edits.append(
            Edit(
                schema_of(Category).name,
                identifier,
                {
                    "number": definition.number or None,
                    "title": definition.title,
                    "cues": definition.cues or None,
                    "deleted": False,
                },
            )
        )
    if last is None or packed({**_plain(last.body or {}), "version": 0}) != packed({**definition.body, "version": 0}):  # type: ignore[arg-type]
        version = max(definition.version, (last.version or 0) + 1 if last else 1)
        body = packed({**definition.body, "version": version})
        made = definition_id(key, body)
        # one that was deleted with its category comes back under the same id
        values = {"category": identifier, "version": version, "body": body, "deleted": False}
        edits.append(Edit(schema_of(Definition).name, made, values))
    return ledger.act(Deed(f"导入类别定义“{definition.title}”", actor, tuple(edits))) if edits else Outcome()
