"""One moment of a database, read row by row while others go on writing.

SQLite: one read transaction of the write-ahead log. PostgreSQL: one REPEATABLE READ transaction and cursors of
the server. Neither waits for a writer, none waits for them.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from guixiao.conf import database

from .refusals import Refused
from .tables import Column, Digest, Migrations, Row, Table, tables_of

BATCH = 500
DIRECT = {"int", "float", "text", "json", "date"}
TIDY = "replace(to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '.000000', '')"
AS_TEXT = {
    "bool": "{0}::int",
    "json": "{0}::text",
    "date": "{0}::text",
    "datetime": TIDY,
    "uuid": "replace({0}::text, '-', '')",
    "inet": "host({0})",
}


class Snapshot(ABC):
    """A database as it stood when this was opened."""

    engine: str

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None
    ) -> None:
        self.close()

    def migrations(self) -> Migrations:
        return frozenset((app, name) for app, name in self.ask("SELECT app, name FROM django_migrations"))

    def tables(self) -> list[Table]:
        return tables_of(self.migrations())

    def heads(self) -> list[tuple[str, int, str]]:
        """``(name, seq, head)`` of every chain, by name."""
        return sorted(
            (row[0], row[1], row[2]) for row in self.ask("SELECT name, seq, head FROM journal_chain")
        )

    def blobs(self) -> Iterator[str]:
        """The names of the stored files the rows point to."""
        for row in self.ask("SELECT store FROM files_storedfile ORDER BY id"):
            yield row[0]

    def digest(self, table: Table) -> Digest:
        found = Digest(table)
        for batch in self.rows(table):
            found.take(batch)
        return found

    @abstractmethod
    def ask(self, query: str) -> list[Any]: ...

    @abstractmethod
    def rows(self, table: Table) -> Iterator[list[Row]]:
        """The rows by key, some at a time."""

    @abstractmethod
    def counter(self, table: Table) -> int:
        """The highest number the engine ever gave out for this table; 0 for none."""

    @abstractmethod
    def bytes(self) -> int:
        """How large the database is, roughly."""

    @abstractmethod
    def close(self) -> None: ...


class SqliteSnapshot(Snapshot):
    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._connection = sqlite3.connect(
                f"file:{quote(str(path))}?mode=rw", uri=True, isolation_level=None, timeout=20
            )
            self._connection.execute("PRAGMA query_only=ON")
            self._connection.execute("BEGIN")
            self.ask("SELECT count(*) FROM django_migrations")  # the moment is taken with the first look
        except sqlite3.Error as problem:
            raise Refused(
                f"there is no database at {path} ({problem}): see GUIXIAO_HOME and DATABASE_URL"
            ) from None

    def ask(self, query: str) -> list[Any]:
        return self._connection.execute(query).fetchall()

    def rows(self, table: Table) -> Iterator[list[Row]]:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        cursor = self._connection.execute(f'SELECT {names} FROM "{table.name}" ORDER BY "{table.key}"')  # noqa: S608  # names of our own schema
        while batch := cursor.fetchmany(BATCH):
            yield batch

    def counter(self, table: Table) -> int:
        if not table.counted:
            return 0
        found = self._connection.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", [table.name]
        ).fetchone()
        return int(found[0]) if found else 0

    def bytes(self) -> int:
        log = self._path.with_name(self._path.name + "-wal")
        return self._path.stat().st_size + (log.stat().st_size if log.exists() else 0)

    def close(self) -> None:
        self._connection.close()


class PostgresSnapshot(Snapshot):
    engine = "postgresql"

    def __init__(self, url: str, connection: psycopg.Connection[Any] | None = None) -> None:
        self._ours = connection is None
        self._connection = connection or _opened(url)

    def ask(self, query: str) -> list[Any]:
        with self._connection.cursor() as cursor:
            return cursor.execute(query.encode()).fetchall()

    def rows(self, table: Table) -> Iterator[list[Row]]:
        names = sql.SQL(", ").join(_expression(column) for column in table.columns)
        order = sql.SQL(' COLLATE "C"') if table.text_key else sql.SQL("")
        query = sql.SQL("SELECT {} FROM {} ORDER BY {}{}").format(
            names, sql.Identifier(table.name), sql.Identifier(table.key), order
        )
        with self._connection.cursor(name="guixiao_backup") as cursor:
            cursor.execute(query)
            while batch := cursor.fetchmany(BATCH):
                yield batch

    def counter(self, table: Table) -> int:
        if not table.counted:
            return 0
        with self._connection.cursor() as cursor:
            query = "SELECT pg_get_serial_sequence(%s, %s)"
            (name,) = cursor.execute(query, [f'"{table.name}"', table.key]).fetchone() or (None,)
            if name is None:
                return 0
            sequence = sql.Identifier(*name.replace('"', "").split("."))
            found = cursor.execute(
                sql.SQL("SELECT last_value, is_called FROM {}").format(sequence)
            ).fetchone()
        return int(found[0]) if found and found[1] else 0

    def bytes(self) -> int:
        return int(self.ask("SELECT pg_database_size(current_database())")[0][0])

    def close(self) -> None:
        if self._ours:
            self._connection.close()


def _expression(column: Column) -> sql.Composable:
    name = sql.Identifier(column.name)
    return sql.SQL(AS_TEXT.get(column.kind, "{0}")).format(name)


def connect(url: str) -> psycopg.Connection[Any]:
    """A connection of our own to PostgreSQL, apart from Django's."""
    said = database.from_url(url)
    wanted = {
        "host": said["HOST"],
        "port": said["PORT"],
        "user": said["USER"],
        "password": said["PASSWORD"],
        "dbname": said["NAME"],
        **said["OPTIONS"],
    }
    try:
        return psycopg.connect(**{name: value for name, value in wanted.items() if value})
    except psycopg.Error as problem:
        raise Refused(f"the database cannot be reached: {str(problem).strip()}") from None


def _opened(url: str) -> psycopg.Connection[Any]:
    connection = connect(url)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute("SET datestyle = 'ISO, YMD'")
    return connection


def snapshot(url: str) -> Snapshot:
    """One moment of the database at ``url``."""
    if database.from_url(url)["ENGINE"].endswith("sqlite3"):
        return SqliteSnapshot(Path(database.from_url(url)["NAME"]))
    return PostgresSnapshot(url)
