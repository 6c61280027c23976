"""What the roll-call page shows: the class as it stands, who is on leave, who was missing lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from guixiao.facts.codes import Mark, Session
from guixiao.people.models import Status, Student
from guixiao.people.rosters import roster
from guixiao.places.models import Place
from guixiao.rollcall.models import Leave, RollCall, RollMark

LOOK_BACK = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Child:
    """One name on the sheet. ``off`` says why a child on the roll is not marked; leave known beforehand
    comes with what is left of its period."""

    id: int
    name: str
    mark: str
    off: str = ""
    first: date | None = None
    last: date | None = None
    note: str = ""


def with_rolls(classes: QuerySet[Place], day: date) -> QuerySet[Place]:
    """Each class with the id of its roll call in every session of ``day``: no query of its own."""
    rolls = RollCall.objects.filter(klass=OuterRef("pk"), day=day)
    return classes.annotate(
        **{f"roll_{code}": Subquery(rolls.filter(session=code).values("pk")[:1]) for code in Session}
    )


def rolls_of(klass: Place) -> dict[Session, int]:
    """The roll calls that :func:`with_rolls` found, by session."""
    found = {code: getattr(klass, f"roll_{code}") for code in Session}
    return {code: pk for code, pk in found.items() if pk is not None}


def sheet(klass: Place, day: date) -> list[Child]:
    """The children to be marked on ``day`` and those who stay on the roll unmarked: one query."""
    return [_child(student, day) for student in _roster(klass, day)]


def _roster(klass: Place, day: date) -> QuerySet[Student]:
    leave = Leave.objects.filter(student=OuterRef("pk"), first__lte=day, last__gte=day).order_by("-last")
    missed = RollMark.objects.filter(
        student=OuterRef("pk"),
        mark=Mark.NONE,
        roll_call__day__gte=day - LOOK_BACK,
        roll_call__day__lt=day,
    ).order_by()
    counted = missed.values("student").annotate(n=Count("roll_call__day", distinct=True))
    return (
        roster(klass)
        .filter(enrolments__last=None, enrolments__first__lte=day)
        .only("pk", "name", "status", "seat")
        .annotate(
            leave_kind=Subquery(leave.values("kind")[:1]),
            leave_last=Subquery(leave.values("last")[:1]),
            missed=Subquery(counted.values("n")),
            missed_last=Subquery(missed.values("student").annotate(d=Max("roll_call__day")).values("d")),
        )
    )


def _child(student: Student, day: date) -> Child:
    if student.status != Status.ENROLLED:
        return Child(student.pk, student.name, "", off=str(Status(student.status).label))
    kind: str | None = student.leave_kind  # type: ignore[attr-defined]  # annotated in _roster
    last: date | None = student.leave_last  # type: ignore[attr-defined]  # annotated in _roster
    first = day if kind else None
    return Child(student.pk, student.name, kind or "present", first=first, last=last, note=_note(student))


def _note(student: Student) -> str:
    missed: int = student.missed or 0  # type: ignore[attr-defined]  # annotated in _roster
    if not missed:
        return ""
    last: date = student.missed_last  # type: ignore[attr-defined]  # annotated in _roster
    return _("三周内未请假 %(n)s 天，最近一次 %(month)s月%(day)s日") % {
        "n": missed,
        "month": last.month,
        "day": last.day,
    }
