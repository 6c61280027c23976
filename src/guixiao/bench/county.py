"""Counties to measure in: each built once an engine and kept in ``bench`` under the home folder; a run works
on a copy, so that every run finds the same county."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.core.management.base import CommandError
from psycopg import sql

from guixiao.conf import home

from .spec import Spec

Say = Callable[[str], None]
READY = "ready.json"


@dataclass(frozen=True, slots=True)
class County:
    """One county: its folder, and the database it lives in (a file of that folder, or one of the server)."""

    folder: Path
    url: str

    def environment(self) -> dict[str, str]:
        """What a process must be told to live there: the home, the database, a clock that can be turned."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("GUIXIAO_")}
        return own | {
            "GUIXIAO_HOME": str(self.folder),
            "GUIXIAO_MAKE_KEYS": "1",
            "GUIXIAO_DEMO": "1",
            "GUIXIAO_HTTPS": "0",
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "guixiao.bench.settings",
        }

    def inside(self, job: str, *arguments: str) -> Any:
        """Run a job of ``bench_inside`` there; what it prints is JSON. Raises ``CommandError`` when it fails."""
        command = [sys.executable, "-m", "guixiao", "bench_inside", job, *arguments]
        ran = subprocess.run(  # noqa: S603 - our own command, no shell
            command, env=self.environment(), stdout=subprocess.PIPE, check=False
        )
        if ran.returncode:
            raise CommandError(f"bench: {job} failed in {self.folder.name}; its own words stand above")
        return json.loads(ran.stdout or b"null")


def engine() -> str:
    """``sqlite`` or ``postgresql``: the engine of this installation, on which is measured."""
    return "postgresql" if urlsplit(home.database_url()).scheme.startswith("postgres") else "sqlite"


def ready(spec: Spec, say: Say) -> County:
    """The county of this size, built when it is not there yet, migrated when the product has moved on."""
    found = _county(spec.name)
    if (found.folder / READY).exists() and _there(found):
        found.inside("migrate")
        return found
    say(f"{spec.name}: building it once ({engine()})")
    _erase(found)
    found.folder.mkdir(parents=True)
    if engine() == "postgresql":
        _on_server("CREATE DATABASE {}", spec.name)
    found.inside("build", *spec.arguments())
    (found.folder / READY).write_text(json.dumps(spec.arguments()))
    return found


@contextmanager
def copy(spec: Spec, say: Say) -> Iterator[County]:
    """A copy of that county to live on in; gone afterwards."""
    original, scratch = ready(spec, say), _county(f"{spec.name}_run")
    _erase(scratch)
    shutil.copytree(original.folder, scratch.folder)
    if engine() == "postgresql":
        _on_server("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", f"{spec.name}_run", spec.name)
    try:
        yield scratch
    finally:
        _erase(scratch)


@contextmanager
def empty(name: str, say: Say) -> Iterator[County]:
    """An installation with nothing in it; gone afterwards."""
    scratch = _county(f"{name}_run")
    _erase(scratch)
    scratch.folder.mkdir(parents=True)
    if engine() == "postgresql":
        _on_server("CREATE DATABASE {}", _name(scratch))
    scratch.inside("migrate")
    try:
        yield scratch
    finally:
        _erase(scratch)


def _county(name: str) -> County:
    folder = Path(settings.HOME) / "bench" / engine() / name
    if engine() == "sqlite":
        return County(folder, f"sqlite:///{folder / 'guixiao.sqlite3'}")
    return County(folder, urlsplit(home.database_url())._replace(path=f"/{name}").geturl())


def _there(county: County) -> bool:
    if engine() == "sqlite":
        return (county.folder / "guixiao.sqlite3").exists()
    with psycopg.connect(home.database_url(), autocommit=True) as server:
        row = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_name(county)]).fetchone()
    return row is not None


def _erase(county: County) -> None:
    shutil.rmtree(county.folder, ignore_errors=True)
    if engine() == "postgresql":
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", _name(county))


def _name(county: County) -> str:
    return urlsplit(county.url).path[1:]


def _on_server(statement: str, *names: str) -> None:
    with psycopg.connect(home.database_url(), autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def setting(spec: Spec, more: Sequence[tuple[str, str | int | float]] = ()) -> dict[str, str | int | float]:
    """What every result says of its county."""
    return {"engine": engine(), "classes": spec.classes, "pupils": spec.pupils, **dict(more)}
