"""From the embedded SQLite file into an empty PostgreSQL: the same rows, the same numbers, nothing opened on the way.

Sealed fields travel sealed. The file is read only and stays where it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
from django.db import Error

from guixiao.conf import database, home

from . import places, proving, server, writing
from .loading import Loader
from .proving import Proof
from .refusals import Refused
from .snapshot import Snapshot, SqliteSnapshot
from .tables import Digest, behind
from .writing import Manifest

Tell = Callable[[str], object]


def move(url: str, now: datetime, tell: Tell, *, anyway: bool = False) -> Proof:
    """Everything of this installation's SQLite file into the database at ``url``.

    Raises :class:`Refused` with that database as it was; then it may simply be tried again. ``anyway`` moves also
    an installation whose journal has problems: they go along.
    """
    if not url.startswith(("postgres://", "postgresql://")):
        raise Refused("say where to: guixiao move-to-postgres postgresql://user@host/name")
    with _told(), places.nobody_in(home.home()), _nobody_writes(_file()), SqliteSnapshot(_file()) as source:
        _look_first(source, url, tell, anyway=anyway)
        proof, _ = server.filled(url, source.migrations(), _filler(source, now, tell), now, replace=False)
        tell("every row, counter and chain head is equal on the other side")
        proving.verify(proof, home.home(), url)
        tell(
            f"verified there: {proof.chains} chains, {proof.entries} entries, {len(proof.problems)} problems"
        )
    return proof


def _file() -> Path:
    said = database.from_url(home.database_url())
    if not said["ENGINE"].endswith("sqlite3"):
        raise Refused(
            "this installation is on PostgreSQL already (DATABASE_URL): unset it to move the SQLite file"
        )
    return Path(said["NAME"])


@contextmanager
def _nobody_writes(file: Path) -> Iterator[None]:
    """A command that writes while the server stands still (an import, a tick) would be lost: it waits instead."""
    if not file.exists():
        raise Refused(f"there is no database at {file}: see GUIXIAO_HOME")
    with closing(sqlite3.connect(file, isolation_level=None, timeout=5)) as lock:
        try:
            lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            raise Refused(
                f"somebody is writing to {file}: stop the server, the worker and imports first"
            ) from None
        try:
            yield
        finally:
            lock.execute("ROLLBACK")


def _look_first(source: Snapshot, url: str, tell: Tell, *, anyway: bool) -> None:
    server.refuse_unless_empty(url)
    if behind(source.migrations()):
        raise Refused("the SQLite file is of an older version than this program: run `guixiao init` first")
    before = Proof(writing.Manifest("", "", "", []))
    proving.verify(before, home.home(), home.database_url())
    tell(
        f"the journal before: {before.chains} chains, {before.entries} entries, {len(before.problems)} problems"
    )
    if before.problems and not anyway:
        raise Refused(
            f"the journal does not hold ({before.problems[0]}): see `guixiao verify`, or say --anyway"
        )


def _filler(source: Snapshot, now: datetime, tell: Tell) -> server.Fill:
    def fill(loader: Loader) -> Manifest:
        manifest = writing.start_of(source, now)
        listed = source.tables()
        loader.begin(listed)
        for table in listed:
            found = Digest(table)
            for batch in source.rows(table):
                found.take(batch)
                loader.rows(table, batch)
            manifest.note(found, source.counter(table))
            loader.counter(table, source.counter(table))
        loader.end()
        manifest.heads = [list(head) for head in source.heads()]
        tell(f"{manifest.rows} rows of {len(listed)} tables carried over")
        return manifest

    return fill


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, psycopg.Error, Error) as problem:
        raise Refused(
            f"nothing was moved, both databases are as they were: {str(problem).strip()}"
        ) from problem
