"""Materialised paths of digits: a place's path is its ancestors' numbers, nine digits each, then its own.

Digits sort alike in every collation, so "everything beneath" is one indexed range on both engines
(never ``startswith``: 61 ms against 0.7 ms at 300,000 pupils on SQLite).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

WIDTH = 9


def child_path(parent: str, number: int) -> str:
    return f"{parent}{number:0{WIDTH}d}"


def after(path: str) -> str:
    """The first path that is no longer beneath ``path``."""
    return str(int(path) + 1).zfill(len(path)) if path else "9" * WIDTH


def beneath(field: str, path: str) -> Q:
    """``path`` itself and everything under it."""
    return Q(**{f"{field}__gte": path, f"{field}__lt": after(path)})


def beneath_any(field: str, paths: Iterable[str]) -> Q:
    """Under at least one of ``paths``; under nothing when there is none."""
    found = Q(pk__in=[])
    for path in outermost(paths):
        found |= beneath(field, path)
    return found


def outermost(paths: Iterable[str]) -> list[str]:
    """``paths`` without those that lie beneath another."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not (kept and path.startswith(kept[-1])):
            kept.append(path)
    return kept


def ancestors(path: str) -> list[str]:
    """The paths of every place above, outermost first, the place's own last."""
    return [path[: end + WIDTH] for end in range(0, len(path), WIDTH)]


def ids(path: str) -> list[int]:
    """The place ids along a path, outermost first."""
    return [int(path[start : start + WIDTH]) for start in range(0, len(path), WIDTH)]


def contains(outer: str, inner: str) -> bool:
    return bool(outer) and inner.startswith(outer)
