"""Calendar occurrences: every school day, month, term or school year (semantics 9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from guixiao.facts import Calendar
from guixiao.facts.clock import days

from .deadlines import month_end
from .law import Period


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One period a calendar duty is for; ``key`` names it: ``2026-09-14``, ``2026-09``, ``2026-1``, ``2026``."""

    key: str
    first: date
    last: date


def occurrences(period: Period, first: date, last: date, calendar: Calendar) -> Iterator[Occurrence]:
    """Every occurrence that touches the days from ``first`` to ``last``."""
    match period:
        case Period.SCHOOL_DAY:
            for day in calendar.school_days(first, last):
                yield Occurrence(day.isoformat(), day, day)
        case Period.MONTH:
            yield from _months(first, last, calendar)
        case Period.TERM:
            for term in calendar.terms:
                if term.first <= last and first <= term.last:
                    yield Occurrence(term.code, term.first, term.last)
        case Period.SCHOOL_YEAR:
            yield from _years(first, last, calendar)


def _months(first: date, last: date, calendar: Calendar) -> Iterator[Occurrence]:
    """Months with a school day, or that may have one; nobody compiles a return in August."""
    day = first.replace(day=1)
    while day <= last:
        end = month_end(day)
        if any(calendar.is_school_day(each) is not False for each in days(day, end)):
            yield Occurrence(f"{day:%Y-%m}", day, end)
        day = end + timedelta(days=1)


def _years(first: date, last: date, calendar: Calendar) -> Iterator[Occurrence]:
    years: dict[str, list[date]] = {}
    for term in calendar.terms:
        years.setdefault(term.code.rpartition("-")[0], []).extend((term.first, term.last))
    for key, ends in years.items():
        if min(ends) <= last and first <= max(ends):
            yield Occurrence(key, min(ends), max(ends))
