"""From a running installation into one archive: rows, stored files, anchors, and what they were, in one moment."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from guixiao import __version__
from guixiao.conf import home
from guixiao.conf.keys import KeyRing
from guixiao.files import blobs

from .archive import Writer
from .snapshot import Snapshot
from .tables import Digest, packed

START, TABLE, ROWS, FILE, BYTES, END = b"S", b"T", b"R", b"F", b"B", b"E"
LEVEL = 1  # twice as fast as the usual one, and sealed fields do not shrink anyway
READ = 1 << 20
ANCHORS = "anchors.jsonl"
SMALL = ("clock.json", "demo.json")
TOLD = (
    "GUIXIAO_HOSTS",
    "GUIXIAO_SITE",
    "GUIXIAO_IDLE_MINUTES",
    "GUIXIAO_ADMIN_SECOND_FACTOR",
    "GUIXIAO_BACKUP_AT",
)
NAMED = ("DATABASE_URL", "GUIXIAO_CHANNELS")  # may hold passwords: only that they were set
Tell = Callable[[str], object]


@dataclass(slots=True)
class Manifest:
    """What the archive holds, written at its end and held against whatever is restored from it."""

    at: str
    engine: str
    version: str
    migrations: list[list[str]]
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    heads: list[list[Any]] = field(default_factory=list)
    files: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    database_bytes: int = 0
    settings: dict[str, str] = field(default_factory=dict)

    def note(self, found: Digest, counter: int) -> None:
        """What a table held."""
        self.tables[found.table.name] = {"rows": found.rows, "sha256": found.value(), "counter": counter}

    @property
    def rows(self) -> int:
        return sum(int(one["rows"]) for one in self.tables.values())


def start_of(source: Snapshot, now: datetime) -> Manifest:
    applied = sorted([app, name] for app, name in source.migrations())
    said = {name: os.environ[name] for name in TOLD if name in os.environ}
    said |= {name: "set" for name in NAMED if name in os.environ}
    return Manifest(
        now.isoformat(), source.engine, __version__, applied, database_bytes=source.bytes(), settings=said
    )


def head_of(manifest: Manifest) -> dict[str, Any]:
    """What anybody may read of a backup without a key."""
    return {"at": manifest.at, "engine": manifest.engine, "version": manifest.version}


def write(
    path: Path, source: Snapshot, ring: KeyRing, now: datetime, tell: Tell, *, anchored: int
) -> tuple[Manifest, int, str]:
    """Everything, into ``path``. Returns the manifest, the size, the SHA-256. Memory does not grow with the data.

    ``anchored`` is how long the anchor file was before the moment of the snapshot.
    """
    manifest = start_of(source, now)
    out = Writer(path, ring, head_of(manifest))
    try:
        out.record(START, json.dumps({**head_of(manifest), "migrations": manifest.migrations}).encode())
        tables(out, source, manifest, tell)
        _files(out, source, manifest, tell, anchored)
        manifest.heads = [list(head) for head in source.heads()]
        out.record(END, json.dumps({name: getattr(manifest, name) for name in manifest.__slots__}).encode())
        sha256 = out.close()
        return manifest, out.bytes, sha256
    finally:
        out.abandon()


def tables(out: Writer, source: Snapshot, manifest: Manifest, tell: Tell) -> None:
    for table in source.tables():
        out.record(TABLE, table.name.encode())
        found = Digest(table)
        for batch in source.rows(table):
            found.take(batch)
            out.record(ROWS, zlib.compress(packed(batch), LEVEL))
        manifest.note(found, source.counter(table))
    tell(f"{manifest.rows} rows of {len(manifest.tables)} tables")


def _files(out: Writer, source: Snapshot, manifest: Manifest, tell: Tell, anchored: int) -> None:
    """The stored files the rows of this moment point to, sealed as they lie there, and the anchors."""
    total, size = hashlib.sha256(), 0
    count = 0
    for store in source.blobs():
        try:
            digest, length = _copy(out, f"files/{store[:2]}/{store}", blobs.path_of(store))
        except (FileNotFoundError, blobs.CannotOpen):
            manifest.missing.append(store)
            continue
        total.update(f"{store}:{digest}\n".encode())
        count, size = count + 1, size + length
    manifest.files = {"count": count, "bytes": size, "sha256": total.hexdigest()}
    _text(out, ANCHORS, anchors_until(source, anchored))
    for name in SMALL:
        if (home.home() / name).is_file():
            _text(out, name, (home.home() / name).read_bytes())
    tell(
        f"{count} stored files, {size} bytes"
        + (f", {len(manifest.missing)} missing" if manifest.missing else "")
    )


def _copy(out: Writer, name: str, path: Path) -> tuple[str, int]:
    total, length = hashlib.sha256(), 0
    with path.open("rb") as file:
        out.record(FILE, name.encode())
        while piece := file.read(READ):
            out.record(BYTES, piece)
            total.update(piece)
            length += len(piece)
    return total.hexdigest(), length


def _text(out: Writer, name: str, content: bytes) -> None:
    out.record(FILE, name.encode())
    out.record(BYTES, content)


def anchored_so_far() -> int:
    """How long the anchor file is, in bytes."""
    path = home.home() / ANCHORS
    return path.stat().st_size if path.exists() else 0


def anchors_until(source: Snapshot, anchored: int) -> bytes:
    """The anchor file as far as this moment knows it: a line about what came later would accuse the copy.

    What stood there before the moment stays whole, whatever it says: it is evidence.
    """
    path = home.home() / ANCHORS
    text = path.read_bytes() if path.exists() else b""
    known = {name: seq for name, seq, _ in source.heads()}
    return text[:anchored] + b"".join(_known_lines(text[anchored:], known))


def _known_lines(text: bytes, known: dict[str, int]) -> Iterator[bytes]:
    for line in text.splitlines(keepends=True):
        try:
            row = json.loads(line)
            later = row["seq"] > known.get(row["chain"], 0)
        except (ValueError, KeyError, TypeError):
            later = True
        if later:
            return
        yield line
