"""The styles, settings and faces a Word twin says about itself: what the clerk sees under 样式, 页面设置 and 字体."""

from __future__ import annotations

from functools import cache

from desktop_app.notices import marks
from desktop_app.notices.page import RED, SIZE_2, SIZE_4
from desktop_app.notices.word_xml import (
    DECLARATION,
    LOOSE,
    NAMESPACES,
    PITCH,
    fonts,
    indent,
    props,
    space,
    stand,
)

TIGHT = -5
"""Twentieths of a point between the characters of the body: 28 of 15.75 pt fill 156 mm, 28 of 16 pt do not fit."""

STAND_INS = {
    "仿宋_GB2312": ("仿宋,FangSong,STFangsong,华文仿宋", "02010609060101010101", "modern"),
    "楷体_GB2312": ("楷体,KaiTi,STKaiti,华文楷体", "02010609060101010101", "modern"),
    "黑体": ("SimHei,STHeiti,华文黑体", "02010609060101010101", "modern"),
    "宋体": ("SimSun,STSong,华文宋体", "02010600030101010101", "auto"),
    "方正小标宋简体": (
        "方正小标宋_GBK,FZXiaoBiaoSong-B05S,小标宋,华文中宋,STZhongsong,宋体",
        "02010601030101010101",
        "script",
    ),
}
"""Face → the faces Word takes when it is not installed, in this order; its Panose number; its family."""

BODY, FLUSH, TITLE, MARK, NUMBER, SALUTATION, SIGNATURE, NOTE, IMPRINT, FOOTER, CAPTION, CELL = (
    "BodyText", "Normal", "Title", "RedMark", "DocumentNumber", "Salutation", "Signature", "Note", "Imprint", "Footer",
    "Caption", "TableText",
)  # fmt: skip
HEADINGS = {1: "hei", 2: "kai", 3: "body", 4: "body"}
"""Level → role of its face (7.3.3)."""


def heading(level: int) -> str:
    """The style of a heading."""
    return f"Heading{level}"


def _style(
    key: str,
    name: str,
    role: str,
    *,
    size: float = 0.0,
    tracking: int | None = None,
    colour: str = "",
    following: str = "",
    custom: bool = False,
    **held: str,
) -> str:
    """One paragraph style; ``tracking`` twentieths of a point between characters, ``held`` elements of its pPr by name."""
    words = {"rFonts": fonts(role)}
    if size:
        words |= {"sz": f'<w:sz w:val="{round(size * 2)}"/>', "szCs": f'<w:szCs w:val="{round(size * 2)}"/>'}
    if tracking is not None:
        words["spacing"] = f'<w:spacing w:val="{tracking}"/>'
    if colour:
        words["color"] = f'<w:color w:val="{colour[1:]}"/>'
    default = key == FLUSH
    kind = ' w:default="1"' if default else ' w:customStyle="1"' if custom else ""
    return (
        f'<w:style w:type="paragraph"{kind} w:styleId="{key}"><w:name w:val="{name}"/>'
        + ("" if default else f'<w:basedOn w:val="{FLUSH}"/>')
        + (f'<w:next w:val="{following}"/>' if following else "")
        + f"<w:qFormat/>{props('pPr', held)}{props('rPr', words)}</w:style>"
    )


def _normal() -> str:
    return _style(
        FLUSH,
        "Normal",
        "body",
        widowControl='<w:widowControl w:val="0"/>',
        overflowPunct='<w:overflowPunct w:val="0"/>',
        autoSpaceDE='<w:autoSpaceDE w:val="0"/>',
        autoSpaceDN='<w:autoSpaceDN w:val="0"/>',
        spacing=space(),
        jc=stand("justify"),
    )


@cache
def styles() -> bytes:
    """``word/styles.xml``: everything starts from 三号仿宋 on lines of 28.95 pt."""
    body = props("rPr", {
        "rFonts": fonts("body"),
        "spacing": f'<w:spacing w:val="{TIGHT}"/>',
        "kern": '<w:kern w:val="0"/>',
        "sz": '<w:sz w:val="32"/>',
        "szCs": '<w:szCs w:val="32"/>',
        "lang": '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>',
    })  # fmt: skip
    two = indent(first=2)
    centre = stand("centre")
    found = [
        _normal(),
        _style(BODY, "Body Text", "body", ind=two),
        *(
            _style(
                heading(level),
                f"heading {level}",
                role,
                following=BODY,
                keepNext="<w:keepNext/>",
                ind=two,
                outlineLvl=f'<w:outlineLvl w:val="{level - 1}"/>',
            )
            for level, role in HEADINGS.items()
        ),
        _style(
            TITLE,
            "Title",
            "title",
            size=SIZE_2,
            tracking=0,
            following=BODY,
            keepNext="<w:keepNext/>",
            snapToGrid=LOOSE,
            jc=centre,
        ),
        _style(SALUTATION, "Salutation", "body", following=BODY, jc=stand("justify")),
        _style(SIGNATURE, "Signature", "body", jc=stand("right")),
        _style(FOOTER, "footer", "song", size=SIZE_4, tracking=0, snapToGrid=LOOSE),
        _style(CAPTION, "caption", "hei", size=12, tracking=0, snapToGrid=LOOSE, jc=centre),
        _style(MARK, "发文机关标志", "title", colour=RED, tracking=0, custom=True, snapToGrid=LOOSE, jc=centre),
        _style(NUMBER, "发文字号", "body", custom=True, jc=centre),
        _style(NOTE, "附注", "body", custom=True, ind=two),
        _style(IMPRINT, "版记", "body", size=SIZE_4, tracking=0, custom=True, snapToGrid=LOOSE),
        _style(CELL, "表格文字", "body", size=12, tracking=0, custom=True, snapToGrid=LOOSE, jc=stand("left")),
    ]
    table = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    )
    defaults = f"<w:docDefaults><w:rPrDefault>{body}</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    return f"{DECLARATION}<w:styles {NAMESPACES}>{defaults}{''.join(found)}{table}</w:styles>".encode()


@cache
def settings() -> bytes:
    """``word/settings.xml``: odd and even feet differ, marks are squeezed, the prohibitions of line starts and ends are ours."""
    first = "".join(sorted(marks.NEVER_FIRST | {"…"}))
    last = "".join(sorted(marks.NEVER_LAST))
    words = {one: one.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") for one in (first, last)}
    compat = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
            ("differentiateMultirowTableHeaders", 1),
        )
    )
    return (
        f'{DECLARATION}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
        '<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/>'
        f'<w:drawingGridVerticalSpacing w:val="{PITCH}"/><w:characterSpacingControl w:val="compressPunctuation"/>'
        f'<w:noLineBreaksAfter w:lang="zh-CN" w:val="{words[last]}"/>'
        f'<w:noLineBreaksBefore w:lang="zh-CN" w:val="{words[first]}"/>'
        f"<w:compat><w:doNotExpandShiftReturn/><w:useFELayout/>{compat}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        "</w:settings>"
    ).encode()


@cache
def font_table() -> bytes:
    """``word/fontTable.xml``: each face with those that stand in for it on a machine that lacks it."""
    found = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:panose1 w:val="{panose}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="{"fixed" if family == "modern" else "variable"}"/></w:font>'
        for name, (others, panose, family) in STAND_INS.items()
    )
    return f"{DECLARATION}<w:fonts {NAMESPACES}>{found}</w:fonts>".encode()
