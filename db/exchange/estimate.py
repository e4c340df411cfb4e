"""What would go into a package and what would stay here, in numbers, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice, tee

from db.errors import Refusal
from db.exchange.contents import Cancelled, Progress, never, silent
from db.exchange.manifest import TOPIC
from db.exchange.selection import Policy, Selection
from db.ledger import outgoing
from db.ledger.change import Change
from db.ledger.facts import Facts
from db.store import veils

_BITE = 2_000


@dataclass(frozen=True)
class Estimate:
    """Changes that would go and that would stay here; of those that stay, how many of each schema; ``hidden`` of those that go are
    without some of their values; ``foreign`` were withheld from this ledger too and can only be passed on as placeholders."""

    going: int = 0
    hidden: int = 0
    staying: Mapping[str, int] = field(default_factory=dict)
    foreign: int = 0

    @property
    def withheld(self) -> int:
        """Changes that would stay here."""
        return sum(self.staying.values())


def estimate(
    facts: Facts,
    seen: Mapping[str, int] | None,
    policy: Policy,
    *,
    progress: Progress = silent,
    cancelled: Cancelled = never,
) -> Estimate:
    """Counts what ``pack`` would put into a file for somebody who has seen so much; ``Refusal`` when it is cancelled."""
    moment = outgoing.moment(facts)
    total = outgoing.count(facts, moment, seen) or 1
    here, chosen = tee(outgoing.unseen(facts, moment, seen))
    pairs = zip(here, Selection(facts, policy).lines(chosen), strict=True)
    going, hidden, foreign, done = 0, 0, 0, 0
    staying: Counter[str] = Counter()
    while bite := list(islice(pairs, _BITE)):
        for own, told in bite:
            if not isinstance(own, Change):
                foreign += 1
            elif isinstance(told, Change):
                going += 1
                hidden += bool(told.veils and veils.hidden(told.veils))
            else:
                staying[own.record] += 1
        done += len(bite)
        progress(min(1.0, done / total))
        if cancelled():
            raise Refusal("已取消计算。", topic=TOPIC)
    return Estimate(going, hidden, dict(staying), foreign)
