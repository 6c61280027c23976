"""The pupils of a made-up school: the register's own bulk insert, class by class, one entry of the journal each."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from guixiao.bench.spec import TERM, Spec
from guixiao.demo.names import Names
from guixiao.facts import By
from guixiao.people.actions import NewGuardian, NewStudent, register_class
from guixiao.people.idnumbers import UNASSIGNED, make
from guixiao.places.models import Place

from .places import School


def enrol_school(
    *, by: By, now: datetime, spec: Spec, school: School, before: int, serial: int, names: Names
) -> int:
    """Fill the classes of one school; ``before`` classes and ``serial`` pupils of the county came earlier.
    Returns the number of pupils made. All of them, or none."""
    made = 0
    with transaction.atomic():
        for number, klass in enumerate(school.classes):
            size = spec.size(before + number)
            rows = [
                (_pupil(serial + made + seat, klass.grade or 1, seat + 1, names), _village(school, seat))
                for seat in range(size)
            ]
            register_class(by=by, now=now, klass=klass, school=school.place, first=TERM[0], rows=rows)
            made += size
    return made


def _village(school: School, seat: int) -> Place:
    return school.villages[seat % len(school.villages)]


def _pupil(serial: int, grade: int, seat: int, names: Names) -> NewStudent:
    sex = "12"[serial % 2]
    birth = date(2020 - grade, 9, 1) + timedelta(days=serial // 2 % 365)
    number = make(UNASSIGNED, birth, serial // 730 * 2 % 998 + (1 if sex == "1" else 2))
    name = names.pupil(sex)
    digits = f"{serial:06d}"
    return NewStudent(
        name=name,
        sex=sex,
        birth=birth,
        values={
            "seat": f"{seat:02d}",
            "id_type": "1",
            "id_number": number,
            "student_number": f"G{number}",
            "phone": f"13900{digits}",
            "address": f"第{seat % 9 + 1}组{serial % 60}号",
            "boarding": grade >= 7 and serial % 2 == 0,
        },
        guardians=[
            NewGuardian(name=names.parent(name[0]), relation="父亲", phone=f"13800{digits}"),
            NewGuardian(name=names.parent(), relation="母亲"),
        ],
    )
