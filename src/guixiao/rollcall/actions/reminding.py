"""Asking for a roll call that is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from guixiao.facts import By, happenings
from guixiao.facts.clock import whole_second
from guixiao.facts.codes import Session
from guixiao.journal.append import Stated, append
from guixiao.places.models import Place
from guixiao.rollcall.models import RollReminder
from guixiao.rollcall.queries.who import class_teachers, person_of

AGAIN_AFTER = timedelta(minutes=10)


def remind(
    *, by: By, now: datetime, klasses: Iterable[Place], day: date, session: Session
) -> list[RollReminder]:
    """Remind the class teachers of these classes. A class reminded within ten minutes is left in peace."""
    wanted = list(klasses)
    with transaction.atomic():
        fresh = RollReminder.objects.filter(day=day, session=session, at__gt=now - AGAIN_AFTER)
        rested = set(fresh.values_list("klass_id", flat=True))
        asked = [klass for klass in wanted if klass.pk not in rested]
        teachers = class_teachers([klass.pk for klass in asked], day)
        person = person_of(by)
        rows = RollReminder.objects.bulk_create(
            RollReminder(
                klass=klass, day=day, session=session, person_id=person, post=by.post, at=whole_second(now)
            )
            for klass in asked
        )
        stated = [
            Stated(
                happenings.RollCallReminded(
                    class_id=row.klass_id,
                    day=day,
                    session=session,
                    people=tuple(holder.person_id for holder in teachers.get(row.klass_id, [])),
                ),
                records=[row],
            )
            for row in rows
        ]
        append(stated, by=by, now=now)
    return rows
