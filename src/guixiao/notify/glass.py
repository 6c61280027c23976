"""An emergency look at a child is told to the principal at once (standards.md §11)."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_noop

from guixiao.access.models import BreakGlass
from guixiao.facts import By
from guixiao.facts.clock import day_of
from guixiao.people.models import Student
from guixiao.places.models import Holding
from guixiao.places.queries import holders, line

from .actions import Message, tell
from .models import Kind

TOLD = ("principal", "vice_principal", "central_school_head", "basic_education")
TEXT = gettext_noop("%(who)s紧急查看了你这里一名学生的资料，两小时后自动关上。点开看是谁、为什么。")


def tell_principal(row: BreakGlass, by: By, now: datetime) -> int:
    """Tell the principal, or whoever stands in where there is none. The child's name is not in the text."""
    student = Student.objects.select_related("school").get(pk=row.student)
    messages = [
        Message(
            person=holding.person_id,
            kind=Kind.GLASS,
            text=TEXT,
            params={"who": row.account.person.name},
            url=reverse("access:looks", args=[student.pk]),
            student=student.pk,
            key=f"glass-{row.pk}-{holding.person_id}",
        )
        for holding in _nearest(student, now)
    ]
    return tell(by=by, now=now, messages=messages)


def _nearest(student: Student, now: datetime) -> list[Holding]:
    if student.school is None:
        return []
    found = list(holders([place.pk for place in line(student.school)], TOLD, day_of(now)))
    for post in TOLD:
        here = [holding for holding in found if holding.post == post]
        if here:
            return here
    return []
