"""Sealed packages: a package that only its recipient, or whoever knows the passphrase, can open.

The file is a line that tells how it was sealed, then the package in pieces, each encrypted and authenticated with
ChaCha20-Poly1305 under its number and whether it is the last: pieces can be neither changed, nor swapped, nor left out. The key
comes from an X25519 agreement between a key made for this one file and the recipient's, or from a passphrase by scrypt.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import IO, Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from db.errors import Refusal
from db.exchange.contents import Cancelled
from db.exchange.manifest import LARGEST, TOPIC, damaged, is_key

MAGIC = b"zhenggai sealed\n"
_PIECE = 1 << 16
_TAG = 16
_LONGEST_HEADER = 1_000
_VERSION = 1
_SCRYPT = {"n": 1 << 17, "r": 8, "p": 1}
"""128 MB and half a second: what a guess costs."""
SHORTEST = 8
"""Characters of a passphrase."""


class Locked(Refusal):
    """The file is sealed, and what was given does not open it; ``passphrase`` says whether one is asked for."""

    def __init__(self, sentence: str, advice: str, *, passphrase: bool) -> None:
        super().__init__(sentence, advice, TOPIC)
        self.passphrase = passphrase


@dataclass(frozen=True)
class Seal:
    """For whom a package is sealed: the recipient's public key (64 hex digits), or a passphrase."""

    key: str = ""
    passphrase: str = field(default="", repr=False)


def is_sealed(file: IO[bytes]) -> bool:
    """Whether the file begins like a sealed package."""
    file.seek(0)
    return file.read(len(MAGIC)) == MAGIC


def seal(source: IO[bytes], target: IO[bytes], how: Seal, cancelled: Cancelled) -> None:
    """Writes the package in ``source`` sealed to ``target``."""
    salt = secrets.token_bytes(32)
    if how.passphrase:
        if len(how.passphrase) < SHORTEST:
            raise Refusal(f"口令太短，至少 {SHORTEST} 个字。", "用几个不相干的词连起来，好记又难猜。", TOPIC)
        told: dict[str, Any] = {"version": _VERSION, "by": "passphrase", "salt": salt.hex()}
        key = _from_passphrase(how.passphrase, salt)
    else:
        once = X25519PrivateKey.generate()
        told = {"version": _VERSION, "by": "key", "for": how.key, "once": once.public_key().public_bytes_raw().hex()}
        try:
            key = _agreed(once, how.key, told["once"], how.key)
        except ValueError:
            raise Refusal("对方的加密公钥不能用。", "请先并入对方的一份来文，再为它加密。", TOPIC) from None
    header = MAGIC + orjson.dumps(told, option=orjson.OPT_SORT_KEYS) + b"\n"
    target.write(header)
    cipher, number = ChaCha20Poly1305(key), 0
    source.seek(0)
    piece = source.read(_PIECE)
    while True:
        following = source.read(_PIECE)
        target.write(cipher.encrypt(_nonce(number, last=not following), piece, header))
        if cancelled():
            raise Refusal("已取消导出，没有留下文件。", topic=TOPIC)
        if not following:
            return
        piece, number = following, number + 1


def unseal(
    source: IO[bytes], target: IO[bytes], opening: X25519PrivateKey | None, passphrase: str, cancelled: Cancelled
) -> None:
    """Writes the package that was sealed in ``source`` to ``target``; ``Locked`` when it is for somebody else."""
    header, told = _header(source)
    key = _key(told, opening, passphrase)
    cipher, number = ChaCha20Poly1305(key), 0
    if source.seek(0, os.SEEK_END) > LARGEST + LARGEST // 1_000:
        raise damaged("文件太大")
    source.seek(len(header))
    piece = source.read(_PIECE + _TAG)
    while True:
        following = source.read(_PIECE + _TAG)
        try:
            target.write(cipher.decrypt(_nonce(number, last=not following), piece, header))
        except InvalidTag:
            if number == 0 and told["by"] == "passphrase":
                raise Locked("口令不对，或文件已损坏。", "请向发送单位核对口令。", passphrase=True) from None
            raise damaged("解密后内容不符") from None
        if cancelled():
            raise Refusal("已取消。", topic=TOPIC)
        if not following:
            return
        piece, number = following, number + 1


def _header(source: IO[bytes]) -> tuple[bytes, dict[str, Any]]:
    source.seek(0)
    header = source.read(len(MAGIC))
    line = source.readline(_LONGEST_HEADER)
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise damaged("加密说明读不懂") from None
    if not line.endswith(b"\n") or not isinstance(told, dict) or type(told.get("version")) is not int:
        raise damaged("加密说明读不懂")
    if told["version"] > _VERSION:
        raise Refusal("这个文件是用更新版本的整改通加密的。", "请先升级本机的整改通，文件没有被改动。", TOPIC)
    wanted = {"passphrase": ("salt",), "key": ("for", "once")}.get(str(told.get("by")))
    if wanted is None or not all(is_key(told.get(name)) for name in wanted):
        raise damaged("加密说明读不懂")
    return header + line, told


def _key(told: dict[str, Any], opening: X25519PrivateKey | None, passphrase: str) -> bytes:
    if told["by"] == "passphrase":
        if not passphrase:
            raise Locked("这个文件加了口令。", "请输入发送单位告诉您的口令。", passphrase=True)
        return _from_passphrase(passphrase, bytes.fromhex(told["salt"]))
    mine = opening.public_key().public_bytes_raw().hex() if opening else ""
    if opening is None or told["for"] != mine:
        raise Locked(
            "这个文件是加密给另一台电脑的，本机打不开。", "请发送单位改为加密给本机，或改用口令。", passphrase=False
        )
    try:
        return _agreed(opening, told["once"], told["once"], told["for"])
    except ValueError:
        raise damaged("加密说明读不懂") from None


def _agreed(mine: X25519PrivateKey, theirs: str, once: str, recipient: str) -> bytes:
    shared = mine.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(theirs)))
    info = MAGIC + bytes.fromhex(once) + bytes.fromhex(recipient)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(shared)


def _from_passphrase(passphrase: str, salt: bytes) -> bytes:
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    return Scrypt(salt=salt, length=32, **_SCRYPT).derive(typed)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
