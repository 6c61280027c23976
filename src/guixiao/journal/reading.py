"""Reading every row of a table, also where a row holds what its column never could have held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.db import models

CHUNK = 500
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that cannot be turned into an object: broken JSON, a sealed value that was altered."""

    pk: int
    why: str


def each(rows: models.QuerySet[M]) -> Iterator[M | Unreadable]:
    """The rows in their order, a chunk at a time; only a chunk with an unreadable row is read one by one."""
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        try:
            found: dict[int, M | Unreadable] = dict(rows.order_by().in_bulk(part))
        except Exception:  # whatever a converter raises: the next line asks each row
            found = {pk: _one(rows, pk) for pk in part}
        for pk in part:
            if pk in found:
                yield found[pk]


def _one(rows: models.QuerySet[M], pk: int) -> M | Unreadable:
    try:
        return rows.get(pk=pk)
    except Exception as error:
        return Unreadable(pk, f"{type(error).__name__}: {error}")
