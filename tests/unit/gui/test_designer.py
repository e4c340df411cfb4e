"""The designer: every piece of every shipped category survives its form; a category is made, extended and carried by choosing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from db.schema.definition import CategoryDefinition, Change
from db.schema.definition.packing import packed
from desktop_app.gui.designer import DesignerPane
from desktop_app.gui.designer_lines import Around
from desktop_app.gui.designer_marks import MarkedSlot
from desktop_app.gui.designer_piece import FORMS, FieldForm, IndicatorForm, Piece, RuleForm
from desktop_app.gui.designer_tree import pieces
from desktop_app.gui.session import Session
from desktop_app.rectification import categories, designing

SHIPPED = [one for one in categories.definitions() if one.registers]


def plain(raw: Any) -> Any:
    """A raw value with what means the same said the same way."""
    if isinstance(raw, dict):
        found = {k: plain(v) for k, v in raw.items()}
        return {k: v for k, v in found.items() if v not in (None, False, "", {}, [])}
    if isinstance(raw, list):
        made = [plain(one) for one in raw]
        return made[0] if len(made) == 1 else made
    return str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


@pytest.mark.parametrize("category", SHIPPED, ids=lambda d: d.key)
def test_every_piece_comes_out_of_its_form_as_it_went_in(qtbot: QtBot, category: CategoryDefinition) -> None:
    """Nothing a definition file says is lost by opening its form and saving."""
    for (part, register, key), (_words, body) in pieces(category).items():
        form = FORMS[part](Piece(part, register, key, body), Around(category))
        qtbot.addWidget(form)
        assert _same(form.body(), dict(body), part), (part, register, key, form.body(), body)
        assert form.title() or part in ("table", "passage")


def _same(one: dict[str, Any], other: dict[str, Any], part: str) -> bool:
    from db.schema.definition.rules import LONE, TESTS

    if part == "rule":
        name = next(key for key in TESTS if key in other)
        if name in LONE and isinstance(other[name], dict) and LONE[name] in other[name]:
            other = {**other, name: other[name][LONE[name]]}
    return bool(plain(_tests(one)) == plain(_tests(other)))


def _tests(raw: Any) -> Any:
    """``{ is = x }``, ``{ in = [x] }`` and x are one test; true and 是 one value; a dotted key and a nested one are one field."""
    if isinstance(raw, dict):
        if set(raw) == {"is"} or set(raw) == {"in"}:
            return _tests(next(iter(raw.values())))
        found: dict[str, Any] = {}
        for key, value in raw.items():
            found[key] = _tests(value)
        return found
    if isinstance(raw, list):
        return [_tests(one) for one in raw]
    return {True: "是", False: "否"}.get(raw, raw) if isinstance(raw, bool) else raw


def designer(qtbot: QtBot, session: Session) -> DesignerPane:
    made = DesignerPane(session)
    qtbot.addWidget(made)
    session.announced.connect(made.hear)
    return made


def test_a_category_is_made_by_choosing_and_filled(qtbot: QtBot, session: Session) -> None:
    pane = designer(qtbot, session)
    pane.make("涉案财物管理")
    qtbot.waitUntil(lambda: pane.pick.currentText() == "涉案财物管理", timeout=20_000)
    key = pane.key
    assert pane.node == ("register", "", "")
    assert pane.form is not None
    pane.form.editors["title"].put("涉案财物")
    assert pane.save()
    qtbot.waitUntil(lambda: any(name.startswith(f"{key}.") for name in session.ledger.tables.records), timeout=20_000)
    register = next(iter(session.ledger.definitions[key].registers))

    pane.show_piece(("field", register, ""))
    form = pane.form
    assert isinstance(form, FieldForm)
    form.label.put("价值")
    form.kind.put("money")
    form.editors["listed"].put(True)
    assert pane.save()
    qtbot.waitUntil(lambda: "jia_zhi" in session.ledger.schema(f"{key}.{register}").kinds(), timeout=20_000)

    pane.show_piece(("indicator", "", ""))
    made = pane.form
    assert isinstance(made, IndicatorForm)
    made.editors["title"].put("涉案财物总值")
    made.chosen.put("sum")
    made.measured.put({"register": register, "field": "jia_zhi"})  # type: ignore[union-attr]
    assert pane.save()
    qtbot.waitUntil(lambda: bool(session.ledger.definitions[key].indicators), timeout=20_000)

    pane.show_piece(("rule", "", ""))
    rule = pane.form
    assert isinstance(rule, RuleForm)
    rule.editors["title"].put("价值要大于零")
    rule.editors["register"].put(register)
    rule.chosen.put("range")
    rule.measured.put({"field": "jia_zhi", "above": "0"})  # type: ignore[union-attr]
    assert pane.save()
    qtbot.waitUntil(lambda: bool(session.ledger.definitions[key].rules), timeout=20_000)
    told = session.ledger.definitions[key]
    assert [one.title for one in told.rules.values()] == ["价值要大于零"]


def test_what_cannot_be_is_said_and_not_kept(qtbot: QtBot, session: Session) -> None:
    pane = designer(qtbot, session)
    pane.choose("official_vehicles")
    pane.show_piece(("field", "refuel", ""))
    assert not pane.save()
    assert "名称" in pane.bar.words.text()
    form = pane.form
    assert isinstance(form, FieldForm)
    form.label.put("车型")
    form.kind.put("choice")
    before = session.ledger.position()
    pane.save()
    qtbot.waitUntil(lambda: "of" in pane.bar.words.text() or "选项" in pane.bar.words.text(), timeout=20_000)
    assert session.ledger.position() == before


def test_a_field_is_retired_and_the_deed_taken_back(qtbot: QtBot, session: Session) -> None:
    pane = designer(qtbot, session)
    pane.choose("official_vehicles")
    pane.show_piece(("field", "vehicle", "tank"))
    before = session.ledger.position()
    pane.retire()
    if pane.bar.isVisibleTo(pane):
        assert "停用以后" in pane.bar.words.text()
        assert session.ledger.position() == before
        pane.retire()
    schema = "official_vehicles.vehicle"
    qtbot.waitUntil(lambda: session.ledger.schema(schema).kinds()["tank"].retired, timeout=20_000)
    session.undo()
    qtbot.waitUntil(lambda: not session.ledger.schema(schema).kinds()["tank"].retired, timeout=20_000)


def test_a_category_goes_to_another_ledger_as_a_file(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    pane = designer(qtbot, session)
    pane.choose("official_vehicles")
    file = tmp_path / "official_vehicles.toml"
    pane.write(file)
    qtbot.waitUntil(file.is_file, timeout=20_000)
    words = file.read_text(encoding="utf-8").replace('title  = "车辆"', 'title  = "公务车辆"', 1)
    file.write_text(words, encoding="utf-8")
    pane.take(file)
    name = "official_vehicles.vehicle"
    assert "公务车辆" in words
    qtbot.waitUntil(lambda: session.ledger.schema(name).title == "公务车辆", timeout=20_000)
    broken = tmp_path / "other_cars.toml"
    broken.write_text(words.replace("ref", "reference", 1), encoding="utf-8")
    pane.take(broken)
    qtbot.waitUntil(lambda: "other_cars.toml 第" in pane.bar.words.text(), timeout=20_000)


def test_the_bodies_a_designer_keeps_are_those_a_ledger_can_hold() -> None:
    for category in SHIPPED:
        for (part, _register, _key), (_words, body) in pieces(category).items():
            packed(body)
            assert part in designing.PARTS


def test_what_stops_is_told_before_a_field_is_retired_and_all_comes_back(qtbot: QtBot, session: Session) -> None:
    pane = designer(qtbot, session)
    pane.choose("official_vehicles")
    indicators = set(session.ledger.definitions["official_vehicles"].indicators)
    pane.show_piece(("field", "refuel", "litres"))
    before = session.ledger.position()
    pane.retire()
    assert "指标“" in pane.bar.words.text()
    assert "再按一次" in pane.bar.words.text()
    assert session.ledger.position() == before
    pane.retire()
    qtbot.waitUntil(lambda: session.ledger.position() > before, timeout=20_000)
    assert set(session.ledger.definitions["official_vehicles"].indicators) < indicators
    qtbot.waitUntil(lambda: pane.restore_button.isVisibleTo(pane), timeout=20_000)
    pane.restore()
    qtbot.waitUntil(
        lambda: set(session.ledger.definitions["official_vehicles"].indicators) == indicators, timeout=20_000
    )


def test_a_retired_rule_is_seen_and_comes_back(qtbot: QtBot, session: Session) -> None:
    pane = designer(qtbot, session)
    pane.choose("official_vehicles")
    key = next(iter(session.ledger.definitions["official_vehicles"].rules))
    pane.show_piece(("rule", "", key))
    pane.retire()
    qtbot.waitUntil(lambda: ("rule", "", key) in pane.retired, timeout=20_000)
    pane.show_piece(("rule", "", key))
    assert pane.restore_button.isVisibleTo(pane)
    assert not pane.save_button.isVisibleTo(pane)
    pane.restore()
    qtbot.waitUntil(lambda: key in session.ledger.definitions["official_vehicles"].rules, timeout=20_000)


def test_what_is_typed_outlives_another_piece_and_another_deed(qtbot: QtBot, session: Session) -> None:
    pane = designer(qtbot, session)
    pane.choose("official_vehicles")
    node = ("field", "refuel", "litres")
    pane.show_piece(node)
    assert isinstance(pane.form, FieldForm)
    pane.form.label.put("加油的升数")
    assert pane.drop_button.isVisibleTo(pane)
    pane.show_piece(("register", "", "vehicle"))
    designing.put(session.ledger, pane.key, [Change("register", "", "refuel", {"title": "加油记录"})], "李")
    pane.read()
    pane.show_piece(node)
    assert isinstance(pane.form, FieldForm)
    assert pane.form.title() == "加油的升数"
    pane.drop()
    assert isinstance(pane.form, FieldForm)
    assert pane.form.title() != "加油的升数"
    assert not pane.drafts


def test_a_piece_is_copied_and_a_field_moved(qtbot: QtBot, session: Session) -> None:
    pane = designer(qtbot, session)
    pane.choose("official_vehicles")
    schema = "official_vehicles.vehicle"
    first, second = [f.name for f in session.ledger.schema(schema).fields][:2]
    pane.show_piece(("field", "vehicle", second))
    pane.move_field(-1)

    def moved() -> bool:
        shown = pane.category.registers["vehicle"].fields if pane.category else ()
        return [f.name for f in shown][:2] == [second, first]

    qtbot.waitUntil(moved, timeout=20_000)
    pane.show_piece(("register", "", "vehicle"))
    pane.copy()
    assert pane.form is not None
    assert pane.form.title().endswith("（副本）")
    registers = set(session.ledger.definitions["official_vehicles"].registers)
    assert pane.save()
    qtbot.waitUntil(
        lambda: len(session.ledger.definitions["official_vehicles"].registers) == len(registers) + 1, timeout=20_000
    )
    made = next(iter(set(session.ledger.definitions["official_vehicles"].registers) - registers))
    fields = session.ledger.definitions["official_vehicles"].registers
    assert [f.name for f in fields[made].fields] == [f.name for f in fields["vehicle"].fields]
    qtbot.waitUntil(lambda: not pane.drafts, timeout=20_000)


def test_a_rule_tells_what_it_would_find_now(qtbot: QtBot, session: Session) -> None:
    pane = designer(qtbot, session)
    pane.choose("official_vehicles")
    pane.show_piece(("indicator", "", next(iter(session.ledger.definitions["official_vehicles"].indicators))))
    qtbot.waitUntil(lambda: bool(pane.preview.now.text()), timeout=20_000)
    pane.show_piece(("rule", "", next(iter(session.ledger.definitions["official_vehicles"].rules))))
    qtbot.waitUntil(lambda: "现在" in pane.preview.now.text(), timeout=20_000)


def test_an_indicator_is_put_into_a_sentence_by_its_title(qtbot: QtBot, session: Session) -> None:
    pane = designer(qtbot, session)
    pane.choose("official_vehicles")
    pane.show_piece(("passage", "", ""))
    assert pane.form is not None
    text = pane.form.editors["text"]
    assert isinstance(text, MarkedSlot)
    text.put("平均")
    text.text.moveCursor(QTextCursor.MoveOperation.End)
    title = text.marks.itemText(1)
    text.marks.activated.emit(1)
    key = text.marks.itemData(1)
    assert text.raw() == "平均{" + key + "}"
    assert text.reads.text() == f"读作：平均〔{title}〕"
