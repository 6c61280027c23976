"""Who wants to know of an emergency look: the apps below register, so that nothing is imported the wrong way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from guixiao.facts import By

from .models import BreakGlass

Listener = Callable[[BreakGlass, By, datetime], object]
_listeners: dict[str, Listener] = {}


def on_glass(name: str, listener: Listener) -> None:
    """Have ``listener`` called inside the transaction that opens an emergency look; once a name."""
    _listeners[name] = listener


def glass_opened(row: BreakGlass, by: By, now: datetime) -> None:
    for listener in _listeners.values():
        listener(row, by, now)
