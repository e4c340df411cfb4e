"""Every field of every record in its editor: it gives back what it was given, says what is wrong, and leaves alone what was not touched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kind_values import fields, values, variants
from PySide6.QtWidgets import QApplication

from db.errors import Refusal
from db.ledger.change import new_id
from db.schema.kinds import Day
from db.schema.links import Ref
from db.schema.record import Schema, changed
from db.schema.records import SCHEMAS
from desktop_app import settings as machine
from desktop_app.gui.editor import Candidate, Editor, Surroundings
from desktop_app.gui.editors import editor
from desktop_app.gui.form import Form
from desktop_app.gui.session import Session
from desktop_app.rectification import ledgers

ALL = fields() | variants() | {"day": Day("完成日期")}
SCHEMA_NAMES = list(SCHEMAS)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Session]:
    """One session for all: nothing here is saved."""
    folder: Path = tmp_path_factory.mktemp("editors")
    before = os.environ.get("ZHENGGAI_HOME")
    os.environ["ZHENGGAI_HOME"] = str(folder / "home")
    made = Session(ledgers.new_ledger(folder / "台账.zgl", "某市公安局东湖分局", "王某"), machine.Settings())
    yield made
    made.close()
    if before is None:
        del os.environ["ZHENGGAI_HOME"]
    else:
        os.environ["ZHENGGAI_HOME"] = before


def _editor(session: Session, name: str) -> Editor:
    def candidates(_name: str) -> list[Candidate]:
        return [Candidate("a1", "甲"), Candidate("b2", "乙"), Candidate("c3", "甲乙")]

    return editor(ALL[name], Surroundings(session, candidates, lambda _name, i: f"第{i}条", lambda: 2021))


@pytest.mark.parametrize("name", ALL)
def test_an_editor_gives_back_what_it_was_given(session: Session, name: str) -> None:
    made = _editor(session, name)

    @given(values(ALL[name]))
    def law(value: Any) -> None:
        made.set_value(value)
        assert made.value() == value
        assert not made.touched()
        made.set_value(None)
        assert made.value() is None

    law()


DRAFTED = [name for name, kind in ALL.items() if not isinstance(kind, Ref)]
"""A reference is typed as the line of what it points at: that line must be among those offered, which are made up here."""


@pytest.mark.parametrize("name", DRAFTED)
def test_a_draft_put_back_is_the_same_value(session: Session, name: str) -> None:
    """What was typed in one editor is typed in the next after a restart: the same value comes out of it."""
    typing, restored = _editor(session, name), _editor(session, name)

    @given(values(ALL[name]))
    def law(value: Any) -> None:
        restored.set_value(None)
        typing.set_value(value)
        restored.set_typed(typing.typed())
        assert restored.value() == value

    law()


def _read(made: Editor) -> tuple[Any, str]:
    """The value, or the sentence that refuses it."""
    try:
        return made.value(), ""
    except Refusal as refusal:
        return None, refusal.sentence


@pytest.mark.parametrize("name", ALL)
def test_typed_nonsense_is_a_value_or_a_sentence(session: Session, name: str) -> None:
    made = _editor(session, name)
    kind = ALL[name]

    @given(st.text(max_size=20))
    def law(typed: str) -> None:
        made.set_value(None)
        made.set_typed(typed)
        value, sentence = _read(made)
        assert value is None or not sentence
        assert not sentence or kind.label in sentence
        if value is not None:
            kind.check(value)

    law()


@pytest.mark.parametrize(
    ("name", "typed"),
    [("number", "十二"), ("money", "很多"), ("day", "某日"), ("month", "13月"), ("moment", "昨天下午")],
)
def test_words_where_a_number_belongs_are_refused(session: Session, name: str, typed: str) -> None:
    made = _editor(session, name)
    made.set_value(None)
    made.set_typed(typed)
    with pytest.raises(Refusal) as refused:
        made.value()
    assert typed in refused.value.sentence


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_a_form_nobody_touched_has_no_edits(session: Session, name: str) -> None:
    """Whatever the record holds, also what another office's program put there."""
    schema: Schema = SCHEMAS[name]
    form = Form(session, schema)
    holds = {one.name: st.none() | values(one.kind) for one in schema.fields}

    @given(st.fixed_dictionaries(holds))
    def law(held: dict[str, Any]) -> None:
        record = schema.make(id=new_id(), **held)
        form.show_record(record, record.id)
        shown = {field: box.editor.value() for field, box in form.boxes.items()}
        assert changed(record, shown) == {}
        assert not form.touched()
        assert (schema.name, record.id) not in session.drafts

    law()
