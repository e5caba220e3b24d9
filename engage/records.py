"""Makes the data classes of Engage: `dataclass` as the standard library has it, at a part of its cost.

Of a frozen class the library compiles six functions anew; of seven hundred classes that is an eighth of a server's
start and 5 MB. Here each class gets its `__init__` alone, and all share the rest. Nothing is looked at when a field is
set: the type checker refuses to set one, because for it this is the library's own `dataclass`.
"""

import dataclasses
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(kind=None, /, *, frozen=False, eq=True, order=False, **how):
        """Makes a data class. One that is not frozen or can be sorted is made by the library, whole."""
        if kind is None:
            return lambda later: dataclass(later, frozen=frozen, eq=eq, order=order, **how)
        if order or not frozen:
            return dataclasses.dataclass(kind, frozen=frozen, eq=eq, order=order, **how)
        shared = {"__repr__": _repr, **({"__eq__": _eq, "__hash__": _hash} if eq else {})}
        for name in shared.keys() - vars(kind).keys():
            setattr(kind, name, shared[name])
        return dataclasses.dataclass(kind, repr=False, eq=False, **how)


@cache
def _shown(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in dataclasses.fields(kind) if each.repr)


@cache
def _compared(kind: Any) -> Callable[[Any], object]:
    return _values_of([each.name for each in dataclasses.fields(kind) if each.compare])


@cache
def _hashed(kind: Any) -> Callable[[Any], object]:
    fields = dataclasses.fields(kind)
    return _values_of([each.name for each in fields if (each.compare if each.hash is None else each.hash)])


def _values_of(names: list[str]) -> Callable[[Any], object]:
    return attrgetter(*names) if names else lambda _record: ()


def _repr(self: Any) -> str:
    said = ", ".join(f"{name}={getattr(self, name)!r}" for name in _shown(self.__class__))
    return f"{self.__class__.__qualname__}({said})"


def _eq(self: Any, other: Any) -> bool:
    if other.__class__ is not self.__class__:
        return NotImplemented
    values = _compared(self.__class__)
    return values(self) == values(other)


def _hash(self: Any) -> int:
    return hash(_hashed(self.__class__)(self))
