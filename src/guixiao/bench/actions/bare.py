"""Rows and nothing else: what a submission's and an import's cost is held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, models

from guixiao.duties.models import Pass
from guixiao.facts import By
from guixiao.facts.clock import day_of


def insert_one(*, by: By, now: datetime) -> int:
    """Insert one row of a table without a journal, in a transaction of its own. Returns its id."""
    return Pass.objects.create(name=f"bench-{uuid4().hex}", day=day_of(now)).pk


def bare_table(*, by: By, now: datetime, width: int) -> Callable[[Sequence[Sequence[object]]], None]:
    """A table of ``width`` text columns, made in the bench's own database; returns what fills it by ``bulk_create``."""
    columns: dict[str, Any] = {f"c{n}": models.TextField(default="") for n in range(width)}
    meta = type("Meta", (), {"app_label": "bench"})
    bare: Any = type("BareRow", (models.Model,), {**columns, "Meta": meta, "__module__": __name__})
    with connection.schema_editor() as schema:
        schema.create_model(bare)

    def store(rows: Sequence[Sequence[object]]) -> None:
        bare.objects.bulk_create(bare(**dict(zip(columns, map(str, row), strict=True))) for row in rows)

    return store
