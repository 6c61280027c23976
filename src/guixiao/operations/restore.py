"""A backup becomes an installation again: everything is checked first, built aside, proven, then put in place."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from django.db import Error

from guixiao.conf.keys import KeyRing

from . import places, proving, server
from .proving import DATABASE, Proof
from .reading import Looked, look
from .refusals import Refused, no_space
from .tables import known

Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a backup goes: a home folder, and a PostgreSQL database unless the folder's own file serves."""

    home: Path
    keys: Path
    url: str = ""

    @property
    def on_server(self) -> bool:
        return bool(self.url)


@dataclass(frozen=True, slots=True)
class Restored:
    proof: Proof
    looked: Looked
    aside: Path | None


def restore(archive: Path, target: Target, now: datetime, tell: Tell, *, replace: bool) -> Restored:
    """Put a backup in place. Raises :class:`Refused` with the target as it was before."""
    ring = KeyRing.load(target.keys)
    with _told(), places.nobody_in(target.home):
        looked = look(archive, ring)
        of = looked.manifest
        tell(f"{archive.name}: whole, of {of.at}, {of.rows} rows, from {of.engine}")
        known(looked.migrations)  # refuses what is newer than this program
        _room(target.home, looked)
        _free_to_take(target, replace=replace)
        with places.incoming(target.home) as new:
            if target.on_server:
                proof, back = server.put_back(archive, ring, target.url, new, now, replace=replace)
            else:
                proof, back = proving.put_back(archive, ring, new), ""
            if proof.unequal:
                raise Refused(f"what was restored differs from the backup: {'; '.join(proof.unequal[:3])}")
            tell("every row, counter, chain head and file is as it was")
            old = places.aside(target.home, now)
            _verified(proof, new, target)
            tell(f"verified: {proof.chains} chains, {proof.entries} entries, {len(proof.problems)} problems")
            os.sync()
            places.exchange(target.home, new, old, database=not target.on_server)
        if back:
            tell(f"the tables that were there are kept in the schema {back}")
    return Restored(proof, looked, old if old.exists() else None)


def undo(target: Target, now: datetime) -> Path | None:
    """The way back: what the last restore put aside returns, what it brought goes aside in its turn."""
    with _told(), places.nobody_in(target.home):
        if target.on_server:
            server.bring_back(target.url, now)
        back = places.newest_aside(target.home)
        old = places.aside(target.home, now)
        places.exchange(target.home, back, old, database=not target.on_server)
        shutil.rmtree(back)
    return old if old.exists() else None


def _verified(proof: Proof, new: Path, target: Target) -> None:
    proving.verify(proof, new, target.url, target.keys)


def _free_to_take(target: Target, *, replace: bool) -> None:
    """Raises :class:`Refused` where something would be in the way."""
    there = [name for name in places.taken(target.home) if name not in ("clock.json", "verify.json")]
    if not target.on_server and DATABASE in there and not _holds_data(target.home / DATABASE):
        there = [name for name in there if not name.startswith(DATABASE)]
    if target.on_server:
        there = [name for name in there if not name.startswith(DATABASE)]
    if there and not replace:
        raise Refused(
            f"{target.home} is not empty ({', '.join(there)}): name another folder with --home, "
            "or say --replace, which keeps what is there aside"
        )


def _holds_data(database: Path) -> bool:
    """Was anything ever written here, or was it only made by ``guixiao init``?"""
    try:
        with contextlib.closing(sqlite3.connect(database)) as connection:
            return bool(connection.execute("SELECT count(*) FROM journal_chain").fetchone()[0])
    except sqlite3.Error:
        return True  # not ours, or not sound: nothing to overwrite unasked


def _room(place: Path, looked: Looked) -> None:
    free = shutil.disk_usage(place).free
    if free < looked.room:
        raise Refused(
            f"not enough room in {place}: {looked.room >> 20} MB wanted, {free >> 20} MB free. "
            "Make room, or name another folder with --home"
        )


@contextmanager
def _told() -> Iterator[None]:
    """Whatever stops it on the way is said in one sentence; what was built aside is gone by then."""
    try:
        yield
    except (OSError, sqlite3.Error, psycopg.Error, Error) as problem:
        why = "the disk ran full" if no_space(problem) else str(problem).strip()
        raise Refused(f"nothing was put in place, everything is as it was: {why}") from problem
