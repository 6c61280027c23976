"""Leave: granted, ended early. And the statement that a child is back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of, whole_second
from guixiao.facts.codes import LeaveKind
from guixiao.facts.posts import POSTS
from guixiao.journal.append import Stated, append
from guixiao.people.models import Status, Student
from guixiao.places.wording import title_of
from guixiao.rollcall.models import Leave
from guixiao.rollcall.queries.who import person_of
from guixiao.rollcall.rules import check_period, spoken

from .taking import leave_fact


def grant_leave(
    *,
    by: By,
    now: datetime,
    student: Student,
    kind: LeaveKind,
    first: date,
    last: date,
    reason: str = "",
    highest_notified: str | None = None,
    client_id: UUID | None = None,
) -> Leave:
    """Grant leave from today on. From an earlier day only a post may that stands at least as high as
    ``highest_notified`` (:func:`queries.who.highest_notified`), else ``ValidationError``."""
    check_period(first, last)
    back = first < day_of(now)
    if back:
        _check_backdating(by, highest_notified, first)
    if student.status != Status.ENROLLED:
        raise ValidationError({"student": _("%(who)s现在不在校，不用请假。") % {"who": student.name}})
    with transaction.atomic():
        Student.objects.select_for_update(no_key=True).get(
            pk=student.pk
        )  # one who grants a child leave at a time
        repeated = Leave.objects.filter(client_id=client_id, student=student).first() if client_id else None
        if repeated is not None:
            return repeated
        _check_overlap(student, first, last)
        leave = Leave.objects.create(
            student=student,
            kind=kind,
            first=first,
            last=last,
            granted_last=last,
            reason=reason.strip(),
            granted_by_id=person_of(by),
            post=by.post,
            granted_at=whole_second(now),
            backdated_by=by.post if back else "",
            client_id=client_id,
        )
        append([Stated(leave_fact(leave), records=[leave])], by=by, now=now, client_id=client_id)
    return leave


def _check_backdating(by: By, highest_notified: str | None, first: date) -> None:
    if highest_notified is None or by.post not in POSTS:
        return
    if POSTS[by.post].rank < POSTS[highest_notified].rank:
        raise ValidationError(
            {
                "first": _("%(day)s缺课的事已经报到%(post)s，补这天的假要由%(post)s或更上面的人来办。")
                % {"day": spoken(first), "post": title_of(highest_notified)}
            }
        )


def _check_overlap(student: Student, first: date, last: date) -> None:
    held = Leave.objects.filter(student=student, first__lte=first, last__gte=last).first()
    if held is not None:
        raise ValidationError(
            {
                "first": _("这几天已经准过假（%(first)s 到 %(last)s），不用再准。")
                % {"first": spoken(held.first), "last": spoken(held.last)}
            }
        )


def end_leave(*, by: By, now: datetime, leave: Leave, last: date) -> Leave:
    """End leave early: ``last`` is its new last day, yesterday at the earliest (days gone stay as they were),
    the day before its first day when it has not begun."""
    earliest = max(leave.first, day_of(now)) - timedelta(days=1)
    if not earliest <= last < leave.last:
        raise ValidationError(
            {
                "last": _("新的最后一天要在 %(first)s 到 %(last)s 之间。")
                % {"first": spoken(earliest), "last": spoken(leave.last - timedelta(days=1))}
                if earliest < leave.last
                else _("这次请假已经结束，不用销假。")
            }
        )
    with transaction.atomic():
        changed = Leave.objects.filter(pk=leave.pk, last=leave.last).update(
            last=last, ended_at=whole_second(now)
        )
        if not changed:
            raise ValidationError({"last": _("这次请假刚被别人改过，请重新打开再看。")})
        leave.refresh_from_db()
        fact = happenings.LeaveEnded(student=leave.student_id, leave=leave.pk, last=last)
        append([Stated(fact, records=[leave])], by=by, now=now)
    return leave


def state_returned(*, by: By, now: datetime, student: Student, day: date) -> None:
    """Say that a child is back: a statement until a roll call agrees (policy.md, semantics 4)."""
    if day > day_of(now):
        raise ValidationError({"day": _("返校的日子还没到，请填今天或以前的一天。")})
    with transaction.atomic():
        append([Stated(happenings.Returned(student=student.pk, day=day))], by=by, now=now)
