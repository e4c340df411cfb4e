"""What stands before and after the body: 版头, title, signature and date, 附注, 版记, page number (GB/T 9704 7.2–7.5)."""

from __future__ import annotations

from itertools import accumulate

from db.errors import Refusal
from desktop_app.notices import fonts, linebreak, page, setting, titles, tree
from desktop_app.notices.marks import CLUSTER, clean
from desktop_app.notices.page import AREA_WIDTH, CELL, LEFT, MM, RED, ROW, SIZE_2, SIZE_3, SIZE_4, Line, Stroke, rule
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Words, prepare

RIGHT = LEFT + AREA_WIDTH
MARK_DOWN = 35 * MM  # upper edge of the red head below the type area's, 7.2.4
MARK_SIZE = 52.0
TITLE_AFTER_RULE = 2  # rows, 7.3.1
TITLE_ALONE = 1
"""Blank rows above the title of a paper without 版头 (the standard is silent)."""


def head(part: tree.Head) -> tuple[list[Line], list[Stroke], int]:
    """版头: its lines, the red rule, and the row of the grid the title begins at."""
    lines: list[Line] = []
    for text, role in ((part.serial, "body"), (part.secrecy, "hei"), (part.urgency, "hei")):
        if text:
            lines.append(setting.single([Words(clean(text), role)], "head", SIZE_3, LEFT).at(len(lines)))
    if not part.mark:  # a number without a red head: no red rule either
        if part.document_number:
            _one_line("发文字号", setting.width(prepare([Words(clean(part.document_number))])) * CELL / 1000)
            lines.append(centred([Words(clean(part.document_number))], "head", SIZE_3).at(len(lines)))
        return lines, [], len(lines) + TITLE_ALONE
    lines.append(_mark(clean(part.mark)))
    size = lines[-1].pieces[0].size if lines[-1].pieces else MARK_SIZE
    row = round((MARK_DOWN + size) / ROW) + 2  # two lines below the mark, 7.2.5
    number, signer = clean(part.document_number), clean(part.signer)
    if signer:
        lines += _upward(number, signer, row)
    elif number:
        _one_line("发文字号", setting.width(prepare([Words(number)])) * CELL / 1000)
        lines.append(centred([Words(number)], "head", SIZE_3).at(row))
    y = page.row_top(row) - SIZE_3 - 4 * MM
    below = (page.row_top(0) - y) / ROW
    return lines, [rule(y, LEFT, RIGHT, 1.2, RED)], int(below + 0.999) + TITLE_AFTER_RULE


def _mark(text: str) -> Line:
    """The red head: as large as fits between the margins, spread when short."""
    count = max(1, len(CLUSTER.findall(text)))
    stock = prepare([Words(text, "title")])
    size = min(MARK_SIZE, AREA_WIDTH * 1000 / max(1, setting.width(stock)))
    natural = setting.width(stock) * size / 1000
    spread = min(size * 0.4, max(0.0, (AREA_WIDTH * 0.92 - natural) / max(1, count - 1)))
    broken = setting.whole(stock)
    xs = [x + k * spread * 1000 / size for k, x in enumerate(broken.xs)]
    wide = natural + spread * (count - 1)
    left = LEFT + (AREA_WIDTH - wide) / 2
    spaced = linebreak.Broken(0, len(stock.cells), xs, broken.right, "last", 0)
    set_ = setting.pieces(stock, spaced, left, size, colour=RED)
    return Draft("mark", left, left + wide, set_).at(0, size, MARK_DOWN)


def _upward(number: str, signer: str, row: int) -> list[Line]:
    """上行文: number one character in from the left, 签发人 one in from the right, its name in 楷体 (7.2.5, 7.2.6)."""
    words = [Words("签发人："), Words(signer, "kai")]
    wide = setting.width(prepare(words)) * CELL / 1000
    _one_line("发文字号和签发人", wide + setting.width(prepare([Words(number)])) * CELL / 1000, AREA_WIDTH - 3 * CELL)
    found = [setting.single(words, "head", SIZE_3, RIGHT - CELL - wide).at(row)]
    if number:
        found.insert(0, setting.single([Words(number)], "head", SIZE_3, LEFT + CELL).at(row))
    return found


def _one_line(name: str, wide: float, most: float = AREA_WIDTH) -> None:
    """Refuses a part that has one line by the standard and does not fit it."""
    if wide > most + 0.01:
        raise Refusal(f"{name}太长，一行排不下。", f"请缩短{name}。", "print")


def centred(words: list[Words], kind: page.Kind, size: float) -> Draft:
    """One line in the middle of the type area."""
    wide = setting.width(prepare(words)) * page.cell(size) / 1000
    return setting.single(words, kind, size, LEFT + (AREA_WIDTH - wide) / 2)


def title(text: str, row: int) -> list[Line]:
    """The title in 二号小标宋, centred, each line in a row of the grid from ``row`` on."""
    text = clean(text)
    table = fonts.cells("title")
    clusters = CLUSTER.findall(text)
    widths = list(accumulate((table[c].width for c in clusters), initial=0))
    if len(clusters) != len(text):  # every character of …… or —— but its first is no wider
        widths = [0]
        for cluster in clusters:
            widths += [widths[-1] + table[cluster].width] * len(cluster)
    ranges = titles.split(text, widths, setting.thousandths(AREA_WIDTH, SIZE_2))
    lines = []
    for k, (start, end) in enumerate(ranges):
        draft = centred([Words(text[start:end], "title")], "title", SIZE_2)
        lines.append(draft.at(row + k, SIZE_2))
    return lines


def signature(part: tree.Signature) -> list[Draft | None]:
    """署名 and 成文日期 with the blank rows before them: one without seal, two where a seal is to stand (7.3.5)."""
    words, date = [Words(clean(part.organ), "body", part.origin)], [Words(clean(part.date), "body", part.origin)]
    wide, date_wide = (setting.width(prepare(w)) * CELL / 1000 for w in (words, date))
    _one_line("成文日期", date_wide, AREA_WIDTH - 4 * CELL)
    if part.seal == "room":
        date_left = RIGHT - 4 * CELL - date_wide
        left = date_left + (date_wide - wide) / 2
        over = max(0.0, left + wide - RIGHT)
        left, date_left = left - over, date_left - over
    elif date_wide > wide:
        date_left = RIGHT - 2 * CELL - date_wide
        left = date_left - 2 * CELL
    else:
        left = RIGHT - 2 * CELL - wide
        date_left = left + 2 * CELL
    drafts: list[Draft | None] = [None] if part.seal == "none" else [None, None]
    if left < LEFT:
        drafts += _long_organ(words)
    elif part.organ:
        drafts.append(setting.single(words, "signature", SIZE_3, left))
    if part.date:
        drafts.append(setting.single(date, "signature", SIZE_3, max(LEFT, date_left)))
    return drafts


def _long_organ(words: list[Words]) -> list[Draft | None]:
    """A name longer than the line: broken, each line two characters in from the right."""
    stock = prepare(words)
    found: list[Draft | None] = []
    for line in linebreak.lines(stock, (page.CELLS - 4) * 1000):
        wide = line.right * CELL / 1000
        left = RIGHT - 2 * CELL - wide
        found.append(Draft("signature", left, left + wide, setting.pieces(stock, line, left, SIZE_3)))
    return found


def imprint(part: tree.Imprint) -> tuple[list[Line], list[Stroke], int]:
    """版记 on the lower edge of the type area: lines, rules, and how many rows of the grid it takes (7.4)."""
    one = SIZE_4
    measure = setting.thousandths(AREA_WIDTH, SIZE_4)
    drafts: list[Draft] = []
    if part.copies_to:
        stock = prepare([Words("抄送：" + clean(part.copies_to))])
        lines = linebreak.lines(stock, measure - 1000, 1000, 4000)
        drafts += setting.drafts(stock, lines, "imprint", SIZE_4, -1)
    copies = len(drafts)
    last = setting.single([Words(clean(part.office))], "imprint", SIZE_4, LEFT + one)
    words = [Words(clean(part.date) + "印发")]
    right = setting.single(words, "imprint", SIZE_4, RIGHT - one - setting.width(prepare(words)) * one / 1000)
    if last.right > right.left - one:  # too long for one line with the date: lines of its own
        office = prepare([Words(clean(part.office))])
        drafts += setting.drafts(office, linebreak.lines(office, measure - 1000, 1000, 1000), "imprint", SIZE_4, -1)
        last = Draft("imprint", right.left, right.right, ())
    drafts.append(Draft("imprint", last.left, right.right, (*last.pieces, *right.pieces)))
    step = SIZE_4 * 1.5
    bottom = page.row_top(0) - page.AREA_HEIGHT
    high = len(drafts) * step
    row = int(page.ROWS - high / ROW - 0.5)
    placed = []
    for k, draft in enumerate(drafts):
        y = bottom + high - k * step - (step - SIZE_4) / 2 - page.ASCENT * SIZE_4
        placed.append(Line("imprint", page.ROWS - len(drafts) + k, y, draft.left, draft.right, draft.pieces))
    thick, thin = 0.35 * MM, 0.25 * MM
    rules = [rule(bottom + high, LEFT, RIGHT, thick), rule(bottom, LEFT, RIGHT, thick)]
    if copies:
        rules.append(rule(bottom + (len(drafts) - copies) * step, LEFT, RIGHT, thin))
    return placed, rules, page.ROWS - row


def number(count: int) -> Line:
    """— 1 — in 四号 half-width figures, its dashes 7 mm below the type area, outer side, one character in (7.5)."""
    words = [Words(f"— {count} —", "song")]
    wide = setting.width(prepare(words)) * SIZE_4 / 1000
    left = RIGHT - SIZE_4 - wide if count % 2 else LEFT + SIZE_4
    draft = setting.single(words, "number", SIZE_4, left)
    y = page.row_top(0) - page.AREA_HEIGHT - 7 * MM - 0.28 * SIZE_4
    return Line("number", page.ROWS, y, draft.left, draft.right, draft.pieces)
