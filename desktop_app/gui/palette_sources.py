"""What the palette offers beside records: pages, commands, what the shown page can do, and the pages of the manual.

They are few and are looked through on the thread of the window: by Chinese words, by pinyin, and by their English names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton, QMenu, QToolButton, QWidget

from db.schema import folding, pinyin
from desktop_app import paths
from desktop_app.gui import connections
from desktop_app.gui.palette_list import HEADING, ITEM, Line
from desktop_app.rectification import searching

if TYPE_CHECKING:
    from desktop_app.gui.desk import Desk

PAGES, COMMANDS, HELP = "页面", "命令", "帮助"
_MOST = {PAGES: 5, COMMANDS: 8, HELP: 5}
_SMALL = 3
"""Rows of a group while one has typed nothing."""


@dataclass(frozen=True)
class Offer:
    """Something that can be chosen: words, English words, what is done."""

    words: str
    english: str
    act: Callable[[], object]
    keys: str = ""
    icon: str = ""
    side: str = ""


def offers(desk: Desk) -> dict[str, list[Offer]]:
    """Group → what there is now; asked for when the palette is opened."""
    table = connections.commands(desk)
    goes = [one for one in table if one.page]
    does = [one for one in table if not one.page]
    return {
        COMMANDS: [Offer(one.words, one.english, one.act, one.keys, one.icon or "right") for one in does]
        + page_deeds(desk.made.get(desk.shown), {one.words for one in does}),
        PAGES: [Offer(one.page, one.english, one.act, one.keys, one.icon) for one in goes],
        HELP: [
            Offer(words, topic.replace("-", " "), partial(desk.help_wanted.emit, topic), icon="help", side=title)
            for words, topic, title in _manual()
        ],
    }


def page_deeds(page: QWidget | None, known: set[str]) -> list[Offer]:
    """What the shown page can be told by its buttons and their menus, as they are now."""
    found: dict[str, Offer] = {}
    if page is None:
        return []
    for one in page.findChildren(QAbstractButton):
        if not one.isVisibleTo(page) or not one.isEnabled():
            continue
        menu = one.menu() if isinstance(one, QToolButton) else None
        words = _plain(one.text()) or _plain(one.accessibleName()) or _plain(one.toolTip())
        if isinstance(menu, QMenu):
            for action in menu.actions():
                told = _plain(action.text())
                if told and action.isEnabled():
                    found.setdefault(told, Offer(told, "", action.trigger, icon="right", side=words))
        elif len(words) > 1 and words not in known:
            found.setdefault(words, Offer(words, "", one.click, icon="right", side="本页"))
    return list(found.values())


def _plain(words: str) -> str:
    """The words of a button without its key and its arrow."""
    return re.sub(r"\(&?\w\)|（[^）]*\+[^）]*）|[&▾＋+]", "", words.split("\n", 1)[0]).strip()


@cache
def _manual() -> tuple[tuple[str, str, str], ...]:
    """(words, topic, title of the page) of every page of the manual and of the headings in it."""
    found: list[tuple[str, str, str]] = []
    for path in sorted((paths.resources() / "help").glob("*.md")):
        heads = re.findall(r"^(#{1,3}) +(.+)$", path.read_text("utf-8"), re.MULTILINE)
        title = heads[0][1] if heads else path.stem
        if path.stem != "decisions":
            found.append((title, path.stem, ""))
            found += [(words, path.stem, title) for marks, words in heads if len(marks) > 1]
    return tuple(found)


def fitting(offered: dict[str, list[Offer]], typed: str) -> list[Line]:
    """The rows of what fits what is typed, group by group, the best first; the first few of each where nothing is typed."""
    lines: list[Line] = []
    for group, some in offered.items():
        ranked = sorted(((rank, at) for at, one in enumerate(some) if (rank := _rank(one, typed)) is not None))
        most = _MOST[group] if typed.strip() else _SMALL if group != COMMANDS else _MOST[group]
        if group == HELP and not typed.strip():
            continue
        chosen = [some[at] for _rank_, at in ranked][:most]
        if chosen:
            lines.append(Line(HEADING, group))
            lines += [_line(one, typed) for one in chosen]
    return lines


def _rank(one: Offer, typed: str) -> int | None:
    """How well an offer fits, None where it does not; every word must."""
    ranks: list[int] = []
    for word in typed.split():
        told = pinyin.rank(word, one.words)
        if told is None and any(part.startswith(word.casefold()) for part in one.english.casefold().split()):
            told = 3
        if told is None:
            return None
        ranks.append(told)
    return max(ranks, default=0)


def _line(one: Offer, typed: str) -> Line:
    marks = searching.marks(one.words, folding.words(typed), named=True)
    return Line(ITEM, one.words, one.act, marks, one.icon, one.side, keys=one.keys)


def told(lines: Sequence[Line]) -> int:
    """How many rows can be chosen."""
    return sum(one.sort == ITEM for one in lines)
