"""The help of commands in Chinese: the parser brings a few fixed English words, which are put into ours after it has spoken."""

from __future__ import annotations

import re

_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(found, re.MULTILINE), ours)
    for found, ours in (
        (r"^Usage: ", "用法："),
        (r"^Arguments:$", "参数："),
        (r"^Options:$", "选项："),
        (r"^Commands:$", "命令："),
        (r"\[OPTIONS\]", "[选项]"),
        (r"\bCOMMAND \[ARGS\]\.\.\.", "命令 …"),
        (r"Show this message and exit\.", "显示这些说明。"),
        (r"\[required\]", "（必填）"),
        (r"\[default: ([^\];]+)(?:; [^\]]*)?\]", r"（不写时：\1）"),
        (r"\[env var:\s+(\w+)\]", r"（环境变量：\1）"),
        (r"; required\]", "，必填]"),
    )
)
_SORT = re.compile(r" <(?:path|str|int|float|date|list\[\w+\])>")
"""What the parser calls a sort of value: a clerk sees it by the example."""


def asks(argv: list[str]) -> bool:
    """Whether help is asked for, or nothing at all."""
    return not argv or any(one in ("--help", "-h") for one in argv)


def translated(words: str) -> str:
    """Help as the parser wrote it → the same in Chinese."""
    for found, ours in _WORDS:
        words = found.sub(ours, words)
    return _SORT.sub(lambda sort: " " * len(sort[0]), words)  # the columns stay where they are
