"""The home folder's contents change hands in one step, and the old ones stay aside with a way back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from guixiao.conf import running

from .proving import DATABASE
from .refusals import Refused
from .shelf import make, sync
from .writing import ANCHORS, SMALL

OURS = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "files", ANCHORS, *SMALL, "verify.json")
BEFORE = "before-restore-"
INCOMING = ".incoming"


@contextmanager
def nobody_in(place: Path) -> Iterator[None]:
    """Raises :class:`Refused` while a server or a worker runs there."""
    make(place)
    try:
        with running.stopped(place):
            yield
    except running.AtWork as why:
        raise Refused(str(why)) from None


@contextmanager
def incoming(place: Path) -> Iterator[Path]:
    """A folder inside ``place`` in which what comes is built; gone afterwards, also what a crash left."""
    new = place / INCOMING
    shutil.rmtree(new, ignore_errors=True)
    try:
        yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)


def aside(place: Path, now: datetime) -> Path:
    """A folder name nobody has used."""
    stem = f"{BEFORE}{now.astimezone(UTC):%Y%m%d-%H%M%S}"
    return next(
        path
        for number in range(1000)
        if not (path := place / f"{stem}{f'-{number}' if number else ''}").exists()
    )


def taken(place: Path) -> list[str]:
    """What of ours already lies in the folder; an empty folder of files does not count."""
    return [
        name for name in OURS if (path := place / name).is_file() or (path.is_dir() and any(path.iterdir()))
    ]


def exchange(place: Path, new: Path, old: Path, *, database: bool = True) -> None:
    """What is in ``new`` takes the place of what is there, which goes to ``old``. Undone if it stops half-way."""
    moved: list[tuple[Path, Path]] = []
    old.mkdir(mode=0o700)
    try:
        for origin, target in ((place, old), (new, place)):
            for name in OURS:
                if not database and name.startswith(DATABASE):
                    continue
                if (origin / name).exists():
                    (origin / name).rename(target / name)
                    moved.append((target / name, origin / name))
    except OSError:
        for now_at, was_at in reversed(moved):
            now_at.rename(was_at)
        old.rmdir()
        raise
    if not any(old.iterdir()):
        old.rmdir()
    sync(place)


def newest_aside(place: Path) -> Path:
    """What the last restore put aside. Raises :class:`Refused` where there is none."""
    found = sorted(path for path in place.glob(f"{BEFORE}*") if path.is_dir())
    if not found:
        raise Refused(f"nothing lies aside in {place}: no restore replaced anything here")
    return found[-1]
