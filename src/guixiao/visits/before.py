"""What to know before going: the child's last school days and how earlier contacts ended (A10-18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from guixiao.facts import happenings as told
from guixiao.facts.clock import day_of
from guixiao.facts.codes import LeaveKind, Mark
from guixiao.journal import queries as journal
from guixiao.people.models import Student
from guixiao.places.calendars import calendar_of

DAYS = 8
LOOK_BACK = timedelta(days=40)
KINDS = ("absence_marked", "late_arrival", "mark_corrected", "leave_granted")


@dataclass(frozen=True, slots=True)
class DayTile:
    """One school day of one child, for the strip and for print."""

    day: date
    kind: str  # present, late, sick, personal, absent, unknown
    word: str
    school: bool = False


def words() -> dict[str, str]:
    return {
        "present": _("到校"),
        "late": _("迟到"),
        "sick": _("病假"),
        "personal": _("事假"),
        "absent": _("未请假"),
        "unknown": _("不明"),
    }


def strip(student: Student, now: datetime, most: int = DAYS) -> list[DayTile]:
    """The last school days up to today, oldest first. A day without a roll call is unknown, never present."""
    if student.klass is None:
        return []
    today = day_of(now)
    days = list(calendar_of(student.klass).school_days(today - LOOK_BACK, today))[-most:]
    marks = _marks(student, set(days))
    taken = _taken(student, days[0], now) if days else set()
    names = words()
    tiles = []
    for day in days:
        kind = marks.get(day) or ("present" if day in taken else "unknown")
        tiles.append(DayTile(day, kind, names[kind]))
    return tiles


def _marks(student: Student, days: set[date]) -> dict[date, str]:
    found: dict[date, str] = {}
    for entry in journal.of_students([student.pk], KINDS):
        fact = entry.fact
        if isinstance(fact, told.AbsenceMarked):
            found[fact.day] = _kind(fact.mark)
        elif isinstance(fact, told.ArrivedLate):
            found[fact.day] = "late"
        elif isinstance(fact, told.MarkCorrected):
            found[fact.day] = _kind(fact.now)
        elif isinstance(fact, told.LeaveGranted):
            kind = "sick" if fact.kind_of_leave == LeaveKind.SICK else "personal"
            found.update({day: kind for day in days if fact.first <= day <= fact.last})
    return found


def _kind(mark: Mark) -> str:
    return "absent" if mark == Mark.NONE else str(mark.value)


def _taken(student: Student, first: date, now: datetime) -> set[date]:
    since = now - timedelta(days=(day_of(now) - first).days + 1)
    entries = journal.of_places([student.klass_id or 0], ["roll_call_taken"], since)
    return {entry.fact.day for entry in entries if isinstance(entry.fact, told.RollCallTaken)}


def snapshot(student: Student, now: datetime) -> dict[str, list[list[str]]]:
    """The strip as it is kept with the visit."""
    return {"days": [[tile.day.isoformat(), tile.kind] for tile in strip(student, now)]}


def kept(before: dict[str, list[list[str]]]) -> list[DayTile]:
    """The strip as it was when the visit was handed in."""
    names = words()
    return [
        DayTile(date.fromisoformat(day), kind, names.get(kind, kind)) for day, kind in before.get("days", [])
    ]
