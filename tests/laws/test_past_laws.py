"""Looking back: what stood at a moment is what the ledger shows of it later, and what is put back is what stood then."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from branches import DEFINING, IDS, STORIES, Branches, Step, do, folder, log, offices, rows
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Refusal
from db.ledger import history, past
from db.ledger.ledger import Ledger
from db.store import file
from db.store.projection import DELETED
from desktop_app.rectification import looking_back

CUTS = st.integers(0, 30)


def told(made: Branches, story: list[Step]) -> Ledger:
    for step in story:
        do(made.ledgers, step)
    return made.ledgers[0]


def read(path: Path, here: Ledger) -> Ledger:
    return Ledger.open(path, here.installation, vocabulary=here.vocabulary.core, to_read=True)


@given(STORIES | DEFINING, CUTS)
def test_a_file_put_down_is_the_ledger_as_it_stood(story: list[Step], cut: int) -> None:
    with offices(2) as made, folder() as place:
        here = told(made, story)
        if not here.position():
            return
        position = cut % here.position() + 1
        before = rows(here), log(here)
        past.put_down(here, position, place / "then.zgl")
        assert (rows(here), log(here)) == before
        then, wanted = read(place / "then.zgl", here), history.at_position(here, position)
        try:
            assert not then.writable
            assert then.position() == position
            assert rows(then) == rows(wanted)
            assert then.vocabulary.token == wanted.vocabulary.token
            with then.reading() as connection:
                assert file.guarded(connection)
                assert not file.strangers(connection, then.tables)
        finally:
            then.close()
            wanted.engine.dispose()


@given(STORIES, CUTS, CUTS)
def test_what_became_of_a_record_leads_from_one_moment_to_the_other(story: list[Step], one: int, other: int) -> None:
    with offices(2) as made:
        here = told(made, story)
        first, last = sorted((one % (here.position() + 1), other % (here.position() + 1)))
        known = {(b.record, b.id): b for b in past.between(here, first, last)}
        for identifier in IDS:
            before = past.fields_at(here, "measure", identifier, first)
            after = past.fields_at(here, "measure", identifier, last)
            found = known.get(("measure", identifier))
            was, now = (bool(f) and not f.get(DELETED) for f in (before, after))
            names = {
                n
                for n in before | after
                if n != DELETED and (before if was else {}).get(n) != (after if now else {}).get(n)
            }
            if found is None:
                assert was == now
                assert not names or not was
                continue
            assert found.what == ("changed" if was and now else "deleted" if was else "restored" if before else "new")
            assert {n for n in found.before if found.before[n] != found.after[n]} == names
            assert all(found.before[n] == (before if was else {}).get(n) for n in names)
            assert all(found.after[n] == (after if now else {}).get(n) for n in names)


@given(STORIES, CUTS)
def test_a_record_put_back_is_as_it_was_and_undo_takes_that_back(story: list[Step], cut: int) -> None:
    with offices(2) as made:
        here = told(made, story)
        position = cut % (here.position() + 1)
        for identifier in IDS:
            then, now = past.fields_at(here, "measure", identifier, position), here.find("measure", identifier)
            try:
                deed = looking_back.record_back(here, "measure", identifier, position, "某人")
            except Refusal:
                continue
            here.act(deed)
            back = here.find("measure", identifier)
            if then.get(DELETED):
                assert back is None
            else:
                assert back == here.schema("measure").read(identifier, then)
            here.undo("某人")
            assert here.find("measure", identifier) == now


@given(STORIES, CUTS)
def test_a_value_put_back_leaves_every_other_value(story: list[Step], cut: int) -> None:
    with offices(2) as made:
        here = told(made, story)
        position = cut % (here.position() + 1)
        for identifier in IDS:
            for name in ("lead", "body", "number"):
                now = here.find("measure", identifier)
                with suppress(Refusal):
                    here.act(looking_back.value_back(here, "measure", identifier, name, position, "某人"))
                    back = here.find("measure", identifier)
                    assert now is not None
                    assert back is not None
                    then = past.fields_at(here, "measure", identifier, position)
                    assert getattr(back, name) == getattr(here.schema("measure").read(identifier, then), name)
                    others = [f for f in ("lead", "body", "number", "problem") if f != name]
                    assert [getattr(now, f) for f in others] == [getattr(back, f) for f in others]
