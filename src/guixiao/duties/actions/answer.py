"""What people do about duties: report, remind, waive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from guixiao.duties.messages import REMINDED, WAIVED, doers, message, told
from guixiao.duties.models import Duty, Kind, Part, ReportDone, State, Turn, Waiver
from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of, local
from guixiao.facts.posts import POSTS, outranks
from guixiao.journal.append import Stated, already, append
from guixiao.notify import actions as notify
from guixiao.notify.models import Kind as Notice
from guixiao.notify.queries import said


def report(
    *,
    by: By,
    now: datetime,
    duty: Duty,
    person: int | None,
    to: Sequence[str],
    at: datetime,
    how: str,
    words: str = "",
    client_id: UUID | None = None,
) -> ReportDone:
    """Record that somebody reported, notified or registered: to which posts, when, how; of a child or of a school.

    Raises ``ValidationError`` when nothing is left to report, nobody was told, or the time lies ahead. A second
    submission with the same ``client_id`` returns the first record.
    """
    if client_id is not None and already(client_id) is not None:
        return ReportDone.objects.filter(duty=duty).latest("pk")
    about_place = duty.kind in (Kind.CLASS, Kind.SCHOOL)
    if not (duty.student_id or about_place) or not duty.demanded:
        raise ValidationError(_("这件事已经办结，不用再报告。请回到待办看最新的。"))
    if not to or any(post not in POSTS for post in to):
        raise ValidationError(_("请选报告给了谁。"))
    if at > now:
        raise ValidationError(_("报告的时间还没到。请填实际报告的时间。"))
    with transaction.atomic():
        row = ReportDone.objects.create(
            duty=duty, person_id=person, post=by.post, to=list(to), at=at, how=how, words=words
        )
        fact = happenings.Reported(
            student=duty.student_id,
            act=duty.act,
            day=day_of(at),
            to=tuple(to),
            duty=duty.pk,
            place=duty.place_id if about_place else None,
            period=duty.episode if about_place else None,
        )
        append([Stated(fact, at=at, records=[row])], by=by, now=now, client_id=client_id)
    return row


def remind(*, by: By, now: datetime, duty: Duty) -> int:
    """Remind the holder and those who go along; at most once an hour. Returns how many were told."""
    people = doers(duty)
    if not duty.demanded or not people:
        raise ValidationError(_("这件事已经办结，或没有人在岗，不用提醒。"))
    hour = f"reminded:{local(now):%Y-%m-%dT%H}"
    with transaction.atomic():
        messages = [message(duty, person, Notice.REMINDED, REMINDED, hour) for person in people]
        if len(said(one.key for one in messages)) == len(messages):
            return 0
        notify.tell(by=by, now=now, messages=messages)
        facts = [Stated(happenings.Reminded(duty=duty.pk, person=person)) for person in people]
        append(facts, by=by, now=now)
    return len(people)


def waive(*, by: By, now: datetime, duty: Duty, person: int | None, reason: str) -> Waiver:
    """Say that a duty need not be done. Only a post above the accountable one may, with a reason.

    Raises ``ValidationError`` without a reason, when the duty has ended, or from a post that is not above.
    """
    if len(reason.strip()) < 4:
        raise ValidationError(_("请写明为什么可以不办，至少四个字。"))
    if duty.post in POSTS and (by.post not in POSTS or not outranks(by.post, duty.post)):
        raise ValidationError(_("豁免要由职务更高的人来定，请报上一级。"))
    with transaction.atomic():
        changed = Duty.objects.filter(pk=duty.pk, demanded=True).update(
            state=State.WAIVED, demanded=False, ended_at=now, look_at=None
        )
        if not changed:
            raise ValidationError(_("这件事已经办结，不用豁免。请刷新再看。"))
        Turn.objects.filter(kind=duty.kind, subject=duty.subject).update(number=F("number") + 1)
        Part.objects.filter(duty=duty).delete()
        duty.refresh_from_db()
        row = Waiver.objects.create(duty=duty, person_id=person, post=by.post, reason=reason.strip(), at=now)
        people = told([duty]).get(duty.merge_key, set()) | set(doers(duty))
        notify.tell(
            by=by,
            now=now,
            messages=[
                message(duty, one, Notice.WAIVED, WAIVED, f"waived:{duty.pk}") for one in sorted(people)
            ],
        )
        fact = happenings.DutyWaived(duty=duty.pk, student=duty.student_id)
        append([Stated(fact, records=[duty, row])], by=by, now=now)
    return row


def exported(*, by: By, now: datetime, what: str, rows: int) -> None:
    """A list was taken away as a file."""
    with transaction.atomic():
        append([Stated(happenings.Exported(what=what, rows=rows))], by=by, now=now, looks=True)
