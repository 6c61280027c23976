"""Processes that stand or fall together: whatever is killed comes back, and nothing outlives the server.

``kill -9`` runs no handler, so neither side is told. A child notices through a pipe that the kernel closes
when its parent is gone; the parent notices by waiting.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

log = logging.getLogger("guixiao.serve")
SHORTEST, LONGEST = 0.2, 30.0  # seconds between two starts of something that keeps dying
STEADY = 60.0  # seconds after which it counts as well again
PATIENCE = 30.0  # seconds a round may take to end when asked to


# Nobody forks while a process is being started: a web process forked just then would inherit the pipe by which the
# start is waited for, and hold it open for as long as it lives. Nobody would notice that what was started has died.
_starting = threading.Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_starting.acquire, after_in_parent=_starting.release, after_in_child=_starting.release
    )


class Pause:
    """How long to wait before starting again: longer each time it died young."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = SHORTEST
        self._clock = clock
        self._began = clock()

    def began(self) -> None:
        self._began = self._clock()

    def next(self) -> float:
        lasted = self._clock() - self._began
        self.seconds = SHORTEST if lasted > STEADY else min(self.seconds * 2, LONGEST)
        return self.seconds


class Beside:
    """A process of this program kept alive beside the server, and ended with it."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = [sys.executable, "-m", "guixiao", *command]
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="beside", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to finish what it is at; it has half a minute."""
        self._stopping.set()
        process = self._process
        if process is not None:
            process.terminate()
        self._thread.join(PATIENCE)
        if process is not None and process.poll() is None:
            process.kill()

    def _keep(self) -> None:
        pause = Pause()
        while not self._stopping.is_set():
            pause.began()
            with _starting:
                started = subprocess.Popen(self.command, stdin=subprocess.PIPE)  # noqa: S603 - our own verb
            with started as process:
                self._process = process
                if self._stopping.is_set():
                    process.terminate()
                code = process.wait()
            if not self._stopping.is_set():
                seconds = pause.next()
                log.error(
                    "the process beside the server ended (%s); it starts again in %.1f s", code, seconds
                )
                self._stopping.wait(seconds)


def end_with_standard_input(stop: threading.Event) -> None:
    """Set ``stop`` when whoever started us is gone (for a process started by :class:`Beside`)."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1024):  # not the buffered reader: its lock outlives us at shutdown
            pass
        stop.set()

    threading.Thread(target=watch, name="beside", daemon=True).start()


def end_with_parent() -> None:
    """In a web process of the server: leave at once when the server is gone, so that the port is free."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="beside", daemon=True).start()


def keep_serving(serve: Callable[[], None], wait: Callable[[float], bool] | None = None) -> None:
    """Serve until asked to stop. The server gives up when a web process dies twice within seconds: begin again."""
    pause = Pause()
    while True:
        pause.began()
        try:
            return serve()
        except SystemExit as ended:
            if not ended.code:
                raise
            seconds = pause.next()
            log.error("the web server ended (%s); it starts again in %.1f s", ended.code, seconds)
            if not (wait or _wait)(seconds):
                return None


def _wait(seconds: float) -> bool:
    """Whether to go on after these seconds; not, when asked to stop meanwhile."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    try:
        time.sleep(seconds)
    except KeyboardInterrupt:
        return False
    return True
