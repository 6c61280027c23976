"""The declared access matrix: which post may do what, in which way; which route needs which action.

``grants.yaml`` and ``routes/*.yaml`` are the only place where rights are written. A route without a row is
closed to everybody, and the build fails (architecture.md, "Who may see a child").
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import yaml

from guixiao.facts.posts import POSTS


class Way(StrEnum):
    """The three ways to see a child, and one's own affairs."""

    ENROLMENT = "enrolment"
    RESIDENCE = "residence"
    ASSIGNMENT = "assignment"


@dataclass(frozen=True, slots=True)
class Route:
    """One URL: the action it needs, and what it is about (student, class, school, place, own, public…).

    A row may name a second action under ``also``, which the view asks for and the generated test expects.
    """

    name: str
    needs: str
    of: str


class MayAct(Protocol):
    def may(self, action: str) -> bool: ...


NOTHING: frozenset[Way] = frozenset()
PUBLIC, SIGNED_IN = "public", "signed_in"


@cache
def table() -> dict[str, dict[str, frozenset[Way]]]:
    """``{post: {action: ways}}``. Raises ``ValueError`` for an unknown post, action or way."""
    data = _read("grants.yaml")
    actions: dict[str, str] = data["actions"]
    found: dict[str, dict[str, set[Way]]] = {post: {} for post in POSTS}
    for block in data["grants"]:
        for post in block["posts"]:
            for way, granted in block["may"].items():
                for action in granted:
                    if post not in POSTS or action not in actions:
                        raise ValueError(f"grants.yaml: {post!r} or {action!r} is not declared")
                    found[post].setdefault(action, set()).add(Way(way))
    return {post: {action: frozenset(ways) for action, ways in row.items()} for post, row in found.items()}


@cache
def actions() -> dict[str, str]:
    """Every action with its Chinese title."""
    declared: dict[str, str] = _read("grants.yaml")["actions"]
    return declared


@cache
def routes() -> dict[str, Route]:
    """Every declared route by its full name."""
    found: dict[str, Route] = {}
    folder = files(__package__) / "routes"
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        for name, row in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).items():
            for needed in (row["needs"], row.get("also", SIGNED_IN)):
                if needed not in (PUBLIC, SIGNED_IN) and needed not in actions():
                    raise ValueError(f"{file.name}: {name} needs {needed!r}, which is not declared")
            if name in found:
                raise ValueError(f"{file.name}: {name} is declared twice")
            found[name] = Route(name, row["needs"], row["of"])
    return found


def grants(post: str, action: str) -> frozenset[Way]:
    """The ways in which a post may do an action; none is the rule."""
    return table().get(post, {}).get(action, NOTHING)


def may_open(actor: MayAct | None, route: str) -> bool:
    """Whether a route is open to ``actor`` at all (which objects it shows is the scope's affair)."""
    row = routes().get(route)
    if row is None:
        return False
    if row.needs == PUBLIC:
        return True
    return actor is not None and (row.needs == SIGNED_IN or actor.may(row.needs))


def _read(name: str) -> Any:
    return yaml.safe_load((files(__package__) / name).read_text(encoding="utf-8"))
