"""What a PDF says about itself: the Info dictionary, the XMP packet that says the same, and what identifies the paper.

The identity (document number, digest, log head …) stands in the packet as properties of our own namespace, described as
PDF/A asks (ISO 19005-2, 6.6.2.3), and once more in the Info dictionary, which other programs keep more often than the packet.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from db.values import value
from desktop_app import pdfium

OURS = "urn:zhenggai:paper:"
"""Namespace of the identity's properties."""
KEY = "ZhenggaiPaper"
"""Key of the identity in the Info dictionary, as JSON."""
MAKER = "zhenggai"
FIXED = datetime(2000, 1, 1, tzinfo=UTC)
"""The day of a paper that is given none, for equal bytes."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PACKET = re.compile(rb"<\?xpacket begin=.*?<\?xpacket end=", re.DOTALL)


@value
class Meta:
    """What the file says about itself; ``created`` is written as given, and a fixed day if None, for equal bytes.

    ``identity`` are names (Latin letters and digits: ``number``, ``digest``, ``log``) with their values, read back by
    ``identity_of``.
    """

    title: str = ""
    author: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()
    language: str = "zh-CN"
    created: datetime | None = None
    identity: tuple[tuple[str, str], ...] = ()


def identity_of(data: bytes) -> dict[str, str]:
    """The identity written into a PDF, empty if there is none: what the file claims, not yet what is true of it."""
    found = _from_packet(data)
    return found or _from_info(data)


def _escape(text: str) -> str:
    """Words as XML holds them. (The library's own brings the whole of the network with it.)"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _from_packet(data: bytes) -> dict[str, str]:
    packets = _PACKET.findall(data)
    if not packets:
        return {}
    start, end = packets[-1].find(b"<x:xmpmeta"), packets[-1].rfind(b"<?xpacket end=")
    if start < 0 or b"<!" in packets[-1]:  # no doctype, no entities: a packet has none
        return {}
    from xml.etree import ElementTree  # read, not written: a paper that is printed needs none

    try:
        root = ElementTree.fromstring(packets[-1][start:end])
    except ElementTree.ParseError:
        return {}
    mark = f"{{{OURS}}}"
    return {node.tag.removeprefix(mark): node.text or "" for node in root.iter() if str(node.tag).startswith(mark)}


def _from_info(data: bytes) -> dict[str, str]:
    try:
        with pdfium.opened(data) as document:
            found = json.loads(document.get_metadata_value(KEY))
    except (pdfium.Unreadable, json.JSONDecodeError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def info(about: Meta) -> str:
    """The Info dictionary; entries without words are left out."""
    stamp = _info_date(about.created or FIXED)
    entries = {
        "Title": about.title,
        "Author": about.author,
        "Subject": about.subject,
        "Keywords": "、".join(about.keywords),
        "Creator": MAKER,
        "Producer": MAKER,
        KEY: json.dumps(dict(about.identity), ensure_ascii=False) if about.identity else "",
    }
    told = "".join(f"/{key} {string(words)}\n" for key, words in entries.items() if words)
    return f"<<\n{told}/CreationDate ({stamp})\n/ModDate ({stamp})\n>>"


def string(text: str) -> str:
    """A text string as PDF writes it, in UTF-16."""
    return f"<FEFF{fit(text).encode('utf-16-be').hex()}>"


def fit(text: str) -> str:
    """The text without what XML cannot hold: control characters, lone surrogates."""
    return _UNFIT.sub("", text)


def _info_date(moment: datetime) -> str:
    zone = moment.strftime("%z")
    return moment.strftime("D:%Y%m%d%H%M%S") + (f"{zone[:3]}'{zone[3:5]}'" if zone else "Z")


def _xmp_date(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds") + ("" if moment.tzinfo else "Z")


def packet(about: Meta, archive: bool = False) -> str:
    """The XMP packet; ``archive`` adds that the file is PDF/A-2b."""
    stamp = _xmp_date(about.created or FIXED)
    parts = [
        "<dc:format>application/pdf</dc:format>",
        _listed("dc:language", "Bag", [about.language]),
        _listed("dc:title", "Alt", [about.title], ' xml:lang="x-default"'),
        _listed("dc:creator", "Seq", [about.author]),
        _listed("dc:description", "Alt", [about.subject], ' xml:lang="x-default"'),
        _listed("dc:subject", "Bag", about.keywords),
        _simple("pdf:Keywords", "、".join(about.keywords)),
        _simple("pdf:Producer", MAKER),
        _simple("xmp:CreatorTool", MAKER),
        _simple("xmp:CreateDate", stamp),
        _simple("xmp:ModifyDate", stamp),
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" if archive else "",
    ]
    own = "".join(f"<zg:{_named(name)}>{_escape(fit(value))}</zg:{name}>\n" for name, value in about.identity)
    described = _described([name for name, _ in about.identity]) + f"{_OWN}{own}{_END}" if own else ""
    return _FRAME % (described, "\n".join(part for part in parts if part))


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a property: {name!r}")
    return name


def _simple(name: str, words: str) -> str:
    return f"<{name}>{_escape(fit(words))}</{name}>" if words else ""


def _listed(name: str, kind: str, words: tuple[str, ...] | list[str], attribute: str = "") -> str:
    items = "".join(f"<rdf:li{attribute}>{_escape(fit(word))}</rdf:li>" for word in words if word)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>" if items else ""


def _described(names: list[str]) -> str:
    """The description of our own properties that PDF/A asks for."""
    told = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>identity of the paper: {name}</pdfaProperty:description></rdf:li>"
        for name in names
    )
    return (
        f'{_EXTENSION}<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>identity of a paper</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{OURS}</pdfaSchema:namespaceURI><pdfaSchema:prefix>zg</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{told}</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
        f"{_END}"
    )


_EXTENSION = """<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
"""
"""Stands by itself and first: some readers look for it only there."""
_OWN = f'<rdf:Description rdf:about="" xmlns:zg="{OURS}">\n'
_END = "</rdf:Description>\n"

_FRAME = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
%s<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
%s
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
