"""Packs the parts of a Word file: relations and content types by python-docx, the zip by hand, so that equal parts give equal
bytes (python-docx writes the time of day into every entry)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package

from desktop_app.notices.word_xml import DECLARATION, safe

_DAY = (1980, 1, 1, 0, 0, 0)
_TYPES = {
    CT.WML_STYLES: RT.STYLES,
    CT.WML_SETTINGS: RT.SETTINGS,
    CT.WML_FONT_TABLE: RT.FONT_TABLE,
}
_DEFAULTS = {"rels": CT.OPC_RELATIONSHIPS, "xml": CT.XML, "png": CT.PNG, "jpeg": CT.JPEG}


@dataclass(frozen=True, slots=True)
class About:
    """What the file says about itself; ``created`` is left out when None."""

    title: str = ""
    author: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()
    language: str = "zh-CN"
    created: datetime | None = None


def packed(
    body: bytes,
    about: About,
    common: Mapping[str, bytes],
    heads: Mapping[str, bytes],
    feet: Mapping[str, bytes],
    pictures: Mapping[str, tuple[str, bytes]],
) -> bytes:
    """The file. ``common`` are the styles, settings and faces by file name; ``heads`` and ``feet`` those of pages, ``pictures`` their
    names and bytes, both by the relation under which ``body`` speaks of them."""
    package = Package()
    main = _part("/word/document.xml", CT.WML_DOCUMENT_MAIN, body, package)
    package.load_rel(RT.OFFICE_DOCUMENT, main, "rId1")
    package.load_rel(
        RT.CORE_PROPERTIES, _part("/docProps/core.xml", CT.OPC_CORE_PROPERTIES, _core(about), package), "rId2"
    )
    kinds = {"styles": CT.WML_STYLES, "settings": CT.WML_SETTINGS, "fontTable": CT.WML_FONT_TABLE}
    for number, (name, data) in enumerate(common.items(), 1):
        kind = kinds[name]
        main.load_rel(_TYPES[kind], _part(f"/word/{name}.xml", kind, data, package), f"rId{number}")
    for number, (relation, data) in enumerate(heads.items(), 1):
        main.load_rel(RT.HEADER, _part(f"/word/header{number}.xml", CT.WML_HEADER, data, package), relation)
    for number, (relation, data) in enumerate(feet.items(), 1):
        main.load_rel(RT.FOOTER, _part(f"/word/footer{number}.xml", CT.WML_FOOTER, data, package), relation)
    for relation, (name, data) in pictures.items():
        kind = CT.PNG if name.endswith(".png") else CT.JPEG
        main.load_rel(RT.IMAGE, _part(f"/word/media/{name}", kind, data, package), relation)
    return _zipped(package)


def _part(name: str, kind: str, data: bytes, package: Package) -> Part:
    return Part(PackURI(name), kind, data, package)


def _zipped(package: Package) -> bytes:
    parts = list(package.iter_parts())
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        _entry(archive, "[Content_Types].xml", _types(parts))
        _entry(archive, "_rels/.rels", package.rels.xml)
        for part in parts:
            _entry(archive, part.partname.membername, part.blob)
            if len(part.rels):
                _entry(archive, part.partname.rels_uri.membername, part.rels.xml)
    return made.getvalue()


def _entry(archive: zipfile.ZipFile, name: str, data: bytes | str) -> None:
    entry = zipfile.ZipInfo(name, _DAY)
    entry.compress_type = zipfile.ZIP_STORED if name.endswith((".png", ".jpeg")) else zipfile.ZIP_DEFLATED
    entry.create_system = 0
    archive.writestr(entry, data)


def _types(parts: list[Part]) -> str:
    used = {part.partname.ext for part in parts} | {"rels", "xml"}
    defaults = "".join(
        f'<Default Extension="{ext}" ContentType="{kind}"/>' for ext, kind in _DEFAULTS.items() if ext in used
    )
    overrides = "".join(
        f'<Override PartName="{part.partname}" ContentType="{part.content_type}"/>'
        for part in parts
        if part.partname.ext == "xml"
    )
    return (
        f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{defaults}{overrides}'
        "</Types>"
    )


def _core(about: About) -> bytes:
    created = about.created.astimezone(UTC) if about.created and about.created.tzinfo else about.created
    day = f"{created:%Y-%m-%dT%H:%M:%SZ}" if created else ""
    told = {
        "dc:title": about.title,
        "dc:subject": about.subject,
        "dc:creator": about.author,
        "cp:keywords": "、".join(about.keywords),
        "dc:language": about.language,
    }
    words = "".join(f"<{name}>{safe(value)}</{name}>" for name, value in told.items() if value)
    days = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}</dcterms:{name}>' for name in ("created", "modified")
    )
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{words}{days if day else ""}</cp:coreProperties>'
    ).encode()
