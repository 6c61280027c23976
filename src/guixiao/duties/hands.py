"""One pair of hands at a round: its name, the clock its leases run by, whether it was asked to stop."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from guixiao.people.imports.runner import running_from


@dataclass(frozen=True, slots=True)
class Hand:
    """``name`` is ``host:pid:…``, so that others on the same machine see at once when it is gone."""

    name: str
    clock: Callable[[], datetime]
    stop: threading.Event = field(default_factory=threading.Event)
    sign: Callable[[], None] = lambda: None  # called after each share: a worker says that it is alive


def named(what: str) -> str:
    """A name nobody else has: machine, process, and what it is."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{what}"


def alone(now: datetime) -> Hand:
    """Hands for one round outside any worker (a command, the demo's clock, a test)."""
    return Hand(named(f"tick-{threading.get_ident()}"), running_from(now))


def gone(name: str) -> bool:
    """Whether a hand on this machine has ended. Of other machines nobody here can tell."""
    host, _colon, rest = name.partition(":")
    number = rest.partition(":")[0]
    if host != socket.gethostname()[:60] or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
