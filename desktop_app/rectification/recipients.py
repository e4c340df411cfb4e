"""For whom what is left out of a package: the profiles that come with the program, and those of the office, as data (TOML)."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from db.errors import Refusal
from db.exchange.peers import Peer
from db.exchange.policy import ORDINARY, Policy
from db.ledger.authoring import PRIVATE
from db.ledger.ledger import Ledger
from db.schema.definition.fields import LEVELS
from desktop_app import paths

TOPIC = "exchange"
NOTE = "exchange.recipients"
"""The note that keeps the office's own profiles, as they were typed."""
_OF_PEER = "exchange.recipient:"
"""The notes that keep which profile files for a peer are made by."""
_LISTS, _FLAGS = ("without", "fields", "persons"), ("personal", "papers")


@dataclass(frozen=True)
class Recipient:
    """A sort of recipient: what it is called, what it gets in a sentence, and the policy of files for it."""

    name: str
    about: str
    policy: Policy


def shipped() -> str:
    """The profiles that come with the program, as TOML."""
    return (paths.resources() / "recipients.toml").read_text("utf-8")


def recipients(ledger: Ledger) -> dict[str, Recipient]:
    """Name → profile; those of the office go before those that come with the program."""
    return read(shipped()) | read(ledger.note(NOTE) or "")


def recipient(ledger: Ledger, named: str) -> Recipient:
    """The profile of that name; ``Refusal`` lists those there are."""
    known = recipients(ledger)
    if named not in known:
        raise Refusal(f"没有“{named}”这种收件单位。", f"可以写：{'、'.join(known)}。", TOPIC)
    return known[named]


def keep(ledger: Ledger, text: str) -> dict[str, Recipient]:
    """Keeps the office's own profiles (TOML; "" for none), and notes their columns: what is entered from now on in these can be
    left out by itself. ``Refusal`` where they cannot be read or name a column or register there is not."""
    found = read(text)
    for one in found.values():
        _refuse_unknown(ledger, one)
    ledger.note(NOTE, text)
    prepare(ledger)
    return found


def prepare(ledger: Ledger) -> None:
    """Notes the columns that profiles leave out, so that what is entered in them from now on can be left out by itself."""
    private: dict[str, list[str]] = {}
    for profile in recipients(ledger).values():
        for column in sorted(profile.policy.fields):
            record, _, name = column.rpartition(".")
            private.setdefault(record, []).append(name)
    ledger.note(PRIVATE, orjson.dumps(private, option=orjson.OPT_SORT_KEYS).decode())


def _refuse_unknown(ledger: Ledger, one: Recipient) -> None:
    known = ledger.tables.records
    for record in sorted(one.policy.without - known.keys()):
        raise Refusal(f"“{one.name}”里写的“{record}”不是登记表。", "请改正它的代号。", TOPIC)
    for column in sorted(one.policy.fields):
        record, _, name = column.rpartition(".")
        tables = known.values() if record == "*" else [known[record]] if record in known else []
        if not any(name in table.kinds for table in tables):
            raise Refusal(
                f"“{one.name}”里写的“{column}”不是栏目。", "写成“登记表.栏目”的代号，如 problem.cause。", TOPIC
            )


def read(text: str) -> dict[str, Recipient]:
    """TOML → profiles by name; ``Refusal`` for what is none."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise Refusal(f"收件单位的设置读不懂：{wrong}", "请照原来的写法改正。", TOPIC) from None
    return {name: _read(name, one) for name, one in told.items()}


def _read(name: str, told: Any) -> Recipient:
    known = {"about", "level", *_LISTS, *_FLAGS}
    if not isinstance(told, Mapping) or told.keys() - known:
        strange = sorted(told.keys() - known) if isinstance(told, Mapping) else [name]
        raise Refusal(f"收件单位“{name}”里没有“{strange[0]}”这个选项。", f"可写：{'、'.join(sorted(known))}。", TOPIC)
    level, about = told.get("level", ORDINARY.level), told.get("about", "")
    lists = {key: _strings(name, key, told.get(key, [])) for key in _LISTS}
    flags = {key: told.get(key, False) for key in _FLAGS}
    if level not in LEVELS or not isinstance(about, str) or not all(isinstance(one, bool) for one in flags.values()):
        raise Refusal(
            f"收件单位“{name}”的设置写法不对。", f"level 可写 {'、'.join(LEVELS)}；是否写 true 或 false。", TOPIC
        )
    limits = Policy(
        None, level, lists["without"], lists["fields"], flags["personal"], lists["persons"], flags["papers"], name
    )
    return Recipient(name, about, limits)


def _strings(name: str, key: str, told: Any) -> frozenset[str]:
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise Refusal(f"收件单位“{name}”的 {key} 写法不对。", "要写方括号里的一组文字。", TOPIC)
    return frozenset(told)


def for_peer(ledger: Ledger, peer: Peer | None, named: str = "") -> Policy:
    """The policy of a file for a peer: of the profile named now, which is remembered for it, else of the one remembered; the
    ordinary one where neither is."""
    if named:
        found = recipient(ledger, named)
        if ledger.writable and ledger.note(PRIVATE) is None:
            prepare(ledger)  # a ledger from before there were any
        if peer is not None and ledger.writable:
            ledger.note(_OF_PEER + peer.id, named)
        return found.policy
    noted = ledger.note(_OF_PEER + peer.id) if peer is not None else None
    return recipient(ledger, noted).policy if noted else ORDINARY


def remember(ledger: Ledger, peer: Peer, named: str) -> None:
    """Remembers by which profile files for a peer are made ("": by none)."""
    if named:
        for_peer(ledger, peer, named)
    elif ledger.writable:
        ledger.note(_OF_PEER + peer.id, "")


def words(found: Collection[Recipient]) -> list[str]:
    """The profiles in a line each."""
    return [f"{one.name}：{one.about or one.policy.words or '全部内容'}" for one in found]
