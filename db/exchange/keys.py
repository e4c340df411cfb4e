"""The keys of this installation, and those of others that were compared by telephone: this machine's own, they never travel.

One pair signs (Ed25519): whoever has the public half can tell that a package was made here and not changed since. Another pair
opens what was sealed for this installation (X25519). Both public halves go out with every package. A key is trusted from the
moment a clerk compared its fingerprint with the other office's; a different key under a known name is a loud warning.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from db.errors import Fault, Refusal
from db.exchange.manifest import TOPIC, is_key
from db.store.faults import translated
from db.store.replica import Installation

_SEED = 32
_PURPOSE = b"zhenggai package\0"
"""Goes before what is signed, so that a signature can never be passed off as one of something else."""
_GROUPS, _DIGITS = 6, 5


class ChangedKey(Refusal):
    """A known installation signs with another key; the caller may go on when a clerk has compared ``fingerprint``."""

    def __init__(self, sentence: str, advice: str, fingerprint: str, key: str) -> None:
        super().__init__(sentence, advice, TOPIC)
        self.fingerprint = fingerprint
        self.key = key


@dataclass(frozen=True)
class Keys:
    """The two key pairs of this installation."""

    signing: Ed25519PrivateKey
    opening: X25519PrivateKey

    @property
    def key(self) -> str:
        """The public key others know our signature by, 64 hex digits."""
        return self.signing.public_key().public_bytes_raw().hex()

    @property
    def sealing(self) -> str:
        """The public key others seal for us with, 64 hex digits."""
        return self.opening.public_key().public_bytes_raw().hex()

    @property
    def fingerprint(self) -> str:
        """What is read out on the telephone."""
        return fingerprint(self.key)

    def sign(self, told: bytes) -> bytes:
        """The signature (64 bytes) of a manifest."""
        return self.signing.sign(_PURPOSE + told)


def fingerprint(key: str) -> str:
    """Six groups of five digits for a public key (100 bits of its SHA-256), as they are compared by telephone."""
    number = int.from_bytes(hashlib.sha256(_PURPOSE + bytes.fromhex(key)).digest(), "big")
    digits = f"{number % 10 ** (_GROUPS * _DIGITS):0{_GROUPS * _DIGITS}d}"
    return " ".join(digits[at : at + _DIGITS] for at in range(0, len(digits), _DIGITS))


def verified(key: str, told: bytes, signature: bytes) -> bool:
    """Whether the owner of a public key signed this manifest."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, _PURPOSE + told)
    except (InvalidSignature, ValueError):
        return False
    return True


def own(installation: Installation) -> Keys:
    """The keys of this installation, made at their first use; ``Fault`` when they can be neither read nor kept."""
    folder = installation.folder / "keys"
    with translated(folder):
        signing, opening = _seed(folder / "signing.key"), _seed(folder / "opening.key")
    return Keys(Ed25519PrivateKey.from_private_bytes(signing), X25519PrivateKey.from_private_bytes(opening))


def _seed(path: Path) -> bytes:
    """The secret half of a key from its file, which only this user may read; made when it is not there."""
    with suppress(FileNotFoundError):
        return _read(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_SEED))
            file.flush()
            os.fsync(file.fileno())
        # Two windows may make the first key at once: the one that comes first stays, and both read it.
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        except OSError:  # a file system that knows no links
            if not path.exists():
                part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return _read(path)


def _read(path: Path) -> bytes:
    data = path.read_bytes()
    if len(data) != _SEED:
        raise Fault(
            f"本机的密钥文件已损坏：{path}",
            "请把它移到别处保存，再导出一次：程序会生成新密钥，收文单位要重新电话核对指纹。",
            TOPIC,
        )
    return data


def trusted(installation: Installation) -> Mapping[str, str]:
    """Installation → its public key, of all that were compared and accepted on this machine."""
    path = _list(installation)
    try:
        told = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        told = None
    if not isinstance(told, dict) or not all(is_key(key) for key in told.values()):
        raise Fault(
            f"本机记录的对方密钥读不出来：{path}", "请把它移到别处保存；之后每个单位第一次来文都要重新电话核对。", TOPIC
        )
    return told


def trust(installation: Installation, name: str, key: str) -> None:
    """Remembers that a clerk compared the key of that installation, in place of any other key it had."""
    path = _list(installation)
    known = {**trusted(installation), name: key}
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            with part.open("xb") as file:
                file.write(json.dumps(known, sort_keys=True).encode())
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def _list(installation: Installation) -> Path:
    return installation.folder / "keys" / "known.json"
