"""The registry of papers: what a kind asks for, what is refused, how a paper is written."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from db.errors import Refusal
from db.ledger.ledger import Ledger
from db.schema import kinds
from db.schema.composite import Span
from db.store.replica import Installation
from desktop_app.notices import papers, plain, tree
from desktop_app.notices.wanted import Kind, Wanted
from desktop_app.rectification import sample

DAY = date(2025, 10, 22)
SLIP = Kind(
    "slip",
    "提示",
    "试印。",
    lambda _facts, wanted: [
        tree.Document(f"第{k}张", (tree.Paragraph((tree.Run(wanted.text("words")),)),)) for k in (1, 2)
    ],
    options={"words": kinds.Text("内容"), "days": kinds.Whole("天数", least=0, default="20")},
)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    folder = tmp_path_factory.mktemp("papers")
    made = Ledger.create(folder / "台账.zgl", Installation(folder / "home"))
    sample.load(made, "王")
    return made


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("kind", papers.KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_says_what_it_is_and_what_its_form_begins_with(kind: Kind) -> None:
    assert papers.kind_named(kind.name) is papers.kind_named(kind.title) is kind
    assert kind.purpose.endswith("。")
    assert kind.name.isascii()
    assert set(kind.begun()) == {name for name, option in kind.options.items() if option.default}
    assert len({option.label for option in kind.options.values()}) == len(kind.options)
    assert kind.of or kind.records == "no"


def test_an_unknown_kind_or_option_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refusal, match="没有“海报”这种文书") as refused:
        papers.kind_named("海报")
    assert "notice（整改进展情况通报）" in refused.value.advice
    assert SLIP.read_options([("内容", " 请 补报 "), ("days", "")]) == {"words": "请 补报"}
    with pytest.raises(Refusal, match="没有“颜色”这个选项") as refused:
        SLIP.read_options([("颜色", "红")])
    assert "words（内容）" in refused.value.advice
    with pytest.raises(Refusal, match="不能小于 0"):
        SLIP.read_options([("days", "-1")])


@pytest.mark.parametrize(
    ("kind", "wanted", "sentence"),
    [
        (replace(SLIP, unit="must"), Wanted(DAY), "要先选定单位"),
        (replace(SLIP, records="must", of="problem"), Wanted(DAY), "要先选定问题"),
        (SLIP, Wanted(DAY, period=Span(DAY, DAY)), "不分期间"),
        (SLIP, Wanted(DAY, options={"days": -1}), "不能小于 0"),
        (replace(SLIP, make=lambda _facts, _wanted: []), Wanted(DAY), "没有可以印成“提示”的内容"),
    ],
)
def test_what_cannot_be_made_is_refused(facts: Ledger, kind: Kind, wanted: Wanted, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        papers.made(facts, kind, wanted)


def test_several_papers_are_one_file_each_counting_its_own_pages(facts: Ledger, tmp_path: Path) -> None:
    made = papers.made(facts, SLIP, Wanted(DAY, options={"words": "请于本周内补报。"}))
    told: list[tuple[int, int]] = []
    papers.write(made, tmp_path / "提示.pdf", "pdf", progress=lambda done, all_: told.append((done, all_)))
    assert told == [(1, 2), (2, 2)]
    document = pypdfium2.PdfDocument(str(tmp_path / "提示.pdf"))
    pages = [page.get_textpage().get_text_range() for page in document]
    assert ["第1张" in pages[0], "第2张" in pages[1]] == [True, True]
    assert all("— 1 —" in page for page in pages)
    assert [entry.get_title() if hasattr(entry, "get_title") else entry.title for entry in document.get_toc()] == [
        "第1张",
        "第2张",
    ]
    papers.write(made, tmp_path / "提示.txt", "txt")
    text = (tmp_path / "提示.txt").read_text("utf-8")
    assert text == "\n\n".join(map(plain.text, made.documents))


def test_a_cancelled_job_leaves_the_file_as_it_was(facts: Ledger, tmp_path: Path) -> None:
    made = papers.made(facts, SLIP, Wanted(DAY))
    target = tmp_path / "提示.pdf"
    target.write_bytes(b"before")
    asked = iter((False, True))
    with pytest.raises(Refusal, match="已取消"):
        papers.write(made, target, "pdf", cancelled=lambda: next(asked))
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["提示.pdf"]


def test_copies_are_numbered_upwards(facts: Ledger) -> None:
    made = papers.made(facts, papers.kind_named("notice"), Wanted(sample.DAY, sample.BRANCH))
    copies = papers.numbered(made, 3, first=8)
    assert [one.head.serial for one in copies.documents if one.head] == ["000008", "000009", "000010"]
    text = words(papers.to_bytes(copies, "pdf"))
    assert [text.count(f"{number:06d}") for number in (7, 8, 9, 10, 11)] == [0, 1, 1, 1, 0]
    with pytest.raises(Refusal, match="份数"):
        papers.numbered(made, 0)


def test_the_format_is_said_or_that_of_the_suffix(facts: Ledger) -> None:
    assert papers.format_of(Path("通报.PDF")) == "pdf"
    assert papers.format_of(Path("通报"), "txt") == "txt"
    with pytest.raises(Refusal, match=r"不能印成“通报\.jpg”"):
        papers.format_of(Path("通报.jpg"))
    wanted = Wanted(DAY, sample.BRANCH)
    assert papers.file_name(facts, SLIP, wanted).endswith("2025-10-22.pdf")
    assert papers.file_name(facts, SLIP, wanted).startswith("提示（")


def test_the_pictures_of_a_paper_come_from_the_ledger(facts: Ledger) -> None:
    path = sample.folder() / "papers" / "acceptance.txt"
    sheet = facts.keep(path)
    document = tree.Document("图", (tree.Picture(sheet.hash, 10, 10, "收据"),))
    assert papers.pictures(facts, [document]) == {sheet.hash: path.read_bytes()}
    with pytest.raises(Refusal, match="没有这个文件"):
        papers.pictures(facts, [tree.Document("图", (tree.Picture("0" * 64, 10, 10, "收据"),))])
