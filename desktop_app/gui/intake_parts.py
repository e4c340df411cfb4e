"""What a clerk sees of a draft: its parts as a tree of lines, each with its place on the paper and its fields to edit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from db.schema.composite import Due, Quantity
from db.schema.kinds import Choice, Day, Kind, Text, YesNo
from db.schema.links import Ref, Texts
from db.schema.prose import Prose
from db.schema.records import words
from desktop_app.gui.intake_edit import Path
from desktop_app.intake import draft as drafts
from desktop_app.intake.draft import NOWHERE, Draft, Item, Place

CATEGORY = "category"
"""The last step of the path of a problem's category, which is no part of a draft."""


@dataclass(frozen=True)
class Blank:
    """A field of a part: where its value is, and the kind by which it is shown and typed."""

    path: Path
    kind: Kind[Any]


@dataclass(frozen=True)
class Part:
    """A line of the tree. ``path`` names it in the draft, ``about`` is the grey word behind it, ``sign`` its state:
    ``check`` (to be looked at), ``unread``, ``change`` (what an update changes) or "". ``droppable``: the clerk may do
    without it. ``detail`` is a sentence for the form."""

    path: Path
    title: str
    about: str = ""
    place: Place = NOWHERE
    blanks: tuple[Blank, ...] = ()
    children: tuple[Part, ...] = field(default=())
    sign: str = ""
    droppable: bool = False
    detail: str = ""


def parts(draft: Draft, paper: str = "") -> tuple[Part, ...]:
    """The tree of a draft: what is to be looked at first, then the notice from top to bottom, then what lies in it.
    ``paper`` is the text in which places count; numbers are shown with the words around them."""
    groups = (
        _findings(draft),
        _unread(draft),
        _notice(draft),
        _contact(draft),
        _chapters(draft),
        _problems(draft),
        _steps(draft),
        _titles(draft),
        _amounts(draft, paper),
    )
    return tuple(group for group in groups if group is not None)


def every(tree: tuple[Part, ...]) -> Iterator[Part]:
    """All parts, each before its children."""
    for part in tree:
        yield part
        yield from every(part.children)


def at_place(tree: tuple[Part, ...], position: int) -> Part | None:
    """The smallest part that holds a place of the paper."""
    best: Part | None = None
    for part in every(tree):
        inside = part.place.start <= position < part.place.end
        if inside and (best is None or part.place.end - part.place.start <= best.place.end - best.place.start):
            best = part
    return best


def short(text: str, longest: int = 40) -> str:
    """Words in one line, cut."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _line(label: str, *, wide: int = 500) -> Text:
    return Text(label, longest=wide)


def _blanks(path: Path, **kinds: Kind[Any]) -> tuple[Blank, ...]:
    return tuple(Blank((*path, name), kind) for name, kind in kinds.items())


def _findings(draft: Draft) -> Part | None:
    if not draft.findings:
        return None
    lines = tuple(
        Part(
            ("findings", number),
            short(one.sentence, 90),
            "",
            one.place,
            sign="check",
        )
        for number, one in enumerate(draft.findings)
    )
    return Part(("findings",), "待核对", str(len(lines)), children=lines, sign="check")


def _unread(draft: Draft) -> Part:
    lines = tuple(
        Part(("unread", number), f"“{short(one.text)}”", one.reason, one.place, sign="unread")
        for number, one in enumerate(draft.unread)
    )
    return Part(("unread",), "未读入的文字", str(len(lines)), children=lines, sign="unread" if lines else "")


def _notice(draft: Draft) -> Part:
    blanks = _blanks(
        (),
        title=_line("标题"),
        issuer=_line("发文单位"),
        signature=_line("署名"),
        date=Day("成文日期"),
        document_number=_line("发文字号"),
        addressees=_line("主送机关"),
        opening=Prose("导语"),
        closing=Prose("结束语"),
        head=Prose("版头"),
        notes=Prose("附注"),
    )
    about = f"{draft.date.year}年{draft.date.month}月{draft.date.day}日" if draft.date else "没有日期"
    return Part((), short(draft.title, 60) or "（没有标题）", about, draft.place, blanks)


def _contact(draft: Draft) -> Part | None:
    if draft.contact is None:
        return None
    blanks = _blanks(
        ("contact",),
        phones=Texts("电话"),
        email=_line("电子邮箱"),
        address=_line("地址"),
        postcode=_line("邮编"),
        hours=_line("受理时间"),
        person=_line("联系人"),
        fax=_line("传真"),
        text=Prose("文字", help="花括号里的内容印时换成上面各项"),
    )
    about = "、".join(draft.contact.phones)
    return Part(("contact",), "监督联系方式", about, draft.contact.place or NOWHERE, blanks)


def _chapters(draft: Draft) -> Part | None:
    lines = tuple(
        Part(
            ("chapters", number),
            short(f"{one.mark}{one.title}", 60),
            words.CHAPTER_ROLES.get(one.role, ""),
            Place(one.place.start, one.place.start + len(one.mark) + len(one.title)) if not one.body else one.place,
            _blanks(
                ("chapters", number),
                title=_line("标题"),
                role=Choice("作用", of=words.CHAPTER_ROLES),
                body=Prose("正文"),
            ),
        )
        for number, one in enumerate(draft.chapters)
    )
    return Part(("chapters",), "章节", str(len(lines)), children=lines) if lines else None


def _problems(draft: Draft) -> Part | None:
    if not draft.problems and not draft.aspects:
        return None
    children: list[Part] = [_problem(draft, n) for n, p in enumerate(draft.problems) if p.aspect is None]
    for number, one in enumerate(draft.aspects):
        below = tuple(_problem(draft, n) for n, p in enumerate(draft.problems) if p.aspect == number)
        path: Path = ("aspects", number)
        about = "方面" if one.level == 1 else "大类"
        blanks = _blanks(path, title=_line("标题"), body=Prose("正文"))
        children.append(Part(path, short(f"{one.mark}{one.title}", 60), about, one.place, blanks, below))
    return Part(("problems",), "问题", str(len(draft.problems)), children=tuple(children))


def _problem(draft: Draft, number: int) -> Part:
    problem = draft.problems[number]
    path: Path = ("problems", number)
    blanks = (
        Blank((*path, "title"), _line("标题")),
        Blank((*path, CATEGORY), Ref("类别", to="category")),
        Blank((*path, "due"), Due("整改时限")),
        Blank((*path, "statement"), Prose("问题表述")),
        Blank((*path, "measures_intro"), Prose("措施前的文字")),
        Blank((*path, "remarks"), Prose("其他文字")),
    )
    children = [_item((*path, "measures", n), one) for n, one in enumerate(problem.measures)]
    children += [_ongoing((*path, "ongoing", n), one) for n, one in enumerate(problem.ongoing)]
    about = f"{len(problem.measures)} 条措施" if problem.measures else ""
    mark = problem.mark or (f"{problem.number}." if problem.number else "")
    return Part(
        path,
        f"{mark}{short(problem.title, 50) or '（标题缺失）'}",
        "原文残缺" if problem.truncated else about,
        problem.place,
        blanks,
        tuple(children),
        sign="check" if problem.truncated and not problem.title else "",
    )


def _item(path: Path, item: Item) -> Part:
    children = tuple(_item((*path, "children", n), one) for n, one in enumerate(item.children))
    title = short(f"{item.mark}{item.lead or item.body}", 48) or "（空）"
    blanks = _blanks(path, lead=_line("小标题", wide=2000), body=Prose("正文"))
    return Part(path, title, "措施", item.place, blanks, children)


def _ongoing(path: Path, one: drafts.Ongoing) -> Part:
    day = one.due.day if one.due else None
    about = f"{day.year}年{day.month}月{day.day}日" if day else "没有时限"
    blanks = _blanks(path, content=Prose("正在深化的内容"), due=Due("时限"))
    return Part(path, f"深化：{short(one.content, 40)}", about, one.place, blanks)


def _steps(draft: Draft) -> Part | None:
    steps = draft.next_steps
    if steps is None:
        return None
    lines = tuple(
        Part(
            ("next_steps", "items", number),
            short(f"{one.mark}{one.lead or one.body}", 60),
            "",
            one.place,
            _blanks(("next_steps", "items", number), lead=_line("小标题", wide=2000), body=Prose("正文")),
        )
        for number, one in enumerate(steps.items)
    )
    blanks = _blanks(("next_steps",), introduction=Prose("计划前的文字"))
    return Part(("next_steps",), "下一步计划", str(len(lines)), NOWHERE, blanks, lines)


def _titles(draft: Draft) -> Part | None:
    own = sum(1 for one in draft.titles if one.own)
    lines = tuple(
        Part(
            ("titles", number),
            f"《{short(one.title, 44)}》",
            f"本单位{one.action}" if one.own else "引用",
            one.place,
            _blanks(
                ("titles", number),
                title=_line("名称"),
                own=YesNo("本单位制定"),
                kind=Choice("种类", of={one: one for one in ("制度", "方案", "表单", "承诺书", "其他")}),
                action=_line("怎样制定"),
            ),
            droppable=True,
        )
        for number, one in enumerate(draft.titles)
    )
    return Part(("titles",), "制度文件", f"{len(lines)}，本单位的 {own}", children=lines) if lines else None


_BEFORE, _AFTER = 8, 5
"""Characters shown around a number."""


def _around(paper: str, one: drafts.Amount) -> str:
    before = "".join(paper[max(0, one.place.start - 3 * _BEFORE) : one.place.start].split())[-_BEFORE:]
    after = "".join(paper[one.place.end : one.place.end + 3 * _AFTER].split())[:_AFTER]
    return f"{one.text} · {before}{one.text}{after}" if paper else one.text


def _told(one: drafts.Amount) -> str:
    if not any(sign.isdecimal() for sign in one.text):
        return "汉字数，不单独记"
    return " ".join(w for w in (one.period, one.comparison) if w)


def _amounts(draft: Draft, paper: str) -> Part | None:
    lines = tuple(
        Part(
            ("amounts", number),
            _around(paper, one),
            _told(one),
            one.place,
            _blanks(
                ("amounts", number),
                text=Quantity("数字", help="如 51.5%、33000余路、近200名"),
                period=_line("时期"),
                comparison=_line("比较"),
            ),
            droppable=True,
        )
        for number, one in enumerate(draft.amounts)
    )
    return Part(("amounts",), "数据", str(len(lines)), children=lines) if lines else None
