"""What is found is what a plain look through every record finds: after any deeds, undos, merges and changes of definitions."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from branches import DEFINING, STORIES, Step, do, folder, offices
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Refusal
from db.ledger.change import Deed, Edit
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.ledger.searching import Search
from db.schema import composite, folding, kinds, links, pinyin, prose
from db.schema.body import Body
from db.schema.kinds import Kind
from db.schema.record import Record
from db.schema.records import Measure
from db.store.finder import Finder

MOST = 10_000
NAMES = (kinds.Text, links.Texts, composite.Paper)


@contextmanager
def searching(facts: Facts) -> Iterator[Search]:
    """A search with an index of its own that goes with it."""
    made = Search(facts, Finder(None), {})
    yield made
    made.close()


def found(search: Search, typed: str) -> list[tuple[str, str]]:
    """Everything that is found, shelf by shelf in its order; as many as are counted."""
    hits = [search.find(typed, shelf, MOST) for shelf in (0, 1)]
    for shelf in (0, 1):
        assert search.count(typed, shelf, MOST) == (len(hits[shelf]), False)
        few = search.count(typed, shelf, 1)
        assert few[0] == min(1, len(hits[shelf]))
        assert few[1] >= (len(hits[shelf]) > 1)
        counts = search.counts(typed, shelf)
        assert sum(counts.values()) == len(hits[shelf])
        assert all(counts[one.record] for one in hits[shelf])
    return [(one.record, one.id) for some in hits for one in some]


# -- the plain way -----------------------------------------------------------------------------------------------------


def plain(facts: Facts, typed: str) -> set[tuple[str, str]]:
    """The records that hold every word of what is typed, by looking at all of them."""
    words = folding.words(typed)
    there = [(name, one) for name in facts.tables.records for one in facts.every(name)]
    if not words:
        return set()
    return {(name, one.id) for name, one in there if all(holds(facts, name, one, word) for word in words)}


def holds(facts: Facts, name: str, record: Record, word: str) -> bool:
    if name in ("definition", "amendment"):
        return False
    told = list(shown(facts, name, record))
    marked = {field: (kind, words) for field, kind, words in told if field in facts.schema(name).marks}
    named = {field: words for field, (kind, words) in marked.items() if isinstance(kind, NAMES)}
    called = named or {field: words for field, (_kind, words) in marked.items()}
    title = facts.schema(name).line(called) if called else ""
    everything = [title, *(words for _field, _kind, words in told)]
    if any(word in folding.fold(words) for words in everything):
        return True
    if len(word) == 1:
        return spelt(word, folding.fold(title), first=True)
    names = [title, *(words for _field, kind, words in told if isinstance(kind, NAMES))]
    return any(spelt(word, folding.fold(one)) for one in names)


def shown(facts: Facts, name: str, record: Record) -> Iterator[tuple[str, Kind[object], str]]:
    for field in facts.schema(name).fields:
        value = getattr(record, field.name)
        if value is None or field.kind.section == "印文":
            continue
        if isinstance(field.kind, links.Ref | links.Refs | kinds.YesNo | Body):
            continue
        words = value.name if isinstance(field.kind, composite.Paper) else field.kind.show(value)
        if isinstance(field.kind, kinds.Day):
            words += f" {value.year}年{value.month}月{value.day}日"
        yield field.name, field.kind, words


def spelt(word: str, name: str, *, first: bool = False) -> bool:
    """Whether letters spell a part of a name, by trying every way."""
    if not (word.isascii() and word.isalnum() and any(one.isalpha() for one in word)):
        return False
    said = [heard for one in name if (heard := pinyin.every_reading(one))]
    return any(_tried(word, said[at:]) for at in range(1 if first else len(said)) if at < len(said))


def _tried(word: str, said: list[tuple[str, ...]]) -> bool:
    if not said:
        return False
    for one in said[0]:
        if one.startswith(word):
            return True
        for part in {one, one[0], one[:2] if one[:2] in ("zh", "ch", "sh") else one}:
            if word.startswith(part) and _tried(word[len(part) :], said[1:]):
                return True
    return False


# -- laws --------------------------------------------------------------------------------------------------------------

SIGNS = "滨湖分局重庆行长单某整改好了，。（）《》“”、：；％㎡￥"
LATIN = "aBcxyzhng０９Ａｚ1234567890,.-%() "
TEXT = st.text(st.sampled_from(SIGNS + LATIN) | st.characters(codec="utf-8"), min_size=1, max_size=24)
LETTERS = st.text(st.sampled_from("bhfjzcqxdsgan1"), min_size=1, max_size=7) | st.sampled_from(
    [
        "binhu",
        "bhfj",
        "binhfj",
        "zhongq",
        "chongqing",
        "hz",
        "xingzhang",
        "hangzhang",
        "shan",
        "dan",
        "zg",
        "zhg",
        "haole",
    ]
)


@given(
    texts=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5),
    cuts=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30), st.integers(1, 8)), min_size=1, max_size=6),
    others=st.lists(TEXT | LETTERS, max_size=4),
)
def test_a_search_is_a_look_through_everything(
    texts: list[tuple[str, str]], cuts: list[tuple[int, int, int]], others: list[str]
) -> None:
    """Any part of a text, from one character, and anything else: found exactly where it is."""
    with offices(1) as made, searching(made.ledgers[0]) as search:
        (ledger,) = made.ledgers
        whole = put(ledger, texts)
        search.refresh()
        parts = [whole[which % len(whole)][start : start + size] for which, start, size in cuts if whole]
        for typed in (*parts, *others, f"{parts[0] if parts else ''} {others[0] if others else ''}"):
            hits = found(search, typed)
            assert len({*hits}) == len(hits)
            assert {*hits} == plain(ledger, typed), typed


def put(ledger: Ledger, texts: list[tuple[str, str]]) -> list[str]:
    """Measures with these texts as far as a field takes them; the texts that were taken."""
    taken: list[str] = []
    for number, (lead, body) in enumerate(texts):
        values: dict[str, str] = {}
        for name, kind, words in (("lead", kinds.Text("x"), lead), ("body", prose.Prose("x"), prose.escape(body))):
            try:
                value = kind.parse(unicodedata.normalize("NFC", words))
            except Refusal:
                continue
            if value:
                values[name] = value
                taken.append(value)
        if values:
            ledger.act(Deed("写", "某人", (Edit("measure", f"m{number}", values),)))
    return taken


@given(
    story=STORIES | DEFINING,
    look=st.sets(st.integers(0, 24)),
    typed=st.sampled_from(["1", "标题2", "正文", "bt", "x3", "zw 4"]),
)
def test_found_after_any_story(story: list[Step], look: set[int], typed: str) -> None:
    """Deeds, undos, merges, conflicts, definitions that come and go: an index that follows finds what is there, and is the one
    that is made anew."""
    with offices(2) as made, searching(made.ledgers[0]) as search:
        here = made.ledgers[0]
        for number, step in enumerate(story):
            do(made.ledgers, step)
            if number in look:
                search.refresh()
                assert {*found(search, typed)} == plain(here, typed)
        search.refresh()
        assert search.behind() == 0
        assert search.refresh() == 0
        hits = found(search, typed)
        assert {*hits} == plain(here, typed)
        with searching(here) as anew:
            anew.refresh()
            assert found(anew, typed) == hits
        here.rebuild()
        search.refresh()
        assert found(search, typed) == hits


@given(story=STORIES, other=STORIES)
def test_an_index_of_another_file_is_made_anew(story: list[Step], other: list[Step]) -> None:
    """An older copy put in the place of the file, or another one altogether: nothing of what was there is found."""
    with offices(2) as made, folder() as place:
        for step in story:
            do(made.ledgers[:1], Step(step.what, 0, step.record, 0, step.value))
        for step in other:
            do(made.ledgers[1:], Step(step.what, 0, step.record, 0, step.value))
        for ledger in made.ledgers:
            search = Search(ledger, Finder(place / "index"), {})
            search.refresh()
            for typed in ("标题", "1", "正文2"):
                assert {*found(search, typed)} == plain(ledger, typed)
            search.close()


def test_the_latest_come_first_and_titles_before_texts() -> None:
    with offices(1) as made, searching(made.ledgers[0]) as search:
        (ledger,) = made.ledgers
        said = {
            "m1": Measure(lead="滨湖分局"),
            "m2": Measure(lead="滨湖分局整改"),
            "m3": Measure(lead="某市滨湖分局"),
            "m4": Measure(lead="其他", body="滨湖分局"),
            "m5": Measure(lead="斌胡飞见"),
            "m6": Measure(lead="滨湖分局办公室"),
        }
        for identifier, one in said.items():
            values = {name: value for name in ("lead", "body") if (value := getattr(one, name))}
            ledger.act(Deed("写", "某人", (Edit("measure", identifier, values),)))
        search.refresh()
        assert [one.id for one in search.find("滨湖分局", 0)] == ["m1", "m6", "m2", "m3", "m4"]
        ledger.act(Deed("写", "某人", (Edit("measure", "m2", {"number": 2}),)))
        search.refresh()
        assert [one.id for one in search.find("滨湖分局", 0)] == ["m1", "m2", "m6", "m3", "m4"]
        ranks = {one.id: one.rank for one in search.find("bhfj", 0)}
        assert ranks == {"m1": 2, "m2": 2, "m5": 2, "m6": 2, "m3": 5}
        assert [one.id for one in search.find("滨湖分局", 0, 2)] == ["m1", "m2"]
