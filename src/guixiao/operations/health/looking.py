"""Every line of the health page. A look that fails is itself a line: the page never falls over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext as _

from . import ground, work
from .lines import Line, Mood

log = logging.getLogger("guixiao.health")
ORDER = (Mood.BAD, Mood.WARN, Mood.UNKNOWN, Mood.GOOD)
LOOKS: tuple[Callable[[datetime], Line], ...] = (
    work.workers,
    work.last_round,
    work.day_begun,
    work.failures,
    work.stuck,
    work.unread,
    work.imports,
    work.deliveries,
    ground.backup,
    ground.disk,
    ground.database,
    ground.anchored,
    ground.calendar,
    ground.terms,
    ground.keys,
)


def look(now: datetime, shift: timedelta = timedelta(0)) -> list[Line]:
    """All lines; ``shift`` is how far a demo's clock stands from the world's."""
    last: Callable[[datetime], Line] = partial(ground.clock, shift=shift)
    return [_tried(one, now) for one in (*LOOKS, last)]


def _tried(one: Callable[[datetime], Line], now: datetime) -> Line:
    try:
        return one(now)
    except Exception as failed:  # whatever is broken, the other lines must be read
        log.exception("a line of the health page")
        name = getattr(one, "__name__", "clock")
        says = f"{type(failed).__name__}: {failed}"[:200]
        return Line(name, name, Mood.UNKNOWN, says, _("看服务器的日志。"))


def worst(lines: Iterable[Line]) -> Mood:
    moods = {line.mood for line in lines}
    return next((mood for mood in ORDER if mood in moods), Mood.GOOD)
