"""The stored form of a notice: canonical, read back equal, and strict about what it does not know."""

from __future__ import annotations

import json

import pytest

from desktop_app.notices import plain, stored, tree

NOTICE = tree.Document(
    title="关于某某整改进展情况的通报",
    blocks=(
        tree.Heading(1, "一、整改组织情况"),
        tree.Paragraph((tree.Run("一是压实责任。", "kai", "measure:1"), tree.Run("逐项对账。"))),
        tree.Heading(3, "1.关于“台账不清”问题的整改。", (tree.Run("已完成。"),), "problem:1"),
        tree.Attachments(("整改台账",)),
    ),
    signature=tree.Signature("某某分局", "2021年11月3日", "room"),
    head=tree.Head("某某分局文件", "某公〔2021〕8号"),
    imprint=tree.Imprint("某某分局办公室", "2021年11月3日"),
)


def test_read_back_equal_and_canonical() -> None:
    kept = stored.to_json(NOTICE)
    assert stored.from_json(kept) == NOTICE
    assert stored.to_json(stored.from_json(kept)) == kept
    assert "kai" in kept
    assert '"language"' not in kept  # defaults are left out, so a later field does not change old digests


def test_digest_follows_the_words() -> None:
    other = tree.Document(title=NOTICE.title + "！")
    assert stored.digest(NOTICE) != stored.digest(other)
    assert len(stored.digest(NOTICE)) == 64


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.update(node="Poem"),
        lambda d: d.update(format=2),
        lambda d: d.update(flavour="red"),
        lambda d: d.update(title=5),
        lambda d: d.pop("title"),
        lambda d: d["blocks"][1]["runs"][0].update(face="comic"),
        lambda d: d["blocks"].append({"node": "Run", "text": "loose"}),
        lambda d: d.update(node="Run"),
    ],
)
def test_what_is_not_known_fails_loudly(spoil: object) -> None:
    raw = json.loads(stored.to_json(NOTICE))
    spoil(raw)  # type: ignore[operator]
    with pytest.raises(ValueError):
        stored.from_json(json.dumps(raw))


def test_texts_are_the_printed_words() -> None:
    words = list(tree.texts(NOTICE))
    assert "一是压实责任。" in words
    assert "kai" not in words
    assert "measure:1" not in words


def test_text_names_signers_and_copies_as_the_paper_prints_them() -> None:  # 7.2.5, 7.2.6, 7.4.2
    head = tree.Head("某某局文件", "某公〔2021〕8号", signer="王某、欧阳某某，李某")
    document = tree.Document("", head=head, imprint=tree.Imprint("某局办公室", "2021年11月3日", "市局党委"))
    assert plain.text(document).splitlines() == [
        "某某局文件", "签发人：王某\u3000欧阳某某", "某公〔2021〕8号", "李某", "抄送：市局党委。", "某局办公室\u30002021年11月3日印发"
    ]  # fmt: skip
    letter = tree.Document("", head=tree.Head("", organs=("某局", "某院")), form="letter")
    assert plain.text(letter) == "某局\n"
