"""The work behind the intake page: files are read and recognised, reviewed notices are entered. No widget, no thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from db.errors import Refusal
from db.ledger.change import Edit, Outcome
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.ledger.lines import describe
from db.schema.records import Category, Notice
from desktop_app.gui import lookup
from desktop_app.gui.intake_edit import texts
from desktop_app.intake import enter, read, recognise
from desktop_app.intake.draft import Draft
from desktop_app.intake.source import Source
from desktop_app.rectification import categories

SUBJECTS = ("整改", "巡察", "巡视")
"""Words of which a notice of rectification has at least one."""


@dataclass(frozen=True)
class Reading:
    """One notice of one file under review. ``categories`` are ids, one for each problem; ``known`` is the notice it became
    when it was entered before; ``wanted``: it is to be entered; ``update``: and changes what is there."""

    path: Path
    source: Source
    draft: Draft
    categories: tuple[str | None, ...] = ()
    known: str = ""
    wanted: bool = True
    update: bool = False

    @property
    def title(self) -> str:
        """The notice in a line."""
        return " ".join(self.draft.title.split()) or self.source.name

    @property
    def foreign(self) -> bool:
        """Whether this is plainly no notice of rectification: no problem was read, and it is not spoken of."""
        return not self.draft.problems and not any(one in self.source.text for one in SUBJECTS)


@dataclass(frozen=True)
class Batch:
    """What came of the files that were chosen: the notices in them, and what stood against the others."""

    readings: tuple[Reading, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Difference:
    """One thing an update changes: in which record, which field, from what to what."""

    record: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Entered:
    """A notice that was entered: its title, its id in the ledger, the deed by which it can be taken back."""

    title: str
    notice: str
    outcome: Outcome


def read_all(
    facts: Facts,
    paths: Sequence[Path],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Batch:
    """Reads files one after the other; one that cannot be read does not stand against the others. Stops between two
    when cancelled."""
    readings: list[Reading] = []
    refusals: list[Refusal] = []
    for number, path in enumerate(paths):
        if cancelled():
            break
        progress(number, len(paths))
        try:
            source = read.read(path)
            if cancelled():
                break
            readings += [reading(facts, path, source, draft) for draft in recognise.recognise(source)]
        except Refusal as refusal:
            refusals.append(refusal)
    return Batch(tuple(readings), tuple(refusals))


def reading(facts: Facts, path: Path, source: Source, draft: Draft) -> Reading:
    """A recognised notice as it is offered: categories proposed, and not wanted again when it was entered before."""
    every = facts.all(Category)
    found = tuple(categories.recognise(_words(draft, n), every) for n in range(len(draft.problems)))
    known = enter.known_notice(facts, draft, source)
    offered = Reading(path, source, draft, found, known.id if known else "")
    return replace(offered, wanted=known is None and not offered.foreign)


def _words(draft: Draft, number: int) -> str:
    problem = draft.problems[number]
    rest = (text for path, text in texts(replace(draft, problems=(problem,))) if path[0] == "problems")
    return f"{problem.title}\n{''.join(rest)}"


def looked_up(facts: Facts, one: Reading) -> Reading:
    """The same reading, asked again whether the ledger has it (its title or date was changed, or it was entered)."""
    known = enter.known_notice(facts, one.draft, one.source)
    if (known.id if known else "") == one.known:
        return one
    return replace(one, known=known.id if known else "", wanted=known is None and not one.foreign, update=False)


def differences(ledger: Ledger, one: Reading) -> tuple[Difference, ...]:
    """What entering a reading would change of what the ledger holds (the kept paper apart)."""
    known = ledger.get(Notice, one.known)
    paper = known.source_paper if known is not None else None
    edits = enter.edits_of(ledger, one.draft, one.source, known, paper=paper)
    return tuple(difference for edit in edits for difference in _differences(ledger, edit))


def _differences(facts: Facts, edit: Edit) -> list[Difference]:
    schema = facts.schema(edit.record)
    record = facts.find(edit.record, edit.id)
    if record is None:
        words = describe(facts, schema.make(id=edit.id, **edit.values))
        return [Difference(f"新增{schema.title}", "", "", lookup.clipped(words))]
    title = f"{schema.title} {lookup.clipped(describe(facts, record), 24)}"
    found = []
    for name, value in edit.values.items():
        kind = schema.field(name).kind
        before = lookup.cell(facts, kind, getattr(record, name))
        found.append(Difference(title, kind.label, before, lookup.cell(facts, kind, value)))
    return found


def enter_all(ledger: Ledger, readings: Sequence[Reading], actor: str) -> tuple[list[Entered], list[Refusal]]:
    """Enters the wanted notices, each in a deed of its own; one that is refused does not stand against the others."""
    entered: list[Entered] = []
    refusals: list[Refusal] = []
    for one in readings:
        if not one.wanted:
            continue
        try:
            entered.append(_entered(ledger, one, actor))
        except enter.Known as known:
            advice = "没有重复导入；要用这份原文更新台账，请点“用原文更新”。"
            refusals.append(Refusal(known.sentence, advice, known.topic))
        except Refusal as refusal:
            refusals.append(refusal)
    return entered, refusals


def _entered(ledger: Ledger, one: Reading, actor: str) -> Entered:
    outcome = enter.enter(
        ledger, one.draft, one.source, actor, update=one.update, path=one.path, categories_chosen=one.categories
    )
    notice = enter.known_notice(ledger, one.draft, one.source)
    return Entered(one.title, notice.id if notice is not None else "", outcome)


def summed(entered: Sequence[Entered]) -> Outcome:
    """The outcomes of several deeds as one announcement."""
    touched = tuple(dict.fromkeys(t for one in entered for t in one.outcome.touched))
    conflicts = tuple(dict.fromkeys(c for one in entered for c in one.outcome.conflicts))
    taken = sum(one.outcome.taken for one in entered)
    if len(entered) == 1:
        return entered[0].outcome
    return Outcome(touched, conflicts, taken, "", f"导入旧通报 {len(entered)} 份")
