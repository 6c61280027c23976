"""Moving sealed columns to the current field key. Digests stay: the journal vouches for the plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.apps import apps
from django.db import connection, models, transaction

from guixiao.access.vault import CannotDecrypt, SealedField, seal, unseal
from guixiao.conf.keys import ring
from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append

BATCH = 200
Row = tuple[int, str]


@dataclass(slots=True)
class Resealed:
    """How many values were moved, and which could not be opened: ``table.column id``."""

    moved: int = 0
    stuck: list[str] = field(default_factory=list)


def sealed_columns() -> Iterator[tuple[type[models.Model], SealedField]]:
    """Every sealed column of the installation."""
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, SealedField):
                yield model, column


def waiting() -> int:
    """How many values are sealed by a key that is not the current one."""
    return sum(_count(model, column) for model, column in sealed_columns())


def reseal(*, by: By, now: datetime, tell: Callable[[str], None] = lambda line: None) -> Resealed:
    """Seal every value anew with the current key, two hundred a transaction.

    Stopped half-way, it goes on where it stopped when called again; called twice, the second does nothing.
    A value changed by somebody else meanwhile is left to them: they sealed it with the current key.
    """
    done = Resealed()
    for model, column in sealed_columns():
        last, moved = 0, 0
        while rows := _rows(model, column, last):
            last = rows[-1][0]
            moved += _move(model, column, rows, done)
        if moved:
            done.moved += moved
            tell(f"{column.context}: {moved}")
    if done.moved:
        with transaction.atomic():
            append([Stated(happenings.KeyRotated(rows=done.moved))], by=by, now=now)
    return done


def _move(model: type[models.Model], column: SealedField, rows: list[Row], done: Resealed) -> int:
    table, name, key = _names(model, column)
    statement = f"UPDATE {table} SET {name} = %s WHERE {key} = %s AND {name} = %s"  # noqa: S608  # our own names
    fresh: list[tuple[str, int, str]] = []
    for pk, old in rows:
        try:
            fresh.append((seal(unseal(old, column.context), column.context), pk, old))
        except CannotDecrypt as problem:
            done.stuck.append(f"{column.context} {pk}: {problem}")
    with transaction.atomic(), connection.cursor() as cursor:
        for values in fresh:
            cursor.execute(statement, values)
    return len(fresh)


def _rows(model: type[models.Model], column: SealedField, after: int) -> list[Row]:
    table, name, key = _names(model, column)
    query = (
        f"SELECT {key}, {name} FROM {table} WHERE {key} > %s AND {name} <> '' "  # noqa: S608  # our own names
        f"AND {name} NOT LIKE %s ORDER BY {key} LIMIT {BATCH}"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [after, f"{ring().current}:%"])
        return list(cursor.fetchall())


def _count(model: type[models.Model], column: SealedField) -> int:
    table, name, _key = _names(model, column)
    query = f"SELECT count(*) FROM {table} WHERE {name} <> '' AND {name} NOT LIKE %s"  # noqa: S608  # our own names
    with connection.cursor() as cursor:
        cursor.execute(query, [f"{ring().current}:%"])
        return int(cursor.fetchone()[0])


def _names(model: type[models.Model], column: SealedField) -> tuple[str, str, str]:
    quote = connection.ops.quote_name
    assert column.column is not None
    return quote(model._meta.db_table), quote(column.column), quote(model._meta.pk.column or "id")
