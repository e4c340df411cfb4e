"""What a clerk says of two records: that they are the same, that they are not, that nothing is said any more; each a deed.

Same is passed on: whoever says A is B and B is C has said that A is C. Taking back takes back what was said of two records, and
refuses where others still hold them together, with the names of these.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from db.errors import Refusal
from db.ledger import sameness
from db.ledger.change import Deed, Edit, Outcome
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.ledger.lines import lines_of
from db.ledger.sameness import Link
from db.schema.records.sameness import DIFFERENT, SAME, sameness_id
from db.store.projection import DELETED
from desktop_app.rectification.forms import clipped
from desktop_app.rectification.twins.keys import reviewed

TOPIC = "duplicates"


def link(ledger: Ledger, record: str, one: str, other: str, actor: str, *, main: str = "") -> Outcome:
    """Says that two records of a schema are the same. ``main`` is the id of the one that is to count from now on, of all that are
    the same with them (none named: as it was; of two new ones the one entered first). ``Refusal`` for records that are not there."""
    named = _named(ledger, record, one, other)
    both = {*sameness.group_of(ledger, record, one).members, *sameness.group_of(ledger, record, other).members}
    if main and main not in both:
        raise Refusal("为准的一条要在这几条里选。", "", TOPIC)
    edits = [_edit(record, one, other, SAME, main)]
    if main:
        edits += [
            Edit(sameness.NAME, link.id, {"main": main})
            for link in sameness.links(ledger, record)
            if link.first in both and link.id != edits[0].id and link.main != main
        ]
    title = ledger.schema(record).title
    return ledger.act(Deed(f"认定{title}“{named[0]}”和“{named[1]}”是同一个", actor, tuple(edits)))


def choose_main(ledger: Ledger, record: str, main: str, actor: str) -> Outcome:
    """Says which of the records that are the same is the one that counts."""
    group = sameness.group_of(ledger, record, main)
    found = [one for one in sameness.links(ledger, record) if one.first in group.members]
    if not found:
        raise Refusal("这一条没有和别的记录认定为同一个。", "请先认定。", TOPIC)
    edits = tuple(Edit(sameness.NAME, one.id, {"main": main}) for one in found if one.main != main)
    named = clipped(lines_of(ledger, record, [main]).get(main, main))
    return ledger.act(Deed(f"同一个{ledger.schema(record).title}以“{named}”为准", actor, edits))


def tell_apart(ledger: Ledger, record: str, one: str, other: str, actor: str) -> Outcome:
    """Says that two records are not the same, so that nobody is asked again. ``Refusal`` where they are held together by others."""
    named = _named(ledger, record, one, other)
    edit = _edit(record, one, other, DIFFERENT, "")
    rest = [link for link in sameness.links(ledger, record) if link.id != edit.id]
    _refuse_joined(ledger, record, one, other, rest)
    title = ledger.schema(record).title
    return ledger.act(Deed(f"认定{title}“{named[0]}”和“{named[1]}”不是同一个", actor, (edit,)))


def take_back(ledger: Ledger, record: str, one: str, other: str, actor: str) -> Outcome:
    """Takes back what was said of two records, whichever it was. ``Refusal`` where nothing was."""
    identifier = sameness_id(record, one, other)
    named = _named(ledger, record, one, other, deleted=True)
    everything = [*sameness.links(ledger, record), *sameness.told_apart(ledger, record)]
    said = next((link for link in everything if link.id == identifier), None)
    if said is None:
        rest = sameness.links(ledger, record)
        _refuse_joined(ledger, record, one, other, rest)
        raise Refusal("这两条没有认定过是不是同一个。", "认定过的见“疑似重复”里的“已认定”。", TOPIC)
    edit = Edit(sameness.NAME, identifier, {DELETED: True})
    what = "是同一个" if said.verdict == SAME else "不是同一个"
    title = ledger.schema(record).title
    return ledger.act(Deed(f"取消认定：{title}“{named[0]}”和“{named[1]}”{what}", actor, (edit,)))


def _edit(record: str, one: str, other: str, verdict: str, main: str) -> Edit:
    first, second = sorted((one, other))
    values = {"record": record, "first": first, "second": second, "verdict": verdict, "main": main or None}
    return Edit(sameness.NAME, sameness_id(record, one, other), {**values, DELETED: False})


def _named(ledger: Ledger, record: str, one: str, other: str, *, deleted: bool = False) -> tuple[str, str]:
    """The lines of two records that may be judged; ``Refusal`` for one that is not there, or the same one twice."""
    if record not in ledger.tables.records or not reviewed(ledger, record):
        raise Refusal(f"“{record}”这个表的记录不能认定是不是同一个。", "可以认定的是单位、人员和登记表的行。", TOPIC)
    if one == other:
        raise Refusal("写的是同一条记录。", "请选两条不同的记录。", TOPIC)
    words = lines_of(ledger, record, (one, other))
    for identifier in (one, other):
        gone = ledger.find(record, identifier, deleted=deleted) is None
        if gone:
            title = ledger.schema(record).title
            raise Refusal(f"没有编号为“{identifier[:64]}”的{title}。", "可能已经删除了；编号见“review”命令。", TOPIC)
    return clipped(words[one]), clipped(words[other])


def _refuse_joined(ledger: Ledger, record: str, one: str, other: str, rest: Iterable[Link]) -> None:
    """Refuses where these links hold two records together: it says by which others."""
    held = next((group for group in sameness.joined(rest) if one in group and other in group), None)
    if held is None:
        return
    between = [identifier for identifier in held if identifier not in (one, other)]
    words = lines_of(ledger, record, between)
    told = "、".join(f"“{clipped(words.get(each, each))}”" for each in between[:3])
    raise Refusal(f"这两条都和{told}认定为同一个。", "请先取消与它的认定。", TOPIC)


def judged(facts: Facts) -> list[str]:
    """The schemas of which anything was said, by name, those this ledger knows."""
    table = facts.tables.records[sameness.NAME].table.c
    with facts.reading() as connection:
        names = connection.execute(select(table.record).where(table.deleted == 0).distinct()).scalars().all()
    return sorted(name for name in names if name in facts.tables.records)
