"""The draft: what was read out of an old notice, as a tree of plain values that forms can show and deeds can enter.

Every non-blank character of the paper is in one field of its draft or in ``unread``; ``words`` puts the fields back in
printing order. A text that goes on in a new paragraph begins with a line break (``body``, ``measures_intro``,
``content``), one that runs on does not, so ``lead + body`` is always the text as printed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Place:
    """A range of characters in ``Source.text``; ``end`` is exclusive."""

    start: int
    end: int


NOWHERE = Place(0, 0)


@dataclass(frozen=True)
class Finding:
    """Something the clerk should look at: what, where and what to do, in Chinese; ``suggestion`` replaces the words."""

    code: str
    sentence: str
    place: Place
    suggestion: str = ""


@dataclass(frozen=True)
class Deadline:
    """A time limit as written, and the day it means (``strength``: expected, strive, shall, until, before, kept_up)."""

    text: str
    day: date | None
    strength: str = ""
    start: date | None = None
    place: Place = NOWHERE


@dataclass(frozen=True)
class Amount:
    """A number with its unit as printed (``33000余路``); ``value`` is in ``unit`` with 万 and 亿 multiplied out."""

    text: str
    value: Decimal
    unit: str
    qualifier: str = ""
    period: str = ""
    comparison: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True)
class TitleMention:
    """A document named in 《》; ``own`` when the issuer made it in this rectification, ``kind`` 制度, 方案, 表单, 承诺书."""

    title: str
    action: str = ""
    own: bool = False
    kind: str = "制度"
    trial: bool = False
    place: Place = NOWHERE


@dataclass(frozen=True)
class Item:
    """A measure: mark as printed (一是, （1）, ① or a label such as 整改成效：), lead sentence, body, nested items."""

    number: int | None = None
    mark: str = ""
    lead: str = ""
    body: str = ""
    children: tuple[Item, ...] = ()
    paragraph: bool = True
    place: Place = NOWHERE


@dataclass(frozen=True)
class Ongoing:
    """What is still being worked on, and until when; ``runs_on`` when its label stands inside a paragraph."""

    content: str
    due: Deadline | None = None
    deadlines: tuple[Deadline, ...] = ()
    place: Place = NOWHERE
    runs_on: bool = False


@dataclass(frozen=True)
class Problem:
    """One problem; ``heading`` is the heading without its mark, with the title replaced by ``{title}``.

    ``runs_on``: text follows the heading in its paragraph; ``label_runs_on``: the label of the measures does not begin a
    paragraph. ``due`` is a time limit given by label (整改时限：). ``chapter`` is the chapter printed last before it.
    """

    number: int | None = None
    mark: str = ""
    title: str = ""
    heading: str = ""
    runs_on: bool = False
    aspect: int | None = None
    truncated: bool = False
    statement: str = ""
    measures_label: str = ""
    measures_intro: str = ""
    measures: tuple[Item, ...] = ()
    ongoing_label: str = ""
    ongoing: tuple[Ongoing, ...] = ()
    remarks: str = ""
    place: Place = NOWHERE
    label_runs_on: bool = False
    chapter: int | None = None
    due: Deadline | None = None


@dataclass(frozen=True)
class Aspect:
    """A heading above problems: level 1 is the aspect, 2 a group in it; ``stop`` is the mark that ends the title."""

    mark: str = ""
    number: int | None = None
    title: str = ""
    body: str = ""
    level: int = 1
    place: Place = NOWHERE
    stop: str = ""
    runs_on: bool = False
    chapter: int | None = None


@dataclass(frozen=True)
class Chapter:
    """A first-level heading; ``role``: organisation, problems, next_steps or other; ``body``: what no other field has."""

    mark: str = ""
    number: int | None = None
    title: str = ""
    role: str = "other"
    body: str = ""
    place: Place = NOWHERE
    stop: str = ""
    runs_on: bool = False


@dataclass(frozen=True)
class Step:
    """One item of the next steps; its body may hold several paragraphs."""

    number: int | None = None
    mark: str = ""
    lead: str = ""
    body: str = ""
    place: Place = NOWHERE
    paragraph: bool = True


@dataclass(frozen=True)
class NextSteps:
    """The closing plan: an introduction and its items."""

    introduction: str = ""
    items: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Contact:
    """How to reach the issuer: the wording with values replaced by ``{phone}``, ``{phone2}``, ``{address}`` …"""

    text: str = ""
    phones: tuple[str, ...] = ()
    address: str = ""
    email: str = ""
    postcode: str = ""
    hours: str = ""
    person: str = ""
    fax: str = ""
    place: Place | None = None

    def values(self) -> dict[str, str]:
        """Placeholder → printed value, only those present."""
        named = {f"phone{i or ''}": p for i, p in zip([0, *range(2, 100)], self.phones, strict=False)}
        rest = ("address", "email", "postcode", "hours", "person", "fax")
        return named | {name: getattr(self, name) for name in rest if getattr(self, name)}


@dataclass(frozen=True)
class Unread:
    """Text that is in no field, and why (web furniture, page numbers, cross references)."""

    text: str
    place: Place
    reason: str


@dataclass(frozen=True)
class Draft:
    """One notice. ``tail`` tells the order in which closing, contact, signature and date were printed.

    ``title_guessed``: the title was not on the paper and is a proposal. ``head`` is the red head, ``notes`` what stands
    after the date (附件, 附注).
    """

    title: str = ""
    issuer: str = ""
    document_number: str = ""
    addressees: str = ""
    opening: str = ""
    chapters: tuple[Chapter, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    problems: tuple[Problem, ...] = ()
    next_steps: NextSteps | None = None
    closing: str = ""
    contact: Contact | None = None
    signature: str = ""
    date: date | None = None
    date_text: str = ""
    amounts: tuple[Amount, ...] = ()
    titles: tuple[TitleMention, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    unread: tuple[Unread, ...] = ()
    findings: tuple[Finding, ...] = ()
    place: Place = NOWHERE
    title_guessed: bool = False
    head: str = ""
    notes: str = ""
    tail: tuple[str, ...] = field(default=("closing", "contact", "signature", "date"))
