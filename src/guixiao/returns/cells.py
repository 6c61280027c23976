"""What the monthly return counts. Each figure is the length of one list of children.

Read from the journal and the enrolments as known at the moment of compiling: what happened counts by its own
day, up to the cut-off. Source: A11-14…18; enrolment changes as D16 names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guixiao.facts import Fact
from guixiao.facts.clock import day_of
from guixiao.facts.codes import EnrolmentChange, Mark, Stage
from guixiao.facts.happenings import (
    AbsenceMarked,
    CaseClosed,
    CaseStageChanged,
    EnrolmentChanged,
    LeaveEnded,
    LeaveGranted,
    MarkCorrected,
)
from guixiao.journal.queries import Told, of_students
from guixiao.people.models import Enrolment
from guixiao.places.models import Place

from .periods import cut_off, first_day

KINDS = (
    "absence_marked",
    "mark_corrected",
    "leave_granted",
    "leave_ended",
    "case_stage_changed",
    "case_closed",
    "enrolment_changed",
)
OUT = frozenset({Stage.CONFIRMED, Stage.PERSUADING})
BACK = frozenset({Stage.RETURNED, Stage.FOLLOWING})


@dataclass(frozen=True, slots=True)
class Move:
    """A case went from one stage to another; ``closing`` is no stage of the child, so it is left out."""

    day: date
    was: Stage | None
    now: Stage

    @property
    def left(self) -> bool:
        return self.now in OUT and self.was not in OUT

    @property
    def came_back(self) -> bool:
        return self.now in BACK and self.was in OUT


@dataclass(frozen=True, slots=True)
class Month:
    """The facts of one school's children in one month, as known when the return is compiled."""

    school: int
    first: date
    last: date
    enrolments: dict[int, list[Enrolment]]
    told: dict[int, list[Told]]
    elsewhere: frozenset[int]
    """Children who by the cut-off are on another school's roll."""

    def inside(self, day: date) -> bool:
        return self.first <= day <= self.last

    def ours(self, student: int, day: date) -> bool:
        """Whether the child was on this school's roll on a day of the month."""
        rows = self.enrolments[student]
        here = any(row.first <= day and (row.last is None or row.last >= day) for row in rows)
        return here and self.inside(day)

    def facts(self, student: int) -> Iterator[Fact]:
        return (told.fact for told in self.told.get(student, []))

    def moves(self, student: int) -> list[Move]:
        """How the child's case went, by the cut-off."""
        standing: Stage | None = None
        found: list[Move] = []
        for fact in self.facts(student):
            if isinstance(fact, CaseStageChanged):
                now, day = fact.now, fact.day
            elif isinstance(fact, CaseClosed):
                now, day = Stage.CLOSED, fact.day
            else:
                continue
            if now is not Stage.CLOSING and day <= self.last:
                found.append(Move(day, standing, now))
                standing = now
        return found


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: a ``stock`` (as of the cut-off) or a ``flow`` (during the month), of heads."""

    code: str
    title: str | Promise
    kind: str
    counts: Callable[[Month, int], bool]

    @property
    def basis(self) -> str | Promise:
        return _("月末时点") if self.kind == "stock" else _("当月发生")

    @property
    def detailed(self) -> bool:
        """Whether its list carries the six fields of A11-18."""
        return self.code in DETAILED


def gather(school: Place, period: str, now: datetime) -> Month:
    """Everything the cells need, in three queries. Raises ``ValueError`` for a malformed period.

    Besides the children of the month: who left on its first day, and who was transferred out and appears on
    no roll since, so that an open case does not fall out of the count with the enrolment.
    """
    first, last = first_day(period), cut_off(period)
    there = Q(last=None) | Q(last__gte=first - timedelta(days=1))
    lost = Q(exit=EnrolmentChange.TRANSFERRED_OUT, student__klass=None)
    enrolments: dict[int, list[Enrolment]] = {}
    rows = Enrolment.objects.filter(there | lost, school=school, first__lte=last)
    for row in rows.exclude(exit=EnrolmentChange.REMOVED).order_by("first", "pk"):
        enrolments.setdefault(row.student_id, []).append(row)
    others = Enrolment.objects.filter(student__in=list(enrolments), first__lte=last).exclude(school=school)
    moved_on = (o.student_id for o in others if o.first > enrolments[o.student_id][-1].first)
    told: dict[int, list[Told]] = {}
    for item in of_students(enrolments, KINDS):
        if item.recorded_at <= now:
            told.setdefault(_student(item), []).append(item)
    return Month(school.pk, first, last, enrolments, told, frozenset(moved_on))


def _student(told: Told) -> int:
    number: int = told.fact.student  # type: ignore[attr-defined]  # every kind in KINDS names a child
    return number


def _on_the_roll(month: Month, student: int) -> bool:
    """A dropout stays on the roll; only a lawful end of the enrolment takes a child off it."""
    rows = month.enrolments[student]
    return any(row.first <= month.last and (row.last is None or row.last >= month.last) for row in rows)


def _dropped_out(month: Month, student: int) -> bool:
    return any(move.left and month.ours(student, move.day) for move in month.moves(student))


def _still_out(month: Month, student: int) -> bool:
    moves = month.moves(student)
    return bool(moves) and moves[-1].now in OUT and student not in month.elsewhere


def _came_back(month: Month, student: int) -> bool:
    return any(move.came_back and month.ours(student, move.day) for move in month.moves(student))


def _truant(month: Month, student: int) -> bool:
    """Marked absent without leave on a day of the month, and neither corrected nor lawfully excused since."""
    classes = {row.klass_id for row in month.enrolments[student]}
    marks: dict[tuple[date, str], Mark] = {}
    for fact in month.facts(student):
        if isinstance(fact, AbsenceMarked) and fact.class_id in classes:
            marks[fact.day, fact.session] = fact.mark
        elif isinstance(fact, MarkCorrected) and fact.class_id in classes:
            marks[fact.day, fact.session] = fact.now
    days = {day for (day, _session), mark in marks.items() if mark is Mark.NONE and month.inside(day)}
    return any(not _excused(month, student, day) for day in days)


def _excused(month: Month, student: int, day: date) -> bool:
    """Leave granted by that day, or backdated by a post that may (policy.md, semantics 4)."""
    ended = {f.leave: f.last for f in month.facts(student) if isinstance(f, LeaveEnded)}
    for told in month.told.get(student, []):
        fact = told.fact
        if not isinstance(fact, LeaveGranted) or not (fact.backdated_by or day_of(told.recorded_at) <= day):
            continue
        if fact.first <= day <= min(fact.last, ended.get(fact.leave, fact.last)):
            return True
    return False


def _changed(*changes: EnrolmentChange) -> Callable[[Month, int], bool]:
    def counts(month: Month, student: int) -> bool:
        return any(
            isinstance(fact, EnrolmentChanged)
            and fact.change in changes
            and fact.school_id == month.school
            and month.inside(fact.day)
            for fact in month.facts(student)
        )

    return counts


DETAILED = frozenset({"dropouts", "out", "returned", "truant"})
CELLS = (
    Cell("roll", _("月末在册学生"), "stock", _on_the_roll),
    Cell("dropouts", _("当月辍学"), "flow", _dropped_out),
    Cell("out", _("月末仍辍学"), "stock", _still_out),
    Cell("returned", _("当月劝返复学"), "flow", _came_back),
    Cell("truant", _("当月有未请假缺课"), "flow", _truant),
    Cell("moved_in", _("当月转入"), "flow", _changed(EnrolmentChange.TRANSFERRED_IN)),
    Cell("moved_out", _("当月转出"), "flow", _changed(EnrolmentChange.TRANSFERRED_OUT)),
)
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
