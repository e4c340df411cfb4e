"""What a command of the window is; all of them stand in one table (``connections.commands``), which gives the window its keys
and is what Ctrl+K looks through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One thing the window can be told to do: Chinese words, an English name by which it is found too, what it calls; its key
    where it has one (as Qt writes keys), and its icon of ``resources/icons``."""

    words: str
    english: str
    act: Callable[[], object]
    keys: str = ""
    icon: str = ""
    page: str = ""
    """The title of the page it leads to; "" for a deed."""


Key = tuple[str, str, Callable[[], object]]
"""A key, what it does in words, and what it calls."""


def keys(table: tuple[Command, ...]) -> tuple[Key, ...]:
    """Those of the commands that have a key."""
    return tuple((one.keys, one.words, one.act) for one in table if one.keys)


ELSEWHERE: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "填表",
        (
            ("Tab / Shift+Tab", "下一项、上一项"),
            ("F4", "打开日历、打开选取的列表"),
            ("Ctrl+Z", "撤销刚打的字"),
        ),
    ),
    (
        "问题列表",
        (
            ("Ctrl+B", "成批修改选中的问题"),
            ("Ctrl+Shift+T", "表格和列表切换"),
            ("Ctrl+A", "选中全部问题"),
            ("Left / Right", "收起、展开一组"),
            ("Enter", "到表单"),
        ),
    ),
    (
        "措施等条目",
        (
            ("Ctrl+Up / Ctrl+Down", "上移、下移"),
            ("Alt+Right / Alt+Left", "降为下级、升为上一级"),
            ("Del", "删除（可以撤销）"),
            ("Ctrl+PageDown / Ctrl+PageUp", "下一栏、上一栏"),
            ("Ctrl+V", "把截图或文件存成佐证"),
        ),
    ),
    (
        "登记表",
        (
            ("Enter / Shift+Enter", "下一行、上一行"),
            ("Tab / Shift+Tab", "右边一格、左边一格"),
            ("F2", "改这一格"),
            ("Esc", "放弃这一格的改动"),
            ("Ctrl+D", "照上一行填"),
            ("Ctrl+;", "填今天的日期"),
            ("Alt+Down", "打开选项"),
            ("Ctrl+C / Ctrl+V", "复制、粘贴"),
            ("Ctrl+-", "删除所选的行"),
            ("Ctrl+Home / Ctrl+End", "到第一行、到新的一行"),
        ),
    ),
    (
        "预览",
        (
            ("PageDown / PageUp", "下一页、上一页"),
            ("+ / -", "放大、缩小"),
        ),
    ),
)
"""The keys that mean something only where one stands: place → keys and what they do. With ``connections.commands`` this is every
key of the window."""
