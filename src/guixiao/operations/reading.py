"""Out of an archive into an empty place: rows into a loader, files into a folder, and the manifest at the end."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from guixiao.conf.keys import KeyRing

from .archive import CUT, Reader
from .loading import Loader
from .refusals import Damaged
from .tables import Migrations, Table, tables_of, unpacked
from .writing import BYTES, END, FILE, ROWS, START, TABLE, Manifest


@dataclass(frozen=True, slots=True)
class Looked:
    """An archive that was read to its sealed end."""

    manifest: Manifest
    bytes: int

    @property
    def migrations(self) -> Migrations:
        return frozenset((app, name) for app, name in self.manifest.migrations)

    @property
    def room(self) -> int:
        """Bytes a place needs to take it."""
        return int(self.manifest.database_bytes * 1.3) + int(self.manifest.files["bytes"]) + (32 << 20)


def look(path: Path, ring: KeyRing) -> Looked:
    """Read every piece and open none of it anywhere. Raises Damaged, WrongKey, Refused."""
    manifest = None
    with Reader(path) as reader:
        for kind, content in reader.records(ring):
            if kind == END:
                manifest = _manifest(content)
    if manifest is None:
        raise Damaged(f"{path.name}: {CUT}")
    return Looked(manifest, path.stat().st_size)


def _manifest(content: bytes) -> Manifest:
    try:
        return Manifest(**json.loads(content))
    except (ValueError, TypeError):
        raise Damaged(CUT) from None


@dataclass(slots=True)
class Unpacking:
    """Takes the records one after the other; what does not follow the grammar is damage."""

    loader: Loader
    place: Path
    tables: dict[str, Table]
    table: Table | None = None
    file: Any = None
    blobs: Any = field(default_factory=hashlib.sha256)
    _blob: tuple[str, Any] | None = None

    def take(self, kind: bytes, content: bytes) -> None:
        if kind == TABLE:
            self.table = self.tables[content.decode()]
        elif kind == ROWS and self.table is not None:
            self.loader.rows(self.table, unpacked(zlib.decompress(content)))
        elif kind == FILE:
            self._next_file(content.decode())
        elif kind == BYTES and self.file is not None:
            self.file.write(content)
            if self._blob is not None:
                self._blob[1].update(content)
        elif kind != START:
            raise Damaged(CUT)

    def _next_file(self, name: str) -> None:
        self.end_file()
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts:
            raise Damaged(CUT)
        path = self.place / inside
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.file = path.open("wb")
        self._blob = (inside.name, hashlib.sha256()) if inside.parts[0] == "files" else None

    def end_file(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None
        if self._blob is not None:
            self.blobs.update(f"{self._blob[0]}:{self._blob[1].hexdigest()}\n".encode())
            self._blob = None


def unpack(
    path: Path, ring: KeyRing, loader: Loader, place: Path, applied: Migrations
) -> tuple[Manifest, str]:
    """Rows into the loader, files into ``place``. Returns the manifest and the digest of the files written."""
    listed = {table.name: table for table in tables_of(applied)}
    loader.begin(list(listed.values()))
    taking = Unpacking(loader, place, listed)
    manifest = None
    with Reader(path) as reader:
        for kind, content in reader.records(ring):
            if kind == END:
                manifest = _manifest(content)
            else:
                taking.take(kind, content)
    taking.end_file()
    if manifest is None or manifest.tables.keys() != listed.keys():
        raise Damaged(f"{path.name}: {CUT}")
    for name, found in manifest.tables.items():
        loader.counter(listed[name], int(found["counter"]))
    loader.end()
    return manifest, taking.blobs.hexdigest()


def beginning(path: Path, ring: KeyRing) -> tuple[str, Migrations]:
    """The engine an archive was taken from, and where its schema stands: its first record."""
    with Reader(path) as reader:
        for kind, content in reader.records(ring):
            if kind == START:
                said = json.loads(content)
                return said["engine"], frozenset((app, name) for app, name in said["migrations"])
            break
    raise Damaged(f"{path.name}: {CUT}")
