"""``guixiao serve`` as a county runs it: started, killed in part or whole, started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from .base import PATH, POINTS, Home

PATIENCE = 120.0  # seconds until the service must answer again
LEAVING = 60.0  # seconds within which the children of a killed server must be gone (a round may end)


class Stuck(RuntimeError):
    """The service did not come up, or something of it would not go away."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Service:
    """One installation being served, its processes known by their parents."""

    def __init__(self, home: Home, log: Path) -> None:
        self.home, self.log = home, log
        self.port = free_port()
        self.points = home.folder.parent / "armed"
        self.points.mkdir(exist_ok=True)
        self._server: subprocess.Popen[bytes] | None = None
        self.starts = 0

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        env = self.home.env | {"PYTHONPATH": f"{POINTS}{os.pathsep}{PATH}", "KILL_POINTS": str(self.points)}
        command = [sys.executable, "-m", "guixiao", "serve", "--port", str(self.port), "--every", "0.5"]
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                command, env=env, cwd=self.home.folder, stdout=log, stderr=log, start_new_session=True
            )
        self.starts += 1

    def keep_up(self) -> None:
        """What a service manager does: start it again when it has ended. Returns when it answers."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if not self.running:
                self.start()
            if self.answers():
                return
            time.sleep(0.05)
        raise Stuck(f"the service did not answer within {PATIENCE:.0f} s")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.root}/access/sign-in/", timeout=20) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    @property
    def running(self) -> bool:
        return self._server is not None and self._server.poll() is None

    # --- its processes ---

    @property
    def server(self) -> int:
        assert self._server is not None
        return self._server.pid

    def web(self) -> list[int]:
        return [pid for pid in children(self.server) if "worker" not in command_of(pid)]

    def worker(self) -> list[int]:
        return [pid for pid in children(self.server) if "worker" in command_of(pid)]

    def kill(self, who: str) -> str:
        """``kill -9``; returns what died, or why nothing could."""
        match who:
            case "web" | "worker":
                found = self.web() if who == "web" else self.worker()
                for pid in found:
                    _kill(pid)
                return f"{who} {len(found)}"
            case "server":
                return self._kill_server()
            case _:
                beneath = children(self.server)
                os.killpg(self.server, signal.SIGKILL)
                self._wait_gone([*beneath])
                return f"everything {1 + len(beneath)}"

    def _kill_server(self) -> str:
        """The parent alone: its children must notice and leave."""
        beneath = children(self.server)
        _kill(self.server)
        self._wait_gone(beneath)
        return f"server 1, {len(beneath)} left by themselves"

    def _wait_gone(self, pids: list[int]) -> None:
        assert self._server is not None
        self._server.wait(10)
        until = time.monotonic() + LEAVING
        while time.monotonic() < until:
            if not any(alive(pid) for pid in pids):
                return
            time.sleep(0.02)
        left = [command_of(pid) for pid in pids if alive(pid)]
        raise Stuck(f"{LEAVING:.0f} s after its server was killed there is still {left}")

    def stop(self) -> None:
        """The orderly way, as a service manager asks for it."""
        if self._server is None or not self.running:
            return
        beneath = children(self.server)
        self._server.send_signal(signal.SIGTERM)
        self._server.wait(LEAVING)
        self._wait_gone(beneath)

    # --- points ---

    def arm(self, point: str, skip: int) -> None:
        (self.points / point).write_text(str(skip))

    def hit(self, point: str) -> bool:
        """Whether somebody died there since it was armed."""
        return (self.points / f"{point}.hit").exists()

    def disarm(self) -> None:
        for file in self.points.iterdir():
            if file.name != "rounds.log":
                file.unlink(missing_ok=True)

    def whole_round(self) -> None:
        """Wait until the worker has begun and ended a round from now on; whatever has died is started again."""
        since, until = time.time(), time.monotonic() + 2 * PATIENCE
        log = self.points / "rounds.log"
        while time.monotonic() < until:
            lines = log.read_text().splitlines() if log.exists() else []
            if any(float(line) >= since for line in lines[-3:]):
                return
            if not self.running:
                self.keep_up()
            time.sleep(0.05)
        raise Stuck(f"the worker did not get round within {2 * PATIENCE:.0f} s")


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def children(pid: int) -> list[int]:
    """The processes started by ``pid`` and by those it started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            mine = [int(one) for one in (task / "children").read_text().split()]
        except OSError:
            continue
        for one in mine:
            found += [one, *children(one)]
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def alive(pid: int) -> bool:
    """Running; a dead process that nobody has waited for yet does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (OSError, IndexError):
        return False
