"""Into a database of a PostgreSQL server: in one transaction, so that all of it is there or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from guixiao.conf.keys import KeyRing

from .loading import ALIAS, Loader, PostgresLoader, another, bring_up_to_date, make_schema
from .proving import Proof, unequal
from .reading import beginning, unpack
from .refusals import Refused
from .snapshot import PostgresSnapshot, connect
from .tables import Migrations, behind, tables_of
from .writing import Manifest

BEFORE = "guixiao_before_"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename"
Fill = Callable[[Loader], Manifest]


def put_back(
    archive: Path, ring: KeyRing, url: str, new: Path, now: datetime, *, replace: bool
) -> tuple[Proof, str]:
    """An archive into the database at ``url``, its files into ``new``. Returns the schema the old tables went to."""
    new.mkdir(mode=0o700)
    _, applied = beginning(archive, ring)
    blobs: list[str] = []

    def fill(loader: Loader) -> Manifest:
        manifest, found = unpack(archive, ring, loader, new, applied)
        blobs.append(found)
        return manifest

    proof, back = filled(url, applied, fill, now, replace=replace)
    if blobs[0] != proof.manifest.files["sha256"]:
        raise Refused("stored files differ from those that were copied")
    return proof, back


def filled(url: str, applied: Migrations, fill: Fill, now: datetime, *, replace: bool) -> tuple[Proof, str]:
    """Schema, rows, keys and counters, held against their manifest before the transaction is settled."""
    with _transaction(url) as connection:
        raw: psycopg.Connection[Any] = connection.connection
        back = _make_way(raw, now, replace=replace)
        make_schema(connection, applied)
        manifest = fill(PostgresLoader(raw))
        proof = Proof(manifest, unequal(PostgresSnapshot("", raw), manifest))
        if proof.unequal:
            raise Refused(f"what arrived differs: {'; '.join(proof.unequal[:3])}")
        if behind(applied):
            bring_up_to_date(connection)
    return proof, back


@contextmanager
def _transaction(url: str) -> Iterator[BaseDatabaseWrapper]:
    connect(url).close()  # says what is wrong with the address in one sentence
    with another(url) as connection, transaction.atomic(using=ALIAS):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield connection


def bring_back(url: str, now: datetime) -> str:
    """The tables the last restore put aside return. Raises :class:`Refused` where there are none."""
    with connect(url) as raw:
        found = raw.execute(
            "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s) ORDER BY nspname DESC LIMIT 1",
            [BEFORE],
        ).fetchone()
        if found is None:
            raise Refused("no tables lie aside in that database: no restore replaced anything there")
        here = _here(raw)
        _move(raw, here, _aside(raw, now))
        _move(raw, found[0], here)
        raw.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(found[0])))
    return str(found[0])


def _here(raw: psycopg.Connection[Any]) -> str:
    (name,) = raw.execute("SELECT current_schema()").fetchone() or ("public",)
    return str(name)


def refuse_unless_empty(url: str) -> None:
    """Raises :class:`Refused` where the database cannot be reached, or holds what somebody wrote."""
    with connect(url) as raw:
        _in_the_way(raw)


def _in_the_way(raw: psycopg.Connection[Any]) -> list[str]:
    """The tables that lie there. Raises :class:`Refused` unless nothing was ever written to them."""
    there = [name for (name,) in raw.execute(TABLES, [_here(raw)]).fetchall()]
    stranger = set(there) - {table.name for table in tables_of(_applied(raw, there))}
    if stranger:
        raise Refused(f"the database holds tables that are not ours ({min(stranger)}): name an empty one")
    if _written(raw, there):
        raise Refused(
            "the database is not empty: name an empty one (restore --replace keeps the old one aside)"
        )
    return there


def _make_way(raw: psycopg.Connection[Any], now: datetime, *, replace: bool) -> str:
    """An empty schema. What lies there goes aside if that was asked for; tables nothing was written to go."""
    if not replace:
        for name in _in_the_way(raw):
            raw.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(name)))
        return ""
    here = _here(raw)
    if raw.execute(TABLES, [here]).fetchone() is None:
        return ""
    back = _aside(raw, now)
    _move(raw, here, back)
    return back


def _applied(raw: psycopg.Connection[Any], there: list[str]) -> Migrations:
    if "django_migrations" not in there:
        return frozenset()
    return frozenset(
        (app, name) for app, name in raw.execute("SELECT app, name FROM django_migrations").fetchall()
    )


def _written(raw: psycopg.Connection[Any], there: list[str]) -> bool:
    return (
        "journal_chain" in there and raw.execute("SELECT 1 FROM journal_chain LIMIT 1").fetchone() is not None
    )


def _aside(raw: psycopg.Connection[Any], now: datetime) -> str:
    """A new schema that says when; a later one of the same second sorts after it."""
    name = f"{BEFORE}{now.astimezone(UTC):%Y%m%d_%H%M%S}"
    while raw.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [name]).fetchone():
        name += "_again"
    raw.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    return name


def _move(raw: psycopg.Connection[Any], origin: str, target: str) -> None:
    for (name,) in raw.execute(TABLES, [origin]).fetchall():
        table = sql.Identifier(origin, name)
        raw.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(table, sql.Identifier(target)))
