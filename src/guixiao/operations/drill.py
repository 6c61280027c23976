"""The drill: a backup, an installation made from it elsewhere, everything compared, and the refusals tried out."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from guixiao.conf import home
from guixiao.conf.keys import KeyRing, ring
from guixiao.files import blobs

from . import shelf
from .backup import back_up
from .proving import DATABASE
from .reading import look
from .refusals import Damaged, Refused, WrongKey
from .restore import Target, restore
from .shelf import Keep, Kept
from .snapshot import SqliteSnapshot
from .writing import Manifest

Tell = Callable[[str], object]


@dataclass(slots=True)
class Drill:
    """``lines`` is the table that was compared: (name, rows, what the original had, what the copy has)."""

    kept: Kept
    lines: list[tuple[str, int, str, str]] = field(default_factory=list)
    files: int = 0
    differing: list[str] = field(default_factory=list)
    noticed: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return self.kept.verified and not self.differing

    def told(self) -> dict[str, Any]:
        return {
            "file": self.kept.file,
            "good": self.good,
            "tables": len(self.lines),
            "rows": self.kept.rows,
            "files": self.files,
            "differing": self.differing,
            "noticed": self.noticed,
        }


def drill(now: datetime, place: Path, keep: Keep, tell: Tell) -> Drill:
    """A backup as every night, then its restoration as after a fire. Raises :class:`Refused`."""
    kept, _ = back_up(now, place, keep, tell)
    done = Drill(kept)
    with shelf.alone(shelf.status_file().parent):
        away = shelf.status_file().parent / f"{shelf.SCRATCH}drill"
        away.mkdir(mode=0o700)
        try:
            shutil.copy(home.keys_file(), away / "keys.json")
            target = Target(away, away / "keys.json")
            manifest = restore(place / kept.file, target, now, lambda _: None, replace=False).looked.manifest
            _rows(away, manifest, done)
            _files(away, done)
            _refusals(place / kept.file, away, done)
        finally:
            shutil.rmtree(away, ignore_errors=True)
    return done


def _rows(away: Path, manifest: Manifest, done: Drill) -> None:
    with SqliteSnapshot(away / DATABASE) as copy:
        for table in copy.tables():
            wanted, found = manifest.tables[table.name], copy.digest(table)
            done.lines.append((table.name, found.rows, str(wanted["sha256"]), found.value()))
            if (found.rows, found.value()) != (wanted["rows"], wanted["sha256"]):
                done.differing.append(table.name)


def _files(away: Path, done: Drill) -> None:
    """Each stored file against the one that is in use; one that is gone there since is no difference."""
    for path in sorted((away / "files").rglob("*")) if (away / "files").exists() else []:
        if not path.is_file():
            continue
        done.files += 1
        original = blobs.path_of(path.name)
        if original.exists() and _sum(original) != _sum(path):
            done.differing.append(f"file {path.name}")


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refusals(archive: Path, away: Path, done: Drill) -> None:
    """What must be noticed, is noticed: another key ring, a cut file, one bit turned over."""
    spoilt = away / "spoilt.gxb"
    size = archive.stat().st_size
    _expect(WrongKey, "another key ring", archive, replace(KeyRing.new(), current=ring().current), done)
    shutil.copy(archive, spoilt)
    with spoilt.open("r+b") as file:
        file.truncate(size - size // 3)
    _expect(Damaged, "the last third cut off", spoilt, ring(), done)
    shutil.copy(archive, spoilt)
    with spoilt.open("r+b") as file:
        file.seek(size // 2)
        byte = file.read(1)[0]
        file.seek(size // 2)
        file.write(bytes([byte ^ 1]))
    _expect(Damaged, "one bit turned over in the middle", spoilt, ring(), done)
    spoilt.unlink()


def _expect(kind: type[Refused], what: str, archive: Path, keys: KeyRing, done: Drill) -> None:
    try:
        look(archive, keys)
    except kind:
        done.noticed.append(what)
    else:
        done.differing.append(f"not noticed: {what}")
