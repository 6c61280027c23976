"""PostgreSQL as a target: restored into, moved to, kept aside and brought back. Needs its server."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from guixiao.conf import home, running
from guixiao.operations import loading, move
from guixiao.operations.refusals import Refused
from guixiao.operations.restore import Target, restore, undo
from guixiao.operations.snapshot import snapshot
from guixiao.operations.tables import Row, Table

from .conftest import NOW, Installation, url_of_test_database


@pytest.fixture
def other(transactional_db: None) -> Iterator[str]:
    """An empty database on the test's server."""
    if connection.vendor != "postgresql":
        pytest.skip("runs with the suite on PostgreSQL")
    name = f"{connection.settings_dict['NAME']}_other"
    url = url_of_test_database()
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        admin.execute(f"CREATE DATABASE {name}".encode())
    yield url.rsplit("/", 1)[0] + f"/{name}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def embedded(installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The installation, on SQLite in a home folder of its own."""
    _, file = installation.back_up()
    place = tmp_path / "embedded"
    place.mkdir()
    restore(file, Target(place, home.keys_file()), NOW, lambda _: None, replace=False)
    monkeypatch.setenv("GUIXIAO_HOME", str(place))
    monkeypatch.delenv("DATABASE_URL")
    return place


def digests(url: str) -> dict[str, tuple[int, str, int]]:
    with snapshot(url) as source:
        return {
            table.name: (found.rows, found.value(), source.counter(table))
            for table in source.tables()
            for found in [source.digest(table)]
        }


def constraints(url: str) -> list[Any]:
    with psycopg.connect(url) as raw:
        keys = raw.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1"
        ).fetchall()
        indexes = raw.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'kept%' "
            "ORDER BY 1"
        ).fetchall()
    return [keys, indexes]


@pytest.mark.usefixtures("by_a_process_of_its_own")
def test_moved_the_same_rows_keys_indexes_and_counters(
    other: str, embedded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into a database that was only just made; a try that fails leaves that as it was and is repeated."""
    ours = url_of_test_database()
    file = (embedded / "guixiao.sqlite3").read_bytes()
    with loading.another(other) as made:
        loading.bring_up_to_date(made)
    before = digests(other)
    real = loading.PostgresLoader.rows

    def failing(loader: loading.PostgresLoader, table: Table, batch: list[Row]) -> None:
        if table.name == "people_student":
            raise OSError("the cable was pulled")
        real(loader, table, batch)

    with monkeypatch.context() as patch:
        patch.setattr(loading.PostgresLoader, "rows", failing)
        with pytest.raises(Refused, match="nothing was moved"):
            move.move(other, NOW, lambda _: None)
    assert digests(other) == before
    assert move.move(other, NOW, lambda _: None).good
    assert digests(other) == digests(ours)
    assert constraints(other) == constraints(ours)
    assert (embedded / "guixiao.sqlite3").read_bytes() == file
    with pytest.raises(Refused, match="not empty"):
        move.move(other, NOW, lambda _: None)


def test_a_row_that_points_nowhere_stops_the_move(other: str, embedded: Path) -> None:
    with sqlite3.connect(embedded / "guixiao.sqlite3") as raw:
        raw.execute(
            "UPDATE people_enrolment SET student_id = 999999 WHERE id = (SELECT min(id) FROM people_enrolment)"
        )
    with pytest.raises(Refused, match="point to rows that are not there"):
        move.move(other, NOW, lambda _: None, anyway=True)


def test_a_move_is_refused_while_somebody_is_at_work(other: str, embedded: Path) -> None:
    running.hold()
    try:
        with pytest.raises(Refused, match="stop it first"):
            move.move(other, NOW, lambda _: None)
    finally:
        os.close(running._held.pop())


def test_a_database_of_somebody_else_is_left_alone(other: str, embedded: Path) -> None:
    with psycopg.connect(other) as raw:
        raw.execute("CREATE TABLE wages (id int)")
    with pytest.raises(Refused, match="not ours"):
        move.move(other, NOW, lambda _: None)


def test_where_to_is_said(other: str, embedded: Path) -> None:
    for url in ("", "sqlite:///x"):
        with pytest.raises(Refused, match="say where to"):
            move.move(url, NOW, lambda _: None)
    with pytest.raises(Refused, match="cannot be reached"):
        move.move("postgresql://nobody@127.0.0.1:1/nothing", NOW, lambda _: None)


def test_restored_into_a_server_and_brought_back(
    other: str, installation: Installation, tmp_path: Path
) -> None:
    ours = url_of_test_database()
    _, first = installation.back_up()
    before = digests(ours)
    target = Target(tmp_path / "served", home.keys_file(), other)
    done = restore(first, target, NOW, lambda _: None, replace=False)
    assert done.proof.unequal == []
    assert digests(other) == before
    installation.photo(b"later")
    _, second = installation.back_up()
    with pytest.raises(Refused, match="not empty"):
        restore(second, target, NOW, lambda _: None, replace=False)
    restore(second, target, NOW, lambda _: None, replace=True)
    assert digests(other) == digests(ours) != before
    undo(target, NOW)
    assert digests(other) == before
