"""The sample: it goes in whole, shows every state of the work, adds up, and prints as a notice of six to nine pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from db.errors import Refusal
from db.ledger import conflicts, history
from db.ledger.ledger import Ledger
from db.schema.records import (
    Category,
    Chapter,
    Closing,
    Evidence,
    Group,
    Inspection,
    Measure,
    Meeting,
    Notice,
    Person,
    Problem,
    Regulation,
    Unit,
    UnreadText,
)
from db.store.replica import Installation
from desktop_app.intake import read, recognise
from desktop_app.notices import compose, plain, sheet
from desktop_app.rectification import categories, checks, ledgers, overview, sample


def loaded(folder: Path, name: str) -> Ledger:
    ledger = Ledger.create(folder / f"{name}.zgl", Installation(folder / name))
    sample.load(ledger, "王")
    return ledger


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return loaded(tmp_path_factory.mktemp("sample"), "示例")


def test_it_goes_in_by_one_deed_and_only_once(ledger: Ledger) -> None:
    told = [entry.sentence for entry in history.entries(ledger, limit=5)]
    assert told == ["载入示例台账", "更新问题类别的定义"]  # a new ledger has the categories already
    with pytest.raises(Refusal, match="已经有示例"):
        sample.load(ledger, "王")


def test_every_category_has_a_problem(ledger: Ledger) -> None:
    crossing = {"category-next_steps"}  # what crosses all problems is itself none
    assert {p.category for p in ledger.all(Problem)} == {c.id for c in ledger.all(Category)} - crossing
    assert ledger.count(Group) == 2
    assert len({p.aspect for p in ledger.all(Problem)}) == 3


def test_every_state_of_the_work_appears(ledger: Ledger) -> None:
    problems = ledger.all(Problem)
    wanted = {"under_way", "mostly_done", "done", "kept_up", "extension_asked"}
    assert {p.progress for p in problems} == wanted
    assert {p.closing for p in problems} == {"not_applied", "in_review", "closed"}
    states = {row.state for row in overview.rows(ledger, sample.DAY)}
    assert states == {"closed", "done", "kept_up", "overdue", "soon", "open"}
    assert [p.title for p in problems if p.publicity == "internal"] == ["执法过错责任追究偏宽偏软"]
    assert [m.lead for m in ledger.all(Measure) if m.publicity == "internal"] == ["严肃处理违规问题。"]
    assert any(m.parent for m in ledger.all(Measure))
    assert {c.conclusion for c in ledger.all(Closing)} == {None, "agree", "return"}


def test_its_figures_add_up(ledger: Ledger) -> None:
    assert {f.code for f in checks.findings(ledger, sample.DAY)} == {"overdue", "rule_expired"}


def test_the_numbers_its_notice_tells_are_those_of_the_ledger(ledger: Ledger) -> None:
    problems = ledger.all(Problem)
    measures = [m for m in ledger.all(Measure) if m.parent is None]
    meetings = ledger.all(Meeting, problem=None)
    body = next(c.body for c in ledger.all(Chapter) if c.role == "organisation") or ""
    secretary = next(one.name for one in ledger.all(Person) if one.code == "L01")
    counts = {
        r"(\d+)个方面": len({p.aspect for p in problems}),
        r"方面(\d+)个问题": len(problems),
        r"整改措施(\d+)项": len(measures),
        r"制度文件(\d+)件": ledger.count(Regulation),
        r"党组会议(\d+)次": sum(m.kind == "party" for m in meetings),
        r"领导小组会议(\d+)次": sum(m.kind == "leading" for m in meetings),
        r"领办(\d+)个重点问题": sum(p.lead_official == secretary for p in problems),
        r"已完成整改(\d+)个": sum(p.progress == "done" for p in problems),
        r"长期坚持(\d+)个": sum(p.progress == "kept_up" for p in problems),
        r"基本完成(\d+)个": sum(p.progress == "mostly_done" for p in problems),
        r"其余(\d+)个": sum(p.progress in ("under_way", "extension_asked") for p in problems),
        r"其中(\d+)个": sum(p.progress == "extension_asked" for p in problems),
    }
    assert {pattern: int(re.findall(pattern, body)[0]) for pattern in counts} == counts
    round_ = ledger.all(Inspection)[0]
    assert (round_.problems, round_.aspects, round_.groups) == (12, 3, 2)


def test_the_public_notice_leaves_out_what_is_internal_and_has_six_to_nine_pages(ledger: Ledger) -> None:
    notice = ledger.all(Notice)[0]
    public = compose.compose(ledger, notice, today=sample.DAY)
    internal = compose.compose(ledger, notice, today=sample.DAY, internal=True)
    words, all_words = plain.text(public), plain.text(internal)
    assert "缺数据" not in all_words
    assert "{" not in all_words
    for hidden in ("偏宽偏软", "私家车"):
        assert hidden not in words
        assert hidden in all_words
    assert "（3）关于“保证金" in words
    assert "（4）关于“保证金" in all_words
    assert 6 <= len(sheet.typeset(public).pages) <= 9


def test_a_ledger_made_for_its_unit_takes_the_sample_as_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    ledger = ledgers.new_ledger(tmp_path / "云汀.zgl", sample.unit_name(), "王")
    own = ledgers.own_unit(ledger, ledger)
    sample.load(ledger, "王")
    assert own is not None
    assert ledger.count(Unit, name=sample.unit_name()) == 1
    assert ledger.count(Problem, unit=own.id) == 12
    assert ledger.count(Unit, parent=own.id) == 6
    assert ledgers.own_unit(ledger, ledger) == ledger.get(Unit, own.id)


def test_two_ledgers_with_the_sample_meet_without_a_conflict(tmp_path: Path) -> None:
    one, other = loaded(tmp_path, "甲"), loaded(tmp_path, "乙")
    one.merge(history.changes(other))
    assert conflicts.conflicts(one) == []
    assert one.count(Problem) == 12


def test_its_papers_can_be_opened(ledger: Ledger) -> None:
    papers = [e.paper for e in ledger.all(Evidence)] + [r.paper for r in ledger.all(Regulation) if r.paper]
    assert len(papers) == 5
    for paper in papers:
        assert paper is not None
        assert len(b"".join(ledger.open_paper(paper))) == paper.size


def test_the_old_notice_can_be_taken_in(ledger: Ledger) -> None:
    (draft,) = recognise.recognise(read.read(sample.old_notice()))
    assert len(draft.problems) == 4
    assert draft.signature.endswith("岚口分局委员会")
    assert ledger.count(UnreadText) == 0


def test_no_sentence_of_the_seed_is_in_it(seed: Path) -> None:
    known = re.sub(r"\s", "", seed.read_text(encoding="utf-8"))
    for path in [*sample.folder().glob("*.toml"), sample.old_notice()]:
        words = re.sub(r"《[^》]*》|\s|工程建设项目招标范围和规模标准规定", "", path.read_text(encoding="utf-8"))
        shared = [words[at : at + 14] for at in range(len(words) - 13) if words[at : at + 14] in known]
        assert shared == [], path.name


def test_its_notice_read_again_gives_its_problems_and_their_categories(ledger: Ledger, tmp_path: Path) -> None:
    notice = ledger.all(Notice)[0]
    paper = tmp_path / "通报.txt"
    paper.write_text(plain.text(compose.compose(ledger, notice, today=sample.DAY)), encoding="utf-8")
    (draft,) = recognise.recognise(read.read(paper))
    known = {p.title: p.category for p in ledger.all(Problem) if p.publicity != "internal"}
    assert {p.title for p in draft.problems} == set(known)
    cues = ledger.all(Category)
    for problem in draft.problems:
        words = "\n".join([problem.title, *(m.lead + m.body for m in problem.measures)])
        found = categories.recognise(words, cues)
        assert (found or "category-other") == known[problem.title], problem.title
    assert sum(bool(p.ongoing) for p in draft.problems) == 8
