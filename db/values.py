"""Values: classes that hold named fields and nothing else, declared as dataclasses are and made in a tenth of the time.

``dataclass(frozen=True, slots=True)`` writes eight functions a class as text and compiles them when its module is loaded. The
sixty values of the papers took a fifth of the time in which a short paper is printed that way, most of them without ever being
made. Here only ``__new__`` is written as text, when the first value of the class is made; ``dataclasses.fields``,
``dataclasses.replace`` and ``match`` work as they do with dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(one, /, **changes):
        """The same value with some fields changed, as ``dataclasses.replace``."""
        kind = type(one)
        for name in kind.__match_args__:
            if name not in changes:
                changes[name] = getattr(one, name)
        return kind(**changes)


__all__ = ["born", "record", "replace", "value"]

T = TypeVar("T")


class _Born:
    """Marks a field that is made anew for each value."""

    def __init__(self, factory: Callable[[], Any]) -> None:
        self.factory = factory


def born(*, factory: Callable[[], T]) -> T:
    """The default of a field that is made anew for each value: ``lines: list[Line] = born(factory=list)``."""
    return _Born(factory)  # type: ignore[return-value]


@dataclass_transform(frozen_default=True, field_specifiers=(born,))
def value(cls: type[T]) -> type[T]:
    """A frozen class with slots, equal by its fields."""
    return _made(cls, frozen=True)


@dataclass_transform(field_specifiers=(born,))
def record(cls: type[T]) -> type[T]:
    """The same, to be changed: it has no hash."""
    return _made(cls, frozen=False)


def _made(cls: type[T], *, frozen: bool) -> type[T]:
    """The class once more, with slots and the functions of a value; those it has itself it keeps."""
    if cls.__bases__ != (object,) or hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__}: a value has neither a parent nor a __post_init__")
    own = dict(vars(cls))
    own.pop("__dict__", None)
    own.pop("__weakref__", None)
    names = tuple(own.get("__annotations__", ()))
    defaults = {name: own.pop(name) for name in names if name in own}
    several = _several(names)

    def eq(self: Any, other: object) -> Any:
        return several(self) == several(other) if other.__class__ is self.__class__ else NotImplemented

    def hash_(self: Any) -> int:
        return hash(several(self))

    def repr_(self: Any) -> str:
        told = ", ".join(f"{name}={held!r}" for name, held in zip(names, several(self), strict=True))
        return f"{self.__class__.__qualname__}({told})"

    def reduce(self: Any) -> tuple[Any, ...]:
        return self.__class__, several(self)

    def first(cls: Any, /, *args: Any, **named: Any) -> Any:
        new.__new__ = _new(new, names, defaults, frozen=frozen)
        return new.__new__(cls, *args, **named)

    given: dict[str, Any] = {"__eq__": eq, "__hash__": hash_ if frozen else None, "__repr__": repr_}
    given |= {"__reduce__": reduce, "__new__": first, "__match_args__": names}
    if frozen:
        given |= {"__setattr__": _refuse, "__delattr__": _refuse}
    given["__dataclass_fields__"] = _Fields(names, defaults)
    new: Any = type(cls.__name__, (), {**given, **own, "__slots__": names})
    new.__qualname__ = cls.__qualname__
    made: type[T] = new
    return made


def _several(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What takes the fields out of a value, in order."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple(getattr(one, name) for name in names)


def _refuse(self: Any, name: str, *_: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot change {name!r} of a {type(self).__name__}")


class _Fields:
    """``__dataclass_fields__``, for the functions of ``dataclasses``: reckoned when one of them asks."""

    def __init__(self, names: tuple[str, ...], defaults: dict[str, Any]) -> None:
        self.names = names
        self.defaults = defaults

    def __get__(self, _: object, cls: type) -> dict[str, Any]:
        import dataclasses

        told: list[Any] = []
        for name in self.names:
            default = self.defaults.get(name, dataclasses.MISSING)
            born_so = isinstance(default, _Born)
            field = (
                dataclasses.field(default_factory=default.factory) if born_so else dataclasses.field(default=default)
            )
            told.append((name, cls.__annotations__[name], field))
        like: Any = dataclasses.make_dataclass(cls.__name__, told, eq=False, repr=False)
        fields: dict[str, Any] = like.__dataclass_fields__
        cls.__dataclass_fields__ = fields  # type: ignore[attr-defined]
        return fields


def _new(cls: type, names: tuple[str, ...], defaults: dict[str, Any], *, frozen: bool) -> Callable[..., Any]:
    """``__new__`` with the fields as its parameters. A frozen value is filled as one of a like class that is not frozen and then
    made one of its own: four times as fast as putting each field past the refusal."""
    space: dict[str, Any] = {"_new": object.__new__, "_own": cls}
    space["_open"] = type(cls.__name__, (), {"__slots__": names}) if frozen else cls
    heads, body = ["_cls, /"], [" _self = _new(_open)"]
    for name in names:
        held = name
        if name in defaults:
            default = defaults[name]
            space[f"_by_{name}"] = default
            heads.append(f"{name}=_by_{name}")
            if isinstance(default, _Born):
                held = f"{name} if {name} is not _by_{name} else _by_{name}.factory()"
        else:
            heads.append(name)
        body.append(f" _self.{name} = {held}")
    ends = [" _self.__class__ = _own"] if frozen else []
    exec("\n".join((f"def __new__({', '.join(heads)}):", *body, *ends, " return _self")), space)
    made: Callable[..., Any] = space["__new__"]
    made.__qualname__ = f"{cls.__qualname__}.__new__"
    made.__annotations__ = {**cls.__annotations__, "return": cls}
    return made
