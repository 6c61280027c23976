"""Known children of one batch: what the sheet says anew is written, what it was is kept for the undo."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from guixiao.access.vault import blind_index
from guixiao.facts import happenings
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.append import Stated
from guixiao.journal.records import Recorded
from guixiao.people.derived import derive
from guixiao.people.imports.common import Versions, classes_of, meanwhile, sheet_text
from guixiao.people.imports.matching import full, sheet_of
from guixiao.people.imports.payload import Payload
from guixiao.people.imports.targets import Target, differences, target_of
from guixiao.people.models import (
    ON_THE_ROLL,
    Enrolment,
    Guardian,
    ImportBatch,
    ImportRow,
    RegisterSheet,
    Status,
    Student,
)
from guixiao.places.models import Place


class Changing:
    """One batch's updates. ``before`` of a row is what the undo puts back."""

    def __init__(self, batch: ImportBatch, rows: list[ImportRow], versions: Versions) -> None:
        self.batch = batch
        self.changed: list[ImportRow] = []
        self.refused: list[ImportRow] = []
        self.payloads = [(row, Payload.of(row)) for row in rows]
        self.classes = classes_of(batch, [payload for _row, payload in self.payloads])
        self.versions = versions

    def write(self) -> list[Stated]:
        known = full(Student.objects.filter(pk__in=[payload.match for _row, payload in self.payloads]))
        students = {student.pk: student for student in known.select_related("village", "registered_village")}
        stated: list[Stated] = []
        for row, payload in self.payloads:
            student = students.get(payload.match or 0)
            told = self._one(row, payload, student) if student else []
            if told:
                row.student = payload.match
                self.changed.append(row)
                stated += told
            else:
                meanwhile(row)
                self.refused.append(row)
        return stated

    def _one(self, row: ImportRow, payload: Payload, student: Student) -> list[Stated]:
        """The facts of one child's changes; none when it is no longer as the check saw it."""
        target = target_of(payload.values, payload.home, payload.registered)
        klass = self.classes[payload.klass or 0]
        if _comparable(differences(student, sheet_of(student), target, klass)) != _comparable(
            payload.changes
        ):
            return []
        if self._claimed(student, target):
            return []
        before: dict[str, Any] = {}
        records: list[Recorded] = []
        moved = any(name == "klass" for name, _old, _new in payload.changes)
        self._guardians(student, target, before, records)
        self._sheet(student, target, before, records)
        told: list[Stated] = []
        if moved:
            told.append(self._move(student, klass, before, records))
        self._student(student, target, before, records)
        row.before = json.dumps(before, ensure_ascii=False)
        fields = tuple(name for name, _old, _new in payload.changes)
        fact = happenings.StudentChanged(student=student.pk, fields=fields)
        return [Stated(fact, records=records), *told]

    def _claimed(self, student: Student, target: Target) -> bool:
        """Whether another child took one of the numbers since the check."""
        others = Student.objects.exclude(pk=student.pk)
        pairs = (("id_index", "id_number"), ("number_index", "student_number"))
        wanted = [(index, blind_index(target.student.get(name, ""))) for index, name in pairs]
        return any(value and others.filter(**{index: value}).exists() for index, value in wanted)

    def _student(
        self, student: Student, target: Target, before: dict[str, Any], records: list[Recorded]
    ) -> None:
        was: dict[str, Any] = before.setdefault("student", {})
        for name, value in target.student.items():
            old = getattr(student, name)
            if old != value and not (name.endswith("village_id") and old is not None):
                was[name] = old.isoformat() if name == "birth" else old
                setattr(student, name, value)
        derive(student)
        student.save()
        records.append(student)

    def _guardians(
        self, student: Student, target: Target, before: dict[str, Any], records: list[Recorded]
    ) -> None:
        here = {guardian.order: guardian for guardian in student.guardians.all()}
        kept: dict[str, Any] = before.setdefault("guardians", {})
        for order, said in target.guardians.items():
            guardian = here.get(order)
            if guardian is None:
                guardian = Guardian(student=student, order=order)
                kept[str(order)] = None
            else:
                old = {
                    name: getattr(guardian, name) for name in said if getattr(guardian, name) != said[name]
                }
                if not old:
                    continue
                kept[str(order)] = old
            for name, value in said.items():
                setattr(guardian, name, value)
            guardian.id_index = blind_index(guardian.id_number)
            guardian.save()
            records.append(guardian)

    def _sheet(
        self, student: Student, target: Target, before: dict[str, Any], records: list[Recorded]
    ) -> None:
        sheet = sheet_of(student)
        columns: dict[str, str] = json.loads(sheet.columns) if sheet else {}
        text = sheet_text(columns | target.sheet)
        if sheet is None:
            sheet = RegisterSheet(student=student)
            before["sheet"] = None
        elif json.loads(text) == columns:
            return
        else:
            before["sheet"] = sheet.columns
        sheet.columns = text
        sheet.save()
        records.append(sheet)

    def _move(
        self, student: Student, klass: Place, before: dict[str, Any], records: list[Recorded]
    ) -> Stated:
        day = self.batch.first
        old = Enrolment.objects.filter(student=student, last=None).first()
        away = student.status not in ON_THE_ROLL
        elsewhere = student.school_id != self.batch.school_id
        change = EnrolmentChange.MOVED_CLASS
        if away:
            change = EnrolmentChange.TRANSFERRED_IN if elsewhere else EnrolmentChange.ENTERED
        if old is not None:
            old.last = max(old.first, day - timedelta(days=1))
            old.exit, old.exit_version = change.value, self.versions.of(old.klass_id)
            old.save()
            records.append(old)
        made = Enrolment(student=student, school_id=self.batch.school_id, klass=klass, first=day)
        made.entry, made.entry_version = change.value, self.versions.of(klass.pk)
        made.save()
        records.append(made)
        before["enrolment"] = {"made": made.pk, "closed": old.pk if old else None}
        names = ("klass_id", "school_id", "status", "path")
        before["student"] = {name: getattr(student, name) for name in names}
        student.klass, student.school_id, student.path = klass, self.batch.school_id, klass.path
        student.status = Status.ENROLLED if away else student.status
        fact = happenings.EnrolmentChanged(
            student=student.pk,
            change=change,
            day=day,
            school_id=self.batch.school_id,
            class_id=klass.pk,
            from_class_id=old.klass_id if old else None,
        )
        return Stated(fact)


def _comparable(changes: list[list[Any]]) -> list[tuple[Any, ...]]:
    """A class that was yet to be made is known by its id now."""
    return sorted((name, old, "" if name == "klass" else new) for name, old, new in changes)
