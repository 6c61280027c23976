"""An import taken back as a whole: new children go, changed ones get their earlier values.

Possible until a later fact refers to one of its rows; then it is refused, naming the child and the fact.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.append import Stated, append
from guixiao.journal.records import Recorded, label
from guixiao.people.derived import derive, derive_guardian
from guixiao.people.imports.common import Versions
from guixiao.people.imports.matching import full, sheet_of
from guixiao.people.imports.traces import explain_held, holding, later
from guixiao.people.models import BatchState, Enrolment, ImportBatch, ImportRow, RowKind, RowState, Student
from guixiao.places.actions import take_back_place
from guixiao.places.models import Place

AT_MOST = 200


class _Held(Exception):
    """Something was told of a child while the undo was on its way."""


def begin_undoing(*, by: By, now: datetime, batch_id: int) -> ImportBatch:
    """Order an applied batch to be taken back.

    Raises ``ValidationError`` naming the children and facts that hold it.
    """
    batch = ImportBatch.objects.get(pk=batch_id)
    held = holding(batch)
    if held:
        raise ValidationError(explain_held(held))
    moved = ImportBatch.objects.filter(
        pk=batch_id, state__in=(BatchState.APPLIED, BatchState.APPLYING)
    ).update(state=BatchState.UNDOING, beat_at=now, message="")
    if not moved:
        raise ValidationError(_("这一批没有写入，或已经撤销，不用再撤。"))
    batch.refresh_from_db()
    return batch


def undo_next(*, by: By, now: datetime, batch_id: int, at_most: int = AT_MOST) -> bool:
    """Take back the next rows, the last written first; whether there may be more."""
    batch = ImportBatch.objects.get(pk=batch_id)
    if batch.state != BatchState.UNDOING:
        return False
    waiting = ImportRow.objects.filter(batch=batch, state=RowState.APPLIED).order_by("-number")
    rows = list(waiting[: min(at_most, AT_MOST)])
    if not rows:
        _finish(by, now, batch)
        return False
    try:
        with transaction.atomic():
            held = later(rows)
            if held:
                raise _Held(explain_held(held))
            mine = ImportRow.objects.filter(pk__in=[row.pk for row in rows], state=RowState.APPLIED)
            if mine.update(state=RowState.UNDONE) != len(rows):
                transaction.set_rollback(True)
                return True
            ImportBatch.objects.filter(pk=batch.pk).update(beat_at=now)
            append(_take_back(batch, rows, now), by=by, now=now)
    except _Held as why:
        ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.APPLIED, message=str(why))
        return False
    return True


def _take_back(batch: ImportBatch, rows: list[ImportRow], now: datetime) -> list[Stated]:
    versions = Versions()
    known = full(Student.objects.filter(pk__in=[row.student for row in rows]))
    students = {
        student.pk: student
        for student in known.select_related("village", "registered_village").prefetch_related("enrolments")
    }
    new = [students[row.student] for row in rows if row.kind == RowKind.NEW and row.student]
    stated = [
        _restore(students[row.student], json.loads(row.before), versions)
        for row in rows
        if row.kind == RowKind.CHANGED and row.student
    ]
    stated += [_gone(student, day_of(now), versions) for student in new]
    Student.objects.filter(pk__in=[student.pk for student in new]).delete()
    return stated


def _gone(student: Student, day: date, versions: Versions) -> Stated:
    """A new child goes with everything the import gave it."""
    rows: list[Recorded] = [student, *student.guardians.all(), *student.enrolments.all()]
    sheet = sheet_of(student)
    if sheet is not None:
        rows.append(sheet)
    if student.klass_id:
        versions.of(student.klass_id)
    fact = happenings.EnrolmentChanged(
        student=student.pk,
        change=EnrolmentChange.REMOVED,
        day=day,
        school_id=student.school_id,
        class_id=student.klass_id,
    )
    return Stated(fact, gone=[(label(row), row.pk) for row in rows])


def _restore(student: Student, before: dict[str, Any], versions: Versions) -> Stated:
    """A changed child gets back what it had."""
    records: list[Recorded] = [student]
    gone: list[tuple[str, int]] = []
    _restore_family(student, before, records, gone)
    enrolment = before.get("enrolment")
    if enrolment:
        made = Enrolment.objects.get(pk=enrolment["made"])
        versions.of(made.klass_id)
        gone.append((label(made), made.pk))
        made.delete()
        old = Enrolment.objects.filter(pk=enrolment["closed"]).first()
        if old is not None:
            versions.of(old.klass_id)
            old.last, old.exit, old.exit_version = None, "", None
            old.save()
            records.append(old)
    values = before.get("student", {})
    for name, value in values.items():
        setattr(student, name, date.fromisoformat(value) if name == "birth" else value)
    derive(student)
    student.save()
    fact = happenings.StudentChanged(student=student.pk, fields=tuple(sorted(before)))
    return Stated(fact, records=records, gone=gone)


def _restore_family(
    student: Student, before: dict[str, Any], records: list[Recorded], gone: list[tuple[str, int]]
) -> None:
    for order, values in before.get("guardians", {}).items():
        guardian = student.guardians.get(order=int(order))
        if values is None:
            gone.append((label(guardian), guardian.pk))
            guardian.delete()
            continue
        for name, value in values.items():
            setattr(guardian, name, value)
        derive_guardian(guardian)
        guardian.save()
        records.append(guardian)
    sheet = sheet_of(student)
    if "sheet" in before and sheet is not None:
        if before["sheet"] is None:
            gone.append((label(sheet), sheet.pk))
            sheet.delete()
        else:
            sheet.columns = before["sheet"]
            sheet.save()
            records.append(sheet)


def _finish(by: By, now: datetime, batch: ImportBatch) -> None:
    """Everything is back; the classes made for the import go too, unless somebody uses them by now."""
    rows = ImportRow.objects.filter(batch=batch, state=RowState.UNDONE).count()
    with transaction.atomic():
        moved = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.UNDOING).update(
            state=BatchState.UNDONE, beat_at=now
        )
        if moved:
            append([Stated(happenings.ImportUndone(batch=batch.pk, rows=rows))], by=by, now=now)
    for place in Place.objects.filter(pk__in=batch.made_places.values()).order_by("-path"):
        try:
            with transaction.atomic():
                take_back_place(by=by, now=now, place=place)
        except ProtectedError:
            continue
