"""Every write to students, guardians, enrolments, residence, key groups and assignments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.access.vault import blind_index
from guixiao.facts import By, happenings
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.append import Stated, append
from guixiao.journal.records import Recorded
from guixiao.places.models import Place

from .models import Assignment, Enrolment, Guardian, KeyGroup, RegisterSheet, Status, Student
from .names import pinyin_of
from .rosters import next_version

LEAVING = {
    EnrolmentChange.TRANSFERRED_OUT: Status.TRANSFERRED_OUT,
    EnrolmentChange.GRADUATED: Status.GRADUATED,
    EnrolmentChange.REMOVED: Status.REMOVED,
    EnrolmentChange.DIED: Status.REMOVED,
}


@dataclass(frozen=True, slots=True)
class NewGuardian:
    """A guardian as a form or a sheet gives it."""

    name: str
    relation: str
    phone: str = ""
    id_number: str = ""
    id_type: str = "1"
    address: str = ""
    workplace: str = ""
    is_guardian: bool = True


@dataclass(frozen=True, slots=True)
class NewStudent:
    """A child as a form or a sheet gives it. ``values`` holds plain columns of :class:`Student`."""

    name: str
    sex: str
    birth: date
    values: Mapping[str, Any] = field(default_factory=dict)
    guardians: Sequence[NewGuardian] = ()
    sheet: str = "{}"


def register(
    *,
    by: By,
    now: datetime,
    new: NewStudent,
    klass: Place,
    first: date,
    school: Place,
    village: Place | None = None,
    entry: EnrolmentChange = EnrolmentChange.ENTERED,
) -> Student:
    """Record a child with guardians and its first enrolment, in one transaction."""
    with transaction.atomic():
        student, records = write_student(
            new=new,
            klass=klass,
            school=school,
            first=first,
            village=village,
            entry=entry,
            version=next_version(klass.pk),
        )
        append(
            [
                Stated(happenings.StudentRecorded(student=student.pk), records=records),
                Stated(
                    happenings.EnrolmentChanged(
                        student=student.pk, change=entry, day=first, school_id=school.pk, class_id=klass.pk
                    )
                ),
            ],
            by=by,
            now=now,
        )
    return student


def write_student(
    *,
    new: NewStudent,
    klass: Place,
    school: Place,
    first: date,
    village: Place | None,
    entry: EnrolmentChange,
    version: int,
) -> tuple[Student, list[Recorded]]:
    """The rows of one new child, for :func:`register` and the import's batches. No journal entry here."""
    values = dict(new.values)
    student = Student.objects.create(
        name=new.name,
        sex=new.sex,
        birth=new.birth,
        pinyin=pinyin_of(new.name),
        id_index=blind_index(values.get("id_number", "")),
        number_index=blind_index(values.get("student_number", "")),
        klass=klass,
        school=school,
        path=klass.path,
        village=village,
        home_path=village.path if village else "",
        **values,
    )
    guardians = Guardian.objects.bulk_create(
        Guardian(
            student=student,
            order=order,
            name=g.name,
            relation=g.relation,
            phone=g.phone,
            id_number=g.id_number,
            id_index=blind_index(g.id_number),
            id_type=g.id_type,
            address=g.address,
            workplace=g.workplace,
            is_guardian=g.is_guardian,
        )
        for order, g in enumerate(new.guardians, start=1)
    )
    sheet = RegisterSheet.objects.create(student=student, columns=new.sheet)
    enrolment = Enrolment.objects.create(
        student=student, school=school, klass=klass, first=first, entry=entry, entry_version=version
    )
    return student, [student, *guardians, sheet, enrolment]


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
    """Move a child to another class from ``day``: the old enrolment ends the day before."""
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
            klass=klass, school=school, path=klass.path, status=Status.ENROLLED
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


def leave_roll(*, by: By, now: datetime, student: Student, day: date, change: EnrolmentChange) -> Student:
    """Take a child off a class's roll for a lawful reason (transfer, graduation, death, error).

    Raises ``ValidationError`` for a change that does not end an enrolment: a dropout stays on the roll.
    """
    if change not in LEAVING:
        raise ValidationError(_("“%s”不结束学籍，学生仍留在名册上。") % change)
    with transaction.atomic():
        old = _close(student, day, change)
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


def _close(student: Student, day: date, change: EnrolmentChange) -> Enrolment | None:
    old = Enrolment.objects.filter(student=student, last=None).first()
    if old is None:
        return None
    old.last = max(old.first, day - timedelta(days=1))
    old.exit = change
    old.exit_version = next_version(old.klass_id)
    old.save(update_fields=["last", "exit", "exit_version"])
    return old


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
    """End an assignment on ``last``."""
    with transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).update(last=last)
        assignment.refresh_from_db()
        fact = happenings.AssignmentEnded(student=assignment.student_id, assignment=assignment.pk, last=last)
        append([Stated(fact, records=[assignment])], by=by, now=now)
    return assignment
