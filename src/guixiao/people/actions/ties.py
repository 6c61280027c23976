"""Every write to key groups and to who answers for which child."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.journal.append import Stated, append
from guixiao.people.models import Assignment, KeyGroup, Student


def set_group(
    *,
    by: By,
    now: datetime,
    student: Student,
    group: str,
    first: date,
    last: date | None = None,
    ground: str = "",
) -> KeyGroup:
    """Mark a child as belonging to a key group from ``first``."""
    with transaction.atomic():
        row = KeyGroup.objects.create(student=student, group=group, first=first, last=last, ground=ground)
        fact = happenings.KeyGroupSet(student=student.pk, group=group, first=first, last=last)
        append([Stated(fact, records=[row])], by=by, now=now)
    return row


def end_group(*, by: By, now: datetime, row: KeyGroup, last: date) -> KeyGroup:
    """The child belongs to the group up to and including ``last``."""
    if last < row.first:
        raise ValidationError(_("最后一天早于开始的一天，请改一下。"))
    with transaction.atomic():
        KeyGroup.objects.filter(pk=row.pk).update(last=last)
        row.refresh_from_db()
        fact = happenings.KeyGroupSet(student=row.student_id, group=row.group, first=row.first, last=last)
        append([Stated(fact, records=[row])], by=by, now=now)
    return row


def assign(
    *,
    by: By,
    now: datetime,
    student: Student,
    person_id: int,
    role: str,
    first: date,
    last: date | None = None,
) -> Assignment:
    """Make a person answer for a child from ``first``."""
    with transaction.atomic():
        row = Assignment.objects.create(
            student=student, person_id=person_id, role=role, first=first, last=last
        )
        fact = happenings.Assigned(
            student=student.pk, assignment=row.pk, person=person_id, role=role, first=first, last=last
        )
        append([Stated(fact, records=[row])], by=by, now=now)
    return row


def end_assignment(*, by: By, now: datetime, assignment: Assignment, last: date) -> Assignment:
    """End an assignment on ``last`` (still held that day)."""
    if last < assignment.first:
        raise ValidationError(_("最后一天早于开始的一天，请改一下。"))
    with transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).update(last=last)
        assignment.refresh_from_db()
        fact = happenings.AssignmentEnded(student=assignment.student_id, assignment=assignment.pk, last=last)
        append([Stated(fact, records=[assignment])], by=by, now=now)
    return assignment
