"""Intake never loses a character, never raises but a refusal, reads back what it can print, and stays linear in time."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.errors import Refusal
from desktop_app.intake.draft import Aspect, Chapter, Draft, Item, NextSteps, Ongoing, Problem, Step
from desktop_app.intake.marks import chinese_numeral, number_of
from desktop_app.intake.read import read
from desktop_app.intake.recognise import nothing_lost, recognise
from desktop_app.intake.retell import as_json, words
from desktop_app.intake.source import Source

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "intake").glob("*.txt"))

_PIECES = st.sampled_from(
    [
        "一是",
        "二是",
        "三是",
        "统一是",
        "一、",
        "二、",
        "三、",
        "（一）",
        "（二）",
        "(三)",
        "1.",
        "2.",
        "3．",
        "1、",
        "（1）",
        "（2）",
        "1)",
        "2）",
        "①",
        "②",
        "第一，",
        "问题1：",
        "问题二：",
        "关于“学习不够”问题的整改。",
        "针对",
        "存在",
        "不到位",
        "聚焦…方面",
        "整改措施：",
        "整改情况:",
        "【整改成效】",
        "正在深化整改的内容及时限：",
        "下一步，",
        "下一步工作打算",
        "责任领导：",
        "整改时限：",
        "《办法》",
        "《",
        "》",
        "“",
        "”",
        "（",
        "）",
        "{",
        "}",
        "{title}",
        "{phone}",
        "制定出台",
        "印发",
        "2021年11月3日",
        "二〇二二年五月一日",
        "12月底前",
        "今年年底",
        "年内",
        "上接第3版>>>",
        "下转第2版",
        "—",
        "1",
        "—",
        "首页>正文",
        "发布时间：",
        "打印",
        "关闭",
        "中共甲县乙局党组",
        "中共甲县乙局党组关于巡察整改情况的通报",
        "各科室：",
        "特此通报。",
        "联系电话：0510-12345678",
        "邮编：214000",
        "地址：某路1号",
        "a@b.cn",
        "＠",
        "欢迎监督。",
        "附件：",
        "51.5%",
        "33000余路",
        "5万至30万元",
        "百分之三十",
        "。",
        "；",
        "，",
        "：",
        "!",
        "?",
        "…",
        "\n",
        "\n\n",
        "\u3000\u3000",
        "\t",
        "甲乙丙丁",
        "开展检查，整改问题",
        "强化管理。",
        "abc",
        "x-y",
        "00",
        "\u3000",
        "\ufeff",
        "\x0c",
        "\u2028",
        "\x1c",
    ]
)
texts = st.lists(_PIECES | st.text(max_size=4), max_size=60).map("".join)


def source(text: str, *, wrapped: bool | None = None) -> Source:
    return Source("x.txt", "txt", text, wrapped)


def conserved(text: str, drafts: tuple[Draft, ...]) -> None:
    assert nothing_lost(text, drafts), "characters lost or invented"


@given(texts, st.sampled_from([None, True, False]))
@settings(max_examples=settings().max_examples * 5)
def test_no_character_is_lost(text: str, wrapped: bool | None) -> None:
    drafts = recognise(source(text, wrapped=wrapped))
    conserved(text, drafts)
    assert drafts
    as_json(drafts)
    for draft in drafts:
        places = [f.place for f in draft.findings] + [t.place for t in draft.titles] + [u.place for u in draft.unread]
        for place in (*places, *(d.place for d in draft.deadlines), *(p.place for p in draft.problems)):
            assert 0 <= place.start <= place.end <= len(text)
        for amount in draft.amounts:
            between = "".join(text[amount.place.start : amount.place.end].split())
            for piece in draft.unread:  # a page reference may stand in the middle of a number, and was taken out
                if amount.place.start <= piece.place.start and piece.place.end <= amount.place.end:
                    between = between.replace("".join(piece.text.split()), "", 1)
            assert between == "".join(amount.text.split())


@given(st.sampled_from(GOLDEN), st.data())
@settings(max_examples=settings().max_examples * 2)
def test_no_character_of_a_mutated_notice_is_lost(path: Path, data: st.DataObject) -> None:
    text = path.read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        until = data.draw(st.integers(at, min(len(text), at + 40)))
        text = text[:at] + data.draw(_PIECES) + text[until:]
    drafts = recognise(source(text))
    conserved(text, drafts)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda p: p.stem)
def test_real_shapes_are_read_without_the_safety_net(path: Path) -> None:
    for draft in recognise(source(path.read_text(encoding="utf-8"))):
        assert "not_recognised" not in [finding.code for finding in draft.findings]


@given(st.binary(max_size=400), st.sampled_from([".txt", ".docx", ".pdf", ".xyz"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str) -> None:
    path = tmp_path_factory.mktemp("any") / f"件{suffix}"
    path.write_bytes(data)
    try:
        found = read(path)
    except Refusal as problem:
        refusal = problem
    else:
        conserved(found.text, recognise(found))
        return
    assert refusal.sentence
    assert refusal.advice


@pytest.mark.parametrize(
    "piece",
    [
        "一是", "。一是", "。一是甲。二是", "《", "》", "“", "（", "1.", "1.\n", "（一）\n", "\n一、", "整改措施：", "关于", "针对“", "年底前", "预计", "12月底前",
        "共共", "5万", "0510-", "a@", "@", "中共", "上接第", "第 ", "\n\n", " ", "　", "以甲为牵引，", "下一步，\n", "9", "。", "关于甲问题\n", "联系电话：\n",
        "2021年11月3日\n", "中共甲局党组\n2021年11月3日\n", "中共甲局党组关于巡察整改情况的通报\n", "欢迎", "存在", "持续", "问题1：\n", "整改\n", "同比", "较",
    ],
)  # fmt: skip
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    def cost(size: int) -> float:
        text = piece * (size // len(piece))
        begin = time.process_time()
        conserved(text, recognise(source(text)))
        return time.process_time() - begin

    assert cost(70_000) < 5, f"slow on {piece!r}"


# --- a notice printed from a draft reads back to the same draft -----------------------------------------------------

_CLAUSES = st.sampled_from(
    [
        "组织开展专项检查，逐项登记造册",
        "召开专题会议研究部署，明确牵头部门和完成时限",
        "修订《内部管理办法》，堵塞制度漏洞",
        "清理闲置资产46处，盘活资金320万元",
        "培训业务骨干120名，合格率达98.5%",
        "统一是工作的前提，大家要心往一处想",
        "群众满意度较去年同期上升6个百分点",
        "落实“一岗双责”，层层传导压力",
    ]
)
_LEADS = st.sampled_from(["强化组织领导。", "完善制度机制。", "严格日常监督。", "提升服务水平。", "注重能力培养。"])
_TITLES = st.sampled_from(
    ["理论学习不够深入", "财务审批把关不严", "项目建设进展缓慢", "服务群众意识淡薄", "队伍管理失之于宽"]
)
_ASPECTS = st.sampled_from(["聚焦决策部署落实方面", "聚焦群众身边问题方面", "聚焦基层组织建设方面"])
_UNITS = st.sampled_from(["中共甲江县水利局党组", "中共乙山区财政局委员会", "中共丙湖市公安局丁分局党组"])


def _bodies(low: int = 1) -> st.SearchStrategy[str]:
    return st.lists(_CLAUSES, min_size=low, max_size=3, unique=True).map(lambda cs: "".join(c + "。" for c in cs))


def _numbered(style: str, number: int) -> str:
    return {
        "一是": chinese_numeral(number) + "是",
        "（1）": f"（{number}）",
        "1.": f"{number}.",
        "1．": f"{number}．",
        "1、": f"{number}、",
        "①": "①②③④⑤⑥⑦⑧⑨"[number - 1],
        "（一）": f"（{chinese_numeral(number)}）",
        "一、": chinese_numeral(number) + "、",
        "问题1": f"问题{number}：",
    }[style]


@st.composite
def _items(draw: st.DrawFn, styles: tuple[str, ...], first_runs_on: bool) -> tuple[Item, ...]:
    style, running = draw(st.sampled_from(styles)), draw(st.booleans())
    count = draw(st.integers(2, 4))
    nested = draw(st.integers(-3, count - 1)) if style != "①" else -1
    result = []
    for number in range(1, count + 1):
        children: tuple[Item, ...] = ()
        if number - 1 == nested:
            children = tuple(
                Item(n, _numbered("①", n), draw(_LEADS), draw(_bodies(0)), (), False)
                for n in range(1, draw(st.integers(2, 3)) + 1)
            )
        paragraph = (not running) if number > 1 else (not running and not first_runs_on)
        result.append(Item(number, _numbered(style, number), draw(_LEADS), draw(_bodies(0)), children, paragraph))
    return tuple(result)


@st.composite
def _problem(draw: st.DrawFn, number: int, style: str, chapter: int, aspect: int | None) -> Problem:
    mark = _numbered(style, number)
    label = draw(st.sampled_from(["整改措施：", "整改情况：", "整改落实情况：", "整改措施及阶段性成效："]))
    shape = draw(st.sampled_from(["关于“{title}”问题的整改。", "关于“{title}”的问题", "针对{title}的问题。"]))
    statement = draw(st.sampled_from(["", "问题表现：个别环节管理粗放。"]))
    alone = draw(st.booleans())
    ongoing: tuple[Ongoing, ...] = ()
    ongoing_label = ""
    if draw(st.booleans()):
        ongoing_label = draw(st.sampled_from(["下一步打算：", "正在深化整改的内容及时限：", "下一步整改措施："]))
        ongoing = (Ongoing("继续完善信息平台，预计2022年12月底前完成。"),)
    return Problem(
        number=number,
        mark=mark,
        title=draw(_TITLES),
        heading=shape,
        aspect=aspect,
        statement=statement,
        measures_label=label,
        measures=draw(_items(("一是", "（1）", "①"), first_runs_on=not alone)),
        ongoing_label=ongoing_label,
        ongoing=ongoing,
        chapter=chapter,
    )


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """A notice as clerks build them; places are left empty."""
    unit = draw(_UNITS)
    with_aspects = draw(st.booleans())
    style = draw(st.sampled_from(["1.", "1．", "1、", "问题1"] if with_aspects else ["（一）", "1.", "1、", "问题1"]))
    aspects, problems = [], []
    number = 0
    for index in range(draw(st.integers(1, 2)) if with_aspects else 1):
        if with_aspects:
            aspects.append(Aspect(_numbered("（一）", index + 1), index + 1, draw(_ASPECTS), level=1, chapter=1))
        for _ in range(draw(st.integers(1, 3))):
            number += 1
            problems.append(draw(_problem(number, style, 1, index if with_aspects else None)))
    step_style = draw(st.sampled_from(["一是", "（一）"]))
    steps = tuple(
        Step(n, _numbered(step_style, n), draw(_LEADS), draw(_bodies(1))) for n in range(1, draw(st.integers(2, 4)) + 1)
    )
    chapters = (
        Chapter("一、", 1, "党组履行整改主体责任情况", "organisation", draw(_bodies(1))),
        Chapter("二、", 2, "反馈意见整改落实情况", "problems"),
        Chapter("三、", 3, "下一步工作打算", "next_steps"),
    )
    return Draft(
        title=unit + "关于巡察整改进展情况的通报",
        issuer=unit,
        opening="按照县委统一部署，巡察组对本单位开展了常规巡察，现将整改进展情况通报如下。",
        chapters=chapters,
        aspects=tuple(aspects),
        problems=tuple(problems),
        next_steps=NextSteps(draw(st.sampled_from(["", "我们将持续用力，久久为功。"])), steps),
        signature=unit,
        date_text="2022年6月30日",
        tail=("signature", "date"),
    )


def _bare(draft: Draft) -> Draft:
    """The tree without places and what is recognised inside the text."""

    def item(found: Item) -> Item:
        return replace(
            found, place=Item().place, paragraph=False, children=tuple(item(child) for child in found.children)
        )

    return Draft(
        title=draft.title,
        issuer=draft.issuer,
        opening=draft.opening,
        chapters=tuple(replace(c, place=Chapter().place) for c in draft.chapters),
        aspects=tuple(replace(a, place=Aspect().place) for a in draft.aspects),
        problems=tuple(
            replace(
                p,
                place=Problem().place,
                measures=tuple(item(m) for m in p.measures),
                ongoing=tuple(Ongoing(o.content) for o in p.ongoing),
            )
            for p in draft.problems
        ),
        next_steps=draft.next_steps
        and replace(
            draft.next_steps,
            items=tuple(replace(s, place=Step().place, paragraph=True) for s in draft.next_steps.items),
        ),
        signature=draft.signature,
        date_text=draft.date_text,
        tail=draft.tail,
    )


def hard_wrapped(text: str, width: int = 28) -> str:
    """Printed lines as in a newspaper column, first lines indented."""
    lines = []
    for paragraph in text.split("\n"):
        rest = "　　" + paragraph
        while rest:
            lines.append(rest[:width])
            rest = rest[width:]
    return "\n".join(lines)


@given(drafts(), st.booleans())
@settings(max_examples=settings().max_examples * 2)
def test_a_printed_draft_reads_back_to_the_same_tree(draft: Draft, wrapped: bool) -> None:
    text = words(draft)
    found = recognise(source(hard_wrapped(text) if wrapped else text))
    assert len(found) == 1
    assert _bare(found[0]) == _bare(draft)


@given(st.integers(1, 99))
def test_numerals_come_back(value: int) -> None:
    assert number_of(chinese_numeral(value)) == value
