"""What each day was for one child: came, absent, on leave, unknown, or no school day (semantics 2–4, 12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from guixiao.facts import Calendar, DayKind
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Mark, Session

from .sheet import EXCUSED, ORDER, Cell, Leave, Sheet

_SCHOOL = (DayKind.SCHOOL, DayKind.MADE_SCHOOL, DayKind.UNKNOWN)


class Kind(StrEnum):
    """The one word for a day."""

    PRESENT = "present"
    ABSENT = "absent"
    RETURNED = "returned"  # absent, then came the same day: counts, and ends the streak from then
    LEAVE = "leave"
    UNKNOWN = "unknown"  # a school day nobody recorded
    PENDING = "pending"  # today, not yet recorded
    OFF = "off"  # no school day
    UNANNOUNCED = "unannounced"  # the year's arrangement is not announced
    HELD = "held"  # the case carries on; not marked day by day


@dataclass(slots=True)
class DayMark:
    day: date
    kind: Kind
    off: DayKind = DayKind.SCHOOL
    note: str = ""
    known: datetime | None = None
    """When the server knew of the absence."""
    at: datetime | None = None
    """When the absence was marked."""
    back_at: datetime | None = None
    back_known: datetime | None = None
    leave_refused: bool = False
    """Leave was granted afterwards and does not reach back to this day."""
    entries: tuple[int, ...] = ()

    @property
    def absent(self) -> bool:
        return self.kind in (Kind.ABSENT, Kind.RETURNED)


def mark_day(result: Sheet, day: date, calendar: Calendar, backdated: frozenset[int], today: date) -> DayMark:
    """The word for one day. ``backdated`` are the leave entries entitled to reach back."""
    off = calendar.kind(day)
    cells = result.cells.get(day, {})
    if _held(result, day, cells):
        return DayMark(day, Kind.HELD, off)
    if not cells and off is DayKind.UNKNOWN:
        return DayMark(day, Kind.UNANNOUNCED, off)
    if off not in _SCHOOL:
        return DayMark(day, Kind.OFF, off, calendar.note(day))
    note = calendar.note(day)
    came = [c for c in cells.values() if c.came_at is not None]
    nones = sorted((ORDER[s], c) for s, c in cells.items() if c.mark is Mark.NONE) if cells else []
    if came:
        return _came(day, off, note, cells, came)
    if nones:
        return _absent(result, day, off, note, [c for _, c in nones], backdated)
    return _without_marks(result, day, off, note, cells, today)


def _came(day: date, off: DayKind, note: str, cells: dict[Session, Cell], came: list[Cell]) -> DayMark:
    back = min(came, key=lambda c: c.came_at or c.at)
    first_back = min(ORDER[s] for s, c in cells.items() if c.came_at is not None)
    missed = [
        c
        for s, c in cells.items()
        if c.mark is Mark.NONE and (ORDER[s] < first_back or c.came_at is not None)
    ]
    entries = tuple(sorted(c.entry for c in cells.values()))
    if not missed:
        return DayMark(
            day, Kind.PRESENT, off, note, back_at=back.came_at, back_known=back.came_known, entries=entries
        )
    known = min(c.recorded for c in missed)
    at = min(c.at for c in missed)
    return DayMark(day, Kind.RETURNED, off, note, known, at, back.came_at, back.came_known, entries=entries)


def _absent(
    result: Sheet, day: date, off: DayKind, note: str, nones: list[Cell], backdated: frozenset[int]
) -> DayMark:
    first = min(nones, key=lambda c: (c.recorded, c.entry))
    covering = [leave for leave in result.leaves if leave.first <= day <= leave.last]
    entries = tuple(sorted({c.entry for c in nones} | {leave.entry for leave in covering}))
    if any(_reaches(leave, day, first.at) or leave.entry in backdated for leave in covering):
        return DayMark(day, Kind.LEAVE, off, note, entries=entries)
    return DayMark(
        day,
        Kind.ABSENT,
        off,
        note,
        first.recorded,
        min(c.at for c in nones),
        leave_refused=bool(covering),
        entries=entries,
    )


def _reaches(leave: Leave, day: date, marked_at: datetime) -> bool:
    """Leave works from its granting: later days, and the same day if it came before the mark."""
    granted = day_of(leave.granted)
    return granted < day or (granted == day and leave.granted <= marked_at)


def _without_marks(
    result: Sheet, day: date, off: DayKind, note: str, cells: dict[Session, Cell], today: date
) -> DayMark:
    if any(c.mark in EXCUSED for c in cells.values()):
        return DayMark(day, Kind.LEAVE, off, note, entries=tuple(sorted(c.entry for c in cells.values())))
    covering = [
        leave for leave in result.leaves if leave.first <= day <= leave.last and day_of(leave.granted) <= day
    ]
    if covering:
        return DayMark(day, Kind.LEAVE, off, note, entries=tuple(leave.entry for leave in covering))
    return DayMark(day, Kind.PENDING if day >= today else Kind.UNKNOWN, off, note)


def _held(result: Sheet, day: date, cells: dict[Session, Cell]) -> bool:
    for held in result.held:
        first, last = day_of(held.since), day_of(held.until) if held.until is not None else None
        if first < day and (last is None or day < last):
            return True
        if day == first and not any(c.at <= held.since for c in cells.values()):
            return last is None or day < last
    return False


def span(first: date, last: date) -> Iterable[date]:
    """Every day from ``first`` to ``last``."""
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)
