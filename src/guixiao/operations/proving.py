"""A copy is held against what was copied: every row, every chain head, every file; and its journal is verified."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from guixiao.conf import home
from guixiao.conf.keys import KeyRing

from .loading import SqliteLoader, another, bring_up_to_date, make_schema
from .reading import beginning, unpack
from .refusals import Refused
from .snapshot import Snapshot, SqliteSnapshot
from .tables import behind
from .writing import Manifest

DATABASE = "guixiao.sqlite3"


@dataclass(slots=True)
class Proof:
    """What was found. ``unequal`` must be empty; ``problems`` are the journal's own, the same in the original."""

    manifest: Manifest
    unequal: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    chains: int = 0
    entries: int = 0
    records: int = 0

    @property
    def good(self) -> bool:
        return not self.unequal and not self.problems


def put_back(archive: Path, ring: KeyRing, place: Path) -> Proof:
    """Restore an archive into a new folder, on SQLite, hold it against its manifest, bring it up to date."""
    place.mkdir(mode=0o700)
    url = f"sqlite:///{place / DATABASE}"
    engine, applied = beginning(archive, ring)
    with another(url) as connection:
        make_schema(connection, applied)
    manifest, blobs = unpack(archive, ring, SqliteLoader(place / DATABASE, engine), place, applied)
    proof = Proof(manifest)
    with SqliteSnapshot(place / DATABASE) as copy:
        proof.unequal = unequal(copy, manifest)
    if blobs != manifest.files["sha256"]:
        proof.unequal.append("stored files differ from those that were copied")
    if behind(applied):
        with another(url) as connection:
            bring_up_to_date(connection)
    return proof


def unequal(copy: Snapshot, manifest: Manifest) -> list[str]:
    """Every table of a copy, row by row, its counter, and every chain head against the manifest."""
    found: list[str] = []
    for table in copy.tables():
        wanted = manifest.tables[table.name]
        digest = copy.digest(table)
        if digest.rows != wanted["rows"]:
            found.append(f"{table.name}: {digest.rows} rows instead of {wanted['rows']}")
        elif digest.value() != wanted["sha256"]:
            found.append(f"{table.name}: a row differs")
        if copy.counter(table) != wanted["counter"]:
            found.append(f"{table.name}: its numbers go on from elsewhere")
    if [list(head) for head in copy.heads()] != manifest.heads:
        found.append("chain heads differ")
    return found


def verify(proof: Proof, place: Path, url: str = "", keys: Path | None = None) -> None:
    """``guixiao verify`` on the copy, by a process of its own; what it finds goes into the proof."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "guixiao.conf.settings",
        "GUIXIAO_HOME": str(place),
        "GUIXIAO_KEYS": str(keys or home.keys_file()),
        "DATABASE_URL": url or f"sqlite:///{place / DATABASE}",
    }
    command = [sys.executable, "-m", "guixiao", "verify"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # our own program
    try:
        said = json.loads((place / "verify.json").read_text())
    except (OSError, ValueError):
        raise Refused(
            f"the copy could not be verified: {(done.stderr or done.stdout).strip()[-500:]}"
        ) from None
    proof.chains, proof.entries, proof.records = said["chains"], said["entries"], said["records"]
    proof.problems = list(said["problems"])
    if done.returncode and not proof.problems:
        proof.problems = [done.stderr.strip()[-500:]]
