"""Which of this machine's faces play which role of a paper: known by name, Chinese or English, best first.

An office's own faces go before those of the program. What the chosen one lacks is drawn by the next of its rank, then by the
program's faces; a machine's large faces of rare ideographs are asked last.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from db.errors import Fault
from desktop_app.notices import choice
from desktop_app.notices.choice import CHAINS, ROLES, Choice, Source
from desktop_app.notices.installed import Installed

OURS = "own"
"""The wish of a clerk who wants the program's face, whatever is installed."""

RANKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "body": (
        ("仿宋_GB2312", "FangSong_GB2312"),
        ("方正仿宋_GBK", "FZFangSong-Z02", "FZFSK--GBK1-0", "FZFS_GBK"),
        ("方正仿宋简体", "方正仿宋_GB2312", "FZFangSong-Z02S", "FZFSJW--GB1-0"),
        ("仿宋", "FangSong", "SimFang"),
        ("华文仿宋", "STFangsong", "STFang"),
        ("朱雀仿宋", "朱雀仿宋（预览测试版）", "Zhuque Fangsong", "Zhuque Fangsong (technical preview)", "ZhuqueFangsong-Regular"),
        ("汉仪仿宋简", "汉仪仿宋S", "HYFangSongJ", "HYFangSongS"),
    ),
    "kai": (
        ("楷体_GB2312", "KaiTi_GB2312"),
        ("方正楷体_GBK", "FZKai-Z03", "FZKTK--GBK1-0", "FZKT_GBK"),
        ("方正楷体简体", "方正楷体_GB2312", "FZKai-Z03S", "FZKTJW--GB1-0"),
        ("楷体", "KaiTi", "SimKai"),
        ("华文楷体", "STKaiti", "STKai"),
        ("楷体-简", "Kaiti SC", "STKaitiSC-Regular", "STKaiTi-SC-Regular"),
    ),
    "hei": (
        ("黑体", "SimHei"),
        ("方正黑体_GBK", "FZHei-B01", "FZHTK--GBK1-0", "FZHT_GBK"),
        ("方正黑体简体", "方正黑体_GB2312", "FZHei-B01S", "FZHTJW--GB1-0"),
        ("华文黑体", "STHeiti"),
        ("黑体-简", "Heiti SC", "STHeitiSC-Medium"),
    ),
    "song": (
        ("宋体", "SimSun"),
        ("方正书宋_GBK", "FZShuSong-Z01", "FZSSK--GBK1-0", "FZSS_GBK"),
        ("方正书宋简体", "方正书宋_GB2312", "FZShuSong-Z01S", "FZSSJW--GB1-0"),
        ("华文宋体", "STSong"),
        ("宋体-简", "Songti SC", "STSongti-SC-Regular"),
    ),
    "title": (
        ("方正小标宋_GBK", "FZXiaoBiaoSong-B05", "FZXBSK--GBK1-0", "FZXBS_GBK"),
        ("方正小标宋简体", "方正小标宋_GB2312", "FZXiaoBiaoSong-B05S", "FZXBSJW--GB1-0"),
        ("小标宋", "小标宋体", "小标宋_GB2312", "XiaoBiaoSong"),
        ("文星标宋", "文星简小标宋", "WenXing BiaoSong"),
        ("汉仪小标宋简", "HYXiaoBiaoSongJ"),
        ("华文中宋", "STZhongsong", "STZhongs"),
    ),
}  # fmt: skip
"""Role → faces in the order they are liked, each with its names. What GB/T 9704 took for granted stands first."""

RARE: tuple[tuple[str, ...], ...] = (
    ("SimSun-ExtB", "宋体-ExtB"),
    ("SimSun-ExtG", "宋体-ExtG"),
    ("Plangothic P1", "遍黑体 P1"),
    ("Plangothic P2", "遍黑体 P2"),
    ("TH-Tshyn-P1",),
    ("TH-Tshyn-P2",),
    ("TH-Sung-TP2",),
    ("TH-Sung-TP3",),
    ("Jigmo2", "字雲2"),
    ("Jigmo3", "字雲3"),
)
"""Large faces of rare ideographs, for what the program's own lack."""

_STAND_INS = frozenset({"华文中宋"})
"""Installed faces that are not what GB/T 9704 means and are told as substitutes."""
_REGULAR = {"", "regular", "normal", "roman", "book", "标准", "常规", "標準", "standard"}
_TRIED = "的国一，"
"""A face that cannot draw these is none to set a paper in."""


def plain(name: str) -> str:
    """A name as it is compared: without blanks, hyphens and brackets, in small letters."""
    return re.sub(r"[\s_\-–()（）]+", "", unicodedata.normalize("NFKC", name)).casefold()


def title(face: Installed) -> str:
    """What a clerk calls the face: its Chinese name when it has one."""
    every = (*face.families, *face.names)
    return next((name for name in every if any("\u3400" <= c <= "\u9fff" for c in name)), (*every, face.path)[0])


def _called(face: Installed) -> set[str]:
    """The names a face answers to; a family's only when it is the family's regular face."""
    regular = face.weight < 600 and any(plain(style) in _REGULAR for style in face.styles or ("",))
    return {plain(name) for name in (*face.names, *(face.families if regular else ()))}


def candidates(role: str, found: Iterable[Installed]) -> list[Installed]:
    """The faces that may play a role (or ``rare``), best first; of two of one rank the first in the order of paths."""
    ranks = RARE if role == "rare" else RANKS[role]
    rank_of = {plain(name): rank for rank, names in enumerate(ranks) for name in names}
    ranked = [(min(rank_of[n] for n in named), face) for face in found if (named := _called(face) & rank_of.keys())]
    return [face for _rank, face in sorted(ranked, key=lambda pair: pair[0])]


def source(face: Installed) -> Source:
    """The face under a name a PDF can bear, which no face of the program has."""
    name = re.sub(r"[^A-Za-z0-9_-]", "", face.postscript)[:60] or re.sub(r"[^A-Za-z0-9]", "", Path(face.path).stem)
    name = name or "Face"
    return Source(f"{name}-2" if name in choice.SHIPPED else name, Path(face.path), face.index, title(face), face.whole)


def resolve(wishes: Mapping[str, str], found: Sequence[Installed]) -> Choice:
    """The faces of each role. ``wishes``: role → a face by PostScript name, ``OURS``, or nothing for the best there is."""
    chains: dict[str, tuple[str, ...]] = {}
    sources: dict[str, Source] = {}
    absent = set()
    rare = [one for one in _usable(candidates("rare", found), rare=True) if not one.whole]
    for role in ROLES:
        wish = wishes.get(role, "")
        mine = [] if wish == OURS else list(_usable(_wished(role, wish, found)))[:2]
        if wish != OURS and (not mine or (not wish and mine[0].title in _STAND_INS)):
            absent.add(role)
        names = [one.name for one in (*mine, *rare)]
        sources |= {one.name: one for one in (*mine, *rare)}
        chains[role] = (*names[: len(mine)], *CHAINS[role], *names[len(mine) :])
    return Choice(chains, sources, frozenset(absent))


def _wished(role: str, wish: str, found: Sequence[Installed]) -> list[Installed]:
    """The face that was named, then the others by rank; a face that has to be embedded whole only when it was named."""
    named = [face for face in found if wish and face.postscript == wish]
    return named[:1] + [face for face in candidates(role, found) if face not in named and not face.whole]


def _usable(listed: Iterable[Installed], *, rare: bool = False) -> Iterator[Source]:
    from desktop_app.notices.faces import Face

    seen = set()
    for one in map(source, listed):
        if one.name in seen:
            continue
        try:
            face = Face(one)
        except Fault:
            continue
        if rare or all(face.glyph(char) is not None for char in _TRIED):
            seen.add(one.name)
            yield one


def of_this_machine() -> Choice:
    """The faces as this machine's settings ask for them."""
    from desktop_app import settings
    from desktop_app.notices import installed

    wishes = {role: str(wish) for role, wish in settings.load().faces.items()}
    if set(wishes) >= set(ROLES) and set(wishes.values()) == {OURS}:
        return Choice()
    return resolve(wishes, installed.found())
