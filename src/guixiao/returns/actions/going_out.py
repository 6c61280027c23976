"""What leaves the page: reminders to whoever must sign, and exports."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.journal.append import Stated, append
from guixiao.notify.actions import Message, tell
from guixiao.notify.models import Kind
from guixiao.returns.models import MonthlyReturn
from guixiao.returns.who import Seat


def remind(*, by: By, now: datetime, report: MonthlyReturn, seats: list[Seat]) -> int:
    """Ask those whose signature is missing, each at most once a day. Returns how many were asked."""
    people = sorted({seat.person for seat in seats})
    if not people:
        return 0
    with transaction.atomic():
        messages = [
            Message(
                person=person,
                kind=Kind.REMINDED,
                text=gettext_noop("%(period)s的控辍保学月报等你签核，请尽快办理。"),
                params={"period": report.period},
                url=reverse("returns:show", args=[report.pk]),
                place=report.school_id,
                key=f"return-{report.pk}-{report.state}-{person}-{day_of(now)}",
            )
            for person in people
        ]
        tell(by=by, now=now, messages=messages)
        fact = happenings.ReturnReminded(
            report=report.pk, school=report.school_id, period=report.period, people=tuple(people)
        )
        append([Stated(fact)], by=by, now=now)
    return len(people)


def exported(*, by: By, now: datetime, what: str, rows: int) -> None:
    """Record that a return went out as a file, and how many children it names."""
    with transaction.atomic():
        append([Stated(happenings.Exported(what=what, rows=rows))], by=by, now=now)
