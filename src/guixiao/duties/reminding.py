"""Reminders: shortly before a deadline, and each school morning what is not long overdue. Each once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet

from guixiao.facts import SYSTEM
from guixiao.facts.clock import at, day_of
from guixiao.notify.models import Kind as NoticeKind
from guixiao.notify.models import Notice
from guixiao.places import paths
from guixiao.places.models import Place

from .actions import passes
from .adopted import Calendars
from .models import Duty, Pass, State

BEFORE = timedelta(minutes=15)
NAGGED = timedelta(days=14)  # how long what is overdue is brought up again each school morning
MORNING, AFTERNOON = 8, 16


def remind(now: datetime) -> int:
    """Shortly before a deadline; for one at the end of the day at four in the afternoon; each morning after."""
    today = day_of(now)
    near = list(_open(due__gt=now, due__lte=now + BEFORE, opened_at__lte=now - BEFORE))
    afternoon = now >= at(today, AFTERNOON) and not _ran_today("afternoon", today)
    if afternoon:
        near += list(_open(due__gt=now, due__lte=at(today, 23, 59, 59), opened_at__lt=at(today, AFTERNOON)))
    sent = passes.remind_before(by=SYSTEM, now=now, duties=near) if near else 0
    if afternoon:  # noted last: whoever is killed before is followed by another, and each is told once
        passes.ran(by=SYSTEM, now=now, name="afternoon", day=today)
    if now >= at(today, MORNING) and not _ran_today("morning", today):
        sent += passes.remind_after(by=SYSTEM, now=now, duties=_overdue(now, today), day=today)
        passes.ran(by=SYSTEM, now=now, name="morning", day=today)
    return sent


def _ran_today(name: str, today: date) -> bool:
    return Pass.objects.filter(name=name, day__gte=today).exists()


def _overdue(now: datetime, today: date) -> list[Duty]:
    """What is brought up again this morning: overdue since before it, not for long, a school day where it is,
    and not told of in this very round."""
    since, until = now - NAGGED, at(today, MORNING)
    late = Duty.objects.filter(state=State.MISSED, demanded=True, missed_at__gte=since, missed_at__lt=until)
    just_told = Notice.objects.filter(at=now, kind=NoticeKind.DUE, duty__isnull=False).values("duty")
    duties = list(late.exclude(pk__in=just_told).order_by("pk"))
    where = {duty.pk: paths.ids(duty.path or duty.home_path)[-1:] for duty in duties}
    places = Place.objects.in_bulk({number for ids in where.values() for number in ids})
    calendars = Calendars(places)
    no_school = {pk for pk, place in places.items() if calendars.at(place.path).is_school_day(today) is False}
    return [duty for duty in duties if not no_school.intersection(where[duty.pk])]


def _open(**where: datetime) -> QuerySet[Duty]:
    """Open duties that were not born so near their deadline that a reminder is noise."""
    return Duty.objects.filter(state=State.OPEN, **where).exclude(due__lte=F("opened_at") + BEFORE)
