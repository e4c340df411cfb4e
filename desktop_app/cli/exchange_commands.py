"""Commands that exchange ledger files: pack, inspect, merge."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from db import clock
from db.errors import Refusal
from db.exchange import journal, keys, merge, pack, peers, preview
from db.exchange import receipt as receipts
from db.exchange.contents import SUFFIX, Contents, Media, Party
from db.exchange.pack import Packed
from db.exchange.policy import Policy
from db.exchange.sealing import Seal
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.store.faults import translated
from desktop_app.cli.ledger_commands import Actor, Json, LedgerPath, OfUnit, acting, opened
from desktop_app.cli.printing import DONE, FOUND, REFUSED, progress, refused, tell
from desktop_app.rectification import conflicts, exchanging, ledgers, recipients

TOPIC = "exchange"
_STEPS = 100
_FEW = 20
Passphrase = Annotated[
    str,
    typer.Option(
        "--passphrase",
        envvar="ZHENGGAI_PASSPHRASE",
        help="口令；也可放在环境变量 ZHENGGAI_PASSPHRASE",
        show_default=False,
    ),
]
Files = Annotated[
    list[Path], typer.Argument(metavar="FILE…", help="交换文件、台账文件、回执，或放它们的文件夹", show_default=False)
]


def pack_for(
    ledger: LedgerPath,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="存到哪里（.zgx）", show_default=False)],
    to: Annotated[
        str, typer.Option("--for", metavar="PEER", help="给哪个单位：只装它缺的；不写就装全部", show_default=False)
    ] = "",
    recipient: Annotated[
        str,
        typer.Option(
            "--recipient",
            metavar="NAME",
            help="收件单位的种类，按它略去内容，见 recipients；--for 会记住",
            show_default=False,
        ),
    ] = "",
    unit: OfUnit = "",
    medium: Annotated[str, typer.Option("--medium", metavar="NUMBER", help="介质编号", show_default=False)] = "",
    secrecy: Annotated[str, typer.Option("--secrecy", metavar="LEVEL", help="密级", show_default=False)] = "",
    handler: Annotated[str, typer.Option("--handler", metavar="NAME", help="交接人", show_default=False)] = "",
    seal: Annotated[bool, typer.Option("--seal", help="加密：有 --for 用对方的密钥，否则用口令")] = False,
    passphrase: Passphrase = "",
    json: Json = False,
) -> int:
    """导出一份交换文件。"""
    if out.suffix.lower() != SUFFIX:
        raise Refusal(f"交换文件存为 .zgx，不能存成“{out.name}”。", "请改文件名的后缀。", TOPIC)
    with opened(ledger) as facts:
        sender = exchanging.office(facts, ledgers.find_unit(facts, unit) if unit else None)
        peer = peers.peer(facts, to) if to else None
        policy, media = recipients.for_peer(facts, peer, recipient), Media(medium, secrecy, handler)
        made = pack.pack(
            facts,
            out,
            sender=sender,
            to=peer.party if peer else None,
            seen=peer.holds if peer else None,
            policy=policy,
            media=media,
            seal=_seal(peer.party if peer else None, passphrase) if seal else None,
            progress=_stepping("导出", as_json=json),
        )
        _keep(facts, made, peer.party if peer else None, policy, media, sealed=seal)
        mark = keys.own(facts.installation).fingerprint
    lines = _packed(made, mark)
    data = {
        "file": str(out), "series": made.series, "number": made.number, "hash": made.hash, "changes": made.changes,
        "papers": made.papers, "withheld": made.withheld, "hidden": made.hidden, "lacking": list(made.lacking), "head": made.head, "fingerprint": mark,
    }  # fmt: skip
    tell(lines, data, as_json=json)
    return DONE


def _keep(facts: Ledger, made: Packed, to: Party | None, policy: Policy, media: Media, *, sealed: bool) -> None:
    """Keeps the entry of a package, as the window does."""
    digest = journal.checksum(made.path)
    told = journal.entry(
        facts, made, media.handler, to=to, scope=policy.words, sealed=sealed, digest=digest, media=media
    )
    journal.note(facts, told)


def _packed(made: Packed, mark: str) -> list[str]:
    lines = [
        f"已导出：{made.path}（{made.number} 号包，{made.changes} 条记录，{made.papers} 份材料）",
        f"本机指纹（对方第一次收到时电话核对）：{mark}",
    ]
    if made.withheld or made.hidden:
        lines.append(f"按范围没有给：{made.withheld} 条记录，另有 {made.hidden} 条略去了栏目。")
    if made.lacking:
        lines.append(f"有 {len(made.lacking)} 份材料本台账没有收到过，没有装入。")
    return lines


def _seal(to: Party | None, passphrase: str) -> Seal:
    if to is not None and to.sealing and not passphrase:
        return Seal(key=to.sealing)
    if not passphrase:
        raise Refusal(
            "加密要有对方的密钥或口令。",
            "请用 --for 写给哪个单位（收到过它的文件才有密钥），或用 --passphrase 写口令。",
            TOPIC,
        )
    return Seal(passphrase=passphrase)


def _stepping(label: str, *, as_json: bool) -> Any:
    told = progress(label, as_json=as_json)
    return lambda part: told(round(part * _STEPS), _STEPS)


# -- files that came --------------------------------------------------------------------------------------------------


def inspect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="交换文件或台账文件", show_default=False)],
    ledger: Annotated[
        Path | None, typer.Option("--ledger", metavar="LEDGER", help="本单位的台账：与收到过的比较", show_default=False)
    ] = None,
    passphrase: Passphrase = "",
    json: Json = False,
) -> int:
    """看一份交换文件里有什么，不并入。前面有缺的、密钥没有核对过的返回 1。"""
    with ExitStack() as held:
        facts = held.enter_context(opened(ledger)) if ledger is not None else None
        found = held.enter_context(exchanging.looked(facts, file, passphrase=passphrase))
        data, lines = _told(found), _lines(found)
    doubtful = facts is not None and (found.standing.kind == "gap" or (found.signed and not found.known_key))
    tell(lines, data, as_json=json)
    return FOUND if doubtful else DONE


def _told(found: Contents) -> dict[str, Any]:
    return {
        "file": found.path.name,
        "kind": found.kind,
        "sender": asdict(found.sender),
        "series": found.series,
        "number": found.number,
        "made": found.made,
        "changes": found.count,
        "withheld": found.withheld_count,
        "papers": len(found.papers),
        "replicas": [asdict(span) for span in found.spans],
        "scope": found.scope,
        "media": asdict(found.media),
        "own": list(found.own),
        "signed": found.signed,
        "sealed": found.sealed,
        "known_key": found.known_key,
        "fingerprint": found.fingerprint,
        "standing": asdict(found.standing),
    }


def _lines(found: Contents) -> list[str]:
    made = f"{clock.moment(found.made).astimezone():%Y-%m-%d %H:%M}" if clock.readable(found.made) else ""
    lines = [
        found.standing.sentence or f"一整份台账的拷贝：{found.path.name}",
        f"来自：{found.sender.name or '没有写明单位'}  {made}",
        f"{found.count} 条记录，{len(found.papers)} 份材料"
        + (f"，{found.withheld_count} 条没有给" if found.withheld_count else ""),
    ]
    if found.scope:
        lines.append(f"范围：{found.scope}")
    media = [("介质编号", found.media.number), ("密级", found.media.secrecy), ("交接人", found.media.handler)]
    if told := "  ".join(f"{label}：{words}" for label, words in media if words):
        lines.append(told)
    if found.own:
        lines.append(f"对方自己的副本：{'、'.join(one[:6] for one in found.own)}")
    if found.signed and not found.known_key:
        lines.append(f"第一次收到这个密钥签名的文件，请与对方电话核对指纹：{found.fingerprint}")
    return lines


def merge_files(
    ledger: LedgerPath,
    files: Files,
    only_preview: Annotated[bool, typer.Option("--preview", help="只预览会有什么变化，什么也不写")] = False,
    trust: Annotated[
        list[str] | None,
        typer.Option("--trust", metavar="DIGITS", help="已电话核对的指纹（30 位数字）", show_default=False),
    ] = None,
    receipt: Annotated[
        Path | None, typer.Option("--receipt", metavar="FILE", help="把回执存到哪里（.zgr）", show_default=False)
    ] = None,
    backup: Annotated[
        Path | None,
        typer.Option("--backup", metavar="DIR", help="备份放哪里；不写放在台账旁的“备份”", show_default=False),
    ] = None,
    passphrase: Passphrase = "",
    actor: Actor = "",
    json: Json = False,
) -> int:
    """并入别的单位的文件（先备份）；对方的回执也这样读入。有冲突或有文件没有并入返回 1，全都没有并入返回 2。"""
    with opened(ledger) as facts, ExitStack() as held:
        came = _came(facts, files, passphrase, {"".join(one.split()) for one in trust or ()}, held, show=only_preview)
        if only_preview:
            return _previewed(facts, came, as_json=json)
        told = [peers.take_receipt(facts, one) for one in came.receipts]
        made = _merged(facts, came.found, backup, receipt, acting(actor), as_json=json) if came.found else None
        lines = _receipt_lines(facts, made) if made is not None else []
    tell([*lines, *(one.sentence for one in told), *came.complaints], _answer(made, told, came), as_json=json)
    return _code(made, len(told), bool(came.wrong) or any(one.differing for one in told))


def _answer(made: receipts.Receipt | None, told: Sequence[peers.Told], came: _Came) -> dict[str, Any]:
    """What was done, for programs."""
    return {
        "receipt": receipts.plain(made) if made is not None else None,
        "sentence": made.sentence if made is not None else "",
        "receipts": [
            {"sentence": one.sentence, "held": one.held, "lacking": one.lacking, "differing": list(one.differing)}
            for one in told
        ],
        "refused": came.refused,
    }


@dataclass
class _Came:
    """The files of one call: those that may be merged, receipts, and those that may not, with the reason."""

    found: list[Contents] = field(default_factory=list)
    receipts: list[receipts.Received] = field(default_factory=list)
    wrong: list[tuple[str, Refusal]] = field(default_factory=list)

    @property
    def complaints(self) -> list[str]:
        """What is wrong, for people."""
        return [f"{name}：{refusal.sentence}{refusal.advice}" for name, refusal in self.wrong]

    @property
    def refused(self) -> list[dict[str, str]]:
        """What is wrong, for programs."""
        return [{"file": name, **refused(refusal)} for name, refusal in self.wrong]


def _came(
    facts: Ledger, files: Sequence[Path], passphrase: str, compared: set[str], held: ExitStack, *, show: bool
) -> _Came:
    """Looks at files. One signed with a key nobody has compared yet is not merged; it may be shown."""
    came = _Came()
    for path in exchanging.gathered(files):
        try:
            if path.suffix.lower() == receipts.SUFFIX:
                came.receipts.append(receipts.read(path, exchanging.proven))
                continue
            one = held.enter_context(_looked(facts, path, passphrase, compared, deep=show))
            mark = "".join(one.fingerprint.split())
            if one.signed and not one.known_key and not show:
                if mark not in compared:
                    raise Refusal(
                        f"第一次收到“{one.sender.name or '未写名称的单位'}”签名的文件，指纹是 {one.fingerprint}。",
                        "请与对方电话核对，一致的话加上 --trust 和这 30 位数字再并入。",
                        TOPIC,
                    )
                keys.trust(facts.installation, one.sender.installation, one.sender.key)
            came.found.append(one)
        except Refusal as refusal:
            came.wrong.append((path.name, refusal))
    return came


def _looked(facts: Ledger, path: Path, passphrase: str, compared: set[str], *, deep: bool) -> Contents:
    """A file; what is merged at once is looked through while it is taken, and refused as a whole all the same."""
    try:
        return exchanging.looked(facts, path, passphrase=passphrase, deep=deep)
    except keys.ChangedKey as changed:
        if "".join(changed.fingerprint.split()) not in compared:
            raise
        return exchanging.looked(facts, path, passphrase=passphrase, accept=(changed.key,), deep=deep)


def _code(made: receipts.Receipt | None, told: int, wrong: bool) -> int:
    taken = told or (made is not None and len(made.refused) < len(made.files))
    if not taken:
        return REFUSED
    return FOUND if wrong or (made is not None and (made.refused or made.conflicts)) else DONE


def _merged(
    facts: Ledger, found: Sequence[Contents], backup: Path | None, target: Path | None, actor: str, *, as_json: bool
) -> receipts.Receipt:
    """Merges, and writes the receipt for the way back where it is asked for."""
    folder = backup or facts.path.absolute().parent / "备份"
    with translated(folder):
        folder.mkdir(parents=True, exist_ok=True)
    made = merge.merge(
        facts, found, backup_folder=folder, actor=actor, receiver=exchanging.office(facts),
        progress=_stepping("并入", as_json=as_json),
    )  # fmt: skip
    if target is not None:
        exchanging.write_receipt(facts, made, target)
    return made


def _receipt_lines(facts: Facts, made: receipts.Receipt) -> list[str]:
    lines = [made.sentence]
    for one in made.files:
        agreed = {"yes": "，与对方核对一致", "no": "，与对方对不上"}.get(one.agrees, "")
        what = one.sentence or f"并入 {one.taken} 条，以前已有 {one.passed} 条{agreed}。"
        lines.append(f"  {one.name}：{what}{one.advice}")
    for count in made.counts:
        if count.taken:
            unit = conflicts.unit_name(facts, count.unit) or "各单位共用"
            title = facts.schema(count.record).title if count.record in facts.tables.records else count.record
            lines.append(
                f"  {unit}  {title}  {count.taken} 条" + (f"，冲突 {count.conflicts} 处" if count.conflicts else "")
            )
    if made.backup:
        lines.append(f"并入前的备份：{made.backup}")
    return lines


_WHAT = {"new": "新增", "changed": "修改", "deleted": "删除", "restored": "恢复", "unseen": "不改变显示"}


def _previewed(facts: Ledger, came: _Came, *, as_json: bool) -> int:
    seen = preview.preview(facts, came.found, progress=_stepping("预览", as_json=as_json))
    lines = [
        f"将并入 {seen.taken} 条记录，产生 {seen.conflicts} 处冲突，收到 {len(seen.papers)} 份材料。台账没有改动。"
    ]
    for one in seen.files:
        lines.append(f"  {one.name}：{one.refusal or f'新 {one.taken} 条，已有 {one.passed} 条'}")
    for coming in seen.definitions:
        lines.append(f"  登记表“{coming.title}”的定义有变化" + ("，有字段公开范围放宽" if coming.opened else ""))
    for line in seen.lines[:_FEW]:
        title = facts.schema(line.record).title if line.record in facts.tables.records else line.record
        clash = f"，冲突 {len(line.clashes)} 处" if line.clashes else ""
        lines.append(f"  {_WHAT[line.what]}  {title}“{line.title[:40]}”{clash}")
    if (more := len(seen.lines) - _FEW + seen.omitted) > 0:
        lines.append(f"  另有 {more} 条（--json 看全部）")
    lines += came.complaints
    data = {**asdict(seen), "refused": came.refused}
    tell(lines, data, as_json=as_json)
    if not came.found:
        return REFUSED
    return FOUND if came.wrong or seen.conflicts or any(one.refusal for one in seen.files) else DONE


def recipients_of(
    ledger: LedgerPath,
    load: Annotated[
        Path | None,
        typer.Option("--load", metavar="FILE", help="用这个文件里的设置（TOML）代替本单位的", show_default=False),
    ] = None,
    write: Annotated[bool, typer.Option("--toml", help="照文件的写法列出，改了可用 --load 读入")] = False,
    json: Json = False,
) -> int:
    """列出收件单位的种类：给谁的文件略去什么。"""
    with opened(ledger) as facts:
        if load is not None:
            with translated(load):
                recipients.keep(facts, load.read_text("utf-8"))
        found = recipients.recipients(facts)
        own = facts.note(recipients.NOTE) or ""
    lines = [recipients.shipped(), own] if write else recipients.words(found.values())
    data = [
        {"name": one.name, "about": one.about, "scope": one.policy.words, "level": one.policy.level,
         "without": sorted(one.policy.without), "fields": sorted(one.policy.fields), "personal": one.policy.personal,
         "persons": sorted(one.policy.persons), "papers": one.policy.papers}
        for one in found.values()
    ]  # fmt: skip
    tell(lines, {"recipients": data}, as_json=json)
    return DONE


def register(app: typer.Typer) -> None:
    """Puts the commands of this module under their names."""
    app.command("pack")(pack_for)
    app.command("inspect")(inspect)
    app.command("recipients")(recipients_of)
    app.command("merge")(merge_files)
