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
