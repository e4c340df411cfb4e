"""What somebody at this PC may do, by the role the office gave them.

Rights order the work of colleagues who share a PC; they are no lock: whoever can copy the file can read it. So they are
shown beforehand, as what one may do, and refuse a deed only where a page did not know better. A ledger without registered
clerks belongs to one person, who may do everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.records import Clerk, words

Act = Literal["write", "apply", "sign", "issue", "exchange", "decide", "define", "people"]
Role = Literal["entry", "review", "lead", "admin", "read"]

ACTS: dict[Act, str] = {
    "write": "录入和修改",
    "apply": "申请销号",
    "sign": "签署销号意见",
    "issue": "印发文书",
    "exchange": "交出和并入文件",
    "decide": "裁定冲突和疑似重复",
    "define": "改类别设计和单位设置",
    "people": "管理人员",
}
"""What there is to be done, in the order it is told."""
MAY: dict[Role, frozenset[Act]] = {
    "entry": frozenset({"write", "apply", "sign"}),
    "review": frozenset({"write", "apply", "sign", "issue", "exchange", "decide"}),
    "lead": frozenset({"sign", "issue"}),
    "admin": frozenset(ACTS),
    "read": frozenset(),
}
STAGES: dict[Role, frozenset[str]] = {
    "entry": frozenset({"handler"}),
    "review": frozenset({"department", "office"}),
    "lead": frozenset({"leader", "party"}),
    "admin": frozenset(words.STAGES),
    "read": frozenset(),
}
"""The opinions a role signs where nothing else was settled for somebody."""
TOPIC = "people"
NOBODY = "本台账登记了人员，但没有登记“{name}”，所以只能看。"


@dataclass(frozen=True)
class Rights:
    """What ``name`` may do, and which opinions of the chain they sign."""

    name: str
    role: Role
    stages: frozenset[str]
    known: bool = True

    def may(self, act: Act) -> bool:
        """Whether they may do that."""
        return act in MAY[self.role]

    def role_said(self) -> str:
        """录入, 审核, …; "" where nobody is registered."""
        return words.ROLES[self.role] if self.known else ""

    def told(self) -> str:
        """What they may do and may not, in a sentence."""
        if not self.known and self.role == "admin":
            return "没有登记人员，什么都可以做。"
        if not self.known:
            return NOBODY.format(name=self.name)
        can = [said for act, said in ACTS.items() if self.may(act)]
        cannot = [said for act, said in ACTS.items() if not self.may(act)]
        allowed = f"可以查看、打印{'，' if can else ''}{'、'.join(can)}"
        return f"{self.role_said()}：{allowed}{'；不能' if cannot else ''}{'、'.join(cannot)}。"

    def refusal(self, act: Act, who: Sequence[str] = ()) -> Refusal:
        """Why they may not do that, and who may (names)."""
        why = f"{self.role_said()}人员不能{ACTS[act]}。" if self.known else NOBODY.format(name=self.name)
        others = f"可以请{'、'.join(who[:3])}来做" if who else "可以请管理员来做"
        return Refusal(why, f"{others}：按 Ctrl+U 换人。", TOPIC)


def act_of(schema: str) -> Act:
    """What it is to make, change or delete a record of that schema."""
    return _ACTS.get(schema, "write")


_ACTS: dict[str, Act] = {
    "clerk": "people",
    "unit": "define",
    "inspection": "define",
    "category": "define",
    "definition": "define",
    "amendment": "define",
}


def of(facts: Facts, name: str) -> Rights:
    """The rights of somebody by name."""
    clerks = facts.all(Clerk)
    return among(clerks, name)


def among(clerks: Sequence[Clerk], name: str) -> Rights:
    """As ``of``, of clerks that were read."""
    if not clerks:
        return Rights(name, "admin", STAGES["admin"], known=False)
    for one in clerks:
        if one.name == name:
            role = _role(one)
            return Rights(name, role, frozenset({one.stage}) if one.stage else STAGES[role])
    return Rights(name, "read", frozenset(), known=False)


def able(clerks: Sequence[Clerk], act: Act) -> list[str]:
    """The names of those who may do that, the lowest role first: the nearest colleague is asked first."""
    order = list(MAY)
    found = sorted(clerks, key=lambda one: (order.index(_role(one)), one.name or ""))
    return [one.name or "" for one in found if act in MAY[_role(one)]]


def _role(one: Clerk) -> Role:
    return one.role if one.role in MAY else "read"
