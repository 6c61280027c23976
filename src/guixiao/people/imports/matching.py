"""Rows against each other and against the register: who is new, who is known, who belongs to another school."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from guixiao.access.vault import blind_index
from guixiao.people.models import ON_THE_ROLL, RegisterSheet, Student
from guixiao.places.models import Place

from .rows import Checked

Keys = dict[tuple[str, ...], list[int]]


def keys_of(row: Checked) -> list[tuple[str, ...]]:
    """What makes two rows of one sheet the same child."""
    found: list[tuple[str, ...]] = []
    if row.get("id_number"):
        found.append(("id_number", row.get("id_number")))
    if row.get("student_number"):
        found.append(("student_number", row.get("student_number")))
    if not found and row.get("name"):
        found.append(("name", row.get("name"), row.get("birth"), row.get("g1.name")))
    return found


def twice(rows: Iterable[Checked]) -> Keys:
    """The keys that stand in more than one row, with the rows' numbers."""
    seen: Keys = {}
    for row in rows:
        for key in keys_of(row):
            seen.setdefault(key, []).append(row.number)
    return {key: numbers for key, numbers in seen.items() if len(numbers) > 1}


def mark_twice(row: Checked, doubled: Keys) -> None:
    for key in keys_of(row):
        others = [number for number in doubled.get(key, ()) if number != row.number]
        if others:
            row.faults.append((key[0], "twice", "、".join(map(str, others[:5]))))


class Matcher:
    """Finds the stored child a row means, a few hundred rows at a time."""

    def __init__(self, school: Place, rows: Sequence[Checked]) -> None:
        self.school = school
        ids = {blind_index(row.get("id_number")) for row in rows} - {""}
        numbers = {blind_index(row.get("student_number")) for row in rows} - {""}
        known = list(full(Student.objects.filter(Q(id_index__in=ids) | Q(number_index__in=numbers))))
        self.by_id = {student.id_index: student for student in known if student.id_index}
        self.by_number = {student.number_index: student for student in known if student.number_index}
        names = {row.get("name") for row in rows} - {""}
        births = {row.get("birth") for row in rows} - {""}
        self.by_name: dict[tuple[str, str], list[Student]] = {}
        for student in full(Student.objects.filter(name__in=names, birth__in=births)):
            self.by_name.setdefault((student.name, student.birth.isoformat()), []).append(student)

    def find(self, row: Checked) -> Student | None:
        """The child, or ``None`` for a new one. Adds a fault where a person has to decide."""
        by_id = self.by_id.get(blind_index(row.get("id_number")))
        by_number = self.by_number.get(blind_index(row.get("student_number")))
        if by_id and by_number and by_id.pk != by_number.pk:
            names = "、".join(sorted({by_id.name, by_number.name}))
            row.faults.append(("student_number", "two_children", names))
            return None
        found = by_id or by_number
        if found is None:
            return self._by_name(row)
        if self._elsewhere(found):
            row.faults.append(("id_number" if by_id else "student_number", "other_school", _school(found)))
        return found

    def _elsewhere(self, student: Student) -> bool:
        return student.status in ON_THE_ROLL and student.school_id != self.school.pk

    def _by_name(self, row: Checked) -> Student | None:
        family = {row.get("g1.name"), row.get("g2.name")} - {""}
        same = [
            student
            for student in self.by_name.get((row.get("name"), row.get("birth")), ())
            if family & {guardian.name for guardian in student.guardians.all()}
            and not (student.id_index and row.get("id_number"))
            and not (student.number_index and row.get("student_number"))
        ]
        here = [student for student in same if student.school_id == self.school.pk]
        if len(here) > 1:
            row.faults.append(("name", "several", row.get("name")))
        if here:
            return here[0]
        elsewhere = [student for student in same if self._elsewhere(student)]
        if elsewhere:
            row.faults.append(("name", "likely_elsewhere", _school(elsewhere[0])))
        return None


def full(found: QuerySet[Student]) -> QuerySet[Student]:
    """With everything a comparison needs, in three queries."""
    return found.select_related("school").prefetch_related("guardians", "sheet")


def sheet_of(student: Student) -> RegisterSheet | None:
    return getattr(student, "sheet", None)


def _school(student: Student) -> str:
    return student.school.name if student.school else ""
