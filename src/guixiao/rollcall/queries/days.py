"""What each day was for a child, and how long it has been away: the shown side of the calendar.

The law's own count is the policy engine's; this one follows the same words (policy.md, semantics 2–4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from guixiao.facts import Calendar, DayKind
from guixiao.facts.clock import day_of, days
from guixiao.facts.codes import Mark, Session
from guixiao.people.models import Enrolment
from guixiao.places.calendars import calendars_of
from guixiao.places.models import Place
from guixiao.places.wording import word
from guixiao.rollcall.models import SESSIONS, Leave, RollCall, RollMark

CAME = (Mark.PRESENT, Mark.LATE)


class State(StrEnum):
    """The one word for a child's day."""

    PRESENT = "present"
    LATE = "late"
    NONE = "none"
    SICK = "sick"
    PERSONAL = "personal"
    UNKNOWN = "unknown"  # a school day without a roll call that speaks of the child
    NO_SCHOOL = "no_school"
    OUTSIDE = "outside"  # in no class that day


@dataclass(frozen=True, slots=True)
class DayState:
    """One day of one child. ``note`` is the reason in words; ``made_school`` marks a 调休 school day."""

    day: date
    state: State
    note: str = ""
    made_school: bool = False


@dataclass(slots=True)
class _Known:
    """What is known of the children asked for, by child and by class and day."""

    enrolments: dict[int, list[Enrolment]] = field(default_factory=dict)
    calendars: dict[int, Calendar] = field(default_factory=dict)
    rolls: dict[tuple[int, date], list[RollCall]] = field(default_factory=dict)
    marks: dict[tuple[int, int], RollMark] = field(default_factory=dict)
    leaves: dict[int, list[Leave]] = field(default_factory=dict)


def day_states(students: Iterable[int], first: date, last: date) -> dict[int, list[DayState]]:
    """Each child's days from ``first`` to ``last``, in order: seven queries for any number of children."""
    wanted = list(students)
    known = _read(wanted, first, last)
    return {child: [_state(known, child, day) for day in days(first, last)] for child in wanted}


def _read(students: list[int], first: date, last: date) -> _Known:
    known = _Known()
    for enrolment in Enrolment.objects.filter(student__in=students, first__lte=last).order_by("first", "pk"):
        if enrolment.last is None or enrolment.last >= first:
            known.enrolments.setdefault(enrolment.student_id, []).append(enrolment)
    classes = {e.klass_id for rows in known.enrolments.values() for e in rows}
    known.calendars = calendars_of(list(Place.objects.filter(pk__in=classes)))
    for roll in RollCall.objects.filter(klass__in=classes, day__range=(first, last)).order_by("day", "pk"):
        known.rolls.setdefault((roll.klass_id, roll.day), []).append(roll)
    marks = RollMark.objects.filter(student__in=students, roll_call__day__range=(first, last))
    known.marks = {(mark.student_id, mark.roll_call_id): mark for mark in marks}
    for leave in Leave.objects.filter(student__in=students, first__lte=last, last__gte=first).order_by("pk"):
        known.leaves.setdefault(leave.student_id, []).append(leave)
    return known


def _state(known: _Known, child: int, day: date) -> DayState:
    enrolment = next((e for e in known.enrolments.get(child, []) if _enrolled(e, day)), None)
    if enrolment is None:
        return DayState(day, State.OUTSIDE, _("不在任何班"))
    calendar = known.calendars[enrolment.klass_id]
    if calendar.is_school_day(day) is False:
        return DayState(day, State.NO_SCHOOL, off_note(calendar, day))
    made = calendar.kind(day) is DayKind.MADE_SCHOOL
    said = _said(known, enrolment, child, day)
    leave = next((row for row in known.leaves.get(child, []) if _holds(row, day)), None)
    state, note = _word(said, leave)
    if state is State.UNKNOWN and calendar.kind(day) is DayKind.UNKNOWN:
        note = _("放假安排还没公布")
    return DayState(day, state, note, made)


def _enrolled(enrolment: Enrolment, day: date) -> bool:
    return enrolment.first <= day and (enrolment.last is None or day <= enrolment.last)


def _said(
    known: _Known, enrolment: Enrolment, child: int, day: date
) -> dict[Session, tuple[Mark, RollMark | None]]:
    """What each session's roll call says of the child; sessions that do not speak of it are left out."""
    found: dict[Session, tuple[Mark, RollMark | None]] = {}
    for roll in known.rolls.get((enrolment.klass_id, day), []):
        row = known.marks.get((child, roll.pk))
        version = roll.roster_version
        gone = enrolment.exit_version is not None and enrolment.exit_version <= version
        listed = enrolment.entry_version <= version and not gone and child not in roll.apart
        if row is not None:
            found[Session(roll.session)] = (Mark(row.mark), row)
        elif listed:
            found[Session(roll.session)] = (Mark.PRESENT, None)
    return found


def _holds(leave: Leave, day: date) -> bool:
    """Leave works from the day of its granting, or from its first day when somebody entitled backdated it."""
    return leave.covers(day) and (bool(leave.backdated_by) or day >= day_of(leave.granted_at))


def _word(said: dict[Session, tuple[Mark, RollMark | None]], leave: Leave | None) -> tuple[State, str]:
    """Presence in any session outweighs absence in another; leave outweighs an unexcused mark."""
    came = [(s, m, row) for s, (m, row) in said.items() if m in CAME or (row and row.arrived_at)]
    if came:
        whole = len(came) == len(said) and all(mark is Mark.PRESENT for _session, mark, _row in came)
        return (State.PRESENT, "") if whole else (State.LATE, _missed_sessions(said))
    excused = next((mark for mark, _row in said.values() if mark in (Mark.SICK, Mark.PERSONAL)), None)
    if leave is not None:
        return State(leave.kind), leave.reason
    if excused is not None:
        return State(excused.value), ""
    return (State.NONE, "") if said else (State.UNKNOWN, _("没点名"))


def _missed_sessions(said: dict[Session, tuple[Mark, RollMark | None]]) -> str:
    away = [
        str(SESSIONS[session])
        for session, (mark, row) in said.items()
        if mark not in CAME and not (row and row.arrived_at)
    ]
    return _("%(sessions)s没来") % {"sessions": _("、").join(away)} if away else ""


def off_note(calendar: Calendar, day: date) -> str:
    """Why a day is no school day, in a word or two."""
    kind = calendar.kind(day)
    if kind is DayKind.VACATION:
        return _("不在学期")
    return word(calendar.note(day)) if kind in (DayKind.HOLIDAY, DayKind.CLOSED) else _("周末")


def away_days(students: Iterable[int], day: date, look_back: int = 60) -> dict[int, int]:
    """For each child away on ``day``: on how many school days in a row it has been away for the same reason
    (excused or not). Days without school or without a roll call neither count nor break."""
    counts: dict[int, int] = {}
    for child, states in day_states(students, day - timedelta(days=look_back), day).items():
        counts[child] = _run(states)
    return counts


def _run(states: list[DayState]) -> int:
    today = states[-1].state
    excused = (State.SICK, State.PERSONAL)
    same = excused if today in excused else (State.NONE,)
    count = 0
    for found in reversed(states):
        if found.state in same:
            count += 1
        elif found.state not in (State.NO_SCHOOL, State.UNKNOWN) and not (
            same == (State.NONE,) and found.state in excused
        ):
            break
    return count


def tiles(student: int, first: date, last: date) -> list[dict[str, object]]:
    """The days of one child as tiles for the page: the kind of tile, the word, the reason."""
    return [_tile(found) for found in day_states([student], first, last)[student]]


def _tile(found: DayState) -> dict[str, object]:
    kinds = {
        State.PRESENT: ("present", _("到校")),
        State.LATE: ("late", _("迟到")),
        State.NONE: ("absent", _("未请假")),
        State.SICK: ("sick", _("病假")),
        State.PERSONAL: ("personal", _("事假")),
        State.UNKNOWN: ("unknown", found.note or _("没点名")),
        State.NO_SCHOOL: ("holiday", found.note or _("不上课")),
        State.OUTSIDE: ("holiday", found.note),
    }
    kind, word = kinds[found.state]
    school = found.state not in (State.NO_SCHOOL, State.OUTSIDE)
    tag = _("调休 上课") if found.made_school else ""
    return {"day": found.day, "kind": kind, "word": word, "note": found.note, "school": school, "tag": tag}
