"""Which faces play which role in the papers of this process: those that come with the program, until ``choose`` says else.

Nothing heavy is imported here, so that the doors of the program can say at their start where the faces come from; the answer
is worked out when the first paper asks.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from db.values import born, value
from desktop_app import paths

ROLES = {"body": "仿宋", "kai": "楷体", "hei": "黑体", "song": "宋体", "title": "小标宋"}
"""Role → what GB/T 9704 calls its face."""

FALLBACK = "NotoSerifCJKsc-Light"
"""Draws the characters an office face lacks: FandolFang lacks one in five of the characters people like in names."""

RARE = (FALLBACK, "ZhenggaiHanB", "ZhenggaiHanG", "ZhenggaiSigns")
"""The end of every chain: all ideographs of GB 18030-2022, extensions G and H in part, signs."""


@value
class Source:
    """A face: the name it has in a PDF, where it lies, which of the file's faces it is, and what a clerk calls it.

    ``whole``: its licence does not allow to embed a part of it. ``middle``: how high above the baseline the middle of its
    ideographs lies, in thousandths; 0 when that has to be measured.
    """

    name: str
    path: Path
    index: int
    title: str
    whole: bool = False
    middle: int = 0


FOLDER = paths.resources() / "fonts"


def _shipped(file: str, title: str, middle: int) -> Source:
    path = FOLDER / file
    return Source(path.stem, path, 0, title, middle=middle)


SHIPPED = {
    one.name: one
    for one in (
        _shipped("FandolFang-Regular.otf", "Fandol 仿宋", 310),
        _shipped("FandolKai-Regular.otf", "Fandol 楷体", 306),
        _shipped("NotoSansCJKsc-Medium.otf", "思源黑体（Medium）", 378),
        _shipped("NotoSerifCJKsc-Regular.otf", "思源宋体（Regular）", 380),
        _shipped("NotoSerifCJKsc-SemiBold.otf", "思源宋体（SemiBold）", 379),
        _shipped("NotoSerifCJKsc-Light.otf", "思源宋体（Light）", 378),
        _shipped("LiberationSerif-Regular.ttf", "Liberation Serif", 338),
        _shipped("ZhenggaiKai.ttf", "霞鹜文楷补字", 356),
        _shipped("ZhenggaiHanB.ttf", "花园明朝补字", 387),
        _shipped("ZhenggaiHanG.ttf", "BabelStone 补字", 380),
        _shipped("ZhenggaiSigns.ttf", "DejaVu 符号", 380),
    )
}
"""The faces of ``resources/fonts`` by name."""

CHAINS = {
    "body": ("FandolFang-Regular", *RARE),
    "kai": ("FandolKai-Regular", "ZhenggaiKai", *RARE),
    "hei": ("NotoSansCJKsc-Medium", *RARE),
    "song": ("NotoSerifCJKsc-Regular", *RARE),
    "title": ("NotoSerifCJKsc-SemiBold", *RARE),
}
"""Role → shipped faces in the order they are asked for a character."""

LATIN = "LiberationSerif-Regular"
"""Draws figures and Latin letters beside the faces of ``PAIRED``: as wide and as light as those of Times, which offices set
beside 仿宋; Fandol's own figures are of several hands."""
PAIRED = frozenset({"FandolFang-Regular", "FandolKai-Regular"})


@value
class Choice:
    """``chains``: role → names of faces in the order they are asked. ``sources``: the faces that are not shipped, by name.

    ``absent`` are the roles for which no face of the office was found though one was looked for.
    """

    chains: Mapping[str, tuple[str, ...]] = born(factory=lambda: dict(CHAINS))
    sources: Mapping[str, Source] = born(factory=dict)
    absent: frozenset[str] = frozenset()

    def source(self, name: str) -> Source:
        """The face of this name; ``KeyError`` if there is none."""
        return SHIPPED.get(name) or self.sources[name]

    def own(self, role: str) -> Source:
        """The first face of a role."""
        return self.source(self.chains[role][0])


_lock = threading.RLock()
_make: list[Callable[[], Choice]] = [Choice]
_made: list[Choice] = []


def choose(make: Callable[[], Choice]) -> None:
    """From now on papers are set in the faces ``make`` gives; it is called once, when the first paper asks for a face.

    Whatever the modules of this package remember of earlier faces is forgotten: cells, broken paragraphs.
    """
    with _lock:
        _make[:] = [make]
        _made.clear()
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{__package__}."):
            for value in list(vars(module).values()):
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()


def chosen() -> Choice:
    """The faces of this process."""
    with _lock:
        if not _made:
            _made.append(_make[0]())
        return _made[0]


def is_default() -> bool:
    """Whether papers are set in the program's faces because nobody chose others."""
    return _make == [Choice]
