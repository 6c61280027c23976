"""The monthly returns: compiled, checked, reviewed, signed; one is still on its way, two were forgotten."""

from __future__ import annotations

from datetime import date, timedelta

from guixiao.facts import By
from guixiao.facts.clock import at
from guixiao.facts.codes import SignStep
from guixiao.places.models import Place
from guixiao.returns import actions
from guixiao.returns.actions.signing import unchecked
from guixiao.returns.periods import cut_off, period_of

from .county import County, School
from .staff import Staff

FORGOTTEN = {("大坪小学", "2026-10"), ("远山小学", "2026-10")}  # nobody has compiled it yet
STUCK = ("青禾县第一初级中学", "2026-10")  # reviewed, and still on the principal's desk


def monthly_returns(county: County, staff: Staff, accounts: dict[int, int], day: date) -> None:
    """On a month's last day: every step of its return."""
    period = period_of(day)
    if day != cut_off(period):
        return
    for school in county.schools:
        if (school.place.name, period) in FORGOTTEN:
            continue
        _one(school, staff, accounts, period, day)


def _one(school: School, staff: Staff, accounts: dict[int, int], period: str, day: date) -> None:
    def by(post: str, place_id: int) -> tuple[By, int]:
        person = staff.held[post, place_id].person_id
        return By(accounts[person], post, school.place.pk), person

    evening = at(day, 17)
    author, person = by("student_affairs", school.place.pk)
    report = actions.compile_return(
        by=author, now=evening, school=school.place, period=period, person_id=person
    )
    for number, klass in enumerate(Place.objects.filter(pk__in=unchecked(report)).order_by("path"), start=1):
        author, person = by("class_teacher", klass.pk)
        moment = evening + timedelta(minutes=2 * number)
        actions.sign(
            by=author, now=moment, report=report, step=SignStep.CHECKED, klass=klass, person_id=person
        )
    author, person = by("vice_principal", school.place.pk)
    actions.sign(by=author, now=at(day, 18, 30), report=report, step=SignStep.REVIEWED, person_id=person)
    if (school.place.name, period) != STUCK:
        author, person = by("principal", school.place.pk)
        actions.sign(by=author, now=at(day, 19, 10), report=report, step=SignStep.SIGNED, person_id=person)
