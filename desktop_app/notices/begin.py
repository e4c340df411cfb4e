"""A unit's first notice: the default words of the program become records that a clerk can change."""

from __future__ import annotations

from db.ledger.change import Deed, Edit, Outcome, create
from db.ledger.ledger import Ledger
from db.schema.records import Chapter, Inspection, Notice, Problem, Unit
from desktop_app.notices import compose

_LABELS = {
    "电话": "电话",
    "传真": "传真",
    "地址": "地址",
    "邮编": "邮编",
    "邮箱": "电子邮箱",
    "受理时间": "受理时间",
}


def begin_notice(ledger: Ledger, unit: Unit, actor: str) -> tuple[str, Outcome]:
    """Writes the notice that was only shown until now, with its chapters and the wording of the contact; gives its id."""
    shown = compose.notice_of(ledger, unit)
    rounds = ledger.all(Inspection)
    notice = create(
        Notice,
        unit=unit.id,
        inspection=rounds[-1].id if rounds else None,
        title=shown.title,
        signature=shown.signature,
        contact=_contact(unit),
        state="draft",
    )
    edits: list[Edit] = [notice]
    if ledger.count(Problem, unit=unit.id):
        edits.append(create(Chapter, notice=notice.id, number=1, role="problems", title=compose.PROBLEMS_CHAPTER))
    edits.append(create(Chapter, notice=notice.id, number=len(edits), role="next_steps", title=compose.STEPS_CHAPTER))
    told = Edit(notice.record, notice.id, {k: v for k, v in notice.values.items() if v is not None})
    return notice.id, ledger.act(Deed(f"起草通报：{shown.title}", actor, (told, *edits[1:])))


def _contact(unit: Unit) -> str | None:
    values = compose.contact_values(unit)
    named = [f"{label} {{{key}}}" for key, label in _LABELS.items() if key in values]
    return f"{compose.INVITATION}联系方式：{'；'.join(named)}。" if named else None
