"""Where the words stand: paper, margins, the 22 lines and 28 characters of a page, the grid, the edges (5.1, 5.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median

from desktop_app.notices.finding import Finding, idle, judged
from desktop_app.notices.measure_read import Glyph
from desktop_app.notices.measure_rows import BEGINNING, MM, OPENING, Layout, Row, Sheet, ideograph

SLACK = 1 * MM
"""The standard's own tolerance for margins (5.2.1)."""
WIDE = 156 * MM
NO_BODY = "没有三号字的正文"
ON_LINE = 0.7
"""Points a base line may be off the grid: less than the eye sees, more than rounding makes."""
EVEN = 0.8
WIDEST = 1.26
"""Neighbouring characters may be spread by a quarter of their pitch: more is seen as a hole."""
HELD = 12
"""A page may be left short for a signature with its seal on the next: it must not stand alone (7.3.5.5)."""


def paper(laid: Layout) -> Finding:
    """A4, upright or lying (5.1)."""
    wrong, sizes = [], {}
    for sheet in laid.sheets:
        wide, high = sorted((sheet.leaf.width / MM, sheet.leaf.height / MM))
        sizes[f"{wide:.1f}×{high:.1f}毫米"] = True
        if abs(wide - 210) > 1 or abs(high - 297) > 1:
            wrong.append(f"第{sheet.leaf.number}页")
    return judged("paper", "纸张", "210×297毫米", "、".join(sizes) or "没有页", wrong)


def _margin(
    laid: Layout,
    key: str,
    name: str,
    bound: float,
    pick: Callable[[Sheet], float | None],
) -> Finding:
    told = f"{bound:.0f}±1毫米"
    found = [(sheet, value / MM) for sheet in laid.sheets if (value := pick(sheet)) is not None]
    if not found:
        return idle(key, name, told, NO_BODY if not laid.body else "没有排满的行或页")
    low, high = min(v for _, v in found), max(v for _, v in found)
    said = f"{low:.1f}毫米" if high - low < 0.05 else f"{low:.1f}至{high:.1f}毫米"
    wrong = [f"第{sheet.leaf.number}页：{value:.1f}毫米" for sheet, value in found if abs(value - bound) > 1]
    return judged(key, name, told, said, wrong)


def left(laid: Layout) -> Finding:
    """订口, by the ink of the lines that begin at the left edge, or by their cells where there are few."""

    def pick(sheet: Sheet) -> float | None:
        rows = [row for row in sheet.body if abs(row.start - laid.left) < 6 and ideograph(row.text[0])]
        if len(rows) < 3 or laid.turned < 3:
            return None
        edges = [row.left if len(rows) >= 8 else row.start for row in rows]  # the ink of a few may all stand back
        return median(sorted(edges)[:3])

    return _margin(laid, "left", "左边（订口）", 28, pick)


def right(laid: Layout) -> Finding:
    """By the ink of the lines that reach the right edge."""

    def pick(sheet: Sheet) -> float | None:
        turned = [row for row, after in pairwise(sheet.body) if runs_on(laid, row, after)]
        full = [row.right for row in turned if ideograph(row.text[-1])]  # marks may have given their blank half
        return sheet.leaf.width - max(full) if len(full) >= 3 else None

    return _margin(laid, "right", "右边（切口）", 26, pick)


def top(laid: Layout) -> Finding:
    """天头, by the ink of the first line of pages that begin with text on the first line of the grid."""

    def pick(sheet: Sheet) -> float | None:
        head = sheet.rows[0] if sheet.rows else None
        if head is None or not sheet.body or head is not sheet.body[0] or _index(laid, sheet, head) > 0:
            return None
        return sheet.leaf.height - head.high

    return _margin(laid, "top", "上边（天头）", 37, pick)


def bottom(laid: Layout) -> Finding:
    """By the ink of the last line of pages that have all their lines."""

    def pick(sheet: Sheet) -> float | None:
        if not sheet.body or _index(laid, sheet, sheet.body[-1]) != 21:
            return None
        return sheet.body[-1].low

    return _margin(laid, "bottom", "下边（地脚）", 35, pick)


def _index(laid: Layout, sheet: Sheet, row: Row) -> int:
    """On which of the page's lines a line stands, 0 is the first."""
    first = sheet.area[3] - 0.88 * row.size
    return round((first - row.y) / laid.leading) if laid.leading else 0


def lines(laid: Layout) -> Finding:
    """At most 22 lines a page, and all of them where the text runs on to the next page (5.2.3)."""
    name, bound = "每页行数", "22行"
    if not laid.leading:
        return idle("lines", name, bound, NO_BODY)
    wrong, full = [], 0
    for sheet, after in zip(laid.sheets, [*laid.sheets[1:], None], strict=True):
        if not sheet.body or (laid.letter and sheet is laid.sheets[0]):
            continue
        count = _index(laid, sheet, sheet.body[-1]) + 1
        full += count == 22
        if count > 22:
            wrong.append(f"第{sheet.leaf.number}页：{count}行")
        elif count < 21 and after and len(after.body) > HELD and runs_on(laid, sheet.body[-1], after.body[0]):
            wrong.append(f"第{sheet.leaf.number}页：只有{count}行，正文却转到下一页")
    return judged("lines", name, bound, f"满页{full}页，每页22行", wrong)


def runs_on(laid: Layout, row: Row, after: Row) -> bool:
    """Whether a paragraph goes on from one line to the next: the first is full, the second begins at the edge."""
    return (
        laid.turned > 0
        and row.right > laid.right - 1.3 * laid.size
        and row.right - row.start > 80 * MM
        and abs(after.start - laid.left) < laid.size * 0.6
    )


def grid(laid: Layout) -> Finding:
    """Every line of the body on the lines of one grid, and these 225 mm / 22 apart."""
    name, bound = "行的位置", "行距28.9至30.1磅，各行在同一网格上（±0.7磅）"
    body = laid.body
    if not laid.leading or len(body) < 3:
        return idle("grid", name, bound, NO_BODY)
    wrong: list[str] = []
    worst = 0.0
    first = [row for row in body if laid.letter and row.page == 1]  # of a letter, page 1 has a grid of its own (10.1)
    for rows in (first, body[len(first) :]):
        worst = max([worst, *_off_grid(laid, rows, wrong)])
    if not 28.9 <= laid.leading <= 30.1:
        wrong.insert(0, "行距")
    return judged("grid", name, bound, f"行距{laid.leading:.2f}磅，最大偏差{worst:.2f}磅", wrong)


def _off_grid(laid: Layout, rows: list[Row], wrong: list[str]) -> Iterator[float]:
    """How far each line is off the grid that fits the most of them; those too far are told in ``wrong``."""
    step = laid.leading

    def apart(y: float) -> float:
        return (y - rows[0].y + step / 2) % step - step / 2

    middle = median(apart(row.y) for row in rows) if rows else 0.0
    for row in rows:
        levels = {round(glyph.y, 1) for glyph in row.glyphs}  # a face that stands in is raised or lowered a little
        off = min(abs(apart(y - middle)) for y in levels)
        yield off
        if off > ON_LINE + (0 if _at_home(row, laid.home) else 0.11 * row.size):
            wrong.append(f"{row.place}：偏{off:.1f}磅")


def _at_home(row: Row, home: frozenset[int]) -> bool:
    """Whether a line's base line is that of its face: a few rare characters alone are raised or lowered to fit the others."""
    return len(row.glyphs) > 6 or any(glyph.face in home for glyph in row.glyphs)


def characters(laid: Layout) -> Finding:
    """28 characters a line: the common pitch is 156 mm / 28, no line holds more, and none is torn apart to be filled."""
    name, bound = "每行字数和字距", "28字，字距15.79磅，拉开不过四分之一字"
    if not laid.pitch:
        return idle("characters", name, bound, NO_BODY)
    wrong, most, widest = [], 0, 0.0
    for row in laid.body:
        count = sum(1 for one in row.glyphs if ideograph(one.char))
        most = max(most, count)
        gaps = [b.x - a.x for a, b in _neighbours(row)]
        widest = max([widest, *gaps])
        if count > 28:
            wrong.append(f"{row.place}：{count}字")
        elif gaps and max(gaps) > laid.pitch * WIDEST:
            wrong.append(f"{row.place}：字距{max(gaps):.1f}磅")
        elif gaps and min(gaps) < laid.pitch * 0.94:
            wrong.append(f"{row.place}：字距{min(gaps):.1f}磅")
    if not 15.6 <= laid.pitch <= 15.9:
        wrong.insert(0, f"字距{laid.pitch:.2f}磅")
    return judged("characters", name, bound, f"字距{laid.pitch:.2f}磅，最宽{widest:.1f}磅，一行至多{most}字", wrong)


def _neighbours(row: Row) -> Iterator[tuple[Glyph, Glyph]]:
    """Ideographs beside each other; not the names of a joint signature, which stand two cells apart or more."""
    for a, b in pairwise(row.glyphs):
        if ideograph(a.char) and ideograph(b.char) and b.x - a.x < 2.5 * a.size:
            yield a, b


def edges(laid: Layout) -> Finding:
    """Lines of a paragraph begin and end exactly at the edges (3.10.9)."""
    name, bound = "行首行尾对齐", f"±{EVEN}磅"
    if not laid.turned or not laid.pitch:
        return idle("edges", name, bound, NO_BODY)
    wrong = []
    checked = 0
    for row, after in zip(laid.body, [*laid.body[1:], None], strict=True):
        off = (row.left if row.glyphs[0].char in OPENING else row.start) - laid.left
        lopsided = abs((row.left - laid.left) - (laid.right - row.right)) > 3
        first = row.glyphs[0].char  # other marks have their ink where their face puts it
        telling = ideograph(first) or first.isalnum() or (first in OPENING and off < 0)
        if EVEN < abs(off) < laid.size * 0.45 and lopsided and telling and row.text[:BEGINNING] not in laid.begun:
            wrong.append(f"{row.place}：行首偏{off:+.1f}磅")
        elif after is not None and runs_on(laid, row, after):
            checked += 1
            short = laid.left + WIDE - _end(row, laid)
            if short < -EVEN - (not ideograph(row.text[-1])) or (short > EVEN and _firm(row, after)):
                wrong.append(f"{row.place}：行尾差{short:.1f}磅")
    return judged("edges", name, bound, f"{checked}行两端对齐", wrong)


def _end(row: Row, laid: Layout) -> float:
    """Where the last character's cell ends; a mark may have given its blank half away, a figure fills its own width."""
    last = row.glyphs[-1]
    if ideograph(last.char):
        return last.x + laid.pitch
    edge = laid.left + WIDE
    return edge if last.right <= edge + EVEN and edge - last.right < laid.size * 0.8 else last.right


def _firm(row: Row, after: Row) -> bool:
    """Whether a line could have been filled: no word or number in it, and what follows is a character that stands alone."""
    return not any(char.isascii() for char in row.text) and all(ideograph(char) for char in after.text[:3])


def inside(laid: Layout) -> Finding:
    """Nothing is printed outside the type area but page numbers and the code (5.2.1)."""
    name, bound = "版心以外", "除页码外没有文字"
    wrong = []
    for sheet in laid.sheets:
        low_x, low_y, high_x, high_y = sheet.area
        for row in sheet.rows:
            beside_code = row.top < low_y and row.size < 10
            if beside_code or not row.text.strip():  # a reader puts blanks between cells: nothing is printed there
                continue
            over = max(low_x - row.left, row.right - high_x, low_y - row.bottom, row.top - high_y)
            if over > SLACK and not (laid.letter and sheet is laid.sheets[0]) and not sheet.newspaper:
                wrong.append(f"{row.place}：超出{over / MM:.1f}毫米")
    return judged("inside", name, bound, "没有" if not wrong else f"{len(wrong)}处", wrong)
