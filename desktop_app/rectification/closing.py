"""Sign-off as a chain of opinions (process.md 2.3): where a problem stands in it, what is lacking, whose turn it is; every step is
one deed. A return ends the round and says why; the next application begins another one, and nothing that was said is written
over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, NamedTuple

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome, create, new_id
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.record import Record
from db.schema.records import Clerk, Closing, Evidence, Measure, Opinion, Problem, words
from desktop_app.rectification import forms, rights, rules
from desktop_app.rectification.imagined import Imagined
from desktop_app.rectification.rules import FINISHED, FieldRefusal

CHAIN = ("handler", "department", "leader", "office", "party")
"""The stages every sign-off goes through; 纪检监察、组织、巡察机构 say theirs where they are asked, and end nothing."""
TOPIC = "closing"

State = Literal["done", "returned", "next", "waiting"]


class Step(NamedTuple):
    """A stage of the chain: what was said there, by whom and when; ``state`` "next": it is its turn."""

    stage: str
    title: str
    state: State
    person: str = ""
    day: date | None = None
    text: str = ""


class Lack(NamedTuple):
    """What still stands against closing, and where it is put right: schema, id ("": none yet) and field of a record."""

    sentence: str
    record: str
    id: str = ""
    field: str = ""


@dataclass(frozen=True)
class Chain:
    """Where the sign-off of a problem stands. ``turn``: what may be done next: "apply", a stage, "reopen", or "" for nothing.
    ``closing`` is the round that is open; ``said`` is what ended the round before it."""

    round: int = 0
    closing: str = ""
    steps: tuple[Step, ...] = ()
    lacking: tuple[Lack, ...] = ()
    turn: str = ""
    said: str = ""


def may(facts: Facts, actor: str, problem: str, act: str) -> str:
    """Why somebody may not take a step of the chain ("apply", a stage, "reopen"); "" where he may. Everything that offers or does
    a step asks here, and nowhere else."""
    if not getattr(facts, "writable", False):
        return "台账是只读的，不能办理销号。"
    if not (actor.strip() and problem and act):
        return "先写明经办人（右上角）。"
    clerks = facts.all(Clerk)
    who = rights.among(clerks, actor)
    asked: rights.Act = "apply" if act == "apply" else "sign"
    if not who.may(asked):
        return str(who.refusal(asked, rights.able(clerks, asked)))
    if act in words.STAGES and act not in who.stages:
        signers = [one.name or "" for one in clerks if act in rights.among(clerks, one.name or "").stages]
        return (
            f"{who.name}不签“{words.STAGES[act]}”这个环节；由{'、'.join(signers[:3]) or '管理员'}签，按 Ctrl+U 换人。"
        )
    return ""


def chain(facts: Facts, identifier: str) -> Chain:
    """Where the sign-off of a problem stands."""
    problem = facts.get(Problem, identifier)
    if problem is None:
        return Chain()
    rounds = facts.all(Closing, problem=identifier)
    latest = rules.latest(rounds)
    lacking = () if problem.closing == "closed" else tuple(lacks(facts, problem))
    if latest is None:
        return Chain(1, "", _steps([], ""), lacking, "apply")
    opinions = facts.all(Opinion, closing=latest.id)
    number = latest.round or len(rounds)
    if problem.closing == "closed":
        return Chain(number, latest.id, _steps(opinions, ""), (), "reopen")
    if latest.conclusion is not None:  # what was agreed and is not closed any more was put back by hand: it begins anew
        return Chain(number + 1, "", _steps(opinions, ""), lacking, "apply", _said(opinions))
    if latest.applied is None:
        return Chain(number, latest.id, _steps([], ""), lacking, "apply", latest.account or "")
    agreed = {one.stage for one in opinions if one.verdict == "agree"}
    following = next((one for one in CHAIN if one not in agreed), "")
    return Chain(number, latest.id, _steps(opinions, following), lacking, following)


def _steps(opinions: Sequence[Opinion], following: str) -> tuple[Step, ...]:
    last = {one.stage: one for one in opinions}
    stages = [*CHAIN, *(one for one in words.STAGES if one not in CHAIN and one in last)]
    found = []
    for stage in stages:
        one = last.get(stage)
        state: State = "next" if stage == following else "waiting"
        if one is not None:
            state = "done" if one.verdict == "agree" else "returned"
        said = (one.person or "", one.day, one.text or "") if one is not None else ("", None, "")
        found.append(Step(stage, words.STAGES[stage], state, *said))
    return tuple(found)


def _said(opinions: Sequence[Opinion]) -> str:
    back = [one for one in opinions if one.verdict == "return"]
    return f"{words.STAGES.get(back[-1].stage or '', '')}退回：{back[-1].text or ''}" if back else ""


def lacks(facts: Facts, problem: Problem) -> list[Lack]:
    """What still stands against closing a problem, as ``rules`` will ask it."""
    found = []
    if problem.progress not in FINISHED:
        found.append(Lack("进展状态还不是“已完成”或“长期坚持”", "problem", problem.id, "progress"))
    open_ones = [
        one
        for one in facts.all(Measure, problem=problem.id)
        if one.progress is not None and one.progress not in FINISHED
    ]
    if open_ones:
        found.append(Lack(f"还有 {len(open_ones)} 条措施没有完成", "measure", open_ones[0].id, "progress"))
    if not rules.proven(facts.all(Evidence, problem=problem.id)):
        found.append(Lack("还没有存入文件的佐证材料", "evidence"))
    return found


# -- deeds ------------------------------------------------------------------------------------------------------------


def apply(ledger: Ledger, identifier: str, account: str, person: str, day: date, actor: str) -> Outcome:
    """The handler asks for closing: a round begins, with his account of what was done as its first opinion."""
    problem, now = _asked(ledger, identifier, "apply", actor)
    told = account.strip()
    if not told:
        raise FieldRefusal("text", "还没有写完成情况。", "请写明做了什么、结果怎样。", TOPIC)
    closing = now.closing or new_id()
    values = {"problem": identifier, "round": now.round, "applied": day, "account": told}
    edits = (
        Edit("closing", closing, values),
        create(Opinion, closing=closing, stage="handler", verdict="agree", text=told, person=_named(person), day=day),
        Edit("problem", identifier, {"closing": "applied"}),
    )
    return ledger.act(Deed(f"申请销号：{_line(ledger, problem)}（第 {now.round} 轮）", actor, edits))


def opine(
    ledger: Ledger, identifier: str, verdict: str, text: str, person: str, day: date, actor: str, *, stage: str = ""
) -> Outcome:
    """The opinion of the stage whose turn it is (or of a later ``stage``, where one between does not exist in this office). The
    last consent closes the problem, under the office's rules; a return ends the round."""
    problem, now = _asked(ledger, identifier, stage, actor)
    mine = stage or now.turn
    if verdict == "return" and not text.strip():
        raise FieldRefusal("text", "退回要写明理由。", "请写明哪里不行、要补什么。", TOPIC)
    closing = ledger.get(Closing, now.closing)
    assert closing is not None
    last = mine == CHAIN[-1] and verdict == "agree"
    state = "returned" if verdict == "return" else "closed" if last else "in_review"
    ending = {"conclusion": verdict, "concluded": day} if last or verdict == "return" else {}
    said: dict[str, Any] = {
        "stage": mine,
        "verdict": verdict,
        "text": text.strip() or None,
        "person": _named(person),
        "day": day,
    }
    edits: list[Edit] = [create(Opinion, closing=closing.id, **said), Edit("problem", identifier, {"closing": state})]
    edits += [Edit("closing", closing.id, dict(ending))] if ending else []
    if last:
        _judge(ledger, problem, closing, day)
    told = "退回" if verdict == "return" else "同意并销号" if last else "同意"
    return ledger.act(Deed(f"{words.STAGES[mine]}{told}：{_line(ledger, problem)}", actor, tuple(edits)))


def reopen(ledger: Ledger, identifier: str, reason: str, actor: str) -> Outcome:
    """A closed problem is worked on again: another round waits for its application, and says why."""
    problem, now = _asked(ledger, identifier, "reopen", actor)
    told = reason.strip()
    if not told:
        raise FieldRefusal("text", "重启要写明理由。", "请写明为什么重启。", TOPIC)
    edits = (
        create(Closing, problem=identifier, round=now.round + 1, account=told),
        Edit("problem", identifier, {"closing": "reopened"}),
    )
    return ledger.act(Deed(f"重启：{_line(ledger, problem)}", actor, edits))


def _asked(ledger: Ledger, identifier: str, act: str, actor: str) -> tuple[Problem, Chain]:
    """The problem and where it stands; ``Refusal`` where this step is not to be taken now, or not by this one."""
    problem, now = ledger.get(Problem, identifier), chain(ledger, identifier)
    if problem is None:
        raise Refusal("找不到这个问题。", "它可能已被删除。", TOPIC)
    against = may(ledger, actor, identifier, act or now.turn)
    if against:
        raise Refusal(against, "", TOPIC)
    in_turn = now.turn in CHAIN and (not act or (act in CHAIN and CHAIN.index(act) >= CHAIN.index(now.turn)))
    if not (now.turn == act if act in ("apply", "reopen") else in_turn):
        raise Refusal("销号已经走到别的环节。", "请重新看一下现在到了哪一步。", TOPIC)
    return problem, now


def _judge(ledger: Ledger, problem: Problem, closing: Closing, day: date) -> None:
    """Whether the rules let the problem be closed, with the consent that is just given."""
    over: dict[tuple[str, str], Record] = {("closing", closing.id): _with(closing, conclusion="agree", concluded=day)}
    rules.enforce(Imagined(ledger, over), "problem", problem, _with(problem, closing="closed"))


def _with(record: Record, **values: Any) -> Record:
    return replace(record, **values)


def _named(person: str) -> str:
    told = " ".join(person.split())
    if not told:
        raise FieldRefusal("person", "还没有写签署人。", "请写姓名。", TOPIC)
    return told


def _line(ledger: Ledger, problem: Problem) -> str:
    return forms.named(ledger, problem)


# -- whose turn it is -------------------------------------------------------------------------------------------------

MOST_WAITING = 500
"""Problems that are looked at for what waits: more than anybody works through in a day."""


class Waiting(NamedTuple):
    """Something that waits for somebody: the problem, the step ("apply" or a stage), since when, and what in a few words."""

    problem: Problem
    act: str
    since: date | None
    what: str


def waiting(facts: Facts, actor: str, unit: str | None = None) -> list[Waiting]:
    """What waits for somebody in the sign-off of problems, the longest first: the stages they sign; for handlers what was
    returned to them, and what is finished and could be applied for."""
    who, same = rights.of(facts, actor), {"unit": unit} if unit else {}
    found: list[Waiting] = []

    def look(problems: Sequence[Problem], asked: Sequence[str], told: Callable[[Chain], str]) -> None:
        for problem in problems[:MOST_WAITING]:
            now = chain(facts, problem.id)
            if now.turn in asked and not (now.turn == "apply" and now.lacking):
                since = max((one.day for one in now.steps if one.day is not None), default=problem.completed)
                found.append(Waiting(problem, now.turn, since, told(now)))

    if who.may("sign"):
        running = [one for state in ("applied", "in_review") for one in facts.all(Problem, closing=state, **same)]
        look(running, [one for one in CHAIN if one in who.stages], lambda now: f"待{words.STAGES[now.turn]}签署意见")
    if who.may("apply") and "handler" in who.stages:
        look(facts.all(Problem, closing="returned", **same), ("apply",), lambda now: f"改好后再申请：{now.said}")
        done = [one for state in FINISHED for one in facts.all(Problem, progress=state, **same)]
        ready = [one for one in done if one.closing in (None, "not_applied", "reopened")]
        look(ready, ("apply",), lambda _now: "已经完成，可以申请销号")
    return sorted(found, key=lambda one: (one.since or date.min, one.problem.number or 0, one.problem.id))
