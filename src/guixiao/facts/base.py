"""How a fact is declared, written to the journal and read back.

A fact is frozen and holds ids, codes, days and numbers only: no names and no free text. Those live in
the record the journal entry points to.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar, Union, dataclass_transform, get_args, get_origin


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened. Subclasses are declared with :func:`fact`."""

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""


F = TypeVar("F", bound=Fact)
REGISTRY: dict[str, type[Fact]] = {}
_HINTS: dict[str, dict[str, Any]] = {}


class UnknownFact(ValueError):
    """A journal entry of a kind this version does not know."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def fact(kind: str, title: str) -> Callable[[type[F]], type[F]]:
    """Declare a frozen fact with its journal code and its Chinese title."""

    def declare(cls: type[F]) -> type[F]:
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        made.kind, made.title = kind, title
        if REGISTRY.get(kind, made).__qualname__ != made.__qualname__:
            raise ValueError(f"two facts are called {kind!r}")
        REGISTRY[kind] = made
        return made

    return declare


def to_payload(stated: Fact) -> dict[str, Any]:
    """The JSON form of a fact: what the journal stores and chains. ``None`` fields are left out."""
    pairs = ((f.name, getattr(stated, f.name)) for f in dataclasses.fields(stated))
    return {name: _plain(value) for name, value in pairs if value is not None}


def from_payload(kind: str, payload: dict[str, Any]) -> Fact:
    """Read a fact back. Raises :class:`UnknownFact` for a kind nobody declared."""
    if kind not in REGISTRY:
        raise UnknownFact(kind)
    cls = REGISTRY[kind]
    hints = _hints(cls)
    return cls(**{name: _typed(hints[name], value) for name, value in payload.items() if name in hints})


def _hints(cls: type[Fact]) -> dict[str, Any]:
    if cls.kind not in _HINTS:
        _HINTS[cls.kind] = _read_hints(cls)
    return _HINTS[cls.kind]


def _read_hints(cls: type[Fact]) -> dict[str, Any]:
    return {name: hint for name, hint in typing.get_type_hints(cls).items() if name not in ("kind", "title")}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return [_plain(item) for item in value]
    return value


def _typed(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = [arg for arg in get_args(hint) if arg is not type(None)]
        return None if value is None else _typed(inner[0], value)
    if origin is tuple:
        return tuple(_typed(get_args(hint)[0], item) for item in value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value)
    return value
