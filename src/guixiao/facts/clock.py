"""The law's time: whole seconds, Asia/Shanghai for days, UTC in storage.

Nothing here reads a clock. ``now`` is always an argument.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_ENDS = time(23, 59, 59)


def local(moment: datetime) -> datetime:
    """``moment`` as wall-clock time in Asia/Shanghai. Raises ``ValueError`` for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(SHANGHAI)


@lru_cache(maxsize=8192)
def day_of(moment: datetime) -> date:
    """The local day on which ``moment`` falls."""
    return local(moment).date()


def at(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """Local wall-clock time on ``day`` as an aware UTC moment."""
    return datetime.combine(day, time(hour, minute, second), SHANGHAI).astimezone(UTC)


@lru_cache(maxsize=4096)
def end_of(day: date) -> datetime:
    """The last second of ``day``: a duty due that day is met up to and including it."""
    return datetime.combine(day, DAY_ENDS, SHANGHAI).astimezone(UTC)


@lru_cache(maxsize=4096)
def start_of(day: date) -> datetime:
    """The first second of ``day``."""
    return at(day)


def whole_second(moment: datetime) -> datetime:
    """``moment`` without its fraction; the law counts whole seconds."""
    return moment.replace(microsecond=0)


def days(first: date, last: date) -> list[date]:
    """Every natural day from ``first`` to ``last``, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
