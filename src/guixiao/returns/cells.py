"""What the monthly return counts. Each figure is the length of one list of children.

Everything is read from the journal and the enrolments: happened by the cut-off, recorded by the moment of
compiling. Source: A11-14…18; enrolment changes as D16 names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guixiao.facts.clock import end_of
from guixiao.facts.codes import EnrolmentChange, Mark, Stage
from guixiao.facts.happenings import (
    AbsenceMarked,
    CaseClosed,
    CaseStageChanged,
    EnrolmentChanged,
    MarkCorrected,
)
from guixiao.journal.queries import Told, of_students
from guixiao.people.models import Enrolment
from guixiao.places.models import Place

from .periods import cut_off, first_day

KINDS = ("absence_marked", "mark_corrected", "case_stage_changed", "case_closed", "enrolment_changed")
OUT = frozenset({Stage.CONFIRMED, Stage.PERSUADING})


@dataclass(frozen=True, slots=True)
class Month:
    """The facts of one school's children in one month, as known when the return is compiled."""

    first: date
    last: date
    enrolments: dict[int, list[Enrolment]]
    told: dict[int, list[Told]]

    def inside(self, day: date) -> bool:
        return self.first <= day <= self.last

    def by_the_cut_off(self, student: int) -> list[Told]:
        return [told for told in self.told.get(student, []) if told.happened_at <= end_of(self.last)]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: a ``stock`` (as of the cut-off) or a ``flow`` (during the month), of heads."""

    code: str
    title: str | Promise
    kind: str
    counts: Callable[[Month, int], bool]


def gather(school: Place, period: str, now: datetime) -> Month:
    """Everything the cells need, in two queries. Raises ``ValueError`` for a malformed period."""
    first, last = first_day(period), cut_off(period)
    overlapping = Q(first__lte=last) & (Q(last=None) | Q(last__gte=first))
    enrolments: dict[int, list[Enrolment]] = {}
    for row in Enrolment.objects.filter(overlapping, school=school).order_by("first", "student"):
        enrolments.setdefault(row.student_id, []).append(row)
    told: dict[int, list[Told]] = {}
    for item in of_students(enrolments, KINDS):
        if item.recorded_at <= now:
            told.setdefault(_student(item), []).append(item)
    return Month(first, last, enrolments, told)


def _student(told: Told) -> int:
    number: int = told.fact.student  # type: ignore[attr-defined]  # every kind in KINDS names a child
    return number


def _on_the_roll(month: Month, student: int) -> bool:
    rows = month.enrolments[student]
    return any(row.first <= month.last and (row.last is None or row.last >= month.last) for row in rows)


def _stages(month: Month, student: int) -> Iterable[CaseStageChanged]:
    facts = (told.fact for told in month.by_the_cut_off(student))
    return (fact for fact in facts if isinstance(fact, CaseStageChanged))


def _dropped_out(month: Month, student: int) -> bool:
    return any(f.now is Stage.CONFIRMED and month.inside(f.day) for f in _stages(month, student))


def _still_out(month: Month, student: int) -> bool:
    standing: Stage | None = None
    for told in month.by_the_cut_off(student):
        if isinstance(told.fact, CaseStageChanged):
            standing = told.fact.now if told.fact.now is not Stage.CLOSING else standing
        elif isinstance(told.fact, CaseClosed):
            standing = Stage.CLOSED
    return standing in OUT


def _came_back(month: Month, student: int) -> bool:
    return any(
        f.now is Stage.RETURNED and f.was in OUT and month.inside(f.day) for f in _stages(month, student)
    )


def _truant(month: Month, student: int) -> bool:
    marks: dict[tuple[date, str], Mark] = {}
    for told in month.by_the_cut_off(student):
        fact = told.fact
        if isinstance(fact, AbsenceMarked):
            marks[fact.day, fact.session] = fact.mark
        elif isinstance(fact, MarkCorrected):
            marks[fact.day, fact.session] = fact.now
    return any(mark is Mark.NONE and month.inside(day) for (day, _session), mark in marks.items())


def _changed(*changes: EnrolmentChange) -> Callable[[Month, int], bool]:
    def counts(month: Month, student: int) -> bool:
        facts = (told.fact for told in month.by_the_cut_off(student))
        return any(
            isinstance(fact, EnrolmentChanged) and fact.change in changes and month.inside(fact.day)
            for fact in facts
        )

    return counts


CELLS = (
    Cell("roll", _("月末在册学生"), "stock", _on_the_roll),
    Cell("dropouts", _("当月辍学"), "flow", _dropped_out),
    Cell("out", _("月末仍辍学"), "stock", _still_out),
    Cell("returned", _("当月劝返复学"), "flow", _came_back),
    Cell("truant", _("当月有未请假缺课"), "flow", _truant),
    Cell("moved_in", _("当月转入"), "flow", _changed(EnrolmentChange.TRANSFERRED_IN)),
    Cell("moved_out", _("当月转出"), "flow", _changed(EnrolmentChange.TRANSFERRED_OUT)),
)
DETAILED = frozenset(
    {"dropouts", "out", "returned", "truant"}
)  # the six fields of A11-18 are given for these
BY_CODE = {cell.code: cell for cell in CELLS}


def lists(month: Month) -> dict[str, list[tuple[int, int]]]:
    """``{cell: [(student, class), …]}``: the list behind every figure, each child once."""
    return {
        cell.code: [
            (student, rows[-1].klass_id)
            for student, rows in month.enrolments.items()
            if cell.counts(month, student)
        ]
        for cell in CELLS
    }
