"""What a killed process left behind goes; what a record points at, and what is fresh, stays."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from guixiao.duties import worker
from guixiao.duties.shares import Summary
from guixiao.files import blobs, sweep
from guixiao.files.models import Purpose, StoredFile
from guixiao.testing.cast import Cast


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def aged(path: Path, seconds: float) -> Path:
    moment = path.stat().st_mtime - seconds
    os.utime(path, (moment, moment))
    return path


def stored(cast: Cast) -> Path:
    """A file with its row; this test is about the folder, so the row is made by hand."""
    name = blobs.put(b"kept")
    StoredFile.objects.create(
        student=cast.child, purpose=Purpose.VISIT_PHOTO, owner=1, title="a.jpg", mime="image/jpeg", size=4,
        sha256="", store=name, uploaded_by=1, at=cast.now,
    )  # fmt: skip
    return blobs.path_of(name)


def test_a_file_nobody_points_at_goes_after_a_week(cast: Cast) -> None:
    kept = aged(stored(cast), 30 * sweep.WEEK)
    orphan = aged(blobs.path_of(blobs.put(b"orphan")), sweep.WEEK + 60)
    fresh = aged(blobs.path_of(blobs.put(b"its row is being written")), sweep.WEEK - 60)
    assert sweep.sweep() == 1
    assert kept.exists()
    assert fresh.exists()
    assert not orphan.exists()


def test_half_a_file_goes_after_an_hour(cast: Cast) -> None:
    whole = stored(cast)
    half = whole.with_suffix(".new")
    half.write_bytes(b"GX1")
    assert sweep.sweep() == 0, "somebody may be writing it"
    aged(half, sweep.HOUR + 60)
    assert sweep.sweep() == 1
    assert not half.exists()
    assert whole.exists()


def test_what_is_not_ours_is_left_alone(db: None, folder: Path) -> None:
    note = folder / "read-me.txt"
    note.write_text("put here by the administrator")
    aged(note, 30 * sweep.WEEK)
    assert sweep.sweep() == 0
    assert note.exists()


def test_no_folder_is_nothing_to_sweep(db: None, folder: Path) -> None:
    folder.rmdir()
    assert sweep.sweep() == 0


def test_the_worker_sweeps_when_a_day_has_begun(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)  # the test's own is needed still
    swept: list[str] = []
    monkeypatch.setattr(sweep, "sweep", lambda: swept.append("swept"))
    monkeypatch.setattr(worker, "tick", lambda _now, hand: Summary(daily=True))
    worker.once(datetime(2026, 9, 28, tzinfo=UTC))
    assert swept == ["swept"]
    monkeypatch.setattr(worker, "tick", lambda _now, hand: Summary(daily=False))
    worker.once(datetime(2026, 9, 28, tzinfo=UTC))
    assert swept == ["swept"], "once a day"
