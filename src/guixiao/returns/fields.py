"""The six fields of A11-18 for each child named in a return, frozen when it is compiled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from guixiao.facts.clock import end_of
from guixiao.facts.happenings import CaseStageChanged, ContactMade, HomeVisitMade
from guixiao.journal.queries import of_students
from guixiao.people.models import Guardian, Student

from .cells import DETAILED
from .models import MonthlyReturn
from .reasons import reasons_of

Fields = dict[str, str]


def fields_of(students: Iterable[int], report: MonthlyReturn) -> Callable[[str, int], Fields]:
    """A function from (cell, child) to what the line says. Lists of mere movement carry the name only."""
    wanted = set(students)
    people = Student.objects.in_bulk(wanted)
    guardians: dict[int, Guardian] = {}
    for guardian in Guardian.objects.filter(student__in=wanted).order_by("student", "order"):
        guardians.setdefault(guardian.student_id, guardian)
    reasons = reasons_of(wanted, report.cut_off)
    efforts = _efforts(wanted, report)

    def details(cell: str, student: int) -> Fields:
        person = people[student]
        fields = {"name": person.name, "sex": person.get_sex_display()}
        if cell in DETAILED:
            guardian = guardians.get(student)
            fields |= {
                "guardian": guardian.name if guardian else "",
                "address": (person.village.name if person.village else "") + person.address,
                "phone": (guardian.phone if guardian else "") or person.phone,
                "reason": reasons.get(student, ""),
                "efforts": efforts(student),
            }
        return fields

    return details


def _efforts(students: set[int], report: MonthlyReturn) -> Callable[[int], str]:
    """动员返校情况 in figures: how many visits and contacts by the cut-off, and whether the child came back."""
    visits: Counter[int] = Counter()
    contacts: Counter[int] = Counter()
    stage: dict[int, str] = {}
    for told in of_students(students, ("home_visit_made", "contact_made", "case_stage_changed")):
        fact = told.fact
        if told.happened_at > end_of(report.cut_off):
            continue
        if isinstance(fact, HomeVisitMade):
            visits[fact.student] += 1
        elif isinstance(fact, ContactMade):
            contacts[fact.student] += 1
        elif isinstance(fact, CaseStageChanged):
            stage[fact.student] = fact.now

    def text(student: int) -> str:
        back = "，已返校" if stage.get(student) == "returned" else ""
        return f"家访 {visits[student]} 次，联系 {contacts[student]} 次{back}"

    return text
