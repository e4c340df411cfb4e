"""What somebody wants printed, and what a kind of paper is: the words between the window, the command line and the composers.

A composing module makes its documents from ``Facts`` and ``Wanted`` and says in a ``Kind`` what it asks for; ``papers``
lists the kinds. Window and command line build their questions from the kind, so a new paper needs no line in either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema import kinds
from db.schema.composite import Span
from db.schema.kinds import Publicity
from desktop_app.notices import tree

TOPIC = "print"

Need = Literal["no", "may", "must"]
"""Whether a kind of paper takes something: not at all, when given, or not without it."""


@dataclass(frozen=True)
class Wanted:
    """What is to be printed. ``unit`` is an id, "" for the whole ledger; ``day`` dates the paper and is what deadlines are
    reckoned by; ``readers`` how far those who get it may see; ``of`` ids of records, or names of registers
    (``official_vehicles.refuel``); ``options`` the kind's own choices as working values, absent ones left out; ``issuer`` the
    id of the unit this ledger is kept by, whose office signs what it sends out. ``unbroken`` keeps all columns of a table
    together however wide it becomes, for a workbook."""

    day: date
    unit: str = ""
    readers: Publicity = "public"
    period: Span | None = None
    of: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    issuer: str = ""
    unbroken: bool = False

    @property
    def internal(self) -> bool:
        """Whether the paper stays inside the Party (党内): what is not public is printed too."""
        return self.readers != "public"

    def text(self, name: str) -> str:
        """An option of words, "" when it was not given."""
        value = self.options.get(name)
        return value if isinstance(value, str) else ""


Make = Callable[[Facts, Wanted], Sequence[tree.Document]]


@dataclass(frozen=True)
class Kind:
    """A kind of paper. ``name`` is typed in the command line, ``title`` and ``purpose`` are read by clerks; ``of`` says what the
    names in ``Wanted.of`` are (a schema's name, or ``register``, ``indicator``); ``options`` are asked by their kinds, whose
    ``default`` is what a form begins with; ``readers`` is who gets such a paper when nothing else is said: a working paper goes to
    those who do the work, and all of it is printed."""

    name: str
    title: str
    purpose: str
    make: Make
    unit: Need = "no"
    period: Need = "no"
    records: Need = "no"
    of: str = ""
    readers: Publicity = "public"
    options: Mapping[str, kinds.Kind[Any]] = field(default_factory=dict)
    nothing: str = ""
    """What is said when nothing was named and there is nothing to print."""

    def read_options(self, typed: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """Options as they are typed, by name or by label → working values. ``Refusal`` names what the kind does not know."""
        by_label = {kind.label: name for name, kind in self.options.items()}
        found: dict[str, Any] = {}
        for said, text in typed:
            name = said if said in self.options else by_label.get(said, "")
            if not name:
                listed = "、".join(f"{name}（{kind.label}）" for name, kind in self.options.items())
                raise Refusal(
                    f"“{self.title}”没有“{said}”这个选项。",
                    f"可用的选项：{listed}。" if listed else "这种文书没有选项。",
                    TOPIC,
                )
            value = self.options[name].parse(text)
            if value is not None:
                found[name] = value
        return found

    def begun(self) -> dict[str, Any]:
        """The options a form begins with."""
        return self.read_options((name, kind.default) for name, kind in self.options.items() if kind.default)
