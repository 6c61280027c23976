"""Why a child left school, in the words of those who asked: the 原因 of A11-18.

What the case says comes first; without one, the causes named at the last visit by the cut-off; else its
outcome, where that is a reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from guixiao.facts.codes import Outcome
from guixiao.visits.models import Visit
from guixiao.visits.words import CAUSES, OUTCOMES

TELLING = frozenset({Outcome.SICK, Outcome.REFUSES, Outcome.WORKING, Outcome.MOVED})


def reasons_of(students: Iterable[int], cut_off: date) -> dict[int, str]:
    """``{student: words}`` for those of whom a reason is known by the cut-off day."""
    found: dict[int, str] = {}
    visits = Visit.objects.filter(student__in=list(students), day__lte=cut_off)
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
