"""What to know before going: the child's last school days and how earlier contacts ended (A10-18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from guixiao.facts.clock import day_of
from guixiao.people.models import Student
from guixiao.rollcall.queries.days import State, day_states

DAYS = 8
LOOK_BACK = timedelta(days=40)
KINDS = {
    State.PRESENT: "present",
    State.LATE: "late",
    State.NONE: "absent",
    State.SICK: "sick",
    State.PERSONAL: "personal",
    State.UNKNOWN: "unknown",
}


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
    today, names = day_of(now), words()
    states = day_states([student.pk], today - LOOK_BACK, today).get(student.pk, [])
    kinds = [(one.day, KINDS[one.state]) for one in states if one.state in KINDS]
    return [DayTile(day, kind, names[kind]) for day, kind in kinds[-most:]]


def snapshot(student: Student, now: datetime) -> dict[str, list[list[str]]]:
    """The strip as it is kept with the visit."""
    return {"days": [[tile.day.isoformat(), tile.kind] for tile in strip(student, now)]}


def kept(before: dict[str, list[list[str]]]) -> list[DayTile]:
    """The strip as it was when the visit was handed in."""
    names = words()
    return [
        DayTile(date.fromisoformat(day), kind, names.get(kind, kind)) for day, kind in before.get("days", [])
    ]
