"""What stands on duties follows them: apps above register here when they are ready, duties never import them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from guixiao.journal.append import Touched

Follow = Callable[[Iterable[Touched], datetime], object]
FOLLOWERS: list[Follow] = []


def follow(follower: Follow) -> None:
    """Register once what is called after a tick with everything it touched."""
    if follower not in FOLLOWERS:
        FOLLOWERS.append(follower)


Before = Callable[[datetime], object]
EARLIER: list[Before] = []


def before(caller: Before) -> None:
    """Register once what is called at the start of a round: what was ordered for a day that has come."""
    if caller not in EARLIER:
        EARLIER.append(caller)


MEANWHILE: list[Before] = []


def meanwhile(caller: Before) -> None:
    """Register once what a worker does between rounds; it must be quick and never raise."""
    if caller not in MEANWHILE:
        MEANWHILE.append(caller)
