"""What stands around the text: red head, red rule, imprint, page numbers (7.2, 7.4, 7.5; letters 10.1)."""

from __future__ import annotations

import re

from desktop_app.notices.finding import Finding, idle, judged
from desktop_app.notices.measure_rows import LETTER, MM, NUMBER, Layout, Row, Sheet

WIDE = 156 * MM
DOCUMENT_NUMBER = re.compile(r"〔\d{4}〕.{0,4}\d+号|第\d+号")
THICK, THIN = 0.35 * MM, 0.25 * MM


def mark(laid: Layout) -> Finding:
    """The upper edge of the red head below the type area's: 35 mm, 20 mm in orders, 30 mm below the paper's in letters."""
    name = "发文机关标志"
    bound = "上边缘距纸张上边缘30毫米" if laid.letter else "上边缘距版心上边缘35毫米（命令20毫米）"
    rows = _red(laid)
    if not rows:
        return idle("mark", name, bound, "没有红头")
    sheet = laid.sheets[0]
    top = max(row.top for row in rows)
    down = (sheet.leaf.height - top) / MM if laid.letter else (sheet.area[3] - top) / MM
    right = (30.0,) if laid.letter else (35.0, 20.0)
    off = min(abs(down - want) for want in right)
    wrong = [f"第1页：{down:.1f}毫米"] if off > 1.5 else []
    middle = (min(row.left for row in rows) + max(row.right for row in rows)) / 2
    if abs(middle - (sheet.area[0] + sheet.area[2]) / 2) > 3 * MM:
        wrong.append("第1页：没有居中")
    return judged("mark", name, bound, f"{down:.1f}毫米", wrong)


def _red(laid: Layout) -> list[Row]:
    if not laid.sheets:
        return []
    return [row for row in laid.sheets[0].rows if row.red and row.size >= 20]


def rule(laid: Layout) -> Finding:
    """The red rule: as wide as the type area, 4 mm below the document number; in letters two double ones of 170 mm."""
    name = "红色分隔线"
    if laid.letter:
        return _letter_rules(laid)
    bound = "宽156毫米，在发文字号之下4毫米"
    sheet = laid.sheets[0] if laid.sheets else None
    rules = [one for one in sheet.leaf.rules if one.red and one.flat and one.length > 100 * MM] if sheet else []
    if sheet is None or not rules:
        return idle("rule", name, bound, "没有红色分隔线")
    one = rules[0]
    wrong = []
    if abs(one.length - WIDE) > MM or abs(one.left - sheet.area[0]) > MM:
        wrong.append(f"第1页：宽{one.length / MM:.1f}毫米，左边在{one.left / MM:.1f}毫米")
    above = [row for row in sheet.rows if row.y > one.y and not row.red]
    numbered = [row for row in above if DOCUMENT_NUMBER.search(row.text)] or above
    said = f"宽{one.length / MM:.1f}毫米"
    if numbered:
        row = min(numbered, key=lambda row: row.y)
        down = (row.y - 0.12 * row.size - one.y) / MM
        said += f"，在发文字号之下{down:.1f}毫米"
        if abs(down - 4) > 0.7:
            wrong.append(f"第1页：在发文字号之下{down:.1f}毫米")
    return judged("rule", name, bound, said, wrong)


def _letter_rules(laid: Layout) -> Finding:
    bound = "双线两道，长170毫米，下一道距下边缘20毫米"
    sheet = laid.sheets[0]
    rules = sorted(
        (one for one in sheet.leaf.rules if one.red and one.flat and one.length >= LETTER), key=lambda one: -one.y
    )
    wrong = [f"第1页：长{one.length / MM:.1f}毫米" for one in rules if abs(one.length - 170 * MM) > MM]
    low = rules[-1].y / MM
    if abs(low - 20) > 1.5:
        wrong.append(f"第1页：下一道距下边缘{low:.1f}毫米")
    if len(rules) != 4:
        wrong.append(f"第1页：有{len(rules)}条红线")
    return judged("rule", "红色双线", bound, f"{len(rules)}条，长{rules[0].length / MM:.1f}毫米", wrong)


def imprint(laid: Layout) -> Finding:
    """版记: its last rule on the lower edge of the type area, first and last 0.35 mm, those between 0.25 mm (7.4.1)."""
    name, bound = "版记", "末条分隔线在版心下边缘，首末条0.35毫米，中间0.25毫米"
    held = [
        (sheet, row)
        for sheet in laid.sheets
        for row in sheet.rows
        if row.text.rstrip().endswith("印发") and 13 < row.size < 15
    ]
    if not held:
        return idle("imprint", name, bound, "没有版记")
    sheet, row = held[-1]
    if laid.letter:
        return idle("imprint", name, bound, "信函的版记不加分隔线")
    rules = sorted(
        (one for one in sheet.leaf.rules if _is_rule(one.length) and one.flat and not one.red), key=lambda one: -one.y
    )
    below = [one for one in rules if one.y < row.y]
    if len(rules) < 2 or not below:
        return judged("imprint", name, bound, f"{len(rules)}条分隔线", [f"第{sheet.leaf.number}页：缺分隔线"])
    wrong = []
    off = (below[-1].y - sheet.area[1]) / MM
    if abs(off) > 1:
        wrong.append(f"第{sheet.leaf.number}页：末条偏{off:+.1f}毫米")
    for k, one in enumerate(rules):
        want = THICK if k in (0, len(rules) - 1) else THIN
        if abs(one.weight - want) > 0.06 * MM:
            wrong.append(f"第{sheet.leaf.number}页：第{k + 1}条粗{one.weight / MM:.2f}毫米")
    if sheet is not laid.sheets[-1]:
        wrong.append(f"第{sheet.leaf.number}页：不在最后一页")
    return judged("imprint", name, bound, f"{len(rules)}条分隔线，末条偏{off:+.1f}毫米", wrong)


def _is_rule(length: float) -> bool:
    return abs(length - WIDE) < 2 * MM


def numbers(laid: Layout) -> Finding:
    """Page numbers: outer side, one character in, 7 mm below the type area, counting on (7.5)."""
    name, bound = "页码", "单页居右、双页居左各空一字，在版心之下7毫米"
    found = [(sheet, sheet.numbers[0]) for sheet in laid.sheets if sheet.numbers]
    if not found and all(sheet.newspaper for sheet in laid.sheets):
        return idle("numbers", name, bound, "报纸版面的版次印在上方")
    if not found:
        if len(laid.sheets) <= 1:
            return idle("numbers", name, bound, "只有一页，没有页码")
        return judged("numbers", name, bound, "没有页码", ["全文"])
    wrong: list[str] = []
    before: int | None = None
    last = 0
    for sheet in laid.sheets:
        if not sheet.numbers:
            blank = not sheet.body or sheet.newspaper or (laid.letter and sheet is laid.sheets[0])
            if not blank:
                wrong.append(f"第{sheet.leaf.number}页：没有页码")
            continue
        row = sheet.numbers[0]
        told = NUMBER.fullmatch(row.text.strip())
        value = int(told[1]) if told else 0
        wrong += [f"第{sheet.leaf.number}页：{what}" for what in _misplaced(sheet, row, value)]
        counted = before + sheet.leaf.number - last if before is not None else value  # pages without number count, too
        if before is not None and value not in (before + 1, counted, 1):
            wrong.append(f"第{sheet.leaf.number}页：页码从{before}跳到{value}")
        before, last = value, sheet.leaf.number
    return judged("numbers", name, bound, f"{len(found)}页有页码", wrong)


def _misplaced(sheet: Sheet, row: Row, value: int) -> list[str]:
    """What is wrong with the place of a page number, in the frame of the upright paper."""
    leaf = sheet.leaf
    left, right, bottom = 28 * MM, 184 * MM, leaf.height - 262 * MM
    if sheet.turned and not leaf.turned:
        return []  # a page that was made lying: its number has no place by 7.5
    wrong = []
    inner = right - row.right if value % 2 else row.left - left
    if abs(inner - 14) > 1.2 * MM:
        wrong.append(f"页码不在{'右' if value % 2 else '左'}侧空一字处（{inner / MM:.1f}毫米）")
    dashes = [one for one in row.glyphs if one.char in "—–―－-"]
    middle = (dashes[0].bottom + dashes[0].top) / 2 if dashes else row.bottom
    if not dashes:
        wrong.append("页码两侧没有一字线")
    elif abs((bottom - middle) / MM - 7) > 1:
        wrong.append(f"一字线在版心之下{(bottom - middle) / MM:.1f}毫米")
    return wrong
