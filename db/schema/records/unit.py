"""The tree of offices, with contact and signature, and their people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from db.schema.composite import Paper, Sheet
from db.schema.kinds import Choice, Text
from db.schema.links import Ref, Texts
from db.schema.record import Record, record
from db.schema.records import words


@record("unit", "单位", shown="{name}", order=("name",))
@dataclass(frozen=True, kw_only=True)
class Unit(Record):
    """An office that puts problems right and publishes notices."""

    name: Annotated[str | None, Text("单位名称", required=True, listed=True, help="全称，如 某市公安局某分局")] = None
    organ: Annotated[str | None, Text("发文机关", help="署名用，如 中共某市公安局某分局党组")] = None
    short_name: Annotated[str | None, Text("简称", listed=True)] = None
    parent: Annotated[str | None, Ref("上级单位", to="unit")] = None
    level: Annotated[str | None, Choice("层级", of=words.UNIT_LEVELS)] = None
    phones: Annotated[tuple[str, ...] | None, Texts("监督电话", section="监督联系")] = None
    address: Annotated[str | None, Text("地址", section="监督联系")] = None
    postcode: Annotated[
        str | None, Text("邮编", section="监督联系", pattern=r"\d{6}", pattern_help="邮编是 6 位数字")
    ] = None
    email: Annotated[str | None, Text("电子邮箱", section="监督联系")] = None
    hours: Annotated[str | None, Text("受理时间", section="监督联系")] = None
    contact_person: Annotated[str | None, Text("联系人", section="监督联系")] = None
    fax: Annotated[str | None, Text("传真", section="监督联系")] = None
    document_code: Annotated[str | None, Text("发文机关代字", help="如 某公党")] = None
    seal: Annotated[Sheet | None, Paper("印章图")] = None


@record("person", "人员", shown="{name} {post}", order=("code", "name"))
@dataclass(frozen=True, kw_only=True)
class Person(Record):
    """Somebody named in the ledger; the code, never the name, is what other records show."""

    unit: Annotated[str | None, Ref("单位", to="unit")] = None
    code: Annotated[str | None, Text("人员代码", personal=True, publicity="internal", listed=True)] = None
    name: Annotated[str | None, Text("姓名", personal=True, required=True, publicity="internal", listed=True)] = None
    post: Annotated[str | None, Text("职务", listed=True)] = None


@record("clerk", "经办人员", shown="{name}（{role}）", order=("name",))
@dataclass(frozen=True, kw_only=True)
class Clerk(Record):
    """Somebody who works with the ledger, and what they do; deeds bear the name."""

    name: Annotated[
        str | None, Text("姓名", required=True, listed=True, unique=True, longest=40, help="记入历史，如 王某")
    ] = None
    role: Annotated[str | None, Choice("角色", of=words.ROLES, required=True, listed=True)] = None
    stage: Annotated[str | None, Choice("签署哪个环节", of=words.STAGES, listed=True, help="不选就按角色")] = None
    unit: Annotated[str | None, Ref("单位", to="unit", listed=True)] = None
    post: Annotated[str | None, Text("职务", listed=True)] = None
