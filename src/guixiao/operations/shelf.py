"""The folder the backups stand in: their names, what is known of each, which may go, and the last result.

``guixiao-20261124-183000.gxb`` (UTC) and beside it ``….json``, what was found when it was verified. The second is
written first, so that a file that bears its final name is a backup that was proven. ``status.json`` in the home
folder's ``backups`` tells the health page how the last one went.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils.timezone import get_default_timezone

from guixiao.conf import home

from .refusals import Refused

SUFFIX = ".gxb"
NAME = re.compile(r"guixiao-(\d{8}-\d{6})(-\d+)?\.gxb")
MADE_ON_THE_WAY = (".part", ".told")
SCRATCH = ".scratch-"
_held: set[Path] = set()  # the folders this process has locked


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days, weeks and months have one backup kept each, the newest of theirs."""

    days: int
    weeks: int
    months: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of one backup. ``verified``: put back elsewhere, found equal, and its journal whole."""

    file: str
    at: datetime
    bytes: int
    sha256: str
    engine: str
    version: str
    verified: bool
    rows: int
    files: int
    problems: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        return {**asdict(self), "at": self.at.isoformat()}


def folder() -> Path:
    """Where backups go unless somebody says otherwise: ``GUIXIAO_BACKUP_DIR`` or ``backups`` in the home folder."""
    return Path(os.environ.get("GUIXIAO_BACKUP_DIR", home.home() / "backups")).resolve()


def status_file() -> Path:
    return home.home() / "backups" / "status.json"


def make(place: Path) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise Refused(
            f"{place} cannot be made ({problem.strerror}): name a folder that can be written"
        ) from None


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """One backup at a time in a folder; what a run that was cut off left behind is cleared away first."""
    make(place)
    if place in _held:
        yield
        return
    with (place / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"another backup is being written in {place}: wait for it") from None
        _held.add(place)
        clear(place)
        try:
            yield
        finally:
            clear(place)
            _held.discard(place)


def clear(place: Path) -> None:
    """Remove what is only made on the way. Call it under the lock."""
    for found in place.iterdir():
        if found.name.startswith(SCRATCH):
            shutil.rmtree(found, ignore_errors=True)
        elif found.suffix in MADE_ON_THE_WAY or (found.suffix == ".json" and _orphan(found)):
            found.unlink(missing_ok=True)


def _orphan(note: Path) -> bool:
    file = note.with_suffix(SUFFIX)
    return bool(NAME.fullmatch(file.name)) and not file.exists()


def free_name(place: Path, now: datetime) -> str:
    stem = f"guixiao-{now.astimezone(UTC):%Y%m%d-%H%M%S}"
    for number in range(1000):
        name = f"{stem}{f'-{number}' if number else ''}{SUFFIX}"
        if not (place / name).exists():
            return name
    raise Refused(f"{place} holds a thousand backups of this second")


def put(place: Path, part: Path, kept: Kept) -> Path:
    """The file gets its name: from here on it is a backup."""
    final = place / kept.file
    write(final.with_suffix(".json"), json.dumps(kept.told(), ensure_ascii=False, indent=1))
    part.rename(final)
    sync(place)
    return final


def write(path: Path, text: str) -> None:
    """In one step, and on disk."""
    scratch = path.with_suffix(".told")
    with scratch.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.rename(path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """A name that was given survives a power cut."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def listing(place: Path) -> list[Kept]:
    """Every backup in the folder, the newest first; one whose note is gone counts as not verified."""
    if not place.is_dir():
        return []
    found = [_known(file) for file in place.iterdir() if NAME.fullmatch(file.name)]
    return sorted(found, key=lambda kept: (kept.at, kept.file), reverse=True)


def _known(file: Path) -> Kept:
    try:
        said = json.loads(file.with_suffix(".json").read_text())
        return Kept(**{**said, "at": datetime.fromisoformat(said["at"]), "file": file.name})
    except (OSError, ValueError, KeyError, TypeError):
        taken = NAME.fullmatch(file.name)
        at = datetime.strptime(taken[1] if taken else "", "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
        return Kept(file.name, at, file.stat().st_size, "", "", "", verified=False, rows=0, files=0)


def too_many(found: list[Kept], keep: Keep) -> list[Kept]:
    """What may go: verified ones no day, week or month needs, others once a verified one is a week younger.

    The newest verified backup and those of the day before it stay whatever the numbers say.
    """
    verified = sorted((kept for kept in found if kept.verified), key=lambda kept: kept.at, reverse=True)
    if not verified:
        return []
    stay = {kept.file for kept in verified if kept.at > verified[0].at - timedelta(days=1)}
    zone = get_default_timezone()
    for form, most in (("%Y-%m-%d", keep.days), ("%G-%V", keep.weeks), ("%Y-%m", keep.months)):
        newest: dict[str, str] = {}
        for kept in verified:
            newest.setdefault(f"{kept.at.astimezone(zone):{form}}", kept.file)
        stay.update(list(newest.values())[:most])
    week_ago = verified[0].at - timedelta(days=7)
    return [kept for kept in found if kept.file not in stay and (kept.verified or kept.at < week_ago)]


def prune(place: Path, keep: Keep) -> list[Kept]:
    """Remove what is too much; the file first, its note after it."""
    gone = too_many(listing(place), keep)
    for kept in gone:
        (place / kept.file).unlink(missing_ok=True)
        (place / kept.file).with_suffix(".json").unlink(missing_ok=True)
    return gone


def last() -> dict[str, Any]:
    """What ``status.json`` says; nothing where there is none."""
    try:
        said = json.loads(status_file().read_text())
        return said if isinstance(said, dict) else {}
    except (OSError, ValueError):
        return {}


def report(kept: Kept, place: Path) -> None:
    """The last one went well, or at least was written."""
    make(status_file().parent)
    write(status_file(), json.dumps({**kept.told(), "folder": str(place)}, ensure_ascii=False, indent=1))


def report_failure(why: str, now: datetime) -> None:
    """The last try failed; what is known of the last good one stays. A full disk may refuse even this."""
    if not home.home().is_dir():
        return
    with suppress(OSError, Refused):
        make(status_file().parent)
        said = {**last(), "failed": {"at": now.isoformat(), "why": why}}
        write(status_file(), json.dumps(said, ensure_ascii=False, indent=1))
