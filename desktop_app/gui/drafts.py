"""Half-typed forms on this machine's disk: what was typed and not saved is there again when the ledger is next opened."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from db.ledger.facts import Facts
from desktop_app import paths
from desktop_app.gui import lookup
from desktop_app.gui.session import Draft

Drafts = dict[tuple[str, str], Draft]


def place(ledger: Path) -> Path:
    """The file for the drafts of a ledger."""
    name = hashlib.sha256(str(ledger.absolute()).encode()).hexdigest()[:24]
    return paths.home() / "drafts" / f"{name}.json"


def load(ledger: Path) -> Drafts:
    """The drafts kept for a ledger; none when there are none, or the file cannot be read."""
    try:
        told = json.loads(place(ledger).read_text("utf-8"))
        return {
            (str(one["record"]), str(one["id"])): Draft(dict(one["typed"]), dict(one["fixed"]), bool(one["new"]))
            for one in told
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def save(ledger: Path, drafts: Drafts) -> None:
    """Writes the drafts of a ledger; without any, the file goes. A machine that cannot keep them goes on without."""
    target = place(ledger)
    told = [
        {"record": record, "id": identifier, "typed": draft.typed, "fixed": draft.fixed, "new": draft.new}
        for (record, identifier), draft in drafts.items()
    ]
    try:
        if not told:
            target.unlink(missing_ok=True)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        part.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        part.replace(target)
    except OSError:
        return


def where(facts: Facts, key: tuple[str, str], draft: Draft) -> str:
    """Where a draft belongs, in words: a record's line; for a new one, what it is a new part of."""
    record, identifier = key
    if record not in facts.tables.records:
        return ""
    schema, field = facts.schema(record), facts.schema(record).owner()
    kept = facts.find(record, identifier)
    words = (
        schema.title
        if draft.new or kept is None
        else f"{schema.title}“{lookup.clipped(lookup.heading(facts, kept), 24)}”"
    )
    words = f"新的{words}" if draft.new else words
    above = draft.fixed.get(field.name) if field is not None else None
    owner = lookup.owner(facts, record)
    return (
        f"{facts.schema(owner).title}“{lookup.clipped(lookup.line(facts, owner, above), 24)}”的{words}"
        if above
        else words
    )


def told(facts: Facts, drafts: Drafts) -> str:
    """What is there again from last time, as a sentence; "" for nothing."""
    if not drafts:
        return ""
    places = [one for one in (where(facts, *item) for item in drafts.items()) if one]
    named = "、".join(places[:2]) + (" 等" if len(places) > 2 else "")
    return f"上次有 {len(drafts)} 处没有保存，已放回原处：{named}。"


# -- what was saved while the ledger was being closed: nobody saw the line at the bottom any more -------------------


def _word(ledger: Path) -> Path:
    return place(ledger).with_suffix(".txt")


def leave_word(ledger: Path, sentences: list[str]) -> None:
    """Keeps what is to be told when the ledger is opened again; a machine that cannot keep it goes on without."""
    if not sentences:
        return
    try:
        _word(ledger).parent.mkdir(parents=True, exist_ok=True)
        _word(ledger).write_text("\n".join(sentences), "utf-8")
    except OSError:
        return


def take_word(ledger: Path) -> list[str]:
    """What was kept to be told, once."""
    try:
        found = _word(ledger).read_text("utf-8").splitlines()
        _word(ledger).unlink()
    except (OSError, ValueError):
        return []
    return found
