"""What is killed comes back; what was asked to stop stays away; nothing outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guixiao.duties import beside
from guixiao.duties.beside import Beside, Pause, keep_serving

LIVES = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
LISTENS = (
    "import threading; from guixiao.duties.beside import end_with_standard_input as e; "
    "stop = threading.Event(); e(stop); print('up', flush=True); print(stop.wait(30), flush=True)"
)


def until(seen: Callable[[], bool]) -> None:
    for _ in range(600):
        if seen():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen")


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Beside, Path]:
    """Something kept alive that notes the number of each of its lives."""
    log = tmp_path / "lives"
    log.touch()
    one = Beside([])
    one.command = [sys.executable, "-c", LIVES, str(log)]
    one.start()
    until(lambda: len(log.read_text().split()) == 1)
    return one, log


def test_it_comes_back_when_killed_and_ends_when_asked(kept: tuple[Beside, Path]) -> None:
    one, log = kept
    os.kill(int(log.read_text().split()[0]), signal.SIGKILL)
    until(lambda: len(log.read_text().split()) == 2)
    one.stop()
    second = int(log.read_text().split()[1])
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)
    assert len(log.read_text().split()) == 2, "it was asked to stop: no third life"


def test_it_notices_that_its_parent_is_gone() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", LISTENS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == "up\n"
    child.stdin.close()  # as the kernel does when the parent is killed
    assert child.stdout.readline() == "True\n"
    child.wait(10)


def test_nobody_forks_while_something_is_being_started() -> None:
    order: list[str] = []

    def fork() -> None:
        child = os.fork()
        if not child:
            os._exit(0)
        order.append("forked")
        os.waitpid(child, 0)

    with beside._starting:
        other = threading.Thread(target=fork)
        other.start()
        other.join(0.5)
        order.append("started")
    other.join()
    assert order == ["started", "forked"]


def test_what_dies_young_waits_longer_each_time() -> None:
    clock = [0.0]
    pause = Pause(lambda: clock[0])
    waits = []
    for lasted in (1, 1, 1, 100, 1):
        pause.began()
        clock[0] += lasted
        waits.append(pause.next())
    assert waits == [0.4, 0.8, 1.6, 0.2, 0.4]
    for _ in range(20):
        pause.began()
        pause.next()
    assert pause.next() == beside.LONGEST


def test_a_server_that_gave_up_is_begun_again_until_asked_to_stop() -> None:
    answers = iter([True, True, False])
    tried: list[int] = []

    def serve() -> None:
        tried.append(1)
        raise SystemExit(1)

    keep_serving(serve, lambda _seconds: next(answers))
    assert len(tried) == 3


def test_a_server_that_was_told_to_stop_stops() -> None:
    def serve() -> None:
        raise SystemExit(0)

    with pytest.raises(SystemExit):
        keep_serving(serve)
    keep_serving(lambda: None)
