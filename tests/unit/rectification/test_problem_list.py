"""The list asked of the database says the same as the one reckoned row by row; filters, groups, order, lines."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.records import Aspect, Problem, Unit, words
from db.store.replica import Installation
from desktop_app.rectification import overview, problem_list, sample
from desktop_app.rectification.overview import BANDS, STATES, Narrowing
from desktop_app.rectification.problem_list import Look

DAY = sample.DAY


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    folder = tmp_path_factory.mktemp("list")
    made = Ledger.create(folder / "示例.zgl", Installation(folder / "home"))
    sample.load(made, "王")
    return made


def test_it_shows_what_is_reckoned_row_by_row(ledger: Ledger) -> None:
    """For days before, between and after all deadlines: the same states, the same order, the same words."""
    for day in (DAY - timedelta(days=900), DAY, DAY + timedelta(days=21), DAY + timedelta(days=900)):
        reckoned = overview.rows(ledger, day)
        shown = problem_list.shown(ledger, Look(), day)
        assert list(shown.ids) == [one.id for one in reckoned]
        lines = problem_list.lines(ledger, shown.ids, day)
        assert [lines[one.id][:15] for one in reckoned] == [one[:15] for one in reckoned]
        totals = overview.totals(reckoned)
        assert (shown.by_state, shown.all, shown.finished) == (totals.by_state, totals.all, totals.finished)


@settings(max_examples=25)
@given(
    days=st.integers(-800, 800),
    states=st.sets(st.sampled_from(list(STATES)), max_size=3),
    due=st.sampled_from(["", *words.DUE_WITHIN]),
    grouping=st.sampled_from(["", *words.GROUPINGS]),
    sorting=st.sampled_from(list(words.SORTINGS)),
    descending=st.booleans(),
    typed=st.sampled_from(["", "执法", "不 高", "3", "没有这种问题", "100%"]),
)
def test_every_look_shows_those_that_fit_and_no_others(
    ledger: Ledger,
    days: int,
    states: set[str],
    due: str,
    grouping: str,
    sorting: str,
    descending: bool,
    typed: str,
) -> None:
    day = DAY + timedelta(days=days)
    look = Look(tuple(states), due=due, grouping=grouping, sorting=sorting, descending=descending, words=typed)
    shown = problem_list.shown(ledger, look, day)
    everything = problem_list.lines(ledger, problem_list.shown(ledger, Look(), day).ids, day)
    fitting = {
        one.id
        for one in everything.values()
        if (not states or one.state in states) and (not due or _due(one, due)) and _says(ledger, one, typed)
    }
    assert set(shown.ids) == fitting
    assert len(shown.ids) == len(fitting), "none twice"
    assert all(shown.places[one] == at for at, one in enumerate(shown.ids))
    if grouping:
        assert [one.first for one in shown.groups] == [
            sum(before.count for before in shown.groups[:at]) for at in range(len(shown.groups))
        ]
        assert sum(one.count for one in shown.groups) == len(shown.ids)
    elif sorting == "due":
        known = [day for day in (everything[one].due for one in shown.ids) if day is not None]
        assert known == sorted(known, reverse=descending)


def _due(one: overview.ProblemRow, due: str) -> bool:
    if due in ("none", "overdue"):
        return one.state == {"none": "no_date"}.get(due, due)
    left = one.days_left
    return one.state in ("soon", "open") and left is not None and (left > 30 if due == "later" else left <= int(due))


def _says(ledger: Ledger, one: overview.ProblemRow, typed: str) -> bool:
    record = ledger.get(Problem, one.id)
    assert record is not None
    told = [one.title, record.symptoms, one.category, one.unit, one.aspect, *one.tags]
    told += [record.responsible, record.handler, record.lead_official, record.lead_department]
    told += [*(record.supporting_departments or ())]
    return all(
        any(word in part for part in told if part)
        or (not word.isascii() and word in one.due_wording)
        or (word.isdecimal() and one.number == int(word))
        for word in typed.split()
    )


def test_groups_stand_in_the_order_of_print_and_those_without_come_last(ledger: Ledger) -> None:
    shown = problem_list.shown(ledger, Look(grouping="aspect"), DAY)
    titles = [one.title for one in ledger.all(Aspect)]
    assert [one.title for one in shown.groups] == [one for one in dict.fromkeys(titles) if one in titles]
    by_person = problem_list.shown(ledger, Look(grouping="person"), DAY)
    assert "（未填）" not in [one.title for one in by_person.groups[:-1]]


@settings(max_examples=25)
@given(
    days=st.integers(-800, 800),
    states=st.sets(st.sampled_from(list(STATES)), max_size=3),
    bands=st.sets(st.sampled_from(list(BANDS)), max_size=2),
    first=st.one_of(st.none(), st.integers(-400, 400)),
    last=st.one_of(st.none(), st.integers(-400, 400)),
    category=st.sampled_from([None, "", "执法不规范"]),
)
def test_behind_a_number_of_another_page_stand_those_it_means(
    ledger: Ledger,
    days: int,
    states: set[str],
    bands: set[str],
    first: int | None,
    last: int | None,
    category: str | None,
) -> None:
    day = DAY + timedelta(days=days)
    within = Narrowing(
        "这些",
        tuple(states),
        tuple(bands),
        category=category,
        first=None if first is None else DAY + timedelta(days=first),
        last=None if last is None else DAY + timedelta(days=last),
    )
    shown = problem_list.shown(ledger, Look(within=within), day)
    assert list(shown.ids) == [one.id for one in overview.rows(ledger, day) if within.passes(one)]


def test_a_few_from_the_top_are_the_first_of_all(ledger: Ledger) -> None:
    for sorting in words.SORTINGS:
        look = Look(sorting=sorting)
        assert problem_list.shown(ledger, look, DAY, limit=3).ids == problem_list.shown(ledger, look, DAY).ids[:3]


def test_tags_people_and_units_are_offered_and_filter(tmp_path: Path) -> None:
    made = Ledger.create(tmp_path / "甲.zgl", Installation(tmp_path / "home"))
    made.act(
        Deed(
            "填",
            "王",
            (
                create(Unit, "u1", name="东山分局"),
                create(Unit, "u2", name="西山分局"),
                create(Problem, "p1", unit="u1", number=1, title="甲", tags=("重点督办", "市纪委"), responsible="张三"),
                create(Problem, "p2", unit="u2", number=1, title="乙", tags=("重点督办",), lead_department="法制大队"),
                create(Problem, "p3", unit="u2", number=9, title="丙", due=Deadline("年底前", date(2026, 12, 31))),
            ),
        )
    )

    def ids(**asked: object) -> list[str]:
        return list(problem_list.shown(made, Look(**asked), DAY).ids)  # type: ignore[arg-type]

    known = problem_list.values(made, DAY)
    assert [(one.words, one.problems) for one in known["tags"]] == [("重点督办", 2), ("市纪委", 1)]
    assert [one.words for one in known["responsible"]] == ["张三"]
    assert ids(tags=("市纪委",)) == ["p1"]
    assert ids(tags=("重点督办",)) == ["p1", "p2"]
    assert ids(responsible="法制") == ["p2"]
    assert ids(units=("u2",)) == ["p2", "p3"]
    assert ids(words="9") == ["p3"]
    assert problem_list.shown(made, Look(), DAY, "u1").ids == ("p1",)
    assert problem_list.next_of(made, "u2") == (10, None)
    kept = made.get(Problem, "p3")
    assert kept is not None
    made.act(Deed("改", "王", (edit(kept, responsible="李四"),)))
    assert ids(sorting="person") == ["p1", "p3", "p2"], "who is named first, those without a name last"
