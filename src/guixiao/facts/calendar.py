"""Which days are school days: national calendar, terms and overlays, as one frozen value.

A national 调休 working day is not a school day unless the school says so. A year the State Council has
not announced is unknown, never guessed (policy.md, semantics 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType


class DayKind(StrEnum):
    """Why a day is, or is not, a school day."""

    SCHOOL = "school"  # an ordinary weekday in term
    MADE_SCHOOL = "made_school"  # an overlay makes it a school day (校历定为上课)
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # a national holiday
    CLOSED = "closed"  # an overlay closes it (停课、运动会、台风)
    VACATION = "vacation"  # outside every term
    UNKNOWN = "unknown"  # the year is not announced yet


@dataclass(frozen=True, slots=True)
class Term:
    """A school term, both days included. ``code`` is like ``2026-1`` (autumn) or ``2026-2`` (spring)."""

    code: str
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar that applies to one place.

    ``holidays`` and ``workdays`` are the national arrangement (day → name); ``overlays`` are this
    place's and its ancestors' decisions, nearest already on top (day → (is school, reason)).
    """

    terms: tuple[Term, ...]
    announced: frozenset[int]
    holidays: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    workdays: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    overlays: Mapping[date, tuple[bool, str]] = field(default_factory=lambda: MappingProxyType({}))

    def kind(self, day: date) -> DayKind:
        """What ``day`` is, the nearest decision first."""
        overlay = self.overlays.get(day)
        if overlay is not None:
            return DayKind.MADE_SCHOOL if overlay[0] else DayKind.CLOSED
        if self.term_of(day) is None:
            return DayKind.VACATION
        if day.year not in self.announced:
            return DayKind.UNKNOWN
        if day in self.holidays:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.weekday() >= 5 else DayKind.SCHOOL

    def is_school_day(self, day: date) -> bool | None:
        """True or false; ``None`` where the year is not announced and nobody may guess."""
        kind = self.kind(day)
        if kind is DayKind.UNKNOWN:
            return None
        return kind in (DayKind.SCHOOL, DayKind.MADE_SCHOOL)

    def is_workday(self, day: date) -> bool | None:
        """A working day of the State Council's calendar; ``None`` for an unannounced year."""
        if day.year not in self.announced:
            return None
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def note(self, day: date) -> str:
        """The name of the holiday, working day or overlay on ``day``, or an empty string."""
        overlay = self.overlays.get(day)
        if overlay is not None:
            return overlay[1]
        return self.holidays.get(day) or self.workdays.get(day) or ""

    def term_of(self, day: date) -> Term | None:
        """The term ``day`` lies in, if any."""
        return next((term for term in self.terms if day in term), None)

    def school_days(self, first: date, last: date) -> Iterator[date]:
        """The known school days from ``first`` to ``last``, both included."""
        day = first
        while day <= last:
            if self.is_school_day(day):
                yield day
            day += timedelta(days=1)

    def unannounced(self, first: date, last: date) -> frozenset[int]:
        """Years between two days that are not announced: say so aloud, never guess."""
        return frozenset(range(first.year, last.year + 1)) - self.announced
