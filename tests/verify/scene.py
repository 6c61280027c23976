"""What there is to tamper with, and how it is done: with nothing but SQL or a file, as an intruder would.

A tampering gets a source of chance and returns what ``verify`` must say: the code, and where.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection, models

from guixiao.journal.models import Chain, Entry
from guixiao.journal.records import Recorded, label
from guixiao.journal.verify import recorded_models


@dataclass(frozen=True, slots=True)
class Expected:
    """``verify`` must report one of ``codes`` at a place whose name contains ``where``."""

    codes: tuple[str, ...]
    where: str
    did: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to tamper with."""

    chance: Random
    anchors: Path

    def entry(self, chain: Chain | None = None, but_last: bool = False) -> Entry:
        rows = Entry.objects.filter(chain=chain) if chain else Entry.objects.all()
        found = list(rows.order_by("pk"))
        if but_last:
            heads = dict(Chain.objects.values_list("pk", "seq"))
            found = [row for row in found if row.seq < heads[row.chain_id]]
        return self.chance.choice(found)

    def chain(self, least: int = 1) -> Chain:
        return self.chance.choice(list(Chain.objects.filter(seq__gte=least).order_by("pk")))

    def row(self) -> Recorded:
        filled = [model for model in recorded_models() if model._base_manager.exists()]
        model = self.chance.choice(sorted(filled, key=label))
        return self.chance.choice(list(model._base_manager.order_by("pk")))


Tampering = Callable[[Scene], Expected]
TAMPERINGS: dict[str, Tampering] = {}


def tampering(done: Tampering) -> Tampering:
    TAMPERINGS[done.__name__] = done
    return done


def sql(text: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def name(entry: Entry) -> str:
    return f"{entry.chain.name}#{entry.seq}"


def raw(model: type[models.Model], column: str | None, pk: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM {model._meta.db_table} WHERE id = %s', [pk])
        return cursor.fetchone()[0]


def put(model: type[models.Model], column: str | None, pk: int, value: Any) -> None:
    sql(f'UPDATE {model._meta.db_table} SET "{column}" = %s WHERE id = %s', value, pk)


def other(value: Any, chance: Random) -> Any:
    """Something like ``value``, and not it."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice((1, 2, 10))
    if isinstance(value, datetime | date):
        return value + timedelta(days=chance.randint(1, 9))
    if value is None:
        return None
    return flipped(str(value), chance)


def flipped(text: str, chance: Random) -> str:
    """``text`` with one character changed."""
    if not text:
        return "x"
    at = chance.randrange(len(text))
    swap = {"0": "1", "1": "0", "a": "b", "b": "a"}
    return text[:at] + swap.get(text[at], chance.choice("01ab")) + text[at + 1 :]


def flipped_json(value: Any, chance: Random) -> str:
    """The JSON of ``value`` with one character changed, still JSON and saying something else."""
    text = json.dumps(value)
    while True:
        changed = flipped(text, chance)
        try:
            if json.loads(changed) != value and isinstance(json.loads(changed), type(value)):
                return changed
        except ValueError:
            continue
