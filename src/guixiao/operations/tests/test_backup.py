"""A backup is taken while people work, is proven elsewhere, and what goes wrong leaves no trace."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from guixiao.conf import edge
from guixiao.facts import happenings
from guixiao.facts.codes import Mark, Session
from guixiao.files import blobs
from guixiao.files.models import StoredFile
from guixiao.journal import anchors
from guixiao.journal.append import Stated, append
from guixiao.journal.models import Entry
from guixiao.operations import archive, backup, shelf, writing
from guixiao.operations.drill import drill
from guixiao.operations.refusals import Refused
from guixiao.operations.snapshot import Snapshot, snapshot

from .conftest import KEEP, NOW, PHOTO, Installation, url_of_test_database


@pytest.mark.usefixtures("by_a_process_of_its_own")
def test_it_is_whole_verified_and_noted(installation: Installation) -> None:
    kept, file = installation.back_up()
    assert kept.verified
    assert kept.problems == []
    assert kept.files == 2
    assert kept.bytes == file.stat().st_size
    assert shelf.listing(installation.shelf) == [kept]
    assert shelf.last()["file"] == kept.file
    assert shelf.last()["verified"] is True
    assert sorted(path.name for path in installation.shelf.iterdir()) == sorted(
        [".lock", file.name, file.with_suffix(".json").name, "status.json"]
    )


def test_nothing_readable_lies_in_it(installation: Installation) -> None:
    _, file = installation.back_up()
    content = file.read_bytes()
    assert "李小满".encode() not in content
    assert b"people_student" not in content
    assert PHOTO[:64] not in content


@pytest.mark.usefixtures("by_a_process_of_its_own")
def test_under_load_it_is_one_moment(installation: Installation) -> None:
    """Writers never stop while it is taken; what it holds verifies, and they have gone on meanwhile."""
    before = Entry.objects.count()
    with writers(installation, 3):
        kept, _ = installation.back_up()
        during = Entry.objects.count()
    assert kept.verified, kept.problems
    assert during > before


@contextmanager
def writers(installation: Installation, number: int) -> Iterator[None]:
    stop, failures = threading.Event(), []

    def work(which: int) -> None:
        by = installation.cast.actor("class_teacher").by("rollcall.take")
        day = date(2026, 9, 1)
        try:
            while not stop.wait(0.01):
                fact = happenings.AbsenceMarked(
                    student=installation.cast.child.pk,
                    class_id=installation.cast.klass.pk,
                    day=day,
                    session=Session.MORNING,
                    mark=Mark.NONE,
                )
                with transaction.atomic():
                    append([Stated(fact)], by=by, now=NOW)
                installation.photo(os.urandom(20_000))
                if not which:
                    anchors.write(day, anchors.default_file())
                day += timedelta(days=1)
        except Exception as failed:
            failures.append(failed)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[which]) for which in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures


@pytest.mark.usefixtures("by_a_process_of_its_own")
def test_what_others_write_meanwhile_is_not_in_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows, files and anchors that come after the moment stay out, though they are there when it is read."""
    real = writing.tables

    def with_company(out: Any, source: Snapshot, *rest: Any) -> None:
        def photograph() -> None:
            installation.photo(b"late")
            connection.close()

        thread = threading.Thread(target=photograph)
        thread.start()
        thread.join()
        anchors.write(date(2026, 11, 24), anchors.default_file())
        real(out, source, *rest)

    monkeypatch.setattr(writing, "tables", with_company)
    kept, _ = installation.back_up()
    assert StoredFile.objects.count() == 3
    assert kept.files == 2
    assert kept.verified, kept.problems


def test_a_file_that_is_gone_is_named_and_the_rest_is_kept(installation: Installation) -> None:
    store = installation.photo(b"lost")
    blobs.discard(store)
    kept, file = installation.back_up()
    assert not kept.verified
    assert store in kept.problems[0]
    assert file.exists()


@pytest.mark.usefixtures("by_a_process_of_its_own")
def test_a_journal_that_does_not_hold_is_kept_as_it_is_and_said(installation: Installation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_student SET sex = 'x' WHERE id = %s", [installation.cast.child.pk])
    kept, _ = installation.back_up()
    assert not kept.verified
    assert "state altered" in kept.problems[0]


def test_one_that_differs_from_the_original_is_not_kept(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.back_up()
    there = installation.everything()
    real = writing.tables

    def lossy(out: Any, source: Snapshot, *rest: Any) -> None:
        monkeypatch.setattr(out, "record", forgetful(out.record))
        real(out, source, *rest)

    def forgetful(record: Any) -> Any:
        lost = iter([writing.ROWS])
        wanted = next(lost)

        def instead(kind: bytes, content: bytes) -> None:
            nonlocal wanted
            if kind == wanted:
                wanted = b""
                return
            record(kind, content)

        return instead

    monkeypatch.setattr(writing, "tables", lossy)
    with pytest.raises(Refused, match="not like the original"):
        installation.back_up(NOW + timedelta(hours=1))
    assert installation.everything() == there
    assert "not like the original" in shelf.last()["failed"]["why"]
    assert shelf.last()["verified"] is True


def test_a_disk_that_runs_full_leaves_the_earlier_ones_alone(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = installation.back_up()
    there = installation.everything()
    with small_disk(tmp_path / "small", monkeypatch) as small:
        monkeypatch.setattr(backup, "_room", lambda *_: None)  # as if others had filled it meanwhile
        with pytest.raises(Refused, match="disk ran full"):
            installation.back_up(NOW + timedelta(days=1), place=small)
        assert [path.name for path in small.iterdir()] == [".lock"]
    assert installation.everything() == there
    assert shelf.last()["file"] == first.name
    assert "ran full" in shelf.last()["failed"]["why"]


@contextmanager
def small_disk(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A real one of 1 MB where we may mount; elsewhere writes that fail as on a full disk."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if not mounted:
        real = archive.Writer._out

        def full(writer: archive.Writer, data: bytes) -> None:
            if writer.bytes + len(data) > 1 << 20:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            real(writer, data)

        monkeypatch.setattr(archive.Writer, "_out", full)
    try:
        yield place
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)


def test_too_little_room_is_said_before_anything_is_written(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(installation.home)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1 << 20))
    with pytest.raises(Refused, match=r"not enough room .* 1 MB free"):
        installation.back_up()
    assert shelf.listing(installation.shelf) == []


def test_what_a_killed_run_left_goes_and_two_at_once_are_refused(installation: Installation) -> None:
    kept, _ = installation.back_up()
    (installation.shelf / "guixiao-20261101-000000.gxb.part").write_bytes(b"half")
    (installation.shelf / "guixiao-20261101-000000.json").write_text("{}")
    (installation.shelf / ".scratch-copy").mkdir()
    with shelf.alone(installation.shelf):
        assert [found.file for found in shelf.listing(installation.shelf)] == [kept.file]
        assert not list(installation.shelf.glob("*.part"))
        assert not (installation.shelf / "guixiao-20261101-000000.json").exists()
        assert not (installation.shelf / ".scratch-copy").exists()
        shelf._held.clear()  # as another process sees it
        with pytest.raises(Refused, match="another backup"):
            installation.back_up()


def test_the_drill_compares_everything_and_tries_the_refusals(installation: Installation) -> None:
    done = drill(NOW, installation.shelf, KEEP, lambda _: None)
    assert done.good
    assert done.files == 2
    assert {"people_student", "journal_entry", "django_migrations"} <= {line[0] for line in done.lines}
    assert all(original == copy for _, _, original, copy in done.lines)
    assert len(done.noticed) == 3
    assert not list(installation.shelf.glob(".scratch*"))


def test_every_table_of_every_model_is_in_it(installation: Installation) -> None:
    """None is forgotten, and every column is of a kind we know how to keep."""
    with snapshot(url_of_test_database()) as source:
        tables = {table.name: table for table in source.tables()}
    with connection.cursor() as cursor:
        there = connection.introspection.django_table_names(only_existing=True, include_views=False)
        for name in there:
            columns = {column.name for column in connection.introspection.get_table_description(cursor, name)}
            assert {column.name for column in tables[name].columns} == columns, name
    assert set(tables) == {*there, "django_migrations"}


def test_the_clock_in_its_name_is_the_one_it_was_given(installation: Installation) -> None:
    kept, _ = installation.back_up()
    assert kept.file == "guixiao-20261124-183000.gxb"
    again, _ = installation.back_up()
    assert again.file == "guixiao-20261124-183000-1.gxb"
    assert replace(again, file=kept.file).at == kept.at
    assert edge.now() != kept.at
