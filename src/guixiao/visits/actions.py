"""Every write to visits and reports of harm."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guixiao.facts import By, Fact, happenings
from guixiao.facts.clock import at, day_of
from guixiao.facts.codes import Means, Outcome
from guixiao.facts.posts import outranks
from guixiao.files import actions as files
from guixiao.files.intake import Intake
from guixiao.files.models import Purpose
from guixiao.journal.append import Stated, append
from guixiao.notify import actions as notify
from guixiao.notify.models import Kind
from guixiao.people.models import Student

from . import before
from .companions import InPost, choices, resolved
from .content import Companion, Content, check
from .models import HarmReport, Visit, VisitVersion, Went
from .words import AT_HOME, HARM_READERS, TOLD, Harm

HARM_NEWS = gettext_noop("有一条未成年人受侵害的报告，请马上看，马上报告公安、民政。")


def record(
    *,
    by: By,
    now: datetime,
    student: Student,
    means: Means,
    purpose: str,
    outcome: Outcome,
    day: date,
    went: Sequence[Companion | InPost],
    client_id: UUID,
    content: Content = Content(),
    photos: Sequence[Intake] = (),
) -> Visit:
    """Record a contact or visit. Handing in the same ``client_id`` again returns what was recorded then.

    Raises ``ValidationError`` with a message for each field that is wrong.
    """
    earlier = Visit.objects.filter(client_id=client_id).first()
    if earlier is not None:
        return _same(earlier, student, by)
    check(student=student, means=means, purpose=purpose, outcome=outcome, day=day, content=content, now=now)
    people = resolved(went, day)
    visit = Visit(
        student=student,
        means=means,
        outcome=outcome,
        purpose=purpose.strip(),
        day=day,
        before=before.snapshot(student, now),
        client_id=client_id,
        author=by.account,
        author_post=by.post,
        recorded_at=now,
        **_columns(content),
    )
    try:
        return _write(visit, people, photos, by, now)
    except IntegrityError:  # the same submission arrived twice at once
        earlier = Visit.objects.filter(client_id=client_id).first()
        if earlier is None:
            raise
        return _same(earlier, student, by)


def _write(
    visit: Visit, people: Sequence[Companion], photos: Sequence[Intake], by: By, now: datetime
) -> Visit:
    with transaction.atomic():
        visit.save(force_insert=True)
        rows = [Went.objects.create(visit=visit, **_person(one)) for one in people]
        stored = files.keep(
            by=by, now=now, student=visit.student, purpose=Purpose.VISIT_PHOTO, owner=visit.pk, intakes=photos
        )
        fact = Stated(_fact(visit, people), at=_moment(visit, now), records=[visit, *rows])
        append([fact, *stored], by=by, now=now, client_id=visit.client_id)
    return visit


def correct(
    *,
    by: By,
    now: datetime,
    visit: Visit,
    why: str,
    means: Means,
    purpose: str,
    outcome: Outcome,
    day: date,
    went: Sequence[Companion],
    content: Content,
    version: int,
) -> Visit:
    """Put a record right; how it read before is kept. Its author may, or a post above the author's."""
    _check_correction(by, visit, why, version)
    check(
        student=visit.student,
        means=means,
        purpose=purpose,
        outcome=outcome,
        day=day,
        content=content,
        now=now,
    )
    people = resolved(went, day)
    with transaction.atomic():
        old_rows = list(visit.went.order_by("pk"))
        old = _fact(visit, [_companion(row) for row in old_rows])
        kept = VisitVersion.objects.create(
            visit=visit,
            version=visit.version,
            text=_as_text(visit),
            why=why.strip(),
            author=by.account,
            at=now,
        )
        values = {**_columns(content), "device_time": visit.device_time}
        moved = Visit.objects.filter(pk=visit.pk, version=version).update(
            means=means, outcome=outcome, purpose=purpose.strip(), day=day, version=version + 1, **values
        )
        if not moved:
            raise ValidationError(_("这条记录刚被别人改过。请重新打开，看过再改。"))
        visit.refresh_from_db()
        gone = [("visits.Went", row.pk) for row in old_rows]
        visit.went.all().delete()
        rows = [Went.objects.create(visit=visit, **_person(one)) for one in people]
        new = _fact(visit, people)
        fact = happenings.VisitCorrected(student=visit.student_id, visit=visit.pk, judged=new != old)
        stated = [Stated(fact, records=[visit, kept, *rows], gone=gone)]
        if new != old:
            stated.append(Stated(new, at=_moment(visit, now)))
        append(stated, by=by, now=now)
    return visit


def report_harm(
    *,
    by: By,
    now: datetime,
    student: Student,
    kind: Harm,
    account: str,
    told: Sequence[str],
    told_how: str,
    client_id: UUID,
) -> HarmReport:
    """Record that harm to a child was found and who was told of it (未成年人保护法 §11)."""
    earlier = HarmReport.objects.filter(client_id=client_id, author=by.account).first()
    if earlier is not None:
        return earlier
    wrong: dict[str, str] = {}
    if not account.strip():
        wrong["account"] = _("请写下看到或听到的事实，不用等查清。")
    if len(account) > 4000 or len(told_how) > 500:
        wrong["account"] = _("写得太长了，请写要点（4000 字以内）。")
    if set(told) - set(TOLD):
        wrong["told"] = _("选的部门不在表里，请刷新页面再选。")
    if wrong:
        raise ValidationError(wrong)
    with transaction.atomic():
        row = HarmReport.objects.create(
            student=student,
            kind=kind,
            account=account.strip(),
            told=sorted(set(told)),
            told_how=told_how.strip(),
            client_id=client_id,
            author=by.account,
            author_post=by.post,
            at=now,
        )
        fact = happenings.Reported(
            student=student.pk, act="harm", day=day_of(now), to=tuple(sorted(set(told)))
        )
        notify.tell(by=by, now=now, messages=_alarm(row, now))
        append([Stated(fact, records=[row])], by=by, now=now, client_id=client_id)
    return row


def _alarm(report: HarmReport, now: datetime) -> list[notify.Message]:
    """The principal and the county's education section hear of it at once, without a name."""
    readers = [one for one in choices(report.student, day_of(now)) if one.post in HARM_READERS]
    return [
        notify.Message(
            person=one.person_id,
            kind=Kind.REMINDED,
            text=HARM_NEWS,
            url=reverse("visits:harm", args=[report.student_id]),
            student=report.student_id,
            key=f"harm-{report.pk}-{one.person_id}",
        )
        for one in readers
    ]


def _same(earlier: Visit, student: Student, by: By) -> Visit:
    if earlier.student_id != student.pk or earlier.author != by.account:
        raise ValidationError(_("这次提交的编号已经用过。请重新打开页面再交。"))
    return earlier


def _check_correction(by: By, visit: Visit, why: str, version: int) -> None:
    if by.account != visit.author and not outranks(by.post, visit.author_post):
        raise ValidationError(_("只有记录的人或他的上级能更正。请联系记录的人。"))
    if not why.strip():
        raise ValidationError({"why": _("请写为什么更正。")})
    if len(why) > 200:
        raise ValidationError({"why": _("最多写 200 个字，请写短一点。")})
    if visit.version != version:
        raise ValidationError(_("这条记录刚被别人改过。请重新打开，看过再改。"))


def _columns(content: Content) -> dict[str, Any]:
    return {
        "started": content.started,
        "appointment": content.appointment.strip(),
        "prepared": content.prepared.strip(),
        "place": content.place.strip(),
        "met": list(content.met),
        "child_words": content.child_words.strip(),
        "child_absent_why": content.child_absent_why.strip(),
        "guardian_words": content.guardian_words.strip(),
        "contents": _json({code: text.strip() for code, text in content.contents.items()}),
        "causes": list(content.causes),
        "next_step": content.next_step.strip(),
        "next_day": content.next_day,
        "device_time": content.device_time,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _person(one: Companion) -> dict[str, Any]:
    return {"person_id": one.person_id, "post": one.post, "name": one.name, "role": one.role}


def _companion(row: Went) -> Companion:
    return Companion(row.person_id, row.post, row.name, row.role)


def _fact(visit: Visit, people: Sequence[Companion]) -> Fact:
    means, outcome = Means(visit.means), Outcome(visit.outcome)
    posts = tuple(sorted({one.post for one in people if one.post}))
    if means not in AT_HOME:
        return happenings.ContactMade(
            student=visit.student_id, visit=visit.pk, day=visit.day, means=means, outcome=outcome, posts=posts
        )
    return happenings.HomeVisitMade(
        student=visit.student_id,
        visit=visit.pk,
        day=visit.day,
        means=means,
        outcome=outcome,
        posts=posts,
        people=tuple(sorted({one.person_id for one in people if one.person_id})),
        contents=tuple(sorted(code for code, text in json.loads(visit.contents).items() if text)),
    )


def _moment(visit: Visit, now: datetime) -> datetime:
    """When it happened: the time of arrival; else now for today and noon for an earlier day."""
    if visit.started is not None:
        return visit.started
    return now if visit.day == day_of(now) else at(visit.day, 12)


def _as_text(visit: Visit) -> str:
    people = [[row.name, row.post, row.role] for row in visit.went.order_by("pk")]
    return _json({**visit.canonical(), "went": people})
