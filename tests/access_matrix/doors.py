"""Every door of the house: what the URL configuration opens, what the matrix declares, what a test knocks with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, get_resolver

from guixiao.testing.cast import Cast
from guixiao.web.urls import APPS

MATRIX = Path(__file__).parents[2] / "src/guixiao/access/matrix"
Target = Callable[[Cast, bool], dict[str, object]]


@dataclass(frozen=True, slots=True)
class Door:
    """One URL name."""

    name: str
    kwargs: frozenset[str]
    view: Callable[..., Any]


def doors(patterns: Iterable[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[Door]:
    """Every named URL, namespaces included. A URL without a name is a door nobody could declare."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from doors(entry.url_patterns, inner)
        else:
            yield Door(f"{space}{entry.name}", frozenset(entry.pattern.converters), entry.callback)


@cache
def rows() -> dict[str, dict[str, str]]:
    """The declared rows, read from the files and not through the product."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted((MATRIX / "routes").glob("*.yaml")):
        found.update(yaml.safe_load(file.read_text(encoding="utf-8")) or {})
    return found


def undeclared(found: Iterable[Door]) -> list[str]:
    return sorted({door.name for door in found} - rows().keys())


def without_route(found: Iterable[Door]) -> list[str]:
    return sorted(rows().keys() - {door.name for door in found})


@cache
def targets() -> dict[str, Target]:
    """What each app says its routes are about."""
    found: dict[str, Target] = {}
    for app in (*APPS, "demo"):
        if find_spec(f"guixiao.{app}") and find_spec(f"guixiao.{app}.tests.targets"):
            found.update(import_module(f"guixiao.{app}.tests.targets").TARGETS)
    return found


@cache
def owners(route: str) -> frozenset[str]:
    """Whose an object is that belongs to persons: the class teacher's, unless the app's targets say otherwise."""
    app = route.partition(":")[0]
    if route in targets():
        said: dict[str, frozenset[str]] = getattr(import_module(f"guixiao.{app}.tests.targets"), "OWNERS", {})
        return said.get(route, frozenset({"class_teacher"}))
    return frozenset()


def untargeted(found: Iterable[Door]) -> list[str]:
    return sorted(door.name for door in found if door.kwargs and door.name not in targets())


def methods(door: Door) -> tuple[str, ...]:
    """GET, POST or both: a view that names its methods answers an unheard-of one with their list."""
    request = HttpRequest()
    request.method = "KNOCK"
    try:
        answer = door.view(request, **dict.fromkeys(door.kwargs, 0))
    except Exception:  # the view names no methods and fell over: ask both
        return ("GET", "POST")
    allowed = answer.headers["Allow"] if isinstance(answer, HttpResponseNotAllowed) else "GET, POST"
    return tuple(method for method in ("GET", "POST") if method in allowed)
