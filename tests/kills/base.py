"""The home every life begins with: a small made-up county on a September morning, built once, copied often.

``python -m tests.kills.base`` builds it in ``$GUIXIAO_HOME`` through the demo's own builders; nothing has
happened there yet but the start of term.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from guixiao.facts.clock import at

ROOT = Path(__file__).resolve().parents[2]
PATH = f"{ROOT / 'src'}{os.pathsep}{ROOT}"  # the tree this file stands in, wherever it is installed from
POINTS = Path(__file__).parent / "points"
SCHOOL = "石板河初级中学"
BEGINS = at(date(2026, 9, 9), 8, 5)


@dataclass(frozen=True, slots=True)
class Home:
    """An installation: its folder and its database."""

    folder: Path
    url: str  # DATABASE_URL

    @property
    def env(self) -> dict[str, str]:
        """What a process of this installation is started with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GUIXIAO_")}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        return kept | {
            "GUIXIAO_HOME": str(self.folder),
            "GUIXIAO_KEYS": str(self.folder / "keys.json"),
            "DATABASE_URL": self.url,
            "GUIXIAO_HTTPS": "0",
            "GUIXIAO_DEMO": "1",
            "PYTHONPATH": PATH,
        }

    def run(self, *command: str, **more: str) -> str:
        """A command of the house in this home; its output. Raises with what it said when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            env=self.env | more,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout


class Homes:
    """Makes homes beneath one folder, on SQLite files or on databases of one PostgreSQL server."""

    def __init__(self, folder: Path, server: str = "") -> None:
        self.folder, self.server = folder, server

    def home(self, name: str) -> Home:
        place = self.folder / name
        if not self.server:
            return Home(place, f"sqlite:///{place / 'guixiao.sqlite3'}")
        return Home(place, urlunsplit(urlsplit(self.server)._replace(path=f"/{self._database(name)}")))

    def build(self) -> Home:
        """The base, built anew."""
        base = self.home("base")
        base.folder.mkdir(parents=True)
        self._sql(f'CREATE DATABASE "{self._database("base")}"')
        base.run("guixiao", "migrate", "--verbosity", "0", GUIXIAO_MAKE_KEYS="1")
        base.run("tests.kills.base")
        return base

    def copy(self, name: str) -> Home:
        """A fresh copy of the base under ``name``; what stood there before is gone."""
        here = self.home(name)
        self.drop(name)
        shutil.copytree(self.folder / "base", here.folder)
        self._sql(f'CREATE DATABASE "{self._database(name)}" TEMPLATE "{self._database("base")}"')
        return here

    def drop(self, name: str) -> None:
        shutil.rmtree(self.folder / name, ignore_errors=True)
        self._sql(f'DROP DATABASE IF EXISTS "{self._database(name)}" WITH (FORCE)')

    def _database(self, name: str) -> str:
        return f"kills_{os.getpid()}_{name}"

    def _sql(self, statement: str) -> None:
        if not self.server:
            return
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement.encode())


def plan() -> dict[str, Any]:
    """The demo's plan with one junior school of twenty-four small classes, and a second school for the outsider."""
    from guixiao.demo import county

    found = dict(county.plan())
    schools = {
        "石板河镇": {SCHOOL: {"kind": "junior", "grades": [8, 8], "classes": 24, "size": 4}},
        "双河镇": {"双河中心小学": {"kind": "primary", "grades": [1, 1], "classes": 1, "size": 3}},
    }
    found["townships"] = {
        name: {**found["townships"][name], "schools": rows} for name, rows in schools.items()
    }
    found["county_schools"] = {}
    found["overlays"] = []
    return found


def fill() -> None:
    """Places, staff, accounts, children and adopted regulations; then the first tick."""
    import django

    django.setup()
    from django.db import transaction

    from guixiao.conf import edge
    from guixiao.demo import build, county, staff
    from guixiao.demo.accounts import open_accounts
    from guixiao.demo.names import Names
    from guixiao.duties.tick import tick

    small = plan()
    county.plan = lambda: small  # type: ignore[assignment]  # for this process only
    with transaction.atomic():
        made, names = county.build(), Names(7)
        people = staff.appoint(made, names)
        accounts, _logins = open_accounts(people, made)
        build._adopt(made)
        build._enrol(made, people, names, accounts, lambda _line: None)
    tick(BEGINS)
    edge.stand_at(BEGINS)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixiao.conf.settings")
    fill()
