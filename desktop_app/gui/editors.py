"""Which editor a kind has. It knows the vocabulary of kinds, and no record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from db.schema.composite import Due, Paper
from db.schema.kinds import Choice, Day, Kind, YesNo
from db.schema.links import Ref, Refs
from db.schema.prose import Prose
from desktop_app.gui.editor import Editor, Surroundings
from desktop_app.gui.editor_day import DayEditor, DueEditor
from desktop_app.gui.editor_paper import PaperEditor
from desktop_app.gui.editor_pick import ChoiceEditor, RefEditor, RefsEditor
from desktop_app.gui.editor_text import LineEditor, ProseEditor

EDITORS: dict[type[Kind[Any]], Callable[[Any, Surroundings], Editor]] = {
    Kind: LineEditor,
    Prose: ProseEditor,
    Day: DayEditor,
    Due: DueEditor,
    YesNo: ChoiceEditor,
    Choice: ChoiceEditor,
    Ref: RefEditor,
    Refs: RefsEditor,
    Paper: PaperEditor,
}
"""Kind → editor; a kind that is not named has that of the kind it is made from."""


def editor(kind: Kind[Any], around: Surroundings) -> Editor:
    """The editor for a field of this kind."""
    made = next(EDITORS[one] for one in type(kind).__mro__ if one in EDITORS)
    return made(kind, around)
