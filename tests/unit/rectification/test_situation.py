"""The counts of the overview agree with the list of problems and with the printed ledger, whatever the problems are."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.ledger.change import Deed, Edit, create
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.records import Category, Inspection, OngoingItem, Problem, Unit
from db.schema.records.words import CLOSING, PROGRESS
from desktop_app.notices import book
from desktop_app.notices.wanted import Wanted
from desktop_app.rectification import ledgers, overview, situation
from desktop_app.rectification.overview import BANDS, STATES, Narrowing
from desktop_app.rectification.situation import Rate, Situation
from desktop_app.rectification.tallies import Tally
from desktop_app.rectification.twins import verdicts
from desktop_app.rectification.warning_days import Days, RoundDays, round_days

TODAY = date(2021, 11, 10)


def random_problems(ledger: Ledger, seed: int, many: int = 160) -> tuple[Edit, ...]:
    """Problems of every sort, some with what goes on in them, a few deleted."""
    draw = random.Random(seed)
    units = [None, *(one.id for one in ledger.all(Unit))]
    categories = [None, *(one.id for one in ledger.all(Category)[:4])]
    rounds = [None, *(one.id for one in ledger.all(Inspection))]

    def due(chance: float) -> Deadline | None:
        far = draw.choice((-200, -40, -3, -1, 0, 1, 9, 10, 11, 20, 21, 30, 31, 70, 400))
        return Deadline("如期", TODAY + timedelta(days=far)) if draw.random() < chance else None

    made: list[Edit] = []
    for at in range(many):
        values: dict[str, Any] = {
            "unit": draw.choice(units),
            "category": draw.choice(categories),
            "inspection": draw.choice(rounds),
            "progress": draw.choice((None, *PROGRESS)),
            "closing": draw.choice((None, *CLOSING)),
            "due": due(0.6),
        }
        one = create(Problem, f"p{at}", title=f"问题{at}", **{k: v for k, v in values.items() if v is not None})
        made.append(one)
        for number in range(draw.randrange(3)):
            item = {"progress": draw.choice((None, *PROGRESS)), "due": due(0.8)}
            given = {k: v for k, v in item.items() if v is not None}
            made.append(create(OngoingItem, f"p{at}o{number}", problem=one.id, content="深化", **given))
    made += [Edit("problem", f"p{at}", {"deleted": True}) for at in draw.sample(range(many), 5)]
    return tuple(made)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    folder = tmp_path_factory.mktemp("situation")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHENGGAI_HOME", str(folder / "home"))
        made = ledgers.new_ledger(folder / "台账.zgl", "某市公安局东湖分局", "王某")
        others = (create(Unit, "west", name="西湖分局"), create(Unit, "north", name="北湖分局"))
        rounds = (
            create(Inspection, "wide", title="一轮", green_days=35, yellow_days=15),
            create(Inspection, "usual", title="二轮"),
        )
        made.act(Deed("开始", "王某", (*others, *rounds)))
        edits = random_problems(made, 7)
        gone = [one for one in edits if one.values.get("deleted")]
        made.act(Deed("录入", "王某", tuple(one for one in edits if one not in gone)))
        made.act(Deed("删除", "王某", tuple(gone)))
        yield made
        made.close()


@pytest.fixture(scope="module", params=[None, "west"])
def both(request: pytest.FixtureRequest, ledger: Ledger) -> tuple[Situation, list[overview.ProblemRow]]:
    unit = request.param
    found = situation.situation(ledger, TODAY, None if unit is None else [unit])
    return found, overview.rows(ledger, TODAY, unit)


Both = tuple[Situation, list[overview.ProblemRow]]


def _passing(rows: list[overview.ProblemRow], narrowing: Narrowing) -> int:
    return sum(narrowing.passes(one) for one in rows)


def test_states_and_bands_are_those_of_the_list(both: Both) -> None:
    found, rows = both
    listed = overview.totals(rows)
    assert (found.all, found.by_state, found.finished) == (listed.all, listed.by_state, listed.finished)
    assert found.by_band == {band: sum(one.band == band for one in rows) for band in BANDS}
    assert found.by_closing == Counter(one.closing or "not_applied" for one in rows)
    assert sum(found.by_band.values()) == found.all - found.finished
    for state in STATES:
        assert _passing(rows, situation.of_state(state)) == found.by_state[state]
    for band in BANDS:
        assert _passing(rows, situation.of_band(band)) == found.by_band[band]


def test_lines_add_up_and_lead_to_their_rows(both: Both) -> None:
    found, rows = both
    for lines, unit in ((found.categories(), False), (found.units(), True)):
        assert sum(one.all for one in lines) == found.all
        assert sum(one.finished for one in lines) == found.finished
        assert sum(one.overdue for one in lines) == found.by_state["overdue"]
        assert sum(one.rate.closed for one in lines) == found.rate.closed
        assert sum(one.rate.due for one in lines) == found.rate.due
        for one in lines:
            assert one.finished + one.open == one.all
            assert _passing(rows, situation.of_line(one, unit=unit)) == one.all
            assert _passing(rows, situation.of_line(one, unit=unit, states=("overdue",))) == one.overdue


def test_the_timeline_holds_every_deadline_of_what_is_not_finished(both: Both) -> None:
    found, rows = both
    weeks = found.timeline()
    assert sum(one.number for one in weeks) == found.all - found.finished - found.by_band["none"]
    assert len(weeks) == situation.BACK + situation.AHEAD + 3
    for before, after in itertools.pairwise(weeks):
        assert before.last is not None
        assert after.first == before.last + timedelta(days=1)
    for one in weeks:
        assert _passing(rows, situation.of_week(one)) == one.number
        assert one.past == (one.last is not None and one.last < TODAY)
    assert [one.words for one in weeks if one.first is not None and one.first <= TODAY <= (one.last or TODAY)] == [
        "本周"
    ]


def test_the_rate_counts_what_it_says(both: Both) -> None:
    found, _rows = both
    rate = found.rate
    assert rate.due + rate.ahead + rate.undated == found.all
    assert rate.closed <= rate.due
    assert Rate(7, 12, 3, 2).words == "已销号 7 / 应销号 12，不含未到时限的 3 个、未定时限的 2 个"
    assert Rate(7, 12, 3, 2).percent == "58.33%"
    assert (Rate(0, 0, 0, 0).words, Rate(0, 0, 0, 0).percent) == ("已销号 0 / 应销号 0", "—")


def test_the_printed_ledger_counts_the_same(ledger: Ledger) -> None:
    found = situation.situation(ledger, TODAY)
    tally = sum((one.tally for one in book.books(ledger, Wanted(TODAY, readers="secret"))), Tally())
    assert (tally.problems, tally.finished, tally.overdue) == (found.all, found.finished, found.by_state["overdue"])
    assert (tally.closed, tally.soon) == (found.rate.closed, found.by_state["soon"])


def test_a_ledger_without_problems_has_a_situation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    made = ledgers.new_ledger(tmp_path / "空.zgl", "某市公安局东湖分局", "王某")
    found = situation.situation(made, TODAY)
    assert (found.all, found.finished, found.units(), found.categories()) == (0, 0, [], [])
    assert not any(one.number for one in found.timeline())
    made.close()


def test_bands_are_told_with_their_days_where_the_rounds_agree(ledger: Ledger) -> None:
    told = situation.bands_told(RoundDays({}))
    assert list(told) == list(BANDS)
    assert list(told.values()) == ["已超期", "10 天内", "11—20 天", "21—30 天", "30 天以后", "未定时限"]
    wide = situation.bands_told(RoundDays({"a": Days(40, 15)}))
    assert (wide["yellow"], wide["green"], wide["later"]) == ("15 天内", "16—40 天", "40 天以后")
    assert situation.bands_told(round_days(ledger)) == BANDS


def test_units_that_are_one_are_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    made = ledgers.new_ledger(tmp_path / "台账.zgl", "某市公安局东湖分局", "王某")
    own = made.all(Unit)[0].id
    twin, other = create(Unit, "twin", name="东湖公安分局"), create(Unit, "other", name="西湖分局")
    problems = tuple(
        create(Problem, title=f"{at}", unit=unit) for at, unit in enumerate((own, "twin", "twin", "other"))
    )
    made.act(Deed("录入", "王某", (twin, other, *problems)))
    verdicts.link(made, "unit", own, "twin", "王某", main=own)
    found = situation.situation(made, TODAY)
    assert {one.id: one.all for one in found.units()} == {own: 3, "other": 1}
    for one in found.units():
        assert one.all == _passing(overview.rows(made, TODAY), situation.of_line(one, unit=True))
    assert situation.situation(made, TODAY, ["twin"]).all == len(overview.rows(made, TODAY, "twin")) == 3
    made.close()
