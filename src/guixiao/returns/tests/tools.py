"""What the tests of returns need: facts told in a line, and the four hands that sign."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from guixiao.facts import SYSTEM, Fact, happenings
from guixiao.facts.clock import at
from guixiao.facts.codes import Mark, Session, SignStep, Stage
from guixiao.journal.append import Stated, append
from guixiao.people.models import Student
from guixiao.places.models import Place
from guixiao.returns import actions
from guixiao.returns.models import MonthlyReturn
from guixiao.testing.cast import Cast

MONTH_END = at(date(2026, 9, 30), 16)
LATER = at(date(2026, 10, 2), 9)


def tell(fact: Fact, day: date, now: datetime | None = None) -> None:
    """State a fact that happened on ``day`` and was recorded then, or at ``now``."""
    moment = now or at(day, 12)
    with transaction.atomic():
        append([Stated(fact)], by=SYSTEM, now=moment)


def stage(student: Student, was: Stage, now: Stage, day: date, recorded: datetime | None = None) -> None:
    tell(
        happenings.CaseStageChanged(student=student.pk, case=student.pk, was=was, now=now, day=day),
        day,
        recorded,
    )


def drop_out(student: Student, day: date, recorded: datetime | None = None) -> None:
    stage(student, Stage.SUSPECTED, Stage.CONFIRMED, day, recorded)


def absent(student: Student, klass: Place, day: date, mark: Mark = Mark.NONE) -> None:
    fact = happenings.AbsenceMarked(
        student=student.pk, class_id=klass.pk, day=day, session=Session.MORNING, mark=mark
    )
    tell(fact, day)


def person(cast: Cast, post: str) -> int:
    return cast.holdings[post].person_id


def compiled(cast: Cast, period: str = "2026-09", now: datetime = MONTH_END) -> MonthlyReturn:
    return actions.compile_return(
        by=SYSTEM, now=now, school=cast.school, period=period, person_id=person(cast, "student_affairs")
    )


def sign(
    cast: Cast,
    report: MonthlyReturn,
    step: SignStep,
    post: str,
    klass: Place | None = None,
    now: datetime = LATER,
) -> MonthlyReturn:
    return actions.sign(
        by=SYSTEM, now=now, report=report, step=step, person_id=person(cast, post), klass=klass
    )


def checked(cast: Cast, report: MonthlyReturn) -> MonthlyReturn:
    return sign(cast, report, SignStep.CHECKED, "class_teacher", cast.klass)


def reviewed(cast: Cast, report: MonthlyReturn) -> MonthlyReturn:
    return sign(cast, checked(cast, report), SignStep.REVIEWED, "vice_principal")


def signed(cast: Cast, report: MonthlyReturn) -> MonthlyReturn:
    return sign(cast, reviewed(cast, report), SignStep.SIGNED, "principal")
