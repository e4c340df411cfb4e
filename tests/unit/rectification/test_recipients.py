"""Profiles of recipients: those that come with the program, those of an office, the one remembered for a peer."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.errors import Refusal
from db.exchange.peers import Peer
from db.exchange.policy import ORDINARY
from db.ledger.authoring import PRIVATE
from db.ledger.ledger import Ledger
from db.store.replica import Installation
from desktop_app.rectification import recipients


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))


def test_those_that_come_with_the_program_name_what_there_is(ledger: Ledger) -> None:
    found = recipients.recipients(ledger)
    assert [*found] == ["被巡察单位", "组织部", "纪委"]
    assert found["纪委"].policy.everything
    assert recipients.keep(ledger, recipients.shipped()).keys() == found.keys()


def test_an_office_has_its_own(ledger: Ledger) -> None:
    recipients.keep(ledger, '["组织部"]\nlevel = "internal"\nfields = ["problem.goal", "*.effect"]\n')
    found = recipients.recipient(ledger, "组织部").policy
    assert found.fields == {"problem.goal", "*.effect"}
    assert ledger.note(PRIVATE) == '{"*":["effect"],"problem":["goal"]}'
    recipients.keep(ledger, "")
    assert "problem.cause" in recipients.recipient(ledger, "组织部").policy.fields


@pytest.mark.parametrize(
    "text",
    ["[[", '[甲', '["甲"]\nwho = 1', '["甲"]\nlevel = "top"', '["甲"]\nfields = ["problem.nothing"]',
     '["甲"]\nwithout = ["nothing"]', '["甲"]\npersonal = 1', '["甲"]\nfields = "x"', '"甲" = 1', '["甲"]\nfields = ["nothing.title"]'],
)  # fmt: skip
def test_what_is_none_is_refused_in_a_sentence(ledger: Ledger, text: str) -> None:
    with pytest.raises(Refusal, match=r"收件单位|不是"):
        recipients.keep(ledger, text)
    assert ledger.note(recipients.NOTE) is None


def test_a_peer_has_the_one_it_had_before(ledger: Ledger) -> None:
    peer = Peer("u9")
    assert recipients.for_peer(ledger, peer) == ORDINARY
    assert recipients.for_peer(ledger, peer, "被巡察单位").personal
    assert recipients.for_peer(ledger, peer).name == "被巡察单位"
    assert recipients.for_peer(ledger, None) == ORDINARY
    with pytest.raises(Refusal, match="没有“别的”"):
        recipients.for_peer(ledger, peer, "别的")
