"""One roll call: its children, their marks, who was not listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from guixiao.facts.codes import Mark, Session
from guixiao.people.models import Status, Student
from guixiao.places.models import Place
from guixiao.rollcall.models import AWAY, RollCall, RollMark


@dataclass(frozen=True, slots=True)
class Taken:
    """A roll call in figures. ``present`` includes those who came late."""

    roll_call: RollCall
    marks: Counter[str]
    arrived: int

    @property
    def away(self) -> int:
        return sum(self.marks[mark] for mark in AWAY)

    @property
    def present(self) -> int:
        return self.roll_call.listed + self.marks["added"] - self.away


def marked(roll_call: RollCall) -> QuerySet[RollMark]:
    """Every mark of a roll call with its child, unexcused first."""
    return roll_call.marks.select_related("student").order_by("mark", "student__pinyin", "pk")


def figures(roll_call: RollCall, rows: Iterable[RollMark]) -> Taken:
    rows = list(rows)
    marks = Counter(row.mark for row in rows)
    marks["added"] = sum(row.added for row in rows)
    return Taken(roll_call, marks, sum(row.mark in AWAY and row.arrived_at is not None for row in rows))


def mark_of(roll_call: RollCall, student: Student) -> tuple[Mark, RollMark | None]:
    """What the roll call says of a child; without a row it was present. Ask :func:`lists` first."""
    row = RollMark.objects.filter(roll_call=roll_call, student=student).first()
    return (Mark(row.mark) if row else Mark.PRESENT), row


def lists(roll_call: RollCall, student: Student) -> bool:
    """Whether the roll call speaks of this child at all."""
    if student.pk in roll_call.apart:
        return False
    version = roll_call.roster_version
    return (
        student.enrolments.filter(
            klass=roll_call.klass_id, entry_version__lte=version, first__lte=roll_call.day
        )
        .filter(Q(exit_version=None) | Q(exit_version__gt=version))
        .exists()
        or RollMark.objects.filter(roll_call=roll_call, student=student).exists()
    )


def unlisted(roll_call: RollCall) -> list[Student]:
    """Children on the class's roll that day whom the roster of this roll call did not list yet: unknown."""
    day = roll_call.day
    return list(
        Student.objects.filter(
            Q(enrolments__last=None) | Q(enrolments__last__gte=day),
            enrolments__klass=roll_call.klass_id,
            enrolments__first__lte=day,
            enrolments__entry_version__gt=roll_call.roster_version,
            status=Status.ENROLLED,
        )
        .exclude(roll_marks__roll_call=roll_call)
        .order_by("seat", "pinyin", "pk")
    )


def today_of(klass: Place, day: date) -> dict[Session, RollCall]:
    """The roll calls of a class on a day, by session."""
    taken = RollCall.objects.filter(klass=klass, day=day).select_related("taken_by")
    return {Session(roll_call.session): roll_call for roll_call in taken}
