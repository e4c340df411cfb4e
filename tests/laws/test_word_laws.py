"""Laws of the Word twin, on trees nobody would compose: Word takes the file, it says all words in order, intake reads them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_intake_laws import GOLDEN
from test_roundtrip_laws import bare, reprinted
from test_typeset_laws import paragraphs, runs
from word_reading import check, expected, squash, words

from db.errors import Refusal
from desktop_app.intake.read import read
from desktop_app.intake.read_docx import docx_source
from desktop_app.intake.recognise import recognise
from desktop_app.intake.retell import words as told
from desktop_app.notices import front, plain, sheet, tree, word, word_media

SEAL = word_media.png(4, 4, bytes(48))
DIGEST = hashlib.sha256(SEAL).hexdigest()
PICTURES = {DIGEST: SEAL}
FEW = settings(max_examples=max(10, settings().max_examples // 3))

short = st.text(st.sampled_from('关于市委巡察整改进展情况的通报某局甲乙丙1.5%，、“”（）<&>"'), max_size=12)
names = st.text(st.sampled_from("某市区公安分局委员会办公室"), min_size=2, max_size=14)
coloured = st.builds(
    tree.Run,
    paragraphs,
    st.sampled_from(["body", "kai", "hei", "song"]),
    st.just("measure:1"),
    st.sampled_from(["", "added", "removed"]),
    st.sampled_from(["black", "red", "green", "amber", "blue", "grey"]),
)
cell_words = st.lists(st.lists(st.builds(tree.Run, short), max_size=2).map(tuple), max_size=3).map(tuple)

cells_of = st.builds(
    tree.TableCell,
    cell_words,
    align=st.sampled_from([None, "right", "justify"]),
    fill=st.sampled_from([None, "red"]),
)
rows_of = st.builds(
    tree.TableRow,
    st.just(()),
    st.sampled_from(["body", "body", "group", "total"]),
    st.sampled_from([1.0, 3.0]),
    st.booleans(),
)


@st.composite
def rows(draw: st.DrawFn, width: int, most: int) -> tuple[tree.TableRow, ...]:
    """Rows whose cells go over several rows and columns and fit each other."""
    count = draw(st.integers(0, most))
    taken = [[False] * width for _ in range(count)]
    made = []
    for k in range(count):
        cells, at = [], 0
        while at < width:
            if taken[k][at]:
                at += 1
                continue
            free = next((c for c in range(at, width) if taken[k][c]), width) - at
            wide, high = draw(st.integers(1, free)), draw(st.sampled_from([1, 1, 1, 2, 3]))
            high = min(high, count - k)
            for down in range(k, k + high):
                taken[down][at : at + wide] = [True] * wide
            cells.append(replace(draw(cells_of), rows=high, columns=wide))
            at += wide
        made.append(replace(draw(rows_of), cells=tuple(cells)))
    return tuple(made)


@st.composite
def tables(draw: st.DrawFn) -> tree.Table:
    columns = draw(st.lists(st.builds(tree.Column, short, st.sampled_from([1.0, 0.3, 5.0])), min_size=1, max_size=6))
    width = len(columns)
    return tree.Table(
        tuple(columns),
        draw(rows(width, 5)),
        draw(rows(width, 2)),
        draw(short),
        draw(st.sampled_from(["", "元"])),
        draw(st.sampled_from([(), ("注：一。", "二。")])),
        draw(st.sampled_from(["x4", "5", "3"])),
        draw(st.booleans()),
    )


charts = st.builds(
    tree.Chart,
    st.sampled_from(["columns", "bars", "line", "pie"]),
    short,
    st.just(("一月", "二月")),
    st.just((tree.Series("甲", (1.0, None)),)),
)
worded = st.one_of(
    st.builds(
        tree.Paragraph,
        st.lists(coloured, max_size=3).map(tuple),
        st.sampled_from(["body", "flush", "centre", "right", "listed"]),
        st.sampled_from(["3", "x4", "2", "6"]),
    ),
    st.builds(tree.Paragraph, short.map(lambda text: (tree.Run(text),)), st.just("title")),
    st.builds(tree.Heading, st.integers(1, 4), paragraphs, st.lists(runs, max_size=2).map(tuple)),
    st.builds(tree.Attachments, st.lists(short, min_size=1, max_size=3).map(tuple)),
    st.builds(tree.Space, st.integers(0, 3)),
    st.just(tree.Break()),
)
simple = st.one_of(
    worded,
    worded,
    st.builds(tree.Picture, st.just(DIGEST), st.sampled_from([20.0, 400.0]), st.just(30.0), short, short),
    st.builds(tree.Cut, short),
    tables(),
    tables(),
    charts,
)
nested = st.one_of(
    st.builds(tree.Section, st.lists(simple, max_size=4).map(tuple), st.sampled_from(["upright", "landscape"])),
    st.builds(
        tree.Section,
        st.lists(worded, max_size=4).map(tuple),
        st.just("newspaper"),
        st.integers(4, 6),
        st.sampled_from(["", "城市日报"]),
        st.integers(1, 20),
    ),
)
blocks = st.one_of(st.lists(st.one_of(simple, simple, nested), max_size=8).map(tuple), st.tuples(nested))
signers = st.text(
    st.sampled_from("某市区公安分局"), min_size=1, max_size=6
)  # longer ones may be broken beside each other
signatures = st.builds(
    tree.Signature,
    signers,
    st.just("2021年11月3日"),
    st.sampled_from(["none", "room", "picture", "signed"]),
    others=st.lists(signers, max_size=3).map(tuple),
    seals=st.just((DIGEST,) * 4),
    post=st.just("局长"),
)
heads = st.builds(
    tree.Head,
    st.sampled_from(["", "某某分局文件", "文件", "中共某某市公安局东湖经济技术开发区分局委员会办公室文件"]),
    st.sampled_from(["", "某公〔2021〕8号"]),
    st.sampled_from(["", "000123"]),
    st.sampled_from(["", "机密★1年"]),
    st.sampled_from(["", "特急"]),
    st.sampled_from(["", "王某", "王某、欧阳某某、李某某"]),
    st.lists(names, max_size=3).map(tuple),
)
documents = st.builds(
    tree.Document,
    title=st.text(st.sampled_from("关于市委巡察整改进展情况的通报某局"), max_size=60),
    blocks=blocks,
    signature=st.one_of(st.none(), signatures),
    after=st.lists(simple, max_size=2).map(tuple),
    head=st.one_of(st.none(), heads),
    addressees=st.sampled_from(["", "各派出所："]),
    note=st.sampled_from(["", "此件公开发布"]),
    imprint=st.sampled_from([None, tree.Imprint("办公室", "2021年11月3日", "市委，市政府。", "各分局。")]),
    annexes=st.lists(st.builds(tree.Annex, short, blocks, st.integers(0, 2)), max_size=2).map(tuple),
    form=st.sampled_from(["document", "document", "letter", "order", "minutes", "sheet"]),
    code=st.sampled_from([None, tree.Code("zhenggai:0123456789", ("校验码", "0123"))]),
    colour=st.sampled_from(["black", "black", "red"]),
)


def printable(document: tree.Document) -> bool:
    """Whether the typesetter takes the paper; what it refuses (a head without room) Word need not take either."""
    try:
        sheet.typeset(document)
    except Refusal:
        return False
    return True


@FEW
@given(documents)
def test_word_takes_the_file_and_it_says_every_word(document: tree.Document) -> None:
    assume(printable(document))
    if document.form == "letter" and document.imprint:  # that of a letter has no office and no date, 10.1
        document = replace(document, imprint=replace(document.imprint, office="", date=""))
    data = word.to_bytes(document, PICTURES)
    assert data == word.to_bytes(document, PICTURES), "same input, other bytes"
    check(data)
    if document.head is not None and front.front(document).moved:
        document = replace(document, addressees="")
        assert document.imprint
        document = replace(document, imprint=replace(document.imprint, main="各派出所。"))
    said, rest = words(data), expected(replace(document, head=None))
    if document.form == "letter" and document.imprint:
        rest = rest.replace("印发", "")
    assert said.endswith(rest)
    assert sorted(said[: len(said) - len(rest)]) == sorted(of_head(document))


def of_head(document: tree.Document) -> str:
    """The words of a head; a letter names the first organ of a joint issue alone, signers stand in columns without 、."""
    head = document.head
    if head is None:
        return ""
    organs = "".join(head.organs)
    if document.form == "letter":
        organs, mark = (head.organs[0] if head.organs and not head.mark else ""), head.mark
    else:
        mark = head.mark
    signer = f"签发人：{head.signer.replace('、', '')}" if head.signer and (mark or organs) else ""
    return squash("".join((head.serial, head.secrecy, head.urgency, organs, mark, head.document_number, signer)))


@FEW
@given(documents)
def test_intake_reads_the_words_of_the_file(document: tree.Document) -> None:
    assume(printable(document))
    data = word.to_bytes(document, PICTURES)
    read = docx_source("通报.docx", data)
    end = min((one.place.start for one in read.furniture), default=len(read.text))
    assert squash(read.text[:end]) == words(data)


@FEW
@given(st.lists(documents, min_size=2, max_size=3))
def test_papers_bound_in_a_file_say_what_each_says(several: list[tree.Document]) -> None:
    assume(all(map(printable, several)))
    data = word.bound(several, PICTURES)
    check(data)
    assert words(data) == "".join(words(word.to_bytes(one, PICTURES)) for one in several)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda p: p.stem)
def test_a_notice_is_recognised_in_its_word_twin_as_in_its_text(path: Path, tmp_path: Path) -> None:
    paper = read(path)
    for draft in recognise(paper):
        document = reprinted(draft, paper)
        (tmp_path / "通报.docx").write_bytes(word.to_bytes(document))
        (tmp_path / "通报.txt").write_text(plain.text(document), "utf-8")
        twin, text = (recognise(read(tmp_path / name)) for name in ("通报.docx", "通报.txt"))
        assert [bare(told(one)) for one in twin] == [bare(told(one)) for one in text]
