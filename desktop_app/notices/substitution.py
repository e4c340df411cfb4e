"""What a paper was set in that nobody asked for: a face for an absent one, a fallback for a character. For the check list."""

from __future__ import annotations

from desktop_app.notices import choice
from desktop_app.notices.choice import ROLES
from desktop_app.notices.page import Pages
from desktop_app.rectification.finding import Finding

NAMED = {"body": "仿宋_GB2312", "kai": "楷体_GB2312", "hei": "黑体", "song": "宋体", "title": "方正小标宋"}
"""Role → the face an office expects."""
SHOWN = 20
"""Characters that are named in one finding."""


def report(pages: Pages) -> list[Finding]:
    """Which faces stand for absent ones on these pages, and which ideographs another face draws than the role's own."""
    chosen = choice.chosen()
    lines = (line for page in pages.pages for line in (*page.lines, *page.upright))
    used = {piece.face for line in lines for piece in line.pieces}
    absent = [role for role in ROLES if role in chosen.absent and chosen.own(role).name in used]
    found = []
    if absent:
        ours = "、".join(f"{NAMED[role]}（用{chosen.own(role).title}）" for role in absent)
        found.append(
            Finding(
                "face_absent",
                "note",
                f"本机没有装{ours}，印文里由括号里的字体代替。",
                "要用单位自己的字体，请先装好，再重新打开程序。",
                matter="faces",
                substance="".join(absent),
            )
        )
    by_face: dict[str, list[str]] = {}
    for character, face in pages.substitutes:
        if character[0] >= "\u3400":
            by_face.setdefault(face, []).append(character)
    for face, characters in sorted(by_face.items()):
        shown = "、".join(f"“{one}”" for one in characters[:SHOWN])
        more = f"等 {len(characters)} 个字" if len(characters) > SHOWN else ""
        found.append(
            Finding(
                "face_lacks",
                "note",
                f"本来的字体没有{shown}{more}，用{chosen.source(face).title}印出，笔形略有不同。",
                "请看一眼印出来的样子。",
                matter=face,
                substance="".join(characters),
            )
        )
    return found
