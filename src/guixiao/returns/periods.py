"""Months as periods: ``2026-10`` and the cut-off that A11-15 sets, the month's last day."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta

from guixiao.facts import Term
from guixiao.places import wording

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


def spoken(period: str) -> str:
    """2026年10月."""
    return wording.month(first_day(period))


def is_period(text: str) -> bool:
    """Whether ``text`` names a month a school of this century may report."""
    return _PERIOD.fullmatch(text) is not None and "2000" <= text[:4] <= "2099"


def due(terms: Iterable[Term], today: date) -> list[str]:
    """The months with at least one day of term whose cut-off has come by ``today``, newest first."""
    found: set[str] = set()
    for term in terms:
        period = period_of(min(term.last, today))
        while cut_off(period) >= term.first:
            if cut_off(period) <= today:
                found.add(period)
            period = before(period)
    return sorted(found, reverse=True)


def before(period: str) -> str:
    """The month before."""
    return period_of(first_day(period) - timedelta(days=1))
