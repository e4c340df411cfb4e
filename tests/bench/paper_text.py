"""A paper of any length for the benches: invented sentences with figures, quotes and titles of rules, always the same ones."""

from __future__ import annotations

import random
from collections.abc import Iterator

from desktop_app.notices import tree

WHO = (
    "法制大队",
    "刑侦大队",
    "警务保障室",
    "政治处",
    "各派出所",
    "督察大队",
    "办公室",
    "整改领导小组",
    "案管中心",
    "纪检组",
)
_DID = (
    "对照反馈意见逐条列出清单",
    "修订完善《涉案财物管理规定（试行）》",
    "组织开展“以案促改”专题学习",
    "全面核查近三年的台账资料",
    "建立按月通报、按季考核的工作机制",
    "把整改落实情况纳入年度绩效考核",
    "逐案评查、逐人过关、逐项销号",
    "约谈进度滞后的单位负责同志",
)
_COUNT = ("核查案件{a}起，补正法律文书{b}份", "清理到期保证金{a}笔、{b}.5万元", "培训民警{a}人次，考核合格率{b}.3%")
_SO = (
    "取得了阶段性成效",
    "有关制度已经印发执行",
    "问题存量同比下降{b}%",
    "未再发现同类问题",
    "群众满意度提高{c}.7个百分点",
)
_MARKS = ("一是", "二是", "三是", "四是", "五是", "六是")
TITLES = (
    "查办案件尚有不足",
    "执法不规范问题较多",
    "工程建设和服务采购管理不严",
    "涉案财物管理有漏洞",
    "教育管理失之于宽",
)


def document(pages: int, seed: int = 1) -> tree.Document:
    """A notice of about that many pages: chapters, problems, measures in running text, dates and titles of rules."""
    return tree.Document(
        title="中共某市公安局某分局党委关于市委第三轮巡察整改进展情况的通报",
        blocks=tuple(_blocks(random.Random(seed), max(1, round(pages * 1.45)))),
        signature=tree.Signature("中共某市公安局某分局党委", "2021年11月3日"),
        head=tree.Head("中共某市公安局某分局党委文件", "某公党〔2021〕8号"),
        author="某市公安局某分局",
    )


def _blocks(chance: random.Random, problems: int) -> Iterator[tree.Block]:
    yield tree.Paragraph((tree.Run(sentence(chance, 3)),))
    for number in range(1, problems + 1):
        if number % 8 == 1:
            yield tree.Heading(1, f"{'一二三四五六七八九十'[number // 8 % 10]}、反馈意见整改落实情况")
        title = f"{number}.关于“{chance.choice(TITLES)}”问题的整改。"
        yield tree.Heading(3, title, (tree.Run("整改措施及阶段性成效："),))
        words = "".join(mark + sentence(chance, 2) for mark in _MARKS[: chance.randint(2, 4)])
        yield tree.Paragraph((tree.Run(words),))
        yield tree.Paragraph(
            (tree.Run("正在深化整改的内容及时限："), tree.Run(sentence(chance, 1)), tree.Run(_due(chance)))
        )


def sentence(chance: random.Random, clauses: int) -> str:
    """Who did what with which figures, so many times, and what came of it."""
    told = [
        f"{chance.choice(WHO)}{chance.choice(_DID)}，{_figures(chance, chance.choice(_COUNT))}" for _ in range(clauses)
    ]
    return "；".join(told) + f"，{_figures(chance, chance.choice(_SO))}。"


def _figures(chance: random.Random, words: str) -> str:
    return words.format(a=chance.randint(3, 2999), b=chance.randint(2, 97), c=chance.randint(1, 9))


def _due(chance: random.Random) -> str:
    return f"预计2021年{chance.randint(1, 12)}月底前完成。"
