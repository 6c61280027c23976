"""By when: an hour, today, days of a calendar, the end of a month. Whole seconds, local days (semantics 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from guixiao.facts import Calendar
from guixiao.facts.clock import at, day_of, end_of, start_of, whole_second

from .law import Deadline, DueKind

_FAR = 400


class CalendarUnknown(ValueError):
    """A deadline runs into days nobody has announced. ``day`` is the first of them."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


def due(deadline: Deadline, start: datetime, calendar: Calendar, period_end: date | None = None) -> datetime:
    """The last second in time, counted from ``start``. Raises :class:`CalendarUnknown`."""
    day = day_of(start)
    match deadline.kind:
        case DueKind.WITHIN:
            return whole_second(start) + timedelta(seconds=deadline.n)
        case DueKind.AT:
            assert deadline.at is not None
            moment = at(day, deadline.at.hour, deadline.at.minute, deadline.at.second)
            return moment if moment >= start else end_of(day)
        case DueKind.SAME_DAY:
            return end_of(day)
        case DueKind.NEXT_SCHOOL_DAY:
            return end_of(_after(day, 1, calendar.is_school_day))
        case DueKind.SCHOOL_DAYS:
            return end_of(_after(day, deadline.n, calendar.is_school_day))
        case DueKind.WORKING_DAYS:
            return end_of(_after(day, deadline.n, calendar.is_workday))
        case DueKind.NATURAL_DAYS:
            return end_of(day + timedelta(days=deadline.n))
        case DueKind.MONTH_END | DueKind.PERIOD_END | DueKind.TERM_START:
            return _of_period(deadline, day, calendar, period_end or day)


def _of_period(deadline: Deadline, day: date, calendar: Calendar, last: date) -> datetime:
    if deadline.kind is DueKind.MONTH_END:
        return end_of(month_end(last))
    if deadline.kind is DueKind.PERIOD_END:
        return due(deadline.after, end_of(last), calendar) if deadline.after else end_of(last)
    assert deadline.after is not None
    return due(deadline.after, start_of(_opening(day, calendar)), calendar)


def overtaken(opening: Deadline, start: datetime, calendar: Calendar) -> bool:
    """Whether a deadline bound to a term's first day had passed when something arose at ``start``, or no term ahead
    is known."""
    try:
        return opening.kind is DueKind.TERM_START and due(opening, start, calendar) < start
    except CalendarUnknown:
        return True


def _opening(day: date, calendar: Calendar) -> date:
    """The first day of the term ``day`` lies in, else of the next one."""
    term = calendar.term_of(day)
    opens = term.first if term else min((t.first for t in calendar.terms if t.first > day), default=None)
    if opens is None:
        raise CalendarUnknown(day)
    return opens


def month_end(day: date) -> date:
    """The last day of the month ``day`` lies in."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _after(day: date, n: int, counts: Callable[[date], bool | None]) -> date:
    """The ``n``-th counting day after ``day``; with ``n`` = 0, ``day`` or the first counting day after it."""
    left, step = n, timedelta(days=1)
    day = day if n else day - step
    left = left or 1
    for _ in range(_FAR):
        day += step
        known = counts(day)
        if known is None:
            raise CalendarUnknown(day)
        left -= known
        if not left:
            return day
    raise CalendarUnknown(day)
