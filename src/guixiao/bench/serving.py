"""The real server over a bench's county, as a process of its own; and how much of the processor it used."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError

from .county import County
from .middleware import BARE

HOST = "127.0.0.1"
PATIENCE = 90.0
CSRF = "b" * 32  # as good as any: the cookie and the header must only agree


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status (0: nothing came back), the body, and seconds from ``due`` to its last byte."""

    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Server:
    """A running ``guixiao serve``."""

    port: int
    pid: int

    def ask(
        self, method: str, path: str, session: str = "", body: str = "", due: float | None = None
    ) -> Answer:
        """One request over a connection of its own. Time runs from ``due`` (:func:`time.perf_counter`), or now."""
        began = time.perf_counter() if due is None else due
        link = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            link.request(method, path, body=body or None, headers=_headers(session, body))
            found = link.getresponse()
            content = found.read()
            return Answer(found.status, content, time.perf_counter() - began)
        except (OSError, http.client.HTTPException):
            return Answer(0, b"", time.perf_counter() - began)
        finally:
            link.close()

    def processor_seconds(self) -> float:
        """What the web processes used so far; the worker beside them is left out. Zero where there is no /proc."""
        return sum(_processor_seconds(pid) for pid in _family(self.pid) if not _is_worker(pid))


@contextmanager
def serving(county: County, more: Sequence[str] = ()) -> Iterator[Server]:
    """``guixiao serve`` over this county until the end of the block."""
    with socket.socket() as chosen:
        chosen.bind((HOST, 0))
        port = chosen.getsockname()[1]
    command = [sys.executable, "-m", "guixiao", "serve", "--port", str(port), *more]
    process = subprocess.Popen(command, env=county.environment(), stdout=subprocess.DEVNULL)  # noqa: S603 - our own command, no shell
    server = Server(port, process.pid)
    try:
        _wait(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        if process.poll() is not None:
            raise CommandError("bench: the server did not start; its own words stand above")
        if server.ask("GET", BARE).status == 200:
            return
        time.sleep(0.2)
    raise CommandError("bench: the server did not answer within a minute")


def _headers(session: str, body: str) -> Mapping[str, str]:
    cookies = f"csrftoken={CSRF}" + (f"; sessionid={session}" if session else "")
    plain = {"Cookie": cookies, "Accept-Language": "zh-CN", "Connection": "close"}
    if not body:
        return plain
    return plain | {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
        "X-CSRFToken": CSRF,
    }


def _family(pid: int) -> list[int]:
    """A process and everything it started."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents.setdefault(int(_fields(stat)[1]), []).append(int(stat.parent.name))
        except OSError:
            continue  # it ended while we looked
    found, at = [pid], 0
    while at < len(found):
        found += parents.get(found[at], [])
        at += 1
    return found


def _fields(stat: Path) -> list[str]:
    """The fields of a /proc stat line after the name, which may hold blanks."""
    return stat.read_text().rpartition(")")[2].split()


def _processor_seconds(pid: int) -> float:
    try:
        fields = _fields(Path(f"/proc/{pid}/stat"))
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _is_worker(pid: int) -> bool:
    try:
        return b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
