"""The overview on paper: the numbers and charts of the window, and nothing of what its readers may not know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from ledger_samples import said

from db import clock
from db.errors import Refusal
from db.ledger.change import Deed, Edit, create
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.kinds import Publicity
from db.schema.records import Category, Problem, Unit
from desktop_app.notices import overview_charts, papers, plain, tree
from desktop_app.notices.wanted import Wanted
from desktop_app.rectification import ledgers, situation

TODAY = clock.today()
KIND = papers.kind_named("整改进度表")
PUBLICITIES: tuple[Publicity, ...] = ("public", "internal", "secret")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A city office with two branches; problems of every state and publicity."""
    folder = tmp_path_factory.mktemp("overview")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHENGGAI_HOME", str(folder / "home"))
        made = ledgers.new_ledger(folder / "台账.zgl", "某市公安局", "王某")
        city = made.all(Unit)[0].id
        edits: list[Edit] = [create(Unit, one, name=f"某市公安局{one}分局", parent=city) for one in ("east", "west")]
        categories = [one.id for one in made.all(Category)[:3]]
        progress = ("under_way", "done", "kept_up", "mostly_done", None)
        for at in range(24):
            values = {
                "title": f"问题{at}",
                "unit": ("east", "west", city)[at % 3],
                "category": categories[at % 2],
                "publicity": PUBLICITIES[at % 4 % 3],
                "due": Deadline("如期", TODAY + timedelta(days=at * 7 - 60)),
                "unpublished_reason": "case" if at % 4 == 2 else None,
                "progress": progress[at % 5],
            }
            edits.append(
                create(Problem, f"p{at}", **{key: value for key, value in values.items() if value is not None})
            )
        made.act(Deed("录入", "王某", tuple(edits)))
        yield made
        made.close()


def sheet(facts: Ledger, readers: Publicity = "secret", unit: str = "", **options: bool) -> tree.Document:
    (document,) = papers.made(facts, KIND, Wanted(TODAY, unit, readers, options=options)).documents
    return document


def tables(document: tree.Document) -> dict[str, list[list[str]]]:
    """Title of a table → the words of its rows, sums with them."""
    blocks = [block for block in tree.every_block(document) if isinstance(block, tree.Table)]
    return {block.title: [[said(cell) for cell in row.cells] for row in block.rows] for block in blocks}


@pytest.mark.parametrize("readers", PUBLICITIES)
@pytest.mark.parametrize("unit", ["", "east"])
def test_the_paper_counts_what_the_window_counts(facts: Ledger, readers: Publicity, unit: str) -> None:
    found = situation.situation(facts, TODAY, [unit] if unit else None, readers)
    told = tables(sheet(facts, readers, unit))
    (numbers,) = told["完成情况"]
    rate = found.rate
    assert numbers[:2] == [f"{found.all}", f"{found.finished}"]
    assert numbers[3:] == [f"{rate.due}", f"{rate.closed}", rate.percent, f"{found.by_state['overdue']}"]
    assert told["未完成问题的时限"] == [[f"{number}" for number in found.by_band.values()]]
    *lines, total = told["各类别整改情况"]
    assert [line[:2] for line in lines] == [[one.name, f"{one.all}"] for one in found.categories()]
    assert total == [
        "合计",
        f"{found.all}",
        f"{found.finished}",
        f"{found.all - found.finished}",
        numbers[6],
        rate.percent,
    ]
    assert ("各单位整改情况" in told) == (not unit)


def test_what_readers_may_not_see_is_not_counted(facts: Ledger) -> None:
    hidden = {one.id for one in facts.all(Problem) if one.publicity != "public"}
    counted = {readers: int(tables(sheet(facts, readers))["完成情况"][0][0]) for readers in PUBLICITIES}
    assert counted["public"] == len(facts.all(Problem)) - len(hidden)
    assert counted["public"] < counted["internal"] < counted["secret"]


def test_work_of_the_house_stays_in_the_house(facts: Ledger) -> None:
    inside, outside = plain.text(sheet(facts, "internal")), plain.text(sheet(facts, "public"))
    assert "近一周每人每天做了几步" in inside
    assert "王某" in inside
    assert "王某" not in outside
    assert "近一周" not in plain.text(sheet(facts, "internal", week=False))


def test_the_charts_are_those_of_the_window(facts: Ledger) -> None:
    found = situation.situation(facts, TODAY)
    charts = [block for block in tree.every_block(sheet(facts)) if isinstance(block, tree.Chart)]
    assert charts[:2] == [overview_charts.states(found), overview_charts.timeline(found)]
    assert not [block for block in tree.every_block(sheet(facts, charts=False)) if isinstance(block, tree.Chart)]
    quiet = overview_charts.quiet(charts[1])
    assert [value or None for value in charts[1].series[0].values] == list(quiet.series[0].values)


def test_a_unit_is_printed_with_those_below_it(facts: Ledger) -> None:
    city = ledgers.own_unit(facts, facts)
    assert city is not None
    told = tables(sheet(facts, "secret", city.id))
    assert told["完成情况"][0][0] == f"{len(facts.all(Problem))}"
    assert len(told["各单位整改情况"]) == 4


def test_it_is_written_in_every_format(facts: Ledger, tmp_path: Path) -> None:
    made = papers.made(facts, KIND, Wanted(TODAY, options=KIND.begun()))
    for form in papers.FORMATS:
        papers.write(made, tmp_path / f"表.{form}", form)
        assert (tmp_path / f"表.{form}").stat().st_size > 500


def test_a_ledger_without_problems_has_nothing_to_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    made = ledgers.new_ledger(tmp_path / "空.zgl", "某市公安局", "王某")
    with pytest.raises(Refusal, match="还没有可以印的问题"):
        sheet(made)
    made.close()
