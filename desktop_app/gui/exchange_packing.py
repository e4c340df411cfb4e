"""The work behind the tab 交出: packing what the form says, and the entry that is kept of it. No widget, no thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from db.exchange import journal, pack, peers
from db.exchange.contents import Media, Party
from db.exchange.journal import Handed
from db.exchange.pack import Packed
from db.exchange.sealing import Seal
from db.exchange.selection import ORDINARY, Policy
from db.ledger.ledger import Ledger
from desktop_app.gui import exchange_jobs
from desktop_app.gui.session import Work
from desktop_app.rectification import recipients


@dataclass(frozen=True)
class Sending:
    """What is to be handed over: to whom (None: to everybody), only what they lack or all, how it is sealed, where to, what may
    leave, who does it, by which profile of recipients, on what it is handed over."""

    to: peers.Peer | None
    everything: bool
    seal: Seal | None
    target: Path
    policy: Policy = ORDINARY
    actor: str = ""
    media: Media = field(default_factory=Media)


@dataclass(frozen=True)
class Sent:
    """A package that was written, with the SHA-256 of its file (64 hex digits)."""

    packed: Packed
    digest: str
    to: Party | None
    sealed: bool
    entry: Handed


def sent(ledger: Ledger, wanted: Sending, work: Work) -> Sent:
    """Packs, and keeps an entry of it."""
    to = wanted.to.party if wanted.to is not None else None
    seen = None if wanted.everything or wanted.to is None else wanted.to.holds
    made = pack.pack(
        ledger,
        wanted.target,
        sender=exchange_jobs.office(ledger, ledger),
        to=to,
        seen=seen,
        seal=wanted.seal,
        policy=wanted.policy,
        media=wanted.media,
        progress=exchange_jobs.reporter(work),
        cancelled=work.cancelled,
    )
    digest, sealed = journal.checksum(made.path), wanted.seal is not None
    told = journal.entry(
        ledger, made, wanted.actor, to=to, scope=wanted.policy.words, sealed=sealed, digest=digest, media=wanted.media
    )
    journal.note(ledger, told)
    if wanted.to is not None:
        recipients.remember(ledger, wanted.to, wanted.policy.name)
    return Sent(made, digest, to, sealed, told)
