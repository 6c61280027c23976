"""Every write that moves a child between classes, or changes how it stands on the roll."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.append import Stated, append
from guixiao.people.models import ON_THE_ROLL, Enrolment, Status, Student
from guixiao.people.rosters import next_version
from guixiao.places.models import Place

LEAVING = {
    EnrolmentChange.TRANSFERRED_OUT: Status.TRANSFERRED_OUT,
    EnrolmentChange.GRADUATED: Status.GRADUATED,
    EnrolmentChange.REMOVED: Status.REMOVED,
    EnrolmentChange.DIED: Status.REMOVED,
}


def move(
    *,
    by: By,
    now: datetime,
    student: Student,
    klass: Place,
    school: Place,
    day: date,
    change: EnrolmentChange,
) -> Enrolment:
    """Move a child to another class from ``day``: the old enrolment ends the day before.

    Between classes of a school a suspended child stays suspended and a dropout a dropout.
    """
    stays = change == EnrolmentChange.MOVED_CLASS and student.status in ON_THE_ROLL
    with transaction.atomic():
        old = _close(student, day, change)
        made = Enrolment.objects.create(
            student=student,
            school=school,
            klass=klass,
            first=day,
            entry=change,
            entry_version=next_version(klass.pk),
        )
        Student.objects.filter(pk=student.pk).update(
            klass=klass,
            school=school,
            path=klass.path,
            status=student.status if stays else Status.ENROLLED,
        )
        student.refresh_from_db()
        fact = happenings.EnrolmentChanged(
            student=student.pk,
            change=change,
            day=day,
            school_id=school.pk,
            class_id=klass.pk,
            from_class_id=old.klass_id if old else None,
        )
        append([Stated(fact, records=[student, made, *([old] if old else [])])], by=by, now=now)
    return made


def leave_roll(
    *, by: By, now: datetime, student: Student, day: date, change: EnrolmentChange, note: str = ""
) -> Student:
    """Take a child off a class's roll for a lawful reason (transfer, graduation, death, error).

    ``note`` is the proof: the receiving school's receipt, the certificate.

    Raises ``ValidationError`` for a change that does not end an enrolment: a dropout stays on the roll.
    """
    if change not in LEAVING:
        raise ValidationError(_("“%s”不结束学籍，学生仍留在名册上。") % change)
    with transaction.atomic():
        old = _close(student, day, change, note)
        Student.objects.filter(pk=student.pk).update(status=LEAVING[change], klass=None)
        student.refresh_from_db()
        fact = happenings.EnrolmentChanged(
            student=student.pk,
            change=change,
            day=day,
            school_id=student.school_id,
            class_id=old.klass_id if old else None,
        )
        append([Stated(fact, records=[student, *([old] if old else [])])], by=by, now=now)
    return student


def set_status(
    *, by: By, now: datetime, student: Student, status: Status, change: EnrolmentChange, day: date
) -> None:
    """Change the standing of a child that stays on the roll (suspended, resumed, dropped out)."""
    with transaction.atomic():
        Student.objects.filter(pk=student.pk).update(status=status)
        student.refresh_from_db()
        fact = happenings.EnrolmentChanged(
            student=student.pk, change=change, day=day, school_id=student.school_id, class_id=student.klass_id
        )
        append([Stated(fact, records=[student])], by=by, now=now)


def _close(student: Student, day: date, change: EnrolmentChange, note: str = "") -> Enrolment | None:
    old = Enrolment.objects.filter(student=student, last=None).first()
    if old is None:
        return None
    old.last = max(old.first, day - timedelta(days=1))
    old.exit = change
    old.exit_note = note
    old.exit_version = next_version(old.klass_id)
    old.save(update_fields=["last", "exit", "exit_note", "exit_version"])
    return old
