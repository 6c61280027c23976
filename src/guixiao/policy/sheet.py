"""Everything known of one child's days at one moment: marks by session, leave, and times not followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

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
    PresenceMarked,
    RollCallTaken,
)

from .known import Known, Stated
from .standing import Standing

Roll = (
    Stated[RollCallTaken]
    | Stated[AbsenceMarked]
    | Stated[PresenceMarked]
    | Stated[ArrivedLate]
    | Stated[MarkCorrected]
)
ORDER = {session: n for n, session in enumerate(Session)}
CAME = (Mark.PRESENT, Mark.LATE)
EXCUSED = (Mark.SICK, Mark.PERSONAL)
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


@dataclass(slots=True)
class Cell:
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

    cells: dict[date, dict[Session, Cell]] = field(default_factory=dict)
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
    for there in known.of(PresenceMarked):
        _put(result, there.fact.day, there.fact.session, Mark.PRESENT, there)
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


def _put(result: Sheet, day: date, session: Session, mark: Mark, stated: Roll) -> Cell:
    at = stated.at
    if isinstance(stated.fact, RollCallTaken) and stated.fact.device_at is not None:
        at = stated.fact.device_at
    cell = Cell(mark, at, stated.recorded, stated.entry)
    if mark in CAME:
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
