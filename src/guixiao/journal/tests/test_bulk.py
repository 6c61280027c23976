"""Rows inserted at once are the rows ``save`` would have written."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.bulk import insert_all
from guixiao.journal.records import digest
from guixiao.people.models import Enrolment, Group, Guardian, KeyGroup, Sex, Student
from guixiao.testing.cast import Cast


def made(cast: Cast, number: int) -> Student:
    return Student(
        name=f"新生{number}",
        sex=Sex.FEMALE,
        birth=date(2014, 5, number),
        phone=f"1380000000{number}",
        boarding=number % 2 == 0,
        klass=cast.klass,
        school=cast.school,
        path=cast.klass.path,
    )


def test_rows_come_back_as_they_went_in(cast: Cast) -> None:
    students = [made(cast, number) for number in range(1, 6)]
    guardians = [Guardian(student=student, order=1, name="家长", relation="母亲") for student in students]
    with transaction.atomic():
        insert_all(students)
        insert_all(guardians)
    for student, guardian in zip(students, guardians, strict=True):
        stored = Student.objects.get(pk=student.pk)
        assert digest(stored) == digest(student)
        assert (stored.phone, stored.birth, stored.boarding) == (
            student.phone,
            student.birth,
            student.boarding,
        )
        assert Guardian.objects.get(pk=guardian.pk).student_id == student.pk == guardian.student_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM people_student WHERE id = %s", [students[0].pk])
        assert "138" not in cursor.fetchone()[0]


def test_keys_go_on_where_either_way_stopped(cast: Cast) -> None:
    with transaction.atomic():
        insert_all([made(cast, 1), made(cast, 2)])
    last = made(cast, 3)
    last.save()
    with transaction.atomic():
        insert_all(more := [made(cast, 4), made(cast, 5)])
    numbers = list(Student.objects.values_list("pk", flat=True))
    assert len(set(numbers)) == len(numbers)
    assert all(student.pk > last.pk for student in more)


def test_what_the_table_refuses_leaves_nothing(cast: Cast) -> None:
    before = Enrolment.objects.count()
    twice = [
        Enrolment(
            student=cast.child,
            school=cast.school,
            klass=cast.klass,
            first=date(2026, 9, 1),
            entry=EnrolmentChange.ENTERED,
            entry_version=1,
        )
        for _time in range(2)
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all(twice)
    assert Enrolment.objects.count() == before


def test_a_row_saved_afterwards_is_updated_not_inserted(cast: Cast) -> None:
    row = KeyGroup(student=cast.child, group=Group.LEFT_BEHIND, first=date(2026, 9, 1))
    with transaction.atomic():
        insert_all([row])
    row.ground = "父母在外"
    row.save()
    assert [one.ground for one in KeyGroup.objects.filter(student=cast.child)] == ["父母在外"]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        insert_all([Student(name="新生", sex=Sex.MALE, birth=date(2014, 1, 1))])
