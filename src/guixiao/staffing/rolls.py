"""Which roll calls stand in the way of a change of class. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Max

from guixiao.people.models import Enrolment
from guixiao.places.calendars import calendar_of
from guixiao.places.models import Place
from guixiao.rollcall.models import RollCall

LOOK_AHEAD = 40


def taken_since(classes: Iterable[int], day: date) -> RollCall | None:
    """The latest roll call of these classes about ``day`` or later."""
    rows = RollCall.objects.filter(klass__in=list(classes), day__gte=day).select_related("klass", "taken_by")
    return rows.order_by("-day", "-received_at").first()


def first_free(classes: Iterable[int], today: date, place: Place) -> date:
    """The first day, from ``today`` on, about which none of these classes has taken its roll; a school day
    where the calendar knows one."""
    last = RollCall.objects.filter(klass__in=list(classes), day__gte=today).aggregate(last=Max("day"))["last"]
    if last is None:
        return today
    day: date = last + timedelta(days=1)
    calendar = calendar_of(place)
    for ahead in range(LOOK_AHEAD):
        if calendar.is_school_day(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    return day


def after_move(made: Enrolment, closed: Enrolment | None) -> RollCall | None:
    """A roll call taken over the rosters that a change of class made: from then on it cannot be undone."""
    rows = RollCall.objects.filter(klass=made.klass_id, roster_version__gte=made.entry_version)
    if closed is not None and closed.exit_version is not None:
        rows |= RollCall.objects.filter(klass=closed.klass_id, roster_version__gte=closed.exit_version)
    return rows.select_related("klass", "taken_by").order_by("received_at").first()
