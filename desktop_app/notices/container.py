"""How the objects of a PDF become bytes: streams by themselves, everything else packed, one cross-reference stream at the end.

Packed, the thousands of small objects of a structure tree are a quarter as large. The identifier is the hash of the content.
The library that writes PDF elsewhere asks of every entry of every object how it is to be written, and takes as long to load as
twenty pages to be set; what a paper is made of are a dozen kinds of objects, written here as they are. It reads pictures
(``gallery``) and reckons codes (``codes``).
"""

from __future__ import annotations

import hashlib
import zlib

HEAD = b"%PDF-1.7\n%\xe5\xae\x9a\xe7\xa8\xbf\n"
PACK = 200
"""Objects in one stream: few enough that a reader who wants one need not unpack the whole file."""


class File:
    """A file on its way. Objects are numbered from 1 and may be named before they are written; streams are written at once."""

    def __init__(self) -> None:
        self._parts = [HEAD]
        self._at = len(HEAD)
        self._places: list[tuple[int, int, int]] = [(0, 0, 65535)]
        self._plain: dict[int, bytes] = {}

    def reserve(self) -> int:
        """The number of an object that is written later."""
        self._places.append((0, 0, 0))
        return len(self._places) - 1

    def put(self, number: int, data: str) -> None:
        """Writes an object that is no stream."""
        self._plain[number] = data.encode("ascii")

    def add(self, data: str) -> int:
        """The number of a new object that is no stream."""
        number = self.reserve()
        self.put(number, data)
        return number

    def stream(self, entries: str, content: bytes) -> int:
        """The number of a new stream: its dictionary's entries but for the length, and its bytes as they are."""
        number = self.reserve()
        self._stream(number, entries, content)
        return number

    def packed(self, entries: str, content: bytes) -> int:
        """The number of a new stream whose bytes are compressed here."""
        return self.stream(f"{entries} /Filter /FlateDecode".lstrip(), zlib.compress(content))

    def finished(self, root: int, info: int) -> bytes:
        """The whole file; ``root`` is its catalogue, ``info`` its properties."""
        numbers = sorted(self._plain)
        for start in range(0, len(numbers), PACK):
            pack = numbers[start : start + PACK]
            own = self.reserve()
            self._bundle(own, pack)
            for index, number in enumerate(pack):
                self._places[number] = (2, own, index)
        digest = hashlib.sha256(b"".join(self._parts)).hexdigest()[:32]
        own = self.reserve()
        self._places[own] = (1, self._at, 0)
        rows = zlib.compress(
            b"".join([b"%c%b%b" % (kind, a.to_bytes(4), b.to_bytes(2)) for kind, a, b in self._places])
        )
        start = self._at
        entries = f"/Type /XRef /Size {len(self._places)} /W [1 4 2] /Root {root} 0 R /Info {info} 0 R "
        self._stream(own, f"{entries}/ID [<{digest}> <{digest}>] /Filter /FlateDecode", rows)
        return b"".join((*self._parts, b"startxref\n%d\n%%%%EOF\n" % start))

    def _stream(self, number: int, entries: str, content: bytes) -> None:
        head = b"%d 0 obj\n<<%b /Length %d>>\nstream\n" % (number, entries.encode("ascii"), len(content))
        self._places[number] = (1, self._at, 0)
        self._at += len(head) + len(content) + len(_END)
        self._parts += (head, content, _END)

    def _bundle(self, own: int, numbers: list[int]) -> None:
        """An object stream (ISO 32000-1, 7.5.7)."""
        index, at = [], 0
        for number in numbers:
            index.append(b"%d %d" % (number, at))
            at += len(self._plain[number]) + 1
        head = b" ".join(index) + b"\n"
        content = zlib.compress(head + b"\n".join([self._plain[number] for number in numbers]))
        self._stream(own, f"/Type /ObjStm /N {len(numbers)} /First {len(head)} /Filter /FlateDecode", content)


_END = b"\nendstream\nendobj\n"
"""The line end before ``endstream`` is asked for by PDF/A (ISO 19005-2, 6.1.7.1)."""
