"""Exchange as an office does it: who we are on our files, which files are meant, a file looked at with what is known of its sender."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from db.errors import Refusal
from db.exchange import check, keys, peers
from db.exchange import contents as contents_
from db.exchange import receipt as receipts
from db.exchange.contents import Contents, Known, Party
from db.ledger.ledger import Ledger
from db.schema.records import Unit
from desktop_app.rectification import ledgers

TOPIC = "exchange"
MOST = 1_000
"""Files taken at once."""
ENDINGS = (contents_.SUFFIX, receipts.SUFFIX, ".zgl")


def office(ledger: Ledger, named: Unit | None = None) -> Party:
    """This office, as others' files and receipts name it."""
    unit = named or ledgers.own_unit(ledger, ledger)
    mine = keys.own(ledger.installation)
    name, identifier = (unit.name or "", unit.id) if unit is not None else ("", "")
    return Party(identifier, name, ledger.installation.name, mine.key, mine.sealing)


def gathered(paths: Iterable[Path], *, empty: bool = False) -> list[Path]:
    """The files meant: those named, and those of an exchange in the folders named and the folders in these; each once.
    ``Refusal`` for a folder without any, unless it may be ``empty``, and where they are too many."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = [path]
        if path.is_dir():
            every = sorted(one for pattern in ("*", "*/*") for one in path.glob(pattern) if one.is_file())
            inside = [one for one in every if one.suffix.lower() in ENDINGS and not one.name.startswith(".")]
            if not inside and not empty:
                raise Refusal(f"这个文件夹里没有交换文件：{path}", "请选取放 .zgx 文件的文件夹。", TOPIC)
        found.update(dict.fromkeys(inside))
        if len(found) > MOST:
            raise Refusal(f"一次最多看 {MOST} 个文件。", "请分几次选取，或换一个文件夹。", TOPIC)
    return list(found)


def looked(
    ledger: Ledger | None,
    path: Path,
    *,
    passphrase: str = "",
    accept: Collection[str] = (),
    deep: bool = True,
    cancelled: Callable[[], bool] = contents_.never,
) -> Contents:
    """A checked file; ``Refusal`` for one that cannot be taken. Without a ledger it is not compared with those received
    before. Whoever looks closes."""
    machine = ledger.installation if ledger is not None else ledgers.installation()
    trusted = keys.trusted(machine)
    known = peers.known(ledger, trusted) if ledger is not None else Known(trusted)
    mine = keys.own(machine)
    return check.open_package(
        path, known, mine=mine, passphrase=passphrase, accept=accept, deep=deep, cancelled=cancelled
    )


def proven(key: str, told: bytes, signature: str) -> bool:
    """Whether a receipt was signed with this key."""
    try:
        return keys.verified(key, told, bytes.fromhex(signature))
    except ValueError:
        return False


def write_receipt(ledger: Ledger, receipt: receipts.Receipt, path: Path) -> Path:
    """Writes a receipt for the way back, signed by this installation."""
    mine = keys.own(ledger.installation)
    receipts.write(receipt, path, lambda data: (mine.key, mine.sign(data).hex()))
    return path
