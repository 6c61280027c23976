"""Asking for a roll call that is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from guixiao.facts import By, happenings
from guixiao.facts.clock import whole_second
from guixiao.facts.codes import Session
from guixiao.journal.append import Stated, append
from guixiao.notify import actions as notify
from guixiao.notify.models import Kind
from guixiao.places.models import Holding, Place
from guixiao.rollcall.models import RollCall, RollReminder
from guixiao.rollcall.queries.who import class_teachers, person_of

AGAIN_AFTER = timedelta(minutes=10)
ASKED = gettext_noop("%(klass)s %(month)s月%(day)s日的点名还没报，请现在就报。")


def remind(
    *, by: By, now: datetime, klasses: Iterable[Place], day: date, session: Session
) -> list[RollReminder]:
    """Remind the class teachers of these classes. A class that has reported meanwhile, or was reminded
    within ten minutes, is left in peace."""
    with transaction.atomic():
        asked = _to_ask(list(klasses), now, day, session)
        teachers = class_teachers([klass.pk for klass in asked], day)
        person = person_of(by)
        rows = RollReminder.objects.bulk_create(
            RollReminder(
                klass=klass, day=day, session=session, person_id=person, post=by.post, at=whole_second(now)
            )
            for klass in asked
        )
        messages = [_message(row, holder) for row in rows for holder in teachers.get(row.klass_id, [])]
        notify.tell(by=by, now=now, messages=messages)
        append([_stated(row, teachers.get(row.klass_id, [])) for row in rows], by=by, now=now)
    return rows


def _to_ask(klasses: list[Place], now: datetime, day: date, session: Session) -> list[Place]:
    there = RollCall.objects.filter(day=day, session=session, klass__in=klasses)
    fresh = RollReminder.objects.filter(day=day, session=session, at__gt=now - AGAIN_AFTER)
    rested = {*there.values_list("klass_id", flat=True), *fresh.values_list("klass_id", flat=True)}
    return [klass for klass in klasses if klass.pk not in rested]


def _stated(row: RollReminder, teachers: Iterable[Holding]) -> Stated:
    fact = happenings.RollCallReminded(
        class_id=row.klass_id,
        day=row.day,
        session=Session(row.session),
        people=tuple(holder.person_id for holder in teachers),
    )
    return Stated(fact, records=[row])


def _message(row: RollReminder, teacher: Holding) -> notify.Message:
    return notify.Message(
        person=teacher.person_id,
        kind=Kind.ROLL_CALL,
        text=ASKED,
        params={"klass": row.klass.name, "month": row.day.month, "day": row.day.day},
        url=f"{reverse('rollcall:take', args=[row.klass_id])}?day={row.day}&session={row.session}",
        place=row.klass_id,
        key=f"roll-{row.pk}-{teacher.person_id}",
    )
