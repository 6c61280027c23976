"""The practice county's clock: where it stands, and how it lives on to the next school morning."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from guixiao.access.models import Account
from guixiao.conf import edge
from guixiao.duties.tick import tick
from guixiao.facts import By
from guixiao.facts.clock import at, day_of, end_of, local
from guixiao.places.calendars import calendar_of
from guixiao.places.models import Holding, Kind, Place
from guixiao.places.queries import on
from guixiao.rollcall.models import Leave, RollCall

from .county import School
from .life import Life

HOUR, MINUTE = 8, 20  # most classes have reported by then, the visitor's own has not
MINE = "八（3）班"  # left for whoever signs in as its teacher


def advance(now: datetime) -> datetime:
    """Finish today, then live to 08:20 of the next school day. Returns that moment, local."""
    today = day_of(now)
    _mornings(today, end_of(today), leave_out=MINE)
    tick(end_of(today))
    day = _next_school_day(today)
    moment = at(day, HOUR, MINUTE)
    edge.stand_at(moment)  # first: a round of the worker still at yesterday would undo today's duties
    _mornings(day, moment, leave_out=MINE)
    tick(moment)
    edge.stand_at(moment)
    return local(moment)


def _mornings(day: date, until: datetime, leave_out: str) -> None:
    """The roll calls of ``day`` that have come in by ``until`` and are not there yet."""
    life = living(day)
    done = set(RollCall.objects.filter(day=day).values_list("klass", flat=True))
    life.untaken |= {(klass, day) for klass in done}
    life.untaken |= {(room.klass.pk, day) for room in life.rooms if room.klass.name == leave_out}
    with transaction.atomic():
        for _roll_call in life.mornings(day, until):
            pass


def living(day: date) -> Life:
    """The county as it stands on ``day``, read from its own records; the day is its seed."""
    classes = list(Place.objects.filter(kind=Kind.CLASS, closed_on=None).order_by("path"))
    schools = {place.pk: place for place in Place.objects.filter(kind=Kind.SCHOOL)}
    accounts = dict(Account.objects.values_list("person_id", "pk"))
    teachers = Holding.objects.filter(on(day), post="class_teacher").values_list("place", "person")
    authors = {klass: accounts.get(person, 0) for klass, person in teachers}
    rooms = []
    for klass in classes:
        school = School(schools[klass.org_id], 0)
        students = list(klass.students.filter(status="enrolled").order_by("pk").values_list("pk", flat=True))
        rooms.append((klass, school, students, By(authors.get(klass.pk, 0), "class_teacher", klass.org_id)))
    life = Life.of(rooms, seed=day.toordinal())
    for leave in Leave.objects.filter(first__lte=day, last__gte=day - timedelta(days=1)):
        life.sick.until[leave.student_id] = (leave.kind, leave.first, leave.last)
    return life


def _next_school_day(day: date) -> date:
    calendar = calendar_of(Place.objects.get(kind=Kind.COUNTY))
    following = day + timedelta(days=1)
    while calendar.is_school_day(following) is False:
        following += timedelta(days=1)
    return following
