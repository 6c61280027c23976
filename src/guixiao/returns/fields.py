"""The six fields of A11-18 for each child named in a return, frozen when it is compiled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from guixiao.facts.codes import Outcome
from guixiao.people.models import Guardian, Student
from guixiao.visits.models import Visit
from guixiao.visits.words import AT_HOME, OUTCOMES

from .cells import BACK, DETAILED, Month
from .reasons import reasons_of

Fields = dict[str, str]


def fields_of(found: Mapping[str, list[tuple[int, int]]], month: Month) -> Callable[[str, int], Fields]:
    """A function from (cell, child) to what the line says. Lists of mere movement carry the name only."""
    everybody = {student for rows in found.values() for student, _klass in rows}
    detailed = {student for cell in DETAILED for student, _klass in found[cell]}
    people = Student.objects.select_related("village").in_bulk(everybody)
    guardians: dict[int, Guardian] = {}
    for guardian in Guardian.objects.filter(student__in=detailed).order_by("student", "order"):
        guardians.setdefault(guardian.student_id, guardian)
    reasons = reasons_of(detailed, month.last)
    efforts = _efforts(detailed, month)

    def details(cell: str, student: int) -> Fields:
        person = people[student]
        fields = {"name": person.name, "sex": str(person.get_sex_display())}
        if cell in DETAILED:
            guardian = guardians.get(student)
            fields |= {
                "guardian": guardian.name if guardian else "",
                "address": person.address or (person.village.name if person.village else ""),
                "phone": (guardian.phone if guardian else "") or person.phone,
                "reason": reasons.get(student, ""),
                "efforts": efforts.get(student, ""),
            }
        return fields

    return details


def _efforts(students: set[int], month: Month) -> dict[int, str]:
    """动员返校情况: visits and contacts of the month and before, what came of the last, whether the child is back."""
    visits: Counter[tuple[int, bool]] = Counter()
    contacts: Counter[tuple[int, bool]] = Counter()
    last: dict[int, tuple[date, str]] = {}
    rows = Visit.objects.filter(student__in=students, day__lte=month.last)
    for visit in rows.order_by("day", "pk").only("student_id", "means", "outcome", "day"):
        counter = visits if visit.means in AT_HOME else contacts
        counter[visit.student_id, month.inside(visit.day)] += 1
        last[visit.student_id] = visit.day, visit.outcome
    return {
        student: _said(visits, contacts, student, last.get(student), _is_back(month, student))
        for student in students
    }


def _is_back(month: Month, student: int) -> bool:
    moves = month.moves(student)
    return bool(moves) and moves[-1].now in BACK


def _said(
    visits: Counter[tuple[int, bool]],
    contacts: Counter[tuple[int, bool]],
    student: int,
    last: tuple[date, str] | None,
    back: bool,
) -> str:
    said = [f"本月家访 {visits[student, True]} 次、联系 {contacts[student, True]} 次"]
    if visits[student, False] or contacts[student, False]:
        said.append(f"此前家访 {visits[student, False]} 次、联系 {contacts[student, False]} 次")
    if last:
        day, outcome = last
        said.append(f"最近一次（{day.month}月{day.day}日）：{OUTCOMES[Outcome(outcome)][0]}")
    if back:
        said.append("已返校")
    return "；".join(said)
