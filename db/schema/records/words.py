"""The code tables of the core: English key → the Chinese word a clerk sees. Places differ; these are the defaults."""

from __future__ import annotations

PROGRESS = {
    "not_started": "未启动",
    "under_way": "正在推进",
    "mostly_done": "基本完成",
    "done": "已完成",
    "kept_up": "长期坚持",
    "extension_asked": "申请延期",
}
"""进展状态: how far the work is. Overdue is computed, never one of these (process.md 2.2)."""

CLOSING = {
    "not_applied": "未申请",
    "applied": "已申请",
    "in_review": "审核中",
    "returned": "退回",
    "closed": "已销号",
    "reopened": "重启",
}
"""销号状态: where the sign-off stands; an axis of its own beside the progress."""

DUE_WITHIN = {
    "overdue": "已超期",
    "10": "10 天内",
    "20": "20 天内",
    "30": "30 天内",
    "later": "30 天以后",
    "none": "未定时限",
}
"""By how many days are left until its deadline a problem is looked for; finished ones are none of these."""
GROUPINGS = {
    "aspect": "按反馈方面",
    "unit": "按单位",
    "category": "按问题类别",
    "state": "按状态",
    "person": "按责任人",
}
SORTINGS = {
    "printed": "按印刷次序",
    "due": "按时限",
    "title": "按名称",
    "state": "按状态",
    "measures": "按措施进度",
    "person": "按责任人",
    "category": "按问题类别",
    "aspect": "按反馈方面",
    "unit": "按单位",
}
"""How the list of problems may be grouped, and its order."""

PUBLICITY = {"public": "公开", "internal": "党内通报", "secret": "不公开"}
UNPUBLISHED_REASONS = {
    "secret": "涉及国家秘密或党内秘密",
    "case": "涉及初核或已立案未公开的案件",
    "hype": "公开后可能引起重大负面炒作",
    "petition": "公开后可能引发信访或群体性事件",
    "sensitive": "其他高度敏感事项",
}
"""The five reasons not to publish a matter (process.md 2.6)."""

INSPECTION_KINDS = {"tour": "巡视", "inspection": "巡察", "special": "专项巡察", "recheck": "回头看"}
UNIT_LEVELS = {
    "city": "市局",
    "branch": "分局",
    "division": "机关大队",
    "station": "派出所",
    "post": "所队站",
    "other": "其他单位",
}
MODES = {"at_once": "立行立改", "by_date": "限期整改", "kept_up": "长期坚持"}
LEVELS = {"1": "一级（较易）", "2": "二级（一般）", "3": "三级（较难）"}
REGULATION_ACTIONS = {
    "issue": "制定出台",
    "revise": "修订完善",
    "print": "印发",
    "supplement": "补充规定",
    "hand_down": "制定下发",
    "draw_up": "制定",
    "bring_out": "出台",
    "amend": "重新修正",
}
REGULATION_KINDS = {"rule": "制度", "plan": "方案", "form": "表单", "pledge": "承诺书", "other": "其他"}
RULE_LEVELS = {
    "law": "法律",
    "decree": "行政法规",
    "ministry": "部委规定",
    "province": "省级规定",
    "city": "市级规定",
    "branch": "分局规定",
    "party": "党内法规",
}
COMPARISONS = {
    "last_year": "较去年",
    "same_last_year": "较去年同期",
    "same_before_last": "较前年同期",
    "previous": "环比",
}
CHANGE_UNITS = {"percent": "%", "points": "个百分点", "absolute": "绝对数"}
FIGURE_NATURES = {"stock": "存量", "flow": "流量", "rate": "比率", "target": "目标", "name": "名称"}
FIGURE_SOURCES = {"entered": "手填", "computed": "台账汇总"}
OPERATORS = {"sum": "等于各项之和", "at_most": "不大于", "equal": "等于", "ratio": "等于两项之比", "growth": "同比变化"}
ACCOUNTABILITY_FORMS = {
    "reminder": "提醒谈话",
    "criticism": "批评教育",
    "correction": "责令纠正",
    "warning_talk": "警示谈话",
    "by_date": "限期整改",
    "self_review": "责令检查",
    "meeting": "民主生活会批评帮助",
    "apology": "责令公开道歉",
    "circular": "通报批评",
    "admonition": "诫勉",
    "interview": "约谈",
    "inquiry": "函询",
    "organisation": "组织处理",
    "bottom_rank": "末位组织调整",
    "party_warning": "党内警告",
    "party_serious": "党内严重警告",
    "party_removed": "撤销党内职务",
    "party_probation": "留党察看",
    "party_expelled": "开除党籍",
    "admin_warning": "政务警告",
    "admin_demerit": "记过",
    "admin_major": "记大过",
    "admin_demoted": "降级",
    "admin_removed": "撤职",
    "admin_dismissed": "开除",
    "judicial": "移送司法",
    "fault": "执法过错责任追究",
    "work_note": "执法工作提示",
    "yellow_card": "黄牌警告",
    "no_awards": "取消年度考核评优",
    "score": "绩效考核扣分",
    "auxiliary_out": "辅警末位淘汰",
}
"""Forms of accountability from light to heavy, then those of the police (process.md 2.5)."""

MEETINGS = {
    "party": "党组会",
    "special": "专题会",
    "leading": "领导小组会",
    "life": "民主生活会",
    "committee": "执委会",
    "regular": "例会",
}
STAGES = {
    "handler": "经办人",
    "department": "牵头部门负责人",
    "leader": "责任领导",
    "office": "整改领导小组办公室",
    "party": "党组会议",
    "outside": "纪检监察、组织、巡察机构",
}
"""The chain of opinions that ends a problem (process.md 2.3)."""

ROLES = {"entry": "录入", "review": "审核", "lead": "领导", "admin": "管理员", "read": "只读"}
"""What somebody at the PC does: rights.py says what each may."""

OPINIONS = {"agree": "同意", "return": "退回", "reopen": "重启"}
OUTCOMES = {"solid": "已巩固", "relapse": "有反弹", "more": "继续整改"}
NOTICE_STATES = {"draft": "草拟", "issued": "已印发"}
CHAPTER_ROLES = {"organisation": "组织情况", "problems": "整改落实情况", "next_steps": "下一步计划", "other": "其他"}

DEFINITION_PARTS = {
    "register": "登记表",
    "field": "字段",
    "indicator": "指标",
    "rule": "规则",
    "table": "对照表",
    "passage": "语句",
}

NO_MARK = "无"
"""Written as the mark of an item that is printed without a number."""

SAMENESS = {"same": "是同一个", "different": "不是同一个"}
"""What is found of two records that look alike."""
