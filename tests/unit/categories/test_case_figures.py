"""The figures of the first and the third notice of the seed come out of rows of the shipped registers (seed-reading 4.3, 4.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.schema.definition.toml import read_file
from desktop_app.rectification.reckoning.indicators import reckon
from desktop_app.rectification.ruling.examples import Scratch

CATEGORIES = Path(__file__).parents[3] / "resources" / "categories"
ISSUED = date(2021, 11, 3)
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Asked = tuple[str, str | None, str]
"""Indicator, period in words (None: its own), as printed."""


def told(category: str, rows: Rows, asked: Sequence[Asked]) -> list[Asked]:
    """What the indicators of a category print over these rows on the day of the notices."""
    scratch = Scratch(read_file(CATEGORIES / f"{category}.toml"))
    rule = next(iter(scratch.definition.rules.values()))
    scratch.fill(rule, {"rows": rows})
    return [
        (name, period, reckon(scratch.facts, category, name, as_of=ISSUED, period=period).shown)
        for name, period, _ in asked
    ]


def theft(number: int, kind: str, filed: str, solved: str | None, **more: Any) -> dict[str, Any]:
    """A case of theft as it is typed."""
    when = {} if solved is None else {"solved": solved}
    return {"case_no": f"C{number}", "kind": kind, "filed": filed, **when, **more}


def livelihood() -> list[dict[str, Any]]:
    """555 thefts filed and 286 solved this year; 8 of 9 battery thefts solved, the year before 7 of 9 by the same day."""
    rows = [theft(n, "盗窃电动车电瓶", "2021-02-01 10:00", "2021-02-02 09:00" if n < 8 else None) for n in range(9)]
    rows += [
        theft(n, "入室盗窃", "2021-03-01 10:00", "2021-03-03 20:00" if n < 287 else None, coerced=1 if n < 132 else 0)
        for n in range(9, 555)
    ]
    rows += [
        theft(n, "盗窃电动车电瓶", "2020-02-01 10:00", "2020-02-05 10:00" if n < 1007 else None)
        for n in range(1000, 1009)
    ]
    return rows


def injuries() -> list[dict[str, Any]]:
    """1036 appraisals of 296 cases since 2018, of these 26 of July with 5 crimes, all filed."""
    rows = []
    for n in range(1036):
        july = n < 26
        crime = {"criminal": True, "filing": "已立案"} if n < 5 else {"criminal": False, "filing": "已受行政案件"}
        day, month = ("2021-07-05", "2021-07") if july else ("2019-05-05", "2019-05")
        rows.append({"appraisal_no": f"J{n}", "appraised": day, "month": month, "case_no": f"S{n % 296}", **crime})
    return rows


CASE_ROWS: Rows = {
    "livelihood_case": livelihood(),
    "injury_check": injuries(),
    "review_issue": [
        {"case_no": f"S{n}", "step": "受立案", "description": "未及时受案", "found": "2021-06-01"} for n in range(22)
    ],
    "econ_case_review": [
        {"case_no": f"E{n}", "charge": "合同诈骗" if n < 20 else "非法吸收公众存款", "filed": "2019-01-01"}
        | ({"reviewed": "2021-05-01"})
        for n in range(31)
    ],
    "fault": [
        # the tenth row is a second fault of the same officer, who counts once
        {"person": f"p{n % 9}", "day": "2021-04-01", "form": "通报批评", "in_campaign": n < 3}
        | ({"case_kind": "涉伤案件"} if n == 5 else {})
        for n in range(10)
    ],
    "notice_to_officer": [
        {"person": f"p{n}", "reason": "笔录不规范", "issued": "2021-04-01", "in_campaign": True} for n in range(19)
    ],
    "case_series": [
        {"number": f"B{n}", "kind": "盗窃", "merged": 3, "people": 7 if n == 0 else 2, "date": "2021-05-01"}
        for n in range(33)
    ],
    "camera": [
        {"place": "社会面汇聚", "origin": "社会面", "routes": 30000, "connected": "2020-05-01", "state": "在用"},
        {"place": "自建", "origin": "自建", "routes": 3412, "connected": "2021-05-01", "state": "在用"},
        {"place": "旧点位", "origin": "自建", "routes": 900, "connected": "2018-05-01", "state": "撤除"},
    ],
}
CASE_FIGURES: list[Asked] = [
    ("econ_cases", None, "31件"),
    ("econ_review_rate", None, "100%"),
    ("faulted", None, "9人"),
    ("faulted_in_campaign", None, "3人"),
    ("faulted_injury", None, "1名"),
    ("notices_in_campaign", None, "19人"),
    ("appraisals", None, "1036条"),
    ("appraised_cases", None, "296件"),
    ("injury_issues", None, "22个"),
    ("month_appraisals", "2021年7月", "26条"),
    ("month_criminal", "2021年7月", "5起"),
    ("month_filed", "2021年7月", "5起"),
    ("thefts_filed", None, "555起"),
    ("thefts_solved", None, "286起"),
    ("theft_rate", None, "51.5%"),
    ("theft_coerced", None, "123名"),
    ("battery_rate", None, "88.9%"),
    ("battery_rise_points", None, "11.1个百分点"),
    ("solved_24h", None, "8起"),
    ("solved_72h", None, "286起"),
    ("series", None, "33起"),
    ("series_people", None, "71名"),
    ("cameras", None, "33000余路"),
]

ENFORCEMENT_ROWS: Rows = {
    "legal_training": [
        {"kind": "微课堂", "date": f"2021-0{n + 1}-10", "session": n + 1, "lecturer": f"律师{n}", "lawyer": True}
        | {"trained": 43}
        for n in range(5)
    ]
    + [{"kind": "条线培训班", "date": "2021-05-10", "batch": n, "trained": 10} for n in (1, 2)],
    "exam": [{"person": f"p{n}", "grade": "高级", "registered": "2021-04-01"} for n in range(162)],
    "backlog": [
        {"case_no": f"C{n}", "filed": "2019-03-01", "state": "在办", "issue": "超期未结", "corrected": "2021-06-01"}
        for n in range(84)
    ],
    "bulletin": [{"number": n + 1, "issued": "2021-06-01", "problems": 2} for n in range(32)],
    "digital_cert": [
        {"cert_no": f"K{n}", "holder": f"p{n}", "role": "民警" if n < 501 else "辅警", "state": "在用"}
        | ({"systems": "档案系统；居住证登记"} if n >= 574 else {})
        for n in range(627)
    ],
    "cert_audit": [
        {"person": f"a{n}", "kind": "离职", "role": "辅警", "date": "2021-10-01"}
        | {"handling": "回收" if n == 0 else "调整" if n == 1 else "没有证书"}
        for n in range(45)
    ]
    + [
        {"person": f"b{n}", "kind": "新招", "role": "辅警", "date": "2021-10-10", "pledged": "2021-10-10"}
        for n in range(48)
    ],
    "log_check": [
        {"system": "市局云搜索", "date": f"2021-0{6 + n // 2}-1{n}", "warnings": 1 if n < 3 else 0}
        | {"conclusion": "未发现违规"}
        for n in range(7)
    ],
    "firearm_training": [{"year": 2021, "batch": 1, "group": "科所队长", "date": "2021-05-01", "people": 30}],
}
ENFORCEMENT_FIGURES: list[Asked] = [
    ("lawyers", None, "5名"),
    ("classes", None, "5期"),
    ("trainees", None, "200余名"),
    ("course_batches", None, "2批"),
    ("high_exam", None, "162名"),
    ("backlog_faulty", None, "84起"),
    ("backlog_rate", None, "100%"),
    ("bulletins", None, "32期"),
    ("certs_police", None, "501张"),
    ("certs_auxiliary", None, "126张"),
    ("certs", None, "627张"),
    ("auxiliary_authorised", None, "53名"),
    ("leavers", None, "45名"),
    ("certs_taken_back", None, "2个"),
    ("newcomers_pledged", None, "48名"),
    ("log_checks", None, "7次"),
    ("log_warnings", None, "3次"),
    ("log_breaches", None, "0次"),
    ("firearm_batches", None, "1批次"),
]

PROCUREMENT_ROWS: Rows = {
    "procurement": [
        {"number": "X1", "name": "甲", "kind": "货物", "budget": "10万", "price": "9万", "planned": "2021-02-01"}
        | {"method": "邀请招标", "contract_day": "2021-04-01", "pledged": "2021-04-01"},
        {"number": "X2", "name": "乙", "kind": "工程", "budget": "40万", "price": "38万", "planned": "2021-03-01"}
        | {"method": "公开招标", "contract_day": "2021-05-01", "pledged": "2021-05-01"},
        {"number": "X3", "name": "丙", "kind": "服务", "budget": "6万", "planned": "2021-03-01", "method": "其他方式"},
        {"number": "X4", "name": "丁", "kind": "服务", "budget": "90万", "planned": "2021-03-01", "state": "已取消"},
    ],
    "canteen": [
        {"unit": "u1", "month": f"2021-0{month}", "kind": kind, "quantity": 10.5}
        for month in (3, 4, 5, 6)
        for kind in ("肉类", "粮油调料", "禽蛋水产冷冻品", "豆制品蔬菜")
    ],
    "canteen_tender": [{"unit": f"u{n}", "year": 2021, "status": "定标" if n < 4 else "公告"} for n in range(11)],
}
PROCUREMENT_FIGURES: list[Asked] = [
    ("projects", None, "3个"),
    ("tenders", None, "2个"),
    ("tender_rate", None, "66.7%"),
    ("saved_rate", None, "6%"),
    ("pledge_rate", None, "100%"),
    ("food_kinds", None, "4类"),
    ("food", None, "126公斤"),
    ("stations", None, "11个"),
    ("stations_done", None, "4个"),
]

DEPOSIT_ROWS: Rows = {
    "deposit": [
        {"decision_no": "B1", "amount": "5000", "paid": "2020-06-01", "released": "2021-06-01", "handling": "退还"}
        | {"returned": "5000", "returned_on": "2021-06-01"},
        {"decision_no": "B2", "amount": "8000", "paid": "2020-07-01", "released": "2021-07-01", "handling": "部分没收"}
        | {"returned": "6000", "returned_on": "2021-07-02", "forfeited": "2000", "forfeited_on": "2021-07-03"},
        {"decision_no": "B3", "amount": "3000", "paid": "2020-08-01", "released": "2021-08-01"},
        {"decision_no": "B4", "amount": "4000", "paid": "2021-08-01"},
        {"decision_no": "B5", "amount": "1000", "paid": "2020-08-01", "released": "2021-08-01", "handling": "没收"}
        | {"forfeited": "1000", "forfeited_on": "2021-08-05"},
    ],
    "withheld": [
        {"receipt_no": "W1", "amount": "800", "taken": "2021-02-01", "due_day": "2021-08-01"},
        {"receipt_no": "W2", "amount": "200", "taken": "2021-02-01", "due_day": "2021-09-01", "handling": "发还"}
        | {"handled": "2021-08-20", "out": "200"},
    ],
    "reconciliation": [
        {"account": "a1", "day": "2021-09-30", "bank_balance": "9000", "book_balance": "9000"},
        {"account": "a1", "day": "2021-10-31", "bank_balance": "7800", "book_balance": "7800"},
    ],
}
DEPOSIT_FIGURES: list[Asked] = [
    ("deposits_due", None, "3笔"),
    ("deposits_due_amount", None, "14000元"),
    ("deposits_returned", None, "2笔"),
    ("deposit_return_rate", None, "66.7%"),
    ("deposits_overdue", None, "1笔"),
    ("deposits_overdue_amount", None, "3000元"),
    ("all_rate", None, "60%"),
    ("all_overdue", None, "2笔"),
    ("deposit_balance", None, "7000元"),
    ("withheld_balance", None, "800元"),
    ("bank_balance", None, "7800元"),
]

RECOVERY_ROWS: Rows = {
    "asset_recovery": [
        {"case_no": "A1", "filed": "2020-05-01", "loss": "100万", "seized": "40万", "returned": "30万"},
        {"case_no": "A2", "filed": "2021-05-01", "loss": "200万", "seized": "91万", "returned": "91万"}
        | {"returned_on": "2021-09-01"},
    ],
}
RECOVERY_FIGURES: list[Asked] = [
    ("recovery_rate", None, "45.5%"),
    ("rate_rise_points", None, "5.5个百分点"),
    ("rate_rise_percent", None, "13.8%"),
    ("return_rate", None, "100%"),
    ("unreturned", None, "100000元"),
    ("base_cases", None, "1件"),
]

VEHICLE_ROWS: Rows = {
    "vehicle": [{"id": f"v{n}", "plate": f"苏B000{n}警", "state": "在用" if n < 4 else "报废"} for n in range(5)],
    "refuel": [
        {"vehicle": "v0", "date": "2021-10-05", "litres": 48, "km": 400, "cost": "336"},
        {"vehicle": "v1", "date": "2021-10-06", "litres": 52.5, "km": 600, "cost": "367.50"},
        {"vehicle": "v1", "date": "2021-10-07", "litres": 30, "cost": "210"},  # nobody wrote down the kilometres
        {"vehicle": "v1", "date": "2021-09-06", "litres": 50, "km": 500, "cost": "350"},
    ],
    "monthly_publish": [{"vehicle": f"v{n}", "month": "2021-10", "litres": 0} for n in range(3)],
    "spot_check": [
        {"month": "2021-09", "date": "2021-09-20", "conclusion": "正常"},
        {"month": "2021-10", "date": "2021-10-20", "conclusion": "有疑问"},
    ],
}
VEHICLE_FIGURES: list[Asked] = [
    ("vehicles", None, "4辆"),
    ("refuels", None, "3次"),
    ("litres", None, "130.5L"),
    ("consumption", None, "10.1L/100km"),
    ("consumption_change", None, "0.5%"),
    ("published_share", None, "75%"),
    ("checks", None, "2次"),
    ("check_issues", None, "1个"),
]


@pytest.mark.parametrize(
    ("category", "rows", "figures"),
    [
        pytest.param("case_handling", CASE_ROWS, CASE_FIGURES, id="case_handling"),
        pytest.param("enforcement", ENFORCEMENT_ROWS, ENFORCEMENT_FIGURES, id="enforcement"),
        pytest.param("procurement", PROCUREMENT_ROWS, PROCUREMENT_FIGURES, id="procurement"),
        pytest.param("deposits", DEPOSIT_ROWS, DEPOSIT_FIGURES, id="deposits"),
        pytest.param("asset_recovery", RECOVERY_ROWS, RECOVERY_FIGURES, id="asset_recovery"),
        pytest.param("official_vehicles", VEHICLE_ROWS, VEHICLE_FIGURES, id="official_vehicles"),
    ],
)
def test_the_figures_come_out_of_rows(category: str, rows: Rows, figures: list[Asked]) -> None:
    assert told(category, rows, figures) == figures
