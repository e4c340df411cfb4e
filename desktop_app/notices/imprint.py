"""版记 and page numbers: what closes a paper (GB/T 9704 7.4, 7.5), and on which page it stands.

版记 stands on the last even page, because papers are printed on both sides and its last rule lies on the lower edge of the
type area of the last page. A paper whose text ends on an odd page gets a page for it; one whose last even page has no room
left gets a blank page and then a page for it, and neither of these two is numbered (7.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from db.errors import Refusal
from db.values import replace, value
from desktop_app.notices import fonts, linebreak, page, setting, tree
from desktop_app.notices.marks import clean
from desktop_app.notices.page import AREA_HEIGHT, AREA_WIDTH, LEFT, MM, ROW, ROWS, SIZE_4, Line, Page, Stroke, rule
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Words, prepare

RIGHT = LEFT + AREA_WIDTH
BOTTOM = page.row_top(0) - AREA_HEIGHT
STEP = SIZE_4 * 1.5
"""From line to line inside 版记."""
GAP = ROW / 2
"""Between the text and 版记, at least."""
THICK, THIN = 0.35 * MM, 0.25 * MM
NUMBER_DOWN = 7 * MM
"""From the lower edge of the type area to the dashes of the page number, 7.5."""
MEASURE = setting.thousandths(AREA_WIDTH, SIZE_4)


@value
class Foot:
    """版记 as it stands at the foot of a page; ``top`` is its upper edge."""

    lines: tuple[Line, ...]
    strokes: tuple[Stroke, ...]
    top: float


def finished(pages: Sequence[Page], document: tree.Document, moved: str = "") -> list[Page]:
    """The pages of the text with 版记 and page numbers; ``moved`` are the addressees page 1 had no room for (7.3.2)."""
    made, unnumbered = list(pages), set[int]()
    if document.imprint or moved:
        part = document.imprint or tree.Imprint("", "")
        foot = imprint(replace(part, main=moved or part.main), document.form == "letter")
        made, unnumbered = _closed(made, foot, part.one_sided or document.form == "letter")
    if document.form == "letter":
        unnumbered.add(made[0].number)
    return [one if one.number in unnumbered else numbered(one) for one in made]


def numbered(one: Page) -> Page:
    """The page with its number; on a turned page it stands where it stands on all others (8)."""
    if any(line.kind == "number" for line in one.lines):  # a newspaper's page has one of its own
        return one
    line = number(one.number)
    return replace(one, upright=(*one.upright, line)) if one.turned else replace(one, lines=(*one.lines, line))


def _closed(pages: list[Page], foot: Foot, anywhere: bool) -> tuple[list[Page], set[int]]:
    last = pages[-1]
    room = not last.turned and _lowest(last) >= foot.top + GAP
    if room and (anywhere or last.number % 2 == 0):
        held = replace(last, lines=(*last.lines, *foot.lines), strokes=(*last.strokes, *foot.strokes))
        return [*pages[:-1], held], set()
    if anywhere or last.number % 2:
        return [*pages, Page(last.number + 1, foot.lines, foot.strokes)], set()
    blank, closing = Page(last.number + 1, ()), Page(last.number + 2, foot.lines, foot.strokes)
    return [*pages, blank, closing], {blank.number, closing.number}


def _lowest(one: Page) -> float:
    """The lower edge of what stands on a page, tables, pictures and seals included; the red rules are not in the way."""
    lows = [line.y - (1 - page.ASCENT) * line.pieces[0].size for line in one.lines if line.pieces]
    lows += [min(stroke.y0, stroke.y1) for stroke in one.strokes if stroke.colour != page.RED]
    lows += [min(y for _, y in shape.points) for shape in one.shapes]
    lows += [image.y for image in one.images]
    return min(lows, default=page.row_top(0))


def imprint(part: tree.Imprint, letter: bool = False) -> Foot:
    """版记 on the lower edge of the type area; that of a letter has no office, no date and no rules (10.1)."""
    drafts = [*_listed("主送", part.main), *_listed("抄送", part.copies_to)]
    copies = len(drafts)
    if not letter and (part.office or part.date):
        drafts += _issued(clean(part.office), clean(part.date))
    high = len(drafts) * STEP
    if high > AREA_HEIGHT:
        raise Refusal("抄送机关太多，一页的版记排不下。", "请改用统称，减少抄送机关。", "print")
    lines = []
    for k, draft in enumerate(drafts):
        y = BOTTOM + high - k * STEP - (STEP - SIZE_4) / 2 - page.ASCENT * SIZE_4
        lines.append(Line("imprint", ROWS - len(drafts) + k, y, draft.left, draft.right, draft.pieces, draft.fit))
    if letter or not drafts:
        return Foot(tuple(lines), (), BOTTOM + high)
    rules = [rule(BOTTOM + high, LEFT, RIGHT, THICK), rule(BOTTOM, LEFT, RIGHT, THICK)]
    if 0 < copies < len(drafts):
        rules.append(rule(BOTTOM + (len(drafts) - copies) * STEP, LEFT, RIGHT, THIN))
    return Foot(tuple(lines), tuple(rules), BOTTOM + high)


def _listed(label: str, names: str) -> list[Draft]:
    """抄送：…。 one character in at both sides, turned lines under the first character after the colon (7.4.2)."""
    names = tree.copied(clean(names))
    if not names:
        return []
    hang = 1000 + setting.width(prepare([Words(f"{label}：")]))
    stock = prepare([Words(f"{label}：{names}")])
    return setting.drafts(stock, linebreak.lines(stock, MEASURE - 1000, 1000, hang), "imprint", SIZE_4, -1)


def _issued(office: str, date: str) -> list[Draft]:
    """印发机关 one character in from the left, 印发日期 one in from the right (7.4.3); a long name takes lines of its own."""
    words = [Words(f"{date}印发")] if date else []
    wide = setting.width(prepare(words)) * SIZE_4 / 1000
    right = setting.single(words, "imprint", SIZE_4, RIGHT - SIZE_4 - wide)
    if not office:
        return [right]
    left = setting.single([Words(office)], "imprint", SIZE_4, LEFT + SIZE_4)
    if left.right <= right.left - SIZE_4:
        return [Draft("imprint", left.left, right.right, (*left.pieces, *right.pieces))]
    stock = prepare([Words(office)])
    long = setting.drafts(stock, linebreak.lines(stock, MEASURE - 1000, 1000, 1000), "imprint", SIZE_4, -1)
    return [*long, right] if date else long


def number(count: int) -> Line:
    """— 1 — in 四号 half-width figures, its dashes 7 mm below the type area, outer side, one character in (7.5)."""
    draft = setting.single([Words(f"— {count} —", "song")], "number", SIZE_4, LEFT + SIZE_4)
    if count % 2:
        draft = draft.shifted(RIGHT - SIZE_4 - draft.right)
    y = BOTTOM - NUMBER_DOWN - _dash_top() * SIZE_4 / 1000
    return Line("number", ROWS, y, draft.left, draft.right, draft.pieces)


@cache
def _dash_top() -> int:
    """The upper edge of the dash beside a page number, above its baseline."""
    return fonts.ink(fonts.cells("song")["—"])[3]
