"""What the roll-call page shows: the class as it stands, who is on leave, who was missing lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from guixiao.facts.codes import Mark
from guixiao.people.models import Status, Student
from guixiao.people.rosters import roster
from guixiao.places.models import Place
from guixiao.rollcall.models import Leave, RollMark

LOOK_BACK = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Child:
    """One name on the sheet. ``off`` says why a child on the roll is not marked."""

    id: int
    name: str
    mark: str
    off: str = ""
    first: date | None = None
    last: date | None = None
    note: str = ""


def sheet(klass: Place, day: date) -> list[Child]:
    """The children to be marked on ``day`` and those who stay on the roll unmarked: two queries."""
    missed = _missed(klass, day)
    return [_child(student, missed.get(student.pk, [])) for student in _roster(klass, day)]


def _roster(klass: Place, day: date) -> QuerySet[Student]:
    leave = Leave.objects.filter(student=OuterRef("pk"), first__lte=day, last__gte=day).order_by("-last")
    return (
        roster(klass)
        .filter(enrolments__last=None, enrolments__first__lte=day)
        .only("pk", "name", "status", "seat")
        .annotate(
            leave_kind=Subquery(leave.values("kind")[:1]),
            leave_last=Subquery(leave.values("last")[:1]),
        )
    )


def _missed(klass: Place, day: date) -> dict[int, list[date]]:
    rows = RollMark.objects.filter(
        roll_call__klass=klass,
        roll_call__day__gte=day - LOOK_BACK,
        roll_call__day__lt=day,
        mark=Mark.NONE,
        student__klass=klass,
    )
    found: dict[int, list[date]] = {}
    for child, missed in rows.order_by("roll_call__day").values_list("student_id", "roll_call__day"):
        if missed not in found.setdefault(child, []):
            found[child].append(missed)
    return found


def _child(student: Student, missed: list[date]) -> Child:
    if student.status != Status.ENROLLED:
        return Child(student.pk, student.name, "", off=str(Status(student.status).label))
    kind: str | None = student.leave_kind  # type: ignore[attr-defined]  # annotated in _roster
    last: date | None = student.leave_last  # type: ignore[attr-defined]  # annotated in _roster
    return Child(student.pk, student.name, kind or "present", last=last, note=_note(missed))


def _note(missed: list[date]) -> str:
    if not missed:
        return ""
    shown = _("、").join(f"{day.month}月{day.day}日" for day in missed[-3:])
    if len(missed) > 3:
        return _("三周内未请假 %(n)s 天，最近是%(days)s") % {"n": len(missed), "days": shown}
    return _("三周内未请假：%(days)s") % {"days": shown}
