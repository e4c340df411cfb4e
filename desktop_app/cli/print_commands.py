"""Commands that print: ``notice``, ``paper`` of every kind, and ``papers``, which lists the kinds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from db import clock
from db.errors import Refusal
from db.ledger import history
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.kinds import Publicity
from db.schema.records import SCHEMAS, Notice, Problem, Unit
from db.store.faults import translated
from desktop_app.cli.category_commands import named as category_named
from desktop_app.cli.ledger_commands import Json, LedgerPath, OfUnit, day, opened
from desktop_app.cli.printing import DONE, FOUND, progress, tell
from desktop_app.cli.sheet_commands import level, register_named
from desktop_app.notices import papers, pdf, spread, tree
from desktop_app.notices.wanted import Kind, Wanted
from desktop_app.rectification import ledgers
from desktop_app.rectification.reckoning import periods

TOPIC = "print"
Out = Annotated[
    Path, typer.Option("-o", "--out", metavar="OUT", help="印到哪个文件；写文件夹时自己起名", show_default=False)
]
Format = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="pdf、docx、txt，有表格的还可以 xlsx；不写就看文件名的后缀",
        show_default=False,
    ),
]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="按那一天结束时的台账印，如 2021-12-31", show_default=False)
]
Internal = Annotated[bool, typer.Option("--internal", help="党内通报：也印不对外公开的内容")]
Copies = Annotated[
    int, typer.Option("--copies", metavar="N", min=0, help="印几份，每份编份号；不写就不编", show_default=False)
]
Archive = Annotated[bool, typer.Option("--archive", help="存成存档用的 PDF/A-2b")]
Measure = Annotated[bool, typer.Option("--measure", help="印好后量一遍，列出测量表；有不合格的返回 1")]
FirstSerial = Annotated[int, typer.Option("--serial", metavar="N", min=1, help="份号从几号起", show_default=False)]


@dataclass(frozen=True)
class Asked:
    """A paper as it was asked for, in typed words."""

    ledger: Path
    out: Path
    form: str
    unit: str = ""
    as_of: str = ""
    readers: Publicity | None = None
    period: str = ""
    of: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    copies: int = 0
    serial: int = 1
    archive: bool = False
    measure: bool = False
    json: bool = False


def notice(
    ledger: LedgerPath,
    out: Out,
    form: Format = "",
    unit: OfUnit = "",
    as_of: AsOf = "",
    internal: Internal = False,
    copies: Copies = 0,
    serial: FirstSerial = 1,
    archive: Archive = False,
    measure: Measure = False,
    json: Json = False,
) -> int:
    """印出一个单位的整改情况通报。"""
    readers: Publicity | None = "internal" if internal else None
    how: dict[str, Any] = {"copies": copies, "serial": serial, "archive": archive, "measure": measure, "json": json}
    asked = Asked(ledger, out, form, unit, as_of, readers, **how)
    return _print(papers.kind_named("notice"), asked)


def paper(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="哪种文书，如 chasing 或 督办单；用 papers 列出", show_default=False)
    ],
    ledger: LedgerPath,
    out: Out,
    form: Format = "",
    unit: OfUnit = "",
    as_of: AsOf = "",
    period: Annotated[
        str, typer.Option("--period", metavar="PERIOD", help="期间，如 今年以来、2021年7月", show_default=False)
    ] = "",
    of: Annotated[
        list[str] | None,
        typer.Option("--of", metavar="ID", help="印哪些：问题的序号或名称、登记表，可写几次", show_default=False),
    ] = None,
    internal: Internal = False,
    publicity: Annotated[
        str, typer.Option("--publicity", metavar="LEVEL", help="印到哪一级：公开、党内通报、不公开", show_default=False)
    ] = "",
    options: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="NAME=VALUE", help="这种文书自己的选项，可写几次", show_default=False),
    ] = None,
    copies: Copies = 0,
    serial: FirstSerial = 1,
    archive: Archive = False,
    measure: Measure = False,
    json: Json = False,
) -> int:
    """印出一种文书：提示函、督办单、交办单、销号审批表、台账……种类用 papers 列出。"""
    readers: Publicity | None = level(publicity) if publicity else "internal" if internal else None
    how: dict[str, Any] = {"copies": copies, "serial": serial, "archive": archive, "measure": measure, "json": json}
    asked = Asked(ledger, out, form, unit, as_of, readers, period, tuple(of or ()), tuple(options or ()), **how)
    return _print(papers.kind_named(kind), asked)


def _print(kind: Kind, asked: Asked) -> int:
    with translated(asked.out):
        named = asked.out.is_dir()
    target = Path("x.pdf") if named and not asked.form else asked.out
    table = spread.wanted_so(target, asked.form)
    form = "xlsx" if table else papers.format_of(target, asked.form)
    until = day(asked.as_of, "--as-of ")
    with opened(asked.ledger) as kept:
        facts: Facts = kept
        if until is not None:
            facts = history.as_of(kept, datetime.combine(until, time.max).astimezone())
        unit, wanted = wanted_of(facts, kept, kind, asked, until or clock.today())
        made = papers.made(facts, kind, replace(wanted, unbroken=table), kept)
        path = asked.out / papers.file_name(facts, kind, wanted, form) if named else asked.out
    if asked.measure:
        _measurable(kind, made, form)
    if asked.copies:
        made = papers.numbered(made, asked.copies, asked.serial)
    data = _written(made, path, form, asked)
    lines, measured, code = _measured(data, made) if asked.measure else ([], {}, DONE)
    whose = f"（{unit.name}）" if unit is not None else ""
    count = f"，共 {len(made.documents)} 份" if len(made.documents) > 1 else ""
    told = {
        "file": str(path),
        "kind": kind.name,
        "unit": unit.name if unit is not None else None,
        "title": made.documents[0].title,
        "documents": len(made.documents),
        "internal": wanted.internal,
        **measured,
    }
    tell([f"已印出：{path}{whose}{count}", *lines], told, as_json=asked.json)
    return code


def _written(made: papers.Made, path: Path, form: str, asked: Asked) -> bytes:
    """Writes the file; its bytes, none of a workbook."""
    if form == "xlsx":
        if asked.archive or asked.copies:
            raise Refusal("Excel 表格不能存档，也不编份号。", "请印成 .pdf，或去掉 --archive、--copies。", TOPIC)
        from desktop_app.sheets import printed

        printed.write(spread.spread(made.documents), path)
        return b""
    with translated(path):
        told = progress("排版", as_json=asked.json)
        data = papers.to_bytes(made, papers.format_of(path, form), archive=asked.archive, progress=told)
        pdf.write_bytes(data, path)
    return data


def _measurable(kind: Kind, made: papers.Made, form: str) -> None:
    if form != "pdf":
        raise Refusal(f"只有 PDF 能测量，不能测量 .{form}。", "请印成 .pdf，或去掉 --measure。", "measure")
    sections = (one for one in made.documents[0].blocks if isinstance(one, tree.Section))
    if any(one.layout == "newspaper" for one in sections):
        raise Refusal(f"“{kind.title}”不按公文格式排，不能测量。", "请去掉 --measure。", "measure")


def _measured(data: bytes, made: papers.Made) -> tuple[list[str], dict[str, Any], int]:
    """The finished file measured: lines, data, exit code. Of a batch only the whole file is known, not each paper's words."""
    from desktop_app.notices import measure

    found = measure.sheet(data, made.documents[0] if len(made.documents) == 1 else None)
    rows = [dict(zip(("name", "bound", "value", "verdict", "places"), row, strict=True)) for row in measure.rows(found)]
    return measure.told(found), {"measured": rows}, DONE if found.passed else FOUND


def wanted_of(facts: Facts, kept: Ledger, kind: Kind, asked: Asked, today: date) -> tuple[Unit | None, Wanted]:
    """What was asked for in typed words, as working values, and the unit it is about."""
    options = {**kind.begun(), **kind.read_options(map(_option, asked.options))}
    unit = _unit(facts, kept, kind, asked)
    own = ledgers.own_unit(facts, kept)
    wanted = Wanted(
        today,
        unit.id if unit is not None and (kind.unit != "no" or kind.records == "no") else "",
        asked.readers or kind.readers,
        periods.span(asked.period, today, periods.named_periods(facts)) if asked.period.strip() else None,
        tuple(_record(facts, kind, said, unit) for said in asked.of),
        options,
        own.id if own is not None else "",
    )
    return unit, wanted


def _option(said: str) -> tuple[str, str]:
    """``NAME=VALUE`` as typed → name and value."""
    name, sign, value = said.replace("＝", "=", 1).partition("=")
    if not sign or not name.strip():
        raise Refusal(f"--option 的写法不对：“{said}”。", "请写成 名称=值，如 contact=王某。", TOPIC)
    return name.strip(), value


def _unit(facts: Facts, kept: Ledger, kind: Kind, asked: Asked) -> Unit | None:
    if asked.unit:
        return ledgers.find_unit(facts, asked.unit)
    return _only_unit(facts, kept) if kind.unit == "must" else None


def _only_unit(facts: Facts, kept: Ledger) -> Unit:
    """The unit a paper is printed for when none is named: this ledger's own, else the only one with problems."""
    own = ledgers.own_unit(facts, kept)
    busy = {n.unit for n in facts.all(Notice)} | {p.unit for p in facts.all(Problem)}
    if own is not None and (own.id in busy or not busy):
        return own
    found = [u for u in facts.all(Unit) if u.id in busy]
    if len(found) == 1:
        return found[0]
    names = "、".join(u.name or "" for u in found)
    raise Refusal(f"台账里有几个单位的通报：{names}。", "请用 --unit 写明印哪个单位的。", "notice")


def _record(facts: Facts, kind: Kind, said: str, unit: Unit | None) -> str:
    """What ``--of`` names → an id, or a register's name."""
    if kind.of == "problem":
        return ledgers.find_problem(facts, said, unit.id if unit is not None else "").id
    if kind.of == "register":
        return register_named(facts, said).name
    if kind.of == "category":  # 类别, or 类别.指标
        category, point, key = said.partition(".")
        return category_named(facts, category) + point + key
    if kind.of in facts.tables.records and facts.find(kind.of, said) is None:
        return _called(facts, kind.of, said)
    return said


def _called(facts: Facts, name: str, said: str) -> str:
    """The id of the one record whose title is, or holds, what was said."""
    schema = facts.schema(name)
    titles = {one.id: str(getattr(one, "title", "") or "") for one in facts.every(name)}
    found = [key for key, title in titles.items() if title == said] or [
        key for key, title in titles.items() if said.strip() and said.strip() in title
    ]
    if len(found) == 1:
        return found[0]
    listed = "、".join(f"{title}（{key}）" for key, title in list(titles.items())[:8])
    many = f"“{said}”可以是几条{schema.title}。" if found else f"台账里没有“{said}”这条{schema.title}。"
    raise Refusal(many, f"台账里有：{listed}。" if listed else f"台账里还没有{schema.title}。", TOPIC)


def kinds(json: Json = False) -> int:
    """列出可以印的文书，各要什么、有什么选项。"""
    found = list(papers.KINDS.values())
    tell([line for one in found for line in _described(one)], {"papers": [_data(one) for one in found]}, as_json=json)
    return DONE


_OF = {"register": "登记表", "indicator": "指标"}
_NEEDS = {"may": "可以", "must": "要"}


def _described(kind: Kind) -> Iterator[str]:
    yield f"{kind.name}\u3000{kind.title}：{kind.purpose}"
    of = _OF.get(kind.of) or (SCHEMAS[kind.of].title if kind.of in SCHEMAS else "记录")
    asks = (("--unit", "单位", kind.unit), ("--period", "期间", kind.period), ("--of", of, kind.records))
    said = [f"{_NEEDS[need]}写{what}（{option}）" for option, what, need in asks if need != "no"]
    if said:
        yield f"    {'，'.join(said)}"
    for name, option in kind.options.items():
        choices: Sequence[str] = list(getattr(option, "of", {}).values())
        told = [
            f"可写 {'、'.join(choices)}" if choices else "",
            option.help,
            f"默认 {option.default}" if option.default else "",
        ]
        rest = "；".join(one for one in told if one)
        yield f"    {name}={option.label}{f'：{rest}' if rest else ''}"


def _data(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "title": kind.title,
        "purpose": kind.purpose,
        "unit": kind.unit,
        "period": kind.period,
        "records": kind.records,
        "of": kind.of,
        "publicity": kind.readers,
        "options": [
            {"name": name, "label": one.label, "help": one.help, "default": one.default, "of": getattr(one, "of", {})}
            for name, one in kind.options.items()
        ],
    }


def register(app: typer.Typer) -> None:
    """Puts the commands of this module under their names."""
    for name, command in (("notice", notice), ("paper", paper), ("papers", kinds)):
        app.command(name)(command)
