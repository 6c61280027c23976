"""A whole class recorded at once: one roster version, one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from guixiao.facts import By, happenings
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.append import Stated, append
from guixiao.people.models import Student
from guixiao.people.rosters import next_version
from guixiao.places.models import Place

from .students import NewStudent, write_student


def register_class(
    *,
    by: By,
    now: datetime,
    klass: Place,
    school: Place,
    first: date,
    rows: Sequence[tuple[NewStudent, Place | None]],
) -> list[Student]:
    """Record the children of a class with the village each lives in. All of them, or none."""
    students: list[Student] = []
    stated: list[Stated] = []
    with transaction.atomic():
        version = next_version(klass.pk)
        for new, village in rows:
            student, records = write_student(
                new=new,
                klass=klass,
                school=school,
                first=first,
                village=village,
                entry=EnrolmentChange.ENTERED,
                version=version,
            )
            entered = happenings.EnrolmentChanged(
                student=student.pk,
                change=EnrolmentChange.ENTERED,
                day=first,
                school_id=school.pk,
                class_id=klass.pk,
            )
            stated += [
                Stated(happenings.StudentRecorded(student=student.pk), records=records),
                Stated(entered),
            ]
            students.append(student)
        append(stated, by=by, now=now)
    return students
