"""Every write to a child itself: recording it, changing what the registers say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.access.vault import blind_index
from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.journal.append import Stated, append
from guixiao.journal.records import Recorded
from guixiao.people.derived import derive
from guixiao.people.models import Guardian, Student


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


GUARDIAN_FIELDS = (
    "name",
    "relation",
    "phone",
    "id_number",
    "id_type",
    "address",
    "workplace",
    "is_guardian",
)


def change_student(
    *,
    by: By,
    now: datetime,
    student: Student,
    values: Mapping[str, Any],
    guardians: Mapping[int, Mapping[str, Any]] | None = None,
) -> tuple[str, ...]:
    """Change plain columns of a child and of its guardians (by their order); returns what changed.

    The journal names the changed fields, never their values. Raises ``ValidationError`` when another
    child already has this ID or student number.
    """
    with transaction.atomic():
        changed = [name for name, value in values.items() if getattr(student, name) != value]
        records: list[Recorded] = []
        if changed:
            for name in changed:
                setattr(student, name, values[name])
            derive(student)
            _alone(student)
            student.save()
            records.append(student)
        for order, row in (guardians or {}).items():
            guardian, fields = _guardian(student, order, row)
            if guardian is not None and fields:
                changed += [f"guardian{order}_{name}" for name in fields]
                records.append(guardian)
        if changed:
            fact = happenings.StudentChanged(student=student.pk, fields=tuple(changed))
            stated = [Stated(fact, records=records)]
            if "village" in changed:
                moved = happenings.ResidenceChanged(
                    student=student.pk, day=day_of(now), village_id=student.village_id
                )
                stated.append(Stated(moved))
            append(stated, by=by, now=now)
    return tuple(changed)


def _alone(student: Student) -> None:
    others = Student.objects.exclude(pk=student.pk)
    if student.id_index and others.filter(id_index=student.id_index).exists():
        raise ValidationError({"id_number": _("另一名学生已登记这个证件号。请核对证件，不要改成别的号。")})
    if student.number_index and others.filter(number_index=student.number_index).exists():
        raise ValidationError({"student_number": _("另一名学生已登记这个学籍号。请核对学籍卡。")})


def _guardian(student: Student, order: int, row: Mapping[str, Any]) -> tuple[Guardian | None, list[str]]:
    guardian = Guardian.objects.filter(student=student, order=order).first()
    if guardian is None:
        if not row.get("name"):
            return None, []
        guardian = Guardian(student=student, order=order)
    fields = [name for name in GUARDIAN_FIELDS if name in row and getattr(guardian, name) != row[name]]
    for name in fields:
        setattr(guardian, name, row[name])
    guardian.id_index = blind_index(guardian.id_number)
    if fields:
        guardian.save()
    return guardian, fields
