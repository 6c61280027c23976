"""Whole classes at once, when the school year turns: promotion and graduation, and both taken back.

A constant number of statements a class, however many children: rows are read once under lock, changed in memory
for the journal's digest and in the database by class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.append import Stated, append
from guixiao.journal.records import label
from guixiao.people.models import Enrolment, Status, Student
from guixiao.places.models import Place

T = TypeVar("T")
DAY = timedelta(days=1)


def promote(*, by: By, now: datetime, moves: Mapping[int, Place], day: date) -> list[tuple[int, int]]:
    """Each child (id → its new class) is in its new class from ``day``; its standing stays as it is.

    Returns (old enrolment, new enrolment) by id. Raises ``ValidationError`` when a child has no open enrolment.
    """
    with transaction.atomic():
        students = _locked(moves)
        old = _open_enrolments(students)
        _end(old.values(), day, EnrolmentChange.PROMOTED)
        versions = _next_versions({place.pk for place in moves.values()})
        made = [
            Enrolment(
                student=student,
                school_id=old[student.pk].school_id,
                klass=moves[student.pk],
                first=max(day, old[student.pk].first),
                entry=EnrolmentChange.PROMOTED.value,
                entry_version=versions[moves[student.pk].pk],
            )
            for student in students
        ]
        Enrolment.objects.bulk_create(made)
        for klass, group in _grouped(students, lambda one: moves[one.pk]).items():
            _put(group, klass)
        stated = [
            Stated(
                happenings.EnrolmentChanged(
                    student=one.student_id,
                    change=EnrolmentChange.PROMOTED,
                    day=day,
                    school_id=one.school_id,
                    class_id=one.klass_id,
                    from_class_id=old[one.student_id].klass_id,
                ),
                records=[one.student, one, old[one.student_id]],
            )
            for one in made
        ]
        append(stated, by=by, now=now)
    return [(old[one.student_id].pk, one.pk) for one in made]


def graduate(*, by: By, now: datetime, students: Iterable[int], day: date) -> list[int]:
    """These children leave the roll as graduates; the last day in their class is the day before ``day``.

    Returns the ended enrolments by id.
    """
    with transaction.atomic():
        found = _locked(students)
        old = _open_enrolments(found)
        _end(old.values(), day, EnrolmentChange.GRADUATED)
        Student.objects.filter(pk__in=[one.pk for one in found]).update(status=Status.GRADUATED, klass=None)
        for one in found:
            one.status, one.klass_id = Status.GRADUATED, None
        append(
            [
                Stated(_told(one, old[one.pk], EnrolmentChange.GRADUATED, day), records=[one, old[one.pk]])
                for one in found
            ],
            by=by,
            now=now,
        )
    return [row.pk for row in old.values()]


def take_back_promotion(*, by: By, now: datetime, pairs: Sequence[tuple[int, int]], day: date) -> None:
    """Children go back to the class they came from, as if they had never left it: (old, new) enrolments."""
    with transaction.atomic():
        made = {row.pk: row for row in Enrolment.objects.filter(pk__in=[new for _old, new in pairs])}
        back = {
            row.student_id: row
            for row in Enrolment.objects.filter(pk__in=[old for old, _new in pairs]).select_related("klass")
        }
        students = _locked(back)
        gone = {row.student_id: row.pk for row in made.values()}
        left = {row.student_id: row.klass_id for row in made.values()}
        Enrolment.objects.filter(pk__in=list(made)).delete()
        _reopen(back.values())
        for klass, group in _grouped(students, lambda one: back[one.pk].klass).items():
            _put(group, klass)
        stated = [
            Stated(
                happenings.EnrolmentChanged(
                    student=one.pk,
                    change=EnrolmentChange.PROMOTED,
                    day=day,
                    school_id=back[one.pk].school_id,
                    class_id=back[one.pk].klass_id,
                    from_class_id=left[one.pk],
                ),
                records=[one, back[one.pk]],
                gone=[(label(Enrolment), gone[one.pk])],
            )
            for one in students
        ]
        append(stated, by=by, now=now)


def take_back_graduation(*, by: By, now: datetime, enrolments: Sequence[int], day: date) -> None:
    """Graduates are pupils of their last class again."""
    with transaction.atomic():
        back = {
            row.student_id: row
            for row in Enrolment.objects.filter(pk__in=list(enrolments)).select_related("klass")
        }
        students = _locked(back)
        _reopen(back.values())
        for klass, group in _grouped(students, lambda one: back[one.pk].klass).items():
            _put(group, klass)
        Student.objects.filter(pk__in=list(back)).update(status=Status.ENROLLED)
        for one in students:
            one.status = Status.ENROLLED
        append(
            [
                Stated(_told(one, back[one.pk], EnrolmentChange.RESUMED, day), records=[one, back[one.pk]])
                for one in students
            ],
            by=by,
            now=now,
        )


def _told(
    student: Student, row: Enrolment, change: EnrolmentChange, day: date
) -> happenings.EnrolmentChanged:
    return happenings.EnrolmentChanged(
        student=student.pk, change=change, day=day, school_id=row.school_id, class_id=row.klass_id
    )


def _locked(ids: Iterable[int]) -> list[Student]:
    return list(Student.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk"))


def _open_enrolments(students: Sequence[Student]) -> dict[int, Enrolment]:
    ids = [one.pk for one in students]
    found = {row.student_id: row for row in Enrolment.objects.filter(student__in=ids, last=None)}
    lost = next((one for one in students if one.pk not in found), None)
    if lost is not None:
        raise ValidationError(
            _("%(who)s现在不在任何班的名册上。请学籍管理员先把班级定下来。") % {"who": lost.name}
        )
    return found


def _end(rows: Iterable[Enrolment], day: date, change: EnrolmentChange) -> None:
    """The day before ``day`` is the last; who began on it or later was there for that one day."""
    rows = list(rows)
    versions = _next_versions({row.klass_id for row in rows})
    for row in rows:
        row.last, row.exit = max(row.first, day - DAY), change.value
        row.exit_version = versions[row.klass_id]
    for (klass, last), group in _grouped(rows, lambda row: (row.klass_id, row.last)).items():
        Enrolment.objects.filter(pk__in=[row.pk for row in group]).update(
            last=last, exit=change.value, exit_version=versions[klass]
        )


def _reopen(rows: Iterable[Enrolment]) -> None:
    rows = list(rows)
    Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(last=None, exit="", exit_version=None)
    _next_versions({row.klass_id for row in rows})
    for row in rows:
        row.last, row.exit, row.exit_version = None, "", None


def _put(students: Sequence[Student], klass: Place) -> None:
    """The class on the child's own row, for scopes and lists."""
    Student.objects.filter(pk__in=[one.pk for one in students]).update(klass=klass, path=klass.path)
    for one in students:
        one.klass, one.path = klass, klass.path


def _next_versions(classes: Iterable[int]) -> dict[int, int]:
    """The rosters of these classes advance by one: class → its new version."""
    ids = list(classes)
    Place.objects.filter(pk__in=ids).update(roster_version=F("roster_version") + 1)
    return dict(Place.objects.filter(pk__in=ids).values_list("pk", "roster_version"))


K = TypeVar("K")


def _grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found
