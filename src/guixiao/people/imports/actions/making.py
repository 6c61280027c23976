"""New children of one batch, written in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guixiao.access.vault import blind_index
from guixiao.facts.codes import EnrolmentChange
from guixiao.journal.append import Stated
from guixiao.people.actions.intake import insert, told
from guixiao.people.imports.common import Versions, classes_of, meanwhile, sheet_text
from guixiao.people.imports.payload import Payload
from guixiao.people.imports.targets import Target, target_of
from guixiao.people.models import Enrolment, Guardian, ImportBatch, ImportRow, RegisterSheet, Student
from guixiao.people.names import pinyin_of
from guixiao.places.models import Place


@dataclass
class Draft:
    """The rows of one child, not yet in the database."""

    row: ImportRow
    student: Student
    guardians: list[Guardian]
    sheet: RegisterSheet
    enrolment: Enrolment


class Making:
    """Everything that can be prepared is, before the transaction begins."""

    def __init__(self, batch: ImportBatch, rows: list[ImportRow], versions: Versions) -> None:
        self.batch = batch
        self.versions = versions
        self.made: list[ImportRow] = []
        self.refused: list[ImportRow] = []
        payloads = [(row, Payload.of(row)) for row in rows]
        self.classes = classes_of(batch, [payload for _row, payload in payloads])
        villages = {pk for _row, payload in payloads for pk in (payload.home, payload.registered) if pk}
        self.paths = dict(Place.objects.filter(pk__in=villages).values_list("pk", "path"))
        self.drafts = [self._draft(row, payload) for row, payload in payloads]

    def _draft(self, row: ImportRow, payload: Payload) -> Draft:
        target = target_of(payload.values, payload.home, payload.registered)
        klass = self.classes[payload.klass or 0]
        student = _student(target, klass, self.batch.school_id, self.paths)
        guardians = [
            Guardian(student=student, order=order, id_index=blind_index(one.get("id_number", "")), **one)
            for order, one in sorted(target.guardians.items())
        ]
        sheet = RegisterSheet(student=student, columns=sheet_text(target.sheet))
        enrolment = Enrolment(
            student=student,
            school_id=self.batch.school_id,
            klass=klass,
            first=self.batch.first,
            entry=EnrolmentChange.ENTERED.value,
        )
        return Draft(row, student, guardians, sheet, enrolment)

    def write(self) -> list[Stated]:
        """Inside the transaction: one insert for each table, one roster version for each class."""
        drafts = self._unclaimed()
        if not drafts:
            return []
        self.versions.advance(draft.enrolment.klass_id for draft in drafts)
        for draft in drafts:
            draft.enrolment.entry_version = self.versions.of(draft.enrolment.klass_id)
        insert(drafts)
        stated: list[Stated] = []
        for draft in drafts:
            draft.row.student = draft.student.pk
            self.made.append(draft.row)
            stated += told(draft)
        return stated

    def _unclaimed(self) -> list[Draft]:
        """Without those whose number somebody else registered since the check."""
        ids = {draft.student.id_index for draft in self.drafts} - {""}
        numbers = {draft.student.number_index for draft in self.drafts} - {""}
        taken = set(Student.objects.filter(id_index__in=ids).values_list("id_index", flat=True))
        taken |= set(Student.objects.filter(number_index__in=numbers).values_list("number_index", flat=True))
        free = []
        for draft in self.drafts:
            if {draft.student.id_index, draft.student.number_index} & taken:
                meanwhile(draft.row)
                self.refused.append(draft.row)
            else:
                free.append(draft)
        return free


def _student(target: Target, klass: Place, school: int, village_paths: dict[int, str]) -> Student:
    said = dict(target.student)
    birth: date = said.pop("birth")
    name: str = said.pop("name")
    return Student(
        name=name,
        birth=birth,
        pinyin=pinyin_of(name),
        id_index=blind_index(said.get("id_number", "")),
        number_index=blind_index(said.get("student_number", "")),
        klass=klass,
        school_id=school,
        path=klass.path,
        home_path=village_paths.get(said.get("village_id", 0), ""),
        registered_path=village_paths.get(said.get("registered_village_id", 0), ""),
        **said,
    )
