"""A morning's roll calls of one school, in bulk: the same rows and facts as one by one, one entry of the chain
after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import transaction

from guixiao.facts import By, happenings
from guixiao.facts.codes import LeaveKind, Mark, Session
from guixiao.journal.append import Stated, append
from guixiao.rollcall.actions.taking import leave_fact, mark_fact
from guixiao.rollcall.models import Leave, RollCall, RollMark


@dataclass(frozen=True, slots=True)
class Morning:
    """One class on one day: its pupils by id, and who of them was missing without leave or ill."""

    klass: int
    teacher: int
    roster_version: int
    listed: int
    missing: Sequence[int]
    ill: Sequence[int]


def take_rolls(*, by: By, now: datetime, day: date, mornings: Sequence[Morning]) -> int:
    """Take the morning rolls of one school's classes. Returns how many entries that made."""
    with transaction.atomic():
        rolls = RollCall.objects.bulk_create(_roll(by, now, day, one) for one in mornings)
        marks = [_marks(roll, one) for roll, one in zip(rolls, mornings, strict=True)]
        leaves = [_leaves(by, now, roll, one) for roll, one in zip(rolls, mornings, strict=True)]
        RollMark.objects.bulk_create(mark for rows in marks for mark in rows)
        Leave.objects.bulk_create(leave for granted in leaves for leave in granted)
        stated = []
        for roll, rows, granted in zip(rolls, marks, leaves, strict=True):
            stated += [_told(roll, len(rows)), *(mark_fact(roll, row, now) for row in rows)]
            stated += [Stated(leave_fact(leave), records=[leave]) for leave in granted]
        return len(append(stated, by=by, now=now))


def _roll(by: By, now: datetime, day: date, one: Morning) -> RollCall:
    return RollCall(
        klass_id=one.klass,
        day=day,
        session=Session.MORNING.value,
        roster_version=one.roster_version,
        listed=one.listed,
        taken_by_id=one.teacher,
        post=by.post,
        device_time=now - timedelta(seconds=5),
        clock_offset=0,
        received_at=now,
        client_id=uuid4(),
    )


def _marks(roll: RollCall, one: Morning) -> list[RollMark]:
    missing = [RollMark(roll_call=roll, student_id=child, mark=Mark.NONE) for child in one.missing]
    return missing + [RollMark(roll_call=roll, student_id=child, mark=Mark.SICK) for child in one.ill]


def _leaves(by: By, now: datetime, roll: RollCall, one: Morning) -> list[Leave]:
    return [
        Leave(
            student_id=child,
            kind=LeaveKind.SICK,
            first=roll.day,
            last=roll.day,
            granted_last=roll.day,
            granted_by_id=one.teacher,
            post=by.post,
            granted_at=now,
            roll_call=roll,
        )
        for child in one.ill
    ]


def _told(roll: RollCall, absent: int) -> Stated:
    fact = happenings.RollCallTaken(
        class_id=roll.klass_id,
        day=roll.day,
        session=Session.MORNING,
        roster_version=roll.roster_version,
        present=roll.listed - absent,
        absent=absent,
        device_at=roll.device_time,
    )
    return Stated(fact, records=[roll])
