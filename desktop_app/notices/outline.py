"""The outline of a PDF: its headings as a tree, each with the place on its page (ISO 32000-1, 12.3.3)."""

from __future__ import annotations

from collections.abc import Sequence

from db.values import born, record
from desktop_app.notices.container import File
from desktop_app.notices.page import Entry
from desktop_app.notices.properties import string


class Steps:
    """How deep a heading stands when levels are left out: 一、 followed by 1. is one step, and so is the next 1."""

    def __init__(self) -> None:
        self._above: list[int] = []

    def depth(self, level: int) -> int:
        """0 for the topmost."""
        while self._above and self._above[-1] >= level:
            self._above.pop()
        self._above.append(level)
        return len(self._above) - 1


@record
class _Item:
    number: int
    parent: int
    entry: Entry | None = None
    children: list[_Item] = born(factory=list)
    below: int = 0


def write(file: File, entries: Sequence[Entry], pages: Sequence[int]) -> int:
    """Writes the outline and gives its number; ``pages`` are the pages' object numbers."""
    steps = Steps()
    open_ = [_Item(file.reserve(), 0)]
    items = [open_[0]]
    for entry in entries:
        depth = steps.depth(entry.level)
        del open_[depth + 1 :]
        item = _Item(file.reserve(), open_[-1].number, entry)
        for above in open_:
            above.below += 1
        open_[-1].children.append(item)
        open_.append(item)
        items.append(item)
    before, after = {}, {}
    for item in items:
        for one, other in zip(item.children, item.children[1:], strict=False):
            after[one.number] = other.number
            before[other.number] = one.number
    for item in items:
        file.put(item.number, _written(item, before, after, pages))
    return items[0].number


def _written(item: _Item, before: dict[int, int], after: dict[int, int], pages: Sequence[int]) -> str:
    parts = ["/Type /Outlines"] if item.entry is None else []
    if item.entry is not None:
        place = f"[{pages[item.entry.page - 1]} 0 R /XYZ 0 {round(item.entry.y)} 0]"
        parts += [f"/Title {string(item.entry.text)}", f"/Dest {place}", f"/Parent {item.parent} 0 R"]
    for key, beside in (("Prev", before), ("Next", after)):
        if item.number in beside:
            parts.append(f"/{key} {beside[item.number]} 0 R")
    if item.children:
        parts.append(f"/First {item.children[0].number} 0 R /Last {item.children[-1].number} 0 R")
    if item.children or item.entry is None:
        parts.append(f"/Count {item.below}")
    return f"<<{' '.join(parts)}>>"
