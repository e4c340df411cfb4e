"""What a PDF says about itself: Info and XMP say the same, and the identity of the paper comes back."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from notice_papers import notice

from desktop_app.notices import pdf, properties, sheet
from desktop_app.notices.pdf import Meta

CHINA = timezone(timedelta(hours=8))


def made(about: Meta) -> bytes:
    return pdf.drawn(sheet.typeset(notice(1, head=False)), about)


def says(data: bytes) -> tuple[dict[str, str], dict[str, Any]]:
    """The Info dictionary and the XMP packet."""
    with pikepdf.open(io.BytesIO(data)) as file:
        info = {key: str(value) for key, value in file.docinfo.items()}
        with file.open_metadata() as packet:
            return info, dict(packet)


def test_info_and_packet_say_the_same() -> None:
    about = Meta(
        "通报<一>&二", "东湖分局", "巡察", ("整改", "通报"), "zh-CN", datetime(2021, 11, 3, 8, 30, tzinfo=CHINA)
    )
    info, packet = says(made(about))
    assert info["/Title"] == packet["{http://purl.org/dc/elements/1.1/}title"] == about.title
    assert [info["/Author"]] == packet["{http://purl.org/dc/elements/1.1/}creator"]
    assert info["/Subject"] == packet["{http://purl.org/dc/elements/1.1/}description"]
    assert info["/Keywords"] == packet["{http://ns.adobe.com/pdf/1.3/}Keywords"] == "整改、通报"
    assert info["/CreationDate"] == info["/ModDate"] == "D:20211103083000+08'00'"
    assert packet["{http://ns.adobe.com/xap/1.0/}CreateDate"] == "2021-11-03T08:30:00+08:00"
    assert packet["{http://purl.org/dc/elements/1.1/}language"] == {"zh-CN"}
    assert "pdfaid:part" not in str(packet)


def test_what_is_not_known_is_not_said() -> None:
    info, packet = says(made(Meta("通报")))
    assert set(info) == {"/Title", "/Creator", "/Producer", "/CreationDate", "/ModDate"}
    assert not any("creator" in key or "subject" in key for key in packet)


def test_the_identity_comes_back() -> None:
    identity = (("number", "某公〔2021〕8号"), ("digest", "0a" * 32), ("log", "<&>\"'"))
    data = made(Meta("通报", created=datetime(2021, 11, 3, tzinfo=UTC), identity=identity))
    assert pdf.identity_of(data) == dict(identity)
    assert pdf.identity_of(made(Meta("通报"))) == {}


def test_the_identity_is_found_when_another_program_saved_the_file() -> None:
    """The packet compressed, or gone: the Info dictionary still says it."""
    data = made(Meta("通报", identity=(("number", "某公〔2021〕8号"),)))
    with pikepdf.open(io.BytesIO(data)) as file:
        del file.Root.Metadata
        kept = io.BytesIO()
        file.save(kept, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert pdf.identity_of(kept.getvalue()) == {"number": "某公〔2021〕8号"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"<?xpacket begin='' id=''?><x:xmpmeta><broken<?xpacket end='r'?>",
        b"<?xpacket begin='' id=''?><!DOCTYPE x [<!ENTITY a 'b'>]><x:xmpmeta xmlns:x='a'/><?xpacket end='r'?>",
    ],
)
def test_what_is_no_pdf_has_no_identity(data: bytes) -> None:
    assert pdf.identity_of(data) == {}


def test_a_name_is_letters_and_digits() -> None:
    with pytest.raises(ValueError, match="not the name"):
        made(Meta(identity=(("a b", "1"),)))


@given(st.text(), st.text(st.characters(codec="utf-8"), max_size=40))
def test_no_words_break_the_packet(title: str, value: str) -> None:
    """Control characters and lone surrogates included: such titles come from names of files."""
    about = Meta(title, title, title, (title,), identity=(("number", value),))
    packet = properties.packet(about).encode()
    found = properties.identity_of(packet)["number"]
    assert found == properties.fit(value).replace("\r\n", "\n").replace("\r", "\n")
    properties.info(about).encode("ascii")


def test_another_library_reads_the_title() -> None:
    document = pypdfium2.PdfDocument(made(Meta("通报")))
    assert document.get_metadata_value("Title") == "通报"
    document.close()
