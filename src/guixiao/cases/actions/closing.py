"""Closing a case: a lawful reason, evidence, and a second person above the one who proposes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guixiao.cases import news
from guixiao.cases.checks import second_person, stands, still_open, written
from guixiao.cases.models import Case, Closing
from guixiao.cases.reasons import LAWFUL, NEVER, Reason
from guixiao.facts import By, happenings
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Stage
from guixiao.files import actions as files
from guixiao.files.intake import Intake
from guixiao.files.models import Purpose
from guixiao.journal.append import Stated, append
from guixiao.notify import actions as notify
from guixiao.people import actions as people
from guixiao.people.models import Assignment
from guixiao.people.roles import Role

from .moving import move


def propose_closing(
    *, by: By, now: datetime, case: Case, reason: str, text: str, evidence: Sequence[Intake]
) -> Closing:
    """Ask for a case to be closed. What is never a reason is refused with what to do instead."""
    still_open(case)
    if case.stage == Stage.CLOSING:
        raise ValidationError(_("已经提请销号，正在等核准。"))
    found = _lawful(reason)
    _check_ground(case, found)
    text = written(text, "text", _("请写清楚孩子现在在哪里、怎么核实的。"), 1000)
    if not evidence:
        raise ValidationError(
            {"evidence": _("请附证据：%(what)s。没有证据不能销号。") % {"what": found.evidence}}
        )
    with transaction.atomic():
        was, day = case.stage, day_of(now)
        moved = move(by=by, now=now, case=case, to=Stage.CLOSING, day=day)
        closing = Closing.objects.create(
            case=case,
            reason=found.code,
            text=text,
            was_stage=was,
            day=day,
            proposer=by.account,
            proposer_post=by.post,
        )
        stored = files.keep(
            by=by,
            now=now,
            student=case.student,
            purpose=Purpose.CLOSING_EVIDENCE,
            owner=closing.pk,
            intakes=evidence,
        )
        fact = happenings.ClosingProposed(student=case.student_id, case=case.pk, reason=found.code, day=day)
        notify.tell(by=by, now=now, messages=news.asked(closing, day))
        append([Stated(fact, records=[closing]), moved, *stored], by=by, now=now)
    return closing


def close(*, by: By, now: datetime, case: Case, answer: str) -> Case:
    """Agree to a proposal: the case is closed and those assigned to it are released."""
    closing = _waiting(case)
    second_person(by, closing.proposer, closing.proposer_post)
    answer = written(answer, "answer", _("请写核实了什么、凭什么同意。"), 500)
    _check_ground(case, _lawful(closing.reason), closing.was_stage)
    with transaction.atomic():
        day = day_of(now)
        _decide(closing, by, now, agreed=True, answer=answer)
        moved = move(
            by=by, now=now, case=case, to=Stage.CLOSED, day=day, closed_at=now, closed_reason=closing.reason
        )
        for assignment in Assignment.objects.filter(student=case.student_id, role=Role.CASE, last=None):
            last = max(assignment.first, day)
            people.end_assignment(by=by, now=now, assignment=assignment, last=last)
        notify.tell(by=by, now=now, messages=news.answered(closing))
        fact = happenings.CaseClosed(student=case.student_id, case=case.pk, reason=closing.reason, day=day)
        append([Stated(fact, records=[closing]), moved], by=by, now=now)
    return case


def refuse_closing(*, by: By, now: datetime, case: Case, answer: str) -> Case:
    """Send a proposal back with a reason: the case stands where it stood."""
    closing = _waiting(case)
    second_person(by, closing.proposer, closing.proposer_post)
    answer = written(answer, "answer", _("请写为什么退回、还缺什么。"), 500)
    with transaction.atomic():
        day = day_of(now)
        _decide(closing, by, now, agreed=False, answer=answer)
        moved = move(by=by, now=now, case=case, to=Stage(closing.was_stage), day=day, reason=answer)
        notify.tell(by=by, now=now, messages=news.answered(closing))
        fact = happenings.ClosingRefused(student=case.student_id, case=case.pk, day=day)
        append([Stated(fact, records=[closing]), moved], by=by, now=now)
    return case


def _lawful(code: str) -> Reason:
    banned = NEVER.get(code)
    if banned is not None:
        raise ValidationError(
            {
                "reason": _("“%(what)s”不能销号。%(instead)s")
                % {"what": banned.title, "instead": banned.instead}
            }
        )
    found = LAWFUL.get(code)
    if found is None:
        raise ValidationError({"reason": _("请从表里选一个销号理由。")})
    return found


def _check_ground(case: Case, reason: Reason, stage: str | None = None) -> None:
    stage = stage or case.stage
    if reason.stages and stage not in reason.stages:
        raise ValidationError(
            {
                "reason": stands(case)
                + _("按“%(why)s”销号，要先登记返校，点名到校以后再提。") % {"why": reason.title}
            }
        )
    if reason.status and case.student.status not in reason.status:
        raise ValidationError(
            {
                "reason": _("孩子的学籍还是“%(status)s”。请先恢复在校，点名到校以后再提。")
                % {"status": case.student.get_status_display()}
            }
        )


def _waiting(case: Case) -> Closing:
    closing = case.closings.filter(decided_day=None).first()
    if closing is None or case.stage != Stage.CLOSING:
        raise ValidationError(stands(case) + _("没有等核准的销号。请先提请销号。"))
    return closing


def _decide(closing: Closing, by: By, now: datetime, *, agreed: bool, answer: str) -> None:
    moved = Closing.objects.filter(pk=closing.pk, decided_day=None).update(
        decided_day=day_of(now), decider=by.account, decider_post=by.post, agreed=agreed, answer=answer
    )
    if not moved:
        raise ValidationError(_("这个个案刚被别人改过。请重新打开，看过再做。"))
    closing.refresh_from_db()
