"""Why a child left school, in the words of those who asked: the 原因 of A11-18.

The causes named at the last visit by the cut-off, else its outcome where that is a reason. Where nobody was
told yet, what the person wrote who opened the case; a case that a rule opened says only how long, not why.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from guixiao.cases.models import Case
from guixiao.facts.codes import Outcome
from guixiao.visits.models import Visit
from guixiao.visits.words import CAUSES, OUTCOMES

TELLING = frozenset({Outcome.SICK, Outcome.REFUSES, Outcome.WORKING, Outcome.MOVED})


def reasons_of(students: Iterable[int], cut_off: date) -> dict[int, str]:
    """``{student: words}`` for those of whom a reason is known by the cut-off day."""
    wanted = list(students)
    cases = Case.objects.filter(student__in=wanted, opened_day__lte=cut_off, by_rule="")
    found = dict(cases.order_by("opened_day", "pk").values_list("student_id", "ground"))
    visits = Visit.objects.filter(student__in=wanted, day__lte=cut_off)
    for visit in visits.order_by("day", "pk").only("student_id", "causes", "outcome"):
        words = said_at(visit)
        if words:
            found[visit.student_id] = words
    return found


def said_at(visit: Visit) -> str:
    """The causes a visit named; without any, its outcome where that tells why."""
    causes = [str(CAUSES[code]) for code in visit.causes if code in CAUSES]
    if causes:
        return "、".join(causes)
    outcome = Outcome(visit.outcome)
    return str(OUTCOMES[outcome][0]) if outcome in TELLING else ""
