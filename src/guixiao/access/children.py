"""How ``access`` asks about a child without knowing ``people``: the app below registers what it can find.

``people`` stands below ``access`` in the list of layers, so it hands its look-ups up here when it is loaded
(``PeopleConfig.ready``); nothing is imported the wrong way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from .actor import Actor


@dataclass(frozen=True, slots=True)
class Child:
    """What a page about looks needs to say."""

    pk: int
    name: str
    where: str


class Register(Protocol):
    """What the app that keeps the children can answer."""

    def visible(self, actor: Actor, action: str, pk: int) -> Child | None:
        """The child, when ``action`` is granted over it; missing and forbidden look the same."""

    def by_number(self, number: str) -> int | None:
        """Whose exact student or ID number this is. Never by name."""


_register: list[Register] = []


def register(found: Register) -> None:
    """Called once by the app that keeps the children."""
    _register[:] = [found]


def the_register() -> Register:
    return _register[0]
