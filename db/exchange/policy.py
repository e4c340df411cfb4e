"""What may leave with a package, as plain values: by unit, by publicity, by sort of record, by column and by person."""

from __future__ import annotations

from dataclasses import dataclass

from db.schema.definition.fields import LEVELS
from db.schema.kinds import Publicity


@dataclass(frozen=True)
class Policy:
    """What may leave: records of these units (ids; None: of all, those of no unit always), up to this level of publicity, none
    of the schemas in ``without`` and none of the ``persons`` (ids of their records).

    ``fields`` are columns left out (``schema.field``, or ``*.field`` in every schema); ``personal`` leaves out every column
    that is marked as telling of a person. ``papers`` says whether papers go although columns or persons are left out: what
    stands in a picture nobody can look through. ``name`` is what the recipient's profile is called."""

    units: frozenset[str] | None = None
    level: Publicity = "internal"
    without: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    personal: bool = False
    persons: frozenset[str] = frozenset()
    papers: bool = False
    name: str = ""

    @property
    def redacts(self) -> bool:
        """Whether columns or persons are left out for this recipient, so that their values must not stand anywhere else."""
        return bool(self.fields or self.personal or self.persons)

    @property
    def everything(self) -> bool:
        """Whether nothing is withheld at all."""
        return self.units is None and self.level == LEVELS[-1] and not self.without and not self.redacts

    @property
    def words(self) -> str:
        """What a package of this policy was limited to, in words; "" for nothing."""
        told = [] if self.units is None else [f"仅 {len(self.units)} 个单位"]
        told += {"public": ["只含可公开的内容"], "internal": ["不含“不公开”的内容"]}.get(self.level, [])
        if self.without or self.redacts:
            told.append(f"按收件单位（{self.name}）略去部分内容" if self.name else "按收件单位略去部分内容")
        return "；".join(told)


ORDINARY, EVERYTHING = Policy(), Policy(level="secret")
