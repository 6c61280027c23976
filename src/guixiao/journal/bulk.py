"""Many rows of one table at once, without the ORM's machinery for expressions.

``bulk_create`` resolves every value of every row as if it might be an expression, and that is most of what an
import or a roll call costs. Here the columns are prepared once, the keys are taken beforehand, and the driver gets
plain tuples. What ``bulk_create`` does for the caller is kept: keys are set, related objects may be unsaved until
then, every field's own ``pre_save`` and conversion apply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

from django.db import connection, models

Getter = Callable[[Any], Any]


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
    statement, getters = _prepared(model, connection.vendor)
    keys = _take_keys(model, len(rows))
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[get(row) for get in getters] for row in rows])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@cache
def _prepared(model: type[models.Model], vendor: str) -> tuple[str, list[Getter]]:
    """The statement and a getter for each column. Fields of one model never change while the process lives."""
    fields = model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our own tables
    return statement, [_getter(field) for field in fields]


def _getter(field: models.Field[Any, Any]) -> Getter:
    name = field.attname
    if isinstance(field, models.ForeignKey):
        return _related(field)
    if type(field).pre_save is not models.Field.pre_save:
        return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)

    if type(field).get_db_prep_value is models.Field.get_db_prep_value:  # the same on every engine
        convert = field.get_prep_value
    else:
        convert = partial(field.get_db_prep_save, connection=connection)
    plain = _plain_types(field)

    def converted(row: Any) -> Any:
        value = getattr(row, name)
        return value if value.__class__ in plain else convert(value)

    return converted


def _plain_types(field: models.Field[Any, Any]) -> tuple[type, ...]:
    """The types that a field hands to the driver as they are."""
    if type(field).get_prep_value is models.CharField.get_prep_value:
        return str, type(None)
    if type(field).get_prep_value is models.TextField.get_prep_value:
        return str, type(None)
    if isinstance(field, models.IntegerField):
        return int, type(None)
    return ()


def _related(field: models.ForeignKey[Any, Any]) -> Getter:
    name = field.attname

    def key_of(row: Any) -> Any:
        key = getattr(row, name)
        if key is None and field.is_cached(row):  # it was saved after it was put there
            other = field.get_cached_value(row)
            key = other.pk if other is not None else None
            setattr(row, name, key)
        return key

    return key_of


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
