"""A vocabulary that lives in the file: registers come, change and go with the definitions in the log."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from db.errors import Fault, Refusal
from db.ledger import conflicts, history
from db.ledger import vocabulary as vocabularies
from db.ledger.change import Built, Deed, Edit, create, delete, edit
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.ledger.strangers import Stranger, strangers
from db.schema.records import Amendment, Category, Definition, Unit, amendment_id, definition_id
from db.store import rebuild, tables
from db.store.replica import Installation

CARS = "category-cars"
REFUEL = "cars.refuel"
FIELDS: dict[str, Any] = {"plate": {"text": "车牌号"}, "litres": {"number": "加油量"}}


def body(**more: Any) -> dict[str, Any]:
    """A definition with one register; ``more`` are fields beside the two it always has, None takes one away."""
    fields = {name: spec for name, spec in {**FIELDS, **more}.items() if spec is not None}
    return {"register": {"refuel": {"title": "加油登记", "field": fields}}}


def define(ledger: Ledger, content: dict[str, Any], version: int = 1) -> Any:
    edits: list[Edit] = []
    if ledger.find("category", CARS) is None:
        edits.append(create(Category, CARS, number=1, title="私车公养"))
    made = create(Definition, definition_id("cars", content), category=CARS, version=version, body=content)
    return ledger.act(Deed("定义", "某人", (*edits, made)))


def amend(ledger: Ledger, name: str, **values: Any) -> Any:
    identifier = amendment_id("cars", "field", "refuel", name)
    whole = {"category": CARS, "part": "field", "register": "refuel", "name": name, **values}
    return ledger.act(Deed("改动", "某人", (Edit("amendment", identifier, whole),)))


def fill(ledger: Ledger, identifier: str = "r1", **values: Any) -> Any:
    return ledger.act(
        Deed("填写", "某人", (Edit(REFUEL, identifier, values or {"plate": "甲", "litres": Decimal(3)}),))
    )


def meet(one: Ledger, other: Ledger) -> None:
    one.merge(history.changes(other, history.seen(one)))


def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The schemas whose tables are made from the log from now on."""
    replayed: list[str] = []
    replay = rebuild._replay

    def look(*given: Any) -> int:
        replayed.append(given[3].schema.name)
        return replay(*given)

    monkeypatch.setattr(rebuild, "_replay", look)
    return replayed


@pytest.fixture
def home(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "home")


@pytest.fixture
def ledger(tmp_path: Path, home: Installation) -> Iterator[Ledger]:
    made = Ledger.create(tmp_path / "台账.zgl", home)
    yield made
    made.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.create(tmp_path / "别处.zgl", Installation(tmp_path / "other"))
    yield made
    made.close()


def test_a_definition_makes_its_registers_at_once(ledger: Ledger) -> None:
    outcome = define(ledger, body())
    assert outcome.reshaped == (REFUEL,)
    assert list(ledger.definitions) == ["cars"]
    assert ledger.schema(REFUEL).title == "加油登记"
    fill(ledger)
    row = ledger.find(REFUEL, "r1")
    assert (row.plate, row.litres, row.remark) == ("甲", 3, None)  # type: ignore[union-attr]
    assert ledger.rows(REFUEL, plate="甲") == [row]
    assert ledger.heads(row)  # type: ignore[arg-type]
    ledger.act(Deed("改", "某人", (edit(row, remark="补录"),)))  # type: ignore[arg-type]
    assert ledger.rows(REFUEL, remark="补录", unit=None)
    assert health(ledger).ailments == ()


def test_tables_that_came_later_are_guarded(ledger: Ledger) -> None:
    define(ledger, body())
    fill(ledger)
    for statement in ("DELETE FROM r_cars$refuel", "UPDATE r_cars$refuel SET plate = '乙'"):
        with (
            contextlib.closing(sqlite3.connect(ledger.path)) as foreign,
            pytest.raises(sqlite3.OperationalError, match="gate_open"),
        ):
            foreign.execute(statement)


def test_rows_that_come_before_their_definition_are_shown_after_it(ledger: Ledger, other: Ledger) -> None:
    """A clerk's rows were written on a replica of their own; the definition comes with another file."""
    define(ledger, body())
    fill(ledger)
    row = next(change for change in history.changes(ledger) if change.record == REFUEL)
    early = replace(row, id="r2", replica="f" * 16, sequence=1, previous="", deed=f"{'f' * 16}:1").sealed()
    other.merge([early])
    assert strangers(other) == [Stranger(REFUEL, "r2", {"litres": "3", "plate": "甲"})]
    meet(other, ledger)
    assert {row.id for row in other.rows(REFUEL)} == {"r1", "r2"}
    assert strangers(other) == []


def test_rows_without_a_definition_are_kept_and_told(ledger: Ledger, other: Ledger) -> None:
    define(ledger, body())
    fill(ledger)
    ledger.act(Deed("删除", "某人", (delete(ledger.all(Definition)[0]),)))
    assert REFUEL not in ledger.tables.records
    assert strangers(ledger) == [Stranger(REFUEL, "r1", {"litres": "3", "plate": "甲"})]
    meet(other, ledger)
    assert strangers(other) == strangers(ledger)
    define(other, body(day={"day": "日期"}))
    assert strangers(other) == []
    assert [row.plate for row in other.rows(REFUEL)] == ["甲"]  # type: ignore[attr-defined]
    meet(ledger, other)
    assert ledger.rows(REFUEL) == other.rows(REFUEL)


def test_deleted_rows_are_no_strangers(ledger: Ledger) -> None:
    define(ledger, body())
    fill(ledger)
    ledger.act(Deed("删除", "某人", (Edit(REFUEL, "r1", {"deleted": True}),)))
    ledger.act(Deed("删除", "某人", (delete(ledger.all(Definition)[0]),)))
    assert strangers(ledger) == []


def test_a_field_more_keeps_rows_and_touches_no_other(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    define(ledger, body())
    fill(ledger)
    replayed = watched(monkeypatch)
    outcome = amend(ledger, "price", body={"money": "金额"})
    assert (outcome.reshaped, replayed) == ((REFUEL,), [])
    fill(ledger, price=1200)
    row: Any = ledger.find(REFUEL, "r1")
    assert (row.plate, row.price) == ("甲", 1200)
    with ledger.reading() as connection:
        words = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'r_cars$refuel'").scalar_one()
    assert '"price" BIGINT' in words
    assert health(ledger).ailments == ()


def test_a_field_that_comes_back_brings_its_values(ledger: Ledger) -> None:
    define(ledger, body())
    fill(ledger)
    fill(ledger, "r2", litres=Decimal(9))
    define(ledger, body(plate=None), 2)
    assert "plate" not in ledger.tables.records[REFUEL].kinds
    define(ledger, body(day={"day": "日期"}), 3)
    assert [getattr(row, "plate", None) for row in ledger.rows(REFUEL)] == ["甲", None]
    assert health(ledger).ailments == ()


def test_a_retired_field_keeps_its_values(ledger: Ledger) -> None:
    define(ledger, body())
    fill(ledger)
    amend(ledger, "plate", retired=True)
    assert ledger.schema(REFUEL).field("plate").kind.retired
    assert [getattr(row, "plate", None) for row in ledger.rows(REFUEL)] == ["甲"]


def test_a_kind_that_changes_reads_what_it_can(ledger: Ledger) -> None:
    define(ledger, body())
    fill(ledger, plate="12.5")
    fill(ledger, "r2", plate="甲")
    define(ledger, body(plate={"number": "数"}), 2)
    assert [getattr(row, "plate", None) for row in ledger.rows(REFUEL)] == [Decimal("12.5"), None]
    assert [a.code for a in health(ledger).ailments] == ["value"]
    define(ledger, body(plate={"text": "车牌", "required": True}), 3)
    assert [getattr(row, "plate", None) for row in ledger.rows(REFUEL)] == ["12.5", "甲"]


def test_a_kind_of_the_same_columns_reads_its_rows_anew(ledger: Ledger) -> None:
    """Text and day lie in the same column; a day that is none must not be met by whoever lists the register."""
    define(ledger, body())
    fill(ledger, plate="2021-07-05")
    fill(ledger, "r2", plate="甲")
    define(ledger, body(plate={"day": "日期"}), 2)
    assert [str(getattr(row, "plate", "")) for row in ledger.rows(REFUEL)] == ["2021-07-05", "None"]


def test_conflicts_go_and_come_back_with_their_register(ledger: Ledger, other: Ledger) -> None:
    define(ledger, body())
    fill(ledger)
    meet(other, ledger)
    fill(ledger, plate="乙")
    fill(other, plate="丙")
    meet(ledger, other)
    assert [one.field for one in conflicts.conflicts(ledger)] == ["plate"]
    (definition,) = ledger.all(Definition)
    ledger.act(Deed("删除", "某人", (delete(definition),)))
    assert conflicts.conflicts(ledger) == []
    assert health(ledger).ailments == ()
    ledger.act(Deed("恢复", "某人", (Edit("definition", definition.id, {"deleted": False}),)))
    (found,) = conflicts.conflicts(ledger)
    ledger.act(conflicts.decision(ledger, found, "丁", "某人"))
    assert [getattr(row, "plate", None) for row in ledger.rows(REFUEL)] == ["丁"]


def test_an_older_version_that_comes_later_changes_nothing(ledger: Ledger, other: Ledger) -> None:
    define(ledger, body(price={"money": "金额"}), 2)
    fill(ledger)
    define(other, body(), 1)
    before = ledger.tables.shapes, ledger.rows(REFUEL)
    meet(ledger, other)
    assert (ledger.tables.shapes, ledger.rows(REFUEL)) == before
    meet(other, ledger)
    assert other.tables.shapes == ledger.tables.shapes


def test_a_version_nothing_could_follow_is_not_taken(ledger: Ledger, other: Ledger) -> None:
    define(ledger, body(price={"money": "金额"}), 2)
    define(other, body(), 10**17)
    meet(ledger, other)
    assert "price" in ledger.schema(REFUEL).kinds()
    assert any("没有采用" in told for told in ledger.vocabulary.troubles)


def test_rows_under_another_version_are_taken_and_shown_as_far_as_they_are_read(ledger: Ledger, other: Ledger) -> None:
    """The branch still says text where head office reckons: its file is no damaged one."""
    define(other, body(litres={"text": "加油量"}), 1)
    fill(other, litres="约三升")
    define(ledger, body(), 2)
    meet(ledger, other)
    assert [getattr(row, "litres", 0) for row in ledger.rows(REFUEL)] == [None]


@pytest.mark.parametrize(
    "content",
    [
        {"register": "没有"},
        {"register": {"refuel": {"title": "加油", "field": {"a": {"text": "甲"}, "b": {"nonsense": 3}}}}, "更多": [1]},
        {"register": {"refuel": {"title": 3, "field": [[["a"]]]}, "a$b": {"title": "乙", "field": FIELDS}}},
        {
            "register": {"unit": {"title": "单位", "field": FIELDS}},
            "indicator": {"x": {"ratio": ["x", "x"]}},
            "rule": 1,
        },
        [[[], {}], None, True],
    ],
)
def test_no_body_keeps_a_ledger_shut(ledger: Ledger, home: Installation, content: Any) -> None:
    define(ledger, content)
    assert ledger.vocabulary.troubles or isinstance(content, list)
    ledger.close()
    again = Ledger.open(ledger.path, home)
    assert again.vocabulary.troubles == ledger.vocabulary.troubles
    assert all("。" in told for told in again.vocabulary.troubles)
    assert health(again).ailments == ()
    again.close()


def test_a_reader_that_breaks_is_told(ledger: Ledger, home: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    from db.schema import definition

    define(ledger, body())
    fill(ledger)
    ledger.close()
    vocabularies._known.clear()
    vocabularies._pieces.clear()
    with monkeypatch.context() as patch:
        patch.setattr(definition, "loaded", lambda *_given: 1 / 0)
        broken = Ledger.open(ledger.path, home)
        assert broken.vocabulary.troubles == ("类别“私车公养”的定义读不懂，没有采用，已填的内容仍然保留。",)
        assert len(strangers(broken)) == 1
        broken.close()
    vocabularies._known.clear()
    vocabularies._pieces.clear()
    whole = Ledger.open(ledger.path, home)
    assert len(whole.rows(REFUEL)) == 1
    whole.close()


def test_a_register_must_not_break_the_tables(ledger: Ledger) -> None:
    schema = ledger.schema("unit")
    for name in ("cars.", "cars.x y", "cars.a$b", "trips.refuel", "cars"):
        assert vocabularies._unsound(replace(schema, name=name), "cars")
    assert not vocabularies._unsound(replace(schema, name="cars.unit"), "cars")
    field = schema.fields[0]
    for wrong in ("id", "values", "名", "a b", 'a"', "A"):
        assert vocabularies._unsound(replace(schema, name="cars.u", fields=(replace(field, name=wrong),)), "cars")
    many = tuple(replace(field, name=f"f{n}") for n in range(1200))
    assert vocabularies._unsound(replace(schema, name="cars.u", fields=many), "cars") == "字段太多"


def test_opening_makes_again_only_what_has_another_shape(
    ledger: Ledger, home: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(ledger, body())
    fill(ledger)
    with ledger._writing() as connection:
        noted = rebuild.shapes(connection, ledger.tables) | {REFUEL: "0" * 16}
        words = tables.dumps({"definitions": ledger.vocabulary.token, "tables": noted})
        connection.execute(ledger.tables.note.update().where(ledger.tables.note.c.key == "shape").values(value=words))
    ledger.close()
    replayed = watched(monkeypatch)
    again = Ledger.open(ledger.path, home)
    assert replayed == [REFUEL]
    assert len(again.rows(REFUEL)) == 1
    again.close()


@pytest.mark.parametrize("old", ["0" * 64, "", "[]", '{"tables": 3}', "null"])
def test_a_note_of_an_older_program_means_all(ledger: Ledger, home: Installation, old: str) -> None:
    define(ledger, body())
    fill(ledger)
    with ledger._writing() as connection:
        connection.execute(ledger.tables.note.update().where(ledger.tables.note.c.key == "shape").values(value=old))
        connection.exec_driver_sql("DROP TABLE r_unit")
        connection.exec_driver_sql("CREATE TABLE r_unit (id TEXT PRIMARY KEY)")
    ledger.close()
    again = Ledger.open(ledger.path, home)
    assert health(again).ailments == ()
    assert again._told == tables_note(again)
    again.close()


def tables_note(ledger: Ledger) -> str:
    with ledger.reading() as connection:
        return rebuild.shape_note(connection, ledger.tables)


def test_undo_takes_a_definition_back_until_something_was_filled(ledger: Ledger) -> None:
    define(ledger, body())
    ledger.undo("某人")
    assert REFUEL not in ledger.tables.records
    ledger.redo("某人")
    deed = fill(ledger)
    defined = next(e.deed for e in history.entries(ledger) if e.sentence.startswith("重做"))
    with pytest.raises(Built, match="登记表“加油登记”里后来填了内容"):
        ledger.undo("某人", defined)
    assert [getattr(row, "plate", None) for row in ledger.rows(REFUEL)] == ["甲"]
    ledger.undo("某人", deed.deed)
    ledger.undo("某人", defined)
    assert REFUEL not in ledger.tables.records
    assert health(ledger).ailments == ()


def test_undo_takes_a_field_back_until_it_was_filled(ledger: Ledger) -> None:
    define(ledger, body())
    amended = amend(ledger, "price", body={"money": "金额"})
    fill(ledger)
    ledger.undo("别人", amended.deed)
    ledger.redo("别人")
    fill(ledger, price=100)
    with pytest.raises(Built, match="后来填了内容"):
        ledger.undo("别人", amended.deed)
    fill(ledger, price=None)
    ledger.undo("别人", next(e.deed for e in history.entries(ledger) if e.sentence.startswith("重做")))
    assert "price" not in ledger.tables.records[REFUEL].kinds


def test_a_failed_deed_leaves_the_old_vocabulary(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise Refusal("断电了。")

    before = ledger.vocabulary, tables_note(ledger)
    monkeypatch.setattr(rebuild, "project_records", fail)
    with pytest.raises(Refusal):
        define(ledger, body())
    monkeypatch.undo()
    assert (ledger.vocabulary, tables_note(ledger)) == before
    assert health(ledger).ailments == ()
    define(ledger, body())
    fill(ledger)


def test_another_window_sees_new_registers_at_its_next_look(ledger: Ledger, home: Installation) -> None:
    window = Ledger.open(ledger.path, home)
    define(ledger, body())
    assert window.count(Unit) == 0
    assert REFUEL in window.tables.records
    fill(window)
    fill(ledger, "r2")
    assert len(window.rows(REFUEL)) == len(ledger.rows(REFUEL)) == 2
    window.close()


def test_writing_learns_what_another_window_defined(ledger: Ledger, home: Installation) -> None:
    """Also where it never looked since: the row is put where the register now is."""
    define(ledger, body())
    window = Ledger.open(ledger.path, home)
    define(ledger, body(day={"day": "日期"}), 2)
    window.act(Deed("填", "某人", (Edit(REFUEL, "r1", {"plate": "甲"}),)))
    assert "day" in window.tables.records[REFUEL].kinds
    ledger.act(Deed("删除", "某人", tuple(delete(one) for one in ledger.all(Definition))))
    with pytest.raises(Refusal, match="这个登记表已经不在台账里"):
        fill(window)
    with pytest.raises(Refusal, match="这个登记表已经不在台账里"):
        fill(window)
    window.close()


def test_who_reads_by_tables_that_are_gone_is_told(ledger: Ledger) -> None:
    define(ledger, body())
    old = ledger.tables.records[REFUEL]
    define(ledger, body(plate=None), 2)
    with pytest.raises(Refusal, match="类别定义刚刚改过") as told, ledger.reading() as connection:
        connection.execute(select(old.table)).all()
    assert not isinstance(told.value, Fault)


def test_threads_read_while_definitions_change(ledger: Ledger) -> None:
    define(ledger, body())
    fill(ledger)
    stop = threading.Event()
    wrong: list[Exception] = []

    def read() -> None:
        while not stop.is_set():
            try:
                if REFUEL in ledger.tables.records:
                    assert len(ledger.rows(REFUEL)) <= 1
            except Refusal as told:
                if isinstance(told, Fault):
                    wrong.append(told)
            except KeyError:
                continue  # gone between two looks
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for version in range(2, 14):
        define(
            ledger,
            body(**({"day": {"day": "日期"}} if version % 2 else {"plate": None}), x={"text": f"第{version}版"}),
            version,
        )
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_read_only_file_of_another_shape_is_refused(
    ledger: Ledger, home: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(ledger, body())
    fill(ledger)
    ledger.close()
    monkeypatch.setattr("db.store.file.os.access", lambda *_given: False)
    right = Ledger.open(ledger.path, home)
    assert (right.writable, len(right.rows(REFUEL))) == (False, 1)
    right.close()
    monkeypatch.undo()
    with ledger._writing() as connection:
        rebuild.note_shape(connection, ledger.tables, "another")
    ledger.close()
    monkeypatch.setattr("db.store.file.os.access", lambda *_given: False)
    with pytest.raises(Fault, match="只读的台账是用别的版本"):
        Ledger.open(ledger.path, home)


def test_a_file_another_version_has_open_is_told(ledger: Ledger) -> None:
    with ledger._writing() as connection:
        rebuild.note_shape(connection, ledger.tables, "another")
    ledger._stale = True
    with pytest.raises(Fault, match="另一个版本"):
        ledger.count(Unit)
    with pytest.raises(Fault, match="另一个版本"):
        define(ledger, body())


def test_the_ledger_as_of_a_moment_knows_the_registers_of_then(ledger: Ledger) -> None:
    define(ledger, body())
    fill(ledger)
    then = ledger.position()
    define(ledger, body(plate=None), 2)
    before = history.at_position(ledger, then)
    assert [getattr(row, "plate", None) for row in before.rows(REFUEL)] == ["甲"]
    assert "plate" not in ledger.tables.records[REFUEL].kinds
    assert REFUEL not in history.at_position(ledger, 1).tables.records
    assert list(before.definitions) == ["cars"]


def test_a_deleted_category_takes_its_registers_and_brings_them_back(ledger: Ledger) -> None:
    define(ledger, body())
    fill(ledger)
    ledger.act(Deed("删除", "某人", (Edit("category", CARS, {"deleted": True}),)))
    assert (ledger.definitions, len(strangers(ledger))) == ({}, 1)
    ledger.act(Deed("恢复", "某人", (Edit("category", CARS, {"deleted": False}),)))
    assert len(ledger.rows(REFUEL)) == 1


def test_the_same_definition_from_two_branches_is_one(ledger: Ledger, other: Ledger) -> None:
    define(ledger, body())
    define(other, body())
    fill(other)
    meet(ledger, other)
    assert [one.id for one in ledger.all(Definition)] == [definition_id("cars", body())]
    with ledger.reading() as connection:
        assert not [r for r in connection.execute(select(ledger.tables.conflict)) if r.record == "definition"]
    assert len(ledger.rows(REFUEL)) == 1


def test_opening_the_same_definitions_again_reads_none(
    ledger: Ledger, home: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(ledger, body())
    ledger.close()
    monkeypatch.setattr(vocabularies, "_made", lambda *_given: pytest.fail("read again"))
    again = Ledger.open(ledger.path, home)
    assert again.vocabulary is ledger.vocabulary
    again.close()


def test_an_amendment_out_of_nowhere_is_told_or_kept(ledger: Ledger) -> None:
    ledger.act(Deed("改动", "某人", (create(Amendment, "a1", category="gone", part="field", name="x"),)))
    amend(ledger, "price", body={"money": "金额"})
    assert REFUEL not in ledger.tables.records
    define(ledger, body())
    assert "price" in ledger.tables.records[REFUEL].kinds
