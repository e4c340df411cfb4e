"""The work behind the page 交换: files looked at and told in a line, previewed, merged, packed. No widget, no thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from db import clock
from db.errors import Refusal
from db.exchange import check, journal, keys, merge, peers, preview
from db.exchange import receipt as receipts
from db.exchange.contents import SUFFIX, Contents, Known, Party
from db.exchange.keys import ChangedKey, Keys
from db.exchange.package import Package
from db.exchange.peers import Told
from db.exchange.preview import Preview
from db.exchange.receipt import Receipt, Received
from db.exchange.sealing import Locked
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.records import Unit
from db.store.faults import translated
from desktop_app.gui.session import Work
from desktop_app.rectification import exchanging, ledgers

TOPIC = "exchange"
MOST = 1_000
"""Files looked at in one go."""
BACKUPS = "备份"
"""The folder beside the ledger where the backup before a merge is put."""
_STEPS = 1_000
State = Literal["ready", "again", "gap", "key", "changed", "locked", "refused", "receipt"]


@dataclass(frozen=True)
class Looked:
    """A file that was looked at: what it holds, or the receipt it is, or why it cannot be taken. ``key`` and ``installation``
    are the ones whose fingerprint a clerk is to compare ("" when there is nothing to compare)."""

    path: Path
    contents: Contents | None = None
    receipt: Received | None = None
    refusal: Refusal | None = None

    @property
    def state(self) -> State:
        """What is to be done about the file."""
        if self.receipt is not None:
            return "receipt"
        if isinstance(self.refusal, ChangedKey):
            return "changed"
        if isinstance(self.refusal, Locked) and self.refusal.passphrase:
            return "locked"
        if self.contents is None:
            return "refused"
        if self.contents.signed and not self.contents.known_key:
            return "key"
        kind = self.contents.standing.kind
        return "again" if kind == "again" else "gap" if kind == "gap" else "ready"

    @property
    def taken(self) -> bool:
        """Whether the file may be merged as it is."""
        return self.state in ("ready", "again", "gap")

    @property
    def fingerprint(self) -> str:
        """What is to be compared by telephone."""
        if isinstance(self.refusal, ChangedKey):
            return self.refusal.fingerprint
        return self.contents.fingerprint if self.contents is not None else ""


def reporter(work: Work) -> Callable[[float], None]:
    """What ``db.exchange`` tells its progress to."""
    return lambda part: work.progress(round(part * _STEPS), _STEPS)


def office(_facts: Facts, ledger: Ledger) -> Party:
    """This office, as others' files and receipts name it."""
    return exchanging.office(ledger)


def own_name(ledger: Ledger) -> str:
    """What this office is called in short."""
    unit = ledgers.own_unit(ledger, ledger)
    return (unit.short_name or unit.name or "") if unit is not None else "本单位"


def units(facts: Facts) -> dict[str, str]:
    """Id → what a unit is called."""
    return {one.id: one.short_name or one.name or "未命名的单位" for one in facts.all(Unit)}


# -- looking at files -------------------------------------------------------------------------------------------------


def gathered(paths: Iterable[Path]) -> list[Path]:
    """The files that may be taken in, folders opened (and the folders in them); each once, by name."""
    return exchanging.gathered(paths, empty=True)


def look(
    ledger: Ledger,
    paths: Sequence[Path],
    work: Work,
    *,
    passphrase: str = "",
    accept: Sequence[str] = (),
) -> list[Looked]:
    """Checks files; nothing is written. A file that cannot be taken says why by itself."""
    mine = keys.own(ledger.installation)
    known = peers.known(ledger, keys.trusted(ledger.installation))
    found: list[Looked] = []
    chosen = gathered(paths)
    for number, path in enumerate(chosen):
        work.progress(number * _STEPS // max(1, len(chosen)), _STEPS)
        try:
            found.append(_looked(path, known, mine, passphrase, accept, work))
        except Refusal as refusal:
            if work.cancelled():
                close(found)
                raise
            found.append(Looked(path, refusal=refusal))
    return found


def _looked(path: Path, known: Known, mine: Keys, passphrase: str, accept: Sequence[str], work: Work) -> Looked:
    if path.suffix.lower() == receipts.SUFFIX:
        return Looked(path, receipt=receipts.read(path, proven))
    contents = check.open_package(
        path, known, mine=mine, passphrase=passphrase, accept=accept, cancelled=work.cancelled
    )
    return Looked(path, contents)


proven = exchanging.proven
write_receipt = exchanging.write_receipt


def close(found: Iterable[Looked]) -> None:
    """Lets go of files."""
    for one in found:
        if one.contents is not None:
            one.contents.close()


def settled(ledger: Ledger, files: Sequence[Looked]) -> list[Looked]:
    """The files as they stand to each other: each comes after those of lower numbers that lie beside it, and a key that was
    compared for one is known for all."""
    compared = keys.trusted(ledger.installation)
    packages = {series: dict(numbers) for series, numbers in peers.known(ledger).packages.items()}
    found = list(files)
    for at in sorted(range(len(found)), key=lambda at: _number(found[at])):
        held = found[at].contents
        if held is None or not isinstance(held.source, Package):
            continue
        try:
            standing = check.standing(held.source.told, held.hash, Known(compared, packages))
        except Refusal as refusal:
            held.close()
            found[at] = Looked(found[at].path, refusal=refusal)
            continue
        known = held.known_key or compared.get(held.sender.installation) == held.sender.key
        found[at] = replace(found[at], contents=replace(held, known_key=known, standing=standing))
        packages.setdefault(held.series, {})[held.number] = held.hash
    return found


def _number(one: Looked) -> tuple[str, int]:
    return (one.contents.series, one.contents.number) if one.contents is not None else ("", 0)


def trusted(ledger: Ledger, one: Looked) -> Looked:
    """Remembers that the clerk compared the fingerprint of a file's sender; the file as it now stands."""
    assert one.contents is not None
    sender = one.contents.sender
    keys.trust(ledger.installation, sender.installation, sender.key)
    return replace(one, contents=replace(one.contents, known_key=True))


def opened(ledger: Ledger, one: Looked, work: Work, *, passphrase: str = "") -> Looked:
    """Opens a file again with what the clerk gave: a passphrase, or the word that a changed key is right."""
    changed = one.refusal if isinstance(one.refusal, ChangedKey) else None
    accept = (changed.key,) if changed is not None else ()
    found = look(ledger, [one.path], work, passphrase=passphrase, accept=accept)[0]
    if changed is not None and found.contents is not None:
        return trusted(ledger, found)
    return found


# -- in words ----------------------------------------------------------------------------------------------------------

WORDS: Mapping[State, str] = {
    "ready": "可以并入",
    "again": "以前收过",
    "gap": "前面有缺",
    "key": "要核对指纹",
    "changed": "密钥变了",
    "locked": "要输入口令",
    "refused": "不能并入",
    "receipt": "回执",
}
TINTS: Mapping[State, str] = {
    "ready": "done",
    "again": "secondary",
    "gap": "soon",
    "key": "soon",
    "changed": "overdue",
    "locked": "soon",
    "refused": "overdue",
    "receipt": "accent",
}
SIGNS: Mapping[State, str] = {
    "ready": "✓",
    "again": "○",
    "gap": "！",
    "key": "？",
    "changed": "▲",
    "locked": "？",
    "refused": "×",
    "receipt": "↩",
}


def called(party: Party) -> str:
    """The name of an office."""
    return party.name or (f"未写名称的单位（{party.installation[:6]}）" if party.installation else "没有写明单位")


def moment(stamp: str) -> str:
    """A moment of the log in local time, to the minute; "" for none."""
    return f"{clock.moment(stamp).astimezone():%Y-%m-%d %H:%M}" if clock.readable(stamp) else ""


def sentence(one: Looked) -> str:
    """A file in one line: what is in it and what stands against it."""
    if one.refusal is not None:
        return one.refusal.sentence
    if one.receipt is not None:
        told = one.receipt.receipt
        return f"{called(told.receiver)}的回执（{moment(told.made)}）：{told.sentence}"
    assert one.contents is not None
    held = one.contents
    about = "一整份台账的拷贝" if held.kind == "ledger" else held.standing.sentence.rstrip("。")
    parts = [f"{about}，{held.count} 条记录"]
    parts += [f"{len(held.papers)} 份材料"] if held.papers else []
    parts += [f"另有 {held.withheld_count} 条按规定没有给"] if held.withheld_count else []
    parts += [f"范围：{held.scope}"] if held.scope else []
    parts += [f"介质 {held.media.number}（{held.media.secrecy or '未写密级'}）"] if held.media.number else []
    return "，".join(parts) + "。"


def advice(one: Looked) -> str:
    """What the clerk is to do about a file; "" when nothing."""
    if one.refusal is not None:
        return one.refusal.advice
    if one.state == "key":
        name = called(one.contents.sender) if one.contents is not None else "对方"
        return f"第一次收到“{name}”的签名文件。请打电话请对方在“交出”页念出本机指纹，与下面的数字逐组核对；一致才并入。"
    if one.state == "gap":
        return "可以先并入，缺的包以后收到再补；也可以请对方补发。"
    if one.contents is not None and one.contents.kind == "ledger":
        return "整份台账的拷贝没有签名，请确认是从对方那里直接拷来的。"
    return "记下以后，“往来单位”里就知道对方已经收到哪里。" if one.state == "receipt" else ""


# -- previewing and merging -------------------------------------------------------------------------------------------


def previewed(ledger: Ledger, files: Sequence[Looked], work: Work) -> Preview:
    """What merging these files would do."""
    found = [one.contents for one in files if one.contents is not None]
    return preview.preview(ledger, found, progress=reporter(work), cancelled=work.cancelled)


@dataclass(frozen=True)
class Merged:
    """What was done: the receipt of the merge (None: there were only receipts), what the receipts told, the backup."""

    receipt: Receipt | None
    told: tuple[Told, ...] = ()
    backup: Path | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    """Name of a file → its SHA-256."""


def merged(ledger: Ledger, files: Sequence[Looked], actor: str, work: Work) -> Merged:
    """Merges the files that may be, in one step with a backup before, and notes the receipts."""
    found = [one.contents for one in files if one.contents is not None and one.taken]
    made, backup = None, None
    digests = {one.path.name: journal.checksum(one.path) for one in found}
    if found:
        folder = ledger.path.absolute().parent / BACKUPS
        with translated(folder):
            folder.mkdir(exist_ok=True)
        made = merge.merge(
            ledger,
            found,
            backup_folder=folder,
            actor=actor,
            receiver=office(ledger, ledger),
            progress=reporter(work),
            cancelled=work.cancelled,
        )
        backup = folder / made.backup if made.backup else None
    told = tuple(peers.take_receipt(ledger, one.receipt) for one in files if one.receipt is not None)
    return Merged(made, told, backup, digests)


# -- names and sums of files ------------------------------------------------------------------------------------------


def named(words: str, ending: str = SUFFIX) -> str:
    """A name for a file with that ending, without the signs a file system refuses."""
    words = words.strip().removesuffix(ending)
    return "".join("－" if sign in '\\/:*?"<>|' else sign for sign in words)[:100] + ending


def free(path: Path) -> Path:
    """The path, or one beside it whose name is not taken."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found
