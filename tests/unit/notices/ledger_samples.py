"""Ledgers for the tests of papers made of tables: the sample, and offices with random problems."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from db.ledger.change import Deed, Edit, create
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.records import Accountability, Aspect, Group, Inspection, Measure, Person, Problem, Unit
from db.schema.records.words import MODES, PROGRESS
from db.store.replica import Installation
from desktop_app.notices import tree
from desktop_app.rectification import categories

DAY = date(2025, 10, 22)


def office(folder: Path, units: int, seed: int = 1) -> Ledger:
    """A ledger of a city office and ``units`` branches below it, each with random problems of every publicity and progress."""
    made = Ledger.create(folder / f"台账{seed}.zgl", Installation(folder / f"home{seed}"))
    chance = random.Random(seed)
    edits: list[Edit] = [
        create(Unit, "city", name="某市公安局", short_name="市局", level="city"),
        create(Inspection, "round", title="2025年第一轮巡察"),
    ]
    for number in range(units):
        unit = f"branch-{number}"
        edits.append(create(Unit, unit, name=f"某市公安局第{number}分局", parent="city", level="branch"))
        edits += _problems(chance, unit)
    made.act(Deed("试", "王", tuple(edits)))
    return made


def _problems(chance: random.Random, unit: str) -> Iterator[Edit]:
    aspects = [f"{unit}-a{k}" for k in range(chance.randint(0, 2))]
    groups: list[tuple[str, str]] = []
    for k, aspect in enumerate(aspects):
        yield create(Aspect, aspect, unit=unit, inspection="round", number=k + 1, title=f"方面{aspect}")
        if chance.random() < 0.5:
            groups.append((aspect, f"{aspect}-g"))
            yield create(Group, f"{aspect}-g", aspect=aspect, number=1, title=f"大类{aspect}")
    for k in range(chance.randint(0, 5)):
        problem = f"{unit}-p{k}"
        place: dict[str, str] = {}
        if groups and chance.random() < 0.4:
            place["aspect"], place["group"] = chance.choice(groups)
        elif aspects and chance.random() < 0.7:
            place["aspect"] = chance.choice(aspects)
        day = DAY + timedelta(days=chance.randint(-60, 60))
        yield create(
            Problem,
            problem,
            unit=unit,
            inspection="round",
            number=k + 1,
            title=f"问题{problem}",
            mode=chance.choice([None, *MODES]),
            progress=chance.choice([None, *PROGRESS]),
            due=Deadline(f"{day.year}年{day.month}月{day.day}日前", day) if chance.random() < 0.8 else None,
            publicity=chance.choice([None, "public", "internal", "secret"]),
            unpublished_reason="sensitive",
            **place,
        )
        yield from _measures(chance, problem)
        if chance.random() < 0.3:
            yield create(Accountability, problem=problem, subject="D001", form="reminder", people=chance.randint(1, 3))


def _measures(chance: random.Random, problem: str) -> Iterator[Edit]:
    for m in range(chance.randint(0, 4)):
        measure = f"{problem}-m{m}"
        publicity = chance.choice([None, None, "internal", "secret"])
        progress = chance.choice([None, *PROGRESS])
        yield create(
            Measure, measure, problem=problem, number=m + 1, lead=f"措施{measure}。", body="抓好落实。", progress=progress,
            publicity=publicity, unpublished_reason="sensitive" if publicity else None,
        )  # fmt: skip
        if chance.random() < 0.3:
            yield create(Measure, f"{measure}-x", problem=problem, parent=measure, number=1, lead=f"下级{measure}-x。")


def tables(document: tree.Document) -> list[tree.Table]:
    """The tables of a paper, annexes last."""
    return [block for block in tree.every_block(document) if isinstance(block, tree.Table)]


def said(cell: tree.TableCell) -> str:
    return "\n".join("".join(run.text for run in runs) for runs in cell.paragraphs)


def column(table: tree.Table, title: str) -> list[tree.TableCell]:
    """The cells of the column of that title, one for each (merged) place, group and total rows left out."""
    return [cell for _, at, cell in placed(table) if titles(table)[at] == title]


def titles(table: tree.Table) -> list[str]:
    """The titles of the columns."""
    return [one.title for one in table.columns]


def placed(table: tree.Table) -> Iterator[tuple[int, int, tree.TableCell]]:
    """(row, column, cell) of every cell of the body rows; fails when cells overlap or leave the table."""
    width = len(table.columns)
    covered = [0] * width
    for number, row in enumerate(table.rows):
        cells = iter(row.cells)
        at = 0
        while at < width:
            if covered[at]:
                at += 1
                continue
            cell = next(cells)
            assert all(not covered[k] for k in range(at, at + cell.columns))
            assert number + cell.rows <= len(table.rows)
            if row.kind == "body":
                yield number, at, cell
            covered[at : at + cell.columns] = [cell.rows] * cell.columns
            at += cell.columns
        assert next(cells, None) is None
        covered = [rest - 1 for rest in covered]
    assert not any(covered)


def registers(folder: Path) -> Ledger:
    """A ledger of one branch with vehicles, their refuelling and publication, auxiliaries and their judging."""
    made = Ledger.create(folder / "登记.zgl", Installation(folder / "home-registers"))
    edits = [
        create(
            Unit, "u", name="某市公安局东湖分局", short_name="东湖分局", organ="中共某市公安局东湖分局党组", level="branch",
            phones=("0000-66010120",), contact_person="督察大队", address="东湖区望山路8号",
        ),
        create(Person, "x", unit="u", code="P01", name="王小明", post="民警"),
    ]  # fmt: skip
    made.act(Deed("试", "王", (*categories.edits(made), *edits)))
    made.act(Deed("登记", "王", tuple(_rows(random.Random(7)))))
    return made


def _rows(chance: random.Random) -> Iterator[Edit]:
    def row(register: str, identifier: str, **values: object) -> Edit:
        return Edit(register, identifier, {"unit": "u", **values})

    for k in range(9):
        plate = f"苏B{k + 1:04d}警"
        state = "报废" if k == 8 else "在用"
        yield row(
            "official_vehicles.vehicle", f"v{k}", plate=plate, model="帕萨特" if k % 2 else "全顺", department="巡特警大队",
            state=state, norm=Decimal(10), bought=date(2024, 1, 5), retired_on=date(2025, 6, 1) if k == 8 else None,
        )  # fmt: skip
        for month in (8, 9):
            if k in (7, 8):
                continue
            km = Decimal(chance.randint(400, 1900))
            litres = (km * chance.randint(85, 140) / 1000).quantize(Decimal("0.01"))
            for part in (1, 2):
                yield row(
                    "official_vehicles.refuel", f"r{k}-{month}-{part}", vehicle=f"v{k}", date=date(2025, month, 5 * part),
                    litres=litres / 2, km=km / 2, cost=int(litres * 380), station="城南加油站", handler="x",
                )  # fmt: skip
            yield row(
                "official_vehicles.monthly_publish", f"m{k}-{month}", vehicle=f"v{k}", month=f"2025-{month:02d}",
                litres=litres, km=km, published=date(2025, month + 1, 3), publisher="x",
            )  # fmt: skip
    yield row("auxiliary_police.aux_manager", "e", employer="柳岸派出所", since=date(2024, 1, 1))
    for k, name in enumerate(("赵一", "钱二宝", "孙三", "李思思")):
        yield row(
            "auxiliary_police.aux_police", f"a{k}", number=f"F{k:03d}", name=name, employer="e", kind="辅警",
            entry=date(2024, 3, 1),
        )  # fmt: skip
        yield row(
            "auxiliary_police.aux_eval", f"ev{k}", member=f"a{k}", month="2025-09", score=Decimal(95 - 9 * k),
            grade=("优秀", "合格", "基本合格", "不合格")[k], pay_amount=100_00,
            publicity="internal" if k == 3 else None,
        )  # fmt: skip
