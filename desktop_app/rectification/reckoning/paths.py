"""Paths of fields (``vehicle.norm``) resolved: the references they go over and what stands at their end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from db.schema.definition import CategoryDefinition, ComputedSpec
from db.schema.kinds import Kind
from db.schema.links import Ref

Path = tuple[str, ...]


@dataclass(frozen=True)
class Hop:
    """One step over a reference: the field, and the name of the schema it points at."""

    field: str
    to: str


@dataclass(frozen=True)
class Leaf:
    """What a path ends at: a stored field (``kind``), or one that is reckoned (``spec``) in the register of that key."""

    hops: tuple[Hop, ...]
    name: str
    kind: Kind[Any] | None = field(default=None, compare=False)
    spec: ComputedSpec | None = field(default=None, compare=False)
    register: str = field(default="", compare=False)

    @property
    def path(self) -> Path:
        """The path again."""
        return (*(hop.field for hop in self.hops), self.name)


def resolve(definition: CategoryDefinition, register: str, path: Path) -> Leaf:
    """What a path from a register (its key) leads to; ``KeyError`` when it leads nowhere."""
    scope = definition.scope
    key, kinds = register, scope.fields[register]
    hops: list[Hop] = []
    for name in path[:-1]:
        kind = kinds[name]
        pointed = scope.target(kind) if isinstance(kind, Ref) else None
        if pointed is None or not isinstance(kind, Ref):
            raise KeyError(".".join(path))
        hops.append(Hop(name, kind.to))
        key, kinds = pointed
    last = path[-1]
    if last in kinds:
        return Leaf(tuple(hops), last, kind=kinds[last], register=key)
    computed = definition.registers[key].computed if key in definition.registers else ()
    spec = next((one for one in computed if one.name == last), None)
    if spec is None:
        raise KeyError(".".join(path))
    return Leaf(tuple(hops), last, spec=spec, register=key)
