"""Into an empty database: its schema from the migrations, then the rows as they were, then the counters.

Keys between tables and indexes are put aside while rows pour in, and made again at the end, which checks them.
"""

from __future__ import annotations

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler
from psycopg import sql

from guixiao.conf import database

from .refusals import Refused, no_space
from .tables import Migrations, Row, Table, known, leaves

ALIAS = "restored"


@contextmanager
def another(url: str) -> Iterator[BaseDatabaseWrapper]:
    """A second database of this process, under its own name, for as long as it is built."""
    said = database.from_url(url)
    connections.settings[ALIAS] = ConnectionHandler({DEFAULT_DB_ALIAS: {}, ALIAS: said}).settings[ALIAS]
    try:
        yield connections[ALIAS]
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]


def make_schema(connection: BaseDatabaseWrapper, applied: Migrations) -> None:
    """The schema as it stood after exactly these migrations."""
    executor = MigrationExecutor(connection)
    executor.migrate(leaves(known(applied), applied))


def bring_up_to_date(connection: BaseDatabaseWrapper) -> None:
    call_command("migrate", database=connection.alias, interactive=False, verbosity=0)


class Loader(ABC):
    """Takes rows into tables that were just made."""

    @abstractmethod
    def begin(self, tables: Sequence[Table]) -> None:
        """Empty what the migrations put in, put keys and indexes aside."""

    @abstractmethod
    def rows(self, table: Table, batch: Sequence[Row]) -> None: ...

    @abstractmethod
    def counter(self, table: Table, value: int) -> None: ...

    @abstractmethod
    def end(self) -> None:
        """Make keys and indexes again. Raises :class:`Refused` for a row that points nowhere."""


class SqliteLoader(Loader):
    def __init__(self, path: Path, origin: str) -> None:
        """``origin`` is the engine the rows come from: its texts are kept where it is SQLite itself."""
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._foreign = origin != "sqlite"
        self._indexes: list[str] = []

    def begin(self, tables: Sequence[Table]) -> None:
        run = self._connection.execute
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-131072", "temp_store=MEMORY"):
            run(f"PRAGMA {pragma}")
        run("BEGIN IMMEDIATE")
        for table in tables:
            run(f'DELETE FROM "{table.name}"')  # noqa: S608  # names of our own schema
        run("DELETE FROM sqlite_sequence")
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        for name, made_by in run(query).fetchall():
            run(f'DROP INDEX "{name}"')
            self._indexes.append(made_by)

    def rows(self, table: Table, batch: Sequence[Row]) -> None:
        if self._foreign and table.jsons:
            batch = [_django_json(row, table.jsons) for row in batch]
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        marks = ", ".join("?" * len(table.columns))
        self._connection.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', batch)  # noqa: S608  # names of our own schema

    def counter(self, table: Table, value: int) -> None:
        self._connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table.name])
        if value:
            self._connection.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table.name, value]
            )

    def end(self) -> None:
        for made_by in self._indexes:
            self._connection.execute(made_by)
        astray = self._connection.execute("PRAGMA foreign_key_check").fetchmany(3)
        if astray:
            raise Refused(f"rows point to rows that are not there: {astray}")
        self._connection.execute("COMMIT")
        self._connection.close()


def _django_json(row: Row, places: Sequence[int]) -> list[Any]:
    """JSON as Django writes it to SQLite, in place of what PostgreSQL made of it."""
    told = list(row)
    for place in places:
        if told[place] is not None:
            told[place] = json.dumps(json.loads(told[place]))
    return told


class PostgresLoader(Loader):
    """Inside the transaction of the connection it is given: all of it comes, or nothing."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._again: list[str] = []

    def begin(self, tables: Sequence[Table]) -> None:
        names = sql.SQL(", ").join(sql.Identifier(table.name) for table in tables)
        self._run(sql.SQL("SET LOCAL TIME ZONE 'UTC'"))
        self._run(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))
        for owner, name, made_by in self._run(sql.SQL(FOREIGN_KEYS)).fetchall():
            self._run(
                sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(
                    sql.Identifier(owner), sql.Identifier(name)
                )
            )
            add = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} ").format(
                sql.Identifier(owner), sql.Identifier(name)
            )
            self._again.append(add.as_string(self._connection) + made_by)
        for name, made_by in self._run(sql.SQL(PLAIN_INDEXES)).fetchall():
            self._run(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
            self._again.insert(0, made_by)

    def rows(self, table: Table, batch: Sequence[Row]) -> None:
        names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
        try:
            with self._connection.cursor() as cursor, cursor.copy(query) as copy:
                for row in batch:
                    copy.write_row(row)
        except psycopg.Error as problem:
            if no_space(problem):
                raise Refused(
                    "the PostgreSQL server has no space left: make room, then run it again"
                ) from None
            raise Refused(f"{table.name}: PostgreSQL does not take a row: {str(problem).strip()}") from None

    def counter(self, table: Table, value: int) -> None:
        if not table.counted:
            return
        query = sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), {}, {})").format(
            sql.Literal(f'"{table.name}"'),
            sql.Literal(table.key),
            sql.Literal(value or 1),
            sql.Literal(value > 0),
        )
        self._run(query)

    def end(self) -> None:
        for made_by in self._again:
            try:
                self._connection.execute(made_by.encode())
            except psycopg.Error as problem:
                raise Refused(f"rows point to rows that are not there: {str(problem).strip()}") from None
        self._run(sql.SQL("SET CONSTRAINTS ALL IMMEDIATE"))

    def _run(self, query: sql.SQL | sql.Composed) -> psycopg.Cursor[Any]:
        return self._connection.execute(query)


FOREIGN_KEYS = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace"""
PLAIN_INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary
AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))"""
