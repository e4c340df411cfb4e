"""Checking a file before anything is touched: whatever it is, the answer is ``Contents`` or one sentence.

A package is data: bounded, streamed, its signature and every member's hash looked at, every change's own hash, the chain of each
replica followed through the file, its number compared with those received before. Reading it again later checks it again, so
that a stick that was changed meanwhile does no harm.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO

from db.errors import Fault, Refusal
from db.exchange import archive, foreign, keys, manifest, sealing
from db.exchange.contents import Cancelled, Contents, Known, Progress, Standing, never, silent
from db.exchange.manifest import LARGEST_MANIFEST, TOPIC, Manifest, damaged
from db.exchange.package import Package
from db.ledger.change import Change, plausible
from db.store.faults import translated

_SIGNED = 64
"""Bytes of a signature."""
_TOLD = 5
"""So many missing numbers are told one by one."""
NOBODY = Known()


class Forked(Refusal):
    """Two different packages bear one number, or one does not follow the one it says it follows."""


def open_package(
    path: Path,
    known: Known = NOBODY,
    *,
    mine: keys.Keys | None = None,
    passphrase: str = "",
    accept: Collection[str] = (),
    deep: bool = True,
    progress: Progress = silent,
    cancelled: Cancelled = never,
) -> Contents:
    """Opens and checks a package, or a whole ledger file that the file manager copied. Whoever opens closes.

    ``mine`` and ``passphrase`` open what is sealed (``sealing.Locked`` says which is asked for); ``accept`` are keys a clerk has
    compared although another was known (``keys.ChangedKey``). ``deep`` looks at every change and paper in it now; without it
    they are looked at when they are read.
    """
    with translated(path):
        if path.is_dir():
            raise Fault(f"这是一个文件夹，不是文件：{path}", "请选取文件夹里的 .zgx 文件。", TOPIC)
        file: IO[bytes] = path.open("rb")
        try:
            if foreign.is_ledger(file):
                file.close()
                found = foreign.open_ledger(path, cancelled)
            else:
                found = _opened(path, file, known, mine, passphrase, accept, cancelled)
        except BaseException:
            file.close()
            raise
        try:
            if deep:
                _look(found, progress, cancelled)
        except BaseException:
            found.close()
            raise
    return found


def _opened(
    path: Path,
    file: IO[bytes],
    known: Known,
    mine: keys.Keys | None,
    passphrase: str,
    accept: Collection[str],
    cancelled: Cancelled,
) -> Contents:
    sealed = sealing.is_sealed(file)
    if sealed:
        plain = tempfile.TemporaryFile()  # noqa: SIM115 - the package reads from it until it is closed
        try:
            sealing.unseal(file, plain, mine.opening if mine else None, passphrase, cancelled)
        except BaseException:
            plain.close()
            raise
        file.close()
        file = plain
    try:
        found = _read(path, file, known, accept)
    except BaseException:
        file.close()
        raise
    return replace(found, sealed=sealed)


def _read(path: Path, file: IO[bytes], known: Known, accept: Collection[str]) -> Contents:
    file.seek(0)
    if file.read(2) != b"PK":
        raise Fault(f"这不是整改通的交换文件：{path.name}", "请选取 .zgx 文件，或整改通的台账文件（.zgl）。", TOPIC)
    members = archive.directory(file)
    if manifest.MANIFEST not in members or manifest.SIGNATURE not in members:
        raise Fault(f"这不是整改通的交换文件：{path.name}", "请选取 .zgx 文件，或整改通的台账文件（.zgl）。", TOPIC)
    data = archive.whole(file, members[manifest.MANIFEST], LARGEST_MANIFEST)
    told = manifest.read(data)
    wanted = [*manifest.members(told), (manifest.MANIFEST, len(data)), (manifest.SIGNATURE, _SIGNED)]
    if [(one.name, one.size) for one in members.values()] != wanted:
        raise damaged("里面的文件与说明不符")
    if not keys.verified(told.sender.key, data, archive.whole(file, members[manifest.SIGNATURE], _SIGNED)):
        raise damaged("签名不对")
    digest = manifest.name_of(data)
    return Contents(
        path, "package", Package(path, file, members, told), told.sender, told.to, told.series, told.number,
        digest, told.previous, told.made, told.program, told.spans, told.seen, told.head, told.changes,
        told.withheld, told.papers, told.scope, told.media, told.own,
        signed=True,
        known_key=_is_known(told, known, accept),
        fingerprint=keys.fingerprint(told.sender.key),
        standing=standing(told, digest, known),
    )  # fmt: skip


def _is_known(told: Manifest, known: Known, accept: Collection[str]) -> bool:
    """Whether the key is the one trusted here; ``ChangedKey`` where another one is."""
    sender = told.sender
    trusted = known.keys.get(sender.installation)
    if sender.key in accept:
        return True
    if trusted is not None and trusted != sender.key:
        name = sender.name or sender.installation[:6]
        told_now = keys.fingerprint(sender.key)
        raise keys.ChangedKey(
            f"注意：“{name}”的签名密钥变了！这个文件可能是别人冒名做的。原指纹 {keys.fingerprint(trusted)}，现指纹 {told_now}。",
            "请给该单位打电话核对现指纹：对得上（如对方换过电脑）才可以接收；对不上就不要接收，并报告保密人员。",
            told_now,
            sender.key,
        )
    return trusted is not None


def standing(told: Manifest, digest: str, known: Known) -> Standing:
    """How a package stands to those received before; ``Forked`` where both cannot be of one series."""
    received = known.packages.get(told.series, {})
    number, last = told.number, max(received, default=0)
    sender = told.sender.name or told.sender.installation[:6]
    before, after = received.get(number - 1), received.get(number + 1)
    if received.get(number, digest) != digest:
        raise Forked(
            f"“{sender}”的 {number} 号包与以前收到的 {number} 号包不是同一个文件。",
            "请与该单位核对是谁在什么时候导出的；多半是其中一台电脑曾还原到以前的状态。核对清楚之前不要并入。",
            TOPIC,
        )
    if before not in (None, told.previous):
        raise Forked(
            f"“{sender}”的 {number} 号包接不上以前收到的 {number - 1} 号包。",
            "请与该单位核对，并请对方重新导出。",
            TOPIC,
        )
    if number in received:
        return Standing("again", (), f"这个文件（“{sender}”的 {number} 号包）以前已经收到过；再并入一次不会有变化。")
    missing = tuple(sorted({*range(last + 1, number)})) if number - last < 1_000 else (last + 1,)
    if missing:
        return Standing("gap", missing, f"“{sender}”的{_numbers(missing)}还没有收到，这是 {number} 号包。")
    if number < last:
        late = f"这是“{sender}”以前漏收的 {number} 号包" if after is None or last > number else ""
        return Standing("late", (), f"{late}，比已收到的 {last} 号包旧；里面的新内容仍会并入。")
    return Standing("first" if number == 1 else "next", (), f"“{sender}”的 {number} 号包。")


def _numbers(missing: Iterable[int]) -> str:
    found = list(missing)
    told = "、".join(str(one) for one in found[:_TOLD])
    return f"{told} 号包" if len(found) <= _TOLD else f"{told} 等 {len(found)} 个包"


def _look(found: Contents, progress: Progress, cancelled: Cancelled) -> None:
    """Looks at every change and every paper."""
    total = found.count + found.withheld_count
    for number, one in enumerate(found.source.lines(), start=1):
        wrong = plausible(one) if isinstance(one, Change) else ""
        if wrong:
            raise damaged(f"{one.replica[:6]} 第 {one.sequence} 条记录{wrong}")
        if number % 1_000 == 0:
            progress(0.8 * number / total)
            _stop(cancelled)
    for number, digest in enumerate(found.papers, start=1):
        for _ in found.paper(digest):
            _stop(cancelled)
        progress(0.8 + 0.2 * number / len(found.papers))


def _stop(cancelled: Cancelled) -> None:
    if cancelled():
        raise Refusal("已取消，本台账没有改动。", topic=TOPIC)
