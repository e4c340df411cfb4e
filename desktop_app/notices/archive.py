"""What a PDF needs to be kept for good (PDF/A-2b, ISO 19005-2): the colour space its colours are meant in.

The other conditions (fonts embedded, text mapped, XMP, no encryption, no scripts) every paper of ours keeps anyway;
``archive_rules`` proves them on the finished file. The profile is reckoned here from the published numbers of sRGB
(IEC 61966-2-1), so that no file of somebody else's is needed.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache

from db.errors import Fault, Refusal
from desktop_app.notices.container import File

STEPS = 1024
WHITE = (0.9642, 1.0, 0.8249)
PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
"""Red, green and blue of sRGB, adapted to the white of profiles (D50, Bradford)."""


def intents(file: File) -> str:
    """Writes that the colours of a file are sRGB; gives what its catalogue says of it."""
    number = file.stream("/N 3 /Filter /FlateDecode", zlib.compress(profile(), 9))
    intent = (
        "<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) /Info (sRGB IEC61966-2.1)"
    )
    return f" /OutputIntents [{intent} /DestOutputProfile {number} 0 R>>]"


def proved(data: bytes) -> bytes:
    """The file itself, once every rule is seen to be kept; ``Fault`` names those that are not."""
    try:
        from desktop_app.notices.archive_rules import broken
    except ImportError as absent:  # no such library for some processors
        raise Refusal(
            "这台电脑上缺少检查存档文件的部件。", "请在别的电脑上存成PDF/A，或存成普通的PDF。", "archive"
        ) from absent
    found = broken(data)
    if found:
        told = "；".join(f"{one.told}（{one.clause}）" for one in found[:5])
        raise Fault(f"文件不合PDF/A-2b，没有存：{told}。", "请先存成普通的PDF，并把这句话报给维护人员。", "archive")
    return data


@cache
def profile() -> bytes:
    """An ICC profile (version 2.1, display, RGB) of sRGB."""
    curve = _curve()
    tags = {b"desc": _described(b"sRGB IEC61966-2.1"), b"cprt": b"text\0\0\0\0No copyright, use freely\0"}
    tags |= {b"wtpt": _xyz(WHITE)} | {name: _xyz(value) for name, value in PRIMARIES.items()}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    start = 128 + 4 + 12 * len(tags)
    index, body, places = b"", b"", {}
    for name, data in tags.items():
        if data not in places:
            places[data] = start + len(body)
            body += data + bytes(-len(data) % 4)
        index += name + struct.pack(">II", places[data], len(data))
    size = start + len(body)
    head = struct.pack(
        ">I4sI4s4s4s6H4s", size, b"\0" * 4, 0x02100000, b"mntr", b"RGB ", b"XYZ ", 2000, 1, 1, 0, 0, 0, b"acsp"
    )
    head += bytes(28) + struct.pack(">3i", *(round(value * 65536) for value in WHITE))
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + index + body


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))


def _described(text: bytes) -> bytes:
    return b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" + bytes(4 + 4 + 2 + 1 + 67)


def _curve() -> bytes:
    """The tone curve: linear near black, a power of 2.4 above."""
    shares = (k / (STEPS - 1) for k in range(STEPS))
    linear = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares)
    return b"curv\0\0\0\0" + struct.pack(f">I{STEPS}H", STEPS, *(round(y * 65535) for y in linear))
