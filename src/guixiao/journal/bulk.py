"""Many rows of one table at once, without the ORM's machinery for expressions.

``bulk_create`` resolves every value of every row as if it might be an expression, and that is most of what an
import or a roll call costs. Here the columns are prepared once, the keys are taken beforehand, and the driver gets
plain tuples. What ``bulk_create`` does for the caller is kept: keys are set, related objects may be unsaved until
then, every field's own ``pre_save`` and conversion apply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from operator import attrgetter
from typing import Any

from django.db import connection, models

A_FEW = 4


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert ``rows``, all of one model, and set their keys. Inside the action's transaction.

    Raises ``IntegrityError`` as ``bulk_create`` would; ``RuntimeError`` outside a transaction, where the keys
    taken beforehand would not be safe.
    """
    if not rows:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("insert_all() belongs inside the action's transaction")
    model = type(rows[0])
    plan = _plan(model, connection.vendor)
    for relation in plan.relations:
        for row in rows:
            _know_key(relation, row)
    keys = _take_keys(model, len(rows))
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
    _send(plan, [plan.values(row) for row in rows])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _send(plan: _Plan, values: Sequence[Sequence[Any]]) -> None:
    """PostgreSQL takes many rows by COPY: one statement a row would be most of what an import costs there."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql" or len(values) < A_FEW:
            cursor.executemany(f"INSERT INTO {plan.table} VALUES ({plan.marks})", values)  # noqa: S608 - names of our own tables
            return
        with connection.wrap_database_errors, cursor.copy(f"COPY {plan.table} FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a row of one model becomes what the driver takes: all columns at once, a few of them converted."""

    table: str  # with its columns
    marks: str
    fetch: Callable[[Any], tuple[Any, ...]]
    conversions: Sequence[tuple[int, Callable[[Any], Any]]]
    before: Sequence[models.Field[Any, Any]]
    relations: Sequence[models.ForeignKey[Any, Any]]

    def values(self, row: models.Model) -> list[Any]:
        for field in self.before:
            field.pre_save(row, True)
        values = list(self.fetch(row))
        for at, convert in self.conversions:
            values[at] = convert(values[at])
        return values


@cache
def _plan(model: type[models.Model], vendor: str) -> _Plan:
    """Fields of one model never change while the process lives."""
    fields = model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return _Plan(
        f"{quote(model._meta.db_table)} ({columns})",
        ", ".join(["%s"] * len(fields)),
        attrgetter(*(field.attname for field in fields)),
        [(at, _conversion(field)) for at, field in enumerate(fields) if not _is_plain(field)],
        [field for field in fields if type(field).pre_save is not models.Field.pre_save],
        [field for field in fields if isinstance(field, models.ForeignKey)],
    )


def _is_plain(field: models.Field[Any, Any]) -> bool:
    """Whether Python's value is the driver's. A value of another type than the column's is not mended here."""
    plain = (models.CharField.get_prep_value, models.TextField.get_prep_value)
    numbers = (models.IntegerField, models.BooleanField, models.ForeignKey)
    return type(field).get_prep_value in plain or isinstance(field, numbers)


def _conversion(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    if type(field).get_db_prep_value is models.Field.get_db_prep_value:  # the same on every engine
        return field.get_prep_value
    return partial(field.get_db_prep_save, connection=connection)


def _know_key(field: models.ForeignKey[Any, Any], row: Any) -> None:
    """The key of a related row that was saved after it was put there."""
    if getattr(row, field.attname) is None and field.is_cached(row):
        other = field.get_cached_value(row)
        setattr(row, field.attname, other.pk if other is not None else None)


def _take_keys(model: type[models.Model], number: int) -> Sequence[int]:
    """The next keys of a table. On SQLite the write lock is held; PostgreSQL's sequence never gives one twice."""
    table, column = model._meta.db_table, str(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            last = found[0] if found else 0
            return range(last + 1, last + number + 1)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(table), column, number],
        )
        return [row[0] for row in cursor.fetchall()]
