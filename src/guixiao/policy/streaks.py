"""Runs of unexcused absence, as sections of a child's days (semantics 1–4).

Presence ends a run, from then. Weekends, holidays and leave neither count nor break. Unrecorded days
neither count nor break, but are remembered: they decide what cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from guixiao.facts import Calendar
from guixiao.facts.clock import day_of, start_of

from .days import DayMark, Kind, mark_day, span
from .law import CountedIn
from .sheet import Cause, Sheet

_LOOK_BACK = 60


@dataclass(frozen=True, slots=True)
class End:
    """What ended a run: ``at`` in the child's life, ``known`` to the server."""

    at: datetime
    known: datetime
    cause: Cause
    entries: tuple[int, ...] = ()


@dataclass(frozen=True)
class Run:
    """One run. ``strip`` is every day after the last presence (``since``, if known) up to its end."""

    since: DayMark | None
    strip: tuple[DayMark, ...]
    end: End | None

    @cached_property
    def absent(self) -> tuple[DayMark, ...]:
        return tuple(mark for mark in self.strip if mark.absent)

    @cached_property
    def days(self) -> tuple[date, ...]:
        return tuple(mark.day for mark in self.absent)

    @cached_property
    def on(self) -> dict[date, DayMark]:
        """The absent days by day."""
        return {mark.day: mark for mark in self.absent}

    @cached_property
    def unknown(self) -> tuple[date, ...]:
        """Unrecorded school days since the last known presence."""
        return tuple(mark.day for mark in self.strip if mark.kind is Kind.UNKNOWN)


@dataclass(slots=True)
class Count:
    """One counted day; ``known`` is when the server could first count it."""

    day: date
    known: datetime


def runs(
    sheet: Sheet, calendar: Calendar, backdated: frozenset[int], today: date, starts: date
) -> tuple[Run, ...]:
    """Every run with an absent day from ``starts`` to ``today``. Earlier absence creates no duties."""
    first = sheet.first_absent
    if first is None or first > today:
        return ()
    first = max(first, starts)
    since, strip = _before(sheet, first, calendar, backdated, starts)
    found: list[Run] = []
    for day in span(first, today):
        mark = mark_day(sheet, day, calendar, backdated, today)
        if mark.kind is not Kind.PRESENT:
            strip.append(mark)
        end = _end(sheet, mark)
        if end is not None:
            if any(m.absent for m in strip):
                found.append(Run(since, tuple(strip), end))
            since, strip = mark if end.cause is Cause.PRESENT else None, []
    if any(m.absent for m in strip):
        found.append(Run(since, tuple(strip), None))
    return tuple(found)


def _before(
    sheet: Sheet, first: date, calendar: Calendar, backdated: frozenset[int], starts: date
) -> tuple[DayMark | None, list[DayMark]]:
    """The days between the last presence and ``first``: unrecorded ones there may count."""
    earliest = min(sheet.cells, default=first)
    strip: list[DayMark] = []
    day = first - timedelta(days=1)
    while day >= max(earliest, starts, first - timedelta(days=_LOOK_BACK)):
        mark = mark_day(sheet, day, calendar, backdated, first)
        if mark.kind is Kind.PRESENT:
            return mark, strip[::-1]
        strip.append(mark)
        day -= timedelta(days=1)
    return None, strip[::-1]


def _end(sheet: Sheet, mark: DayMark) -> End | None:
    if mark.back_at is not None and mark.back_known is not None:
        return End(mark.back_at, mark.back_known, Cause.PRESENT, mark.entries)
    for held in sheet.held:
        if day_of(held.since) == mark.day:
            return End(held.since, held.known, held.cause, (held.entry,))
    return None


def counted(run: Run, counted_in: CountedIn, calendar: Calendar) -> tuple[Count, ...]:
    """The days of a run that count, in order.

    In natural or working days the days off after an absent day count too, as they pass.
    """
    result: list[Count] = []
    last_absent = False
    known: datetime | None = None
    for mark in run.strip:
        if mark.absent:
            assert mark.known is not None
            known, last_absent = mark.known, True
            result.append(Count(mark.day, mark.known))
        elif mark.kind is not Kind.OFF:
            last_absent = False
        elif last_absent and known is not None and _counts_off(mark.day, counted_in, calendar):
            result.append(Count(mark.day, max(known, start_of(mark.day))))
    return tuple(result)


def _counts_off(day: date, counted_in: CountedIn, calendar: Calendar) -> bool:
    if counted_in is CountedIn.NATURAL_DAYS:
        return True
    return counted_in is CountedIn.WORKING_DAYS and bool(calendar.is_workday(day))


def known_after(counts: Iterable[Count], n: int) -> datetime:
    """When the server knew that ``n`` days had been reached, in whatever order it learnt them."""
    return sorted(count.known for count in counts)[n - 1]
