"""The seed's figures come from registers: rows are pasted, numbers bound, and its sentences print the same numbers as the paper.

Rows are entered as a clerk pastes them: words and days, in blocks. What each register must hold so that the paper's numbers
come out is arithmetic on the paper's own figures (286 solved at 51.5 % are 286 of 555).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.ledger.change import Deed, Edit
from db.ledger.ledger import Ledger
from db.schema.composite import Quantity
from db.schema.records import Figure, Notice, Problem
from desktop_app.intake import bindings, enter
from desktop_app.intake.read import read
from desktop_app.intake.recognise import recognise
from desktop_app.notices import compose, plain
from desktop_app.rectification import batch, checks, ledgers
from desktop_app.rectification.figures import Names, bound_to

SEED = Path(__file__).parents[3] / "shared" / "seed"
DAY = date(2021, 11, 3)
Rows = Iterable[Sequence[str]]


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A ledger the seed was read into."""
    papers = sorted(SEED.glob("*.txt")) if SEED.is_dir() else []
    if not papers:
        pytest.skip("../shared/seed is not here")
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    made = ledgers.new_ledger(tmp_path / "台账.zgl", "某市公安局", "王某")
    for paper in papers:
        source = read(paper)
        for draft in recognise(source):
            enter.enter(made, draft, source, "王某")
    return made


def paste(ledger: Ledger, register: str, headings: str, rows: Rows, unit: str | None) -> None:
    """Pastes a block under headings as a clerk sees them; nothing may be refused."""
    schema = ledger.schema(register)
    labels = {one.kind.label: one.name for one in schema.fields}
    names = [labels[heading] for heading in headings.split()]
    found = batch.read_cells(ledger, schema, names, rows, fixed={"unit": unit})
    assert not found.refused, found.refused[:3]
    batch.enter(ledger, schema.name, found.rows, "王某")


def people(ledger: Ledger, names: Iterable[str], unit: str | None) -> None:
    paste(ledger, "person", "姓名 职务", [(name, "民警") for name in names], unit)


def printed(ledger: Ledger, notice: Notice) -> str:
    return plain.text(compose.compose(ledger, notice, today=DAY))


def problem_of(ledger: Ledger, title: str) -> Problem:
    return next(p for p in ledger.all(Problem) if p.title == title)


def bind(ledger: Ledger, problem: Problem, wanted: dict[str, str]) -> None:
    """Binds figures of a problem to the indicators meant, ``wanted`` by the figure's name and number; each must have been proposed."""
    names = Names(ledger, DAY)
    pairs = []
    left = dict(wanted)
    for figure in ledger.all(Figure, problem=problem.id):
        assert figure.value is not None
        key = next((k for k in left if k == f"{figure.name} {Quantity('').show(figure.value)}"), None)
        if key is None:
            continue
        indicator = left.pop(key)
        offered = bindings.proposals(ledger, figure, problem, DAY, names)
        chosen = next((one for one in offered if one.indicator == indicator), None)
        assert chosen is not None, (key, [(o.indicator, o.score) for o in offered])
        pairs.append((figure, chosen))
    assert not left, (
        left,
        [f"{f.name} {Quantity('').show(f.value)}" for f in ledger.all(Figure, problem=problem.id) if f.value],
    )
    bindings.bind_all(ledger, pairs, "王某")
    for figure, _chosen in pairs:
        after = ledger.get(Figure, figure.id)
        assert after is not None
        assert bound_to(after) is not None


def prints_the_same(ledger: Ledger, title: str, wanted: dict[str, str], rows: dict[str, tuple[str, Rows]]) -> None:
    """Binds, sees the gaps of empty registers, pastes, and sees the paper's words again, every number a live one."""
    problem = problem_of(ledger, title)
    notice = next(n for n in ledger.all(Notice) if n.unit == problem.unit)
    paper = printed(ledger, notice)
    bind(ledger, problem, wanted)
    assert printed(ledger, notice) != paper  # the registers are empty
    for register, (headings, cells) in rows.items():
        paste(ledger, register, headings, cells, problem.unit)
    assert printed(ledger, notice) == paper
    names = Names(ledger, DAY)
    for figure in ledger.all(Figure, problem=problem.id):
        if bound_to(figure) is not None:
            shown = names.figure(figure, problem)
            assert shown.bound
            assert shown.words, shown.why
    wrong = {"no_value", "told_otherwise", "register_differs", "direction", "unknown_figure", "share_exceeds"}
    assert not [f.sentence for f in checks.of_problem(ledger, problem.id, DAY) if f.code in wrong]


def days(first: date, count: int) -> list[str]:
    """So many days from one on, round and round within two months."""
    return [(first + timedelta(days=n % 60)).isoformat() for n in range(count)]


def thefts() -> Rows:
    """555 filed this year, 286 solved: of them 99 and 88 of batteries; 99 and 80 of batteries in the same months of last year."""
    told = [("盗窃电动车电瓶", n < 88, 2021) for n in range(99)] + [("入室盗窃", n < 198, 2021) for n in range(456)]
    told += [("盗窃电动车电瓶", n < 80, 2020) for n in range(99)]
    coerced = 123
    for number, (kind, solved, year) in enumerate(told):
        filed = f"{year}-0{number % 8 + 1}-11 09:30"
        cleared = f"{year}-0{number % 8 + 2}-02 16:00" if solved else ""
        mine = "1" if solved and year == 2021 and coerced > 0 else ""
        coerced -= bool(mine)
        yield (f"A{year}{number:04d}", kind, filed, cleared, mine)


def appraisals() -> Rows:
    """1036 since 2018, of 296 cases; 26 of them in July 2021, 5 of these criminal."""
    for number in range(1036):
        july = number < 26
        day = f"2021-07-{number + 1:02d}" if july else f"{2018 + number % 3}-0{number % 6 + 1}-15"
        yield (f"J{number:04d}", day, day[:7], "是" if number < 5 else "否", f"C{number % 296:03d}")


def test_cases_solved_and_faults(ledger: Ledger) -> None:
    problem = problem_of(ledger, "查办案件尚有不足")
    officers = [f"甲{n}" for n in range(30)]
    people(ledger, officers, problem.unit)
    faults = [
        (name, "2021-03-10", "批评教育", "是" if n < 3 else "否", "涉伤案件" if n == 0 else "其他")
        for n, name in enumerate(officers[:9])
    ]
    prints_the_same(
        ledger,
        "查办案件尚有不足",
        {
            "破获盗窃案件 286起": "thefts_solved",
            "破案率 51.5%": "theft_rate",
            "采取刑事强制措施 123名": "theft_coerced",
            "盗窃电动自行车电瓶案件破案率 88.9%": "battery_rate",
            "盗窃电动自行车电瓶案件破案率较去年同期上升 10%": "battery_rise_percent",
            "通过案件串并侦查累计破获盗窃串案 33起": "series",
            "抓获涉案人员 71名": "series_people",
            "追究执法过错 9人": "faulted",
            "追究执法过错2 3人": "faulted_in_campaign",
            "政法队伍下发执法工作提示 19人": "notices_in_campaign",
            "办案民警被追究执法过错 1名": "faulted_injury",
            "调取法医鉴定数据 1036条": "appraisals",
            "逐一反查对应 296件": "appraised_cases",
            "排查整改问题 22个": "injury_issues",
            "调取法医鉴定数据2 26条": "appraisals",
            "核查构成刑事案件 5起": "month_criminal",
            "整合视频监控 33000余路": "cameras",
            "非法吸收公众存款案件 31件": "econ_cases",
        },
        {
            "case_handling.livelihood_case": ("案件号 类别 立案时间 破案时间 强制措施人数", thefts()),
            "case_handling.case_series": (
                "编号 类型 并案数 抓获人数 破获日期",
                [(f"S{n}", "盗窃", "2", "3" if n < 5 else "2", "2021-04-01") for n in range(33)],
            ),
            "case_handling.fault": ("被追究人 日期 追究形式 教育整顿期间 案件类别", faults),
            "case_handling.notice_to_officer": (
                "对象 事由 下发日期 教育整顿期间",
                [(name, "程序瑕疵", "2021-04-20", "是") for name in officers[9:28]],
            ),
            "case_handling.injury_check": ("鉴定号 鉴定日期 月份 构成刑事案件 案件号", appraisals()),
            "case_handling.review_issue": (
                "案件号 环节 问题 发现日期",
                [(f"C{n:03d}", "受立案", "超期", "2021-05-01") for n in range(22)],
            ),
            "case_handling.camera": (
                "点位 来源 路数 接入日期",
                [("自建", "自建", "20000", "2020-01-01"), ("社会面", "社会面", "13412", "2021-06-01")],
            ),
            "case_handling.econ_case_review": (
                "案件号 罪名 立案日期",
                [(f"E{n}", "合同诈骗" if n < 20 else "非法吸收公众存款", "2019-03-01") for n in range(31)],
            ),
        },
    )  # fmt: skip


def test_a_row_more_is_a_number_more(ledger: Ledger) -> None:
    """What the register says goes on into the sentence, and the sentence that repeats it by hand is told."""
    problem = problem_of(ledger, "查办案件尚有不足")
    notice = next(n for n in ledger.all(Notice) if n.unit == problem.unit)
    paste(ledger, "case_handling.livelihood_case", "案件号 类别 立案时间 破案时间 强制措施人数", thefts(), problem.unit)
    bind(ledger, problem, {"破获盗窃案件 286起": "thefts_solved", "破案率 51.5%": "theft_rate"})
    assert "破获盗窃案件286起" in printed(ledger, notice)
    new = [("B1", "入室盗窃", "2021-10-01 08:00", "2021-10-02 08:00", "1")]
    paste(ledger, "case_handling.livelihood_case", "案件号 类别 立案时间 破案时间 强制措施人数", new, problem.unit)
    told = printed(ledger, notice)
    assert "破获盗窃案件287起" in told
    assert "破案率为51.6%" in told  # 287 of 556
    item = Edit(
        "ongoing_item", "again", {"problem": problem.id, "content": "今年以来破获盗窃案件286起，力争年底前再提高。"}
    )
    ledger.act(Deed("再写一遍", "王某", (item,)))
    found = [f for f in checks.of_problem(ledger, problem.id, DAY) if f.code in ("told_otherwise", "places_disagree")]
    assert {f.id for f in found} == {"again"}
    assert any("287起" in f.sentence for f in found)


def test_certificates_and_checks(ledger: Ledger) -> None:
    problem = problem_of(ledger, "执法不规范问题较多")
    staff = [f"乙{n}" for n in range(170)]
    people(ledger, staff, problem.unit)
    certificates = [(f"P{n}", staff[0], "民警", "") for n in range(501)]
    certificates += [(f"Q{n}", staff[n], "辅警", "档案系统" if n < 53 else "") for n in range(126)]
    moves = [(staff[n % 170], "离职", "2021-09-20", "回收" if n < 2 else "没有证书", "") for n in range(45)]
    moves += [(staff[n], "新招", "2021-10-08", "新发", "2021-10-08") for n in range(48)]
    prints_the_same(
        ledger,
        "执法不规范问题较多",
        {
            "登记全体民警在用数字证书 501张": "certs_police",
            "辅警在用数字证书 126张": "certs_auxiliary",
            "出入境管理等应用系统辅警 53名": "auxiliary_authorised",
            "全面梳理新离职辅警 45名": "leavers",
            "调整辅警数字证书 2个": "certs_taken_back",
            "新招辅警逐一签订保密协议书 48名": "newcomers_pledged",
            "确认存在各类执法问题的案件 84起": "backlog_faulty",
            "挂发执法检查通报 32期": "bulletins",
            "组织民警报名高级执法资格考试 162名": "high_exam",
        },
        {
            "enforcement.digital_cert": ("证书号 持有人 身份 授权系统", certificates),
            "enforcement.cert_audit": ("人员 类别 日期 证书处理 保密协议日期", moves),
            "enforcement.backlog": (
                "案件号 立案日期 状态 问题类 完成日期",
                [(f"K{n}", "2019-05-06", "在办", "法律文书" if n < 84 else "无", "2021-08-01") for n in range(200)],
            ),
            "enforcement.bulletin": ("期号 日期", [(str(n + 1), d) for n, d in enumerate(days(date(2021, 3, 1), 32))]),
            "enforcement.exam": ("人员 等级 报名日期", [(name, "高级", "2021-06-01") for name in staff[:162]]),
        },
    )


def test_officers_moved(ledger: Ledger) -> None:
    problem = problem_of(ledger, "干警队伍建设存在薄弱环节")
    staff = [f"丁{n}" for n in range(60)]
    people(ledger, staff, problem.unit)
    moved = [(staff[n], "新警分配", "派出所", "派出所", "2021-08-01") for n in range(21)]
    moved += [(staff[n + 21], "机关下沉一线", "派出所", "派出所", "2021-05-01") for n in range(4)]
    prints_the_same(
        ledger,
        "干警队伍建设存在薄弱环节",
        {
            "新分配的民警全部安排至派出所工作 21名": "new_to_stations",
            "推动机关民警下沉至一线工作 4名": "sunk",
            "民警下沉基层所站队参与值班执勤 23人": "front_duty_new",
            "借调人员回原单位工作 9名": "returned",
        },
        {
            "personnel.rotation": ("人员 类型 新岗位 去向 调动日期", moved),
            "personnel.front_duty": (
                "人员 身份 调入机关日期 所站队 下沉起",
                [
                    (name, "领导" if n < 3 else "民警", "2020-03-01", "某所", "2021-04-01")
                    for n, name in enumerate(staff[:23])
                ],
            ),
            "personnel.secondment": (
                "人员 借出单位 借入单位 借用起 借用止 实际归还日期",
                [(name, "某所", "机关", "2021-01-01", "2021-06-30", "2021-06-30") for name in staff[30:39]],
            ),
        },
    )


def test_a_fall_is_cut_and_told_without_its_sign(ledger: Ledger) -> None:
    """5 and 6 against 2: 下降60%、66.6%, cut and not rounded."""
    rows = [("2021-02-01", "侦查活动监督"), ("2021-09-01", "立案监督")]
    rows += [(f"2020-0{n + 1}-10", "立案监督") for n in range(5)] + [
        (f"2019-0{n + 1}-10", "立案监督") for n in range(6)
    ]
    prints_the_same(
        ledger,
        "推进执法规范化建设抓而不实",
        {
            "检察监督数据较去年同期下降 60%": "procuratorate_change",
            "检察监督数据较前年同期下降 66.6%": "procuratorate_change_two",
            "制发整治顽瘴痼疾专刊 4期": "special_issues",
        },
        {
            "enforcement_standards.procuratorate": ("收到日期 类型", rows),
            "enforcement_standards.special_issue": (
                "期号 制发日期",
                [(str(n + 1), f"2021-0{n + 4}-01") for n in range(4)],
            ),
        },
    )


def test_auxiliaries_cleaned_up(ledger: Ledger) -> None:
    """2708 = 1792 + 905 + 11, 905 = 712 + 193."""
    members = [f"丙{n}" for n in range(2708)]
    results = [("确定为辅警", "")] * 1792 + [("调整人员类别", "其他辅警管理")] * 712
    results += [("调整人员类别", "非辅警岗位")] * 193 + [("清退", "")] * 11
    prints_the_same(
        ledger,
        "辅警队伍教育管理宽松散",
        {
            "清理在岗辅警 2708人": "cleaned",
            "确定为辅警管理 1792人": "confirmed",
            "调整人员类别 905人": "adjusted",
            "确定为其他辅警管理 712人": "to_other",
            "分流至非辅警岗位 193人": "moved_away",
            "清退 11人": "dismissed",
        },
        {
            "auxiliary_police.aux_police": (
                "编号 姓名 入职日期",
                [(f"F{n:04d}", name, "2019-01-01") for n, name in enumerate(members)],
            ),
            "auxiliary_police.cleanup": (
                "人员 清理日期 认定结果 调整为",
                [(f"F{n:04d}", "2021-06-01", *result) for n, result in enumerate(results)],
            ),
        },
    )
