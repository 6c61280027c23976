"""After the roll: a child arrives, a mark was false, a child the roster did not list yet is marked by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of, whole_second
from guixiao.facts.codes import FalseMark, Mark, Session
from guixiao.journal.append import Stated, already, append
from guixiao.people.models import Student
from guixiao.rollcall.models import AWAY, Leave, MarkChange, RollCall, RollMark
from guixiao.rollcall.queries.rolls import mark_of, unlisted
from guixiao.rollcall.queries.who import person_of
from guixiao.rollcall.rules import ON_LEAVE, Stale, late_days

from .taking import mark_fact


def arrived(
    *,
    by: By,
    now: datetime,
    roll_call: RollCall,
    student: Student,
    arrived_at: datetime,
    client_id: UUID | None = None,
) -> RollMark:
    """A child marked absent came after the roll: present from then, and the absence before it stays.

    Raises ``ValidationError`` for a child that was there, a moment on another day or to come, and
    :class:`Stale` when the child has been marked as arrived meanwhile.
    """
    _check_arrival(roll_call, arrived_at, now)
    with transaction.atomic():
        _lock(roll_call)
        row = RollMark.objects.filter(roll_call=roll_call, student=student).first()
        if client_id is not None and already(client_id) and row is not None:
            return row
        if row is None or row.mark not in AWAY:
            raise ValidationError({"student": _("%(who)s点名时在校，不用记到校。") % {"who": student.name}})
        if not RollMark.objects.filter(pk=row.pk, arrived_at=None).update(
            arrived_at=whole_second(arrived_at)
        ):
            raise Stale(_("%(who)s到校已经记过了。") % {"who": student.name})
        row.refresh_from_db()
        change = _trace(by, now, row, was=row.mark, became=Mark.LATE)
        fact = happenings.ArrivedLate(
            student=student.pk,
            class_id=roll_call.klass_id,
            day=roll_call.day,
            session=Session(roll_call.session),
            arrived_at=whole_second(arrived_at),
        )
        append([Stated(fact, at=arrived_at, records=[row, change])], by=by, now=now, client_id=client_id)
    return row


def _check_arrival(roll_call: RollCall, arrived_at: datetime, now: datetime) -> None:
    if arrived_at > now:
        raise ValidationError({"arrived_at": _("到校时间还没到，请改成已经过去的时间。")})
    if day_of(arrived_at) != roll_call.day:
        raise ValidationError({"arrived_at": _("到校时间要在点名那一天。")})
    if day_of(now) - roll_call.day > timedelta(days=late_days()):
        raise ValidationError({"arrived_at": _("过去超过 %(n)s 天，不能再记到校。") % {"n": late_days()}})


def correct(
    *,
    by: By,
    now: datetime,
    roll_call: RollCall,
    student: Student,
    mark: Mark,
    why: FalseMark,
    was: Mark | None = None,
    client_id: UUID | None = None,
) -> RollMark:
    """Replace a mark that was false. The old one stays in the trace and in the chain.

    An unexcused absence does not become leave here: leave is granted, and backdated by those entitled to.
    ``was`` is the mark the page showed; :class:`Stale` when it is another by now.
    """
    with transaction.atomic():
        _lock(roll_call)
        old, row = mark_of(roll_call, student)
        if client_id is not None and already(client_id) and row is not None:
            return row
        _check_correction(student, old, mark, was)
        row = _replace(roll_call, student, row, old, mark)
        change = _trace(by, now, row, was=old, became=mark, why=why)
        fact = happenings.MarkCorrected(
            student=student.pk,
            class_id=roll_call.klass_id,
            day=roll_call.day,
            session=Session(roll_call.session),
            was=old,
            now=mark,
            why=why,
        )
        stated = [Stated(fact, records=[row, change]), *_withdraw_leave(now, roll_call, student)]
        append(stated, by=by, now=now, client_id=client_id)
    return row


def _check_correction(student: Student, old: Mark, mark: Mark, was: Mark | None) -> None:
    if was is not None and was is not old:
        raise Stale(_("%(who)s的点名刚被别人改过，请看一遍再改。") % {"who": student.name})
    if mark is old:
        raise ValidationError({"mark": _("和原来一样，没有要改的。")})
    if mark in ON_LEAVE:
        raise ValidationError(
            {"mark": _("点名不能改成请假：更正只改点错的。请到“请假”里准假，补以前的假要教导处以上。")}
        )


def _replace(roll_call: RollCall, student: Student, row: RollMark | None, old: Mark, mark: Mark) -> RollMark:
    if row is None:
        return RollMark.objects.create(roll_call=roll_call, student=student, mark=mark)
    if not RollMark.objects.filter(pk=row.pk, mark=old).update(mark=mark, arrived_at=None):
        raise Stale(_("%(who)s的点名刚被别人改过，请看一遍再改。") % {"who": student.name})
    row.refresh_from_db()
    return row


def _withdraw_leave(now: datetime, roll_call: RollCall, student: Student) -> list[Stated]:
    """Leave that only the false mark had granted falls with it."""
    stated = []
    for leave in Leave.objects.filter(roll_call=roll_call, student=student, ended_at=None):
        leave.last, leave.ended_at = leave.first - timedelta(days=1), whole_second(now)
        leave.save(update_fields=["last", "ended_at"])
        fact = happenings.LeaveEnded(student=student.pk, leave=leave.pk, last=leave.last)
        stated.append(Stated(fact, records=[leave]))
    return stated


def add_missing(
    *,
    by: By,
    now: datetime,
    roll_call: RollCall,
    marks: Mapping[int, Mark],
    client_id: UUID | None = None,
) -> list[RollMark]:
    """Mark by name the children who joined the class after the roster this roll call saw: until then nobody
    knows whether they were there. Leave for them is granted apart (:func:`grant_leave`)."""
    with transaction.atomic():
        taken = _lock(roll_call)
        if client_id is not None and already(client_id):
            return list(RollMark.objects.filter(roll_call=taken, added=True))
        missing = {child.pk for child in unlisted(taken)}
        strangers = set(marks) - missing
        if strangers or not marks:
            raise ValidationError(
                {
                    f"mark-{child}": _("这个孩子已经点过，或者不在这个班。请重新打开回执。")
                    for child in strangers
                }
                or {"marks": _("请先选每个孩子到没到。")}
            )
        at = whole_second(now)
        rows = RollMark.objects.bulk_create(
            RollMark(
                roll_call=taken,
                student_id=child,
                mark=mark,
                added=True,
                arrived_at=at if mark is Mark.LATE else None,
            )
            for child, mark in sorted(marks.items())
        )
        changes = [_trace(by, now, row, was="", became=Mark(row.mark)) for row in rows]
        stated = [mark_fact(taken, row, at) for row in rows]
        stated[0] = Stated(stated[0].fact, at=at, records=[rows[0], *changes])
        append(stated, by=by, now=now, client_id=client_id)
    return rows


def _trace(
    by: By, now: datetime, row: RollMark, *, was: str, became: Mark, why: FalseMark | None = None
) -> MarkChange:
    return MarkChange.objects.create(
        mark=row,
        was=was,
        became=became,
        why=why or "",
        person_id=person_of(by),
        post=by.post,
        at=whole_second(now),
    )


def _lock(roll_call: RollCall) -> RollCall:
    """One writer a roll call at a time."""
    return RollCall.objects.select_for_update(no_key=True).get(pk=roll_call.pk)
