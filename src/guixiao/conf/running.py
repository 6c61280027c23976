"""Is anybody at work in this installation? A server and a worker hold a shared lock for as long as they live.

The lock is the kernel's: it goes with the last process that holds it, however that process ended.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import home

NAME = ".running"
_held: list[int] = []


class AtWork(RuntimeError):
    """Somebody is at work in the home folder."""


def hold() -> None:
    """For as long as this process lives. Raises :class:`AtWork`."""
    number = _open(home.home())
    try:
        fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        raise AtWork("the data is being put back or moved just now: wait until that is done") from None
    _held.append(number)


@contextmanager
def stopped(place: Path) -> Iterator[None]:
    """Nobody is at work in ``place``, and nobody starts meanwhile. Raises :class:`AtWork`."""
    number = _open(place)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AtWork(f"the server or the worker of {place} is running: stop it first") from None
        yield
    finally:
        os.close(number)


def _open(place: Path) -> int:
    place.mkdir(parents=True, exist_ok=True)
    return os.open(place / NAME, os.O_RDWR | os.O_CREAT, 0o600)
