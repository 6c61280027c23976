"""A made-up child whom every regulation has something to say about, for comparing regulations without a child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guixiao.facts import Calendar
from guixiao.facts.clock import SHANGHAI
from guixiao.policy import Happened, Standing, Subject, SubjectKind

from .stage import Script, calendar, standing

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
_CHILD = "李小满"
_TEACHER = {"with": ["class_teacher"]}
_SAYS: dict[str, Any] = {
    "calendar": {"term_start": FIRST},
    "facts": [
        {"at": "2026-09-11 08:05", "absent": _CHILD},
        {"at": "2026-09-11 18:00", "visit": _CHILD, "outcome": "will_return", **_TEACHER},
        *({"at": f"2026-09-{day} 08:05", "absent": _CHILD} for day in (14, 15, 16, 17, 18, 21, 22)),
        {"at": "2026-09-18 16:00", "case_opened": _CHILD},
        {"at": "2026-09-22 16:00", "stage": _CHILD, "was": "open", "now": "confirmed"},
        {"at": "2026-09-23 18:00", "visit": _CHILD, "outcome": "refuses", **_TEACHER},
        {"at": "2026-09-24 18:00", "visit": _CHILD, "outcome": "refuses", **_TEACHER},
    ],
}


@dataclass(frozen=True)
class Example:
    """The made-up child's facts and everything an evaluation of them needs."""

    subject: Subject
    facts: tuple[Happened, ...]
    standing: Standing
    calendar: Calendar
    first: date = FIRST
    last: date = LAST


def example() -> Example:
    """A child absent from Friday 11 September, visited, confirmed as dropout on the 22nd, persuaded twice in vain."""
    days = calendar(_SAYS["calendar"])
    end = datetime(LAST.year, LAST.month, LAST.day, 20, tzinfo=SHANGHAI)
    facts = Script(_SAYS, days, end).read()
    return Example(Subject(SubjectKind.STUDENT, 1), tuple(facts), standing({}, student=True), days)
