"""Months as periods: ``2026-10`` and the cut-off that A11-15 sets, the month's last day."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

_PERIOD = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def first_day(period: str) -> date:
    """Raises ``ValueError`` for anything but ``YYYY-MM``."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(f"{period!r} is not a month like 2026-10")
    return date(int(found[1]), int(found[2]), 1)


def cut_off(period: str) -> date:
    """The last day of the month, February's own included."""
    first = first_day(period)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def period_of(day: date) -> str:
    return f"{day:%Y-%m}"


def before(period: str) -> str:
    """The month before."""
    return period_of(first_day(period) - timedelta(days=1))
