"""A backup: written aside, proven by putting it back elsewhere, and only then given its name."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg

from guixiao.conf import home
from guixiao.conf.keys import ring

from . import proving, shelf, writing
from .refusals import Refused, no_space
from .shelf import Keep, Kept
from .snapshot import snapshot

Tell = Callable[[str], object]
SPARE = 64 << 20


def back_up(now: datetime, place: Path, keep: Keep, tell: Tell) -> tuple[Kept, proving.Proof]:
    """One backup of everything in ``place``. Raises :class:`Refused`, with the folder as it was before."""
    try:
        with _told_when_full(place), shelf.alone(_beside()), shelf.alone(place):
            kept, proof = _written(now, place, tell)
            shelf.report(kept, place)
            for gone in shelf.prune(place, keep):
                tell(f"removed {gone.file}: newer ones stand for its day, week and month")
    except Refused as why:
        shelf.report_failure(str(why), now)
        raise
    return kept, proof


def _written(now: datetime, place: Path, tell: Tell) -> tuple[Kept, proving.Proof]:
    name = shelf.free_name(place, now)
    part = place / f"{name}.part"
    anchored = writing.anchored_so_far()
    with snapshot(home.database_url()) as source:
        _room(place, source.bytes())
        manifest, size, sha256 = writing.write(part, source, ring(), now, tell, anchored=anchored)
    with _scratch() as scratch:
        proof = proving.put_back(part, ring(), scratch)
        if proof.unequal:
            raise Refused(
                f"the copy is not like the original ({'; '.join(proof.unequal[:3])}): nothing was kept"
            )
        tell("put back elsewhere: every row, counter, chain head and file is equal")
        proving.verify(proof, scratch)
        tell(f"verified: {proof.chains} chains, {proof.entries} entries, {len(proof.problems)} problems")
    problems = proof.problems[:20] + [f"stored file {store} is gone" for store in manifest.missing[:20]]
    kept = Kept(
        file=name,
        at=now,
        bytes=size,
        sha256=sha256,
        engine=manifest.engine,
        version=manifest.version,
        verified=not problems,
        rows=manifest.rows,
        files=int(manifest.files["count"]),
        problems=problems,
    )
    shelf.put(place, part, kept)
    return kept, proof


def _beside() -> Path:
    return shelf.status_file().parent


@contextmanager
def _scratch() -> Iterator[Path]:
    """Where a copy is put back to be looked at: beside the original, readable by the same person only."""
    place = _beside() / f"{shelf.SCRATCH}copy"
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _room(place: Path, database: int) -> None:
    """Refuse before the disk runs full: the archive, and the copy it is proven with."""
    files = sum(path.stat().st_size for path in (home.home() / "files").rglob("*") if path.is_file())
    places = {place: database + files, home.home(): int(database * 1.3) + files}
    if place.stat().st_dev == home.home().stat().st_dev:
        places = {place: sum(places.values())}
    for where, needed in places.items():
        free = shutil.disk_usage(where).free
        if free < needed + SPARE:
            raise Refused(
                f"not enough room in {where}: {needed + SPARE >> 20} MB wanted, {free >> 20} MB free. "
                "Make room, or name another folder with --to or GUIXIAO_BACKUP_DIR"
            )


@contextmanager
def _told_when_full(place: Path) -> Iterator[None]:
    """A disk that runs full in the middle ends the backup; what was half written goes with ``alone``."""
    try:
        yield
    except (OSError, sqlite3.Error, psycopg.Error) as problem:
        if no_space(problem):
            raise Refused(
                f"the disk ran full while the backup was written to {place}: nothing of it was kept, "
                "earlier backups are as they were. Make room, or name another folder"
            ) from problem
        raise Refused(f"the backup was not made: {problem}") from problem
