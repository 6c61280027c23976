"""Children recorded for the first time: one by a form, a class at once, or a sheet's batch.

All three write their rows in bulk: four inserts and one roster version a class, however many children.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db import transaction

from guixiao.access.vault import blind_index
from guixiao.facts import By, happenings
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.append import Stated, append
from guixiao.journal.bulk import insert_all
from guixiao.people.models import Enrolment, Guardian, RegisterSheet, Student
from guixiao.people.names import pinyin_of
from guixiao.people.rosters import next_version
from guixiao.places.models import Place

from .students import NewStudent


class Rows(Protocol):
    """The rows of one child, not yet in the database."""

    student: Student
    guardians: list[Guardian]
    sheet: RegisterSheet
    enrolment: Enrolment


@dataclass
class Fresh:
    """The rows of a child as a form or the demo gives it."""

    student: Student
    guardians: list[Guardian]
    sheet: RegisterSheet
    enrolment: Enrolment


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
    made = register_class(
        by=by, now=now, klass=klass, school=school, first=first, rows=[(new, village)], entry=entry
    )
    return made[0]


def register_class(
    *,
    by: By,
    now: datetime,
    klass: Place,
    school: Place,
    first: date,
    rows: Sequence[tuple[NewStudent, Place | None]],
    entry: EnrolmentChange = EnrolmentChange.ENTERED,
) -> list[Student]:
    """Record the children of a class with the village each lives in. All of them, or none."""
    drafts = [_draft(new, klass, school, first, village, entry) for new, village in rows]
    with transaction.atomic():
        version = next_version(klass.pk)
        for draft in drafts:
            draft.enrolment.entry_version = version
        insert(drafts)
        append([item for draft in drafts for item in told(draft)], by=by, now=now)
    return [draft.student for draft in drafts]


def insert(drafts: Sequence[Rows]) -> None:
    """The rows of some children, inside the caller's transaction; the caller journals them with :func:`told`."""
    insert_all([draft.student for draft in drafts])
    insert_all([guardian for draft in drafts for guardian in draft.guardians])
    insert_all([draft.sheet for draft in drafts])
    insert_all([draft.enrolment for draft in drafts])


def told(draft: Rows) -> Iterable[Stated]:
    """What the journal is told of one child's rows."""
    enrolment = draft.enrolment
    entered = happenings.EnrolmentChanged(
        student=draft.student.pk,
        change=EnrolmentChange(enrolment.entry),
        day=enrolment.first,
        school_id=enrolment.school_id,
        class_id=enrolment.klass_id,
    )
    records = [draft.student, *draft.guardians, draft.sheet, enrolment]
    return [Stated(happenings.StudentRecorded(student=draft.student.pk), records=records), Stated(entered)]


def _draft(
    new: NewStudent, klass: Place, school: Place, first: date, village: Place | None, entry: EnrolmentChange
) -> Fresh:
    values = dict(new.values)
    student = Student(
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
    guardians = [
        Guardian(
            student=student,
            order=order,
            name=one.name,
            relation=one.relation,
            phone=one.phone,
            id_number=one.id_number,
            id_index=blind_index(one.id_number),
            id_type=one.id_type,
            address=one.address,
            workplace=one.workplace,
            is_guardian=one.is_guardian,
        )
        for order, one in enumerate(new.guardians, start=1)
    ]
    sheet = RegisterSheet(student=student, columns=new.sheet)
    enrolment = Enrolment(student=student, school=school, klass=klass, first=first, entry=entry.value)
    return Fresh(student, guardians, sheet, enrolment)
