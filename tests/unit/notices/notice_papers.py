"""Invented papers for the tests of the printed page."""

from __future__ import annotations

from desktop_app.notices import fonts, page, tree

BODY = (
    "一是完善监督机制，从源头上减少差错。结合本单位实际，修订《执法监督工作规范》，用好“1+8”平台，实时提示超期事项——逐案过问、"
    "逐件核对……上半年共核查296件案件，整改率为51.5%，接入视频33000余路。二是开展专项排查，对“清单销号”式管理（含“回头看”），"
    "每月核对数据1036条；三是由李·阿明、王喆、赵珺负责，2021年12月底前完成。"
)


def paragraph(*words: str | tree.Run) -> tree.Paragraph:
    return tree.Paragraph(tuple(tree.Run(word) if isinstance(word, str) else word for word in words))


def notice(problems: int = 3, head: bool = True, seal: str = "none") -> tree.Document:
    """A progress notice with every kind of block."""
    blocks: list[tree.Block] = [
        paragraph("根据统一部署，2021年3月15日至5月20日，巡察组对本局开展了巡察。现将整改进展情况予以公布。"),
        tree.Heading(1, "一、整改组织情况"),
        paragraph("召开会议5次，成立领导小组，制定整改方案，明确整改措施54条。"),
        tree.Heading(1, "二、重点问题整改落实情况"),
        tree.Heading(2, "（一）聚焦“两个方面”"),
    ]
    for k in range(problems):
        lead = tree.Run("整改措施及阶段性成效：", "kai", f"problem:{k}")
        blocks += [
            tree.Heading(
                3, f"{k + 1}.关于“台账不清”问题的整改。", (lead, tree.Run(BODY, origin=f"measure:{k}")), f"problem:{k}"
            ),
            paragraph(tree.Run("正在深化整改的内容及时限：", "kai"), "预计将在2021年12月底前完成整改。"),
            tree.Heading(4, "（1）举一反三"),
            paragraph("以案促改，压实责任。"),
        ]
    blocks += [
        paragraph("联系电话：0510-66070000；邮编：214000；电子邮箱：someone@example.com。"),
        tree.Attachments(("整改台账", "关于进一步加强和改进执法监督管理工作若干措施落实情况的详细说明")),
    ]
    return tree.Document(
        title="中共某某市公安局东湖分局委员会关于巡察整改进展情况的通报",
        blocks=tuple(blocks),
        signature=tree.Signature(
            "中共某某市公安局东湖分局委员会", "2021年11月3日", "room" if seal == "room" else "none"
        ),
        head=tree.Head("某某市公安局东湖分局文件", "某公〔2021〕8号") if head else None,
        addressees="各派出所，机关各部门：",
        imprint=tree.Imprint("东湖分局办公室", "2021年11月3日", "市局党委，区委办公室。") if head else None,
        author="东湖分局",
    )


LEFT, RIGHT = page.LEFT, page.LEFT + page.AREA_WIDTH
AREA_TOP, AREA_BOTTOM = page.PAPER_HEIGHT - 37 * page.MM, 35 * page.MM


def of(pages: page.Pages, kind: str) -> list[page.Line]:
    """The lines of one kind, in order."""
    return [line for one in pages.pages for line in one.lines if line.kind == kind]


def ink(line: page.Line) -> tuple[float, float, float, float]:
    """Where a line is black, as a ruler would measure it: left, lower, right and upper edge in points."""
    boxes = []
    for piece in line.pieces:
        face = fonts.face(piece.face)
        for cid, x in zip(piece.cids, piece.xs, strict=True):
            box = face.hb_font.get_glyph_extents(face.glyph_of(cid))
            if box and box.width:
                share = piece.size / 1000
                top = line.y + box.y_bearing * share
                boxes.append(
                    (x + box.x_bearing * share, top + box.height * share, x + (box.x_bearing + box.width) * share, top)
                )
    lefts, lowers, rights, uppers = zip(*boxes, strict=True)
    return min(lefts), min(lowers), max(rights), max(uppers)


def top_of(line: page.Line) -> float:
    """The upper edge of the characters' squares."""
    return line.y + page.ASCENT * line.pieces[0].size


def foot_of(line: page.Line) -> float:
    """The lower edge of the characters' squares."""
    return line.y - (1 - page.ASCENT) * line.pieces[0].size
