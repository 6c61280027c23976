"""The loop beside the web server: a round, deliveries, imports that stand still, rest.

Several may run at once on PostgreSQL: one leads a round, the others take shares of a large one. Whoever is asked
to stop ends the share it is at; whoever is killed is replaced (its leases run out, or are seen to be nobody's).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from django.db import Error, close_old_connections

from guixiao.facts import SYSTEM
from guixiao.files import sweep
from guixiao.notify import sending
from guixiao.people.imports import runner

from .actions import sharing
from .followers import MEANWHILE
from .hands import Hand, alone, named
from .shares import Summary, help_along
from .tick import tick

log = logging.getLogger("guixiao.worker")
EVERY = 30.0
ROUND = "round"


def once(now: datetime, hand: Hand | None = None) -> Summary | None:
    """One round. A database that is busy or away is waited for, never fatal; nothing else is swallowed."""
    hand = hand or alone(now)
    began = time.monotonic()
    close_old_connections()
    try:
        sharing.beat(by=SYSTEM, now=hand.clock(), name=hand.name)
        summary = _lead_or_help(now, hand)
        sending.deliver(by=SYSTEM, now=now)
        runner.revive_all(now)
        if summary.daily:
            _sweep()
        if summary.led and not summary.stopped:
            took = time.monotonic() - began
            sharing.beat(by=SYSTEM, now=hand.clock(), name=hand.name, took=took)
    except Error as failed:
        log.exception("the round failed and will be tried again")
        _say_so(hand, failed)
        return None
    except Exception as failed:
        _say_so(hand, failed)
        raise
    finally:
        close_old_connections()
    return summary


def _lead_or_help(now: datetime, hand: Hand) -> Summary:
    if not sharing.lead(by=SYSTEM, now=hand.clock(), name=ROUND, holder=hand.name):
        return Summary(done=help_along(hand), led=False)
    try:
        return tick(now, hand=hand)
    finally:
        with suppress(Error):  # it runs out by itself
            sharing.release(by=SYSTEM, now=hand.clock(), name=ROUND, holder=hand.name)


def _sweep() -> None:
    """Once a day; a folder that cannot be swept today holds up no duty."""
    try:
        sweep.sweep()
    except OSError:
        log.exception("the files folder could not be swept")


def _say_so(hand: Hand, failed: Exception) -> None:
    """For the health page, if the database still listens."""
    with suppress(Error):
        why = f"{type(failed).__name__}: {failed}"
        sharing.beat(by=SYSTEM, now=hand.clock(), name=hand.name, failure=why)


def worker(clock: Callable[[], datetime], stop: threading.Event) -> Hand:
    """The hands of one worker; after each share it says that it is alive and still leads."""
    name = named(f"worker-{clock():%m%d%H%M%S}-{threading.get_ident()}")

    def sign() -> None:
        sharing.beat(by=SYSTEM, now=clock(), name=name)
        sharing.renew(by=SYSTEM, now=clock(), name=ROUND, holder=name)

    return Hand(name, clock, stop, sign)


def loop(clock: Callable[[], datetime], stop: threading.Event, every: float = EVERY) -> None:
    """Rounds until ``stop`` is set; then what this worker held is given back."""
    hand = worker(clock, stop)
    while not stop.is_set():
        summary = once(clock(), hand)
        if summary is not None and not summary.done.nothing:
            log.info("%s", summary)
        for caller in MEANWHILE:
            caller(clock())
        stop.wait(every)
    with suppress(Error):
        sharing.leave(by=SYSTEM, now=clock(), name=hand.name)
