"""The cast assembled once a test process; every later test has its rows copied in, which is twenty times faster.

The rows are kept in tables of their own, beside the ones the models use, so a flush leaves them standing.
What the tests get is what ``assemble`` made through the real actions, journal included.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass

from django.db import connection, transaction

from .cast import Cast, assemble

PREFIX = "kept_"


@dataclass(frozen=True, slots=True)
class Kept:
    tables: tuple[str, ...]
    cast: bytes

    def again(self) -> Cast:
        """The cast, in the test's own transaction, with objects nobody else holds."""
        with connection.cursor() as cursor:
            for table in self.tables:
                cursor.execute(f"INSERT INTO {quoted(table)} SELECT * FROM {quoted(PREFIX + table)}")
        cast = pickle.loads(self.cast)
        assert isinstance(cast, Cast)
        return cast


def keep() -> Kept:
    """Assemble, copy what came into the empty tables, and leave those empty again. Sequences stay moved on."""
    empty = [table for table in of_models() if not filled(table)]
    with transaction.atomic():
        cast = pickle.dumps(assemble())
        tables = tuple(table for table in empty if filled(table))
        with connection.cursor() as cursor:
            for table in tables:  # foreign keys are looked at when the transaction ends
                cursor.execute(f"CREATE TABLE {quoted(PREFIX + table)} AS SELECT * FROM {quoted(table)}")
                cursor.execute(f"DELETE FROM {quoted(table)}")
    return Kept(tables, cast)


def of_models() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def filled(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {quoted(table)} LIMIT 1")
        return cursor.fetchone() is not None


def quoted(table: str) -> str:
    return connection.ops.quote_name(table)
