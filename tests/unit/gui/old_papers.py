"""An invented old notice with what intake has to show: text outside the notice, odd marks, a broken address, a deadline."""

from __future__ import annotations

from pathlib import Path

TEXT = """上接第2版>>>
中共某市公安局东湖分局党组关于巡察整改进展情况的通报
根据统一部署，市委巡察组对东湖分局开展了巡察，现将整改进展情况予以公布。
一、反馈意见整改落实情况
1.关于“涉案财物管理不够规范”问题的整改。
整改措施及阶段性成效:一是清点在库物品。逐件核对登记财物120件，发还35件。二是修订管理规定。制定出台《东湖分局涉案财物管理规定》，明确专人保管。
正在深化整改的内容及时限：新建保管室正在施工，预计2021年12月底前投入使用。
2.关于“执法执勤车辆管理松散”问题的整改。
整改措施及阶段性成效：一是统一派车。每月公示车辆里程。二是核查油耗。抽查车辆18辆，纠正问题3个。
二、下一步整改计划
一是持续跟踪问效。对已整改的问题定期复查。
二是健全长效机制。把好的做法固定下来。
欢迎广大干部群众监督。联系方式：电话 0510-80000001；地址：某市东湖路1号；电子邮箱：donghu＠example.com。
中共某市公安局东湖分局党组
2021年11月3日
"""

SECOND = """中共某市公安局西山分局党组关于巡察整改进展情况的通报
一、反馈意见整改落实情况
1.关于“值班备勤制度执行不严”问题的整改。
整改措施及阶段性成效：一是严格值班纪律。开展督察12次。
中共某市公安局西山分局党组
2021年11月4日
"""


def write(folder: Path, name: str = "旧通报.txt", text: str = TEXT) -> Path:
    """The paper as a file."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path
