"""What each day was for one child: came, absent, on leave, unknown, or no school day (semantics 2–4, 12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from guixiao.facts import Calendar, DayKind
from guixiao.facts.clock import day_of, end_of, start_of
from guixiao.facts.codes import EnrolmentChange, Mark, Session, Stage
from guixiao.facts.happenings import (
    AbsenceMarked,
    ArrivedLate,
    CaseClosed,
    CaseStageChanged,
    EnrolmentChanged,
    LeaveEnded,
    LeaveGranted,
    MarkCorrected,
    RollCallTaken,
)

from .known import Known, Stated
from .standing import Standing

Roll = Stated[RollCallTaken] | Stated[AbsenceMarked] | Stated[ArrivedLate] | Stated[MarkCorrected]
_ORDER = {session: n for n, session in enumerate(Session)}
_CAME = (Mark.PRESENT, Mark.LATE)
_EXCUSED = (Mark.SICK, Mark.PERSONAL)
_LEFT = (
    EnrolmentChange.TRANSFERRED_OUT,
    EnrolmentChange.SUSPENDED,
    EnrolmentChange.GRADUATED,
    EnrolmentChange.DIED,
    EnrolmentChange.REMOVED,
)
_JOINED = (EnrolmentChange.ENTERED, EnrolmentChange.TRANSFERRED_IN, EnrolmentChange.RESUMED)
_HELD = (Stage.CONFIRMED, Stage.PERSUADING)
_BACK = (Stage.RETURNED, Stage.FOLLOWING, Stage.CLOSED)


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


@dataclass(frozen=True, slots=True)
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


@dataclass(slots=True)
class _Cell:
    """One session of one day, as last stated."""

    mark: Mark
    at: datetime
    recorded: datetime
    entry: int
    came_at: datetime | None = None
    came_known: datetime | None = None


@dataclass(slots=True)
class Leave:
    entry: int
    first: date
    last: date
    granted: datetime
    backdated_by: str | None


class Cause(StrEnum):
    """What ends a run of absence."""

    PRESENT = "present"
    CASE = "case"  # confirmed dropout: the case carries on
    LEFT = "left"  # transferred out, suspended, …
    CASE_OVER = "case_over"  # returned or closed


@dataclass(slots=True)
class Held:
    """A time in which a child is not followed day by day: confirmed dropout until return or closing, or
    off the register."""

    since: datetime
    known: datetime
    until: datetime | None
    entry: int
    cause: Cause


@dataclass(slots=True)
class Sheet:
    """Everything known of one child's days at one moment."""

    cells: dict[date, dict[Session, _Cell]] = field(default_factory=dict)
    leaves: list[Leave] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)

    @property
    def first_absent(self) -> date | None:
        """The first day with an unexcused mark."""
        days = [d for d, cells in self.cells.items() if any(c.mark is Mark.NONE for c in cells.values())]
        return min(days, default=None)


def sheet(known: Known, standing: Standing) -> Sheet:
    """Read roll calls, marks, corrections, leave and the case's stages."""
    result = Sheet()
    for roll in known.of(RollCallTaken):
        if standing.on_roster(roll.fact.class_id, roll.fact.roster_version):
            _put(result, roll.fact.day, roll.fact.session, Mark.PRESENT, roll)
    for mark in known.of(AbsenceMarked):
        _put(result, mark.fact.day, mark.fact.session, mark.fact.mark, mark)
    for late in known.of(ArrivedLate):
        cell = result.cells.setdefault(late.fact.day, {}).get(late.fact.session)
        if cell is None:
            cell = _put(result, late.fact.day, late.fact.session, Mark.LATE, late)
        cell.came_at, cell.came_known = late.fact.arrived_at, late.recorded
    for fix in known.of(MarkCorrected):
        _put(result, fix.fact.day, fix.fact.session, fix.fact.now, fix)
    _read_leave(result, known)
    _read_case(result, known)
    _read_register(result, known)
    return result


def _put(result: Sheet, day: date, session: Session, mark: Mark, stated: Roll) -> _Cell:
    at = stated.at
    if isinstance(stated.fact, RollCallTaken) and stated.fact.device_at is not None:
        at = stated.fact.device_at
    cell = _Cell(mark, at, stated.recorded, stated.entry)
    if mark in _CAME:
        cell.came_at = at if day_of(at) == day else end_of(day)
        cell.came_known = stated.recorded
    result.cells.setdefault(day, {})[session] = cell
    return cell


def _read_leave(result: Sheet, known: Known) -> None:
    ends: dict[int, date] = {s.fact.leave: s.fact.last for s in known.of(LeaveEnded)}
    for granted in known.of(LeaveGranted):
        fact = granted.fact
        last = min(fact.last, ends.get(fact.leave, fact.last))
        result.leaves.append(Leave(granted.entry, fact.first, last, granted.recorded, fact.backdated_by))


def _read_case(result: Sheet, known: Known) -> None:
    """From confirmed dropout until return or closing the absence rungs are silent (semantics 12)."""
    moves = [(s.recorded, s.entry, s.at, s.fact.now) for s in known.of(CaseStageChanged)]
    moves += [(s.recorded, s.entry, s.at, Stage.CLOSED) for s in known.of(CaseClosed)]
    current: Held | None = None
    for recorded, entry, at, stage in sorted(moves):
        if stage in _HELD and current is None:
            current = Held(at, recorded, None, entry, Cause.CASE)
            result.held.append(current)
        elif stage in _BACK and current is not None:
            current.until, current = at, None


def _read_register(result: Sheet, known: Known) -> None:
    """Leaving the register works from when it is recorded: it is not a way to backdate."""
    current: Held | None = None
    for change in known.of(EnrolmentChanged):
        moment = start_of(change.fact.day)
        if change.fact.change in _LEFT and current is None:
            moment = max(moment, change.recorded)
            current = Held(moment, change.recorded, None, change.entry, Cause.LEFT)
            result.held.append(current)
        elif change.fact.change in _JOINED and current is not None:
            current.until, current = max(moment, current.since), None


def mark_day(result: Sheet, day: date, calendar: Calendar, backdated: frozenset[int], today: date) -> DayMark:
    """The word for one day. ``backdated`` are the leave entries entitled to reach back."""
    off = calendar.kind(day)
    cells = result.cells.get(day, {})
    if _held(result, day, cells):
        return DayMark(day, Kind.HELD, off)
    if not cells and off is DayKind.UNKNOWN:
        return DayMark(day, Kind.UNANNOUNCED, off)
    if not calendar.is_school_day(day) and off is not DayKind.UNKNOWN:
        return DayMark(day, Kind.OFF, off, calendar.note(day))
    note = calendar.note(day)
    came = [c for c in cells.values() if c.came_at is not None]
    nones = sorted((_ORDER[s], c) for s, c in cells.items() if c.mark is Mark.NONE) if cells else []
    if came:
        return _came(day, off, note, cells, came)
    if nones:
        return _absent(result, day, off, note, [c for _, c in nones], backdated)
    return _without_marks(result, day, off, note, cells, today)


def _came(day: date, off: DayKind, note: str, cells: dict[Session, _Cell], came: list[_Cell]) -> DayMark:
    back = min(came, key=lambda c: c.came_at or c.at)
    first_back = min(_ORDER[s] for s, c in cells.items() if c.came_at is not None)
    missed = [
        c
        for s, c in cells.items()
        if c.mark is Mark.NONE and (_ORDER[s] < first_back or c.came_at is not None)
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
    result: Sheet, day: date, off: DayKind, note: str, nones: list[_Cell], backdated: frozenset[int]
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
    result: Sheet, day: date, off: DayKind, note: str, cells: dict[Session, _Cell], today: date
) -> DayMark:
    if any(c.mark in _EXCUSED for c in cells.values()):
        return DayMark(day, Kind.LEAVE, off, note, entries=tuple(sorted(c.entry for c in cells.values())))
    covering = [
        leave for leave in result.leaves if leave.first <= day <= leave.last and day_of(leave.granted) <= day
    ]
    if covering:
        return DayMark(day, Kind.LEAVE, off, note, entries=tuple(leave.entry for leave in covering))
    return DayMark(day, Kind.PENDING if day >= today else Kind.UNKNOWN, off, note)


def _held(result: Sheet, day: date, cells: dict[Session, _Cell]) -> bool:
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
