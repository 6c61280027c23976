"""Back from a backup: checked before anything is touched, put in place in one step, with a way back."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from guixiao.conf import home, running
from guixiao.conf.keys import KeyRing, ring
from guixiao.files import blobs
from guixiao.journal.models import Chain
from guixiao.operations import places, proving, reading, writing
from guixiao.operations.archive import Writer
from guixiao.operations.refusals import Damaged, Refused, WrongKey
from guixiao.operations.restore import Restored, Target, restore, undo

from .conftest import NOW, PHOTO, Installation


@pytest.fixture
def away(tmp_path: Path) -> Path:
    place = tmp_path / "away"
    place.mkdir()
    return place


def bring(file: Path, place: Path, *, over: bool = False, keys: Path | None = None) -> Restored:
    return restore(file, Target(place, keys or home.keys_file()), NOW, lambda _: None, replace=over)


def content(place: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(place)): path.read_bytes()
        for path in sorted(place.rglob("*"))
        if path.is_file() and path.name != running.NAME
    }


@pytest.mark.usefixtures("by_a_process_of_its_own")
def test_elsewhere_everything_is_there_and_verifies(
    installation: Installation, away: Path, settings: Any
) -> None:
    heads = [list(row) for row in Chain.objects.order_by("name").values_list("name", "seq", "head")]
    _, file = installation.back_up()
    done = bring(file, away)
    assert done.proof.good
    assert done.proof.chains == len(heads)
    assert done.looked.manifest.heads == heads
    assert (away / "anchors.jsonl").read_bytes() == (installation.home / "anchors.jsonl").read_bytes()
    settings.MEDIA_ROOT = away / "files"
    with sqlite3.connect(away / proving.DATABASE) as copy:
        stores = [store for (store,) in copy.execute("SELECT store FROM files_storedfile ORDER BY id")]
    assert blobs.get(stores[0]) == PHOTO
    assert not (away / places.INCOMING).exists()


def test_another_key_ring_is_refused(installation: Installation, away: Path, tmp_path: Path) -> None:
    _, file = installation.back_up()
    other = tmp_path / "other.json"
    KeyRing.new().save(other)
    with pytest.raises(WrongKey):
        bring(file, away, keys=other)
    assert content(away) == {}


@pytest.mark.parametrize("part", [0.0, 0.001, 0.3, 0.9, 0.999999])
def test_a_cut_file_is_refused_and_nothing_is_touched(
    installation: Installation, away: Path, part: float
) -> None:
    _, file = installation.back_up()
    bring(file, away)
    there = content(away)
    os.truncate(file, int(file.stat().st_size * part))
    with pytest.raises(Damaged):
        bring(file, away, over=True)
    assert content(away) == there


def test_an_altered_file_is_refused_and_nothing_is_touched(installation: Installation, away: Path) -> None:
    _, file = installation.back_up()
    bring(file, away)
    there = content(away)
    turned = bytearray(file.read_bytes())
    turned[len(turned) // 2] ^= 4
    file.write_bytes(turned)
    with pytest.raises(Damaged):
        bring(file, away, over=True)
    assert content(away) == there


def test_what_is_not_empty_is_refused_unless_asked_and_there_is_a_way_back(
    installation: Installation, away: Path
) -> None:
    _, first = installation.back_up()
    bring(first, away)
    there = content(away)
    installation.photo(b"later")
    _, second = installation.back_up(NOW + timedelta(days=1))
    with pytest.raises(Refused, match=r"not empty .*--replace"):
        bring(second, away)
    assert content(away) == there
    done = bring(second, away, over=True)
    assert done.aside is not None
    assert content(done.aside) == there
    with sqlite3.connect(away / proving.DATABASE) as copy:
        assert copy.execute("SELECT count(*) FROM files_storedfile").fetchone() == (3,)
    aside = undo(Target(away, home.keys_file()), NOW)
    assert aside is not None
    assert {name: said for name, said in content(away).items() if not name.startswith(aside.name)} == there
    assert not done.aside.exists() or done.aside == aside


def test_while_a_server_runs_there_it_is_refused(
    installation: Installation, away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, file = installation.back_up()
    monkeypatch.setenv("GUIXIAO_HOME", str(away))
    running.hold()
    try:
        with pytest.raises(Refused, match="stop it first"):
            bring(file, away)
    finally:
        os.close(running._held.pop())
    with running.stopped(away), pytest.raises(running.AtWork):
        running.hold()
    assert bring(file, away).proof.unequal == []


def test_too_little_room_is_said_first(
    installation: Installation, away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, file = installation.back_up()
    usage = shutil.disk_usage(away)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1 << 20))
    with pytest.raises(Refused, match="not enough room"):
        bring(file, away)
    assert content(away) == {}


def test_a_disk_that_runs_full_half_way_leaves_what_was_there(
    installation: Installation, away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, file = installation.back_up()
    bring(file, away)
    there = content(away)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(reading.Unpacking, "_next_file", full)
    with pytest.raises(Refused, match="disk ran full"):
        bring(file, away, over=True)
    assert content(away) == there


def test_an_exchange_that_stops_half_way_is_undone(
    installation: Installation, away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, file = installation.back_up()
    bring(file, away)
    there = content(away)
    real: Callable[..., Path] = Path.rename

    def stubborn(path: Path, target: Path) -> Path:
        if places.INCOMING in str(path) and path.name == writing.ANCHORS:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    with pytest.raises(Refused, match="as it was"):
        bring(file, away, over=True)
    monkeypatch.undo()
    assert content(away) == there


def test_a_newer_installation_is_refused(
    installation: Installation, away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive is whole, but of a program that knows one migration more."""
    real = writing.start_of

    def newer(*given: Any) -> writing.Manifest:
        manifest = real(*given)
        manifest.migrations.append(["people", "0999_from_the_future"])
        return manifest

    with monkeypatch.context() as patch:
        patch.setattr(writing, "start_of", newer)
        patch.setattr(proving, "put_back", lambda *_: proving.Proof(writing.Manifest("", "", "", [])))
        _, file = installation.back_up()
    with pytest.raises(Refused, match=r"newer version .*0999_from_the_future"):
        bring(file, away)
    assert content(away) == {}


def test_a_name_that_leads_outside_is_refused(installation: Installation, away: Path) -> None:
    """Also where the seal is right: whoever holds the ring may still have been careless."""
    taking = reading.Unpacking(None, away, {})  # type: ignore[arg-type]  # no row comes
    for name in ("../outside", "/etc/passwd", "files/../../outside"):
        with pytest.raises(Damaged):
            taking.take(writing.FILE, name.encode())
    assert content(away.parent / "outside") == {}


def test_an_archive_that_ends_without_its_manifest_is_damaged(
    installation: Installation, away: Path, tmp_path: Path
) -> None:
    file = tmp_path / "short.gxb"
    writer = Writer(file, ring(), {})
    writer.record(writing.START, b"{}")
    writer.close()
    with pytest.raises(Damaged):
        bring(file, away)


def test_the_command_says_what_is_wrong_and_what_comes_next(
    installation: Installation, away: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, file = installation.back_up()
    with pytest.raises(CommandError, match="name the backup"):
        call_command("restore", home=away)
    with pytest.raises(CommandError, match="take postgresql://"):
        call_command("restore", str(file), database="mysql://x/y")
    call_command("restore", str(file), home=away)
    said = capsys.readouterr().out
    assert "start the service" in said
    assert "key ring" in said


def test_a_ring_with_more_keys_restores_what_an_older_one_sealed(
    installation: Installation, away: Path, tmp_path: Path
) -> None:
    _, file = installation.back_up()
    grown = tmp_path / "grown.json"
    replace(ring().with_new_field_key()).save(grown)
    assert bring(file, away, keys=grown).proof.unequal == []
