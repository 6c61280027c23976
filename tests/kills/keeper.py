"""Whoever keeps the backups: makes one when asked, and what is held against them afterwards."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .base import PATH, POINTS, Home
from .jobs import Job

BACKUP = [sys.executable, "-m", "guixiao", "backup", "--json"]


@dataclass(slots=True)
class Backup:
    """One run of ``guixiao backup``: when it began, how it ended, and what it said, if it said it was good."""

    began: float
    code: int | None = None
    told: dict[str, Any] = field(default_factory=dict)
    said: str = ""


class Keeper(threading.Thread):
    """Runs one backup at a time, in a process of its own, as a timer of the machine would."""

    def __init__(self, home: Home, points: Path) -> None:
        super().__init__(name="keeper", daemon=True)
        self.home = home
        self.env = home.env | {"PYTHONPATH": f"{POINTS}{os.pathsep}{PATH}", "KILL_POINTS": str(points)}
        self.wanted, self.leaving = threading.Semaphore(0), threading.Event()
        self.made: list[Backup] = []
        self._process: subprocess.Popen[str] | None = None

    def run(self) -> None:
        while not self.leaving.is_set():
            if self.wanted.acquire(timeout=0.1):
                self.make()

    def make(self) -> Backup:
        this = Backup(time.time())
        self._process = subprocess.Popen(
            BACKUP,
            env=self.env,
            cwd=self.home.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        out, errors = self._process.communicate()
        this.code, this.said = self._process.returncode, errors[-500:]
        if this.code == 0:
            this.told = json.loads(out)
        self.made.append(this)
        return this

    def kill(self) -> str:
        process = self._process
        if process is None or process.poll() is not None:
            return "backup 0"
        process.send_signal(signal.SIGKILL)
        return "backup 1"

    def problems(self, jobs: list[Job], scratch: Path) -> Iterator[str]:
        """No half of a backup is called good, good ones stay, nothing is left lying, and the last one holds."""
        last = self.make()
        if last.code != 0:
            yield f"the backup after all was refused: {last.said}"
            return
        for one in self.made:
            if one.code not in (0, -signal.SIGKILL):
                yield f"a backup that nobody killed ended with {one.code}: {one.said}"
        yield from self._shelf(Path(last.told["folder"]))
        yield from self._restored(last, jobs, scratch)

    def _shelf(self, folder: Path) -> Iterator[str]:
        there = {path.name for path in folder.iterdir()}
        archives = {name for name in there if name.endswith(".gxb")}
        beside = {name.replace(".gxb", ".json") for name in archives} | {"status.json", ".lock"}
        if there - archives - beside:
            yield f"left lying by a backup that was killed: {sorted(there - archives - beside)}"
        for name in sorted(archives):
            note = json.loads((folder / name).with_suffix(".json").read_text())
            data = (folder / name).read_bytes()
            if not note["verified"] or note["sha256"] != hashlib.sha256(data).hexdigest():
                yield f"{name} is called good and is not what was verified"
        gone = [one.told["file"] for one in self.made[-2:] if one.told and one.told["file"] not in archives]
        if gone:
            yield f"a good backup is gone: {gone}"

    def _restored(self, backup: Backup, jobs: list[Job], scratch: Path) -> Iterator[str]:
        """Put back elsewhere, it verifies and holds whatever was acknowledged before it began."""
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        shutil.copy(self.home.folder / "keys.json", scratch / "keys.json")
        there = Home(scratch, f"sqlite:///{scratch / 'guixiao.sqlite3'}")
        archive = Path(backup.told["folder"]) / backup.told["file"]
        try:
            there.run("guixiao", "restore", str(archive), "--home", str(scratch))
            there.run("guixiao", "verify")
        except RuntimeError as failed:
            yield str(failed)
            return
        with sqlite3.connect(scratch / "guixiao.sqlite3") as copy:
            found = {row[0] for row in copy.execute("SELECT client_id FROM rollcall_rollcall")}
            found |= {row[0] for row in copy.execute("SELECT client_id FROM visits_visit")}
        wanted = {
            j.key.replace("-", "") for j in jobs if j.kind != "import" and 0 < j.answered < backup.began
        }
        if wanted - found:
            yield f"{len(wanted - found)} submissions acknowledged before the backup began are not in it"
