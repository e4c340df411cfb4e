"""Single values of a change that can be left out while everything else of it stays proven by its hash.

The hash of a change covers a veiled value by a commitment alone: the SHA-256 of a salt and the value. Whoever has the value has its
salt beside it; whoever does not has the commitment, and so the same hash of the change. The salt (128 bits) keeps a name or a
number from being found by trying all there are. What is veiled is decided when a change is written, for the hash cannot be
changed afterwards.

In the log the fields of a change are one JSON object; beside a veiled field ``name`` it holds ``~name``: the salt (32 hex digits)
where the value is here, the commitment (64) where it is not. ``~.sentence`` does the same for the sentence of the deed.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection, Mapping

import orjson

from db.schema.kinds import Stored

MARK = "~"
SENTENCE = "~.sentence"
_IN_TEXT = '"~'
_SALT, _COMMITMENT = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")
_LONG = 64

Veils = Mapping[str, str]
"""``~name`` → salt or commitment."""


def made(names: Collection[str], *, sentence: bool) -> dict[str, str]:
    """Salts for these fields, and for the sentence where it is asked for."""
    found = {MARK + name: secrets.token_hex(16) for name in names}
    if sentence:
        found[SENTENCE] = secrets.token_hex(16)
    return found


def commitment(salt: str, value: Stored) -> str:
    """What stands for a value that is left out."""
    return hashlib.sha256(salt.encode() + orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def split(told: Mapping[str, Stored]) -> tuple[dict[str, Stored], dict[str, str]]:
    """The fields as the log keeps them → the values, the veils."""
    fields = {name: value for name, value in told.items() if not name.startswith(MARK)}
    veils: dict[str, str] = {name: value for name, value in told.items() if name.startswith(MARK)}
    return fields, veils


def read(text: str) -> tuple[dict[str, Stored], dict[str, str]]:
    """As ``split``, of the text in the log."""
    told = orjson.loads(text)
    return split(told) if _IN_TEXT in text else (told, {})


def hidden(veils: Veils) -> frozenset[str]:
    """The fields whose values are not here; "." for the sentence."""
    return frozenset("." if name == SENTENCE else name[1:] for name, told in veils.items() if len(told) == _LONG)


def covered(fields: Mapping[str, Stored], sentence: str, veils: Veils) -> tuple[dict[str, Stored], str]:
    """The fields and the sentence as the hash covers them: the same whatever of it is here."""
    found = dict(fields)
    for name, told in veils.items():
        if len(told) == _LONG:
            found[name] = told
        elif name == SENTENCE:
            found[name] = commitment(told, sentence)
        else:
            found[name] = commitment(told, found.pop(name[1:]))
    return found, "" if SENTENCE in veils else sentence


def wrong(fields: Mapping[str, Stored], sentence: str, veils: Veils) -> bool:
    """Whether veils are not as they are made: over what is not there, or over something that is there though it is left out."""
    for name, told in veils.items():
        if not isinstance(told, str) or len(name) < 2:
            return True
        there = bool(sentence) if name == SENTENCE else name[1:] in fields
        if _COMMITMENT.fullmatch(told):
            if there:
                return True
        elif not _SALT.fullmatch(told) or (not there and name != SENTENCE):
            return True
    return False


def lifted(
    here: tuple[Mapping[str, Stored], str, Veils], coming: tuple[Mapping[str, Stored], str, Veils]
) -> tuple[dict[str, Stored], str, dict[str, str]] | None:
    """(fields, sentence, veils) of one change as it is here and as it comes → with all that either of them tells; None where
    the other tells nothing new. Both have the hash of the change, so their values are the same where both have them."""
    fields, sentence, veils = dict(here[0]), here[1], dict(here[2])
    for name, told in here[2].items():
        other = coming[2].get(name, "")
        if len(told) != _LONG or len(other) == _LONG or not other:
            continue
        veils[name] = other
        if name == SENTENCE:
            sentence = coming[1]
        else:
            fields[name[1:]] = coming[0][name[1:]]
    return None if veils == here[2] else (fields, sentence, veils)
