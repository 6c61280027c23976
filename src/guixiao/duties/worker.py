"""The loop beside the web server: tick, deliver, take up imports that stand still, rest.

Several may run at once on PostgreSQL.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import Error, close_old_connections

from guixiao.facts import SYSTEM
from guixiao.notify import sending
from guixiao.people.imports import runner

from .tick import Summary, tick

log = logging.getLogger("guixiao.worker")
EVERY = 30.0


def once(now: datetime) -> Summary | None:
    """One round. A database that is busy or away is waited for, never fatal; nothing else is swallowed."""
    close_old_connections()
    try:
        summary = tick(now)
        sending.deliver(by=SYSTEM, now=now)
        runner.revive_all(now)
    except Error:
        log.exception("the round failed and will be tried again")
        return None
    finally:
        close_old_connections()
    return summary


def loop(clock: Callable[[], datetime], stop: threading.Event, every: float = EVERY) -> None:
    """Rounds until ``stop`` is set."""
    while not stop.is_set():
        summary = once(clock())
        if summary is not None and not summary.done.nothing:
            log.info("%s", summary)
        stop.wait(every)
